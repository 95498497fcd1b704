"""Values taken from elsewhere: proposed to a person, never mixed into what the dispatch prints."""

from __future__ import annotations

from dataclasses import replace

import pytest
from register_papers import LATER, WHO, enter, obligation, paper, stat

from extractors.model import Inferred, Span
from pipeline import errors
from pipeline.register import (
    check,
    confirm,
    correct,
    count_review,
    decide_inferred,
    history,
    review,
    save_dispatch,
    show,
    tasks,
    undo,
)
from pipeline.shape import dispatch_json

SIGNED = Inferred(
    "issued_on", "2026-01-15", "Thời gian ký: 15/01/2026 17:10:17", Span(0, 20), "inferred.signature_time", 0.95
)
SIGNER = Inferred("signer_name", "Lý Hoài Thương", "Người ký: Lý Hoài Thương", Span(0, 20), "inferred.signature", 0.7)
STAMPED = Inferred("issued_on", "2026-01-16", "ĐẾN Ngày: 16/01", None, "inferred.received_stamp", 0.6)


def with_inferred(made, *inferred):
    document, dispatch = made
    return document, replace(dispatch, inferred=inferred)


def proposals(register):
    return [row for row in review(register) if row["what"] == "inferred"]


def test_a_value_taken_from_elsewhere_is_printed_beside_the_document_not_in_it():
    document, dispatch = with_inferred(paper(issued_on="2026-01"), SIGNED, STAMPED)
    row = dispatch_json("a.pdf", document, dispatch)
    assert row["document"]["issued_on"] == "2026-01"
    first, second = row["inferred"]
    assert first == {
        "field": "issued_on",
        "value": "2026-01-15",
        "evidence": "Thời gian ký: 15/01/2026 17:10:17",
        "rule": "inferred.signature_time",
        "confidence": 0.95,
        "span": [0, 20],
        "page": 1,
    }
    assert "span" not in second


@pytest.mark.parametrize("printed", [None, "2026", "2026-01"])
def test_a_day_that_is_not_printed_whole_is_proposed(register, printed):
    enter(register, with_inferred(paper(issued_on=printed), SIGNED))
    (row,) = proposals(register)
    assert (row["id"], row["field"], row["value"], row["dispatch"]) == ("P1", "issued_on", "2026-01-15", "D1")
    shown = show(register, "P1")
    assert shown["document"]["issued_on"] == printed
    assert shown["inferred"][0]["evidence"] == SIGNED.evidence and not shown["inferred"][0]["settled"]


def test_where_the_dispatch_prints_the_value_nothing_is_left_to_decide(register):
    enter(register, with_inferred(paper(), SIGNED, SIGNER))
    assert proposals(register) == []
    assert [i["value"] for i in show(register, "D1")["inferred"]] == ["2026-01-15", "Lý Hoài Thương"]


def test_a_proposal_that_a_person_takes_becomes_that_persons_value(register):
    enter(register, with_inferred(paper(obligation("Trồng cây"), issued_on=None), SIGNED, STAMPED))
    before = count_review(register)
    made = confirm(register, "P1", who=WHO, now=LATER)
    assert show(register, "D1")["document"]["issued_on"] == "2026-01-15"
    assert tasks(register, as_of="2026-02-01")[0]["issued_on"] == "2026-01-15"
    (said,) = history(register, "D1")
    assert (said["action"], said["made_by"], said["new"], said["why"]) == (
        "correct",
        WHO,
        "2026-01-15",
        SIGNED.evidence,
    )
    assert proposals(register) == [] and count_review(register) == before - 2
    undo(register, f"C{made}", who=WHO, now=LATER)
    assert show(register, "D1")["document"]["issued_on"] is None
    assert [row["id"] for row in proposals(register)] == ["P2", "P1"]


def test_a_proposal_that_a_person_rejects_leaves_the_field_as_it_is(register):
    enter(register, with_inferred(paper(issued_on=None), SIGNED))
    decide_inferred(register, "p1", False, who=WHO, now=LATER)
    assert show(register, "D1")["document"]["issued_on"] is None
    assert proposals(register) == []
    assert show(register, "D1")["inferred"][0]["settled"]


def test_another_value_settles_it_too(register):
    enter(register, with_inferred(paper(issued_on=None), SIGNED))
    correct(register, "D1", "issued_on", "2026-01-12", who=WHO, now=LATER, why="xem bản giấy")
    assert proposals(register) == []


def test_a_proposal_keeps_its_id_when_it_is_found_again_and_goes_when_it_is_not(register):
    document, dispatch = with_inferred(paper(issued_on=None), STAMPED, SIGNED)
    enter(register, (document, dispatch))
    moved = replace(SIGNED, span=Span(5, 25), confidence=0.9)
    save_dispatch(
        register, "a.pdf", stat(), document, replace(dispatch, inferred=(moved, SIGNER)), version="2", now=LATER
    )
    kept, new = show(register, "D1")["inferred"]
    assert (kept["id"], kept["span"], kept["confidence"]) == ("P2", [5, 25], 0.9)
    assert new["id"] == "P3"
    assert check(register) == []


def test_an_unknown_proposal_is_told(register):
    with pytest.raises(errors.UnknownId):
        confirm(register, "P9", who=WHO, now=LATER)


# ------------------------------------------------------------------ as people see it


@pytest.fixture
def proposed(register, run):
    enter(register, with_inferred(paper(issued_on="2026-01"), SIGNED, replace(STAMPED, rule="inferred.other")))


@pytest.mark.usefixtures("proposed")
def test_review_and_show_say_that_it_is_the_last_day_it_can_be(path, run, monkeypatch):
    monkeypatch.setenv("COLUMNS", "300")
    for line in (["review"], ["show", "D1"]):
        words = " ".join(run(*line, "--register", path).out.split())
        assert "không muộn hơn 15/01/2026 (theo thời gian ký)" in words, line
        assert "không muộn hơn 16/01/2026 (“ĐẾN Ngày: 16/01”)" in words, line
    assert "not after 15/01/2026" in run("show", "D1", "--register", path, "--lang", "en").out


@pytest.mark.usefixtures("proposed")
def test_it_is_taken_or_rejected_by_its_id(path, run):
    assert "congvan confirm P2" in run("review", "--register", path).err
    assert "congvan undo C1" in run("confirm", "P1", "--reject", "--by", "Lan", "--register", path).err
    assert "không muộn hơn" not in run("show", "D1", "--register", path).out
    run("undo", "C1", "--register", path)
    assert run("confirm", "P1", "--by", "Lan", "--register", path).code == 0
    assert run("show", "P1", "--json", "--register", path).json()["document"]["issued_on"] == "2026-01-15"
