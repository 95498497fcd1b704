"""A sample as a Word document: head and end as tables without lines, as Word users set them."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from making import tcvn3
from making.sources import MOTTO, Source, cells, paragraphs


def make_docx(source: Source) -> bytes:
    """The paper as DOCX; where its `letters` are "TCVN3", all but what stands in braces is typed in them."""
    return WordPaper(source).package()


class WordPaper:
    """A Word document that grows from its head to its end."""

    def __init__(self, source: Source) -> None:
        self.source, self.document = source, docx.Document()
        self.legacy = source.get("letters") == "TCVN3"
        properties = self.document.core_properties
        properties.created = properties.modified = dt.datetime.combine(source["dated"], dt.time(8))
        properties.author, properties.comments = "", ""
        self.set_page()

    def package(self) -> bytes:
        """The whole paper, with the same bytes every day."""
        document, source = self.document, self.source
        if "issuer" in source:
            self.letterhead()
        for text in source.get("title", []):
            self.lines(document.add_paragraph(), text, bold=True, centred=True)
        if source.get("title") and "issuer" in source:
            self.rule(document.add_paragraph(), 60)
        self.addressees(source.get("addressees", []))
        for kind, content in paragraphs(source["body"]):
            self.table(content) if kind == "table" else self.paragraph(content, kind == "heading")
        if "signature" in source:
            self.end()
        out = io.BytesIO()
        document.save(out)
        return _same_every_day(out.getvalue())

    def set_page(self) -> None:
        """A4, the decree's margins and letters; the page's number at the top from the second page on."""
        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = map(Mm, (20, 20, 30, 20))
        section.different_first_page_header_footer = True
        number = section.header.paragraphs[0]
        number.alignment = WD_ALIGN_PARAGRAPH.CENTER
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), "PAGE")
        number._p.append(field)
        style = self.document.styles["Normal"]
        style.font.name, style.font.size = ".VnTime" if self.legacy else "Times New Roman", Pt(13)
        style.paragraph_format.space_after = Pt(0)

    def letterhead(self) -> None:
        """Both columns of the head, in a table of two rows."""
        source, table = self.source, self.document.add_table(2, 2)
        left, right = table.rows[0].cells
        if parent := source.get("parent"):
            self.lines(left.paragraphs[0], "\n".join(parent), centred=True)
        issuer = left.add_paragraph() if parent else left.paragraphs[0]
        self.lines(issuer, "\n".join(source["issuer"]), True, True)
        self.rule(left.add_paragraph(), 25)
        self.lines(right.paragraphs[0], "\n".join(MOTTO), True, True)
        self.rule(right.add_paragraph(), 12)
        number, place_date = table.rows[1].cells
        self.lines(number.paragraphs[0], source["number"], centred=True)
        if about := source.get("about"):
            self.lines(number.add_paragraph(), "\n".join(about), centred=True, size=12)
        self.lines(place_date.paragraphs[0], source["place_date"], centred=True, italic=True)

    def addressees(self, entries: list[str]) -> None:
        """Kính gửi, one body a line."""
        for text in ["Kính gửi:", *(f"- {entry}" for entry in entries)] if entries else []:
            paragraph = self.document.add_paragraph()
            self.lines(paragraph, text)
            paragraph.paragraph_format.left_indent = Mm(45 if text.startswith("- ") else 35)
            paragraph.paragraph_format.space_before = Pt(0 if text.startswith("- ") else 12)

    def paragraph(self, text: str, is_heading: bool) -> None:
        """A paragraph of the body."""
        paragraph = self.document.add_paragraph()
        self.lines(paragraph, text, is_heading)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        paragraph.paragraph_format.first_line_indent = Mm(10)
        paragraph.paragraph_format.space_before = Pt(6)

    def table(self, rows: list[list[str]]) -> None:
        """A ruled table, cells merged where the source says so."""
        table = self.document.add_table(len(rows), len(rows[0]), style="Table Grid")
        grid = [row.cells for row in table.rows]
        for cell in cells(rows):
            place = grid[cell.row][cell.column]
            if cell.rows > 1 or cell.columns > 1:
                place = place.merge(grid[cell.row + cell.rows - 1][cell.column + cell.columns - 1])
            place.text = cell.text
        for n, width in enumerate(self.source.get("widths", [])):
            table.columns[n].width = Mm(width)
            for cell in table.columns[n].cells:
                cell.width = Mm(width)

    def end(self) -> None:
        """Nơi nhận on the left, the signature on the right."""
        left, right = self.document.add_table(1, 2).rows[0].cells
        self.lines(left.paragraphs[0], "Nơi nhận:", bold=True, italic=True, size=12)
        for entry in self.source["recipients"]:
            self.lines(left.add_paragraph(), f"- {entry}", size=11)
        self.lines(right.paragraphs[0], "\n".join(self.source["signature"]), True, True)
        for _ in range(3):
            right.add_paragraph()
        self.lines(right.add_paragraph(), self.source["signer"], True, True)

    def lines(
        self, paragraph: Any, text: str, bold: bool = False, centred: bool = False, italic: bool = False, size: int = 13
    ) -> None:
        """Text in the letters of the paper, lines parted by "\\n"."""
        if self.legacy:
            self.legacy_runs(paragraph, text, bold, italic, size)
        else:
            _styled(paragraph.add_run(text), bold, italic, size)
        if centred:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER

    def legacy_runs(self, paragraph: Any, text: str, bold: bool, italic: bool, size: int) -> None:
        """Text in TCVN3, its capitals in a font of their own; what stands in braces was typed in later, in Unicode."""
        for n, line in enumerate(text.split("\n")):
            if n:
                paragraph.add_run().add_break()
            for m, part in enumerate(re.split(r"\{(.*?)\}", line)):
                capitals = part.isupper()
                run = paragraph.add_run(part if m % 2 else tcvn3.encode(part.lower() if capitals else part))
                _styled(run, bold, italic, size)
                _set_font(run, "Times New Roman" if m % 2 else ".VnTimeH" if capitals else ".VnTime")

    def rule(self, paragraph: Any, inset: float) -> None:
        """A thin line above an empty paragraph, `inset` millimetres from both sides."""
        paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Mm(inset)
        borders, line = OxmlElement("w:pBdr"), OxmlElement("w:top")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "1"), ("color", "auto")):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
        paragraph._p.get_or_add_pPr().insert_element_before(borders, "w:shd", "w:spacing", "w:ind", "w:jc", "w:rPr")


def _styled(run: Any, bold: bool, italic: bool, size: int) -> None:
    run.bold, run.italic = bold or None, italic or None
    run.font.size = Pt(size)


def _set_font(run: Any, name: str) -> None:
    run.font.name = name
    run._r.rPr.rFonts.set(qn("w:cs"), name)


def _same_every_day(package: bytes) -> bytes:
    """The package without the hour that its members were written at."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
