"""The same letter as scan, DOCX and reprint: proposed by keys, decided by a person.

Until a person decides, both stay dispatches of their own and both are listed; an obligation that both hold counts
once, in the one entered first (view `current_obligations`), so that nothing is reported twice and nothing is lost if
the proposal turns out wrong. Accepted, the later one becomes a copy of the first; rejected, each counts.
"""

from __future__ import annotations

import json
from collections import defaultdict

from pipeline.register.bodies import Bodies
from pipeline.register.connection import Register, Row
from pipeline.register.identity import match
from pipeline.register.keys import dispatch_keys, number_key, words_key

_SAME = 0.8  # hiding an obligation as the copy of another asks for more likeness than keeping its number does

_SHARED_KEYS = """
    SELECT o.dispatch_id AS id, k.kind, d.number, b.canonical_id AS issuer
    FROM dispatch_keys k
    JOIN dispatch_keys o ON o.key = k.key AND o.kind = k.kind AND o.dispatch_id <> k.dispatch_id
    JOIN dispatches d ON d.id = o.dispatch_id AND d.removed_at IS NULL
    LEFT JOIN bodies b ON b.id = d.issuer_id
    WHERE k.dispatch_id = ?
    ORDER BY o.dispatch_id, CASE k.kind WHEN 'number' THEN 0 WHEN 'text' THEN 1 WHEN 'subject' THEN 2 ELSE 3 END
"""


def write_keys(register: Register, dispatch_id: int, text: str, bodies: Bodies) -> None:
    """The keys of a dispatch as its values are now; its copies may have the subject as it was read, slips and all."""
    row = register.one(
        "SELECT d.number, d.symbol, d.issued_on, d.issuer, d.subject, e.value AS read FROM dispatches d"
        " LEFT JOIN evidence e ON e.dispatch_id = d.id AND e.field = 'subject' WHERE d.id = ?",
        (dispatch_id,),
    )
    values = {**(row or {}), "text": text}
    subject_as_read = values.pop("read")
    values["issuer"] = bodies.key(values["issuer"])
    keys = dispatch_keys(**values)
    as_read = dispatch_keys(**{**values, "subject": subject_as_read, "text": ""})
    register.connection.execute("DELETE FROM dispatch_keys WHERE dispatch_id = ?", (dispatch_id,))
    register.connection.executemany(
        "INSERT INTO dispatch_keys (dispatch_id, kind, key) VALUES (?, ?, ?)",
        [(dispatch_id, kind, key) for kind, key in sorted({*keys.items(), *as_read.items()})],
    )


def propose_merges(register: Register, dispatch_id: int, now: str) -> tuple[int, ...]:
    """Bring the proposals of a dispatch in line with its keys; returns those that are open."""
    like = _like(register, dispatch_id)
    _withdraw_open(register, dispatch_id, set(like))
    for other, reason in like.items():
        first, second = sorted((dispatch_id, other))
        register.connection.execute(
            "INSERT OR IGNORE INTO merge_proposals (dispatch_id, duplicate_id, reason, proposed_at)"
            " VALUES (?, ?, ?, ?)",
            (first, second, reason, now),
        )
    proposals = _proposals(register, dispatch_id)
    for proposal in proposals:
        _pair_obligations(register, proposal)
    return tuple(p["id"] for p in proposals if p["status"] == "open")


def linked_dispatches(register: Register, dispatch_id: int) -> list[int]:
    """Dispatches that are proposed as the same letter as this one."""
    return [_other(proposal, dispatch_id) for proposal in _proposals(register, dispatch_id)]


def _other(proposal: Row, dispatch_id: int) -> int:
    side = "duplicate_id" if proposal["dispatch_id"] == dispatch_id else "dispatch_id"
    return int(proposal[side])


def apply_decision(register: Register, proposal_id: int) -> None:
    """Let a proposal stand as the last word in force on it says, and letters be merged accordingly."""
    said = register.one(
        "SELECT action FROM corrections_in_force WHERE target = 'proposal' AND target_id = ? ORDER BY id DESC",
        (proposal_id,),
    )
    status = {"accept": "accepted", "reject": "rejected"}.get(said["action"], "open") if said else "open"
    register.connection.execute("UPDATE merge_proposals SET status = ? WHERE id = ?", (status, proposal_id))
    merge_accepted(register)


def merge_accepted(register: Register) -> None:
    """Every copy points to the first dispatch of its letter that is not removed; what does already is not touched."""
    neighbours: dict[int, set[int]] = defaultdict(set)
    for row in register.rows(
        "SELECT p.dispatch_id AS a, p.duplicate_id AS b FROM merge_proposals p"
        " JOIN dispatches x ON x.id = p.dispatch_id AND x.removed_at IS NULL"
        " JOIN dispatches y ON y.id = p.duplicate_id AND y.removed_at IS NULL WHERE p.status = 'accepted'"
    ):
        neighbours[row["a"]].add(row["b"])
        neighbours[row["b"]].add(row["a"])
    seen: set[int] = set()
    wanted: dict[int, int | None] = {}
    for start in sorted(neighbours):
        letter = _reachable(start, neighbours) - seen
        seen |= letter
        wanted |= {copy: start for copy in letter if copy != start}
    rows = register.rows("SELECT id, merged_into FROM dispatches WHERE merged_into IS NOT NULL")
    now = {row["id"]: row["merged_into"] for row in rows}
    changed = [(wanted.get(copy), copy) for copy in {*now, *wanted} if now.get(copy) != wanted.get(copy)]
    register.connection.executemany("UPDATE dispatches SET merged_into = ? WHERE id = ?", changed)


def _reachable(start: int, neighbours: dict[int, set[int]]) -> set[int]:
    reached, waiting = {start}, [start]
    while waiting:
        for other in neighbours[waiting.pop()] - reached:
            reached.add(other)
            waiting.append(other)
    return reached


def _like(register: Register, dispatch_id: int) -> dict[int, str]:
    """Other dispatches that may be the same letter, with the kind of the strongest key they share."""
    me = register.one(
        "SELECT d.number, d.removed_at, b.canonical_id AS issuer FROM dispatches d"
        " LEFT JOIN bodies b ON b.id = d.issuer_id WHERE d.id = ?",
        (dispatch_id,),
    )
    if me is None or me["removed_at"]:
        return {}
    like: dict[int, str] = {}
    for other in register.rows(_SHARED_KEYS, (dispatch_id,)):
        if not _contradicts(me, other):
            like.setdefault(other["id"], other["kind"])
    return _without_copies(register, dispatch_id, like)


def _without_copies(register: Register, dispatch_id: int, like: dict[int, str]) -> dict[int, str]:
    """The copy of an earlier dispatch is left out where that one is there too: it is joined through that one."""
    links = register.rows(
        "SELECT dispatch_id AS kept, duplicate_id AS copy FROM merge_proposals"
        " WHERE status <> 'rejected' AND dispatch_id < ? AND duplicate_id IN (SELECT value FROM json_each(?))",
        (dispatch_id, json.dumps(list(like))),
    )
    copies = {link["copy"] for link in links if link["kept"] in like}
    return {other: reason for other, reason in like.items() if other not in copies}


def _contradicts(me: Row, other: Row) -> bool:
    """Two numbers, or two issuers, that are known and differ tell letters apart that share a weaker key."""
    if other["kind"] == "subject":
        return bool(me["number"] and other["number"] and number_key(me["number"]) != number_key(other["number"]))
    if other["kind"] == "number_date":
        return bool(me["issuer"] and other["issuer"] and me["issuer"] != other["issuer"])
    return False


def _withdraw_open(register: Register, dispatch_id: int, still: set[int]) -> None:
    """Proposals that nobody decided and whose reason is gone."""
    for proposal in _proposals(register, dispatch_id):
        if proposal["status"] == "open" and _other(proposal, dispatch_id) not in still:
            register.connection.execute("DELETE FROM same_obligations WHERE proposal_id = ?", (proposal["id"],))
            register.connection.execute("DELETE FROM merge_proposals WHERE id = ?", (proposal["id"],))


def _proposals(register: Register, dispatch_id: int) -> list[Row]:
    return register.rows(
        "SELECT * FROM merge_proposals WHERE (dispatch_id = :id OR duplicate_id = :id) AND status <> 'rejected'"
        " ORDER BY id",
        {"id": dispatch_id},
    )


def _pair_obligations(register: Register, proposal: Row) -> None:
    register.connection.execute("DELETE FROM same_obligations WHERE proposal_id = ?", (proposal["id"],))
    kept, copies = (_quotes(register, proposal[side]) for side in ("dispatch_id", "duplicate_id"))
    pairs = match([key for _, key in kept], [key for _, key in copies], _SAME)
    register.connection.executemany(
        "INSERT INTO same_obligations (proposal_id, obligation_id, duplicate_id) VALUES (?, ?, ?)",
        [(proposal["id"], kept[i][0], copies[j][0]) for j, i in pairs.items()],
    )


def _quotes(register: Register, dispatch_id: int) -> list[tuple[int, str]]:
    rows = register.rows(
        "SELECT id, quote FROM obligations WHERE dispatch_id = ? AND status = 'current' ORDER BY position, id",
        (dispatch_id,),
    )
    return [(r["id"], words_key(r["quote"])) for r in rows]
