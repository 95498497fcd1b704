"""Từ vựng về cơ quan: the words of bodies from the lexicon, ready to be looked up at a place in a text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, KeysView
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TypeVar

import regex

from extractors import lexicon
from extractors.phrases import WORD, by_first_word, ends_at
from extractors.text import lowered, matchable, skeleton

_T = TypeVar("_T")
_NONE: dict[str, tuple[str, ...]] = {}
_HEAD = 4  # so many characters tell which patterns can begin at a place
_DEEPEST = 3  # "Văn phòng | Đảng ủy | Công an tỉnh"


@dataclass(frozen=True, slots=True)
class Words:
    """Every class of words that the grammar of mentions joins; the names are the roles of agencies.toml.

    `beginning` holds the phrases of each class by the word that they begin with.
    """

    beginning: dict[str, dict[str, tuple[str, ...]]]
    bare_predicates: dict[str, tuple[str, ...]]
    blocked: regex.Pattern[str]
    tails: tuple[regex.Pattern[str], ...]
    branch: regex.Pattern[str]
    places: regex.Pattern[str]
    superior_cue: regex.Pattern[str]
    superior_bare: regex.Pattern[str]
    starts: frozenset[str]
    start: re.Pattern[str]


_PHRASE_ROLES = (
    "quantifier",
    "official",
    "official.nameable",
    "official.joined",
    "official.needy",
    "person",
    "institution",
    "capital",
    "placeless",
    "owned",
    "under",
    "nesting",
    "head",
    "house",
    "noun",
    "noun.alone",
    "noun.association",
    "noun.described",
    "noun.grassroots",
    "noun.beside",
    "provider",
    "complement",
    "complement.verb",
    "predicate",
    "predicate.modal",
    "after",
    "compound",
    "function",
    "relative",
    "relative.verb",
    "relative.complete",
)
_STARTING = ("quantifier", "official", "person", "institution", "head", "noun", "noun.alone")
_FIELD_ROLES = ("field.name", "field.noun", "field.verb")


@cache
def words() -> Words:
    """The words of the lexicon; read once."""
    fields = {role: _forms("agency_fields", role) for role in _FIELD_ROLES}
    classes = {role: _forms("agencies", role) for role in _PHRASE_ROLES}
    classes["noun"] += classes["noun.alone"]
    classes["field"] = fields["field.name"]
    classes["field.noun"] = fields["field.noun"]
    classes["field.capital"] = fields["field.noun"] + fields["field.verb"]
    classes["province"] = [matchable(row["old_name"]).lower() for row in lexicon.rows("provinces")]
    beginning: dict[str, dict[str, tuple[str, ...]]] = {}
    for role, forms in classes.items():
        for word, found in by_first_word(forms).items():
            beginning.setdefault(word, {})[role] = found
    starts = frozenset(word for word, found in beginning.items() if not found.keys().isdisjoint(_STARTING))
    return Words(
        beginning=beginning,
        bare_predicates=by_first_word(skeleton(form) for form in classes["predicate"] if " " in form),
        blocked=lexicon.compiled("|".join(_patterns("blocked"))),
        tails=tuple(e.pattern for e in lexicon.by_role("agencies", "tail")),
        branch=_pattern("branch"),
        places=_pattern("places"),
        superior_cue=_pattern("superior.cue"),
        superior_bare=_pattern("superior.bare"),
        starts=starts,
        start=_one_of(starts),
    )


class Reading:
    """A string in the spelling of rules, with its case and without; offsets are those of the string."""

    __slots__ = ("_at", "_depth", "_phrases", "_word", "low", "plain", "words")

    def __init__(self, text: str) -> None:
        self.plain = matchable(text)
        self.low = lowered(self.plain)
        self.words = words()
        self._depth = 0
        self._at = -1  # many classes are asked for at one place: its word is looked up once
        self._word = ""
        self._phrases = _NONE

    def inner(self, read: Callable[[Reading, int], _T], at: int, otherwise: _T) -> _T:
        """What `read` finds at this place inside another body; bodies stand in bodies, but not for ever."""
        if self._depth >= _DEEPEST:
            return otherwise
        self._depth += 1
        try:
            return read(self, at)
        finally:
            self._depth -= 1

    def word(self, at: int) -> str:
        """The word that begins at this place, in small letters; "" where none does."""
        if at != self._at:
            self._go_to(at)
        return self._word

    def _go_to(self, at: int) -> None:
        found = WORD.match(self.low, at)
        self._at, self._word = at, found[0] if found else ""
        self._phrases = self.words.beginning.get(self._word, _NONE)

    def end(self, role: str, at: int) -> int:
        """Where the longest phrase of this class that begins at `at` ends; -1 where none does."""
        if at != self._at:
            self._go_to(at)
        for phrase in self._phrases.get(role, ()):
            stop = at + len(phrase)
            if self.low.startswith(phrase, at) and not self.low[stop : stop + 1].isalnum():
                return stop
        return -1

    def ends(self, role: str, at: int) -> list[int]:
        """Where the phrases of this class that begin at `at` end, longest first."""
        if at != self._at:
            self._go_to(at)
        phrases = self._phrases.get(role)
        return list(ends_at(phrases, self.low, at)) if phrases else []

    def classes(self, at: int) -> KeysView[str]:
        """The classes of phrases that begin with the word at `at`: any other need not be asked for here."""
        if at != self._at:
            self._go_to(at)
        return self._phrases.keys()

    def has(self, role: str, at: int) -> bool:
        """Whether a phrase of this class begins at `at`."""
        return self.end(role, at) > 0

    def compound(self, at: int) -> bool:
        """Whether the word here is the later part of another word ("môi trường", "nhiệm vụ", "trên cơ sở")."""
        before = self.low.rfind(" ", 0, max(0, at - 1)) + 1
        return before < at and self.low[at - 1 : at] == " " and self.end("compound", before) > at

    def capital(self, at: int) -> bool:
        """Whether a capital stands at this place."""
        return self.plain[at : at + 1].isupper()

    def skip(self, at: int) -> int:
        """The place after spaces."""
        while self.low[at : at + 1] == " ":
            at += 1
        return at

    def blocked(self, at: int, end: int) -> bool:
        """Whether a longer word stands here that only begins like a body ("hội nghị", "ban hành")."""
        if not _may_be_blocked(self.low[at : at + _HEAD]):
            return False
        found = self.words.blocked.match(self.low, at)
        return found is not None and found.end() > end

    def tails(self, at: int) -> list[int]:
        """Where the territories, levels and the like that begin at `at` end, one for each kind of them."""
        kinds = _tails_from(self.plain[at : at + _HEAD])
        return [found.end() for tail in kinds if (found := tail.match(self.plain, at))]

    def duty_at(self, at: int) -> bool:
        """Whether what a body has to do begins here, though the reading lost accents ("khan trương")."""
        if self.has("predicate", at) or self.has("predicate.modal", at):
            return True
        bare = skeleton(self.low[at : at + 24])
        first = WORD.match(bare)
        return first is not None and any(ends_at(self.words.bare_predicates.get(first[0], ()), bare, 0))

    def ends_here(self, end: int, weak: bool = True) -> bool:
        """Whether a name can be over here: punctuation, a conjunction, or what the body has to do."""
        at = self.skip(end)
        if at >= len(self.low) or not self.low[at].isalnum():
            return True
        if at == end:
            return False
        return self.has("after", at) or self.has("predicate" if weak else "predicate.modal", at)


def _one_of(words: Iterable[str]) -> re.Pattern[str]:
    """Any of these as a whole word, grouped by first letter, so that most words of a text fail at once."""
    rests: dict[str, list[str]] = {}
    for word in sorted(words, key=lambda word: (-len(word), word)):
        rests.setdefault(word[0], []).append(re.escape(word[1:]))
    grouped = (f"{first}(?:{'|'.join(rest)})" for first, rest in rests.items())
    return re.compile(rf"\b(?:{'|'.join(grouped)})\b")


@lru_cache(maxsize=4096)
def _may_be_blocked(head: str) -> bool:
    return words().blocked.match(head, partial=True) is not None


@lru_cache(maxsize=4096)
def _tails_from(head: str) -> tuple[regex.Pattern[str], ...]:
    """The kinds of tails that can begin with these characters."""
    return tuple(tail for tail in words().tails if tail.match(head, partial=True))


def _forms(name: str, role: str) -> list[str]:
    return [form for entry in lexicon.by_role(name, role) for form in entry.forms]


def _patterns(role: str) -> list[str]:
    return [f"(?:{entry.expression})" for entry in lexicon.by_role("agencies", role)]


def _pattern(role: str) -> regex.Pattern[str]:
    return lexicon.by_role("agencies", role)[0].pattern
