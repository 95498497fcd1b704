"""Mực dấu: coloured ink on the picture of a page, isolated into stamps, and taken away from the print beneath it.

Pictures are RGB (height x width x 3), boxes are pixels: x0, top, x1, bottom. A page without coloured ink costs a look
at one pixel in sixteen.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.reading.ocr import DPI, Picture

Pixels = tuple[int, int, int, int]

_STEP = 4
_COLOURED = 48
_FEW = 60
_LEAST = 30
_PLACES = 40
_TWICE = 2  # times a page's size: more is not bleached, however much the patches of ink overlap
_JOIN = (0.14, 0.10)  # inches across and down: letters and frame of one stamp stand closer than this
TINTED = 30
_BROAD = 0.45
_LARGE = 0.3
_SEAL = 0.8
_ROUND = 1.35
_ROOM = 12
# A word stamp is 8 mm high and 20 to 40 mm long (Decree 30/2020/NĐ-CP, Annex I, II.10), in practice up to twice that.
_HEIGHT = (0.18, 0.75)
_LENGTH = (0.45, 3.2)
_OBLONG = 1.35
_STEEPEST = 47.0
_OFF = 5


@dataclass(frozen=True, slots=True)
class Slanted:
    """A rectangle that may be slanted: centre, length along it, height across it, degrees (clockwise is positive)."""

    x: float
    y: float
    length: float
    height: float
    angle: float

    @property
    def corners(self) -> NDArray[np.int32]:
        """Its four corners, in order around it."""
        around = cv2.boxPoints(((self.x, self.y), (self.length, self.height), self.angle))
        return np.rint(around).astype(np.int32)

    @property
    def box(self) -> Pixels:
        """The upright box around it, which may reach beyond the page."""
        (x0, top), (x1, bottom) = self.corners.min(axis=0), self.corners.max(axis=0)
        return int(x0), int(top), int(x1), int(bottom)

    def like_a_word_stamp(self, dpi: float) -> bool:
        """Whether size and slant are those of a stamp that says a word or two."""
        return (
            _HEIGHT[0] <= self.height / dpi <= _HEIGHT[1]
            and _LENGTH[0] <= self.length / dpi <= _LENGTH[1]
            and self.length >= _OBLONG * self.height
            and abs(self.angle) <= _STEEPEST
        )


@dataclass(frozen=True, slots=True)
class InkStamp:
    """A stamp of words: where it stands, its picture made level (black on white), whether its ink has a colour."""

    place: Slanted
    image: Picture
    coloured: bool


def stamps(picture: Picture, dpi: float = DPI) -> list[InkStamp]:
    """The coloured stamps that may say a word (not seals, not signatures), from top to bottom."""
    found = [place for place in coloured(picture, dpi) if place.like_a_word_stamp(dpi)]
    return [_isolated(picture, place) for place in sorted(found, key=lambda place: place.y)]


def without_ink(picture: Picture, dpi: float = DPI) -> Picture:
    """The page in grey, coloured seals and signatures bleached, so that the print beneath them can be read.

    Only rings, what they enclose, and wide strokes are bleached: a name or a title stamped in red, a number written in
    blue, a letterhead printed in colour stay as they are.
    """
    grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)
    left = _TWICE * grey.size
    for place in coloured(picture, dpi):
        x0, top, x1, bottom = within(place.box, grey)
        if min(x1 - x0, bottom - top) >= _BROAD * dpi and left > 0:
            left -= (x1 - x0) * (bottom - top)
            patch = np.ascontiguousarray(picture[top:bottom, x0:x1])
            where = cv2.dilate(_strokes(patch, dpi), np.ones((3, 3), np.uint8)) > 0
            grey[top:bottom, x0:x1][where] = patch.max(axis=2)[where]
    return grey


def _strokes(patch: Picture, dpi: float) -> Picture:
    """Where coloured ink draws something higher than lines of print, 1 on 0, and all red that stands within a ring."""
    tinted = chroma(patch) > TINTED
    red = tinted & (patch[..., 0] >= patch[..., 2])
    out = np.zeros(patch.shape[:2], np.uint8)
    for mask in (red, tinted & ~red):
        _, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
        large = np.min(stats[:, 2:4], axis=1) >= _LARGE * dpi
        large[0] = False
        out |= large[labels].astype(np.uint8)
        if mask is red and large.any():
            out |= red & _ring(stats[large], out, dpi)
    return out


def _ring(arcs: NDArray[np.int32], like: Picture, dpi: float) -> NDArray[np.bool_]:
    """The inside of the seal that some pieces of red ink are the ring of; nothing where they are no ring."""
    left, top = (int(side) for side in arcs[:, :2].min(axis=0))
    right, bottom = (int(side) for side in (arcs[:, :2] + arcs[:, 2:4]).max(axis=0))
    width, height = right - left, bottom - top
    out = np.zeros_like(like)
    if min(width, height) >= _SEAL * dpi and max(width, height) <= _ROUND * min(width, height):
        centre = ((left + right) // 2, (top + bottom) // 2)
        cv2.ellipse(out, centre, (width // 2, height // 2), 0, 0, 360, (1,), -1)
    return out > 0


def inked(picture: Picture) -> bool:
    """Whether a page has coloured ink at all."""
    return int(np.count_nonzero(_sampled(picture))) >= _FEW


def _sampled(picture: Picture) -> NDArray[np.bool_]:
    return chroma(np.ascontiguousarray(picture[::_STEP, ::_STEP])) > _COLOURED


def coloured(picture: Picture, dpi: float = DPI) -> list[Slanted]:
    """The patches of coloured ink on a page, the largest first; on a page full of colour only some of them."""
    ink = _sampled(picture).astype(np.uint8)
    if np.count_nonzero(ink) < _FEW:
        return []
    across, down = (2 * round(inches * dpi / _STEP / 2) + 1 for inches in _JOIN)
    joined = cv2.dilate(ink, np.ones((down, across), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined)
    largest = np.argsort(-stats[1:, cv2.CC_STAT_AREA])[:_PLACES] + 1
    places = []
    for label in largest:
        x, y, width, height = stats[label, :4]
        window = np.s_[y : y + height, x : x + width]
        points = cv2.findNonZero(((labels[window] == label) & (ink[window] > 0)).astype(np.uint8))
        if points is not None and len(points) >= _LEAST:
            places.append(slanted(((points + np.array((x, y))) * _STEP).astype(np.float32)))
    return places


def slanted(points: NDArray[np.float32]) -> Slanted:
    """The smallest rectangle around some points, its longer side as near to level as can be."""
    (x, y), (length, height), angle = cv2.minAreaRect(points)
    if length < height:
        length, height, angle = height, length, angle + 90
    return Slanted(x, y, length, height, (angle + 90) % 180 - 90)


def chroma(picture: Picture) -> Picture:
    """How far each pixel is from grey (0 to 255)."""
    red, green, blue = cv2.split(picture)
    return np.asarray(cv2.max(cv2.max(red, green), blue) - cv2.min(cv2.min(red, green), blue), np.uint8)


def levelled(grey: Picture, place: Slanted, room: int = 0) -> Picture:
    """The part of a grey picture that a slanted rectangle frames, turned level, with `room` pixels around it."""
    width, height = round(place.length) + 2 * room, round(place.height) + 2 * room
    matrix = cv2.getRotationMatrix2D((place.x, place.y), place.angle, 1.0)
    matrix[:, 2] += np.array((width / 2 - place.x, height / 2 - place.y))
    level = cv2.warpAffine(grey, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255,))
    return np.asarray(level, np.uint8)


def _isolated(picture: Picture, place: Slanted) -> InkStamp:
    """One stamp without the black print that stands under it."""
    x0, top, x1, bottom = within(place.box, picture, _ROOM)
    strength = chroma(np.ascontiguousarray(picture[top:bottom, x0:x1]))
    ink = np.asarray(255 - cv2.normalize(strength, None, 0, 255, cv2.NORM_MINMAX), np.uint8)  # type: ignore[call-overload]
    there = Slanted(place.x - x0, place.y - top, place.length, place.height, place.angle)
    return InkStamp(place, levelled(ink, _straightened(ink, there), _ROOM), coloured=True)


def _straightened(grey: Picture, place: Slanted) -> Slanted:
    """A slanted rectangle around words whose lines are level in it: an arrow, or the accents of a word without a frame,
    may put the smallest rectangle a few degrees off."""
    best, sharpest = place, 0.0
    for off in sorted(range(-_OFF, _OFF + 1), key=abs):
        wider = place.height + abs(off) * place.length / 57.3
        other = Slanted(place.x, place.y, place.length, wider, place.angle + off)
        rows = levelled(grey, other, _ROOM).mean(axis=1)
        sharp = float(np.square(np.diff(rows)).sum()) * wider
        if sharp > 1.1 * sharpest:
            best, sharpest = other, sharp
    return best


def within(box: Pixels, picture: Picture, room: int = 0) -> Pixels:
    """A box with some room around it, as far as the picture reaches."""
    height, width = picture.shape[:2]
    x0, top, x1, bottom = box
    return max(0, x0 - room), max(0, top - room), min(width, x1 + room), min(height, bottom + room)
