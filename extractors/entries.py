"""Danh sách nơi gửi, nơi nhận: lines of a list split into entries (Decree 30/2020/NĐ-CP, Annex I, II.9)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from extractors.pieces import Piece
from extractors.text import Passage, join

_BULLET = regex.compile(r"^\s*(?:[-+~•*–—−>·.,]+|\d{1,2}[.)](?!\d))\s*")
_DASHED = regex.compile(r"\W{0,2}[-–]\s*\p{Lu}")
_INLINE = regex.compile(r"(?<=[.;,:)]|^)\s*[-–+•~]\s+(?=\p{Lu})|\s[-–]\s*(?=Lưu\b)|(?<=^)\s*[-–+•~]\s*")
_SLIP = regex.compile(
    r"(?<=\)\.?)\s+(?!\p{Lu}\p{Ll}+)[^\s()]{1,4}(?:\s\S{1,2})?$"
)  # what a bad reading puts behind a bracket
_KEPT = regex.compile(r"(?:Lưu|Luu|LƯU)\b")
_KEPT_FIRST = regex.compile(r"\W*(?:Lưu|Luu|LƯU)\b")
_END = " ;,.:*_|"


def entries(pieces: Sequence[Piece]) -> Iterator[Passage]:
    """The entries of a list whose lines are given: wrapped lines joined, semicolons outside brackets split."""
    whole: list[Passage] = []
    for piece in pieces:
        if whole and not _opens_entry(piece, whole[-1].text):
            whole[-1] = join([whole[-1], piece.words])
        else:
            whole.append(piece.words)
    for entry in whole:
        for part in _split(entry):
            clean = _trim(part)
            if _says_something(clean.text):
                yield clean


def _opens_entry(piece: Piece, before: str) -> bool:
    ended = before.rstrip(" *_")
    if before.count("(") > before.count(")"):
        # a bracket whose end is lost, unless it lists things itself
        return bool(_DASHED.match(piece.text)) and not ended.endswith((":", ",", ";"))
    return (
        piece.starred
        or bool(_BULLET.match(piece.text))
        or (ended.endswith((";", ".", ":")) and not piece.text.startswith("("))
    )


def _split(entry: Passage) -> Iterator[Passage]:
    """At semicolons and at dashes that open an entry, never inside brackets."""
    depth, start, text = 0, 0, entry.text
    marks = {m.start(): m.end() for m in _INLINE.finditer(text)}
    kept = bool(_KEPT_FIRST.match(text))
    i = 0
    while i < len(text):
        depth = max(0, depth + (text[i] in "([") - (text[i] in ")]"))
        if depth == 0 and text[i] == ";" and not kept:
            yield entry.cut(start, i)
            start = i + 1
        elif depth == 0 and i in marks:
            yield entry.cut(start, i)
            start = marks[i]
            kept = bool(_KEPT.match(text, start))
            i = start - 1
        i += 1
    yield entry.cut(start)


def _trim(part: Passage) -> Passage:
    text = part.text
    start = 0
    if m := _BULLET.match(text):
        start = m.end()
    end = len(text)
    if m := _SLIP.search(text):
        end = m.start()
    while end > start and text[end - 1] in _END:
        end -= 1
    return part.cut(start, end)


def _says_something(text: str) -> bool:
    letters = sum(c.isalpha() for c in text)
    return letters >= 3 or (letters == 2 and text.isupper() and text.isalpha())
