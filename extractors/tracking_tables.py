"""Bảng theo dõi: what each row of a table says that an office keeps: which document, what, who, until when, how far.

A cell that is not understood becomes a problem of its row; nothing is guessed. Days that no calendar has are none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import regex

from extractors.agencies import read_bodies
from extractors.citations import cited_numbers
from extractors.dates import Time, find_times, parse_issue
from extractors.deadlines import Limit, find_limits, impossible_days
from extractors.listing import bodies, coordinating
from extractors.patterns import one_pattern
from extractors.predicates import actor_at
from extractors.text import lowered, matchable
from extractors.tracking_headings import Cells, Headings, TableCell, repeats

__all__ = ["Problem", "TableCell", "TrackedLimit", "TrackedRow", "read_rows"]

Said = Literal["done", "reported"]
_SERIAL = regex.compile(r"(?<![\w/.,-])(\d{1,6}[a-zđ]?)(?:\s*/\s*(\p{Lu}[\w&.]*(?:-[\w&.]+)*))?(?![\w/-])")
_ISO = regex.compile(r"(?<!\d)((?:19|20)\d{2})-(\d{2})-(\d{2})(?!\d)")
_COUNTED = regex.compile(r"\W*\d{0,2}\W*")
_BLANK = regex.compile(r"…|\.{2}|_{2}")  # a form's place for a name
_LABELLED = regex.compile(r"(?:[IVXLC]{1,5}|[A-Z]|\d{1,3})[.)]?")


@dataclass(frozen=True, slots=True)
class Problem:
    """What of a row was not read: "day" (a day that no calendar has), "deadline" (words that are no limit), "document"
    (neither number nor day), "several" (more than one document), "content" (nothing is said to be done)."""

    code: Literal["day", "deadline", "document", "several", "content"]
    words: str


@dataclass(frozen=True, slots=True)
class TrackedLimit:
    """A time limit: its words, `kind`, `due` (ISO, the last day as stated), `boundary` and `rrule` as of a Deadline."""

    quote: str
    kind: str
    due: str | None
    boundary: str | None
    rrule: str | None


@dataclass(frozen=True, slots=True)
class TrackedRow:
    """One row. `row` counts from 0; `body` is the name that stands over the rows; `lead` is the row's own, else that.

    `number` may lack its symbol ("183"), as in the table. `limit` is the last day, `extended` the later one that was
    granted; `said` how far it is by the words in `state`, `done_on` (ISO) since when, `proof` by what.
    """

    row: int
    number: str | None = None
    issued_on: str | None = None
    issuer: str | None = None
    subject: str | None = None
    content: str = ""
    body: str | None = None
    lead: tuple[str, ...] = ()
    coordinating: tuple[str, ...] = ()
    limit: TrackedLimit | None = None
    extended: TrackedLimit | None = None
    said: Said | None = None
    state: str = ""
    done_on: str | None = None
    proof: str | None = None
    note: str = ""
    problems: tuple[Problem, ...] = ()


def read_rows(rows: Sequence[Cells], headings: Headings, body: str | None = None) -> Iterator[TrackedRow | str]:
    """The rows under a heading, in order; a line over rows that names a body is given as its name. `body` stands over
    the first of them, from a table before."""
    for n in range(headings.last + 1, len(rows)):
        row = rows[n]
        if _is_empty(row) or _counts_columns(row) or repeats(headings, row):
            continue
        over = _line_over(row, headings)
        if over is None:
            yield _Row(row, headings).read(n, body)
        elif over:
            body = over
            yield over


def _is_empty(row: Cells) -> bool:
    return not any(cell.text.strip() for cell in row)


def _counts_columns(row: Cells) -> bool:
    """The row "(1) (2) (3)" below a heading."""
    said = [cell.text.strip() for cell in row if cell.text.strip()]
    return len(said) > 2 and all(_COUNTED.fullmatch(text) for text in said)


def _line_over(row: Cells, headings: Headings) -> str | None:
    """The body that a line over rows names, "" for a line that names none (a field of work, a sum); None for a row."""
    texts = list(dict.fromkeys(" ".join(cell.text.split()) for cell in row if cell.text.strip()))
    if len(texts) > 1 and _LABELLED.fullmatch(texts[0]):
        texts = texts[1:]
    if len(texts) != 1:
        return "" if one_pattern("tracking_words", "total").search(matchable(texts[0])) else None
    content = headings.column("content")
    at = next(n for n, cell in enumerate(row) if " ".join(cell.text.split()) == texts[0])
    if at == content and not any(cell.joined for cell in row[at + 1 :]) and len(row) > 1:
        plain = matchable(texts[0])
        if not _is_body(_without_label(plain)):
            return None  # a duty of which nothing else is told
    words = _without_label(texts[0])
    return words if _is_body(matchable(words)) else ""


def _without_label(text: str) -> str:
    label = one_pattern("tracking_words", "label").search(matchable(text))
    return text[label.end() :] if label else text


def _is_body(plain: str) -> bool:
    found = read_bodies(plain)
    return bool(found and found[0].start == 0) or actor_at(plain, 0) is not None


class _Row:
    """The cells of one row by what their columns hold."""

    def __init__(self, row: Cells, headings: Headings) -> None:
        self._row = row
        self._headings = headings
        self.problems: list[Problem] = []

    def text(self, role: str) -> str:
        at = self._headings.column(role)
        return " ".join(self._row[at].text.split()) if at is not None and at < len(self._row) else ""

    def read(self, n: int, body: str | None) -> TrackedRow:
        number, issued_on = self._document()
        content = self.text("content") or self.text("subject")
        if not content:
            self.problems.append(Problem("content", ""))
        if not number and not issued_on:
            self.problems.append(Problem("document", self.text("number")))
        lead, helpers = self._bodies()
        said, state, done_on, proof = self._said(issued_on)
        return TrackedRow(
            row=n,
            number=number,
            issued_on=issued_on,
            issuer=self.text("issuer") or None,
            subject=self.text("subject") or None,
            content=content,
            body=body,
            lead=lead or ((body,) if body and not _BLANK.search(body) else ()),
            coordinating=helpers,
            limit=self._limit("deadline", issued_on),
            extended=self._limit("extended", issued_on),
            said=said,
            state=state,
            done_on=done_on,
            proof=proof,
            note=self.text("note"),
            problems=tuple(self.problems),
        )

    def _document(self) -> tuple[str | None, str | None]:
        cell = self.text("number")
        number = _number(cell, self.problems)
        if number and "/" not in number and (symbol := self.text("symbol")):
            number = f"{number}/{symbol.strip(' /')}"
        days = self._days("date") or self._days("number")
        return number, days[0] if days else None

    def _days(self, role: str) -> list[str]:
        cell = self.text(role)
        days, wrong = whole_days(cell)
        self.problems += [Problem("day", words) for words in wrong if Problem("day", words) not in self.problems]
        return days

    def _bodies(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        cell = self.text("lead")
        plain = matchable(cell)
        helping = coordinating(plain)
        helpers = [cell[a:b] for a, b in helping] + list(_names(self.text("coordinating")))
        leading = cell[: min((a for a, _ in helping), default=len(cell))] if helping else cell
        return _names(leading), tuple(helpers)

    def _limit(self, role: str, issued_on: str | None) -> TrackedLimit | None:
        cell = self.text(role)
        if not cell:
            return None
        whole = [f"{d[8:]}/{d[5:7]}/{d[:4]}" for d in whole_days(cell)[0]] if _ISO.search(cell) else [cell]
        found = find_limits(whole[0] if whole else cell, issued_on, "column")
        if found:
            return _tracked(found[0])
        wrong = [cell[a:b] for a, b in impossible_days(cell)]
        self.problems.append(Problem("day", wrong[0]) if wrong else Problem("deadline", cell))
        return None

    def _said(self, issued_on: str | None) -> tuple[Said | None, str, str | None, str | None]:
        cells = [text for text in dict.fromkeys((self.text("state"), self.text("result"))) if text]
        said = next((how for text in cells if (how := how_far(text))), None)
        days = self._days("done")
        if not days and said:
            days = [d for text in cells if how_far(text) for d in whole_days(text)[0]]
        if self.text("done") and days and not said and not cells:
            said = "done"
        proof = self.text("proof") or next((n for text in cells for n, _ in cited_numbers(matchable(text))), "")
        return said, "; ".join(cells), days[-1] if said and days else None, proof or None


def how_far(text: str) -> Said | None:
    """Whether words say that a task is done, or reported; None where they say less, or take it back.

    >>> how_far("Đã hoàn thành"), how_far("Đã báo cáo, tuy nhiên chưa đủ"), how_far("Đang thực hiện")
    ('done', None, None)
    """
    plain = matchable(text)
    if one_pattern("tracking_words", "not_all").search(plain):
        return None
    if one_pattern("tracking_words", "done").search(plain):
        return "done"
    return "reported" if one_pattern("tracking_words", "reported").search(plain) else None


def whole_days(text: str) -> tuple[list[str], list[str]]:
    """The days with their year that a cell prints (ISO), and the words of those that no calendar has.

    >>> whole_days("Số 12/TB ngày 09/7/2026"), whole_days("31/02/2023"), whole_days("2026-03-15 00:00")
    ((['2026-07-09'], []), ([], ['31/02/2023']), (['2026-03-15'], []))
    """
    plain = _ISO.sub(lambda m: f"{m[3]}/{m[2]}/{m[1]}", matchable(text))
    times = find_times(lowered(plain), parse_issue(None))
    wrong = [plain[time.start : time.end] for time in times if time.kind == "impossible"]
    return [time.first.isoformat() for time in times if _is_whole_day(time) and time.first], wrong


def _is_whole_day(time: Time) -> bool:
    return time.kind == "day" and time.year_printed and time.first is not None and time.first == time.last


def _number(cell: str, problems: list[Problem]) -> str | None:
    """The number of the first document in a cell; a serial number alone where no symbol stands with it."""
    plain = matchable(cell)
    numbers = [number for number, _ in cited_numbers(plain)]
    if len(set(numbers)) > 1:
        problems.append(Problem("several", "; ".join(numbers)))
    if numbers:
        return numbers[0]
    days = find_times(lowered(plain), parse_issue(None))
    for found in _SERIAL.finditer(_ISO.sub("", plain) if _ISO.search(plain) else plain):
        if any(time.start <= found.start() < time.end for time in days if time.kind in ("day", "impossible")):
            continue
        return found[1] + (f"/{found[2]}" if found[2] else "")
    return None


def _names(cell: str) -> tuple[str, ...]:
    plain = matchable(cell)
    found = (cell[a:b].strip(" -–+;,.:") for a, b in bodies(plain, 0, len(plain))) if plain.strip(" -–.") else ()
    return tuple(name for name in found if name and not _BLANK.search(name))


def _tracked(limit: Limit) -> TrackedLimit:
    return TrackedLimit(limit.quote, limit.kind, limit.due, limit.boundary, limit.rrule)
