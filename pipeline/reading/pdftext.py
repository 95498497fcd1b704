"""The words of a PDF page through PDFium, with their boxes and looks, asked for a whole page at a time."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat

import pypdfium2 as pdfium
import pypdfium2.raw as c

from extractors.legacy import LegacyFont
from pipeline.reading.fonts import Fonts, font_named
from pipeline.reading.layout import Word
from pipeline.reading.pdfcalls import Address, address_of, font_of, loose_boxes, piece_of
from pipeline.reading.pdfview import Rect, View

_HYPHENS = "\ufffe\x02"
_TOKEN = re.compile(rf"[^\s\x00{_HYPHENS}]+[{_HYPHENS}]?")
_FORCED_BOLD = 1 << 18
_HEAVY = re.compile(rb"bold|black|heavy", re.IGNORECASE)
_NAME = 128
_TELLING = 12
_THIN, _LOW = 0.01, 0.5

Look = tuple[bool, LegacyFont | None]
Sides = tuple[float, ...]

_word = Word._make


class PageText:
    """The text of a loaded page, cut at its spaces; PDFium is asked for boxes of first and last letters only."""

    def __init__(self, page: pdfium.PdfPage, view: View) -> None:
        self._textpage = page.get_textpage()
        self._raw = self._textpage.raw
        self._handle = address_of(self._raw)
        self._view = view
        self._width, self._height = view.width, view.height
        self._fonts = Fonts()
        self._by_font: dict[int, Look] = {}
        self.text = self._text()
        self.sideways = 0
        self.pieces: set[int] = set()

    def close(self) -> None:
        """Frees what PDFium holds."""
        self._textpage.close()

    def words(self) -> list[Word]:
        """The words in the file's own order.

        `sideways` is then by how many degrees clockwise the page must be turned to make most of them level, 0 where
        they are or where too few tell; `pieces` are where the objects of the page lie that its words are a part of.
        """
        spans = [match.span() for match in _TOKEN.finditer(self.text)]
        starts, lasts = [start for start, _ in spans], [end - 1 for _, end in spans]
        first_boxes, last_boxes = loose_boxes(self._handle, starts), loose_boxes(self._handle, lasts)
        looks = self._looks(starts)
        left, high, upright = self._view.left, self._view.top, self._view.turn == 0
        width, height = self._view.width, self._view.height
        out: list[Word] = []
        runs = {0: 0, 90: 0, 270: 0}
        for order, (span, first, last, look) in enumerate(zip(spans, first_boxes, last_boxes, looks, strict=True)):
            x0, top, x1, bottom = first
            last_x0, last_top, last_x1, last_bottom = last
            if (
                upright
                and bottom == last_bottom
                and (top == last_top or abs(top - last_top) <= abs(x0 - last_x0))
                and top - bottom > _LOW < last_top - bottom
                and x1 - x0 > _THIN < last_x1 - last_x0
            ):  # nearly every word: as `_from_to` does, in a third of the time
                start, end = span
                runs[0] += end - start > 2
                if x1 - left >= 0 and high - bottom >= 0 and x0 - left <= width and high - top <= height:
                    x0, x1 = x0 if x0 <= last_x0 else last_x0, x1 if x1 >= last_x1 else last_x1
                    top = top if top >= last_top else last_top
                    text = self._spelt(start, end, look[1])
                    out.append(
                        _word((text, x0 - left, high - top, x1 - left, high - bottom, look[0], order, False, 1.0))
                    )
            else:
                out += self._from_to(span, first, last, order, look, runs)
        most = max(runs, key=lambda turn: runs[turn])
        self.sideways = most if runs[most] >= _TELLING else 0
        return out

    def _from_to(
        self, span: tuple[int, int], first: Sides, last: Sides, order: int, look: Look, runs: dict[int, int]
    ) -> Iterable[Word]:
        """The word between its first and last letters, or the words that PDFium ran together; counts how it runs."""
        start, end = span
        a, b = self._box(start, first), self._box(end - 1, last)
        if not a or not b:
            a = b = a or b
        elif a[1] != b[1] or a[3] != b[3]:  # letters of one font and line stand between the same heights
            if end - start > 2:
                runs[_direction(a, b)] += 1
            if b[1] >= a[3] or b[3] <= a[1]:
                return self._broken(start, end, order)
        elif end - start > 2:
            runs[0] += 1
        return [self._word(start, end, order, a, b, look)] if a and b and self._shown(a) else ()

    def _text(self) -> str:
        count = max(0, c.FPDFText_CountChars(self._raw))
        buffer = (ctypes.c_ushort * (count + 1))()
        written = c.FPDFText_GetText(self._raw, 0, count, buffer)
        text = bytes(buffer)[: 2 * max(0, written - 1)].decode("utf-16-le", "replace")
        if len(text) == count:
            return text
        codes = (c.FPDFText_GetUnicode(self._raw, n) for n in range(count))
        return "".join(chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else " " for code in codes)

    def _shown(self, box: Rect) -> bool:
        """Whether a word that begins in this box has a place on the page that is shown."""
        return box[2] >= 0 and box[3] >= 0 and box[0] <= self._width and box[1] <= self._height

    def _word(self, start: int, end: int, order: int, a: Rect, b: Rect, look: Look) -> Word:
        """The word from one box to another."""
        bold, font = look
        return Word(self._spelt(start, end, font), *_around(a, b), bold, order)

    def _spelt(self, start: int, end: int, font: LegacyFont | None) -> str:
        """What the letters from one to another say."""
        text = self.text[start:end]
        if text[-1] in _HYPHENS:
            text = text[:-1] + "-"
        return self._fonts.text(text, font) if font else text

    def _broken(self, start: int, end: int, order: int) -> Iterator[Word]:
        """The parts of a stretch where PDFium ran lines together without a break."""
        places = range(start, end)
        boxes = [self._box(n, sides) for n, sides in zip(places, loose_boxes(self._handle, places), strict=True)]
        at = start
        before = boxes[0]
        ends = []
        for n, box in enumerate(boxes[1:], start + 1):
            if box and before and (box[1] >= before[3] or box[3] <= before[1]):
                ends.append((at, n))
                at = n
            before = box or before
        parts = [*ends, (at, end)]
        for (at, after), look in zip(parts, self._looks([at for at, _ in parts]), strict=True):
            a, b = boxes[at - start], boxes[after - 1 - start]
            a, b = a or b, b or a
            if a and b and self._shown(a):
                yield self._word(at, after, order, a, b, look)

    def _box(self, n: int, sides: Sides) -> Rect | None:
        """The box of a letter with its font's full height, or of its ink where the text runs up or down."""
        x0, top, x1, bottom = sides
        if self._view.turn % 180 == 0 and x1 - x0 > _THIN and top - bottom > _LOW:
            return self._view.box(x0, bottom, x1, top)
        return self._ink(n)

    def _ink(self, n: int) -> Rect | None:
        """The box of what a letter inks; None where it inks nothing."""
        left, right, bottom, top = sides = [ctypes.c_double() for _ in range(4)]
        if not c.FPDFText_GetCharBox(self._raw, n, *sides):
            return None
        if right.value - left.value < _THIN and top.value - bottom.value < _THIN:
            return None
        return self._view.box(left.value, bottom.value, right.value, top.value)

    def _looks(self, places: Sequence[int]) -> list[Look]:
        """How letters look. Those of one piece of text share a font, and most pieces of a page share few fonts."""
        pieces = list(map(piece_of, repeat(self._handle), places))
        letter_of = dict(zip(pieces, places, strict=True))
        fonts = list(map(font_of, map(Address, letter_of)))
        for font, n in zip(fonts, letter_of.values(), strict=True):
            if font not in self._by_font:
                self._by_font[font] = self._look(n)
        looks = dict(zip(letter_of, map(self._by_font.__getitem__, fonts), strict=True))
        self.pieces.update(letter_of)
        return list(map(looks.__getitem__, pieces))

    def _look(self, n: int) -> Look:
        """Whether a letter is bold, and the font of it if that is a legacy one."""
        name, flags = ctypes.create_string_buffer(_NAME), ctypes.c_int()
        c.FPDFText_GetFontInfo(self._raw, n, name, _NAME, flags)
        bold = bool(_HEAVY.search(name.value)) or bool(flags.value & _FORCED_BOLD)
        return bold, font_named(name.value.decode("latin-1"))


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
