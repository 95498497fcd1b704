"""People's words in force, put into the rows: after each correction, and after each new reading.

`settled_fields` remembers what the program read where a person's value stands, so that an undo brings it back.
"""

from __future__ import annotations

import json

from pipeline.register.bodies import Bodies
from pipeline.register.connection import Register, Row
from pipeline.register.fields import LISTS, TABLES, read_value, restore_list, write_value

WHOLE = "*"
Target = tuple[str, int]


def bodies_of(register: Register, dispatch_id: int) -> Bodies:
    """Bodies as a dispatch means them."""
    row = register.one("SELECT issued_on, place, issuer FROM dispatches WHERE id = ?", (dispatch_id,)) or {}
    to = register.rows(
        "SELECT name FROM addressees WHERE dispatch_id = ? AND is_current ORDER BY position, id", (dispatch_id,)
    )
    sent_to = tuple(entry["name"] for entry in to)
    return Bodies(register, row.get("issued_on"), row.get("place"), row.get("issuer"), sent_to)


def corrected_targets(register: Register, dispatch_id: int) -> list[Target]:
    """The dispatch, its obligations and its deadlines that a person ever touched."""
    rows = register.rows(
        "SELECT DISTINCT target, target_id FROM corrections WHERE (target = 'dispatch' AND target_id = :d)"
        " OR (target = 'obligation' AND target_id IN (SELECT id FROM obligations WHERE dispatch_id = :d))"
        " OR (target = 'deadline' AND target_id IN (SELECT l.id FROM deadlines l"
        " JOIN obligations o ON o.id = l.obligation_id WHERE o.dispatch_id = :d)) ORDER BY target, target_id",
        {"d": dispatch_id},
    )
    return [(r["target"], r["target_id"]) for r in rows]


def forget_settled(register: Register, dispatch_id: int) -> None:
    """After a new reading was written: what an earlier one read no longer matters, where this one has the finding."""
    register.connection.execute(
        "DELETE FROM settled_fields WHERE (target = 'dispatch' AND target_id = :d)"
        " OR (target = 'obligation' AND target_id IN (SELECT id FROM obligations WHERE dispatch_id = :d AND is_found))"
        " OR (target = 'deadline' AND target_id IN (SELECT l.id FROM deadlines l"
        " JOIN obligations o ON o.id = l.obligation_id WHERE o.dispatch_id = :d AND o.is_found AND l.is_found))",
        {"d": dispatch_id},
    )


def apply_corrections(register: Register, target: str, number: int, bodies: Bodies) -> None:
    """Let the rows of a target hold what is in force: a person's values, else what was read."""
    _bring_back_read_values(register, target, number, bodies)
    said = register.rows(
        "SELECT id, action, field, new FROM corrections_in_force WHERE target = ? AND target_id = ? ORDER BY id",
        (target, number),
    )
    for name, (value, correction_id) in _values_in_force(said).items():
        _settle(register, target, number, name, value, correction_id, bodies)
    if target != "dispatch":
        _set_status(register, target, number, said)


def _values_in_force(said: list[Row]) -> dict[str, tuple[str | None, int]]:
    """Field -> (value, correction); the newest row that speaks of a field wins."""
    values: dict[str, tuple[str | None, int]] = {}
    for row in said:
        if row["action"] not in ("correct", "confirm", "add"):
            continue
        spoken = {row["field"]: row["new"]} if row["field"] else json.loads(row["new"])
        values.update({name: (value, row["id"]) for name, value in spoken.items()})
        if not row["field"]:
            values[WHOLE] = (None, row["id"])
    return values


def _bring_back_read_values(register: Register, target: str, number: int, bodies: Bodies) -> None:
    rows = register.rows(
        "SELECT field, read_value FROM settled_fields WHERE target = ? AND target_id = ? AND field <> '*'",
        (target, number),
    )
    for row in rows:
        if row["field"] in LISTS:
            restore_list(register, row["field"], number)
        else:
            write_value(register, bodies, target, number, row["field"], row["read_value"])
    register.connection.execute("DELETE FROM settled_fields WHERE target = ? AND target_id = ?", (target, number))


def _settle(
    register: Register, target: str, number: int, name: str, value: str | None, correction_id: int, bodies: Bodies
) -> None:
    before = None if name == WHOLE else read_value(register, target, number, name)
    register.connection.execute(
        "INSERT INTO settled_fields (target, target_id, field, read_value, correction_id) VALUES (?, ?, ?, ?, ?)",
        (target, number, name, before, correction_id),
    )
    if name != WHOLE and before != value:
        write_value(register, bodies, target, number, name, value)


def _set_status(register: Register, target: str, number: int, said: list[Row]) -> None:
    """Deleted by a person; else current where a reading has it, a person entered it or confirmed it whole."""
    is_deleted = any(row["action"] == "delete" for row in said)
    is_kept = any(row["action"] in ("add", "confirm") and not row["field"] for row in said)
    register.connection.execute(
        f"UPDATE {TABLES[target]} SET status = CASE WHEN ? THEN 'deleted' WHEN is_found OR ? THEN 'current'"
        " WHEN origin = 'person' THEN 'deleted' ELSE 'unmatched' END WHERE id = ?",
        (is_deleted, is_kept, number),
    )
