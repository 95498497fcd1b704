"""`congvan correct`: a person's value for a field; it wins over this and any later reading."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.commands.options import by_option, now, person, register_option, say, why_option
from pipeline.errors import NoDeadline, SeveralDeadlines
from pipeline.messages import known, text
from pipeline.speaking import Command, WrongUsage, argument, option, parse_day

if TYPE_CHECKING:
    from pipeline.register import Register

DAYS = ("issued_on", "due", "start")
OF_THE_DEADLINE = ("due", "start", "boundary", "rrule", "offset")


@click.command(cls=Command)
@argument("target", metavar="ID")
@argument("field", metavar="FIELD")
@argument("value", metavar="VALUE", required=False)
@option("--empty", is_flag=True, help="empty")
@by_option
@why_option
@register_option
def command(
    target: str, field: str, value: str | None, register_path: Path, empty: bool, who: str | None, why: str
) -> int:
    """`correct D3 subject "…"`, `correct O12 lead "…; …"`, `correct O12 due 2023-04-08`."""
    from pipeline.register import correct, open_register, parse_target

    field = field.replace(".", "_").lower()
    if (value is None) != empty:
        raise WrongUsage("usage.value_or_empty")
    with open_register(register_path, "write") as register:
        letter, number = parse_target(register, target, "D", "O", "L")
        if letter == "O" and field in OF_THE_DEADLINE:
            letter, number = "L", deadline_of(register, f"O{number}")
        new = None if value is None else checked_value(field, value)
        done = correct(register, f"{letter}{number}", field, new, who=person(who), now=now(), why=why)
    say("correct.done", id=f"{letter}{number}", field=field_name(field), value=new or "∅", correction=f"C{done}")
    return 0


def checked_value(field: str, value: str) -> str:
    """A value as the register takes it: days also in the form 08/4/2023."""
    if field not in DAYS:
        return value.strip()
    day = parse_day(value)
    if day:
        return day
    parts = list(reversed(value.strip().split("/"))) if "/" in value else value.strip().split("-")
    if field == "issued_on" and len(parts) <= 2 and len(parts[0]) == 4 and all(p.isdecimal() for p in parts):
        return "-".join([parts[0], *(p.zfill(2) for p in parts[1:])])
    raise WrongUsage("usage.bad_date", value=value)


def deadline_of(register: Register, obligation: str) -> int:
    """The one deadline of an obligation. Raises SeveralDeadlines, NoDeadline."""
    from pipeline.register import show

    ids = [d["id"] for d in deadlines_in(show(register, obligation), obligation)]
    if not ids:
        raise NoDeadline(id=obligation)
    if len(ids) > 1:
        raise SeveralDeadlines(id=obligation, ids=", ".join(ids))
    return int(ids[0][1:])


def deadlines_in(row: dict[str, Any], obligation: str) -> list[dict[str, Any]]:
    """The deadlines of one obligation of a dispatch."""
    deadlines = [d for o in row["obligations"] if o["id"] == obligation for d in o["deadlines"]]
    return [d for d in deadlines if d["status"] == "current"]


def field_name(field: str) -> str:
    """A field as people call it."""
    return text(f"field.{field}") if known(f"field.{field}") else field
