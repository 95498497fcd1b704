"""Papers as other programs open them: Word files by python-docx, PDF by PDFium."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pypdfium2
from docx import Document
from docx.oxml.ns import qn

POINTS = 72 / 25.4  # in a millimetre


def opened(file):
    """A Word file from its bytes or path."""
    return Document(BytesIO(file) if isinstance(file, bytes) else str(file))


def words(file):
    """All that a Word file prints, tables too, in order, with single spaces."""
    paper = opened(file)
    texts = ["".join(t.text or " " for t in p.iter(qn("w:t"), qn("w:br"))) for p in paper.element.body.iter(qn("w:p"))]
    return " ".join(" ".join(texts).split())


def paragraphs(file):
    """The paragraphs of a Word file that stand in no table and are not empty."""
    return [p.text for p in opened(file).paragraphs if p.text.strip()]


def bordered(file):
    """The tables with lines: rows of cells."""
    tables = [t for t in opened(file).tables if t._tbl.tblPr.find(qn("w:tblBorders")) is not None]
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in tables]


def plain(text):
    """The letters of a text that every face has, without spaces: where a face lacks letters, those of another one come
    out of a PDF in another place."""
    return re.sub("[^A-Za-z0-9]", "", text)


class Printed:
    """A PDF: how many pages, their sizes in millimetres, their texts as of `plain`."""

    def __init__(self, file):
        data = file if isinstance(file, bytes) else Path(file).read_bytes()
        with pypdfium2.PdfDocument(data) as pdf:
            self.sizes = [tuple(round(side / POINTS) for side in page.get_size()) for page in pdf]
            self.pages = [plain(page.get_textpage().get_text_range()) for page in pdf]
            self.boxes = [_edges(page) for page in pdf]

    @property
    def text(self):
        return "".join(self.pages)

    def has(self, words, page=None):
        """Whether it prints some words."""
        return plain(words) in (self.text if page is None else self.pages[page])


def _edges(page):
    """How far text reaches on a page: left, right, bottom, top, in millimetres from the left and the bottom."""
    text = page.get_textpage()
    boxes = [text.get_charbox(n) for n in range(text.count_chars()) if text.get_text_range(n, 1).strip()]
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return tuple(round(edge / POINTS, 1) for edge in (min(lefts), max(rights), min(bottoms), max(tops)))
