"""What is printed beside the number of a cited document: its day, issuer, subject, and the item that is spoken of.

Decree 30/2020/NĐ-CP, Annex I, II.6: the first citation gives type, number, day, issuer and subject.
"""

from __future__ import annotations

import datetime as dt

import regex

from extractors.agencies import read_bodies
from extractors.citing import Citing
from extractors.lexicon import by_role

_LONGEST_SUBJECT = 300
_POINT = regex.compile(
    r"(?P<kind>\p{L}+(?: đầu dòng)?)\s(?:thứ\s|số\s)?(?P<mark>[ivx]{1,4}|\d+(?:\.\d+)*|[a-zđ])(?!\w)", regex.I
)
_OUTERMOST_FIRST = ("phần", "điều", "mục", "nội dung", "nhiệm vụ", "khoản", "điểm", "tiết")


def issued_on(citing: Citing) -> tuple[str | None, int]:
    """The day of the cited document (ISO), and how much of the words after the number states it."""
    for entry in by_role("relations", "issued"):
        if m := entry.pattern.search(citing.after):
            return _iso(m), m.end()
    for entry in by_role("relations", "issued_before"):
        if m := entry.pattern.search(citing.before):
            return _iso(m), 0
    return None, 0


def issuer(citing: Citing, start: int) -> tuple[str | None, int]:
    """The issuer as printed: after the day ("của Sở …"), else before the paper's name ("Sở … có Công văn số")."""
    for entry in by_role("relations", "issuer"):
        if (m := entry.pattern.search(citing.after[start:])) and (body := _body(citing.after, start + m.end())):
            return body
    for role in ("issuer_before", "issued_before"):
        for entry in by_role("relations", role):
            if (m := entry.pattern.search(citing.before)) and (body := _body(m["body"], 0)):
                return body[0], start
    return None, start


def subject(citing: Citing, start: int) -> str | None:
    """The subject after number, day and issuer; it may run on into words that are no part of it."""
    for entry in by_role("relations", "about"):
        if m := entry.pattern.search(citing.after[start:]):
            return m["subject"][:_LONGEST_SUBJECT].strip(" ,.)\"'") or None
    return None


def points(citing: Citing) -> tuple[str, ...]:
    """The item of the cited document that is spoken of, outermost first."""
    for entry in by_role("relations", "points"):
        if m := entry.pattern.search(citing.before):
            found = [(p["kind"].lower(), p["mark"]) for p in _POINT.finditer(m["points"])]
            known = [pair for pair in found if pair[0] in _OUTERMOST_FIRST]
            return tuple(mark for _, mark in sorted(known, key=lambda pair: _OUTERMOST_FIRST.index(pair[0])))
    return ()


def _body(text: str, start: int) -> tuple[str, int] | None:
    """The one body that is named from `start` on, and where its name ends."""
    found = read_bodies(text, start)
    return (found[0].text, found[0].end) if found else None


def _iso(m: regex.Match[str]) -> str | None:
    try:
        return dt.date(int(m["y"]), int(m["m"]), int(m["d"])).isoformat()
    except ValueError:
        return None
