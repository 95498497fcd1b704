"""Paragraphs and tables in reading order, as RTF and DocBook files hold them, put together to lines and tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pipeline.reading.builder import Builder
from pipeline.reading.textcolumns import TextLine, told_apart
from pipeline.reading.textgrid import add_grid, places

_STAMP = 24


@dataclass(slots=True)
class BlockCell:
    """One cell: its lines and the tables in it, over how many columns and rows it goes."""

    lines: list[TextLine | BlockTable] = field(default_factory=list)
    columns: int = 1
    rows: int = 1


@dataclass(slots=True)
class BlockTable:
    """Rows of cells; `ruled` where rules are drawn between its columns."""

    rows: list[list[BlockCell]] = field(default_factory=list)
    ruled: bool = False


def laid_out(blocks: Iterable[TextLine | BlockTable]) -> Builder:
    """The lines of all blocks; tables that only set text side by side become columns, the others tables."""
    builder = Builder()
    waiting: list[TextLine] = []
    for block in blocks:
        if isinstance(block, BlockTable):
            _flush(builder, waiting)
            waiting = []
            _add_table(builder, block)
        else:
            waiting.append(block)
    _flush(builder, waiting)
    return builder


def add_page_marks(builder: Builder, printed: Iterable[str]) -> None:
    """What headers and footers print that may be a stamp, after the text: one that is overlooked does harm.

    A stamp is short and holds no digits; it is in capitals or has a label. Running titles are left out.
    """
    short = (text.strip() for text in printed)
    marks = dict.fromkeys(t for t in short if len(t) <= _STAMP and not any(c.isdigit() for c in t))
    for mark in marks:
        if mark.isupper() or ":" in mark:
            builder.blank()
            builder.add(mark)


def _flush(builder: Builder, lines: Sequence[TextLine]) -> None:
    head = not any(line.column is not None for line in builder.lines[:40])
    for line in told_apart(lines, head):
        if line.text.strip():
            builder.add(line.text, column=line.column, bold=line.bold)
        else:
            builder.blank()


def _add_table(builder: Builder, table: BlockTable) -> None:
    cells = [cell for row in table.rows for cell in row]
    numbers = iter(range(len(cells)))
    rows = places([[(next(numbers), cell.columns, cell.rows) for cell in row] for row in table.rows])
    filled = {n for n, cell in enumerate(cells) if _filled(cell.lines)}

    def add_cell(cell: int, column: int | None = None) -> None:
        if cell >= 0:
            _add_cell(builder, cells[cell], column)

    add_grid(builder, rows, filled, table.ruled, add_cell)


def _add_cell(builder: Builder, cell: BlockCell, column: int | None) -> None:
    """The lines of a cell; a table inside is read as lines too."""
    before, first = len(builder.tables), len(builder.lines)
    for block in cell.lines:
        if isinstance(block, BlockTable):
            _add_table(builder, block)
        else:
            builder.add(block.text, bold=block.bold)
    del builder.tables[before:]
    if column is not None:
        builder.set_column(first, column)


def _filled(blocks: Iterable[TextLine | BlockTable]) -> bool:
    return any(
        any(_filled(cell.lines) for row in block.rows for cell in row)
        if isinstance(block, BlockTable)
        else bool(block.text.strip())
        for block in blocks
    )
