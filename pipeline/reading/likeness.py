"""Chữ theo hình: where ink has the shape of a word of capitals, at whatever angle and size a stamp may have.

Ink is 255 on 0, reduced to `INK_DPI` dots an inch. All angles and sizes are tried on a small copy, the likeliest are
followed with finer steps; a patch as large as a stamp costs some 10 ms.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.reading.colour import Slanted
from pipeline.reading.letterforms import Pattern, pattern, voids
from pipeline.reading.ocr import Picture

INK_DPI = 100
Soft = NDArray[np.float32]  # ink from 0.0 to 1.0

_HEIGHTS = (0.13, 0.162, 0.202, 0.253)  # of capitals, inches
_ANGLES = tuple(np.arange(-45.0, 45.1, 7.5).tolist())
_STRETCHES, _USUAL = (0.87, 1.04), 0.95
_COARSE, _FINE = 8, 14  # capitals of the copies, pixels
_WORTH, _LEAST = 0.42, 0.5
_LIKELIEST = 8
_FOLLOWED = 2
_APART = (0.08, 7.0)  # inches, degrees
_STRONG = 1.25  # strokes a pixel wide are never quite black
_VIEW = (5.6, 3.0)  # heights of capitals
_TURNS = ((-3.0, 0.0, 3.0), (-1.5, 0.0, 1.5))
_SIZES = ((0.9, 1.0, 1.11), (0.95, 1.0, 1.05))
_WIDTHS = ((1.0,), (0.93, 1.0, 1.07))


@dataclass(frozen=True, slots=True)
class Likeness:
    """A place with the shape of a word: how well it fits, up to 1.0, its middle (pixels of the ink), the angle at which
    it stands (clockwise degrees), the height (pixels) and stretch of its capitals, and which share of the paper between
    their strokes is inked."""

    score: float
    x: float
    y: float
    angle: float
    height: float
    stretch: float
    clutter: float

    def place(self, word: str) -> Slanted:
        """The rectangle around the letters, with as much room as a pattern has."""
        high, wide = pattern(word, _FINE, self.stretch).shape
        unit = self.height / _FINE
        return Slanted(self.x, self.y, wide * unit, high * unit, self.angle)


def likenesses(ink: Picture, word: str) -> list[Likeness]:
    """The places on a patch of ink that are most like a word, the most alike first."""
    followed: list[Likeness] = []
    for seen in sorted(_glimpses(ink, word), key=lambda seen: -seen.score):
        if not any(_near(seen, other) for other in followed):
            followed.append(seen)
        if len(followed) == _FOLLOWED:
            break
    return sorted((_followed(ink, word, seen) for seen in followed), key=lambda found: -found.score)


def _near(one: Likeness, other: Likeness) -> bool:
    inches, degrees = _APART
    return abs(one.angle - other.angle) < degrees and np.hypot(one.x - other.x, one.y - other.y) < inches * INK_DPI


def _glimpses(ink: Picture, word: str) -> Iterator[Likeness]:
    """The likeliest place at the likeliest angles and sizes, where it is likely at all."""
    reduced = {inches: _reduced(ink, inches) for inches in _HEIGHTS}
    likeliest = sorted(_outlooks(reduced, word), reverse=True)[:_LIKELIEST]
    for _, inches, angle in likeliest:
        level, way = _levelled(reduced[inches], angle)
        for stretch in _STRETCHES:
            found = _fitting(level, pattern(word, _COARSE, stretch))
            if found and found[0] >= _LEAST:
                x, y = (side * inches * INK_DPI / _COARSE for side in _back(way, found[1]))
                yield Likeness(found[0], x, y, angle, inches * INK_DPI, stretch, 0.0)


def _outlooks(reduced: Mapping[float, Soft], word: str) -> Iterator[tuple[float, float, float]]:
    """How well the word at its usual width fits somewhere at each size and angle, where that is worth a second look."""
    wanted = pattern(word, _COARSE, _USUAL)
    for inches, small in reduced.items():
        for angle in _ANGLES:
            found = _fitting(_levelled(small, angle)[0], wanted)
            if found and found[0] >= _WORTH:
                yield found[0], inches, angle


def _reduced(ink: Picture, inches: float) -> Soft:
    """The ink, so small that capitals of this height have the coarser patterns'."""
    scale = _COARSE / (inches * INK_DPI)
    return _soft(cv2.resize(ink, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))


def _followed(ink: Picture, word: str, seen: Likeness) -> Likeness:
    """The best fit around one, found in two rounds of ever smaller steps."""
    best = replace(seen, score=0.0)
    for turns, sizes, widths in zip(_TURNS, _SIZES, _WIDTHS, strict=True):
        around = best
        for turn, size in product(turns, sizes):
            angle, height = around.angle + turn, around.height * size
            view, way = _view(ink, around, angle, height)
            for stretch in (round(around.stretch * width, 3) for width in widths):
                found = _fitting(view, pattern(word, _FINE, stretch))
                if found and found[0] > best.score:
                    x, y = _back(way, found[1])
                    best = Likeness(found[0], x, y, angle, height, stretch, 0.0)
    return replace(best, clutter=_clutter(ink, word, best))


def _clutter(ink: Picture, word: str, found: Likeness) -> float:
    """The share of the paper between the strokes of a word that is inked."""
    between = voids(word, _FINE, found.stretch)
    view, _ = _view(ink, found, found.angle, found.height)
    top, left = ((have - want) // 2 for have, want in zip(view.shape, between.shape, strict=True))
    return float((view[top : top + between.shape[0], left : left + between.shape[1]] * between).sum())


def _soft(ink: cv2.typing.MatLike) -> Soft:
    blurred = cv2.GaussianBlur(ink, (3, 3), 0).astype(np.float32)
    return np.asarray(np.minimum(1.0, blurred * (_STRONG / 255)), np.float32)


def _fitting(ink: Soft, wanted: Pattern) -> tuple[float, tuple[float, float]] | None:
    """How well a pattern fits where it fits best, and the middle of that place; None where it has no room."""
    high, wide = wanted.shape
    if ink.shape[0] < high or ink.shape[1] < wide:
        return None
    _, score, _, (x, y) = cv2.minMaxLoc(cv2.matchTemplate(ink, wanted, cv2.TM_CCORR))
    return float(score), (x + wide / 2, y + high / 2)


def _levelled(ink: Soft, angle: float) -> tuple[Soft, cv2.typing.MatLike]:
    """Ink turned so that what stands at an angle lies level, whole, with paper around it, and the way it was turned."""
    high, wide = ink.shape
    cos, sin = abs(np.cos(np.radians(angle))), abs(np.sin(np.radians(angle)))
    size = (int(wide * cos + high * sin) + _COARSE, int(wide * sin + high * cos) + _COARSE)
    way = cv2.getRotationMatrix2D((wide / 2, high / 2), angle, 1.0)
    way[:, 2] += np.array(((size[0] - wide) / 2, (size[1] - high) / 2))
    return np.asarray(cv2.warpAffine(ink, way, size), np.float32), way


def _view(ink: Picture, around: Likeness, angle: float, height: float) -> tuple[Soft, cv2.typing.MatLike]:
    """The ink around a place, turned level, its capitals as high as those of the finer patterns."""
    size = (int(_VIEW[0] * _FINE), int(_VIEW[1] * _FINE))
    way = cv2.getRotationMatrix2D((around.x, around.y), angle, _FINE / height)
    way[:, 2] += np.array((size[0] / 2 - around.x, size[1] / 2 - around.y))
    return _soft(cv2.warpAffine(ink, way, size)), way


def _back(way: cv2.typing.MatLike, point: tuple[float, float]) -> tuple[float, float]:
    x, y = cv2.invertAffineTransform(way) @ np.array([*point, 1.0])
    return float(x), float(y)
