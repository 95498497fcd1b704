"""Việc phải làm, tính nhanh: what `owed` gives, by way of the index where that can be asked."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from pipeline.followup.looking import Look, as_owed
from pipeline.followup.owed import Owed, owed
from pipeline.followup.settings import Settings
from pipeline.followup.upkeep import up_to_date
from pipeline.register import Register, TaskFilter


def owed_quickly(
    register: Register,
    wanted: TaskFilter,
    settings: Settings,
    *,
    as_of: date,
    ahead: date | None = None,
    of: Collection[int] | None = None,
) -> list[Owed]:
    """The same as `owed`, in the same order."""
    with up_to_date(register, settings, max(as_of, ahead or as_of)) as is_ready:
        if is_ready:
            look = Look(register, wanted, settings, as_of=as_of, ahead=ahead, of=of)
            rows = look.rows("t.*")
            rows.sort(key=lambda row: (row["duty_id"], row["due"] or "", row["due"] and row["limit_strict"]))
            return as_owed(look, rows)
    return owed(register, wanted, settings, as_of=as_of, ahead=ahead, of=of)
