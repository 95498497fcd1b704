"""`congvan done`: a duty, or one occurrence of it, is done."""

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
    """T5, T5@2026Q1, or O12 where one body leads. On time by the day of its report, where one was entered."""
    return enter("accepted", target, register_path, **given)
