"""`congvan occurrences`: recurring duties laid out as days, soonest first."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from pipeline.commands.options import (
    as_of_option,
    filter_options,
    form_options,
    limit_option,
    office,
    opened,
    policy_line,
    register_option,
    say,
    say_more,
    say_no_body,
)
from pipeline.commands.tasks import lead_words, source_words
from pipeline.messages import text
from pipeline.output import Column, Form, Row, day, listed, shortened, show_rows, value_of
from pipeline.speaking import Command, Date, option


def _due(row: Row) -> str:
    mark = f" {text('occurrences.policy')}" if row["by_policy"] else ""
    return f"{day(row['due'])}{mark}\n“{shortened(listed(value_of(row, 'deadline.quote')), 60)}”"


def _period(row: Row) -> str:
    """Its days, or its one day."""
    return "–".join(dict.fromkeys(day(row[key]) for key in ("period_start", "period_end")))


COLUMNS = (
    Column("due", _due, width=15, only="table"),
    Column("period", lambda row: _period(row), width=13, only="table"),
    Column("lead", lead_words, ratio=4, only="table"),
    Column("quote", lambda row: shortened(listed(row["quote"]), 160), ratio=9, only="table"),
    Column("number", lambda row: source_words(row), width=14, only="table"),
    Column("id", fixed=True, only="table"),
    *(
        Column(key, only="csv")
        for key in (
            "due", "last_day", "period_start", "period_end", "by_policy", "deadline.quote", "deadline.rrule", "lead",
            "quote", "id", "deadline.id", "dispatch", "number", "type", "issued_on", "issuer",
        )
    ),
)  # fmt: skip


@click.command(cls=Command)
@filter_options
@option("--until", type=Date(), metavar="DATE", help="until")
@as_of_option
@limit_option
@form_options
@register_option
def command(register_path: Path, form: Form, as_of: str, until: str | None, limit: int | None, **filters: Any) -> int:
    """From `--as-of` on, as far as congvan.toml says or to `--until`."""
    from extractors.calendar import add_months
    from pipeline.followup.explaining import occurrences
    from pipeline.register import TaskFilter

    settings = office()
    since = date.fromisoformat(as_of)
    last = date.fromisoformat(until) if until else add_months(since, settings.months_ahead)
    with opened(register_path) as register:
        rows = list(occurrences(register, TaskFilter(**filters), settings, since=since, until=last))
        if not rows:
            say_no_body(register, filters["body"], as_of)
    shown = rows if limit is None else rows[:limit]
    show_rows(shown, COLUMNS, form)
    say_more(len(shown), len(rows))
    say("occurrences.range", since=day(as_of), until=day(last.isoformat()), policy=policy_line(settings.before))
    return 0
