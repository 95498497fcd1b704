"""Ruled tables on pictures of pages: read cell by cell, and carried on over pages. All words are invented."""

from __future__ import annotations

import io
import shutil
import subprocess

import pytest
from font_source_serif_pro import font_files_ttf
from PIL import Image, ImageDraw, ImageFont

from extractors.model import Document
from pipeline.reading import read_document_bytes
from pipeline.reading.layout import Word
from pipeline.reading.pagetables import begun, carried_on
from pipeline.reading.tables import Grid

FONT = ImageFont.truetype(str(font_files_ttf["SourceSerifPro"]), 34)
LEFTS = (120, 200, 760, 1060, 1340, 1560)
HEADER = ("TT", "Nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời gian hoàn thành")
ROWS = (
    ("1", "Kiểm tra các máy bơm, đồng hồ đo nước ở từng thôn, lập danh sách", "Sở Y tế", "Sở Nội vụ", "Tháng 6/2023"),
    ("2", "Mở lớp tập huấn cho cán bộ, công chức cấp xã", "Sở Tài chính", "Các sở, ban, ngành", "Quý IV/2023"),
    ("3", "Tổng kết đợt kiểm tra", "Sở Y tế", "", "Năm 2024"),
)  # fmt: skip


def has_tesseract() -> bool:
    if not shutil.which("tesseract"):
        return False
    known = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, check=False)
    return "vie" in known.stdout.split()


needs_tesseract = pytest.mark.skipif(not has_tesseract(), reason="Tesseract with Vietnamese is not installed")


def page(rows: tuple[tuple[str, ...], ...], top: int = 300) -> Image.Image:
    """An A4 page at 200 dots an inch with a ruled table of these rows, each cell wrapped to its column."""
    image = Image.new("RGB", (1654, 2339), "white")
    draw = ImageDraw.Draw(image)
    y = top
    draw.line((LEFTS[0], y, LEFTS[-1], y), fill="black", width=3)
    for row in rows:
        cells = [wrapped(words, LEFTS[n + 1] - LEFTS[n] - 24) for n, words in enumerate(row)]
        height = 44 * max(map(len, cells)) + 20
        for n, lines in enumerate(cells):
            for k, line in enumerate(lines):
                draw.text((LEFTS[n] + 12, y + 8 + 44 * k), line, font=FONT, fill="black")
        for x in LEFTS:
            draw.line((x, y, x, y + height), fill="black", width=3)
        y += height
        draw.line((LEFTS[0], y, LEFTS[-1], y), fill="black", width=3)
    return image


def wrapped(words: str, width: int) -> list[str]:
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if FONT.getlength(longer) > width and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def read(*pages: Image.Image) -> Document:
    out = io.BytesIO()
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:], dpi=(200, 200), compression="tiff_lzw")
    return read_document_bytes(out.getvalue(), "table.tiff")


def texts(document: Document) -> list[list[list[str]]]:
    """What the cells of each table say, on one line each."""
    return [
        [[document.text[c.start : c.end].replace("\n", " ") for c in row] for row in table.rows]
        for table in document.tables
    ]


@needs_tesseract
@pytest.mark.parametrize("turn", [0, 90])
def test_each_cell_is_read_by_itself(turn: int) -> None:
    picture = page((HEADER, *ROWS)).rotate(-1.0, expand=True, fillcolor="white")
    (table,) = texts(read(picture.rotate(turn, expand=True)))
    assert [row[1:] for row in table] == [list(row[1:]) for row in (HEADER, *ROWS)]


@needs_tesseract
def test_a_table_goes_on_over_pages_and_its_repeated_header_is_left_out() -> None:
    (table,) = texts(read(page((HEADER, *ROWS[:2]), top=1700), page((HEADER, *ROWS[2:]), top=200)))
    assert [row[1] for row in table] == [row[1] for row in (HEADER, *ROWS)]


@needs_tesseract
def test_words_of_a_table_stand_where_they_are_printed() -> None:
    document = read(page((HEADER, *ROWS)))
    scale = 72 / 200
    for word in document.words:
        if document.text[word.start : word.end] in {"TT", "Nhiệm", "Tổng"}:
            column = 0 if document.text[word.start : word.end] == "TT" else 1
            assert word.box.x0 == pytest.approx((LEFTS[column] + 12) * scale, abs=3)
    assert {"TT", "Nhiệm", "Tổng"} <= {document.text[w.start : w.end] for w in document.words}


def grid(rows: list[list[str]], confidence: float) -> Grid:
    """A table of two columns with one line in each cell."""
    words = []
    for n, row in enumerate(rows):
        for k, text in enumerate(row):
            word = Word(text, 50 + 100 * k, 100 + 20 * n, 90 + 100 * k, 110 + 20 * n, confidence=confidence)
            words.append((word,) if text else ())
    numbers = tuple((2 * n, 2 * n + 1) for n in range(len(rows)))
    return Grid(100, 100 + 20 * len(rows), (50, 150, 250), numbers, tuple(words))


@pytest.mark.parametrize(
    ("confidence", "first", "rows"),
    [(1.0, "Máy", 1), (0.9, "Máy", 2), (0.9, "bơm", 1), (1.0, "bơm", 1)],
)
def test_a_number_that_a_scan_lost_does_not_join_rows(confidence: float, first: str, rows: int) -> None:
    table = begun(grid([["1", "Giếng"]], confidence), 1)
    assert carried_on(table, grid([["", first]], confidence), 2)
    assert len(table.rows) == rows
