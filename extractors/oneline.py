"""One string on one line: what a reader passes over is left out, and every character knows where it came from."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import regex

from extractors.text import matchable

_UNCLEAN = regex.compile(r"[\s--[ ]]|  |[*_\\\u00ad\ufffe\u200b\ufeff]", regex.V1)
# A letter with the combining marks that follow it.
_CLUSTER = regex.compile(r"\P{M}\p{M}*|\p{M}+", regex.V1)
_MARKS = set("*\\\u00ad\ufffe\u200b\ufeff")


@dataclass(frozen=True, slots=True)
class OneLine:
    """A cleaned string; `lower` is its `matchable` spelling in lower case, of the same length."""

    text: str
    lower: str
    offsets: tuple[int, ...] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The offsets in the string as it was given of text[start:end]."""
        if self.offsets is None:
            return start, end
        return self.offsets[start], self.offsets[end]


def one_line(text: str) -> OneLine:
    """The string in NFC on one line: no line breaks, doubled spaces, markdown marks or soft hyphens.

    >>> one_line("trước\\n**ngày  10/12**").text
    'trước ngày 10/12'
    """
    if unicodedata.is_normalized("NFC", text) and not _UNCLEAN.search(text):
        return OneLine(text, _lower(matchable(text)))
    chars: list[str] = []
    offsets: list[int] = []
    for found in _CLUSTER.finditer(text):
        cluster = unicodedata.normalize("NFC", found[0])
        if cluster in _MARKS or (cluster == "_" and not _inside_word(text, found.start())):
            continue
        if cluster.isspace():
            if not chars or chars[-1] == " ":
                continue
            cluster = " "
        chars.extend(cluster)
        offsets.extend([found.start()] * len(cluster))
    # an end offset is that of the next character kept, less the marks and spaces in between
    ends = [*offsets, len(text)]
    clean = "".join(chars)
    return OneLine(clean, _lower(matchable(clean)), tuple(ends))


def _inside_word(text: str, i: int) -> bool:
    return 0 < i < len(text) - 1 and text[i - 1].isalnum() and text[i + 1].isalnum()


def _lower(text: str) -> str:
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
