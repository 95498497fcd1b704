"""`congvan export overdue`: what is late on a day, under the name of each body, as offices keep such lists."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from pipeline.commands.filing import destination, file_options, file_table, is_paper
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
    """Most days late first; causes and proposals are left open for the body."""
    from pipeline.export.overdue import overdue
    from pipeline.register import TaskFilter

    settings = settings_for(policy)
    path = destination(target, "qua-han", as_of, force=force)
    with read_through(register_path) as register:
        require_body(register, filters["body"], as_of)
        day_of, on_paper = date.fromisoformat(as_of), is_paper(path)
        sheet = overdue(register, TaskFilter(**filters), settings, as_of=day_of, on_paper=on_paper)
        file_table(sheet, path, settings, force=force)
    say("policy.as_of", policy=policy_line(policy), day=day(as_of))
    return 0
