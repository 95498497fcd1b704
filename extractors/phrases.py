"""Cụm từ: phrases looked up by the word that stands at a place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

WORD = re.compile(r"\w+")


def by_first_word(phrases: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Phrases (lower case, one spelling) by the words that they begin with, the longest first."""
    grouped: dict[str, list[str]] = {}
    for phrase in set(phrases):
        first = WORD.match(phrase)
        grouped.setdefault(first[0] if first else phrase, []).append(phrase)
    return {word: tuple(sorted(found, key=len, reverse=True)) for word, found in grouped.items()}


def ends_at(phrases: Sequence[str], low: str, at: int) -> Iterator[int]:
    """Where those phrases end that stand at this place of a lower-case text as whole words."""
    for phrase in phrases:
        stop = at + len(phrase)
        if low.startswith(phrase, at) and not low[stop : stop + 1].isalnum():
            yield stop
