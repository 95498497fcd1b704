"""Dòng nhận dạng: recognised lines without the rubbish at their ends, and divided where wide gaps part them.

Recognition makes words of strokes, seals and specks beside a line, and puts what stands left and right of a page on
one line. Lines of other documents are passed through as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import regex

from extractors.model import Box, Document, Line, ScannedWord
from extractors.sureness import words_in
from extractors.syllables import is_syllable
from extractors.text import skeleton

_RUBBISH = 0.3
_SURE = 0.8
_SCRAP_WORDS = 3
_SCRAP_LETTERS = 14
_LONG_WORD = 6
_WEAK = 0.5
_DUBIOUS = 0.6
_BEFORE_BULLET = 4
_BULLETS = frozenset("-–—~+•*")
_WIDE = 2.5  # of a line's height: what parts the list of recipients from the signature
_WIDE_IN_HEAD = 40.0
_APART = 1.1
_LEAST_APART = 12.0
_RIGHT_HALF = 365.0
_RIGHT_EDGE = 270.0
_UPRIGHT = 620.0
_NEIGHBOURS = 12
_BULLET = regex.compile(r"[-+~•*–—]{1,2}")
_LANDMARK = regex.compile(r"\W*(?:so|s\W{1,2}|kinh(?:g[uo]\w?)?|noi|v\s?/\s?v|ve|ngay|luu)\b|\W*s\W*$")
_SYMBOL = regex.compile(r"[/⁄-]\p{Lu}{2}|\p{Lu}{2}[/-]|^\p{Lu}?\p{Ll}{3,}-\d{1,2}\W?$")  # of a body; "Covid-19"
_ENDS_OPEN = regex.compile(r"(?:(?:^|\s)\W*s\w?|gui|goi|ngay|thang|nam)\W*$")


def parts_of(document: Document, n: int, head: bool) -> list[Line]:
    """The line document.lines[n], or what it holds side by side; `head` says that it is read for a letterhead."""
    line = document.lines[n]
    words = words_in(document, line.start, line.end)
    if not words or line.box is None:
        return [line]
    kept = _without_rubbish(document.text, words, head)
    if not kept or (head and _is_scrap(document.text, kept)):
        return []
    groups = _parted(document.text, kept, head)
    return [_part(document, n, line, group, len(groups), k, head) for k, group in enumerate(groups)]


def stands_apart(document: Document, n: int) -> bool:
    """Whether an empty line seems to stand above a recognised line, by the distance to the one before it."""
    if n == 0:
        return False
    line, above = document.lines[n], document.lines[n - 1]
    if line.box is None or above.box is None or line.page != above.page or line.column != above.column:
        return False
    if not words_in(document, line.start, line.end):
        return False
    return line.box.top - above.box.bottom > max(_LEAST_APART, _APART * (line.box.bottom - line.box.top))


def _without_rubbish(text: str, words: Sequence[ScannedWord], head: bool) -> Sequence[ScannedWord]:
    first = _rubbish_before(text, words) if head else 0
    last = len(words)
    while last > first and _is_rubbish(text, words[last - 1]) and (last - first < 2 or _may_end(text, words[last - 2])):
        last -= 1
    return words[first:last]


def _may_end(text: str, word: ScannedWord) -> bool:
    """Whether a line may end with a word, so that what follows may be rubbish: "Lưu:" is followed by something."""
    return text[word.end - 1] not in ":,-"


def _is_scrap(text: str, words: Sequence[ScannedWord]) -> bool:
    """Whether a few signs hold no syllable, number or symbol that is surely read: strokes and specks beside a line."""
    if len(words) > _SCRAP_WORDS or sum(w.end - w.start for w in words) > _SCRAP_LETTERS:
        return False
    if _LANDMARK.match(skeleton(text[words[0].start : words[0].end])):
        return False
    return not any(_is_sound(text[w.start : w.end], w.confidence) for w in words)


def _is_sound(said: str, confidence: float) -> bool:
    if _SYMBOL.search(said) or (said.strip(".,:;").isdigit() and confidence >= _SURE):
        return True
    letters = regex.findall(r"\p{L}{2,}", said)
    if len(said) >= _LONG_WORD and said.isalpha() and confidence >= _WEAK:
        return True  # words run together
    return bool(letters) and confidence >= _WEAK and all(is_syllable(w) for w in letters)


def _rubbish_before(text: str, words: Sequence[ScannedWord]) -> int:
    """How many words at the beginning are rubbish: weak ones and stray marks, one of them hardly read at all."""
    bullet = next((k for k, w in enumerate(words[:_BEFORE_BULLET]) if text[w.start : w.end] in _BULLETS), 0)
    if 0 < bullet < len(words) - 1 and all(_is_doubtful(text, w) for w in words[:bullet]):
        return bullet
    n = 0
    while n < len(words) and (words[n].confidence < _WEAK or not _says(text, words[n])):
        if _LANDMARK.match(skeleton(text[words[n].start : words[n].end])):
            break
        n += 1
    if not any(_is_rubbish(text, w) and w.confidence < _RUBBISH for w in words[:n]) and not _far_from(words, n):
        return 0
    return n - 1 if n and _BULLET.fullmatch(text[words[n - 1].start : words[n - 1].end]) else n


def _is_doubtful(text: str, word: ScannedWord) -> bool:
    said = text[word.start : word.end]
    return word.confidence < _DUBIOUS and not (_SYMBOL.search(said) or _LANDMARK.match(skeleton(said)))


def _far_from(words: Sequence[ScannedWord], n: int) -> bool:
    """Whether the first words, hardly read, stand away from the others, as what a stamp says beside a line does."""
    if not 0 < n < len(words) or all(w.confidence >= _RUBBISH for w in words[:n]):
        return False
    return words[n].box.x0 - words[n - 1].box.x1 > _height(words[n])


def _is_rubbish(text: str, word: ScannedWord) -> bool:
    said = text[word.start : word.end]
    if not any(c.isalnum() for c in said):
        return word.confidence < _SURE
    if any(c.isdigit() for c in said) or _SYMBOL.search(said):
        return False
    return word.confidence < _RUBBISH and not any(is_syllable(w) for w in regex.findall(r"\p{L}{2,}", said))


def _says(text: str, word: ScannedWord) -> bool:
    return any(c.isalnum() for c in text[word.start : word.end])


def _parted(text: str, words: Sequence[ScannedWord], head: bool) -> list[Sequence[ScannedWord]]:
    groups: list[Sequence[ScannedWord]] = []
    start = 0
    for n, (left, right) in enumerate(pairwise(words), 1):
        wide = _WIDE_IN_HEAD if head else _WIDE * max(_height(left), _height(right))
        open_end = _ENDS_OPEN.search(skeleton(text[words[start].start : left.end]))
        if right.box.x0 - left.box.x1 > wide and not open_end and _says(text, left):
            groups.append(words[start:n])
            start = n
    return [*groups, words[start:]]


def _part(document: Document, n: int, line: Line, words: Sequence[ScannedWord], parts: int, k: int, head: bool) -> Line:
    box = Box(
        min(w.box.x0 for w in words),
        min(w.box.top for w in words),
        max(w.box.x1 for w in words),
        max(w.box.bottom for w in words),
    )
    column = line.column
    if not head and column is None:
        column = min(k, 1) if parts > 1 else _column(document, n, box)
    return replace(line, start=words[0].start, end=words[-1].end, box=box, column=column)


def _column(document: Document, n: int, box: Box) -> int | None:
    """The right column where a line stands right of the middle of an upright page, as a signature does."""
    if box.x0 < _RIGHT_EDGE or box.x0 + box.x1 < 2 * _RIGHT_HALF:
        return None
    page = document.lines[n].page
    around = document.lines[max(0, n - _NEIGHBOURS) : n + _NEIGHBOURS]
    edge = max(line.box.x1 for line in around if line.box is not None and line.page == page)
    return 1 if edge < _UPRIGHT else None


def _height(word: ScannedWord) -> float:
    return word.box.bottom - word.box.top
