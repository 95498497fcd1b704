"""DOCX through python-docx: paragraphs and tables in document order, with the numbers that Word would print."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.package import Package
from lxml import etree

from extractors.model import Document
from pipeline.errors import DamagedFile, NoText, TooLarge
from pipeline.reading.blocks import add_page_marks
from pipeline.reading.builder import Builder
from pipeline.reading.docxfonts import DocxFonts
from pipeline.reading.docxnumbering import Numbering
from pipeline.reading.docxtext import paragraph_lines
from pipeline.reading.textcolumns import TextLine, told_apart
from pipeline.reading.textgrid import add_grid

MAX_ENTRIES = 10_000
MAX_UNPACKED = 400 * 1024 * 1024
MAX_PART = 64 * 1024 * 1024
MAX_RATIO = 300
_SMALL = 8 * 1024 * 1024
_MAX_DEPTH = 8
# besides their own exceptions, zipfile and python-docx raise these where what the format prescribes is missing
_BROKEN = (
    PackageNotFoundError,
    zipfile.BadZipFile,
    zlib.error,
    etree.LxmlError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)
_HOLDERS = {qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:customXml"), qn("w:smartTag")}


def read_docx(data: bytes, sha256: str) -> Document:
    """The document of a DOCX file; its lines know column and weight, but no page.

    Raises DamagedFile, NoText, and TooLarge for a file that unpacks beyond all measure.
    """
    _check_package(data)
    try:
        main = Package.open(io.BytesIO(data)).main_document_part
        reader = _Reader(main)
        reader.read()
    except _BROKEN as error:
        raise DamagedFile(format="docx", reason=type(error).__name__) from error
    if not reader.builder.lines:
        raise NoText(format="docx")
    return reader.builder.document(sha256, "docx")


def _check_package(data: bytes) -> None:
    """Before anything is unpacked: sizes as the archive itself states them, which unpacking cannot exceed."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            prolog = b""
            if "word/document.xml" in archive.namelist():
                with archive.open("word/document.xml") as part:
                    prolog = part.read(4096)
    except _BROKEN as error:
        raise DamagedFile(format="docx", reason=type(error).__name__) from error
    total = sum(e.file_size for e in entries)
    if len(entries) > MAX_ENTRIES:
        raise TooLarge(format="docx", what="entries", size=len(entries), limit=MAX_ENTRIES)
    if total > MAX_UNPACKED:
        raise TooLarge(format="docx", what="unpacked", size=total, limit=MAX_UNPACKED)
    for entry in entries:
        xml = entry.filename.endswith((".xml", ".rels"))
        ratio = entry.file_size / max(1, entry.compress_size)
        if xml and (entry.file_size > MAX_PART or (entry.file_size > _SMALL and ratio > MAX_RATIO)):
            raise TooLarge(format="docx", what="unpacked", size=entry.file_size, limit=MAX_PART)
    if b"<!DOCTYPE" in prolog or b"<!ENTITY" in prolog:
        raise TooLarge(format="docx", what="entities", size=0, limit=0)


class _Reader:
    """Walks the body of one document and adds its lines."""

    def __init__(self, main: Any) -> None:
        self.builder = Builder()
        self.main = main
        self.body = _root(main).find(qn("w:body"))
        styles = _related(main, "styles")
        self.numbering = Numbering(_related(main, "numbering"), styles)
        self.fonts = DocxFonts(self.body, styles)
        self.lines: list[TextLine] = []

    def read(self) -> None:
        """The body; before it the first page's header, where the letterhead stands there and not in the body."""
        if self.body is None:
            return
        letterhead = self._first_header()
        self._blocks(self.body)
        self._flush()
        if letterhead is not None and not any(line.column is not None for line in self.builder.lines[:20]):
            rest, self.builder = self.builder, Builder()
            self._blocks(letterhead)
            self._flush()
            self.builder.extend(rest)
        if self.builder.lines:
            self._page_marks(letterhead)

    def _page_marks(self, letterhead: Any | None) -> None:
        """What headers and footers print that may be a stamp, after the text."""
        printed: list[str] = []
        for relation in self.main.rels.values():
            if relation.is_external or not relation.reltype.endswith(("/header", "/footer")):
                continue
            root = _root(relation.target_part)
            if root is letterhead:
                continue
            for paragraph in root.iter(qn("w:p")):
                printed += (line.text for line in paragraph_lines(paragraph, self.fonts))
        add_page_marks(self.builder, printed)

    def _blocks(self, holder: Any, depth: int = 0) -> None:
        for child in holder:
            if child.tag == qn("w:p"):
                self.lines += paragraph_lines(child, self.fonts, self.numbering.marker(child))
            elif child.tag == qn("w:tbl"):
                self._flush()
                self._table(child, depth)
            elif child.tag in _HOLDERS:
                self._blocks(child, depth)

    def _flush(self) -> None:
        """Paragraphs that were waiting, so that strips set with tabs are seen as a whole."""
        if not self.lines:
            return
        found = self.builder.lines[:40]
        for line in told_apart(self.lines, head=not any(line.column is not None for line in found)):
            if line.text.strip():
                self.builder.add(line.text, column=line.column, bold=line.bold)
            else:
                self.builder.blank()
        self.lines = []

    def _table(self, table: Any, depth: int) -> None:
        rows, cells = _grid(table)
        filled = {n for n, cell in enumerate(cells) if any(True for _ in _texts(cell))}
        if not filled or depth > _MAX_DEPTH:
            return

        def add_cell(cell: int, column: int | None = None) -> None:
            self._cell(cells[cell], column, depth)

        add_grid(self.builder, rows, filled, _ruled(table), add_cell)

    def _cell(self, cell: Any, column: int | None, depth: int) -> None:
        """The lines of a cell; a table inside is read as lines too."""
        self._flush()
        before = len(self.builder.tables)
        first = len(self.builder.lines)
        self._blocks(cell, depth + 1)
        lines, self.lines = self.lines, []
        for line in lines:
            self.builder.add(line.text, column=column, bold=line.bold)
        del self.builder.tables[before:]
        if column is not None:
            self.builder.set_column(first, column)

    def _first_header(self) -> Any | None:
        """The header of the first page, where some offices keep their letterhead."""
        for section in self.body.iter(qn("w:sectPr")):
            for reference in section.findall(qn("w:headerReference")):
                if reference.get(qn("w:type")) == "first" and section.find(qn("w:titlePg")) is not None:
                    part = self.main.related_parts.get(reference.get(qn("r:id")))
                    root = _root(part) if part is not None else None
                    return root if root is not None and root.find(qn("w:tbl")) is not None else None
            return None
        return None


def _root(part: Any) -> Any:
    """The XML of a part; python-docx parses only the parts whose content type it knows."""
    element = getattr(part, "element", None)
    return element if element is not None else parse_xml(part.blob)


def _related(main: Any, kind: str) -> Any | None:
    for relation in main.rels.values():
        if not relation.is_external and relation.reltype.endswith(f"/{kind}"):
            return _root(relation.target_part)
    return None


def _grid(table: Any) -> tuple[list[list[int]], list[Any]]:
    """Rows of numbers of cells, and the cells; a merged cell stands in each place it covers."""
    rows: list[list[int]] = []
    cells: list[Any] = []
    for tr in _children(table, "w:tr"):
        row: list[int] = _skipped(tr, "w:gridBefore")
        for tc in _children(tr, "w:tc"):
            properties = tc.find(qn("w:tcPr"))
            span, merge = _span(properties)
            above = rows[-1][len(row)] if merge == "continue" and rows and len(row) < len(rows[-1]) else None
            if above is None or above < 0:
                cells.append(tc)
                above = len(cells) - 1
            row += [above] * span
        rows.append(row)
    width = max((len(r) for r in rows), default=0)
    return _padded(rows, cells, width), cells


def _skipped(tr: Any, tag: str) -> list[int]:
    properties = tr.find(qn("w:trPr"))
    child = properties.find(qn(tag)) if properties is not None else None
    return [-1] * min(60, int(child.get(qn("w:val")) or 0)) if child is not None else []


def _padded(rows: list[list[int]], cells: list[Any], width: int) -> list[list[int]]:
    """All rows equally long; places without a cell get an empty one."""
    empty = etree.Element("empty")
    for row in rows:
        row += [-1] * (width - len(row))
        for n, cell in enumerate(row):
            if cell < 0:
                cells.append(empty)
                row[n] = len(cells) - 1
    return rows


def _span(properties: Any | None) -> tuple[int, str | None]:
    """Over how many columns a cell goes, and whether it carries on the one above ("continue")."""
    if properties is None:
        return 1, None
    span = properties.find(qn("w:gridSpan"))
    merge = properties.find(qn("w:vMerge"))
    columns = int(span.get(qn("w:val")) or 1) if span is not None else 1
    return max(1, min(columns, 60)), (merge.get(qn("w:val")) or "continue") if merge is not None else None


def _children(parent: Any, tag: str) -> Iterator[Any]:
    """Children of one kind, also where content controls or revisions wrap them."""
    for child in parent:
        if child.tag == qn(tag):
            yield child
        elif child.tag in _HOLDERS:
            yield from _children(child, tag)


def _ruled(table: Any) -> bool:
    """Whether rules are drawn between the columns; the table's own borders win over its style's."""
    properties = table.find(qn("w:tblPr"))
    borders = properties.find(qn("w:tblBorders")) if properties is not None else None
    inside = borders.find(qn("w:insideV")) if borders is not None else None
    if inside is not None:
        return inside.get(qn("w:val")) not in ("none", "nil")
    style = properties.find(qn("w:tblStyle")) if properties is not None else None
    if borders is None and style is not None and "grid" in (style.get(qn("w:val")) or "").lower():
        return True
    sides = [b for cell in table.iter(qn("w:tcBorders")) for b in cell if b.tag in (qn("w:left"), qn("w:right"))]
    drawn = [b for b in sides if b.get(qn("w:val")) not in ("none", "nil")]
    return len(drawn) > len(sides) / 2


def _texts(cell: Any) -> Iterator[str]:
    for text in cell.iter(qn("w:t")):
        if text.text and text.text.strip():
            yield text.text
