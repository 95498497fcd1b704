"""`congvan dispatches`: all dispatches of the register, newest first."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.commands.options import form_options, limit_option, register_option
from pipeline.messages import text
from pipeline.output import Column, Form, day_of, short_of, show_rows, word_of
from pipeline.speaking import Command, option

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
    Column("signed", word_of("signed", "signed"), width=12, only="table"),
    *(Column(key, only="csv") for key in ("symbol", "path", "signed")),
)


TIMES = Column("times", right=True, fixed=True)


@click.command(cls=Command)
@option("--mentions", metavar="BODY", help="mentions")
@limit_option
@form_options
@register_option
def command(register_path: Path, form: Form, limit: int | None, mentions: str | None) -> int:
    """Newest issue first; with `--mentions` those whose text speaks of a body, and how often."""
    from pipeline.register import dispatches, open_register

    with open_register(register_path) as register:
        rows = dispatches(register, limit=limit, mentions=mentions)
    columns = COLUMNS if mentions is None else (*COLUMNS, TIMES)
    show_rows(rows, columns, form, title=text("dispatches.title", count=len(rows)))
    return 0
