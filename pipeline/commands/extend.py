"""`congvan extend`: a duty has a later last day."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from pipeline.commands.entering import duty_argument, enter, event_options
from pipeline.speaking import Command, Date, argument


@click.command(cls=Command)
@duty_argument
@argument("due", metavar="DATE", type=Date())
@event_options
def command(target: str, due: str, register_path: Path, **given: Any) -> int:
    """The new day is on time itself; the one that the dispatch prints is kept beside it."""
    return enter("extended", target, register_path, due=due, **given)
