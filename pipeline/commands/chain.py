"""`congvan chain`: what led to a dispatch, and what came of it."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.commands.options import form_options, opened, register_option, say
from pipeline.messages import text, value_text
from pipeline.output import Column, Form, Row, day, day_of, listed, percent, short_of, shortened, show_rows
from pipeline.speaking import Command, argument


def _number(row: Row) -> str:
    """The number, or what is printed of it; the dispatch that was asked for is marked."""
    blank = f"…/{row['symbol']}" if row["symbol"] else ""
    words = row["number"] or (f"{row['proposed']}?" if row["proposed"] else blank)
    mark = "● " if row["distance"] == 0 else ""
    return f"{mark}{words} ({row['id']})" if row["id"] else text("chain.not_here", number=words)


def relation_words(row: Row) -> str:
    """Who stands how to whom: "D9 urges D3"."""
    if not row["relation"]:
        return ""
    to = row["to"] or row["number"]
    status = f"\n[{value_text('link_status', row['status'])}]" if row["status"] not in (None, "open") else ""
    return f"{row['from']} {value_text('relation', row['relation'])} {to}{status}"


def tasks_words(row: Row) -> str:
    """The tasks that a link concerns, with the new day."""
    return "\n".join(_task(one) for one in row["obligations"])


def _task(concerned: Row) -> str:
    words = f"{concerned['id']} “{shortened(listed(concerned['quote']), 60)}”"
    return words + (f" → {day(concerned['due'])}" if concerned["due"] else "")


COLUMNS = (
    Column("issued_on", day_of("issued_on"), width=10, only="table"),
    Column("number", _number, ratio=4, only="table"),
    Column("issuer", short_of("issuer", 60), ratio=3, only="table"),
    Column("subject", short_of("subject", 120), ratio=5, only="table"),
    Column("relation", relation_words, ratio=3, only="table"),
    Column("obligations", tasks_words, ratio=5, only="table"),
    Column("confidence", lambda row: percent(row["confidence"]), right=True, fixed=True, only="table"),
    Column("link", fixed=True, only="table"),
    *(
        Column(key, only="csv")
        for key in (
            "distance", "id", "number", "proposed", "type", "issued_on", "issuer", "subject", "relation", "from", "to",
            "obligation_ids", "due", "evidence", "page", "confidence", "status", "link",
        )
    ),
)  # fmt: skip


@click.command(cls=Command)
@argument("dispatch", metavar="DISPATCH")
@form_options
@register_option
def command(dispatch: str, register_path: Path, form: Form) -> int:
    """By any id (D3, O12 …), by printed number (15/CT-UBND), or by the path of its file; the oldest first."""
    from pipeline.register import chain, find_dispatch

    with opened(register_path) as register:
        rows = chain(register, find_dispatch(register, dispatch))
    for row in rows:
        row["obligation_ids"] = [one["id"] for one in row["obligations"]]
        row["due"] = [one["due"] for one in row["obligations"] if one["due"]]
    own = next(row for row in rows if row["distance"] == 0)
    before, after = (sum(row["distance"] * side > 0 for row in rows) for side in (-1, 1))
    title = text("chain.title", number=own["number"] or own["proposed"] or own["id"], before=before, after=after)
    show_rows(rows, COLUMNS, form, title=title)
    if first := next((row for row in rows if row["status"] == "open"), None):
        say("chain.next", link=first["link"])
    return 0
