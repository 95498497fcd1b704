"""One PDF page through PDFium: its words, and what annotations print on it."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pypdfium2 as pdfium
import pypdfium2.raw as c

from extractors.legacy import LegacyFont
from extractors.model import Box
from pipeline.reading.fonts import Fonts, font_named
from pipeline.reading.layout import Word
from pipeline.reading.pages import PageContent, as_is
from pipeline.reading.pdfdrawn import drawn
from pipeline.reading.pdfview import Rect, View
from pipeline.reading.pictures import COVERED, covered, like_stamps, without_words
from pipeline.reading.stamps import Stamp

_HYPHENS = "\ufffe\x02"
_TOKEN = re.compile(rf"[^\s\x00{_HYPHENS}]+[{_HYPHENS}]?")
_PRINTED = {c.FPDF_ANNOT_WIDGET, c.FPDF_ANNOT_STAMP, c.FPDF_ANNOT_FREETEXT}
_FORCED_BOLD = 1 << 18
_HEAVY = re.compile(rb"bold|black|heavy", re.IGNORECASE)
_NAME = 128
_TELLING = 12
_NO_SPACE = 0.2
_SAMPLE = 100

_loose_box, _font_of = c.FPDFText_GetLooseCharBox, c.FPDFText_GetFontInfo  # asked for every word


def read_page(pdf: pdfium.PdfDocument, number: int) -> PageContent:
    """The content of page `number` (from 1). Raises pypdfium2.PdfiumError where the page cannot be loaded."""
    page = pdf[number - 1]
    view = _view(page)
    own, text, sideways = _words(page, view)
    if sideways:
        view = replace(view, turn=(view.turn + sideways) % 360)
        own, _, _ = _words(page, view)
    edges, images = drawn(page, view)
    pictured = covered(images, view.width, view.height)
    recognised = pictured > COVERED and _unseen(page)
    rects = _printing_annotations(page, view)
    stamps: tuple[Stamp, ...] = ()
    if rects and c.FPDFPage_Flatten(page, c.FLAT_NORMALDISPLAY) == c.FLATTEN_SUCCESS:
        # appearances become page content only for a page that is loaded after flattening
        page.close()
        page = pdf[number - 1]
        stamps = _stamps(_words(page, view, but=text)[0], own, rects)
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


def _view(page: pdfium.PdfPage) -> View:
    box = c.FS_RECTF()
    if not c.FPDF_GetPageBoundingBox(page, box) or box.right <= box.left or box.top <= box.bottom:
        width, height = page.get_size()
        return View(0, 0, width, height, 0)
    return View(box.left, box.bottom, box.right, box.top, page.get_rotation() % 360)


def _words(page: pdfium.PdfPage, view: View, but: str | None = None) -> tuple[list[Word], str, int]:
    """The words, the text that they were cut from, and by how many degrees clockwise the page must be turned to make
    most of them level; no words where the text is the one that is known."""
    textpage = page.get_textpage()
    reader = _TextReader(textpage.raw, view)
    words = list(reader.words()) if reader.text != but else []
    textpage.close()
    return words, reader.text, reader.sideways()


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


class _TextReader:
    """Cuts a page's text at its spaces and asks PDFium for boxes of first and last letters only: that is fast."""

    def __init__(self, raw: object, view: View) -> None:
        self.raw, self.displayed = raw, view.box
        self.text = self._text()
        self.rect = c.FS_RECTF()
        self.edges = [ctypes.c_double() for _ in range(4)]
        self.name = ctypes.create_string_buffer(_NAME)
        self.flags = ctypes.c_int()
        self.looks: dict[tuple[bytes, int], tuple[bool, LegacyFont | None]] = {}
        self.fonts = Fonts()
        self.upright = view.turn % 180 == 0
        self.width, self.height = view.width, view.height
        self.runs = {0: 0, 90: 0, 270: 0}

    def words(self) -> Iterator[Word]:
        """The words in the file's own order."""
        text, box = self.text, self._box
        for order, match in enumerate(_TOKEN.finditer(text)):
            start, end = match.span()
            first = box(start)
            last = first if end - start == 1 else box(end - 1)
            parts: tuple[tuple[int, int, Rect | None, Rect | None], ...] = ((start, end, first, last),)
            if first and last and first is not last:
                if end - start > 2:
                    self.runs[_direction(first, last)] += 1
                if last[1] >= first[3] or last[3] <= first[1]:
                    parts = tuple((a, b, box(a), box(b - 1)) for a, b in self._line_ends(start, end))
            for at, after, a, b in parts:
                if word := self._word(text[at:after], at, order, a or b, b or a):
                    yield word

    def _text(self) -> str:
        count = max(0, c.FPDFText_CountChars(self.raw))
        buffer = (ctypes.c_ushort * (count + 1))()
        written = c.FPDFText_GetText(self.raw, 0, count, buffer)
        text = bytes(buffer)[: 2 * max(0, written - 1)].decode("utf-16-le", "replace")
        if len(text) == count:
            return text
        codes = (c.FPDFText_GetUnicode(self.raw, n) for n in range(count))
        return "".join(chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else " " for code in codes)

    def _line_ends(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The parts of a stretch where PDFium ran lines together without a break."""
        at = start
        before = self._box(start)
        for n in range(start + 1, end):
            box = self._box(n)
            if box and before and (box[1] >= before[3] or box[3] <= before[1]):
                yield at, n
                at = n
            before = box or before
        yield at, end

    def _word(self, text: str, at: int, order: int, a: Rect | None, b: Rect | None) -> Word | None:
        """The word between two boxes, unless it has no place on the page that is shown."""
        if not a or not b or a[2] < 0 or a[3] < 0 or a[0] > self.width or a[1] > self.height:
            return None
        if text[-1] in _HYPHENS:
            text = text[:-1] + "-"
        bold, font = self._look(at)
        if font:
            text = self.fonts.text(text, font)
        return Word(text, *(a if a is b else _around(a, b)), bold, order)

    def sideways(self) -> int:
        """The turn that most words need, 0 where they are level or too few to tell."""
        most = max(self.runs, key=lambda turn: self.runs[turn])
        return most if self.runs[most] >= _TELLING else 0

    def _box(self, n: int) -> Rect | None:
        """The box of a letter with its font's full height, or its ink where the text runs up or down the page."""
        rect = self.rect
        if self.upright and _loose_box(self.raw, n, rect):
            x0, y0, x1, y1 = rect.left, rect.bottom, rect.right, rect.top
            if x1 - x0 > 0.01 and y1 - y0 > 0.5:
                return self.displayed(x0, y0, x1, y1)
        left, right, bottom, top = self.edges
        if not c.FPDFText_GetCharBox(self.raw, n, left, right, bottom, top):
            return None
        if right.value - left.value < 0.01 and top.value - bottom.value < 0.01:
            return None
        return self.displayed(left.value, bottom.value, right.value, top.value)

    def _look(self, n: int) -> tuple[bool, LegacyFont | None]:
        """Whether a letter is bold, and the font of it if that is a legacy one."""
        name, flags = self.name, self.flags
        _font_of(self.raw, n, name, _NAME, flags)
        font = name.value, flags.value
        look = self.looks.get(font)
        if look is None:
            bold = bool(_HEAVY.search(font[0])) or bool(font[1] & _FORCED_BOLD)
            look = self.looks[font] = bold, font_named(font[0].decode("latin-1"))
        return look


def _around(a: Rect, b: Rect) -> Rect:
    """The rectangle around two; `min` and `max` would take longer than all else that is done with a word."""
    return (
        a[0] if a[0] <= b[0] else b[0],
        a[1] if a[1] <= b[1] else b[1],
        a[2] if a[2] >= b[2] else b[2],
        a[3] if a[3] >= b[3] else b[3],
    )


def _direction(first: Rect, last: Rect) -> int:
    """How a word must be turned to be level, by where its first and last letters stand."""
    across = last[1] - first[1]
    if abs(across) <= 2 * abs(last[0] - first[0]):
        return 0
    return 90 if across < 0 else 270


def _printing_annotations(page: pdfium.PdfPage, view: View) -> list[Rect]:
    """The places where signature widgets, stamps and typed notes print something."""
    rects = []
    rect = c.FS_RECTF()
    for n in range(c.FPDFPage_GetAnnotCount(page)):
        annotation = c.FPDFPage_GetAnnot(page, n)
        if not annotation:
            continue
        if c.FPDFAnnot_GetSubtype(annotation) in _PRINTED and c.FPDFAnnot_GetRect(annotation, rect):
            x0, top, x1, bottom = view.box(rect.left, rect.bottom, rect.right, rect.top)
            if x1 - x0 > 1 and bottom - top > 1:
                rects.append((x0, top, x1, bottom))
        c.FPDFPage_CloseAnnot(annotation)
    return rects


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
