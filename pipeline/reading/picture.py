"""The picture of a page made upright: turned when it lies on its side or head, and its slant taken away.

Line direction, slant and head are read from the letters themselves on a reduced copy (some 100 dots an inch), which
costs a hundredth of what recognising the page does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[Any]
Turn = Literal[0, 90, 180, 270]
Matrix = tuple[tuple[float, float, float], tuple[float, float, float]]

_LONG_SIDE = 1170
_SMALLEST = 50
_LARGEST_LETTER = 60
_SPECK = 6
_FEW_LETTERS = 60
_GAP = 9
_ON_ITS_SIDE = 0.7
_STEEPEST = 10.0
_LEAST_SLANT = 0.15
_SAMPLE = 8000
_PEAK = 2.0
_BODY = 0.4
_THIN_LINE = 0.1
_CERTAIN = 0.2
_HEAD_FIRST = 0.35
_CV_TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


@dataclass(frozen=True, slots=True)
class Upright:
    """A page as one reads it: turned clockwise by `turn` degrees, then straightened by `angle` degrees.

    `angle` is the slant that was found (positive where lines sink to the right), 0.0 where it was too small to matter.
    `certain` is False where the letters do not tell its head from its foot: then `turned(…, 180)` may read better.
    `matrix` leads from pixels of `image` to pixels of the page as displayed.
    """

    image: Picture
    turn: Turn
    angle: float
    certain: bool
    matrix: Matrix

    def to_page(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of `image` stands on the page as displayed, in pixels."""
        (a, b, c), (d, e, f) = self.matrix
        return a * x + b * y + c, d * x + e * y + f

    def box_on_page(self, x0: float, top: float, x1: float, bottom: float) -> tuple[float, float, float, float]:
        """The smallest upright box (x0, top, x1, bottom) on the page as displayed around one of `image`, in pixels."""
        corners = [self.to_page(x, y) for x in (x0, x1) for y in (top, bottom)]
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        return min(xs), min(ys), max(xs), max(ys)

    def applied(self, picture: Picture) -> Picture:
        """Another picture of the same page and size (in colour, with ink taken out) made upright in the same way."""
        return _straight(_turned(picture, self.turn), self.angle)[0]


def upright(grey: Picture) -> Upright:
    """The picture of a page (grey, height x width) as one reads it; unchanged where it shows next to no letters."""
    letters = _letters(grey)
    if letters is None:
        return _made(grey, 0, 0.0, True)
    on_side = _runs_down(letters)
    if on_side:
        letters = _turned(letters, 90)
    slant = _slant(letters)
    foot_up = _foot_up(letters, slant)
    certain = abs(foot_up) >= _CERTAIN
    # a page is seldom fed in head first: only clear letters say so, while either side is as likely as the other
    over = foot_up > (0.0 if on_side else _HEAD_FIRST)
    turn: Turn = (270 if over else 90) if on_side else (180 if over else 0)
    return _made(grey, turn, slant if abs(slant) >= _LEAST_SLANT else 0.0, certain)


def turned(page: Upright, by: Turn) -> Upright:
    """The upright page turned clockwise once more, for a second try where the first was read badly."""
    if by == 0:
        return page
    turn: Any = (page.turn + by) % 360
    matrix = _product(page.matrix, _inverse_turn(by, page.image.shape))
    return replace(page, image=_turned(page.image, by), turn=turn, matrix=matrix)


def _made(grey: Picture, turn: Turn, angle: float, certain: bool) -> Upright:
    image, back = _straight(_turned(grey, turn), angle)
    matrix = _product(_inverse_turn(turn, grey.shape), back)
    return Upright(image, turn, angle, certain, matrix)


def _letters(grey: Picture) -> Picture | None:
    """The letters alone, 1 on 0, on a reduced copy: no rules, borders, seals, dust. None where there are few."""
    if min(grey.shape) < _SMALLEST:
        return None
    ink = cv2.adaptiveThreshold(reduced(grey), 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 18)
    _, labels, stats, _ = cv2.connectedComponentsWithStatsWithAlgorithm(ink, 8, cv2.CV_32S, cv2.CCL_SPAGHETTI)
    longest = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    kept = (longest > 3) & (longest < _LARGEST_LETTER) & (stats[:, cv2.CC_STAT_AREA] >= _SPECK)
    kept[0] = False
    if np.count_nonzero(kept) < _FEW_LETTERS:
        return None
    letters: Picture = np.take(kept.astype(np.uint8), np.asarray(labels))
    return letters


def reduced(grey: Picture) -> Picture:
    """A copy reduced by a whole number, which is far quicker than any other; never enlarged."""
    by = max(1, round(max(grey.shape) / _LONG_SIDE))
    if by == 1:
        return grey
    height, width = grey.shape[0] // by, grey.shape[1] // by
    whole = grey[: height * by, : width * by]
    return cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA)


def _runs_down(letters: Picture) -> bool:
    """Whether lines of print run down the page: gaps are smaller between letters of a line than between lines."""
    level = cv2.morphologyEx(letters, cv2.MORPH_CLOSE, np.ones((1, _GAP), np.uint8))
    down = cv2.morphologyEx(letters, cv2.MORPH_CLOSE, np.ones((_GAP, 1), np.uint8))
    own = cv2.countNonZero(letters)
    return cv2.countNonZero(level) - own < _ON_ITS_SIDE * (cv2.countNonZero(down) - own)


def _slant(letters: Picture) -> float:
    """The slant of the lines in degrees, to a twentieth: where the feet of the letters stand most sharply on lines."""
    feet = letters.copy()
    feet[:-1] &= 1 - letters[1:]
    x, y = _points(feet)
    step = max(1, len(x) // _SAMPLE)
    rough = np.arange(-_STEEPEST, _STEEPEST + 0.01, 0.5)
    sharp = [_sharpness(x[::step], y[::step], angle) for angle in rough]
    if max(sharp) < _PEAK * float(np.median(sharp)):
        return 0.0
    near = rough[int(np.argmax(sharp))] + np.arange(-0.5, 0.51, 0.05)
    return round(float(near[int(np.argmax([_sharpness(x, y, angle) for angle in near]))]), 2)


def _foot_up(letters: Picture, slant: float) -> float:
    """From -2 to 2, below 0 where lines have their feet below: Latin print ends more sharply at the base line than
    above, and has more ink above its small letters (tall ones, accents) than below them."""
    profile = _profile(*_points(letters), slant).astype(float)
    edges = (profile[2:] - profile[:-2]) ** 3
    above, below = _outside(profile)
    return float(edges.sum() / (np.abs(edges).sum() + 1.0) + (below - above) / (above + below + 1.0))


def _outside(profile: NDArray[np.float64]) -> tuple[float, float]:
    """The ink above and below the small letters of all lines, as far as their height or half way to the next line."""
    most = cv2.dilate(profile.reshape(-1, 1), np.ones((_LARGEST_LETTER + 1, 1), np.uint8)).ravel()
    inside = (profile > _BODY * most) & (most > _THIN_LINE * profile.max())
    ends = np.flatnonzero(np.diff(inside.astype(np.int8), prepend=0, append=0))
    tops, bottoms = ends[::2], ends[1::2]
    heights = bottoms - tops
    rise = np.minimum(heights, (tops - np.insert(bottoms[:-1], 0, 0)) // 2)
    fall = np.minimum(heights, (np.append(tops[1:], len(profile)) - bottoms) // 2)
    ink = np.concatenate([[0.0], np.cumsum(profile)])
    lines = (heights >= 3) & (heights < _LARGEST_LETTER)
    above, below = (ink[tops] - ink[tops - rise])[lines].sum(), (ink[bottoms + fall] - ink[bottoms])[lines].sum()
    return float(above), float(below)


def _points(mask: Picture) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The columns, counted from the middle, and the rows of what is set in a mask."""
    found = cv2.findNonZero(mask)
    if found is None:
        return np.zeros(0, np.float32), np.zeros(0, np.float32)
    at = found.reshape(-1, 2).astype(np.float32)
    return at[:, 0] - np.float32(mask.shape[1] / 2), at[:, 1]


def _profile(x: NDArray[np.float32], y: NDArray[np.float32], angle: float) -> NDArray[np.int64]:
    """How many points stand on each line across a page of this slant."""
    rows = y - x * np.float32(np.tan(np.radians(angle)))
    return np.bincount((rows - rows.min()).astype(np.int32)) if len(rows) else np.zeros(1, np.int64)


def _sharpness(x: NDArray[np.float32], y: NDArray[np.float32], angle: float) -> float:
    edges = np.diff(_profile(x, y, angle))
    return float(np.dot(edges, edges))


def _turned(picture: Picture, turn: Turn) -> Picture:
    return picture if turn == 0 else cv2.rotate(picture, _CV_TURNS[turn])


def _straight(picture: Picture, angle: float) -> tuple[Picture, Matrix]:
    """The picture turned against its slant, on white and large enough to lose nothing, and the way back."""
    height, width = picture.shape[:2]
    if not angle:
        return picture, ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0))
    turning = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    sine, cosine = abs(turning[0, 1]), abs(turning[0, 0])
    wide, high = int(height * sine + width * cosine) + 1, int(height * cosine + width * sine) + 1
    turning[:, 2] += (wide - width) / 2, (high - height) / 2
    white = (255,) * (picture.shape[2] if picture.ndim == 3 else 1)
    image = cv2.warpAffine(picture, turning, (wide, high), flags=cv2.INTER_LINEAR, borderValue=white)
    back = cv2.invertAffineTransform(turning)
    return image, _matrix(back)


def _inverse_turn(turn: Turn, shape: tuple[int, ...]) -> Matrix:
    """From pixels of a picture that was turned clockwise to pixels of what it was before, which has this shape."""
    height, width = float(shape[0]), float(shape[1])
    if turn == 90:
        return ((0.0, 1.0, 0.0), (-1.0, 0.0, height))
    if turn == 180:
        return ((-1.0, 0.0, width), (0.0, -1.0, height))
    if turn == 270:
        return ((0.0, -1.0, width), (1.0, 0.0, 0.0))
    return ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0))


def _product(after: Matrix, first: Matrix) -> Matrix:
    """One affine map after another."""
    square = [np.vstack([np.asarray(m), [0.0, 0.0, 1.0]]) for m in (after, first)]
    return _matrix((square[0] @ square[1])[:2])


def _matrix(array: Any) -> Matrix:
    (a, b, c), (d, e, f) = array
    return (float(a), float(b), float(c)), (float(d), float(e), float(f))
