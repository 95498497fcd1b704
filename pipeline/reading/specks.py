"""Specks: the dirt of copiers and of bilevel scanning, taken off a page before it is recognised."""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.reading.ocr import DPI, Picture

_LARGEST = 6
_DIRTY = 0.08


def without_specks(grey: Picture, dpi: float) -> Picture:
    """The page without specks too small for the dot under a vowel, its edges smoothed; a clean page as it is.

    Where fewer than one in twelve of all connected marks are that small, they are dots of thin print.
    """
    _, ink = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    small = stats[:, cv2.CC_STAT_AREA] <= _LARGEST * (dpi / DPI) ** 2
    small[0] = False
    if np.count_nonzero(small) < _DIRTY * (count - 1):
        return grey
    out = grey.copy()
    out[small[labels]] = 255
    return np.asarray(cv2.medianBlur(out, 3), dtype=np.uint8)
