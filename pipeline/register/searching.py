"""Full-text search over dispatches and obligations: with all the words, exact accents first."""

from __future__ import annotations

import re

from pipeline.register.connection import Register, Row
from pipeline.register.ids import public_id
from pipeline.register.querying import exact_expression, folded_expression, search_parts
from pipeline.register.snippets import pattern, snippet

# Columns weigh as number, issuer, subject, text. Both indexes share their row ids. What was found in a copy of a letter
# is found in the letter; what counts in no list (removed, unmatched, a second time the same) is not found.
_HITS = """
WITH hits AS (
    SELECT rowid AS id, 1 AS is_exact, bm25(search_exact, 10, 3, 5, 1) AS score
    FROM search_exact WHERE search_exact MATCH :exact
    UNION ALL
    SELECT rowid, 0, bm25(search_folded, 10, 3, 5, 1) FROM search_folded WHERE search_folded MATCH :folded
), best AS (
    SELECT id, max(is_exact) AS is_exact, min(score) AS score FROM hits GROUP BY id
), listed AS (
    SELECT best.*, e.obligation_id, coalesce(d.merged_into, d.id) AS letter_id, row_number() OVER (
        PARTITION BY coalesce(d.merged_into, d.id), e.obligation_id ORDER BY best.is_exact DESC, best.score, e.id
    ) AS place
    FROM best
    JOIN search_entries e ON e.id = best.id
    JOIN dispatches d ON d.id = e.dispatch_id AND d.removed_at IS NULL
    WHERE e.obligation_id IS NULL OR EXISTS (SELECT 1 FROM current_obligations o WHERE o.id = e.obligation_id)
)
SELECT id, is_exact, obligation_id, letter_id FROM listed WHERE place = 1
ORDER BY is_exact DESC, score, id LIMIT :limit
"""
_SHOWN = """
SELECT r.text, d.number, d.issuer, d.type, d.issued_on, d.subject
FROM search_rows r, dispatches d WHERE r.id = ? AND d.id = ?
"""


def search(register: Register, query: str, *, limit: int = 50) -> list[Row]:
    """Dispatches and obligations with all the words, exact accents first: kind ("dispatch", "obligation"), id,
    dispatch, number, issuer, type, issued_on, subject, snippet (matches between "[" and "]"), exact (bool)."""
    parts = search_parts(query)
    if not parts:
        return []
    hits = register.rows(_HITS, {**expressions(parts), "limit": limit})
    find = pattern(parts)
    return [_shown(register, hit, find) for hit in hits]


def expressions(parts: list[str]) -> dict[str, str]:
    """The query for each of the two indexes."""
    return {"exact": exact_expression(parts), "folded": folded_expression(parts)}


def _shown(register: Register, hit: Row, find: re.Pattern[str]) -> Row:
    row = register.one(_SHOWN, (hit["id"], hit["letter_id"])) or {}
    kind = "obligation" if hit["obligation_id"] else "dispatch"
    fields = () if kind == "obligation" else (row["subject"], row["number"], row["issuer"])
    texts = [text for text in (row["text"], *fields) if text]
    return {
        "kind": kind,
        "id": public_id(kind, hit["obligation_id"] or hit["letter_id"]),
        "dispatch": public_id("dispatch", hit["letter_id"]),
        **{key: row[key] for key in ("number", "issuer", "type", "issued_on", "subject")},
        "snippet": next((s for text in texts if (s := snippet(text, find))), None),
        "exact": bool(hit["is_exact"]),
    }
