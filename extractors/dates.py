"""Mentions of time (mốc thời gian): days, weeks, months, quarters, years, ranges and lengths of time, as printed.

`find_times` reads what the words say; whether a mention bounds anything is the business of `extractors.deadlines`.
What is not printed is not filled in, with one exception that `docs/output.md` sets: a missing year is the year of
issue, or the next one if the day has passed by then. `year_printed` tells the two apart.
"""

from __future__ import annotations

import math
import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Literal

from extractors.time_mentions import Mention, mentions

TimeKind = Literal[
    "day", "period", "monthday", "monthdays", "duration", "frequency", "weekday", "quarter_day", "day_of_quarter",
    "day_of_month", "last_day", "last_working_day", "first_days", "now", "figures", "year_figures",
    "lunar", "impossible", "ignore",
]  # fmt: skip
Granularity = Literal["week", "month", "quarter", "half", "year", "years", "days"]

_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_NUMBERS = {
    "nửa": 0.5, "một": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9,
    "mười": 10, "mười lăm": 15, "hai mươi": 20, "ba mươi": 30, "sáu mươi": 60, "chín mươi": 90,
}  # fmt: skip
_WEEKDAYS = {
    "hai": "MO", "2": "MO", "ba": "TU", "3": "TU", "tư": "WE", "4": "WE", "năm": "TH", "5": "TH", "sáu": "FR",
    "6": "FR", "bảy": "SA", "7": "SA", "chủ nhật": "SU",
}  # fmt: skip
_WEEKDAY = re.compile(r"(?<!\w)(?:hai|ba|tư|năm|sáu|bảy|[2-7]|chủ nhật)(?!\w)")


@dataclass(frozen=True, slots=True)
class Issue:
    """The day of issue as far as it is printed: what a missing year, "tháng này" and "hôm nay" are read by."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    @property
    def full(self) -> date | None:
        """The day of issue where day, month and year are all printed."""
        return _day(self.year, self.month, self.day)

    def far_ahead(self, day: date) -> bool:
        """Whether that day lies more than three quarters of a year ahead (not to be told from a year alone)."""
        if self.year is None or self.month is None:
            return False
        return (day - (self.full or date(self.year, self.month, 1))).days > 275

    def passed(self, day: date) -> bool:
        """Whether that day lies before the issue, as far as can be told."""
        printed = [part for part in (self.year, self.month, self.day) if part is not None]
        return [day.year, day.month, day.day][: len(printed)] < printed


@dataclass(frozen=True, slots=True)
class Time:
    """One mention: `text[start:end]`. `first` and `last` are its days (equal for one day), None where unknown.

    `day` and `month` are the figures printed (for yearly and monthly rules), `amount` and `unit` a length or a
    frequency, `weekdays` RFC 5545 codes.
    """

    start: int
    end: int
    kind: TimeKind
    rule: str
    first: date | None = None
    last: date | None = None
    granularity: Granularity | None = None
    year_printed: bool = True
    day: int | None = None
    month: int | None = None
    amount: float | None = None
    unit: str = ""
    times: int | None = None
    part: str = ""
    weekdays: tuple[str, ...] = ()


@lru_cache(maxsize=256)
def parse_issue(issued_on: str | None) -> Issue:
    """An ISO date, month or year, or None, as an `Issue`.

    >>> parse_issue("2021-07")
    Issue(year=2021, month=7, day=None)
    """
    parts = [int(p) for p in (issued_on or "").split("-") if p.isdigit()]
    return Issue(*parts[:3])


def find_times(low: str, issue: Issue) -> list[Time]:
    """All mentions of time in a lower-case `matchable` string, in order, none overlapping another."""
    return [_time(mention, issue) for mention in mentions(low)]


def number(word: str) -> float | None:
    """A number in figures or Vietnamese words: "03", "4,5", "năm", "nửa"; None for anything else."""
    if word in _NUMBERS:
        return _NUMBERS[word]
    try:
        value = float(word.replace(",", "."))
    except ValueError:
        return None
    if not math.isfinite(value):
        return None
    return int(value) if value == int(value) else value


def in_year(time: Time, year: int) -> Time:
    """The same mention read in another year (for "từ ngày 01/4 đến ngày 30/6/2022")."""
    if time.first is None or time.last is None:
        return time
    first, last = _moved(time.first, year), _moved(time.last, year + time.last.year - time.first.year)
    return replace(time, first=first, last=last)


def _time(mention: Mention, issue: Issue) -> Time:
    entry, parts = mention.entry, mention.parts
    fields = _READERS[entry.role](parts, issue) if entry.role in _READERS else {"kind": entry.role, **_extras(parts)}
    return Time(start=mention.start, end=mention.end, rule=entry.id, **fields)


def _extras(parts: dict[str, str | None]) -> dict[str, Any]:
    """The figures of mentions that are no days of the calendar by themselves."""
    return {
        "day": _int(parts.get("d")),
        "amount": number(parts.get("n") or "") if parts.get("n") else None,
        "times": int(number(parts.get("times") or "") or 0) or None,
        "unit": (parts.get("unit") or "").replace("quí", "quý"),
        "part": parts.get("part") or "",
    }


def _read_day(parts: dict[str, str | None], issue: Issue) -> dict[str, Any]:
    day, month = _int(parts["d"]), _int(parts.get("m"))
    year = _year(parts, issue)
    if parts.get("mrel"):
        first = _relative_month(parts["mrel"] or "", issue)
        year, month = (first.year, first.month) if first else (None, None)
        if first is None:
            return {"kind": "day", "day": day, "year_printed": False}
    when = _day(year, month, day) if year else _next(month, day, issue)
    if when is None and _day(year or 2000, month, day) is None:
        return {"kind": "impossible"}
    printed = bool(parts.get("y") or parts.get("yrel") or parts.get("mrel"))
    return {"kind": "day", "first": when, "last": when, "day": day, "month": month, "year_printed": printed}


def _read_days(parts: dict[str, str | None], issue: Issue) -> dict[str, Any]:
    end = _read_day(parts, issue)
    last = end.get("last")
    if last is None:
        return {"kind": "impossible"}
    month = _int(parts.get("m1")) or last.month
    first = _day(_int(parts.get("y1")) or (last.year - (month > last.month)), month, _int(parts["d1"]))
    if first is None or first > last:
        return {"kind": "ignore"}
    return {"kind": "period", "granularity": "days", "first": first, "last": last, "year_printed": end["year_printed"]}


def _read_relative_day(parts: dict[str, str | None], issue: Issue) -> dict[str, Any]:
    when = issue.full and issue.full + timedelta(days=1 if parts.get("n") else 0)
    return {"kind": "day", "first": when, "last": when}


def _read_now(parts: dict[str, str | None], issue: Issue) -> dict[str, Any]:
    return {"kind": "now", "first": issue.full, "last": issue.full}


def _read_week(parts: dict[str, str | None], issue: Issue) -> dict[str, Any]:
    if issue.full is None:
        return {"kind": "period", "granularity": "week"}
    monday = issue.full - timedelta(days=issue.full.weekday()) + timedelta(days=0 if parts["rel"] == "này" else 7)
    return {"kind": "period", "granularity": "week", "first": monday, "last": monday + timedelta(days=6)}


def _read_years(parts: dict[str, str | None], issue: Issue) -> dict[str, Any]:
    first, last = _int(parts["y1"]) or 0, _int(parts["y"]) or 0
    if first >= last:
        return {"kind": "ignore"}
    return {"kind": "period", "granularity": "years", "first": date(first, 1, 1), "last": date(last, 12, 31)}


def _read_first_days(parts: dict[str, str | None], issue: Issue) -> dict[str, Any]:
    fields = _months(parts, issue, _int(parts["m"]) or 0, _int(parts["m"]) or 0, "month")
    count = _int(parts["n"]) or 0
    if fields["last"] is None or not 0 < count < 29:
        return {"kind": "ignore"}
    last = fields["last"] if parts["part"] == "cuối" else fields["first"].replace(day=count)
    return {**fields, "last": last}


def _read_months_of_year(parts: dict[str, str | None], issue: Issue) -> dict[str, Any]:
    count = int(number(parts["n"] or "") or 6)
    if not 0 < count < 12:
        return {"kind": "ignore"}
    first = 1 if parts["part"] == "đầu" else 13 - count
    return _months(parts, issue, first, first + count - 1, "half")


def _read_month(parts: dict[str, str | None], issue: Issue) -> dict[str, Any]:
    if parts.get("mrel"):
        first = _relative_month(parts["mrel"] or "", issue)
        last = first and _month_end(first.year, first.month)
        return {"kind": "period", "granularity": "month", "first": first, "last": last}
    month = _int(parts["m"]) or 0
    return _months(parts, issue, _int(parts.get("m1")) or month, month, "month")


def _read_month_figures(parts: dict[str, str | None], issue: Issue) -> dict[str, Any]:
    return {**_read_month(parts, issue), "kind": "figures"}


def _read_year_figures(parts: dict[str, str | None], issue: Issue) -> dict[str, Any]:
    fields = _read_years(parts, issue) if parts.get("y1") else _read_year(parts, issue)
    return {**fields, "kind": "ignore" if fields["kind"] == "ignore" else "year_figures"}


def _read_quarter(parts: dict[str, str | None], issue: Issue) -> dict[str, Any]:
    last = _quarter(parts["q"])
    first = _quarter(parts["q1"]) if parts.get("q1") else last
    return _months(parts, issue, 3 * first - 2, 3 * last, "quarter")


def _read_year(parts: dict[str, str | None], issue: Issue) -> dict[str, Any]:
    year = _year(parts, issue) or issue.year
    first, last = (date(year, 1, 1), date(year, 12, 31)) if year else (None, None)
    printed = bool(parts.get("y") or parts.get("yrel"))
    return {"kind": "period", "granularity": "year", "first": first, "last": last, "year_printed": printed}


def _read_weekday(parts: dict[str, str | None], issue: Issue) -> dict[str, Any]:
    days = tuple(_WEEKDAYS[word] for word in _WEEKDAY.findall(parts["words"] or ""))
    return {"kind": "weekday", "part": "last" if parts.get("last") else "", "weekdays": days}


_READERS: dict[str, Callable[[dict[str, str | None], Issue], dict[str, Any]]] = {
    "day": _read_day, "days_range": _read_days, "relative_day": _read_relative_day, "now": _read_now,
    "week": _read_week, "years": _read_years, "first_days_of_month": _read_first_days,
    "months_of_year": _read_months_of_year, "month": _read_month, "months": _read_month,
    "month_figures": _read_month_figures, "quarter": _read_quarter, "quarters": _read_quarter, "year": _read_year,
    "year_figures": _read_year_figures,
    "weekday": _read_weekday,
    "monthdays_range": lambda parts, issue: {"kind": "monthdays", "day": _int(parts["d"])},
}  # fmt: skip


def _months(
    parts: dict[str, str | None], issue: Issue, first: int, last: int, granularity: Granularity
) -> dict[str, Any]:
    """The fields of a period from the first of one month to the end of another of the same year."""
    year = _year(parts, issue)
    out: dict[str, Any] = {"kind": "period", "granularity": granularity, "first": None, "last": None}
    out["year_printed"] = year is not None
    if last < first or last > 12 or (year is None and issue.year is None):
        return out
    if year is None:
        year = issue.year or 0
        year += issue.passed(_month_end(year, last))
    return {**out, "first": date(year, first, 1), "last": _month_end(year, last)}


def _year(parts: dict[str, str | None], issue: Issue) -> int | None:
    """The year that is printed, or said by "năm nay" and the like."""
    if parts.get("yrel"):
        return issue.year and issue.year + (parts["yrel"] != "nay")
    year = _int(parts.get("y"))
    return year + 2000 if year is not None and year < 100 else year


def _next(month: int | None, day: int | None, issue: Issue) -> date | None:
    """A day without a year: in the year of issue, or in the next one if it has passed."""
    if issue.year is None:
        return None
    when = _day(issue.year, month, day)
    return _day(issue.year + 1, month, day) if when is None or issue.passed(when) else when


def _relative_month(word: str, issue: Issue) -> date | None:
    """The first day of "tháng này", "tháng sau", "tháng tới"."""
    if issue.year is None or issue.month is None:
        return None
    index = issue.year * 12 + issue.month - 1 + (word != "này")
    return date(index // 12, index % 12 + 1, 1)


def _moved(day: date, year: int) -> date:
    return date(year, day.month, min(day.day, monthrange(year, day.month)[1]))


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _quarter(word: str | None) -> int:
    return _ROMAN.get(word or "") or int(word or 1)


def _int(word: str | None) -> int | None:
    return int(word.replace("l", "1").replace(" ", "")) if word else None


def _day(year: int | None, month: int | None, day: int | None) -> date | None:
    try:
        return date(year or 0, month or 0, day or 0)
    except ValueError:
        return None
