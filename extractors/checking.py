"""Việc kiểm đếm được: is there anything by which to see that a duty was done, or does it only urge?

A day of its own, a report, a paper, an event, somebody sent, something put up, an amount: each shows whether the duty
was done. "Tăng cường", "đẩy mạnh", "nâng cao" with nothing of the kind press and cannot be checked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from extractors import lexicon
from extractors.model import Deadline, Found, Kind
from extractors.text import Passage, lowered, matchable

_DEEDS = ("report", "person", "event", "product", "work")
_SURE = {"report": 0.9, "person": 0.85, "event": 0.85, "product": 0.85, "work": 0.8, "figure": 0.8}
_LOOKED_BACK = 80
_LONGEST_READ = 3000
_STOPS = ",;.:"


def find_check(words: Passage, kind: Kind, deadlines: Sequence[Deadline]) -> Found[str] | None:
    """By what it is seen that a duty was done: words of it, or of its time limit; None where it only urges.

    A period that stands above the item ("Nhiệm vụ năm 2030") bounds exhortations too, and shows nothing.
    """
    day = next((d for d in deadlines if d.scope in {"item", "row"} or d.kind != "period"), None)
    if day is not None:
        return Found(day.quote, day.span, "check.limit", day.confidence)
    plain = lowered(matchable(words.text[:_LONGEST_READ]))
    for role in _DEEDS:
        if (place := _deed(plain, role)) is not None:
            return _found(words, place, role)
    for figure in _pattern("figure").finditer(plain):
        if not _pattern("nominal").search(plain, max(0, figure.start() - _LOOKED_BACK), figure.start()):
            return _found(words, figure.span(), "figure")
    return _found(words, (0, len(plain)), "figure") if kind == "target" else None


@cache
def _pattern(role: str) -> re.Pattern[str]:
    """All entries of a role, for text in lower case: `re` reads these twice as fast as `regex` does."""
    return re.compile("|".join(f"(?:{e.expression})" for e in lexicon.by_role("checkable", role)))


def _deed(plain: str, role: str) -> tuple[int, int] | None:
    """The first place where something is to be done once and for all, not urged, planned for or told of."""
    for found in _pattern(role).finditer(plain):
        before = plain[max(0, found.start() - _LOOKED_BACK) : found.start()]
        said = before[max(before.rfind(stop) for stop in _STOPS) + 1 :]
        if _pattern("urging").search(said) or _pattern("nominal").search(before):
            continue
        return found.span()
    return None


def _found(words: Passage, place: tuple[int, int], role: str) -> Found[str]:
    cut = words.cut(*place)
    return Found(cut.text, cut.span(), f"check.{role}", _SURE[role])
