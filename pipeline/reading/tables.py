"""Ruled tables: drawn rules and words in, cells out. pdfplumber finds the cells, in the rules that PDFium gave."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from pipeline.reading.layout import Word

MAX_PIECES = 20_000
MAX_RULES = 1200
MAX_CROSSINGS = 2000
_SNAP = 3.0
_SHORTEST = 8.0
_FILLED = 0.6

Rect = tuple[float, float, float, float]
Rule = dict[str, Any]
Crossings = dict[tuple[float, float], dict[str, list[Rule]]]


class TooComplex(Exception):
    """A page has so many rules that looking for tables would take too long."""


class Edge(NamedTuple):
    """A drawn rule as displayed, in points; `x0 == x1` where it is upright, else `top == bottom`."""

    x0: float
    top: float
    x1: float
    bottom: float


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
    for cells in _tables(edges):
        grid, rest = _filled(cells, rest, above)
        if grid:
            grids.append(grid)
    return sorted(grids, key=lambda g: g.top), rest


def cells_of(edges: Sequence[Edge]) -> list[Rect]:
    """The cells (x0, top, x1, bottom) of all tables of at least two rows and columns, tangles left out.

    Raises TooComplex.
    """
    found = []
    for cells in _tables(edges):
        lefts, tops, rights, bottoms = (set(side) for side in zip(*cells, strict=True))
        whole = _area((min(lefts), min(tops), max(rights), max(bottoms)))
        if len(lefts) > 1 and len(tops) > 1 and sum(map(_area, cells)) > _FILLED * whole:
            found += cells
    return found


def carries_on(above: Grid, xs: Sequence[float]) -> bool:
    """Whether columns at these positions are those of the table on the page before."""
    return len(above.xs) == len(xs) and all(abs(a - b) < 2 * _SNAP for a, b in zip(above.xs, xs, strict=True))


def _tables(edges: Sequence[Edge]) -> list[list[Rect]]:
    """The cells of each possible table: pdfplumber's search, which grows with the square of rules and crossings."""
    upright = sum(1 for edge in edges if edge.x0 == edge.x1)
    if not upright or len(edges) - upright < 2:
        return []
    if len(edges) > MAX_PIECES:
        raise TooComplex
    from pdfplumber.table import cells_to_tables, intersections_to_cells

    rules = _merged([_rule(*edge) for edge in edges])
    crossings = _crossings(rules)
    sides = list(_open_sides(crossings))
    if sides:
        crossings = _crossings(_merged(rules + sides))
    tables: list[list[Rect]] = cells_to_tables(intersections_to_cells(crossings))
    return tables


def _rule(x0: float, top: float, x1: float, bottom: float) -> Rule:
    """A rule as pdfplumber describes one."""
    return {
        "x0": x0, "x1": x1, "width": x1 - x0, "top": top, "bottom": bottom, "height": bottom - top,
        "orientation": "v" if x0 == x1 else "h",
    }  # fmt: skip


def _merged(rules: list[Rule]) -> list[Rule]:
    """Pieces that lie on one line and touch, as whole rules; short ones are dropped. Raises TooComplex."""
    from pdfplumber.table import merge_edges, snap_edges

    # positions snapped together may differ in the last digit, and rules on them would then not be joined
    snapped = [_moved(rule, round(_position(rule), 2)) for rule in snap_edges(rules, _SNAP, _SNAP)]
    joined = merge_edges(snapped, 0, 0, _SNAP, _SNAP)
    whole = [rule for rule in joined if rule["width"] + rule["height"] > _SHORTEST]
    if len(whole) > MAX_RULES:
        raise TooComplex
    return whole


def _crossings(rules: list[Rule]) -> Crossings:
    """Where rules cross or touch. Raises TooComplex."""
    from pdfplumber.table import edges_to_intersections

    crossings: Crossings = edges_to_intersections(rules, _SNAP, _SNAP)
    if len(crossings) > MAX_CROSSINGS:
        raise TooComplex
    return crossings


def _open_sides(crossings: Crossings) -> Iterator[Rule]:
    """The sides of tables that are drawn without them: where the rules that cross a rule begin and end."""
    for own, other, axis, low, high in (("v", "h", 0, "x0", "x1"), ("h", "v", 1, "top", "bottom")):
        across: dict[int, tuple[Rule, list[Rule]]] = {}
        met: dict[int, list[float]] = {}
        for point, rules in crossings.items():
            for rule in rules[own]:
                across.setdefault(id(rule), (rule, []))[1].extend(rules[other])
            for rule in rules[other]:
                met.setdefault(id(rule), []).append(point[axis])
        for rule, others in across.values():
            first, last = min(o[low] for o in others), max(o[high] for o in others)
            if len(others) > 1 and first < min(min(met[id(o)]) for o in others) - 2 * _SNAP:
                yield _moved(rule, first)
            if len(others) > 1 and last > max(max(met[id(o)]) for o in others) + 2 * _SNAP:
                yield _moved(rule, last)


def _position(rule: Rule) -> float:
    """Where a rule stands: x of an upright one, y of a level one."""
    at: float = rule["x0"] if rule["orientation"] == "v" else rule["top"]
    return at


def _moved(rule: Rule, at: float) -> Rule:
    if rule["orientation"] == "v":
        return _rule(at, rule["top"], at, rule["bottom"])
    return _rule(rule["x0"], at, rule["x1"], at)


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
