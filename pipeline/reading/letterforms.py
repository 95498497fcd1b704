"""Hình chữ: the strokes of capital letters, whatever their face, as a pattern that finds a word by its shape.

A pattern weighs where the strokes of a word must be inked against where paper must show between them. It fits faces
with and without serifs, bold and light ones, and ink that other print, a frame or an arrow crosses, which no longer
can be read letter by letter.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

Pattern = NDArray[np.float32]
Stroke = tuple[float, float, float, float]  # from x, y to x, y: x in widths of the letter, y in heights from its top
Void = tuple[float, float, float]  # a round of paper: x, y, and its radius in heights

ABOVE, BELOW, BESIDE = 0.5, 0.42, 0.35
VOID_WEIGHT = 0.6
_BETWEEN = 0.06
_STROKE = 0.1
_FINE = 8


@dataclass(frozen=True, slots=True)
class _Form:
    width: float
    strokes: tuple[Stroke, ...]
    voids: tuple[Void, ...]


_FORMS = {
    "M": _Form(
        1.25,
        ((0.14, 0.0, 0.14, 1.0), (0.14, 0.0, 0.5, 0.9), (0.5, 0.9, 0.86, 0.0), (0.86, 0.0, 0.86, 1.0)),
        ((0.5, 0.15, 0.09), (0.31, 0.8, 0.08), (0.69, 0.8, 0.08), (-0.16, 0.5, 0.08)),
    ),
    "A": _Form(
        1.02,
        ((0.5, 0.02, 0.1, 1.0), (0.5, 0.02, 0.9, 1.0), (0.27, 0.68, 0.73, 0.68)),
        ((0.5, 0.9, 0.08), (0.05, 0.35, 0.1), (0.95, 0.35, 0.1)),
    ),
    "T": _Form(
        0.95,
        ((0.06, 0.07, 0.94, 0.07), (0.5, 0.07, 0.5, 1.0)),
        ((0.12, 0.6, 0.1), (0.88, 0.6, 0.1), (0.2, 0.4, 0.06), (0.8, 0.4, 0.06), (1.17, 0.5, 0.08)),
    ),
    "\N{COMBINING CIRCUMFLEX ACCENT}": _Form(
        0.0, ((0.26, -0.14, 0.5, -0.32), (0.5, -0.32, 0.74, -0.14)), ((0.1, -0.25, 0.1), (0.9, -0.25, 0.1))
    ),
    "\N{COMBINING DOT BELOW}": _Form(0.0, ((0.5, 1.2, 0.5, 1.24),), ((0.15, 1.2, 0.09), (0.85, 1.2, 0.09))),
}
_BARE_ABOVE: tuple[Void, ...] = ((0.3, -0.22, 0.12), (0.7, -0.22, 0.12))
_BARE_BELOW: tuple[Void, ...] = ((0.3, 1.2, 0.1), (0.7, 1.2, 0.1))


@cache
def pattern(word: str, height: int, stretch: float) -> Pattern:
    """The pattern of a word of capitals `height` pixels high, its letters `stretch` times as wide as usual.

    Correlated with ink from 0 to 1 it gives 1.0 where every stroke is inked and every void is paper. Raises KeyError
    for letters without a form here.
    """
    strokes, between = _planes(word, height, stretch)
    return strokes - np.float32(VOID_WEIGHT) * between


def voids(word: str, height: int, stretch: float) -> Pattern:
    """Where paper must show for `pattern`: correlated with ink it gives the share of that which is inked."""
    return _planes(word, height, stretch)[1]


@cache
def _planes(word: str, height: int, stretch: float) -> tuple[Pattern, Pattern]:
    """The strokes of a word and the voids between them, each with a sum of 1."""
    forms = [_whole(letter) for letter in _letters(word)]
    wide = stretch * sum(form.width for form in forms) + _BETWEEN * (len(forms) - 1) + 2 * BESIDE
    size = (round(wide * height), round((1 + ABOVE + BELOW) * height))
    drawn = np.zeros((size[1] * _FINE, size[0] * _FINE), np.float32)
    left = np.zeros_like(drawn)
    at = BESIDE
    for form in forms:
        _draw(form, at, stretch * form.width, height * _FINE, drawn, left)
        at += stretch * form.width + _BETWEEN
    left[drawn > 0] = 0
    planes = [np.asarray(cv2.resize(plane, size, interpolation=cv2.INTER_AREA), np.float32) for plane in (drawn, left)]
    return planes[0] / planes[0].sum(), planes[1] / planes[1].sum()


def _letters(word: str) -> Iterator[str]:
    """Each letter with the signs that stand above and below it."""
    letter = ""
    for sign in unicodedata.normalize("NFD", word):
        if letter and not unicodedata.combining(sign):
            yield letter
            letter = ""
        letter += sign
    yield letter


def _whole(letter: str) -> _Form:
    """A letter and its signs as one form; where it has none, paper is expected above and below."""
    forms = [_FORMS[sign] for sign in letter]
    strokes = tuple(stroke for form in forms for stroke in form.strokes)
    voids = tuple(void for form in forms for void in form.voids)
    bare = not letter[1:]
    return _Form(forms[0].width, strokes, (*voids, *(_BARE_ABOVE + _BARE_BELOW if bare else ())))


def _draw(form: _Form, at: float, width: float, unit: int, strokes: Pattern, voids: Pattern) -> None:
    def pixel(x: float, y: float) -> tuple[int, int]:
        return int((at + x * width) * unit), int((ABOVE + y) * unit)

    for x0, y0, x1, y1 in form.strokes:
        cv2.line(strokes, pixel(x0, y0), pixel(x1, y1), (1.0,), max(1, int(_STROKE * unit)))
    for x, y, radius in form.voids:
        cv2.circle(voids, pixel(x, y), int(radius * unit), (1.0,), -1)
