"""One string on one line: what a reader passes over is left out, and every character knows where it came from."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import regex

from extractors.text import lowered, matchable

_UNCLEAN = regex.compile(r"[\s--[ ]]\s*| \s+|[*_\\\u00ad\ufffe\u200b\ufeff]", regex.V1)
# Of what _UNCLEAN finds, these can be printed; nothing else can.
_MARKS = ("  ", "*", "_", "\\")
# A letter with the combining marks that follow it.
_CLUSTER = regex.compile(r"\P{M}?\p{M}+", regex.V1)


@dataclass(frozen=True, slots=True)
class OneLine:
    """A cleaned string; `lower` is its `matchable` spelling in lower case, of the same length.

    It is made of stretches: `places` says where in `text` each begins, `origins` where in the string in NFC, whose
    characters begin at `offsets` of the string as given (None: at their own).
    """

    text: str
    lower: str
    places: Sequence[int] = (0,)
    origins: Sequence[int] = (0,)
    offsets: Sequence[int] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The offsets of text[start:end], which holds a character at least, in the string as it was given."""
        first, behind = self._origin(start), self._origin(end - 1) + 1
        return (first, behind) if self.offsets is None else (self.offsets[first], self.offsets[behind])

    def _origin(self, at: int) -> int:
        stretch = bisect_right(self.places, at) - 1
        return self.origins[stretch] + at - self.places[stretch]


def one_line(text: str) -> OneLine:
    """The string in NFC on one line: no line breaks, doubled spaces, markdown marks or soft hyphens.

    >>> one_line("trước\\n**ngày  10/12**").text
    'trước ngày 10/12'
    """
    normal = unicodedata.is_normalized("NFC", text)
    if normal and text.isprintable() and not any(mark in text for mark in _MARKS):
        return OneLine(text, lowered(matchable(text)))
    plain, offsets = (text, None) if normal else _composed(text)
    pieces: list[str] = []
    origins: list[int] = []
    last, done = " ", 0
    for found in [*_UNCLEAN.finditer(plain), None]:
        end = found.start() if found else len(plain)
        done += last == " " and plain[done : done + 1] == " " and done < end
        if done < end:
            pieces.append(plain[done:end])
            origins.append(done)
            last = plain[end - 1]
        if found is None:
            break
        if mark := _kept_mark(plain, found, last):
            pieces.append(mark)
            origins.append(end)
            last = mark
        done = found.end()
    clean = "".join(pieces)
    return OneLine(clean, lowered(matchable(clean)), _places(pieces), origins, offsets)


def _places(pieces: Sequence[str]) -> list[int]:
    """Where each piece begins in all of them together."""
    return [0, *accumulate(map(len, pieces))][: len(pieces)]


def _kept_mark(text: str, found: regex.Match[str], last: str) -> str:
    """What stays of a break or a mark: one space between words, an underscore inside a word."""
    if found[0].isspace():
        return "" if last == " " else " "
    return "_" if found[0] == "_" and _inside_word(text, found.start()) else ""


def _composed(text: str) -> tuple[str, list[int]]:
    """The string in NFC, and where each of its characters begins in the string as given (and the end of it)."""
    pieces: list[str] = []
    offsets: list[int] = []
    done = 0
    for found in _CLUSTER.finditer(text):
        pieces.append(text[done : found.start()])
        offsets.extend(range(done, found.start()))
        cluster = unicodedata.normalize("NFC", found[0])
        pieces.append(cluster)
        offsets.extend([found.start()] * len(cluster))
        done = found.end()
    pieces.append(unicodedata.normalize("NFC", text[done:]))
    offsets.extend(range(done, len(text) + 1))
    return "".join(pieces), offsets


def _inside_word(text: str, i: int) -> bool:
    return 0 < i < len(text) - 1 and text[i - 1].isalnum() and text[i + 1].isalnum()
