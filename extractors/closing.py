"""Thể thức phần cuối: where the body ends, and the lines of Nơi nhận and of the signature.

In print the two stand side by side. A text may hold them one after the other, in turns line by line, or all on one
line.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import regex

from extractors.document_type import title_of
from extractors.landmarks import is_noise, matches, squeeze
from extractors.lexicon import by_role
from extractors.model import Document
from extractors.persons import is_person, is_title
from extractors.pieces import Piece, cut_line
from extractors.text import Passage, matchable, skeleton

_NEAR = 16
_LONGEST_ENTRY = 80
_INDENT = 12.0
_FAR = 90
_MENTION = regex.compile(r"[oöð]\**[il1t][\s*]{0,8}n\**[hb]\**[aeăâ]\**[nu]\b")
_SIGN_LINE = regex.compile(
    r"^[ \t*_|>#~\W]{0,8}(?:(?:TM|KT|TL|TUQ|T/M|K/T|T/L|Q)\s?[./,]|(?:T/M|K/T|T/L) )\s?"
    r"(?:\p{Lu}{2}|(?:Hiệu trưởng|Giám đốc|Chủ tịch|Trưởng|Cục trưởng|Bộ trưởng|Chánh|Tổng|Ban)\b)",
    regex.M,
)
_LEADS_TITLE = regex.compile(r"(?:TM|KT|TL|TUQ|Q|T/M|K/T|T/L)\s?[./,]?$|\b(?:PHÓ|THƯỜNG TRỰC|ĐOÀN)$")
_PREFIX = regex.compile(r"\W{0,4}(?:TM|KT|TL|TUQ|T/M|K/T|T/L)\W{0,3}")
_LABEL_INSIDE = regex.compile(r"(?<=[.;/]\s{0,3})N[ơo]i nh[aậ]n\s*:")
_BULLET = regex.compile(r"^\W{0,3}[-+~•*–—>·.]\s*\S|^\W{0,2}(?:Như|Lưu)\b")
_KEPT = regex.compile(r"[-;.]\s*luu\b|^\W{0,4}luu\b")
_KEPT_MISREAD = regex.compile(r"^\W{0,4}l[uva]{1,2}[unm]?\b\W{0,6}(?=[vhtnckpbdgs])")
_SIGN_TAIL = regex.compile(r"(?<=[;.)]\W{1,4})(?:\S{1,3}\s)?\p{Lu}[\p{L}\s.,—–-]{4,}\W*$")
_LABEL_WORDS = regex.compile(r"^\W*\w+ \w+")
_LABEL = regex.compile(r"\W*\w+\s+\w+\W{0,3}?\s*:?\W{0,3}")
_SHOUTED = regex.compile(r"\p{Lu}{2,}(?:\s\p{Lu}{3,})+\W*")  # words in capitals, not abbreviations in a list


@dataclass(slots=True)
class Closing:
    """Pieces of the list of recipients and of the signature; `start` and `end` are lines (end exclusive)."""

    start: int
    end: int
    label: Piece | None = None
    recipients: list[Piece] = field(default_factory=list)
    signature: list[Piece] = field(default_factory=list)
    left: list[Piece] = field(default_factory=list)


def read_closing(document: Document, body: int, stop: int) -> Closing:
    """The closing of the dispatch whose body begins at line `body`; start == end == stop where there is none."""
    at = _label_line(document, body, stop)
    if at is None and document.words and (first := _list_start(document, body, stop)) is not None:
        return _Walker(document, _above(document, first, body), stop, listing=True).walk(first)
    if at is None:
        sign = _signature_line(document, body, stop)
        if sign is None:
            return Closing(stop, stop)
        return _Walker(document, sign, stop).walk(sign)
    start = _above(document, at, body)
    return _Walker(document, start, stop).walk(at)


def _label_line(document: Document, body: int, stop: int) -> int | None:
    """The first line that opens with "Nơi nhận" as a heading of a list."""
    if body >= stop:
        return None
    lines = document.lines
    first, last = lines[body].start, lines[stop - 1].end
    key = skeleton(document.text)[first:last]
    mentioned = {
        bisect_right(lines, first + m.start(), key=lambda line: line.start) - 1 for m in _MENTION.finditer(key)
    }
    for n in sorted(mentioned):
        for piece in cut_tail(document, n):
            if matches("recipients", piece.key) and _heads_list(document, piece, n, stop):
                return n
    return None


def _list_start(document: Document, body: int, stop: int) -> int | None:
    """The first line of a list of recipients whose label was not recognised: the bullets above "Lưu:"."""
    for n in range(stop - 1, body, -1):
        piece = next(iter(cut_tail(document, n)), None)
        if piece is None or not (_is_kept(piece) and _BULLET.match(piece.text)) or len(piece.text) > _LONGEST_ENTRY:
            continue
        first = n
        while first - 1 > body and _goes_on_above(document, first, n):
            first -= 1
        return first if first < n else None
    return None


def _goes_on_above(document: Document, n: int, kept: int) -> bool:
    """Whether the line above line n is a bullet of the list that ends with line `kept`."""
    above, last = document.lines[n - 1], document.lines[kept]
    text = document.text[above.start : above.end]
    if above.page != last.page or above.box is None or last.box is None or len(text) > _LONGEST_ENTRY:
        return False
    listed = _BULLET.match(text) or text.rstrip().endswith((";", ","))
    return abs(above.box.x0 - last.box.x0) < _INDENT and bool(listed)


def _heads_list(document: Document, piece: Piece, n: int, stop: int) -> bool:
    rest = _LABEL_WORDS.sub("", piece.key).strip()
    if not rest or rest[0] in ":;.-}*" or matches("prefix", piece.text, "signer"):
        return True
    following = document.text[document.lines[n + 1].start :][:60] if n + 1 < stop else ""
    return bool(_BULLET.match(following)) or piece.text[len(piece.text) - len(rest) :].isupper()


def _signature_line(document: Document, body: int, stop: int) -> int | None:
    """The first line of a signature without a list of recipients: an authority in capitals, or a title over a name."""
    lines = document.lines
    if body >= stop:
        return None
    first = lines[body].start
    for m in _SIGN_LINE.finditer(matchable(document.text[first : lines[stop - 1].end])):
        n = bisect_right(lines, first + m.end() - 1, key=lambda line: line.start) - 1
        if _names_soon(document, n, stop):
            return n
    return _title_line(document, body, stop)


def _title_line(document: Document, body: int, stop: int) -> int | None:
    for n in range(body + 1, stop):
        line = document.lines[n]
        if line.end - line.start > 60:
            continue
        text = document.text[line.start : line.end].strip(" *_#|\\")
        if len(text) < 40 and text.isupper() and is_title(skeleton(text)) and _names_soon(document, n, stop):
            return n
    return None


def _names_soon(document: Document, n: int, stop: int) -> bool:
    """Whether a person's name stands within the next lines (or on the same one), before any running text."""
    for k in range(n, min(n + 10, stop)):
        for piece in cut_tail(document, k):
            if is_person(piece.text):
                return True
            if k > n and len(piece.text) > 75:
                return False
    return n + 3 >= stop


def _above(document: Document, at: int, body: int) -> int:
    """The first line of a signature that a reading put above "Nơi nhận"; `at` itself where there is none."""
    start = at
    for n in range(at - 1, max(body, at - _NEAR), -1):
        line = document.lines[n]
        text = document.text[line.start : line.end].strip(" *_#|\\")
        if "./" in text or len(text) > 60 or not text or text[0].islower():
            break
        piece = next(iter(cut_tail(document, n)), None)
        if piece is None or text[-1:] in ",;:" or regex.match(r"\W*\d+[.)]", text):
            break
        if is_signature(piece):
            start = n
        elif not (is_person(piece.text) or piece.capitals or len(text) < 25 or is_noise(piece)):
            break
        elif is_person(piece.text) and start == at and document.lines[n].column == 1:
            start = n
    return start


def is_signature(piece: Piece) -> bool:
    """Whether a piece is a line of authority or a title in capitals."""
    if _opens_with_prefix(piece.text):
        return True
    return piece.capitals and is_title(piece.key.lstrip(" -_*\"'“"))


def opens_signature(text: str) -> bool:
    """Whether a line in capitals names an authority or an office, as the first of a signature does."""
    return _opens_with_prefix(text) or (text.isupper() and is_title(skeleton(text)))


def signs(text: str) -> bool:
    """Whether a text, badly read, is mostly capitals and holds a word of an authority or a title."""
    if not _in_capitals(text, 5):
        return False
    key = skeleton(text)
    found = (m for e in by_role("signer", "sign_word") for m in e.pattern.finditer(key))
    return any(_in_capitals(text[m.start() : m.end()], 2) for m in found)


def _in_capitals(text: str, least: int) -> bool:
    letters = [c for c in text if c.isalpha()]
    return len(letters) >= least and sum(c.isupper() for c in letters) >= 0.55 * len(letters)


def _is_kept(piece: Piece) -> bool:
    return is_kept_line(piece.text)


def is_kept_line(text: str) -> bool:
    """Whether a line says where the dispatch is kept ("Lưu: VT"), which ends the list of recipients."""
    key = skeleton(text)
    m = _KEPT_MISREAD.search(key)
    return bool(_KEPT.search(key)) or bool(m and text[m.end() : m.end() + 2].isupper())


def heads_annex(piece: Piece) -> bool:
    """Whether capitals, badly spaced or not, open an annexed list or table."""
    return piece.capitals and matches("annex_heading", squeeze(piece.key)) is not None


def _opens_with_prefix(text: str) -> bool:
    plain = matchable(text)
    if _PREFIX.fullmatch(plain):
        return True
    found = (m for e in by_role("signer", "prefix") if (m := e.pattern.search(plain)))
    return any(m.start() <= 4 for m in found)


def cut_tail(document: Document, n: int) -> Iterator[Piece]:
    """The pieces of one line of the closing: cut before "Nơi nhận", an authority, a title, a name after it."""
    for piece in cut_line(document, n, head=False):
        yield from _cut_piece(piece)


def _cut_piece(piece: Piece) -> Iterator[Piece]:
    text = matchable(piece.text)
    at = {0, len(text)}
    for entry in by_role("signer", "prefix"):
        at.update(m.start() for m in entry.pattern.finditer(text))
    for entry in by_role("signer", "title"):
        for m in entry.pattern.finditer(piece.key):
            if _stands_alone(text, m.start(), m.end()):
                at.add(m.start())
    for m in _LABEL_INSIDE.finditer(text):
        at.add(m.start())
    at.update(_name_after_title(text))
    if len(at) == 2:  # most lines are one piece
        yield piece
        return
    points = sorted(at)
    for k, (a, b) in enumerate(pairwise(points)):
        words = piece.words.cut(a, b)
        if words.text:
            yield _sub(piece, words, k == 0)


def _sub(piece: Piece, words: Passage, first: bool) -> Piece:
    return replace(
        piece,
        words=words,
        key=skeleton(words.text),
        gap=piece.gap and first,
        starts_line=piece.starts_line and first,
        starred=piece.starred and first,
    )


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a title in capitals begins here: capitals, not after an authority, a comma, a dash or "PHÓ"."""
    if not text[start:end].isupper():
        return False
    before = text[:start].rstrip()
    if not before:
        return True
    return before[-1] not in ",-–&(“\"'" and not _LEADS_TITLE.search(before)


_NAME_IN_LINE = regex.compile(
    r"(?<=\p{Lu}{2,}[\s,.]{1,3}(?:\(?[ĐđDd][ãa] [Kk][ýy]\)?\s)?)"
    r"\p{Lu}\p{Ll}+(?:\s\p{Lu}\p{Ll}*){1,4}(?=\W*$|\s\p{Lu}{2})"
)


def _name_after_title(text: str) -> Iterator[int]:
    """Where a name in small letters follows capitals on the same line, and where it ends ("BỘ TRƯỞNG Trần Văn A")."""
    for m in _NAME_IN_LINE.finditer(text):
        if is_person(m[0]):
            yield from m.span()


class _Walker:
    """Takes the pieces of a closing one by one and tells list and signature apart."""

    def __init__(self, document: Document, start: int, stop: int, listing: bool = False) -> None:
        self.document, self.stop = document, stop
        self.out = Closing(start, stop)
        self.listing = listing
        self.kept = self.named = False

    def walk(self, label: int) -> Closing:
        end = min(self.stop, label + _FAR)
        for n in range(self.out.start, end):
            pieces = list(cut_tail(self.document, n))
            if n > label and self._is_over(pieces):
                self.out.end = n
                return self.out
            for piece in pieces:
                self._take(piece)
        self.out.end = end
        return self.out

    def _is_over(self, pieces: Sequence[Piece]) -> bool:
        if not pieces:
            return False
        first = pieces[0]
        if matches("motto", first.key) or matches("appendix", first.key) or matches("annexed", first.key):
            return True
        done = self.kept or not self.listing
        signed = bool(self.out.signature) and not _BULLET.match(first.text)
        headed = heads_annex(first) or (first.capitals and title_of(first.key))
        if headed and (done or signed) and not is_signature(first):
            return True
        if signed and matches("structure", first.key) and len(first.text) > 25:
            return True
        if not done or any(is_signature(p) or is_person(p.text) for p in pieces) or is_noise(first):
            return False
        if _BULLET.match(first.text) and self.listing and not self.named and len(first.text) < 160:
            return False
        long = len(first.text) > 75 or (self.named and len(first.text) > 30)
        return long or (self.named and (first.capitals or first.gap or len(pieces) > 2))

    def _take(self, piece: Piece) -> None:
        out = self.out
        if matches("recipients", piece.key) and out.label is None:
            out.label, self.listing = piece, True
            rest = _LABEL.match(piece.text)
            if rest and any(c.isalnum() for c in piece.text[rest.end() :]):
                tail = piece.words.cut(
                    max(0, rest.end() - (1 if piece.text[rest.end() - 1 : rest.end()] in "-~+" else 0))
                )
                self._take(_sub(piece, tail, False))
            return
        if is_noise(piece) and not is_signature(piece):
            return
        if is_signature(piece) or piece.column == 1 or (not _BULLET.match(piece.text) and signs(piece.text)):
            out.signature.append(piece)
            self.named = self.named or is_person(piece.text)
        elif self.listing and (_is_kept(piece) or _BULLET.match(piece.text)) and not (self.named and self.kept):
            self._list(piece)
            self.kept = self.kept or _is_kept(piece)
        elif is_person(piece.text) and (self.kept or not self.listing or (out.signature and self._after_gap(piece))):
            out.signature.append(piece)
            self.named = True
        elif out.signature and not self.named and piece.text.upper() == piece.text and not self._heads_text(piece):
            out.signature.append(piece)
        elif self.listing and not self.kept and piece.column != 1 and (not self.named or self._in_list(piece)):
            out.recipients.append(piece)
        elif out.signature and not self.named:
            out.signature.append(piece)
        else:
            out.left.append(piece)

    def _in_list(self, piece: Piece) -> bool:
        """Whether a recognised line that lost its bullet stands where the others of the list do."""
        first = self.out.recipients[0].x if self.out.recipients else None
        return bool(self.document.words) and None not in (first, piece.x) and abs(piece.x - first) < _INDENT  # type: ignore[operator]

    def _heads_text(self, piece: Piece) -> bool:
        """Capitals that open an annexed text rather than go on with a title."""
        last = self.out.signature[-1]
        far = piece.line > last.line + 2 and (self.kept or len(piece.text) > 40)
        headed = matches("structure", piece.key) or title_of(piece.key)
        return far or bool(headed) or piece.line > last.line + 8

    def _list(self, piece: Piece) -> None:
        """A line of the list; capitals that a reading of two columns puts after it belong to the signature."""
        m = _SIGN_TAIL.search(piece.text)
        if m and self.out.signature and not self.named and (signs(m[0]) or _SHOUTED.fullmatch(m[0])):
            self.out.recipients.append(_sub(piece, piece.words.cut(0, m.start()), True))
            self.out.signature.append(_sub(piece, piece.words.cut(m.start()), False))
        else:
            self.out.recipients.append(piece)

    def _after_gap(self, piece: Piece) -> bool:
        """A name inside an unfinished list is a recipient; one that stands apart is the signer's."""
        last = self.out.recipients[-1].text.rstrip() if self.out.recipients else None
        return last is None or last.endswith((";", ".")) or (piece.gap and not last.endswith(","))
