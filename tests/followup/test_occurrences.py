"""Recurring limits as days: each period once, none before the issue, policy days marked."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.calendar import vietnam
from extractors.deadlines import find_limits
from pipeline.followup.occurrences import Recurrence, lay_out

vietnam().is_working(date(2016, 1, 4))  # the library of holidays is slow to import
ISSUED = st.dates(date(2015, 1, 1), date(2028, 12, 31))


def laid_out(quote, issued_on, until, strict=True):
    (limit,) = find_limits(quote, issued_on)
    end = date.fromisoformat(limit.due) if limit.due else None
    recurrence = Recurrence(limit.rrule, limit.quote, date.fromisoformat(issued_on), end, limit.boundary)
    return list(lay_out(recurrence, date.fromisoformat(until), strict=strict, calendar=vietnam()))


@pytest.mark.parametrize(
    ("quote", "due", "period", "by_policy"),
    [
        ("Định kỳ hàng quý", "2025-03-31", ("2025-01-01", "2025-03-31"), True),
        ("trước ngày 15 của tháng cuối quý", "2025-03-15", ("2025-01-01", "2025-03-31"), False),
        ("trước ngày 05 tháng đầu của quý sau", "2025-04-05", ("2025-01-01", "2025-03-31"), False),
        ("chậm nhất ngày 20 hằng tháng", "2025-02-20", ("2025-02-01", "2025-02-28"), False),
        ("Báo cáo tháng gửi chậm nhất ngày 05 của tháng tiếp theo", "2025-03-05", ("2025-02-01", "2025-02-28"), False),
        ("trước ngày thứ 10 của quý tiếp theo", "2025-04-10", ("2025-01-01", "2025-03-31"), False),
        ("vào ngày làm việc cuối cùng của tuần", "2025-02-14", ("2025-02-10", "2025-02-16"), False),
        ("định kỳ 2 tháng một lần", "2025-02-28", ("2025-01-01", "2025-02-28"), True),
        ("12 tháng/lần", "2025-12-31", ("2025-01-01", "2025-12-31"), True),
        ("định kỳ hằng tháng", "2025-02-28", ("2025-02-01", "2025-02-28"), True),
        ("6 tháng/lần", "2025-06-30", ("2025-01-01", "2025-06-30"), True),
        ("Hằng năm", "2025-12-31", ("2025-01-01", "2025-12-31"), True),
        ("trước ngày 15 tháng 12 hằng năm", "2025-12-15", ("2025-01-01", "2025-12-31"), False),
        ("vào thứ Sáu hàng tuần", "2025-02-14", ("2025-02-10", "2025-02-16"), False),
        ("hàng tuần", "2025-02-14", ("2025-02-10", "2025-02-16"), True),
        ("vào ngày làm việc cuối cùng của tháng", "2025-02-28", ("2025-02-01", "2025-02-28"), False),
        ("hàng ngày", "2025-02-11", ("2025-02-11", "2025-02-11"), False),
    ],
)
def test_the_first_occurrence_and_the_period_it_closes(quote, due, period, by_policy):
    first = laid_out(f"{quote} báo cáo Sở.", "2025-02-10", "2026-02-10")[0]
    assert first.due == date.fromisoformat(due)
    assert (first.period_start, first.period_end) == tuple(map(date.fromisoformat, period))
    assert first.by_policy is by_policy


def test_a_quarterly_duty_has_four_occurrences_a_year():
    found = [o for o in laid_out("định kỳ hàng Quý báo cáo Bộ.", "2022-11-14", "2023-12-31") if o.due.year == 2023]
    assert [o.due for o in found] == [date(2023, 3, 31), date(2023, 6, 30), date(2023, 9, 30), date(2023, 12, 31)]


def test_a_period_that_closes_on_the_day_of_issue_is_reported_on_unless_its_day_is_printed():
    assert laid_out("định kỳ hàng quý", "2023-03-31", "2023-12-31")[0].due == date(2023, 3, 31)
    assert laid_out("chậm nhất ngày 20 hằng tháng", "2023-03-20", "2023-12-31")[0].due == date(2023, 4, 20)


def test_before_a_day_is_on_time_until_the_day_before_unless_counted_leniently():
    for strict, last in ((True, 24), (False, 25)):
        first = laid_out("trước ngày 25 hàng tháng", "2025-02-10", "2025-12-31", strict)[0]
        assert (first.due.day, first.last_day.day) == (25, last)


def test_the_last_working_day_of_a_month_is_no_holiday():
    found = laid_out("vào ngày làm việc cuối cùng của tháng", "2024-12-31", "2025-12-31")
    assert [o.due for o in found][:4] == [date(2025, 1, 24), date(2025, 2, 28), date(2025, 3, 31), date(2025, 4, 29)]


def test_a_week_of_holidays_has_no_last_working_day():
    found = laid_out("vào ngày làm việc cuối cùng của tuần", "2025-01-20", "2025-02-10")
    assert [o.due for o in found] == [date(2025, 1, 24), date(2025, 2, 7)]


def test_a_series_ends_where_the_document_says():
    assert laid_out("hằng tháng đến hết năm 2025", "2025-02-10", "2030-12-31")[-1].due == date(2025, 12, 31)


def test_a_rule_that_nobody_can_read_gives_no_day():
    broken = Recurrence("FREQ=MONTHLY;BYMONTHDAY=99", "x", date(2025, 1, 1))
    assert list(lay_out(broken, date(2026, 1, 1), strict=True, calendar=vietnam())) == []


@given(ISSUED, st.integers(1, 28))
def test_monthly_days_agree_with_looking_at_every_day(issued, number):
    rule = Recurrence(f"FREQ=MONTHLY;BYMONTHDAY={number}", "hằng tháng", issued)
    until = issued + timedelta(days=700)
    days = [issued + timedelta(days=n) for n in range(1, 701)]
    expected = [day for day in days if day.day == number]
    assert [o.due for o in lay_out(rule, until, strict=True, calendar=vietnam())] == expected


@given(
    ISSUED,
    st.sampled_from(
        [("FREQ=MONTHLY", 1), ("FREQ=MONTHLY;INTERVAL=3", 3), ("FREQ=MONTHLY;INTERVAL=6", 6), ("FREQ=YEARLY", 12)]
    ),
)
def test_periods_follow_one_another_without_a_gap(issued, rule):
    words, months = rule
    until = issued + timedelta(days=1500)
    found = list(lay_out(Recurrence(words, "định kỳ", issued), until, strict=True, calendar=vietnam()))
    day = timedelta(days=1)
    naive = [d for d in (issued + day * n for n in range(1501)) if d.month % months == 0 and (d + day).day == 1]
    assert [o.due for o in found] == naive
    assert all(a.period_end + day == b.period_start for a, b in itertools.pairwise(found))
    assert all(o.period_end == o.due and o.by_policy for o in found)


@given(ISSUED)
def test_weeks_agree_with_looking_at_every_day(issued):
    rule = Recurrence("FREQ=WEEKLY;BYDAY=MO,TH", "hằng tuần", issued)
    until = issued + timedelta(days=100)
    expected = [d for d in (issued + timedelta(days=n) for n in range(1, 101)) if d.weekday() in (0, 3)]
    assert [o.due for o in lay_out(rule, until, strict=True, calendar=vietnam())] == expected


@pytest.mark.xfail(strict=True, reason="periods of nine months are laid out as years")
def test_periods_of_nine_months_follow_one_another():
    rule = Recurrence("FREQ=MONTHLY;INTERVAL=9", "9 tháng một lần", date(2025, 1, 1))
    found = list(lay_out(rule, date(2030, 1, 1), strict=True, calendar=vietnam()))
    assert all(b.period_start == a.period_end + timedelta(days=1) for a, b in itertools.pairwise(found))
