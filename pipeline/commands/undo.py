"""`congvan undo`: take back a correction, confirmation, addition or removal."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.commands.options import by_option, now, person, register_option, say, why_option
from pipeline.speaking import Command, argument


@click.command(cls=Command)
@argument("correction", metavar="ID")
@by_option
@why_option
@register_option
def command(correction: str, register_path: Path, who: str | None, why: str) -> int:
    """C7, or D3 for the removal of D3."""
    from pipeline.register import open_register, undo

    with open_register(register_path, "write") as register:
        undo(register, correction, who=person(who), now=now(), why=why)
    say("undo.done", id=correction.upper())
    return 0
