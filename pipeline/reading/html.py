"""HTML through lxml: saved pages of law portals, the document told apart from menus by where its text stands."""

from __future__ import annotations

import email
import email.errors
import email.policy
import re
from collections.abc import Iterator
from typing import Any

import lxml.html
from lxml import etree

from extractors.model import Document
from pipeline.errors import DamagedFile, NoText
from pipeline.reading.builder import Builder
from pipeline.reading.encoding import decoded
from pipeline.reading.fonts import Fonts, Run, font_named
from pipeline.reading.textcolumns import TextLine, told_apart
from pipeline.reading.textgrid import flow, halves, places

_LEFT_OUT = {
    "script", "style", "noscript", "template", "head", "nav", "footer", "aside", "iframe", "object", "embed", "svg",
    "canvas", "button", "select", "textarea", "input", "audio", "video", "dialog", "menu",
}  # fmt: skip
_BLOCKS = {
    "address", "article", "blockquote", "body", "caption", "center", "dd", "div", "dl", "dt", "fieldset", "figure",
    "figcaption", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "ol", "p", "pre",
    "section", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
}  # fmt: skip
_MENUS = ("div", "ul", "ol", "section", "table", "td", "p", "header", "span", "dl")
_BOLD = {"b", "strong", "h1", "h2", "h3", "h4", "h5", "h6", "th"}
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]{2,30})""", re.IGNORECASE)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HEAVY = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_FAMILY = re.compile(r"font-family\s*:\s*([^;]{1,100})", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\n\f]+")
# lxml takes these in, written out or by their number, and fails as soon as such text is moved
_REFERENCE = re.compile(r"&#(?:x0*([0-9a-f]{1,6})|0*([0-9]{1,7}));?", re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MOSTLY = 0.9
_LINKED = 0.6
_MAX_DEPTH = 200


def read_html(data: bytes, sha256: str, declared: str | None = None) -> Document:
    """The document of a page, without menus, scripts and footers. Raises DamagedFile and NoText."""
    found = _CHARSET.search(data[:4096])
    text, whole = decoded(data, declared or (found[1].decode("ascii") if found else None))
    try:
        root = lxml.html.document_fromstring(_without_controls(_DECLARATION.sub("", text)))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError) as error:
        raise (NoText if "empty" in str(error) else DamagedFile)(format="html") from error
    reader = _Reader()
    reader.read(_container(root))
    builder = reader.builder
    if not builder.lines:
        raise NoText(format="html")
    if not whole:
        builder.issue("text.unreadable_bytes", "some bytes of the file are no text")
    return builder.document(sha256, "html")


def _without_controls(text: str) -> str:
    def shown(found: re.Match[str]) -> str:
        code = int(found[1], 16) if found[1] else int(found[2])
        return " " if code > 0x10FFFF or _CONTROL.match(chr(code)) else found[0]

    return _REFERENCE.sub(shown, _CONTROL.sub(" ", text))


def read_mhtml(data: bytes, sha256: str) -> Document:
    """The page inside a web archive (.mht)."""
    try:
        message = email.message_from_bytes(data, policy=email.policy.compat32)
        parts = [part for part in message.walk() if part.get_content_type() == "text/html"]
        page = parts[0].get_payload(decode=True) if parts else None
    except (email.errors.MessageError, ValueError, LookupError, RecursionError) as error:
        raise DamagedFile(format="mhtml", reason=type(error).__name__) from error
    if not isinstance(page, bytes):
        raise NoText(format="mhtml")
    return read_html(page, sha256, parts[0].get_content_charset())


def _container(root: Any) -> Any:
    """The smallest element that holds nearly all text that is no link: the document itself."""
    _prune(root)
    body = root.find(".//body")
    at = body if body is not None else root
    for _ in range(_MAX_DEPTH):
        whole = len(_own_words(at))
        children = [(len(_own_words(child)), child) for child in at if isinstance(child.tag, str)]
        if not children or not whole:
            return at
        most, best = max(children, key=lambda pair: pair[0])
        others = [child for _, child in children if child is not best]
        if most < _MOSTLY * whole or best.tag not in _BLOCKS or any(_has_columns(child) for child in others):
            return at
        at = best
    return at


def _prune(root: Any) -> None:
    """Takes out what is never part of a document: scripts, forms, hidden text, and blocks that are mostly links."""
    for element in list(root.iter()):
        if element.tag is etree.Comment or element.tag is etree.ProcessingInstruction:
            _drop(element)
        elif not isinstance(element.tag, str):
            continue
        elif (
            element.tag in _LEFT_OUT
            or _HIDDEN.search(element.get("style") or "")
            or element.get("hidden") is not None
            or element.get("role") in ("navigation", "banner", "contentinfo", "search")
        ):
            _drop(element)
    total = len(_words(root))
    sizes = {e: (len(_words(e)), sum(len(_words(a)) for a in e.iter("a"))) for e in root.iter(*_MENUS)}
    for element, (words, linked) in sizes.items():
        # a document may cite with links; a menu is little else, and not the greater part of the page
        if words and linked > _LINKED * words and len(list(element.iter("a"))) > 2 and words < total / 2:
            _drop(element)


def _drop(element: Any) -> None:
    parent = element.getparent()
    if parent is not None:
        element.drop_tree()


def _words(element: Any) -> str:
    return _SPACES.sub("", "".join(element.itertext()))


def _own_words(element: Any) -> str:
    """The text of an element that stands in no link."""
    linked = sum(len(_words(a)) for a in element.iter("a"))
    words = _words(element)
    return words[: max(0, len(words) - linked)]


def _has_columns(element: Any) -> bool:
    """Whether an element beside the text may be its letterhead: a table with two filled cells in a row."""
    rows = [element] if element.tag == "tr" else element.iter("tr")
    return any(sum(1 for cell in row if cell.tag in ("td", "th") and _words(cell)) > 1 for row in rows)


class _Reader:
    """Walks the page and adds its lines."""

    def __init__(self) -> None:
        self.builder = Builder()
        self.lines: list[TextLine] = []
        self.pieces: list[Run] = []
        self.fonts = Fonts()
        self.counts: dict[Any, int] = {}

    def read(self, container: Any) -> None:
        """All that stands in one element."""
        self._walk(container, Run(""), 0)
        self._end_line()
        self._flush()

    def _walk(self, element: Any, like: Run, depth: int) -> None:
        if not isinstance(element.tag, str) or depth > _MAX_DEPTH:
            return
        tag = element.tag
        like = _styled(element, like)
        if tag in _BLOCKS:
            self._end_line()
        if tag == "table":
            self._flush()
            self._table(element, like, depth)
            return
        if tag == "br":
            self._end_line()
        elif tag == "li":
            self.pieces.append(Run(self._mark(element), like.bold))
        self._text(element.text, like, tag == "pre")
        for child in element:
            self._walk(child, like, depth + 1)
            self._text(child.tail, like, tag == "pre")
        if tag in _BLOCKS:
            self._end_line()
            if tag in ("p", "div", "ul", "ol") and self.lines and self.lines[-1].text:
                self.lines.append(TextLine(""))

    def _mark(self, item: Any) -> str:
        parent = item.getparent()
        if parent is None or parent.tag != "ol":
            return "- "
        self.counts[parent] = self.counts.get(parent, _start(parent.get("start")) - 1) + 1
        return _item_mark(self.counts[parent], parent.get("type"))

    def _text(self, text: str | None, like: Run, kept: bool) -> None:
        if not text:
            return
        if kept:
            for n, line in enumerate(text.splitlines()):
                if n:
                    self._end_line()
                self.pieces.append(like._replace(text=line))
        else:
            self.pieces.append(like._replace(text=_SPACES.sub(" ", text)))

    def _end_line(self) -> None:
        pieces = list(self.fonts.plain(self.pieces))
        text = "".join(p for p, _ in pieces)
        if text.strip():
            heavy = sum(len(p.strip()) for p, bold in pieces if bold)
            self.lines.append(TextLine(text.strip(" "), bold=2 * heavy > len(text.strip())))
        self.pieces = []

    def _flush(self) -> None:
        head = not any(line.column is not None for line in self.builder.lines[:40])
        for line in told_apart(self.lines, head):
            if line.text.strip():
                self.builder.add(line.text, column=line.column, bold=line.bold)
            else:
                self.builder.blank()
        self.lines = []

    def _table(self, table: Any, like: Run, depth: int) -> None:
        cells: list[Any] = []
        spans: list[list[tuple[int, int, int]]] = []
        for row in _rows(table):
            spans.append([])
            for cell in row:
                if cell.tag in ("td", "th"):
                    spans[-1].append((len(cells), _number(cell.get("colspan")), _number(cell.get("rowspan"))))
                    cells.append(cell)
        rows = places(spans)
        filled = {n for n, cell in enumerate(cells) if _words(cell)}

        def add_cell(cell: int, column: int | None = None) -> None:
            if cell >= 0:
                self._cell(cells[cell], column, like, depth)

        page_layout = any(next(cells[n].iter("table"), None) is not None for n in filled)
        sides = halves(rows, filled, _ruled(table))
        text = flow(rows, filled)
        if sides and not page_layout:
            for column, side in enumerate(sides):
                for n in side:
                    add_cell(n, column)
        elif text is not None or page_layout:
            for n in text if text is not None else sorted(filled):
                self._walk_inside(cells[n], like, depth)
        elif filled:
            self.builder.table(rows, add_cell)

    def _walk_inside(self, cell: Any, like: Run, depth: int) -> None:
        like = _styled(cell, like)
        self._text(cell.text, like, False)
        for child in cell:
            self._walk(child, like, depth + 1)
            self._text(child.tail, like, False)
        self._end_line()

    def _cell(self, cell: Any, column: int | None, like: Run, depth: int) -> None:
        self._walk_inside(cell, like, depth)
        lines, self.lines = self.lines, []
        for line in lines:
            self.builder.add(line.text, column=column, bold=line.bold)


def _styled(element: Any, like: Run) -> Run:
    """How the text of an element looks, within what looks `like` that."""
    style = element.get("style") or ""
    named = _FAMILY.search(style)
    name = named[1] if named else element.get("face") if element.tag == "font" else None
    bold = like.bold or element.tag in _BOLD or bool(_HEAVY.search(style))
    return Run("", bold, font_named(name) if name else like.font)


def _rows(table: Any) -> Iterator[Any]:
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in ("thead", "tbody", "tfoot"):
            yield from (row for row in child if row.tag == "tr")


def _number(value: str | None) -> int:
    return max(1, min(int(value), 1000)) if value and value.isdecimal() else 1


def _ruled(table: Any) -> bool:
    border = table.get("border")
    return bool(border and border != "0") or "border" in (table.get("style") or "")


def _start(value: str | None) -> int:
    return int(value) if value and value.isdecimal() and len(value) < 6 else 1


def _item_mark(number: int, kind: str | None) -> str:
    """What a browser prints before a list item; `kind` is the list's type."""
    if kind in ("a", "A"):
        letter = chr(ord("a") + (number - 1) % 26)
        return f"{letter if kind == 'a' else letter.upper()}) "
    return f"{number}. "
