"""`congvan undo`: take back a correction, confirmation, addition or removal, or an event."""

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
    """C7, D3 for the removal of D3, or E7 for what happened to a duty."""
    from pipeline.followup.recording import undo_event
    from pipeline.followup.replying import undo_followed
    from pipeline.register import open_register, parse_target, undo

    said = {"who": person(who), "now": now(), "why": why}
    with open_register(register_path, "write") as register:
        letter, number = parse_target(register, correction, "C", "D", "E")
        if letter == "E":
            undo_event(register, number, **said)
        elif letter == "C":
            undo_followed(register, number, **said)
        else:
            undo(register, correction, **said)
    say("undo.done", id=correction.upper())
    return 0
