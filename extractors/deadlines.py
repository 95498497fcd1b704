"""Deadlines (thời hạn): which times in a sentence bound what it asks for, and on which day each of them ends.

`find_limits` walks the times that stand in a string and reads each as what is hardest to mistake: recurring, relative,
a range, a single day or period; events come last. A time that one reading has used is not read again. False friends
(cited documents, data, the past, names of plans) are told apart in `extractors.context`.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from functools import lru_cache

from extractors import context
from extractors.dates import find_times, parse_issue
from extractors.durations import next_working_day, read_relative
from extractors.events import find_events, may_hold_events
from extractors.model import Boundary, DeadlineKind, Offset
from extractors.oneline import one_line
from extractors.points import read_point, read_range
from extractors.recurring import read_recurring
from extractors.scene import Found, Place, Scene, read_scene
from extractors.time_mentions import may_hold_times


@dataclass(frozen=True, slots=True)
class Limit:
    """One time limit in a string: `text[start:end]` is where it stands, `quote` its words on one line.

    `due`, `start_day` are ISO dates, None where not stated; the other fields as in `extractors.model.Deadline`.
    """

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


@lru_cache(maxsize=1024)  # a sentence is looked at whole, then clause by clause, by several readers
def find_limits(text: str, issued_on: str | None, place: Place = "clause") -> tuple[Limit, ...]:
    """The time limits of one string, in order; times that bound nothing are left out.

    `issued_on` (ISO date, month or year, or None) gives missing years and relative days. `place` says where the string
    stands: running text, a heading over items, a line "Thời gian thực hiện: …", or a cell of a time column. Line
    breaks, doubled spaces, markdown marks and decomposed accents are read over; offsets are those of `text` as given.

    >>> [(limit.quote, limit.due) for limit in find_limits("Gửi về Sở trước ngày 10/12.", "2021-11-25")]
    [('trước ngày 10/12', '2021-12-10')]
    """
    line = one_line(text)
    if not may_hold_times(line.lower) and not may_hold_events(line.lower):
        return ()
    scene = read_scene(line.lower, parse_issue(issued_on), place)
    timed, events = _timed(scene), find_events(scene)
    if not timed and not events:
        return ()
    found = sorted([*timed, *_beside(events, timed)], key=lambda f: (f.start, f.end))
    return tuple(_limit(f, line.text, line.span(f.start, f.end)) for f in _distinct(_apart(found)))


def impossible_days(text: str) -> tuple[tuple[int, int], ...]:
    """Where a string prints a day that no calendar has ("30/02"): no limit, but something for a clerk to look at."""
    line = one_line(text)
    times = find_times(line.lower, parse_issue(None))
    return tuple(line.span(time.start, time.end) for time in times if time.kind == "impossible")


def _limit(found: Found, text: str, span: tuple[int, int]) -> Limit:
    return Limit(
        start=span[0],
        end=span[1],
        quote=text[found.start : found.end],
        kind=found.kind,
        due=found.due.isoformat() if found.due else None,
        start_day=found.first.isoformat() if found.first else None,
        boundary=found.boundary,
        rrule=found.rrule,
        offset=found.offset,
        rule=found.rule,
        confidence=found.confidence,
    )


def _timed(scene: Scene) -> list[Found]:
    """The limits that have a time in them."""
    out = [
        Found(r.start, r.end, "relative", r.rule, r.due, None, r.boundary, None, r.offset, r.confidence)
        for r in next_working_day(scene.low, scene.issue)
    ]
    last: tuple[int, list[Found]] = (-2, [])
    i = 0
    while i < len(scene.times):
        found, following = read_recurring(scene, i) or _counted(scene, i) or read_range(scene, i) or ([], i)
        if not found and following == i:
            found, following = read_point(scene, i, last[1] if last[0] == i else []), i + 1
        _join(out, found, scene.low)
        last = following, found
        i = following
    return out


def _counted(scene: Scene, i: int) -> tuple[list[Found], int] | None:
    if scene.times[i].kind != "duration":
        return None
    found = read_relative(scene.low, scene.times, i, scene.bounds[i], scene.issue)
    left = context.before(scene.low, found.start) if found else ""
    if found is None or context.retold(left) or context.elsewhere(left):
        return [], i + 1
    following = i + 1
    while following < len(scene.times) and scene.times[following].start < found.end:
        following += 1
    r = found
    return [Found(r.start, r.end, "relative", r.rule, r.due, None, r.boundary, None, r.offset, r.confidence)], following


def _beside(events: list[Found], timed: list[Found]) -> list[Found]:
    """The events that share no word with a limit that has a time in it."""
    taken = sorted((t.start, t.end) for t in timed)
    starts = [start for start, _ in taken]
    out = []
    for event in events:
        k = bisect_left(starts, event.end)
        if not any(event.start < end for _, end in taken[max(0, k - 3) : k]):
            out.append(event)
    return out


def _join(out: list[Found], found: list[Found], low: str) -> None:
    """Add what was found; months and quarters side by side are one period ("tháng 10 và quý IV") and end together."""
    if out and found and out[-1].merges and found[0].merges and context.same_again(low[out[-1].end : found[0].start]):
        one, other = out.pop(), found[0]
        due = max(d for d in (one.due, other.due) if d) if one.due or other.due else None
        out.append(replace(one, end=other.end, due=due))
        found = found[1:]
    out.extend(found)


def _apart(found: list[Found]) -> list[Found]:
    """Without what stands inside another limit; several rules that share one quote stay."""
    out: list[Found] = []
    reach = 0
    for f in sorted(found, key=lambda f: (f.start, -f.end)):
        if f.end > reach or (out and (out[-1].start, out[-1].end) == (f.start, f.end)):
            out.append(f)
            reach = max(reach, f.end)
    return out


def _distinct(found: list[Found]) -> list[Found]:
    """Each limit once: not repeated, and no "hàng quý" beside "trước ngày 15 của quý tiếp theo"."""
    dated = {f.rrule.split(";BY")[0] for f in found if f.rrule and ";BY" in f.rrule}
    seen: set[object] = set()
    out: list[Found] = []
    for f in found:
        value = (f.start, f.end) if f.kind == "event" else _value(f)
        if value not in seen and f.rrule not in dated:
            out.append(f)
        seen.add(value)
    return out


def _value(found: Found) -> tuple[object, ...]:
    return found.kind, found.due, found.first, found.boundary, found.rrule, found.offset
