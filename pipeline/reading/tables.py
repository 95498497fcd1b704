"""Ruled tables: drawn rules and words in, cells out."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.reading.layout import Word

_SNAP = 3.0
_SHORTEST = 8.0
_MAX_RULES = 2000
_MAX_CELLS = 40_000


class Edge(NamedTuple):
    """A drawn rule as displayed; `x0 == x1` where it is upright, else `top == bottom`."""

    x0: float
    top: float
    x1: float
    bottom: float


class Rule(NamedTuple):
    """A whole rule: where it stands (x of an upright one, y of a level one), and from where to where it goes."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Grid:
    """A ruled table. `rows` holds numbers of cells, a merged cell in each place it covers; `words` those of each cell.

    `xs` are the positions of its upright rules, its sides included.
    """

    top: float
    bottom: float
    xs: tuple[float, ...]
    rows: tuple[tuple[int, ...], ...]
    words: tuple[tuple[Word, ...], ...]


def grids_of(edges: Sequence[Edge], words: Sequence[Word], above: Grid | None = None) -> tuple[list[Grid], list[Word]]:
    """The tables of at least two rows and two columns from top to bottom, and the words that stand in none.

    `above` is the last table of the page before: one row is a table too where it carries that one on.
    """
    upright = _rules((e.x0, e.top, e.bottom) for e in edges if e.x0 == e.x1)
    level = _rules((e.top, e.x0, e.x1) for e in edges if e.x0 != e.x1)
    rest = list(words)
    if not upright or len(level) < 2 or len(upright) + len(level) > _MAX_RULES:
        return [], rest
    grids: list[Grid] = []
    for frame in _frames(upright, level):
        grid, rest = _filled(frame, rest, above)
        if grid:
            grids.append(grid)
    return sorted(grids, key=lambda g: g.top), rest


def _rules(pieces: Iterable[tuple[float, float, float]]) -> list[Rule]:
    """Pieces that lie on one line and touch, as whole rules."""
    lanes: list[list[tuple[float, float, float]]] = []
    for one in sorted(pieces):
        if lanes and one[0] - lanes[-1][-1][0] <= _SNAP and one[0] - lanes[-1][0][0] <= 2 * _SNAP:
            lanes[-1].append(one)
        else:
            lanes.append([one])
    out = []
    for lane in lanes:
        at = sum(p[0] for p in lane) / len(lane)
        start = end = None
        for _, a, b in sorted(lane, key=lambda p: p[1]):
            if start is None or end is None or a > end + _SNAP:
                if start is not None and end is not None:
                    out.append(Rule(at, start, end))
                start, end = a, b
            else:
                end = max(end, b)
        if start is not None and end is not None:
            out.append(Rule(at, start, end))
    return [r for r in out if r.end - r.start > _SHORTEST]


def _cross(upright: Rule, level: Rule) -> bool:
    return (
        level.start - _SNAP <= upright.at <= level.end + _SNAP
        and upright.start - _SNAP <= level.at <= upright.end + _SNAP
    )


def _frames(upright: list[Rule], level: list[Rule]) -> list[_Frame]:
    """Rules that hang together, each group one possible table."""
    level = sorted(level)
    heights = [r.at for r in level]
    group = list(range(len(upright) + len(level)))

    def root(n: int) -> int:
        while group[n] != n:
            group[n] = group[group[n]]
            n = group[n]
        return n

    for n, rule in enumerate(upright):
        first, last = bisect_left(heights, rule.start - _SNAP), bisect_right(heights, rule.end + _SNAP)
        for m in range(first, last):
            if _cross(rule, level[m]):
                group[root(len(upright) + m)] = root(n)
    frames: dict[int, _Frame] = {}
    for n, rule in enumerate(upright):
        frames.setdefault(root(n), _Frame()).upright.append(rule)
    for m, rule in enumerate(level):
        frames.setdefault(root(len(upright) + m), _Frame()).level.append(rule)
    return [f for f in frames.values() if f.upright and len(f.level) > 1]


@dataclass(slots=True)
class _Frame:
    """The rules of one table and the grid that they span."""

    upright: list[Rule] = field(default_factory=list)
    level: list[Rule] = field(default_factory=list)
    xs: list[float] = field(default_factory=list)
    ys: list[float] = field(default_factory=list)

    def span(self) -> tuple[int, int]:
        """Numbers of columns and rows; a table may be open at its sides, so the ends of rules count too."""
        self.xs = _positions([r.at for r in self.upright], [x for r in self.level for x in (r.start, r.end)])
        self.ys = _positions([r.at for r in self.level], [y for r in self.upright for y in (r.start, r.end)])
        return len(self.xs) - 1, len(self.ys) - 1

    def cells(self) -> list[list[int]]:
        """For each row and column the number of the cell there: places with no rule between them are one cell."""
        columns, rows = len(self.xs) - 1, len(self.ys) - 1
        walls = {(x, row) for r in self.upright for x, row in _covered(r, self.xs, self.ys)}
        floors = {(y, column) for r in self.level for y, column in _covered(r, self.ys, self.xs)}
        cells = [[-1] * columns for _ in range(rows)]
        count = 0
        for row in range(rows):
            for column in range(columns):
                if cells[row][column] < 0:
                    self._fill(cells, row, column, count, walls, floors)
                    count += 1
        return cells

    def _fill(
        self,
        cells: list[list[int]],
        row: int,
        column: int,
        number: int,
        walls: set[tuple[int, int]],
        floors: set[tuple[int, int]],
    ) -> None:
        todo = [(row, column)]
        while todo:
            r, c = todo.pop()
            if not (0 <= r < len(cells) and 0 <= c < len(cells[0])) or cells[r][c] >= 0:
                continue
            cells[r][c] = number
            todo += [(r, c + 1)] if (c + 1, r) not in walls else []
            todo += [(r, c - 1)] if (c, r) not in walls else []
            todo += [(r + 1, c)] if (r + 1, c) not in floors else []
            todo += [(r - 1, c)] if (r, c) not in floors else []


def _covered(rule: Rule, own: list[float], other: list[float]) -> Iterable[tuple[int, int]]:
    """The steps of the grid along which a rule runs: its own position, and each interval that it covers."""
    at = _nearest(own, rule.at)
    for n in range(len(other) - 1):
        if rule.start <= (middle := (other[n] + other[n + 1]) / 2) <= rule.end:
            yield at, n
        elif middle > rule.end:
            break


def carries_on(above: Grid, xs: Sequence[float]) -> bool:
    """Whether columns at these positions are those of the table on the page before."""
    return len(above.xs) == len(xs) and all(abs(a - b) < 2 * _SNAP for a, b in zip(above.xs, xs, strict=True))


def _filled(frame: _Frame, words: list[Word], above: Grid | None) -> tuple[Grid | None, list[Word]]:
    """The table with its words, and the words left over; None where it is a box, a chart or empty."""
    columns, rows = frame.span()
    carried = above is not None and columns > 1 and rows > 0 and carries_on(above, frame.xs)
    if columns < 2 or (rows < 2 and not carried) or columns * rows > _MAX_CELLS:
        return None, words
    cells = frame.cells()
    count = 1 + max(max(row) for row in cells)
    inside: list[list[Word]] = [[] for _ in range(count)]
    rest = []
    for word in words:
        row = bisect_right(frame.ys, (word.top + word.bottom) / 2) - 1
        column = bisect_right(frame.xs, (word.x0 + word.x1) / 2) - 1
        if 0 <= row < rows and 0 <= column < columns:
            inside[cells[row][column]].append(word)
        else:
            rest.append(word)
    if not carried and (sum(1 for cell in inside if cell) < 2 or not _two_by_two(cells)):
        return None, words
    return Grid(
        frame.ys[0], frame.ys[-1], tuple(frame.xs), tuple(map(tuple, cells)), tuple(tuple(c) for c in inside)
    ), rest


def _two_by_two(cells: list[list[int]]) -> bool:
    """Whether at least one row and one column fall into two cells."""
    return any(len(set(row)) > 1 for row in cells) and any(len(set(column)) > 1 for column in zip(*cells, strict=True))


def _positions(rules: list[float], ends: list[float]) -> list[float]:
    """Where the lines of the grid stand; an end of a rule counts only at the outside, where no rule stands."""
    out: list[float] = []
    for value in sorted(rules):
        if not out or value - out[-1] > _SNAP:
            out.append(value)
    low, high = min(ends), max(ends)
    if low < out[0] - 2 * _SNAP:
        out.insert(0, low)
    if high > out[-1] + 2 * _SNAP:
        out.append(high)
    return out


def _nearest(positions: list[float], value: float) -> int:
    at = bisect_left(positions, value)
    near = [n for n in (at - 1, at) if 0 <= n < len(positions)]
    return min(near, key=lambda n: abs(positions[n] - value))
