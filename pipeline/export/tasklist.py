"""Danh sách nhiệm vụ: a list of duties as a table, as it stands on the screen: one row a duty."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from pipeline.export.cells import Heading, columns, day_cell, number_words, sentence
from pipeline.export.forms import printed
from pipeline.export.sheet import Row, Sheet
from pipeline.export.spans import period_words
from pipeline.followup.settings import Settings
from pipeline.output import day
from pipeline.register.connection import Row as Duty

_COLUMNS: tuple[Heading, ...] = (
    ("row", "serial", 6, None),
    ("duty", "text", 12, None),
    ("number", "text", 16, "letter"),
    ("type", "text", 11, "letter"),
    ("issued_on", "day", 12, "letter"),
    ("issuer", "text", 17, "letter"),
    ("quote", "text", 44, None),
    ("lead", "text", 20, None),
    ("coordinating", "text", 16, None),
    ("day", "day", 12, "limit"),
    ("original", "day", 12, "limit"),
    ("printed", "text", 18, "limit"),
    ("period", "text", 12, "limit"),
    ("state", "text", 13, None),
    ("timeliness", "text", 13, None),
    ("days_late", "number", 8, None),
    ("completed_on", "day", 12, None),
)


def task_list(rows: Iterable[Duty], settings: Settings, *, as_of: date, filters: Sequence[str] = ()) -> Sheet:
    """Rows of `views.as_rows`, each with the `symbol` of its dispatch, as a table, read as they are written; `filters`
    say in words what was chosen."""
    above = [printed("tasklist.as_of", day=day(as_of.isoformat()))]
    if filters:
        above.append(printed("tasklist.chosen", filters="; ".join(filters)))
    return Sheet(
        name=printed("tasklist.name"),
        title=printed("tasklist.title"),
        columns=columns("tasklist", _COLUMNS),
        rows=_rows(rows),
        above=above,
        below=[printed(f"counting.{settings.before}")],
    )


def _rows(rows: Iterable[Duty]) -> Iterator[Row]:
    for number, row in enumerate(rows, 1):
        yield _row(number, row)


def _row(number: int, row: Duty) -> Row:
    limit = row["deadline"] or {}
    return (
        number,
        row["duty"],
        number_words(row) or row["dispatch"],
        row["type"],
        day_cell(row["issued_on"]),
        row["issuer"],
        row["quote"],
        _lead(row),
        "; ".join(row["coordinating"]) or None,
        day_cell(row["last_day"]),
        day_cell(row["original_last_day"]) if row["original_last_day"] != row["last_day"] else None,
        limit.get("quote"),
        period_words(row["period"]) if row["period"] else None,
        sentence(printed(f"standing.{row['state']}")),
        sentence(printed(f"timeliness.{row['timeliness']}")) if row["timeliness"] != "none" else None,
        row["days_late"],
        day_cell(row["completed_on"]),
    )


def _lead(row: Duty) -> str | None:
    """The body; in brackets where the dispatch itself names none."""
    words = row["body"]
    if words and row["former"]:
        words = printed("overdue.former", body=words, former=row["former"])
    return words if row["lead_stated"] or not words else f"({words})"
