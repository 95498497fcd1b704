"""`congvan review`: what is doubtful, least certain first."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.commands.options import form_options, limit_option, register_option, say
from pipeline.commands.tasks import source_words
from pipeline.messages import issue_text, known, text, value_text
from pipeline.output import Column, Form, Row, listed, percent, shortened, show_rows, word_of
from pipeline.speaking import Command, option

LIMIT = 50


def _value(row: Row) -> str:
    value = shortened(listed(row.get("value")), 140)
    quote = shortened(listed(row.get("quote")), 140)
    return "\n".join(part for part in (value, f"“{quote}”" if quote and quote != value else "") if part)


def _field(row: Row) -> str:
    field = row.get("field")
    return text(f"field.{field}") if field and known(f"field.{field}") else value_text("what", row["what"])


def why_words(row: Row) -> str:
    """Why a row is doubtful, in the user's language where its code is known."""
    why = str(row.get("why") or "")
    return text(f"why.{why}") if known(f"why.{why}") else issue_text(why, why)


COLUMNS = (
    Column("id", fixed=True),
    Column("confidence", lambda row: percent(row["confidence"]), right=True, fixed=True, only="table"),
    Column("field", _field, ratio=3, only="table"),
    Column("value", _value, ratio=8, only="table"),
    Column("why", why_words, ratio=4, only="table"),
    Column("number", source_words, ratio=4, only="table"),
    Column("page", right=True, fixed=True, only="table"),
    *(
        Column(key, only="csv")
        for key in ("what", "field", "value", "confidence", "why", "quote", "dispatch", "number", "page", "rule")
    ),
)


@click.command(cls=Command)
@limit_option
@option("--below", type=float, metavar="NUMBER", default=1.0, help="below")
@form_options
@register_option
def command(register_path: Path, form: Form, limit: int | None, below: float) -> int:
    """Merge proposals and findings that no longer match come first."""
    from pipeline.register import open_register, review

    with open_register(register_path) as register:
        rows = review(register, limit=limit or LIMIT, below=below)
    show_rows(rows, COLUMNS, form, title=text("review.title", count=len(rows)))
    if rows:
        say("review.next", id=rows[0]["id"])
    return 0


__all__ = ["command", "why_words", "word_of"]
