"""`congvan suspend`: a duty rests for a while."""

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
    """Until `congvan mark ID confirmed` takes it up again."""
    return enter("suspended", target, register_path, **given)
