"""How a dispatch stands to an earlier one that it cites: a proposal a pair, decided by a person.

The cited number must be the earlier one's, and nothing printed beside it may contradict: issuer, day, order in time. A
number alone is none: "15/CT-UBND" exists in every province and every year. Either dispatch may be entered first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pipeline.register.bodies import Bodies
from pipeline.register.citing import body_key, is_canonical, same_body
from pipeline.register.connection import Register, Row
from pipeline.register.keys import words_key
from pipeline.register.merging import linked_dispatches
from pipeline.register.recovering import clause, likeness
from pipeline.register.retelling import relate_obligations

_DAYS_BACK = 400  # how far back a number without a day may lie: numbers begin anew each year
_MOST = 200

_BEARING = """
    SELECT d.id, d.issuer, d.place, d.issued_on, d.subject, d.merged_into, k.kind,
        (SELECT max(i.confidence) FROM inferred i WHERE i.dispatch_id = d.id AND i.field = 'number') AS inferred
    FROM cited_keys k JOIN dispatches d ON d.id = k.dispatch_id AND d.removed_at IS NULL
    WHERE k.key = ? AND k.kind IN ('number', 'proposed') AND d.id <> ? ORDER BY d.id LIMIT ?
"""
_CITING = """
    SELECT DISTINCT c.dispatch_id AS id FROM cited_keys k JOIN cited c ON c.number_key = k.key
    WHERE k.dispatch_id = :id AND k.kind IN ('number', 'proposed') AND c.relation IS NOT NULL AND c.dispatch_id <> :id
    AND (c.issuer_key IS NULL OR c.issuer_key = :issuer OR NOT :known OR c.issuer_key NOT GLOB '[A-Z]*')
    AND (c.issued_on IS NULL OR substr(c.issued_on, 1, length(:day)) = :day)
"""


@dataclass(frozen=True, slots=True)
class _Paper:
    """A dispatch as it is compared with what is cited."""

    id: int
    issuer: str | None
    day: str


def refresh_links(register: Register, dispatch_id: int, now: str) -> None:
    """Bring the links of a dispatch to earlier ones in line with what it cites. What a person decided stays."""
    wanted = _wanted(register, dispatch_id)
    old = {row["earlier_id"]: row for row in register.rows("SELECT * FROM links WHERE dispatch_id = ?", (dispatch_id,))}
    for earlier, row in old.items():
        if earlier not in wanted:
            _drop(register, row)
    for earlier, (cited, sure) in wanted.items():
        _write(register, dispatch_id, earlier, cited, sure, old.get(earlier), now)


def those_citing(register: Register, dispatch_id: int) -> set[int]:
    """Dispatches whose citations may mean this one, and those that are linked to it now."""
    paper = _paper(register, dispatch_id)
    known = bool(paper.issuer and is_canonical(paper.issuer))
    rows = register.rows(_CITING, {"id": dispatch_id, "issuer": paper.issuer, "known": known, "day": paper.day})
    rows += register.rows("SELECT dispatch_id AS id FROM links WHERE earlier_id = ?", (dispatch_id,))
    return {row["id"] for row in rows}


def apply_link_decision(register: Register, link_id: int) -> None:
    """Let a link stand as the last word in force on it says."""
    said = register.one(
        "SELECT action FROM corrections_in_force WHERE target = 'link' AND target_id = ? ORDER BY id DESC", (link_id,)
    )
    status = {"accept": "accepted", "reject": "rejected"}.get(said["action"], "open") if said else "open"
    register.connection.execute("UPDATE links SET status = ? WHERE id = ?", (status, link_id))


def _wanted(register: Register, dispatch_id: int) -> dict[int, tuple[Row, float]]:
    """Earlier dispatch -> the citation that links to it, and how surely."""
    row = register.one("SELECT removed_at, merged_into FROM dispatches WHERE id = ?", (dispatch_id,))
    if row is None or row["removed_at"]:
        return {}
    me = _paper(register, dispatch_id)
    copies = {dispatch_id, *linked_dispatches(register, dispatch_id)}
    wanted: dict[int, tuple[Row, float]] = {}
    for cited in register.rows(
        "SELECT * FROM cited WHERE dispatch_id = ? AND relation IS NOT NULL ORDER BY position", (dispatch_id,)
    ):
        found = _resolved(register, cited, me, copies)
        if found and (found[0] not in wanted or wanted[found[0]][1] < found[1]):
            wanted[found[0]] = (cited, found[1])
    return wanted


def _resolved(register: Register, cited: Row, me: _Paper, copies: set[int]) -> tuple[int, float] | None:
    """The one dispatch of the register that is cited, and how sure the link is."""
    rows = register.rows(_BEARING, (cited["number_key"], me.id, _MOST))
    ranked = sorted(
        ((sure, row["merged_into"] or row["id"]) for row in rows if (sure := _sure(register, row, cited, me))),
        key=lambda one: (-one[0], one[1]),
    )
    ranked = [one for one in ranked if one[1] not in copies]
    if not ranked:
        return None
    sure, first = ranked[0]
    rivals = {other for equal, other in ranked if equal == sure and other != first}
    if rivals - set(linked_dispatches(register, first)):
        return None
    return first, round(cited["confidence"] * sure, 2)


def _sure(register: Register, row: Row, cited: Row, me: _Paper) -> float:
    """How surely a dispatch with the cited number is the cited one; 0 where anything contradicts."""
    issuer = _issuer(register, row)
    day = row["issued_on"] or ""
    same = same_body(issuer, cited["issuer_key"])
    if same is False or not _fits(day, cited["issued_on"]) or not _before(day, me.day):
        return 0.0
    if cited["issued_on"] and len(day) == 10:
        about = likeness(tuple(words_key(row["subject"] or "").split()), cited["subject"])
        sure = (1.0 if same else 0.9) * (0.9 if about is False else 1.0)
    elif same or (issuer and same_body(issuer, me.issuer)):
        sure = 0.85 if _recently(day, me.day) else 0.0
    else:
        return 0.0
    return sure if row["kind"] == "number" else sure * (row["inferred"] or 0.0)


def _fits(day: str, printed: str | None) -> bool:
    return not printed or printed.startswith(day)


def _before(day: str, later: str) -> bool:
    """Whether an ISO prefix is not after another, as far as both are printed."""
    length = min(len(day), len(later))
    return day[:length] <= later[:length]


def _recently(day: str, later: str) -> bool:
    """Whether a number without a day is most likely the latest of its kind."""
    if len(day) < 10 or len(later) < 10:
        return day[:4] == later[:4]
    return (date.fromisoformat(later) - date.fromisoformat(day)).days <= _DAYS_BACK


def _paper(register: Register, dispatch_id: int) -> _Paper:
    row = register.one("SELECT issuer, place, issued_on FROM dispatches WHERE id = ?", (dispatch_id,)) or {}
    return _Paper(dispatch_id, _issuer(register, row), row.get("issued_on") or "")


def _issuer(register: Register, row: Row) -> str | None:
    return body_key(Bodies(register, row["issued_on"], row["place"]).key(row["issuer"]))


def _drop(register: Register, row: Row) -> None:
    """A link that no reading shows any more goes, unless a person decided on it."""
    register.connection.execute("DELETE FROM link_obligations WHERE link_id = ?", (row["id"],))
    if row["status"] == "open" and not _was_decided(register, row["id"]):
        register.connection.execute("DELETE FROM links WHERE id = ?", (row["id"],))
    else:
        register.connection.execute("UPDATE links SET is_found = 0 WHERE id = ?", (row["id"],))


def _was_decided(register: Register, link_id: int) -> bool:
    """What people said of a link must not come to speak of another one."""
    return bool(register.one("SELECT 1 FROM corrections WHERE target = 'link' AND target_id = ?", (link_id,)))


def _write(
    register: Register, dispatch_id: int, earlier: int, cited: Row, sure: float, old: Row | None, now: str
) -> None:
    values = (
        cited["relation"], clause(register, cited), cited["words_start"], cited["words_end"], cited["page"],
        cited["rule"], sure,
    )  # fmt: skip
    if old is None:
        cursor = register.connection.execute(
            "INSERT INTO links (relation, evidence, span_start, span_end, page, rule, confidence, dispatch_id,"
            " earlier_id, proposed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*values, dispatch_id, earlier, now),
        )
        link_id = int(cursor.lastrowid or 0)
    else:
        link_id = old["id"]
        register.connection.execute(
            "UPDATE links SET relation = ?, evidence = ?, span_start = ?, span_end = ?, page = ?, rule = ?,"
            " confidence = ?, is_found = 1 WHERE id = ?",
            (*values, link_id),
        )
    relate_obligations(register, link_id, cited)
