"""`congvan issues`: what was read and not understood."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.commands.options import form_options, register_option, say
from pipeline.commands.tasks import source_words
from pipeline.messages import issue_text, text
from pipeline.output import Column, Form, short_of, show_rows
from pipeline.speaking import Command, argument, option

COLUMNS = (
    Column("id", fixed=True),
    Column("number", source_words, width=14, only="table"),
    Column("message", ratio=6),
    Column("quote", short_of("quote", 120), ratio=5, only="table"),
    Column("page", right=True, fixed=True),
    *(Column(key, only="csv") for key in ("code", "quote", "dispatch", "number", "path", "closed")),
)


@click.command(cls=Command)
@argument("dispatch", metavar="DISPATCH", required=False)
@option("--all", "everything", is_flag=True, help="closed")
@form_options
@register_option
def command(dispatch: str | None, register_path: Path, form: Form, everything: bool) -> int:
    """Each issue can be worked off with `congvan confirm I9`."""
    from pipeline.register import issues, open_register

    with open_register(register_path) as register:
        rows = issues(register, dispatch, include_closed=everything)
    for row in rows:
        row["message"] = issue_text(row["code"], row["message"])
    show_rows(rows, COLUMNS, form, title=text("issues.title", count=len(rows)))
    if rows:
        say("issues.next", id=rows[0]["id"])
    return 0
