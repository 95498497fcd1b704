"""Cột của bảng nhiệm vụ: which column of a task table holds what, from the names in its header."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from extractors import lexicon
from extractors.agencies import read_bodies
from extractors.frames import only_names
from extractors.patterns import one_pattern

_LONGEST_NAME = 90
_MOSTLY = 0.7
_FEWEST_ROWS = 3
_SHORTEST_TASK = 25


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column of a task table holds what; None where there is no such column. `measured`: it tells units too."""

    task: int
    lead: int | None
    coordinating: int | None
    time: int | None
    count: int
    measured: bool = False


def columns_named(names: Sequence[str]) -> Columns | None:
    """The columns of a header in matchable spelling; None where it is no header of a task table."""
    roles: dict[str, int] = {}
    for n, name in enumerate(names):
        if not name or len(name) > _LONGEST_NAME:
            continue
        role = next((e.role for e in lexicon.load("task_columns") if e.pattern.search(name)), None)
        if role is not None:
            roles.setdefault(role, n)
    if "task" not in roles and {"lead", "coordinating", "time"} <= set(roles):
        others = (n for n, name in enumerate(names[: roles["lead"]]) if name and n not in roles.values())
        if (task := next(others, None)) is not None:  # whatever is led and bounded is the task
            roles["task"] = task
    if "task" not in roles or not {"lead", "time", "unit"} & set(roles):
        return None
    lead, helpers, time = (roles.get(role) for role in ("lead", "coordinating", "time"))
    return Columns(roles["task"], lead, helpers, time, len(names), measured="unit" in roles)


def columns_seen(rows: Sequence[Sequence[str]]) -> Columns | None:
    """The columns of a task table whose header is lost, by what the cells (matchable spelling) hold: long texts, then
    bodies, then times. None where that is not plain."""
    rows = [row for row in rows if len(set(row)) > 2]
    width = len(rows[0]) if rows else 0
    if len(rows) < _FEWEST_ROWS or any(len(row) != width for row in rows):
        return None
    columns = [[row[n].strip() for row in rows] for n in range(width)]
    times = [n for n, cells in enumerate(columns) if _share(cells, _is_time) >= _MOSTLY]
    names = [n for n, cells in enumerate(columns) if _share(cells, _is_body) >= _MOSTLY]
    lengths = [sum(map(len, cells)) / len(cells) for cells in columns]
    task = lengths.index(max(lengths))
    if len(times) != 1 or not names or not task < names[0] < times[0] or lengths[task] < _SHORTEST_TASK:
        return None
    return Columns(task, names[0], names[1] if len(names) > 1 else None, times[0], width)


def _share(cells: Sequence[str], holds: Callable[[str], bool]) -> float:
    return sum(map(holds, cells)) / len(cells)


def _is_time(cell: str) -> bool:
    return one_pattern("task_columns", "time_value").match(cell) is not None


def _is_body(cell: str) -> bool:
    return bool(read_bodies(cell)) and only_names(cell, 0)
