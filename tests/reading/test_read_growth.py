"""Long files: what they cost grows with their length and no faster."""

from __future__ import annotations

import io
import itertools
import time
from pathlib import Path

import pytest
from font_source_serif_pro import font_files_ttf
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from pipeline.reading import read_document_bytes
from pipeline.worker import judge

ROOT = Path(__file__).parents[2]
SAMPLE = (ROOT / "corpus/samples/thong-bao-ket-luan-cho-dau-moi.txt").read_text("utf-8")
SHORT, TIMES = 12, 4
NO_FASTER = 1.5  # times as fast as the length: other programs that run meanwhile disturb the clock


@pytest.fixture
def lines():
    """The sample without end, each of its lines with a number of its own: what was seen before is remembered."""
    return (f"{line} ({n})" for n in itertools.count(1) for line in SAMPLE.split("\n") if line.strip())


def pdf(lines, pages):
    pdfmetrics.registerFont(TTFont("Long", str(font_files_ttf["SourceSerifPro"])))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    for number in range(1, pages + 1):
        canvas.setFont("Long", 11)
        canvas.drawCentredString(300, 810, str(number))
        for row, line in enumerate(itertools.islice(lines, 40)):
            canvas.drawString(60, 780 - 18 * row, line[:95])
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def text(lines, pages):
    return "\n".join(itertools.islice(lines, 40 * pages)).encode()


def seconds(data):
    start = time.process_time()
    judge(read_document_bytes(data))
    return time.process_time() - start


@pytest.mark.parametrize("made", [pdf, text])
def test_a_file_four_times_as_long_takes_four_times_as_long(made, lines):
    seconds(made(lines, 1))  # the lexicon is read
    short, long = (min(seconds(made(lines, pages)) for _ in range(2)) for pages in (SHORT, SHORT * TIMES))
    assert long < NO_FASTER * TIMES * short


def test_every_page_of_a_long_file_is_read(lines):
    document = read_document_bytes(pdf(lines, 60))
    assert document.pages == 60
    assert {line.page for line in document.lines} == set(range(1, 61))
