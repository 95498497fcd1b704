"""Duties before exhortations, and the queue of what names nobody to lead."""

from datetime import date

import pytest
from register_papers import NOW, WHO, before, deadline, enter, obligation, paper

from extractors.model import Found, Span
from pipeline.followup.settings import Settings
from pipeline.followup.views import late
from pipeline.register import TaskFilter, add_obligation, confirm, correct, count_unnamed, review, show, tasks, unnamed


def check(quote, role):
    return Found(quote, Span(0, 1), f"check.{role}", 0.9)


@pytest.fixture
def filled(register):
    year = deadline("năm 2026", "2026-12-31", "period", scope="heading")
    enter(
        register,
        paper(
            obligation("Tăng cường tuyên truyền", year, lead_stated=False),
            obligation("Báo cáo kết quả", before("1/9", "2026-09-01"), check=check("trước ngày 1/9", "limit")),
            obligation("Lập danh sách", check=check("Lập danh sách", "report"), lead_stated=False, confidence=0.6),
        ),
    )
    return register


def quotes(rows):
    return [row["quote"] for row in rows]


def test_lists_show_duties_first_whatever_the_day(filled):
    rows = tasks(filled, as_of="2026-02-01")
    assert quotes(rows) == ["Báo cáo kết quả", "Lập danh sách", "Tăng cường tuyên truyền"]
    assert [(row["checkable"], row["check"]) for row in rows] == [
        (True, "trước ngày 1/9"),
        (True, "Lập danh sách"),
        (False, None),
    ]
    assert quotes(show(filled, "D1")["obligations"]) == quotes(rows)


def test_what_is_late_is_listed_with_duties_first(filled):
    found = late(filled, TaskFilter(), Settings(), as_of=date(2027, 2, 1))
    assert quotes(found.dated) == ["Báo cáo kết quả"]
    assert quotes(found.periods) == ["Tăng cường tuyên truyền"]


@pytest.mark.parametrize(("wanted", "count"), [(True, 2), (False, 1), (None, 3)])
def test_lists_are_restricted_to_duties_or_to_exhortations(filled, wanted, count):
    assert len(tasks(filled, TaskFilter(checkable=wanted), as_of="2026-02-01")) == count


def test_what_a_person_entered_is_a_duty(filled):
    values = {"quote": "Việc bổ sung", "kind": "task", "modality": "ordered"}
    add_obligation(filled, "D1", values, who=WHO, now=NOW, why="")
    assert "Việc bổ sung" in quotes(tasks(filled, TaskFilter(checkable=True), as_of="2026-02-01"))


def test_what_names_nobody_waits_until_a_person_says_who_leads(filled):
    rows = unnamed(filled)
    assert [(row["id"], row["value"]) for row in rows] == [("O3", "Sở Mây"), ("O1", "Sở Mây")]
    assert quotes(tasks(filled, TaskFilter(unnamed=True), as_of="2026-02-01")) == quotes(rows)
    correct(filled, "O3", "lead", "Sở Gió", who=WHO, now=NOW, why="")
    assert [row["id"] for row in unnamed(filled)] == ["O1"]
    confirm(filled, "O1", None, who=WHO, now=NOW, why="")
    assert unnamed(filled) == [] and count_unnamed(filled) == 0


def test_the_review_queue_follows_the_confidence_of_the_whole_obligation(filled):
    assert [row["id"] for row in review(filled) if row["what"] == "obligation"] == ["O3"]
    assert [row["id"] for row in review(filled, below=0.5) if row["what"] == "obligation"] == []
