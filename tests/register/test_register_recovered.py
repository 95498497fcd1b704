"""Numbers and days that a dispatch does not print, proposed from those that cite it and from its file's name."""

from dataclasses import replace
from pathlib import Path

import pytest
from chain_letters import ANSWERING, ASKED, CITED, OTHER, URGING, Letter
from register_papers import LATER, NOW, WHO, stat

from extractors.dispatch import extract_dispatch
from extractors.model import Refusal
from pipeline.reading import read_document
from pipeline.register import (
    chain,
    check,
    confirm,
    correct,
    decide_inferred,
    decide_merge,
    find_dispatch,
    links_of,
    remove,
    review,
    save_dispatch,
    save_refusal,
    show,
    undo,
)

BLANK = Letter("/STV-KT")
NO_DAY = Letter("/STV-KT", "ngày      tháng 3 năm 2026")
SEEDS = Path(__file__).parents[2] / "../shared/seeds"


@pytest.fixture
def enter(register, tmp_path):
    """Enter letters through a file each (`name`: that of the last); returns the id of the last."""

    def one(*letters, version="1", name=None, again=False):
        for n, letter in enumerate(letters):
            path = tmp_path / (name or f"{n}.txt")
            path.write_text(letter.text())
            document = read_document(path)
            saved = save_dispatch(
                register, str(path), stat(), document, extract_dispatch(document), version=version, now=NOW, force=again
            )
        return saved.dispatch_id

    return one


def proposed(register):
    """What waits for a person: (dispatch, field, value, rule)."""
    rows = [row for row in review(register) if row["what"] == "inferred"]
    return sorted((row["dispatch"], row["field"], row["value"], row["rule"].partition(".")[2]) for row in rows)


NUMBER = ("D1", "number", "45/STV-KT", "citation")


@pytest.mark.parametrize("proof", [ANSWERING, URGING], ids=["a reply", "an own letter"])
@pytest.mark.parametrize("first", [True, False], ids=["in order", "the proof first"])
def test_a_blank_number_is_proposed_from_a_letter_that_cites_it(register, enter, proof, first):
    enter(BLANK, proof) if first else enter(proof, BLANK)
    [(dispatch, *rest)] = proposed(register)
    assert rest == ["number", "45/STV-KT", "citation"]
    [row] = show(register, dispatch)["inferred"]
    assert row["source"] == ("D2" if first else "D1") and "45/STV-KT" in row["evidence"]
    assert row["confidence"] >= 0.9
    assert show(register, dispatch)["document"]["number"] is None
    assert check(register) == []


def test_a_blank_day_is_proposed_with_the_number_and_is_the_day_itself(register, enter, run, path, monkeypatch):
    enter(NO_DAY, ANSWERING)
    assert proposed(register) == [("D1", "issued_on", "2026-03-02", "citation"), NUMBER]
    monkeypatch.setenv("COLUMNS", "300")
    shown = run("show", "D1", "--register", path).out
    assert "02/03/2026 (“Phúc đáp" in shown and "không muộn hơn" not in shown


def test_a_day_alone_is_proposed_where_the_number_is_printed(register, enter):
    enter(replace(NO_DAY, number="45/STV-KT"), ANSWERING)
    assert proposed(register) == [("D1", "issued_on", "2026-03-02", "citation")]


@pytest.mark.parametrize(
    "blank",
    [
        replace(BLANK, office=OTHER, number="/SLN-KT"),
        replace(BLANK, number="/STV-VP"),
        replace(BLANK, day="ngày 03 tháng 3 năm 2026"),
        replace(NO_DAY, day="ngày     tháng 4 năm 2026"),
        replace(BLANK, subject="mời dự hội thảo khoa học về cá nước ngọt"),
    ],
    ids=["of another office", "another symbol", "another day", "another month", "another subject"],
)
def test_what_contradicts_the_citation_is_proposed_nothing(register, enter, blank):
    enter(blank, ANSWERING)
    assert proposed(register) == []


def test_a_number_that_another_letter_bears_is_proposed_to_none(register, enter):
    enter(BLANK, ANSWERING)
    assert proposed(register) == [NUMBER]
    bearer = enter(replace(Letter(), subject="rà soát điểm đo mưa", body=("Đề nghị các huyện cử người dự họp./.",)))
    assert proposed(register) == []
    remove(register, f"D{bearer}", who=WHO, now=LATER, why="nhầm")
    assert proposed(register) == [NUMBER]


def test_a_number_that_fits_two_letters_alike_is_proposed_to_none(register, enter):
    other = replace(BLANK, body=("Sở Thủy văn đề nghị Ủy ban nhân dân các huyện cử người dự tập huấn./.",))
    enter(BLANK, ANSWERING, other)
    for row in register.rows("SELECT id FROM merge_proposals"):
        decide_merge(register, f"M{row['id']}", False, who=WHO, now=LATER)
    assert proposed(register) == []
    remove(register, "D3", who=WHO, now=LATER, why="nhầm")
    assert proposed(register) == [NUMBER]


def test_two_numbers_that_fit_alike_are_both_left_out(register, enter):
    enter(
        BLANK, ANSWERING, replace(ANSWERING, number="9/UBND", body=tuple(b.replace("45", "46") for b in ANSWERING.body))
    )
    assert proposed(register) == []


def test_a_person_takes_it_and_takes_it_back(register, enter):
    enter(BLANK, ANSWERING)
    made = confirm(register, "P1", who=WHO, now=LATER)
    assert show(register, "D1")["document"]["number"] == "45/STV-KT"
    assert proposed(register) == [] and find_dispatch(register, "45/STV-KT") == 1
    enter(BLANK, ANSWERING, version="2")
    assert show(register, "D1")["document"]["number"] == "45/STV-KT" and proposed(register) == []
    undo(register, f"C{made}", who=WHO, now=LATER)
    assert show(register, "D1")["document"]["number"] is None
    assert [row["id"] for row in review(register) if row["what"] == "inferred"] == ["P1"]


def test_a_rejection_is_remembered(register, enter):
    enter(BLANK, ANSWERING)
    decide_inferred(register, "P1", False, who=WHO, now=LATER)
    enter(BLANK, ANSWERING, URGING, version="2")
    assert proposed(register) == []
    assert show(register, "D1")["document"]["number"] is None


def test_without_its_proof_a_proposal_goes(register, enter):
    enter(BLANK, ANSWERING)
    made = remove(register, "D2", who=WHO, now=LATER, why="nhầm")
    assert proposed(register) == []
    undo(register, f"C{made}", who=WHO, now=LATER)
    assert proposed(register) == [NUMBER]
    correct(register, "D1", "issued_on", "2026-03-09", who=WHO, now=LATER, why="xem bản giấy")
    assert ("D1", "issued_on") not in [row[:2] for row in proposed(register)]


def test_nothing_of_a_proof_that_turns_out_secret_stays(register, enter, tmp_path):
    enter(BLANK, ANSWERING)
    path = tmp_path / "1.txt"
    document = read_document(path)
    secret = Refusal("secrecy", "marks.secrecy.secret")
    save_refusal(register, str(path), stat(), document, secret, version="2", now=LATER)
    assert proposed(register) == [] and links_of(register, 1) == {"earlier": [], "later": []}
    assert not [row for row in register.connection.iterdump() if "Phúc đáp" in row]


def test_a_letter_is_found_and_linked_by_its_proposed_number(register, enter, run, path):
    enter(BLANK, ANSWERING)
    assert find_dispatch(register, "45/stv-kt") == 1
    [_, reply] = chain(register, 1)
    assert (reply["relation"], reply["id"]) == ("answers", "D2")
    sure = reply["confidence"]
    confirm(register, "P1", who=WHO, now=LATER)
    assert chain(register, 1)[1]["confidence"] > sure
    assert "45/STV-KT" in run("chain", "45/STV-KT", "--register", path).out


def test_more_proofs_make_it_surer_and_reading_again_changes_nothing(register, enter):
    enter(BLANK, ANSWERING)
    [alone] = show(register, "D1")["inferred"]
    enter(BLANK, ANSWERING, URGING)
    [more] = show(register, "D1")["inferred"]
    assert more["confidence"] > alone["confidence"] and more["id"] == alone["id"]
    enter(BLANK, ANSWERING, URGING, again=True)
    assert show(register, "D1")["inferred"] == [more]


def test_a_torn_head_is_known_by_what_is_left_of_its_subject(register, enter, tmp_path):
    whole = Letter().text()
    torn = (
        "mực nước và sửa chữa đê bao\n\nTrường Giang, ngày 02 tháng 3 năm 2026\n\nKính gửi:"
        + whole.partition("Kính gửi:")[2]
    )
    (tmp_path / "torn.txt").write_text(torn)
    document = read_document(tmp_path / "torn.txt")
    save_dispatch(register, "torn.txt", stat(), document, extract_dispatch(document), version="1", now=NOW)
    enter(replace(ANSWERING, body=(f"Phúc đáp {CITED}, Ủy ban nhân dân huyện có ý kiến như sau./.", *ASKED[:0])))
    found = {(field, value) for dispatch, field, value, _ in proposed(register) if dispatch == "D1"}
    assert ("number", "45/STV-KT") in found


def test_a_file_s_name_proposes_what_fits_the_symbol(register, enter):
    enter(NO_DAY, name="CV 45 STV-KT ngay 02.3.2026.txt")
    assert proposed(register) == [
        ("D1", "issued_on", "2026-03-02", "file_name"),
        ("D1", "number", "45/STV-KT", "file_name"),
    ]
    assert find_dispatch(register, "45/STV-KT") == 1
    enter(ANSWERING)
    assert [link["relation"] for link in links_of(register, 1)["later"]] == ["answers"]
    enter(replace(BLANK, subject="khác"), name="CV 45 SNN.txt")
    assert {row[0] for row in proposed(register)} == {"D1"}


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the seed letters are not at ../shared")
@pytest.mark.parametrize("backwards", [False, True])
def test_the_torn_seed_is_proposed_its_number_by_the_one_that_cites_it(register, backwards):
    for path in sorted(SEEDS.glob("00[0-3]_*.txt"), reverse=backwards):
        document = read_document(path)
        save_dispatch(register, path.name, stat(), document, extract_dispatch(document), version="1", now=NOW)
    torn, proof = (find_dispatch(register, _id(register, f"{n}_")) for n in ("001", "000"))
    row = next(i for i in show(register, f"D{torn}")["inferred"] if i["field"] == "number")
    assert (row["value"], row["source"]) == ("1064/BTTTT-KTS&XHS", f"D{proof}")
    assert row["confidence"] >= 0.9 and "ngày 31/3/2023" in row["evidence"]
    assert show(register, f"D{torn}")["document"]["issued_on"] == "2023-03-31"
    assert [link["relation"] for link in links_of(register, torn)["later"]] == ["urges"]


def _id(register, name):
    rows = register.rows(
        "SELECT d.id FROM dispatches d JOIN file_paths p ON p.file_id = d.file_id WHERE p.path LIKE ?", (f"{name}%",)
    )
    return f"D{rows[0]['id']}"
