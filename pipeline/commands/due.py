"""`congvan due`: what has its last day soon, soonest first; apart by how many days are left."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click

from pipeline.commands.duty_tables import BODY, CSV, DUE, ID, QUOTE, SOURCE, STATE, grouped
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
from pipeline.messages import text
from pipeline.output import Column, Form, day, show_rows, write_table
from pipeline.speaking import Command, Days, option

COLUMNS = (DUE, STATE, BODY, QUOTE, SOURCE, ID)
ROWS = (Column("days_left", only="csv"), Column("within", only="csv"), *CSV)


@click.command(cls=Command)
@filter_options
@standing_options
@option("--within", type=Days(), metavar="DAYS", help="within")
@as_of_option
@policy_option
@form_options
@register_option
def command(register_path: Path, form: Form, as_of: str, policy: Any, within: int | None, **filters: Any) -> int:
    """From `--as-of` on, over as many days as `--within` says, else as congvan.toml calls soon."""
    from pipeline.followup.views import due_within
    from pipeline.register import TaskFilter

    since = date.fromisoformat(as_of)
    farthest = office().soon[0] if within is None else within
    windows = sorted({*(days for days in office().soon if days < farthest), farthest})
    until = since + timedelta(days=farthest)
    with opened(register_path) as register:
        rows = due_within(register, TaskFilter(**filters), settings_for(policy), as_of=since, until=until)
        if not rows:
            say_no_body(register, filters["body"], as_of)
    for row in rows:
        row["days_left"] = (date.fromisoformat(row["last_day"]) - since).days
        row["within"] = next(days for days in windows if row["days_left"] <= days)
    if form == "table":
        click.echo(text("due.title", count=len(rows), until=day(until.isoformat())) + "\n")
        for days in windows:
            part = [row for row in rows if row["within"] == days]
            write_table(grouped(part), COLUMNS, text("due.within", days=days, count=len(part)))
    else:
        show_rows(rows, ROWS, form)
    say("policy.as_of", policy=policy_line(policy), day=day(as_of))
    return 0
