"""Thể thức: head and foot of a state office's paper.

Source: Decree 30/2020/NĐ-CP, annex I, part II. Number and day of issue are left open: the office gives them when it
issues the paper. What is not known of the office is left open too, and never made up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.shared import Mm

from pipeline.export.forms import printed
from pipeline.export.paper import BOLD, Type, made_element, new_section, paragraph, rule, type_width
from pipeline.export.papertable import write_table
from pipeline.export.sheet import Sheet
from pipeline.followup.settings import Office

_SMALL = Type(size=12)
_SMALL_BOLD = Type(size=12, bold=True)
_NUMBER = Type(size=13)
_DATE = Type(size=14, italic=True)
_NOTE = Type(size=12, italic=True)
_MOTTO = Type(size=13, bold=True)
_MOTTO_WIDTH = 53.5  # of the motto in bold 13
_LEFT = 0.44  # of the width of the type; annex I draws the head so
_CAPITAL = 0.62  # mean width of a bold capital, in its size
_POINT = 0.3528
_TO_SIGN = 4  # empty lines for the signature and the seal
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")


@dataclass(frozen=True, slots=True)
class Heading:
    """What one paper says of itself.

    `year` of issue. `symbol` is what stands behind the number's stroke ("BC-STC"); None leaves it open, "" means that
    the paper bears no number of its own (a printed table). `about` is the subject of a letter, which stands under its
    number; None for papers that have a name.
    """

    year: int
    symbol: str | None = None
    about: str | None = None


def write_head(paper: Any, office: Office, heading: Heading) -> None:
    """Cơ quan ban hành, Quốc hiệu, số, địa danh và ngày: the head of the first page."""
    width = type_width(paper)
    left, right = _two_cells(paper, (_LEFT * width, (1 - _LEFT) * width), rows=2)
    _write_issuer(left[0], office, _LEFT * width)
    _write_country(right[0], (1 - _LEFT) * width)
    place = office.place or printed("page.unknown_short")
    paragraph(right[1], printed("page.date", place=place, year=heading.year), _DATE, "centre")
    if heading.symbol != "":
        symbol = heading.symbol or printed("page.unknown_short")
        paragraph(left[1], printed("page.number", symbol=symbol), _NUMBER, "centre")
    if heading.about:
        paragraph(left[1], printed("page.about", subject=heading.about), _SMALL, "centre")
    _drop_first_lines(*left, *right)


def write_title(paper: Any, name: str, abstract: str = "", *, ruled: bool = True) -> None:
    """Tên loại và trích yếu in the middle, with a rule below."""
    paragraph(paper, name, BOLD, "centre", before=18, keep=True)
    if abstract:
        paragraph(paper, abstract, BOLD, "centre", before=0, keep=True)
    if ruled:
        rule(paper, 40, type_width(paper), before=3, after=6)


def write_addressees(paper: Any, names: Sequence[str]) -> None:
    """Kính gửi: one on the same line, several below each other with dashes."""
    words = printed("page.addressees")
    if len(names) == 1:
        paragraph(paper, f"{words} {names[0]}", where="centre", before=18, after=6)
        return
    start = 0.30 * type_width(paper)
    paragraph(paper, words, where="left", before=18).paragraph_format.left_indent = Mm(start)
    for number, name in enumerate(names, 1):
        end = "." if number == len(names) else ";"
        line = paragraph(paper, f"- {name}{end}", where="left", before=0, after=6 if end == "." else 0)
        line.paragraph_format.left_indent = Mm(start + 19)


def write_foot(paper: Any, office: Office, recipients: Sequence[str]) -> None:
    """Nơi nhận to the left, who signs to the right; the two never part from each other."""
    width = type_width(paper)
    paragraph(paper, "", Type(size=6), before=0, keep=True)
    (left,), (right,) = _two_cells(paper, (0.45 * width, 0.55 * width), rows=1)
    if recipients:
        paragraph(left, printed("page.recipients"), Type(size=12, bold=True, italic=True), "left", before=0)
    for one in recipients:
        paragraph(left, f"- {one}", Type(size=11), "left", before=0)
    unknown = printed("page.unknown")
    for line in (office.signer_authority or "").split("\n") + (office.signer_title or unknown).split("\n"):
        if line:
            paragraph(right, line.upper(), BOLD, "centre", before=0, keep=True)
    for _ in range(_TO_SIGN):
        paragraph(right, "", where="centre", before=0, keep=True)
    paragraph(right, office.signer_name or unknown, BOLD, "centre", before=0)
    _drop_first_lines(left, right)


def write_annex(
    paper: Any,
    number: int | None,
    sheet: Sheet,
    kind: str,
    office: Office,
    heading: Heading,
) -> None:
    """Phụ lục: a new page with its number (None: the only one), the paper that it belongs to, and its table.

    `kind` is how that paper is called in a sentence.
    """
    new_section(paper, wide=not sheet.upright)
    label = printed("page.annex", number=_ROMAN[number - 1] if number else "").strip()
    paragraph(paper, label, BOLD, "centre", before=0, keep=True)
    paragraph(paper, sheet.title, BOLD, "centre", before=0, keep=True)
    unknown = printed("page.unknown_short")
    words = printed(
        "page.annexed_to",
        paper=kind,
        symbol=heading.symbol or unknown,
        year=heading.year,
        office=office.full_name or unknown,
    )
    paragraph(paper, words, Type(italic=True), "centre", before=0, keep=True)
    rule(paper, 40, type_width(paper), before=3, after=6)
    for line in sheet.above:
        paragraph(paper, line, _NOTE, "centre", before=0, after=4, keep=True)
    write_table(paper, sheet)
    for line in sheet.below:
        paragraph(paper, line, _NOTE, before=2)


def _write_issuer(cell: Any, office: Office, width: float) -> None:
    name = (office.name or printed("page.unknown")).upper()
    if office.parent:
        paragraph(cell, office.parent.upper(), _SMALL, "centre", before=0)
    paragraph(cell, name, _SMALL_BOLD, "centre", before=0)
    longest = min(len(name) * _SMALL.size * _CAPITAL * _POINT, width)
    rule(cell, 0.4 * longest, width)


def _write_country(cell: Any, width: float) -> None:
    paragraph(cell, printed("page.country"), _SMALL_BOLD, "centre", before=0)
    paragraph(cell, printed("page.motto"), _MOTTO, "centre", before=0)
    rule(cell, _MOTTO_WIDTH, width)


def _two_cells(paper: Any, widths: tuple[float, float], rows: int) -> tuple[list[Any], list[Any]]:
    """The cells of two columns without lines, each as a list from the top."""
    table = paper.add_table(rows=rows, cols=2)
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    padding = made_element("w:tblCellMar")
    for side in ("left", "right"):
        padding.append(made_element(f"w:{side}", w="0", type="dxa"))
    table._tbl.tblPr.insert_element_before(padding, "w:tblLook", "w:tblCaption", "w:tblDescription")
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)
    for row in table.rows:
        row._tr.get_or_add_trPr().append(made_element("w:cantSplit"))
    left, right = (list(column.cells) for column in table.columns)
    return left, right


def _drop_first_lines(*cells: Any) -> None:
    """A new cell begins with an empty line, which is in the way once others stand in it."""
    for cell in cells:
        if len(cell.paragraphs) > 1:
            first = cell.paragraphs[0]._p
            first.getparent().remove(first)
