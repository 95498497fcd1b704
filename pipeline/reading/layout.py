"""Words with boxes in, printed lines in reading order out: geometry alone, no library and no language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter, sub
from statistics import median
from typing import NamedTuple

from extractors.model import Box

_SAME_ROW = 0.5
_GLUED = 0.12
_DOUBLE = 1.5
_PLACE = attrgetter("x0", "order")


class Word(NamedTuple):
    """A printed word: its box as displayed (points, origin at the top left) and its place in the file's own order.

    `confidence` is below 1 where it was recognised on a picture.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    bold: bool = False
    order: int = -1
    stamped: bool = False
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Row:
    """Words that stand on one line across the page, from left to right; columns are not told apart yet."""

    words: tuple[Word, ...]
    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def height(self) -> float:
        """Of the tallest word, in points."""
        return self.bottom - self.top

    @property
    def text(self) -> str:
        """What the row says, with single spaces."""
        return joined(self.words)


class Piece(NamedTuple):
    """A printed line as it goes into the document; `words` only where they were recognised on a picture."""

    text: str
    box: Box
    column: int | None
    bold: bool
    words: tuple[Word, ...] = ()


def rows_of(words: Iterable[Word]) -> list[Row]:
    """The words as rows from top to bottom. A raised or smaller word belongs to the row that it stands beside."""
    groups: list[list[Word]] = []
    bands: list[tuple[float, float]] = []
    high = low = 0.0  # the band of the last row: no row is better for a word that stands wholly within its height
    for word in sorted(words, key=_height):
        top, bottom = word.top, word.bottom
        if high <= top < bottom <= low:
            groups[-1].append(word)
            continue
        at = _row_for(word, groups, bands)
        if at is None:
            groups.append([word])
            bands.append((top, bottom))
        else:
            groups[at].append(word)
            if bottom - top > bands[at][1] - bands[at][0]:
                bands[at] = top, bottom
        high, low = bands[-1]
    found = [_row(g, b) for g, b in zip(groups, bands, strict=True)]
    return sorted(found, key=_height)


def _height(one: Word | Row) -> float:
    """Twice how far down the page the middle of a word or row stands."""
    return one.top + one.bottom


def joined(words: Sequence[Word]) -> str:
    """The words of a row as text. Where the file's own order does not say that a space stands between, the gap does."""
    parts = [words[0].text] if words else []
    for before, word in pairwise(words):
        follows = before.order + 1 == word.order and before.stamped == word.stamped
        parts.append(word.text if not follows and _glued(before, word) else " " + word.text)
    return "".join(parts)


def piece(row: Row, column: int | None = None) -> Piece:
    """The row as a line of the document; bold where most of its words are."""
    heavy = sum([len(w.text) for w in row.words if w.bold])
    bold = heavy > 0 and 2 * heavy > sum([len(w.text) for w in row.words])
    recognised = row.words if min([w.confidence for w in row.words]) < 1 else ()
    return Piece(row.text, Box(row.x0, row.top, row.x1, row.bottom), column, bold, recognised)


def gaps_of(row: Row) -> list[tuple[float, float]]:
    """The horizontal gaps between the words of a row, from left to right."""
    gaps = []
    right = row.words[0].x1
    for word in row.words[1:]:
        if word.x0 > right:
            gaps.append((right, word.x0))
        if word.x1 > right:
            right = word.x1
    return gaps


def _row_for(word: Word, groups: list[list[Word]], bands: list[tuple[float, float]]) -> int | None:
    """The row that a word stands in: among the last few the one that it overlaps most, if by half of its height."""
    best, most = None, _SAME_ROW
    own_top, own_bottom = word.top, word.bottom
    height = own_bottom - own_top
    for at in range(len(groups) - 1, max(-1, len(groups) - 5), -1):
        top, bottom = bands[at]
        if own_top >= bottom or own_bottom <= top:
            continue
        smaller = min(height, bottom - top) or 1.0
        share = (min(bottom, own_bottom) - max(top, own_top)) / smaller
        if share > most and not (share < 0.75 and _collides(word, groups[at])):
            best, most = at, share
    return best


def _collides(word: Word, row: list[Word]) -> bool:
    """Two words above one another are no row, however tightly the lines are set."""
    return any(min(word.x1, w.x1) - max(word.x0, w.x0) > 2 and w.top != word.top for w in row)


def _row(words: list[Word], band: tuple[float, float]) -> Row:
    lefts = [w.x0 for w in words]
    if min(map(sub, lefts[1:], lefts), default=_DOUBLE) < _DOUBLE:
        words = _without_doubles(sorted(words, key=_PLACE))
    return Row(tuple(words), words[0].x0, band[0], max([w.x1 for w in words]), band[1])


def _without_doubles(words: list[Word]) -> list[Word]:
    """The words from left to right: bold type is sometimes made by printing the same word twice, a hair apart."""
    kept = words[:1]
    for word in words[1:]:
        if kept[-1].text != word.text or abs(kept[-1].x0 - word.x0) >= _DOUBLE:
            kept.append(word)
    return kept


def _glued(before: Word, word: Word) -> bool:
    if before.stamped != word.stamped:
        return word.text[0] in "/-"  # a number set into its blank: "12" before "/AB"
    if before.order + 1 == word.order or word.confidence < 1:
        return False  # the file's own space, or words recognised one by one
    return word.x0 - before.x1 < _GLUED * (word.bottom - word.top)


def usual_gap(row: Row) -> float:
    """The width of the row's usual space between words; 0 where it has none."""
    gaps = gaps_of(row)
    return median(b - a for a, b in gaps) if gaps else 0.0
