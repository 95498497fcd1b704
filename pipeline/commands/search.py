"""`congvan search`: dispatches and obligations by words, with or without accents."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.commands.options import form_options, limit_option, register_option, say
from pipeline.commands.tasks import source_words
from pipeline.messages import text
from pipeline.output import Column, Form, day_of, show_rows, word_of
from pipeline.speaking import Command, argument

LIMIT = 50
COLUMNS = (
    Column("id", fixed=True),
    Column("kind", word_of("kind", "found"), fixed=True),
    Column("snippet", lambda row: row["snippet"].replace("] [", " "), ratio=8),
    Column("number", source_words, width=14, only="table"),
    Column("issued_on", day_of("issued_on"), fixed=True, only="table"),
    Column("issuer", ratio=4),
    *(Column(key, only="csv") for key in ("dispatch", "number", "type", "issued_on", "subject", "exact")),
)


@click.command(cls=Command)
@argument("words", metavar="WORDS...", nargs=-1, required=True)
@limit_option
@form_options
@register_option
def command(words: tuple[str, ...], register_path: Path, form: Form, limit: int | None) -> int:
    """What has all the words, exact accents first."""
    from pipeline.register import open_register, search

    with open_register(register_path) as register:
        rows = search(register, " ".join(words), limit=limit or LIMIT)
    show_rows(rows, COLUMNS, form, title=text("search.title", count=len(rows), words=" ".join(words)))
    if len(rows) == (limit or LIMIT):
        say("search.more", limit=limit or LIMIT)
    return 0
