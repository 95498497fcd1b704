"""The sample documents: made from their sources, stamped as real ones are, and fit to be scored."""

import importlib.util
import json
import unicodedata
import zipfile
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from extractors import lexicon
from extractors.likeness import words
from pipeline.evaluate import load_gold
from pipeline.reading import read_document

CORPUS = Path(__file__).parents[1] / "corpus"
SAMPLES = CORPUS / "samples"
GOLD = load_gold(CORPUS / "gold")
DISPATCHES = [gold for gold in GOLD if gold["is_dispatch"]]
FIELDS = {
    *("type", "number", "symbol", "issued_on", "place", "issuer", "subject"),
    *("addressees", "recipients", "signer", "urgency", "secrecy", "citations"),
}


def by_source(gold):
    return gold["source"]


def test_there_are_six_dispatches_and_two_that_are_none():
    assert sorted(gold["document"]["type"] for gold in DISPATCHES) == sorted(
        ["công văn", "chỉ thị", "kế hoạch", "công điện", "thông báo", "giấy mời"]
    )
    assert len(GOLD) - len(DISPATCHES) == 2


def test_every_sample_has_gold_and_all_gold_a_sample():
    files = {f"samples/{p.name}" for p in SAMPLES.iterdir()}
    assert files == {gold["source"] for gold in GOLD}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    spec = importlib.util.spec_from_file_location("make_samples", CORPUS / "make_samples.py")
    maker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(maker)
    folder = tmp_path_factory.mktemp("samples")
    maker.main(folder)
    return folder


SOURCES = sorted(p.stem for p in (CORPUS / "sources").glob("*.toml"))


@pytest.mark.parametrize("slug", SOURCES)
def test_the_samples_are_what_their_sources_make(made, slug):
    (new,) = made.glob(f"{slug}.*")
    old = SAMPLES / new.name
    if new.suffix == ".docx":
        assert members(new) == members(old)
    else:
        assert new.read_bytes() == old.read_bytes()


def members(package):
    with zipfile.ZipFile(package) as z:
        return [(info.filename, info.date_time, z.read(info)) for info in z.infolist()]


def plain_text(page):
    return page.get_textpage().get_text_range()


def test_number_and_day_of_the_letter_stand_in_signature_widgets_only():
    page = pypdfium2.PdfDocument(SAMPLES / "cong-van-nuoc-sach.pdf")[0]
    blank = plain_text(page)
    assert "1287" not in blank
    assert "Số: /SNNMT-TNN" in " ".join(blank.split())

    page = pypdfium2.PdfDocument(SAMPLES / "cong-van-nuoc-sach.pdf")
    first = page[0]
    assert pdfium.FPDFPage_Flatten(first, pdfium.FLAT_NORMALDISPLAY) == pdfium.FLATTEN_SUCCESS
    first.close()
    assert {"1287", "04"} <= set(plain_text(page[0]).split())


def flat(text):
    return " ".join(words(unicodedata.normalize("NFC", text)))


@pytest.mark.parametrize("gold", DISPATCHES, ids=by_source)
def test_gold_quotes_what_the_sample_says(gold):
    text = flat(read_document(CORPUS / gold["source"]).text)
    quotes = [o["quote"] for o in gold["obligations"]]
    quotes += [d["quote"] for o in gold["obligations"] for d in o["deadlines"]]
    missing = [q for q in quotes if flat(q) not in text]
    assert not missing


@pytest.mark.parametrize("gold", DISPATCHES, ids=by_source)
def test_gold_is_complete(gold):
    assert set(gold["document"]) == FIELDS
    for obligation in gold["obligations"]:
        assert obligation["lead"]
        for limit in obligation["deadlines"]:
            assert limit["rrule"] if limit["kind"] == "recurring" else limit["due"] or limit["offset"]


def test_no_sentence_is_an_example_of_a_rule():
    examples = {flat(e) for name in lexicon.names() for entry in lexicon.load(name) for e in entry.examples}
    said = {flat(o["quote"]) for gold in GOLD for o in gold["obligations"]}
    said |= {flat(str(v)) for gold in DISPATCHES for v in (gold["document"]["subject"], gold["document"]["number"])}
    long = {e for e in examples if len(e.split()) >= 8}  # shorter ones are names and set phrases
    assert not [e for e in long if any(e in s for s in said)]


def test_gold_is_one_json_file_a_document():
    for path in (CORPUS / "gold").glob("*.json"):
        assert Path(json.loads(path.read_text("utf-8"))["source"]).stem == path.stem
