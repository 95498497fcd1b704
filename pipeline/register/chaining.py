"""Chuỗi văn bản: what led to a dispatch and what came of it, along the links that nobody rejected."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Collection, Sequence
from typing import Literal

from pipeline.register.connection import Register, Row
from pipeline.register.ids import public_id

Direction = Literal["earlier", "later"]

MOST = 200  # dispatches of one chain
_PROPOSED = """(SELECT i.value FROM inferred i WHERE i.dispatch_id = d.id AND i.field = 'number' AND d.number IS NULL
        ORDER BY i.confidence DESC, i.id LIMIT 1)"""
_LINKS = """
    SELECT l.*, d.number, d.symbol, d.type, d.issued_on, d.issuer, d.subject, {proposed} AS proposed
    FROM links l
    JOIN dispatches d ON d.id = {other} AND d.removed_at IS NULL
    JOIN dispatches own ON own.id = {own} AND own.removed_at IS NULL
    WHERE {own} IN (SELECT value FROM json_each(:of)) AND (l.is_found OR l.status = 'accepted')
    AND (:rejected OR l.status <> 'rejected')
    ORDER BY d.issued_on IS NULL, d.issued_on, d.id, l.id LIMIT :most
"""
_SIDES = {
    "earlier": _LINKS.format(own="l.dispatch_id", other="l.earlier_id", proposed=_PROPOSED),
    "later": _LINKS.format(own="l.earlier_id", other="l.dispatch_id", proposed=_PROPOSED),
}
_CONCERNED = """
    SELECT r.*, o.quote, (SELECT json_group_array(name) FROM (SELECT name FROM obligation_bodies b
        WHERE b.obligation_id = o.id AND b.role = 'lead' AND b.is_current ORDER BY b.position, b.id)) AS lead
    FROM link_obligations r JOIN obligations o ON o.id = r.obligation_id AND o.status <> 'deleted'
    WHERE r.link_id = ? ORDER BY r.id
"""
_UNKNOWN = """
    SELECT c.number, c.relation, c.issued_on, c.issuer, c.type, c.subject, c.page, c.confidence FROM cited c
    WHERE c.dispatch_id = ? AND c.relation IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM links l JOIN dispatches e ON e.id = l.earlier_id AND e.removed_at IS NULL
        JOIN cited_keys k ON k.dispatch_id = l.earlier_id AND k.key = c.number_key
        WHERE l.dispatch_id = c.dispatch_id)
    ORDER BY c.position
"""
_DISPATCH = ("number", "proposed", "symbol", "type", "issued_on", "issuer", "subject")


def chain(register: Register, dispatch_id: int) -> list[Row]:
    """The dispatches before and after one, oldest first, itself among them: id, distance (-2, -1, 0, 1 ...: how many
    links away, before or after), number, proposed (where none is printed), symbol, type, issued_on, issuer, subject,
    link (its id), relation, from (the dispatch that says so), to (the one that it says it of), evidence, page,
    confidence, status, obligations [{id, quote, lead, later, due, reason, confidence, counts}]. What is cited but not
    in the register has neither id nor link.
    """
    rows = [{**_own(register, dispatch_id), "distance": 0}]
    rows += _walk(register, dispatch_id, "earlier", -1)
    rows += _walk(register, dispatch_id, "later", 1)
    return sorted(rows, key=lambda row: (row["distance"], row["issued_on"] or "", row["id"] or ""))


def links_of(register: Register, dispatch_id: int) -> dict[str, list[Row]]:
    """The links of one dispatch, those rejected too: earlier and later, rows as in `chain`."""
    return {
        side: [_row(register, row, side) for row in _linked(register, [dispatch_id], side, rejected=True)]
        for side in ("earlier", "later")
    }


def _own(register: Register, dispatch_id: int) -> Row:
    row = register.one(f"SELECT d.*, {_PROPOSED} AS proposed FROM dispatches d WHERE d.id = ?", (dispatch_id,)) or {}
    return {**{key: row.get(key) for key in _DISPATCH}, "id": public_id("dispatch", dispatch_id), **_NO_LINK}


_NO_LINK: Row = {
    "link": None, "relation": None, "from": None, "to": None, "evidence": None, "page": None, "confidence": None,
    "status": None, "obligations": [],
}  # fmt: skip


def _walk(register: Register, start: int, side: Direction, step: int) -> list[Row]:
    """All that lies on one side, nearest first; of what led to it also what is not in the register."""
    rows: list[Row] = []
    seen, waiting, distance = {start}, deque([start]), 0
    while waiting and len(rows) < MOST:
        distance += step
        level, waiting = list(waiting), deque()
        for link in _linked(register, level, side):
            other = link["earlier_id"] if side == "earlier" else link["dispatch_id"]
            rows.append({**_row(register, link, side), "distance": distance})
            if other not in seen:
                seen.add(other)
                waiting.append(other)
        if side == "earlier":
            rows += [row for one in level for row in _not_here(register, one, distance)]
    return rows


def _linked(register: Register, of: Sequence[int], side: Direction, *, rejected: bool = False) -> list[Row]:
    """The links of dispatches, and of their copies."""
    own = register.rows(
        "SELECT id FROM dispatches WHERE removed_at IS NULL AND"
        " (id IN (SELECT value FROM json_each(:of)) OR merged_into IN (SELECT value FROM json_each(:of)))",
        {"of": json.dumps(list(of))},
    )
    return register.rows(
        _SIDES[side], {"of": json.dumps([row["id"] for row in own]), "rejected": rejected, "most": MOST}
    )


def _row(register: Register, link: Row, side: Direction) -> Row:
    return {
        "id": public_id("dispatch", link["earlier_id" if side == "earlier" else "dispatch_id"]),
        **{key: link[key] for key in _DISPATCH},
        "link": public_id("link", link["id"]),
        "relation": link["relation"],
        "from": public_id("dispatch", link["dispatch_id"]),
        "to": public_id("dispatch", link["earlier_id"]),
        **{key: link[key] for key in ("evidence", "page", "confidence", "status")},
        "obligations": [_concerned(row) for row in register.rows(_CONCERNED, (link["id"],))],
    }


def _concerned(row: Row) -> Row:
    return {
        "id": public_id("obligation", row["obligation_id"]),
        "quote": row["quote"],
        "lead": json.loads(row["lead"]),
        "later": row["later_id"] and public_id("obligation", row["later_id"]),
        **{key: row[key] for key in ("due", "reason", "confidence", "counts")},
    }


def _not_here(register: Register, dispatch_id: int, distance: int) -> list[Row]:
    """What a dispatch answers, carries out ... that is not in the register."""
    return [
        {
            **_NO_LINK, "id": None, "distance": distance, "proposed": None,
            "symbol": None, **row,
            "from": public_id("dispatch", dispatch_id),
        }
        for row in register.rows(_UNKNOWN, (dispatch_id,))
    ]  # fmt: skip


_FOLLOW_UPS = """
    SELECT r.obligation_id, r.due, r.later_id, r.confidence, l.id, l.relation, l.status, l.dispatch_id, d.number,
        d.issued_on
    FROM link_obligations r
    JOIN links l ON l.id = r.link_id AND l.status <> 'rejected' AND (l.is_found OR l.status = 'accepted')
    JOIN dispatches d ON d.id = l.dispatch_id AND d.removed_at IS NULL
    WHERE r.obligation_id IN (SELECT value FROM json_each(?))
    ORDER BY d.issued_on IS NULL, d.issued_on, l.id, r.id
"""
_RETOLD = """
    SELECT x.retold_id, x.obligation_id FROM retold_obligations x
    JOIN obligations k ON k.id = x.obligation_id AND k.status = 'current'
    JOIN dispatches d ON d.id = k.dispatch_id AND d.removed_at IS NULL
    WHERE x.retold_id IN (SELECT value FROM json_each(?)) ORDER BY x.link_id DESC
"""


def add_follow_ups(register: Register, obligations: list[Row]) -> None:
    """Add to rows of obligations (id "O12") what later dispatches say of them: follow_ups [{link, relation, status,
    dispatch, number, issued_on, due, obligation, confidence}], oldest first; and counts_as: the obligation that counts
    in place of one that is told twice, else None."""
    numbers = json.dumps([int(row["id"][1:]) for row in obligations])
    found: dict[int, list[Row]] = {}
    for row in register.rows(_FOLLOW_UPS, (numbers,)):
        found.setdefault(row["obligation_id"], []).append(_follow_up(row))
    retold = {row["retold_id"]: row["obligation_id"] for row in register.rows(_RETOLD, (numbers,))}
    for obligation in obligations:
        number = int(obligation["id"][1:])
        obligation["follow_ups"] = found.get(number, [])
        obligation["counts_as"] = public_id("obligation", retold[number]) if number in retold else None


def _follow_up(row: Row) -> Row:
    return {
        "link": public_id("link", row["id"]),
        "dispatch": public_id("dispatch", row["dispatch_id"]),
        "obligation": row["later_id"] and public_id("obligation", row["later_id"]),
        **{key: row[key] for key in ("relation", "status", "number", "issued_on", "due", "confidence")},
    }


_CONSEQUENCES = """
    SELECT r.obligation_id, r.due, r.confidence, l.id AS link, l.relation, l.status, l.evidence, l.page,
        l.dispatch_id, d.number, d.issued_on, d.issuer,
        (SELECT json_group_array(id) FROM (SELECT y.id FROM duties y
            WHERE y.obligation_id = r.obligation_id AND y.is_current
            AND (l.relation NOT IN ('answers', 'reports_on', 'carries_out') OR y.body_id = d.issuer_id)
            ORDER BY y.id)) AS duties
    FROM link_obligations r
    JOIN links l ON l.id = r.link_id AND l.status <> 'rejected' AND (l.is_found OR l.status = 'accepted')
    JOIN dispatches d ON d.id = l.dispatch_id AND d.removed_at IS NULL
    JOIN current_obligations o ON o.id = r.obligation_id
    WHERE (:relations IS NULL OR l.relation IN (SELECT value FROM json_each(:relations))){of}
    ORDER BY d.issued_on IS NULL, d.issued_on, l.id, r.id
"""


def consequences(
    register: Register, relations: Sequence[str] | None = None, of: Collection[int] | None = None
) -> list[Row]:
    """What later dispatches say of obligations (of these alone, by their numbers), as what may have happened to duties,
    oldest first: link ("K3"), relation, status ("open": a proposal), obligation, duties (ids "T5": of a reply those of
    its writer, none where only a group is known; else all), dispatch (which proves it), number, issued_on, issuer, due
    (the new last day), evidence, page, confidence."""
    only = "" if of is None else " AND r.obligation_id IN (SELECT value FROM json_each(:of))"
    rows = register.rows(
        _CONSEQUENCES.format(of=only),
        {"relations": None if relations is None else json.dumps(list(relations)), "of": json.dumps(sorted(of or ()))},
    )
    return [
        {
            "link": public_id("link", row["link"]),
            "obligation": public_id("obligation", row["obligation_id"]),
            "duties": [public_id("duty", number) for number in json.loads(row["duties"])],
            "dispatch": public_id("dispatch", row["dispatch_id"]),
            **{key: row[key] for key in ("relation", "status", "number", "issued_on", "issuer", "due")},
            **{key: row[key] for key in ("evidence", "page", "confidence")},
        }
        for row in rows
    ]
