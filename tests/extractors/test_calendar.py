"""Periods end where the Civil Code 2015 says, on the days that state offices worked."""

import csv
from datetime import date, timedelta
from importlib import resources

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from extractors.calendar import WorkingCalendar, last_day, vietnam

DAYS = st.dates(date(2015, 1, 1), date(2030, 12, 31))
AMOUNTS = st.integers(1, 400)
BARE = WorkingCalendar(frozenset(), frozenset(), frozenset())
vietnam().is_working(date(2015, 1, 1))  # the library of holidays is slow to import


@pytest.mark.parametrize(
    ("start", "amount", "unit", "end"),
    [
        ("2022-04-20", 10, "day", "2022-05-04"),  # Saturday and holiday, compensated on two days
        ("2022-01-31", 1, "month", "2022-02-28"),
        ("2024-02-29", 1, "year", "2025-02-28"),
        ("2024-04-26", 3, "working_day", "2024-05-04"),  # a Saturday that was worked
        ("2025-12-31", 5, "working_day", "2026-01-09"),  # 2 January 2026 off by exchange
        ("2025-12-31", 10, "day", "2026-01-10"),  # the Saturday worked for it
        ("2026-11-20", 3, "working_day", "2026-11-26"),  # 24 November off from 2026
        ("2025-06-10", 4.5, "working_day", "2025-06-17"),
        ("2024-09-09", 24, "hour", "2024-09-10"),
        ("2022-03-20", -3, "day", "2022-03-17"),
        ("2025-05-12", -5, "working_day", "2025-05-05"),
    ],
)
def test_known_ends(start, amount, unit, end):
    assert last_day(date.fromisoformat(start), amount, unit, vietnam()) == date.fromisoformat(end)


@given(DAYS, AMOUNTS, st.sampled_from(["day", "week", "month", "year", "working_day"]))
def test_no_end_falls_on_a_day_off_and_more_never_ends_earlier(start, amount, unit):
    end, later = (last_day(start, n, unit, vietnam()) for n in (amount, amount + 1))
    assert vietnam().is_working(end)
    assert start < end <= later


@given(DAYS, AMOUNTS)
def test_days_agree_with_counting_one_by_one(start, amount):
    day = start
    for _ in range(amount):
        day += timedelta(days=1)
    while not vietnam().is_working(day):
        day += timedelta(days=1)
    assert last_day(start, amount, "day", vietnam()) == day


@given(DAYS, AMOUNTS)
def test_working_days_agree_with_counting_one_by_one(start, amount):
    day, left = start, amount
    while left:
        day += timedelta(days=1)
        left -= vietnam().is_working(day)
    assert last_day(start, amount, "working_day", vietnam()) == day


@given(DAYS, AMOUNTS)
def test_months_agree_with_dateutil(start, months):
    every_day_worked = WorkingCalendar(
        frozenset(), frozenset(start + relativedelta(months=months) + timedelta(days=d) for d in range(3)), frozenset()
    )
    assert last_day(start, months, "month", every_day_worked) == start + relativedelta(months=months)


def test_years_without_data_are_provisional():
    assert vietnam().covers(date(2026, 12, 31))
    assert not vietnam().covers(date(2035, 1, 2))
    assert not BARE.covers(date(2026, 1, 1))


def test_each_day_of_the_calendar_has_its_source():
    text = (resources.files("extractors.lexicon") / "working_days.csv").read_text("utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert all(row["source"] and row["name"] for row in rows)
    assert [row["date"] for row in rows] == sorted({row["date"] for row in rows})
    assert {row["kind"] for row in rows} == {"off", "makeup_workday"}


def test_beyond_the_last_year_there_is_no_day():
    assert last_day(date(9999, 12, 30), 999, "year", vietnam()) is None
