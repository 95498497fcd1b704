"""Vị ngữ, chủ ngữ: where somebody is told to act: the name of who acts and the words that begin what is done."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from math import inf
from operator import itemgetter

import regex

from extractors import lexicon
from extractors.agencies import BodyMention, scan_bodies
from extractors.patterns import at_end, one_pattern, word
from extractors.phrases import WORD, by_first_word, ends_at
from extractors.text import lowered, skeleton
from extractors.word_patterns import at_words

_LONGEST = 320
_HEAD = 4  # letters
_LONGEST_CLAUSE = 140  # "các lớp đã nộp bài ... phải": how long a clause may be that tells which ones are meant
_ACRONYM = regex.compile(r"(?:(?:các|những|mỗi|các bộ phận)\s+)?\p{Lu}[\p{Lu}\d&/\-]{1,}(?!\w)")
_BREAK = regex.compile(r"(?<!(?<!\w)(?:TP|Tp|Q|P|đ/c))\.(?:\s|$)|[:;](?=\s\p{Ll}).*[:]|:(?:\s|$)")
_STRONG = frozenset({"modal", "basis"})


@dataclass(frozen=True, slots=True)
class Predicate:
    """A word that begins what is done: its place, its role (verb, adverb, modal, basis, past) and rule id."""

    start: int
    end: int
    role: str
    rule: str


@dataclass(frozen=True, slots=True)
class Subject:
    """Who acts: `text[start:end]`, and the predicate after it. `told` where it reports instead of asking."""

    start: int
    end: int
    predicate: Predicate
    told: bool


@cache
def _predicate_entries() -> tuple[lexicon.Entry, ...]:
    order = {"modal": 0, "basis": 1, "past": 2, "adverb": 3, "verb": 4}
    return tuple(sorted((e for e in lexicon.load("directive_verbs") if e.forms), key=lambda e: order[e.role]))


@cache
def _forms() -> dict[str, tuple[str, str]]:
    """Each form with the role and rule of its entry; of two entries the first in order."""
    out: dict[str, tuple[str, str]] = {}
    for entry in _predicate_entries():
        for form in entry.forms:
            out.setdefault(form, (entry.role, entry.id))
    return out


@cache
def _by_first_word() -> dict[str, tuple[str, ...]]:
    return by_first_word(_forms())


@cache
def _bare_forms() -> dict[str, tuple[str, str]]:
    return {skeleton(f): v for f, v in _forms().items() if v[0] in {"verb", "adverb"} and " " in f}


@cache
def _actors() -> regex.Pattern[str]:
    return lexicon.compiled("|".join(f"(?:{e.expression})" for e in lexicon.load("actors")))


@lru_cache(maxsize=2048)
def _may_name_actor(head: str) -> bool:
    """Whether the name of who acts can begin with these letters: a quick look, for most words are none."""
    return _actors().match(head, partial=True) is not None


def predicates(plain: str, start: int = 0, end: int | None = None) -> Iterator[Predicate]:
    """The words from `start` on that may begin a predicate; those inside names, nouns and brackets left out."""
    end = len(plain) if end is None else end
    depth, at = 0, start
    for found in _candidates(plain, start, end):
        between = plain[at : found.start]
        depth += between.count("(") - between.count(")")
        at = found.start
        if depth <= 0 and not _inside(plain, at):
            yield found


def _inside(plain: str, at: int) -> bool:
    """Whether a place is inside a noun or a name."""
    return _nouns_in(plain).cover(at) or _names_in(plain).cover(at)


def _candidates(plain: str, start: int, end: int) -> Iterator[Predicate]:
    """The longest forms that stand between two places, one after the other."""
    low = lowered(plain[start:end])
    begins = _by_first_word()
    done = 1 if plain[max(0, start - 1) : start].isalnum() else 0  # a word that began before is none
    for found in WORD.finditer(low):
        forms = begins.get(found[0])
        if forms and (at := found.start()) >= done and (stop := next(ends_at(forms, low, at), 0)):
            yield Predicate(start + at, start + stop, *_forms()[low[at:stop]])
            done = stop


def _candidate_at(plain: str, at: int, end: int) -> Predicate | None:
    """The longest form that the words at `at` begin with."""
    low = lowered(plain[at:end])
    word = WORD.match(low)
    forms = _by_first_word().get(word[0], ()) if word and not plain[max(0, at - 1) : at].isalnum() else ()
    stop = next(ends_at(forms, low, 0), 0) if forms else 0
    return Predicate(at, at + stop, *_forms()[low[:stop]]) if stop else None


class _Places:
    """Stretches of a clause that hold no predicate, in order, read no further than somebody asks."""

    def __init__(self, found: Iterator[tuple[int, tuple[int, int] | None]]) -> None:
        """`found` are places that were looked at, and the stretch that was found from there on."""
        self._rest = found
        self._read: float = -1
        self._places: list[tuple[int, int]] = []

    def cover(self, at: int) -> bool:
        """Whether one of the stretches holds this place."""
        while self._read < at:
            self._read, place = next(self._rest, (inf, None))
            if place:
                self._places.append(place)
        n = bisect_right(self._places, at, key=itemgetter(0))
        return n > 0 and at < self._places[n - 1][1]


@lru_cache(maxsize=256)
def _nouns_in(plain: str) -> _Places:
    """The nouns of a clause that hold a verb's letters."""
    return _Places((m.start(), m.span()) for m in at_words("directive_verbs", "noun|never").finditer(plain))


@lru_cache(maxsize=256)
def _names_in(plain: str) -> _Places:
    """The names of bodies in a clause without their first words."""
    return _Places((at, _after_first_letter(body) if body else None) for at, body in scan_bodies(plain))


def _after_first_letter(body: BodyMention) -> tuple[int, int]:
    return body.start + 1, body.start + len(word("does").sub("", body.text))


def actor_at(plain: str, at: int) -> int | None:
    """The end of the head of a name of who may act, if one begins here ("các cơ quan", "Thủ trưởng", "GVCN")."""
    if _may_name_actor(plain[at : at + _HEAD]) and (m := _actors().match(plain, at)):
        return m.end()
    m = _ACRONYM.match(plain, at)
    return m.end() if m and not plain.isupper() else None


def subject_at(plain: str, at: int, end: int | None = None, heading: bool = False) -> Subject | None:
    """Who acts, if a name begins at `at` and a predicate follows it in the same clause; in a heading the predicate
    may be all there is ("các trường thực hiện:")."""
    while at < len(plain) and plain[at] in " ,":
        at += 1
    if m := word("share").match(plain, at):
        at = m.end()
    head = actor_at(plain, at)
    if head is None:
        return None
    end = min(len(plain) if end is None else end, at + _LONGEST)
    told = relative = False
    first_relative: Predicate | None = None
    for p in predicates(plain, head, end):
        gap = plain[at : p.start]
        if _BREAK.search(gap, after_group(plain, at) - at):
            return None
        if plain[p.start].isupper() and p.start > at:
            continue
        if p.role not in _STRONG and p.role != "past" and at_end("clause_words", "inside_name").search(gap):
            continue
        if p.role == "past":
            if word("chosen").match(plain, p.start):
                relative = True
            else:
                told = True
            first_relative = first_relative or p
            continue
        if relative and first_relative and p.start - first_relative.end <= 2:
            continue
        p = _later_predicate(plain, p, end) or p
        if told and (p.role not in _STRONG or (first_relative and p.start - first_relative.end > _LONGEST_CLAUSE)):
            continue
        if not heading and p.role != "modal" and len(plain[p.end : p.end + 40].split()) < 2:
            return None
        return Subject(at, _trim(plain, at, p.start), p, told and p.role not in _STRONG)
    if first_relative is not None:
        return Subject(at, _trim(plain, at, first_relative.start), first_relative, True)
    return None


def after_group(plain: str, at: int) -> int:
    """Where names begin after "các sở:"; `at` itself where no such list stands there."""
    m = word("group_colon").match(plain, at)
    return m.end() if m and opens_with_predicate(plain, m.end() + 1) is None else at


def is_acronym(plain: str, at: int) -> bool:
    """Whether only capitals make the words at `at` a name ("GVCN")."""
    return _actors().match(plain, at) is None and _ACRONYM.match(plain, at) is not None


@lru_cache(maxsize=1024)
def opens_with_predicate(plain: str, at: int = 0) -> Predicate | None:
    """The predicate that the words at `at` begin with; read without accents where the spelling is damaged."""
    first = _candidate_at(plain, at, at + 40)
    if first and first.role != "past" and not _inside(plain, at):
        return first
    if one_pattern("directive_verbs", "never").match(plain, at):
        return None
    bare = skeleton(plain[at : at + 24])
    for size in (4, 3, 2):
        key = " ".join(bare.split(" ")[:size])
        if key in _bare_forms():
            role, rule = _bare_forms()[key]
            return Predicate(at, at + len(key), role, rule)
    return None


def _later_predicate(plain: str, p: Predicate, end: int) -> Predicate | None:
    """The predicate proper where the first verb still describes who acts ("giáo viên tham gia tập huấn phải ...")."""
    for q in predicates(plain, p.end, end):
        gap = plain[p.start : q.start]
        if q.role not in _STRONG or "." in gap or ";" in gap:
            continue
        if q.role == "modal" and "," not in gap and word("describes").match(plain, p.start) and q.end - q.start > 3:
            return q
        parts = gap.split(", ")[1:]
        if any(opens_with_predicate(x) is not None for x in parts):
            return None
        if parts and 2 * sum(actor_at(x, 0) is not None for x in parts) >= len(parts) and p.role == "verb":
            return q
        return None
    return None


def _trim(plain: str, start: int, end: int) -> int:
    if m := word("aside").search(plain, start, end):
        end = m.start()
    while end > start and plain[end - 1] in " ,;-":
        end -= 1
    return end
