"""Makes the PDF and DOCX samples from `corpus/sources/*.toml`: the same source gives the same bytes, on any day.

The documents are in the form that Decree 30/2020/NĐ-CP, annex I prescribes; what they say is invented. A source says

    format       "pdf" or "docx"
    dated        the day the file claims to be made on
    parent       lines of the superior body, printed lighter (optional)
    issuer       lines of the issuing body; without one the paper gets no letterhead at all
    number, place_date    "{12}" stands in the appearance of a signature widget only, a blank on the page (PDF)
    about        lines of the trích yếu under the number (công văn)
    title        the type, then the trích yếu (other types)
    addressees   entries of Kính gửi (PDF; of the types made as DOCX none has them)
    recipients, signature, signer
    body         one paragraph a line; "# " begins a heading, "|" a row of a table

Usage: make_samples.py [FOLDER], by default corpus/samples.
"""

from __future__ import annotations

import datetime as dt
import io
import math
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
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from font_source_serif_pro import font_files_ttf
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFObjectReference, PDFString
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

HERE = Path(__file__).parent
MOTTO = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
REGULAR, BOLD = FONTS = "SourceSerifPro", "SourceSerifProBold"
# The italic faces of the family lack Vietnamese letters: what is to be italic is sheared.
LEAN = math.tan(math.radians(12))

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
LIST_WIDTH = 230.0


def make_pdf(source: Source) -> bytes:
    """The paper as a PDF with text; what stands in braces in a signature widget's appearance."""
    for name in FONTS:
        pdfmetrics.registerFont(TTFont(name, font_files_ttf[name]))
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

    def line(
        self, text: str, x: float, font: str = REGULAR, size: float = SIZE, centred: bool = False, italic: bool = False
    ) -> None:
        """One line at the present height; `{...}` in it becomes a stamp."""
        parts = re.split(r"\{(.*?)\}", text)
        if centred:
            x -= pdfmetrics.stringWidth("".join(parts), font, size) / 2
        for n, part in enumerate(parts):
            width = pdfmetrics.stringWidth(part, font, size)
            if n % 2:
                self.stamp(part, x, width, font, size)
            elif part:
                self.words(part, x, font, size, italic)
            x += width

    def words(self, text: str, x: float, font: str, size: float, italic: bool) -> None:
        """Text at the present height, leaning where it is to be italic."""
        self.canvas.saveState()
        self.canvas.transform(1, 0, LEAN if italic else 0, 1, x, self.y)
        self.canvas.setFont(font, size)
        self.canvas.drawString(0, 0, text)
        self.canvas.restoreState()

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

    def rule(self, centre: float, y: float, width: float) -> None:
        """A thin line, as it stands below the issuer, the motto and a title."""
        self.canvas.setLineWidth(0.6)
        self.canvas.line(centre - width / 2, y, centre + width / 2, y)

    def letterhead(self, source: Source) -> None:
        """Both columns of the head, then the title (boxes 1 to 5 of the decree's sketch)."""
        issuer = [(text, REGULAR) for text in source.get("parent", [])] + [(text, BOLD) for text in source["issuer"]]
        left = self.column(issuer, LEFT_CENTRE)
        right = self.column([(text, BOLD) for text in MOTTO], RIGHT_CENTRE)
        self.rule(LEFT_CENTRE, left + 9, 60)
        self.rule(RIGHT_CENTRE, right + 9, pdfmetrics.stringWidth(MOTTO[1], BOLD, 12.5))
        self.y = min(left, right) - 10
        self.line(source["number"], LEFT_CENTRE, centred=True)
        self.line(source["place_date"], RIGHT_CENTRE, centred=True, italic=True)
        self.y -= 20
        self.y = self.column([(text, REGULAR) for text in source.get("about", [])], LEFT_CENTRE) - 10
        if title := source.get("title"):
            centre = (LEFT + RIGHT) / 2
            self.y = self.column([(text, BOLD) for text in title], centre, 20)
            self.rule(centre, self.y + 12, 110)
            self.y -= 12

    def addressees(self, entries: list[str]) -> None:
        """Kính gửi, one body a line."""
        if not entries:
            return
        self.y -= 6
        self.line("Kính gửi:", 180)
        for entry in entries:
            self.y -= LEADING
            self.line(f"- {entry}", 195)
        self.y -= LEADING + 8

    def paragraph(self, text: str, font: str) -> None:
        """A wrapped paragraph with its first line set in, even on both sides."""
        lines = wrapped(text, font, SIZE, RIGHT - LEFT, 28)
        for n, line in enumerate(lines):
            self.break_page(LEADING)
            self.even_line(line, LEFT if n else LEFT + 28, font, is_last=n == len(lines) - 1)
            self.y -= LEADING
        self.y -= 5

    def even_line(self, text: str, x: float, font: str, is_last: bool) -> None:
        """One line that reaches the right margin, unless it is a paragraph's last."""
        words = text.split(" ")
        room = RIGHT - x - pdfmetrics.stringWidth(text, font, SIZE)
        gap = 0.0 if is_last else room / max(1, len(words) - 1)
        for word in words:
            self.line(f"{word} ", x, font)
            x += pdfmetrics.stringWidth(f"{word} ", font, SIZE) + gap

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
        self.line("Nơi nhận:", LEFT, BOLD, 12, italic=True)
        for line in [part for entry in source["recipients"] for part in wrapped(f"- {entry}", REGULAR, 11, LIST_WIDTH)]:
            self.y -= 14
            self.line(line, LEFT, size=11)
        self.y = top
        self.y = self.column([(text, BOLD) for text in source["signature"]], RIGHT_CENTRE) - 60
        self.line(source["signer"], RIGHT_CENTRE, BOLD, centred=True)


def wrapped(text: str, font: str, size: float, width: float, first: float = 0.0) -> list[str]:
    """The lines of a text in a column of some width; the first one is `first` shorter."""
    lines: list[str] = []
    words = text.split(" ")
    while words:
        n = len(words)
        while n > 1 and pdfmetrics.stringWidth(" ".join(words[:n]), font, size) > width - (0 if lines else first):
            n -= 1
        lines.append(" ".join(words[:n]))
        words = words[n:]
    return lines


# DOCX


def make_docx(source: Source) -> bytes:
    """The paper as a Word document: head and end as tables without lines, as Word users set them."""
    document = docx.Document()
    properties = document.core_properties
    properties.created = properties.modified = dt.datetime.combine(source["dated"], dt.time(8))
    properties.author, properties.comments = "", ""
    _set_page(document)
    if "issuer" in source:
        _letterhead(document, source)
    for text in source.get("title", []):
        _lines(document.add_paragraph(), text, bold=True, centred=True)
    if source.get("title") and "issuer" in source:
        _rule(document.add_paragraph(), 60)
    for kind, content in paragraphs(source):
        _table(document, content) if kind == "table" else _paragraph(document, content, kind == "heading")
    if "signature" in source:
        _end(document, source)
    out = io.BytesIO()
    document.save(out)
    return _same_every_day(out.getvalue())


def _set_page(document: Any) -> None:
    """A4, the decree's margins and letters; the page's number at the top from the second page on."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = map(Mm, (20, 20, 30, 20))
    section.different_first_page_header_footer = True
    number = section.header.paragraphs[0]
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    number._p.append(field)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(13)
    style.paragraph_format.space_after = Pt(0)


def _letterhead(document: Any, source: Source) -> None:
    table = document.add_table(2, 2)
    left, right = table.rows[0].cells
    if parent := source.get("parent"):
        _lines(left.paragraphs[0], "\n".join(parent), centred=True)
    _lines(left.add_paragraph() if parent else left.paragraphs[0], "\n".join(source["issuer"]), True, True)
    _rule(left.add_paragraph(), 25)
    _lines(right.paragraphs[0], "\n".join(MOTTO), True, True)
    _rule(right.add_paragraph(), 12)
    number, place_date = table.rows[1].cells
    _lines(number.paragraphs[0], source["number"], centred=True)
    _lines(place_date.paragraphs[0], source["place_date"], centred=True, italic=True)


def _paragraph(document: Any, text: str, is_heading: bool) -> None:
    paragraph = document.add_paragraph()
    _lines(paragraph, text, is_heading)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    paragraph.paragraph_format.first_line_indent = Mm(10)
    paragraph.paragraph_format.space_before = Pt(6)


def _end(document: Any, source: Source) -> None:
    left, right = document.add_table(1, 2).rows[0].cells
    _lines(left.paragraphs[0], "Nơi nhận:", bold=True, italic=True, size=12)
    for entry in source["recipients"]:
        _lines(left.add_paragraph(), f"- {entry}", size=11)
    _lines(right.paragraphs[0], "\n".join(source["signature"]), True, True)
    for _ in range(3):
        right.add_paragraph()
    _lines(right.add_paragraph(), source["signer"], True, True)


def _table(document: Any, rows: list[list[str]]) -> None:
    table = document.add_table(len(rows), len(rows[0]), style="Table Grid")
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text


def _lines(
    paragraph: Any, text: str, bold: bool = False, centred: bool = False, italic: bool = False, size: int = 13
) -> None:
    run = paragraph.add_run(text)
    run.bold, run.italic = bold or None, italic or None
    run.font.size = Pt(size)
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _rule(paragraph: Any, inset: float) -> None:
    """A thin line above an empty paragraph, `inset` millimetres from both sides."""
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Mm(inset)
    borders, line = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "4"), ("space", "1"), ("color", "auto")):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    paragraph._p.get_or_add_pPr().insert_element_before(borders, "w:shd", "w:spacing", "w:ind", "w:jc", "w:rPr")


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
