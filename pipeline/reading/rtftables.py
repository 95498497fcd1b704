"""The tables of an RTF file: rows that each say where their cells end, put together to one grid."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field

from pipeline.reading.blocks import BlockCell, BlockTable
from pipeline.reading.textcolumns import TextLine

_NEAR = 60  # twentieths of a point: rules that stand a little apart from row to row are one
_MOST_CELLS = 60
_DRAWN = {"brdrs", "brdrth", "brdrdb", "brdrdot", "brdrdash", "brdrhair", "brdrtriple", "brdrw"}


@dataclass(slots=True)
class _Place:
    """Where a cell stands: its right edge in twentieths of a point, and what it is merged with."""

    right: int = 0
    goes_on_above: bool = False
    goes_on_left: bool = False


@dataclass(slots=True)
class _Row:
    left: int
    places: list[_Place]
    cells: list[list[TextLine | BlockTable]]


@dataclass(slots=True)
class RowReader:
    """Collects rows; `lines` are those of the cell that is being read."""

    lines: list[TextLine | BlockTable] = field(default_factory=list)
    cells: list[list[TextLine | BlockTable]] = field(default_factory=list)
    rows: list[_Row] = field(default_factory=list)
    left: int = 0
    places: list[_Place] = field(default_factory=list)
    next: _Place = field(default_factory=_Place)
    side: bool = False
    drawn: int = 0

    def property(self, word: str, number: int | None) -> None:
        """A property of the row that is being described, or of one of its cells."""
        if word == "trowd":
            self.left, self.places, self.next, self.side = 0, [], _Place(), False
        elif word == "trleft":
            self.left = number or 0
        elif word in ("clvmrg", "clmrg"):
            self.next.goes_on_above |= word == "clvmrg"
            self.next.goes_on_left |= word == "clmrg"
        elif word == "cellx":
            self.next.right = number or 0
            if len(self.places) < _MOST_CELLS:
                self.places.append(self.next)
            self.next, self.side = _Place(), False
        elif word in ("clbrdrl", "clbrdrr"):
            self.side = True
        elif word.startswith(("clbrdr", "trbrdr")):
            self.side = False
        elif self.side and word in _DRAWN:
            self.side = False
            self.drawn += 1

    def end_cell(self) -> None:
        """What was read since the last cell is a cell."""
        self.cells.append(self.lines)
        self.lines = []

    def end_row(self) -> None:
        """The cells since the last row are a row."""
        if self.cells:
            self.rows.append(_Row(self.left, list(self.places), self.cells))
        self.cells = []

    def taken(self) -> list[TextLine | BlockTable]:
        """The table that was read, if any, and what stands in a row that never ended."""
        out: list[TextLine | BlockTable] = []
        if self.rows:
            cells = sum(len(row.cells) for row in self.rows)
            # two cells that meet have a rule between them, told at either or both
            out.append(_table(self.rows, ruled=self.drawn >= cells))
        for cell in (*self.cells, self.lines):
            out += cell
        self.lines, self.cells, self.rows = [], [], []
        self.drawn = 0
        return out


def _table(rows: list[_Row], ruled: bool) -> BlockTable:
    edges = _edges(rows)
    table = BlockTable(ruled=ruled)
    above: dict[int, BlockCell] = {}
    for row in rows:
        table.rows.append([])
        below: dict[int, BlockCell] = {}
        at = bisect_left(edges, row.left - _NEAR)
        if at:
            table.rows[-1].append(BlockCell(columns=at))
        for number, lines in enumerate(row.cells):
            place = row.places[number] if number < len(row.places) else _Place(right=row.left)
            end = max(at + 1, bisect_left(edges, place.right - _NEAR))
            at = _add_cell(table.rows[-1], lines, place, at, end, above, below)
        above = below
    return table


def _add_cell(
    row: list[BlockCell],
    lines: list[TextLine | BlockTable],
    place: _Place,
    at: int,
    end: int,
    above: dict[int, BlockCell],
    below: dict[int, BlockCell],
) -> int:
    """Adds a cell that goes from column `at` to column `end`, or makes the one above or left of it larger."""
    if place.goes_on_above and at in above:
        cell = below[at] = above[at]
        cell.rows += 1
        cell.lines += _printed(lines)
    elif place.goes_on_left and row:
        row[-1].columns += end - at
        row[-1].lines += _printed(lines)
    else:
        cell = below[at] = BlockCell(lines, columns=end - at)
        row.append(cell)
    return end


def _printed(blocks: list[TextLine | BlockTable]) -> list[TextLine | BlockTable]:
    return [block for block in blocks if isinstance(block, BlockTable) or block.text.strip()]


def _edges(rows: list[_Row]) -> list[int]:
    """The edges of all columns from left to right, those that nearly meet once; the first is the table's own."""
    edges: list[int] = []
    for edge in sorted({edge for row in rows for edge in (row.left, *(place.right for place in row.places))}):
        if not edges or edge - edges[-1] > _NEAR:
            edges.append(edge)
    return edges
