"""What people corrected, with the words and the rules that it was about: what may be learnt from."""

from __future__ import annotations

from pipeline.register.connection import Register, Row
from pipeline.register.ids import public_id

_TARGETS = {
    "dispatch": "SELECT d.id, d.id AS dispatch_id, '' AS quote, NULL AS rule, 'reading' AS origin FROM dispatches d",
    "obligation": "SELECT o.id, o.dispatch_id, o.quote, o.rule, o.origin FROM obligations o",
    "deadline": "SELECT l.id, o.dispatch_id, l.quote, l.rule, l.origin FROM deadlines l"
    " JOIN obligations o ON o.id = l.obligation_id",
}
_RULE = "SELECT rule FROM evidence WHERE dispatch_id = ? AND field = ?"  # of a dispatch each field has its own
NAMES = {
    "issuer": "SELECT 'dispatch' AS kind, id, issuer AS name FROM current_dispatches WHERE issuer IS NOT NULL",
    "addressees": "SELECT 'dispatch' AS kind, dispatch_id AS id, name FROM addressees"
    " WHERE is_current AND dispatch_id IN (SELECT id FROM current_dispatches)",
    "lead": "SELECT 'obligation' AS kind, obligation_id AS id, name FROM obligation_bodies WHERE is_current"
    " AND role = 'lead' AND obligation_id IN (SELECT id FROM current_obligations)",
    "coordinating": "SELECT 'obligation' AS kind, obligation_id AS id, name FROM obligation_bodies WHERE is_current"
    " AND role = 'coordinating' AND obligation_id IN (SELECT id FROM current_obligations)",
}


def corrected(register: Register) -> list[Row]:
    """Corrections, additions and deletions in force, oldest first: id, action, target (public id), kind, dispatch
    (public id), field, old, new, and the quote, rule and origin ("reading", "person") of what they are about.

    `quote` is what stands in the register now; `old` of a field that was corrected twice is what the first found.
    """
    out = []
    for kind, select in _TARGETS.items():
        rows = register.rows(
            f"SELECT c.id AS correction, c.action, c.field, c.old, c.new, t.* FROM corrections_in_force c"
            f" JOIN ({select}) t ON t.id = c.target_id WHERE c.target = ?"
            " AND c.action IN ('correct', 'add', 'delete') ORDER BY c.id",
            (kind,),
        )
        for row in rows:
            found = register.one(_RULE, (row["id"], row["field"])) if kind == "dispatch" else None
            out.append(
                {
                    "correction": row["correction"],
                    "id": public_id("correction", row["correction"]),
                    "action": row["action"],
                    "kind": kind,
                    "target": public_id(kind, row["id"]),
                    "dispatch": public_id("dispatch", row["dispatch_id"]),
                    "field": row["field"],
                    "old": row["old"],
                    "new": row["new"],
                    "quote": row["quote"],
                    "rule": found["rule"] if found else row["rule"],
                    "origin": row["origin"],
                }
            )
    return sorted(out, key=lambda row: int(row["correction"]))


def confirmed_targets(register: Register) -> set[str]:
    """The public ids of all that a person took as right."""
    rows = register.rows("SELECT DISTINCT target, target_id FROM corrections_in_force WHERE action = 'confirm'")
    return {public_id(row["target"], row["target_id"]) for row in rows}


def names_now(register: Register, field: str) -> list[Row]:
    """Every name that a field holds now: target (public id), name."""
    return [{"target": public_id(row["kind"], row["id"]), "name": row["name"]} for row in register.rows(NAMES[field])]


def found_now(register: Register, kind: str, rule: str | None) -> list[Row]:
    """The obligations or deadlines that a rule found and that count now: target (public id), quote, and for deadlines
    kind and boundary. `rule` None: of all rules."""
    view, more = (
        ("current_obligations", "kind, modality") if kind == "obligation" else ("current_deadlines", "kind, boundary")
    )
    rows = register.rows(
        f"SELECT id, quote, {more} FROM {view} WHERE origin = 'reading' AND (:rule IS NULL OR rule = :rule)",
        {"rule": rule},
    )
    return [{"target": public_id(kind, row["id"]), **{k: v for k, v in row.items() if k != "id"}} for row in rows]
