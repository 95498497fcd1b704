"""Keeping what a table proposes, once a person asks for it; a second time nothing changes."""

from __future__ import annotations

import json
from dataclasses import dataclass

from pipeline.importing.planning import Plan, PlannedRow, Proposal
from pipeline.register import Register
from pipeline.register.imported import add_proposals, known_keys, note_import, settle


@dataclass(frozen=True, slots=True)
class Kept:
    """How many proposals are new, were there before, and are settled since the register has by now what they said."""

    new: int
    known: int
    settled: int


def keep_plan(register: Register, plan: Plan, *, who: str, now: str) -> Kept:
    """Enter the proposals of a table in one transaction."""
    rows = [_values(row, one) for row in plan.rows for one in row.proposals]
    with register.transaction():
        number = note_import(
            register,
            {
                "path": plan.tracking.path,
                "sha256": plan.tracking.sha256,
                "columns": columns_read(plan),
                "read_rows": len(plan.rows),
                "made_at": now,
                "made_by": who,
            },
        )
        new = add_proposals(register, number, rows, now)
        settled = settle(register, plan.settled, now)
    return Kept(new, len(rows) - new, settled)


def columns_read(plan: Plan) -> str:
    """How the columns of each table were read, as JSON: [[sheet, [role or null, ...]], ...]."""
    read = [[t.sheet, [c.role if c.is_read else None for c in t.columns]] for t in plan.tracking.tables]
    return json.dumps(read, ensure_ascii=False)


def statuses(register: Register, plan: Plan) -> dict[str, str]:
    """What became of those proposals of a table that were made before, by their keys."""
    return known_keys(register, {one.key for row in plan.rows for one in row.proposals})


def _values(row: PlannedRow, one: Proposal) -> dict[str, object]:
    return {
        "what": one.what,
        "key": one.key,
        "document_key": row.document_key,
        "sheet": row.sheet,
        "row": row.row,
        "number": row.number,
        "issued_on": row.said.issued_on,
        "issuer": row.said.issuer,
        "value": one.value,
        "said": json.dumps(one.said, ensure_ascii=False),
        "confidence": one.confidence,
        "dispatch_id": row.dispatch.id,
        "obligation_id": one.obligation,
        "duty_id": one.duty,
    }
