"""A document's text, lines, tables and recognised words as they lie in the register, and back again."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from typing import Any

from extractors.model import Box, Cell, Document, Issue, Line, ScannedWord, Span, Table
from pipeline import errors
from pipeline.register.connection import Register


def packed_lines(document: Document) -> str:
    """[[start, end, page, column, bold, x0, top, x1, bottom], ...] as JSON; trailing nulls and zeros left out."""
    return json.dumps([_packed_line(line) for line in document.lines], separators=(",", ":"))


def packed_tables(document: Document) -> str:
    """[[start, end, page, rows of [cell start, cell end]], ...] as JSON."""
    tables = [
        [t.start, t.end, t.page, [[[cell.start, cell.end] for cell in row] for row in t.rows]] for t in document.tables
    ]
    return json.dumps(tables, separators=(",", ":"))


def packed_words(document: Document) -> bytes | None:
    """The recognised words column by column, since columns compress to a third of what rows do; None without any.

    Compressed JSON, a list each of: characters since the end of the word before, length, x0, top, width, height
    (tenths of a point), confidence (thousandths).
    """
    if not document.words:
        return None
    ends = [0, *(word.end for word in document.words)]
    rows = [
        (word.start - before, word.end - word.start, *_packed_box(word.box), round(word.confidence * 1000))
        for before, word in zip(ends, document.words, strict=False)
    ]
    return zlib.compress(json.dumps(list(zip(*rows, strict=True)), separators=(",", ":")).encode())


def _packed_box(box: Box) -> tuple[int, int, int, int]:
    x0, top, x1, bottom = (round(value * 10) for value in (box.x0, box.top, box.x1, box.bottom))
    return x0, top, x1 - x0, bottom - top


def _packed_line(line: Line) -> list[Any]:
    out: list[Any] = [line.start, line.end]
    if line.box or line.page is not None or line.column is not None or line.bold:
        out += [line.page, line.column, int(line.bold)]
    if box := line.box:
        out += [round(box.x0, 1), round(box.top, 1), round(box.x1, 1), round(box.bottom, 1)]
    return out


def stored_document(register: Register, file_id: int) -> Document:
    """The document as it was read, from the register alone: for extracting anew without the file."""
    row = register.one(
        "SELECT f.sha256, f.pages, f.medium, f.format, t.text, t.lines, t.tables, t.words"
        " FROM files f JOIN texts t ON t.file_id = f.id WHERE f.id = ?",
        (file_id,),
    )
    if row is None:
        raise errors.UnknownId(id=str(file_id))
    return Document(
        text=row["text"],
        lines=tuple(_line(*values) for values in json.loads(row["lines"])),
        sha256=row["sha256"],
        tables=tuple(_table(*values) for values in json.loads(row["tables"])),
        pages=row["pages"],
        medium=row["medium"],
        format=row["format"],
        issues=_reader_issues(register, file_id),
        words=tuple(_words(row["words"])) if row["words"] else (),
    )


def _reader_issues(register: Register, file_id: int) -> tuple[Issue, ...]:
    rows = register.rows(
        "SELECT i.code, i.message, i.span_start, i.span_end FROM issues i JOIN dispatches d ON d.id = i.dispatch_id"
        " WHERE d.file_id = ? AND i.source = 'reading' ORDER BY i.id",
        (file_id,),
    )
    return tuple(
        Issue(r["code"], r["message"], Span(r["span_start"], r["span_end"]) if r["span_end"] is not None else None)
        for r in rows
    )


def _line(start: int, end: int, page: int | None = None, column: int | None = None, bold: int = 0, *box: float) -> Line:
    return Line(start, end, page, Box(*box) if box else None, column, bool(bold))


def _table(start: int, end: int, page: int | None, rows: list[list[list[int]]]) -> Table:
    return Table(start, end, tuple(tuple(Cell(*cell) for cell in row) for row in rows), page)


def _words(packed: bytes) -> Iterator[ScannedWord]:
    at = 0
    for gap, length, x0, top, width, height, confidence in zip(*json.loads(zlib.decompress(packed)), strict=True):
        start, at = at + gap, at + gap + length
        box = Box(x0 / 10, top / 10, (x0 + width) / 10, (top + height) / 10)
        yield ScannedWord(start, at, box, confidence / 1000)
