"""Page numbers, running heads and feet: rows at the edge of the page that come again page after page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from pipeline.reading.layout import Row

_EDGE = 0.13
_OUTER = 2
_NUMERAL = re.compile(r"\D{0,3}?(\d{1,4})\D{0,3}")
_DIGITS = re.compile(r"\d+")


def running_rows(pages: Sequence[tuple[Sequence[Row], float]]) -> list[set[int]]:
    """For each page (its rows from top to bottom, its height) the numbers of the rows that are no part of the text.

    A row is dropped where it stands at the edge of the page and says the same, numbers aside, on enough other
    pages; or where it is a lone numeral that is this page's number, or counts on from page to page. What the first
    page begins with must come twice again: an annex may open with the same letterhead.
    """
    edges = [_edge_rows(rows, height) for rows, height in pages]
    said = Counter((side, key) for page in edges for side, key in {(s, _key(r)) for _, s, r in page})
    enough = 2 if len(pages) <= 4 else 3
    opening = {_key(row) for _, side, row in (edges[0] if edges else []) if side == "top"}
    counted = Counter(n - k for n, page in enumerate(edges) for k in {_numeral(r) for _, _, r in page} if k is not None)
    dropped = []
    for n, page in enumerate(edges):
        drop = set()
        for at, side, row in page:
            number = _numeral(row)
            if number is not None:
                alone = number == n + 1 or counted[n - number] > 1
                drop |= {at} if alone else set()
            elif said[side, _key(row)] >= (3 if side == "top" and _key(row) in opening else enough):
                drop.add(at)
        dropped.append(_outermost(drop, len(pages[n][0])))
    return dropped


def _edge_rows(rows: Sequence[Row], height: float) -> list[tuple[int, str, Row]]:
    top = [(n, "top", r) for n, r in enumerate(rows[:_OUTER]) if r.bottom < _EDGE * height]
    first = max(0, len(rows) - _OUTER)
    foot = [(n, "foot", r) for n, r in enumerate(rows[first:], first) if r.top > (1 - _EDGE) * height]
    return top + foot


def _key(row: Row) -> str:
    """What a row says without its numbers, so that the page number may stand left or right of it."""
    words = [w.text for w in row.words if not w.text.strip("-–—.|").isdigit()]
    return _DIGITS.sub("#", "".join(words)).casefold()


def _numeral(row: Row) -> int | None:
    match = _NUMERAL.fullmatch(row.text.replace(" ", ""))
    return int(match[1]) if match else None


def _outermost(drop: set[int], count: int) -> set[int]:
    """Only rows with nothing but dropped rows between them and the edge."""
    kept = set()
    for order in (range(count), range(count - 1, -1, -1)):
        for at in order:
            if at not in drop:
                break
            kept.add(at)
    return kept
