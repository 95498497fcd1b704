"""The text of one DOCX paragraph as it would be printed: insertions kept, deletions and hidden text left out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from docx.oxml.ns import qn

from pipeline.reading.textcolumns import TextLine

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_LEFT_OUT = {
    qn("w:del"),
    qn("w:moveFrom"),
    qn("w:instrText"),
    qn("w:delText"),
    qn("w:footnoteReference"),
    qn("w:endnoteReference"),
    qn("w:commentReference"),
    qn("w:pPr"),
    qn("w:rPr"),
    f"{_MC}Fallback",
}
_BOX = qn("w:txbxContent")
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_TOKENS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-", qn("w:softHyphen"): ""}


def paragraph_lines(paragraph: Any, marker: str = "") -> list[TextLine]:
    """The printed lines of a paragraph, parted at its line breaks; text boxes that hang on it follow.

    `marker` is its automatic number. Empty lines stay, since they part what stands above from what stands below.
    """
    pieces = list(_pieces(paragraph))
    text = "".join(p for p, _ in pieces)
    if marker:
        text = f"{marker} {text.lstrip()}"
    letters = sum(len(p.strip()) for p, _ in pieces)
    bold = bool(letters) and 2 * sum(len(p.strip()) for p, heavy in pieces if heavy) > letters
    lines = [TextLine(line, bold=bold) for line in text.split("\n")]
    for box in _boxes(paragraph):
        for inner in box.iter(qn("w:p")):
            lines += [line for line in paragraph_lines(inner) if line.text.strip()]
    return lines


def _boxes(paragraph: Any) -> Iterator[Any]:
    """Text boxes of the paragraph, outermost only and each once."""
    todo = list(reversed(list(paragraph)))
    while todo:
        child = todo.pop()
        if child.tag == _BOX:
            yield child
        elif child.tag not in _LEFT_OUT:
            todo += reversed(list(child))


def _pieces(holder: Any, bold: bool = False) -> Iterator[tuple[str, bool]]:
    for child in holder:
        tag = child.tag
        if tag in _LEFT_OUT or tag == _BOX or not isinstance(tag, str):
            continue
        if tag in (qn("w:t"), _MATH_TEXT):
            yield child.text or "", bold
        elif tag in _TOKENS:
            yield _TOKENS[tag], bold
        elif tag == qn("w:sym"):
            yield _symbol(child.get(qn("w:char"))), bold
        elif tag == qn("w:r"):
            yield from _run(child)
        else:
            yield from _pieces(child, bold)


def _run(run: Any) -> Iterator[tuple[str, bool]]:
    properties = run.find(qn("w:rPr"))
    if _on(properties, "w:vanish"):
        return
    capitals = _on(properties, "w:caps")
    for text, _ in _pieces(run):
        yield (text.upper() if capitals else text), _on(properties, "w:b")


def _on(properties: Any | None, tag: str) -> bool:
    child = properties.find(qn(tag)) if properties is not None else None
    return child is not None and child.get(qn("w:val")) not in ("0", "false", "none", "off")


def _symbol(code: str | None) -> str:
    """A character of a symbol font: bullets become a hyphen, the rest what Unicode calls them."""
    try:
        number = int(code or "", 16)
    except ValueError:
        return ""
    return "-" if 0xF000 <= number <= 0xF0FF else chr(number)
