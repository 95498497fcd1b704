"""`congvan add`: an obligation of a dispatch, or a deadline of an obligation, that the program missed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from pipeline.commands.correct import DAYS, checked_value
from pipeline.commands.options import by_option, now, person, register_option, say, why_option
from pipeline.speaking import Command, argument, option


@click.command(cls=Command)
@argument("target", metavar="ID")
@argument("quote", metavar="TEXT")
@option("--kind", metavar="KIND", help="add_kind")
@option("--modality", metavar="MODALITY", help="add_modality")
@option("--lead", metavar="BODY", help="add_lead")
@option("--coordinating", metavar="BODY", help="add_coordinating")
@option("--due", metavar="DATE", help="add_due")
@option("--start", metavar="DATE", help="add_start")
@option("--boundary", metavar="BOUNDARY", help="add_boundary")
@option("--rrule", metavar="RRULE", help="add_rrule")
@option("--offset", metavar="OFFSET", help="add_offset")
@by_option
@why_option
@register_option
def command(target: str, quote: str, register_path: Path, who: str | None, why: str, **values: Any) -> int:
    """D3: an obligation; O12: a deadline. The text is what the dispatch says."""
    from pipeline.register import add_deadline, add_obligation, open_register, parse_target

    given = {key: checked_value(key, v) if key in DAYS else v for key, v in values.items() if v is not None}
    with open_register(register_path, "write") as register:
        letter, to = parse_target(register, target, "D", "O")
        made, add = ("O", add_obligation) if letter == "D" else ("L", add_deadline)
        given |= {"kind": given.get("kind") or ("task" if letter == "D" else "date")}
        number = add(register, target, {"quote": quote, **given}, who=person(who), now=now(), why=why)
    say("add.done", id=f"{made}{number}", target=f"{letter}{to}")
    return 0
