"""Bố cục văn bản: where letterhead, body, signature, Nơi nhận and appendices of a dispatch stand."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

import regex

from extractors.closing import Closing, read_closing
from extractors.landmarks import matches
from extractors.letterhead import Letterhead
from extractors.letterhead_reader import read_letterhead
from extractors.model import Document, Issue, Span
from extractors.number import read_number
from extractors.pieces import Piece, cut_line, is_running, number_label
from extractors.text import skeleton

_PAGE_HEAD = 200.0
_DATED = regex.compile(r"ngay(.{0,8}?)thang.{0,8}?nam \d{4}")
_MOTTO = regex.compile(r"hoa\s+xa\s+hoi\s+chu\s+nghia\s+viet\s+nam")
_RULE = regex.compile(r"[\s_=*~-]{3,}")


@dataclass(frozen=True, slots=True)
class Sections:
    """The parts of one dispatch, each a stretch of `Document.text`; None or empty where there is none.

    `body` runs from after letterhead, subject and addressees to before signature and Nơi nhận; appendices come after
    those. `attached` is a second dispatch bound in, with its own letterhead: it belongs to nothing else. `noise` are
    lines inside other parts that a reader passes over: running heads, page numbers, digital signature blocks.
    """

    letterhead: Span | None
    body: Span | None
    signature: Span | None
    recipients: Span | None
    appendices: tuple[Span, ...] = ()
    attached: Span | None = None
    noise: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """The sections with what was read on the way: the pieces of letterhead and closing."""

    sections: Sections
    head: Letterhead
    closing: Closing
    issues: tuple[Issue, ...] = ()


def read_layout(document: Document) -> Layout:
    """Letterhead, closing and the sections between and after them."""
    lines = document.lines
    if not lines:
        empty = Sections(None, None, None, None)
        return Layout(empty, Letterhead(), Closing(0, 0))
    head = read_letterhead(document)
    if not head.landmarks:  # pages cut out of the middle have no letterhead: all of it is text
        head.body = 0
    end = _text_end(document)
    attached = _attached_line(document, head, end)
    stop = end if attached is None else attached
    closing = read_closing(document, head.body, stop)
    appendix = _first_appendix(document, head.body, closing, stop)
    body_end = min(closing.start, appendix if appendix is not None else stop)
    sections = Sections(
        letterhead=_letterhead_span(document, head),
        body=_body_span(document, head, body_end, closing),
        signature=_pieces_span(closing.signature),
        recipients=_pieces_span([closing.label, *closing.recipients] if closing.label else closing.recipients),
        appendices=tuple(_appendices(document, closing, appendix, stop)),
        attached=_lines_span(document, stop, end),
        noise=tuple(_noise(document, head.body)),
    )
    issues: tuple[Issue, ...] = ()
    if sections.attached:
        issues = (Issue("attached.second_dispatch", "a second dispatch is bound into the file", sections.attached),)
    return Layout(sections, head, closing, issues)


def _text_end(document: Document) -> int:
    """The line after the last page's: words of visible signatures may follow, in lines of pages before it.

    Cells of a row that a page break cuts through go back and forth between two pages.
    """
    lines = document.lines
    starts = [table.start for table in document.tables]
    for n in range(len(lines) - 1, 0, -1):
        page, before = lines[n].page, lines[n - 1].page
        if page is not None and before is not None and page < before:
            at = bisect_right(starts, lines[n].start) - 1
            if at < 0 or lines[n].start > document.tables[at].end:
                return n
    return len(lines)


def _lines_span(document: Document, first: int, end: int) -> Span | None:
    if first >= end:
        return None
    return Span(document.lines[first].start, document.lines[end - 1].end)


def _letterhead_span(document: Document, head: Letterhead) -> Span | None:
    if head.body_offset is not None:
        return Span(document.lines[0].start, head.body_offset)
    return _lines_span(document, 0, head.body)


def _body_span(document: Document, head: Letterhead, end: int, closing: Closing) -> Span | None:
    span = _lines_span(document, head.body, end)
    if span is None and closing.label and head.body_offset is not None:  # all of it stands on one line
        span = Span(head.body_offset, max(head.body_offset, closing.label.words.span().start))
    return Span(head.body_offset, span.end) if span and head.body_offset is not None else span


def _pieces_span(pieces: list[Piece]) -> Span | None:
    spans = [p.words.span() for p in pieces]
    return Span(min(s.start for s in spans), max(s.end for s in spans)) if spans else None


def _attached_line(document: Document, head: Letterhead, end: int) -> int | None:
    """The line where a second letterhead with a number of its own begins; None where there is none.

    A motto alone does not make a dispatch: forms among the appendices print it too, with dots for a number.
    """
    own = read_number(head.number).number if head.number else None
    for n in _motto_lines(document, head.body):
        if n >= end:
            break
        number = _number_near(document, n)
        if number and (own is None or number != own.value):
            return _letterhead_start(document, n, head.body)
        if number is None and head.scanned and _is_page_head(document, n) and _filled_near(document, n):
            return _letterhead_start(document, n, head.body)
    return None


def _motto_lines(document: Document, body: int) -> Iterator[int]:
    """Lines after the letterhead that hold the national motto, cheaply found."""
    if body >= len(document.lines):
        return
    first = document.lines[body].start
    key = skeleton(document.text)[first:]
    for m in _MOTTO.finditer(key):
        n = bisect_right(document.lines, first + m.start(), key=lambda line: line.start) - 1
        line = document.lines[n]
        before = document.text[line.start : first + m.start()]
        if line.end - line.start < 130 and before.isupper() and ":" not in before and "NƯỚC" not in before:
            yield n


def _number_near(document: Document, n: int) -> str | None:
    """The number that a letterhead around a motto line prints in digits, if its own date line is there too."""
    number, dated = None, False
    for k in range(max(0, n - 5), min(n + 10, len(document.lines))):
        for piece in cut_line(document, k):
            if number is None and (m := number_label(piece.text, piece.key)) and m.start() < 4 and len(piece.text) < 60:
                found = read_number(piece)
                number = found.number.value if found.number else None
            dated = dated or bool(_DATED.search(piece.key) and len(piece.text) < 70)
        if number and dated:
            return number
    return None


def _is_page_head(document: Document, n: int) -> bool:
    """Whether a line stands where the letterhead of a page does, on a page after the first."""
    line = document.lines[n]
    return line.box is not None and line.page not in (None, 1) and line.box.top < _PAGE_HEAD


def _filled_near(document: Document, n: int) -> bool:
    """Whether a letterhead around a motto line, read on a scan, has a number line and something in its blanks."""
    symbol = filled = dated = False
    for k in range(max(0, n - 8), min(n + 8, len(document.lines))):
        for piece in cut_line(document, k):
            if number_label(piece.text, piece.key):
                read = read_number(piece)
                symbol = symbol or read.symbol is not None or "/" in piece.text
                filled = filled or any(i.code == "number.unreadable" for i in read.issues)
            if m := _DATED.search(piece.key):
                dated, filled = True, filled or bool(m[1].strip(" .…_"))
    return symbol and filled and dated


def _letterhead_start(document: Document, n: int, floor: int) -> int:
    """The first line of the letterhead that holds line n: what stands above and left of the motto belongs to it."""
    if _is_page_head(document, n):
        page = document.lines[n].page
        while n - 1 > floor and document.lines[n - 1].page == page:
            n -= 1
        return n
    while n - 1 > floor:
        line = document.lines[n - 1]
        text = document.text[line.start : line.end].strip(" *_|#-")
        if not text.isupper() or len(text) > 70 or matches("appendix", skeleton(text)):
            break
        n -= 1
    return n


def _first_appendix(document: Document, body: int, closing: Closing, stop: int) -> int | None:
    """The first line of an appendix: after the closing, or inside the text where there is no closing."""
    first = closing.end if closing.end > closing.start else body + 1
    for n in range(first, stop):
        line = document.lines[n]
        if line.end - line.start <= 140 and _opens_appendix(document, n, body):
            return n
    return None


def _opens_appendix(document: Document, n: int, body: int) -> bool:
    line = document.lines[n]
    key = skeleton(document.text)[line.start : line.end].strip(" *_|#")
    if not key.startswith(("phu", "bieu", "mau")) or not matches("appendix", key):
        return False
    text = document.text[line.start : line.end]
    return text.strip(" *_|#").upper().startswith(("PHỤ", "BIỂU", "MẪU")) and (text.isupper() or len(text) < 70)


def _appendices(document: Document, closing: Closing, first: int | None, stop: int) -> Iterator[Span]:
    """What follows the closing, cut at headings of appendices; an annexed paper with a title of its own comes first."""
    start = closing.end if closing.end > closing.start else first
    if start is None or start >= stop:
        return
    cuts = [start]
    for n in range(start + 1, stop):
        line = document.lines[n]
        if line.end - line.start <= 140 and _opens_appendix(document, n, start):
            cuts.append(n)
    for a, b in zip(cuts, [*cuts[1:], stop], strict=True):
        span = _lines_span(document, a, b)
        if span and not all(_is_noise(document, n) for n in range(a, b)):
            yield span


def _is_noise(document: Document, n: int) -> bool:
    """Whether a line is a running head, a page number, part of a signature block or a rule."""
    line = document.lines[n]
    if line.end - line.start > 120:
        return False
    key = skeleton(document.text)[line.start : line.end]
    return is_running(key) or _RULE.fullmatch(key) is not None


def _noise(document: Document, body: int) -> Iterator[Span]:
    """Running heads, page numbers and signature blocks after the letterhead."""
    for n in range(body, len(document.lines)):
        if _is_noise(document, n):
            yield Span(document.lines[n].start, document.lines[n].end)
