"""Giấy tờ phải gửi: a sentence that orders by naming a paper or a work and its last day, and tells nobody to act."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.deadlines import Limit
from extractors.frames import Reading
from extractors.lexicon import by_role

# What makes a day the last one, and nothing else, in the words before it.
_LAST = frozenset({"bound.before", "bound.latest", "bound.full", "deadline.label"})


def read_due(plain: str, limits: Sequence[Limit], issued_on: str | None) -> Reading | None:
    """The order in a clause like "Báo cáo gửi về Sở trước ngày 10/12"; None where it holds none.

    `plain` is in matchable spelling. A day of the calendar that has not passed makes an order wherever it stands; a
    recurring one only where duties are told.
    """
    if (phase := _phase(plain.lower(), limits)) is not None:
        return phase
    firm = [x for x in limits if x.rule in _LAST and x.kind in ("date", "recurring")]
    lower = plain.lower()
    if not firm or any(e.pattern.search(lower) for e in by_role("papers_due", "no_order")):
        return None
    last = max(x.end for x in firm)
    for entry in by_role("papers_due", "due"):
        found = entry.pattern.search(lower)
        if found and found.start() < last:
            ahead = any(x.kind == "date" and x.due and x.due >= (issued_on or "") for x in firm)
            modality = "requested" if entry.id == "due.hoped" else None
            return Reading("frame" if ahead else "modal", entry.id, modality)
    return None


def _phase(lower: str, limits: Sequence[Limit]) -> Reading | None:
    """One of several phases of what is ordered above, with its last day."""
    dated = any(x.kind in ("date", "period") and x.due for x in limits)
    found = next((e for e in by_role("papers_due", "phase") if dated and e.pattern.search(lower)), None)
    return Reading("bare", found.id) if found else None
