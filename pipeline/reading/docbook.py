"""DocBook as antiword writes it: paragraphs, lists and tables of a Word file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from lxml import etree

from extractors.model import Document
from pipeline.errors import DamagedFile, NoText
from pipeline.reading import BY_ANTIWORD
from pipeline.reading.blocks import BlockCell, BlockTable, add_page_marks, laid_out
from pipeline.reading.textcolumns import TextLine

_LEFT_OUT = {"bookinfo", "footnote", "colspec"}
_TABLES = {"informaltable", "table"}
_LISTS = {"itemizedlist", "orderedlist"}
_STRAY = " |\t\u00a0"  # marks of cells that belong to no table
_MAX_DEPTH = 100


def read_docbook(data: bytes, sha256: str, format: str, beside: Sequence[str] = ()) -> Document:
    """The document of DocBook text; `beside` is what the file prints beside it and may be a stamp.

    Raises DamagedFile and NoText.
    """
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise DamagedFile(format=format, reason=type(error).__name__) from error
    if root is None:
        raise NoText(format=format)
    reader = _Reader()
    for child in root:
        # the book's own title is what the file's properties say
        if child.tag != "title":
            reader.walk(child, False, 0)
    reader.end_line()
    builder = laid_out(reader.blocks)
    if not builder.lines:
        raise NoText(format=format)
    printed = {part.strip() for part in builder.parts}
    add_page_marks(builder, [text for text in beside if text not in printed])
    # antiword tells nobody what it left out, which it does with large tables
    builder.issue(BY_ANTIWORD, "read by antiword: tables may be lacking")
    return builder.document(sha256, format)


class _Reader:
    """Walks the book and collects its blocks."""

    def __init__(self) -> None:
        self.blocks: list[TextLine | BlockTable] = []
        self.pieces: list[tuple[str, bool]] = []

    def walk(self, element: Any, bold: bool, depth: int) -> None:
        """All that stands in one element."""
        tag = element.tag
        if not isinstance(tag, str) or tag in _LEFT_OUT or depth > _MAX_DEPTH:
            return
        if tag in _TABLES:
            self.end_line()
            self.blocks.append(_table(element, depth))
            return
        inline = tag in ("emphasis", "ulink", "subscript", "superscript")
        if not inline:
            self.end_line()
        before = len(self.blocks)
        bold = bold or (tag == "emphasis" and element.get("role") == "bold")
        if tag == "emphasis" and _broken_before(element):
            self.end_line()
        self._text(element.text, bold)
        for number, child in enumerate(element):
            if tag in _LISTS and child.tag == "listitem":
                self.end_line()
                self.pieces.append((_mark(element, number), bold))
                self._item(child, bold, depth + 1)
            else:
                self.walk(child, bold, depth + 1)
            self._text(child.tail, bold)
        if not inline:
            self.end_line()
        if tag == "para" and len(self.blocks) == before:
            self.blocks.append(TextLine(""))

    def _item(self, item: Any, bold: bool, depth: int) -> None:
        """An item of a list, whose first paragraph goes on after its mark."""
        for number, child in enumerate(item):
            if number or child.tag != "para":
                self.walk(child, bold, depth)
                continue
            self._text((child.text or "").lstrip("\n"), bold)
            for part in child:
                self.walk(part, bold, depth)
                self._text(part.tail, bold)
        self.end_line()

    def _text(self, text: str | None, bold: bool) -> None:
        for number, line in enumerate((text or "").split("\n")):
            if number:
                self.end_line()
            if line:
                self.pieces.append((line, bold))

    def end_line(self) -> None:
        """What was collected as a line, if anything was."""
        text = "".join(part for part, _ in self.pieces).rstrip(_STRAY).lstrip("|")
        heavy = sum(len(part.strip()) for part, bold in self.pieces if bold)
        self.pieces = []
        if text.strip(_STRAY):
            self.blocks.append(TextLine(text.replace("|", " "), bold=2 * heavy > len(text.strip())))


def _broken_before(emphasis: Any) -> bool:
    """Whether a line break stood before it, which antiword leaves out: words that look alike meet without a space."""
    before = emphasis.getprevious()
    if before is None or before.tag != "emphasis" or before.tail or before.get("role") != emphasis.get("role"):
        return False
    first, second = "".join(before.itertext()), "".join(emphasis.itertext())
    return first[-1:].isalnum() and second[:1].isupper() and second[1:2].islower()


def _table(table: Any, depth: int) -> BlockTable:
    rows = [[_cell(entry, depth) for entry in row.findall("entry")] for row in table.iter("row")]
    return BlockTable(rows, ruled=table.get("frame") not in (None, "none") or table.get("colsep") == "1")


def _cell(entry: Any, depth: int) -> BlockCell:
    reader = _Reader()
    reader.walk(entry, False, depth + 1)
    return BlockCell(reader.blocks, columns=_columns(entry))


def _columns(entry: Any) -> int:
    """Over how many columns a cell goes, by the numbers in their names."""
    first, last = (re.sub(r"\D", "", entry.get(name) or "") for name in ("namest", "nameend"))
    return min(60, max(1, int(last) - int(first) + 1)) if first and last and len(first + last) < 8 else 1


def _mark(element: Any, number: int) -> str:
    """What is printed before an item."""
    if element.tag == "itemizedlist":
        return "- "
    kind = element.get("numeration") or "arabic"
    if kind in ("loweralpha", "upperalpha"):
        letter = chr(ord("a") + number % 26)
        return f"{letter if kind == 'loweralpha' else letter.upper()}) "
    return f"{number + 1}. "
