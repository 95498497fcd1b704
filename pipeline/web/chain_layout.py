"""Bố cục chuỗi: where the boxes and lines of a picture of documents stand: older left, later right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

WIDTH, HEIGHT = 196, 66  # of a box
GAP_X, GAP_Y = 132, 26  # between columns (words of a line stand there), between boxes
MARGIN = 20
_SWEEPS = 6
_MOST_IN_COLUMN = 6
_LINE, _GAP_OF_LINES = 10, 6  # height that a passing line takes, and between two of them


@dataclass(frozen=True, slots=True)
class Box:
    """A document: `key` of its own, `order` sorts the columns (ISO day)."""

    key: str
    order: str


@dataclass(frozen=True, slots=True)
class Edge:
    """What the document `later` says of `earlier`."""

    key: str
    later: str
    earlier: str


@dataclass(frozen=True, slots=True)
class Layout:
    """Top left corners of boxes by key, the points that each line goes through from the later box to the earlier one,
    and the size of the picture; all in pixels."""

    places: dict[str, tuple[int, int]]
    lines: dict[str, list[tuple[int, int]]]
    width: int
    height: int


@dataclass(slots=True)
class _Node:
    key: str
    column: int
    height: int
    is_box: bool
    y: float = 0.0


def lay_out(boxes: Sequence[Box], edges: Sequence[Edge]) -> Layout:
    """Columns in the order of days; what stands to one another is in different ones. A line that passes columns keeps a
    place of its own in each, so that it crosses no box."""
    column = _columns(boxes, edges)
    nodes = {box.key: _Node(box.key, column[box.key], HEIGHT, True) for box in sorted(boxes, key=lambda box: box.order)}
    paths: dict[str, list[str]] = {}
    for edge in edges:
        paths[edge.key] = _path(edge, column, nodes)
    columns = _sorted(nodes, list(paths.values()))
    height = _stack(columns)
    x = {at: MARGIN + at * (WIDTH + GAP_X) for at in columns}
    places = {key: (x[node.column], round(node.y)) for key, node in nodes.items() if node.is_box}
    return Layout(
        places,
        {edge.key: _points(edge, paths[edge.key], nodes, x, _ports(edges, column, nodes)) for edge in edges},
        2 * MARGIN + len(columns) * WIDTH + max(0, len(columns) - 1) * GAP_X,
        height,
    )


def _columns(boxes: Sequence[Box], edges: Sequence[Edge]) -> dict[str, int]:
    """The column of each box: a new one begins where a box stands to one of this column, or the column is full."""
    beside: dict[str, set[str]] = defaultdict(set)
    for edge in edges:
        beside[edge.later].add(edge.earlier)
        beside[edge.earlier].add(edge.later)
    out: dict[str, int] = {}
    here: set[str] = set()
    at = 0
    for box in sorted(boxes, key=lambda box: box.order):
        if here & beside[box.key] or len(here) >= _MOST_IN_COLUMN:
            at, here = at + 1, set()
        out[box.key] = at
        here.add(box.key)
    return out


def _path(edge: Edge, column: dict[str, int], nodes: dict[str, _Node]) -> list[str]:
    """The keys that a line goes by, from left to right."""
    left, right = sorted((edge.earlier, edge.later), key=lambda key: column[key])
    inner = []
    for at in range(column[left] + 1, column[right]):
        name = f"{edge.key} {at}"
        nodes[name] = _Node(name, at, _LINE, False)
        inner.append(name)
    return [left, *inner, right]


def _sorted(nodes: dict[str, _Node], paths: list[list[str]]) -> dict[int, list[_Node]]:
    """The columns, each in the order in which its lines cross least: by the middle of their neighbours, in turns."""
    columns: dict[int, list[_Node]] = defaultdict(list)
    for node in nodes.values():
        columns[node.column].append(node)
    beside: dict[str, list[str]] = defaultdict(list)
    for path in paths:
        for one, other in pairwise(path):
            beside[one].append(other)
            beside[other].append(one)
    for turn in range(_SWEEPS):
        order = sorted(columns, reverse=bool(turn % 2))
        for at in order:
            rank = {node.key: n for column in columns.values() for n, node in enumerate(column)}
            columns[at].sort(key=lambda node: _middle(beside[node.key], rank, rank[node.key]))
    return dict(sorted(columns.items()))


def _middle(keys: list[str], rank: dict[str, int], own: int) -> float:
    return sum(rank[key] for key in keys) / len(keys) if keys else float(own)


def _stack(columns: dict[int, list[_Node]]) -> int:
    """Let the boxes of each column stand below one another, from the top; returns the height of the picture."""
    lowest = float(MARGIN)
    for column in columns.values():
        y = float(MARGIN)
        for n, node in enumerate(column):
            if n:
                y += GAP_Y if node.is_box or column[n - 1].is_box else _GAP_OF_LINES
            node.y = y
            y += node.height
        lowest = max(lowest, y)
    return round(lowest) + MARGIN


def _ports(edges: Sequence[Edge], column: dict[str, int], nodes: dict[str, _Node]) -> dict[tuple[str, str], float]:
    """At which height each line leaves a box: those of one side apart from one another."""
    sides: dict[tuple[str, bool], list[tuple[float, str]]] = defaultdict(list)
    for edge in edges:
        for own, other in ((edge.later, edge.earlier), (edge.earlier, edge.later)):
            is_left = column[other] <= column[own]
            sides[own, is_left].append((nodes[other].y, edge.key))
    out: dict[tuple[str, str], float] = {}
    for (own, _), lines in sides.items():
        for n, (_, key) in enumerate(sorted(lines)):
            out[own, key] = nodes[own].y + HEIGHT * (n + 1) / (len(lines) + 1)
    return out


def _points(
    edge: Edge, path: list[str], nodes: dict[str, _Node], x: dict[int, int], ports: dict[tuple[str, str], float]
) -> list[tuple[int, int]]:
    """From the later box to the earlier one."""
    out: list[tuple[float, float]] = []
    for key in path:
        node = nodes[key]
        if not node.is_box:
            middle = node.y + node.height / 2
            out += [(x[node.column], middle), (x[node.column] + WIDTH, middle)]
    left, right = path[0], path[-1]
    start = (x[nodes[left].column] + WIDTH, ports[left, edge.key])
    end = (x[nodes[right].column], ports[right, edge.key])
    out = [start, *out, end]
    points = [(round(a), round(b)) for a, b in out]
    return points if left == edge.later else points[::-1]
