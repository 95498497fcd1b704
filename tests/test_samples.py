"""The sample documents: made from their sources, stamped as real ones are, and fit to be scored."""

import email
import io
import json
import os
import shutil
import subprocess
import sys
import unicodedata
import zipfile
from collections import Counter
from pathlib import Path

import cv2
import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from PIL import Image, ImageSequence

from extractors import lexicon
from extractors.likeness import words
from pipeline.evaluate import load_gold
from pipeline.reading import read_document
from pipeline.reading.membernames import BODY, SEPARATOR
from pipeline.worker import Refused, read_file

CORPUS = Path(__file__).parents[1] / "corpus"
SAMPLES = CORPUS / "samples"
GOLD = load_gold(CORPUS / "gold")
DISPATCHES = [gold for gold in GOLD if gold["is_dispatch"]]
FIELDS = {
    *("type", "number", "symbol", "issued_on", "place", "issuer", "subject"),
    *("addressees", "recipients", "signer", "urgency", "secrecy", "citations"),
}
# What a machine must have beside Python to read, or to make, a sample of this ending.
NEEDED = {".tiff": ["tesseract"], ".doc": ["soffice", "antiword"]}
SCANS = {"cong-van-hoa-toc-mua-lu.pdf": 2, "ke-hoach-nuoi-ca-long.tiff": 2}


def by_source(gold):
    return gold["source"]


def file_of(gold):
    """The file that a document is or lies in."""
    return CORPUS / gold["source"].partition(SEPARATOR)[0]


def need_to_read(path):
    programs = ["tesseract"] if path.name in SCANS else NEEDED.get(path.suffix, [])
    if programs and not any(map(shutil.which, programs)):
        pytest.skip(f"{' or '.join(programs)} is not installed")


def test_dispatches_of_every_kind_and_three_texts_that_are_none():
    assert Counter(gold["document"]["type"] for gold in DISPATCHES) == {
        **{"công văn": 6, "chỉ thị": 2, "kế hoạch": 2, "thông báo": 2},
        **{"công điện": 1, "giấy mời": 1, "quyết định": 1, "hướng dẫn": 1},
    }
    assert [gold["source"] for gold in GOLD if not gold["is_dispatch"]] == [
        "samples/phieu-dang-ky-tap-huan.docx",
        f"samples/thu-gui-hai-van-ban.eml{SEPARATOR}{BODY}",
        "samples/tin-tuc-cho-dau-moi.html",
    ]


def test_every_sample_has_gold_and_all_gold_a_sample():
    assert set(SAMPLES.iterdir()) == set(map(file_of, GOLD))


def test_the_samples_stay_small():
    assert sum(path.stat().st_size for path in SAMPLES.iterdir()) < 1_500_000


# Made from their sources


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("samples")
    subprocess.run([sys.executable, CORPUS / "make_samples.py", folder], check=True, timeout=300)
    return folder


SOURCES = sorted(p.stem for p in (CORPUS / "sources").glob("*.toml"))


@pytest.mark.parametrize("slug", SOURCES)
def test_the_samples_are_what_their_sources_make(made, slug):
    (old,) = SAMPLES.glob(f"{slug}.*")
    new = made / old.name
    if not new.exists():
        assert old.suffix == ".doc"
        pytest.skip("LibreOffice, which makes it, is not installed")
    same = SAME.get(old.suffix, same_bytes) if old.name not in SCANS else same_pictures
    same(new, old)


def same_bytes(new, old):
    assert new.read_bytes() == old.read_bytes()


def same_package(new, old):
    assert members(new) == members(old)


def members(package):
    with zipfile.ZipFile(package) as z:
        return [(info.filename, info.date_time, z.read(info)) for info in z.infolist()]


def same_mail(new, old):
    for ours, theirs in zip(parts(new), parts(old), strict=True):
        assert ours.items() == theirs.items()
        data = [part.get_payload(decode=True) for part in (ours, theirs)]
        is_package = (ours.get_filename() or "").endswith(".docx")
        assert len({str(members(io.BytesIO(d))) if is_package else d for d in data}) == 1


def parts(mail):
    return list(email.message_from_bytes(mail.read_bytes()).walk())


def same_words(new, old):
    need_to_read(old)
    assert read_document(new).text == read_document(old).text


def same_pictures(new, old):
    """Page by page as good as the same to the eye, whatever version of a library drew and packed them."""
    for ours, theirs in zip(pages(new), pages(old), strict=True):
        assert ours.shape == theirs.shape
        difference = np.abs(cv2.GaussianBlur(ours, (0, 0), 2) - cv2.GaussianBlur(theirs, (0, 0), 2))
        assert difference.mean() < 2
        assert (difference > 40).mean() < 0.001


def pages(file):
    """The pages of a scan, grey, as they lie in the file."""
    if file.suffix == ".tiff":
        found = [page.convert("L") for page in ImageSequence.Iterator(Image.open(file))]
    else:
        found = [page.render(scale=200 / 72).to_pil().convert("L") for page in pypdfium2.PdfDocument(file)]
    return [np.asarray(page).astype(np.float32) for page in found]


SAME = {".docx": same_package, ".eml": same_mail, ".doc": same_words, ".tiff": same_pictures}


# As real ones are


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


def test_the_scan_holds_pictures_only():
    pages = list(pypdfium2.PdfDocument(SAMPLES / "cong-van-hoa-toc-mua-lu.pdf"))
    assert [plain_text(page) for page in pages] == ["", ""]


def test_the_table_of_the_scanned_plan_lies_on_its_side():
    letter, table = pages(SAMPLES / "ke-hoach-nuoi-ca-long.tiff")
    assert letter.shape == table.shape
    assert lines_of_print(letter.T) < lines_of_print(letter)
    assert lines_of_print(table) < lines_of_print(table.T)


def lines_of_print(page):
    """How unevenly ink is spread from top to bottom, away from long ruled lines: upright print is in stripes."""
    ink = (page < 128).sum(axis=1)
    return ink[ink < page.shape[1] / 4].std()


def test_old_letters_are_no_unicode():
    raw = (SAMPLES / "chi-thi-duong-nong-thon.txt").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        raw.decode("utf-8")
    assert "Céng hoµ x· héi chñ nghÜa ViÖt Nam" in raw.decode("cp1252")
    with zipfile.ZipFile(SAMPLES / "cong-van-cum-gia-cam.docx") as package:
        letter = package.read("word/document.xml").decode("utf-8")
    for piece in (".VnTimeH", "KÝnh göi", "Chi cục Quản lý thị trường"):
        assert piece in letter


def test_the_first_run_reads_all_samples_and_says_what_the_readme_shows(tmp_path):
    for path in SAMPLES.iterdir():
        need_to_read(path)
    shutil.copytree(SAMPLES, tmp_path / "corpus/samples")
    (tmp_path / "corpus/inbox").mkdir()
    command = [sys.executable, "-m", "pipeline.cli", "ingest", "--register", "register.db"]
    env = os.environ | {"PYTHONPATH": str(CORPUS.parent), "CONGVAN_LANG": "vi"}
    run = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, encoding="utf-8", timeout=300)
    assert run.returncode == 0, run.stderr
    files, *_ = run.stdout.partition("Quá hạn hôm nay")  # what depends on the day of the run
    assert files in (CORPUS.parent / "README.vi.md").read_text("utf-8")
    # the mail is a file too, and holds those of its parts
    assert f"Đã xem {len(GOLD) + 1} tệp:" in files
    assert f"  {len(GOLD) - len(DISPATCHES)} tệp bị từ chối" in files
    assert f"Trong sổ: {len(DISPATCHES)} văn bản," in run.stdout


SECRETS = [
    pytest.param("pdf", "MẬT", id="in colour"),
    pytest.param("tiff", "MẬT", id="in black and white"),
    pytest.param("tiff", "TỐI MẬT", id="in black and white, its frame broken and grown together with print"),
    pytest.param("tiff", "TUYỆT MẬT", id="in black and white, two words and a broken frame"),
]


@pytest.mark.parametrize(("kind", "mark"), SECRETS)
def test_a_secrecy_stamp_on_a_scan_is_seen(tmp_path, monkeypatch, kind, mark):
    """Refused with nothing but its hash, though the stamp is slanted, unevenly pressed and beside ordinary print."""
    need_to_read(Path("any.tiff"))
    monkeypatch.syspath_prepend(CORPUS)
    import make_samples

    source = make_samples.load(CORPUS / "sources/cong-van-hoa-toc-mua-lu.toml") | {"secrecy": mark, "format": kind}
    del source["urgency"]
    file = tmp_path / f"a.{kind}"
    file.write_bytes(make_samples.make(source))
    outcome = read_file(str(file))
    assert isinstance(outcome, Refused)
    assert outcome.refusal.code == "secrecy"
    assert not outcome.document.text


# Fit to be scored


def flat(text):
    return " ".join(words(unicodedata.normalize("NFC", text)))


def said(gold):
    """All that a document says: in its source where it has one, so that reading it needs no other program."""
    file, _, name = gold["source"].removeprefix("samples/").partition(SEPARATOR)
    source = CORPUS / "sources" / Path(file).with_suffix("") / name
    source = source.with_suffix(".toml")
    if source.is_file():
        return source.read_text("utf-8").replace("{", "").replace("}", "")
    return read_document(CORPUS / gold["source"]).text


@pytest.mark.parametrize("gold", DISPATCHES, ids=by_source)
def test_gold_quotes_what_the_sample_says(gold):
    text = flat(said(gold))
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
            assert limit["kind"] == "event" or limit["rrule"] or limit["due"] or limit["offset"]


def test_no_sentence_is_an_example_of_a_rule():
    examples = {flat(e) for name in lexicon.names() for entry in lexicon.load(name) for e in entry.examples}
    said = {flat(o["quote"]) for gold in GOLD for o in gold["obligations"]}
    said |= {flat(str(v)) for gold in DISPATCHES for v in (gold["document"]["subject"], gold["document"]["number"])}
    long = {e for e in examples if len(e.split()) >= 8}  # shorter ones are names and set phrases
    assert not [e for e in long if any(e in s for s in said)]


def test_gold_is_one_json_file_a_document():
    for path in (CORPUS / "gold").glob("*.json"):
        source = json.loads(path.read_text("utf-8"))["source"].removesuffix(SEPARATOR + BODY)
        assert Path(source).stem == path.stem
