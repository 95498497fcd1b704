"""The ruled lines of tables on the picture of a page: long level and upright strokes that cross one another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.reading.picture import Picture, reduced
from pipeline.reading.tables import Edge

_LONGEST_LETTER = {"level": 28.0, "upright": 16.0}
_BREAK = {"level": 11.0, "upright": 8.0}
_THICKEST = 5.0
_MOST_SUNK = 20.0
_REACH = 6.0
_LEAST_SHARE = 0.3
_MOST = 600
_FEW_CROSSINGS = 4
_STREAK = 0.85


class _Stroke(NamedTuple):
    """A long stroke in pixels: where it begins and ends along its direction, and how far across it is there."""

    start: float
    end: float
    at_start: float
    at_end: float


def rulings(grey: Picture, scale: float) -> list[Edge]:
    """The rules of tables on an upright page (grey, height x width), in points: pixels times `scale`.

    Underlines, frames of stamps and the streaks and borders that a scanner leaves are none.
    """
    small = reduced(grey)
    scale *= grey.shape[1] / small.shape[1]
    ink = cv2.adaptiveThreshold(small, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 12)
    level = _strokes(ink, "level", scale)
    if len(level) < 2:
        return []
    upright = _strokes(np.ascontiguousarray(ink.T), "upright", scale)
    if not upright:
        return []
    return [_in_points(edge, scale) for edge in _tables(np.array(level), np.array(upright), small.shape, scale)]


def without_rulings(grey: Picture, scale: float) -> Picture:
    """The page (grey, `scale` points a pixel) with all long level and upright strokes wiped out, streaks too."""
    _, ink = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    level = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, round(_LONGEST_LETTER["level"] / scale)), np.uint8))
    upright = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((round(_LONGEST_LETTER["upright"] / scale), 1), np.uint8))
    wiped = grey.copy()
    wiped[cv2.dilate(cv2.max(level, upright), np.ones((3, 3), np.uint8)) > 0] = int(np.median(grey[::8, ::8]))
    return wiped


def _strokes(ink: Picture, direction: str, scale: float) -> list[_Stroke]:
    """The long thin level strokes; those that run down are looked for on the page laid on its side."""
    length, gap = round(_LONGEST_LETTER[direction] / scale), round(_BREAK[direction] / scale)
    runs = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    if not cv2.countNonZero(runs):
        return []
    joined = cv2.morphologyEx(runs, cv2.MORPH_CLOSE, np.ones((3, gap), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStatsWithAlgorithm(joined, 8, cv2.CV_32S, cv2.CCL_SPAGHETTI)
    thick = stats[:, cv2.CC_STAT_AREA] / np.maximum(1, stats[:, cv2.CC_STAT_WIDTH]) * scale
    thin = np.flatnonzero((thick < _THICKEST) & (stats[:, cv2.CC_STAT_HEIGHT] * scale < _MOST_SUNK))
    thin = thin[thin > 0]
    return [_stroke(labels, number, stats[number]) for number in thin.tolist()] if len(thin) <= _MOST else []


def _stroke(labels: Picture, number: int, stats: Picture) -> _Stroke:
    left, top, width, height = (int(n) for n in stats[:4])
    ys, xs = np.nonzero(labels[top : top + height, left : left + width] == number)
    slope, middle = np.polyfit(xs, ys, 1) if height > 1 and width > 2 else (0.0, float(ys.mean()))
    return _Stroke(left, left + width, top + 0.5 + middle, top + 0.5 + middle + slope * width)


def _tables(
    level: NDArray[np.float64], upright: NDArray[np.float64], shape: tuple[int, ...], scale: float
) -> Iterator[Edge]:
    """The strokes of nets that are wide and knotted enough for a table, straightened, in pixels."""
    reach = _REACH / scale
    crossing = _crossing(level, upright, reach)
    for rows, columns in _nets(crossing):
        columns = _without_streaks(columns, rows, level, upright, shape[0])
        knots = crossing[np.ix_(rows, columns)]
        if len(rows) < 2 or int(knots.sum()) < _FEW_CROSSINGS:
            continue
        width = level[rows, 1].max() - level[rows, 0].min()
        if width < _LEAST_SHARE * shape[1]:
            continue
        ys = level[rows, 2:].mean(axis=1)
        xs = upright[columns, 2:].mean(axis=1)
        for own, y in enumerate(ys):
            x0, x1 = _ends(level[rows[own], 0], level[rows[own], 1], xs[knots[own]], reach)
            yield Edge(x0, float(y), x1, float(y))
        for own, x in enumerate(xs):
            top, bottom = _ends(upright[columns[own], 0], upright[columns[own], 1], ys[knots[:, own]], reach)
            yield Edge(float(x), top, float(x), bottom)


def _crossing(level: NDArray[np.float64], upright: NDArray[np.float64], reach: float) -> NDArray[np.bool_]:
    """Which level stroke (row) crosses or nearly touches which upright one (column)."""
    x = upright[:, 2:].mean(axis=1)[None, :]
    y = _across(level, x)
    x = _across(upright.reshape(1, -1, 4), y)
    first = (x > level[:, 0, None] - reach) & (x < level[:, 1, None] + reach)
    found: NDArray[np.bool_] = first & (y > upright[None, :, 0] - reach) & (y < upright[None, :, 1] + reach)
    return found


def _across(strokes: NDArray[np.float64], along: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far across each stroke is at given places along it."""
    start, end, low, high = (strokes[:, None, n] if strokes.ndim == 2 else strokes[..., n] for n in range(4))
    share = np.clip((along - start) / np.maximum(1.0, end - start), 0.0, 1.0)
    found: NDArray[np.float64] = low + share * (high - low)
    return found


def _nets(crossing: NDArray[np.bool_]) -> Iterator[tuple[list[int], list[int]]]:
    """The level and upright strokes of each net that hangs together."""
    seen: set[int] = set()
    for first in range(len(crossing)):
        if first in seen:
            continue
        rows, columns, new = {first}, set[int](), {first}
        while new:
            across = set(np.flatnonzero(crossing[sorted(new)].any(axis=0)).tolist()) - columns
            columns |= across
            new = set(np.flatnonzero(crossing[:, sorted(across)].any(axis=1)).tolist()) - rows if across else set()
            rows |= new
        seen |= rows
        if columns:
            yield sorted(rows), sorted(columns)


def _without_streaks(
    columns: list[int], rows: list[int], level: NDArray[np.float64], upright: NDArray[np.float64], height: int
) -> list[int]:
    """The upright strokes without those that a scanner drew over the whole page, past the table's head and foot."""
    top, bottom = level[rows, 2:].min(), level[rows, 2:].max()
    past = np.maximum(top - upright[:, 0], upright[:, 1] - bottom)
    long = upright[:, 1] - upright[:, 0] > _STREAK * height
    return [n for n in columns if not (long[n] and past[n] > 0.03 * height)]


def _ends(start: float, end: float, across: NDArray[np.float64], reach: float) -> tuple[float, float]:
    """The ends of a stroke, drawn to the outermost strokes that it crosses where it ends near them."""
    if not len(across):
        return float(start), float(end)
    first, last = float(across.min()), float(across.max())
    return (first if abs(first - start) < reach else float(start)), (last if abs(last - end) < reach else float(end))


def _in_points(edge: Edge, scale: float) -> Edge:
    return Edge(*(scale * n for n in edge))
