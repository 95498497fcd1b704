"""Bảng trên giấy: a table as it is printed: lines around every cell, its heading repeated on each page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from textwrap import wrap
from typing import Any
from xml.sax.saxutils import escape

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt

from pipeline.errors import CongvanError
from pipeline.export.forms import printed
from pipeline.export.paper import printable, type_width
from pipeline.export.sheet import Cell, Column, Group, Kind, Link, Row, Sheet, Total

MOST_ROWS = 5000
_SIZES = (13, 12, 11, 10, 9)
_CHARACTER = 0.46 * 0.3528  # mean width of a character, in millimetres for each point of its size
_BOLD = 1.3  # how much wider the letters of a heading are
_LEADING = 1.2  # of a line, in the size of its type
_PADDING = 1.2  # left and right of what stands in a cell, in millimetres
_TWIPS = 56.693  # in a millimetre
_LOW = 15  # lines of a row
_CENTRED = frozenset({"serial", "number", "day", "percent"})


class PaperTooLong(CongvanError):
    """The table has more rows than anybody prints (details: most)."""

    code = "paper_too_long"


@dataclass(frozen=True, slots=True)
class _Set:
    """Words in a cell and how they are set. `span` columns are one cell; `down`: it begins ("restart") or goes on with
    ("continue") a cell of several rows."""

    words: str
    align: str = "left"
    bold: bool = False
    italic: bool = False
    span: int = 1
    down: str = ""


def write_table(paper: Any, sheet: Sheet, *, keep_end: bool = False) -> None:
    """Add the table of a sheet to a paper; its title and what stands around it are the caller's business. `keep_end`
    holds the last row on the page of what follows. Raises PaperTooLong."""
    widths = _widths([_share(column) for column in sheet.columns], type_width(paper))
    size = _size(sheet.columns, widths)
    table = parse_xml(_frame(widths))
    for cells in _headings(sheet):
        table.append(parse_xml(_row(cells, widths, size, head=True)))
    for count, cells in enumerate(_rows(sheet)):
        if count == MOST_ROWS:
            raise PaperTooLong(most=MOST_ROWS)
        table.append(parse_xml(_row(cells, widths, size)))
        if cells[0].span > 1:  # a line over others goes where they go
            _keep(table[-1])
    if keep_end:
        _keep(table[-1])
    end = paper.element.body
    end.insert(len(end) - 1, table)  # before the properties of the section
    after = paper.add_paragraph()  # two tables that touch become one
    after.paragraph_format.line_spacing = Pt(6)
    after.paragraph_format.keep_with_next = keep_end or None


def shown(value: Cell, kind: Kind = "text") -> str:
    """A cell as people write it: dd/mm/yyyy, a comma in fractions, nothing for what is not known.

    >>> shown(date(2022, 3, 9)), shown(98.627, "percent"), shown(None), shown(1200, "number")
    ('09/03/2022', '98,63%', '', '1.200')
    """
    if value is None:
        return ""
    if isinstance(value, Link):
        return value.words
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, str) or kind == "serial":
        return str(value)
    if kind == "percent":
        return f"{value:.2f}%".replace(".", ",")
    words = f"{value:,}" if isinstance(value, int) else f"{value:,.2f}"
    return words.translate(str.maketrans(",.", ".,"))


def _headings(sheet: Sheet) -> Iterator[list[_Set]]:
    """The lines of the heading: one, or two where columns stand together under another one; then their numbers."""
    if any(column.over for column in sheet.columns):
        yield from _two_lines(sheet.columns)
    else:
        yield [_Set(column.title, "center", bold=True) for column in sheet.columns]
    if sheet.numbered:
        yield [_Set(f"({number})", "center", italic=True) for number in range(1, len(sheet.columns) + 1)]


def _two_lines(columns: Sequence[Column]) -> Iterator[list[_Set]]:
    upper: list[_Set] = []
    for over, group in groupby(columns, key=lambda column: column.over):
        below = list(group)
        if over:
            upper.append(_Set(over, "center", bold=True, span=len(below)))
        else:
            upper += [_Set(column.title, "center", bold=True, down="restart") for column in below]
    yield upper
    yield [_Set(column.title, "center", bold=True) if column.over else _Set("", down="continue") for column in columns]


def _rows(sheet: Sheet) -> Iterator[list[_Set]]:
    is_empty = True
    for row in sheet.rows:
        is_empty = False
        yield _cells(row, sheet.columns)
    if is_empty:
        yield _cells(Group(printed("page.nothing")), sheet.columns)


def _cells(row: Row, columns: Sequence[Column]) -> list[_Set]:
    if isinstance(row, Group):
        return [_Set(row.words, bold=True, span=len(columns))]
    values: Iterable[Cell] = row.cells if isinstance(row, Total) else row
    return [
        _Set(shown(cell, c.kind), "center" if c.kind in _CENTRED else "left", bold=isinstance(row, Total))
        for cell, c in zip(values, columns, strict=True)
    ]


def _share(column: Column) -> int:
    """The width of a column in characters: as it is told, and no less than a word of its heading."""
    return max(column.width, *(round(_BOLD * len(word)) + 2 for word in column.title.split() or [""]))


def _widths(shares: Sequence[int], width: float) -> list[int]:
    """The widths of columns in twentieths of a point, together the whole width."""
    whole = round(width * _TWIPS)
    out = [whole * share // sum(shares) for share in shares]
    out[-1] += whole - sum(out)
    return out


def _size(columns: Sequence[Column], widths: Sequence[int]) -> float:
    """The largest type in which the columns hold as many characters as they are made for."""
    for size in _SIZES:
        room = [(width / _TWIPS - 2 * _PADDING) / (size * _CHARACTER) for width in widths]
        if sum(room) >= sum(_share(column) for column in columns):
            return size
    return _SIZES[-1]


def _frame(widths: Sequence[int]) -> str:
    lines = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    pads = "".join(f'<w:{side} w:w="{round(_PADDING * _TWIPS)}" w:type="dxa"/>' for side in ("left", "right"))
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblBorders>{lines}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{pads}</w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
        "</w:tbl>"
    )


def _row(cells: Sequence[_Set], widths: Sequence[int], size: float, *, head: bool = False) -> str:
    # only a low row is kept on one page: what is higher than a page would else be cut off
    out, at, lines = "", 0, 0.0
    for cell in cells:
        width = sum(widths[at : at + cell.span])
        out += _cell(cell, width, size, head)
        at += cell.span
        lines = max(lines, cell.words.count("\n") + len(cell.words) * size * _CHARACTER * _TWIPS / width)
    kept = "<w:cantSplit/>" if head or lines <= _LOW else ""
    high = f'<w:trHeight w:val="{_half_height(cells, widths, size)}" w:hRule="atLeast"/>' if head else ""
    marks = f"<w:trPr>{kept}{high}{'<w:tblHeader/>' if head else ''}</w:trPr>"
    return f"<w:tr {nsdecls('w')}>{marks}{out}</w:tr>"


def _half_height(cells: Sequence[_Set], widths: Sequence[int], size: float) -> int:
    """How high at least each of two lines of headings is, in twentieths of a point: where a heading goes over both,
    LibreOffice makes them no higher for it on the pages on which they are repeated."""
    lines, at = 0, 0
    for cell in cells:
        if cell.down == "restart":
            room = (widths[at] / _TWIPS - 2 * _PADDING) / (size * _CHARACTER * _BOLD)
            lines = max(lines, len(wrap(cell.words, max(1, int(room)), break_long_words=False)))
        at += cell.span
    return round(20 * (lines * size * _LEADING + 4) / 2)


def _cell(cell: _Set, width: int, size: float, head: bool) -> str:
    shape = f'<w:tcW w:w="{width}" w:type="dxa"/>'
    shape += f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else ""
    shape += f'<w:vMerge w:val="{cell.down}"/>' if cell.down else ""
    shape += '<w:vAlign w:val="center"/>' if head else ""
    return f"<w:tc><w:tcPr>{shape}</w:tcPr>{_paragraph(cell, size)}</w:tc>"


def _paragraph(cell: _Set, size: float) -> str:
    half = round(2 * size)
    style = ("<w:b/>" if cell.bold else "") + ("<w:i/>" if cell.italic else "")
    how = f'<w:rPr>{style}<w:sz w:val="{half}"/><w:szCs w:val="{half}"/></w:rPr>'
    lines = escape(printable(cell.words)).replace("\r\n", "\n").split("\n")
    words = "<w:br/>".join(f'<w:t xml:space="preserve">{line}</w:t>' for line in lines)
    return (
        f'<w:p><w:pPr><w:spacing w:before="20" w:after="20"/><w:jc w:val="{cell.align}"/></w:pPr>'
        f"<w:r>{how}{words}</w:r></w:p>"
    )


def _keep(row: Any) -> None:
    for shape in row.xpath(".//w:pPr"):
        shape.insert(0, parse_xml(f"<w:keepNext {nsdecls('w')}/>"))
