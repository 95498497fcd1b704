"""Every field of a dispatch in the forms that are met, and the same fields however the text arrives."""

import re
import time
import tomllib
import unicodedata
from pathlib import Path

import pytest
from paper import SIDE, paper

from extractors.citations import find_citations
from extractors.dispatch import extract_dispatch
from extractors.model import Dispatch, Refusal
from extractors.sections import read_layout

EXAMPLES = Path(__file__).parents[1] / "examples"
PAPERS = tomllib.loads((EXAMPLES / "dispatches.toml").read_text("utf-8"))["paper"]
OTHERS = tomllib.loads((EXAMPLES / "not_dispatches.toml").read_text("utf-8"))["paper"]
SCALARS = ("type", "number", "symbol", "issued_on", "place", "issuer", "subject", "urgency")
OLD_TONE = {"hòa": "hoà", "Hòa": "Hoà", "HÒA": "HOÀ", "ủy": "uỷ", "Ủy": "Uỷ", "ỦY": "UỶ", "Hóa": "Hoá", "hóa": "hoá"}
NEW_TONE = {old: new for new, old in OLD_TONE.items()}


def fields(dispatch: Dispatch) -> dict:
    """What a dispatch says, in the words of the examples ("" for what is not printed)."""
    said = {k: found.value if (found := getattr(dispatch, k)) else "" for k in SCALARS}
    said["addressees"] = [f.value for f in dispatch.addressees]
    said["recipients"] = [f"{r.name} ({r.purpose})" if r.purpose else r.name for r in dispatch.recipients]
    signer = dispatch.signer
    said["signer"] = [f.value if f else "" for f in (signer.authority, signer.title, signer.name)]
    said["citations"] = [f.value for f in dispatch.citations]
    return said


def read(text: str) -> dict:
    dispatch = extract_dispatch(paper(text))
    assert isinstance(dispatch, Dispatch), dispatch
    return fields(dispatch)


@pytest.mark.parametrize("example", PAPERS, ids=[p["name"] for p in PAPERS])
def test_fields_are_read(example):
    wanted = {k: v for k, v in example["says"].items() if k not in ("issues", "appendices")}
    got = read(example["text"])
    assert {k: got[k] for k in wanted} == wanted


@pytest.mark.parametrize("example", PAPERS, ids=[p["name"] for p in PAPERS])
def test_what_is_missing_is_said(example):
    dispatch = extract_dispatch(paper(example["text"]))
    codes = {issue.code for issue in dispatch.issues}
    assert set(example["says"].get("issues", ())) <= codes
    if "issues" not in example["says"]:
        assert not [c for c in codes if c.startswith(("number.", "issued_on.", "signer.", "subject.", "issuer."))]


@pytest.mark.parametrize("example", OTHERS, ids=[p["name"] for p in OTHERS])
def test_papers_that_are_no_dispatches_are_refused(example):
    refusal = extract_dispatch(paper(example["text"]))
    assert isinstance(refusal, Refusal)
    assert refusal.code == f"not_dispatch.{example['genre']}"
    assert refusal.rule


def test_empty_paper_is_refused():
    assert extract_dispatch(paper("")).code == "not_dispatch.unrecognised"


def decomposed(text):
    return unicodedata.normalize("NFD", text)


def old_tone(text):
    return re.sub("|".join(OLD_TONE), lambda m: OLD_TONE[m[0]], text)


def wide_spaces(text):
    return re.sub(r"(?<=\w) (?=\w)", "\u00a0 ", text)


def long_dashes(text):
    return re.sub(r"(?m)^- ", "– ", text)


def bold_heads(text):
    bold = (f"**{s}**" if s.isupper() and SIDE not in s and not set(s) & set("*_") else s for s in text.split("\n"))
    return "\n".join(bold)


def plain(value):
    """The value without what these changes change: tone placement, kinds of space and dash."""
    text = re.sub("|".join(NEW_TONE), lambda m: NEW_TONE[m[0]], str(value)).replace("–", "-").replace("\\xa0", " ")
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("change", [decomposed, old_tone, wide_spaces, long_dashes, bold_heads])
@pytest.mark.parametrize("example", PAPERS, ids=[p["name"] for p in PAPERS])
def test_the_same_words_in_another_dress_say_the_same(example, change):
    assert plain(read(change(example["text"]))) == plain(read(example["text"]))


@pytest.mark.parametrize("example", PAPERS, ids=[p["name"] for p in PAPERS])
def test_every_finding_leads_back_to_words_of_the_document(example):
    document = paper(example["text"])
    dispatch = extract_dispatch(document)
    found = [getattr(dispatch, k) for k in SCALARS if getattr(dispatch, k)]
    found += [*dispatch.addressees, *dispatch.recipients, *dispatch.citations]
    for one in found:
        assert 0 <= one.span.start < one.span.end <= len(document.text)
        assert one.rule and 0 < one.confidence <= 1
    for citation in dispatch.citations:
        printed = document.text[citation.span.start : citation.span.end]
        assert re.sub(r"[^\w/]", "", printed) == re.sub(r"[^\w/]", "", citation.value)


def test_parts_of_a_decision_with_an_annex():
    example = next(p for p in PAPERS if p["name"] == "decision with an annexed plan")
    document = paper(example["text"])
    parts = read_layout(document).sections
    assert document.text[parts.body.start :].startswith("Căn cứ Luật Tổ chức")
    assert document.text[: parts.body.end].endswith("thi hành Quyết định này./.")
    (annex,) = parts.appendices
    assert document.text[annex.start :].startswith("KẾ HOẠCH\nSố hóa")
    assert parts.attached is None


def test_second_dispatch_is_set_apart():
    example = next(p for p in PAPERS if p["name"] == "second dispatch bound in")
    document = paper(example["text"])
    parts = read_layout(document).sections
    assert document.text[parts.attached.start :].startswith("UBND TỈNH AN BÌNH\nSỞ NỘI VỤ")
    assert not parts.appendices


def test_running_heads_and_signature_blocks_are_noise():
    example = next(p for p in PAPERS if p["name"].startswith("reprint in the gazette"))
    document = paper(example["text"])
    noise = {document.text[s.start : s.end] for s in read_layout(document).sections.noise}
    assert {"CÔNG BÁO/Số 18 + 19/Ngày 09-02-2025", "15", "Ký bởi: Trung tâm Công báo"} <= noise
    assert not any("Điều" in words for words in noise)


def test_a_text_without_line_breaks_is_still_read():
    example = next(p for p in PAPERS if p["name"].startswith("draft of a report"))
    said = read(" ".join(example["text"].replace(SIDE, "\n").split("\n")))
    wanted = ("type", "symbol", "issued_on", "citations")
    assert {k: said[k] for k in wanted} == {k: example["says"][k] for k in wanted}


def test_reading_time_grows_with_the_length_of_a_text_and_not_faster():
    letter = next(p for p in PAPERS if p["name"] == "decision with an annexed plan")["text"]
    short, long = letter + _orders(2000), letter + _orders(8000)
    extract_dispatch(paper(letter))
    assert min(map(_seconds, [long] * 3)) < 8 * min(map(_seconds, [short] * 3))


def _orders(count):
    order = "Giao Sở Y tế theo Quyết định số {}/QĐ-SYT tại nơi nhận hồ sơ, giữ bí mật, có mặt.\n"
    return "".join(order.format(n) for n in range(count))


def _seconds(text):
    document = paper(text)
    start = time.process_time()
    read_layout(document)
    find_citations(document, (), None)
    return time.process_time() - start
