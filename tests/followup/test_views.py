"""What is late on a day, by which reading of "before"; what is due soon; what binds whom."""

from __future__ import annotations

from datetime import date

import pytest
from register_papers import NOW, WHO, before, deadline, enter, obligation, paper

from extractors.model import Offset
from pipeline import errors
from pipeline.followup.agenda import agenda
from pipeline.followup.owed import owed
from pipeline.followup.quickly import told_of as told
from pipeline.followup.recording import Entry, enter_event
from pipeline.followup.scoreboard import score
from pipeline.followup.settings import Settings
from pipeline.followup.views import due_within, late, waits_for
from pipeline.register import TaskFilter, correct, remove, tasks

STRICT = Settings()
LENIENT = Settings(before="lenient")
PROVINCES = "Ủy ban nhân dân các tỉnh, thành phố trực thuộc Trung ương"


def on(day):
    return date.fromisoformat(day)


def overdue(register, as_of, settings=STRICT, **wanted):
    return late(register, TaskFilter(**wanted), settings, as_of=on(as_of))


def dated(register, as_of, settings=STRICT):
    return [(row["quote"], row["days_late"]) for row in overdue(register, as_of, settings).dated]


def happens(register, kind, target="T1", day=None, **more):
    made_at = "2027-12-31T08:00:00+07:00"
    return enter_event(register, Entry(kind, target, day, **more), STRICT, who=WHO, now=made_at)


@pytest.mark.parametrize(
    ("limit", "as_of", "policy", "days"),
    [
        (before("10/12", "2025-12-10"), "2025-12-09", STRICT, None),
        (before("10/12", "2025-12-10"), "2025-12-10", STRICT, 1),
        (before("10/12", "2025-12-10"), "2025-12-10", LENIENT, None),
        (before("10/12", "2025-12-10"), "2025-12-11", LENIENT, 1),
        (deadline("đến ngày 10/12", "2025-12-10", boundary="on_or_before"), "2025-12-10", STRICT, None),
        (deadline("đến ngày 10/12", "2025-12-10", boundary="on_or_before"), "2025-12-11", STRICT, 1),
        (deadline("ngày 10/12", "2025-12-10"), "2025-12-11", LENIENT, 1),
        (deadline("ngày 28/02", "2024-02-28"), "2024-03-01", STRICT, 2),
        (
            deadline("sau 15 ngày", "2025-12-10", "relative", offset=Offset(15, "day", "issue")),
            "2026-12-10",
            STRICT,
            365,
        ),
    ],
)
def test_days_late(register, limit, as_of, policy, days):
    enter(register, paper(obligation("Việc", limit), issued_on="2024-01-05"))
    assert dated(register, as_of, policy) == ([("Việc", days)] if days else [])


def test_a_period_is_late_after_its_last_day_and_listed_apart(register):
    quarter = deadline("quý II", "2026-06-30", "period", boundary="before")
    enter(register, paper(obligation("Theo quý", quarter), obligation("Theo ngày", before("1/6", "2026-06-01"))))
    assert overdue(register, "2026-06-30").periods == []
    result = overdue(register, "2026-07-01")
    assert [(r["quote"], r["days_late"]) for r in result.periods] == [("Theo quý", 1)]
    assert [(r["quote"], r["days_late"]) for r in result.dated] == [("Theo ngày", 31)]


def test_what_has_no_day_is_counted_not_listed(register):
    enter(
        register,
        paper(
            obligation("Mục tiêu", deadline("năm 2020", "2020-12-31", "period"), kind="target"),
            obligation("Khi cần", deadline("định kỳ", None, "recurring")),
            obligation("Trước khai giảng", deadline("trước khi khai giảng", None, "event")),
            obligation("Khi nhận được", deadline("sau khi nhận", None, "relative", offset=Offset(5, "day", "receipt"))),
            obligation("Không hạn"),
            obligation("Còn lâu", before("1/1/2030", "2030-01-01")),
        ),
    )
    result = overdue(register, "2026-01-05")
    assert (result.dated, result.periods, result.recurring, result.no_day, result.upcoming) == ([], [], [], 4, 1)


def test_the_latest_are_first_and_a_duty_is_late_once(register):
    two = obligation("Hai kỳ", before("1/3", "2026-03-01"), before("1/9", "2026-09-01"))
    enter(register, paper(obligation("Một kỳ", before("1/5", "2026-05-01")), two))
    assert dated(register, "2026-10-01") == [("Hai kỳ", 215), ("Một kỳ", 154)]


def test_corrections_removals_and_events_count(register):
    enter(register, paper(*[obligation(f"Việc {n}", before("1/3", "2026-03-01")) for n in range(4)]))
    said = {"who": WHO, "now": NOW, "why": "đọc lại"}
    correct(register, "L1", "due", "2026-05-01", **said)
    happens(register, "accepted", "T2", "2026-03-10")
    happens(register, "extended", "T3", "2026-02-01", due="2026-03-20")
    assert dated(register, "2026-03-09") == [("Việc 1", 9), ("Việc 3", 9)]
    assert dated(register, "2026-04-01") == [("Việc 3", 32), ("Việc 2", 12)]
    remove(register, "D1", **said)
    assert dated(register, "2026-06-01") == []


def test_a_recurring_duty_is_late_period_by_period(register):
    limit = deadline("hằng quý", None, "recurring", rrule="FREQ=MONTHLY;INTERVAL=3")
    enter(register, paper(obligation("Báo cáo quý", limit)))
    happens(register, "accepted", "T1@2026Q1", "2026-03-30")
    rows = overdue(register, "2026-11-01").recurring
    assert [(row["duty"], row["days_late"], row["last_day"]) for row in rows] == [
        ("T1@2026Q2", 124, "2026-06-30"), ("T1@2026Q3", 32, "2026-09-30"),
    ]  # fmt: skip


def test_what_is_due_soon_takes_in_occurrences_that_are_to_begin(register):
    weekly = deadline("thứ Sáu hằng tuần", None, "recurring", rrule="FREQ=WEEKLY;BYDAY=FR")
    enter(register, paper(obligation("Tuần", weekly), obligation("Ngày", before("20/1", "2026-01-20"))))
    rows = due_within(register, TaskFilter(), STRICT, as_of=on("2026-01-15"), until=on("2026-01-25"))
    assert [(row["duty"], row["last_day"]) for row in rows] == [
        ("T1@2026W03", "2026-01-16"), ("T2", "2026-01-19"), ("T1@2026W04", "2026-01-23"),
    ]  # fmt: skip
    happens(register, "accepted", "T2", "2026-01-10")
    happens(register, "suspended", "T1", "2026-01-10")
    assert due_within(register, TaskFilter(), STRICT, as_of=on("2026-01-15"), until=on("2026-01-25")) == []


def test_obligations_stand_as_their_bodies_do(register):
    enter(register, paper(obligation("Việc", before("1/3", "2026-03-01"), lead=("Sở Mây", "Sở Gió"))))

    def state(as_of):
        known = told(owed(register, TaskFilter(), STRICT, as_of=on(as_of)))
        (row,) = tasks(register, as_of=as_of, told=known)
        return row["state"], row["days_late"]

    happens(register, "accepted", "T1", "2026-02-01")
    assert [state(day) for day in ("2026-02-01", "2026-03-01")] == [("upcoming", None), ("overdue", 1)]
    happens(register, "withdrawn", "T2", "2026-03-05")
    assert [state(day) for day in ("2026-03-04", "2026-03-05")] == [("overdue", 4), ("closed", None)]


@pytest.fixture
def merged(register):
    """A duty of 63 provinces, one of a ministry and one of a department, all of 2024, due at the end of 2025."""
    limit = before("31/12/2025", "2025-12-31")
    enter(
        register,
        paper(
            obligation("Tỉnh báo cáo", limit, lead=(PROVINCES,)),
            obligation("Bộ báo cáo", limit, lead=("Bộ Giao thông vận tải",)),
            obligation(
                "Sở báo cáo", limit, lead=("Sở Tài chính tỉnh Kon Tum",), coordinating=("Bộ Giao thông vận tải",)
            ),
            issuer="Bộ Tài chính",
            issued_on="2024-05-06",
            addressees=(PROVINCES, "Bộ Y tế"),
        ),
    )
    return register


def names(register, as_of, body):
    return [row["quote"] for row in agenda(register, body, STRICT, as_of=on(as_of)).lead]


def test_open_duties_follow_a_body_to_its_successor_with_the_printed_name_kept(merged):
    assert names(merged, "2025-02-28", "Bộ Giao thông vận tải") == ["Bộ báo cáo"]
    (row,) = agenda(merged, "Bộ Xây dựng", STRICT, as_of=on("2025-03-01")).lead
    assert (row["body"], row["printed"], row["former"]) == (
        "Bộ Xây dựng", "Bộ Giao thông vận tải", "Bộ Giao thông vận tải",
    )  # fmt: skip
    assert names(merged, "2025-06-30", "UBND tỉnh Kon Tum") == ["Tỉnh báo cáo"]
    assert names(merged, "2025-06-30", "UBND tỉnh Quảng Ngãi") == ["Tỉnh báo cáo"]
    assert names(merged, "2025-07-01", "UBND tỉnh Quảng Ngãi") == ["Tỉnh báo cáo", "Tỉnh báo cáo"]
    assert "Sở báo cáo" in names(merged, "2025-07-01", "Sở Tài chính tỉnh Quảng Ngãi")


def test_a_unit_is_named_as_it_was_entered(register):
    limit = before("31/12/2026", "2026-12-31")
    given = paper(obligation("Văn phòng báo cáo", limit, lead=("Văn phòng Bộ",)), issuer="Bộ Tài chính")
    enter(register, given)
    (one,) = owed(register, TaskFilter(), STRICT, as_of=on("2026-06-01"))
    assert one.holder.name == "Văn phòng, Bộ Tài chính"


def test_what_was_closed_before_a_merger_stays_with_the_body_that_closed_it(merged):
    happens(merged, "accepted", "O2", "2025-02-28")
    (one,) = [o for o in owed(merged, TaskFilter(), STRICT, as_of=on("2025-08-01")) if o.obligation == 2]
    assert (one.holder.name, one.holder.former) == ("Bộ Giao thông vận tải", None)


def test_a_role_beside_others_is_told_apart_from_leading(merged):
    found = agenda(merged, "Bộ Xây dựng", STRICT, as_of=on("2025-04-01"))
    assert [row["quote"] for row in found.coordinating] == ["Sở báo cáo"]
    found = agenda(merged, "Bộ Y tế", STRICT, as_of=on("2025-04-01"))
    assert (found.lead, found.coordinating) == ([], [])
    assert [row["dispatch"] for row in found.informed] == ["D1"]
    assert agenda(merged, "Bộ Y tế", STRICT, as_of=on("2024-05-05")).informed == []
    assert agenda(merged, "UBND tỉnh Lào Cai", STRICT, as_of=on("2025-04-01")).informed == []


def test_a_body_that_nothing_knows_is_an_error_and_one_without_duties_is_none(merged):
    with pytest.raises(errors.UnknownBody):
        agenda(merged, "Cục Không Ai Biết", STRICT, as_of=on("2025-04-01"))
    assert agenda(merged, "Bộ Quốc phòng", STRICT, as_of=on("2025-04-01")).lead == []


def waiting(register, as_of):
    return {one.id: why for one in owed(register, TaskFilter(), STRICT, as_of=on(as_of)) if (why := waits_for(one))}


def test_what_nobody_can_tell_whose_it_is_waits_until_a_person_does(register):
    limit = before("31/12/2025", "2025-12-31")
    enter(
        register,
        paper(
            obligation("Không ai", limit, lead=()),
            obligation("Nhóm", limit, lead=("các đơn vị liên quan",)),
            obligation("Huyện", limit, lead=("UBND huyện Mường La, tỉnh Sơn La",)),
            obligation("Bộ chia chức năng", limit, lead=("Bộ Thông tin và Truyền thông",)),
            issued_on="2024-05-06",
        ),
    )
    assert waiting(register, "2025-02-28") == {"T1": "nobody", "T2": "group"}
    assert waiting(register, "2025-06-30") == {"T1": "nobody", "T2": "group", "T4": "successor"}
    assert waiting(register, "2025-07-01") == {"T1": "nobody", "T2": "group", "T3": "successor", "T4": "successor"}
    assert overdue(register, "2026-01-01").dated[3]["body"] == "Bộ Thông tin và Truyền thông"
    happens(register, "reassigned", "T4", "2025-07-05", to="Bộ Khoa học và Công nghệ")
    happens(register, "reassigned", "T3", "2025-07-05", to="UBND tỉnh Sơn La")
    happens(register, "reassigned", "T1", "2025-07-05", to="Bộ Y tế")
    happens(register, "withdrawn", "T2", "2025-07-05")
    assert waiting(register, "2025-07-05") == {}
    assert names(register, "2025-07-05", "UBND tỉnh Sơn La") == ["Huyện"]


def test_an_item_under_another_one_is_a_part_of_it(register):
    limit = before("1/3", "2026-03-01")
    labels = ("2", "2.a", "2.b", "3", "2.c", "")
    enter(register, paper(*[obligation(f"Việc {n}", limit, label=label) for n, label in enumerate(labels)]))
    rows = overdue(register, "2026-03-01").dated
    assert [row["parent"] for row in rows] == [None, "O1", "O1", None, None, None]


def test_an_occurrence_that_is_late_for_long_and_of_which_nothing_was_entered_is_not_followed(register):
    limit = deadline("ngày 20 hằng tháng", None, "recurring", rrule="FREQ=MONTHLY;BYMONTHDAY=20")
    enter(register, paper(obligation("Báo cáo tháng", limit), issued_on="2020-01-05"))
    happens(register, "partly_done", "T1@2020-03", "2020-03-10")
    found = overdue(register, "2022-01-01")
    assert [row["period"] for row in found.recurring] == ["2020-03", *(f"2021-{month:02d}" for month in range(1, 13))]
    assert found.lapsed == 11
    assert overdue(register, "2022-01-01", Settings(months_back=120)).lapsed == 0
    (row,) = overdue(register, "2022-01-01", Settings(months_back=1)).recurring[1:]
    assert row["period"] == "2021-12"
    _, counts = score(owed(register, TaskFilter(), STRICT, as_of=on("2022-01-01")))
    assert counts.overdue == 13
