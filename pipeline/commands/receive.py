"""`congvan receive`: the day and number under which a dispatch came in."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.commands.options import by_option, now, opened, person, register_option, say, why_option
from pipeline.output import day as shown_day
from pipeline.speaking import Command, Date, Number, WrongUsage, argument, option


@click.command(cls=Command)
@argument("dispatch", metavar="DISPATCH")
@argument("day", metavar="DATE", type=Date(), required=False)
@option("--number", type=Number(), metavar="NUMBER", help="arrival_number")
@option("--empty", is_flag=True, help="arrival_empty")
@by_option
@why_option
@register_option
def command(
    dispatch: str, day: str | None, register_path: Path, number: int | None, empty: bool, who: str | None, why: str
) -> int:
    """`receive D3 16/4/2026`: the next number of that year; the day is what limits count from receipt."""
    from pipeline.register import receive

    if (day is None) != empty:
        raise WrongUsage("usage.day_or_empty")
    with opened(register_path, "write") as register:
        made = receive(register, dispatch, day, who=person(who), now=now(), number=number, why=why)
    if made is None:
        say("receive.empty", id=dispatch.upper())
    else:
        say("receive.done", id=dispatch.upper(), number=made.number, year=made.year, day=shown_day(made.day))
    return 0
