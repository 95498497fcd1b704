"""Ruled tables on the picture of a page, recognised cell by cell: no line of one cell runs on into the next.

The cells are cut out, set one below the other on a sheet and recognised together, which takes no longer than the page
as it stands and reads more: accents, commas at line ends and lone figures are lost where columns stand close.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from pipeline.reading.layout import Word
from pipeline.reading.ocr import AUTOMATIC, BLOCK, Picture, recognise
from pipeline.reading.rulings import without_rulings
from pipeline.reading.tables import Edge, TooComplex, cells_of

_MARGIN = 30
_GAP = 60
_LEADING = 30
_APART = 40
_WIDTH = 600
_LONE = (100, 48)
_AROUND = 4
_LOWEST = 8
_SPECK = 12
_LETTER = 60
_FEW_LETTERS = 4
_TALLEST = 15_000
_SPECKS = ".,:;'\"“”‘’`´|_~¬·°^"  # signs that stand by themselves on no paper


@dataclass(frozen=True, slots=True)
class _Cut:
    """What stands in a cell, and where that is on the page (pixels)."""

    picture: Picture
    left: int
    top: int

    @property
    def lone(self) -> bool:
        """Whether it is a figure or a short word by itself."""
        high, wide = self.picture.shape
        return bool(wide <= _LONE[0] and high <= _LONE[1])


@dataclass(frozen=True, slots=True)
class _Placed:
    """A cut on a sheet: where it stands there."""

    cut: _Cut
    left: int
    top: int


def recognise_page(grey: Picture, dpi: float, edges: Sequence[Edge]) -> list[Word]:
    """The words on an upright page (grey) with these rules (in points), boxes in pixels: those in the cells of tables
    after all others. Raises what `recognise` raises."""
    try:
        cells = cells_of(edges) if edges else []
    except TooComplex:
        cells = []
    if not cells:
        return recognise(grey, dpi=round(dpi))
    clear = without_rulings(grey, 72 / dpi)
    around = clear.copy()
    ink = int(cv2.threshold(clear, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[0])
    cuts = []
    for cell in sorted(cells, key=lambda cell: (round(cell[0]), cell[1])):
        x0, top, x1, bottom = (max(0, round(n * dpi / 72)) for n in cell)
        if (cut := _cut(clear[top + 2 : bottom - 1, x0 + 2 : x1 - 1], x0 + 2, top + 2, ink)) is not None:
            cuts.append(cut)
        around[top:bottom, x0:x1] = 255
    words = recognise(around, dpi=round(dpi)) if _has_letters(around, ink) else []
    for lone, mode in ((True, BLOCK), (False, AUTOMATIC)):
        for sheet in _sheets([cut for cut in cuts if cut.lone == lone]):
            read = recognise(_drawn(sheet), mode, round(dpi))
            words += _on_page([word for word in read if word.text.strip(_SPECKS)], sheet)
    return words


def _cut(cell: Picture, left: int, top: int, ink: int) -> _Cut | None:
    """What is printed in a cell, without the blank around it; None where it is empty."""
    if min(cell.shape) < _LOWEST:
        return None
    _, _, stats, _ = cv2.connectedComponentsWithStats((cell <= ink).astype(np.uint8))
    marks = stats[1:][stats[1:, cv2.CC_STAT_AREA] >= _SPECK]
    if not len(marks):
        return None
    x0, y0 = np.maximum(0, marks[:, :2].min(axis=0) - _AROUND).tolist()
    x1, y1 = (np.max(marks[:, :2] + marks[:, 2:4], axis=0) + _AROUND).tolist()
    if y1 - y0 - 2 * _AROUND < _LOWEST:
        return None
    return _Cut(cell[y0:y1, x0:x1], left + x0, top + y0)


def _has_letters(picture: Picture, ink: int) -> bool:
    """Whether more than a page number stands there."""
    _, _, stats, _ = cv2.connectedComponentsWithStats((picture <= ink).astype(np.uint8))
    high = stats[1:, cv2.CC_STAT_HEIGHT]
    return int(np.count_nonzero((high >= _LOWEST) & (high < _LETTER))) > _FEW_LETTERS


def _sheets(cuts: Sequence[_Cut]) -> Iterator[list[_Placed]]:
    """The cuts one below the other; lone ones side by side, since none would be read by itself."""
    placed: list[_Placed] = []
    left = top = bottom = _MARGIN
    for cut in cuts:
        high, wide = cut.picture.shape
        if placed and not (cut.lone and left + wide < _WIDTH):
            left, top = _MARGIN, bottom + (_LEADING if cut.lone else _GAP)
        if placed and top + high > _TALLEST:
            yield placed
            placed, top = [], _MARGIN
        placed.append(_Placed(cut, left, top))
        left += wide + _APART
        bottom = top + (_LONE[1] if cut.lone else high)
    if placed:
        yield placed


def _drawn(sheet: Sequence[_Placed]) -> Picture:
    height = max(one.top + one.cut.picture.shape[0] for one in sheet) + _MARGIN
    width = max(one.left + one.cut.picture.shape[1] for one in sheet) + _MARGIN
    drawn = np.full((height, width), 255, np.uint8)
    for one in sheet:
        high, wide = one.cut.picture.shape
        drawn[one.top : one.top + high, one.left : one.left + wide] = one.cut.picture
    return drawn


def _on_page(words: Sequence[Word], sheet: Sequence[_Placed]) -> Iterator[Word]:
    """The words of a sheet where they stand on the page, kept within the cells that they were cut from."""
    tops = sorted({one.top for one in sheet})
    lines = {top: [one for one in sheet if one.top == top] for top in tops}
    for word in words:
        line = lines[tops[max(0, bisect_right(tops, (word.top + word.bottom) / 2 + _AROUND) - 1)]]
        one = line[max(0, bisect_right([one.left for one in line], (word.x0 + word.x1) / 2) - 1)]
        high, wide = one.cut.picture.shape
        x0, x1 = (one.cut.left + min(max(0, n - one.left), wide) for n in (word.x0, word.x1))
        top, bottom = (one.cut.top + min(max(0, n - one.top), high) for n in (word.top, word.bottom))
        yield word._replace(x0=x0, top=top, x1=x1, bottom=bottom)
