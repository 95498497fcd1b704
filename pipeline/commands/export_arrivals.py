"""`congvan export arrivals`: the book of what came in, in the columns of the decree."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from pipeline.commands.filing import destination, file_options, file_table
from pipeline.commands.options import (
    as_of_option,
    filter_options,
    policy_option,
    read_through,
    register_option,
    require_body,
    settings_for,
)
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
    """By number of arrival, which begins anew each year; `--year` is the year of the book."""
    from pipeline.export.arrivals import arrivals
    from pipeline.register import TaskFilter

    settings = settings_for(policy)
    path = destination(target, "so-van-ban-den", as_of, force=force)
    with read_through(register_path) as register:
        require_body(register, filters["body"], as_of)
        sheet = arrivals(register, TaskFilter(**filters), settings, as_of=date.fromisoformat(as_of), year=year)
        file_table(sheet, path, settings, force=force, signed=False)
    return 0
