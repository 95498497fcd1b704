"""Dấu chỉ độ khẩn, độ mật: stamps of urgency and of secrecy (Decree 30/2020/NĐ-CP, Annex I, II.10)."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache

import regex

from extractors.letterhead import Letterhead
from extractors.lexicon import Entry, by_role
from extractors.model import Document, Found, Span
from extractors.text import skeleton

_FIRST_PAGE = 60
_HEAD_LINES = 30
_LONGEST = 400
_BETWEEN_CELLS = regex.compile(r"\s*[|│┃║]\s*|\s{3,}|\t")
_EDGES = regex.compile(r"^[\W_]+|[\W_]+$")


def find_urgency(head: Letterhead, document: Document) -> Found[str] | None:
    """A stamp of urgency: a line of its own in capitals on the first page, in the letterhead also in small letters,
    with its label ("Độ khẩn: Khẩn") or glued to the number by a flat reading."""
    for piece in head.stamps:
        for entry in by_role("marks", "urgency"):
            if entry.pattern.search(piece.key):
                return Found(entry.value or "", piece.words.span(), entry.id, 0.95)
    for n, line in enumerate(document.lines[: min(_FIRST_PAGE, head.body + 10)]):
        text = document.text[line.start : line.end]
        if found := _urgent(text, above=n < head.body):
            return Found(found.value or "", Span(line.start, line.end), found.id, 0.85)
    return None


def _urgent(text: str, above: bool) -> Entry | None:
    """The stamp of urgency that a line is, or, above the body, holds."""
    if len(text) < 40 and text.upper() == text and (found := _stamped(text, "urgency")):
        return found
    if not above or len(text) > 140:
        return None
    bare = _EDGES.sub("", text)
    if bare[:1].isupper() and len(bare) < 40 and (found := _stamped(bare, "urgency")):
        return found
    if len(bare) < 60 and (found := _stamped(bare, "urgency_label")):
        return found
    return next((e for e in by_role("marks", "urgency_glued") if e.found_in(bare)), None)


def find_secrecy(source: Document | str) -> Found[str] | None:
    """A stamp of secrecy anywhere in a document; None where there is none.

    Fails closed: a line that says nothing but the mark, in capitals whatever its spacing and frame, counts on every
    page, as does one that a flat reading glued to a number, a stamp of urgency or another part of the form; in small
    letters near the letterhead or with its label ("Độ mật: Mật"). Words in running text never do. A register of
    documents with a column "Độ mật" is refused as soon as one of its rows says "Mật": it may hold their subjects.
    """
    text = source if isinstance(source, str) else source.text
    head = _offset_of_line(text, _HEAD_LINES)
    bare = skeleton(text)
    labelled = bool(_COLUMN.search(bare))
    for m in _CANDIDATE.finditer(bare):
        start, end = _line_around(text, m.start())
        for a, b in _cells(text, start, end):
            if entry := _secret(text[a:b], near_head=a < head, labelled=labelled):
                return Found(entry.value or "", Span(a, b), entry.id, 0.95)
    return None if isinstance(source, str) else _misread(source)


_CANDIDATE = regex.compile(r"m\W{0,3}[aâ]\W{0,3}t(?!\w)")
_VOWEL = regex.compile(r"m\W{0,3}(\w)\W{0,3}t(?!\w)")
_COLUMN = regex.compile(r"(?:^|[|│\t]|\s{3})[^\w\n]{0,8}(?:muc )?do mat[^\w\n]{0,8}(?:$|[|│\t]|\s{3})", regex.M)


def _misread(document: Document) -> Found[str] | None:
    """A stamp of secrecy that the recognition of a whole page read with slips: a line of its own, in capitals, beside
    the letterhead of a recognised first page, where hardly anything else is that short."""
    recognised = {word.start for word in document.words}
    if not recognised:
        return None
    for line in document.lines[:_HEAD_LINES]:
        if line.end - line.start > _LONGEST_MARK or (line.page or 1) > 1 or (line.box and line.box.top > _LOWEST):
            continue
        if recognised.isdisjoint(range(line.start, line.end)):
            continue
        if entry := _slip_of(_EDGES.sub("", document.text[line.start : line.end])):
            return Found(entry.value or "", Span(line.start, line.end), entry.id, 0.7)
    return None


def _slip_of(text: str) -> Entry | None:
    """The mark that a few capitals are a slip of: one letter in six may be wrong, none but likely ones in "MẬT"."""
    if any(c.islower() for c in text):
        return None
    if entry := next((e for e in by_role("marks", "secrecy_misread") if e.found_in(text)), None):
        return entry
    letters = _LETTERS.sub("", skeleton(text))
    for entry in by_role("marks", "secrecy"):
        mark = _LETTERS.sub("", skeleton(entry.value or ""))
        if len(mark) > _SHORT and _slips(letters, mark) <= _ONE_IN_SIX:
            return entry
    return None


_LONGEST_MARK = 24
_LOWEST = 380.0  # points: beside the letterhead, above the text
_SHORT = 3
_ONE_IN_SIX = 0.17


def _line_around(text: str, at: int) -> tuple[int, int]:
    """The line that holds an offset; a longer stretch than any stamp where the line is long."""
    first, last = max(0, at - _LONGEST), min(len(text), at + _LONGEST)
    start, end = text.rfind("\n", first, at), text.find("\n", at, last)
    return (first if start < 0 else start + 1), (last if end < 0 else end)


def _offset_of_line(text: str, n: int) -> int:
    at = 0
    for _ in range(n):
        at = text.find("\n", at) + 1
        if not at:
            return len(text)
    return at


def _cells(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The line, and the parts that bars or wide gaps divide it into."""
    if end - start >= _LONGEST:
        return []
    parts = [(start, end)]
    at = start
    for m in _BETWEEN_CELLS.finditer(text[start:end]):
        parts.append((at, start + m.start()))
        at = start + m.end()
    parts.append((at, end))
    return [p for p in parts if p[0] < p[1]]


def _secret(line: str, near_head: bool, labelled: bool) -> Entry | None:
    """The mark that a line is. Near the letterhead a badly read or small-lettered one counts too."""
    bare = _EDGES.sub("", line)
    if not 3 <= len(bare) <= 140:
        return None
    entry = _stamped(bare, "secrecy") if len(bare) <= 60 else None
    small = (near_head or labelled) and bare[0].isupper()
    if entry and _vowel_fits(bare, near_head) and (small or _mostly_upper(bare)):
        return entry
    label = _stamped(bare, "secrecy_label") if len(bare) <= 60 else None
    return label or next((e for e in by_role("marks", "secrecy_glued") if e.found_in(bare)), None)


def _vowel_fits(text: str, near_head: bool) -> bool:
    """Whether the vowel of the mark is that of "mật" ("MẮT" and "MÁT" are other words)."""
    plain = unicodedata.normalize("NFC", text).lower()
    vowel = next((m[1] for m in _VOWEL.finditer(plain)), "")
    graded = len([c for c in plain if c.isalpha()]) > 4
    return vowel in "ậâ" or ((near_head or graded) and vowel in "aạặấầẩẫ")


def _mostly_upper(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return bool(letters) and letters[0].isupper() and sum(c.isupper() for c in letters) >= 0.6 * len(letters)


def _stamped(text: str, role: str) -> Entry | None:
    key = skeleton(text)
    return next((e for e in by_role("marks", role) if e.pattern.search(key)), None)


@dataclass(frozen=True, slots=True)
class Nearest:
    """What a stamp most likely says: the mark as it is printed, the id of its rule, 1.0 where every letter fits."""

    value: str
    rule: str
    confidence: float


def nearest_mark(reading: str) -> Nearest | None:
    """The mark of secrecy or urgency that a recognised stamp says, slips of the recognition forgiven; None where it
    says something else. Only for what is known to be a stamp by its looks: in running text short words are too near.

    >>> nearest_mark("[nỏa xốc]").value
    'HỎA TỐC'
    """
    letters = _LETTERS.sub("", skeleton(reading))
    if not 2 <= len(letters) <= 24:
        return None
    if entry := _stamped(reading, "secrecy") or _stamped(reading, "urgency"):
        return Nearest((entry.value or "").upper(), entry.id, 1.0)
    marks = [e for role in ("secrecy", "urgency") for e in by_role("marks", role)]
    apart = [(_slips(letters, _LETTERS.sub("", skeleton(e.value or ""))), e) for e in marks]
    least, entry = min(apart, key=lambda pair: pair[0])
    if least > _FORGIVEN:
        covered = next((e for e in by_role("marks", "secrecy_ending") if e.found_in(reading)), None)
        return Nearest((covered.value or "").upper(), covered.id, 0.5) if covered else None
    return Nearest((entry.value or "").upper(), entry.id, round(1.0 - least, 3))


def states_no_secrecy(degree: str) -> bool:
    """Whether what stands in a field for the degree of secrecy (độ mật) says that there is none.

    >>> states_no_secrecy("Thường"), states_no_secrecy("Mật"), states_no_secrecy("?")
    (True, False, False)
    """
    return _stamped(degree, "secrecy_none") is not None


def secrecy_word() -> str:
    """The word with which every mark of secrecy ends, as it is printed.

    >>> secrecy_word()
    'MẬT'
    """
    return _secrecy_words()[-1]


def part_of_secrecy(word: str) -> bool:
    """Whether a recognised word is one of those that marks of secrecy consist of, whatever its accents."""
    return _LETTERS.sub("", skeleton(word)) in {skeleton(part) for part in _secrecy_words()}


def ends_in_secrecy(reading: str) -> bool:
    """Whether a recognised stamp ends as marks of secrecy do, its last word hardly misread."""
    return any(e.found_in(reading) for e in by_role("marks", "secrecy_ending"))


@cache
def _secrecy_words() -> tuple[str, ...]:
    """The words of all marks of secrecy in capitals, last the one with which all of them end."""
    marks = [(entry.value or "").upper().split() for entry in by_role("marks", "secrecy")]
    return (*(word for mark in marks for word in mark[:-1]), marks[0][-1])


_LETTERS = regex.compile(r"[^a-z]+")
_FORGIVEN = 0.34


def _slips(read: str, mark: str) -> float:
    """The share of a mark's letters that were read wrongly, left out or added."""
    row = list(range(len(mark) + 1))
    for i, letter in enumerate(read, 1):
        before, row = row, [i]
        for j, wanted in enumerate(mark, 1):
            row.append(min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted)))
    return row[-1] / len(mark)
