"""Tên cơ quan đọc sai: the name of an issuer that a bad reading spoilt, mended by the register of bodies and the text.

Readings of scans put a word of the national motto behind the name that stands beside it, or lose letters of the name.
Where neither a registered name nor the text's own spelling is like what was read, nothing is made up.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher
from itertools import pairwise

import regex

from extractors.agencies import identify
from extractors.lexicon import by_role
from extractors.naming import is_syllable, normal_capitals
from extractors.text import matchable, skeleton

_WORD = regex.compile(r"[\p{L}\p{M}]+")
_LETTERS = regex.compile(r"\p{L}+")
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_LIKE = 0.86  # one letter in seven may differ
_UNSPELT = regex.compile(r"^(?:c[eiy]|k[aou]|g[ey]|ng[eiy])")  # no syllable is spelt so
_ANY_DAY = (None, "2020-01-01")  # a body of today, or one from before the mergers of 2025
_STRAY = regex.compile(r"\p{L}[!?(){}<>@$%^\[\]]+\p{L}|\p{L}\d\b(?<!\p{Lu}{2}\d)|\w[!?]")


def unreadable(name: str) -> bool:
    """Whether signs or digits stand inside the words of a name, as no printed name has them."""
    return bool(_STRAY.search(name))


def without_motto(name: str) -> str | None:
    """The registered body that a name begins with, where only words of the motto follow it; else None."""
    words = name.split(" ")
    motto = {form for e in by_role("names", "motto_word") for form in e.forms}
    end = len(words)
    while end > 2 and skeleton(words[end - 1]) in motto:
        end -= 1
        shorter, _ = normal_capitals(" ".join(words[:end]))
        if _registered(shorter) and not _registered(name):
            return shorter
    return None


def _registered(name: str) -> bool:
    return any(identify(name, day) for day in _ANY_DAY)


def opens_as_body(name: str) -> bool:
    """Whether the first word of a name is not merely like one that opens names of bodies ("Bạn" for "Ban")."""
    first = matchable(name.split(" ", 1)[0]).lower()
    opening = {form for e in by_role("bodies", "speaker_opening") for form in e.forms}
    return first in opening or skeleton(first) not in {skeleton(form) for form in opening}


def with_one_tone(name: str) -> str:
    """A name without the second of two vowels with tone marks in one syllable ("PHÓỎ THÔNG"), which no syllable has."""
    return _WORD.sub(lambda m: _without_second_tone(m[0]), name)


def _without_second_tone(word: str) -> str:
    toned = [n for n, c in enumerate(word) if _TONES & set(unicodedata.normalize("NFD", c))]
    second = next((b for a, b in pairwise(toned) if b == a + 1), None)
    return word if second is None else word[:second] + word[second + 1 :]


def doubtful(name: str) -> bool:
    """Whether a word of a name is neither a syllable nor an abbreviation, or letters of it stand alone."""
    words = _LETTERS.findall(name)
    return any(_misread(w) for w in words)


def _misread(word: str) -> bool:
    if len(word) == 1:
        return word.upper() not in "YÝÂO"
    return not word.isupper() and (not is_syllable(word) or bool(_UNSPELT.match(skeleton(word))))


def as_spoken(name: str, spoken: Iterable[str]) -> str | None:
    """The like of a doubtful name among those by which the text's speakers call themselves, most often first.

    The superior body, printed above, may stand before the name that was read.
    """
    key = _squeezed(name)
    for said in spoken:
        other = _squeezed(said)
        if any(_alike(part, other) for part in {key, key[-len(other) :]}):
            return said
    return None


def _alike(read: str, said: str) -> bool:
    return read[:1] == said[:1] and SequenceMatcher(None, read, said, autojunk=False).ratio() >= _LIKE


def _squeezed(name: str) -> str:
    return regex.sub(r"\W", "", skeleton(name))
