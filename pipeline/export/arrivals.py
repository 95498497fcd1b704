"""Sổ đăng ký văn bản đến: the book of what came in, in the columns of the decree.

Source: Decree 30/2020/NĐ-CP art. 22 and annex IV. What the register does not know (who received it, the day on which it
was passed on, the signature) is left blank, to be filled in by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pipeline.export.cells import Heading, columns, day_cell, linked, number_words, sentence
from pipeline.export.forms import printed
from pipeline.export.sheet import Group, Row, Sheet
from pipeline.followup.settings import Settings
from pipeline.output import day
from pipeline.register import Register, TaskFilter
from pipeline.register.booking import entered, not_entered
from pipeline.register.connection import Row as Letter

_COLUMNS: tuple[Heading, ...] = (
    ("day", "day", 11, None),
    ("arrival", "serial", 7, None),
    ("issuer", "text", 20, None),
    ("number", "text", 19, None),
    ("issued_on", "day", 11, None),
    ("subject", "text", 40, None),
    ("receiver", "text", 15, None),
    ("passed_on", "day", 11, None),
    ("signature", "text", 9, None),
    ("notes", "text", 10, None),
)


def arrivals(
    register: Register, wanted: TaskFilter, settings: Settings, *, as_of: date, year: int | None = None
) -> Sheet:
    """The book of one year, or of all years one after the other, up to a day. Letters of that year without a number of
    arrival follow at its end: the clerk sees what is still to be entered."""
    letters = book_letters(register, wanted, settings, as_of=as_of, year=year)
    return Sheet(
        name=printed("arrivals.name"),
        title=printed("arrivals.title"),
        columns=columns("arrivals", _COLUMNS),
        rows=(one if isinstance(one, Group) else _row(one) for one in letters),
        above=book_lines(as_of, year),
        numbered=True,
    )


def book_letters(
    register: Register, wanted: TaskFilter, settings: Settings, *, as_of: date, year: int | None
) -> Iterator[Letter | Group]:
    """The letters of a book in its order, with a line over each year where there may be several."""
    until, policy, last = as_of.isoformat(), settings.before, year
    for letter in entered(register, wanted, as_of=until, policy=policy, year=year):
        if letter["year"] != last:
            yield Group(printed("arrivals.year", year=letter["year"]))
            last = letter["year"]
        yield letter
    own = settings.agency or settings.letterhead.name
    rest = not_entered(register, wanted, as_of=until, policy=policy, year=year, own=own)
    for number, letter in enumerate(rest):
        if not number:
            yield Group(printed("arrivals.not_entered"))
        yield letter


def book_lines(as_of: date, year: int | None) -> list[str]:
    """What stands under the title of a book."""
    lines = [printed("arrivals.year", year=year)] if year else []
    return [*lines, printed("arrivals.as_of", day=day(as_of.isoformat()))]


def _row(letter: Letter) -> Row:
    return (
        day_cell(letter["day"]),
        letter["arrival"],
        letter["issuer"],
        linked(number_words(letter), letter["path"]),
        day_cell(letter["issued_on"]),
        _about(letter),
        None,
        None,
        None,
        sentence(letter["urgency"] or "") or None,
    )


def _about(letter: Letter) -> str | None:
    """Tên loại và trích yếu; what is not printed is left out."""
    kind, subject = letter["type"], letter["subject"]
    if not (kind and subject):
        return sentence(subject or kind or "") or None
    code = "letter_about" if kind == printed("wording.letter_type") else "about"
    return sentence(printed(f"arrivals.{code}", type=kind, subject=subject))
