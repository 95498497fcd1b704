"""Working calendar (lịch làm việc): which days state offices work on, and when a counted period ends.

Weekend = Saturday and Sunday; public holidays and Saturdays worked instead are data (`lexicon/working_days.csv`,
each row with its source). For other years the library `holidays` gives what the law says; the yearly notices that fix
Tết and exchanged days are known up to the last year of the data only: days beyond it are provisional (`covers`).
Counting follows the Civil Code 2015 (91/2015/QH13), Articles 145-148.
"""

from __future__ import annotations

import math
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, lru_cache

from extractors import lexicon
from extractors.model import Unit

_DAY = timedelta(days=1)
_FIRST_KNOWN = 2010  # the first year of which the library knows the exchanged days


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Days off beside weekends, weekend days that are worked, and the years that both are known for.

    `computed` years, those that the data do not hold, follow the law's own rules.
    """

    days_off: frozenset[date]
    worked_weekends: frozenset[date]
    years: frozenset[int]
    computed: bool = False

    def is_working(self, day: date) -> bool:
        """Whether state offices work on that day."""
        if day in self.worked_weekends:
            return True
        if day.weekday() < 5 and day in self.days_off:
            return False
        if self.computed and day.year not in self.years:
            off, worked = _by_law(day.year)
            return day in worked or (day.weekday() < 5 and day not in off)
        return day.weekday() < 5

    def covers(self, day: date) -> bool:
        """Whether the holidays of that year are known; where not, a computed day is provisional."""
        return day.year in self.years or (self.computed and _FIRST_KNOWN <= day.year <= max(self.years, default=0))

    def with_days(self, off: Iterable[date] = (), worked: Iterable[date] = ()) -> WorkingCalendar:
        """The same calendar with days off and worked weekend days of one's own (a storm, a mourning, an exchange)."""
        off, worked = frozenset(off), frozenset(worked)
        return replace(
            self, days_off=(self.days_off - worked) | off, worked_weekends=(self.worked_weekends - off) | worked
        )

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
        computed=True,
    )


@lru_cache(maxsize=256)
def _by_law(year: int) -> tuple[frozenset[date], frozenset[date]]:
    """Days off and worked weekend days of a year by the Labour Code 2019, Article 112, as the library computes them."""
    from holidays import country_holidays  # half a second to import, and seldom needed

    try:
        found = country_holidays("VN", years=year)
    except (ValueError, OverflowError):  # pragma: no cover - years for which there is no lunar calendar
        return frozenset(), frozenset()
    worked = getattr(found, "weekend_workdays", None) or ()
    return frozenset(found), frozenset(day for day in worked if day.year == year)


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
        end = plain_end(start, amount, unit, calendar)
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


def plain_end(start: date, amount: float, unit: Unit, calendar: WorkingCalendar) -> date:
    """Where a period ends before Article 148.5 moves a day off. Raises OverflowError or ValueError beyond 9999."""
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
