"""Sổ theo dõi giải quyết văn bản đến: what became of each letter that came in, in the columns of the decree.

Source: Decree 30/2020/NĐ-CP art. 24 and annex IV. A letter has one line whatever duties it gives; a register that
has an agency shows that agency's own, any other those of all bodies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain, islice

from pipeline.export.arrivals import book_letters, book_lines
from pipeline.export.cells import Heading, columns, few, linked, sentence
from pipeline.export.forms import printed
from pipeline.export.happened import Happened, happened
from pipeline.export.sheet import Cell, Group, Row, Sheet
from pipeline.export.wording import Letter as Cited
from pipeline.export.wording import short_cited
from pipeline.followup.owed import Owed
from pipeline.followup.piecewise import OwedByLetter, owed_by_letter
from pipeline.followup.scoreboard import column_of
from pipeline.followup.settings import Settings
from pipeline.output import day, shortened
from pipeline.register import Register, TaskFilter
from pipeline.register.connection import Row as Letter

_COLUMNS: tuple[Heading, ...] = (
    ("arrival", "serial", 7, None),
    ("letter", "text", 34, None),
    ("receiver", "text", 26, None),
    ("limit", "day", 14, None),
    ("progress", "text", 26, None),
    ("answer", "text", 22, None),
    ("notes", "text", 20, None),
)
_PIECE = 500  # letters
_ANSWERS = frozenset({"reported", "accepted", "partly_done"})


def handling(
    register: Register, wanted: TaskFilter, settings: Settings, *, as_of: date, year: int | None = None
) -> Sheet:
    """The book of one year, or of all years one after the other, as it stands on a day. Rows are read while they are
    taken."""
    meant = wanted if wanted.body else replace(wanted, body=settings.agency)
    letters = book_letters(register, wanted, settings, as_of=as_of, year=year)
    return Sheet(
        name=printed("handling.name"),
        title=printed("handling.title"),
        columns=columns("handling", _COLUMNS),
        rows=_rows(register, letters, owed_by_letter(register, meant, settings, as_of=as_of), as_of),
        above=book_lines(as_of, year),
        below=[printed(f"counting.{settings.before}")],
        numbered=True,
    )


def _rows(register: Register, letters: Iterator[Letter | Group], owed: OwedByLetter, as_of: date) -> Iterator[Row]:
    """A row a letter; what is owed is looked up for some hundreds of them at a time."""
    while piece := list(islice(letters, _PIECE)):
        by_letter = owed([one["letter"] for one in piece if not isinstance(one, Group)])
        events = happened(register, chain.from_iterable(by_letter.values()), as_of=as_of)
        for one in piece:
            yield one if isinstance(one, Group) else _row(one, by_letter.get(one["letter"], ()), events)


def _row(letter: Letter, found: Sequence[Owed], events: Mapping[int, Sequence[Happened]]) -> Row:
    counted = [one for one in found if column_of(one)] or [one for one in found if one.timeliness != "lapsed"]
    names = dict.fromkeys(one.holder.name for one in counted if one.holder.name)
    return (
        linked(str(letter["arrival"]), letter["path"]) if letter["arrival"] else None,
        _cited(letter),
        few(list(names)) or None,
        _limit(counted),
        _progress(counted),
        _answers(counted, events),
        _notes(letter, counted),
    )


def _cited(letter: Letter) -> str:
    fields = ("letter", "type", "number", "symbol", "issued_on", "issuer", "subject")
    words = short_cited(Cited(*(letter[key] for key in fields)))
    return printed("wording.of", document=words, issuer=letter["issuer"]) if letter["issuer"] else words


def _limit(found: Sequence[Owed]) -> Cell:
    """The last day that comes first of what is still to be done, else that of what was done last; where no day is
    known, the words of the limit."""
    known = [one.last_day for one in found if one.last_day and not one.standing.is_closed]
    if known:
        return min(known)
    words = [one.time.limit["quote"] for one in found if one.time.limit and not one.standing.is_closed]
    if words:
        return shortened(words[0], 80)
    return max((one.last_day for one in found if one.last_day), default=None)


def _progress(found: Sequence[Owed]) -> str | None:
    """How one duty stands, or how many of several are done, late and reported."""
    if not found:
        return None
    if len(found) == 1:
        return _one(found[0])
    done = sum(one.standing.state == "done" for one in found)
    late = sum(one.timeliness == "late" for one in found)
    reported = sum(one.standing.state == "reported" for one in found)
    words = [printed("handling.done_of", done=done, total=len(found))]
    words += [printed("handling.late_of", count=late)] if late else []
    words += [printed("handling.reported_of", count=reported)] if reported else []
    return "; ".join(words)


def _one(one: Owed) -> str:
    state = sentence(printed(f"standing.{one.standing.state}"))
    if one.timeliness in ("none", "no_limit"):
        return state
    code = "handling.one_days" if one.days_late else "handling.one"
    return printed(code, state=state, timeliness=printed(f"timeliness.{one.timeliness}"), days=one.days_late)


def _answers(found: Sequence[Owed], events: Mapping[int, Sequence[Happened]]) -> str | None:
    """The documents by which it was reported or done."""
    proofs = [
        event.proof
        for one in found
        for event in events.get(one.duty, ())
        if event.kind in _ANSWERS and event.proof and event.concerns(one)
    ]
    return few(list(dict.fromkeys(proofs))) or None


def _notes(letter: Letter, found: Sequence[Owed]) -> str | None:
    words = [letter["urgency"]] if letter["urgency"] else []
    days = sorted({one.last_day for one in found if one.last_day})
    if len(days) > 1:
        first, last = (day(when.isoformat()) for when in (days[0], days[-1]))
        words.append(printed("handling.several", count=len(found), first=first, last=last))
    elif len(found) > 1:
        words.append(printed("handling.several_once", count=len(found)))
    if any(one.time.period for one in found):
        words.append(printed("handling.recurring"))
    return sentence("; ".join(words)) or None
