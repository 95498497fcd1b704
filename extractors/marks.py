"""Dấu chỉ độ khẩn, độ mật: stamps of urgency and of secrecy (Decree 30/2020/NĐ-CP, Annex I, II.10)."""

from __future__ import annotations

import regex

from extractors.letterhead import Letterhead
from extractors.lexicon import Entry, by_role
from extractors.model import Document, Found, Span
from extractors.text import skeleton

_FIRST_PAGE = 60
_EDGES = " \t*_|#>[](){}<>.,:;~=+-–—“”\"'•·"


def find_urgency(head: Letterhead, document: Document) -> Found[str] | None:
    """A stamp of urgency: a line of its own in capitals on the first page."""
    for piece in head.stamps:
        for entry in by_role("marks", "urgency"):
            if entry.pattern.search(piece.key):
                return Found(entry.value or "", piece.words.span(), entry.id, 0.95)
    for line in document.lines[: min(_FIRST_PAGE, head.body + 10)]:
        text = document.text[line.start : line.end]
        if len(text) < 40 and text.upper() == text and (found := _stamped(text, "urgency")):
            return Found(found.value or "", Span(line.start, line.end), found.id, 0.85)
    return None


def find_secrecy(source: Document | str) -> Found[str] | None:
    """A stamp of secrecy anywhere in a document; None where there is none.

    Fails closed: a line that says nothing but the mark, in capitals whatever its spacing and frame, counts on every
    page; in small letters only with the label ("Độ mật: Mật"). Words in running text never do.
    """
    text = source if isinstance(source, str) else source.text
    for m in _CANDIDATE.finditer(skeleton(text)):
        start, end = _line_around(text, m.start())
        for a, b in _cells(text, start, end):
            if entry := _secret(text[a:b]):
                return Found(entry.value or "", Span(a, b), entry.id, 0.95)
    return None


_CANDIDATE = regex.compile(r"m\W{0,3}[aâ]\W{0,3}t(?!\w)")


def _line_around(text: str, at: int) -> tuple[int, int]:
    start = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    return start, len(text) if end < 0 else end


def _cells(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The line, and the parts that bars or wide gaps divide it into."""
    if end - start > 400:
        return []
    parts = [(start, end)]
    at = start
    for m in regex.finditer(r"\s*\|\s*|\s{3,}|\t", text[start:end]):
        parts.append((at, start + m.start()))
        at = start + m.end()
    parts.append((at, end))
    return [p for p in parts if p[0] < p[1]]


def _secret(line: str) -> Entry | None:
    bare = line.strip(_EDGES)
    if not 3 <= len(bare) <= 60:
        return None
    entry = _stamped(bare, "secrecy")
    if entry and (bare.upper() == bare or _mostly_upper(bare)):
        return entry
    return _stamped(bare, "secrecy_label")


def _mostly_upper(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return bool(letters) and letters[0].isupper() and sum(c.isupper() for c in letters) >= 0.6 * len(letters)


def _stamped(text: str, role: str) -> Entry | None:
    key = skeleton(text)
    return next((e for e in by_role("marks", role) if e.pattern.search(key)), None)
