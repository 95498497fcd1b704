"""Thời gian riêng của mục: whether an item that would inherit a limit names a time of its own that it could not read.

The limit of a heading does not hold where its item says another time ("Giai đoạn 2023 - 2025" over "... (từ quý
IV/2024)"): nobody can tell then by when, and no day is better than a wrong one.
"""

from __future__ import annotations

from functools import lru_cache

from extractors import context
from extractors.dates import Time, parse_issue
from extractors.model import Deadline
from extractors.oneline import one_line
from extractors.points import behind_number, in_brackets
from extractors.scene import Scene, background, read_scene
from extractors.time_mentions import may_hold_times

# Times sharper than the phases and years that headings print.
_SHARP = frozenset({"week", "month", "quarter", "half"})
_SAYS_WHEN = frozenset({"before", "latest", "full", "until", "within", "on", "from", "after", "end", "middle", "start"})


def kept(inherited: tuple[Deadline, ...], text: str, issued_on: str | None) -> tuple[Deadline, ...]:
    """The limits that an item inherits; none where its words name a time of their own that ends on another day.

    `issued_on` as in `extractors.deadlines.find_limits`.
    """
    if not inherited:
        return ()
    days = {d.due for d in inherited}
    last = max((day for day in days if day), default="")
    # what is done until a day may be for use after it: "... để áp dụng từ ngày 01/01"
    own = (day for day, begins in own_times(text, issued_on) if not (begins and day > last))
    return inherited if days.issuperset(own) else ()


@lru_cache(maxsize=256)
def own_times(text: str, issued_on: str | None) -> tuple[tuple[str, bool], ...]:
    """The last days (ISO) of the times to come that the words give as the time of something done, and whether in the
    midst of a sentence only its beginning is stated."""
    line = one_line(text)
    if not may_hold_times(line.lower):
        return ()
    scene = read_scene(line.lower, parse_issue(issued_on), "clause")
    own = ((i, time.last) for i, time in enumerate(scene.times) if time.last and _is_own(scene, i, time))
    return tuple((last.isoformat(), _only_begins(scene, i)) for i, last in own)


def _only_begins(scene: Scene, i: int) -> bool:
    bounds = scene.bounds[i]
    return bounds.only_start and not context.opens_clause(scene.low, bounds.start, scene.times[i].end)


def _is_own(scene: Scene, i: int, time: Time) -> bool:
    bounds = scene.bounds[i]
    opens = not bounds.only_start and not scene.low[: bounds.start].strip(" -+*")
    if opens and time.kind == "period" and time.year_printed:
        return True  # "Năm 2031: …" below "Đến năm 2035", though it be over
    if time.last is None or scene.issue.passed(time.last) or not _is_sharp(time):
        return False
    if not (bounds.label or bounds.values & _SAYS_WHEN or in_brackets(scene, i)):
        return False
    left = context.before(scene.low, bounds.start)
    return not (background(left) or context.cut_off(left) or context.elsewhere(left) or behind_number(left))


def _is_sharp(time: Time) -> bool:
    return time.kind == "day" or (time.kind == "period" and time.granularity in _SHARP)
