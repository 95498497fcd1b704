"""Dự họp: the duty to come to a meeting."""

from __future__ import annotations

from extractors.frames import read_frame
from extractors.patterns import word
from extractors.predicates import predicates


def is_to_attend(plain: str) -> bool:
    """Whether coming to a meeting is what a duty asks for first (not preparing for those who come)."""
    frame = read_frame(plain)
    start = frame.named[0] if frame is not None and frame.named is not None else 0
    m = word("attends").search(plain, start)
    if m is None:
        return False
    before = (plain[p.start : p.end] for p in predicates(plain, start, m.start()) if p.role == "verb")
    return all(word("bids").match(verb) for verb in before)
