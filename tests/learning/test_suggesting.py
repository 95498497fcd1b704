"""What repeated corrections propose for the lexicon, and that nothing changes by itself."""

import json
import tomllib

import pytest
from register_papers import NOW, WHO, before, dump, enter, obligation, paper

from pipeline.learning.suggesting import suggestions
from pipeline.register import add_deadline, add_obligation, confirm, correct, delete, tasks, undo

SAID = {"who": WHO, "now": NOW, "why": "đọc sai"}


def letters(register, count, *made, **more):
    """So many letters, each with obligations of its own."""
    for n in range(count):
        enter(register, paper(*made, number=f"{n + 1}/CT-UBND", subject=f"việc {n}", **more), path=f"inbox/{n}.pdf")
    return [row["id"] for row in tasks(register, as_of="2026-02-01")]


def one(found, kind):
    (suggestion,) = [s for s in found if s.kind == kind]
    return suggestion


def test_a_name_that_is_put_right_three_times_is_proposed_as_another_name(register):
    ids = letters(register, 5, obligation("Rà soát cây chết khô", lead=("Sở Mây & Gió", "Sở Trăng")))
    for target in ids[:3]:
        correct(register, target, "lead", "Sở Mây và Gió; Sở Trăng", **SAID)
    found = one(suggestions(register), "alias")
    assert (found.words, found.becomes, found.times) == ("Sở Mây & Gió", "Sở Mây và Gió", 3)
    assert set(found.touches) == set(ids[3:])
    (entry,) = tomllib.loads(found.text)["entry"]
    assert (entry["forms"], entry["value"]) == (["sở mây & gió"], "sở mây và gió")


def test_twice_is_not_enough_and_once_undone_does_not_count(register):
    ids = letters(register, 4, obligation("Rà soát cây chết khô", lead=("Sở Mây & Gió",)))
    made = [correct(register, target, "lead", "Sở Mây và Gió", **SAID) for target in ids[:3]]
    undo(register, f"C{made[0]}", who=WHO, now=NOW)
    assert suggestions(register) == []
    assert len(suggestions(register, least=2)) == 1


def test_the_same_row_corrected_thrice_is_one_correction(register):
    (target,) = letters(register, 1, obligation("Rà soát cây chết khô", lead=("Sở A",)))
    for _ in range(3):
        correct(register, target, "lead", "Sở B", **SAID)
        correct(register, target, "lead", "Sở A", **SAID)
    assert suggestions(register) == []


def test_different_corrections_of_one_name_are_not_alike(register):
    ids = letters(register, 3, obligation("Rà soát cây chết khô", lead=("Sở Mây",)))
    for n, target in enumerate(ids):
        correct(register, target, "lead", f"Sở Mây {n}", **SAID)
    assert suggestions(register) == []


def test_what_people_delete_speaks_against_its_rule_and_what_they_confirmed_is_told(register):
    ids = letters(register, 6, obligation("Tình hình thực hiện còn chậm so với năm 2025", rule="task.verb.report"))
    for target in ids[:3]:
        delete(register, target, **SAID)
    confirm(register, ids[5], who=WHO, now=NOW)
    found = one(suggestions(register), "counterexample")
    assert (found.entry, found.file) == ("task.verb.report", "directive_verbs")
    assert found.words == "tình hình thực"
    assert set(found.touches) == set(ids[3:])
    assert found.against == (ids[5],)


def test_a_boundary_corrected_in_limits_of_one_shape_whatever_the_figures(register):
    limits = [before(f"{n + 1}/3/2026", f"2026-03-0{n + 1}") for n in range(4)]
    for n, limit in enumerate(limits):
        enter(register, paper(obligation(f"Rà soát {n}", limit), number=f"{n}/CT-UBND"), path=f"inbox/{n}.pdf")
    ids = [limit["id"] for row in tasks(register, as_of="2026-02-01") for limit in row["deadlines"]]
    for target in ids[:3]:
        correct(register, target, "boundary", "on_or_before", **SAID)
    found = one(suggestions(register), "value")
    assert found.words == "trước ngày #/#/#"
    assert found.touches == (ids[3],)


def test_what_people_add_is_proposed_with_a_pattern_that_finds_its_examples(register):
    import regex

    ids = letters(register, 3, obligation("Rà soát cây chết khô"))
    for n, target in enumerate(ids):
        add_deadline(register, target, {"quote": f"xong trong con nước thứ {n + 4}", "kind": "event"}, **SAID)
        add_obligation(register, f"D{n + 1}", {"quote": f"Đắp bờ bao thửa số {n}"}, **SAID)
    found = suggestions(register)
    (entry,) = tomllib.loads(one(found, "pattern").text)["entry"]
    assert all(regex.search(entry["pattern"], example) for example in entry["examples"])
    assert one(found, "verb").words == "đắp bờ bao"


def test_nothing_changes_by_itself(register):
    ids = letters(register, 4, obligation("Rà soát cây chết khô", lead=("Sở Mây & Gió",)))
    for target in ids[:3]:
        correct(register, target, "lead", "Sở Mây và Gió", **SAID)
    rows = dump(register)
    assert suggestions(register)
    assert dump(register) == rows


def test_the_command_says_what_it_would_touch(register, run, path, monkeypatch):
    monkeypatch.setenv("CONGVAN_REGISTER", str(path))
    assert "3" in run("suggest-rules").out
    ids = letters(register, 5, obligation("Rà soát cây chết khô", lead=("Sở Mây & Gió",)))
    for target in ids[:3]:
        correct(register, target, "lead", "Sở Mây và Gió", **SAID)
    said = run("suggest-rules").out
    assert "extractors/lexicon/body_aliases.toml" in said and ids[4] in said
    assert json.loads(run("suggest-rules", "--json").out)[0]["times"] == 3


@pytest.mark.parametrize("least", ["1", "0", "x"])
def test_a_single_correction_teaches_nothing(run, least):
    assert run("suggest-rules", "--least", least).code == 2
