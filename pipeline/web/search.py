"""Tìm kiếm: dispatches and obligations by words, with accents or without, exact accents first."""

from __future__ import annotations

from starlette.responses import Response

from pipeline.register import Row, search
from pipeline.register.querying import search_parts
from pipeline.web.asking import Ask, page
from pipeline.web.lines import marked

_MOST = 50
_LONGEST = 300


def find(ask: Ask) -> Response:
    """What has all the words."""
    words = ask.query("q")[:_LONGEST]
    parts = search_parts(words)
    with ask.reading() as register:
        rows = search(register, words, limit=_MOST) if parts else []
    return ask.page(
        "search.html",
        words=words,
        parts=parts,
        rows=[_shown(ask, row, words) for row in rows],
        is_more=len(rows) == _MOST,
        tasks=ask.link("tasks", q={"text": words}),
        documents=ask.link("documents", q={"text": words}),
    )


def _shown(ask: Ask, row: Row, words: str) -> Row:
    document = ask.link("document", id=row["dispatch"])
    place = f"{document}#{row['id']}" if document and row["kind"] == "obligation" else document
    snippet = (row["snippet"] or row["subject"] or "").replace("[", "").replace("]", "")
    return {
        **row,
        "marked": marked(snippet, words),
        "address": place,
        "tasks": ask.link("tasks", q={"dispatch": row["dispatch"]}),
    }


routes = [page("/search", find, "search")]
