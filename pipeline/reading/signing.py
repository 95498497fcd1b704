"""The foot of a dispatch read once more, where the first reading failed: recipients, and under the seal who signs.

Seals and hands lie over the title and the name of who signs, so that a reading of the whole page takes them for a
picture. Cut out and read as one block of text, most of them can be read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from extractors.closing import is_kept_line
from extractors.landmarks import matches
from extractors.signer_mending import may_sign
from extractors.signer_scanned import signed_in_full
from extractors.text import skeleton
from pipeline.reading.layout import Row, Word, rows_of
from pipeline.reading.ocr import BLOCK, POINTS, SPARSE, Picture

Recognise = Callable[..., list[Word]]

_LEFT = 0.46  # of the page's width: where the signature may begin
_BULLETS = frozenset("-+~•*–—")
_HEAD = 4.0  # rows: how far above the first line of the list that was recognised its head may stand
_MARGIN = 0.06  # inches
_OVER = 0.1
_ABOVE, _BELOW = 30.0, 190.0  # points from the head of the list
_SURE = 0.85
_KEPT = 0.7
_VERY_SURE = 0.92
_SAME_PLACE = 0.4
_CLIMB = 0.4
_AFTER = 1_000_000


@dataclass(frozen=True, slots=True)
class _List:
    """The list of recipients, in pixels: its rows from the top, and whether its head was recognised."""

    rows: list[Row]
    headed: bool

    @property
    def top(self) -> float:
        """Where its head stands, or would."""
        return self.rows[0].top - (0 if self.headed else _HEAD * self.rows[0].height)

    @property
    def broken(self) -> bool:
        """Whether a line of it seems to be missing."""
        usual = median(row.height for row in self.rows)
        return not self.headed or any(b.top - a.bottom > usual for a, b in pairwise(self.rows))


def closing_read_again(
    words: Sequence[Word], page: Picture, inked: Callable[[], Picture | None], dpi: float, recognise: Recognise
) -> list[Word]:
    """The words of an upright page (boxes in its pixels), recipients and signature read again where that was doubtful.

    `page` is in grey without coloured ink. Where office or name is not found on that, it may be stamped in colour
    itself: `inked` gives the same page with its ink, None where it has none. `recognise` is as in `ocr`, and raises
    what that raises.
    """
    middle = round(_LEFT * page.shape[1])
    listed = _list_of(words, middle)
    if listed is None:
        return list(words)
    if listed.broken and is_kept_line(listed.rows[-1].text):
        zone = _Zone(0, middle, listed.top - _MARGIN * dpi, listed.rows[-1].bottom + _MARGIN * dpi, page, _OVER)
        words = zone.replaced(words, _fuller(zone.of(words), zone.read(page, dpi, recognise)))
    above, below = (points * dpi / POINTS for points in (_ABOVE, _BELOW))
    zone = _Zone(middle, page.shape[1], listed.top - above, listed.top + below, page)
    there = zone.of(words)
    if not _well_read(there):
        there = _merged(there, zone.read(page, dpi, recognise))
        if not _complete(there) and (coloured := inked()) is not None:
            there = _merged(there, zone.read(coloured, dpi, recognise, SPARSE))
    return zone.replaced(words, there)


class _Zone:
    """A part of a page, in pixels; words that begin in it may end so much (of the page's width) right of it."""

    def __init__(self, x0: int, x1: int, top: float, bottom: float, page: Picture, over: float = 0.0) -> None:
        self.x0, self.x1, self.over = x0, x1, round(over * page.shape[1])
        self.top, self.bottom = max(0, round(top)), min(page.shape[0], round(bottom))

    def of(self, words: Sequence[Word]) -> list[Word]:
        """The words that begin in it."""
        return [w for w in words if self.x0 <= w.x0 < self.x1 and self.top <= (w.top + w.bottom) / 2 <= self.bottom]

    def replaced(self, words: Sequence[Word], by: Sequence[Word]) -> list[Word]:
        """The words with others in place of those that begin in it."""
        there = set(self.of(words))
        return [w for w in words if w not in there] + list(by)

    def read(self, picture: Picture, dpi: float, recognise: Recognise, mode: int = BLOCK) -> list[Word]:
        """The words on it, read as one block of text, or singly."""
        part = picture[self.top : self.bottom, self.x0 : self.x1 + self.over].copy()
        return self.of([_moved(w, self.x0, self.top) for w in recognise(part, mode, round(dpi))])


def _list_of(words: Sequence[Word], middle: int) -> _List | None:
    """The list of recipients by its head, or by its last line ("Lưu") and the bullets above that."""
    rows = rows_of(w for w in words if w.x1 < middle)
    head = next((n for n, row in enumerate(rows) if matches("recipients", skeleton(row.text))), None)
    kept = next((n for n in range(len(rows) - 1, -1, -1) if is_kept_line(rows[n].text)), None)
    if head is not None:
        last = kept if kept is not None and kept > head else head
        return _List(rows[head : last + 1], headed=True)
    if kept is None:
        return None
    first = kept
    while first and _is_bullet_above(rows[first - 1], rows[first]):
        first -= 1
    return _List(rows[first : kept + 1], headed=False) if first < kept else None


def _is_bullet_above(row: Row, below: Row) -> bool:
    near = below.top - row.bottom < 2 * below.height and abs(row.x0 - below.x0) < below.height
    return near and row.text[:1] in _BULLETS


def _fuller(first: Sequence[Word], again: Sequence[Word]) -> list[Word]:
    """The second of two readings where it found more lines, and more of them surely."""
    lines = [len(rows_of(reading)) for reading in (first, again)]
    worth = [sum(len(w.text) * w.confidence for w in reading) for reading in (first, again)]
    return list(again if lines[1] > lines[0] and worth[1] > worth[0] else first)


def _well_read(words: Sequence[Word]) -> bool:
    """Whether an office and a name were read, and both surely; strokes and specks beside them do not count."""
    return _complete([w for row in rows_of(words) if min(w.confidence for w in row.words) >= _SURE for w in row.words])


def _complete(words: Sequence[Word]) -> bool:
    return signed_in_full([row.text for row in rows_of(words)])


def _merged(first: Sequence[Word], again: Sequence[Word]) -> list[Word]:
    """What the second reading found, and what the first was very sure of, or alone found and was fairly sure of.

    A word beside one of these stays however badly it was read, lest half a name be taken for a whole one.
    """
    sound = [w for w in again if may_sign(w.text, w.confidence)]
    sound += [w for w in again if w not in sound and _says(w) and any(_beside(w, n) for n in sound)]
    kept = [w for w in first if w.confidence >= _VERY_SURE or not any(_same_place(w, n) for n in sound)]
    stay = [w for w in kept if _may_stay(w)]
    kept = [w for w in kept if w in stay or (_says(w) and any(_beside(w, n) for n in (*sound, *stay)))]
    return _levelled(kept + [n for n in sound if not any(_same_place(w, n) for w in kept)])


def _may_stay(word: Word) -> bool:
    return word.confidence >= _KEPT or may_sign(word.text, word.confidence)


def _says(word: Word) -> bool:
    return sum(c.isalpha() for c in word.text) > 1


def _beside(one: Word, other: Word) -> bool:
    left, right = sorted((one, other), key=lambda w: w.x0)
    return _goes_on(left, right, right.bottom - right.top)


def _levelled(words: Sequence[Word]) -> list[Word]:
    """The words of a line that climbs, as a name stamped askew does, at one height."""
    out: list[Word] = []
    for word in sorted(words, key=lambda w: w.x0):
        height = word.bottom - word.top
        left = next((w for w in reversed(out) if _goes_on(w, word, height)), None)
        out.append(word._replace(top=left.top, bottom=left.top + height) if left else word)
    return out


def _goes_on(left: Word, word: Word, height: float) -> bool:
    """Whether a word stands a space right of another, and little higher or lower."""
    overlap = min(left.bottom, word.bottom) - max(left.top, word.top)
    return -0.2 * height < word.x0 - left.x1 < height and overlap > _CLIMB * min(height, left.bottom - left.top)


def _same_place(one: Word, other: Word) -> bool:
    across = min(one.x1, other.x1) - max(one.x0, other.x0)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    if across <= 0 or down <= 0:
        return False
    smaller = min((w.x1 - w.x0) * (w.bottom - w.top) for w in (one, other))
    return across * down > _SAME_PLACE * smaller


def _moved(word: Word, x: int, y: int) -> Word:
    return word._replace(
        x0=word.x0 + x, x1=word.x1 + x, top=word.top + y, bottom=word.bottom + y, order=word.order + _AFTER
    )
