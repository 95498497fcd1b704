"""`congvan overdue`: what is late on a day; first what has a printed day, then what has only a period."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from pipeline.commands.options import (
    as_of_option,
    filter_options,
    form_options,
    opened,
    policy_line,
    policy_option,
    register_option,
    say,
)
from pipeline.commands.tasks import doubt_words, lead_words, source_words
from pipeline.messages import text
from pipeline.output import Column, Form, Row, day, listed, shortened, show_rows, value_of, write_table
from pipeline.speaking import Command


def _due(row: Row) -> str:
    return f"{day(value_of(row, 'deadline.due'))}\n“{shortened(listed(value_of(row, 'deadline.quote')), 60)}”"


TABLE = (
    Column("days_late", right=True, fixed=True),
    Column("due", _due, width=13),
    Column("lead", lead_words, ratio=4),
    Column("quote", lambda row: shortened(listed(row["quote"]), 200), ratio=9),
    Column("number", source_words, width=14),
    Column("id", fixed=True),
    Column("confidence", doubt_words, right=True, fixed=True),
)
CSV = tuple(
    Column(key)
    for key in (
        "section", "days_late", "last_day", "deadline.due", "deadline.boundary", "deadline.quote", "lead",
        "coordinating", "quote", "id", "deadline.id", "dispatch", "number", "type", "issued_on", "issuer", "page",
        "confidence", "confirmed", "as_of", "policy",
    )
)  # fmt: skip


@click.command(cls=Command)
@filter_options
@as_of_option
@policy_option
@form_options
@register_option
def command(register_path: Path, form: Form, as_of: str, policy: Any, **filters: Any) -> int:
    """Most days late first. Targets and recurring limits are never overdue."""
    from pipeline.register import TaskFilter, overdue

    with opened(register_path) as register:
        late = overdue(register, TaskFilter(**filters), as_of=as_of, policy=policy)
    marks = {"as_of": late.as_of, "policy": late.policy}
    dated = [{"section": "dated", **row, **marks} for row in late.dated]
    periods = [{"section": "period", **row, **marks} for row in late.periods]
    if form == "table":
        click.echo(f"{text('overdue.as_of', day=day(as_of))} {policy_line(policy)}\n")
        write_table(dated, TABLE, text("overdue.dated", count=len(dated)))
        write_table(periods, TABLE, text("overdue.periods", count=len(periods)))
    else:
        show_rows([*dated, *periods], CSV, form)
        say("policy.as_of", policy=policy_line(policy), day=day(as_of))
    say("overdue.rest", upcoming=late.upcoming, no_day=late.no_day)
    return 0
