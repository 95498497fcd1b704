"""`congvan dispatches`: all dispatches of the register, newest first."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.commands.options import form_options, limit_option, register_option
from pipeline.messages import text
from pipeline.output import Column, Form, day_of, short_of, show_rows
from pipeline.speaking import Command

COLUMNS = (
    Column("id", fixed=True),
    Column("issued_on", day_of("issued_on"), fixed=True, only="table"),
    Column("issued_on", only="csv"),
    Column("type", width=11),
    Column("number", width=14),
    Column("issuer", ratio=4),
    Column("subject", short_of("subject", 160), ratio=8, only="table"),
    Column("subject", only="csv"),
    Column("obligations", right=True, fixed=True),
    *(Column(key, only="csv") for key in ("symbol", "path")),
)


@click.command(cls=Command)
@limit_option
@form_options
@register_option
def command(register_path: Path, form: Form, limit: int | None) -> int:
    """Newest issue first."""
    from pipeline.register import dispatches, open_register

    with open_register(register_path) as register:
        rows = dispatches(register, limit=limit)
    show_rows(rows, COLUMNS, form, title=text("dispatches.title", count=len(rows)))
    return 0
