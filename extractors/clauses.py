"""Câu, vế câu: the pieces of an item that may be duties of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import regex

_STOP = regex.compile(
    r"[;!?]|\.{1,3}(?=[\s\"')]|$)|…(?=\s\p{Lu})|,(?=\s(?:hướng tới (?:đạt )?mục tiêu|đặt mục tiêu)\b)"
)
_NO_STOP_BEFORE = regex.compile(
    r"(?:(?<!\w)(?:TP|Tp|T|Q|P|H|ThS|TS|GS|PGS|BS|KS|CN|đ/c|v\.v|Ng|Tr|Nxb|St|vv|\p{Lu})|\d)$"
)
_PAIRED = re.compile(r"[()\"]")
_TITLE_BEFORE = regex.compile(r"(?<!\w)(?:TP|Tp|Q|P|ThS|TS|GS|PGS|BS|đ/c)$")

_NEAR = 40  # characters in which the next word begins


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence, or a part of one up to a semicolon: `text[start:end]` without the stop after a semicolon."""

    start: int
    end: int
    stop: str


def pieces(plain: str) -> Iterator[Piece]:
    """The sentences and semicolon parts of a one-line string; stops in brackets and quotation marks do not count."""
    start, last = 0, 0
    depth = 0
    quoted = False
    for m in _STOP.finditer(plain):
        for c in _PAIRED.findall(plain, last, m.start()):
            if c == "(":
                depth += 1
            elif c == ")":
                depth = max(0, depth - 1)
            elif c == '"':
                quoted = not quoted
        last = m.start()
        if (depth or quoted) and m.end() < len(plain):
            continue
        if m[0].startswith(".") and not _ends_sentence(plain, m.start(), m.end()):
            continue
        end = m.start() if m[0] in ";," else m.end()
        if plain[start:end].strip():
            yield _trimmed(plain, start, end, m[0])
        start = m.end()
    if plain[start:].strip():
        yield _trimmed(plain, start, len(plain), "")


def _ends_sentence(plain: str, at: int, after: int) -> bool:
    following = plain[after : after + _NEAR]
    if _NO_STOP_BEFORE.search(plain[max(0, at - 6) : at]) and not following.lstrip()[:1].isupper():
        return False
    if _TITLE_BEFORE.search(plain[max(0, at - 5) : at]):
        return False
    rest = following.lstrip(" \"')")
    return not rest or not rest[0].islower()


def _trimmed(plain: str, start: int, end: int, stop: str) -> Piece:
    while start < end and plain[start] in " /":
        start += 1
    while end > start and plain[end - 1] == " ":
        end -= 1
    return Piece(start, end, stop)
