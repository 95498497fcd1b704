"""Pages of words and rules put together to one text that reads on over columns, tables and page breaks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from extractors.mending import mended
from extractors.model import Box, Document, Line, Medium, ScannedWord
from pipeline.reading.builder import Builder
from pipeline.reading.columns import pieces_of
from pipeline.reading.layout import Row, Word, piece, rows_of
from pipeline.reading.pagetables import LongTable, PagedPiece, begun, carried_on
from pipeline.reading.pictures import COVERED
from pipeline.reading.running import running_rows
from pipeline.reading.stamps import Stamp, fine_print, placed
from pipeline.reading.tables import Edge, Grid, TooComplex, grids_of
from pipeline.reading.wraps import rejoined

_FEW_CHARS = 100


def as_is(box: Box) -> Box:
    """The box of a page that is read as it is displayed."""
    return box


@dataclass(frozen=True, slots=True)
class PageContent:
    """What stands on a page. `pictured` is the share of its area that pictures cover (may exceed 1).

    `recognised` where its words lie unseen under a picture: a scanner's own recognition of it. `scanned` where they
    were recognised here. `unread` is why that failed (the code of an error), empty where it did not.

    Where the page had to be turned to read from left to right, all boxes are those of the turned page, `width` and
    `height` too, and `displayed` leads a box back to the page as it is displayed. `headings` are lines of stamps of
    secrecy and urgency: they stand before all else; `pictures` are the places where more of them may lie.
    """

    width: float
    height: float
    words: tuple[Word, ...]
    stamps: tuple[Stamp, ...] = ()
    edges: tuple[Edge, ...] = ()
    pictured: float = 0.0
    recognised: bool = False
    turned: int = 0
    displayed: Callable[[Box], Box] = as_is
    scanned: bool = False
    unread: str = ""
    headings: tuple[Row, ...] = ()
    pictures: tuple[Box, ...] = ()

    @property
    def readable(self) -> bool:
        """Whether the page has text; a few words on the picture of a page (a stamp, a page number) are none."""
        if self.pictured > COVERED and not self.scanned:
            return sum(len(word.text) for word in self.words) >= _FEW_CHARS
        return bool(self.words) or (not self.scanned and any(stamp.words for stamp in self.stamps))


@dataclass(slots=True)
class Page:
    """One page: rows outside of tables, tables, what a signature says of itself, stamps printed in a wrong place.

    `crowded` where it has too many rules to look for tables.
    """

    number: int
    content: PageContent
    rows: list[Row]
    grids: list[Grid]
    blocks: tuple[tuple[Row, ...], ...]
    moved: int
    chars: int
    crowded: bool


def page_of(number: int, content: PageContent, above: Grid | None) -> Page:
    """The page with its tables found; `above` is the last table of the page before."""
    stamps = placed(content.stamps, content.words)
    words = [*content.words, *stamps.words]
    try:
        grids, rest = grids_of(content.edges, words, above)
        crowded = False
    except TooComplex:
        grids, rest, crowded = [], words, True
    rest, fine = fine_print(rest) if not (content.turned or content.scanned) else (rest, ())
    return Page(
        number=number,
        content=content,
        rows=rows_of(rest),
        grids=grids,
        blocks=(*stamps.blocks, fine) if fine else stamps.blocks,
        moved=stamps.moved,
        chars=sum(len(w.text) for w in words),
        crowded=crowded,
    )


def document_of(pages: Sequence[Page], sha256: str, format: str) -> Document:
    """All readable pages as one document; those that are not are issues."""
    builder = Builder()
    readable = [page for page in pages if page.content.readable]
    _add_pages(builder, readable)
    displayed = {p.number: p.content.displayed for p in pages if p.content.displayed is not as_is}
    if displayed:
        builder.lines = [_line_as_displayed(line, displayed.get(line.page or 0)) for line in builder.lines]
        builder.words = _words_as_displayed(builder, displayed)
    _add_issues(builder, pages)
    scanned = sum(page.chars for page in readable if page.content.scanned)
    medium: Medium = "scan" if 2 * scanned > sum(page.chars for page in readable) else "text"
    document = builder.document(sha256, format, len(pages))
    text = (
        mended(document.text, [(word.start, word.end) for word in document.words]) if document.words else document.text
    )
    return replace(document, medium=medium, text=text)


def _add_issues(builder: Builder, pages: Sequence[Page]) -> None:
    """What was not read, or doubtfully, page by page; no words of the document, since issues are logged."""
    for page in pages:
        if page.content.unread:
            builder.issue("page.not_recognised", f"page {page.number} is a picture: {page.content.unread}")
        elif page.content.pictured and not page.content.readable:
            builder.issue("page.no_text", f"page {page.number} holds only pictures and no text")
        if page.crowded:
            builder.issue("table.too_complex", f"page {page.number} has too many rules to look for tables")
        if page.moved:
            builder.issue("stamp.misplaced", f"page {page.number}: {page.moved} stamped text(s) put into their blanks")
    if recognised := sum(1 for page in pages if page.content.recognised and page.content.readable):
        builder.issue("text.recognised", f"{recognised} page(s) of text that a scanner recognised")


def _line_as_displayed(line: Line, displayed: Callable[[Box], Box] | None) -> Line:
    """A line of a page that was turned for reading, with its box on the page as it is displayed."""
    if displayed is None or line.box is None:
        return line
    return replace(line, box=displayed(line.box))


def _words_as_displayed(builder: Builder, displayed: dict[int, Callable[[Box], Box]]) -> list[ScannedWord]:
    """The recognised words with their boxes on the pages as displayed; the lines know the pages."""
    lines = iter(builder.lines)
    line = next(lines, None)
    out = []
    for word in builder.words:
        while line is not None and line.end < word.end:
            line = next(lines, None)
        turn = displayed.get(line.page or 0) if line else None
        out.append(replace(word, box=turn(word.box)) if turn else word)
    return out


def _add_pages(builder: Builder, pages: Sequence[Page]) -> None:
    """The pages one after the other without their running heads; what signatures say of themselves comes last."""
    running = running_rows([(p.rows, p.content.height) for p in pages])
    flow: list[PagedPiece] = []
    table: LongTable | None = None
    for page, drop in zip(pages, running, strict=True):
        flow += [(piece(row), page.number) for row in page.content.headings]
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
        builder.add(one.text, number, one.box, one.column, one.bold, one.words)


def _end_table(builder: Builder, table: LongTable | None) -> None:
    if table:
        builder.table(table.rows, lambda cell: _add_flow(builder, table.cells[cell]), table.page)
