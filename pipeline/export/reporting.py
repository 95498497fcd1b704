"""Số liệu báo cáo: what a periodic report tells of one dispatch: what it gives, to whom, and what became of it.

All of it is worked out from the register for a day of closing; nothing of what was never entered is told as done.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date

from pipeline.errors import CongvanError
from pipeline.export.happened import Happened, happened
from pipeline.export.spans import Span
from pipeline.export.wording import Letter, letters
from pipeline.followup.explaining import first_day
from pipeline.followup.holders import Holder
from pipeline.followup.owed import Owed
from pipeline.followup.quickly import owed_quickly
from pipeline.followup.scoreboard import Counts, score
from pipeline.followup.settings import Settings
from pipeline.followup.views import as_rows
from pipeline.output import day as shown_day
from pipeline.register import Register, Row, TaskFilter, count_states, find_dispatch, public_id


class NotYet(CongvanError):
    """The period has not begun by the day of closing (details: period, start, as_of)."""

    code = "period_not_begun"


class BeforeDirective(CongvanError):
    """The period was over before the dispatch was issued (details: period, end, number, issued_on)."""

    code = "period_before_directive"


class NothingAssigned(CongvanError):
    """The dispatch gives nobody anything to do (details: number)."""

    code = "nothing_assigned"


@dataclass(frozen=True, slots=True)
class Line:
    """One task, or one occurrence of it, with all bodies that owe it. `row` as of `as_rows`, for the first of them."""

    row: Row
    duties: tuple[Owed, ...]
    events: tuple[Happened, ...]

    @property
    def is_late(self) -> bool:
        """Whether any body is late with it."""
        return any(one.timeliness == "late" for one in self.duties)


@dataclass(frozen=True, slots=True)
class Report:
    """What a report tells. `as_of` is the day of closing, `recent` what happened in the period itself, `targets` the
    number of aims that the dispatch sets beside its tasks."""

    letter: Letter
    span: Span
    as_of: date
    policy: str
    lines: tuple[Line, ...]
    bodies: tuple[tuple[Holder, Counts], ...]
    counts: Counts
    recent: tuple[tuple[Owed, Happened], ...]
    targets: int

    @property
    def duties(self) -> list[Owed]:
        """What is owed, each body for itself."""
        return [one for line in self.lines for one in line.duties]

    @property
    def tasks(self) -> int:
        """How many tasks the dispatch gives, however often and to however many."""
        return len({line.row["id"] for line in self.lines})

    @property
    def is_silent(self) -> bool:
        """Whether nothing at all was entered of what became of it."""
        return not any(line.events for line in self.lines)


def gather(
    register: Register, directive: str, span: Span, settings: Settings, *, today: date, as_of: date | None = None
) -> Report:
    """The report on a dispatch (its id or number) in a period, closed on `as_of` (None: the period's last day, or today
    where that is earlier). Raises UnknownId, AmbiguousNumber, NotYet, BeforeDirective, NothingAssigned."""
    number = find_dispatch(register, directive)
    letter = letters(register, [number])[number]
    day = as_of or min(span.end, today)
    _require_sense(letter, span, day)
    wanted = TaskFilter(dispatch=public_id("dispatch", number))
    found = owed_quickly(register, wanted, settings, as_of=day)
    if not found:
        raise NothingAssigned(number=letter.number or directive)
    events = happened(register, found, as_of=day)
    bodies, counts = score(found)
    targets = count_states(register, replace(wanted, kind="target"), as_of=day.isoformat(), policy=settings.before)
    return Report(
        letter=letter,
        span=span,
        as_of=day,
        policy=settings.before,
        lines=tuple(_lines(register, found, events)),
        bodies=tuple(bodies),
        counts=counts,
        recent=tuple(_recent(found, events, span)),
        targets=targets.get("target", 0),
    )


def _require_sense(letter: Letter, span: Span, day: date) -> None:
    if span.start and day < span.start:
        raise NotYet(period=span.words, start=shown_day(span.start), as_of=shown_day(day))
    issued = first_day(letter.issued_on)
    if issued and min(span.end, day) < issued:
        raise BeforeDirective(
            period=span.words,
            end=shown_day(min(span.end, day)),
            number=letter.number or letter.symbol or "",
            issued_on=shown_day(letter.issued_on),
        )


def _lines(register: Register, found: list[Owed], events: dict[int, list[Happened]]) -> list[Line]:
    """Lines in the order of the document, exhortations after what can be checked."""
    together: dict[tuple[int, str | None], list[Owed]] = {}
    for one in found:
        together.setdefault((one.obligation, one.time.period), []).append(one)
    rows = as_rows(register, [duties[0] for duties in together.values()])
    lines = [
        Line(row, tuple(duties), tuple(e for one in duties for e in events.get(one.duty, ()) if e.concerns(one)))
        for row, duties in zip(rows, together.values(), strict=True)
    ]
    return sorted(lines, key=lambda line: not line.row["checkable"])


def _recent(found: list[Owed], events: dict[int, list[Happened]], span: Span) -> list[tuple[Owed, Happened]]:
    return [
        (one, event)
        for one in found
        for event in events.get(one.duty, ())
        if event.concerns(one) and span.holds(event.day)
    ]


def leads(report: Report) -> list[tuple[str, int, int]]:
    """To whom tasks are given, as the dispatch names them: (name, tasks, bodies), most tasks first. Where it names
    nobody, the body that owes it is named."""
    tasks: dict[str, set[str]] = {}
    bodies: dict[str, set[str]] = {}
    for line in report.lines:
        for one in line.duties:
            name = one.printed or one.holder.name
            if name:
                tasks.setdefault(name, set()).add(line.row["id"])
                bodies.setdefault(name, set()).add(one.holder.key)
    return sorted(((name, len(ids), len(bodies[name])) for name, ids in tasks.items()), key=lambda one: -one[1])


def completed(report: Report) -> Counter[str]:
    """How many events of each kind there were in the period."""
    return Counter(event.kind for _, event in report.recent)
