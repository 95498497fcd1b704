"""Thời gian riêng của mục: whether an item that would inherit a limit names a time of its own that it could not read.

The limit of a heading does not hold where its item says another time ("Giai đoạn 2023 - 2025" over "... (từ quý
IV/2024)"): nobody can tell then by when, and no day is better than a wrong one.
"""

from __future__ import annotations

from functools import lru_cache

from extractors import context
from extractors.dates import Time, may_hold_times, parse_issue
from extractors.model import Deadline
from extractors.oneline import one_line
from extractors.points import behind_number, in_brackets
from extractors.scene import Scene, background, read_scene

# Times sharper than the phases and years that headings print.
_SHARP = frozenset({"week", "month", "quarter", "half"})
_SAYS_WHEN = frozenset({"before", "latest", "full", "until", "within", "on", "from", "after", "end", "middle", "start"})


def kept(inherited: tuple[Deadline, ...], text: str, issued_on: str | None) -> tuple[Deadline, ...]:
    """The limits that an item inherits; none where its words name a time of their own that ends on another day.

    `issued_on` as in `extractors.deadlines.find_limits`.
    """
    last_days = own_last_days(text, issued_on) if inherited else ()
    return inherited if {d.due for d in inherited}.issuperset(last_days) else ()


@lru_cache(maxsize=256)
def own_last_days(text: str, issued_on: str | None) -> tuple[str, ...]:
    """The last days (ISO) of the times to come that the words give as the time of something done."""
    line = one_line(text)
    if not may_hold_times(line.lower):
        return ()
    scene = read_scene(line.lower, parse_issue(issued_on), "clause")
    days = (time.last for i, time in enumerate(scene.times) if time.last and _is_own(scene, i, time))
    return tuple(day.isoformat() for day in days)


def _is_own(scene: Scene, i: int, time: Time) -> bool:
    if time.last is None or scene.issue.passed(time.last) or not _is_sharp(time):
        return False
    bounds = scene.bounds[i]
    if not (bounds.label or bounds.values & _SAYS_WHEN or in_brackets(scene.low, bounds.start, time.end)):
        return False
    left = context.before(scene.low, bounds.start)
    return not (background(left) or context.cut_off(left) or context.elsewhere(left) or behind_number(left))


def _is_sharp(time: Time) -> bool:
    return time.kind == "day" or (time.kind == "period" and time.granularity in _SHARP)
