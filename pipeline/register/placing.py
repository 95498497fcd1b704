"""Vị trí trích dẫn: where in a dispatch the words stand that a person entered."""

from __future__ import annotations

import re
from typing import Literal

from pipeline.register.connection import Register
from pipeline.register.stored_text import stored_document
from pipeline.shape import line_at

_MOST_WORDS = 2000
_TABLES = {"obligation": "obligations", "deadline": "deadlines"}


def write_place(
    register: Register, kind: Literal["obligation", "deadline"], number: int, dispatch_id: int | None, quote: str | None
) -> None:
    """Note where the words of an entered finding stand, so that they are shown there; nothing where the text has them
    not, or several times."""
    row = register.one("SELECT file_id FROM dispatches WHERE id = ?", (dispatch_id,))
    if row is None or not quote:
        return
    document = stored_document(register, row["file_id"])
    span = place_in(document.text, quote)
    if span is None:
        return
    line = line_at(document, span[0])
    register.connection.execute(
        f"UPDATE {_TABLES[kind]} SET span_start = ?, span_end = ?, page = ? WHERE id = ?",
        (*span, line.page if line else None, number),
    )


def place_in(text: str, quote: str) -> tuple[int, int] | None:
    """The only place where these words stand, however they are broken into lines.

    >>> place_in("gửi báo\\n  cáo trước ngày 5", "báo cáo"), place_in("a b a", "a"), place_in("a", "b")
    ((4, 13), None, None)
    """
    words = quote.split()
    if not 0 < len(words) <= _MOST_WORDS:
        return None
    find = re.compile(r"\s+".join(re.escape(word) for word in words))
    found = find.search(text)
    if found is None or find.search(text, found.start() + 1):
        return None
    return found.span()
