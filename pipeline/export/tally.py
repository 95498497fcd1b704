"""Bảng tổng hợp: how bodies keep their deadlines, with the formula of the rates printed under it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from pipeline.export.cells import Heading, columns
from pipeline.export.charts import on_time_chart, overdue_chart, pictures
from pipeline.export.forms import printed
from pipeline.export.sheet import Cell, Row, Sheet, Total
from pipeline.followup.holders import Holder
from pipeline.followup.quickly import by_month, scoreboard
from pipeline.followup.scoreboard import Counts
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
_DRAWN_WIDTH = 150  # millimetres


def tally(register: Register, wanted: TaskFilter, settings: Settings, *, as_of: date) -> Sheet:
    """A row a body, most overdue first, and all of them at the end; the figures of several bodies as pictures too."""
    bodies, everything = scoreboard(register, wanted, settings, as_of=as_of)
    months = by_month(register, wanted, settings, as_of=as_of)
    return Sheet(
        name=printed("tally.name"),
        title=printed("tally.title"),
        columns=columns("tally", _COLUMNS),
        rows=_rows(bodies, everything),
        above=[printed("tally.as_of", day=day(as_of.isoformat()))],
        below=[
            *(printed(f"tally.formula_{part}") for part in ("done", "late", "beside")),
            printed(f"counting.{settings.before}"),
        ],
        pictures=pictures([overdue_chart(bodies, as_of), on_time_chart(months, as_of)], _DRAWN_WIDTH),
    )


def _rows(bodies: Sequence[tuple[Holder, Counts]], everything: Counts) -> Iterator[Row]:
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
