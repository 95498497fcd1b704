"""`congvan waiting`: duties of which a person must say whose they are."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from pipeline.commands.duty_tables import CSV, DUE, ID, QUOTE, SOURCE, body_cell
from pipeline.commands.options import (
    as_of_option,
    filter_options,
    form_options,
    office,
    opened,
    register_option,
    say_no_body,
)
from pipeline.messages import text
from pipeline.output import Column, Form, day, show_rows, word_of
from pipeline.speaking import Choice, Command, option

COLUMNS = (
    ID,
    Column("why", word_of("waits_for", "waits_for"), width=18, only="table"),
    Column("body", body_cell, ratio=5, only="table"),
    QUOTE,
    DUE,
    SOURCE,
    Column("waits_for", only="csv"),
    *CSV,
)


@click.command(cls=Command)
@filter_options
@option("--for", "reason", type=Choice(["nobody", "group", "successor", "lost"]), help="waits_for")
@as_of_option
@form_options
@register_option
def command(register_path: Path, form: Form, as_of: str, reason: str | None, **filters: str | None) -> int:
    """`congvan reassign` works one off."""
    from pipeline.followup.views import lost, waiting
    from pipeline.register import TaskFilter

    with opened(register_path) as register:
        rows = waiting(register, TaskFilter(**filters), office(), as_of=date.fromisoformat(as_of))  # type: ignore[arg-type]
        rows += lost(register) if not any(filters.values()) else []
        if not rows:
            say_no_body(register, filters["body"], as_of)
    rows = [row for row in rows if reason in (None, row["waits_for"])]
    show_rows(rows, COLUMNS, form, title=text("waiting.title", count=len(rows), day=day(as_of)))
    return 0
