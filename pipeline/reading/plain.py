"""Plain text and Markdown: lines as they stand, columns and pipe tables told apart."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.model import Document
from pipeline.errors import NoText
from pipeline.reading.builder import Builder
from pipeline.reading.textcolumns import TextLine, told_apart
from pipeline.reading.textgrid import add_grid, places

_BREAK = re.compile(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_RULE = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*")
_PIPE = re.compile(r"(?<!\\)\|")
_HTML_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)


def read_plain(text: str, sha256: str, whole: bool = True) -> Document:
    """The document of a text. Markdown marks stay in it; a pipe table of two columns is a strip, others are tables.

    Raises NoText where nothing but spaces stands in it.
    """
    builder = Builder()
    waiting: list[TextLine] = []
    lines = _BREAK.split(text)
    at = 0
    while at < len(lines):
        end, is_table = _piped(lines, at)
        if is_table:
            _flush(builder, waiting)
            waiting = []
            _add_table(builder, [_cells(line) for line in lines[at:end] if not _is_rule(line)])
        else:
            waiting += [TextLine(line) for line in lines[at:end]]
        at = end
    _flush(builder, waiting)
    if not builder.lines:
        raise NoText(format="txt")
    if not whole:
        builder.issue("text.unreadable_bytes", "some bytes of the file are no text")
    return builder.document(sha256, "txt")


def _flush(builder: Builder, lines: Sequence[TextLine]) -> None:
    for line in told_apart(lines, head=not any(found.column is not None for found in builder.lines[:40])):
        if line.text.strip():
            builder.add(line.text, column=line.column)
        else:
            builder.blank()


def _piped(lines: Sequence[str], at: int) -> tuple[int, bool]:
    """The line after those with pipes that begin at `at` (or after the one there), and whether they are a table."""
    width = _width(lines[at])
    end = at + 1
    while width and end < len(lines) and (_width(lines[end]) or _is_rule(lines[end])):
        end += 1
    if not width:
        return end, False
    block = lines[at:end]
    fenced = block[0].strip().startswith("|") and (width > 1 or any(map(_is_rule, block)))
    # bare pipes ("A | B | C") are a table only where several lines have as many of them
    alike = len(block) > 1 and width > 2 and all(_width(line) == width for line in block)
    return end, fenced or alike


def _width(line: str) -> int:
    """How many cells a line of a pipe table has; 0 for any other line."""
    stripped = line.strip()
    return len(_cells(line)) if "|" in stripped and not _is_rule(line) else 0


def _is_rule(line: str) -> bool:
    return "|" in line and bool(_RULE.fullmatch(line))


def _cells(line: str) -> list[str]:
    stripped = line.strip()
    cells = _PIPE.split(stripped)
    if stripped.startswith("|"):
        cells = cells[1:]
    if stripped.endswith("|") and not stripped.endswith("\\|"):
        cells = cells[:-1]
    return [cell.strip().replace("\\|", "|") for cell in cells]


def _add_table(builder: Builder, table: Sequence[Sequence[str]]) -> None:
    texts = [cell for row in table for cell in row]
    numbers = iter(range(len(texts)))
    rows = places([[(next(numbers), 1, 1) for _ in row] for row in table])
    filled = {n for n, text in enumerate(texts) if text}

    def add_cell(cell: int, column: int | None = None) -> None:
        for part in _HTML_BREAK.split(texts[cell]) if cell >= 0 else ():
            builder.add(part, column=column)

    add_grid(builder, rows, filled, False, add_cell)
