"""Trang giấy: a sheet of A4 as Decree 30/2020/NĐ-CP, annex I, wants it: margins, type, page numbers, paragraphs.

Lengths are millimetres, sizes of type points. Papers are Word files; `pipeline.export.pdf` prints them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any, Literal

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from pipeline.export.sheet import Picture

if TYPE_CHECKING:
    from docx.section import Section
    from docx.text.paragraph import Paragraph

TYPEFACE = "Times New Roman"
BODY = 14
A4 = (210, 297)
MARGINS = {"top": 20, "bottom": 20, "left": 30, "right": 15}
_TO_PAGE_NUMBER = 10
_INDENT = 12.7
# what no XML may hold
_BARRED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
Where = Literal["left", "centre", "right", "full"]
_ALIGNED = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "centre": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "full": WD_ALIGN_PARAGRAPH.JUSTIFY,
}


@dataclass(frozen=True, slots=True)
class Type:
    """How words are set: size in points, upright and light unless said otherwise."""

    size: float = BODY
    bold: bool = False
    italic: bool = False


PLAIN = Type()
BOLD = Type(bold=True)


def new_paper(*, wide: bool = False, made: date) -> Any:
    """An empty paper of one section, upright or `wide`. `made` is the day that the file says it was made on."""
    paper = Document()
    _set_defaults(paper)
    _set_page(paper.sections[0], wide)
    _number_pages(paper.sections[0])
    about = paper.core_properties
    about.author = about.comments = about.title = ""
    about.language = "vi-VN"
    # the time of day is nobody's business, and the same paper of one day has the same bytes
    about.created = about.modified = _midnight(made)
    return paper


def new_section(paper: Any, *, wide: bool) -> None:
    """What follows begins a new page, whose pages are counted from 1 (an annex)."""
    section = paper.add_section(WD_SECTION.NEW_PAGE)
    _set_page(section, wide)
    _number_pages(section)
    counted = OxmlElement("w:pgNumType")
    counted.set(qn("w:start"), "1")
    section._sectPr.insert_element_before(counted, "w:cols", "w:vAlign", "w:titlePg", "w:docGrid")


def type_width(paper: Any) -> float:
    """The width between the margins of the last section, in millimetres."""
    section = paper.sections[-1]
    return float((section.page_width - section.left_margin - section.right_margin) / Mm(1))


def paragraph(
    place: Any,
    words: str,
    how: Type = PLAIN,
    where: Where = "full",
    *,
    before: float = 6,
    after: float = 0,
    indent: float = 0,
    line: float = 1.0,
    keep: bool = False,
) -> Paragraph:
    """Add a paragraph to a paper or a cell; `before` and `after` in points, first line `indent` in millimetres. `keep`
    holds it on the page of what follows."""
    made: Paragraph = place.add_paragraph()
    shape = made.paragraph_format
    shape.alignment = _ALIGNED[where]
    shape.space_before, shape.space_after, shape.line_spacing = Pt(before), Pt(after), line
    shape.first_line_indent = Mm(indent) if indent else None
    shape.keep_with_next = keep or None
    run(made, words, how)
    return made


def body(paper: Any, words: str, how: Type = PLAIN, *, keep: bool = False) -> Paragraph:
    """A paragraph of the text: justified, its first line indented."""
    return paragraph(paper, words, how, indent=_INDENT, line=1.15, keep=keep)


def run(place: Paragraph, words: str, how: Type = PLAIN) -> None:
    """Add words to a paragraph; a line feed breaks the line."""
    made = place.add_run(printable(words))
    made.font.size, made.bold, made.italic = Pt(how.size), how.bold or None, how.italic or None


def rule(place: Any, width: float, within: float, *, before: float = 3, after: float = 0) -> None:
    """A line of `width` in the middle of `within`, in millimetres."""
    drawn = paragraph(place, "", Type(size=1), "centre", before=before, after=after)
    side = Mm(max(0.0, (within - width) / 2))
    drawn.paragraph_format.left_indent = drawn.paragraph_format.right_indent = side
    # a line of fixed height, else an empty one is as high as the smallest type that a program knows
    drawn.paragraph_format.line_spacing = Pt(2)
    border = OxmlElement("w:pBdr")
    border.append(made_element("w:top", val="single", sz="6", space="1", color="auto"))
    drawn._p.get_or_add_pPr().insert_element_before(border, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc")


def write_picture(place: Any, picture: Picture, *, keep: bool = False) -> None:
    """A picture in a line of its own, in the middle; programs that read aloud say what it shows."""
    line = paragraph(place, "", where="centre", before=6, keep=keep)
    width, height = picture.shape
    drawn = line.add_run().add_picture(BytesIO(picture.png()), Mm(width), Mm(height))
    drawn._inline.docPr.set("descr", printable(picture.told))


def as_bytes(paper: Any) -> bytes:
    """The paper as a Word file."""
    out = BytesIO()
    paper.save(out)
    return out.getvalue()


def printable(words: str) -> str:
    """Text without what no file can hold.

    >>> printable("a\\x0bb\\x00c")
    'abc'
    """
    return _BARRED.sub("", words)


def made_element(name: str, **attributes: str) -> Any:
    """An element of WordprocessingML with attributes of its namespace."""
    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def _set_defaults(paper: Any) -> None:
    style = paper.styles["Normal"]
    style.font.name, style.font.size = TYPEFACE, Pt(BODY)
    properties = style.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)
    for name in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{name}"), TYPEFACE)
    for language in paper.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "vi-VN")
    style.paragraph_format.space_after = Pt(0)


def _set_page(section: Section, wide: bool) -> None:
    short, long = (Mm(length) for length in A4)
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (long, short) if wide else (short, long)
    section.top_margin, section.bottom_margin = Mm(MARGINS["top"]), Mm(MARGINS["bottom"])
    section.left_margin, section.right_margin = Mm(MARGINS["left"]), Mm(MARGINS["right"])
    section.header_distance = section.footer_distance = Mm(_TO_PAGE_NUMBER)


def _number_pages(section: Section) -> None:
    """The page's number in the middle of the top margin, not on the first page."""
    section.different_first_page_header_footer = True
    for part in (section.header, section.first_page_header):
        part.is_linked_to_previous = False
    line = section.header.paragraphs[0]
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for piece in _field("PAGE"):
        made = line.add_run()
        made.font.size = Pt(BODY)
        made._r.append(piece)


def _field(name: str) -> Iterator[Any]:
    yield made_element("w:fldChar", fldCharType="begin")
    code = OxmlElement("w:instrText")
    code.text = name
    yield code
    yield made_element("w:fldChar", fldCharType="separate")
    shown = OxmlElement("w:t")
    shown.text = "2"
    yield shown
    yield made_element("w:fldChar", fldCharType="end")


def _midnight(day: date) -> Any:
    from datetime import datetime

    return datetime(day.year, day.month, day.day)
