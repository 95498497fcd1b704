"""The scene of a search for limits: one string, the times in it, the words that bound each, and what was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

import regex

from extractors import context, lexicon
from extractors.bounds import Bounds, read_bounds
from extractors.dates import Issue, Time, find_times
from extractors.model import Boundary, DeadlineKind, Offset

Place = Literal["clause", "heading", "label", "column"]
# Years by which a printed slip may miss: January's letters still write the old year.
_SLIP = 1
# Behind more words than this a cell of times holds the words of another column.
_PROSE = 80
_PERIODIC = regex.compile(r"định k[ỳì]\s+$", regex.V1)


@dataclass(frozen=True, slots=True)
class Found:
    """A limit before its words are cut out; `times` are the mentions it has used."""

    start: int
    end: int
    kind: DeadlineKind
    rule: str
    due: date | None = None
    first: date | None = None
    boundary: Boundary | None = "on_or_before"
    rrule: str | None = None
    offset: Offset | None = None
    confidence: float = 1.0
    merges: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    low: str
    times: Sequence[Time]
    issue: Issue
    place: Place
    bounds: Sequence[Bounds]

    def gap(self, i: int) -> str:
        """The words between `times[i]` and the next mention's bound."""
        return self.low[self.times[i].end : self.bounds[i + 1].start]


def read_scene(low: str, issue: Issue, place: Place) -> Scene:
    times: Sequence[Time] = find_times(low, issue)
    if place == "column":
        times = _of_cell(times)
    floors = [0, *(time.end for time in times)]
    bounds = [read_bounds(low, time.start, floor) for time, floor in zip(times, floors, strict=False)]
    return Scene(low, times, issue, place, bounds)


def _of_cell(times: Sequence[Time]) -> Sequence[Time]:
    """The times of a cell without those in words that a page break has put behind them."""
    at = 0
    for n, time in enumerate(times):
        if n and time.start - at > _PROSE:
            return times[:n]
        at = time.end
    return times


def found_at(
    scene: Scene,
    i: int,
    end: int,
    kind: DeadlineKind,
    due: date | None = None,
    first: date | None = None,
    boundary: Boundary | None = "on_or_before",
    rrule: str | None = None,
    confidence: float = 0.9,
) -> Found:
    """A limit from the bound of `times[i]` to `end`; "định kỳ" before it belongs to its words."""
    bounds = scene.bounds[i]
    start = bounds.start
    if kind == "recurring" and (periodic := _PERIODIC.search(scene.low, max(0, start - 12), start)):
        start = periodic.start()
    rule = bounds.rule or scene.times[i].rule
    return Found(start, end, kind, rule, due, first, boundary, rrule, confidence=confidence)


def background(left: str) -> bool:
    """The words before tell the past rather than what is asked."""
    return context.past(left) or context.retold(left)


def ages_ago(scene: Scene, last: date | None) -> bool:
    """Whether a day lies years before the issue: more than a slip in its year can make."""
    return last is not None and scene.issue.year is not None and last.year < scene.issue.year - _SLIP


@cache
def pattern_of(role: str) -> regex.Pattern[str]:
    return regex.compile(lexicon.by_role("deadlines", role)[0].expression, regex.V1)
