"""How dispatches stand to one another, whichever is entered first, and what of their tasks counts."""

from contextlib import closing
from dataclasses import replace
from hashlib import sha256
from random import Random
from sqlite3 import IntegrityError

import pytest
from chain_letters import ANSWERING, ASKED, EXTENDING, OTHER, OWN, RELATED, REPLACING, URGING, Letter
from paper import paper
from register_papers import LATER, NOW, WHO, dump, stat

from extractors.dispatch import extract_dispatch
from pipeline import errors
from pipeline.reading import read_document
from pipeline.register import (
    chain,
    check,
    confirm,
    consequences,
    correct,
    decide_link,
    decide_merge,
    find_dispatch,
    history,
    links_of,
    open_register,
    remove,
    review,
    save_dispatch,
    show,
    tasks,
    undo,
)
from pipeline.register.connection import connect
from pipeline.register.migrations import STEPS, migrate

FIRST = Letter()


@pytest.fixture
def enter(register, tmp_path):
    """Enter letters through a file each; returns the id of the last."""

    def one(*letters, version="1", again=False):
        for n, letter in enumerate(letters):
            path = tmp_path / f"{n}.txt"
            path.write_text(letter.text())
            document = read_document(path)
            saved = save_dispatch(
                register, path.name, stat(), document, extract_dispatch(document), version=version, now=NOW, force=again
            )
        return saved.dispatch_id

    return one


def links(register):
    rows = register.rows(
        "SELECT l.*, a.number AS later, e.number AS earlier FROM links l JOIN dispatches a ON a.id = l.dispatch_id"
        " JOIN dispatches e ON e.id = l.earlier_id WHERE l.is_found ORDER BY l.id"
    )
    return [(row["later"], row["relation"], row["earlier"]) for row in rows]


def listed(register):
    """(quote's first words, due) of all that counts."""
    return [(row["quote"][:8], row["due"]) for row in tasks(register, as_of="2026-03-01")]


@pytest.mark.parametrize("relation", RELATED)
@pytest.mark.parametrize("first", [True, False], ids=["in order", "the later one first"])
def test_a_letter_is_linked_to_the_one_it_speaks_of(register, enter, relation, first):
    letter = RELATED[relation]
    enter(FIRST, letter) if first else enter(letter, FIRST)
    assert links(register) == [(letter.number, relation, FIRST.number)]
    assert check(register) == []


@pytest.mark.parametrize(
    "other",
    [
        replace(FIRST, office=OTHER),
        replace(FIRST, day="ngày 03 tháng 3 năm 2026"),
        replace(FIRST, day="ngày 02 tháng 3 năm 2025"),
        replace(FIRST, number="54/STV-KT"),
        replace(FIRST, number="45/STV-VP"),
        replace(FIRST, number="/STV-VP"),
    ],
    ids=[
        "of another office",
        "of another day",
        "of another year",
        "another number",
        "another symbol",
        "without number",
    ],
)
def test_a_number_that_only_looks_the_same_is_no_link(register, enter, other):
    enter(other, ANSWERING)
    assert links(register) == []


def test_a_letter_cannot_answer_a_later_one(register, enter):
    enter(FIRST, replace(ANSWERING, day="ngày 19 tháng 02 năm 2026"))
    assert links(register) == []


def test_laws_and_decisions_that_are_a_basis_are_no_links(register, enter):
    basis = "Căn cứ Nghị định số 45/NĐ-CP ngày 02/3/2026 của Chính phủ và Công văn số 45/STV-KT ngày 02/3/2026 nêu trên"
    law = replace(FIRST, number="45/NĐ-CP", office=("CHÍNH PHỦ",))
    enter(law, replace(ANSWERING, body=(f"{basis}, Ủy ban nhân dân huyện thông báo để các xã biết./.",)))
    assert [link for link in links(register) if link[2] == "45/NĐ-CP"] == []


def test_a_number_without_a_day_is_the_office_s_own_of_this_year(register, enter):
    body = ("Tiếp theo Công văn số 45/STV-KT, Sở Thủy văn gửi mẫu danh sách điểm đo.",)
    letter = replace(RELATED["continues"], body=body)
    enter(replace(FIRST, office=OTHER), replace(FIRST, day="ngày 02 tháng 3 năm 2024"), letter)
    assert links(register) == []
    enter(FIRST)
    assert links(register) == [("58/STV-KT", "continues", "45/STV-KT")]
    [row] = links_of(register, find_dispatch(register, "58/STV-KT"))["earlier"]
    assert row["confidence"] < 0.85


def test_two_letters_that_the_citation_fits_alike_are_linked_to_none(register, enter):
    other = replace(FIRST, subject="mời họp tổng kết năm", body=("Mời dự họp ngày 05/3/2026.",))
    enter(other, FIRST, replace(FIRST, body=("Sở Thủy văn đề nghị các huyện cử cán bộ dự họp./.",)), ANSWERING)
    for proposal in register.rows("SELECT id FROM merge_proposals"):
        decide_merge(register, f"M{proposal['id']}", False, who=WHO, now=LATER)
    assert links(register) == []


def test_of_two_with_the_same_number_the_one_of_that_subject_is_meant(register, enter):
    other = replace(FIRST, subject="mời họp tổng kết năm", body=("Mời dự họp ngày 05/3/2026.",))
    enter(other, FIRST, ANSWERING)
    assert [row["id"] for row in chain(register, 3)] == ["D2", "D3"]


def test_copies_of_a_letter_are_one(register, enter):
    last = enter(FIRST, replace(FIRST, to="Ủy ban nhân dân các huyện, thị xã"), ANSWERING)
    assert links(register) == [(ANSWERING.number, "answers", FIRST.number)]
    decide_merge(register, "M1", True, who=WHO, now=LATER)
    assert [row["id"] for row in chain(register, last)] == ["D1", "D3"]


# ------------------------------------------------------------------ tasks told again


def test_what_an_urging_letter_tells_again_counts_once_with_its_own_day(register, enter):
    enter(FIRST, URGING)
    assert listed(register) == [("Rà soát ", "2026-03-20"), ("Báo cáo ", "2026-04-15")]
    [first, _] = tasks(register, as_of="2026-03-01")
    [said] = first["follow_ups"]
    assert (said["relation"], said["due"], said["dispatch"], said["link"]) == ("urges", "2026-04-05", "D2", "K1")
    assert show(register, "D2")["obligations"][0]["counts_as"] == first["id"]


def test_a_letter_that_replaces_counts_in_place_of_the_old_one(register, enter):
    enter(FIRST, REPLACING)
    assert ("Rà soát ", "2026-04-10") in listed(register)
    assert ("Rà soát ", "2026-03-20") not in listed(register)


def test_an_extension_names_the_item_and_the_new_day(register, enter):
    enter(FIRST, EXTENDING)
    late = next(row for row in tasks(register, as_of="2026-05-01") if row["quote"].startswith("Báo cáo kết quả"))
    assert late["due"] == "2026-04-15"
    assert [(said["relation"], said["due"]) for said in late["follow_ups"]] == [("extends", "2026-04-30")]


def test_a_correction_brings_the_right_day_to_the_item_that_it_mends(register, enter):
    enter(FIRST, RELATED["corrects"])
    [said] = [s for row in tasks(register, as_of="2026-05-01") for s in row["follow_ups"]]
    assert (said["relation"], said["due"]) == ("corrects", "2026-04-25")


def test_the_same_words_to_other_bodies_are_another_task(register, enter):
    to_others = tuple(line.replace("Ủy ban nhân dân các huyện", "Chi cục Thủy lợi") for line in URGING.body)
    enter(FIRST, replace(URGING, body=to_others, to="Chi cục Thủy lợi"))
    assert len([row for row in listed(register) if row[0] == "Rà soát "]) == 2


def test_a_letter_that_carries_out_gives_its_own_tasks(register, enter):
    same = replace(RELATED["carries_out"], body=(RELATED["carries_out"].body[0], ASKED[1]))
    enter(FIRST, same)
    assert len([row for row in listed(register) if row[0] == "Rà soát "]) == 2


def test_a_reply_concerns_the_task_it_is_about(register, enter):
    enter(FIRST, ANSWERING)
    first, second = tasks(register, as_of="2026-03-01")
    assert [said["relation"] for said in first["follow_ups"]] == ["answers"]
    assert second["follow_ups"] == []


def test_two_letters_that_cite_each_other_do_not_hide_each_other_s_tasks(register, enter):
    blank = replace(FIRST, day="năm 2026", body=(f"Tiếp theo {OWN.replace('45', '58')}, {ASKED[0]}", *ASKED[1:]))
    other = replace(blank, number="58/STV-KT", body=(f"Tiếp theo {OWN}, {ASKED[0]}", *ASKED[1:]))
    enter(blank, other)
    assert len(links(register)) == 2
    assert [row[0] for row in listed(register)].count("Rà soát ") == 1


def test_a_reply_of_one_member_speaks_of_its_own_duty_and_of_no_other(register, enter):
    ministry = ("BỘ NỘI VỤ",)
    asked = (
        "Bộ Nội vụ đề nghị Ủy ban nhân dân các tỉnh, thành phố trực thuộc Trung ương:",
        "1. Báo cáo kết quả sắp xếp thôn, bản trên địa bàn về Bộ Nội vụ trước ngày 20/3/2024.",
    )
    day, place, to = "ngày 02 tháng 3 năm 2024", "Hà Nội", "Ủy ban nhân dân các tỉnh, thành phố trực thuộc Trung ương"
    enter(
        Letter("812/BNV-CQĐP", day, "báo cáo kết quả sắp xếp thôn, bản", asked, to, ministry, "BỘ TRƯỞNG", place),
        Letter(
            "301/UBND-NC",
            "ngày 15 tháng 3 năm 2024",
            "báo cáo kết quả sắp xếp thôn, bản",
            (
                "Thực hiện Công văn số 812/BNV-CQĐP ngày 02/3/2024 của Bộ Nội vụ, Ủy ban nhân dân tỉnh Sơn La báo cáo"
                " kết quả như sau:",
                "Toàn tỉnh đã sắp xếp xong 112 bản.",
            ),
            "Bộ Nội vụ",
            ("ỦY BAN NHÂN DÂN TỈNH SƠN LA",),
            "CHỦ TỊCH",
            "Sơn La",
        ),
    )
    [said] = consequences(register, ["reports_on", "answers"])
    assert (said["relation"], said["dispatch"], said["status"]) == ("reports_on", "D2", "open")
    [duty] = said["duties"]
    row = register.one(
        "SELECT b.canonical_id FROM duties y JOIN bodies b ON b.id = y.body_id WHERE y.id = ?", (int(duty[1:]),)
    )
    assert row["canonical_id"] == "UBND_SONLA"
    assert register.one("SELECT count(*) AS n FROM duties WHERE is_current")["n"] == 63


# ------------------------------------------------------------------ people decide


def test_a_rejected_link_lets_each_task_count_and_stays_rejected(register, enter):
    enter(FIRST, URGING)
    made = decide_link(register, "K1", False, who=WHO, now=LATER, why="việc khác")
    assert len(listed(register)) == 3
    enter(URGING, version="2")
    assert len(listed(register)) == 3
    assert [row["status"] for row in links_of(register, 2)["earlier"]] == ["rejected"]
    undo(register, f"C{made}", who=WHO, now=LATER)
    assert len(listed(register)) == 2
    assert [row["action"] for row in history(register, "K1")] == ["reject", "undo"]


def test_a_confirmed_link_is_listed_no_more_and_outlives_a_reading_that_misses_it(register, enter):
    enter(FIRST, URGING)
    assert [row["id"] for row in review(register) if row["what"] == "link"] == ["K1"]
    confirm(register, "K1", who=WHO, now=LATER)
    assert [row for row in review(register) if row["what"] == "link"] == []
    correct(register, "D1", "number", "46/STV-KT", who=WHO, now=LATER, why="")
    assert [row["status"] for row in links_of(register, 2)["earlier"]] == ["accepted"]


def test_a_correction_of_the_number_brings_and_takes_links(register, enter):
    enter(replace(FIRST, number="4/STV-KT"), URGING)
    assert links(register) == []
    made = correct(register, "D1", "number", "45/STV-KT", who=WHO, now=LATER, why="đọc sai")
    assert links(register) == [(URGING.number, "urges", FIRST.number)]
    undo(register, f"C{made}", who=WHO, now=LATER)
    assert links(register) == []


def test_what_a_removed_letter_told_again_counts_in_the_other(register, enter):
    enter(FIRST, URGING)
    made = remove(register, "D1", who=WHO, now=LATER, why="nhầm")
    assert listed(register) == [("Rà soát ", "2026-04-05")]
    undo(register, f"C{made}", who=WHO, now=LATER)
    assert len(listed(register)) == 2
    remove(register, "D2", who=WHO, now=LATER, why="nhầm")
    assert len(listed(register)) == 2 and all(not row["follow_ups"] for row in tasks(register, as_of="2026-03-01"))


def test_reading_again_changes_nothing(register, enter):
    enter(FIRST, *RELATED.values())
    before = [row for row in dump(register) if "links" in row or "cited_keys" in row]
    kept = links(register)
    enter(*RELATED.values(), FIRST, again=True)
    assert links(register) == kept
    assert [row for row in dump(register) if 'INTO "links"' in row or "cited_keys" in row] == [
        row for row in before if 'INTO "links"' in row or "cited_keys" in row
    ]


@pytest.mark.parametrize("seed", range(4))
def test_the_order_in_which_letters_come_in_does_not_matter(tmp_path, seed):
    letters = [FIRST, *RELATED.values(), replace(FIRST, number="/STV-KT", subject="cử cán bộ dự họp giao ban")]
    known = []
    for turn, mixed in enumerate((letters, Random(seed).sample(letters, len(letters)))):
        with open_register(tmp_path / f"{seed}-{turn}.db", "create") as other:
            for letter in mixed:
                document = paper(letter.text())
                document = replace(document, sha256=sha256(letter.text().encode()).hexdigest())
                save_dispatch(other, "a.txt", stat(), document, extract_dispatch(document), version="1", now=NOW)
            known.append((sorted(links(other)), sorted(listed(other), key=str), len(review(other))))
    assert known[0] == known[1]


def test_a_letter_costs_the_same_however_many_there_are(register):
    """Counted in steps of SQLite's machine, which do not depend on how busy this one is."""

    def steps_of(number):
        cited = f"Phúc đáp Công văn số {number - 1}/STV-KT ngày 02/3/2026 của Sở Thủy văn về việc trồng rừng {number}."
        blank = "" if number % 3 == 0 else number
        letter = replace(ANSWERING, number=f"{blank}/UBND-NN", subject=f"trả lời về việc thứ {number}", body=(cited,))
        own = replace(FIRST, number=f"{number}/STV-KT", subject=f"việc thứ {number} của năm nay ở các huyện miền núi")
        steps = 0

        def count():
            nonlocal steps
            steps += 1

        for one in (own, letter):
            document = replace(paper(one.text()), sha256=sha256(one.text().encode()).hexdigest())
            dispatch = extract_dispatch(document)
            register.connection.set_progress_handler(count, 100)
            save_dispatch(register, f"{number}.txt", stat(), document, dispatch, version="1", now=NOW)
            register.connection.set_progress_handler(None, 0)
        return steps

    costs = [steps_of(number) for number in range(2, 92)]
    assert sum(costs[-15:]) < 2 * sum(costs[15:30])


def test_an_older_register_keeps_what_people_said(tmp_path):
    path = tmp_path / "old.db"
    with closing(connect(path, create=True)) as old:
        old.execute("BEGIN")
        migrate(old, STEPS[: [step.__name__ for step in STEPS].index("links")])
        old.execute("COMMIT")
        said = "INSERT INTO corrections (made_at, made_by, action, target, target_id, why, part_of, undoes) VALUES"
        old.execute(f"{said} ('2026', 'Lan', 'confirm', 'dispatch', 1, '', NULL, NULL)")
        old.execute(f"{said} ('2026', 'Lan', 'confirm', 'obligation', 1, '', 1, NULL)")
        old.execute(f"{said} ('2026', 'Lan', 'undo', 'dispatch', 1, 'nhầm', NULL, 1)")
        old.execute("INSERT INTO settled_fields VALUES ('dispatch', 1, 'number', NULL, 2)")
        old.execute("UPDATE sqlite_sequence SET seq = 9 WHERE name = 'corrections'")
    with open_register(path, "write") as register:
        assert [(row["id"], row["undone_by"]) for row in history(register)] == [
            ("C1", "C3"),
            ("C2", "C3"),
            ("C3", None),
        ]
        assert register.rows("PRAGMA foreign_key_check") == []
        with pytest.raises(IntegrityError, match="only ever added"):
            register.connection.execute("DELETE FROM corrections")
        register.connection.execute(f"{said} ('2026', 'Lan', 'accept', 'link', 1, '', NULL, NULL)")
        assert history(register)[-1]["id"] == "C10"


def test_an_unknown_link_is_told(register):
    with pytest.raises(errors.UnknownId):
        confirm(register, "K9", who=WHO, now=LATER)


# ------------------------------------------------------------------ the chain


@pytest.fixture
def chained(register, enter):
    plan = Letter("9/KH-STV", "ngày 05 tháng 01 năm 2026", "kế hoạch phòng, chống lũ", ("Các phòng thực hiện./.",))
    opened = f"Thực hiện Kế hoạch số 9/KH-STV ngày 05/01/2026 và Công điện số 3/CĐ-UBND ngày 01/3/2026, {ASKED[0]}"
    enter(plan, replace(FIRST, body=(opened, *ASKED[1:])), URGING, ANSWERING, EXTENDING)


@pytest.mark.usefixtures("chained")
def test_the_chain_runs_from_what_led_to_a_letter_to_what_came_of_it(register):
    rows = chain(register, find_dispatch(register, "45/STV-KT"))
    assert [(row["distance"], row["number"], row["relation"]) for row in rows] == [
        (-1, "9/KH-STV", "carries_out"),
        (-1, "3/CĐ-UBND", "carries_out"),
        (0, "45/STV-KT", None),
        (1, "133/UBND-NN", "answers"),
        (1, "81/STV-KT", "urges"),
        (1, "90/STV-KT", "extends"),
    ]
    assert [row["id"] for row in rows] == ["D1", None, "D2", "D4", "D3", "D5"]
    assert chain(register, 1)[-1]["distance"] == 2


@pytest.mark.usefixtures("chained")
def test_people_see_the_chain_as_table_csv_and_json(run, path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "240")
    table = run("chain", "45/STV-KT", "--register", path)
    assert table.code == 0 and "D5 gia hạn D2" in table.out and "3/CĐ-UBND (không có trong sổ)" in table.out
    assert "congvan confirm K" in table.err
    rows = run("chain", "D2", "--json", "--register", path).json()
    assert [row["relation"] for row in rows if row["distance"] > 0] == ["answers", "urges", "extends"]
    assert run("chain", "D2", "--csv", "--register", path).out.count("\n") == 7
    assert "“" not in run("chain", "D2", "--csv", "--register", path).out.splitlines()[0]
    assert "D5 extends D2" in run("chain", "D2", "--register", path, "--lang", "en").out
    assert run("chain", "99/STV-KT", "--register", path).code == 1


@pytest.mark.usefixtures("chained")
def test_show_tasks_and_review_tell_of_links_and_confirm_decides(run, path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "240")
    shown = run("show", "D2", "--register", path).out
    assert "D3 đôn đốc D2" in shown and "được gia hạn đến 30/04/2026 (90/STV-KT (D5), " in shown
    monkeypatch.setenv("COLUMNS", "500")
    assert "nhắc lại, tính ở O1" in run("show", "D3", "--register", path).out
    assert "được đôn đốc đến 05/04/2026" in run("tasks", "--register", path).out
    assert "D3 đôn đốc D2" in run("review", "--register", path).out
    link = next(r["link"] for r in run("chain", "D2", "--json", "--register", path).json() if r["relation"] == "urges")
    assert "congvan undo C1" in run("confirm", link, "--by", "Lan", "--register", path).err
    assert run("confirm", link, "--reject", "--by", "Lan", "--register", path).code == 0
    assert "D3 đôn đốc D2" not in run("chain", "D2", "--register", path).out
    assert "không có quan hệ" in run("history", link, "--register", path).out
    assert [row["action"] for row in run("show", "D2", "--json", "--register", path).json()["corrections"]] == [
        "accept",
        "reject",
    ]


def test_departments_of_the_same_name_are_told_apart_by_their_province(register, enter):
    def finance(province, place):
        office = (f"ỦY BAN NHÂN DÂN TỈNH {province}", "SỞ TÀI CHÍNH")
        return replace(FIRST, number="45/STC-NS", office=office, place=place)

    reply = replace(
        ANSWERING,
        body=(
            "Phúc đáp Công văn số 45/STC-NS ngày 02/3/2026 của Sở Tài chính tỉnh Lai Châu, Ủy ban nhân dân báo cáo./.",
        ),
    )
    enter(finance("SƠN LA", "Sơn La"), finance("LAI CHÂU", "Lai Châu"), reply)
    assert [row["id"] for row in chain(register, 3)] == ["D2", "D3"]
