"""Vietnamese text as it arrives: one spelling for matching, and strings that remember where they came from."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from extractors.model import Document, Line, Span

_OLD_TONE = ["oà", "oá", "oả", "oã", "oạ", "oè", "oé", "oẻ", "oẽ", "oẹ", "uỳ", "uý", "uỷ", "uỹ", "uỵ"]
_NEW_TONE = ["òa", "óa", "ỏa", "õa", "ọa", "òe", "óe", "ỏe", "õe", "ọe", "ùy", "úy", "ủy", "ũy", "ụy"]
_TONE = dict(zip(_OLD_TONE, _NEW_TONE, strict=True))
# "quý" and "hoàn" are spelt one way only: there the pair follows a q, or a letter follows it. Both cases are written
# out, since ignoring case costs several times as much; most lines hold no such pair.
_HAS_OLD_STYLE = re.compile(r"[àáảãạèéẻẽẹÀÁẢÃẠÈÉẺẼẸỳýỷỹỵỲÝỶỸỴ](?<=[oOuU].)(?![^\W\d_])")
_OLD_STYLE = re.compile(r"[oOuU](?:(?<=[oO])[àáảãạèéẻẽẹÀÁẢÃẠÈÉẺẼẸ]|(?<=[uU])[ỳýỷỹỵỲÝỶỸỴ])(?<![qQ]..)(?![^\W\d_])")
_SAME_WIDTH = {
    "\u00f0": "đ",
    "\u00d0": "Đ",
    "\u0256": "đ",
    "\u0189": "Đ",
    "\u01a3": "ư",
    "\u01a2": "Ư",
    "\u00a0": " ",
    "\u2007": " ",
    "\u202f": " ",
    "\u2010": "-",
    "\u2011": "-",
    "\u2012": "-",
    "\u2013": "-",
    "\u2014": "-",
    "\u2212": "-",
    "\u2018": "'",
    "\u2019": "'",
    "\u201c": '"',
    "\u201d": '"',
}
_LINE, _PARAGRAPH = 300, 10_000  # of the short many are kept in mind, of the long a few
_OTHER = re.compile(f"[{''.join(_SAME_WIDTH)}]")


def matchable(text: str) -> str:
    """The text in the one spelling that rules are written in; as long as the NFC text, so offsets stay true.

    Tone marks stand where the 2020s put them ("hoà" -> "hòa", not in "hoàn", "quý"), look-alikes of đ and ư are
    repaired, dashes, quotes and fixed spaces are plain. Case is kept.

    >>> matchable("Uỷ ban nhân dân – Hoà Bình, quý II, hoàn thành")
    'Ủy ban nhân dân - Hòa Bình, quý II, hoàn thành'
    """
    if len(text) < _LINE:
        return _matchable_line(text)
    return _matchable_paragraph(text) if len(text) < _PARAGRAPH else _matchable_text(text)


def _matchable(text: str) -> str:
    plain = _OTHER.sub(lambda found: _SAME_WIDTH[found[0]], text) if _OTHER.search(text) else text
    return _OLD_STYLE.sub(_new_style, plain) if _HAS_OLD_STYLE.search(plain) else plain


_matchable_line = lru_cache(maxsize=8192)(_matchable)  # lines are looked at by several readers in turn
_matchable_paragraph = lru_cache(maxsize=64)(_matchable)
_matchable_text = lru_cache(maxsize=4)(_matchable)


def _new_style(found: re.Match[str]) -> str:
    printed = found[0]
    new = _TONE[printed.lower()]
    return "".join(n.upper() if p.isupper() else n for n, p in zip(new, printed, strict=True))


def fold(text: str) -> str:
    """The text without accents, in lower case (đ -> d): for search, never for showing.

    >>> fold("Đôn đốc")
    'don doc'
    """
    bare = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return unicodedata.normalize("NFC", "".join(c for c in bare if not unicodedata.combining(c)))


def _bare(c: str) -> str:
    base = unicodedata.normalize("NFD", c.lower())[0]
    return base if len(base) == 1 else c


_BARE = {i: _bare(chr(i)) for i in (*range(0xC0, 0x250), *range(0x1EA0, 0x1F00)) if chr(i).isalpha()}
_SKELETON = str.maketrans(_SAME_WIDTH | _BARE | {ord(c): "d" for c in "đĐðÐɖƉ"} | {0x1A2: "u", 0x1A3: "u"})


def _without_marks(text: str) -> str:
    """The letters of a text that have nothing but marks besides a plain letter, faster than by a table."""
    return unicodedata.normalize("NFD", text.replace("đ", "d")).encode("ascii", "ignore").decode("ascii")


_MARKED = "".join(c for c in map(chr, _BARE) if _without_marks(c) == c.translate(_SKELETON))
_FAMILIAR = re.compile(f"[\\x00-\\x7f{_MARKED}]*")


def skeleton(text: str) -> str:
    """The text in lower case without accents, as long as the NFC text: landmarks that survive a bad reading.

    >>> skeleton("NƠI NHẬN: Uỷ ban – Đà Nẵng")
    'noi nhan: uy ban - da nang'
    """
    if len(text) < _LINE:
        return _skeleton_of_line(text)
    return _skeleton_of_paragraph(text) if len(text) < _PARAGRAPH else _skeleton_of_text(text)


def lowered(text: str) -> str:
    """The text in lower case, as long as it was: letters whose small form is longer stay as they are."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _skeleton(text: str) -> str:
    low = lowered(text)
    return "\n".join(map(_skeleton_of_low, low.split("\n"))) if "\n" in low else _skeleton_of_low(low)


def _skeleton_of_low(low: str) -> str:
    return _without_marks(low) if _FAMILIAR.fullmatch(low) else low.translate(_SKELETON)


_skeleton_of_line = lru_cache(maxsize=8192)(_skeleton)  # lines are looked at by several readers in turn
_skeleton_of_paragraph = lru_cache(maxsize=64)(_skeleton)
_skeleton_of_text = lru_cache(maxsize=4)(_skeleton)  # and so is the whole text of a document
_SLIPS = frozenset("~^{}$<>|\\¥€£®©§")


def garbled(text: str) -> bool:
    """Whether a reading is too bad to be taken for words: signs that no name or title holds stand among its letters."""
    slips = (i for i, c in enumerate(text) if c in _SLIPS)
    return sum(text[i - 1 : i].isalpha() or text[i + 1 : i + 2].isalpha() for i in slips) >= 2


@dataclass(frozen=True, slots=True)
class Passage:
    """A string cut out of a document, each character knowing the offset it was read at.

    What a reader would pass over (line breaks, page heads, markdown marks) is left out of `text`, so that rules see
    one sentence; `span` leads back to the document.
    """

    text: str
    offsets: Sequence[int]

    def span(self, start: int = 0, end: int | None = None) -> Span:
        """The stretch of `Document.text` that text[start:end] was read from."""
        end = len(self.text) if end is None else end
        if start >= end:
            at = self.offsets[min(start, len(self.offsets) - 1)] if self.offsets else 0
            return Span(at, at)
        return Span(self.offsets[start], self.offsets[end - 1] + 1)

    def cut(self, start: int = 0, end: int | None = None) -> Passage:
        """text[start:end] without spaces at its ends."""
        end = len(self.text) if end is None else end
        while start < end and self.text[start] == " ":
            start += 1
        while end > start and self.text[end - 1] == " ":
            end -= 1
        if start == 0 and end == len(self.text):
            return self
        return Passage(self.text[start:end], self.offsets[start:end])


def passage(document: Document, lines: Iterable[Line]) -> Passage:
    """The lines as one passage: spaces folded, markdown marks and end-of-line hyphen marks left out."""
    lines = tuple(lines)
    if len(lines) == 1 and _PLAIN.fullmatch(document.text, lines[0].start, lines[0].end):
        return Passage(document.text[lines[0].start : lines[0].end], range(lines[0].start, lines[0].end))
    chars: list[str] = []
    offsets: list[int] = []
    for line in lines:
        if chars and chars[-1] != " ":
            chars.append(" ")
            offsets.append(line.start)
        _append_clean(document.text, line.start, line.end, chars, offsets)
    whole = Passage("".join(chars), tuple(offsets))
    return whole.cut()


_PLAIN = re.compile(r"[^*\\_\s\u00ad\ufffe\u200b\ufeff]+(?: [^*\\_\s\u00ad\ufffe\u200b\ufeff]+)*")


def _append_clean(text: str, start: int, end: int, chars: list[str], offsets: list[int]) -> None:
    """Words a space apart are taken whole, what stands between them character by character."""
    at = start
    for found in _PLAIN.finditer(text, start, end):
        first, after = found.span()
        _append_marks(text, at, first, chars, offsets)
        chars.append(text[first:after])
        offsets.extend(range(first, after))
        at = after
    _append_marks(text, at, end, chars, offsets)


def _append_marks(text: str, start: int, end: int, chars: list[str], offsets: list[int]) -> None:
    for i in range(start, end):
        c = text[i]
        if c in "*\\" or c in "\u00ad\ufffe\u200b\ufeff":
            continue
        if c == "_" and not _between_words(text, i):
            continue
        if c.isspace():
            if not chars or chars[-1] == " ":
                continue
            c = " "
        chars.append(c)
        offsets.append(i)


def _between_words(text: str, i: int) -> bool:
    return 0 < i < len(text) - 1 and text[i - 1].isalnum() and text[i + 1].isalnum()


def join(pieces: Sequence[Passage]) -> Passage:
    """Passages one after the other, a space between them."""
    text = " ".join(p.text for p in pieces)
    offsets: list[int] = []
    for n, piece in enumerate(pieces):
        if n:
            offsets.append(offsets[-1] if offsets else 0)
        offsets.extend(piece.offsets)
    return Passage(text, tuple(offsets))
