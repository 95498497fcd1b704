"""`congvan withdraw`: a duty is asked for no more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from pipeline.commands.entering import duty_argument, enter, event_options
from pipeline.speaking import Command


@click.command(cls=Command)
@duty_argument
@event_options
def command(target: str, register_path: Path, **given: Any) -> int:
    """Of a recurring duty without a period: all that is not done yet."""
    return enter("withdrawn", target, register_path, **given)
