"""Dấu mật bị che: stamps of secrecy that neither their outline nor the recognition of the page gave away.

What is left of a page when all that was read is taken away holds them: words aslant without a frame, under print,
through which an arrow runs. The word with which all marks of secrecy end is looked for there by its shape.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from extractors.marks import ends_in_secrecy, nearest_mark, part_of_secrecy, secrecy_word
from pipeline.reading.colour import TINTED, InkStamp, Pixels, Slanted, chroma, levelled
from pipeline.reading.inkstamps import Mark, Recognise, surely_read, without_shaft, without_thin_strokes
from pipeline.reading.layout import Word
from pipeline.reading.leftover import ink_of, leftovers
from pipeline.reading.likeness import INK_DPI, Likeness, likenesses
from pipeline.reading.ocr import LINE, Picture

_MOST = 6
_READ = 0.6
_LETTERS = 2
_BESIDE = (0.3, 1.5)  # of a word's height: shared, apart
# level print of the size of the text is everywhere, and something on a page always looks a little like any word
_SMALL, _MIDDLING = 0.125, 0.15  # inches
_LEVEL = 4.0
_LIKE, _LIKE_SMALL, _LIKE_TEXT, _LIKE_SMALL_TEXT = 0.72, 0.77, 0.76, 0.79
_PERHAPS, _PERHAPS_SMALL = 0.63, 0.66
_CLUTTERED = 0.36
_BEFORE = 2.2  # heights of the place
_STROKE = 0.065
_WORD, _SURE = 3, 0.75
_MARGIN = 20


@dataclass(frozen=True, slots=True)
class _Layer:
    """Ink that may hold a stamp (at `INK_DPI`), where on it, whether it has a colour, and itself as it can be read."""

    ink: Picture
    patches: list[Pixels]
    coloured: bool
    readable: Callable[[], Picture]


def overlooked(
    grey: Picture, colours: Picture | None, words: Sequence[Word], recognise: Recognise, dpi: float
) -> Mark | None:
    """The stamp of secrecy that most surely stands on an upright page of which `words` (pixels) were read, in grey and
    in colour (RGB; None where it has none). None where there is none, after some 50 ms."""
    best: Mark | None = None
    for layer in _layers(grey, colours, words, dpi):
        for x0, top, x1, bottom in layer.patches[:_MOST]:
            for found in likenesses(np.ascontiguousarray(layer.ink[top:bottom, x0:x1]), secrecy_word()):
                mark = _mark(layer, _on_page(found, x0, top, dpi), found, recognise)
                if mark and (best is None or mark.confidence > best.confidence):
                    best = mark
    return best


def _layers(grey: Picture, colours: Picture | None, words: Sequence[Word], dpi: float) -> Iterator[_Layer]:
    """Coloured ink by itself, then all ink."""
    scale = INK_DPI / dpi
    if colours is not None:
        picture = colours
        small = cv2.resize(colours, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        tinted = np.where(chroma(np.asarray(small, np.uint8)) > TINTED, np.uint8(255), np.uint8(0))
        yield _Layer(tinted, leftovers(tinted, ()), True, lambda: np.asarray(255 - chroma(picture), np.uint8))
    ink = ink_of(grey, dpi)
    boxes = [(int(w.x0 * scale), int(w.top * scale), int(w.x1 * scale), int(w.bottom * scale)) for w in _read(words)]
    yield _Layer(ink, leftovers(ink, boxes), False, lambda: grey)


def _read(words: Sequence[Word]) -> Iterator[Word]:
    """The words that were surely read; without one of a mark of secrecy that stands by itself."""
    sure = [w for w in words if w.confidence >= _READ and sum(c.isalnum() for c in w.text) >= _LETTERS]
    marks = {n for n, word in enumerate(sure) if word.text.isupper() and part_of_secrecy(word.text)}
    others = [word for n, word in enumerate(sure) if n not in marks]
    yield from others
    yield from (sure[n] for n in marks if any(_beside(sure[n], other) for other in others))


def _beside(word: Word, other: Word) -> bool:
    """Whether two words stand in one line, no further apart than words do."""
    high = word.bottom - word.top
    shared = min(word.bottom, other.bottom) - max(word.top, other.top)
    apart = max(other.x0 - word.x1, word.x0 - other.x1)
    return shared > _BESIDE[0] * high and apart < _BESIDE[1] * high


def _on_page(found: Likeness, x0: int, top: int, dpi: float) -> Slanted:
    scale = dpi / INK_DPI
    place = found.place(secrecy_word())
    return Slanted(
        (place.x + x0) * scale, (place.y + top) * scale, place.length * scale, place.height * scale, place.angle
    )


def _mark(layer: _Layer, place: Slanted, found: Likeness, recognise: Recognise) -> Mark | None:
    """The mark at a place that looks like one; None where it does not enough, or is surely read as something else."""
    if found.score < (_PERHAPS_SMALL if found.height < _SMALL * INK_DPI else _PERHAPS):
        return None
    stamp = InkStamp(place, levelled(layer.readable(), place), layer.coloured)
    otherwise = False
    for whole, image in _readings(layer.readable(), place):
        said = recognise(image, LINE)
        if text := _secret(said):
            return Mark(text, found.score, stamp)
        otherwise = otherwise or surely_read(said) or (whole and any(_another(word) for word in said))
    return Mark(secrecy_word(), found.score, stamp) if _alike(found) and not otherwise else None


def _alike(found: Likeness) -> bool:
    """Whether the shape alone tells the word."""
    small = found.height < _SMALL * INK_DPI
    if found.height < _MIDDLING * INK_DPI and abs(found.angle) < _LEVEL:
        least = _LIKE_SMALL_TEXT if small else _LIKE_TEXT
    else:
        least = _LIKE_SMALL if small else _LIKE
    return found.score >= least and found.clutter <= _CLUTTERED


def _readings(picture: Picture, place: Slanted) -> Iterator[tuple[bool, Picture]]:
    """Pictures of the word, and of it with one before, as they stand and without thin strokes or a shaft through them;
    whether it is the word alone, so that no other is cut off."""
    for there in (_with_first_word(place), place):
        level = levelled(picture, there)
        for image in (level, without_thin_strokes(level, _STROKE * place.height), without_shaft(level)):
            yield there is place, np.asarray(np.pad(image, _MARGIN, constant_values=255), np.uint8)


def _with_first_word(place: Slanted) -> Slanted:
    """The place with room for a word before its own."""
    more = _BEFORE * place.height
    back = np.radians(place.angle)
    x, y = place.x - float(np.cos(back)) * more / 2, place.y - float(np.sin(back)) * more / 2
    return Slanted(x, y, place.length + more, place.height, place.angle)


def _another(word: Word) -> bool:
    """Whether a word was surely read that is no mark of secrecy, not even one with a slip."""
    letters = sum(c.isalpha() for c in word.text)
    nearest = nearest_mark(word.text)
    return letters >= _WORD and word.confidence >= _SURE and not (nearest and nearest.value.endswith(secrecy_word()))


def _secret(words: Sequence[Word]) -> str | None:
    said = " ".join(word.text for word in words).upper()
    nearest = nearest_mark(said)
    alike = nearest and nearest.value.endswith(secrecy_word()) and ends_in_secrecy(said)
    return nearest.value if nearest and alike else None
