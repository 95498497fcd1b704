"""Recurrence (định kỳ): how often, as RFC 5545 rules. A rule holds what is printed; no day is added to it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import regex

from extractors import lexicon
from extractors.dates import Time, number

_QUARTER_MONTHS = {"cuối": "3,6,9,12", "đầu": "1,4,7,10"}
_LONGEST_LIST = 6
_MIDDLE_MONTHS = "2,5,8,11"


def frequency_rule(unit: str, amount: float | None = None, times: int | None = None) -> str:
    """The rule of "so many times in so many units"; twice a year is every six months.

    >>> frequency_rule("quý")
    'FREQ=MONTHLY;INTERVAL=3'
    >>> frequency_rule("năm", times=2)
    'FREQ=MONTHLY;INTERVAL=6'
    """
    count = amount or 1
    if count == 0.5:
        return {"tháng": "FREQ=DAILY;INTERVAL=15", "năm": "FREQ=MONTHLY;INTERVAL=6"}.get(unit, "FREQ=DAILY")
    every = int(count)
    months = {"quý": 3 * every, "năm": 12 * every}.get(unit)
    if months and times and times > 1 and months % times == 0:
        return _rule("MONTHLY", months // times)
    if unit == "quý":
        return _rule("MONTHLY", 3 * every)
    return _rule({"ngày": "DAILY", "tuần": "WEEKLY", "tháng": "MONTHLY", "năm": "YEARLY"}[unit], every)


def dated_rule(rule: str, time: Time) -> str | None:
    """The rule with the day that a mention beside the frequency adds; None if the two do not go together.

    "ngày 25 hàng tháng", "15/12 hằng năm", "hằng tháng trước ngày 20", "thứ Hai và thứ Năm hằng tuần".
    """
    if time.kind == "weekday":
        if rule.startswith("FREQ=WEEKLY"):
            return f"{rule};BYDAY={','.join(time.weekdays)}"
        if rule == "FREQ=MONTHLY" and time.part == "last":
            return f"{rule};BYDAY={','.join('-1' + day for day in time.weekdays)}"
        return None
    if time.kind in ("monthday", "monthdays") and rule.startswith("FREQ=MONTHLY"):
        return f"{rule};BYMONTHDAY={time.day}"
    if time.kind == "day" and not time.year_printed and time.month and not rule.startswith(("FREQ=DAILY", "FREQ=WEEK")):
        return f"FREQ=YEARLY;BYMONTH={time.month};BYMONTHDAY={time.day}"
    if time.kind == "period" and time.granularity == "month" and not time.year_printed and time.last:
        return f"FREQ=YEARLY;BYMONTH={time.last.month}" if rule == "FREQ=YEARLY" else None
    if time.kind in _FIXED and not rule.startswith(("FREQ=DAILY", "FREQ=WEEK", "FREQ=YEAR")):
        return fixed_rule(time)
    return None


def fixed_rule(time: Time) -> str | None:
    """The rule of a mention that recurs by its own words: "ngày 15 của tháng cuối quý", "ngày cuối cùng của tháng"."""
    reader = _FIXED.get(time.kind)
    return reader(time) if reader else None


def listed_rules(low: str, at: int) -> tuple[list[str], int]:
    """The rules of a list that goes on there ("hàng quý" + "/6 tháng/năm"), and where it ends."""
    rules: list[str] = []
    while len(rules) < _LONGEST_LIST and (found := _list_pattern().match(low, at)):
        rules.append(frequency_rule(found["unit"].replace("quí", "quý"), number(found["n"] or "")))
        at = found.end()
    return rules, at


@cache
def _list_pattern() -> regex.Pattern[str]:
    return regex.compile(lexicon.by_role("recurrence", "list")[0].expression, regex.V1)


def falls_in_next(quote: str) -> bool:
    """Whether a recurring day lies in the period after the one reported on: "ngày 05 của tháng tiếp theo".

    >>> falls_in_next("chậm nhất ngày 05 của tháng tiếp theo")
    True
    """
    return any(entry.found_in(quote) for entry in lexicon.by_role("recurrence", "next_period"))


def _rule(freq: str, interval: int) -> str:
    return f"FREQ={freq}" + (f";INTERVAL={interval}" if interval > 1 else "")


def _quarter_day(time: Time) -> str:
    months = _QUARTER_MONTHS.get(time.part.split(" ")[0], _MIDDLE_MONTHS)
    return f"FREQ=YEARLY;BYMONTH={months};BYMONTHDAY={time.day}"


def _last_working_day(time: Time) -> str:
    week = "MO,TU,WE,TH,FR;BYSETPOS=-1"
    return f"FREQ={'WEEKLY' if time.unit == 'tuần' else 'MONTHLY'};BYDAY={week}"


_FIXED: dict[str, Callable[[Time], str]] = {
    "quarter_day": _quarter_day,
    "day_of_quarter": lambda time: f"FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY={time.day}",
    "day_of_month": lambda time: f"FREQ=MONTHLY;BYMONTHDAY={time.day}",
    "last_day": lambda time: "FREQ=MONTHLY;BYMONTHDAY=-1",
    "last_working_day": _last_working_day,
    "first_days": lambda time: f"FREQ=MONTHLY;BYMONTHDAY={int(time.amount or 1)}",
}
