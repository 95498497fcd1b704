"""`congvan due`: what has its last day soon, soonest first."""

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
    settings_for,
)
from pipeline.messages import text
from pipeline.output import Form, day, show_rows
from pipeline.speaking import Command, Days, option

COLUMNS = (DUE, STATE, BODY, QUOTE, SOURCE, ID, *CSV)


@click.command(cls=Command)
@filter_options
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
    until = since + timedelta(days=office().soon[0] if within is None else within)
    with opened(register_path) as register:
        rows = due_within(register, TaskFilter(**filters), settings_for(policy), as_of=since, until=until)
    shown = grouped(rows) if form == "table" else rows
    show_rows(shown, COLUMNS, form, title=text("due.title", count=len(rows), until=day(until.isoformat())))
    say("policy.as_of", policy=policy_line(policy), day=day(as_of))
    return 0
