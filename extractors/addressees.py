"""Kính gửi: the entries of the address of a letter (Decree 30/2020/NĐ-CP, Annex I, II.9)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import regex

from extractors.entries import entries
from extractors.landmarks import continues, opens_with_body
from extractors.letterhead import Letterhead
from extractors.model import Found, Issue
from extractors.naming import is_syllable
from extractors.pieces import Piece
from extractors.text import Passage, skeleton

TELEGRAM_RULE = "addressees.telegram"  # the list after "<issuer> điện:" of a công điện, which has no Kính gửi

_LABEL = regex.compile(
    r"^\W{0,4}k[il1]nh\s*(?:thua\s+)?(?:g[uo][il1t]|g[uo](?=:)|trinh)\W{0,12}?(?:cac dong chi\s*:)?(?=[-+~•\w(“\"]|$)"
)
_TELEGRAM = regex.compile(r"^.*?\bdi[ei]n\s*:\s*")
_ADDRESS = regex.compile(
    r"\W*(?:\(?\s*dia ch[il1i]\b|\(?d\s?[/.]?\s?ch?[il1]?\s*[:.]|m(?:a so thue|\.?s\.?t)\b|\(?dien thoai|tel\b|mst\b"
    r"|\(?di[ae]\s*:)"
)
_NUMBER = regex.compile(
    r"[\s(,;]*(?:\(?m(?:\w{1,2} s\w{1,2} th\w{1,2}|st)\s*:?\s*)?(?<!\d)\d{9,14}\W*$|^m\.?s\.?t\W.*$"
)
_OPENS_LIST = regex.compile(r"\W{0,2}[-–~•]\s+\p{Lu}")
_DASH = regex.compile(r"(?<=\S )[-–] (?=\p{Lu}\p{Ll})")
_STREET = regex.compile(r"\((?:so \d|\d+[a-z]?[ ,/]|lo |tang |khu |duong )")
_ADDRESS_AFTER = regex.compile(
    r"[\s(,;-]+(?:dia chi|d/?\s?c(?:hi)?|ma so thue|mst)\s*[:.].*$|\s*\((?:dia chi|d/c|\d|so \d).*$"
)
_SIGNS = regex.compile(r"[|`@<>{}^~¢©®¥]")  # what no address holds


def find_addressees(head: Letterhead) -> tuple[tuple[Found[str], ...], tuple[Issue, ...]]:
    """The entries, without bullets, end punctuation and postal addresses."""
    if not head.addressees:
        return _unlabelled(head), ()
    pieces = _told_apart(list(_contents(head))) if head.scanned else list(_contents(head))
    rule = TELEGRAM_RULE if head.telegram else "addressees.label"
    found = tuple(Found(e.text, e.span(), rule, 0.95) for e in (_without_address(e) for e in entries(pieces)) if e.text)
    if not found:
        return (), (Issue("addressees.missing", "no addressee follows the label", head.addressees[0].words.span()),)
    return found, ()


def _unlabelled(head: Letterhead) -> tuple[Found[str], ...]:
    """The bullets between the letterhead and the text of a letter on paper whose "Kính gửi" was not recognised: all of
    them bodies, or none is taken."""
    first = next((n for n, p in enumerate(head.left) if _OPENS_LIST.match(p.text)), None)
    if not (head.scanned and head.about) or head.title or first is None:
        return ()
    said = [_from_letter(_without_address(e)) for e in entries(_told_apart(head.left[first:]))]
    ended = head.left[-1].text.rstrip().endswith((".", ";"))
    if not said or not ended or not all(opens_with_body(e.text) for e in said):
        return ()
    return tuple(Found(e.text, e.span(), "addressees.unlabelled", 0.7) for e in said)


def _from_letter(entry: Passage) -> Passage:
    """The entry without stray marks before its first letter."""
    return entry.cut(next((n for n, c in enumerate(entry.text) if c.isalpha()), 0))


def _told_apart(pieces: Sequence[Piece]) -> list[Piece]:
    """The lines of a list on a scan, whose bullets may be lost: a body named at the head of a line opens an entry."""
    out = list(pieces[:1])
    for before, piece in pairwise(pieces):
        whole = before.text.rstrip()[-1:].isalnum() or before.text.rstrip().endswith(")")
        opens_entry = whole and not continues([before]) and piece.text[:1].isupper() and opens_with_body(piece.text)
        out.append(replace(piece, starred=True) if opens_entry else piece)
    return out


def _contents(head: Letterhead) -> Iterator[Piece]:
    first, *rest = head.addressees
    label = (_TELEGRAM if head.telegram else _LABEL).match(first.key)
    words = first.words.cut(label.end()) if label else first.words
    if any(c.isalnum() for c in words.text):
        yield _with(first, words)
    skipping, address = 0, ""
    for piece in rest:
        if skipping > 0:
            skipping += piece.text.count("(") - piece.text.count(")")
        elif address and _goes_on(address, piece):
            address = piece.text
        elif _ADDRESS.match(piece.key) or _is_street(piece, rest):
            skipping = piece.text.count("(") - piece.text.count(")")
            address = piece.text
        else:
            address = ""
            yield _without_stamp(piece) if head.scanned else piece


def _without_stamp(piece: Piece) -> Piece:
    """A line of a list on a scan from its dash on, where what a stamp puts left of that makes no syllables."""
    m = _DASH.search(piece.text)
    if m is None or all(is_syllable(w) for w in regex.findall(r"[\p{L}\d]+", piece.text[: m.start()])):
        return piece
    return replace(_with(piece, piece.words.cut(m.start())), starred=True)


def _goes_on(address: str, piece: Piece) -> bool:
    """Whether a line goes on with the postal address above it."""
    return piece.text[0].islower() or (address.rstrip().endswith(",") and piece.text[0].isalnum())


def _is_street(piece: Piece, rest: Sequence[Piece]) -> bool:
    """A line in brackets that gives a street and a district, without a word for it."""
    return _STREET.match(piece.key) is not None


def _without_address(entry: Passage) -> Passage:
    entry = _without_slips(entry)
    m = _ADDRESS_AFTER.search(skeleton(entry.text))
    return _ended(entry.cut(0, m.start())) if m and m.start() else _ended(entry)


def _without_slips(entry: Passage) -> Passage:
    """The entry without a taxpayer's number, and without what a bad reading of a stamp puts behind it."""
    key = skeleton(entry.text)
    if m := _NUMBER.search(key):
        entry, key = entry.cut(0, m.start()), key[: m.start()]
    m = _SIGNS.search(entry.text)
    if m is None:
        return entry
    tail = next((w.start() for w in regex.finditer(r"[\p{L}\d]+", key) if not is_syllable(w[0])), m.start())
    return entry.cut(0, min(tail, m.start())) if min(tail, m.start()) > 8 else entry


def _ended(entry: Passage) -> Passage:
    end = len(entry.text.rstrip(" .,;:-–("))
    return entry.cut(0, end)


def _with(piece: Piece, words: Passage) -> Piece:
    key = skeleton(words.text)
    return replace(piece, words=words, key=key, starred=False)
