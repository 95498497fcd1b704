"""When two pieces of Vietnamese text say the same: spelling aside, nearly, or as the name of one body."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import cache

import regex

from extractors import lexicon
from extractors.text import fold, matchable

_WORD = regex.compile(r"\w+")
_AT_ENDS = " .,;:-\"'*_/"
_SLIP = 0.7
_LONGEST = 500  # comparing takes the square of the length
_LONGEST_WORD = 40


def comparable(text: str) -> str:
    """The text without what makes no difference: case, tone placement, runs of spaces, punctuation at its ends.

    >>> comparable(" Hoà Bình,  tháng 5. ")
    'hòa bình, tháng 5'
    """
    plain = matchable(unicodedata.normalize("NFC", text).casefold())
    return " ".join(plain.split()).strip(_AT_ENDS)


def words(text: str) -> list[str]:
    """The words of the comparable text, without punctuation."""
    return _WORD.findall(comparable(text))


def similarity(a: str, b: str) -> float:
    """How alike two texts are, character by character: 1.0 where nothing but spelling differs.

    Of texts that are not the same only the first 500 characters are compared.
    """
    a, b = comparable(a), comparable(b)
    return 1.0 if a == b else SequenceMatcher(None, a[:_LONGEST], b[:_LONGEST], autojunk=False).ratio()


def overlap(a: Sequence[str], b: Sequence[str]) -> float:
    """The share of words that two lists of words have in common (Jaccard, repeated words counted)."""
    left, right = Counter(a), Counter(b)
    return sum((left & right).values()) / max(1, sum((left | right).values()))


def same_body(a: str, b: str) -> bool:
    """Whether two names are the same words in the same order. A reading slip inside a word passes, another word
    does not; a leading plural does not count.

    >>> same_body("các Sở Y tế", "Sở Y tế"), same_body("Sở Y tê", "Sở Y tế"), same_body("Sở Y tế", "Sở Nội vụ")
    (True, True, False)
    """
    left, right = _bare(words(a)), _bare(words(b))
    return bool(left) and len(left) == len(right) and all(map(_same_word, left, right))


def _bare(name: list[str]) -> list[str]:
    start = 0
    while start < len(name) and name[start] in _head_words():
        start += 1
    return name[start:]


def _same_word(a: str, b: str) -> bool:
    if a == b or len(a) > _LONGEST_WORD:
        return a == b
    return len(a) > 1 and SequenceMatcher(None, fold(a), fold(b), autojunk=False).ratio() >= _SLIP


@cache
def _head_words() -> frozenset[str]:
    return frozenset(form for entry in lexicon.by_role("likeness", "head_word") for form in entry.forms)
