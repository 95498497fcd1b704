"""The gold gate: what is reached is pinned, a drop fails, and a figure is lowered only on purpose."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline import gate
from pipeline.evaluate import load_gold

CORPUS = Path(__file__).parents[1] / "corpus"
SLUGS = ["thong-bao-ket-luan-cho-dau-moi.txt", "tin-tuc-cho-dau-moi.html"]


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """A set of one dispatch and one news page, what it reaches, and another set whose folder is not there."""
    folder = tmp_path_factory.mktemp("gold")
    (folder / "samples").mkdir()
    for slug in SLUGS:
        shutil.copy(CORPUS / "samples" / slug, folder / "samples")
        shutil.copy(CORPUS / "gold" / Path(slug).with_suffix(".json").name, folder)
    return folder, gate.measure(gate.Set(folder, lambda gold: True))


@pytest.fixture
def gold(tmp_path, monkeypatch, measured):
    folder = shutil.copytree(measured[0], tmp_path / "gold")
    sets = {"small": gate.Set(folder, lambda gold: True), "away": gate.Set(tmp_path / "away", lambda gold: True)}
    monkeypatch.setattr(gate, "SETS", sets)
    return folder


@pytest.fixture
def run(tmp_path, gold, measured):
    pins, page = tmp_path / "gate.json", tmp_path / "page.md"
    page.write_text(f"before\n{gate.BEGIN}old\n{gate.END}\nafter\n")
    pins.write_text(json.dumps({"sets": {"small": measured[1].row()}, "lowered": []}), "utf-8")

    def call(verb, *args):
        more = ["--page", str(page)] if verb == "update" else []
        return CliRunner().invoke(gate.main, [verb, "--file", str(pins), *more, *args])

    call.pins, call.page = pins, page
    return call


def repin(run, change):
    state = json.loads(run.pins.read_text("utf-8"))
    change(state["sets"])
    run.pins.write_text(json.dumps(state), "utf-8")


def test_what_is_pinned_holds(run):
    run.pins.unlink()
    assert run("update").exit_code == 0
    result = run("check")
    assert result.exit_code == 0, result.output
    assert "figures of 2 documents hold" in result.output
    assert "away: not measured" in result.output
    page = run.page.read_text("utf-8")
    assert page.startswith("before\n") and page.endswith("after\n") and "old" not in page
    assert "| `document.type` | 1.000 |" in page


def test_a_figure_below_its_pin_fails_and_is_named(run):
    repin(run, lambda sets: sets["small"]["figures"].update({"document.type": 1.01, "document.gone": 0.4}))
    result = run("check")
    assert result.exit_code == 1
    assert "document.type dropped from 1.010" in result.output
    assert "document.gone dropped from 0.400 to 0.000" in result.output


def test_a_figure_above_its_pin_holds_and_is_told(run):
    repin(run, lambda sets: sets["small"]["figures"].update({"document.type": 0.5}))
    result = run("check")
    assert result.exit_code == 0
    assert "document.type rose from 0.500" in result.output


def test_rounding_is_no_drop(run):
    now = json.loads(run.pins.read_text("utf-8"))["sets"]["small"]["figures"]["document.type"]
    repin(run, lambda sets: sets["small"]["figures"].update({"document.type": now + 0.0004}))
    assert run("check").exit_code == 0
    repin(run, lambda sets: sets["small"]["figures"].update({"document.type": now + 0.001}))
    assert run("check").exit_code == 1


def test_a_set_that_is_not_pinned_fails(run):
    run.pins.unlink()
    assert run("check").exit_code == 1


@pytest.mark.parametrize("file", [f"samples/{SLUGS[0]}", Path(SLUGS[0]).with_suffix(".json").name])
def test_other_documents_or_gold_are_noticed(run, gold, file):
    path = gold / file
    path.write_bytes(path.read_bytes().replace("Bến Tràm".encode(), "Bến Chàm".encode(), 1))
    result = run("check")
    assert result.exit_code == 1
    assert "others than those pinned" in result.output


def test_pinning_refuses_to_lower_a_figure(run):
    repin(run, lambda sets: sets["small"]["figures"].update({"document.type": 1.01}))
    before = run.pins.read_bytes()
    result = run("update")
    assert result.exit_code == 1
    assert "document.type 1.010 ->" in result.output
    assert run.pins.read_bytes() == before
    assert "old" in run.page.read_text("utf-8")


def test_lowering_needs_a_reason_which_is_kept(run):
    repin(run, lambda sets: sets["small"]["figures"].update({"document.type": 1.01}))
    before = run.pins.read_bytes()
    assert run("update", "--allow-regression").exit_code == 2
    assert run("update", "--allow-regression", "--reason", "  ").exit_code == 2
    assert run.pins.read_bytes() == before

    assert run("update", "--allow-regression", "--reason", "the gold was wrong").exit_code == 0
    (kept,) = json.loads(run.pins.read_text("utf-8"))["lowered"]
    assert kept["reason"] == "the gold was wrong"
    assert kept["figures"]["small document.type"][0] == 1.01
    assert run("check").exit_code == 0


def test_pins_of_a_set_that_is_away_stay(run):
    pin = {"fingerprint": "0", "documents": 9, "figures": {"document.type": 0.9}}
    repin(run, lambda sets: sets.update(away=pin))
    run("update")
    assert json.loads(run.pins.read_text("utf-8"))["sets"]["away"] == pin


def test_real_scans_are_held_apart_from_real_texts():
    texts, scans = gate.SETS["dev"].wanted, gate.SETS["dev scans"].wanted
    for gold in ({"source": "a.doc", "medium": "text"}, {"source": "news.html", "is_dispatch": False}):
        assert texts(gold) and not scans(gold)
    assert scans({"source": "a.pdf", "medium": "scan"}) and not texts({"source": "a.pdf", "medium": "scan"})


def test_a_figure_of_scans_may_waver_with_the_version_of_tesseract_but_not_fall():
    pin = {"figures": {"document.subject": 0.95}}
    for value, dropped in ((0.93, False), (0.9, True)):
        now = gate.Measured("0", 1, {"document.subject": value})
        assert bool(gate.drops(pin, now, gate.SETS["dev scans"].slack)) is dropped
        assert gate.drops(pin, now)


def test_the_gate_of_the_project_pins_its_samples():
    pins = json.loads((CORPUS / "gate.json").read_text("utf-8"))["sets"]
    golds = [gold for gold in load_gold(CORPUS / "gold") if gate.SETS["samples"].wanted(gold)]
    assert pins["samples"]["fingerprint"] == gate.fingerprint(CORPUS / "gold", golds)
    assert pins["samples"]["figures"]["refused"] == 1.0
    assert {"document.number", "obligation.strict", "macro.strict"} <= pins["dev"]["figures"].keys()


def test_the_readme_shows_the_figures_that_are_pinned():
    page = (CORPUS.parent / "README.md").read_text("utf-8")
    state = json.loads((CORPUS / "gate.json").read_text("utf-8"))
    assert gate.BEGIN in page
    assert gate.with_figures(page, state) == page
