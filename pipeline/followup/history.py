"""Lịch sử: what happened to duties, as it was entered, beside what people corrected."""

from __future__ import annotations

from pipeline.followup.owed import duty_id
from pipeline.register import Register, Row, history, parse_target, public_id

_EVENTS = """
SELECT e.*, u.id AS undone_by FROM duty_events e
JOIN duties y ON y.id = e.duty_id
JOIN obligations o ON o.id = y.obligation_id
LEFT JOIN duty_events u ON u.undoes = e.id
WHERE {where} ORDER BY e.id
"""
_WHERE = {
    None: ":number IS NULL",
    "D": "o.dispatch_id = :number",
    "O": "o.id = :number",
    "T": "y.id = :number",
}


def whole_history(register: Register, target: str | None = None) -> list[Row]:
    """What people said of a target (all, where None), oldest first: corrections as of `history`, and events with the
    same keys: id ("E7"), made_at, made_by, action (the kind of event), target ("T5@2026Q1"), field (None), old (None),
    new (the last day, body or event that it names), why, undone_by; and day, proof."""
    plain = target.partition("@")[0] if target else None
    letter, number = parse_target(register, plain, *"DOLIMKT") if plain else (None, None)
    rows = [] if letter == "T" else history(register, target)
    if letter in _WHERE:
        found = register.rows(_EVENTS.format(where=_WHERE[letter]), {"number": number})
        period = target.partition("@")[2].upper() if target else ""
        rows += [_row(row) for row in found if row["period"] in (None, period) or not period]
    return sorted(rows, key=lambda row: row["made_at"])


def _row(row: Row) -> Row:
    undone = row["undoes"] and public_id("event", row["undoes"])
    return {
        "id": public_id("event", row["id"]),
        "made_at": row["made_at"],
        "made_by": row["made_by"],
        "action": row["kind"],
        "target": duty_id(row["duty_id"], row["period"]),
        "field": None,
        "old": None,
        "new": row["due"] or row["body"] or undone,
        "why": row["why"],
        "undone_by": row["undone_by"] and public_id("event", row["undone_by"]),
        "day": row["day"],
        "proof": row["proof"],
    }
