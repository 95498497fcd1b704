"""Lịch sử sửa: all that people said of a target, or of a dispatch and what hangs on it."""

from __future__ import annotations

from pipeline.register.connection import Register, Row
from pipeline.register.ids import KINDS, public_id
from pipeline.register.naming import parse_target

_SAID = """
    SELECT c.*, u.id AS undone_by FROM corrections c
    LEFT JOIN corrections u ON u.undoes = c.id OR u.undoes = c.part_of
    {} ORDER BY c.id
"""
_OF_TARGET = _SAID.format("WHERE c.target = :kind AND c.target_id = :number")
_OF_DISPATCH = _SAID.format("""WHERE c.id IN (
        SELECT id FROM corrections WHERE target = 'dispatch' AND target_id = :id
        UNION SELECT id FROM corrections WHERE target = 'obligation'
            AND target_id IN (SELECT id FROM obligations WHERE dispatch_id = :id)
        UNION SELECT id FROM corrections WHERE target = 'deadline' AND target_id IN (
            SELECT l.id FROM obligations o JOIN deadlines l ON l.obligation_id = o.id WHERE o.dispatch_id = :id)
        UNION SELECT id FROM corrections WHERE target = 'link'
            AND target_id IN (SELECT id FROM links WHERE dispatch_id = :id OR earlier_id = :id)
        UNION SELECT id FROM corrections WHERE target = 'issue'
            AND target_id IN (SELECT id FROM issues WHERE dispatch_id = :id)
        UNION SELECT id FROM corrections WHERE target = 'proposal'
            AND target_id IN (SELECT id FROM merge_proposals WHERE dispatch_id = :id OR duplicate_id = :id)
    )""")


def history(register: Register, target: str | None = None) -> list[Row]:
    """Corrections of a target (all, where None), oldest first: id, made_at, made_by, action, target, field, old, new,
    why, undone_by, part_of (the correction that this one stands and is undone with). `old` and `new` of a list or a
    whole target are JSON text."""
    if not target:
        return [_row(row) for row in register.rows(_SAID.format(""))]
    letter, number = parse_target(register, target, "D", "O", "L", "I", "M", "K")
    return [_row(row) for row in register.rows(_OF_TARGET, {"kind": KINDS[letter], "number": number})]


def dispatch_history(register: Register, number: int) -> list[Row]:
    """Corrections of a dispatch, its obligations, deadlines, issues, links and merges, oldest first: rows as of
    `history`."""
    return [_row(row) for row in register.rows(_OF_DISPATCH, {"id": number})]


def _row(row: Row) -> Row:
    return {
        "id": public_id("correction", row["id"]),
        **{key: row[key] for key in ("made_at", "made_by", "action")},
        "target": public_id(row["target"], row["target_id"]),
        **{key: row[key] for key in ("field", "old", "new", "why")},
        "undone_by": row["undone_by"] and public_id("correction", row["undone_by"]),
        "part_of": row["part_of"] and public_id("correction", row["part_of"]),
    }
