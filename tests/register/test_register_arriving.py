"""Day and number of arrival: one series a year, given once, and what counts from receipt counts from that day."""

from __future__ import annotations

import sqlite3

import pytest
from register_papers import NOW, WHO, deadline, enter, obligation, paper

from extractors.model import Offset, Refusal
from pipeline import errors
from pipeline.register import Received, anchors_of, arrival_of, issues, receive, save_refusal

CAME = Received("2026-01-30", WHO)
LIMIT = deadline("trong 05 ngày kể từ ngày nhận được", None, "relative", offset=Offset(5, "day", "receipt"))


def letter(n, **more):
    values = {"number": f"{n}/CT-UBND", "subject": f"việc thứ {n}", "filler": f"Nội dung riêng của văn bản thứ {n}."}
    return paper(obligation(f"Việc {n}", LIMIT), **{**values, **more})


def save(register, n, received=CAME, **more):
    return enter(register, letter(n, **more), path=f"inbox/{n}.pdf", received=received).dispatch_id


def number(register, dispatch):
    found = arrival_of(register, dispatch)
    return found and (found.year, found.number)


def test_what_is_new_gets_the_next_number_of_the_year(register):
    made = [save(register, n) for n in (1, 2, 3)]
    made.append(save(register, 4, Received("2025-12-31", WHO), issued_on="2025-12-30"))
    assert [number(register, one) for one in made] == [(2026, 1), (2026, 2), (2026, 3), (2025, 1)]


def test_the_day_is_what_limits_count_from(register):
    save(register, 1)
    assert {day.isoformat() for day in anchors_of(register, 1).values()} == {"2026-01-30"}
    receive(register, "D1", "2026-01-20", who=WHO, now=NOW)
    assert {day.isoformat() for day in anchors_of(register, 1).values()} == {"2026-01-20"}
    assert number(register, 1) == (2026, 1)
    receive(register, "D1", None, who=WHO, now=NOW)
    assert anchors_of(register, 1) == {} and arrival_of(register, 1) is None


def test_what_is_in_the_register_already_keeps_its_number(register):
    save(register, 1)
    save(register, 1)
    enter(register, letter(1), path="inbox/1.pdf", version="2", received=CAME)
    assert register.rows("SELECT count(*) AS n FROM arrivals") == [{"n": 1}]


def test_a_copy_of_what_is_in_the_book_gets_none(register):
    save(register, 1)
    copy = enter(register, letter(1, salt="bản quét"), path="inbox/copy.pdf", received=CAME).dispatch_id
    assert arrival_of(register, copy) is None


def test_what_the_office_issued_itself_did_not_come_in(register):
    own = Received("2026-01-30", WHO, "UBND tỉnh Sông Mơ")
    assert arrival_of(register, save(register, 1, own)) is not None
    own = Received("2026-01-30", WHO, "Ủy ban Nhân dân tỉnh  Sông Mơ")
    assert arrival_of(register, save(register, 2, own)) is None


def test_a_day_before_that_of_issue_is_asked_about(register):
    made = save(register, 1, Received("2026-01-04", WHO))
    assert arrival_of(register, made) is None
    assert [row["code"] for row in issues(register)] == ["arrival.before_issue"]


@pytest.mark.parametrize("issued_on", ["2026", "2026-01", None])
def test_a_day_of_issue_that_is_not_whole_does_not_contradict(register, issued_on):
    assert number(register, save(register, 1, issued_on=issued_on)) == (2026, 1)


def test_a_number_is_given_once_also_where_it_was_taken_back(register):
    save(register, 1)
    receive(register, "D1", None, who=WHO, now=NOW)
    second = save(register, 2)
    assert number(register, second) == (2026, 2)
    with pytest.raises(errors.NumberTaken) as caught:
        receive(register, "D2", "2026-01-30", number=1, who=WHO, now=NOW)
    assert caught.value.details == {"number": 1, "year": 2026, "id": "D1"}
    receive(register, "D2", "2026-01-30", number=40, who=WHO, now=NOW)
    assert number(register, save(register, 3)) == (2026, 41)


@pytest.mark.parametrize(
    ("dispatch", "day", "error"),
    [
        ("D9", "2026-01-30", errors.UnknownId),
        ("O1", "2026-01-30", errors.WrongId),
        ("D1", "2026-02-30", errors.InvalidValue),
        ("D1", "2026-01-04", errors.ImpossibleDay),
        ("D1", "2026-02-01", errors.ImpossibleDay),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_nothing(register, dispatch, day, error):
    save(register, 1, None)
    with pytest.raises(error):
        receive(register, dispatch, day, who=WHO, now=NOW)
    assert register.rows("SELECT * FROM arrivals") == [] == register.rows("SELECT * FROM anchors")


def test_rows_are_only_ever_added(register):
    save(register, 1)
    save(register, 2)
    with pytest.raises(sqlite3.IntegrityError):
        register.connection.execute("UPDATE arrivals SET number = 9")
    with pytest.raises(sqlite3.IntegrityError):
        register.connection.execute(
            "INSERT INTO arrivals (dispatch_id, day, year, number, made_at, made_by, why)"
            " VALUES (2, '2026-01-30', 2026, 1, 'x', 'y', '')"
        )


def test_of_a_secret_document_no_arrival_stays(register):
    document, _ = made = letter(1)
    enter(register, made, path="inbox/1.pdf", received=CAME)
    save_refusal(register, "inbox/1.pdf", None, document, Refusal("secrecy", "marks.stamp", None), version="2", now=NOW)
    assert register.rows("SELECT * FROM arrivals") == [] == register.rows("SELECT * FROM anchors")
    save(register, 2)
    assert number(register, 2) == (2026, 1)
