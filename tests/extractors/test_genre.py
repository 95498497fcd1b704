"""What is a dispatch and what is none: kinds of papers in many shapes, and the reason of each refusal."""

import io
import textwrap
import tomllib
import unicodedata
from html import escape
from pathlib import Path

import pytest
from letters import pdf_of
from paper import SIDE, paper

from extractors.dispatch import extract_dispatch
from extractors.model import Dispatch, Refusal
from pipeline.messages import catalogue
from pipeline.reading import read_document

EXAMPLES = Path(__file__).parents[1] / "examples"
ACCEPTED = tomllib.loads((EXAMPLES / "genre_accepted.toml").read_text("utf-8"))["paper"]
REFUSED = tomllib.loads((EXAMPLES / "genre_refused.toml").read_text("utf-8"))["paper"]
FORMS = [p for p in REFUSED if p["genre"] == "form"]


def names(papers):
    return [p["name"] for p in papers]


def verdict(document) -> str:
    """ "dispatch", or the genre that the document is refused as."""
    found = extract_dispatch(document)
    return "dispatch" if isinstance(found, Dispatch) else found.code.partition(".")[2] or found.code


def wrapped(text):
    """The text as a printer breaks it: no line longer than 75 characters."""
    return "\n".join(w for line in text.split("\n") for w in (textwrap.wrap(line, 75) if SIDE not in line else [line]))


def decomposed(text):
    return unicodedata.normalize("NFD", text)


@pytest.mark.parametrize("example", REFUSED, ids=names(REFUSED))
def test_other_papers_are_refused_as_what_they_are(example):
    refusal = extract_dispatch(paper(example["text"]))
    assert isinstance(refusal, Refusal)
    assert refusal.code == f"not_dispatch.{example['genre']}"
    assert f"refusal.{refusal.code}" in catalogue()


@pytest.mark.parametrize("example", ACCEPTED, ids=names(ACCEPTED))
def test_dispatches_of_every_kind_are_taken_in(example):
    assert verdict(paper(example["text"])) == "dispatch"


@pytest.mark.parametrize("change", [wrapped, decomposed])
@pytest.mark.parametrize("example", REFUSED + ACCEPTED, ids=names(REFUSED + ACCEPTED))
def test_the_verdict_does_not_hang_on_line_breaks_or_spelling(example, change):
    there = verdict(paper(change(example["text"]))) == "dispatch"
    assert there == ("genre" not in example)


def test_a_dispatch_with_much_about_other_genres_in_it_stays_one():
    letter = next(p for p in ACCEPTED if p["name"] == "letter about publicity and the press")["text"]
    news = next(p for p in REFUSED if p["name"].startswith("news of a portal"))["text"]
    assert verdict(paper(letter + "PHỤ LỤC\nBÀI MẪU\n" + news)) == "dispatch"


# -- the same papers as files


def html(text, around=("", "")):
    rows = []
    for line in text.strip().split("\n"):
        cells = line.split(SIDE) if SIDE in line else []
        if cells:
            rows.append("<table><tr>" + "".join(f"<td>{escape(c)}</td>" for c in cells) + "</tr></table>")
        elif line.strip():
            rows.append(f"<p>{escape(line)}</p>")
    body = "".join([around[0], *rows, around[1]])
    return f"<!DOCTYPE html><html><head><meta charset='utf-8'></head><body>{body}</body></html>"


def docx(text):
    import docx as library

    out, made = io.BytesIO(), library.Document()
    for line in text.strip().split("\n"):
        if SIDE in line:
            row = made.add_table(rows=1, cols=2).rows[0]
            for cell, words in zip(row.cells, line.split(SIDE), strict=False):
                cell.text = words
        else:
            made.add_paragraph(line)
    made.save(out)
    return out.getvalue()


MENU = "<ul><li>Trang chủ</li><li>Tin tức</li><li>Hỏi đáp</li><li>Văn bản</li><li>Đăng nhập</li></ul>"
PROPERTIES = (
    "<table><tr><td>Số/Ký hiệu</td><td>1180/SYT-NVY</td></tr><tr><td>Loại văn bản</td><td>Công văn</td></tr>"
    "<tr><td>Cơ quan ban hành</td><td>Sở Y tế</td></tr><tr><td>Ngày ban hành</td><td>12/6/2024</td></tr>"
    "<tr><td>Người ký</td><td>Âu Thị Nguyệt</td></tr><tr><td>Tình trạng hiệu lực</td><td>Còn hiệu lực</td></tr></table>"
)
RELATED = (
    "<h3>Tin liên quan</h3><ul><li>Sở Y tế vừa ban hành Công văn về tiêm chủng</li><li>Công văn số 1099/SYT-NVD về"
    " thuốc</li></ul><p>Nguồn: Cổng thông tin Sở Y tế</p><p>Lượt xem: 302</p><p>Ý kiến bạn đọc</p><p>Tải về</p>"
)
KINDS = ["letter of a portal, flattened", "letter in two columns", "telegram", "annexed plan", "company letter", "slip"]
PORTAL = [p for p in ACCEPTED if p["name"].startswith(tuple(KINDS))]


@pytest.mark.parametrize("example", PORTAL, ids=names(PORTAL))
def test_menus_properties_and_related_news_around_a_dispatch_do_not_turn_it_down(example, tmp_path):
    page = tmp_path / "page.html"
    page.write_text(html(example["text"], (MENU + PROPERTIES, RELATED)), "utf-8")
    assert verdict(read_document(page)) == "dispatch"


NEWS = [p for p in REFUSED if p["genre"] in ("news", "commentary", "question")]


@pytest.mark.parametrize("example", NEWS, ids=names(NEWS))
def test_pages_of_news_are_refused(example, tmp_path):
    page = tmp_path / "page.html"
    page.write_text(html(example["text"], (MENU, RELATED)), "utf-8")
    assert verdict(read_document(page)) != "dispatch"


def test_a_page_of_properties_alone_is_refused(tmp_path):
    page = tmp_path / "page.html"
    page.write_text(html("Công văn 1180/SYT-NVY về sốt xuất huyết", (MENU + PROPERTIES, RELATED)), "utf-8")
    assert verdict(read_document(page)) == "web"


@pytest.mark.parametrize("suffix", ["html", "docx", "pdf"])
@pytest.mark.parametrize("example", FORMS, ids=names(FORMS))
def test_forms_are_refused_in_every_format(example, suffix, tmp_path):
    path, text = tmp_path / f"form.{suffix}", example["text"]
    if suffix == "pdf":
        path.write_bytes(pdf_of(text.replace(SIDE, "          ").strip().split("\n")))
    else:
        made = docx(text) if suffix == "docx" else html(text)
        path.write_bytes(made if isinstance(made, bytes) else made.encode())
    assert verdict(read_document(path)) == "form"
