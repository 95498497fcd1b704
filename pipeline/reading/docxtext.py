"""The text of one DOCX paragraph as it would be printed: insertions kept, deletions and hidden text left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from docx.oxml.ns import qn

from pipeline.reading.docxfonts import DocxFonts
from pipeline.reading.fonts import SOFT_HYPHEN, Run, font_named
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
_TOKENS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_PLAIN = Run("")


def paragraph_lines(paragraph: Any, fonts: DocxFonts, marker: str = "") -> list[TextLine]:
    """The printed lines of a paragraph, parted at its line breaks; text boxes that hang on it follow.

    `marker` is its automatic number. Empty lines stay, since they part what stands above from what stands below.
    """
    pieces = list(fonts.plain(_pieces(paragraph, fonts)))
    text = "".join(p for p, _ in pieces)
    if marker:
        text = f"{marker} {text.lstrip()}"
    letters = sum(len(p.strip()) for p, _ in pieces)
    bold = bool(letters) and 2 * sum(len(p.strip()) for p, heavy in pieces if heavy) > letters
    lines = [TextLine(line, bold=bold) for line in text.split("\n")]
    for box in _boxes(paragraph):
        for inner in box.iter(qn("w:p")):
            lines += [line for line in paragraph_lines(inner, fonts) if line.text.strip()]
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


def _pieces(holder: Any, fonts: DocxFonts, like: Run = _PLAIN) -> Iterator[Run]:
    """The text of an element as runs that look `like` one."""
    for child in holder:
        tag = child.tag
        if tag in _LEFT_OUT or tag == _BOX or not isinstance(tag, str):
            continue
        if tag in (qn("w:t"), _MATH_TEXT):
            yield like._replace(text=child.text or "")
        elif tag == qn("w:softHyphen"):
            if like.font:
                yield like._replace(text=SOFT_HYPHEN)
        elif tag in _TOKENS:
            yield like._replace(text=_TOKENS[tag])
        elif tag == qn("w:sym"):
            yield _symbol(child, like)
        elif tag == qn("w:r"):
            yield from _run(child, fonts)
        else:
            yield from _pieces(child, fonts, like)


def _run(run: Any, fonts: DocxFonts) -> Iterator[Run]:
    properties = run.find(qn("w:rPr"))
    if _on(properties, "w:vanish"):
        return
    font = fonts.of(run)
    capitals = _on(properties, "w:caps")
    if capitals and font:
        font = replace(font, capitals=True)
    for piece in _pieces(run, fonts, Run("", _on(properties, "w:b"), font)):
        yield piece._replace(text=piece.text.upper()) if capitals and not font else piece


def _on(properties: Any | None, tag: str) -> bool:
    child = properties.find(qn(tag)) if properties is not None else None
    return child is not None and child.get(qn("w:val")) not in ("0", "false", "none", "off")


def _symbol(symbol: Any, like: Run) -> Run:
    """A character of a symbol font: bullets become a hyphen, the rest what Unicode calls them."""
    font = font_named(symbol.get(qn("w:font")))
    try:
        number = int(symbol.get(qn("w:char")) or "", 16)
    except ValueError:
        return like._replace(text="")
    if font:
        return like._replace(text=chr(number), font=font)
    return like._replace(text="-" if 0xF000 <= number <= 0xF0FF else chr(number))
