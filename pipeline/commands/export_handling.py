"""`congvan export handling`: the book of what became of each letter that came in, in the columns of the decree."""

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
def command(
    register_path: Path, as_of: str, policy: Any, target: Path | None, force: bool, year: int | None, **filters: Any
) -> int:
    """A line a letter; `--year` is the year of the book, `--body` whose duties count."""
    from pipeline.export.handling import handling
    from pipeline.register import TaskFilter

    settings = settings_for(policy)
    path = destination(target, "so-theo-doi-giai-quyet", as_of, force=force)
    with read_through(register_path) as register:
        require_body(register, filters["body"], as_of)
        sheet = handling(register, TaskFilter(**filters), settings, as_of=date.fromisoformat(as_of), year=year)
        file_table(sheet, path, settings, force=force, signed=False)
    say("policy.as_of", policy=policy_line(policy), day=day(as_of))
    return 0
