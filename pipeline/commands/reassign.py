"""`congvan reassign`: another body owes a duty from now on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from pipeline.commands.entering import duty_argument, enter, event_options
from pipeline.speaking import Command, argument, option


@click.command(cls=Command)
@duty_argument
@argument("to", metavar="BODY")
@option("--new-body", "is_new", is_flag=True, help="new_body")
@event_options
def command(target: str, to: str, register_path: Path, is_new: bool, **given: Any) -> int:
    """Also works off what waits for a body (`congvan waiting`)."""
    return enter("reassigned", target, register_path, to=to, is_new=is_new, **given)
