"""One string on one line: what a reader passes over is left out, and every character knows where it came from."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import regex

from extractors.text import matchable

_UNCLEAN = regex.compile(r"[\s--[ ]]\s*| \s+|[*_\\\u00ad\ufffe\u200b\ufeff]", regex.V1)
# A letter with the combining marks that follow it.
_CLUSTER = regex.compile(r"\P{M}?\p{M}+", regex.V1)


@dataclass(frozen=True, slots=True)
class OneLine:
    """A cleaned string; `lower` is its `matchable` spelling in lower case, of the same length."""

    text: str
    lower: str
    starts: tuple[int, ...] | None = None
    ends: tuple[int, ...] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The offsets of text[start:end], which holds a character at least, in the string as it was given."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]


def one_line(text: str) -> OneLine:
    """The string in NFC on one line: no line breaks, doubled spaces, markdown marks or soft hyphens.

    >>> one_line("trước\\n**ngày  10/12**").text
    'trước ngày 10/12'
    """
    if unicodedata.is_normalized("NFC", text) and not _UNCLEAN.search(text):
        return OneLine(text, _lower(matchable(text)))
    plain, offsets = _composed(text)
    pieces: list[str] = []
    kept: list[int] = []  # indices of `plain`
    last, done = " ", 0
    for found in [*_UNCLEAN.finditer(plain), None]:
        end = found.start() if found else len(plain)
        done += last == " " and plain[done : done + 1] == " " and done < end
        pieces.append(plain[done:end])
        kept.extend(range(done, end))
        last = plain[end - 1] if done < end else last
        if found is None:
            break
        mark = _kept_mark(plain, found, last)
        if mark:
            pieces.append(mark)
            kept.append(end)
            last = mark
        done = found.end()
    clean = "".join(pieces)
    starts, ends = tuple(offsets[k] for k in kept), tuple(offsets[k + 1] for k in kept)
    return OneLine(clean, _lower(matchable(clean)), starts, ends)


def _kept_mark(text: str, found: regex.Match[str], last: str) -> str:
    """What stays of a break or a mark: one space between words, an underscore inside a word."""
    if found[0].isspace():
        return "" if last == " " else " "
    return "_" if found[0] == "_" and _inside_word(text, found.start()) else ""


def _composed(text: str) -> tuple[str, list[int]]:
    """The string in NFC, and where each of its characters begins in the string as given (and the end of it)."""
    if unicodedata.is_normalized("NFC", text):
        return text, list(range(len(text) + 1))
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


def _lower(text: str) -> str:
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
