"""Cơ quan được nhắc đến: every mention of a registered body anywhere in a text, under any of its names.

The names, aliases and abbreviations are those of `lexicon/agencies.csv`; thousands of phrases are looked for at once
with spaCy's PhraseMatcher, the longest wins. Which body a name means on a day is `agencies.identify`'s
word. spaCy takes a second to load and is imported at the first text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from extractors import lexicon
from extractors.agencies_identity import canonical_name, former, identify, spellings
from extractors.model import Document, Mention, Span
from extractors.text import matchable

# A text is read in pieces so long, cut at the end of a sentence, and spaCy keeps so many words, which it never
# forgets by itself: memory grows neither with the file nor with the number of files that a process reads.
_PIECE = 20_000
_WORDS_KEPT = 200_000
_SENTENCE_END = re.compile(r"[.;:]\s+|\n\s*\n")
# What stands inside a name as it is laid out but not as it is called: line breaks, runs of spaces, marks of a reader.
_LAYOUT = re.compile(r"[*\\\u00ad\ufffe\u200b\ufeff]+|(?<=\s)\s+")
_SPACES = "\n\t\r\f\v\u2028\u2029\u0085"
# Every sign is a word by itself: "VH,TT&DL" and "TP.Hà Nội" fall apart alike wherever they stand. spaCy's own
# tokeniser does the same, in the square of the length where many signs stand together.
_WORD_OR_SIGN = re.compile(r"\w+|[^\w\s]")
_IN_A_CODE = re.compile(r"\S*\d\S*|\S*[-/]$")
_CODE_GOES_ON = re.compile(r"[-/]\w|\d")
_CENTRAL = frozenset(
    {
        *("central_state", "ministry", "ministerial_level", "govt_agency", "govt_advisory", "sub_ministry"),
        *("judiciary", "na_body", "party", "party_state", "mass_org", "committee", "enterprise"),
    }
)
_LOCAL = frozenset({"department_template", "council_template", "party_template"})
_COMMITTEES = ("ủy ban nhân dân", "UBND")
_KINDS = ("", "tỉnh ", "T. ", "thành phố ", "TP ", "TP. ")


@dataclass(frozen=True, slots=True)
class KnownBody:
    """A mention of a registered body: `text == source[start:end]` of the NFC text, layout included."""

    id: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A phrase in a piece: characters of the flat text, and what sort of phrase it is."""

    start: int
    end: int
    sort: str


def find_mentions(
    document: Document, on: str | None, place: str | None = None, without: Span | None = None
) -> tuple[Mention, ...]:
    """Each body that a document mentions: how often, and where first. `without` is a stretch that does not count."""
    first: dict[str, KnownBody] = {}
    times: dict[str, int] = {}
    for body in find_known_bodies(document.text, on, place):
        if without and without.start <= body.start < without.end:
            continue
        first.setdefault(body.id, body)
        times[body.id] = times.get(body.id, 0) + 1
    return tuple(
        Mention(body.id, canonical_name(body.id) or body.text, times[body.id], Span(body.start, body.end))
        for body in first.values()
    )


def find_known_bodies(text: str, on: str | None, place: str | None = None) -> tuple[KnownBody, ...]:
    """Mentions of registered bodies in an NFC text, in order, never overlapping; the longest name wins.

    `on` is the day the text was written (ISO, or a prefix of it): a name means the body that bore it then, or one that
    bore it before; a name that nobody bore yet is none. `place` is the province that a bare "Sở Y tế" belongs to;
    without it only names with their province count.

    >>> [(b.id, b.text) for b in find_known_bodies("Bộ TT&TT, Sở Y tế tỉnh Kon Tum và cán bộ y tế", "2023-05-04")]
    [('BTTTT', 'Bộ TT&TT'), ('SO_SYT@KONTUM_OLD', 'Sở Y tế tỉnh Kon Tum')]
    """
    found: list[KnownBody] = []
    for start, end in _pieces(text):
        flat, offsets = _flattened(text[start:end])
        for id, first, last in _bodies_in(flat, on, place):
            here = start + _place_of(offsets, first)
            there = start + _place_of(offsets, last - 1) + 1
            found.append(KnownBody(id, here, there, text[here:there]))
    return tuple(found)


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(text):
        end = start + _PIECE
        if end < len(text):
            cuts = [m.end() for m in _SENTENCE_END.finditer(text, start + _PIECE // 2, end)]
            end = cuts[-1] if cuts else text.rfind(" ", start + 1, end) + 1 or end
        yield start, min(end, len(text))
        start = end


def _flattened(piece: str) -> tuple[str, tuple[list[int], list[int]]]:
    """The piece as one line in the spelling of the lexicon; where its runs begin, and how much was left out before."""
    runs, skipped, parts, done = [0], [0], [], 0
    for layout in _LAYOUT.finditer(piece):
        parts.append(piece[done : layout.start()])
        done = layout.end()
        runs.append(layout.start() - skipped[-1])
        skipped.append(skipped[-1] + layout.end() - layout.start())
    parts.append(piece[done:])
    flat = matchable("".join(parts))
    for space in _SPACES:
        flat = flat.replace(space, " ")
    return flat, (runs, skipped)


def _place_of(offsets: tuple[list[int], list[int]], at: int) -> int:
    runs, skipped = offsets
    return at + skipped[bisect_right(runs, at) - 1]


def _bodies_in(flat: str, on: str | None, place: str | None) -> Iterator[tuple[str, int, int]]:
    done = 0
    for one in _gazetteer().candidates(flat):
        if one.start < done:
            continue
        if one.sort == "false_friend":
            done = one.end
        elif _stands(flat, one) and (id := _identity(_plain(flat[one.start : one.end]), on, place, one.sort)):
            done = one.end
            yield id, one.start, one.end


def _plain(printed: str) -> str:
    return re.sub(r"(?i)\b(t|tp)\.\s?", r"\1. ", printed)


def _stands(flat: str, one: _Candidate) -> bool:
    """Whether it is printed as a name, and as that of one body."""
    if not flat[one.start].isupper():
        return False
    before, after = flat[max(0, one.start - 40) : one.start], flat[one.end : one.end + 40]
    chunk = before.rpartition(" ")[2] + flat[one.start : one.end] + after.partition(" ")[0]
    if " " not in flat[one.start : one.end] and (_IN_A_CODE.fullmatch(chunk) or _in_a_code(before, after)):
        return False
    following = after.lstrip()
    if one.sort == "name":
        return not (following[:1].isupper() and _words("foreign").match(following))
    if one.sort == "own":
        said = before.split()[-1:]
        return not (said and _words("plural").fullmatch(said[0])) and not _of_another(flat, one, following)
    return True


def _of_another(flat: str, one: _Candidate, following: str) -> bool:
    """Those of every province ("Sở Y tế các tỉnh"), or of a city inside the province ("UBND thành phố Thủ Đức")."""
    of_a_city = flat[: one.end].lower().endswith(" thành phố") and following[:1].isupper()
    return of_a_city or _words("plural").match(following) is not None


def _in_a_code(before: str, after: str) -> bool:
    """Part of the number of a document ("CT-TTg", "/BTTTT-CNTT")."""
    return before[-1:] in ("-", "/") or _CODE_GOES_ON.match(after) is not None


@cache
def _words(role: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(map(re.escape, sorted(_forms_of(role))))})(?!\w)", re.IGNORECASE)


@lru_cache(maxsize=20_000)
def _identity(name: str, on: str | None, place: str | None, sort: str) -> str | None:
    own = place if sort == "own" else None
    id = identify(name, on, own) or former(name, on, own)
    if id is None or "/" in id:
        return None
    if sort == "own" and (kind := re.search(r"\s(tỉnh|thành phố)$", name.lower())):
        return id if f" {kind[1]} " in (canonical_name(id) or "").lower() else None
    return id


class _Gazetteer:
    """The phrases, compiled for spaCy; one a process."""

    def __init__(self) -> None:
        from spacy.attrs import LOWER
        from spacy.matcher import PhraseMatcher
        from spacy.tokens import Doc
        from spacy.vocab import Vocab

        # of a word nothing is looked up but its small letters: what a blank pipeline computes besides costs far more
        self.vocab: Any = Vocab(lex_attr_getters={LOWER: str.lower})
        self._doc = Doc
        self._matcher = PhraseMatcher(self.vocab, attr="LOWER")
        self._sorts: dict[int, tuple[str, bool]] = {}
        for sort, spelled in _phrases().items():
            for signed in (False, True):
                forms = [form for name in spelled if _signed(name) == signed for form in _forms(name)]
                docs = [self._doc(self.vocab, words=_WORD_OR_SIGN.findall(form)) for form in forms]
                key = f"{sort}.{signed}"
                self._sorts[self.vocab.strings.add(key)] = (sort, signed and sort != "seat")
                self._matcher.add(key, docs)

    def candidates(self, flat: str) -> list[_Candidate]:
        """Phrases and offices joined with their province, by their start, the longest first."""
        places = [found.span() for found in _WORD_OR_SIGN.finditer(flat)]
        doc = self._doc(self.vocab, words=[flat[start:end] for start, end in places])
        hits = set()
        for key, a, b in self._matcher(doc):
            sort, signed = self._sorts[key]
            if not signed or _signed(flat[places[a][0] : places[b - 1][1]]):
                hits.add((sort, a, b))
        seats: dict[int, list[int]] = {}
        for sort, a, b in hits:
            if sort == "seat":
                seats.setdefault(a, []).append(b)
        ends = [(sort, a, b) for sort, a, b in hits if sort in ("name", "own", "false_friend")]
        joined = [("joined", a, z) for sort, a, b in hits if sort in ("own", "office") for z in seats.get(b, ())]
        spans = sorted({(a, -b, sort) for sort, a, b in ends + joined})
        return [_Candidate(places[a][0], places[-b - 1][1], sort) for a, b, sort in spans]


def _gazetteer() -> _Gazetteer:
    """The one of this process; a new one where it has seen so many words that they are a burden."""
    if len(_compiled().vocab) > _WORDS_KEPT:
        _compiled.cache_clear()
    return _compiled()


@cache
def _compiled() -> _Gazetteer:
    return _Gazetteer()


def _phrases() -> dict[str, list[str]]:
    """Phrases by sort.

    "name": a body by itself; "own": one that every province has, called without it; "office": the same, which must
    have its province; "seat": a province; "false_friend": what is none of them.
    """
    left_out = _forms_of("left_out")
    names: dict[str, set[str]] = {"name": set(), "own": set(), "office": set(_COMMITTEES), "seat": set()}
    for spelling, level in spellings():
        if spelling.lower() in left_out:
            continue
        if level in _CENTRAL:
            names["name"].add(spelling)
        elif level in _LOCAL:
            names["own"].add(spelling)
            if spelling.endswith(" tỉnh"):
                names["office"].add(spelling.removesuffix(" tỉnh"))
        elif level == "seat":
            names["seat"] |= {kind + spelling for kind in _KINDS}
    names["own"] |= {f"{committee} {kind}" for committee in _COMMITTEES for kind in ("tỉnh", "thành phố")}
    names["false_friend"] = _forms_of("false_friend")
    return {sort: sorted(found) for sort, found in names.items()}


def _forms_of(role: str) -> set[str]:
    return {form for entry in lexicon.by_role("gazetteer", role) for form in entry.forms}


def _signed(name: str) -> bool:
    """Whether it holds letters that stand for words ("Bộ TP"), which count as printed in capitals only."""
    return any(sum(c.isupper() for c in word) > 1 for word in name.split())


def _forms(name: str) -> set[str]:
    plain = " ".join(matchable(name).split())
    return {plain, plain.replace(" và ", " & ")}
