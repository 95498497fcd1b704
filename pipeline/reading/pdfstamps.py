"""Dấu trên trang có chữ: stamps of secrecy and urgency that lie as pictures on a PDF page with words of its own."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pypdfium2 as pdfium

from extractors.model import Box
from pipeline.errors import UnreadableFile
from pipeline.reading.colour import inked
from pipeline.reading.inkstamps import Mark, read_stamps
from pipeline.reading.layout import Row, Word
from pipeline.reading.ocr import DPI, POINTS, Picture, recognise
from pipeline.reading.overlooked import overlooked
from pipeline.reading.pages import PageContent
from pipeline.reading.pdfannotations import printed_page

_MOST = 6

cv2.setNumThreads(1)  # pictures of this size are searched faster by one thread than by several


def with_stamps(pdf: pdfium.PdfDocument, number: int, content: PageContent) -> PageContent:
    """The page with what the stamps among its pictures say as its headings; only these pictures are rendered.

    Where one looks like a stamp and cannot be read, for want of a program or of time, `unread` says why.
    """
    rows: list[Row] = []
    page = printed_page(pdf, number)
    try:
        for box in content.pictures[:_MOST]:
            rows += [_placed(mark, box) for mark in _marks(_part_of(page, box))]
    except UnreadableFile as error:
        return replace(content, unread=error.code)
    finally:
        page.close()
    return replace(content, headings=tuple(rows)) if rows else content


def _part_of(page: pdfium.PdfPage, box: Box) -> Picture:
    """What stands in a box of a page, in colour, at the resolution that is recognised best."""
    width, height = page.get_size()
    edges = (box.x0, height - box.bottom, width - box.x1, box.top)
    crop = tuple(max(0.0, edge) for edge in edges)
    bitmap = page.render(scale=DPI / POINTS, crop=crop, may_draw_forms=False, rev_byteorder=True)
    picture = np.array(bitmap.to_numpy()[..., :3])
    bitmap.close()
    return picture


def _marks(picture: Picture) -> list[Mark]:
    grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)
    colours = picture if inked(picture) else None
    if marks := read_stamps(colours, grey, recognise):
        return marks
    mark = overlooked(grey, colours, (), recognise, DPI)
    return [mark] if mark else []


def _placed(mark: Mark, box: Box) -> Row:
    """A mark as a line of the page; its place was counted from the corner of a part of it."""
    scale = POINTS / DPI
    x0, top, x1, bottom = (side * scale for side in mark.stamp.place.box)
    place = max(0.0, box.x0) + x0, max(0.0, box.top) + top, max(0.0, box.x0) + x1, max(0.0, box.top) + bottom
    return Row((Word(mark.text, *place, confidence=mark.confidence),), *place)
