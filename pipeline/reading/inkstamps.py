"""Dấu chỉ độ mật, độ khẩn: stamps of secrecy and urgency on the picture of a page, in colour or in a black frame.

Reading a whole page seldom makes sense of them: they stand aslant, in frames, over other print. Each is cut out, made
level, freed of its frame and read by itself; since a stamp says one of a few words, a bad reading will do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from extractors.marks import nearest_mark
from pipeline.reading.colour import (
    TINTED,
    InkStamp,
    Pixels,
    Slanted,
    chroma,
    levelled,
    slanted,
    stamps,
    within,
)
from pipeline.reading.layout import Row, Word
from pipeline.reading.ocr import DPI, LINE, Picture
from pipeline.reading.strokes import drawn_around

Recognise = Callable[[Picture, int], list[Word]]

_MOST = 4
_HALF = 0.5
_UPPER = 5.8  # inches from the top
_INK = 170
_RECTANGULAR = 0.8
_LEAST, _MOST_LENGTH = 0.3, 3.3  # inches
_LOWEST = 0.22  # inches: underlined words that have grown together are lower
_SPANS = 0.6
_STROKE = 0.1
_THIN = 9
_SHAFT = 0.18
_MARGIN = 20
_LETTER = 0.15
_LETTERS = (2, 24)
_SIZES = (1.0, 0.7)
_SURE = 0.8
_FEW = 4
_LINE_WIDTH = 4


@dataclass(frozen=True, slots=True)
class Mark:
    """A stamp that was read: what it says (one of the words of `extractors.marks`), how surely, the stamp itself."""

    text: str
    confidence: float
    stamp: InkStamp

    def row(self, scale: float) -> Row:
        """The mark as a line of the page; `scale` is units of its boxes for one pixel."""
        x0, top, x1, bottom = (side * scale for side in self.stamp.place.box)
        return Row((Word(self.text, x0, top, x1, bottom, confidence=self.confidence),), x0, top, x1, bottom)


def read_stamps(picture: Picture | None, grey: Picture, recognise: Recognise, dpi: float = DPI) -> list[Mark]:
    """The stamps of secrecy and urgency on an upright page, in colour (RGB; None where it has none) and in grey.

    `recognise` reads a grey picture in a mode of Tesseract's. A page without stamps costs some 10 ms.
    """
    found: list[Mark] = []
    outlined = [*(stamps(picture, dpi) if picture is not None else []), *framed(grey, dpi)][:_MOST]
    for stamp in [*outlined, *stroked(grey, dpi)]:
        seen = any(_overlap(stamp.place.box, mark.stamp.place.box) for mark in found)
        if not seen and (mark := _read(stamp, recognise)):
            found.append(mark)
    return found


def without_stamps(grey: Picture, picture: Picture | None, marks: Sequence[Mark]) -> Picture:
    """The page in grey without the stamps that were read: what is left of them would be read as words of the text."""
    out = grey.copy() if marks else grey
    for stamp in (mark.stamp for mark in marks):
        if stamp.coloured and picture is not None:
            x0, top, x1, bottom = within(stamp.place.box, grey, _MARGIN)
            ink = (chroma(np.ascontiguousarray(picture[top:bottom, x0:x1])) > TINTED).astype(np.uint8)
            out[top:bottom, x0:x1][cv2.dilate(ink, np.ones((5, 5), np.uint8)) > 0] = 255
        else:
            cv2.fillConvexPoly(out, stamp.place.corners, (255,))
    return out


def framed(grey: Picture, dpi: float = DPI) -> list[InkStamp]:
    """Stamps drawn in one piece, whatever their colour, which a copy in black has lost: words in a frame, also one that
    has grown together with the print around it, and, in the upper half of a page, an arrow through its letters."""
    small = cv2.resize(grey, None, fx=_HALF, fy=_HALF, interpolation=cv2.INTER_AREA)
    outlines, tree = cv2.findContours((small < _INK).astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    pieces: list[Slanted] = []
    holes: dict[int, list[tuple[Slanted, bool]]] = {}
    for outline, (_, _, _, around) in zip(outlines, tree[0] if tree is not None else (), strict=True):
        if not _LEAST * dpi <= cv2.boundingRect(outline)[2] / _HALF <= _MOST_LENGTH * dpi:
            continue
        place, rectangular = _outlined(outline)
        if around >= 0:
            holes.setdefault(around, []).append((place, rectangular))
        elif place.height > _LOWEST * dpi and (rectangular or place.y < _UPPER * dpi):
            pieces.append(place)
    # the frames of a table have many large holes
    frames = [inside[0][0] for inside in holes.values() if len(inside) == 1 and inside[0][1]]
    pieces += [f for f in frames if not any(_overlap(f.box, p.box) for p in pieces if p.like_a_word_stamp(dpi))]
    found = sorted((p for p in pieces if p.like_a_word_stamp(dpi)), key=lambda p: p.y)
    return [InkStamp(place, levelled(grey, place), coloured=False) for place in found]


def stroked(grey: Picture, dpi: float = DPI) -> list[InkStamp]:
    """Stamps told by the straight strokes of a frame that is broken, faint or grown together with print, or of an
    arrow's shaft."""
    return [InkStamp(place, levelled(grey, _inside(place)), coloured=False) for place in drawn_around(grey, dpi)]


def _inside(place: Slanted) -> Slanted:
    return replace(place, length=place.length - 2 * _LINE_WIDTH, height=place.height - 2 * _LINE_WIDTH)


def _outlined(outline: MatLike) -> tuple[Slanted, bool]:
    """The rectangle around an outline on the reduced page, in pixels of the page, and whether the outline is one."""
    place = slanted(outline.astype(np.float32))
    rectangular = cv2.contourArea(outline) >= _RECTANGULAR * place.length * place.height
    x, y, length, height = (side / _HALF for side in (place.x, place.y, place.length, place.height))
    return Slanted(x, y, length, height, place.angle), rectangular


def _read(stamp: InkStamp, recognise: Recognise) -> Mark | None:
    """What a stamp says, the surest of a few readings; no more are made after one that is sure."""
    best: Mark | None = None
    for image in _readable(stamp.image):
        words = recognise(image, LINE)
        nearest = nearest_mark(" ".join(word.text for word in words))
        if nearest and (best is None or nearest.confidence > best.confidence):
            best = Mark(nearest.value, nearest.confidence, stamp)
        if (best and best.confidence == 1.0) or surely_read(words):
            break
    return best


def surely_read(words: Sequence[Word]) -> bool:
    """Whether a reading needs no second one, whatever it says."""
    return sum(len(word.text) for word in words) >= _FEW and all(word.confidence >= _SURE for word in words)


def _readable(image: Picture) -> Iterator[Picture]:
    """Pictures of what a stamp says, best first; none where it holds no letters."""
    letters = unframed(image)
    if not _has_letters(letters):
        letters = without_shaft(image)
        if not _has_letters(letters):
            return
    for size in _SIZES:
        way = cv2.INTER_AREA if size < 1 else cv2.INTER_CUBIC
        sized = cv2.resize(letters, None, fx=size, fy=size, interpolation=way)
        yield np.asarray(np.pad(sized, _MARGIN, constant_values=255), np.uint8)


def unframed(image: Picture) -> Picture:
    """A stamp without the pieces of ink that run along most of it, or up most of it in one stroke: its frame."""
    height, width = image.shape
    _, labels, stats, _ = cv2.connectedComponentsWithStats(_ink(image))
    across, down = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    frame = (across > _SPANS * width) | ((down > _SPANS * height) & (across < _STROKE * height))
    frame[0] = False
    return _bleached(image, frame[labels])


def without_shaft(image: Picture) -> Picture:
    """A stamp without the thin level lines that run through its letters: the shaft of an arrow."""
    width = image.shape[1]
    ink = _ink(image)
    thick = np.asarray(cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((_THIN, 1), np.uint8)), np.uint8)
    thin = ink & ~thick
    level = cv2.morphologyEx(thin, cv2.MORPH_OPEN, np.ones((1, 7), np.uint8))
    rows = (level.sum(axis=1) > _SHAFT * width).astype(np.uint8)
    near = np.broadcast_to(cv2.dilate(rows.reshape(-1, 1), np.ones((7, 1), np.uint8)), ink.shape)
    lines = np.asarray(cv2.dilate(thin * (near > 0).astype(np.uint8), np.ones((3, 1), np.uint8)), np.uint8)
    return _bleached(image, (lines & ~thick) > 0)


def without_thin_strokes(image: Picture, least: float) -> Picture:
    """A stamp without what is thinner than so many pixels: frames, arrows and smaller print over its bold letters."""
    ink = _ink(image)
    size = max(3, round(least))
    bold = cv2.morphologyEx(ink, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)))
    letters = np.asarray(cv2.dilate(bold, np.ones((3, 3), np.uint8)), np.uint8) & ink
    return np.asarray(255 - 255 * letters, np.uint8)


def _ink(image: Picture) -> Picture:
    """The ink of a stamp, faint or strong: 1 on 0."""
    return np.asarray(cv2.threshold(image, 0, 1, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)[1], np.uint8)


def _bleached(image: Picture, where: NDArray[np.bool_]) -> Picture:
    out = image.copy()
    out[cv2.dilate(where.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0] = 255
    return out


def _has_letters(image: Picture) -> bool:
    """Whether some pieces of ink are as large as the letters of a stamp, and few enough for a word or two."""
    height = image.shape[0]
    count, _, stats, _ = cv2.connectedComponentsWithStats(_ink(image))
    tall = sum(int(stats[n, cv2.CC_STAT_HEIGHT]) > _LETTER * height for n in range(1, count))
    return bool(_LETTERS[0] <= tall <= _LETTERS[1])


def _overlap(one: Pixels, other: Pixels) -> bool:
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return across > 0 and down > 0
