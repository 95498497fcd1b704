"""Cụm từ: sets of phrases, looked up by the word that stands at a place."""

from __future__ import annotations

import re
from collections.abc import Iterable

WORD = re.compile(r"\w+")


class Phrases:
    """A set of phrases (lower case, one spelling); finds those that stand at a place, as whole words."""

    def __init__(self, forms: Iterable[str]) -> None:
        grouped: dict[str, list[str]] = {}
        for form in set(forms):
            first = WORD.match(form)
            grouped.setdefault(first[0] if first else form, []).append(form)
        self._by_first = {word: tuple(sorted(found, key=len, reverse=True)) for word, found in grouped.items()}

    def ends(self, low: str, at: int, word: str) -> list[int]:
        """Where the phrases that begin at `at` with this word end, longest first. `low` is lower-case text."""
        found = []
        for form in self._by_first.get(word, ()):
            stop = at + len(form)
            if low.startswith(form, at) and not low[stop : stop + 1].isalnum():
                found.append(stop)
        return found

    def end(self, low: str, at: int, word: str) -> int:
        """Where the longest phrase that begins at `at` with this word ends; -1 where none does."""
        for form in self._by_first.get(word, ()):
            stop = at + len(form)
            if low.startswith(form, at) and not low[stop : stop + 1].isalnum():
                return stop
        return -1

    @property
    def first_words(self) -> frozenset[str]:
        """The words that a phrase can begin with."""
        return frozenset(self._by_first)
