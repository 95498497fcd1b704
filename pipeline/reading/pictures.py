"""Where pictures lie on a page with words, and which of them may be stamps: geometry alone, in points."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from extractors.model import Box
from pipeline.reading.layout import Word

COVERED = 0.5
# A word stamp is 57 to 113 points wide and 23 high (Decree 30/2020/NĐ-CP, Annex I, II.10), larger in practice, and
# higher where it stands aslant.
_WIDTH = (30.0, 260.0)
_HEIGHT = (12.0, 200.0)
_UPPER = 0.6

Rect = tuple[float, float, float, float]


def covered(pictures: Iterable[Rect], width: float, height: float) -> float:
    """The share of a page that pictures cover; more than 1 where they lie on one another."""
    area = 0.0
    for x0, top, x1, bottom in pictures:
        area += max(0.0, min(x1, width) - max(x0, 0)) * max(0.0, min(bottom, height) - max(top, 0))
    return area / (width * height)


def like_stamps(pictures: Sequence[Rect], others: Iterable[Rect], width: float, height: float) -> tuple[Box, ...]:
    """The places where a stamp may lie: pictures, and `others`, of its size, not so low that a signature's picture lies
    there; the whole page where pictures cover it."""
    if covered(pictures, width, height) > COVERED:
        return (Box(0.0, 0.0, width, height),)
    return tuple(_on_page([*pictures, *others], width, height))


def without_words(rects: Sequence[Rect], words: Sequence[Word]) -> list[Rect]:
    """The rectangles in which no word stands: what draws a picture, not what prints text."""
    middles = [((w.x0 + w.x1) / 2, (w.top + w.bottom) / 2) for w in words]
    return [r for r in rects if not any(r[0] <= x <= r[2] and r[1] <= y <= r[3] for x, y in middles)]


def _on_page(rects: Iterable[Rect], width: float, height: float) -> Iterator[Box]:
    for x0, top, x1, bottom in rects:
        fits = _WIDTH[0] <= x1 - x0 <= _WIDTH[1] and _HEIGHT[0] <= bottom - top <= _HEIGHT[1]
        if fits and 0 < bottom < _UPPER * height and x1 > 0 and x0 < width:
            yield Box(x0, top, x1, bottom)
