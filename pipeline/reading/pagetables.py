"""Tables that go on over page breaks: one table again, and a row that the break cuts through one row."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.reading.layout import Piece, Row, piece, rows_of
from pipeline.reading.tables import Grid, carries_on

PagedPiece = tuple[Piece, int]


@dataclass(slots=True)
class LongTable:
    """A table over one page or several: `rows` holds numbers of cells, `cells` the lines of each with their pages."""

    page: int
    last: Grid
    rows: list[tuple[int, ...]]
    cells: list[list[PagedPiece]]


def begun(grid: Grid, page: int) -> LongTable:
    """The table as it stands on its first page."""
    return LongTable(page, grid, list(grid.rows), [_lines(words_rows, page) for words_rows in map(rows_of, grid.words)])


def carried_on(table: LongTable, grid: Grid, page: int) -> bool:
    """Takes the table of the next page into `table` if it is the same one; says whether it is.

    A first row that repeats the table's head is left out. One whose first cell is empty carries on the row above.
    """
    if not carries_on(table.last, grid.xs):
        return False
    cells = [_lines(words_rows, page) for words_rows in map(rows_of, grid.words)]
    rows = list(grid.rows)
    head = 0
    while head < min(len(rows), len(table.rows), 3) and _texts(rows[head], cells) == _texts(
        table.rows[head], table.cells
    ):
        head += 1
    rows = rows[head:]
    if rows and table.rows and _is_rest(rows[0], cells, table.rows[-1], table.cells):
        for own, cell in dict(zip(table.rows[-1], rows[0], strict=True)).items():
            table.cells[own] += cells[cell]
        rows = rows[1:]
    shift = len(table.cells)
    table.rows += [tuple(cell + shift for cell in row) for row in rows]
    table.cells += cells
    table.last = grid
    return True


def _is_rest(
    row: tuple[int, ...], cells: list[list[PagedPiece]], above: tuple[int, ...], before: list[list[PagedPiece]]
) -> bool:
    """Whether a row is the second part of the row above: as many cells, nothing in the first, something elsewhere.

    On a scan the first cell may hold a number that was not read: there no cell may begin like one of its own.
    """
    distinct = len(set(row)) == len(row) and len(set(above)) == len(above)
    if not (distinct and not cells[row[0]] and bool(before[above[0]]) and any(cells[cell] for cell in row)):
        return False
    longest = max((cells[cell] for cell in row), key=lambda lines: sum(len(one.text) for one, _ in lines))
    first = longest[0][0]
    return not (first.words and first.text[0].isupper())


def _texts(row: tuple[int, ...], cells: list[list[PagedPiece]]) -> list[str]:
    return [" ".join(one.text for one, _ in cells[cell]) for cell in row]


def _lines(rows: list[Row], page: int) -> list[PagedPiece]:
    return [(piece(row), page) for row in rows]
