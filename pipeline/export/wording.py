"""Cách viết: days, documents and limits as Vietnamese papers write them in a sentence."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.export.forms import printed
from pipeline.register import Register, Row

_LETTERS = """SELECT id, type, number, symbol, issued_on, issuer, subject FROM dispatches
WHERE id IN (SELECT value FROM json_each(?))"""


@dataclass(frozen=True, slots=True)
class Letter:
    """A document as it is cited; None is what it does not print."""

    number_in_register: int
    type: str | None
    number: str | None
    symbol: str | None
    issued_on: str | None
    issuer: str | None
    subject: str | None


def letters(register: Register, numbers: Iterable[int]) -> dict[int, Letter]:
    """Documents of the register by their numbers there."""
    rows = register.rows(_LETTERS, (json.dumps(sorted(set(numbers))),))
    return {row["id"]: Letter(*row.values()) for row in rows}


def day_words(day: date) -> str:
    """A day in a sentence: zeros before days under 10, and before the months 1 and 2 alone.

    >>> day_words(date(2022, 3, 9)), day_words(date(2022, 2, 19))
    ('09/3/2022', '19/02/2022')
    """
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"{day.day:02d}/{month}/{day.year}"


def number_of(letter: Letter) -> str:
    """Type and number; dots where a number is not printed, to be filled in from the paper itself."""
    kind = letter.type or printed("wording.untyped")
    if letter.number:
        return printed("wording.number", type=capital(kind), number=letter.number)
    if letter.symbol:
        return printed("wording.open_number", type=capital(kind), symbol=letter.symbol)
    return printed("wording.no_number", type=capital(kind))


def issued(letter: Letter) -> str:
    """The day of issue as far as it is printed, with dots for the rest."""
    parts = (letter.issued_on or "").split("-")
    if len(parts) == 3:
        return printed("wording.day", day=day_words(date(*map(int, parts))))
    if len(parts) == 2:
        month = int(parts[1])
        return printed("wording.open_day", month=f"{month:02d}" if month < 3 else month, year=parts[0])
    return printed("wording.open_month", year=parts[0]) if parts[0] else printed("wording.no_day")


def short_cited(letter: Letter) -> str:
    """Type, number and day."""
    return f"{number_of(letter)} {issued(letter)}"


def cited(letter: Letter, *, with_issuer: bool = True) -> str:
    """A document as it is cited for the first time: type, number, day, issuer, subject. A subject in capitals is left
    out: in small letters nobody could tell which of its words are names."""
    words = short_cited(letter)
    if with_issuer and letter.issuer:
        words = printed("wording.of", document=words, issuer=letter.issuer)
    if letter.subject and not letter.subject.isupper():
        is_letter = (letter.type or "") in ("", printed("wording.letter_type"))
        code = "wording.about_letter" if is_letter else "wording.about"
        words = printed(code, document=words, subject=letter.subject)
    return words


def limit_words(row: Row) -> str:
    """The limit of a duty (a row of `followup.views.as_rows`): as it was set first, and as it was extended."""
    from pipeline.export.spans import period_words

    limit, first = row["deadline"], row["original_last_day"]
    if limit is None:
        words = printed("wording.no_limit")
    elif not first or len(limit["due"] or "") != len("2022-03-31"):
        words = printed("wording.no_last_day", quote=limit["quote"])
    elif limit["boundary"] == "before" and limit["kind"] != "period":
        words = printed("wording.before", day=day_words(date.fromisoformat(limit["due"])))
    else:
        words = printed("wording.until", day=day_words(date.fromisoformat(limit["due"])))
    if row["period"]:
        words = printed("wording.of_period", period=period_words(row["period"].partition(".")[0]), limit=words)
    if row["last_day"] != first and row["last_day"]:
        words = printed("wording.extended", limit=words, day=day_words(date.fromisoformat(row["last_day"])))
    return words


def count_words(number: int) -> str:
    """A number in a sentence: one digit never stands alone.

    >>> count_words(4), count_words(325)
    ('04', '325')
    """
    return f"{number:02d}"


def capital(words: str) -> str:
    """Words that begin a line."""
    return words[:1].upper() + words[1:]


def task_words(quote: str) -> str:
    """What is to be done, for quotation: on one line, without the stop at its end."""
    return " ".join(quote.split()).rstrip(".;,: /")


def listing(words: Sequence[str]) -> str:
    """Words after each other, the last after "and"."""
    if len(words) < 2:
        return "".join(words)
    return printed("wording.and", first=", ".join(words[:-1]), last=words[-1])
