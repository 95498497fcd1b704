"""Chữ viết tay: numbers and days written or stamped by hand into the blanks of a printed line.

Recognition reads them wrongly and is often sure of it, so what they look like decides: the digits of a printed line are
as tall as its capitals, stand on its baseline, and follow one another at half an em. A hand keeps to none of these.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import cv2
import numpy as np
import regex

from pipeline.reading.layout import Row, Word, gaps_of, rows_of
from pipeline.reading.ocr import Picture

UNSURE = 0.3
_SURE = 0.85
_ZONE = 0.4
_FULL = 0.6
_BODY = 3
_NEIGHBOURS = 4
_REACH = 8.0
_SPECK = 0.2
_LOW = 0.5
_MOST_DIGITS = 6
_UNEVEN = 0.1
_AS_TALL = 0.13
_OFF_LINE = 0.1
_WIDEST = 0.79
_ADVANCE = (0.55, 0.95)
_BESIDE = 0.2
_MERGED = 0.9
_OVERLAP = 0.15
_DIGITS = regex.compile(r"\d+")
_YEAR = regex.compile(r"(?:19|20)\d\d\W?")
_LETTERS = regex.compile(r"\w\w")
_TALL = regex.compile(r"[\w/&|()\[\]]")


@dataclass(frozen=True, slots=True)
class _Glyph:
    """A connected piece of ink: its box in pixels of the page, and its ink."""

    x0: int
    top: int
    x1: int
    bottom: int
    ink: Picture

    @property
    def width(self) -> int:
        return self.x1 - self.x0

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        return (self.x0 + self.x1) / 2


def doubted(grey: Picture, words: Sequence[Word], scale: float) -> list[Word]:
    """The words of a first page, those of its letterhead that hold digits and do not look printed with a confidence
    of `UNSURE` at most. `grey` is the page as it was recognised, `scale` its pixels for one unit of the boxes."""
    height, width = (side / scale for side in grey.shape)
    by_hand: set[Word] = set()
    full = 0
    for row in rows_of(word for word in words if word.bottom < _ZONE * height):
        full = full + 1 if row.x1 - row.x0 > _FULL * width and not _parted(row) else 0
        if full == _BODY:
            break
        by_hand.update(_written(grey, row, scale))
    return [word._replace(confidence=min(word.confidence, UNSURE)) if word in by_hand else word for word in words]


def _parted(row: Row) -> bool:
    """Whether a row has two columns; the lines of the body have one."""
    return max((b - a for a, b in gaps_of(row)), default=0.0) > 1.5 * row.height


def _written(grey: Picture, row: Row, scale: float) -> list[Word]:
    return [
        word
        for at, word in enumerate(row.words)
        if word.confidence > UNSURE
        and _DIGITS.search(word.text)
        and not _year(row.words, at)
        and not printed(grey, row.words, at, scale)
    ]


def _year(row: Sequence[Word], at: int) -> bool:
    """Whether a word is a year and not a number before its symbol: years are printed, and their digits often touch."""
    goes_on = at + 1 < len(row) and row[at + 1].text[0] in "/-"
    return row[at].confidence >= _SURE and bool(_YEAR.fullmatch(row[at].text)) and not goes_on


def printed(grey: Picture, row: Sequence[Word], at: int, scale: float) -> bool:
    """Whether the first digits of word `at` of a row look as if they were printed with the row."""
    word = row[at]
    found = _DIGITS.search(word.text)
    if not found or len(found[0]) > _MOST_DIGITS:
        return True
    glyphs = _glyphs(grey, word, scale)
    tall = [glyph for glyph in glyphs if glyph.height > _LOW * _tallest(glyphs)]
    expected = len(_TALL.findall(word.text))
    tall = tall if len(tall) <= expected else _mended(tall)
    first = len(_TALL.findall(word.text[: found.start()]))
    digits, after = tall[first : first + len(found[0])], tall[first + len(found[0]) :]
    rest = word.text[found.end() :]
    if len(digits) < len(found[0]) or (after and not _TALL.search(rest)) or not _even(digits):
        return False
    if rest.startswith("/") and after and not _slash(after[0], digits[0].height):
        return False
    if len(after) > 2:  # the symbol that the number is printed with: capitals, of which a Q is taller
        return any(_fits(digits, glyph.height, glyph.bottom) for glyph in after[1:])
    letters = _beside(grey, row, at, scale)
    if not letters:
        return word.confidence >= _SURE
    height = float(np.percentile([letter.height for letter in letters], 75))
    return _fits(digits, height, median(letter.bottom for letter in letters))


def _beside(grey: Picture, row: Sequence[Word], at: int, scale: float) -> list[_Glyph]:
    """The ink of the words beside one of a row that were surely read: printed letters to compare it with."""
    word = row[at]
    reach = _REACH * (word.bottom - word.top)
    near = [w for w in row if w is not word and w.x0 - word.x1 < reach and word.x0 - w.x1 < reach]
    sure = [w for w in near if w.confidence >= _SURE and _LETTERS.search(w.text)]
    sure.sort(key=lambda w: abs(w.x0 + w.x1 - word.x0 - word.x1))
    return [glyph for w in sure[:_NEIGHBOURS] for glyph in _glyphs(grey, w, scale)]


def _tallest(glyphs: Sequence[_Glyph]) -> int:
    return max((glyph.height for glyph in glyphs), default=0)


def _glyphs(grey: Picture, word: Word, scale: float) -> list[_Glyph]:
    """The pieces of ink of a word from left to right; what mostly belongs to its neighbours is left out."""
    x0, top = max(0, int(word.x0 * scale)), max(0, int(word.top * scale))
    x1, bottom = int(word.x1 * scale) + 1, int(word.bottom * scale) + 1
    room = (bottom - top) // 4
    above = max(0, top - room)
    window = grey[above : bottom + room, x0:x1]
    if not window.size:
        return []
    ink = np.asarray(cv2.threshold(window, 0, 1, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)[1], np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink)
    found = []
    for n in range(1, count):
        x, y, width, height = (int(side) for side in stats[n, :4])
        if height >= _SPECK * (bottom - top) and top <= above + y + height / 2 <= bottom:
            piece = np.asarray(labels[y : y + height, x : x + width] == n, np.uint8)
            found.append(_Glyph(x0 + x, above + y, x0 + x + width, above + y + height, piece))
    return sorted(found, key=lambda glyph: glyph.middle)


def _mended(glyphs: Sequence[_Glyph]) -> list[_Glyph]:
    """Glyphs with the two sides of a broken letter put together: they stand closer than letters do."""
    out: list[_Glyph] = []
    for glyph in glyphs:
        before = out[-1] if out else None
        if before and before.x1 - glyph.x0 > _OVERLAP * glyph.width and glyph.x1 - before.x0 < _WIDEST * glyph.height:
            top, bottom = min(before.top, glyph.top), max(before.bottom, glyph.bottom)
            out[-1] = _Glyph(before.x0, top, max(before.x1, glyph.x1), bottom, before.ink)
        else:
            out.append(glyph)
    return out


def _even(digits: Sequence[_Glyph]) -> bool:
    """Whether digits are of one height, stand on one line, and follow one another at half an em, as printed ones do."""
    height = median(g.height for g in digits)
    if any(abs(g.height / height - 1) > _UNEVEN or g.width > _WIDEST * height for g in digits):
        return False
    if max(g.bottom for g in digits) - min(g.bottom for g in digits) > _OFF_LINE * height + 1:
        return False
    return all(_ADVANCE[0] <= (b.middle - a.middle) / height <= _ADVANCE[1] for a, b in pairwise(digits))


def _slash(glyph: _Glyph, height: float) -> bool:
    """Whether what follows the digits is a slash, narrow, tall, leaning to the right, or one grown into a letter."""
    if glyph.width > _MERGED * height:
        return True
    third = max(1, glyph.height // 3)
    upper, lower = (np.nonzero(part)[1] for part in (glyph.ink[:third], glyph.ink[-third:]))
    leaning = float(upper.mean() - lower.mean()) / height if len(upper) and len(lower) else 0.0
    return glyph.width <= 0.72 * height and glyph.height >= 0.85 * height and leaning >= 0.12


def _fits(digits: Sequence[_Glyph], tall: float, line: float) -> bool:
    """Whether digits are as tall as the tall letters beside them and stand on their line."""
    height, bottom = median(g.height for g in digits), median(g.bottom for g in digits)
    return abs(height / tall - 1) <= _AS_TALL and abs(bottom - line) <= _BESIDE * height
