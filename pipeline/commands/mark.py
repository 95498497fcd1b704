"""`congvan mark`: whatever else happens to a duty on its way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from pipeline.commands.entering import duty_argument, enter, event_options
from pipeline.speaking import Choice, Command, Date, WrongUsage, argument, option

KINDS = ("confirmed", "reminded", "partly_done", "reported", "returned", "superseded")


@click.command(cls=Command)
@duty_argument
@argument("kind", metavar="KIND", type=Choice(KINDS))
@option("--asked-for", "due", type=Date(), metavar="DATE", help="asked_for")
@event_options
def command(target: str, kind: Any, register_path: Path, due: str | None, **given: Any) -> int:
    """A reminder changes no last day, whatever day it asks for."""
    if due and kind != "reminded":
        raise WrongUsage("usage.asked_for_only_reminded")
    return enter(kind, target, register_path, due=due, **given)
