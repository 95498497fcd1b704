"""Người ký: authority, title and name of the signer (Decree 30/2020/NĐ-CP, Article 13; Annex I, II.7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher

import regex

from extractors.closing import Closing, heads_annex, is_signature
from extractors.landmarks import is_noise, matches
from extractors.lexicon import by_role
from extractors.model import Document, Found, Issue, Signer
from extractors.persons import person
from extractors.pieces import Piece
from extractors.signer_mending import mended_name, name_without_beginning
from extractors.signer_scanned import is_scrap, scanned_offices
from extractors.sureness import sureness
from extractors.text import Passage, join, matchable, skeleton

_PREFIX_ONLY = regex.compile(r"(?:TM|KT|TL|TUQ|T/M|K/T|T/L)\.?")
_PREFIXED = regex.compile(r"(?:TM|KT|TL|TUQ|T/M|K/T|T/L)[.,:;]\s?\p{Lu}")
_STRAY_LETTER = regex.compile(r"\W*\p{Ll}\s")
_DEGREES = regex.compile(r"\W*(?:(?:gs|pgs|ts|ths|bs|ks|dr|th\.s|bsck\s?i{1,2}|ck\s?i{1,2})[.\s]*)+\W*")
_FOR_THE_HEAD = regex.compile(r"\bkt\b")
_SMALL_AFTER_CAPITALS = regex.compile(r"(?<=\p{Lu}{3})[\p{Ll}\W]{1,3}$")
_WORD = regex.compile(r"\p{L}+")
_LEAST_SURE = 0.4
_LONGEST = 90  # no office has a longer name: what goes on is the heading of an annex
_LOOSE = regex.compile(r"^[^\p{L}]*(\p{Lu}\p{Ll}+!?(?:\s\p{Lu}\p{Ll}*){1,4})[^\p{L}]*$")
_AFTER_LIST = regex.compile(r"(?<=[.)\d;]\s*)\p{Lu}\p{Ll}+(?:\s\p{Lu}\p{Ll}*){1,4}$")


def find_signer(closing: Closing, document: Document) -> tuple[Signer, tuple[Issue, ...]]:
    """The stack of authority lines joined, the signer's own title, and the name without degrees and ranks."""
    name, at = _name(closing, document)
    if name and _is_place(name.value, document.text):
        name = None
    above = closing.signature[:at]
    stack = [p for p in above if _counts(p)]
    issues = [] if name else [Issue("signer.missing", "no name of a signer was found")]
    if any(sureness(document, p.words.span()) is not None for p in stack):
        authority, title = scanned_offices([p for p in above if p in stack or is_scrap(p)], document, closing.label)
        if title and not name and not authority:
            title = None  # a head's office without a name below it may have lost the deputy's line
        if not title:
            span = join([p.words for p in stack]).span()
            issues.append(Issue("signer.title.unreadable", "the signer's title cannot be read", span))
        return Signer(authority, title, name), tuple(issues)
    authority, title = _stack([p for p in stack if not _letters_apart(p.text)])
    if title and not _can_be(title.value, authority):
        issues.append(Issue("signer.title.unreadable", "the signer's title cannot be read", title.span))
        title = None
    return Signer(authority, title, name), tuple(issues)


def _is_place(name: str, text: str) -> bool:
    """Whether the text speaks of a place by this name; only names of two words are both."""
    if name.count(" ") != 1:
        return False
    key = r"\s+".join(skeleton(name).split())
    plain = skeleton(text)
    return any(regex.search(rf"{e.expression}\s+{key}\b", plain) for e in by_role("signer", "place_word"))


def _letters_apart(text: str) -> bool:
    """Whether a line is set or read with its letters apart ("CH Ủ T Ị CH"), so that its words cannot be told."""
    return sum(len(w) == 1 for w in _WORD.findall(text)) > 2


def _can_be(title: str, authority: Found[str] | None) -> bool:
    """Whether a text holds the name of an office, and one that may stand under its authority.

    Who signs for the head (KT.) is not the head: a title the same as the authority's has lost its "PHÓ".
    """
    key = skeleton(title)
    known = any(m.start() < 12 for e in by_role("signer", "title") if (m := e.pattern.search(key)))
    if not known and not matches("title_opening", key, "signer") and not _is_like_a_title(key):
        return False
    above = skeleton(authority.value) if authority else ""
    return not (_FOR_THE_HEAD.search(above) and above.endswith(key))


def _is_like_a_title(key: str) -> bool:
    """Whether a text opens as a common title does, a letter or two read amiss ("CHÁ ANH VĂN PHÒNG")."""
    bare = regex.sub(r"\W", "", key)
    return any(
        SequenceMatcher(None, bare[: len(form) + 1], form, autojunk=False).ratio() >= 0.85
        for entry in by_role("signer", "title_form")
        for form in (f.replace(" ", "") for f in entry.forms)
    )


def _name(closing: Closing, document: Document) -> tuple[Found[str] | None, int]:
    pieces = closing.signature
    for k in range(len(pieces) - 1, -1, -1):
        sure = sureness(document, pieces[k].words.span())
        if sure is not None:
            if found := _scanned_name(pieces[k], document):
                return found, k
        elif not is_signature(pieces[k]) and (at := person(pieces[k].text)):
            words = pieces[k].words.cut(*at)
            return Found(words.text, words.span(), "signer.name", 0.95 if k else 0.8), k
    return (None, len(pieces)) if document.words else _doubtful_name(closing)


def _sureness_of_given(piece: Piece, document: Document) -> float:
    """How sure the recognition is of the words after the first, which no list can confirm."""
    start = len(piece.text) - len(piece.text.lstrip(" -–—_.,:;'’‘“”\"|"))
    space = piece.text.find(" ", start)
    return (sureness(document, piece.words.span(space + 1)) or 0.0) if space > 0 else 0.0


def _scanned_name(piece: Piece, document: Document) -> Found[str] | None:
    """The name that a recognised line is; its family name mended where its letters leave no choice."""
    if is_signature(piece):
        return None
    sure = sureness(document, piece.words.span()) or 0.0
    given = _sureness_of_given(piece, document)
    if at := person(piece.text):
        words = piece.words.cut(*at)
        name = mended_name(words.text, sure, given)
        return Found(name, words.span(), "signer.name", round(max(0.5, min(0.95, sure)), 2)) if name else None
    name = name_without_beginning(piece.text) if given >= _LEAST_SURE else None
    return Found(name, piece.words.span(), "signer.name.mended", 0.6) if name else None


def _doubtful_name(closing: Closing) -> tuple[Found[str] | None, int]:
    """A name whose family name was badly read, or that stands behind the list of recipients on its last line."""
    pieces = closing.signature
    has_title = any(is_signature(p) for p in pieces)
    for k in range(len(pieces) - 1, 0, -1):
        m = _LOOSE.match(pieces[k].text)
        if m and has_title and not pieces[k].capitals and not matches("signed", pieces[k].key, "signer"):
            words = pieces[k].words.cut(m.start(1), m.end(1))
            return Found(words.text, words.span(), "signer.name.loose", 0.6), k
    if has_title and (behind := _name_behind(closing)):
        name, line = behind
        return name, sum(p.line <= line for p in pieces)
    return None, len(pieces)


def _name_behind(closing: Closing) -> tuple[Found[str], int] | None:
    """A name that a reading of two columns puts behind an ended entry of the list, which is cut there, and its line."""
    for k in range(len(closing.recipients) - 1, -1, -1):
        piece = closing.recipients[k]
        m = _AFTER_LIST.search(piece.text.rstrip(" .;"))
        if m and person(m[0]):
            words = piece.words.cut(m.start(), m.end())
            rest = piece.words.cut(0, m.start())
            closing.recipients[k] = replace(piece, words=rest, key=piece.key[: len(rest.text)])
            return Found(words.text, words.span(), "signer.name.behind", 0.6), piece.line
    return None


def _counts(piece: Piece) -> bool:
    """Whether a piece of the signature is a line of the stack, not a mark, a stamp or a slip of the reading."""
    if matches("signed", piece.key, "signer") or is_noise(piece) or _DEGREES.fullmatch(piece.key):
        return False
    letters = sum(c.isalpha() for c in piece.text)
    if is_signature(piece):
        return True
    if piece.text.count(")") > piece.text.count("(") or piece.text.count(",") > 2 or _STRAY_LETTER.match(piece.text):
        return False
    return (piece.capitals and letters >= 5 and len(piece.text) < 90) or _titled(piece)


def _titled(piece: Piece) -> bool:
    """A title in small letters, as some offices print it."""
    return len(piece.text) < 50 and any(e.pattern.match(piece.key) for e in by_role("signer", "title"))


def _stack(pieces: Sequence[Piece]) -> tuple[Found[str] | None, Found[str] | None]:
    lines: list[tuple[bool, Passage]] = []
    for piece in pieces:
        words = _trim(piece)
        begins = is_signature(piece) or _titled(piece) or _has_prefix(words.text)
        if lines and _PREFIX_ONLY.fullmatch(lines[-1][1].text):
            lines[-1] = (True, join([lines[-1][1], words]))
        elif lines and not begins:
            if len(lines[-1][1].text) + len(words.text) > _LONGEST or heads_annex(piece):
                break
            if _goes_on(lines, piece):
                lines[-1] = (lines[-1][0], join([lines[-1][1], words]))
            else:
                lines.append((False, words))
        else:
            lines.append((_has_prefix(words.text), words))
    last = max((i for i, (prefix, _) in enumerate(lines) if prefix), default=-1)
    above, own = [w for _, w in lines[: last + 1]], [w for _, w in lines[last + 1 :]]
    return _found(above, "signer.authority"), _found(own, "signer.title")


def _goes_on(lines: Sequence[tuple[bool, Passage]], piece: Piece) -> bool:
    """A line in capitals without a title of its own goes on with a title above ("VỤ TRƯỞNG / VỤ PHÁP CHẾ")."""
    return not (
        lines[-1][0]
        and len(lines) == 1
        and not regex.match(r"\W*(?:so|vu|cuc|van|ban|phong|uy|va|tinh|bo)\b", piece.key)
    )


def _found(lines: Sequence[Passage], rule: str) -> Found[str] | None:
    if not lines:
        return None
    whole = join(lines)
    return Found(whole.text, whole.span(), rule, 0.95)


def _trim(piece: Piece) -> Passage:
    edges = " *_-–—|;:.,'’`“”\"~="
    start, end = 0, len(piece.text)
    while start < end and piece.text[start] in edges:
        start += 1
    if m := _SMALL_AFTER_CAPITALS.search(piece.text):
        end = m.start()
    while end > start and piece.text[end - 1] in edges:
        end -= 1
    kept = 1 if _PREFIX_ONLY.fullmatch(piece.text[start:end]) and piece.text[end : end + 1] == "." else 0
    return piece.words.cut(start, end + kept)


def _has_prefix(text: str) -> bool:
    plain = matchable(text)
    return bool(_PREFIX_ONLY.fullmatch(text) or _PREFIXED.match(plain)) or any(
        m.start() <= 3 for e in by_role("signer", "prefix") if (m := e.pattern.search(plain + " "))
    )
