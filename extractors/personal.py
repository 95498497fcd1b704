"""Dữ liệu cá nhân: whether words name a natural person, or say how to reach one. In doubt they do."""

from __future__ import annotations

from functools import cache

import regex

from extractors.agencies import read_bodies
from extractors.lexicon import by_role
from extractors.patterns import one_pattern
from extractors.persons import is_person
from extractors.text import matchable, skeleton

_NAME = regex.compile(r"(?<![\p{L}\d])\p{Lu}\p{Ll}{0,6}(?:[ ]\p{Lu}\p{Ll}{0,6}){2,4}(?![\p{L}\d])")
_BEFORE = 24  # characters before a name that may say that it is a place's


def tells_of_a_person(text: str) -> bool:
    """Whether a text holds a form of address with a name, the full name of a person (three words or more that begin
    with a family name and are no place's), a telephone number, a mail address or the number of an identity paper.

    >>> [tells_of_a_person(t) for t in ("Giao ông Lê Thử báo cáo", "trên đường Lê Văn Thử", "gửi Sở")]
    [True, False, False]
    """
    plain = one_pattern("personal", "none").sub(_blank, matchable(text))
    if any(entry.pattern.search(plain) for entry in by_role("personal", "sign")):
        return True
    before = one_pattern("personal", "place_before")
    for found in _NAME.finditer(plain):
        if _is_family(found[0].split()[0]) and not before.search(
            plain[max(0, found.start() - _BEFORE) : found.start()]
        ):
            return True
    return False


def is_of_a_person(name: str) -> bool:
    """Whether what stands in the place of a body is a person: a full name, or one with a form of address."""
    return tells_of_a_person(name) or (is_person(name) and not read_bodies(matchable(name)))


def _blank(found: regex.Match[str]) -> str:
    return " " * len(found[0])


@cache
def _families() -> frozenset[str]:
    return frozenset(form for entry in by_role("signer", "family") for form in entry.forms)


def _is_family(word: str) -> bool:
    return skeleton(word) in _families()
