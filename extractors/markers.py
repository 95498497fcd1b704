"""Số, ký hiệu của mục: the numbers and bullets that open an item (Decree 30/2020, Phụ lục I, II.6đ)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import regex

Kind = Literal[
    "part",
    "chapter",
    "section",
    "article",
    "capital",
    "roman",
    "number",
    "decimal",
    "letter",
    "bracket",
    "bullet",
    "plus",
]
RANK: dict[str, int] = {
    "part": 0,
    "chapter": 1,
    "section": 2,
    "article": 3,
    "capital": 4,
    "roman": 5,
    "number": 6,
    "decimal": 7,
    "letter": 20,
    "bracket": 21,
    "bullet": 22,
    "plus": 23,
}
LETTERS = "abcdđeghiklmnopqrstuvxy"


@dataclass(frozen=True, slots=True)
class Marker:
    """What opens an item: its kind, its label as printed ("2.1", "đ", "-"; empty where it cannot be read), where the
    words after it begin."""

    kind: Kind
    label: str
    end: int

    @property
    def rank(self) -> int:
        """The smaller, the higher in the outline; decimals by their depth."""
        return RANK[self.kind] + (self.label.count(".") if self.kind == "decimal" else 0)

    @property
    def value(self) -> int | None:
        """Its place in its row (1 for "1.", "a)", "I."); None for bullets."""
        if self.kind == "letter":
            return LETTERS.find(self.label) + 1 or None
        if self.kind == "roman":
            return _roman(self.label)
        last = self.label.rsplit(".", 1)[-1]
        return int(last) if last.isdigit() else None


_WORDED = regex.compile(
    r"(?P<word>phần|chương|tiểu mục|mục|điều)\s+(?:thứ\s+)?(?P<no>[ivxlc]+|\d{1,3}[a-z]?|nhất|hai|ba|tư|năm)(?!\w)"
    r"\s*(?P<sep>[.:\-]|(?=\s)|$)\s*",
    regex.I,
)
_WORD_KIND: dict[str, Kind] = {
    "phần": "part",
    "chương": "chapter",
    "mục": "section",
    "tiểu mục": "section",
    "điều": "article",
}
_ROMAN = regex.compile(
    r"(?P<no>(?:X{0,2}(?:IX|IV|V?I{1,3}|V)|X{1,2}))(?:\s*(?:[.\-)]\s*|/\s+)(?=[\p{L}\d\"']|$)|\.\s*$)"
)
_DECIMAL = regex.compile(r"(?P<no>\d{1,2}(?:\.\d{1,2}){1,4})(?:[.)]\s*(?=\D|$)|\s+(?=[\p{Lu}\"']))")
_NUMBER = regex.compile(r"(?P<no>\d{1,2}|§)\s?(?:[.)/](?!\d)|-(?=\s))\s*(?=[\p{L}\"'(\[]|\d{1,3}\s?%|\d+\s+\p{L}|$)")
_BRACKET = regex.compile(r"\((?P<no>\d{1,2}|[a-zđ]|[ivx]{1,4})\)\s*(?=[\p{L}\"'(\[\d]|$)")
_UNREAD = regex.compile(r"\(\s?[^\p{L}\d\s]?\s?\)\s(?=\p{Lu})")  # "(c)" of which a scan kept the brackets
_LETTER = regex.compile(r"(?P<no>[a-zđ])\s?(?:(?:\)\s*|/\s+)(?=[\p{L}\"'(\d]|$)|\.\s+(?=\p{Lu}))")
_CAPITAL = regex.compile(r"(?P<no>[A-HĐ])\s?[.)]\s+(?=\p{Lu})")
_PLUS = regex.compile(r"[+▪◦o](?=\s)\s+|\+(?=\p{L})")
_BULLET = regex.compile(r"(?:_\s+[-7>]|[-•●·~¬=»→❖✓§◊◆♦►▶■□]|_)\s*(?=[\p{L}\"'(\d%]|$)")
_ORDER: tuple[tuple[Kind, regex.Pattern[str]], ...] = (
    ("decimal", _DECIMAL),
    ("number", _NUMBER),
    ("bracket", _BRACKET),
    ("bracket", _UNREAD),
    ("letter", _LETTER),
    ("roman", _ROMAN),
    ("capital", _CAPITAL),
    ("plus", _PLUS),
    ("bullet", _BULLET),
)
# Most lines begin with a letter that opens none of these: which characters each can begin with.
_OPENS: dict[regex.Pattern[str], str] = {
    _DECIMAL: "0123456789",
    _NUMBER: "0123456789§",
    _BRACKET: "(",
    _UNREAD: "(",
    _LETTER: "abcdefghijklmnopqrstuvwxyzđ",
    _ROMAN: "XVI",
    _CAPITAL: "ABCDEFGHĐ",
    _PLUS: "+▪◦o",
    _BULLET: "_-•●·~¬=»→❖✓§◊◆♦►▶■□",
}
_OPENED_BY = {
    c: tuple((kind, pattern) for kind, pattern in _ORDER if c in _OPENS[pattern]) for c in "".join(_OPENS.values())
}
_UNNUMBERED = {"plus": "+", "bullet": "-"}
_SIGNS = re.compile(r"[-.)](?:(?<=\s-)|(?<=\s\d\.)|(?<=\s\d\d\.)|(?<=\))(?=\s))")  # in few paragraphs
_PLACES = re.compile(r"\s(?=\(?[\s\S]?\)\s|\d{1,2}\.|-)")  # what every one of these needs, found ten times as fast
_INLINE = regex.compile(
    r"(?<=[.;:]\s)\((?:(?P<bracket>[a-zđ])|(?P<unread>\W?))\)\s(?=\p{L})|(?<=[.;:]\s)(?P<letter>[a-zđ])\)\s(?=\p{L})|(?<=[.;]\s)(?P<number>\d{1,2})\.\s(?=\p{Lu})"
    r"|(?<=[\p{L})]\s)(?P<decimal>\d{1,2}(?:\.\d{1,2})+)\.(?=\s\p{Lu}|$)"
    r"|(?<=[\p{Lu}]\s)(?P<lone>1)\.(?=\s\p{Lu}|$)|(?<=[.;]\s)(?P<dash>-)\s?(?=\p{Lu})"
    r"|(?<=\s)(?P<dash>-)\s?(?=\p{Lu}[^:;.]{3,40}:\s)"
)


def marker_at(text: str) -> Marker | None:
    """The number or bullet that opens a line; None where it opens with words. `text` is in matchable spelling."""
    if not text:
        return None
    if text[0] in "pPcCtTmMđĐ" and (m := _WORDED.match(text)):
        kind = _WORD_KIND[" ".join(m["word"].lower().split())]
        if m["sep"] or m.end() >= len(text) or text[m.end()].isupper():
            return Marker(kind, m["no"], m.end())
    for kind, pattern in _OPENED_BY.get(text[0], _ORDER if text[0].isdecimal() else ()):
        if m := pattern.match(text):
            label = m["no"] if "no" in pattern.groupindex else _UNNUMBERED.get(kind, "")
            return Marker(kind, label, m.end())
    return None


def inline_markers(text: str) -> Iterator[int]:
    """Where further items begin inside one paragraph: only the next in a row that has begun."""
    found = list(_inline(text))
    if not found:
        return
    first = marker_at(text)
    last_letter = LETTERS.find(first.label) if first and first.kind == "letter" else -1
    last_number = first.value if first and first.kind == "number" else None
    last_bracket = -1
    for m in found:
        if m["bracket"]:
            # on a scan one letter of the row may be lost: the next but one goes on with it
            at = LETTERS.find(m["bracket"])
            if last_bracket < at <= last_bracket + 2 and (last_bracket >= 0 or at == 0):
                last_bracket = at
                yield m.start()
        elif m["unread"] is not None:
            if last_bracket >= 0:
                last_bracket += 1
                yield m.start()
        elif m["letter"]:
            at = LETTERS.find(m["letter"])
            if at == last_letter + 1 and (last_letter >= 0 or ": a)" in text[: m.end()]):
                last_letter = at
                yield m.start()
        elif m["number"]:
            if last_number is not None and int(m["number"]) == last_number + 1:
                last_number += 1
                yield m.start()
        elif m["decimal"]:
            if first and first.kind in {"number", "decimal"} and m["decimal"].startswith(first.label + "."):
                yield m.start()
        elif m["lone"]:
            if first and first.kind in {"roman", "capital", "part"} and text[first.end : m.start()].isupper():
                yield m.start()
        elif first and first.kind == "bullet":
            yield m.start()


def _inline(text: str) -> Iterator[regex.Match[str]]:
    """What looks like the number or bullet of a further item, in order, none overlapping another."""
    if not _SIGNS.search(text):
        return
    done = 0
    for space in _PLACES.finditer(text):
        if space.end() >= done and (m := _INLINE.match(text, space.end())):
            done = m.end()
            yield m


def _roman(label: str) -> int | None:
    worth = {"I": 1, "V": 5, "X": 10}
    total = 0
    for i, c in enumerate(label):
        here = worth.get(c, 0)
        total += -here if any(worth.get(later, 0) > here for later in label[i + 1 : i + 2]) else here
    return total or None
