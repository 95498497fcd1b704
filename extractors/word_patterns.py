"""Đầu từ: patterns that begin at the head of a word, tried only at the words of a clause that they can begin with.

A clause is looked at with a dozen long patterns, of which most are not in it. Which of them can begin with the first
letters of a word is asked once for each beginning, and for all of them together.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache, reduce
from itertools import accumulate, compress, count, islice
from operator import add, itemgetter, or_

import regex

from extractors import lexicon

# (file, roles or ids) of the entries; each begins at the head of a word, and with a letter or figure
AT_WORDS = (
    ("assignment_frames", "contact"),
    ("assignment_frames", "event"),
    ("assignment_frames", "effect"),
    ("assignment_frames", "told"),
    ("assignment_frames", "assigned"),
    ("assignment_frames", "task.order.assign"),
    ("assignment_frames", "task.order.demand"),
    ("assignment_frames", "task.request"),
    ("assignment_frames", "task.request.submit"),
    ("assignment_frames", "task.encourage"),
    ("clause_words", "hence"),
    ("clause_words", "calls_upon"),
    ("clause_words", "with"),
    ("directive_verbs", "noun|never"),
)
_FIRST, _HEAD = 2, 4  # letters that are looked at first, and then where a pattern may begin with those
_LONGEST_TOKEN = 60  # of what stands between two spaces and is kept in mind


@dataclass(frozen=True, slots=True)
class WordPattern:
    """A pattern that finds what `regex` would find with it; `bit` is its own in the sets of `_may_begin`."""

    pattern: regex.Pattern[str]
    bit: int

    def search(self, plain: str, start: int = 0, end: int | None = None) -> regex.Match[str] | None:
        """The first match in plain[start:end]."""
        return next(self.finditer(plain, start, end), None)

    def finditer(self, plain: str, start: int = 0, end: int | None = None) -> Iterator[regex.Match[str]]:
        """The matches in plain[start:end], none overlapping another."""
        found = _words(plain)
        if not found.bits & self.bit:
            return iter(())
        return self._matches(found, plain, start, len(plain) if end is None else end)

    def _matches(self, found: _Words, plain: str, start: int, end: int) -> Iterator[regex.Match[str]]:
        done = start
        for at, bits in islice(found.places, bisect_left(found.places, (start,)) if start else 0, None):
            if at >= end:
                return
            if bits & self.bit and at >= done and (m := self.pattern.match(plain, at, end)):
                yield m
                done = m.end()


@cache
def at_words(file: str, name: str) -> WordPattern:
    """The entries of those roles or ids as one pattern, whatever the case; `AT_WORDS` names it."""
    n = AT_WORDS.index((file, name))
    return WordPattern(_patterns()[n], 1 << n)


def expressions(file: str, name: str) -> tuple[str, ...]:
    """The expressions of the entries of those roles or ids."""
    return tuple(e.expression for n in name.split("|") for e in lexicon.load(file) if n in {e.role, e.id})


@cache
def _patterns() -> tuple[regex.Pattern[str], ...]:
    return tuple(lexicon.compiled("|".join(f"(?:{x})" for x in expressions(*name))) for name in AT_WORDS)


@lru_cache(maxsize=8192)
def _may_begin(head: str) -> int:
    """The patterns that can begin with these letters, as a set of bits."""
    asked = _may_begin(head[:-1]) if len(head) > 1 else (1 << len(AT_WORDS)) - 1
    if not asked:
        return 0
    bits = (1 << n for n, pattern in enumerate(_patterns()) if asked >> n & 1 and pattern.match(head, partial=True))
    return sum(bits)


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of a clause at which patterns may begin, with these; `bits` are those of all of them."""

    places: tuple[tuple[int, int], ...]
    bits: int


@lru_cache(maxsize=16384)
def _heads(token: str) -> tuple[tuple[int, int], ...]:
    """Where in what stands between two spaces patterns may begin: at its head, and after each sign and figure."""
    heads = (n for n in range(len(token)) if not token[n - 1 : n].isalpha() and _may_begin(token[n : n + _FIRST]))
    return tuple((n, bits) for n in heads if (bits := _may_begin(token[n : n + _HEAD])))


@lru_cache(maxsize=256)
def _words(plain: str) -> _Words:
    tokens = plain.split(" ")
    lengths = list(map(len, tokens))
    heads = list(map(_heads if max(lengths) < _LONGEST_TOKEN else _heads.__wrapped__, tokens))
    begins = map(add, accumulate(lengths, initial=0), count())
    found = zip(compress(begins, heads), filter(None, heads), strict=True)
    places = [(begin + n, bits) for begin, inside in found for n, bits in inside]
    return _Words(tuple(places), reduce(or_, map(itemgetter(1), places), 0))
