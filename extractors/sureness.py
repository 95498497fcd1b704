"""Độ chắc của nhận dạng: how sure the recognition of a scanned page is of the words in a stretch of text."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from statistics import median

from extractors.model import Document, Line, ScannedWord, Span

FAIRLY_SURE = 0.6
_SURE = 0.85
_ALIKE = 0.25  # by how much of its height a printed number may differ from what stands beside it
_JUST_AS_TALL = 0.08
_TAILS = frozenset("gpqyjQ,;()")
_WITHOUT_TAIL = 0.78
_WITHOUT_ACCENT = 0.78
_DOT_BELOW = "\u0323"
_NOT_ABOVE = {0x0323: None, 0x031B: None}  # the dot below and the horn


def words_in(document: Document, start: int, end: int) -> Sequence[ScannedWord]:
    """The recognised words that stand in or reach into text[start:end], in order; none where it was not recognised."""
    first = bisect_left(document.words, start, key=lambda word: word.end - 1)
    last = bisect_left(document.words, end, key=lambda word: word.start)
    return document.words[first:last]


def sureness(document: Document, span: Span) -> float | None:
    """The lowest confidence among the words of a span, 0 to 1; None where no word of it was recognised."""
    return min((word.confidence for word in words_in(document, span.start, span.end)), default=None)


def is_printed(document: Document, span: Span, fairly: float = FAIRLY_SURE) -> bool:
    """Whether a number can be taken as it was read: always in a text; on a scan where the recognition is sure of it
    and it stands as tall as what is printed beside it, as writing by hand seldom does. Where it is just as tall, the
    recognition need be no more than `fairly` sure."""
    sure = sureness(document, span)
    if sure is None:
        return True
    odd = _odd_height(document, span)
    if odd is None:
        return sure >= _SURE
    return (sure >= _SURE and odd <= _ALIKE) or (sure >= fairly and odd <= _JUST_AS_TALL)


def _odd_height(document: Document, span: Span) -> float | None:
    """By how much of their height the words of a span are taller or lower than those beside them; None where there are
    none to compare with."""
    words = words_in(document, span.start, span.end)
    line = line_at(document, span.start)
    if line is None:
        return None
    around = [w for w in words_in(document, line.start, line.end) if w not in words and w.confidence >= _SURE]
    tall = [w for w in around if any(c.isdigit() or c.isupper() for c in document.text[w.start : w.end])]
    usual = median(_capital_height(document, w) for w in tall) if tall else 0.0
    return max(abs(_capital_height(document, w) - usual) / usual for w in words) if usual else None


def _capital_height(document: Document, word: ScannedWord) -> float:
    """How tall the digits and capitals of a word stand, as tall as one another, without what hangs below the line and
    what stands above capitals: their accents, and the second of two on a small letter ("Số")."""
    marks = [unicodedata.normalize("NFD", c)[1:] for c in document.text[word.start : word.end]]
    letters = document.text[word.start : word.end]
    below = any(c in _TAILS or _DOT_BELOW in m for c, m in zip(letters, marks, strict=True))
    above = any(len(m.translate(_NOT_ABOVE)) > c.islower() for c, m in zip(letters, marks, strict=True))
    return _height(word) * (_WITHOUT_TAIL if below else 1.0) * (_WITHOUT_ACCENT if above else 1.0)


def line_at(document: Document, offset: int) -> Line | None:
    """The printed line that holds an offset."""
    n = bisect_left(document.lines, offset, key=lambda line: line.end)
    return document.lines[n] if n < len(document.lines) and document.lines[n].start <= offset else None


def _height(word: ScannedWord) -> float:
    return word.box.bottom - word.box.top
