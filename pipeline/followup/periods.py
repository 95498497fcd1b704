"""Mã kỳ: short names for the occurrences of a recurring duty, the same in every list and after every reading."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

from extractors.calendar import add_months

_DAY = timedelta(days=1)


def period_code(start: date, end: date) -> str:
    """The name of a reporting period: a year, half, quarter, month, week or day, else from its first to its last.

    >>> period_code(date(2026, 1, 1), date(2026, 3, 31)), period_code(date(2026, 3, 1), date(2026, 3, 31))
    ('2026Q1', '2026-03')
    >>> period_code(date(2026, 2, 9), date(2026, 2, 15)), period_code(date(2026, 1, 1), date(2026, 2, 28))
    ('2026W07', '2026-01..2026-02')
    """
    if start == end:
        return start.isoformat()
    months = _months(start, end)
    if months is None:
        week = start.isocalendar()
        is_week = start.weekday() == 0 and end - start == 6 * _DAY
        return f"{week.year}W{week.week:02d}" if is_week else f"{start}..{end}"
    if months == 1:
        return f"{start:%Y-%m}"
    if months == 12 and start.month == 1:
        return f"{start.year}"
    if months in (3, 6) and (start.month - 1) % months == 0:
        return f"{start.year}{'Q' if months == 3 else 'H'}{(start.month - 1) // months + 1}"
    return f"{start:%Y-%m}..{end:%Y-%m}"


def _months(start: date, end: date) -> int | None:
    """How many whole months a period has, None where it has none."""
    if start.day != 1 or (end + _DAY).day != 1:
        return None
    months = (end.year - start.year) * 12 + end.month - start.month + 1
    return months if add_months(start, months) - _DAY == end else None


def numbered(periods: Iterable[tuple[date, date]]) -> list[str]:
    """The names of periods in the order of their due days; a period that comes twice is told by a number behind it.

    >>> month = (date(2026, 3, 1), date(2026, 3, 31))
    >>> numbered([month, month])
    ['2026-03', '2026-03.2']
    """
    seen: Counter[tuple[date, date]] = Counter()
    out = []
    for period in periods:
        seen[period] += 1
        code = period_code(*period)
        out.append(code if seen[period] == 1 else f"{code}.{seen[period]}")
    return out
