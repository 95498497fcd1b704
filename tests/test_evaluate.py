"""`congvan evaluate`: gold folders of every layout, under neutral names, with the figures of the shared scorer."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.commands import extract
from pipeline.evaluate import NoGold, evaluate, extract_neutrally, find_document, load_gold, score_groups
from pipeline.reading.membernames import SEPARATOR
from pipeline.scoring import score

ROOT = Path(__file__).parents[1]
GOLD = ROOT / "corpus/gold"
SAMPLES = ROOT / "corpus/samples"
SHARED = ROOT.parent / "shared"
SHARED_GOLD = [SHARED / "gold/dev", SHARED / "gold/seeds"]


@pytest.fixture(scope="module")
def predictions():
    folders = [GOLD, *[folder for folder in SHARED_GOLD if folder.is_dir()]]
    return {f: extract_neutrally(f, [g["source"] for g in load_gold(f)]) for f in folders}


def shared_scorer():
    path = SHARED / "eval/score.py"
    if not path.exists():
        pytest.skip("../shared/eval/score.py is not there")
    spec = importlib.util.spec_from_file_location("shared_score", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("folder", [GOLD, *SHARED_GOLD], ids=lambda f: f.parent.name + "/" + f.name)
def test_figures_are_those_of_the_shared_scorer(folder, predictions):
    scorer = shared_scorer()
    golds, said = load_gold(folder), predictions[folder]
    with_text = [gold for gold in golds if gold.get("medium") != "scan"]
    for part in (golds, with_text):
        theirs, _ = scorer.score(part, {Path(source).name: row for source, row in said.items()})
        assert rounded(score(part, said).rows()) == rounded(theirs["figures"])


def rounded(figures):
    return {name: {k: v if v is None else round(v, 3) for k, v in row.items()} for name, row in figures.items()}


def test_samples_that_are_no_dispatches_are_refused(predictions):
    assert score_groups(load_gold(GOLD), predictions[GOLD]).refused == 3


def test_documents_are_read_under_names_that_say_nothing(monkeypatch, tmp_path):
    seen = []
    monkeypatch.setattr(extract, "extract_row", lambda path: seen.append(Path(path)) or {"is_dispatch": None})
    sources = [gold["source"] for gold in load_gold(GOLD)]
    extract_neutrally(GOLD, sources, workers=0)
    assert [p.stem for p in seen] == [f"d{n:03d}" for n in range(len(sources))]
    assert [p.suffix for p in seen] == [Path(s.partition(SEPARATOR)[0]).suffix for s in sources]
    assert not any(p.exists() for p in seen)


@pytest.mark.parametrize("place", ["gold/docs", "gold", ".", ".."])
def test_a_document_is_found_in_or_near_its_gold(tmp_path, place):
    folder = tmp_path / "a/gold"
    document = tmp_path / "a" / place / "raw/b.txt"
    folder.mkdir(parents=True)
    document.parent.mkdir(parents=True, exist_ok=True)
    document.write_text("…")
    assert find_document(folder, "raw/b.txt").samefile(document)
    assert find_document(folder, "raw/c.txt") is None


def small_gold(folder, **sources):
    folder.mkdir()
    for name, content in sources.items():
        gold = json.loads((GOLD / "thong-bao-ket-luan-cho-dau-moi.json").read_text("utf-8"))
        (folder / f"{name}.json").write_text(json.dumps(gold | {"source": f"{name}.txt"}), "utf-8")
        if content is not None:
            (folder / f"{name}.txt").write_bytes(content)
    return folder


def test_what_is_missing_fails_or_is_empty_counts_as_nothing_found(tmp_path):
    whole = (SAMPLES / "thong-bao-ket-luan-cho-dau-moi.txt").read_bytes()
    result = evaluate(small_gold(tmp_path / "gold", whole=whole, empty=b"", gone=None), workers=1)
    assert result.text.documents == 3
    assert (result.text.figures["is_dispatch"].tp, result.text.figures["is_dispatch"].fn) == (1, 2)
    why = {miss.document: miss.rule for miss in result.text.misses if miss.field == "is_dispatch"}
    assert why == {"empty.txt": "empty_file", "gone.txt": "nothing_there"}
    assert result.unread == {"empty_file": 1, "nothing_there": 1}


def test_dispatches_with_text_scans_and_what_is_none_are_counted_apart():
    scan, letter = ({"source": f"{n}.pdf", "medium": n, "is_dispatch": True} for n in ("scan", "text"))
    blank = {"document": {}, "obligations": []}
    news = {"source": "n.html", "is_dispatch": False}
    result = score_groups([gold | blank for gold in (scan, letter, news)], {"text.pdf": letter, "n.html": news})
    assert {name: part.documents for name, part in result.parts().items()} == {"text": 1, "scan": 1, "none": 1}
    assert (result.text.figures["is_dispatch"].tp, result.scan.figures["is_dispatch"].fn) == (1, 1)
    assert (result.refused, result.unread) == (1, {"nothing_there": 1})


def test_a_file_that_cannot_be_read_is_not_a_refusal(tmp_path):
    folder = tmp_path / "gold"
    folder.mkdir()
    (folder / "n.json").write_text('{"source": "n.txt", "is_dispatch": false, "document": null, "obligations": []}')
    (folder / "n.txt").write_bytes(b"")
    assert evaluate(folder, workers=1).refused == 0


def test_a_folder_without_gold_is_an_error(tmp_path):
    (tmp_path / "other.json").write_text("[1, 2]")
    with pytest.raises(NoGold):
        load_gold(tmp_path)


def congvan(*args):
    return subprocess.run(
        [sys.executable, "-m", "pipeline.cli", *args],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, "CONGVAN_LANG": "en"},
    )


def test_the_command_prints_figures_errors_and_json(tmp_path):
    folder = tmp_path / "gold"
    (folder / "samples").mkdir(parents=True)
    for slug in ("thong-bao-ket-luan-cho-dau-moi.txt", "tin-tuc-cho-dau-moi.html"):
        shutil.copy(SAMPLES / slug, folder / "samples")
        shutil.copy(GOLD / Path(slug).with_suffix(".json").name, folder)
    gold = json.loads((folder / "thong-bao-ket-luan-cho-dau-moi.json").read_text("utf-8"))
    gold["document"]["place"] = "Nơi khác"
    (folder / "thong-bao-ket-luan-cho-dau-moi.json").write_text(json.dumps(gold), "utf-8")
    (folder / "empty.json").write_text(json.dumps(gold | {"source": "empty.txt"}), "utf-8")
    (folder / "empty.txt").touch()

    table = congvan("evaluate", str(folder), "--errors")
    assert table.returncode == 0, table.stderr
    assert "2 dispatches with text, 0 scans" in table.stdout
    assert "1 of 1 refused" in table.stdout
    assert "nothing found: 1 (empty_file 1)" in table.stdout
    assert "samples/thong-bao-ket-luan-cho-dau-moi.txt: place\n    gold:  Nơi khác" in table.stdout

    found = json.loads(congvan("evaluate", str(folder), "--errors", "--json").stdout)
    assert found["text"]["figures"]["document.type"]["tp"] == 1
    assert found["refused"] == 1
    assert any(miss["field"] == "place" and miss["gold"] == "Nơi khác" for miss in found["misses"])


def test_no_gold_says_so_and_fails(tmp_path):
    run = congvan("evaluate", str(tmp_path))
    assert run.returncode == 1
    assert str(tmp_path) in run.stderr
    assert not run.stdout
