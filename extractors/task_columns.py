"""Cột của bảng nhiệm vụ: which column of a task table holds what, from the names in its header."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extractors import lexicon

_LONGEST_NAME = 90


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column of a task table holds what; None where there is no such column."""

    task: int
    lead: int | None
    coordinating: int | None
    time: int | None
    count: int


def columns_named(names: Sequence[str]) -> Columns | None:
    """The columns of a header in matchable spelling; None where it is no header of a task table."""
    roles: dict[str, int] = {}
    for n, name in enumerate(names):
        if not name or len(name) > _LONGEST_NAME:
            continue
        role = next((e.role for e in lexicon.load("task_columns") if e.pattern.search(name)), None)
        if role is not None:
            roles.setdefault(role, n)
    if "task" not in roles or not {"lead", "time"} & set(roles):
        return None
    return Columns(roles["task"], roles.get("lead"), roles.get("coordinating"), roles.get("time"), len(names))
