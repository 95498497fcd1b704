"""Dấu hiệu nhận biết: what a piece of a dispatch looks like, by the landmarks of the lexicon."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

import regex

from extractors.lexicon import by_role
from extractors.pieces import Piece, is_running
from extractors.text import matchable, skeleton

_GOES_ON = regex.compile(r"(?:[,\-(“\"/&]|\b(?:va|cua|cho|ve|tai|voi|cac|nhung|trong|theo|so|thuoc|nam|den|tu|la|de))$")
_REST_OF_NUMBER = regex.compile(r"\d+(?:/\d{4})?/\p{Lu}")
_BETWEEN_WORDS = regex.compile(r"\W+")
_NOT_IN_NAME = regex.compile(r"[.:;\d]")
_MOTTO = "cong hoa xa hoi chu nghia viet nam"


def matches(role: str, key: str, lexicon: str = "landmarks") -> str | None:
    """The id of the first entry of a role found in a key."""
    for entry in by_role(lexicon, role):
        if entry.pattern.search(key):
            return entry.id
    return None


def like_motto(key: str, least: float = 0.8) -> bool:
    """Quốc hiệu: whether a line of a bad reading says the national motto's first line, but for some letters.

    >>> like_motto("cong hda xa hoi yhu nghia viet nam"), like_motto("cong hoa")
    (True, False)
    """
    if not 20 < len(key) < 60:
        return False
    likeness = SequenceMatcher(None, _MOTTO, key, autojunk=False)
    return likeness.quick_ratio() >= least and likeness.ratio() >= least


def is_noise(piece: Piece) -> bool:
    """Whether a piece is a running head, page number, signature block or stamp of arrival."""
    return is_running(piece.key) or matches("stamp", piece.key, "noise") is not None


def opens(p: Piece) -> bool:
    """Whether a piece begins as the first sentence of a dispatch does."""
    plain = matchable(p.text.lstrip(" -+~"))
    return bool(
        matches("opening", p.key) or any(e.pattern.search(plain) for e in by_role("landmarks", "opening_accented"))
    )


def continues(taken: Sequence[Piece]) -> bool:
    """Whether the last piece plainly goes on in the next."""
    if not taken:
        return False
    last = taken[-1].key.rstrip(" *_")
    if last.endswith('"') and last.count('"') % 2 == 0:
        return False  # the quotation is closed
    return _GOES_ON.search(last) is not None


def wraps(q: Piece) -> bool:
    """A short line that goes on with the one before an empty line: no paragraph begins in small letters."""
    return len(q.text) < 60 and (q.text[0].islower() or _REST_OF_NUMBER.match(q.text) is not None)


def squeeze(key: str) -> str:
    return _BETWEEN_WORDS.sub("", key)


def opens_with_body(text: str) -> bool:
    """Whether a text opens with the name of a body or of a group of bodies ("Các sở", "Ủy ban nhân dân")."""
    key = skeleton(text)
    if key.startswith("cac "):
        return True
    return any(e.pattern.match(key) for e in by_role("bodies", "head"))


def is_office(key: str) -> bool:
    return matches("office", key, "bodies") is not None


def is_office_line(q: Piece) -> bool:
    return q.capitals and is_office(q.key)


def looks_like_body(p: Piece) -> bool:
    """A name of a body in small letters, as some offices print it at the head."""
    return len(p.text) < 60 and is_office(p.key) and _NOT_IN_NAME.search(p.text) is None
