"""Cơ quan ban hành: the body that issued a dispatch (Decree 30/2020/NĐ-CP, Annex I, II.2).

The letterhead prints the superior body above the issuer; the last body named there is the issuer. A bare "VĂN PHÒNG" or
"THANH TRA" is no name by itself and takes the superior's with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import regex

from extractors.issuer_mending import as_spoken, doubtful, opens_as_body, unreadable, with_one_tone, without_motto
from extractors.letterhead import Letterhead
from extractors.lexicon import by_role
from extractors.model import Document, Found, Issue, Span
from extractors.naming import from_text, is_syllable, normal_capitals, respaced
from extractors.pieces import Piece
from extractors.text import Passage, garbled, join, matchable, skeleton

_GOVERNING = {"UBND": "Ủy ban nhân dân", "HĐND": "Hội đồng nhân dân"}
_PLACE_ALONE = regex.compile(r"(?:tinh|thanh pho|huyen|thi xa|quan|xa) ")
_BROKEN = regex.compile(r"\)\(|\d\D+\d")
_NOT_IN_NAME = regex.compile(r"\d.*/|/\p{Lu}{2}|\d{4}|[®©¥€£¢]")
_RUN_TOGETHER = regex.compile(r"\S{9,}")
_SMALL_AFTER_CAPITALS = regex.compile(r"(?<=\p{Lu}{2,}\W.*)[^\p{L}]+(?=\p{Ll}{3}).*$")
_GOES_ON_WITH = regex.compile(r"\W*(?:va|tinh|thanh pho|tp|huyen|quan|thi xa|xa|phuong)\b(?! uy)")
_OPEN_END = regex.compile(r"(?:\W|\b(?:VÀ|CỦA|VA|CUA))$")
_SPACES = regex.compile(r"\s+")
_WORD = regex.compile(r"\p{L}+")
_EDGES = " *_-–—=~|.,;:'’\"“”‘`^<>[]{}()#/\\"


@dataclass(frozen=True, slots=True)
class Issuer:
    """The issuer in normal capitals, or why there is none."""

    found: Found[str] | None = None
    issues: tuple[Issue, ...] = ()


def find_issuer(head: Letterhead, document: Document) -> Issuer:
    """From the letterhead; else from the office that decides, the signature block or the body."""
    bare = head.scanned and not head.landmarks  # a page from within: its capitals are no letterhead
    printed = None if bare else _from_pieces(head.issuer)
    if printed and (longer := _goes_on(printed[0], head.authority)):
        printed = longer, printed[1]
    if printed is None and head.party:
        printed = _from_pieces(head.left)
    if printed and _unreadable(printed[0].text):
        return Issuer(None, (Issue("issuer.unreadable", "the letterhead cannot be read", printed[0].span()),))
    if printed:
        words, sure = printed
        return _checked(_governed(_named(words, document, "issuer.letterhead", sure), head), head, document)
    return _fallback(head, document)


def _unreadable(text: str) -> bool:
    if text.count("(") != text.count(")") or len(text) > 140:
        return True
    return garbled(text) or unreadable(text) or _BROKEN.search(text) is not None


def _governed(found: Found[str], head: Letterhead) -> Found[str]:
    """A province or district alone, whose body's line was not recognised: the symbol says which body it is."""
    if not head.scanned or not head.number or not _PLACE_ALONE.match(skeleton(found.value)):
        return found
    body = next((name for code, name in _GOVERNING.items() if code in head.number.text), None)
    if body is None:
        return found
    value = f"{body} {found.value[:1].lower()}{found.value[1:]}"
    return Found(value, found.span, "issuer.letterhead.symbol", 0.7)


def _checked(found: Found[str], head: Letterhead, document: Document) -> Issuer:
    """The name without words of the motto; a doubtful one as the text spells it, else marked as doubtful."""
    shorter = without_motto(found.value)
    if shorter:
        found = Found(shorter, found.span, "issuer.letterhead.motto", min(found.confidence, 0.8))
    if head.scanned and not normal_capitals(found.value)[1] and not opens_as_body(found.value):
        return Issuer(None, (Issue("issuer.unreadable", "the letterhead cannot be read", found.span),))
    if not doubtful(found.value):
        return Issuer(found)
    spoken = _speakers(document, head)
    said = as_spoken(found.value, sorted(spoken, key=lambda k: (-len(spoken[k]), -len(k))))
    if said:
        return Issuer(Found(said, found.span, "issuer.letterhead.spoken", 0.75))
    message = "the name of the issuing body may be badly read"
    return Issuer(
        replace(found, confidence=min(found.confidence, 0.5)), (Issue("issuer.doubtful", message, found.span),)
    )


def _goes_on(words: Passage, authority: Sequence[Piece]) -> Passage | None:
    """The office above the bases, where it prints the name in full and the letterhead only its beginning."""
    key = skeleton(words.text)
    for piece in authority:
        full = _trimmed(piece)
        if skeleton(full.text).startswith(key + " ") and rank(full.text) is not None:
            return full
    return None


def _from_pieces(pieces: Sequence[Piece]) -> tuple[Passage, float] | None:
    """The last body that the lines of a letterhead name, and how sure that is."""
    bodies = _bodies([_divided(t) for p in pieces if (t := _line_of_name(p)).text and _is_name(t.text)])
    if not bodies:
        return None
    known = [b for b in bodies if rank(b.text) is not None]
    if not known:
        return bodies[-1], 0.6
    last = known[-1]
    before = known[known.index(last) - 1] if len(known) > 1 else None
    if before is not None and _bare_head(last.text) and skeleton(before.text) != skeleton(last.text):
        return join([last, before]), 0.9
    return last, 0.97


def _without_other_row(words: Passage) -> Passage:
    """A line into which a reading has put the superior's name as one word, without that."""
    for m in _RUN_TOGETHER.finditer(words.text):
        spaced = respaced(m[0]) if m.start() > 0 and m.end() < len(words.text) else None
        if spaced and rank(spaced) is not None:
            return join([words.cut(0, m.start()), words.cut(m.end())])
    return words


def _divided(words: Passage) -> Passage:
    """A line whose words a reading has run together ("SỞNỘI VỤ"), divided where it is then a body."""
    words = _without_other_row(words)
    if rank(words.text) is not None or (spaced := respaced(words.text)) is None or rank(spaced) is None:
        return words
    offsets, at = [], -1
    for c in spaced:
        if not c.isspace():
            at = next(n for n in range(at + 1, len(words.text)) if not words.text[n].isspace())
        offsets.append(words.offsets[max(at, 0)])
    return Passage(spaced, tuple(offsets))


def _line_of_name(piece: Piece) -> Passage:
    """The words of a line, with the dash at its end that joins a second issuer to a first ("LIÊN ĐOÀN LAO ĐỘNG -")."""
    words = _trimmed(piece)
    raw = piece.text.rstrip()
    joined = raw[-1:] in "-–" and rank(words.text) is not None and not _complete(words.text) and piece.capitals
    return piece.words.cut(raw.index(words.text), len(raw)) if joined and words.text else words


def _trimmed(piece: Piece) -> Passage:
    """The piece without marks at its ends, and without the small letters that a bad reading puts after capitals."""
    words = piece.words
    start, end = 0, len(words.text)
    if words.text[:2].isupper() and (m := _SMALL_AFTER_CAPITALS.search(words.text)):
        end = m.start()
    while start < end and words.text[start] in _EDGES:
        start += 1
    while end > start and words.text[end - 1] in _EDGES.replace(")", ""):
        end -= 1
    return words.cut(start, end)


def _is_name(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return len(letters) >= 4 and len(text) < 200 and _NOT_IN_NAME.search(text) is None


def rank(text: str) -> int | None:
    """The rank of the body that a text begins with (1 highest), None where it begins with none."""
    key = skeleton(text).strip(_EDGES)
    for entry in by_role("bodies", "head"):
        if entry.pattern.match(key):
            return int(entry.value or 9)
    return None


def _bodies(lines: Sequence[Passage]) -> list[Passage]:
    """Lines joined and cut into one passage for each body."""
    out: list[Passage] = []
    for line in lines:
        for part in _split_line(line):
            if out and not _begins_body(out[-1], part):
                out[-1] = join([out[-1], part])
            else:
                out.append(part)
    return out


def _begins_body(before: Passage, part: Passage) -> bool:
    if _GOES_ON_WITH.match(skeleton(part.text)):
        return False
    here, above = rank(part.text), rank(before.text)
    if here is None or _OPEN_END.search(before.text.upper()):
        return False
    if above is None:
        return True
    return here >= above or not _bare_head(before.text)


def _split_line(line: Passage) -> list[Passage]:
    """One line cut before a body of lower rank that stands under the first ("BỘ TÀI CHÍNH TỔNG CỤC THUẾ")."""
    above = rank(line.text)
    if above is None:
        return _cut_leading(line)
    key = skeleton(line.text)
    for entry in by_role("bodies", "inline"):
        for m in entry.pattern.finditer(key, 6):
            if (rank(line.text[m.start() :]) or 0) > above and _complete(line.text[: m.start()].rstrip()):
                return [line.cut(0, m.start()), *_split_line(line.cut(m.start()))]
    return [line]


def _cut_leading(line: Passage) -> list[Passage]:
    """A line that begins with rubbish of a bad reading, cut before the first body in it."""
    key = skeleton(line.text)
    starts = [m.start() for e in by_role("bodies", "head") if (m := e.pattern.search(key))]
    if starts and 0 < min(starts) <= 6 and sum(c.isalnum() for c in line.text[: min(starts)]) <= 2:
        return [line.cut(min(starts))]
    return [line]


def _complete(name: str) -> bool:
    """Whether a name is one by itself, so that a new body may follow it on the line."""
    key = skeleton(name)
    return any(e.pattern.search(key) for e in by_role("bodies", "complete"))


def _bare_head(text: str) -> bool:
    key = skeleton(text).strip(_EDGES)
    return any(e.pattern.fullmatch(key) for e in by_role("bodies", "bare"))


def _named(words: Passage, document: Document, rule: str, sure: float) -> Found[str]:
    text = _SPACES.sub(" ", words.text.replace("~", "-")).strip(_EDGES.replace(")", "").replace("(", ""))
    text = with_one_tone(text)
    name, known = normal_capitals(text)
    if not known and _badly_spaced(text):
        mended = respaced(text)
        name = normal_capitals(mended)[0] if mended else from_text(text, document.text, spaced=True) or name
        sure = min(sure, 0.8)
    elif not known:
        spelt = from_text(text, document.text)
        name, sure = _better_case(name, spelt or name), min(sure, 0.9)
    span = Span(min(words.offsets), max(words.offsets) + 1)
    return Found(name[:1].upper() + name[1:], span, rule, sure)


def _badly_spaced(text: str) -> bool:
    """Whether letters stand alone ("B Ộ LAO") or words together ("BINHVÀ") as no printed name has them."""
    words = _WORD.findall(text)
    return any(len(w) == 1 and w.upper() not in "YÝÂO" for w in words) or any(
        len(w) > 7 or (len(w) > 4 and not is_syllable(w) and w.isupper()) for w in words
    )


def _better_case(name: str, spelt: str) -> str:
    """The spelling of running text where it is the same name, else the name."""
    return spelt if skeleton(name) == skeleton(spelt) else name


def _fallback(head: Letterhead, document: Document) -> Issuer:
    for piece in (*head.authority, *head.left):
        words = _trimmed(piece)
        key = skeleton(words.text)
        office = next((m for e in by_role("bodies", "head_of") if (m := e.pattern.match(key))), None)
        if office and piece.capitals:
            name = words.cut(office.end()) if office.end() < len(words.text) else words
            if rank(name.text) is not None:
                return Issuer(_named(name, document, "issuer.authority", 0.8))
        if piece in head.authority and rank(words.text) is not None:
            return Issuer(_named(words, document, "issuer.authority", 0.85))
    if said := _speaker(document, head):
        return Issuer(said)
    return Issuer(None, (Issue("issuer.missing", "neither letterhead nor body name the issuing body"),))


def _speaker(document: Document, head: Letterhead) -> Found[str] | None:
    """The body that speaks in the text: the subject of "… đề nghị", "… có ý kiến", "… thông báo", most often named."""
    counts = _speakers(document, head)
    if not counts:
        return None
    best = max(counts, key=lambda k: (len(counts[k]), len(k)))
    return Found(best, counts[best][0], "issuer.speaker", 0.7)


def _speakers(document: Document, head: Letterhead) -> dict[str, list[Span]]:
    """Every body that speaks in the text, and where."""
    text = document.text[:60000]
    addressed = skeleton(" ".join(p.text for p in head.addressees))
    counts: dict[str, list[Span]] = {}
    for entry in by_role("bodies", "speaker"):
        for m in entry.pattern.finditer(skeleton(document.text), 0, len(text)):
            name = _SPACES.sub(" ", text[m.start("name") : m.end("name")]).strip(" ,")
            if _may_speak(name, addressed):
                counts.setdefault(name, []).append(Span(m.start("name"), m.end("name")))
    return counts


def _may_speak(name: str, addressed: str) -> bool:
    """Whether a name can be the issuer's: one body, spelt as a name, and not the addressee."""
    key = skeleton(name)
    if (
        not name[:1].isupper()
        or len(name) < 6
        or key in addressed
        or regex.search(r"\b(?:cac|co|cap|tren|moi|da|se)\b", key)
    ):
        return False
    first = matchable(name).split(" ")[0].lower()
    return rank(name) is not None and any(first in e.forms for e in by_role("bodies", "speaker_opening"))
