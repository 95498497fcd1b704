"""`congvan remove`: take out a dispatch that was entered wrongly, or a finding that is none."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.commands.options import by_option, now, person, register_option, say, why_option
from pipeline.speaking import Command, argument


@click.command(cls=Command)
@argument("target", metavar="ID")
@by_option
@why_option
@register_option
def command(target: str, register_path: Path, who: str | None, why: str) -> int:
    """Nothing is erased: `congvan undo` brings it back."""
    from pipeline.register import delete, open_register, parse_target, remove

    with open_register(register_path, "write") as register:
        letter, number = parse_target(register, target, "D", "O", "L")
        take_out = remove if letter == "D" else delete
        done = take_out(register, target, who=person(who), now=now(), why=why)
    say("remove.done", id=f"{letter}{number}", correction=f"C{done}")
    return 0
