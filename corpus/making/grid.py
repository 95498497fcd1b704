"""Where the cells of a ruled table stand: heights of rows, merged cells, rows by page. Points, from the top down."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from making.sources import Cell, cells


@dataclass(frozen=True, slots=True)
class CellBox:
    """What is seen of a cell on one page; `lines` is empty where a merged cell goes on from the page before."""

    x: float
    width: float
    top: float
    bottom: float
    lines: list[str]
    is_head: bool
    centred: bool


class Grid:
    """A table laid out for columns of given widths. `wrap` gives a text's lines in a width; row 0 is the head."""

    leading, pad = 14.0, 4.0

    def __init__(self, rows: list[list[str]], widths: list[float], wrap: Callable[[str, float], list[str]]) -> None:
        self.widths, self.cells = widths, cells(rows)
        self.lines = {cell: wrap(cell.text, self.width_of(cell) - 2 * self.pad) for cell in self.cells}
        self.heights = self._heights(len(rows))

    def width_of(self, cell: Cell) -> float:
        """All that a cell covers, merged columns included."""
        return sum(self.widths[cell.column : cell.column + cell.columns])

    def _heights(self, count: int) -> list[float]:
        """Each row as high as its highest cell; what a merged cell needs beyond its rows, its last row gets."""
        heights = [0.0] * count
        for cell in sorted(self.cells, key=lambda cell: cell.rows):
            needed = len(self.lines[cell]) * self.leading + 3 * self.pad
            last = cell.row + cell.rows - 1
            heights[last] = max(heights[last], needed - sum(heights[cell.row : last]))
        return heights

    def pages(self, first: float, later: float) -> list[range]:
        """The rows below the head, by page, for pages with so much room; the head stands on each."""
        parts, start, used = [], 1, self.heights[0]
        for row in range(1, len(self.heights)):
            room = later if parts else first
            if used + self.heights[row] > room:
                parts.append(range(start, row))
                start, used = row, self.heights[0]
            used += self.heights[row]
        return [*parts, range(start, len(self.heights))]

    def boxes(self, part: range) -> Iterator[CellBox]:
        """The head's cells and those of some rows, from the top of the table on this page."""
        tops = {0: 0.0}
        below = self.heights[0]
        for row in part:
            tops[row], below = below, below + self.heights[row]
        for cell in self.cells:
            seen = [row for row in range(cell.row, cell.row + cell.rows) if row in tops]
            if not seen:
                continue
            yield CellBox(
                x=sum(self.widths[: cell.column]),
                width=self.width_of(cell),
                top=tops[seen[0]],
                bottom=tops[seen[-1]] + self.heights[seen[-1]],
                lines=self.lines[cell] if seen[0] == cell.row else [],
                is_head=cell.row == 0 or cell.columns > 1,
                centred=cell.row == 0 or cell.column != 1,
            )
