"""Chuỗi lặp: the days of a recurring limit as one rule of RFC 5545 with its exceptions.

The register's own days are what counts: what a rule alone would place elsewhere (a last working day that is a holiday)
is told as moved, left out or added, so that a calendar shows the same days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice, takewhile

from dateutil.rrule import rrulestr

from pipeline.followup.occurrences import Recurrence, days_rule

_NEAR = timedelta(days=10)
_BEFORE = timedelta(days=45)
_MOST = 10_000
_WEEK = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True, slots=True)
class Series:
    """`start` is the first day by the rule (`rrule`, None where no rule gives these days); `moved` says on which day
    falls what the rule places on another; `left_out` are days of the rule on which nothing is due, `added` days beside
    it."""

    start: date
    rrule: str | None = None
    moved: dict[date, date] = field(default_factory=dict)
    left_out: tuple[date, ...] = ()
    added: tuple[date, ...] = ()


def series(limit: Recurrence, days: Sequence[date], *, strict: bool, until: date | None) -> Series:
    """The series of these days (in order, at least one), the last days on time of a limit's occurrences.

    `strict`: "before D" is on time up to the day before D. `until` is the last day that there ever is, None where the
    limit has no end: then the rule goes on behind `days`.
    """
    rule = _rule(limit, strict)
    found = _generated(rule, days)
    same = set(days)
    free = [day for day in found if day not in same]
    moved, added = _paired([day for day in days if day not in set(found)], free)
    kept = sorted({*(day for day in found if day in same), *moved})
    if not kept:
        return Series(days[0], added=tuple(days[1:]))
    left_out = [day for day in free if day not in moved and kept[0] < day < days[-1]]
    ending = {"UNTIL": f"{max(until, kept[-1]):%Y%m%d}"} if until else {}
    words = ";".join(f"{key}={value}" for key, value in (rule | ending).items())
    return Series(kept[0], words, moved, tuple(left_out), tuple(added))


def expanded(rrule: str, start: date, until: date) -> list[date]:
    """The days of a rule from its first one on; none for a rule that cannot be read."""
    try:
        moments = rrulestr(rrule, dtstart=_midnight(start))
    except (ValueError, KeyError, TypeError):
        return []
    found = takewhile(lambda moment: moment <= _midnight(until), moments)
    return [moment.date() for moment in islice(found, _MOST)]


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


def _rule(limit: Recurrence, strict: bool) -> dict[str, str]:
    """The rule without its end; of "before D" that of the day before."""
    rule, by_policy = days_rule(limit)
    rule = {key: value for key, value in rule.items() if key not in ("UNTIL", "COUNT")}
    return _day_before(rule) if strict and limit.boundary == "before" and not by_policy else rule


def _day_before(rule: dict[str, str]) -> dict[str, str]:
    """The rule of the days before those of a rule, as far as one says it.

    >>> _day_before({"FREQ": "YEARLY", "BYMONTH": "3", "BYMONTHDAY": "1"})
    {'FREQ': 'YEARLY', 'BYMONTH': '2', 'BYMONTHDAY': '-1'}
    >>> _day_before({"FREQ": "WEEKLY", "BYDAY": "MO"})
    {'FREQ': 'WEEKLY', 'BYDAY': 'SU'}
    """
    out = dict(rule)
    if "BYMONTHDAY" in rule and "BYDAY" not in rule:
        days = [int(day) for day in rule["BYMONTHDAY"].split(",")]
        if days == [1] and "BYMONTH" in rule:
            months = [int(month) for month in rule["BYMONTH"].split(",")]
            out["BYMONTH"] = ",".join(str((month - 2) % 12 + 1) for month in months)
        out["BYMONTHDAY"] = ",".join("-1" if day == 1 else str(day - 1) for day in days)
    elif "BYDAY" in rule and "BYSETPOS" not in rule and all(day in _WEEK for day in rule["BYDAY"].split(",")):
        out["BYDAY"] = ",".join(_WEEK[_WEEK.index(day) - 1] for day in rule["BYDAY"].split(","))
    return out


def _generated(rule: dict[str, str], days: Sequence[date]) -> list[date]:
    """The days of the rule around those; a rule that skips weeks or months keeps step with the first of them."""
    words = ";".join(f"{key}={value}" for key, value in rule.items())
    start = days[0] if rule.get("INTERVAL", "1") != "1" else days[0] - _BEFORE
    found = expanded(words, start, days[-1] + _NEAR)
    return [day for day in found if day >= days[0] - _NEAR]


def _paired(lost: Sequence[date], free: Sequence[date]) -> tuple[dict[date, date], list[date]]:
    """Each day that the rule does not give, with the nearest one that it gives instead; those without one apart."""
    moved: dict[date, date] = {}
    added = []
    for day in lost:
        near = [other for other in free if other not in moved and abs(other - day) <= _NEAR]
        if near:
            moved[min(near, key=lambda other: abs(other - day))] = day
        else:
            added.append(day)
    return moved, added
