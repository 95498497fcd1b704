"""The raw rows from which is worked out what is owed on a day: duties, their limits, their events."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable

from pipeline.register.connection import Register, Row
from pipeline.register.ids import public_id
from pipeline.register.keys import words_key
from pipeline.register.listing import LIMITS, Policy, TaskFilter, conditions

_DUTIES = """
SELECT y.id, y.obligation_id, y.body_id, y.printed, y.sort, o.letter_id, d.issued_on
FROM duties y
JOIN current_obligations o ON o.id = y.obligation_id AND o.kind = 'task'
JOIN dispatches d ON d.id = o.letter_id
WHERE y.is_current AND {where}
ORDER BY y.id
"""
_OBLIGATIONS = """
SELECT o.id, o.quote, o.label, o.kind, o.modality, o.lead_stated, o.check_rule IS NOT '' AS checkable, o.page,
    o.confidence, d.id AS letter_id, d.number, d.issuer, d.type, d.issued_on, EXISTS (SELECT 1 FROM settled_fields f
        WHERE f.target = 'obligation' AND f.target_id = o.id AND f.field = '*') AS confirmed
FROM obligations o
JOIN dispatches own ON own.id = o.dispatch_id
JOIN dispatches d ON d.id = coalesce(own.merged_into, own.id)
WHERE o.id IN (SELECT value FROM json_each(?))
"""
# Only what has a point in its label may be part of another.
_LABELS = """
SELECT id, dispatch_id, label FROM obligations WHERE status = 'current' AND dispatch_id IN (
    SELECT dispatch_id FROM obligations WHERE id IN (SELECT value FROM json_each(?)) AND instr(label, '.'))
ORDER BY dispatch_id, position, id
"""
_NAMES = """
SELECT obligation_id, role, name FROM obligation_bodies
WHERE is_current AND obligation_id IN (SELECT value FROM json_each(?)) ORDER BY obligation_id, position, id
"""
_PAIRS = """
    SELECT s.obligation_id, s.duplicate_id FROM same_obligations s
    JOIN merge_proposals p ON p.id = s.proposal_id AND p.status <> 'rejected'
    UNION SELECT obligation_id, retold_id FROM retold_obligations
"""
_COPIES = """
    SELECT duplicate_id AS id FROM same_obligations WHERE obligation_id IN (SELECT value FROM json_each(:of))
    UNION SELECT later_id FROM link_obligations
        WHERE counts = 'earlier' AND obligation_id IN (SELECT value FROM json_each(:of))
    UNION SELECT obligation_id FROM link_obligations
        WHERE counts = 'later' AND later_id IN (SELECT value FROM json_each(:of))
"""
_PAIRS_OF = """
    SELECT s.obligation_id, s.duplicate_id FROM same_obligations s
    JOIN merge_proposals p ON p.id = s.proposal_id AND p.status <> 'rejected'
    WHERE s.duplicate_id IN (SELECT value FROM json_each(:copies))
    UNION SELECT x.obligation_id, x.retold_id FROM link_obligations r JOIN retold_obligations x ON x.link_id = r.link_id
    WHERE r.later_id IN (SELECT value FROM json_each(:copies))
    UNION SELECT x.obligation_id, x.retold_id FROM link_obligations r JOIN retold_obligations x ON x.link_id = r.link_id
    WHERE r.obligation_id IN (SELECT value FROM json_each(:copies))
"""
# Events of the copies of an obligation, and of what is told twice, count for the same body's duty of the one that is
# kept.
# From the pairs on: beginning with duties, all of a body would be held against each other.
_KEPT = """
SELECT gone.id AS copy, kept.id AS kept FROM ({pairs}) s
CROSS JOIN obligations o ON o.id = s.obligation_id AND o.status = 'current'
CROSS JOIN dispatches d ON d.id = o.dispatch_id AND d.removed_at IS NULL
CROSS JOIN duties gone ON gone.obligation_id = s.duplicate_id
CROSS JOIN duties kept ON kept.obligation_id = s.obligation_id AND kept.body_id IS gone.body_id
{where} ORDER BY gone.id, kept.id
"""
_ALL_KEPT = _KEPT.format(pairs=_PAIRS, where="")


def duty_rows(
    register: Register, wanted: TaskFilter, *, as_of: str, policy: Policy, of: Collection[int] | None = None
) -> list[Row]:
    """Duties of the tasks that a filter lets through, or of these obligations among them: id, obligation_id, body_id,
    printed, sort, letter_id, issued_on."""
    where, parameters = conditions(register, wanted, as_of, policy)
    limits = f"WITH limits AS ({LIMITS}) " if "limits" in where else ""
    if of is not None:
        where += " AND o.id IN (SELECT value FROM json_each(:of))"
        parameters["of"] = json.dumps(sorted(of))
    return register.rows(limits + _DUTIES.format(where=where), parameters)


def limit_rows(
    register: Register,
    *,
    as_of: str,
    policy: Policy,
    of: Collection[int] | None = None,
    these: Collection[int] | None = None,
) -> list[Row]:
    """The limits in force, of all obligations, of these alone, or `these` alone: id, obligation_id, kind, quote, due,
    last_day (ISO, both as of `listing`), start, boundary, rrule, page, confidence."""
    _, parameters = conditions(register, TaskFilter(), as_of, policy)
    only = "" if of is None else " WHERE l.obligation_id IN (SELECT value FROM json_each(:of))"
    only = only if these is None else " WHERE l.id IN (SELECT value FROM json_each(:of))"
    return register.rows(
        "SELECT l.id, l.obligation_id, l.kind, l.quote, l.due, l.last_day, l.start, l.boundary, l.rrule, l.page,"
        " l.confidence"
        f" FROM ({LIMITS}) l{only} ORDER BY l.obligation_id, l.position, l.id",
        {**parameters, "of": json.dumps(sorted(of or these or ()))},
    )


def event_rows(register: Register, of: Iterable[int] | None = None) -> dict[int, list[Row]]:
    """The events by the duty that they count for, as they were entered; `of` names these duties alone."""
    sql = "SELECT * FROM duty_events WHERE duty_id IS NOT NULL"
    parameters: tuple[str, ...] = ()
    if of is None:
        kept: dict[int, int] = {row["copy"]: row["kept"] for row in register.rows(_ALL_KEPT)}
    else:
        wanted = set(of)
        kept = _kept_of(register, wanted)
        wanted |= {copy for copy, duty in kept.items() if duty in wanted}
        sql += " AND duty_id IN (SELECT value FROM json_each(?))"
        parameters = (json.dumps(sorted(wanted)),)
    out: dict[int, list[Row]] = {}
    for row in register.rows(f"{sql} ORDER BY id", parameters):
        duty: int = row["duty_id"]
        out.setdefault(kept.get(duty, duty), []).append(row)
    return out


def _kept_of(register: Register, duties: Collection[int]) -> dict[int, int]:
    """Of the copies of these duties, and of their obligations' copies, which duty each counts for."""
    obligations = register.rows(
        "SELECT DISTINCT obligation_id AS id FROM duties WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(duties)),),
    )
    copies = register.rows(_COPIES, {"of": json.dumps([row["id"] for row in obligations])})
    if not copies:
        return {}
    pairs = register.rows(
        _KEPT.format(pairs=_PAIRS_OF, where=""), {"copies": json.dumps([row["id"] for row in copies])}
    )
    return {row["copy"]: row["kept"] for row in pairs}


def lost_rows(register: Register) -> list[Row]:
    """Duties with events that nobody took back, and which nobody owes any more: id, obligation_id, printed, name of the
    body. Those of documents that a person took out are none."""
    return register.rows(
        "SELECT y.id, y.obligation_id, y.printed, b.name FROM duties y JOIN obligations o ON o.id = y.obligation_id"
        " JOIN dispatches d ON d.id = o.dispatch_id AND d.removed_at IS NULL LEFT JOIN bodies b ON b.id = y.body_id"
        " WHERE NOT (y.is_current AND o.status = 'current') AND o.status <> 'deleted' AND EXISTS ("
        " SELECT 1 FROM duty_events e WHERE e.duty_id = y.id AND e.kind <> 'undone'"
        " AND NOT EXISTS (SELECT 1 FROM duty_events u WHERE u.undoes = e.id)) ORDER BY y.id"
    )


def reassigned(register: Register) -> set[int]:
    """The duties that were ever given to another body."""
    kept: dict[int, int] = {row["copy"]: row["kept"] for row in register.rows(_ALL_KEPT)}
    rows = register.rows("SELECT DISTINCT duty_id FROM duty_events WHERE kind = 'reassigned' AND duty_id IS NOT NULL")
    numbers: set[int] = {row["duty_id"] for row in rows}
    return {kept.get(number, number) for number in numbers}


def kept_duty(register: Register, number: int) -> int:
    """The duty itself; where its document is the copy of another, the same body's duty of that one."""
    row = register.one(_KEPT.format(pairs=_PAIRS, where="WHERE gone.id = ?"), (number,))
    return int(row["kept"]) if row else number


def coordinated(register: Register, words: str) -> set[int]:
    """The obligations in which a body takes part that is called so: words of its printed name, or its canonical id."""
    key = f" {words_key(words)} "
    rows = register.rows(
        "SELECT b.obligation_id, b.name, y.canonical_id FROM obligation_bodies b"
        " LEFT JOIN bodies y ON y.id = b.body_id WHERE b.role = 'coordinating' AND b.is_current"
    )
    code = words.strip().upper()
    return {r["obligation_id"] for r in rows if r["canonical_id"] == code or key in f" {words_key(r['name'])} "}


def informed(register: Register, bodies: Iterable[int]) -> set[int]:
    """The letters that were sent to any of these bodies (their rows)."""
    rows = register.rows(
        "SELECT DISTINCT coalesce(d.merged_into, d.id) AS id FROM involved i JOIN dispatches d ON d.id = i.dispatch_id"
        " WHERE i.role = 'informed' AND i.body_id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(bodies)),),
    )
    return {row["id"] for row in rows}


def body_rows(register: Register) -> dict[int, Row]:
    """All bodies by their row: canonical_id (None: not identified), name, name_key."""
    return {row["id"]: row for row in register.rows("SELECT id, canonical_id, name, name_key FROM bodies")}


def obligation_rows(register: Register, ids: Iterable[int]) -> dict[int, Row]:
    """What lists show of obligations, by their number: id ("O12"), dispatch, parent (the obligation that it is a part
    of), number, issuer, type, issued_on, quote, label, kind, modality, lead, coordinating, lead_stated, checkable,
    page, confidence, confirmed."""
    numbers = json.dumps(sorted(set(ids)))
    names: dict[tuple[int, str], list[str]] = {}
    for row in register.rows(_NAMES, (numbers,)):
        names.setdefault((row["obligation_id"], row["role"]), []).append(row["name"])
    above = parents(register.rows(_LABELS, (numbers,)))
    rows = register.rows(_OBLIGATIONS, (numbers,))
    return {row["id"]: _shown(row, names, above.get(row["id"])) for row in rows}


def parents(rows: Iterable[Row]) -> dict[int, int]:
    """Of obligations (id, dispatch_id, label, in the order of their documents) the one each is a part of: the item
    that it stands under, where that is an obligation itself.

    >>> rows = [{"id": n, "dispatch_id": 1, "label": label} for n, label in enumerate(("2", "2.a", "2.b", "3", "2.c"))]
    >>> parents(rows)
    {1: 0, 2: 0}
    """
    out: dict[int, int] = {}
    above: list[Row] = []
    for row in rows:
        while above and not (
            above[-1]["dispatch_id"] == row["dispatch_id"] and row["label"].startswith(f"{above[-1]['label']}.")
        ):
            above.pop()
        if above:
            out[row["id"]] = above[-1]["id"]
        if row["label"]:
            above.append(row)
    return out


def _shown(row: Row, names: dict[tuple[int, str], list[str]], parent: int | None) -> Row:
    number = row["id"]
    return {
        "id": public_id("obligation", number),
        "dispatch": public_id("dispatch", row["letter_id"]),
        "parent": parent and public_id("obligation", parent),
        "number": row["number"],
        "issuer": row["issuer"],
        "type": row["type"],
        "issued_on": row["issued_on"],
        "quote": row["quote"],
        "label": row["label"],
        "kind": row["kind"],
        "modality": row["modality"],
        "page": row["page"],
        "confidence": row["confidence"],
        "lead": names.get((number, "lead"), []),
        "coordinating": names.get((number, "coordinating"), []),
        "lead_stated": bool(row["lead_stated"]),
        "checkable": bool(row["checkable"]),
        "confirmed": bool(row["confirmed"]),
    }
