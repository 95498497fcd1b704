"""`congvan restore`: put a backup in the register's place."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.commands.options import now, register_option, say
from pipeline.speaking import Command, argument


@click.command(cls=Command)
@argument("source", metavar="FILE", type=click.Path(path_type=Path))
@register_option
def command(source: Path, register_path: Path) -> int:
    """The old register is kept aside."""
    from pipeline.register import restore

    aside = restore(source, register_path, now=now())
    say("restore.done", path=register_path)
    if aside:
        say("restore.aside", path=aside)
    return 0
