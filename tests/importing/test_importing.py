"""A table against the register: what it speaks of is found, what is new is proposed, and nothing is ever doubled."""

import sqlite3
from datetime import date

import pytest
from register_papers import LATER, NOW, WHO, before, deadline, enter, obligation, paper
from sample_tables import REPORT, ROWS, TREES, WATER, csv_text, workbook

from pipeline.followup.owed import owed
from pipeline.followup.recording import Entry, enter_event, undo_event
from pipeline.followup.settings import Settings
from pipeline.importing.accepting import Said, accept_import, reject_import
from pipeline.importing.errors import AlreadyDecided, DayNeeded
from pipeline.importing.planning import plan_import
from pipeline.importing.storing import keep_plan
from pipeline.importing.tables import read_tracking
from pipeline.register import TaskFilter, count_review, open_register, outdated, remove, review, show, undo

TODAY = date(2026, 4, 30)
AT = "2026-04-30T09:00:00+07:00"
SAID = Said(WHO, AT)
OFFICE = Settings(before="strict")


@pytest.fixture
def known(register):
    """A register with the first document of the sample table and its two duties."""
    trees = obligation(f"{TREES}.", deadline("đến 31/3/2026", "2026-03-31"), lead=("Sở Mây",))
    water = obligation(f"{WATER}, gửi danh mục về Sở.", before("10/4/2026", "2026-04-10"), lead=("Sở Gió",))
    enter(register, paper(trees, water))
    return register


@pytest.fixture
def plan(tmp_path):
    """`plan(register, "a.csv", content)` holds a table against a register."""

    def made(register, content=None, name="bang.csv"):
        path = tmp_path / name
        content = csv_text() if content is None else content
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return plan_import(register, read_tracking(path), OFFICE, TODAY)

    return made


def keep(register, made):
    return keep_plan(register, made, who=WHO, now=AT)


def proposed(made):
    return [[(one.what, one.value) for one in row.proposals] for row in made.rows]


def dump(register):
    with sqlite3.connect(f"file:{register.path}?mode=ro", uri=True) as stock:
        return list(stock.iterdump())


def open_ids(register, what):
    rows = register.rows("SELECT id FROM import_proposals WHERE what = ? AND status = 'open' ORDER BY id", (what,))
    return [row["id"] for row in rows]


def standing(register):
    found = owed(register, TaskFilter(), OFFICE, as_of=TODAY)
    return {one.id: (one.standing.state, one.last_day and one.last_day.isoformat()) for one in found}


def test_rows_speak_of_what_is_there_and_propose_what_is_not(known, plan):
    made = plan(known)
    assert [row.dispatch.id for row in made.rows] == [1, 1, None]
    assert [row.duties.duties for row in made.rows] == [(1,), (2,), ()]
    assert proposed(made) == [
        [("event", "done 2026-03-10")],
        [("deadline", "due 2026-04-15")],
        [("document", "77/UBND-KT"), ("duty", REPORT)],
    ]


def test_looking_changes_nothing(known, plan):
    was = dump(known)
    plan(known)
    assert dump(known) == was


def test_the_same_table_twice_and_a_longer_one_double_nothing(known, plan):
    assert keep(known, plan(known)).new == 4
    was = dump(known)
    assert keep(known, plan(known)).new == 0
    assert dump(known) == was
    longer = csv_text().splitlines()
    longer.insert(1, "0,90/QĐ-UBND,06/02/2026,Lập tổ kiểm tra cầu treo,Sở Mưa,,,,,")
    kept = keep(known, plan(known, "\n".join(longer), "dai.csv"))
    assert (kept.new, kept.known) == (2, 4)
    assert set(was) - set(dump(known)) <= {line for line in was if "sqlite_sequence" in line}


def test_another_spelling_of_the_file_is_the_same_table(known, plan):
    keep(known, plan(known))
    assert keep(known, plan(known, csv_text(";").encode("utf-8-sig"), "khac.csv")).new == 0


def test_accepting_all_makes_the_register_say_what_the_table_says(known, plan):
    keep(known, plan(known))
    assert accept_import(known, open_ids(known, "event")[0], OFFICE, SAID) == ["E1"]
    accept_import(known, open_ids(known, "deadline")[0], OFFICE, SAID)
    made = accept_import(known, open_ids(known, "document")[0], OFFICE, SAID)
    assert made == ["D2", "O3", "L3"]
    # "trước ngày 15/4" in time up to the 14th
    assert standing(known) == {
        "T1": ("done", "2026-03-31"),
        "T2": ("waiting", "2026-04-14"),
        "T3": ("waiting", None),
    } | {"T3": ("waiting", "2026-06-30")}
    assert open_ids(known, "duty") == []  # it came with its document
    was = dump(known)
    again = plan(known)
    assert [row.proposals for row in again.rows] == [(), (), ()]
    keep(known, again)
    assert dump(known) == was


def test_a_document_from_a_table_shows_where_it_comes_from(known, plan):
    keep(known, plan(known))
    accept_import(known, open_ids(known, "document")[0], OFFICE, SAID)
    row = show(known, "D2")
    assert row["document"]["number"] == "77/UBND-KT"
    assert row["document"]["issued_on"] is None  # 31/02 is no day
    assert row["source"].endswith("bang.csv/::/77/UBND-KT")
    assert row["found"]["number"]["rule"] == "table.row"
    assert [o["quote"] for o in row["obligations"]] == [REPORT]
    assert "D2" not in {f"D{one['dispatch_id']}" for one in outdated(known, "another", everything=True)}


def test_the_letter_that_comes_later_is_proposed_as_the_same(known, plan):
    rows = [["1", "77/UBND-KT", "02/03/2026", REPORT, "Sở Mưa", "", "30/6/2026", "", "", ""]]
    keep(known, plan(known, csv_text(rows=rows)))
    accept_import(known, open_ids(known, "document")[0], OFFICE, SAID)
    late = paper(
        obligation(REPORT, deadline("30/6/2026", "2026-06-30"), lead=("Sở Mưa",)),
        number="77/UBND-KT", symbol="UBND-KT", issued_on="2026-03-02", subject="kiểm kê đèn đường",
    )  # fmt: skip
    saved = enter(known, late, path="inbox/b.pdf", now=LATER)
    assert saved.proposals
    assert [row["what"] for row in review(known) if row["id"] == f"M{saved.proposals[0]}"] == ["merge"]
    # counted once while nobody has decided
    quotes = known.rows("SELECT quote FROM current_obligations WHERE quote = ?", (REPORT,))
    assert len(quotes) == 1


def test_what_is_rejected_is_not_proposed_again(known, plan):
    keep(known, plan(known))
    number = open_ids(known, "event")[0]
    reject_import(known, number, SAID)
    assert keep(known, plan(known)).new == 0
    assert open_ids(known, "event") == []
    # and a person may think better of it
    assert accept_import(known, number, OFFICE, SAID) == ["E1"]
    with pytest.raises(AlreadyDecided):
        accept_import(known, number, OFFICE, SAID)


def test_what_was_taken_back_is_not_proposed_again(known, plan):
    keep(known, plan(known))
    accept_import(known, open_ids(known, "document")[0], OFFICE, SAID)
    remove(known, "D2", who=WHO, now=AT, why="nhầm")
    assert keep(known, plan(known)).new == 0
    assert len(show(known, "D1")["obligations"]) == 2


def test_a_day_is_asked_for_where_the_table_has_none(known, plan):
    rows = [["1", "12/CT-UBND", "05/01/2026", TREES, "Sở Mây", "", "", "Hoàn thành", "", ""]]
    keep(known, plan(known, csv_text(rows=rows)))
    number = open_ids(known, "event")[0]
    with pytest.raises(DayNeeded):
        accept_import(known, number, OFFICE, SAID)
    assert open_ids(known, "event") == [number]
    accept_import(known, number, OFFICE, Said(WHO, AT, on="2026-03-20"))
    assert standing(known)["T1"][0] == "done"


def test_what_the_register_learns_otherwise_needs_no_decision(known, plan):
    keep(known, plan(known))
    late = paper(
        obligation(REPORT, lead=("Sở Mưa",)), number="77/UBND-KT", symbol="UBND-KT", issued_on="2026-03-02",
        subject="kiểm kê đèn đường",
    )  # fmt: skip
    enter(known, late, path="inbox/b.pdf")
    kept = keep(known, plan(known))
    assert (kept.new, kept.settled) == (1, 2)  # the letter sets no last day, the table does
    assert len(open_ids(known, "deadline")) == 2
    assert open_ids(known, "document") == open_ids(known, "duty") == []


def test_an_event_that_is_there_is_not_proposed(known, plan):
    enter_event(known, Entry("accepted", "T1", "2026-03-09"), OFFICE, who=WHO, now=AT)
    assert proposed(plan(known))[0] == []


def test_what_was_proposed_of_a_duty_and_is_entered_otherwise_needs_no_decision(known, plan):
    later = [[*ROWS[0][:6], "30/6/2026", *ROWS[0][7:]]]
    made = plan(known, csv_text(rows=later))
    assert keep(known, made).new == 2 and proposed(made) == [
        [("event", "done 2026-03-10"), ("deadline", "due 2026-06-30")]
    ]
    done = enter_event(known, Entry("accepted", "T1", "2026-03-09"), OFFICE, who=WHO, now=AT)
    assert keep(known, plan(known, csv_text(rows=later))).settled == 2
    assert keep(known, plan(known, csv_text(rows=later))).settled == 0
    undo_event(known, int(done.event[1:]), who=WHO, now=AT)
    again = keep(known, plan(known, csv_text(rows=later)))
    assert (again.new, again.known) == (2, 0)
    assert keep(known, plan(known, csv_text(rows=later))).new == 0


def test_a_number_of_another_province_or_year_is_another_document(known, plan):
    heading = ["Số ký hiệu", "Ngày ban hành", "Cơ quan ban hành", "Nội dung", "Đơn vị chủ trì"]
    rows = [
        ["12/CT-UBND", "05/01/2026", "UBND tỉnh Sông Mơ", TREES, "Sở Mây"],
        ["12/CT-UBND", "05/01/2026", "UBND tỉnh Núi Xa", TREES, "Sở Mây"],
        ["12/CT-UBND", "09/01/2025", "", TREES, "Sở Mây"],
        ["12/CT-UBND", "06/01/2026", "", TREES, "Sở Mây"],
        ["12", "05/01/2026", "", TREES, "Sở Mây"],
    ]
    made = plan(known, csv_text(heading=heading, rows=rows))
    assert [row.dispatch.id for row in made.rows] == [1, None, None, None, 1]
    assert made.rows[3].notes == ("other_day",)  # a slip of the table or of the reading: a person looks
    assert made.rows[3].proposals == ()


def test_two_duties_alike_are_told_apart_by_their_bodies(register, plan):
    two = [obligation(TREES, lead=(body,)) for body in ("Sở Mây", "Sở Gió")]
    enter(register, paper(*two))
    rows = [["1", "12/CT-UBND", "05/01/2026", TREES, body, "", "", "", "", ""] for body in ("Sở Gió", "Sở Mưa")]
    made = plan(register, csv_text(rows=rows))
    assert [row.duties.duties for row in made.rows] == [(2,), ()]
    assert made.rows[1].notes == ("several_duties",)
    assert made.rows[1].proposals == ()


def test_a_row_that_tells_only_the_subject_proposes_no_duty(known, plan):
    rows = [["1", "12/CT-UBND", "05/01/2026", "V/v đôn đốc trồng cây ven đường liên xã", "", "", "", "", "", ""]]
    made = plan(known, csv_text(rows=rows))
    assert (made.rows[0].proposals, made.rows[0].notes) == ((), ("whole_document",))


def test_one_row_twice_in_a_table_is_one_proposal(known, plan):
    row = ["1", "80/UBND-KT", "02/03/2026", REPORT, "Sở Mưa", "", "", "", "", ""]
    made = plan(known, csv_text(rows=[row, ["2", *row[1:]]]))
    assert [len(one.proposals) for one in made.rows] == [2, 0]
    assert made.rows[1].notes == ("twice",)


def test_a_row_that_proposes_nothing_says_why(known, plan):
    rows = [["1", "", "06/04/2026", "Gửi danh sách hộ nghèo", "Sở Mây", "", "30/6/2026", "", "", ""], ROWS[0]]
    assert next(row.notes for row in plan(known, csv_text(rows=rows)).rows) == ("no_number",)


def test_of_a_recurring_duty_the_result_of_a_row_is_entered_by_a_person(register, plan):
    monthly = deadline("hằng tháng, trước ngày 20", None, "recurring", rrule="FREQ=MONTHLY;BYMONTHDAY=20")
    enter(register, paper(obligation(f"{TREES}.", monthly, lead=("Sở Mây",))))
    (row,) = plan(register, csv_text(rows=[ROWS[0]])).rows
    assert row.duties.duties and not row.proposals and row.notes == ("recurring",)


def test_a_formula_in_a_table_is_words(known, plan):
    rows = [["1", "80/UBND-KT", "02/03/2026", '=HYPERLINK("http://x.y")', "Sở Mưa", "", "", "", "", ""]]
    made = plan(known, csv_text(";", rows=rows))
    assert made.rows[0].said.content == '=HYPERLINK("http://x.y")'


def test_review_lists_proposals_and_the_command_decides(run, tmp_path, path, monkeypatch):
    monkeypatch.setenv("CONGVAN_REGISTER", str(path))
    with open_register(path, "create") as register:
        enter(register, paper(obligation(TREES, lead=("Sở Mây",))), now=NOW)
    table = tmp_path / "bang.xlsx"
    table.write_bytes(workbook())
    assert run("import", table).code == 0
    with open_register(path) as register:
        assert not register.rows("SELECT 1 FROM import_proposals")
        waiting = count_review(register)
    done = run("import", table, "--apply", "--json", "--by", WHO)
    assert [row["table_row"] for row in done.json()] == [8, 9, 13]
    with open_register(path) as register:
        assert count_review(register) == waiting + 5
    listed = [row for row in run("review", "--json").json() if row["what"] == "import"]
    assert {(row["number"], row["dispatch"]) for row in listed} == {("15/UBND-NV", None), ("88", None)}
    first = next(row["id"] for row in listed if row["rule"] == "table.document" and row["number"] == "15/UBND-NV")
    assert "D2" in run("confirm", first, "--by", WHO).err
    assert run("confirm", first, "--by", WHO).code == 1
    assert "None" not in run("review").out + run("review", "--lang", "en").out
    assert "15/UBND-NV" in run("review").out or "88" in run("review").out
    assert run("show", "15/UBND-NV").code == 0


def test_an_added_duty_is_taken_back_as_any_other(known, plan):
    rows = [["1", "12/CT-UBND", "05/01/2026", REPORT, "Sở Mưa", "", "30/6/2026", "", "", ""]]
    keep(known, plan(known, csv_text(rows=rows)))
    assert accept_import(known, open_ids(known, "duty")[0], OFFICE, SAID) == ["O3", "L3"]
    last = known.one("SELECT max(id) AS id FROM corrections WHERE target = 'obligation'")["id"]
    undo(known, f"C{last}", who=WHO, now=AT)
    assert "T3" not in standing(known)


def test_a_long_table_is_kept_whole(known, plan):
    rows = [
        [str(n), f"{n}/UBND-KT", "02/03/2026", f"{REPORT} số {n}", "Sở Mưa", "", "30/6/2026", "", "", ""]
        for n in range(1, 1001)
    ]
    kept = keep(known, plan(known, csv_text(rows=rows)))
    assert kept.new == 2000
