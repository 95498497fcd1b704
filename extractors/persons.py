"""Họ và tên, chức vụ: whether words are the full name of a person, or begin with a title."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from extractors.lexicon import by_role
from extractors.text import matchable, skeleton


def is_title(key: str) -> bool:
    """Whether a text without accents begins with the title of an office."""
    return any(e.pattern.match(key) for e in by_role("signer", "title"))


def is_person(text: str) -> bool:
    """Whether a piece is the full name of a person and nothing else."""
    return person(text) is not None


_PERSON = regex.compile(
    r"[^\p{L}]*(?P<name>\p{Lu}[\p{Ll}'’]*(?:[\s.]+\p{Lu}[\p{Ll}'’]*){1,5}|\p{Lu}{2,8}(?:\s\p{Lu}{1,8}){1,4})[^\p{L}\d]*$"
)


def person(text: str) -> tuple[int, int] | None:
    """Where a full name stands in a piece that holds only one (degrees, ranks and stray marks aside)."""
    start = 0
    key = skeleton(text)
    for entry in by_role("signer", "degree"):
        if m := entry.pattern.match(key):
            start = m.end()
    m = _PERSON.match(matchable(text), start)
    if not m:
        return None
    words = m["name"].split()
    if not _is_family(words[0]) or (m["name"].isupper() and not _is_name_in_capitals(words)):
        return None
    if max(len(w) for w in words) > 8 or not any(len(w) > 1 for w in words[1:]):
        return None
    return m.start("name"), m.end("name")


def _is_name_in_capitals(words: Sequence[str]) -> bool:
    """Against the rule some offices print names in capitals; a middle word tells them from titles and headings."""
    key = skeleton(" ".join(words))
    middle = {form for entry in by_role("signer", "middle_name") for form in entry.forms}
    return (
        len(words) >= 3
        and not is_title(key)
        and not any(e.pattern.match(key) for e in by_role("signer", "title_opening"))
        and any(matchable(w).lower() in middle for w in words[1:-1])
    )


def _is_family(word: str) -> bool:
    key = skeleton(word).strip(".")
    return any(key in e.forms for e in by_role("signer", "family"))
