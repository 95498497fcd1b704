"""Events (sự kiện) that bound a limit without a printed day: "trước khi khai giảng", "ngay sau khi kết thúc …"."""

from __future__ import annotations

from functools import cache

import regex

from extractors import context, lexicon
from extractors.model import Boundary
from extractors.scene import Found, Scene, background, pattern_of

_EVENT_BOUNDARY: dict[str, Boundary] = {"before": "before", "session": "on_or_before"}
# Every event of the lexicon has one of these words: most sentences have none, and that is seen at once.
_HINTS = ("trước ", "ngay sau", "cuối ", "kết thúc", "tại k")


def may_hold_events(low: str) -> bool:
    """Whether a string has a word that an event of the lexicon needs: a cheap look before the search."""
    return any(hint in low for hint in _HINTS)


def find_events(scene: Scene) -> list[Found]:
    """Limits bound to an event without a printed day: "trước khi khai giảng", "ngay sau khi kết thúc …"."""
    if not may_hold_events(scene.low):
        return []
    out = []
    for entry, pattern in _events():
        for found in pattern.finditer(scene.low):
            start, end = found.span("quote")
            if entry.value in ("before", "after"):
                end = _event_end(scene.low, start, end)
            left = context.before(scene.low, found.start())
            if "hiệu lực" in scene.low[start:end] or background(left):
                continue
            boundary = _EVENT_BOUNDARY.get(entry.value or "")
            out.append(Found(start, end, "event", entry.id, boundary=boundary, confidence=0.6))
    return out


def _event_end(low: str, start: int, at: int) -> int:
    """Where the words of an event end: at a punctuation mark or at the purpose that follows."""
    end = _stop(low, at)
    if low[end : end + 1] == "," and not pattern_of("event_verb").search(low, start, end):
        further = _stop(low, end + 1)
        end = further if pattern_of("event_verb").search(low, end, further) else end
    return start + len(low[start:end].rstrip())


def _stop(low: str, at: int) -> int:
    stop = pattern_of("event_stop").search(low, at, at + 160)
    return stop.start() if stop else min(len(low), at + 160)


@cache
def _events() -> tuple[tuple[lexicon.Entry, regex.Pattern[str]], ...]:
    return tuple((e, regex.compile(e.expression, regex.V1)) for e in lexicon.by_role("deadlines", "event"))
