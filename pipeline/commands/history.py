"""`congvan history`: who corrected what and what happened to duties, when and why."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import click

from pipeline.commands.options import form_options, register_option
from pipeline.messages import known, text, value_text
from pipeline.output import Column, Form, Row, day, listed, moment, shortened, show_rows
from pipeline.speaking import Command, argument


def _field(row: Row) -> str:
    field = row["field"] or ""
    return text(f"field.{field}") if known(f"field.{field}") else field


def _action(row: Row) -> str:
    """What was done; of an event also the day on which it happened."""
    if row["id"][0] != "E":
        kind = "link_action" if row["target"][0] == "K" and row["action"] != "undo" else "action"
        return value_text(kind, row["action"])
    return f"{value_text('event', row['action'])}\n{day(row['day'])}"


def _value(key: str) -> Callable[[Row], str]:
    """A value as people write it: a list in one line; of a whole dispatch or obligation only that it was so."""

    def show(row: Row) -> str:
        value = row[key] or ""
        if value.startswith("{"):
            return ""
        if value.startswith("["):
            return shortened(listed(json.loads(value)), 120)
        return shortened(day(value) if row["id"][0] == "E" else listed(value), 120)

    return show


COLUMNS = (
    Column("id", fixed=True),
    Column("made_at", lambda row: moment(row["made_at"]), fixed=True, only="table"),
    Column("made_by", ratio=3),
    Column("action", _action, ratio=3, only="table"),
    Column("target", fixed=True),
    Column("field", _field, ratio=3, only="table"),
    Column("old", _value("old"), ratio=5, only="table"),
    Column("new", _value("new"), ratio=5, only="table"),
    Column("why", ratio=4),
    Column("proof", ratio=2, only="table"),
    Column("undone_by", fixed=True),
    *(Column(key, only="csv") for key in ("made_at", "action", "field", "old", "new", "day", "proof")),
)


@click.command(cls=Command)
@argument("target", metavar="ID", required=False)
@form_options
@register_option
def command(target: str | None, register_path: Path, form: Form) -> int:
    """Oldest first."""
    from pipeline.followup.history import whole_history
    from pipeline.register import open_register

    with open_register(register_path) as register:
        rows = whole_history(register, target)
    show_rows(rows, COLUMNS, form, title=text("history.title", count=len(rows)))
    return 0
