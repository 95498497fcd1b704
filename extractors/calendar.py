"""Working calendar (lịch làm việc): which days state offices work on, and when a counted period ends.

Weekend = Saturday and Sunday; public holidays and Saturdays worked instead are data (`lexicon/working_days.csv`,
each row with its source). Years without data know their weekends only: `covers` says so.
Counting follows the Civil Code 2015 (91/2015/QH13), Articles 145-148.
"""

from __future__ import annotations

import math
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from extractors import lexicon
from extractors.model import Unit

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Days off beside weekends, weekend days that are worked, and the years that both are known for."""

    days_off: frozenset[date]
    worked_weekends: frozenset[date]
    years: frozenset[int]

    def is_working(self, day: date) -> bool:
        """Whether state offices work on that day."""
        if day in self.worked_weekends:
            return True
        return day.weekday() < 5 and day not in self.days_off

    def covers(self, day: date) -> bool:
        """Whether the holidays of that year are known; where not, a computed day is provisional."""
        return day.year in self.years

    def next_working(self, day: date) -> date:
        """That day, or the first working day after it (Article 148.5)."""
        while not self.is_working(day):
            day += _DAY
        return day

    def add_working_days(self, day: date, amount: int) -> date:
        """The amount-th working day after (negative: before) that day; the day itself is not counted."""
        step = _DAY if amount > 0 else -_DAY
        for _ in range(abs(amount)):
            day += step
            while not self.is_working(day):
                day += step
        return day


@cache
def vietnam() -> WorkingCalendar:
    """The calendar of Vietnamese state offices, as far as it has been announced."""
    rows = [(date.fromisoformat(row["date"]), row["kind"]) for row in lexicon.rows("working_days")]
    return WorkingCalendar(
        days_off=frozenset(day for day, kind in rows if kind == "off"),
        worked_weekends=frozenset(day for day, kind in rows if kind == "makeup_workday"),
        years=frozenset(day.year for day, _ in rows),
    )


def last_day(start: date, amount: float, unit: Unit, calendar: WorkingCalendar) -> date | None:
    """The last day of a period counted from `start`, which itself is not counted (Article 147).

    A last day off moves to the next working day (148.5), except for hours, which run from the stated moment (147.1),
    and for days counted back, which are a shortest notice. Months and years end on the same day number, or on the
    last day of a month that lacks it (148.3). Half days end within the day that they begin. None: beyond the year 9999.

    >>> last_day(date(2022, 4, 20), 10, "day", vietnam())
    datetime.date(2022, 5, 4)
    >>> last_day(date(2022, 1, 31), 1, "month", vietnam())
    datetime.date(2022, 2, 28)
    """
    try:
        end = _plain_end(start, amount, unit, calendar)
        if unit in ("hour", "working_day") or amount < 0:
            return end
        return calendar.next_working(end)
    except (OverflowError, ValueError):
        return None


def add_months(day: date, months: int) -> date:
    """The same day number so many months later, or the last day of a month that lacks it."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _plain_end(start: date, amount: float, unit: Unit, calendar: WorkingCalendar) -> date:
    whole = math.ceil(amount) if amount > 0 else math.floor(amount)
    if unit == "hour":
        return start + timedelta(days=math.ceil(amount / 24))
    if unit == "working_day":
        return calendar.add_working_days(start, whole)
    if unit == "month":
        return add_months(start, whole)
    if unit == "year":
        return add_months(start, 12 * whole)
    return start + timedelta(days=whole * (7 if unit == "week" else 1))
