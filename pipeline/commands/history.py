"""`congvan history`: who corrected what, when and why."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import click

from pipeline.commands.options import form_options, register_option
from pipeline.messages import known, text
from pipeline.output import Column, Form, Row, listed, moment, shortened, show_rows, word_of
from pipeline.speaking import Command, argument


def _field(row: Row) -> str:
    field = row["field"] or ""
    return text(f"field.{field}") if known(f"field.{field}") else field


def _value(key: str) -> Callable[[Row], str]:
    """A value as people write it: a list in one line; of a whole dispatch or obligation only that it was so."""

    def show(row: Row) -> str:
        value = row[key] or ""
        if value.startswith("{"):
            return ""
        if value.startswith("["):
            return shortened(listed(json.loads(value)), 120)
        return shortened(listed(value), 120)

    return show


COLUMNS = (
    Column("id", fixed=True),
    Column("made_at", lambda row: moment(row["made_at"]), fixed=True, only="table"),
    Column("made_by", ratio=3),
    Column("action", word_of("action", "action"), ratio=3, only="table"),
    Column("target", fixed=True),
    Column("field", _field, ratio=3, only="table"),
    Column("old", _value("old"), ratio=5, only="table"),
    Column("new", _value("new"), ratio=5, only="table"),
    Column("why", ratio=4),
    Column("undone_by", fixed=True),
    *(Column(key, only="csv") for key in ("made_at", "action", "field", "old", "new")),
)


@click.command(cls=Command)
@argument("target", metavar="ID", required=False)
@form_options
@register_option
def command(target: str | None, register_path: Path, form: Form) -> int:
    """Oldest first."""
    from pipeline.register import history, open_register

    with open_register(register_path) as register:
        rows = history(register, target)
    show_rows(rows, COLUMNS, form, title=text("history.title", count=len(rows)))
    return 0
