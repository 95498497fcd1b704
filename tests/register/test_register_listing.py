"""What is late on a day, by which reading of "before", and what is listed for whom."""

from __future__ import annotations

import pytest
from register_papers import NOW, WHO, before, deadline, enter, obligation, paper

from extractors.model import Offset
from pipeline.errors import InvalidValue
from pipeline.register import TaskFilter, correct, counts, overdue, remove, tasks


def late(register, as_of, policy="strict"):
    result = overdue(register, as_of=as_of, policy=policy)
    return [(row["quote"], row["days_late"]) for row in result.dated]


@pytest.mark.parametrize(
    ("limit", "as_of", "policy", "days"),
    [
        (before("10/12", "2025-12-10"), "2025-12-09", "strict", None),
        (before("10/12", "2025-12-10"), "2025-12-10", "strict", 1),
        (before("10/12", "2025-12-10"), "2025-12-10", "lenient", None),
        (before("10/12", "2025-12-10"), "2025-12-11", "lenient", 1),
        (deadline("đến ngày 10/12", "2025-12-10", boundary="on_or_before"), "2025-12-10", "strict", None),
        (deadline("đến ngày 10/12", "2025-12-10", boundary="on_or_before"), "2025-12-11", "strict", 1),
        (deadline("ngày 10/12", "2025-12-10"), "2025-12-11", "lenient", 1),
        (deadline("ngày 28/02", "2024-02-28"), "2024-03-01", "strict", 2),
        (
            deadline("sau 15 ngày", "2025-12-10", "relative", offset=Offset(15, "day", "issue")),
            "2026-12-10",
            "strict",
            365,
        ),
    ],
)
def test_days_late(register, limit, as_of, policy, days):
    enter(register, paper(obligation("Việc", limit)))
    assert late(register, as_of, policy) == ([("Việc", days)] if days else [])


def test_a_period_is_late_after_its_last_day_and_listed_apart(register):
    quarter = deadline("quý II", "2026-06-30", "period", boundary="before")
    enter(register, paper(obligation("Theo quý", quarter), obligation("Theo ngày", before("1/6", "2026-06-01"))))
    assert overdue(register, as_of="2026-06-30").periods == []
    result = overdue(register, as_of="2026-07-01")
    assert [(r["quote"], r["days_late"]) for r in result.periods] == [("Theo quý", 1)]
    assert [(r["quote"], r["days_late"]) for r in result.dated] == [("Theo ngày", 31)]


def test_what_has_no_day_is_counted_not_listed(register):
    enter(
        register,
        paper(
            obligation("Mục tiêu", deadline("năm 2020", "2020-12-31", "period"), kind="target"),
            obligation("Hằng tháng", deadline("hằng tháng", "2020-12-31", "recurring", rrule="FREQ=MONTHLY")),
            obligation("Trước khai giảng", deadline("trước khi khai giảng", None, "event")),
            obligation("Khi nhận được", deadline("sau khi nhận", None, "relative", offset=Offset(5, "day", "receipt"))),
            obligation("Không hạn"),
            obligation("Còn lâu", before("1/1/2030", "2030-01-01")),
        ),
    )
    result = overdue(register, as_of="2026-01-01")
    assert (result.dated, result.periods, result.no_day, result.upcoming) == ([], [], 4, 1)
    states = {t["quote"]: t["state"] for t in tasks(register, as_of="2026-01-01")}
    assert states["Mục tiêu"] == "target"
    assert states["Còn lâu"] == "upcoming"


def test_the_latest_are_first_and_each_late_limit_has_a_row(register):
    two = obligation("Hai kỳ", before("1/3", "2026-03-01"), before("1/9", "2026-09-01"))
    enter(register, paper(obligation("Một kỳ", before("1/5", "2026-05-01")), two))
    assert late(register, "2026-10-01") == [("Hai kỳ", 215), ("Một kỳ", 154), ("Hai kỳ", 31)]
    task = tasks(register, TaskFilter(text="hai kỳ"), as_of="2026-05-01")[0]
    assert (task["state"], task["days_late"]) == ("overdue", 62)


def test_corrections_and_removals_count(register):
    enter(register, paper(obligation("Việc", before("1/3", "2026-03-01"))))
    said = {"who": WHO, "now": NOW, "why": "gia hạn"}
    correct(register, "L1", "due", "2026-05-01", **said)
    assert late(register, "2026-04-01") == []
    assert counts(register, as_of="2026-05-01")["overdue"] == 1
    remove(register, "D1", **said)
    assert late(register, "2026-06-01") == []
    assert counts(register, as_of="2026-05-01")["overdue"] == 0


def test_counts_and_lists_agree(register):
    limits = [
        before("1/3", "2026-03-01"),
        deadline("quý I", "2026-03-31", "period"),
        deadline("hằng năm", kind="recurring"),
    ]
    enter(register, paper(*[obligation(f"Việc số {n}", limit) for n, limit in enumerate(limits)]))
    result = overdue(register, as_of="2026-12-01")
    number = counts(register, as_of="2026-12-01")
    assert (number["overdue"], number["overdue_periods"]) == (len(result.dated), len(result.periods)) == (1, 1)


@pytest.fixture
def filled(register):
    enter(
        register,
        paper(
            obligation(
                "Trồng cây", before("10/3", "2026-03-10"), lead=("Sở Nông nghiệp Mơ",), coordinating=("Sở Gió",)
            ),
            obligation("Tưới nước", lead=("các sở, ngành",)),
        ),
    )
    enter(
        register,
        paper(
            obligation("Quét dọn", before("1/7", "2026-07-01"), lead=("Sở Gió",)),
            number="8/KH-SXD",
            issuer="Sở Xây Mơ",
            issued_on="2026-03",
            doc_type="kế hoạch",
            subject="sạch đường làng",
            filler="b",
        ),
        path="b",
    )
    return register


@pytest.mark.parametrize(
    ("wanted", "quotes"),
    [
        ({"body": "so gio"}, ["Trồng cây", "Quét dọn"]),
        ({"body": "SỞ NÔNG NGHIỆP"}, ["Trồng cây"]),
        ({"body": "nông ngh"}, []),
        ({"issuer": "xây mơ"}, ["Quét dọn"]),
        ({"type": "Kế Hoạch"}, ["Quét dọn"]),
        ({"issued_from": "2026-01-05", "issued_to": "2026-01-05"}, ["Trồng cây", "Tưới nước"]),
        ({"issued_from": "2026-03-15"}, ["Quét dọn"]),
        ({"issued_to": "2026-02-28"}, ["Trồng cây", "Tưới nước"]),
        ({"due_from": "2026-03-10", "due_to": "2026-06-30"}, ["Trồng cây"]),
        ({"due_from": "2026-03-11"}, ["Quét dọn"]),
        ({"text": "tuoi"}, ["Tưới nước"]),
        ({"text": "duong lang"}, ["Quét dọn"]),
        ({"state": "no_day"}, ["Tưới nước"]),
        ({"state": "overdue"}, ["Trồng cây"]),
        ({"dispatch": "D2"}, ["Quét dọn"]),
        ({"kind": "target"}, []),
        ({"body": "sở gió", "state": "upcoming"}, ["Quét dọn"]),
        ({}, ["Trồng cây", "Quét dọn", "Tưới nước"]),
    ],
)
def test_filters(filled, wanted, quotes):
    assert [t["quote"] for t in tasks(filled, TaskFilter(**wanted), as_of="2026-05-01")] == quotes


def test_a_day_or_policy_that_is_none_is_refused(filled):
    for day in ("01/05/2026", "2026-13-01", "20260501", ""):
        with pytest.raises(InvalidValue):
            overdue(filled, as_of=day)
    with pytest.raises(InvalidValue):
        tasks(filled, TaskFilter(due_to="tomorrow"), as_of="2026-05-01")
    with pytest.raises(InvalidValue):
        overdue(filled, as_of="2026-05-01", policy="kind")
