"""What a digital signature prints: numbers and days go into their blanks, its description of itself stays apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from pipeline.reading.layout import Row, Word, joined, rows_of

_BLANK = 10.0
_FEW_WORDS = 6
_FINE = 0.4


@dataclass(frozen=True, slots=True)
class Stamp:
    """The words that one annotation prints."""

    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """`words` read on with the page's own; `blocks` stand apart; `moved` counts those printed away from their blank."""

    words: tuple[Word, ...]
    blocks: tuple[tuple[Row, ...], ...]
    moved: int


def placed(stamps: Sequence[Stamp], own: Sequence[Word]) -> Placed:
    """Where each stamp belongs among the page's own words.

    Several lines are the signature's own description: a block. One short line belongs to the text where it is
    printed, unless it repeats what follows a blank elsewhere ("/AB-CD" after a gap, "12/AB-CD" stamped beside): then
    it fills that blank.
    """
    words: list[Word] = []
    blocks: list[tuple[Row, ...]] = []
    moved = 0
    for stamp in stamps:
        rows = rows_of(stamp.words)
        if len(rows) > 1 or len(rows[0].words) > _FEW_WORDS:
            blocks.append(tuple(rows))
        elif target := _blank_for(rows[0], own):
            words.append(_filling(rows[0], target))
            moved += 1
        elif _over_text(rows[0], own):
            blocks.append(tuple(rows))
        else:
            words.extend(rows[0].words)
    return Placed(tuple(words), tuple(blocks), moved)


def fine_print(words: list[Word]) -> tuple[list[Word], tuple[Row, ...]]:
    """The words without those printed far smaller than the rest, and the rows of these: some offices draw what the
    signature says of itself onto the page, and its lines would run into those beside them."""
    if not words:
        return words, ()
    heights = [word.bottom - word.top for word in words]
    least = _FINE * median(heights)
    if min(heights) >= least:
        return words, ()
    fine = [word for word in words if word.bottom - word.top < least]
    if len(fine) <= _FEW_WORDS:
        return words, ()
    return [word for word in words if word.bottom - word.top >= least], tuple(rows_of(fine))


def _blank_for(row: Row, own: Sequence[Word]) -> Word | None:
    """The word after a blank elsewhere on the page that the stamp repeats at its end."""
    text = joined(row.words)
    for word in own:
        if word.text[0].isalnum() or len(word.text) < 3 or not text.endswith(word.text) or text == word.text:
            continue
        beside = min(word.bottom, row.bottom) - max(word.top, row.top) > 0
        if not beside and _blank_before(word, own) >= _BLANK:
            return word
    return None


def _blank_before(word: Word, own: Sequence[Word]) -> float:
    middle = (word.top + word.bottom) / 2
    ends = [w.x1 for w in own if w.top < middle < w.bottom and w.x1 <= word.x0 + 1 and w is not word]
    return word.x0 - max(ends) if ends else 0.0


def _filling(row: Row, target: Word) -> Word:
    text = joined(row.words).removesuffix(target.text)
    width = min(_BLANK, row.x1 - row.x0) - 1
    return Word(text, target.x0 - width, target.top, target.x0, target.bottom, stamped=True)


def _over_text(row: Row, own: Sequence[Word]) -> bool:
    """Whether a word of the stamp is printed over words of the page; a few points at a blank's edges do not count."""
    return any(_covers(word, one) for word in row.words for one in own)


def _covers(word: Word, one: Word) -> bool:
    across = min(word.x1, one.x1) - max(word.x0, one.x0)
    down = min(word.bottom, one.bottom) - max(word.top, one.top)
    return across > max(4.0, 0.3 * (word.x1 - word.x0)) and down > 0.5 * (one.bottom - one.top)
