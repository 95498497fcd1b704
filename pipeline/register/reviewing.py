"""What people should look at: doubtful values, issues of documents, files refused and failed; and how many of each."""

from __future__ import annotations

import json
from typing import Any, Literal

from pipeline.register.connection import Register, Row
from pipeline.register.ids import public_id
from pipeline.register.listing import UNNAMED, body_ids_with
from pipeline.register.naming import find_dispatch

DOUBTFUL = 0.8  # what was found with less confidence than this waits for a person

_PATH = "(SELECT p.path FROM file_paths p WHERE p.file_id = {file} ORDER BY p.is_current DESC, p.id DESC LIMIT 1)"

# The field of a dispatch that an issue is about stands first in its code ("number.blank").
_ISSUE_FIELD = """CASE WHEN i.code LIKE 'signer.title.%' THEN 'signer_title'
    WHEN i.code LIKE 'signer.%' THEN 'signer_name'
    ELSE substr(i.code, 1, instr(i.code, '.') - 1) END"""
# An issue about a field is done with while a person's word on that field stands.
OPEN_ISSUE = f"""(i.closed_at IS NULL AND NOT EXISTS (SELECT 1 FROM settled_fields s
    WHERE s.target = 'dispatch' AND s.target_id = i.dispatch_id AND s.field = {_ISSUE_FIELD}))"""

# One row a thing to decide; a status said twice leads to an index. A person's word on a field, or on the whole target,
# takes it off the list.
REVIEW: tuple[tuple[str, str], ...] = (
    (
        "merge",
        """
SELECT 'merge' AS what, 'M' || p.id AS id, NULL AS field, a.subject AS value, 0.0 AS confidence,
    p.dispatch_id, NULL AS page, NULL AS span_start, NULL AS span_end, 'merge.' || p.reason AS rule,
    'D' || p.duplicate_id AS why
FROM merge_proposals p
JOIN dispatches a ON a.id = p.dispatch_id AND a.removed_at IS NULL
JOIN dispatches b ON b.id = p.duplicate_id AND b.removed_at IS NULL
WHERE p.status = 'open'
""",
    ),
    (
        "link",
        """
SELECT 'link', 'K' || l.id, NULL, l.evidence, l.confidence, l.dispatch_id, l.page, l.span_start, l.span_end, l.rule,
    l.relation || ' D' || l.earlier_id
FROM links l
JOIN current_dispatches d ON d.id = l.dispatch_id
JOIN dispatches e ON e.id = l.earlier_id AND e.removed_at IS NULL
WHERE l.status = 'open' AND l.is_found
AND (l.confidence < :below OR EXISTS (SELECT 1 FROM link_obligations r WHERE r.link_id = l.id))
""",
    ),
    (
        "unmatched",
        """
SELECT 'unmatched', 'O' || o.id, NULL, o.quote, 0.0, o.dispatch_id, o.page, o.span_start, o.span_end, o.rule,
    (SELECT 'corrected' FROM corrections c WHERE c.target = 'obligation' AND c.target_id = o.id LIMIT 1)
FROM obligations o JOIN dispatches d ON d.id = o.dispatch_id AND d.removed_at IS NULL
WHERE o.status = 'unmatched' AND o.status <> 'current'
""",
    ),
    (
        "unmatched",
        """
SELECT 'unmatched', 'L' || l.id, NULL, l.quote, 0.0, o.dispatch_id, l.page, l.span_start, l.span_end, l.rule,
    'O' || o.id
FROM deadlines l JOIN current_obligations o ON o.id = l.obligation_id
WHERE l.status = 'unmatched' AND l.status <> 'current'
""",
    ),
    (
        "field",
        """
SELECT 'field', 'D' || e.dispatch_id, e.field, e.value, e.confidence, e.dispatch_id, e.page, e.span_start, e.span_end,
    e.rule, NULL
FROM evidence e JOIN current_dispatches d ON d.id = e.dispatch_id
WHERE e.confidence < :below AND NOT EXISTS (SELECT 1 FROM settled_fields s
    WHERE s.target = 'dispatch' AND s.target_id = e.dispatch_id AND s.field IN (e.field, '*'))
""",
    ),
    (
        "field",
        """
SELECT 'field', 'D' || a.dispatch_id, 'addressees', group_concat(a.name, '; '), min(a.confidence), a.dispatch_id,
    a.page, min(a.span_start), max(a.span_end), a.rule, NULL
FROM addressees a JOIN current_dispatches d ON d.id = a.dispatch_id
WHERE a.is_current AND NOT EXISTS (SELECT 1 FROM settled_fields s
    WHERE s.target = 'dispatch' AND s.target_id = a.dispatch_id AND s.field IN ('addressees', '*'))
GROUP BY a.dispatch_id HAVING min(a.confidence) < :below
""",
    ),
    (
        "inferred",
        """
SELECT 'inferred', 'P' || i.id, i.field, i.value, i.confidence, i.dispatch_id, i.page, i.span_start, i.span_end,
    i.rule, i.evidence
FROM inferred i JOIN current_dispatches d ON d.id = i.dispatch_id
WHERE NOT EXISTS (SELECT 1 FROM settled_fields s
    WHERE s.target = 'dispatch' AND s.target_id = i.dispatch_id AND s.field IN (i.field, '*'))
AND NOT EXISTS (SELECT 1 FROM evidence e WHERE e.dispatch_id = i.dispatch_id AND e.field = i.field
    AND (i.field <> 'issued_on' OR length(e.value) = 10))
""",
    ),
    (
        "obligation",
        """
SELECT 'obligation', 'O' || o.id, NULL, o.quote, o.confidence, o.dispatch_id, o.page, o.span_start, o.span_end, o.rule,
    NULL
FROM current_obligations o
WHERE o.confidence < :below AND NOT EXISTS (SELECT 1 FROM settled_fields s
    WHERE s.target = 'obligation' AND s.target_id = o.id AND s.field = '*')
""",
    ),
    (
        "deadline",
        """
SELECT 'deadline', 'L' || l.id, NULL, l.quote, l.confidence, l.dispatch_id, l.page, l.span_start, l.span_end, l.rule,
    'O' || l.obligation_id
FROM current_deadlines l
WHERE l.confidence < :below AND NOT EXISTS (SELECT 1 FROM settled_fields s
    WHERE s.target = 'deadline' AND s.target_id = l.id AND s.field IN ('due', '*'))
""",
    ),
    (
        "import",
        """
SELECT 'import', 'N' || n.id, NULL, n.value, n.confidence, n.dispatch_id, NULL, NULL, NULL, 'table.' || n.what,
    coalesce(n.sheet || ', ', '') || n.row
FROM import_proposals n LEFT JOIN dispatches d ON d.id = n.dispatch_id
WHERE n.status = 'open' AND d.removed_at IS NULL
""",
    ),
)
_REVIEW = "UNION ALL".join(sql for _, sql in REVIEW)
_IMPORTED = "SELECT number FROM import_proposals WHERE r.what = 'import' AND id = CAST(substr(r.id, 2) AS INTEGER)"


def review(register: Register, *, limit: int | None = None, below: float = DOUBTFUL) -> list[Row]:
    """What is doubtful, least certain first: what ("field", "inferred", "obligation", "deadline", "merge",
    "link", "import", "unmatched"), id (to `confirm` or `correct`), field, value, confidence, dispatch, number, page,
    span, rule, why (the duplicate's id of a merge; the obligation's id of a deadline; the evidence of an inferred
    value; of a link its relation and the earlier dispatch; of what an imported table says its sheet and row;
    "corrected" for an unmatched obligation that a person touched). Merge proposals and unmatched findings come first
    (confidence 0). Inferred values are listed, however sure, where the dispatch prints none, or no whole day; links
    where they concern obligations; what a table says while nobody has decided. `dispatch` is None where only a table
    tells of it.

    `below` is the confidence from which a finding is not listed.
    """
    rows = register.rows(
        f"SELECT r.*, coalesce(d.number, ({_IMPORTED})) AS number FROM ({_REVIEW}) r"
        " LEFT JOIN dispatches d ON d.id = r.dispatch_id"
        " ORDER BY r.confidence, r.what <> 'merge', r.what = 'unmatched' AND r.why IS NULL,"
        " r.dispatch_id, r.span_start, r.id LIMIT :limit",
        {"below": below, "limit": -1 if limit is None else limit},
    )
    return [
        {
            **{key: row[key] for key in ("what", "id", "field", "value", "confidence")},
            "dispatch": row["dispatch_id"] and public_id("dispatch", row["dispatch_id"]),
            **{key: row[key] for key in ("number", "page")},
            "span": None if row["span_start"] is None else [row["span_start"], row["span_end"]],
            **{key: row[key] for key in ("rule", "why")},
        }
        for row in rows
    ]


def count_review(
    register: Register, *, below: float = DOUBTFUL, most: int | None = None, dispatch: int | None = None
) -> int:
    """How many rows `review` has without a limit; where `most` is given, no more than that are counted. `dispatch` is
    the number of the only one to look at."""
    bound = "" if most is None else f" LIMIT {int(most)}"
    where = "" if dispatch is None else f" WHERE dispatch_id = {int(dispatch)}"
    return _count(register, f"(SELECT 1 FROM ({_REVIEW}){where}{bound})", {"below": below})


_UNNAMED = f"""
SELECT o.id, o.quote, o.confidence, o.letter_id, o.page, o.span_start, o.span_end, o.rule, d.number,
    (SELECT json_group_array(name) FROM (SELECT name FROM obligation_bodies b
        WHERE b.obligation_id = o.id AND b.role = 'lead' AND b.is_current ORDER BY b.position, b.id)) AS lead
FROM current_obligations o JOIN dispatches d ON d.id = o.letter_id
WHERE {UNNAMED} ORDER BY o.check_rule IS '', o.letter_id, o.position, o.id LIMIT :limit
"""


def unnamed(register: Register, *, limit: int | None = None) -> list[Row]:
    """Chưa rõ đơn vị chủ trì: obligations that name nobody, duties first; keys as in `review`, and `quote`; `value` is
    who is taken to lead meanwhile. They leave the list when a person says who leads, or confirms them."""
    rows = register.rows(_UNNAMED, {"limit": -1 if limit is None else limit})
    return [
        {
            "what": "lead",
            "id": public_id("obligation", row["id"]),
            "field": "lead",
            "value": "; ".join(json.loads(row["lead"])),
            "quote": row["quote"],
            "confidence": row["confidence"],
            "dispatch": public_id("dispatch", row["letter_id"]),
            **{key: row[key] for key in ("number", "page")},
            "span": None if row["span_start"] is None else [row["span_start"], row["span_end"]],
            "rule": row["rule"],
            "why": None,
        }
        for row in rows
    ]


def count_unnamed(register: Register) -> int:
    """How many rows `unnamed` has without a limit."""
    return _count(register, f"current_obligations o WHERE {UNNAMED}")


def issues(register: Register, dispatch: str | None = None, include_closed: bool = False) -> list[Row]:
    """What was read and not understood: id, dispatch, number, code, message, page, quote, path, closed (worked off,
    read no more, or about a field that a person corrected or confirmed). `dispatch` is an id or a printed number
    (`find_dispatch`)."""
    of_one = " AND i.dispatch_id = :dispatch" if dispatch else ""
    rows = register.rows(
        f"SELECT i.*, NOT {OPEN_ISSUE} AS closed, d.number, {_PATH.format(file='d.file_id')} AS path FROM issues i"
        " JOIN dispatches d ON d.id = i.dispatch_id AND d.removed_at IS NULL"
        f" WHERE (:closed OR NOT closed){of_one} ORDER BY i.dispatch_id, i.id",
        {"closed": include_closed, "dispatch": find_dispatch(register, dispatch) if dispatch else None},
    )
    return [
        {
            "id": public_id("issue", row["id"]),
            "dispatch": public_id("dispatch", row["dispatch_id"]),
            **{key: row[key] for key in ("number", "code", "message", "page", "quote", "path")},
            "closed": bool(row["closed"]),
        }
        for row in rows
    ]


def failures(
    register: Register,
    status: Literal["refused", "failed"] | None = None,
    *,
    limit: int | None = None,
    offset: int = 0,
    one: int | None = None,
) -> list[Row]:
    """Files refused and failed, newest first: id, status, code, details, path, noted_at. For a secrecy refusal `path`
    is the folder only and details hold the inode (`find FOLDER -inum N` finds it). `one` asks for that id alone."""
    of_one = "" if one is None else " AND x.id = :one"
    rows = register.rows(
        "SELECT x.*, " + _PATH.format(file="x.file_id") + " AS path FROM failures x"
        f" WHERE x.resolved_at IS NULL AND (:status IS NULL OR x.status = :status){of_one}"
        " ORDER BY x.noted_at DESC, x.id DESC LIMIT :limit OFFSET :offset",
        {"status": status, "one": one, "limit": -1 if limit is None else limit, "offset": offset},
    )
    return [_failure(row) for row in rows]


def count_failures(register: Register, status: Literal["refused", "failed"]) -> int:
    """How many rows `failures` has."""
    return _count(register, "failures WHERE resolved_at IS NULL AND status = ?", (status,))


def _failure(row: Row) -> Row:
    details: dict[str, Any] = json.loads(row["details"])
    if row["file_id"] is None:
        details = {"inode": row["inode"]}
    return {
        **{key: row[key] for key in ("id", "status", "code")},
        "details": details,
        "path": row["path"] if row["file_id"] is not None else row["folder"],
        "noted_at": row["noted_at"],
    }


_DISPATCHES = """
WITH mentioned AS (
    SELECT dispatch_id, sum(times) AS times FROM current_mentions
    WHERE body_code IN (SELECT value FROM json_each(:codes)) OR body_id IN (SELECT value FROM json_each(:bodies))
    GROUP BY dispatch_id
), listed AS (
    SELECT d.*, m.times FROM current_dispatches d LEFT JOIN mentioned m ON m.dispatch_id = d.id
    WHERE :everything OR m.dispatch_id IS NOT NULL
    ORDER BY d.issued_on IS NULL, d.issued_on DESC, d.id LIMIT :limit
)
SELECT d.*, {path} AS path, (SELECT CASE
        WHEN max(g.state = 'changed') THEN 'changed' WHEN max(g.state = 'invalid') THEN 'invalid'
        WHEN max(g.state = 'unreadable') THEN 'unreadable' WHEN min(g.later = 'content') THEN 'added' ELSE 'intact' END
        FROM signatures g WHERE g.file_id = d.file_id HAVING count(*)) AS signed,
    (SELECT count(*) FROM dispatches own JOIN current_obligations o ON o.dispatch_id = own.id
    WHERE own.id = d.id OR own.merged_into = d.id) AS obligations
FROM listed d ORDER BY d.issued_on IS NULL, d.issued_on DESC, d.id
"""


def dispatches(register: Register, *, limit: int | None = None, mentions: str | None = None) -> list[Row]:
    """Dispatches, newest issue first: id, type, number, symbol, issued_on, issuer, subject, obligations, path, signed.

    `signed` is the worst that is to be said of the digital signatures of its file: "changed", "invalid", "unreadable",
    "added" (content was added after the last one), "intact"; None where it has none.

    `mentions` asks for those whose text speaks of a body: any of its names or abbreviations, its id, or else words of
    its name; the rows then have `times` too.
    """
    codes, bodies = _asked_bodies(register, mentions) if mentions is not None else ([], [])
    rows = register.rows(
        _DISPATCHES.format(path=_PATH.format(file="d.file_id")),
        {
            "limit": -1 if limit is None else limit,
            "everything": mentions is None,
            "codes": json.dumps(codes),
            "bodies": json.dumps(bodies),
        },
    )
    keys = ["type", "number", "symbol", "issued_on", "issuer", "subject", "obligations", "path", "signed"]
    keys += ["times"] if mentions is not None else []
    return [{"id": public_id("dispatch", row["id"]), **{key: row[key] for key in keys}} for row in rows]


def _asked_bodies(register: Register, name: str) -> tuple[list[str], list[int]]:
    """Canonical ids of all bodies that ever bore a name; for a name that none bears, the rows with all its words."""
    from extractors.agencies_identity import identities  # its lexicon is loaded only where a name is asked for

    codes = [*identities(name)] or [row["canonical_id"] for row in _with_id(register, name)]
    return codes, [] if codes else body_ids_with(register, name)


def _with_id(register: Register, name: str) -> list[Row]:
    return register.rows("SELECT canonical_id FROM bodies WHERE canonical_id = ?", (name.strip().upper(),))


def counts(register: Register) -> Row:
    """For the end of an ingest: files {read, refused, failed} now in the register, dispatches, obligations, deadlines,
    to_check (rows of `review`), proposals."""
    return {
        "files": {
            "read": _count(register, "files WHERE status = 'read'"),
            "refused": _count(register, "failures WHERE resolved_at IS NULL AND status = 'refused'"),
            "failed": _count(register, "failures WHERE resolved_at IS NULL AND status = 'failed'"),
        },
        "dispatches": _count(register, "current_dispatches"),
        "obligations": _count(register, "current_obligations"),
        "deadlines": _count(register, "current_deadlines"),
        "to_check": count_review(register),
        "proposals": _count(register, "merge_proposals WHERE status = 'open'"),
    }


def _count(register: Register, what: str, parameters: object = ()) -> int:
    row = register.one(f"SELECT count(*) AS n FROM {what}", parameters)
    return int(row["n"]) if row else 0
