"""Nơi nhận: the distribution list, each entry with the purpose that its brackets say."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from extractors.entries import entries
from extractors.lexicon import by_role
from extractors.model import Recipient
from extractors.pieces import Piece
from extractors.text import Passage, skeleton

_TAIL = regex.compile(r"\s*\(([^()]*(?:\([^()]*\)[^()]*)*)\)?\W*$")
_ADDRESS = regex.compile(r"\(?\s*(?:d\s?/?\s?[ce]|dia chi)\s*[:.]")
_LEAD = regex.compile(r"^\(([^()]*)\)\s*[-–;,.]*\s*")


def find_recipients(pieces: Sequence[Piece]) -> tuple[Recipient, ...]:
    """The entries in order; a purpose between two entries belongs to the one before it."""
    out: list[Recipient] = []
    for entry in entries(pieces):
        rest = _leading_purpose(entry, out)
        if rest.text and not _ADDRESS.match(skeleton(rest.text)):
            out.append(_recipient(rest))
    return tuple(out)


def _leading_purpose(entry: Passage, out: list[Recipient]) -> Passage:
    m = _LEAD.match(entry.text)
    if not m or not is_purpose(m[1]):
        return entry
    if out and out[-1].purpose is None:
        last = out[-1]
        out[-1] = Recipient(last.name, m[1].strip(), last.span, last.rule, last.confidence)
    return entry.cut(m.end())


def _recipient(entry: Passage) -> Recipient:
    m = _TAIL.search(entry.text)
    if m and m.start() and is_purpose(m[1]):
        return Recipient(
            entry.text[: m.start()].strip(" ,;"), m[1].strip(" ;,."), entry.span(), "recipients.entry", 0.95
        )
    return Recipient(entry.text, None, entry.span(), "recipients.entry", 0.95)


def is_purpose(text: str) -> bool:
    """Whether what stands in brackets says why a copy is sent ("để b/c"), not who or how many ("3b")."""
    key = skeleton(text).strip()
    return any(e.pattern.search(key) for e in by_role("recipients", "purpose"))
