"""Tables of text formats (DOCX, HTML): laid out side by side, or data? Rows hold numbers of cells."""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import Protocol

from pipeline.reading.builder import Builder

_FEW_ROWS = 6


def places(spans: Sequence[Sequence[tuple[int, int, int]]], most: int = 200) -> list[list[int]]:
    """Rows of equal length from rows of (cell, columns, rows it covers); -1 where no cell stands.

    A merged cell stands in each place that it covers.
    """
    taken: dict[tuple[int, int], int] = {}
    width = 0
    for at, row in enumerate(spans):
        column = 0
        for cell, columns, deep in row:
            while (at, column) in taken:
                column += 1
            for r in range(at, min(at + max(1, deep), len(spans))):
                for k in range(column, min(column + max(1, columns), most)):
                    taken[r, k] = cell
            column += max(1, columns)
            width = max(width, min(column, most))
    width = max([width, *(k + 1 for _, k in taken)])
    return [[taken.get((r, k), -1) for k in range(width)] for r in range(len(spans))]


class AddCell(Protocol):
    """Adds the lines of one cell to what is being built, in a column where it is one of two."""

    def __call__(self, cell: int, column: int | None = None, /) -> None: ...


def add_grid(builder: Builder, rows: Sequence[Sequence[int]], filled: Set[int], ruled: bool, add_cell: AddCell) -> None:
    """The cells of a grid: as two columns or as running text where that is all it sets, else as a table."""
    if sides := halves(rows, filled, ruled):
        for column, side in enumerate(sides):
            for n in side:
                add_cell(n, column)
    elif (text := flow(rows, filled)) is not None:
        for n in text:
            add_cell(n)
    else:
        builder.table(rows, add_cell)


def halves(rows: Sequence[Sequence[int]], filled: Set[int], ruled: bool) -> tuple[list[int], list[int]] | None:
    """The cells of the left and of the right column, where the table only sets text side by side.

    That is one filled row of two or three cells, a few rows with no more than two filled cells and no rule between
    them, or text beside an empty cell. None for a table of data.
    """
    lines = [_filled(row, filled) for row in rows]
    lines = [line for line in lines if line]
    most = max((len(line) for line in lines), default=0)
    if most == 1 and len(lines) <= _FEW_ROWS:
        return _one_sided([line[0] for line in lines])
    if most < 2 or most > (3 if len(lines) == 1 else 2) or (len(lines) > 1 and (ruled or len(lines) > _FEW_ROWS)):
        return None
    border = min(line[1][1] for line in lines if len(line) > 1)
    left: list[int] = []
    right: list[int] = []
    for line in lines:
        for n, (cell, column) in enumerate(line):
            side = right if n or column >= border else left
            if cell not in left and cell not in right:
                side.append(cell)
    return left, right


def _one_sided(cells: list[tuple[int, int]]) -> tuple[list[int], list[int]] | None:
    """A signature at the right of an empty cell; None where all text stands at the left."""
    right = [cell for cell, column in cells if column]
    return ([cell for cell, column in cells if not column], right) if right else None


def flow(rows: Sequence[Sequence[int]], filled: Set[int]) -> list[int] | None:
    """The filled cells in reading order where no two stand beside each other: text in a frame. Else None."""
    lines = [_filled(row, filled) for row in rows]
    if any(len(line) > 1 for line in lines):
        return None
    return list(dict.fromkeys(cell for line in lines for cell, _ in line))


def _filled(row: Sequence[int], filled: Set[int]) -> list[tuple[int, int]]:
    """The filled cells of a row, each once, with the column where it begins."""
    out: list[tuple[int, int]] = []
    for column, cell in enumerate(row):
        if cell in filled and all(cell != c for c, _ in out):
            out.append((cell, column))
    return out
