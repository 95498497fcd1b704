"""`congvan agenda`: what binds a body, by its role."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from pipeline.commands.duty_tables import BODY, CSV, DUE, ID, QUOTE, SOURCE, STATE, grouped, source_cell
from pipeline.commands.options import (
    as_of_option,
    form_options,
    limit_option,
    office,
    opened,
    policy_line,
    policy_option,
    register_option,
    say,
    say_more,
    settings_for,
)
from pipeline.messages import text
from pipeline.output import Column, Form, Row, day, day_of, listed, shortened, show_rows, write_table
from pipeline.speaking import Choice, Command, WrongUsage, argument, option

ROLES = ("lead", "coordinating", "informed")
LEAD = (DUE, STATE, QUOTE, SOURCE, ID)
COORDINATING = (DUE, STATE, BODY, QUOTE, SOURCE, ID)
INFORMED = (
    Column("issued_on", day_of("issued_on"), fixed=True),
    Column("number", source_cell, ratio=3),
    Column("issuer", lambda row: shortened(listed(row["issuer"]), 80), ratio=4),
    Column("subject", lambda row: shortened(listed(row["subject"]), 160), ratio=7),
)
ROWS = (Column("role", only="csv"), *CSV, Column("subject", only="csv"))


@click.command(cls=Command)
@argument("body", metavar="BODY", required=False)
@option("--role", type=Choice(ROLES), help="role")
@option("--closed", is_flag=True, help="duties_closed")
@as_of_option
@policy_option
@limit_option
@form_options
@register_option
def command(
    body: str | None,
    register_path: Path,
    form: Form,
    as_of: str,
    policy: Any,
    role: str | None,
    closed: bool,
    limit: int | None,
) -> int:
    """The office of congvan.toml where no body is named."""
    from pipeline.followup.agenda import agenda

    name = body or office().agency
    if not name:
        raise WrongUsage("usage.no_agency")
    with opened(register_path) as register:
        found = agenda(register, name, settings_for(policy), as_of=date.fromisoformat(as_of), closed=closed)
    parts: dict[str, list[Row]] = {key: getattr(found, key) for key in ROLES if role in (None, key)}
    if form == "table":
        click.echo(text("agenda.title", body="; ".join(found.bodies), day=day(as_of)) + "\n")
        for key, rows in parts.items():
            _write(key, rows, limit)
        click.echo(policy_line(policy))
    else:
        show_rows([{"role": key, **row} for key, rows in parts.items() for row in rows[:limit]], ROWS, form)
        say("policy.as_of", policy=policy_line(policy), day=day(as_of))
    say_more(sum(len(rows[:limit]) for rows in parts.values()), sum(map(len, parts.values())))
    return 0


def _write(role: str, rows: list[Row], limit: int | None) -> None:
    shown = rows[:limit]
    if role == "informed":
        write_table(shown, INFORMED, text("agenda.informed", count=len(rows)))
        return
    code, columns = ("agenda.lead", LEAD) if role == "lead" else ("agenda.coordinating", COORDINATING)
    write_table(grouped(shown), columns, text(code, count=len(rows)))
