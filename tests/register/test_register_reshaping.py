"""One obligation read as two, two read as one, and what is undone with it; lists page by page; what to check next."""

from __future__ import annotations

import json

import pytest
from register_papers import NOW, WHO, before, enter, obligation, paper

from pipeline.errors import InvalidValue, UnknownId
from pipeline.register import (
    DispatchFilter,
    add_deadline,
    add_obligation,
    confirm,
    correct,
    dispatch_types,
    history,
    leaf,
    merge,
    next_to_check,
    remove,
    show,
    split,
    undo,
)

TREES = "Trồng mới hai nghìn cây bóng mát dọc đường liên xã"
WATER = "Cử cán bộ đầu mối theo dõi việc tưới nước và gửi danh sách về Sở Mây"
SAID = {"who": WHO, "now": NOW}


@pytest.fixture
def made(register):
    limits = before("10/3/2026", "2026-03-10"), before("20/3/2026", "2026-03-20")
    enter(register, paper(obligation(TREES, *limits), obligation(WATER, lead=("Sở Gió",))))
    return register


def current(register):
    return [o for o in show(register, "D1")["obligations"] if o["status"] == "current"]


def limits(one):
    return [d["due"] for d in one["deadlines"] if d["status"] == "current"]


def test_an_obligation_is_parted_and_its_deadlines_go_where_they_belong(made):
    first, second = WATER.split(" và ")
    new = split(made, "O2", first, second, **SAID)
    trees, kept, added = current(made)
    assert (kept["id"], kept["quote"]) == ("O2", first)
    assert (added["id"], added["quote"], added["lead"]) == (f"O{new}", second, ["Sở Gió"])
    assert trees["quote"] == TREES

    split(made, "O1", "Trồng cây", "Bảo vệ cây", moved=["L2"], shared=["L1"], **SAID)
    trees, added = current(made)[:2]
    assert limits(trees) == ["2026-03-10"]
    assert limits(added) == ["2026-03-10", "2026-03-20"]


def test_one_undo_takes_back_all_of_a_split(made):
    split(made, "O1", "Trồng cây", "Bảo vệ cây", moved=["L2"], **SAID)
    [first] = [c for c in history(made, "O1") if c["part_of"] is None]
    undo(made, first["id"], **SAID)
    assert [o["quote"] for o in current(made)] == [TREES, WATER]
    assert limits(current(made)[0]) == ["2026-03-10", "2026-03-20"]


def test_two_obligations_become_one_and_two_again(made):
    done = merge(made, "O2", "O1", f"{WATER}; {TREES}", **SAID)
    [one] = current(made)
    assert one["id"] == "O2"
    assert one["quote"] == f"{WATER}; {TREES}"
    assert one["lead"] == ["Sở Gió", "Sở Mây"]
    assert limits(one) == ["2026-03-10", "2026-03-20"]
    undo(made, f"C{done}", **SAID)
    assert [(o["quote"], limits(o)) for o in current(made)] == [(TREES, ["2026-03-10", "2026-03-20"]), (WATER, [])]


def test_a_deadline_that_both_have_is_there_once(made):
    add_deadline(
        made, "O2", {"quote": "trước ngày 10/3/2026", "kind": "date", "due": "2026-03-10", "boundary": "before"},
        **SAID, why="",
    )  # fmt: skip
    merge(made, "O1", "O2", TREES, **SAID)
    assert limits(current(made)[0]) == ["2026-03-10", "2026-03-20"]


def test_what_is_gone_or_of_another_dispatch_is_neither_parted_nor_merged(made):
    enter(
        made, paper(obligation("Báo cáo kết quả khơi thông cống rãnh các thôn"), number="7/CV-SM"), path="inbox/b.pdf"
    )
    for other in ("O3", "O1"):
        with pytest.raises(InvalidValue):
            merge(made, "O1", other, TREES, **SAID)
    merge(made, "O1", "O2", TREES, **SAID)
    with pytest.raises(UnknownId):
        split(made, "O2", "a", "b", **SAID)
    assert [o["quote"] for o in current(made)] == [TREES]


def test_nothing_is_changed_where_a_part_is_refused(made):
    with pytest.raises(InvalidValue):
        split(made, "O1", "Trồng cây", " ", **SAID)
    assert [o["quote"] for o in current(made)] == [TREES, WATER]
    assert history(made) == []


def test_what_a_person_enters_is_shown_where_it_stands(made):
    text_of_second = "theo dõi việc tưới nước"
    number = add_obligation(made, "D1", {"quote": text_of_second}, **SAID, why="sót")
    [added] = [o for o in current(made) if o["id"] == f"O{number}"]
    assert added["before"].endswith("đầu mối")
    number = add_obligation(made, "D1", {"quote": "không có trong văn bản"}, **SAID, why="sót")
    [added] = [o for o in current(made) if o["id"] == f"O{number}"]
    assert "span" not in added


def test_half_a_day_stays_half_a_day(made):
    offset = json.dumps({"amount": 4.5, "unit": "day", "anchor": "receipt"})
    correct(made, "L1", "offset", offset, **SAID, why="")
    assert current(made)[0]["deadlines"][0]["offset"]["amount"] == 4.5


# ------------------------------------------------------------------------------------------------ lists


@pytest.fixture
def shelf(register):
    for n in range(1, 8):
        words = obligation(f"Báo cáo số liệu thứ {n} về nuôi ong lấy mật trên đồi {n}")
        day = f"2026-0{n}-01" if n != 4 else None
        enter(register, paper(words, number=f"{n}/CV-SM", issued_on=day), path=f"inbox/{n}.pdf")
    return register


def ids(page):
    return [row["id"] for row in page.rows]


def test_pages_lead_on_and_back_whatever_is_entered_meanwhile(shelf):
    first = leaf(shelf, DispatchFilter(), limit=3)
    assert ids(first) == ["D7", "D6", "D5"]
    assert first.previous is None
    second = leaf(shelf, DispatchFilter(), at=first.next, limit=3)
    assert ids(second) == ["D3", "D2", "D1"]
    third = leaf(shelf, DispatchFilter(), at=second.next, limit=3)
    assert ids(third) == ["D4"]  # no day is printed
    assert third.next is None
    assert ids(leaf(shelf, DispatchFilter(), at=third.previous, limit=3)) == ["D3", "D2", "D1"]
    remove(shelf, "D2", **SAID, why="nhầm")
    assert ids(leaf(shelf, DispatchFilter(), at=first.next, limit=3)) == ["D3", "D1", "D4"]


def test_each_filter_narrows(shelf):
    assert ids(leaf(shelf, DispatchFilter(text="nuoi ong thu 5"))) == ["D5"]
    assert ids(leaf(shelf, DispatchFilter(number="6/cv"))) == ["D6"]
    assert ids(leaf(shelf, DispatchFilter(issued_from="2026-05-01", issued_to="2026-06-30"))) == ["D6", "D5"]
    assert ids(leaf(shelf, DispatchFilter(type="nothing"))) == []
    assert ids(leaf(shelf, DispatchFilter(issuer="%"))) == []
    [kind] = dispatch_types(shelf)
    assert len(ids(leaf(shelf, DispatchFilter(type=kind)))) == 7


@pytest.mark.parametrize("at", ["x", "D1", "D1.2026-01-01' OR 1", "O1.2026-01-01", "-", "D0.", "D1." + "9" * 50])
def test_a_cursor_says_a_place_and_nothing_else(shelf, at):
    try:
        rows = leaf(shelf, DispatchFilter(), at=at).rows
    except InvalidValue:
        return
    assert len(rows) <= 7


def test_the_list_is_read_along_its_index(shelf):
    plan = shelf.rows(
        "EXPLAIN QUERY PLAN SELECT d.id FROM dispatches d WHERE d.removed_at IS NULL AND d.merged_into IS NULL"
        " ORDER BY coalesce(d.issued_on, '') DESC, d.id DESC LIMIT 50"
    )
    assert "dispatches_order" in str(plan)
    assert "TEMP B-TREE" not in str(plan)


def test_what_is_to_be_checked_next_goes_round(register):
    for n in range(1, 5):
        doubtful = obligation(f"Rà soát biển báo số {n} trên đường vành đai", confidence=0.5 if n in (1, 3) else 1.0)
        enter(register, paper(doubtful, number=f"{n}/CV-SM"), path=f"inbox/{n}.pdf")
    assert next_to_check(register, 1) == 3
    assert next_to_check(register, 3) == 1
    confirm(register, "D1", **SAID)
    assert next_to_check(register, 3) is None
    assert next_to_check(register, 2) == 3
