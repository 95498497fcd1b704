"""PDF: pages of words and rules put together to one text that reads on over columns, tables and page breaks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pypdfium2 as pdfium
import pypdfium2.raw as c

from extractors.model import Box, Document, Line
from pipeline.errors import DamagedFile, EncryptedFile, NoText, TooLarge
from pipeline.reading.builder import Builder
from pipeline.reading.columns import pieces_of
from pipeline.reading.layout import Row, piece, rows_of
from pipeline.reading.pagetables import LongTable, PagedPiece, begun, carried_on
from pipeline.reading.pdfpage import COVERED, PageContent, read_page
from pipeline.reading.running import running_rows
from pipeline.reading.stamps import fine_print, placed
from pipeline.reading.tables import Grid, TooComplex, grids_of
from pipeline.reading.wraps import rejoined

MAX_PAGES = 2000
MAX_CHARS = 20_000_000
_FEW_CHARS = 100
_OBJECT = re.compile(rb"\d\s{1,4}\d{1,5}\s{1,4}obj\b")
_START = re.compile(rb"startxref\s{1,4}(\d{1,12})\s")
_TABLE = re.compile(rb"\s*(?:xref|\d+\s+\d+\s+obj)\b")
_PASSWORD = {c.FPDF_ERR_PASSWORD, c.FPDF_ERR_SECURITY}


@dataclass(slots=True)
class _Page:
    """One page: rows outside of tables, tables, what a signature says of itself, stamps printed in a wrong place.

    `crowded` where it has too many rules to look for tables; `pictured`, `recognised`, `turned` as in `PageContent`.
    """

    number: int
    height: float
    rows: list[Row]
    grids: list[Grid]
    blocks: tuple[tuple[Row, ...], ...]
    moved: int
    chars: int
    pictured: float
    width: float
    recognised: bool
    turned: int
    crowded: bool

    @property
    def readable(self) -> bool:
        """Whether the page has text; a few words on the picture of a page (a stamp, a page number) are none."""
        return self.chars > 0 and not (self.pictured > COVERED and self.chars < _FEW_CHARS)


def read_pdf(data: bytes, sha256: str) -> Document:
    """The document of a PDF with text. Boxes are as displayed, in points, from the top left.

    Pages that are pictures only are issues `page.no_text`; a file of nothing else raises NoText. Raises
    DamagedFile, EncryptedFile and TooLarge too.
    """
    pdf = _opened(data)
    try:
        pages = _pages(pdf)
    except pdfium.PdfiumError as error:
        raise DamagedFile(format="pdf", reason=str(error)) from error
    finally:
        pdf.close()
    readable = [p for p in pages if p.readable]
    if not readable:
        raise NoText(format="pdf", pages=len(pages))
    builder = Builder()
    _add_pages(builder, readable)
    sideways = {p.number: p for p in pages if p.turned}
    if sideways:
        builder.lines = [_as_displayed(line, sideways.get(line.page or 0)) for line in builder.lines]
    _add_issues(builder, pages)
    return builder.document(sha256, "pdf", len(pages))


def _add_issues(builder: Builder, pages: Sequence[_Page]) -> None:
    """What was not read, or doubtfully, page by page; no words of the document, since issues are logged."""
    for page in pages:
        if page.pictured and not page.readable:
            builder.issue("page.no_text", f"page {page.number} holds only pictures and no text")
        if page.crowded:
            builder.issue("table.too_complex", f"page {page.number} has too many rules to look for tables")
        if page.moved:
            builder.issue("stamp.misplaced", f"page {page.number}: {page.moved} stamped text(s) put into their blanks")
    if recognised := sum(1 for page in pages if page.recognised and page.readable):
        builder.issue("text.recognised", f"{recognised} page(s) of text that a scanner recognised")


def _as_displayed(line: Line, page: _Page | None) -> Line:
    """A line of a page that was turned for reading, with its box on the page as it is displayed."""
    if page is None or line.box is None:
        return line
    box = line.box
    if page.turned == 90:
        box = Box(box.top, page.width - box.x1, box.bottom, page.width - box.x0)
    else:
        box = Box(page.height - box.bottom, box.x0, page.height - box.top, box.x1)
    return replace(line, box=box)


def _opened(data: bytes) -> pdfium.PdfDocument:
    """The file opened; `data` must live as long as what is returned, since PDFium goes on reading from it."""
    handle = c.FPDF_LoadMemDocument64(data, len(data), None)
    if not handle:
        if c.FPDF_GetLastError() in _PASSWORD:
            raise EncryptedFile(format="pdf")
        raise DamagedFile(format="pdf", reason="syntax" if _whole(data) else "truncated")
    pdf = pdfium.PdfDocument(handle)
    pages = len(pdf)
    reason = "truncated" if not _whole(data) else "no_pages" if pages < 1 else ""
    if reason or pages > MAX_PAGES:
        pdf.close()
        if pages > MAX_PAGES:
            raise TooLarge(format="pdf", what="pages", size=pages, limit=MAX_PAGES)
        raise DamagedFile(format="pdf", reason=reason)
    return pdf


def _whole(data: bytes) -> bool:
    """Whether nothing was cut off: PDFium mends what is left of a file, and what is lost would be missed by nobody.

    The last revision must end where it says where its table of objects stands, and no object may follow. Other bytes
    may, and the mark of the end may be missing where the table is there.
    """
    end = data.rfind(b"startxref")
    if end < 0 or _OBJECT.search(data, end):
        return False
    found = _START.match(data, end)
    return b"%%EOF" in data[end:] or bool(found and _TABLE.match(data, int(found[1])))


def _pages(pdf: pdfium.PdfDocument) -> list[_Page]:
    pages: list[_Page] = []
    total = 0
    for number in range(1, len(pdf) + 1):
        above = pages[-1].grids[-1] if pages and pages[-1].grids else None
        pages.append(_page(number, read_page(pdf, number), above))
        total += pages[-1].chars
        if total > MAX_CHARS:
            raise TooLarge(format="pdf", what="characters", size=total, limit=MAX_CHARS)
    return pages


def _page(number: int, content: PageContent, above: Grid | None) -> _Page:
    stamps = placed(content.stamps, content.words)
    words = [*content.words, *stamps.words]
    try:
        grids, rest = grids_of(content.edges, words, above)
        crowded = False
    except TooComplex:
        grids, rest, crowded = [], words, True
    rest, fine = fine_print(rest) if not content.turned else (rest, ())
    return _Page(
        number=number,
        height=content.height,
        rows=rows_of(rest),
        grids=grids,
        blocks=(*stamps.blocks, fine) if fine else stamps.blocks,
        moved=stamps.moved,
        chars=sum(len(w.text) for w in words),
        pictured=content.pictured,
        width=content.width,
        recognised=content.recognised,
        turned=content.turned,
        crowded=crowded,
    )


def _add_pages(builder: Builder, pages: Sequence[_Page]) -> None:
    """The pages one after the other without their running heads; what signatures say of themselves comes last."""
    running = running_rows([(p.rows, p.height) for p in pages])
    flow: list[PagedPiece] = []
    table: LongTable | None = None
    for page, drop in zip(pages, running, strict=True):
        rows = [row for n, row in enumerate(page.rows) if n not in drop]
        for grid in page.grids:
            above = [row for row in rows if row.top + row.bottom < 2 * grid.top]
            rows = rows[len(above) :]
            if table and not above and carried_on(table, grid, page.number):
                continue
            _end_table(builder, table)
            flow += [(one, page.number) for one in pieces_of(above)]
            _add_flow(builder, flow)
            flow = []
            table = begun(grid, page.number)
        if rows:
            _end_table(builder, table)
            table = None
            flow += [(one, page.number) for one in pieces_of(rows)]
    _end_table(builder, table)
    _add_flow(builder, flow)
    for page in pages:
        for block in page.blocks:
            builder.blank()
            _add_flow(builder, [(piece(row), page.number) for row in block])


def _add_flow(builder: Builder, flow: Sequence[PagedPiece]) -> None:
    """Lines one after the other; symbols broken at a line end, also over a page break, are put together again."""
    for one, number in rejoined(flow):
        builder.add(one.text, number, one.box, one.column, one.bold)


def _end_table(builder: Builder, table: LongTable | None) -> None:
    if table:
        builder.table(table.rows, lambda cell: _add_flow(builder, table.cells[cell]), table.page)
