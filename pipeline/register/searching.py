"""Full-text search over dispatches and obligations: with all the words, exact accents first."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import islice

from pipeline.register.connection import Register, Row
from pipeline.register.ids import public_id
from pipeline.register.querying import exact_expression, folded_expression, search_parts
from pipeline.register.snippets import pattern, snippet

MOST = 5000  # hits that are ranked; of words that more rows have the newest rows come first
# Columns weigh as number, issuer, subject, text. Both indexes share their row ids.
_COUNTED = "SELECT count(*) AS n FROM (SELECT 1 FROM {index} WHERE {index} MATCH ? LIMIT ?)"
_RANKED = "SELECT rowid AS id FROM {index} WHERE {index} MATCH ? ORDER BY bm25({index}, 10, 3, 5, 1), rowid"
_NEWEST = "SELECT rowid AS id FROM {index} WHERE {index} MATCH ? ORDER BY rowid DESC LIMIT ?"
# What was found in a copy of a letter is found in the letter; what counts in no list (removed, unmatched, a second time
# the same) is not found.
_COUNTING = """
SELECT e.id, e.obligation_id, coalesce(d.merged_into, d.id) AS letter_id
FROM json_each(?) h
CROSS JOIN search_entries e ON e.id = h.value
JOIN dispatches d ON d.id = e.dispatch_id AND d.removed_at IS NULL
WHERE e.obligation_id IS NULL OR EXISTS (SELECT 1 FROM current_obligations o WHERE o.id = e.obligation_id)
ORDER BY h.id
"""
_SHOWN = """
SELECT r.id, r.text, d.id AS letter_id, d.number, d.issuer, d.type, d.issued_on, d.subject
FROM json_each(?) h CROSS JOIN search_rows r ON r.id = h.value ->> 0 CROSS JOIN dispatches d ON d.id = h.value ->> 1
"""


def search(register: Register, query: str, *, limit: int = 50) -> list[Row]:
    """Dispatches and obligations with all the words, exact accents first, then what fits best (of words that more than
    MOST rows have, what is newest): kind ("dispatch", "obligation"), id,
    dispatch, number, issuer, type, issued_on, subject, snippet (matches between "[" and "]"), exact (bool)."""
    parts = search_parts(query)
    if not parts:
        return []
    hits = list(islice(_hits(register, parts, limit), limit))
    find = pattern(parts)
    pairs = json.dumps([(hit["id"], hit["letter_id"]) for hit in hits])
    rows = {row["id"]: row for row in register.rows(_SHOWN, (pairs,))}
    return [_shown(rows[hit["id"]], hit, find) for hit in hits]


def _hits(register: Register, parts: list[str], limit: int) -> Iterator[Row]:
    """What counts, best first, each once: id, obligation_id, letter_id, is_exact."""
    words = expressions(parts)
    seen: set[tuple[int, int | None]] = set()
    found: set[int] = set()
    for index, expression in (("search_exact", words["exact"]), ("search_folded", words["folded"])):
        ordered = [number for number in _ranked(register, index, expression) if number not in found]
        found.update(ordered)
        for start in range(0, len(ordered), 2 * limit):
            for row in register.rows(_COUNTING, (json.dumps(ordered[start : start + 2 * limit]),)):
                if (what := (row["letter_id"], row["obligation_id"])) not in seen:
                    seen.add(what)
                    yield {**row, "is_exact": index == "search_exact"}


def _ranked(register: Register, index: str, words: str) -> list[int]:
    """Rows with these words, those that fit best first; where they are more than MOST the newest, newest first."""
    counted = register.one(_COUNTED.format(index=index), (words, MOST + 1)) or {}
    if counted["n"] > MOST:
        return [row["id"] for row in register.rows(_NEWEST.format(index=index), (words, MOST))]
    return [row["id"] for row in register.rows(_RANKED.format(index=index), (words,))]


def expressions(parts: list[str]) -> dict[str, str]:
    """The query for each of the two indexes."""
    return {"exact": exact_expression(parts), "folded": folded_expression(parts)}


def _shown(row: Row, hit: Row, find: re.Pattern[str]) -> Row:
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
