"""Scans and images of pages: recognised as text that knows where each word stands, and how sure it is."""

from __future__ import annotations

import io
import shutil

import numpy as np
import pypdfium2
import pytest
from drawn import HEIGHT, LETTER, WIDTH, as_image, as_pdf, page, table
from papers import Paper, cells, lines, read
from PIL import Image

from extractors.dispatch import extract_dispatch
from extractors.model import Box, Dispatch, Document
from pipeline.errors import DamagedFile, NoText, TooLarge

pytestmark = pytest.mark.skipif(not shutil.which("tesseract"), reason="Tesseract is not installed")


def place_of(document: Document, text: str) -> Box:
    """Where the first of these words stands."""
    start = document.text.index(text)
    return next(word.box for word in document.words if word.start == start)


def said(document: Document) -> str:
    return " ".join(document.text.split())


def test_a_scanned_letter_is_read_like_a_printed_one():
    document = read(as_pdf(page()))
    assert (document.medium, document.format, document.pages) == ("scan", "pdf", 1)
    assert lines(document)[:2] == ["UBND XÃ SUỐI TRẦM", "TỔ QUẢN LÝ GIẾNG"]
    found = extract_dispatch(document)
    assert isinstance(found, Dispatch)
    assert found.symbol and found.symbol.value == "TQLG"
    assert [o.deadlines[0].due for o in found.obligations] == ["2024-08-30"]


def test_each_word_knows_its_place_on_the_page_and_how_sure_it_is():
    document = read(as_pdf(page()))
    assert [document.text[word.start : word.end] for word in document.words] == document.text.split()
    assert all(0 < word.confidence < 1 for word in document.words)
    box = place_of(document, "Kính")
    assert box.top == pytest.approx(480 * 72 / 200, abs=6)
    assert box.x0 > 180


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_laid_on_its_side_or_head_is_read_and_its_words_stand_where_they_are_seen(turn):
    straight = place_of(read(as_pdf(page())), "nguồn")
    document = read(as_pdf(page().rotate(turn, expand=True)))
    box = place_of(document, "nguồn")
    wide, high = WIDTH * 72 / 200, HEIGHT * 72 / 200
    expected = {
        90: (straight.top, wide - straight.x1),
        180: (wide - straight.x1, high - straight.bottom),
        270: (high - straight.bottom, straight.x0),
    }[turn]
    assert (box.x0, box.top) == pytest.approx(expected, abs=3)


@pytest.mark.parametrize("format", ["PNG", "JPEG", "TIFF", "BMP", "WEBP", "GIF"])
def test_images_of_pages_are_read_whatever_their_format(format):
    document = read(as_image(format, page()))
    assert document.medium == "scan"
    assert "trước ngày 30/8/2024" in said(document)


def test_an_image_of_another_resolution_is_brought_to_the_one_that_reads_best():
    small, large = (page().resize((WIDTH * n // 4, HEIGHT * n // 4), Image.Resampling.LANCZOS) for n in (3, 8))
    for image, dpi in ((small, (150, 150)), (large, (400, 400)), (large, (1, 1))):
        document = read(as_image("PNG", image, dpi=dpi))
        assert "lập danh sách giếng phải sửa" in said(document)
        assert place_of(document, "Kính").top == pytest.approx(480 * 72 / 200, abs=6)


def test_transparent_and_sixteen_bit_pictures_are_read_as_they_are_seen():
    ink = page().convert("L").point(lambda value: 255 - value)
    clear = Image.merge("RGBA", [Image.new("L", ink.size, 0)] * 3 + [ink])
    deep = Image.fromarray(np.asarray(page().convert("L")).astype(np.uint16) * 100)
    for image in (clear, deep):
        assert "kiểm tra toàn bộ giếng" in said(read(as_image("PNG", image)))


def test_a_tiff_of_several_pages_is_one_document():
    second = page([("body", 300, "Danh sách giếng phải sửa gửi kèm theo công văn này.")])
    document = read(as_image("TIFF", page(), second))
    assert document.pages == 2
    assert {line.page for line in document.lines} == {1, 2}
    assert "gửi kèm theo công văn này" in said(document)


def test_a_dirty_page_is_read():
    rng = np.random.default_rng(3)
    dirty = np.asarray(page().convert("L")).copy()
    specks = rng.random(dirty.shape)
    dirty[specks < 0.002] = 0
    text = said(read(as_image("PNG", Image.fromarray(dirty))))
    assert "lập danh sách giếng phải sửa" in text
    assert "trước ngày 30/8/2024" in text


def test_a_table_on_a_scan_is_a_table():
    rows = [
        ["Số", "Việc phải làm", "Chủ trì"],
        ["1", "Đo mực nước các giếng", "Thôn Hạ"],
        ["2", "Thay bơm", "Thôn Thượng"],
    ]
    document = read(as_pdf(table(rows, [120, 600, 400])))
    assert cells(document) == rows


def test_pages_with_text_and_scanned_pages_make_one_document():
    printed = Paper().text(72, 72, "The bureau of waters sends the list of wells below. " * 2).bytes()
    both = pypdfium2.PdfDocument.new()
    for part in (printed, as_pdf(page())):
        both.import_pages(pypdfium2.PdfDocument(part))
    out = io.BytesIO()
    both.save(out)
    document = read(out.getvalue())
    assert document.pages == 2
    assert "bureau of waters" in document.text
    assert "Kính gửi: Các thôn trong xã" in said(document)
    assert {line.page for line in document.lines if line.start >= document.words[0].start} == {2}


def test_a_scan_that_bears_a_signatures_words_only_is_recognised():
    paper = Paper()
    paper.canvas.drawInlineImage(page(), 0, 0, 595, 842)
    paper.widget(300, 700, "Signed by the bureau of waters, Northvale, " * 4, width=280)
    document = read(paper.bytes())
    assert "Kính gửi: Các thôn trong xã" in said(document)
    assert "Signed by the bureau" in said(document)


def test_empty_pages_have_no_text():
    for data in (as_pdf(page(())), as_image("PNG", page(()))):
        with pytest.raises(NoText):
            read(data)


def test_a_picture_that_would_fill_the_memory_is_too_large():
    bomb = as_image("PNG", Image.new("1", (30_000, 30_000), 1))
    assert len(bomb) < 1_000_000
    with pytest.raises(TooLarge):
        read(bomb)


def test_a_broken_image_is_damaged_not_half_read():
    whole = as_image("JPEG", page())
    with pytest.raises(DamagedFile):
        read(whole[: len(whole) // 2])


def test_the_same_scan_gives_the_same_document():
    data = as_pdf(page(LETTER))
    assert read(data) == read(data)


def test_an_annex_that_opens_with_the_same_letterhead_takes_nothing_from_the_first_page():
    document = read(as_pdf(page(), page([*LETTER[:4], ("body", 300, "Danh sách giếng phải sửa gửi kèm theo.")])))
    assert [document.text[line.start : line.end] for line in document.lines if line.page == 1][:2] == [
        "UBND XÃ SUỐI TRẦM",
        "TỔ QUẢN LÝ GIẾNG",
    ]
