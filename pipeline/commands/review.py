"""`congvan review`: what is doubtful, least certain first."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.commands.import_words import imported_value
from pipeline.commands.options import form_options, limit_option, register_option, say, say_more
from pipeline.commands.tasks import source_words
from pipeline.messages import known, text, value_text
from pipeline.output import Column, Form, Row, listed, percent, proposed, shortened, show_rows
from pipeline.speaking import Command, Number, option

LIMIT = 50


def _value(row: Row) -> str:
    if row["what"] == "inferred":
        return proposed(row | {"evidence": row["why"]})
    if row["what"] == "import":
        return imported_value(row["rule"].rpartition(".")[2], row["value"], row["number"])
    value = shortened(listed(row.get("value")), 140)
    quote = shortened(listed(row.get("quote")), 140)
    return "\n".join(part for part in (value, f"“{quote}”" if quote and quote != value else "") if part)


def _field(row: Row) -> str:
    field = row.get("field")
    return f"{text(f'field.{field}')} ({field})" if field else value_text("what", row["what"])


def _why(row: Row) -> str:
    """Why a row waits, where more than its low confidence is known."""
    if row["what"] == "link":
        relation, _, earlier = row["why"].partition(" ")
        return f"{row['dispatch']} {value_text('relation', relation)} {earlier}"
    code = f"why.{'corrected' if row['why'] == 'corrected' else row['what']}"
    return text(code, why=row["why"]) if known(code) else ""


COLUMNS = (
    Column("id", fixed=True),
    Column(
        "confidence",
        lambda row: percent(row["confidence"]) if row["confidence"] else "",
        right=True,
        fixed=True,
        only="table",
    ),
    Column("field", _field, ratio=3, only="table"),
    Column("value", _value, ratio=8, only="table"),
    Column("why", _why, ratio=4, only="table"),
    Column("number", source_words, width=14, only="table"),
    Column("page", right=True, fixed=True, only="table"),
    *(
        Column(key, only="csv")
        for key in ("what", "field", "value", "confidence", "why", "quote", "dispatch", "number", "page", "rule")
    ),
)


@click.command(cls=Command)
@limit_option
@option("--below", type=Number(), metavar="NUMBER", help="below")
@option("--no-lead", "no_lead", is_flag=True, help="review_no_lead")
@form_options
@register_option
def command(register_path: Path, form: Form, limit: int | None, below: int | None, no_lead: bool) -> int:
    """Merge proposals and findings that no longer match come first; `--no-lead`: obligations that name nobody."""
    from pipeline.register import DOUBTFUL, count_review, count_unnamed, open_register, review, unnamed

    with open_register(register_path) as register:
        sure = below / 100 if below else DOUBTFUL
        waiting = count_unnamed(register)
        rows = (
            unnamed(register, limit=limit or LIMIT) if no_lead else review(register, limit=limit or LIMIT, below=sure)
        )
        total = waiting if no_lead else count_review(register, below=sure)
    title = "review.unnamed" if no_lead else "review.title"
    show_rows(rows, COLUMNS, form, title=text(title, total=total))
    say_more(len(rows), total)
    if waiting and not no_lead:
        say("review.unnamed_too", total=waiting)
    if rows:
        first = rows[0]
        step = first["what"] if first["what"] in ("field", "inferred", "merge", "link", "import", "lead") else "finding"
        say(f"review.next_{step}", id=first["id"], field=first["field"], dispatch=first["dispatch"])
    return 0
