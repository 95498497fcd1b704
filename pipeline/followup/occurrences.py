"""Kỳ hạn: a recurring limit laid out as days, each with the reporting period that it closes.

A rule holds what is printed. One without a day gets the last day of its period, marked as policy; the working days of
a rule ("the last working day of the month") follow the holidays. Periods are those of the calendar: quarters begin in
January, April, July and October, weeks on Monday.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import islice, takewhile

from dateutil.rrule import rrulestr

from extractors.calendar import WorkingCalendar, add_months
from extractors.model import Boundary
from extractors.recurrence import falls_in_next

MOST = 5000
_DAY = timedelta(days=1)
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time: the reporting period, the day printed (`due`) or set by policy, and the last day on time.

    `by_policy` where the document prints no day.
    """

    period_start: date
    period_end: date
    due: date
    last_day: date
    by_policy: bool


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A recurring limit: its RFC 5545 rule as printed, its words, and the days between which it runs."""

    rrule: str
    quote: str
    start: date
    end: date | None = None
    boundary: Boundary | None = None


def lay_out(limit: Recurrence, until: date, *, strict: bool, calendar: WorkingCalendar) -> Iterator[Occurrence]:
    """The occurrences that fall due after `limit.start` (the day of issue) up to `until`, in order; at most MOST.

    A period without a printed day that closes on the day of issue itself is reported on too.
    `strict`: "before D" is on time up to the day before D. Nothing for a rule that cannot be read.
    """
    in_next = _in_next(limit)
    rule, months, by_policy = _dated(_parts(limit.rrule), in_next)
    last = min(until, limit.end) if limit.end else until
    for count, due in enumerate(_days(rule, limit.start, last, calendar, by_policy)):
        if count == MOST:
            return
        start, end = _period(rule, months, due, in_next)
        on_time = due - _DAY if strict and limit.boundary == "before" and not by_policy else due
        yield Occurrence(start, end, due, on_time, by_policy)


def days_rule(limit: Recurrence) -> tuple[dict[str, str], bool]:
    """The parts of the rule by which the days of a limit are found, and whether their day is set by policy. The days
    of a rule for the last working day (BYSETPOS) move with the holidays."""
    rule, _, by_policy = _dated(_parts(limit.rrule), _in_next(limit))
    return rule, by_policy


def _parts(rrule: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in rrule.split(";") if "=" in part)


def _dated(parts: dict[str, str], of_the_next: bool) -> tuple[dict[str, str], int, bool]:
    """The rule with a day in it, how many months its period has (0: shorter), and whether the day is policy.

    Quarters and half-years become the months that close them, since "every three months" counts from the calendar;
    a day "of the next quarter" lies in the month that opens it.
    """
    rule = dict(parts)
    every = int(rule.get("INTERVAL", "1"))
    months = {"MONTHLY": every, "YEARLY": 12 * every}.get(rule.get("FREQ", ""), 0)
    if rule.get("FREQ") == "MONTHLY" and every > 1 and _MONTHS % every == 0:
        first = 1 if of_the_next and "BYMONTHDAY" in rule else every
        rule = {**rule, "FREQ": "YEARLY", "BYMONTH": ",".join(map(str, range(first, _MONTHS + 1, every)))}
        del rule["INTERVAL"]
    if rule.get("FREQ") == "YEARLY" and rule.get("BYMONTH", "").count(",") in (1, 3):
        months = 12 // (rule["BYMONTH"].count(",") + 1)
    has_day = any(key in rule for key in ("BYMONTHDAY", "BYDAY", "BYSETPOS")) or rule.get("FREQ") == "DAILY"
    if not has_day:
        if rule.get("FREQ") == "YEARLY":
            rule.setdefault("BYMONTH", "12")
        rule |= {"BYDAY": "FR"} if rule.get("FREQ") == "WEEKLY" else {"BYMONTHDAY": "-1"}
    return rule, months, not has_day


def _days(rule: dict[str, str], start: date, last: date, calendar: WorkingCalendar, inclusive: bool) -> Iterator[date]:
    """The days of the rule after `start` (or `inclusive`: from it on) up to `last`."""
    words = ";".join(f"{key}={value}" for key, value in rule.items())
    by_work = rule["FREQ"] if "BYSETPOS" in rule and "BYDAY" in rule else ""
    before = None
    for day in _all_days(words, _base(rule, start), last + timedelta(days=31)):
        if day < start or (day == start and not inclusive):
            continue
        day = _last_worked(day, by_work, calendar) if by_work else day
        if day != before and day <= last and (start < day or (inclusive and start == day)):
            yield day
        before = day  # a week of holidays has no last working day of its own


@lru_cache(maxsize=512)
def _all_days(words: str, base: date, until: date) -> tuple[date, ...]:
    """The days of a rule from a day on, worked out once for all limits that say the same; none for a rule that cannot
    be read. It may begin up to a year before a limit does, hence more than MOST."""
    try:
        found = rrulestr(words, dtstart=_midnight(base))
    except (ValueError, KeyError, TypeError):
        return ()
    moments = takewhile(lambda moment: moment.date() <= until, found)
    return tuple(moment.date() for moment in islice(moments, 3 * MOST))


def _base(rule: dict[str, str], start: date) -> date:
    """Where counting begins: at the start of the year, or of the week for rules that skip weeks."""
    if rule.get("FREQ") == "WEEKLY" and rule.get("INTERVAL", "1") == "1":
        return date(start.year, 1, 1) - timedelta(days=date(start.year, 1, 1).weekday())
    if rule.get("FREQ") == "WEEKLY":
        return start - timedelta(days=start.weekday())
    if rule.get("FREQ") == "DAILY":
        return start
    return date(start.year, 1, 1)


def _last_worked(day: date, freq: str, calendar: WorkingCalendar) -> date:
    """The last working day of a month or week, where the rule's own last weekday is a holiday."""
    end = add_months(day.replace(day=1), 1) - _DAY
    if freq == "WEEKLY":
        end = day + timedelta(days=6 - day.weekday())
    while not calendar.is_working(end):
        end -= _DAY
    return end


def _in_next(limit: Recurrence) -> bool:
    """Whether the day lies in the period after the one that is reported on."""
    return "BYMONTH=1,4,7,10" in limit.rrule or falls_in_next(limit.quote)


def _period(rule: dict[str, str], months: int, due: date, of_the_next: bool) -> tuple[date, date]:
    """The first and the last day of the period that an occurrence closes."""
    if not months:
        if rule.get("FREQ") == "DAILY":
            return due, due
        start = due - timedelta(days=due.weekday())
        weeks = int(rule.get("INTERVAL", "1"))
        return start - timedelta(days=7 * (weeks - 1)), start + timedelta(days=6)
    length = months if months in (1, 2, 3, 4, 6) else 12
    start = date(due.year, (due.month - 1) // length * length + 1, 1)
    if months > 12:
        start = date(start.year - months // 12 + 1, 1, 1)
    if of_the_next:
        start = add_months(start, -months)
    return start, add_months(start, months) - _DAY


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)
