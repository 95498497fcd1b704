"""Dòng của danh sách: rows of duties as a page shows them, members of a group in one line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import groupby

from markupsafe import Markup, escape

from pipeline.register import Row
from pipeline.register.querying import search_parts
from pipeline.register.snippets import pattern

_SAME = ("id", "period", "last_day", "original_last_day", "timeliness", "state", "asked_for", "completed_on")


def lines(rows: Iterable[Row]) -> list[Row]:
    """Neighbours that differ in nothing but who owes are one line: the first of them, and all as `members`."""
    out = []
    for _, group in groupby(rows, key=lambda row: tuple(row[name] for name in _SAME)):
        members = list(group)
        out.append({**members[0], "members": members, "kind_of_time": kind_of_time(members[0])})
    return out


def kind_of_time(row: Row) -> str:
    """The colour of how a duty stands to its last day."""
    how = row["timeliness"]
    if how in ("late", "done_late"):
        return "late" if how == "late" else ""
    return {"soon": "soon", "today": "soon", "on_time": "good"}.get(how, "")


def marked(words: str, query: str | None) -> Markup:
    """Text with what a query finds in it marked, accents aside; without a query as it is."""
    find = _finder(query) if query else None
    if find is None:
        return escape(words)
    out, at = Markup(), 0
    for match in find.finditer(words):
        out += escape(words[at : match.start()]) + Markup("<mark>%s</mark>") % match.group()
        at = match.end()
    return out + escape(words[at:])


@lru_cache(maxsize=64)
def _finder(query: str) -> re.Pattern[str] | None:
    parts = search_parts(query)
    return pattern(parts) if parts else None
