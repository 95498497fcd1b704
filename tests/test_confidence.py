"""What confidence is worth: the reliability table, the fit of its weights, and gains and losses by document."""

import json
import random

import pytest
from click.testing import CliRunner

from extractors.trust import BASE
from pipeline import training
from pipeline.baseline import changes, key, keyed, pinned
from pipeline.reliability import bands, sure
from pipeline.scoring import Judged, Score


def judged(confidence, right, document="a", **traits):
    return Judged(document, confidence, traits, right)


def test_bands_say_what_was_claimed_and_what_was_right():
    found = bands([judged(0.93, True), judged(0.91, False, "b"), judged(0.4, False), judged(1.0, True)])
    assert [(b.low, b.count, b.documents, b.right) for b in found] == [
        (0.0, 1, 1, 0.0),
        (0.9, 2, 2, 0.5),
        (0.95, 1, 1, 1),
    ]
    assert found[1].said == pytest.approx(0.92)


def test_how_many_are_sure_and_how_many_of_these_are_right():
    assert sure([judged(0.9, True), judged(0.95, False), judged(0.89, True), judged(0.2, False)]) == (0.5, 0.5)
    assert sure([judged(0.5, True)]) == (0.0, None)
    assert sure([]) == (0.0, None)


KNOWN = {
    BASE: training.Trait(0, 0.0),
    "good": training.Trait(1, 0.0),
    "bad": training.Trait(-1, 0.0),
    "held": training.Trait(1, 0.0),
    "rare": training.Trait(-1, -1.5),
}


@pytest.fixture(scope="module")
def sample():
    """400 obligations of 20 documents: "good" helps, "bad" harms, and "held" harms though it must not."""
    dice = random.Random(7)
    out = []
    for n in range(400):
        traits = {name: float(dice.random() < 0.5) for name in ("good", "bad", "held")}
        odds = 0.7 + 2 * traits["good"] - 2 * traits["bad"] - traits["held"]
        out.append(Judged(f"d{n % 20}", 0.5, traits, dice.random() < 1 / (1 + 2.718**-odds)))
    return out


def test_weights_follow_the_gold_within_their_signs(sample):
    weights = training.fit(sample, KNOWN)
    assert weights["good"] > 0.8 and weights["bad"] < -0.8
    assert weights["held"] == 0.0
    assert weights["rare"] == pytest.approx(-1.5)  # nothing in the gold shows it


def test_left_out_documents_do_not_decide_their_own_confidence(sample):
    odd = [Judged("odd", 0.5, {"good": 1.0}, False) for _ in range(40)]
    found = training.left_out([*sample, *odd], KNOWN)
    assert len(found) == len(sample) + len(odd)
    assert all(one.confidence > 0.7 for one in found if one.document == "odd")
    weights = training.fit([*sample, *odd], KNOWN)
    assert weights["good"] < training.fit(sample, KNOWN)["good"]


def test_the_weights_are_written_into_their_table(sample, tmp_path, monkeypatch):
    table = tmp_path / "trust.csv"
    head = "trait,sign,prior,weight,meaning\n"
    table.write_text(
        head + 'base,,,1.00,\ngood,+,0,0.00,"it helps, much"\nbad,-,0,0.00,it harms\nheld,+,0,0.00,\n', "utf-8"
    )
    monkeypatch.setattr(training, "judged_in", lambda folder: sample)
    said = CliRunner().invoke(training.main, [str(tmp_path), "--table", str(table)])
    assert said.exit_code == 0, said.output
    assert "each document left out: 400 obligations" in said.output
    assert "good,+,0,0.00" in table.read_text("utf-8")
    CliRunner().invoke(training.main, [str(tmp_path), "--table", str(table), "--write"])
    rows = table.read_text("utf-8").splitlines()
    assert rows[0] + "\n" == head and rows[2].endswith('"it helps, much"')
    assert float(rows[2].split(",")[3]) > 0.5


def one_document(source, limits=(), found=1):
    """The score of one document with two duties, of which so many are found."""
    duty = {"kind": "task", "modality": "ordered", "lead": ["Sở Gió"], "coordinating": [], "deadlines": list(limits)}
    duties = [duty | {"quote": quote} for quote in ("Lập danh sách cây", "Gửi báo cáo về Sở")]
    document = {"type": "chỉ thị", "number": "1/CT-UBND"}
    gold = {"source": source, "is_dispatch": True, "document": document, "obligations": duties}
    score = Score()
    score.add(gold, {"is_dispatch": True, "document": {"type": "chỉ thị"}, "obligations": duties[:found]})
    return score


def test_each_document_has_figures_of_its_own():
    figures = one_document("x.pdf").by_document["x.pdf"]
    assert figures == {"fields": 0.667, "found": 0.667, "strict": 0.667, "deadlines": 1.0}


def test_every_obligation_found_is_judged():
    score = one_document("x.pdf", found=2)
    assert [(one.document, one.right) for one in score.judged] == [("x.pdf", True), ("x.pdf", True)]


def test_gains_and_losses_are_told_document_by_document(tmp_path):
    pins = tmp_path / "gate.json"
    pins.write_text(json.dumps({"sets": {"dev": {"by_document": keyed(one_document("x.pdf", found=2))}}}), "utf-8")
    assert "x.pdf" not in pins.read_text("utf-8")
    now = one_document("x.pdf")
    told = [(c.document, c.figure, c.was, c.now) for c in changes(now, pinned(pins))]
    assert told == [("x.pdf", "found", 1.0, 0.667), ("x.pdf", "strict", 1.0, 0.667)]
    assert list(changes(one_document("other.pdf"), pinned(pins))) == []
    assert pinned(tmp_path / "away.json") == {}
    assert key("x.pdf") != key("other.pdf")
