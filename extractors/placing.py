"""Where the pieces of a letterhead stand to one another on the page, as far as the file or the recognition says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import regex

from extractors.landmarks import matches
from extractors.model import Document
from extractors.pieces import Piece
from extractors.sureness import words_in
from extractors.syllables import is_syllable
from extractors.text import skeleton

LINE_OF_WORDS = regex.compile(r"\p{L}{2,} \p{L}+.*\p{L}{2,}")
_OFF_CENTRE = 60.0
_MOST_OFF = 50.0
_EDGE = 3.0
_COLUMN = 40.0
_HARDLY_READ = 0.2
_SHORT = 40.0


def is_next_line(above: Piece, piece: Piece, document: Document) -> bool:
    """Whether a piece stands directly below another, less than half a line away; no sign of a stamp outside of columns
    does."""
    if piece.column is None and not LINE_OF_WORDS.search(piece.text):
        return False
    one, other = document.lines[above.line], document.lines[piece.line]
    if one.box is None or other.box is None or one.page != other.page:
        return False
    height = other.box.bottom - other.box.top
    return -height / 2 < other.box.top - one.box.bottom < height / 2


def opens_text(above: Piece, piece: Piece, edge: float) -> bool:
    """Whether a line that reaches the right `edge` of the text stands under a shorter one: no title is set so."""
    if above.right is None or piece.right is None:
        return False
    return piece.right > edge - _EDGE and above.right < edge - _SHORT


def is_beside(title: Piece, piece: Piece) -> bool:
    """Whether a piece stands wholly left or right of a title, as a stamp does and no line under it."""
    if None in (title.x, title.right, piece.x, piece.right):
        return False
    return piece.right < title.x or piece.x > title.right  # type: ignore[operator]


def is_off_centre(title: Piece, piece: Piece) -> bool:
    """Whether a line under a title is plainly not centred below it; never where the file has no places."""
    if None in (title.x, title.right, piece.x, piece.right):
        return False
    off = _middle(title) - _middle(piece)
    return abs(off) > _MOST_OFF


def _middle(piece: Piece) -> float:
    return ((piece.x or 0.0) + (piece.right or 0.0)) / 2


def centred_under(title: Piece, piece: Piece, document: Document) -> Piece:
    """A line under a title without what a stamp puts left of it: what is printed there is centred."""
    if None in (title.x, title.right, piece.x, piece.right):
        return piece
    middle = (title.x + title.right) / 2  # type: ignore[operator]
    left = 2 * middle - piece.right  # type: ignore[operator]
    if piece.x > left - _OFF_CENTRE or piece.right < middle:  # type: ignore[operator]
        return piece
    span = piece.words.span()
    kept = [w for w in words_in(document, span.start, span.end) if (w.box.x0 + w.box.x1) / 2 > left]
    if not kept:
        return piece
    start = next((n for n, offset in enumerate(piece.words.offsets) if offset >= kept[0].start), 0)
    words = piece.words.cut(start)
    return replace(piece, words=words, key=skeleton(words.text), x=kept[0].box.x0)


def in_column_of(above: Piece, piece: Piece) -> bool:
    """Whether a piece that stands in no column, or in the left one, keeps between the sides of one above it."""
    if piece.column == 1 or None in (above.x, above.right, piece.x, piece.right):
        return False
    return piece.x > above.x - _COLUMN and piece.right < above.right + _COLUMN  # type: ignore[operator]


def is_spoilt(piece: Piece, document: Document) -> bool:
    """Whether a recognised line holds what was hardly read and makes no words, as a stamp leaves it."""
    span = piece.words.span()
    for word in words_in(document, span.start, span.end):
        letters = regex.findall(r"\p{L}+", document.text[word.start : word.end])
        if word.confidence < _HARDLY_READ and sum(map(len, letters)) > 2 and not all(map(is_syllable, letters)):
            return True
    return False


def below_signatures(found: Sequence[Piece]) -> list[Piece]:
    """The pieces without what stands above the motto at the right: times and names of digital signatures."""
    at = next((n for n, p in enumerate(found) if matches("motto", p.key) or matches("party", p.key)), 0)
    left = found[at].x if found else None
    if left is None:
        return list(found)
    return [p for n, p in enumerate(found) if n >= at or p.x is None or p.x <= left or p.column == 0]


def part_from(piece: Piece, start: int) -> Piece:
    """What a piece says from a place on."""
    words = piece.words.cut(start)
    key = piece.key[len(piece.key) - len(words.text) :]
    return replace(piece, words=words, key=key, gap=False, starts_line=False, starred=False)


def is_in_brackets(taken: Sequence[Piece], item: regex.Pattern[str] | None) -> bool:
    """Whether a bracket is open at the end of a list: of its last `item` only, where that may have lost its end."""
    first = max((n for n, p in enumerate(taken) if item.match(p.text)), default=0) if item else 0
    return sum(p.text.count("(") - p.text.count(")") for p in taken[first:]) > 0


def left_margin(found: Sequence[Piece]) -> float:
    """Where long lines begin."""
    return min((p.x for p in found if p.x is not None and len(p.text) > 60), default=0.0)
