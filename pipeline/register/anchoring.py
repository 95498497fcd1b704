"""The days that limits count from, given by a person where the document does not print them."""

from __future__ import annotations

from datetime import date
from typing import Literal, get_args

from pipeline import errors
from pipeline.register.connection import Register, Row
from pipeline.register.ids import public_id
from pipeline.register.naming import parse_target
from pipeline.register.querying import checked_day

GivenAnchor = Literal["receipt", "effect", "event"]

# What a limit counts from, given for the limit itself or else for its whole dispatch.
ANCHOR_DAY = """(SELECT a.day FROM anchors_in_force a
    WHERE a.anchor = coalesce(l.offset_anchor, 'event') AND (a.target = 'deadline' AND a.target_id = l.id
        OR a.target = 'dispatch' AND a.target_id =
            (SELECT o.dispatch_id FROM obligations o WHERE o.id = l.obligation_id))
    ORDER BY a.target = 'dispatch' LIMIT 1)"""


def set_anchor(
    register: Register, target: str, anchor: str, day: str | None, *, who: str, now: str, why: str = ""
) -> list[str]:
    """Give (or, with `day` None, take back) the day of receipt, effect or an event, for a dispatch (D), all limits of
    an obligation (O) or one limit (L). Returns the ids of the limits that count from such a day. Raises InvalidValue,
    UnknownId, and NothingCounts where no limit of the target counts from this anchor."""
    if anchor not in get_args(GivenAnchor):
        raise errors.InvalidValue(field="anchor", value=anchor, allowed=", ".join(get_args(GivenAnchor)))
    day = checked_day("day", day) if day else None
    letter, number = parse_target(register, target, "D", "O", "L")
    counting = _counting(register, letter, number, anchor)
    if not counting:
        raise errors.NothingCounts(id=f"{letter}{number}", anchor=anchor)
    targets = [("dispatch", number)] if letter == "D" else [("deadline", limit) for limit in counting]
    with register.transaction() as connection:
        connection.executemany(
            "INSERT INTO anchors (target, target_id, anchor, day, made_at, made_by, why) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(kind, row, anchor, day, now, who, why) for kind, row in targets],
        )
    return [public_id("deadline", limit) for limit in counting]


def _counting(register: Register, letter: str, number: int, anchor: str) -> list[int]:
    """The limits of a target that count from such a day."""
    where = {"D": "o.dispatch_id = ?", "O": "o.id = ?", "L": "l.id = ?"}[letter]
    rows = register.rows(
        f"SELECT l.id FROM deadlines l JOIN obligations o ON o.id = l.obligation_id WHERE {where}"
        " AND l.status = 'current' AND l.kind IN ('relative', 'event') AND coalesce(l.offset_anchor, 'event') = ?"
        " ORDER BY l.id",
        (number, anchor),
    )
    return [row["id"] for row in rows]


def anchors_of(register: Register, limit: int) -> dict[str, date]:
    """The days given for one limit, by anchor."""
    rows: list[Row] = register.rows(
        f"SELECT coalesce(l.offset_anchor, 'event') AS anchor, {ANCHOR_DAY} AS day FROM deadlines l WHERE l.id = ?",
        (limit,),
    )
    return {row["anchor"]: date.fromisoformat(row["day"]) for row in rows if row["day"]}
