"""What people say wins over every reading, is never lost, and can be taken back."""

from __future__ import annotations

import sqlite3

import pytest
from register_papers import LATER, NOW, WHO, before, deadline, enter, obligation, paper, stat

from extractors.model import Issue
from pipeline.errors import (
    AlreadyUndone,
    InvalidValue,
    NotUndoable,
    RegisterReadOnly,
    UnknownField,
    UnknownId,
    WrongId,
)
from pipeline.register import (
    TaskFilter,
    add_deadline,
    add_obligation,
    confirm,
    correct,
    counts,
    delete,
    dispatches,
    history,
    issues,
    open_register,
    outdated,
    remove,
    review,
    save_dispatch,
    search,
    show,
    tasks,
    undo,
)
from pipeline.register.queueing import count_waiting, waiting_page

TREES = "Trồng mới hai nghìn cây bóng mát dọc đường liên xã"
WATER = "Cử cán bộ đầu mối theo dõi việc tưới nước và gửi danh sách về Sở Mây"
WHEN = {"who": WHO, "now": NOW}
SAID = {"who": WHO, "now": NOW, "why": "đọc sai"}


@pytest.fixture
def made(register):
    document, dispatch = paper(obligation(TREES, before("10/3/2026", "2026-03-10")), obligation(WATER))
    enter(register, (document, dispatch))
    return document, dispatch


def read_again(register, made, *obligations, version="2", **fields):
    _, dispatch = paper(*obligations, **fields)
    return save_dispatch(register, "inbox/a.pdf", stat(), made[0], dispatch, version=version, now=LATER)


def only(register, as_of="2026-01-01", **filter):
    [task] = tasks(register, TaskFilter(**filter), as_of=as_of)
    return task


def test_a_correction_shows_everywhere_and_to_stock_tools(register, path, made):
    correct(register, "d1", "subject", "phát quang bụi rậm", **SAID)
    correct(register, "L1", "due", "2026-03-20", **SAID)
    assert show(register, "D1")["document"]["subject"] == "phát quang bụi rậm"
    assert tasks(register, as_of="2026-01-01")[0]["due"] == "2026-03-20"
    assert search(register, "phat quang")[0]["id"] == "D1"
    with sqlite3.connect(path) as stock:
        assert stock.execute("SELECT subject FROM dispatches").fetchone() == ("phát quang bụi rậm",)
        assert stock.execute("SELECT due FROM task_list WHERE id = 1").fetchone() == ("2026-03-20",)


def test_a_correction_wins_over_a_later_reading(register, made):
    correct(register, "D1", "subject", "phát quang bụi rậm", **SAID)
    correct(register, "L1", "due", "2026-03-20", **SAID)
    correct(register, "O1", "lead", "Sở Gió; Sở Mưa", **SAID)
    correct(register, "O2", "quote", "Cử cán bộ tưới nước", **SAID)
    read_again(
        register,
        made,
        obligation(TREES, before("10/3/2026", "2026-03-11"), lead=("Sở Nắng",)),
        obligation(WATER + " ngay"),
        subject="một trích yếu khác",
    )
    trees, water = tasks(register, as_of="2026-01-01")
    assert (trees["id"], trees["due"], trees["lead"]) == ("O1", "2026-03-20", ["Sở Gió", "Sở Mưa"])
    assert (water["id"], water["quote"]) == ("O2", "Cử cán bộ tưới nước")
    assert show(register, "D1")["document"]["subject"] == "phát quang bụi rậm"


def test_an_undo_brings_back_what_the_latest_reading_has(register, made):
    lead = correct(register, "O1", "lead", "Sở Gió", **SAID)
    due = correct(register, "L1", "due", "2026-03-20", **SAID)
    read_again(
        register, made, obligation(TREES, before("11/3/2026", "2026-03-11"), lead=("Sở Nắng",)), obligation(WATER)
    )
    undo(register, f"C{lead}", who=WHO, now=LATER)
    undo(register, f"C{due}", who=WHO, now=LATER)
    task = tasks(register, as_of="2026-01-01")[0]
    assert (task["lead"], task["due"]) == (["Sở Nắng"], "2026-03-11")


def test_undoing_one_of_two_corrections_leaves_the_other(register, made):
    first = correct(register, "D1", "place", "Sông Mơ", **SAID)
    second = correct(register, "D1", "place", "Sông Mộng", **SAID)
    undo(register, f"C{first}", who=WHO, now=LATER)
    assert show(register, "D1")["document"]["place"] == "Sông Mộng"
    undo(register, f"C{second}", who=WHO, now=LATER)
    assert show(register, "D1")["document"]["place"] is None


def test_history_tells_who_when_what_and_why(register, made):
    number = correct(register, "D1", "number", "13/CT-UBND", **SAID)
    undo(register, f"C{number}", who="Trần Thử", now=LATER, why="nhầm")
    first, second = history(register, "D1")
    assert (first["made_by"], first["made_at"], first["why"]) == (WHO, NOW, "đọc sai")
    assert (first["field"], first["old"], first["new"]) == ("number", "12/CT-UBND", "13/CT-UBND")
    assert (first["undone_by"], second["action"], second["made_by"]) == ("C2", "undo", "Trần Thử")


def test_what_people_said_cannot_be_changed_or_deleted(register, made):
    correct(register, "D1", "number", "13/CT-UBND", **SAID)
    for statement in (
        "UPDATE corrections SET new = 'x'",
        "DELETE FROM corrections",
        "REPLACE INTO corrections"
        " (id, made_at, made_by, action, target, target_id, why)"
        " VALUES (1, 'x', 'x', 'correct', 'dispatch', 1, 'x')",
    ):
        with pytest.raises(sqlite3.IntegrityError):
            register.connection.execute(statement)
    assert history(register, "D1")[0]["new"] == "13/CT-UBND"


def test_a_correction_of_an_unmatched_obligation_waits_with_it(register, made):
    correct(register, "O1", "quote", "Một câu khác hẳn", **SAID)
    read_again(register, made, obligation(WATER))
    assert [r["id"] for r in review(register)] == ["O1"]
    assert len(history(register, "O1")) == 1
    read_again(register, made, obligation(WATER), obligation(TREES), version="3")
    assert {t["id"]: t["quote"] for t in tasks(register, as_of="2026-01-01")}["O1"] == "Một câu khác hẳn"


def test_confirming_takes_off_the_review_and_keeps_the_value(register):
    document, dispatch = paper(obligation(TREES, before("10/3/2026", "2026-03-10"), confidence=0.5), confidence=0.6)
    enter(register, (document, dispatch))
    assert [r["confidence"] for r in review(register)] == sorted(r["confidence"] for r in review(register))
    before_all = counts(register)["to_check"]
    confirm(register, "D1", "subject", who=WHO, now=NOW)
    assert counts(register)["to_check"] == before_all - 1
    confirm(register, "O1", who=WHO, now=NOW)
    confirm(register, "D1", who=WHO, now=NOW)
    assert review(register) == []
    read_again(register, (document, dispatch), obligation(TREES, confidence=0.4), confidence=0.3, subject="khác")
    assert review(register, below=0.9) == []
    assert show(register, "D1")["document"]["subject"] == "đôn đốc trồng cây ven đường liên xã"


def test_a_dispatch_confirmed_whole_takes_its_parts_along_and_back(register):
    enter(
        register, paper(obligation(TREES, deadline("tháng 3", "2026-03-31", "period", confidence=0.3), confidence=0.4))
    )
    number = confirm(register, "D1", who=WHO, now=NOW)
    assert review(register) == []
    undo(register, f"C{number}", who=WHO, now=LATER)
    assert [r["what"] for r in review(register)] == ["deadline", "obligation"]


def test_a_confirmed_obligation_stays_though_no_reading_finds_it(register, made):
    confirm(register, "O1", who=WHO, now=NOW)
    read_again(register, made, obligation(WATER))
    assert {t["id"] for t in tasks(register, as_of="2026-01-01")} == {"O1", "O2"}
    assert review(register) == []


def test_an_unmatched_obligation_can_be_kept_or_deleted(register, made):
    read_again(register, made)
    confirm(register, "O1", who=WHO, now=NOW)
    delete(register, "O2", **SAID)
    assert only(register)["id"] == "O1"
    assert review(register) == []


def test_a_deleted_obligation_stays_deleted(register, made):
    gone = delete(register, "O1", **SAID)
    assert only(register)["id"] == "O2"
    read_again(register, made, obligation(TREES), obligation(WATER))
    assert only(register)["id"] == "O2"
    undo(register, f"C{gone}", who=WHO, now=LATER)
    assert len(tasks(register, as_of="2026-01-01")) == 2


def test_what_a_person_adds_is_listed_and_outlives_readings(register, made):
    number = add_obligation(
        register, "D1", {"quote": "Báo cáo hằng tuần", "lead": "Sở Gió", "coordinating": ""}, **SAID
    )
    limit = add_deadline(
        register, f"O{number}", {"quote": "trước ngày 01/4/2026", "kind": "date", "due": "2026-04-01"}, **SAID
    )
    read_again(register, made, obligation(TREES), obligation(WATER))
    task = only(register, text="báo cáo hằng tuần")
    assert (task["id"], task["lead"], task["due"]) == (f"O{number}", ["Sở Gió"], "2026-04-01")
    assert task["deadlines"][0]["id"] == f"L{limit}"


def test_a_later_reading_that_finds_what_a_person_added_takes_its_row(register, made):
    number = add_obligation(register, "D1", {"quote": "Báo cáo kết quả hằng tuần về Sở Mây", "lead": "Sở Gió"}, **SAID)
    read_again(register, made, obligation(TREES), obligation(WATER), obligation("Báo cáo kết quả hằng tuần về Sở Mây"))
    task = only(register, text="báo cáo kết quả hằng tuần")
    assert (task["id"], task["lead"]) == (f"O{number}", ["Sở Gió"])


def test_an_addition_taken_back_is_gone(register, made):
    number = add_obligation(register, "D1", {"quote": "Báo cáo hằng tuần"}, **SAID)
    undo(register, history(register, f"O{number}")[0]["id"], who=WHO, now=LATER)
    assert len(tasks(register, as_of="2026-01-01")) == 2
    assert review(register) == []


def test_a_removed_dispatch_is_in_no_list_until_the_removal_is_undone(register, made):
    remove(register, "D1", **SAID)
    assert tasks(register, as_of="2027-01-01") == search(register, "trồng cây") == dispatches(register) == []
    assert issues(register) == review(register) == []
    assert outdated(register, "9") == outdated(register, "1", everything=True) == []
    assert show(register, "D1")["removed"]["by"] == WHO
    assert enter(register, made, version="9").outcome == "removed"
    undo(register, "D1", who=WHO, now=LATER)
    assert len(tasks(register, as_of="2026-01-01")) == 2
    assert search(register, "trồng cây")
    with pytest.raises(UnknownId):
        undo(register, "D1", who=WHO, now=LATER)


def test_an_issue_worked_off_stays_closed(register):
    blank = Issue("number.blank", "the number is blank")
    made = paper(issues=(blank,))
    enter(register, made)
    confirm(register, "I1", who=WHO, now=NOW)
    assert issues(register) == []
    read_again(register, made, issues=(blank,))
    assert issues(register) == []
    undo(register, "C1", who=WHO, now=LATER)
    assert [i["id"] for i in issues(register)] == ["I1"]


@pytest.mark.parametrize(
    ("code", "field", "value", "other"),
    [
        ("number.unreadable", "number", "13/CT-UBND", "subject"),
        ("signer.missing", "signer_name", "Lê Văn Mẫu", "signer_title"),
        ("signer.title.unreadable", "signer_title", "Chủ tịch", "signer_name"),
        ("addressees.missing", "addressees", "Sở Mây", "number"),
    ],
)
def test_an_issue_about_a_field_is_done_with_by_a_word_on_the_field(register, code, field, value, other):
    made = paper(issues=(Issue(code, "cannot be read"), Issue("text.recognised", "1 page(s)")))
    enter(register, made)

    def waiting():
        listed = [i["code"] for i in issues(register)]
        assert sorted(listed) == sorted(row["rule"] for row in waiting_page(register, what="issue").rows)
        assert count_waiting(register)["issue"] == len(listed)
        shown = show(register, "D1")["issues"]
        assert [i["code"] for i in shown if not i["closed"]] == listed
        return code in listed

    correct(register, "D1", other, "khác", **SAID)
    assert waiting()
    for way in (lambda: correct(register, "D1", field, value, **SAID), lambda: confirm(register, "D1", field, **WHEN)):
        said = way()
        assert not waiting()
        read_again(register, made, issues=made[1].issues, version=f"{said}")
        assert not waiting()
        undo(register, f"C{said}", **WHEN)
        assert waiting()
    confirm(register, "D1", **WHEN)
    assert [i["code"] for i in issues(register)] == ["text.recognised"]


@pytest.mark.parametrize(
    ("target", "field", "value"),
    [
        ("L1", "due", "10/03/2026"),
        ("L1", "due", "2026-02-30"),
        ("L1", "due", "20260310"),
        ("L1", "kind", "day"),
        ("L1", "kind", None),
        ("L1", "boundary", "after"),
        ("L1", "rrule", "every month"),
        ("L1", "offset", "15 moons issue"),
        ("L1", "offset", "soon"),
        ("O1", "quote", " "),
        ("O1", "modality", "wished"),
        ("O1", "lead", '["Sở Mây", 3]'),
        ("D1", "issued_on", "05/01/2026"),
    ],
)
def test_values_that_a_field_cannot_hold_are_refused(register, made, target, field, value):
    with pytest.raises(InvalidValue):
        correct(register, target, field, value, **SAID)
    assert history(register) == []


@pytest.mark.parametrize(
    ("target", "field", "value", "kept"),
    [
        ("L1", "rrule", "RRULE:FREQ=MONTHLY;BYMONTHDAY=25", "FREQ=MONTHLY;BYMONTHDAY=25"),
        ("L1", "offset", "15 working_day receipt", {"amount": 15, "unit": "working_day", "anchor": "receipt"}),
        ("L1", "offset", "", None),
        ("L1", "due", "", None),
        ("L1", "start", "2026-03-01", "2026-03-01"),
        ("O1", "coordinating", '["Sở Gió", "Công an huyện Mơ"]', ["Sở Gió", "Công an huyện Mơ"]),
        ("O1", "lead", "", []),
        ("D1", "addressees", "Sở Gió ;  Sở   Mưa;", ["Sở Gió", "Sở Mưa"]),
        ("D1", "issued_on", "2026-01", "2026-01"),
        ("D1", "signer.name", " Lê  Mẫu ", "Lê Mẫu"),
    ],
)
def test_values_are_kept_in_their_form(register, made, target, field, value, kept):
    correct(register, target, field, value, **SAID)
    shown = show(register, "D1")
    one = shown["obligations"][0]
    where = {"D": shown["document"], "O": one, "L": one["deadlines"][0]}[target[0]]
    found = where["signer"]["name"] if field == "signer.name" else where[field]
    assert found == kept


def test_mistaken_ids_and_fields_are_told(register, made):
    with pytest.raises(UnknownId):
        correct(register, "D7", "number", "1/X", **SAID)
    with pytest.raises(WrongId):
        correct(register, "12", "number", "1/X", **SAID)
    with pytest.raises(WrongId):
        remove(register, "O1", **SAID)
    with pytest.raises(UnknownField):
        correct(register, "D1", "secrecy", "mật", **SAID)
    with pytest.raises(InvalidValue):
        correct(register, "D1", "number", "1/X", who=" ", now=NOW, why="")


def test_an_undo_cannot_be_undone_nor_done_twice(register, made):
    correct(register, "D1", "number", "1/X", **SAID)
    undo(register, "C1", who=WHO, now=NOW)
    with pytest.raises(AlreadyUndone):
        undo(register, "C1", who=WHO, now=NOW)
    with pytest.raises(NotUndoable):
        undo(register, "C2", who=WHO, now=NOW)


def test_a_register_opened_for_reading_takes_no_correction(register, path, made):
    with open_register(path) as reading, pytest.raises(RegisterReadOnly):
        correct(reading, "D1", "number", "1/X", **SAID)
