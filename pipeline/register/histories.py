"""Lịch sử sửa: all that people said of a target, or of a dispatch and what hangs on it."""

from __future__ import annotations

from pipeline.register.connection import Register, Row
from pipeline.register.ids import KINDS, public_id
from pipeline.register.naming import parse_target

_OF_DISPATCH = """
    SELECT c.*, u.id AS undone_by FROM corrections c
    LEFT JOIN corrections u ON u.undoes = c.id OR u.undoes = c.part_of
    WHERE c.id IN (
        SELECT id FROM corrections WHERE target = 'dispatch' AND target_id = :id
        UNION SELECT k.id FROM obligations o
            JOIN corrections k ON k.target = 'obligation' AND k.target_id = o.id WHERE o.dispatch_id = :id
        UNION SELECT k.id FROM obligations o JOIN deadlines l ON l.obligation_id = o.id
            JOIN corrections k ON k.target = 'deadline' AND k.target_id = l.id WHERE o.dispatch_id = :id
        UNION SELECT k.id FROM links l
            JOIN corrections k ON k.target = 'link' AND k.target_id = l.id WHERE :id IN (l.dispatch_id, l.earlier_id)
        UNION SELECT k.id FROM issues i
            JOIN corrections k ON k.target = 'issue' AND k.target_id = i.id WHERE i.dispatch_id = :id
        UNION SELECT k.id FROM merge_proposals m JOIN corrections k ON k.target = 'proposal' AND k.target_id = m.id
            WHERE :id IN (m.dispatch_id, m.duplicate_id)
    ) ORDER BY c.id
"""


_OF_TARGET = """
    SELECT c.*, u.id AS undone_by FROM corrections c
    LEFT JOIN corrections u ON u.undoes = c.id OR u.undoes = c.part_of
    WHERE :kind IS NULL OR (c.target = :kind AND c.target_id = :number) ORDER BY c.id
"""


def history(register: Register, target: str | None = None) -> list[Row]:
    """Corrections of a target (all, where None), oldest first: id, made_at, made_by, action, target, field, old, new,
    why, undone_by, part_of (the correction that this one stands and is undone with). `old` and `new` of a list or a
    whole target are JSON text."""
    kind, number = None, None
    if target:
        letter, number = parse_target(register, target, "D", "O", "L", "I", "M", "K")
        kind = KINDS[letter]
    return [_row(row) for row in register.rows(_OF_TARGET, {"kind": kind, "number": number})]


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
