"""`congvan confirm`: a person accepts a finding, works off an issue, or decides on a merge proposal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.commands.options import by_option, now, office, person, register_option, say, why_option
from pipeline.messages import error_text, value_text
from pipeline.output import day
from pipeline.speaking import Command, Date, WrongUsage, argument, option

if TYPE_CHECKING:
    from pipeline.register import Register


@click.command(cls=Command)
@argument("target", metavar="ID")
@argument("field", metavar="FIELD", required=False)
@option("--reject", is_flag=True, help="reject")
@option("--on", "on", type=Date(), metavar="DATE", help="import_on")
@by_option
@why_option
@register_option
def command(
    target: str, field: str | None, register_path: Path, reject: bool, on: str | None, who: str | None, why: str
) -> int:
    """D3, O12, L5: the values are right. I9: worked off. M1: the same letter, or with `--reject` not. P4: the inferred
    value is the right one, or with `--reject` the field stays as it is. K3: the one stands so to the other, or not. N8:
    what an imported table says is so, or not."""
    from pipeline.register import confirm, decide_inferred, decide_merge, open_register, parse_target

    with open_register(register_path, "write") as register:
        letter, number = parse_target(register, target, "D", "O", "L", "I", "M", "P", "K", "N")
        if reject and letter not in ("M", "P", "K", "N"):
            raise WrongUsage("usage.reject_only_merge", id=target)
        if letter == "M":
            decide_merge(register, target, not reject, who=person(who), now=now(), why=why)
            say("confirm.rejected" if reject else "confirm.merged", id=f"M{number}")
            return 0
        if letter == "K":
            return _decide_link(register, number, reject, {"who": person(who), "now": now(), "why": why})
        if letter == "N":
            return _decide_import(register, number, reject, on, {"who": person(who), "now": now(), "why": why})
        if letter == "P":
            done = decide_inferred(register, target, not reject, who=person(who), now=now(), why=why)
            say("confirm.left" if reject else "confirm.taken", id=f"P{number}", correction=f"C{done}")
            return 0
        done = confirm(register, target, field, who=person(who), now=now(), why=why)
    say("confirm.done", id=f"{letter}{number}", correction=f"C{done}")
    return 0


def _decide_import(register: Register, number: int, reject: bool, on: str | None, said: dict[str, str]) -> int:
    """What an imported table says is entered, or never proposed again."""
    from pipeline.importing.accepting import Said, accept_import, reject_import

    if reject:
        reject_import(register, number, Said(**said))
        say("confirm.not_imported", id=f"N{number}")
        return 0
    made = accept_import(register, number, office(), Said(**said, on=on))
    say("confirm.imported", id=f"N{number}", made=", ".join(made) or "-")
    return 0


def _decide_link(register: Register, number: int, reject: bool, said: dict[str, str]) -> int:
    """A link that is right is entered for the duties that it concerns, all in one."""
    from pipeline.followup.replying import follow_link
    from pipeline.register import decide_link

    with register.transaction():
        done = decide_link(register, f"K{number}", not reject, **said)
        followed = [] if reject else follow_link(register, number, office(), **said)
    say("confirm.unlinked" if reject else "confirm.linked", id=f"K{number}", correction=f"C{done}")
    for one in followed:
        event = value_text("event", one.kind)
        if one.entered:
            made = one.entered
            say("event.done", id=made.duty, event=event, day=day(made.day), made=made.event)
        elif one.problem:
            say("event.not_entered", event=event, problem=error_text(one.problem))
    return 0
