"""Dòng chỉ mục thành việc phải làm: rows of `duty_times` as what `owed` gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from pipeline.followup.laying import NEVER
from pipeline.followup.looking import Look
from pipeline.followup.occurrences import Occurrence
from pipeline.followup.owed import Owed, Time
from pipeline.followup.states import Standing, timeliness
from pipeline.register import Row
from pipeline.register.owing import limit_rows

_AT_ONCE = 5000
# What `as_owed` needs of a row.
OWED = """t.id, t.duty_id, t.obligation_id, t.letter_id, t.period, t.period_start, t.period_end, t.due, t.by_policy,
    t.limit_{p}, t.first_{p}, t.last_{p}, t.may_lapse, t.state, t.since, t.extended, t.asked_for, t.given_to,
    t.reported_on, t.reminders, t.version, t.body_id, t.printed, t.sort"""


def as_owed(look: Look, rows: Sequence[Row]) -> list[Owed]:
    """Rows of the index (OWED) as `owed` gives them, in their order."""
    found: list[Owed] = []
    for start in range(0, len(rows), _AT_ONCE):
        part: list[Row] = [dict(row) for row in rows[start : start + _AT_ONCE]]
        look.bodies.read({number for row in part if (number := row["body_id"]) and number not in look.bodies})
        numbers = {number for row in part if (number := row[f"limit_{look.policy}"])}
        known = limit_rows(look.register, as_of=look.day, policy=look.policy, these=numbers)
        limits = {row["id"]: row for row in known}
        found += [_owed(look, row, limits) for row in part]
    return found


def _owed(look: Look, row: Row, limits: dict[int, Row]) -> Owed:
    standing = _standing(row)
    day, first_day = row[f"last_{look.policy}"], row[f"first_{look.policy}"]
    last_day = date.fromisoformat(day) if day != NEVER else None
    original = last_day if first_day == day else _day(first_day)
    limit = limits.get(row[f"limit_{look.policy}"])
    how = timeliness(standing, last_day, limit is not None, look.as_of, look.settings.soon[0])
    is_over = row["may_lapse"] and day < look.parameters["followed"]
    how = "lapsed" if how == "late" and is_over else how
    until = {"late": look.as_of, "done_late": standing.completed_on}.get(how)
    since = standing.since if standing.is_closed and standing.since else look.as_of
    time = Time(row["period"] or None, limit, original, _occurrence(row, look.policy))
    return Owed(
        row["duty_id"], row["obligation_id"], row["letter_id"], row["sort"], row["printed"],
        look.holders.at(row["body_id"], since), time, standing, original, last_day, how,
        (until - last_day).days if until and last_day else None, row["version"],
    )  # fmt: skip


_FRESH = Standing()


def _standing(row: Row) -> Standing:
    if row["state"] == "waiting" and not row["since"] and not row["reminders"] and not row["extended"]:
        return replace(_FRESH, body=row["given_to"]) if row["given_to"] else _FRESH
    return Standing(
        row["state"], _day(row["since"]), _day(row["extended"]), _day(row["asked_for"]), row["given_to"],
        _day(row["reported_on"]), row["reminders"],
    )  # fmt: skip


def _occurrence(row: Row, policy: str) -> Occurrence | None:
    if row["due"] is None:
        return None
    days = (date.fromisoformat(row[key]) for key in ("period_start", "period_end", "due", f"first_{policy}"))
    return Occurrence(*days, bool(row["by_policy"]))  # type: ignore[call-arg, arg-type]


def _day(day: str | None) -> date | None:
    return date.fromisoformat(day) if day else None
