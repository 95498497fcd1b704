"""The signature read once more: beside the list of recipients, without the seal's ink, where the first reading failed.

Seals and hands lie over the title and the name of who signs, so that a reading of the whole page takes them for a
picture. Cut out and read as one block of text, most of them can be read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from extractors.closing import is_person, opens_signature
from extractors.landmarks import matches
from extractors.signer_mending import may_sign
from extractors.text import skeleton
from pipeline.reading.layout import Word, rows_of
from pipeline.reading.ocr import BLOCK, Picture

Recognise = Callable[..., list[Word]]

POINTS = 72.0
_LEFT = 0.46  # of the page's width: where the signature may begin
_LABEL = 0.5
_ABOVE, _BELOW = 30.0, 190.0  # points from the head of the list
_SURE = 0.85
_KEPT = 0.7
_VERY_SURE = 0.92
_SAME_PLACE = 0.4
_CLIMB = 0.4
_AFTER = 1_000_000


def signature_read_again(
    words: Sequence[Word], page: Picture, inked: Callable[[], Picture], dpi: float, recognise: Recognise
) -> list[Word]:
    """The words of an upright page (boxes in its pixels), those of the signature read again where that was doubtful.

    `page` is in grey without coloured ink. Where no name is found on that, it may be stamped in colour itself: `inked`
    gives the same page with its ink. `recognise` is as in `ocr`, and raises what that raises.
    """
    zone = _zone(words, page.shape[1], page.shape[0], dpi)
    if zone is None:
        return list(words)
    x0, top, bottom = zone
    there = [w for w in words if w.x0 >= x0 and top <= (w.top + w.bottom) / 2 <= bottom]
    others = [w for w in words if w not in there]
    pictures: tuple[Callable[[], Picture], ...] = (lambda: page, inked)
    for picture in pictures:
        if _well_read(there):
            break
        again = recognise(picture()[top:bottom, x0:].copy(), BLOCK, round(dpi))
        there = _merged(there, [_moved(w, x0, top) for w in again if may_sign(w.text, w.confidence)])
        if any(is_person(row.text) for row in rows_of(there)):
            break
    return others + there


def _zone(words: Sequence[Word], width: int, height: int, dpi: float) -> tuple[int, int, int] | None:
    """Where the signature stands: its left edge, top and bottom; None where no list of recipients is headed."""
    for one, two in pairwise(words):
        if two.x1 < _LABEL * width and matches("recipients", skeleton(f"{one.text} {two.text}")):
            top = max(0, round(one.top - _ABOVE * dpi / POINTS))
            bottom = min(height, round(one.bottom + _BELOW * dpi / POINTS))
            return round(_LEFT * width), top, bottom
    return None


def _well_read(words: Sequence[Word]) -> bool:
    """Whether an office and a name below it were read, surely, and nothing else."""
    if not words or min(w.confidence for w in words) < _SURE:
        return False
    rows = [row.text for row in rows_of(words)]
    return len(rows) > 1 and opens_signature(rows[0]) and is_person(rows[-1])


def _merged(first: Sequence[Word], again: Sequence[Word]) -> list[Word]:
    """What the second reading found, and what the first was very sure of, or alone found and was fairly sure of; a
    word before one of these stays however badly it was read, lest half a name be taken for a whole one."""
    kept = [w for w in first if w.confidence >= _VERY_SURE or not any(_same_place(w, n) for n in again)]
    kept = [w for w in kept if w.confidence >= _KEPT or any(_goes_on(w, n, n.bottom - n.top) for n in again)]
    return _levelled(kept + [n for n in again if not any(_same_place(w, n) for w in kept)])


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
