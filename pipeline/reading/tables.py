"""Ruled tables: drawn rules and words in, cells with their words out."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.reading.layout import Word
from pipeline.reading.rules import SNAP, Edge, Rect, tables_between

_FILLED = 0.6


@dataclass(frozen=True, slots=True)
class Grid:
    """A ruled table. `rows` holds numbers of cells, a merged cell in each place it covers; `words` those of each cell.

    `xs` are the positions of its upright rules, its sides included, in points.
    """

    top: float
    bottom: float
    xs: tuple[float, ...]
    rows: tuple[tuple[int, ...], ...]
    words: tuple[tuple[Word, ...], ...]


def grids_of(edges: Sequence[Edge], words: Sequence[Word], above: Grid | None = None) -> tuple[list[Grid], list[Word]]:
    """The tables of at least two rows and two columns from top to bottom, and the words that stand in none.

    `above` is the last table of the page before: one row is a table too where it carries that one on. Raises
    TooComplex for a page with more rules than can be searched.
    """
    rest = list(words)
    grids: list[Grid] = []
    for cells in tables_between(edges):
        grid, rest = _filled(cells, rest, above)
        if grid:
            grids.append(grid)
    return sorted(grids, key=lambda g: g.top), rest


def cells_of(edges: Sequence[Edge]) -> list[Rect]:
    """The cells (x0, top, x1, bottom) of all tables of at least two rows and columns, tangles left out.

    Raises TooComplex.
    """
    found = []
    for cells in tables_between(edges):
        lefts, tops, rights, bottoms = (set(side) for side in zip(*cells, strict=True))
        whole = _area((min(lefts), min(tops), max(rights), max(bottoms)))
        if len(lefts) > 1 and len(tops) > 1 and sum(map(_area, cells)) > _FILLED * whole:
            found += cells
    return found


def carries_on(above: Grid, xs: Sequence[float]) -> bool:
    """Whether columns at these positions are those of the table on the page before."""
    return len(above.xs) == len(xs) and all(abs(a - b) < 2 * SNAP for a, b in zip(above.xs, xs, strict=True))


def _filled(cells: Sequence[Rect], words: list[Word], above: Grid | None) -> tuple[Grid | None, list[Word]]:
    """The table with its words, and the words left over; None where it is a box, a chart, a tangle or empty."""
    xs = sorted({x for x0, _, x1, _ in cells for x in (x0, x1)})
    ys = sorted({y for _, y0, _, y1 in cells for y in (y0, y1)})
    places = _places(cells, xs, ys)
    inside: list[list[Word]] = [[] for _ in range(1 + max(map(max, places)))]
    rest = []
    for word in words:
        row = bisect_right(ys, (word.top + word.bottom) / 2) - 1
        column = bisect_right(xs, (word.x0 + word.x1) / 2) - 1
        if 0 <= row < len(places) and 0 <= column < len(places[0]):
            inside[places[row][column]].append(word)
        else:
            rest.append(word)
    if sum(map(len, inside[len(cells) :])) > sum(map(len, inside[: len(cells)])):
        return None, words  # rules that cross by chance: most of what they surround stands in no cell
    carried = above is not None and len(xs) > 2 and carries_on(above, xs)
    if not carried and (sum(1 for cell in inside if cell) < 2 or not _two_by_two(places)):
        return None, words
    return Grid(ys[0], ys[-1], tuple(xs), tuple(map(tuple, places)), tuple(map(tuple, inside))), rest


def _places(cells: Sequence[Rect], xs: list[float], ys: list[float]) -> list[list[int]]:
    """For each row and column the number of the cell there; a place that no cell covers is a cell of its own."""
    places = [[-1] * (len(xs) - 1) for _ in ys[1:]]
    for number, (x0, top, x1, bottom) in enumerate(sorted(cells, key=_area, reverse=True)):
        for line in places[bisect_left(ys, top) : bisect_left(ys, bottom)]:
            line[bisect_left(xs, x0) : bisect_left(xs, x1)] = [number] * (bisect_left(xs, x1) - bisect_left(xs, x0))
    number = len(cells)
    for row in places:
        for column, found in enumerate(row):
            if found < 0:
                row[column], number = number, number + 1
    return places


def _area(cell: Rect) -> float:
    return (cell[2] - cell[0]) * (cell[3] - cell[1])


def _two_by_two(places: list[list[int]]) -> bool:
    """Whether at least one row and one column fall into two cells."""
    columns = zip(*places, strict=True)
    return any(len(set(row)) > 1 for row in places) and any(len(set(column)) > 1 for column in columns)
