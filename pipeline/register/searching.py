"""Full-text search over dispatches and obligations: with all the words, exact accents first."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from itertools import islice

from pipeline.register.connection import Register, Row, translated
from pipeline.register.ids import public_id
from pipeline.register.querying import exact_expression, folded_expression, search_parts
from pipeline.register.snippets import pattern, snippet

MOST = 5000  # hits that are ranked; of words that more rows have the newest rows come first
# Columns weigh as number, issuer, subject, text. Both indexes share their row ids.
_IS_COMMON = "SELECT 1 FROM {index} WHERE {index} MATCH ? LIMIT 1 OFFSET ?"
_BEST = "bm25({index}, 10, 3, 5, 1), rowid"
_NEWEST = "rowid DESC"
# Read no further than they are asked for. What was found in a copy of a letter is found in the letter; what counts in
# no list (removed, unmatched, a second time the same) is not found.
_HITS = """
SELECT e.id, e.obligation_id, d.id AS letter_id, d.number, d.issuer, d.type, d.issued_on, d.subject, r.text
FROM (SELECT rowid AS id FROM {index} WHERE {index} MATCH ? ORDER BY {order} LIMIT ?) h
CROSS JOIN search_entries e ON e.id = h.id
CROSS JOIN dispatches own ON own.id = e.dispatch_id AND own.removed_at IS NULL
CROSS JOIN dispatches d ON d.id = coalesce(own.merged_into, own.id)
CROSS JOIN search_rows r ON r.id = e.id
WHERE e.obligation_id IS NULL OR EXISTS (SELECT 1 FROM current_obligations o WHERE o.id = e.obligation_id)
"""


def search(register: Register, query: str, *, limit: int = 50) -> list[Row]:
    """Dispatches and obligations with all the words, exact accents first, then what fits best (of words that more than
    MOST rows have, what is newest): kind ("dispatch", "obligation"), id,
    dispatch, number, issuer, type, issued_on, subject, snippet (matches between "[" and "]"), exact (bool)."""
    parts = search_parts(query)
    if not parts:
        return []
    find = pattern(parts)
    return [_shown(row, is_exact, find) for row, is_exact in islice(_found(register, parts), limit)]


def _found(register: Register, parts: list[str]) -> Iterator[tuple[sqlite3.Row, bool]]:
    """What counts, best first, each once; and whether the accents are the same too."""
    words = expressions(parts)
    seen: set[tuple[int, int | None]] = set()
    for index, is_exact in (("search_exact", True), ("search_folded", False)):
        for row in _hits(register, index, words["exact" if is_exact else "folded"]):
            if (what := (row["letter_id"], row["obligation_id"])) not in seen:
                seen.add(what)
                yield row, is_exact


def _hits(register: Register, index: str, words: str) -> Iterator[sqlite3.Row]:
    """Rows with these words, those that fit best first; where they are more than MOST the newest, newest first."""
    with translated(register.path):
        is_common = register.connection.execute(_IS_COMMON.format(index=index), (words, MOST)).fetchone()
        order = (_NEWEST if is_common else _BEST).format(index=index)
        yield from register.connection.execute(_HITS.format(index=index, order=order), (words, MOST))


def expressions(parts: list[str]) -> dict[str, str]:
    """The query for each of the two indexes."""
    return {"exact": exact_expression(parts), "folded": folded_expression(parts)}


def _shown(row: sqlite3.Row, is_exact: bool, find: re.Pattern[str]) -> Row:
    kind = "obligation" if row["obligation_id"] else "dispatch"
    fields = () if kind == "obligation" else (row["subject"], row["number"], row["issuer"])
    texts = [text for text in (row["text"], *fields) if text]
    return {
        "kind": kind,
        "id": public_id(kind, row["obligation_id"] or row["letter_id"]),
        "dispatch": public_id("dispatch", row["letter_id"]),
        "number": row["number"],
        "issuer": row["issuer"],
        "type": row["type"],
        "issued_on": row["issued_on"],
        "subject": row["subject"],
        "snippet": next((s for text in texts if (s := snippet(text, find))), None),
        "exact": is_exact,
    }
