"""Thể loại: whether a paper is itself a dispatch, by the parts of the prescribed form that it has.

A paper without a letterhead passes if address, list of recipients, signature or end mark say enough; forms, contracts,
news about dispatches, comments, questions and answers, speeches, lists and bare tables do not.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

import regex

from extractors.addressees import find_addressees
from extractors.lexicon import by_role
from extractors.model import Document, Refusal, Span
from extractors.number import Number
from extractors.sections import Layout
from extractors.text import matchable, skeleton

_ENOUGH = 3.0
_SAMPLE = 400
_GENRES = ("contract", "question", "speech", "form", "news", "commentary", "index", "table")
_MOTTO = "cong hoa xa hoi chu nghia viet nam"
_DATE_LIKE = regex.compile(r"nga.{0,14}?t\w{0,4}g.{0,12}?n\w{1,3}m? ?\d{3,4}")
_END_MARK = regex.compile(r"\./\.?[^\w\n]{0,12}\w{0,4}\s*$", regex.M)
_SPEAKS = regex.compile(
    r"\b(?:co y kien nhu sau|co y kien chi dao nhu sau|tra loi nhu sau|huong dan nhu sau"
    r"|thong bao (?:nhu sau|de [^.]{3,90} biet)"
    r"|de nghi (?:cac|qu[yi]|uy ban|so|bo|cuc)\b|(?:de|duoc) (?:[^.]{3,60} )?biet (?:va|,) thuc hien)"
)
_BASES = regex.compile(
    r"^\W{0,4}can cu (?:luat|bo luat|nghi dinh|nghi quyet|quyet dinh|thong tu|phap lenh|hien phap)", regex.M
)


def refuse(document: Document, layout: Layout, number: Number, named: bool) -> Refusal | None:
    """Why the document is not taken in; None for a dispatch. `named` says that a signer's name was found."""
    against = dict(_against(document, layout, number))
    for genre in ("form", "contract"):
        if against.get(genre, (0.0, None))[0] >= 3:
            return _refusal(genre, against[genre][1], document)
    if not number.symbol and (rule := _application(document)):
        return _refusal("form", rule, document)
    weight = evidence(document, layout, number, named)
    strongest = max(against, key=lambda g: against[g][0], default=None)
    if weight >= _ENOUGH + (1 if strongest and against[strongest][0] >= 2 else 0):
        return None
    if strongest:
        return _refusal(strongest, against[strongest][1], document)
    return Refusal("not_dispatch.unrecognised", "genre.too_little_form", None)


def evidence(document: Document, layout: Layout, number: Number, named: bool) -> float:
    """How much of the prescribed form is there: 3 is enough."""
    head, closing = layout.head, layout.closing
    key = skeleton(document.text)
    points = {
        "number": 2.0 if number.number or (number.symbol and head.motto) else 1.0 if number.symbol else 0.0,
        "motto": 1.0 if head.motto or head.party else _garbled_form(document),
        "date": 1.5 if head.date and regex.search(r"\d|nam\W*$", head.date.key) else 0.0,
        "title": 1.0 if head.title else 0.0,
        "about": 1.0 if head.about else 0.0,
        "addressees": _address(layout),
        "recipients": 2.0 if len(closing.recipients) > 1 or any("luu" in p.key for p in closing.recipients) else 0.0,
        "signature": 1.0 if closing.signature else 0.0,
        "name": 0.5 if named and closing.signature else 0.0,
        "end": 1.0 if _END_MARK.search(key, max(0, len(key) - 40000)) else 0.0,
        "speaks": 1.0 if _SPEAKS.search(key[:60000].replace("\n", " ")) else 0.0,
        "bases": 1.0 if _BASES.search(key, 0, 20000) else 0.0,
    }
    return sum(points.values())


def _address(layout: Layout) -> float:
    """An address to bodies or offices; none where it is left to be filled in, or names friends and customers."""
    found, _ = find_addressees(layout.head)
    if not found:
        return 0.0
    keys = [skeleton(f.value) for f in found]
    private = any(e.pattern.search(keys[0]) for e in by_role("genre", "private"))
    return 0.5 if private else 2.0


def _application(document: Document) -> str | None:
    """The rule that finds the title of a paper which citizens or firms hand in."""
    for line in document.lines[:15]:
        text = matchable(document.text[line.start : line.end]).strip(" *_#")
        for entry in by_role("genre", "application"):
            if len(text) < 80 and entry.pattern.search(text):
                return entry.id
    return None


def _garbled_form(document: Document) -> float:
    """A letterhead that a bad reading left hardly legible: its motto within a few letters, and its date line."""
    lines = [skeleton(document.text[line.start : line.end]) for line in document.lines[:14]]
    motto = any(20 < len(line) < 60 and _like_motto(line) for line in lines)
    dated = any(len(line) < 90 and _DATE_LIKE.search(line) for line in lines)
    return 3.0 if motto and dated else 0.0


def _like_motto(line: str) -> bool:
    likeness = SequenceMatcher(None, _MOTTO, line, autojunk=False)
    return likeness.quick_ratio() >= 0.6 and likeness.ratio() >= 0.6


def _against(document: Document, layout: Layout, number: Number) -> Iterator[tuple[str, tuple[float, str]]]:
    """Each genre that has signs for it, how strong they are, and the rule that found the most."""
    lines = [skeleton(document.text[line.start : line.end]) for line in document.lines[:_SAMPLE]]
    head = lines[:25]
    for genre in _GENRES:
        best = ""
        hits = 0
        for entry in by_role("genre", genre):
            n = sum(bool(entry.pattern.search(line)) for line in (head if genre == "form" else lines))
            hits, best = hits + n, entry.id if n else best
        if hits:
            yield genre, (_strength(genre, hits, lines, layout, number), best)


def _strength(genre: str, hits: int, lines: list[str], layout: Layout, number: Number) -> float:
    share = hits / max(1, len(lines))
    if genre == "contract":
        titled = any(e.pattern.search(line) for e in by_role("genre", "contract_title") for line in lines[:12])
        return hits + 2 if titled and hits >= 2 and not layout.head.title else min(hits / 4, 2)
    if genre == "form":
        dots = sum(bool(e.pattern.search(line)) for e in by_role("genre", "dots") for line in lines)
        blank = not (number.symbol or (layout.head.number and regex.search(r"\d", layout.head.number.text)))
        return 3 + hits if blank and hits >= 2 and dots / max(1, len(lines)) > 0.2 else min(hits / 3, 1)
    if genre in ("index", "table"):
        return 3 * share if not layout.head.number else share
    return float(min(hits, 3)) if len(lines) < 120 or hits >= 3 else hits / 2


def _refusal(genre: str, rule: str | None, document: Document) -> Refusal:
    span = None
    if document.lines:
        span = Span(document.lines[0].start, document.lines[0].end)
    return Refusal(f"not_dispatch.{genre}", rule or f"genre.{genre}", span)
