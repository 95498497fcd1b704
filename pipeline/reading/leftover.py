"""Mực chưa đọc: patches of ink of which recognition made nothing: stamps over print, words aslant, hands."""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np

from pipeline.reading.colour import Pixels
from pipeline.reading.likeness import INK_DPI
from pipeline.reading.ocr import Picture

_WINDOW, _DARKER = 31, 12
_EDGE = 2
_LETTER = (0.09, 0.03)  # inches, the longer and the shorter side
_STROKE = 8  # times as long as high: rules, frames
_FEW = 12
_JOIN = (0.17, 0.13)  # inches across and down
_LEAST = (0.32, 0.22, 0.14)  # inches: the longer side, across, down
_LITTLE = 150
_ROOM = 0.14  # inches


def ink_of(grey: Picture, dpi: float) -> Picture:
    """The ink of a grey picture, faint or strong: 255 on 0, at `INK_DPI` dots an inch."""
    small = cv2.resize(grey, None, fx=INK_DPI / dpi, fy=INK_DPI / dpi, interpolation=cv2.INTER_AREA)
    way, form = cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV
    return np.asarray(cv2.adaptiveThreshold(small, 255, way, form, _WINDOW, _DARKER), np.uint8)


def leftovers(ink: Picture, read: Iterable[Pixels]) -> list[Pixels]:
    """Patches as large as a stamp or larger that hold letters or the like outside the boxes that were read, with some
    room around them; those with most ink first. All in pixels of the ink."""
    left = ink.copy()
    for x0, top, x1, bottom in read:
        left[max(0, top - _EDGE) : bottom + _EDGE, max(0, x0 - _EDGE) : x1 + _EDGE] = 0
    letters = _letters(left)
    across, down = (round(inches * INK_DPI) for inches in _JOIN)
    _, _, stats, _ = cv2.connectedComponentsWithStats(cv2.dilate(letters, np.ones((down, across), np.uint8)))
    found = [_patch(letters, place) for place in stats[1:, :4].tolist()]
    high, wide = ink.shape
    room = round(_ROOM * INK_DPI)
    return [
        (max(0, x - room), max(0, y - room), min(wide, x + w + room), min(high, y + h + room))
        for amount, (x, y, w, h) in sorted(found, reverse=True)
        if amount >= _LITTLE and _large(w - across, h - down)
    ]


def _letters(ink: Picture) -> Picture:
    """The pieces of ink, 1 on 0, that may be letters, whole, broken or grown together: no specks, no rules."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink)
    wide, high, area = stats[:, 2], stats[:, 3], stats[:, 4]
    long, short = np.maximum(wide, high), np.minimum(wide, high)
    kept = (long >= _LETTER[0] * INK_DPI) & (short >= _LETTER[1] * INK_DPI) & (area >= _FEW) & (long <= _STROKE * short)
    kept[0] = False
    return np.asarray(kept.astype(np.uint8)[labels], np.uint8)


def _patch(letters: Picture, place: list[int]) -> tuple[int, list[int]]:
    x, y, w, h = place
    return int(np.count_nonzero(letters[y : y + h, x : x + w])), place


def _large(wide: int, high: int) -> bool:
    longer, across, down = (inches * INK_DPI for inches in _LEAST)
    return max(wide, high) >= longer and wide >= across and high >= down
