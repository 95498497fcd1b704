"""Sửa lỗi nhận dạng: accents that recognition got wrong in well-known words of two syllables, put right by the pair.

"tô chức" and "kiêm tra" are no words, "tổ chức" and "kiểm tra" are; only accents change, so the text keeps its length.
Names, numbers and what could be right as it stands are left alone (`lexicon/compounds.csv` lists the words, and beside
each the pairs that differ from it in accents only and are right too).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import regex

from extractors import lexicon
from extractors.syllables import is_syllable
from extractors.text import matchable, skeleton

_LEFT = regex.compile(r"[(\"“'\-–]*(\p{L}+)", regex.V1)
_RIGHT = regex.compile(r"\p{L}+")
_VOWELS = frozenset("aeiouy")
_RUN = regex.compile(r"(\P{L}*)(\p{L}{4,14})(\P{L}*)", regex.V1)


def mended(text: str, words: Iterable[tuple[int, int]]) -> str:
    """The text with these recognised words (start and end of each, in order) mended; as long as the text itself.

    >>> mended("thôn tô chức họp", [(0, 4), (5, 7), (8, 12), (13, 16)])
    'thôn tổ chức họp'
    """
    spans = list(words)
    pieces = [text[start:end] for start, end in spans]
    out = list(text)
    for n in range(len(pieces) - 1):
        found = _pair(pieces, n)
        if found is None or _stands(pieces, n):
            continue
        for k, right in enumerate(found):
            pieces[n + k] = right
            start, end = spans[n + k]
            out[start:end] = right
    return "".join(out)


def _pair(pieces: list[str], n: int) -> tuple[str, str] | None:
    """Two words next to one another with the right accents; None where they are right, unknown or a name."""
    left, right = _LEFT.fullmatch(pieces[n]), _RIGHT.match(pieces[n + 1])
    if left is None or right is None or right[0][0].isupper() or left[1][1:].isupper():
        return None
    known = _index().get(f"{skeleton(left[1])} {skeleton(right[0])}")
    if known is None or _spelt(left[1], right[0]) in known:
        return None
    first, second = known[0].split()
    at = left.start(1)
    return (
        pieces[n][:at] + _cased(first, left[1]),
        _cased(second, right[0]) + pieces[n + 1][right.end() :],
    )


def _stands(pieces: list[str], n: int) -> bool:
    """Whether the first word belongs to a known word with the one before it, or the second with the one after it."""
    return (n > 0 and _known(pieces[n - 1], pieces[n])) or (
        n + 2 < len(pieces) and _known(pieces[n + 1], pieces[n + 2])
    )


def _known(one: str, other: str) -> bool:
    left, right = _LEFT.fullmatch(one), _RIGHT.match(other)
    if left is None or right is None:
        return False
    known = _index().get(f"{skeleton(left[1])} {skeleton(right[0])}", ())
    return bool(known) and _spelt(left[1], right[0]) == known[0]


def _spelt(left: str, right: str) -> str:
    return f"{matchable(left.lower())} {matchable(right.lower())}"


def _cased(word: str, like: str) -> str:
    return word.capitalize() if like[0].isupper() else word


@cache
def _index() -> dict[str, tuple[str, ...]]:
    """By their letters without accents the right word first, then what else is right."""
    return {
        skeleton(row["word"]): (row["word"], *filter(None, row["unlike"].split(";")))
        for row in lexicon.rows("compounds")
    }


def parted(word: str) -> tuple[str, ...]:
    """Two words that recognition ran together ("hoạtđộng") as two; any other word, and one that could be parted in two
    ways, as it is. Only words with accents are parted: without them they may be foreign, or an abbreviation.

    >>> parted("Chủtrì;"), parted("Covid"), parted("trường")
    (('Chủ', 'trì;'), ('Covid',), ('trường',))
    """
    found = _RUN.fullmatch(word)
    if found is None or word.isascii() or is_syllable(found[2]) or found[2][1:] != found[2][1:].lower():
        return (word,)
    letters = found[2]
    ways = [n for n in range(2, len(letters) - 1) if is_syllable(letters[:n]) and is_syllable(letters[n:])]
    # where the second would begin with a vowel, one syllable with a wrong accent looks the same ("chuyén")
    if len(ways) != 1 or skeleton(letters[ways[0]]) in _VOWELS:
        return (word,)
    return found[1] + letters[: ways[0]], letters[ways[0] :] + found[3]
