"""Ô Excel: what a cell of a workbook holds and how it looks: text made safe, links, type, heights of rows.

Source: Excel's limits: 32,767 characters a cell, 2,079 a link, 409 points a row.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.export.sheet import Kind

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook

MOST_CHARACTERS = 32_767
_LONGEST_LINK = 2_079
_HIGHEST = 409.0  # points
FONT = "Times New Roman"
SIZES = (11, 9, 8, 7, 6)  # of the type; a smaller one only for a row that Excel cannot make high enough
_LEADING = 1.36  # from line to line, in the size of the type
_LOST = 2.5  # mean room that is left at the end of a line, in characters
_CUT = " […]"
_NOT_PRINTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_CENTRED: frozenset[Kind] = frozenset({"serial", "number", "day", "percent"})
_FORMATS: dict[Kind, str] = {"number": "#,##0", "serial": "0", "day": "dd/mm/yyyy", "percent": "0.00%"}


class Styles:
    """The formats of a workbook, made once each."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, object], ...], Format] = {}

    def of(self, **how: object) -> Format:
        """Times New Roman 11, wrapped, from the top; `how` changes that."""
        values = {"font_name": FONT, "font_size": SIZES[0], "text_wrap": True, "valign": "top", **how}
        key = tuple(sorted(values.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(values)
        return self._made[key]

    def column(self, kind: Kind, *, bold: bool = False, size: float = SIZES[0]) -> ColumnStyles:
        """How the cells of a column stand."""
        how: dict[str, object] = {"border": 1, "bold": bold, "font_size": size}
        how |= {"align": "center"} if kind in _CENTRED else {}
        return ColumnStyles(
            words=self.of(**how),
            formula=self.of(**how, quote_prefix=True),  # text also where somebody types into the cell
            value=self.of(**how, num_format=_FORMATS.get(kind, "General")),
            link=self.of(**how, font_color="#0000EE", underline=1),
        )


@dataclass(frozen=True, slots=True)
class ColumnStyles:
    """Of one column: plain words, words that begin like a formula, days and numbers, links."""

    words: Format
    formula: Format
    value: Format
    link: Format


@dataclass(frozen=True, slots=True)
class Shape:
    """How a row is set: the size of its type, its height in points, and whether all of it can be seen."""

    size: float
    height: float
    is_whole: bool = True


ONE_LINE = Shape(SIZES[0], SIZES[0] * _LEADING)


def shape(texts: Iterable[tuple[str, int]]) -> Shape:
    """How a row is set that holds these texts in columns of these widths (characters of the largest type)."""
    cells = [(text, width) for text, width in texts if len(text) > width - _LOST or "\n" in text]
    if not cells:
        return ONE_LINE
    for size in SIZES:
        height = max(lines_of(text, width * SIZES[0] / size) for text, width in cells) * size * _LEADING
        if height <= _HIGHEST:
            return Shape(size, height)
    return Shape(SIZES[-1], _HIGHEST, is_whole=False)


def lines_of(text: str, width: float) -> int:
    """About how many lines a text takes in a column, never too few: what is cut off would not be printed.

    >>> lines_of("a" * 30, 20), lines_of("a\\nb", 20), lines_of("CHU IN HOA " * 3, 20)
    (2, 2, 3)
    """
    room = max(width - _LOST, width / 2)
    wide = 1.35 if text.isupper() else 1.0
    return sum(max(1, ceil(len(line) * wide / room)) for line in text.split("\n"))


def fitting(words: str) -> tuple[str, bool]:
    """Words as far as a cell holds them, and whether that is all of them; what is cut is marked."""
    words = clean(words)
    if 2 * len(words) <= MOST_CHARACTERS or len(words.encode("utf-16-le")) // 2 <= MOST_CHARACTERS:
        return words, True
    kept = words.encode("utf-16-le")[: 2 * (MOST_CHARACTERS - len(_CUT))].decode("utf-16-le", "ignore")
    return kept.rstrip() + _CUT, False


def clean(words: str) -> str:
    """Text without signs that no XML holds. What looks like the library's own marked-up text must not be taken for it:
    it would be written as it stands."""
    if words.isprintable() and not words.startswith("<"):
        return words
    words = _NOT_PRINTED.sub("", words.replace("\r\n", "\n").replace("\r", "\n"))
    words = words.encode("utf-8", "replace").decode("utf-8")
    return f"{words} " if words.startswith("<r>") and words.endswith("</r>") else words


def link_target(target: str, folder: Path) -> str | None:
    """A link as the library wants it: an address, a place in the workbook ("#Tab!A1"), a file; None for what Excel
    takes for none."""
    target = clean(target)
    if target.startswith("#"):
        found = f"internal:{target[1:]}"
    elif re.match(r"(https?|mailto):", target):
        found = target
    else:
        there, name = os.path.split(target)
        found = f"external:{_escaped(os.path.join(_relative(there, folder), name))}"
    return found if len(found.encode("utf-16-le")) // 2 <= _LONGEST_LINK else None


@lru_cache(maxsize=1024)
def _relative(path: str, folder: Path) -> str:
    """A folder as seen from another, so that links hold where both are moved together."""
    try:
        return os.path.relpath(path or os.curdir, folder)
    except ValueError:  # another drive
        return path


def _escaped(path: str) -> str:
    return re.sub(r'[%#"<>\[\]^`{} ]', lambda m: f"%{ord(m[0]):02X}", path)
