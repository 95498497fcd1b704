"""Automatic numbers of DOCX paragraphs ("1.", "a)", "-"), which the file holds as rules and not as text."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from docx.oxml.ns import qn

_PLACE = re.compile(r"%([1-9])")
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"))
_ROMAN_LOW = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


@dataclass(frozen=True, slots=True)
class _Level:
    """One level of a list: how its numbers look and what stands around them."""

    kind: str
    text: str
    start: int


class Numbering:
    """Counts the numbered paragraphs of one document in the order in which they are asked for."""

    def __init__(self, numbering: Any | None, styles: Any | None) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, str] = {}
        self._by_style: dict[str, tuple[str, int]] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        if numbering is not None:
            self._read(numbering)
        if styles is not None:
            self._read_styles(styles)

    def marker(self, paragraph: Any) -> str:
        """The number or bullet of the next paragraph, "" where it has none; advances the count."""
        found = self._place(paragraph)
        if found is None:
            return ""
        number, depth = found
        levels = self._levels.get(number, {})
        level = levels.get(depth)
        if level is None or level.kind == "none":
            return ""
        counts = self._counts[self._lists.get(number, number)]
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [d for d in counts if d > depth]:
            del counts[deeper]
        if level.kind == "bullet":
            return level.text if level.text in ("-", "+", "*", "–", "•") else "-"
        return _PLACE.sub(lambda m: self._printed(levels, counts, int(m[1]) - 1), level.text)

    def _printed(self, levels: dict[int, _Level], counts: dict[int, int], depth: int) -> str:
        level = levels.get(depth)
        if level is None:
            return ""
        return _figure(counts.get(depth, level.start), level.kind)

    def _place(self, paragraph: Any) -> tuple[str, int] | None:
        properties = paragraph.find(qn("w:pPr"))
        if properties is None:
            return None
        own = properties.find(qn("w:numPr"))
        style = properties.find(qn("w:pStyle"))
        inherited = self._by_style.get(style.get(qn("w:val"))) if style is not None else None
        if own is None:
            return inherited
        number, depth = _value(own, "w:numId"), _value(own, "w:ilvl")
        if number is None and inherited:
            number = inherited[0]
        if number is None or number == "0":
            return None
        return number, int(depth or (inherited[1] if inherited else 0))

    def _read(self, numbering: Any) -> None:
        abstract = {a.get(qn("w:abstractNumId")): a for a in numbering.findall(qn("w:abstractNum"))}
        for num in numbering.findall(qn("w:num")):
            number, base = num.get(qn("w:numId")), _value(num, "w:abstractNumId")
            if base not in abstract:
                continue
            levels = {int(x.get(qn("w:ilvl"))): _level(x) for x in abstract[base].findall(qn("w:lvl"))}
            overrides = num.findall(qn("w:lvlOverride"))
            for override in overrides:
                depth = int(override.get(qn("w:ilvl")))
                if (own := override.find(qn("w:lvl"))) is not None:
                    levels[depth] = _level(own)
                if (start := _value(override, "w:startOverride")) is not None and depth in levels:
                    levels[depth] = _Level(levels[depth].kind, levels[depth].text, int(start))
            self._levels[number] = levels
            # lists made from one definition count on together, unless one says where it starts
            self._lists[number] = f"list {number}" if overrides else f"definition {base}"

    def _read_styles(self, styles: Any) -> None:
        for style in styles.findall(qn("w:style")):
            properties = style.find(qn("w:pPr"))
            numbered = properties.find(qn("w:numPr")) if properties is not None else None
            if numbered is not None and (number := _value(numbered, "w:numId")) not in (None, "0"):
                self._by_style[style.get(qn("w:styleId"))] = (str(number), int(_value(numbered, "w:ilvl") or 0))


def _value(parent: Any, tag: str) -> str | None:
    child = parent.find(qn(tag))
    return child.get(qn("w:val")) if child is not None else None


def _level(level: Any) -> _Level:
    return _Level(
        _value(level, "w:numFmt") or "decimal", _value(level, "w:lvlText") or "", int(_value(level, "w:start") or 1)
    )


def _figure(number: int, kind: str) -> str:
    if kind in ("lowerLetter", "upperLetter"):
        letters = chr(ord("a") + (number - 1) % 26) * (1 + (number - 1) // 26)
        return letters.upper() if kind == "upperLetter" else letters
    if kind in ("lowerRoman", "upperRoman"):
        return _roman(number).upper() if kind == "upperRoman" else _roman(number)
    return f"{number:02d}" if kind == "decimalZero" else str(number)


def _roman(number: int) -> str:
    out = []
    for value, letters in (*_ROMAN, *_ROMAN_LOW):
        while number >= value:
            out.append(letters)
            number -= value
    return "".join(out)
