"""One PDF page through PDFium: its words, and what annotations print on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pypdfium2 as pdfium
import pypdfium2.raw as c

from extractors.model import Box
from pipeline.reading.layout import Word
from pipeline.reading.pages import PageContent, as_is
from pipeline.reading.pdfannotations import may_print_text, printing_annotations
from pipeline.reading.pdfdrawn import drawn
from pipeline.reading.pdftext import PageText
from pipeline.reading.pdfview import Rect, View, view_of
from pipeline.reading.pictures import COVERED, covered, like_stamps, without_words
from pipeline.reading.stamps import Stamp

_NO_SPACE = 0.2
_SAMPLE = 100


def read_page(pdf: pdfium.PdfDocument, number: int) -> PageContent:
    """The content of page `number` (from 1). Raises pypdfium2.PdfiumError where the page cannot be loaded."""
    page = pdf[number - 1]
    view = view_of(page)
    own, text = _words(page, view)
    sideways = text.sideways
    if sideways:
        view = replace(view, turn=(view.turn + sideways) % 360)
        own, _ = _words(page, view)
    edges, images = drawn(page, view, text.pieces)
    pictured = covered(images, view.width, view.height)
    recognised = pictured > COVERED and _unseen(page)
    rects = printing_annotations(page, view)
    stamps: tuple[Stamp, ...] = ()
    if rects and may_print_text(page) and c.FPDFPage_Flatten(page, c.FLAT_NORMALDISPLAY) == c.FLATTEN_SUCCESS:
        # appearances become page content only for a page that is loaded after flattening
        page.close()
        page = pdf[number - 1]
        stamps = _stamps(_words(page, view, but=text.text)[0], own, rects)
    page.close()
    words = tuple(_rejoined(own) if sideways else own)
    said = [word for stamp in stamps for word in stamp.words]
    return PageContent(
        view.width,
        view.height,
        words,
        stamps,
        tuple(edges),
        pictured,
        recognised,
        turned=sideways,
        displayed=_way_back(view, sideways) if sideways else as_is,
        pictures=() if sideways else like_stamps(images, without_words(rects, said), view.width, view.height),
    )


def _way_back(view: View, turned: int) -> Callable[[Box], Box]:
    """From a box on the page as it was turned for reading to the page as it is displayed."""

    def displayed(box: Box) -> Box:
        if turned == 90:
            return Box(box.top, view.width - box.x1, box.bottom, view.width - box.x0)
        return Box(view.height - box.bottom, box.x0, view.height - box.top, box.x1)

    return displayed


def _words(page: pdfium.PdfPage, view: View, but: str | None = None) -> tuple[list[Word], PageText]:
    """The words, and the text that they were cut from; no words where the text is the one that is known."""
    text = PageText(page, view)
    try:
        return text.words() if text.text != but else [], text
    finally:
        text.close()


def _rejoined(words: list[Word]) -> list[Word]:
    """The words of a page that runs up or down, where PDFium parts words as if they were level: the gaps tell."""
    out: list[Word] = []
    for word in words:
        before = out[-1] if out else word
        height = max(before.bottom - before.top, word.bottom - word.top)
        level = min(before.bottom, word.bottom) - max(before.top, word.top) > height / 4
        if out and level and -height < word.x0 - before.x1 < _NO_SPACE * height:
            top, bottom = min(before.top, word.top), max(before.bottom, word.bottom)
            out[-1] = before._replace(text=before.text + word.text, x1=word.x1, top=top, bottom=bottom)
        else:
            out.append(word)
    return out


def _stamps(words: list[Word], own: list[Word], rects: list[Rect]) -> tuple[Stamp, ...]:
    """The words that came with flattening, by the smallest annotation that each lies in."""
    known = {(w.text, round(w.x0), round(w.top)) for w in own}
    by_rect: dict[int, list[Word]] = {}
    order = sorted(range(len(rects)), key=lambda n: (rects[n][2] - rects[n][0]) * (rects[n][3] - rects[n][1]))
    for word in words:
        if (word.text, round(word.x0), round(word.top)) in known:
            continue
        x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
        at = next(
            (n for n in order if rects[n][0] - 2 <= x <= rects[n][2] + 2 and rects[n][1] - 2 <= y <= rects[n][3] + 2),
            -1,
        )
        by_rect.setdefault(at, []).append(word._replace(stamped=True, order=word.order + 1_000_000))
    return tuple(Stamp(tuple(found)) for found in by_rect.values())


def _unseen(page: pdfium.PdfPage) -> bool:
    """Whether the text of a page is drawn invisibly; its first pieces tell."""
    count = min(c.FPDFPage_CountObjects(page), _SAMPLE)
    items = [c.FPDFPage_GetObject(page, n) for n in range(count)]
    texts = [item for item in items if c.FPDFPageObj_GetType(item) == c.FPDF_PAGEOBJ_TEXT]
    unseen = c.FPDF_TEXTRENDERMODE_INVISIBLE
    return bool(texts) and all(c.FPDFTextObj_GetTextRenderMode(item) == unseen for item in texts)
