"""Drawn rules in, cells of tables out: pieces are joined, crossings found, and the rectangles between them gathered."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

MAX_PIECES = 20_000
MAX_RULES = 1200
MAX_CROSSINGS = 2000
SNAP = 3.0
_SHORTEST = 8.0

Rect = tuple[float, float, float, float]
Point = tuple[float, float]


class TooComplex(Exception):
    """A page has so many rules that looking for tables would take too long."""


class Edge(NamedTuple):
    """A drawn rule as displayed, in points; `x0 == x1` where it is upright, else `top == bottom`."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def upright(self) -> bool:
        """Whether it runs down the page."""
        return self.x0 == self.x1


class _Crossing(NamedTuple):
    """The rules that meet at a point."""

    uprights: list[Edge]
    levels: list[Edge]


Crossings = dict[Point, _Crossing]


def tables_between(edges: Sequence[Edge]) -> list[list[Rect]]:
    """The cells (x0, top, x1, bottom) of each table of at least two cells, from top to bottom.

    The search grows with the square of rules and crossings; raises TooComplex where there are too many.
    """
    uprights = sum(1 for edge in edges if edge.upright)
    if not uprights or len(edges) - uprights < 2:
        return []
    if len(edges) > MAX_PIECES:
        raise TooComplex
    rules = _merged(edges)
    crossings = _crossings(rules)
    if sides := list(_open_sides(crossings)):
        crossings = _crossings(_merged(rules + sides))
    return _tables(list(_cells(crossings)))


# ---------------------------------------------------------------- rules


def _merged(edges: Sequence[Edge]) -> list[Edge]:
    """Pieces that lie on one line and touch, as whole rules; short ones are dropped. Raises TooComplex."""
    levels = [Edge(x0, y, x1, y) for y, x0, x1 in _joined((e.top, e.x0, e.x1) for e in edges if not e.upright)]
    uprights = [Edge(x, y0, x, y1) for x, y0, y1 in _joined((e.x0, e.top, e.bottom) for e in edges if e.upright)]
    whole = [e for e in [*levels, *uprights] if e.x1 - e.x0 + e.bottom - e.top > _SHORTEST]
    if len(whole) > MAX_RULES:
        raise TooComplex
    return whole


def _joined(pieces: Iterable[tuple[float, float, float]]) -> Iterator[tuple[float, float, float]]:
    """Pieces (place, start, end) of one direction, those on one line that touch as one, line after line."""
    whole: tuple[float, float, float] | None = None
    for place, start, end in sorted(_snapped(sorted(pieces))):
        if whole and place == whole[0] and start <= whole[2] + SNAP:
            whole = place, whole[1], max(whole[2], end)
            continue
        if whole:
            yield whole
        whole = place, start, end
    if whole:
        yield whole


def _snapped(pieces: Sequence[tuple[float, float, float]]) -> Iterator[tuple[float, float, float]]:
    """The pieces, sorted by place; those that lie close to one another are moved to one place."""
    first = 0
    for last, (place, _, _) in enumerate(pieces):
        if last + 1 == len(pieces) or pieces[last + 1][0] > place + SNAP:
            group = pieces[first : last + 1]
            mean = sum(place for place, _, _ in group) / len(group)
            # without rounding, places may differ in the last digit, and rules on them would then not be joined
            yield from ((round(place + (mean - place), 2), start, end) for place, start, end in group)
            first = last + 1


# ---------------------------------------------------------------- crossings


def _crossings(rules: Sequence[Edge]) -> Crossings:
    """Where rules cross or touch. Raises TooComplex."""
    crossings: Crossings = {}
    levels = sorted((e for e in rules if not e.upright), key=lambda e: (e.top, e.x0))
    heights = [level.top for level in levels]
    for upright in sorted((e for e in rules if e.upright), key=lambda e: (e.x0, e.top)):
        x = upright.x0
        for level in levels[bisect_left(heights, upright.top - SNAP) : bisect_right(heights, upright.bottom + SNAP)]:
            if level.x0 - SNAP <= x <= level.x1 + SNAP:
                met = crossings.setdefault((x, level.top), _Crossing([], []))
                met.uprights.append(upright)
                met.levels.append(level)
    if len(crossings) > MAX_CROSSINGS:
        raise TooComplex
    return crossings


def _open_sides(crossings: Crossings) -> Iterator[Edge]:
    """The sides of tables that are drawn without them: where the rules that cross a rule begin and end."""
    on_uprights = [(point[0], met.uprights, met.levels) for point, met in crossings.items()]
    for upright, first, last in _beyond(on_uprights, lambda level: (level.x0, level.x1)):
        for x in (first, last):
            if x is not None:
                yield Edge(x, upright.top, x, upright.bottom)
    on_levels = [(point[1], met.levels, met.uprights) for point, met in crossings.items()]
    for level, first, last in _beyond(on_levels, lambda upright: (upright.top, upright.bottom)):
        for y in (first, last):
            if y is not None:
                yield Edge(level.x0, y, level.x1, y)


def _beyond(
    places: Sequence[tuple[float, list[Edge], list[Edge]]], ends_of: Callable[[Edge], tuple[float, float]]
) -> Iterator[tuple[Edge, float | None, float | None]]:
    """Each rule that several others cross, and where these begin and end, if beyond all that they cross."""
    across: dict[Edge, list[Edge]] = {}
    met: dict[Edge, list[float]] = {}
    for place, own, others in places:
        for rule in own:
            across.setdefault(rule, []).extend(others)
        for rule in others:
            met.setdefault(rule, []).append(place)
    for rule, others in across.items():
        if len(others) > 1:
            first, last = min(ends_of(o)[0] for o in others), max(ends_of(o)[1] for o in others)
            before = first < min(min(met[o]) for o in others) - 2 * SNAP
            after = last > max(max(met[o]) for o in others) + 2 * SNAP
            yield rule, first if before else None, last if after else None


# ---------------------------------------------------------------- cells


def _cells(crossings: Crossings) -> Iterator[Rect]:
    """The smallest cell to the lower right of each crossing that is the corner of one, column by column."""
    points = sorted(crossings)
    below: dict[float, list[float]] = {}
    right: dict[float, list[float]] = {}
    for x, y in reversed(points):
        ys, xs = below.setdefault(x, []), right.setdefault(y, [])
        ys.append(y)
        xs.append(x)
    for x, y in points:
        below[x].pop()
        right[y].pop()
        cell = _smallest((x, y), below[x][::-1], right[y][::-1], crossings)
        if cell:
            yield cell


def _smallest(corner: Point, below: Sequence[float], right: Sequence[float], crossings: Crossings) -> Rect | None:
    x, y = corner
    rights = [x1 for x1 in right if _common(crossings[corner].levels, crossings[x1, y].levels)]
    for y1 in below:
        if rights and _common(crossings[corner].uprights, crossings[x, y1].uprights):
            for x1 in rights:
                opposite = crossings.get((x1, y1))
                if (
                    opposite
                    and _common(opposite.uprights, crossings[x1, y].uprights)
                    and _common(opposite.levels, crossings[x, y1].levels)
                ):
                    return x, y, x1, y1
    return None


def _common(some: list[Edge], others: list[Edge]) -> bool:
    return any(rule in others for rule in some)


def _tables(cells: list[Rect]) -> list[list[Rect]]:
    """Cells that touch at corners, together, if there are several of them; from top to bottom."""
    tables = []
    while cells:
        table, corners, left = [cells[0]], set(_corners(cells[0])), cells[1:]
        grown = True
        while grown:
            waiting, left, grown = left, [], False
            for cell in waiting:
                if corners.isdisjoint(_corners(cell)):
                    left.append(cell)
                else:
                    corners.update(_corners(cell))
                    table.append(cell)
                    grown = True
        tables.append(table)
        cells = left
    several = [table for table in tables if len(table) > 1]
    return sorted(several, key=lambda table: min((top, x0) for x0, top, _, _ in table))


def _corners(cell: Rect) -> tuple[Point, Point, Point, Point]:
    x0, top, x1, bottom = cell
    return (x0, top), (x0, bottom), (x1, top), (x1, bottom)
