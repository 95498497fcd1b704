"""Bảng tổng hợp: how bodies keep their deadlines, with the formula of the rates printed under it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pipeline.export.cells import Heading, columns
from pipeline.export.forms import printed
from pipeline.export.sheet import Cell, Row, Sheet, Total
from pipeline.followup.owed import owed
from pipeline.followup.scoreboard import Counts, score
from pipeline.followup.settings import Settings
from pipeline.output import day
from pipeline.register import Register, TaskFilter

_COLUMNS: tuple[Heading, ...] = (
    ("row", "serial", 5, None),
    ("body", "text", 40, None),
    ("total", "number", 9, None),
    ("on_time", "number", 9, "done"),
    ("done_late", "number", 9, "done"),
    ("in_time", "number", 9, "open"),
    ("overdue", "number", 9, "open"),
    ("no_deadline", "number", 9, None),
    ("suspended", "number", 9, None),
    ("done_of_due", "percent", 12, "rates"),
    ("overdue_of_due", "percent", 10, "rates"),
    ("notes", "text", 12, None),
)


def tally(register: Register, wanted: TaskFilter, settings: Settings, *, as_of: date) -> Sheet:
    """A row a body, most overdue first, and all of them at the end."""
    return Sheet(
        name=printed("tally.name"),
        title=printed("tally.title"),
        columns=columns("tally", _COLUMNS),
        rows=_rows(register, wanted, settings, as_of),
        above=[printed("tally.as_of", day=day(as_of.isoformat()))],
        below=[
            *(printed(f"tally.formula_{part}") for part in ("done", "late", "beside")),
            printed(f"counting.{settings.before}"),
        ],
    )


def _rows(register: Register, wanted: TaskFilter, settings: Settings, as_of: date) -> Iterator[Row]:
    bodies, everything = score(owed(register, wanted, settings, as_of=as_of))
    for number, (holder, counts) in enumerate(bodies, 1):
        yield [number, holder.name or printed("tally.nobody"), *_figures(counts), None]
    if bodies:
        yield Total([None, printed("tally.all"), *_figures(everything), None])


def _figures(counts: Counts) -> list[Cell]:
    rates = counts.rates()
    return [
        counts.total,
        counts.done_on_time,
        counts.done_late,
        counts.open_in_time,
        counts.overdue,
        counts.no_deadline,
        counts.suspended,
        rates["done_of_due"],
        rates["overdue_of_due"],
    ]
