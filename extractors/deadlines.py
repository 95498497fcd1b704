"""Deadlines (thời hạn): which times in a sentence bound what it asks for, and on which day each of them ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from extractors.model import Boundary, DeadlineKind, Offset

Place = Literal["clause", "heading", "label", "column"]


@dataclass(frozen=True, slots=True)
class Limit:
    """One time limit in a string: `text[start:end]` is its quote; days are ISO dates, None where not stated."""

    start: int
    end: int
    quote: str
    kind: DeadlineKind
    due: str | None
    start_day: str | None
    boundary: Boundary | None
    rrule: str | None
    offset: Offset | None
    rule: str
    confidence: float = 1.0


def find_limits(text: str, issued_on: str | None, place: Place = "clause") -> tuple[Limit, ...]:
    """The time limits of one clean one-line string, in order; times that bound nothing are left out."""
    return ()
