"""Kỳ báo cáo: the time that a report is about: a month, quarter, half-year or year of the calendar, or up to a day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from extractors.calendar import add_months
from pipeline.errors import CongvanError
from pipeline.export.forms import printed
from pipeline.export.wording import day_words

_CODE = re.compile(r"(\d{4})(?:-?(?:Q([1-4])|H([12])|(9M)|(?<=-)(0[1-9]|1[0-2])))?", re.IGNORECASE)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_ROMAN = ("I", "II", "III", "IV")


class BadPeriod(CongvanError):
    """What was given is no period (details: period)."""

    code = "bad_period"


@dataclass(frozen=True, slots=True)
class Span:
    """A period by its code ("2022-Q1"); `start` is None where it is all that there was up to a day."""

    code: str
    start: date | None
    end: date
    words: str

    @property
    def within(self) -> str:
        """The period in a sentence on what happened in it."""
        return printed("span.within", period=self.words) if self.start else self.words

    def holds(self, day: date) -> bool:
        """Whether a day lies in it."""
        return (self.start is None or self.start <= day) and day <= self.end


def parse_span(text: str) -> Span:
    """A period as a person types it. Raises BadPeriod.

    >>> parse_span("2022-Q1").end, parse_span("2022-03").start, parse_span("2022-12-14").start
    (datetime.date(2022, 3, 31), datetime.date(2022, 3, 1), None)
    """
    words = text.strip().upper()
    try:
        if _DAY.fullmatch(words):
            day = date.fromisoformat(words)
            return Span(words, None, day, printed("span.day", day=day_words(day)))
        found = _CODE.fullmatch(words)
        if found is None:
            raise BadPeriod(period=text)
        return _span(words, *found.groups())
    except ValueError as error:
        raise BadPeriod(period=text) from error


def _span(
    code: str, year_words: str, quarter: str | None, half: str | None, nine: str | None, month: str | None
) -> Span:
    year = int(year_words)
    if quarter:
        named = printed("span.quarter", number=_ROMAN[int(quarter) - 1], year=year)
        return _months(code, date(year, 3 * int(quarter) - 2, 1), 3, named)
    if half:
        return _months(code, date(year, 6 * int(half) - 5, 1), 6, printed(f"span.half_{half}", year=year))
    if nine:
        return _months(code, date(year, 1, 1), 9, printed("span.nine", year=year))
    if month:
        return _months(code, date(year, int(month), 1), 1, printed("span.month", number=int(month), year=year))
    return _months(code, date(year, 1, 1), 12, printed("span.year", year=year))


def _months(code: str, start: date, months: int, words: str) -> Span:
    return Span(code, start, add_months(start, months) - timedelta(days=1), words)


def period_words(code: str) -> str:
    """The code of an occurrence ("2022Q1", "2022-01..2022-02") as people say it; the code where there are no words."""
    try:
        return parse_span(code).words
    except BadPeriod:
        return code
