"""Relative limits (thời hạn tính từ một mốc): so long after an issue, a receipt, an effect, a day, an event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

import regex

from extractors import context, lexicon
from extractors.bounds import Bounds
from extractors.calendar import WorkingCalendar, last_day, vietnam
from extractors.dates import Issue, Time
from extractors.model import Anchor, Boundary, Offset, Unit

_UNITS: dict[str, tuple[Unit, int]] = {
    "giờ": ("hour", 1), "tiếng": ("hour", 1), "ngày": ("day", 1), "ngày làm việc": ("working_day", 1),
    "tuần": ("week", 1), "tháng": ("month", 1), "quý": ("month", 3), "năm": ("year", 1),
}  # fmt: skip
_HALVES: dict[str, tuple[float, Unit]] = {"tháng": (15, "day"), "năm": (6, "month"), "ngày": (12, "hour")}
_ANCHOR_WORDS = regex.compile(
    r"[^,.;:()]{0,120}?(?=[,.;:()]|\s-\s|\s(?:nếu|thì|và|đến|để|phải|mà|đối với)\s|$)|[^,.;:()]{0,120}", regex.V1
)
_THIS = regex.compile(r"\bnày\b(?!\s+(?:có|được|ban hành|chính thức|đi vào))", regex.V1)
_SIGNED = regex.compile(
    r"^(?:được\s+)?(?:ký(?:\s+ban\s+hành)?|ban\s+hành)"
    r"(?:\s+(?:quyết định|công văn|văn bản|chỉ thị|kế hoạch|nghị quyết|thông báo|công điện|quy chế|quy định))?",
    regex.V1,
)
_EFFECT_ON_SIGNING = regex.compile(r"có hiệu lực(?: thi hành)? (?:kể )?từ ngày (?:ký|ban hành)", regex.V1)
_REST_OF_CLAUSE = regex.compile(r"\s*,?[^,.;]{0,90}")
_PARTED = regex.compile(r"[,.;:()]")
_DAY_WITHIN = 25
_CONDITION = 240  # how far behind a length its condition may reach


@dataclass(frozen=True, slots=True)
class Relative:
    """One relative limit: where it stands, what it counts and, where that is printed, its last day."""

    start: int
    end: int
    offset: Offset
    due: date | None
    boundary: Boundary | None
    rule: str
    confidence: float


def read_relative(
    low: str, times: Sequence[Time], i: int, bounds: Bounds, issue: Issue, calendar: WorkingCalendar | None = None
) -> Relative | None:
    """The relative limit whose length is `times[i]`, or None where that length bounds nothing."""
    length = times[i]
    if _serves(low, bounds, length.end):
        return None
    calendar = calendar or vietnam()
    return (
        _counted_back(low, times, i, issue, bounds, calendar)
        or _counted_from(low, times, i, issue, bounds, calendar)
        or _years_done(low, length, bounds)
        or _without_anchor(low, length, bounds)
    )


def next_working_day(low: str, issue: Issue, calendar: WorkingCalendar | None = None) -> list[Relative]:
    """Every "trong ngày làm việc tiếp theo": one working day after the issue."""
    out: list[Relative] = []
    if "ngày làm việc" not in low:
        return out
    for found in _pattern("next_working_day").finditer(low):
        due = issue.full and last_day(issue.full, 1, "working_day", calendar or vietnam())
        offset = Offset(1, "working_day", "issue")
        rule = "anchor.next_working_day"
        out.append(Relative(found.start(), found.end(), offset, due, "on_or_before", rule, 0.7))
    return out


def _serves(low: str, bounds: Bounds, end: int) -> bool:
    """Whether the length is the service time of a procedure, the term of a contract and the like."""
    label = low[bounds.start : end]
    after = _REST_OF_CLAUSE.match(low[end : end + 90])
    around = (context.before(low, bounds.start), label, after[0] if after else "")
    return any(context.service_time(words) for words in around)


def _counted_from(
    low: str, times: Sequence[Time], i: int, issue: Issue, bounds: Bounds, calendar: WorkingCalendar
) -> Relative | None:
    length = times[i]
    after = _pattern("counted_from").match(low, length.end)
    if after is None:
        return None
    day = _day_near(low, times, i, after.end())
    if day is not None:
        anchor: Anchor = "date"
        end, begin = day.end, day.first
    else:
        words = _anchor_words(low[after.end() : after.end() + 160])
        if not words and after["what"] != "ngày":
            return None
        anchor, end = _anchor(words), after.end() + len(words)
        from_issue = anchor == "issue" or (anchor == "effect" and _effective_at_once(low, bounds.start))
        begin = issue.full if from_issue else None
    if not (bounds.values or bounds.label or anchor in ("issue", "receipt")):
        return None
    amount, unit = _amount(length)
    lower_bound = "after" in bounds.values and not bounds.strong
    if lower_bound and context.unmet(low[length.end : length.end + _CONDITION]):
        return None
    return Relative(
        start=bounds.start,
        end=end,
        offset=Offset(amount, unit, anchor),
        due=None if begin is None else last_day(begin, amount, unit, calendar),
        boundary=None if lower_bound else "on_or_before",
        rule=f"anchor.{anchor}" if anchor != "date" else "anchor.counted_from",
        confidence=0.6 if lower_bound else 0.9 if bounds.values or bounds.label else 0.7,
    )


def _effective_at_once(low: str, at: int) -> bool:
    """Whether the words before say that the document takes effect on the day it is signed."""
    return _EFFECT_ON_SIGNING.search(low, max(0, at - 300), at) is not None


def _counted_back(
    low: str, times: Sequence[Time], i: int, issue: Issue, bounds: Bounds, calendar: WorkingCalendar
) -> Relative | None:
    """ "trước ít nhất 03 ngày so với ngày họp", "trước ngày khai mạc ít nhất 05 ngày": a negative amount."""
    length = times[i]
    start, end, begin = bounds.start, length.end, None
    window = max(0, length.start - 100)
    ahead = _pattern("back_to").search(low[window : length.start])
    after = _pattern("counted_back").match(low, length.end)
    if ahead:
        start = window + ahead.start()
        day = next((t for t in times[max(0, i - 3) : i] if t.kind == "day" and t.start >= start), None)
        begin = day.first if day else None
    elif after and bounds.values & {"before", "least", "latest", "within"}:
        day = _day_near(low, times, i, after.end())
        end = day.end if day else after.end() + len(_anchor_words(low[after.end() : after.end() + 160]))
        begin = day.first if day else None
    else:
        return None
    amount, unit = _amount(length)
    due = None if begin is None else last_day(begin, -amount, unit, calendar)
    offset = Offset(-amount, unit, "date" if begin else "event")
    return Relative(start, end, offset, due, "on_or_before", "anchor.counted_back", 0.9)


def _years_done(low: str, length: Time, bounds: Bounds) -> Relative | None:
    """ "sơ kết sau 01 năm thực hiện": a review after so long."""
    found = _pattern("years_done").match(low, length.end)
    if not found or bounds.values != {"after"}:
        return None
    amount, unit = _amount(length)
    return Relative(bounds.start, found.end(), Offset(amount, unit, "event"), None, None, "anchor.years_done", 0.5)


def _without_anchor(low: str, length: Time, bounds: Bounds) -> Relative | None:
    """ "trong 02 giờ", "trong thời hạn 03 ngày làm việc"; "trong 02 ngày" may be how long something lasts."""
    amount, unit = _amount(length)
    bounded = low[bounds.start : length.start].startswith(("trong vòng", "trong thời hạn"))
    if "within" not in bounds.values or not (unit == "hour" or (bounded and unit not in ("month", "year"))):
        return None
    return Relative(bounds.start, length.end, Offset(amount, unit, None), None, "on_or_before", "bound.within", 0.5)


def _day_near(low: str, times: Sequence[Time], i: int, at: int) -> Time | None:
    """The day that a count begins with: the next mention, a few words after `at` at most."""
    if i + 1 >= len(times):
        return None
    day = times[i + 1]
    near = day.start <= at + _DAY_WITHIN and not _PARTED.search(low[at : day.start])
    return day if near and day.kind == "day" and day.first else None


def _anchor_words(rest: str) -> str:
    found = _ANCHOR_WORDS.match(rest)
    words = found[0] if found else ""
    if this := _THIS.search(words):
        return words[: this.end()]
    if (signed := _SIGNED.match(words)) and _anchor(words) == "issue":
        return signed[0]
    return words.rstrip()


def _anchor(words: str) -> Anchor:
    for entry, pattern in _anchors():
        if pattern.match(words) if entry.value == "receipt" else pattern.search(words):
            return "receipt" if entry.value == "receipt" else "effect" if entry.value == "effect" else "issue"
    return "event"


def _amount(length: Time) -> tuple[float, Unit]:
    amount = length.amount or 1
    if amount == 0.5:
        return _HALVES.get(length.unit, (1, "day"))
    unit, factor = _UNITS[length.unit]
    return amount * factor, unit


@cache
def _pattern(role: str) -> regex.Pattern[str]:
    return regex.compile(lexicon.by_role("deadlines", role)[0].expression, regex.V1)


@cache
def _anchors() -> tuple[tuple[lexicon.Entry, regex.Pattern[str]], ...]:
    entries = lexicon.by_role("deadlines", "anchor")
    return tuple((e, regex.compile(e.expression, regex.V1)) for e in entries)
