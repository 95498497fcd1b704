"""`congvan export summary`: how bodies keep their deadlines, with the formula of the rates."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from pipeline.commands.filing import destination, file_options, file_table
from pipeline.commands.options import (
    as_of_option,
    filter_options,
    policy_line,
    policy_option,
    read_through,
    register_option,
    require_body,
    say,
    settings_for,
)
from pipeline.output import day
from pipeline.speaking import Command


@click.command(cls=Command)
@filter_options
@file_options
@as_of_option
@policy_option
@register_option
def command(register_path: Path, as_of: str, policy: Any, target: Path | None, force: bool, **filters: Any) -> int:
    """A line a body, most overdue first; the last line is all of them."""
    from pipeline.export.tally import tally
    from pipeline.register import TaskFilter

    settings = settings_for(policy)
    path = destination(target, "tong-hop", as_of, force=force)
    with read_through(register_path) as register:
        require_body(register, filters["body"], as_of)
        sheet = tally(register, TaskFilter(**filters), settings, as_of=date.fromisoformat(as_of))
        file_table(sheet, path, settings, force=force)
    say("policy.as_of", policy=policy_line(policy), day=day(as_of))
    return 0
