"""Khung dấu, mũi tên: places where straight strokes on the upper part of a page frame a word, or lead through it.

A copy in black and white leaves the frame of a stamp broken, faint, grown together with print: there is no outline
to follow any more, but its strokes still run straight, and aslant as nothing else on an upright page does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.reading.colour import Slanted
from pipeline.reading.ocr import Picture

_UPPER = 5.2  # inches from the top: stamps stand beside the letterhead or above the text
_SCALE = 1 / 3
_LEAST = 0.19  # inches: shorter strokes are letters
_STEEPEST = 47.0
_ASLANT = 2.5
_PARALLEL = 4.0
_ONE_LINE = 0.035  # inches aside
_GAP = 0.35  # inches along
_WORD = 1.9  # inches: letters may hide so much of a shaft
_APART = (0.2, 0.75)
_SHAFTS = (0.02, 0.17)
_LETTERS = 0.42
_LENGTH = (0.5, 3.2)
_SOLID = 0.45
_SHAFT = 0.25
_EVEN = 0.22
_CORNER = 0.14
_SHARED = 0.6
_MOST = 160
_TABLE = 4
_TRIED = 3
_ROWS = 3


@dataclass(frozen=True, slots=True)
class _Side:
    """A straight stroke in pixels of the page: direction (degrees), where it runs (across its direction), from, to
    (along it), and how much of that is drawn."""

    angle: float
    across: float
    start: float
    end: float
    drawn: float

    @property
    def length(self) -> float:
        return self.end - self.start


def drawn_around(grey: Picture, dpi: float) -> list[Slanted]:
    """The rectangles between parallel strokes of a stamp's size, the ones most like a frame first."""
    lines = _segments(grey, dpi)
    found: list[tuple[float, Slanted]] = []
    for family in _families(lines):
        sides = _not_ruled(_sides(lines[family], dpi), dpi)
        found += [place for one, other in combinations(sides, 2) if (place := _between(one, other, lines, dpi))]
        found += [place for side in sides for place in _at_corners(side, lines, dpi)]
        if abs(sides[0].angle if sides else 0.0) >= _ASLANT:
            shafts = _sides(lines[family], dpi, _WORD, _SHAFT)
            found += [place for one, other in combinations(shafts, 2) if (place := _led_through(one, other, dpi))]
    places = _apart([place for _, place in sorted(found, key=lambda pair: -pair[0])])
    if len(places) > _TABLE:  # cells, whose rules meet everywhere
        places = [place for place in places if abs(place.angle) >= _ASLANT]
    return places[:_TRIED]


def _segments(grey: Picture, dpi: float) -> NDArray[np.float32]:
    """Straight strokes on the upper part of a page, a row each: x and y of both ends."""
    upper = grey[: round(_UPPER * dpi)]
    small = cv2.resize(upper, None, fx=_SCALE, fy=_SCALE, interpolation=cv2.INTER_AREA)
    detector = cv2.createLineSegmentDetector(cv2.LSD_REFINE_NONE, scale=1.0)
    found = detector.detect(small)[0]
    if found is None:
        return np.zeros((0, 4), np.float32)
    lines = np.asarray(found, np.float32).reshape(-1, 4) / _SCALE
    long = np.hypot(lines[:, 2] - lines[:, 0], lines[:, 3] - lines[:, 1])
    longest = np.argsort(-long)[:_MOST]
    return np.asarray(lines[longest[long[longest] >= _LEAST * dpi]], np.float32)


def _angles(lines: NDArray[np.float32]) -> NDArray[np.float32]:
    """The direction of each stroke in degrees, -90 to 90; positive where it sinks to the right."""
    steep = np.degrees(np.arctan2(lines[:, 3] - lines[:, 1], lines[:, 2] - lines[:, 0]))
    return np.asarray((steep + 90) % 180 - 90, np.float32)


def _families(lines: NDArray[np.float32]) -> Iterator[NDArray[np.int64]]:
    """The strokes that run one way, more along the page than down, the longest first; groups may share members."""
    angles = _angles(lines)
    left = np.abs(angles) <= _STEEPEST
    while left.any():
        angle = angles[int(np.argmax(left))]
        near = np.abs(angles - angle)
        left &= near > _PARALLEL / 2
        if np.count_nonzero(near <= _PARALLEL) > 1:
            yield np.flatnonzero(near <= _PARALLEL)


def _turned(lines: NDArray[np.float32], angle: float) -> NDArray[np.float32]:
    """For each stroke: where it runs across a direction, and from where to where along it."""
    cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    along = lines[:, 0::2] * cos + lines[:, 1::2] * sin
    across = lines[:, 1::2] * cos - lines[:, 0::2] * sin
    return np.stack([across.mean(axis=1), along.min(axis=1), along.max(axis=1)], axis=1)


def _sides(lines: NDArray[np.float32], dpi: float, gap: float = _GAP, solid: float = _SOLID) -> list[_Side]:
    """Strokes along one line, and both edges of one, put together."""
    lengths = np.hypot(lines[:, 2] - lines[:, 0], lines[:, 3] - lines[:, 1])
    angle = float(np.average(_angles(lines), weights=lengths))
    sides: list[_Side] = []
    for across, start, end in sorted(map(tuple, _turned(lines, angle).tolist()), key=lambda s: s[1]):
        same = next((n for n, s in enumerate(sides) if _continues(s, across, start, gap, dpi)), None)
        if same is None:
            sides.append(_Side(angle, across, start, end, end - start))
            continue
        side = sides[same]
        fresh = max(0.0, end - max(start, side.end))
        mean = (side.across * side.drawn + across * (end - start)) / (side.drawn + end - start)
        sides[same] = _Side(angle, mean, side.start, max(side.end, end), side.drawn + fresh)
    long = (_SHARED * _LENGTH[0] * dpi, _LENGTH[1] * dpi)
    return [s for s in sides if s.drawn >= solid * s.length and long[0] <= s.length <= long[1]]


def _not_ruled(sides: list[_Side], dpi: float) -> list[_Side]:
    """The sides without those that stand with two more of their reach, a line of print apart: rules of a table."""
    if not sides or abs(sides[0].angle) >= _ASLANT:
        return sides

    def rows(side: _Side) -> int:
        even = [s for s in sides if max(abs(s.start - side.start), abs(s.end - side.end)) <= _CORNER * dpi]
        where = sorted(s.across for s in even)
        return 1 + sum(after - before > _SHAFTS[1] * dpi for before, after in pairwise(where))

    return [side for side in sides if rows(side) < _ROWS]


def _continues(side: _Side, across: float, start: float, gap: float, dpi: float) -> bool:
    return abs(side.across - across) <= _ONE_LINE * dpi and start - side.end <= gap * dpi


def _between(one: _Side, other: _Side, lines: NDArray[np.float32], dpi: float) -> tuple[float, Slanted] | None:
    """The place that two sides frame or lead through, and how much speaks for it; None where they belong to print."""
    apart = abs(one.across - other.across) / dpi
    start, end = min(one.start, other.start), max(one.end, other.end)
    shared = min(one.end, other.end) - max(one.start, other.start)
    if not _LENGTH[0] * dpi <= end - start <= _LENGTH[1] * dpi or shared < _SHARED * (end - start):
        return None
    aslant = abs(one.angle) >= _ASLANT
    if _APART[0] <= apart <= _APART[1] and end - start >= 1.25 * apart * dpi:
        ends = _ends(one, other, lines, dpi)
        even = abs(one.start - other.start) + abs(one.end - other.end) <= 2 * _EVEN * dpi
        if ends == 2 or (ends and even) or (aslant and even):
            return 2.0 + ends + aslant + shared / (end - start), _rectangle(one, other, start, end, 0.0)
    return None


def _led_through(one: _Side, other: _Side, dpi: float) -> tuple[float, Slanted] | None:
    """The place of a word that the two lines of an arrow's shaft lead through."""
    apart = abs(one.across - other.across) / dpi
    start, end = min(one.start, other.start), max(one.end, other.end)
    shared = min(one.end, other.end) - max(one.start, other.start)
    long = 1.6 * _LETTERS * dpi <= end - start <= _LENGTH[1] * dpi
    if not long or shared < _SHARED * (end - start) or not _SHAFTS[0] <= apart <= _SHAFTS[1]:
        return None
    return 1.0, _rectangle(one, other, start, end, _LETTERS * dpi)


def _at_corners(side: _Side, lines: NDArray[np.float32], dpi: float) -> Iterator[tuple[float, Slanted]]:
    """The places that a side and a stroke from one of its ends span, where the rest of a frame is lost."""
    if side.length < _LENGTH[0] * dpi:
        return
    for start, end, edge in _across(side, lines).tolist():
        height = (end - start) / dpi
        meets = min(abs(edge - side.start), abs(edge - side.end)) <= _CORNER * dpi / 2
        if not meets or not _APART[0] <= height <= _APART[1] or side.length < 1.25 * height * dpi:
            continue
        if min(abs(start - side.across), abs(end - side.across)) <= _CORNER * dpi / 2:
            low, high = replace(side, across=start), replace(side, across=end)
            yield 1.5, _rectangle(low, high, side.start, side.end, 0.0)


def _across(side: _Side, lines: NDArray[np.float32]) -> NDArray[np.float32]:
    """The strokes at right angles to a side: from, to (across it), and where they run (along it)."""
    askew = np.abs((_angles(lines) - side.angle + 90) % 180 - 90)
    # turned by a right angle more, "along" runs across the side and "across" runs back along it
    found = _turned(lines[askew >= 90 - 2 * _PARALLEL], side.angle + 90)
    return np.stack([found[:, 1], found[:, 2], -found[:, 0]], axis=1)


def _ends(one: _Side, other: _Side, lines: NDArray[np.float32], dpi: float) -> int:
    """At how many of the ends of two sides strokes lead from one to the other."""
    low, high = sorted((one.across, other.across))
    start, end = min(one.start, other.start), max(one.end, other.end)
    upright = _across(one, lines)
    count = 0
    for edge in (start, end):
        near = upright[np.abs(upright[:, 2] - edge) <= _CORNER * dpi]
        reach = np.minimum(near[:, 1], high) - np.maximum(near[:, 0], low)
        within = (near[:, 0] > low - _CORNER * dpi) & (near[:, 1] < high + _CORNER * dpi)
        count += bool(np.any(within & (reach >= _SHARED * (high - low) * _SHARED)))
    return count


def _rectangle(one: _Side, other: _Side, start: float, end: float, height: float) -> Slanted:
    cos, sin = np.cos(np.radians(one.angle)), np.sin(np.radians(one.angle))
    along, across = (start + end) / 2, (one.across + other.across) / 2
    x, y = along * cos - across * sin, along * sin + across * cos
    return Slanted(float(x), float(y), end - start, max(height, abs(one.across - other.across)), one.angle)


def _apart(places: Sequence[Slanted]) -> list[Slanted]:
    """The places without those whose middle lies within one before them."""
    kept: list[Slanted] = []
    for place in places:
        if not any(_covers(k, place) for k in kept):
            kept.append(place)
    return kept


def _covers(one: Slanted, other: Slanted) -> bool:
    x0, top, x1, bottom = one.box
    return x0 <= other.x <= x1 and top <= other.y <= bottom
