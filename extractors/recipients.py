"""Nơi nhận: the distribution list, each entry with the purpose that its brackets say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import regex

from extractors.closing import signs
from extractors.entries import entries
from extractors.lexicon import by_role
from extractors.model import Recipient
from extractors.pieces import Piece
from extractors.text import Passage, skeleton

_BULLET = regex.compile(r"\W{0,2}[-+~•*–—]")
_TAIL = regex.compile(r"\s*(?:\(([^()]*(?:\([^()]*\)[^()]*)*)\)?|[“\"]([^“”\"]+)[”\"])\W*$")
_CUT_PURPOSE = regex.compile(r"\s*\((?:để|đề)?[^\w)]*$")
_ADDRESS = regex.compile(r"\(?\s*(?:d\s?/?\s?[ce]|dia chi)\s*[:.]")
_WORD = regex.compile(r"[\p{L}\d/&]+")
_LEAD = regex.compile(r"^\(([^()]*)\)\s*[-–;,.]*\s*")


def find_recipients(pieces: Sequence[Piece], scanned: bool = False) -> tuple[Recipient, ...]:
    """The entries in order; a purpose between two entries belongs to the one before it. On a scan bullets get lost."""
    out: list[Recipient] = []
    for entry in entries(_with_bullets(pieces) if scanned else pieces):
        rest = _without_slips(_leading_purpose(entry, out))
        if rest.text and not _ADDRESS.match(skeleton(rest.text)) and not _is_rubbish(rest.text):
            out.append(_recipient(rest))
    return tuple(out)


def _with_bullets(pieces: Sequence[Piece]) -> list[Piece]:
    """The lines of a list; where its entries end with commas, each that opens with a capital after one is an entry."""
    bulleted = [p.text.rstrip() for p in pieces if _BULLET.match(p.text)]
    if 2 * sum(text.endswith(",") for text in bulleted) <= len(bulleted):
        return list(pieces)
    out = list(pieces[:1])
    for before, piece in pairwise(pieces):
        opens = before.text.rstrip().endswith(",") and piece.text[:1].isupper()
        out.append(replace(piece, starred=True) if opens else piece)
    return out


def _without_slips(entry: Passage) -> Passage:
    """ "Như trên" without what a bad reading puts behind its comma: stray marks, words of the signature."""
    m = next((m for e in by_role("recipients", "as_above") if (m := e.pattern.match(skeleton(entry.text)))), None)
    rest = entry.text[m.end() :] if m else ""
    if m and rest[:1] in (",", ".") and (rest.isupper() or not any(c.isalpha() for c in rest)):
        return entry.cut(0, m.end())
    return entry


def _is_rubbish(text: str) -> bool:
    """Whether an entry cannot be a name: words of the signature, or letters that make no words."""
    if signs(text) or any(e.pattern.match(skeleton(text)) for e in by_role("recipients", "signed")):
        return True
    words = _WORD.findall(text)
    if not words or (len(words[0]) == 1 and words[0].islower() and words[0] not in "ôbđ"):
        return True
    if sum(len(w) == 1 for w in words) > 3:  # letters that stand apart all along are words, badly set
        return False
    sound = sum(_is_word(w) for w in words)
    return 2 * sound < len(words) or (len(words) < 3 and sound < len(words)) or (len(words) == 1 and words[0].islower())


def _is_word(word: str) -> bool:
    """A number, an abbreviation in capitals or a word in small letters, capital first, of two letters at least."""
    if any(c.isdigit() for c in word) or (len(word) > 1 and word.isupper()):
        return True
    return len(word) > 3 or (len(word) > 1 and (word[1:].islower() or word[:2].isupper()))


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
    said = (m[1] or m[2] or "") if m else ""
    if m and m.start() and is_purpose(said):
        return Recipient(
            entry.text[: m.start()].strip(" ,;:"), said.strip(" ;,."), entry.span(), "recipients.entry", 0.95
        )
    name = _CUT_PURPOSE.sub("", entry.text)
    return Recipient(name, None, entry.span(), "recipients.entry", 0.95)


def is_purpose(text: str) -> bool:
    """Whether what stands in brackets says why a copy is sent ("để b/c"), not who or how many ("3b")."""
    key = skeleton(text).strip()
    return any(e.pattern.search(key) for e in by_role("recipients", "purpose"))
