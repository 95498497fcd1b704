"""The picture of a page as the words and rules on it: made upright, recognised, turned again where that was wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import cv2
import numpy as np
import pypdfium2 as pdfium

from extractors.marks import ends_in_secrecy
from extractors.model import Box
from extractors.syllables import vietnamese_share
from pipeline.reading.cells import recognise_page
from pipeline.reading.colour import inked, without_ink
from pipeline.reading.handwriting import doubted
from pipeline.reading.inkstamps import Mark, read_stamps, without_stamps
from pipeline.reading.layout import Word
from pipeline.reading.ocr import DPI, POINTS, Picture, recognise
from pipeline.reading.overlooked import overlooked
from pipeline.reading.pages import PageContent
from pipeline.reading.pdfannotations import printed_page
from pipeline.reading.picture import Upright, turned, upright
from pipeline.reading.rulings import rulings
from pipeline.reading.signing import closing_read_again
from pipeline.reading.specks import without_specks
from pipeline.reading.tables import Edge

A4_INCHES = 11.69
MAX_PIXELS = 25_000_000
# Decree 30/2020, Annex I: marks stand under number and symbol (box 10); on annexes at their head. Seals and signatures,
# which look like stamps, stand below.
_FIRST_ZONE, _LATER_ZONE = 0.6, 0.4
_BLANK = 2
_DOUBTFUL_SHARE = 0.5
_DOUBTFUL = 0.6
_NOISE = 0.3
_SIGNS = frozenset("-–—+*•~.,:;/()…%&“”\"'")
_BULLETS = frozenset("-–—+*•~")
_SHORT = 2
_UNLIKELY = 0.2
_DUBIOUS = 0.85


def picture_of(pdf: pdfium.PdfDocument, number: int) -> tuple[Picture, float] | None:
    """Page `number` (from 1) in colour as it is printed, and its pixels an inch; None where it is blank."""
    page = printed_page(pdf, number)
    try:
        width, height = page.get_size()
        dpi = min(DPI, POINTS * (MAX_PIXELS / max(1.0, width * height)) ** 0.5)
        bitmap = page.render(scale=dpi / POINTS, draw_annots=False, may_draw_forms=False, rev_byteorder=True)
        picture = np.array(bitmap.to_numpy()[..., :3])
        bitmap.close()
    finally:
        page.close()
    return None if int(picture.max()) - int(picture.min()) < _BLANK else (picture, dpi)


def scanned_page(picture: Picture, dpi: float, *, first: bool) -> PageContent:
    """The content of a page from its picture (height x width x RGB); on the `first` page of a document numbers and
    days written by hand are doubted.

    Raises what `recognise` raises.
    """
    zone = _FIRST_ZONE if first else _LATER_ZONE
    best, marks = _without_marks(upright(without_specks(without_ink(picture, dpi), dpi)), picture, dpi, zone)
    scale = POINTS / dpi
    edges = rulings(best.image, scale)
    words = _recognised(best, dpi, edges)
    if not best.certain and _doubtful(words):
        other, others = _without_marks(turned(best, 180), picture, dpi, zone)
        rules = rulings(other.image, scale)
        again = _recognised(other, dpi, rules)
        if _worth(again) > _worth(words):
            best, words, edges, marks = other, again, rules, others
    marks = _with_overlooked(marks, best, picture, words, dpi, zone)
    words = closing_read_again(words, best.image, lambda: _coloured(best, picture), dpi, recognise)
    if first:
        words = doubted(best.image, words, 1.0)
    height, width = best.image.shape
    return PageContent(
        width=width * scale,
        height=height * scale,
        words=tuple(_in_points(word, scale) for word in words),
        edges=tuple(edges),
        pictured=1.0,
        turned=best.turn,
        displayed=_way_back(best, scale),
        scanned=True,
        headings=tuple(mark.row(scale) for mark in marks),
    )


def _coloured(page: Upright, picture: Picture) -> Picture | None:
    """The upright page in grey with its coloured ink, None where it has none."""
    return _in_grey(page.applied(picture)) if inked(picture) else None


def _in_grey(picture: Picture) -> Picture:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def _without_marks(page: Upright, picture: Picture, dpi: float, zone: float) -> tuple[Upright, list[Mark]]:
    """The upright page without the stamps of secrecy and urgency in this upper share of it, and what they say."""
    upper, colours = _upper(page, picture, zone)
    marks = read_stamps(colours, upper, lambda grey, mode: recognise(grey, mode, round(dpi)), dpi)
    if not marks:
        return page, marks
    cleared = np.vstack([without_stamps(upper, colours, marks), page.image[len(upper) :]])
    return replace(page, image=cleared), marks


def _with_overlooked(
    marks: list[Mark], page: Upright, picture: Picture, words: Sequence[Word], dpi: float, zone: float
) -> list[Mark]:
    """The marks, and one of secrecy that shows only in what was not read, unless there is one already."""
    if any(ends_in_secrecy(mark.text) for mark in marks):
        return marks
    upper, colours = _upper(page, picture, zone)
    mark = overlooked(upper, colours, words, lambda grey, mode: recognise(grey, mode, round(dpi)), dpi)
    return [*marks, mark] if mark else marks


def _upper(page: Upright, picture: Picture, zone: float) -> tuple[Picture, Picture | None]:
    """This upper share of an upright page in grey and, where it has coloured ink, in colour."""
    height = round(zone * page.image.shape[0])
    return page.image[:height], page.applied(picture)[:height] if inked(picture) else None


def _recognised(page: Upright, dpi: float, edges: Sequence[Edge]) -> list[Word]:
    """The words of an upright page with these rules, specks and strokes taken for signs left out."""
    words = recognise_page(page.image, dpi, edges)
    return [word for word in words if not _noise(word)]


def _noise(word: Word) -> bool:
    """Whether a word is dirt or the stroke of a pen: a sign that prose does not use, or few letters, read in doubt."""
    if any(c.isdigit() for c in word.text) or len(word.text) > _SHORT:
        return False
    if all(c in _SIGNS for c in word.text):
        return word.confidence < _NOISE and word.text not in _BULLETS
    return word.confidence < (_UNLIKELY if word.text.isalpha() else _DUBIOUS)


def _doubtful(words: Sequence[Word]) -> bool:
    """Whether a page may have been read upside down: little of it is Vietnamese, or sure."""
    if not words:
        return True
    share = vietnamese_share(" ".join(word.text for word in words))
    return (share is not None and share < _DOUBTFUL_SHARE) or _sureness(words) < _DOUBTFUL


def _sureness(words: Sequence[Word]) -> float:
    letters = sum(len(word.text) for word in words)
    return sum(word.confidence * len(word.text) for word in words) / letters if letters else 0.0


def _worth(words: Sequence[Word]) -> float:
    """How much was surely read: to choose between two readings of one page."""
    return sum(len(word.text) for word in words if word.confidence > _DOUBTFUL) * _sureness(words)


def _in_points(word: Word, scale: float) -> Word:
    return word._replace(x0=word.x0 * scale, top=word.top * scale, x1=word.x1 * scale, bottom=word.bottom * scale)


def _way_back(page: Upright, scale: float) -> Callable[[Box], Box]:
    def displayed(box: Box) -> Box:
        x0, top, x1, bottom = page.box_on_page(box.x0 / scale, box.top / scale, box.x1 / scale, box.bottom / scale)
        return Box(x0 * scale, top * scale, x1 * scale, bottom * scale)

    return displayed
