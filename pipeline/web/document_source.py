"""Tệp gốc của văn bản: its pages as pictures, the words on them with their places, and its text."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from extractors.model import Box, Document
from pipeline.reading.containers import SEPARATOR
from pipeline.reading.facsimile import FORMATS, Source
from pipeline.register import Register, Row, stored_document

SHOWN_PAGES = 40  # figures on one page of the browser
SHOWN_CHARS = 20_000  # of the text at once

State = Literal["here", "gone", "changed"]

_PATHS = """
SELECT f.id, f.sha256, f.format, f.pages, p.path, p.member, p.size FROM dispatches d JOIN files f ON f.id = d.file_id
LEFT JOIN file_paths p ON p.file_id = f.id AND p.is_current WHERE d.id = ? ORDER BY p.id DESC LIMIT 20
"""


@dataclass(frozen=True, slots=True)
class Original:
    """The file of a dispatch: `source` where it is to be found and `state` whether it seems to be there, unchanged in
    size; whether it has `pages` that can be shown."""

    source: Source | None
    state: State
    pages: int


def original_of(register: Register, dispatch_id: int) -> Original:
    """Where the file of a dispatch lies: of several places the first where it seems to be."""
    found: list[tuple[State, Source]] = []
    pages = 0
    for row in register.rows(_PATHS, (dispatch_id,)):
        pages = row["pages"] if row["format"] in FORMATS else 0
        if row["path"]:
            found.append(_looked_at(row))
    for state in ("here", "changed", "gone"):
        for seen, source in found:
            if seen == state:
                return Original(source, seen, pages)
    return Original(None, "gone", pages)


def _looked_at(row: Row) -> tuple[State, Source]:
    path, member = row["path"], row["member"]
    if member is not None:
        path = path.removesuffix(SEPARATOR + member)
    source = Source(path, member, row["format"], row["sha256"])
    try:
        size = os.stat(path).st_size
    except (OSError, ValueError):
        return "gone", source
    return ("here" if row["size"] in (None, size) else "changed"), source


def document_of(register: Register, dispatch_id: int) -> Document:
    """The document as it was read."""
    row = register.one("SELECT file_id FROM dispatches WHERE id = ?", (dispatch_id,))
    assert row is not None
    return stored_document(register, row["file_id"])


# ------------------------------------------------------------------------------------------------ words on a page


def lines_of(document: Document, page: int) -> list[list[object]]:
    """What stands on a page: [start, x0, top, x1, bottom, text] of each line, of each word where it was recognised;
    points from the top left."""
    out: list[list[object]] = []
    starts = [word.start for word in document.words]
    for line in document.lines:
        if line.page == page and line.box and line.start < line.end:
            words = document.words[bisect_right(starts, line.start - 1) : bisect_right(starts, line.end - 1)]
            out += [_piece(document, word.start, word.end, word.box) for word in words] or [
                _piece(document, line.start, line.end, line.box)
            ]
    return out


def _piece(document: Document, start: int, end: int, box: Box) -> list[object]:
    return [start, *(round(v, 1) for v in (box.x0, box.top, box.x1, box.bottom)), document.text[start:end]]


# ------------------------------------------------------------------------------------------------ the text


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A part of a text: pieces (start, words), cut where a value begins or ends; where the parts before and after
    begin, None where there is none."""

    pieces: list[tuple[int, str]]
    start: int
    end: int
    before: int | None
    after: int | None


def excerpt(text: str, spans: Iterable[tuple[int, int]], at: int) -> Excerpt:
    """The part of a text that holds the character `at`; parts end at line ends where they can."""
    start = 0
    while (end := _end_of(text, start)) <= at < len(text):
        start = end
    before = max(0, start - SHOWN_CHARS) if start else None
    cuts = sorted({start, *(n for span in spans for n in span if start < n < end)})
    pieces = [(a, text[a:b]) for a, b in zip(cuts, [*cuts[1:], end], strict=True)]
    return Excerpt(pieces, start, end, before, end if end < len(text) else None)


def _end_of(text: str, start: int) -> int:
    end = start + SHOWN_CHARS
    if end >= len(text):
        return len(text)
    line = text.rfind("\n", start + SHOWN_CHARS // 2, end)
    return line + 1 if line > 0 else end
