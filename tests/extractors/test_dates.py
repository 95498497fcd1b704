"""Mentions of time are read as printed: no figure is sharpened, none invented."""

from datetime import date

import pytest

from extractors import lexicon
from extractors.dates import find_times, number, parse_issue
from extractors.text import matchable

ISSUE = parse_issue("2025-05-12")


def times(text, issue=ISSUE):
    return find_times(matchable(text).lower(), issue)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("ngày 03/6/2020", "2020-06-03", "2020-06-03"),
        ("3-6-2020", "2020-06-03", "2020-06-03"),
        ("20.7.2020", "2020-07-20", "2020-07-20"),
        ("24 / 3 /2025", "2025-03-24", "2025-03-24"),
        ("ngàyl6 tháng 9", "2025-09-16", "2025-09-16"),
        ("ngày 10/1 1/2024", "2024-11-10", "2024-11-10"),
        ("ngày 1 5/10/20 24", "2024-10-15", "2024-10-15"),
        ("ngày 15/l0/2024", "2024-10-15", "2024-10-15"),
        ("ngày 1 5 tháng 1 0 năm 2024", "2024-10-15", "2024-10-15"),
        ("ngày 10/3 âm lịch (tức ngày 26/4/2026)", "2026-04-26", "2026-04-26"),
        ("mùng 9 tháng Giêng, nhằm ngày 25 tháng 02 năm 2026", "2026-02-25", "2026-02-25"),
        ("ngày 26/4/2026 (tức ngày 10/3 âm lịch)", "2026-04-26", "2026-04-26"),
        ("ngày 5 tháng 4 năm 2024", "2024-04-05", "2024-04-05"),
        ("mùng 2 tháng 9 năm 2025", "2025-09-02", "2025-09-02"),
        ("ngày 25 tháng này", "2025-05-25", "2025-05-25"),
        ("ngày 11/5", "2026-05-11", "2026-05-11"),
        ("ngày 12/5", "2025-05-12", "2025-05-12"),
        ("tháng 2/2024", "2024-02-01", "2024-02-29"),
        ("quý III năm 2025", "2025-07-01", "2025-09-30"),
        ("quý II, III/2015", "2015-04-01", "2015-09-30"),
        ("6 tháng cuối năm 2025", "2025-07-01", "2025-12-31"),
        ("năm sau", "2026-01-01", "2026-12-31"),
        ("giai đoạn 2026 - 2028", "2026-01-01", "2028-12-31"),
        ("20-21/5/2025", "2025-05-20", "2025-05-21"),
        ("tuần này", "2025-05-12", "2025-05-18"),
    ],
)
def test_days_and_periods(text, first, last):
    (time,) = times(text)
    assert (time.start, time.end) == (0, len(text))
    assert (time.first, time.last) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    "text", ["0236.3.15.6.25", "63/63 tỉnh", "số 12/2023/ND-XY", "2/2/2/2", "Quý Sở", "lần thứ 15", "khoản 3 Điều 12"]
)
def test_figures_that_are_no_times(text):
    assert [time for time in times(text) if time.kind in ("day", "period", "figures")] == []


@pytest.mark.parametrize(
    "text",
    ["mùng 9 tháng Giêng", "ngày 10/3/2026 âm lịch", "ngày 10 tháng 3 (âm lịch)", "tháng 3 âm lịch", "rằm tháng 7",
     "ngày 01 đến ngày 03/01 âm lịch", "ngày 20 tháng 3 năm Bính Ngọ"],
)  # fmt: skip
def test_no_solar_day_is_made_of_a_lunar_one(text):
    (time,) = times(text)
    assert (time.kind, time.first, time.end) == ("lunar", None, len(text))


@pytest.mark.parametrize(
    ("text", "last"), [("ngày 10/1 1 người", "2026-01-10"), ("ngày 10/11/20 17 giờ", "2020-11-10")]
)
def test_figures_are_only_joined_where_the_whole_date_is_there(text, last):
    assert [time.last for time in times(text) if time.kind == "day"] == [date.fromisoformat(last)]


def test_a_day_that_does_not_exist_is_kept_apart():
    assert [time.kind for time in times("trước ngày 30/02/2026 hoặc ngày 31 tháng 4 năm 2026")] == ["impossible"] * 2


@pytest.mark.parametrize("text", ["ngày ... tháng ... năm 2025", "năm học 2025-2026", "kế hoạch 5 năm 2026-2030"])
def test_names_and_blanks_hold_no_period(text):
    assert [time.kind for time in times(text)] == ["ignore"]


def test_without_a_day_of_issue_nothing_is_filled_in():
    (day,) = times("ngày 20/6", parse_issue(None))
    assert (day.first, day.day, day.month) == (None, 20, 6)


@pytest.mark.parametrize(
    ("word", "value"), [("03", 3), ("4,5", 4.5), ("năm", 5), ("mười lăm", 15), ("nửa", 0.5), ("vài", None)]
)
def test_numbers_in_figures_and_words(word, value):
    assert number(word) == value


@pytest.mark.parametrize("name", ["dates", "recurrence"])
def test_every_entry_is_reached_from_the_start_of_a_word(name):
    unread = [
        (entry.id, example)
        for entry in lexicon.load(name)
        if entry.role not in ("list", "next_period")
        for example in entry.examples
        if entry.id not in {time.rule for time in times(example)} and not beaten(entry, example)
    ]
    assert not unread


def beaten(entry, example):
    """Whether a longer or earlier entry reads the words of the example."""
    found = entry.pattern.search(matchable(example).lower())
    return any(time.start <= found.start() and found.end() <= time.end for time in times(example))
