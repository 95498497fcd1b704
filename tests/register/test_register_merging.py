"""The same letter in several files: proposed, counted once, decided by a person."""

from __future__ import annotations

import pytest
from register_papers import LATER, NOW, WHO, before, enter, obligation, paper, stat

from pipeline.register import (
    confirm,
    correct,
    counts,
    decide_merge,
    dispatches,
    remove,
    review,
    save_dispatch,
    search,
    show,
    tasks,
    undo,
)
from pipeline.register.keys import dispatch_keys

LIMIT = before("10/3/2026", "2026-03-10")
TREES = obligation("Trồng mới hai nghìn cây bóng mát dọc đường liên xã trước ngày 10/3/2026", LIMIT)
WATER = obligation("Cử cán bộ đầu mối theo dõi việc tưới nước và gửi danh sách về Sở Mây")
SLIP = obligation("Trồng mới hai nghìn cây bóng mát dọc duờng liên xã trước ngày 10/3/2026", LIMIT)
SCAN = paper(SLIP, obligation("Báo cáo hằng quý"), salt="scan", filler="x")
SAID = {"who": WHO, "now": NOW, "why": "cùng một văn bản"}


@pytest.fixture
def twice(register):
    """A letter and its scan, which was read with a slip and lacks one obligation but holds another."""
    enter(register, paper(TREES, WATER))
    return enter(register, SCAN, path="inbox/scan.pdf")


def listed(register):
    return [(t["id"], t["dispatch"], t["copies"]) for t in tasks(register, as_of="2026-01-01")]


def test_the_same_number_in_other_bytes_is_proposed_not_merged(register, twice):
    assert (twice.outcome, twice.dispatch_id, twice.proposals) == ("new", 2, (1,))
    assert [d["id"] for d in dispatches(register)] == ["D1", "D2"]
    first = review(register)[0]
    assert (first["what"], first["id"], first["dispatch"], first["why"]) == ("merge", "M1", "D1", "D2")
    assert show(register, "D2")["copies"] == [{"id": "D1", "proposal": "M1", "reason": "number", "status": "open"}]


def test_while_undecided_a_shared_obligation_is_listed_once_and_nothing_is_lost(register, twice):
    assert listed(register) == [("O1", "D1", ["D2"]), ("O2", "D1", []), ("O4", "D2", [])]
    assert len(register.rows("SELECT 1 FROM current_duties")) == 3
    assert show(register, "D2")["obligations"][0]["same_as"] == "O1"


def test_an_accepted_merge_makes_one_dispatch_of_both(register, twice):
    confirm(register, "M1", who=WHO, now=NOW)
    assert [d["id"] for d in dispatches(register)] == ["D1"]
    assert listed(register) == [("O1", "D1", ["D2"]), ("O2", "D1", []), ("O4", "D1", [])]
    assert len(show(register, "D1")["files"]) == 2
    assert [h["id"] for h in search(register, "12/CT-UBND") if h["kind"] == "dispatch"] == ["D1"]
    assert review(register) == []


def test_a_rejected_merge_counts_both_and_is_not_proposed_again(register, twice):
    decide_merge(register, "M1", False, **SAID)
    assert [row[0] for row in listed(register)] == ["O1", "O3", "O2", "O4"]
    again = enter(register, SCAN, path="inbox/scan.pdf", version="2")
    assert again.outcome == "reread"
    assert again.proposals == ()
    assert counts(register)["proposals"] == 0


def test_a_decision_can_be_changed_and_undone(register, twice):
    decide_merge(register, "M1", False, **SAID)
    decide_merge(register, "M1", True, **SAID)
    assert len(dispatches(register)) == 1
    undo(register, "C2", who=WHO, now=LATER)
    assert len(dispatches(register)) == 2
    undo(register, "C1", who=WHO, now=LATER)
    assert counts(register)["proposals"] == 1


def test_a_third_copy_joins_the_first(register, twice):
    third = enter(register, paper(TREES, WATER, salt="reprint", doc_type="Chỉ thị"), path="inbox/reprint.docx")
    assert third.proposals == (2,)
    confirm(register, "M2", who=WHO, now=NOW)
    confirm(register, "M1", who=WHO, now=NOW)
    assert [d["id"] for d in dispatches(register)] == ["D1"]
    assert len(show(register, "D1")["files"]) == 3
    assert [row[0] for row in listed(register)] == ["O1", "O2", "O4"]


@pytest.mark.parametrize("subject", ["đôn đốc trồng cây ven đường liên xã", "đôn đốc trồng cây ven đường liên thôn"])
def test_a_copy_is_known_by_the_subject_as_read_and_as_corrected(register, subject):
    blank = {"number": None, "filler": "x"}
    enter(register, paper(TREES, **blank))
    correct(register, "D1", "subject", "đôn đốc trồng cây ven đường liên thôn", **SAID)
    copy = enter(register, paper(TREES, subject=subject, **{**blank, "filler": "y"}), path="inbox/copy.docx")
    assert len(copy.proposals) == 1
    assert [row[0] for row in listed(register)] == ["O1"]


def test_a_third_copy_that_is_like_the_second_only_is_joined_through_that_one(register):
    blank = {"number": None, "filler": "x"}
    enter(register, paper(TREES, **blank))
    enter(register, paper(TREES, salt="scan", **blank), path="inbox/scan.pdf")
    correct(register, "D1", "issuer", "Ủy ban nhân dân tỉnh Sông Lạ", **SAID)
    third = enter(register, paper(TREES, salt="reprint", **{**blank, "filler": "y"}), path="inbox/reprint.docx")
    assert len(third.proposals) == 1
    assert [row[0] for row in listed(register)] == ["O1"]


def test_removing_the_first_lets_its_copy_stand_for_the_letter(register, twice):
    confirm(register, "M1", who=WHO, now=NOW)
    remove(register, "D1", **SAID)
    assert [d["id"] for d in dispatches(register)] == ["D2"]
    assert [row[:2] for row in listed(register)] == [("O3", "D2"), ("O4", "D2")]
    undo(register, "D1", who=WHO, now=LATER)
    assert [d["id"] for d in dispatches(register)] == ["D1"]


def test_removing_the_first_of_three_leaves_the_others_proposed(register, twice):
    enter(register, paper(TREES, WATER, salt="reprint", doc_type="Chỉ thị"), path="inbox/reprint.docx")
    remove(register, "D1", **SAID)
    [row] = register.rows("SELECT dispatch_id, duplicate_id FROM merge_proposals")
    assert tuple(row.values()) == (2, 3)
    undo(register, "D1", who=WHO, now=LATER)
    assert [row[0] for row in listed(register)] == ["O1", "O2", "O4"]


def test_a_corrected_number_takes_a_proposal_back_or_makes_one(register, twice):
    correct(register, "D2", "number", "13/CT-UBND", **SAID)
    correct(register, "D2", "subject", "việc khác hẳn", **SAID)
    assert counts(register)["proposals"] == 0
    assert len(listed(register)) == 4
    correct(register, "D2", "number", "12/CT-UBND", **SAID)
    assert counts(register)["proposals"] == 1


def test_a_reading_that_pairs_no_more_obligations_shows_them_again(register, twice):
    _, changed = paper(obligation("Tổ chức lễ phát động tại trường học"))
    save_dispatch(register, "inbox/scan.pdf", stat(), SCAN[0], changed, version="2", now=LATER)
    assert [row[0] for row in listed(register)] == ["O1", "O2", "O5"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"number": "12 /ct-UBND"}, "number"),
        ({"number": None}, "subject"),
        ({"issuer": None}, "number_date"),
        ({"issuer": None, "number": None, "symbol": None, "subject": None, "filler": None}, None),
        ({"issuer": "Ủy ban nhân dân tỉnh Sông Lạ", "issued_on": "2026-01-06"}, None),
        ({"number": "13/CT-UBND"}, None),
        ({"issued_on": "2025-01-05"}, None),
    ],
)
def test_what_makes_two_files_look_like_one_letter(register, changes, reason):
    enter(register, paper(TREES))
    other = {"salt": "b", "filler": "Lời văn khác.", **{k: v for k, v in changes.items() if v or k != "filler"}}
    enter(register, paper(WATER, **other), path="inbox/b.pdf")
    found = register.one("SELECT reason FROM merge_proposals")
    assert (found["reason"] if found else None) == reason


def test_blank_papers_with_the_same_words_look_alike(register):
    blank = {"number": None, "symbol": None, "issuer": None, "subject": None}
    enter(register, paper(TREES, **blank))
    enter(register, paper(TREES, salt="b", **blank), path="inbox/b.pdf")
    assert register.one("SELECT reason FROM merge_proposals")["reason"] == "text"


def keys(number, issued_on, issuer="Tỉnh ủy Sông Mơ"):
    return dispatch_keys(
        issuer=issuer, number=number, symbol=None, issued_on=issued_on, subject=None, text="một hai ba"
    ).get("number")


def test_natural_keys():
    assert keys("12/CT-UBND", "2026-01-05") == keys("12/ct-ubnd", "2026-11-30")
    assert keys("12/CT-UBND", "2026-01-05") != keys("12/CT-UBND", "2025-01-05")
    # The year in the number counts, whatever the date that was read.
    assert keys("12/2025/QĐ-UBND", "2026-01-05") == keys("12/2025/QĐ-UBND", None)
    # The Party's series run for years: only the whole date tells two papers apart.
    assert keys("12-CT/TU", "2026-01-05") != keys("12-CT/TU", "2026-02-05")
    assert keys("12-CT/TU", "2026-01-05") == keys("12 - CT/TU", "2026-01-05")
    assert keys("12/CT-UBND", None) is None
    assert keys("12/CT-UBND", "2026-01-05", issuer=None) is None
