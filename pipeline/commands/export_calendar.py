"""`congvan export calendar`: last days as an iCalendar file that calendar programs open."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Any

import click

from pipeline.commands.options import (
    as_of_option,
    filter_options,
    opened,
    policy_line,
    policy_option,
    register_option,
    require_body,
    say,
    settings_for,
)
from pipeline.output import day
from pipeline.speaking import Command, option


@click.command(cls=Command)
@filter_options
@option("--to", "target", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="calendar_to")
@option("--force", is_flag=True, help="force")
@as_of_option
@policy_option
@register_option
def command(register_path: Path, as_of: str, policy: Any, target: Path | None, force: bool, **filters: Any) -> int:
    """To the file that `--to` names, else to standard output."""
    from pipeline.export.calendar import calendar
    from pipeline.export.saving import save_bytes
    from pipeline.register import TaskFilter

    with opened(register_path) as register:
        require_body(register, filters["body"], as_of)
        made = calendar(register, TaskFilter(**filters), settings_for(policy), as_of=date.fromisoformat(as_of))
    if target:
        save_bytes(made.data, target, replace=force)
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(made.data)
    say("policy.as_of", policy=policy_line(policy), day=day(as_of))
    say("export.calendar", duties=made.duties, series=made.series)
    if made.undated or made.targets:
        say("export.calendar_left_out", undated=made.undated, targets=made.targets)
    if target:
        say("export.saved", path=target)
    return 0
