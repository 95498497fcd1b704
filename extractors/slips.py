"""Từ đọc sai: words that a bad reading left in a text, told by their spelling alone.

A text that was recognised somewhere else carries no word of how sure that was; its slips still show.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from extractors.syllables import is_syllable

_AROUND = ".,;:()[]\"'-/!?*“”‘’…"
_PARTS = re.compile(r"[-./…]")
_STRAY = re.compile(r"[|‹›{}~^<>\\¥€£®©§¡¿]")
_LONGEST_ABBREVIATION = 6
_LONGEST_WORD = 40


def slips(text: str) -> int:
    """How many words or signs of a text are plainly misread.

    >>> slips("Cac lớp khân trương trién khai | trước ngày 15/5")
    2
    """
    return sum(_is_misread(word) for word in text.split()) + len(_STRAY.findall(text))


@lru_cache(maxsize=16384)  # the same words come again and again
def _is_misread(token: str) -> bool:
    word = token.strip(_AROUND)
    if len(word) > _LONGEST_WORD or "@" in word or not word or any(c.isdigit() for c in word):
        return False
    return any(_is_slip(part) for part in _PARTS.split(word))


def _is_slip(word: str) -> bool:
    """A word with Vietnamese letters that is no syllable, or a plain one that only lacks its tone ("dat" for "đạt");
    abbreviations, names and foreign words are none."""
    if len(word) < 2 or not word.isalpha() or is_syllable(word):
        return False
    if not word.isascii():
        return not word.isupper() or len(word) > _LONGEST_ABBREVIATION
    return word.islower() and any(is_syllable(_with_tone(word, n)) for n, c in enumerate(word) if c in "aeiouy")


def _with_tone(word: str, at: int) -> str:
    return unicodedata.normalize("NFC", f"{word[: at + 1]}\u0301{word[at + 1 :]}")
