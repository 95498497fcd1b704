"""Makes the PDF and DOCX samples from `corpus/sources/*.toml`: the same source gives the same bytes, on any day.

The documents are in the form that Decree 30/2020/NĐ-CP, annex I prescribes; what they say is invented. A source says

    format       "pdf" or "docx"
    dated        the day the file claims to be made on
    parent       lines of the superior body, printed lighter (optional)
    issuer       lines of the issuing body; without one the paper gets no letterhead at all
    number, place_date    "{12}" stands in the appearance of a signature widget only, a blank on the page (PDF)
    about        lines of the trích yếu under the number (công văn)
    title        the type, then the trích yếu (other types)
    addressees, recipients, signature, signer
    body         one paragraph a line; "# " begins a heading, "|" a row of a table

Usage: make_samples.py [FOLDER], by default corpus/samples.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt
from font_source_serif_pro import font_files_ttf
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFObjectReference, PDFString
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

HERE = Path(__file__).parent
MOTTO = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
REGULAR, BOLD = "SourceSerifPro", "SourceSerifPro-Bold"

Source = dict[str, Any]


def main(folder: Path = HERE / "samples") -> None:
    """Write every sample that has a source into the folder."""
    for path in sorted((HERE / "sources").glob("*.toml")):
        source = tomllib.loads(path.read_text("utf-8"))
        (folder / f"{path.stem}.{source['format']}").write_bytes(MAKERS[source["format"]](source))


def paragraphs(source: Source) -> Iterator[tuple[str, Any]]:
    """The body as ("text" | "heading", string) and ("table", rows), in order."""
    lines = [line for line in source["body"].splitlines() if line]
    for is_table, group in groupby(lines, key=lambda line: line.startswith("|")):
        if is_table:
            yield "table", [[cell.strip() for cell in row.strip()[1:-1].split("|")] for row in group]
            continue
        for line in group:
            yield ("heading", line[2:]) if line.startswith("# ") else ("text", line)


# PDF


LEFT, RIGHT, TOP, BOTTOM, LEADING, SIZE = 85.0, 545.0, 785.0, 60.0, 19.0, 13.0
LEFT_CENTRE, RIGHT_CENTRE = 180.0, 420.0


def make_pdf(source: Source) -> bytes:
    """The paper as a PDF with text; what stands in braces in a signature widget's appearance."""
    pdfmetrics.registerFont(TTFont(REGULAR, font_files_ttf["SourceSerifPro"]))
    pdfmetrics.registerFont(TTFont(BOLD, font_files_ttf["SourceSerifProBold"]))
    out = io.BytesIO()
    paper = Paper(Canvas(out, pagesize=A4, invariant=1, pageCompression=0))
    paper.letterhead(source)
    paper.addressees(source.get("addressees", []))
    for kind, text in paragraphs(source):
        paper.paragraph(text, BOLD if kind == "heading" else REGULAR)
    paper.end(source)
    paper.canvas.showPage()
    paper.canvas.save()
    return out.getvalue()


class Paper:
    """A canvas that knows how far down the page it has come."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas, self.y, self.stamps = canvas, TOP, 0

    def line(self, text: str, x: float, font: str = REGULAR, size: float = SIZE, centred: bool = False) -> None:
        """One line at the present height; `{...}` in it becomes a stamp."""
        parts = re.split(r"\{(.*?)\}", text)
        if centred:
            x -= pdfmetrics.stringWidth("".join(parts), font, size) / 2
        for n, part in enumerate(parts):
            width = pdfmetrics.stringWidth(part, font, size)
            if n % 2:
                self.stamp(part, x, width, font, size)
            elif part:
                self.canvas.setFont(font, size)
                self.canvas.drawString(x, self.y, part)
            x += width

    def stamp(self, text: str, x: float, width: float, font: str, size: float) -> None:
        """Text in the appearance of a signature field, as the stamping of an outgoing number leaves it."""
        self.stamps += 1
        name, canvas, height = f"stamp{self.stamps}", self.canvas, size * 1.3
        canvas.beginForm(name, 0, 0, width, height)
        canvas.setFont(font, size)
        canvas.drawString(0, size * 0.3, text)
        canvas.endForm()
        bottom = self.y - size * 0.3
        appearance = PDFObjectReference(canvas._doc.getXObjectName(name))
        canvas._addAnnotation(
            PDFDictionary(
                {
                    "Type": PDFName("Annot"),
                    "Subtype": PDFName("Widget"),
                    "FT": PDFName("Sig"),
                    "T": PDFString(f"Signature{self.stamps}"),
                    "F": 4,
                    "Rect": PDFArray([x, bottom, x + width, bottom + height]),
                    "AP": PDFDictionary({"N": appearance}),
                }
            )
        )

    def column(self, lines: list[tuple[str, str]], centre: float, leading: float = 16.0) -> float:
        """Centred lines (text, font) from the present height down; gives the height reached, stays where it was."""
        top = self.y
        for text, font in lines:
            self.line(text, centre, font, 12.5, centred=True)
            self.y -= leading
        reached, self.y = self.y, top
        return reached

    def letterhead(self, source: Source) -> None:
        """Both columns of the head, then the title (boxes 1 to 5 of the decree's sketch)."""
        issuer = [(text, REGULAR) for text in source.get("parent", [])] + [(text, BOLD) for text in source["issuer"]]
        reached = self.column(issuer, LEFT_CENTRE)
        self.y = min(reached, self.column([(text, BOLD) for text in MOTTO], RIGHT_CENTRE)) - 6
        self.line(source["number"], LEFT_CENTRE, centred=True)
        self.line(source["place_date"], RIGHT_CENTRE, centred=True)
        self.y -= 20
        self.y = self.column([(text, REGULAR) for text in source.get("about", [])], LEFT_CENTRE) - 10
        self.y = self.column([(text, BOLD) for text in source.get("title", [])], (LEFT + RIGHT) / 2, 20) - 10

    def addressees(self, entries: list[str]) -> None:
        """Kính gửi, one body a line."""
        if not entries:
            return
        self.line("Kính gửi:", 150)
        for entry in entries:
            self.y -= LEADING
            self.line(f"- {entry}", 170)
        self.y -= LEADING + 8

    def paragraph(self, text: str, font: str) -> None:
        """A wrapped paragraph with its first line set in."""
        x, words = LEFT + 28, text.split(" ")
        while words:
            n = len(words)
            while pdfmetrics.stringWidth(" ".join(words[:n]), font, SIZE) > RIGHT - x:
                n -= 1
            self.break_page(LEADING)
            self.line(" ".join(words[:n]), x, font)
            self.y -= LEADING
            x, words = LEFT, words[n:]
        self.y -= 5

    def break_page(self, room: float) -> None:
        """A new page, its number in the middle of the top margin, where the room does not suffice."""
        if self.y - room >= BOTTOM:
            return
        self.canvas.showPage()
        self.y = TOP + 25
        self.line(str(self.canvas.getPageNumber()), (LEFT + RIGHT) / 2, centred=True)
        self.y = TOP

    def end(self, source: Source) -> None:
        """Nơi nhận on the left, the signature on the right, level with each other."""
        self.break_page(160)
        self.y -= 10
        top = self.y
        self.line("Nơi nhận:", LEFT, BOLD, 12)
        for entry in source["recipients"]:
            self.y -= 14
            self.line(f"- {entry}", LEFT, size=11)
        self.y = top
        self.y = self.column([(text, BOLD) for text in source["signature"]], RIGHT_CENTRE) - 60
        self.line(source["signer"], RIGHT_CENTRE, BOLD, centred=True)


# DOCX


def make_docx(source: Source) -> bytes:
    """The paper as a Word document: head and end as tables without lines, as Word users set them."""
    document = docx.Document()
    properties = document.core_properties
    properties.created = properties.modified = dt.datetime.combine(source["dated"], dt.time(8))
    properties.author, properties.comments = "", ""
    if "issuer" in source:
        _letterhead(document, source)
    for text in source.get("title", []):
        _lines(document.add_paragraph(), text, bold=True, centred=True)
    if entries := source.get("addressees"):
        document.add_paragraph("Kính gửi:")
        for entry in entries:
            document.add_paragraph(f"- {entry}")
    for kind, content in paragraphs(source):
        _table(document, content) if kind == "table" else _lines(document.add_paragraph(), content, kind == "heading")
    if "signature" in source:
        _end(document, source)
    out = io.BytesIO()
    document.save(out)
    return _same_every_day(out.getvalue())


def _letterhead(document: Any, source: Source) -> None:
    table = document.add_table(2, 2)
    left, right = table.rows[0].cells
    if parent := source.get("parent"):
        _lines(left.paragraphs[0], "\n".join(parent), centred=True)
    _lines(left.add_paragraph() if parent else left.paragraphs[0], "\n".join(source["issuer"]), True, True)
    _lines(right.paragraphs[0], "\n".join(MOTTO), True, True)
    for cell, key in zip(table.rows[1].cells, ("number", "place_date"), strict=True):
        _lines(cell.paragraphs[0], source[key], centred=True)


def _end(document: Any, source: Source) -> None:
    left, right = document.add_table(1, 2).rows[0].cells
    _lines(left.paragraphs[0], "Nơi nhận:", bold=True)
    for entry in source["recipients"]:
        left.add_paragraph(f"- {entry}")
    _lines(right.paragraphs[0], "\n".join(source["signature"]), True, True)
    _lines(right.add_paragraph(), source["signer"], True, True)


def _table(document: Any, rows: list[list[str]]) -> None:
    table = document.add_table(len(rows), len(rows[0]), style="Table Grid")
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text


def _lines(paragraph: Any, text: str, bold: bool = False, centred: bool = False) -> None:
    run = paragraph.add_run(text)
    run.bold = bold or None
    run.font.size = Pt(13)
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _same_every_day(package: bytes) -> bytes:
    """The package without the hour that its members were written at."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


MAKERS = {"pdf": make_pdf, "docx": make_docx}

if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
