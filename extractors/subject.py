"""Trích yếu nội dung: what a dispatch is about (Decree 30/2020/NĐ-CP, Annex I, II.5)."""

from __future__ import annotations

from dataclasses import dataclass

import regex

from extractors.letterhead import Letterhead
from extractors.lexicon import by_role
from extractors.model import Found, Issue
from extractors.text import Passage, garbled, join, skeleton

_ABOUT = regex.compile(
    r"^\W{0,4}(?:v\s?[/⁄\\.,'|]{1,2}\s?[vwy]|v[/⁄]|v[wv]|v[il1a]{1,2}v|\w/v|va(?=\s)|vi(?=:)|ve\s*viec|v\s?/v)\s*[:.–-]?\s+"
    r"|^\W{0,4}(?:v/v(?=[a-z])|ve\s+(?:viec\s+)?|veviec\s+)"
)
_ISSUED_BY = regex.compile(
    r"^\W{0,3}cua (?:bo chinh tri|ban bi thu|ban chap hanh|ban thuong vu|tinh uy|thanh uy|dang uy)\b.{0,60}$"
)
_DASHES = regex.compile(r"(?<=\d\s?)[-–—]{2,3}(?=\s?\d)")  # one dash, read as two
_SAID = regex.compile(r"^\W{0,3}(?:ve viec|v/v)\b")


@dataclass(frozen=True, slots=True)
class Subject:
    """The subject as printed, without "V/v", "Về việc", "Về" and the name of the type."""

    found: Found[str] | None = None
    issues: tuple[Issue, ...] = ()


def find_subject(head: Letterhead) -> Subject:
    """From the block under the number of a letter, or the lines under the title."""
    pieces = [p for p in head.subject if any(c.isalnum() for c in p.text)]
    if len(pieces) > 1 and _ISSUED_BY.match(pieces[0].key):
        pieces = pieces[1:]
    if pieces and pieces[0].key.lstrip().startswith("cua "):
        late = next((n for n, p in enumerate(pieces) if _SAID.match(p.key)), 0)
        pieces = pieces[late:]
    if not pieces:
        if head.type == "giấy mời" or not (head.title or head.number):
            return Subject()
        return Subject(None, (Issue("subject.missing", "no subject stands under the number or the title"),))
    words = _bare(_without_office(join([p.words for p in pieces]), head))
    if not words.text:
        return Subject()
    if garbled(words.text):
        return Subject(None, (Issue("subject.unreadable", "the subject cannot be read", words.span()),))
    rule = "subject.letter" if head.about else "subject.title"
    return Subject(Found(_DASHES.sub("-", words.text), words.span(), rule, 0.95 if head.about or head.title else 0.7))


def _bare(words: Passage) -> Passage:
    key = skeleton(words.text)
    m = _ABOUT.match(key)
    start = m.end() if m else len(key) - len(key.lstrip(" -_*:.,"))
    end = len(words.text.rstrip(" .,;:*_-–—/|"))
    if words.text[:1] == "(" and words.text[:end].endswith(")"):
        start, end = max(start, 1), end - 1
    return words.cut(start, max(start, end))


def _without_office(words: Passage, head: Letterhead) -> Passage:
    """A flattened text runs the office that decides on behind the subject: it is cut off."""
    text, key = words.text, skeleton(words.text)
    if not head.issuer:
        return words
    for name in (" ".join(p.key for p in head.issuer), head.issuer[-1].key, _lower_body(head)):
        name = name.strip(" *_-")
        at = key.rfind(name) if len(name) > 6 else -1
        if at > 20 and at + len(name) >= len(key.rstrip()) - 2 and text[at:].isupper():
            before = key[:at].rstrip()
            offices = [
                m.start()
                for e in by_role("signer", "title")
                for m in e.pattern.finditer(before)
                if m.end() == len(before)
            ]
            return words.cut(0, min(offices, default=at))
    return words


def _lower_body(head: Letterhead) -> str:
    """The lower body of a letterhead that prints two on one line."""
    key = head.issuer[-1].key
    at = [m.start() for e in by_role("bodies", "inline") for m in e.pattern.finditer(key)]
    return key[max(at) :] if at else ""
