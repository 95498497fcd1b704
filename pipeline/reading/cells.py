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
from pipeline.reading.ocr import Picture, recognise
from pipeline.reading.rulings import without_rulings
from pipeline.reading.tables import Edge, TooComplex, cells_of

_MARGIN = 30
_GAP = 60
_APART = 40
_LONE = (100, 48)
_AROUND = 4
_LOWEST = 8
_SPECK = 12
_LETTER = 60
_FEW_LETTERS = 4
_TALLEST = 15_000


@dataclass(frozen=True, slots=True)
class _Cut:
    """What stands in a cell, and where that is on the page (pixels)."""

    picture: Picture
    left: int
    top: int


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
    for cell in cells:
        x0, top, x1, bottom = (max(0, round(n * dpi / 72)) for n in cell)
        if (cut := _cut(clear[top + 2 : bottom - 1, x0 + 2 : x1 - 1], x0 + 2, top + 2, ink)) is not None:
            cuts.append(cut)
        around[top:bottom, x0:x1] = 255
    words = recognise(around, dpi=round(dpi)) if _has_letters(around, ink) else []
    for sheet in _sheets(cuts):
        words += _on_page(recognise(_drawn(sheet), dpi=round(dpi)), sheet)
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
    """The cuts one below the other, column by column; lone figures share lines, since none is read by itself."""
    if not cuts:
        return
    widest = max(cut.picture.shape[1] for cut in cuts)
    placed: list[_Placed] = []
    top = _MARGIN
    for line in _lines(sorted(cuts, key=lambda cut: (cut.left, cut.top)), widest):
        height = max(cut.picture.shape[0] for cut in line)
        if placed and top + height > _TALLEST:
            yield placed
            placed, top = [], _MARGIN
        left = _MARGIN
        for cut in line:
            placed.append(_Placed(cut, left, top + height - cut.picture.shape[0]))
            left += cut.picture.shape[1] + _APART
        top += height + _GAP
    yield placed


def _lines(cuts: Sequence[_Cut], width: int) -> Iterator[list[_Cut]]:
    lone: list[_Cut] = []
    taken = 0
    for cut in cuts:
        high, wide = cut.picture.shape
        if wide > _LONE[0] or high > _LONE[1]:
            yield [cut]
            continue
        if lone and taken + wide > width:
            yield lone
            lone, taken = [], 0
        lone.append(cut)
        taken += wide + _APART
    if lone:
        yield lone


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
    feet = [one.top + one.cut.picture.shape[0] + _GAP // 2 for one in sheet]
    for word in words:
        at = min(bisect_right(feet, (word.top + word.bottom) / 2), len(sheet) - 1)
        while at + 1 < len(sheet) and feet[at + 1] == feet[at] and sheet[at + 1].left <= (word.x0 + word.x1) / 2:
            at += 1
        one = sheet[at]
        high, wide = one.cut.picture.shape
        x0, x1 = (one.cut.left + min(max(0, n - one.left), wide) for n in (word.x0, word.x1))
        top, bottom = (one.cut.top + min(max(0, n - one.top), high) for n in (word.top, word.bottom))
        yield word._replace(x0=x0, top=top, x1=x1, bottom=bottom)
