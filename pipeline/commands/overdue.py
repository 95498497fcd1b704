"""`congvan overdue`: what is late on a day: printed days first, then periods, then what recurs."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from pipeline.commands.duty_tables import BODY, DUE, ID, SOURCE, grouped, series
from pipeline.commands.options import (
    as_of_option,
    filter_options,
    form_options,
    office,
    opened,
    policy_line,
    policy_option,
    register_option,
    say,
    say_no_body,
    settings_for,
    standing_options,
)
from pipeline.commands.tasks import doubt_words
from pipeline.messages import text
from pipeline.output import Column, Form, Row, day, listed, shortened, show_rows, write_table
from pipeline.speaking import Command

TABLE = (
    Column("days_late", right=True, fixed=True),
    DUE,
    BODY,
    Column("quote", lambda row: shortened(listed(row["quote"]), 200), ratio=9),
    SOURCE,
    ID,
    Column("confidence", doubt_words, right=True, fixed=True),
)
CSV = tuple(
    Column(key)
    for key in (
        "section", "days_late", "last_day", "original_last_day", "deadline.due", "deadline.boundary",
        "deadline.quote", "duty", "body", "body_code", "state", "period", "lead", "coordinating", "quote", "id",
        "deadline.id", "dispatch", "number", "type", "issued_on", "issuer", "page", "confidence", "confirmed",
        "as_of", "policy",
    )
)  # fmt: skip


@click.command(cls=Command)
@filter_options
@standing_options
@as_of_option
@policy_option
@form_options
@register_option
def command(register_path: Path, form: Form, as_of: str, policy: Any, **filters: Any) -> int:
    """Most days late first. Targets are never overdue; what was done, extended or suspended by then is not either."""
    from pipeline.followup.views import late
    from pipeline.register import TaskFilter

    with opened(register_path) as register:
        found = late(register, TaskFilter(**filters), settings_for(policy), as_of=date.fromisoformat(as_of))
        if not (found.dated or found.periods or found.recurring):
            say_no_body(register, filters["body"], as_of)
    if form == "table":
        click.echo(f"{text('overdue.as_of', day=day(as_of))} {policy_line(policy)}\n")
        write_table(grouped(found.dated), TABLE, text("overdue.dated", count=len(found.dated)))
        write_table(grouped(found.periods), TABLE, text("overdue.periods", count=len(found.periods)))
        duties = len({row["duty"].partition("@")[0] for row in found.recurring})
        title = text("overdue.recurring", count=len(found.recurring), duties=duties)
        write_table(series(found.recurring), TABLE, title)
    else:
        sections = {"dated": found.dated, "period": found.periods, "recurring": found.recurring}
        marks = {"as_of": as_of, "policy": policy}
        rows: list[Row] = [{"section": name, **row, **marks} for name, part in sections.items() for row in part]
        show_rows(rows, CSV, form)
        say("policy.as_of", policy=policy_line(policy), day=day(as_of))
    say("overdue.rest", upcoming=found.upcoming, no_day=found.no_day)
    if found.lapsed:
        say("overdue.lapsed", count=found.lapsed, months=office().months_back)
    return 0
