"""`congvan anchor`: the day that limits count from, where the document does not print it."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.commands.options import by_option, now, opened, person, register_option, say, why_option
from pipeline.messages import value_text
from pipeline.output import day as shown_day
from pipeline.speaking import Choice, Command, Date, WrongUsage, argument, option


@click.command(cls=Command)
@argument("target", metavar="ID")
@argument("anchor", metavar="ANCHOR", type=Choice(["receipt", "effect", "event"]))
@argument("day", metavar="DATE", type=Date(), required=False)
@option("--empty", is_flag=True, help="anchor_empty")
@by_option
@why_option
@register_option
def command(
    target: str, anchor: str, day: str | None, register_path: Path, empty: bool, who: str | None, why: str
) -> int:
    """`anchor D3 receipt 16/4/2025`, `anchor O12 event 2025-05-20`."""
    from pipeline.register import set_anchor

    if (day is None) != empty:
        raise WrongUsage("usage.day_or_empty")
    with opened(register_path, "write") as register:
        limits = set_anchor(register, target, anchor, day, who=person(who), now=now(), why=why)
    done = "anchor.empty" if empty else "anchor.done"
    say(done, id=target.upper(), anchor=value_text("anchor", anchor), day=shown_day(day), limits=", ".join(limits))
    return 0
