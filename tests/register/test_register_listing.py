"""What is late on a day, by which reading of "before", and what is listed for whom."""

from __future__ import annotations

import pytest
from register_papers import before, deadline, enter, obligation, paper

from pipeline.errors import InvalidValue
from pipeline.register import TaskFilter, count_states, tasks


def test_a_target_is_never_late_and_a_day_to_come_is_upcoming(register):
    enter(
        register,
        paper(
            obligation("Mục tiêu", deadline("năm 2020", "2020-12-31", "period"), kind="target"),
            obligation("Còn lâu", before("1/1/2030", "2030-01-01")),
        ),
    )
    states = {t["quote"]: t["state"] for t in tasks(register, as_of="2026-01-01")}
    assert states == {"Mục tiêu": "target", "Còn lâu": "upcoming"}


def test_the_earliest_limit_makes_an_obligation_late(register):
    two = obligation("Hai kỳ", before("1/3", "2026-03-01"), before("1/9", "2026-09-01"))
    enter(register, paper(obligation("Một kỳ", before("1/5", "2026-05-01")), two))
    task = tasks(register, TaskFilter(text="hai kỳ"), as_of="2026-05-01")[0]
    assert (task["state"], task["days_late"]) == ("overdue", 62)


def test_what_happened_to_an_obligation_is_told_from_outside(register):
    enter(
        register,
        paper(obligation("Việc", before("1/3", "2026-03-01")), obligation("Khác", before("1/3", "2026-03-01"))),
    )
    told = {1: ("closed", None)}
    rows = tasks(register, as_of="2026-05-01", told=told)
    assert [(row["state"], row["days_late"]) for row in rows] == [("closed", None), ("overdue", 62)]
    assert count_states(register, as_of="2026-05-01", told=told) == {"closed": 1, "overdue": 1}
    assert count_states(register, as_of="2026-05-01") == {"overdue": 2}


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
            tasks(filled, as_of=day)
    with pytest.raises(InvalidValue):
        tasks(filled, TaskFilter(due_to="tomorrow"), as_of="2026-05-01")
    with pytest.raises(InvalidValue):
        tasks(filled, as_of="2026-05-01", policy="kind")
