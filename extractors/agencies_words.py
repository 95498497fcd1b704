"""Từ vựng về cơ quan: the words of bodies from the lexicon, ready to be looked up at a place in a text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import regex

from extractors import lexicon

WORD = re.compile(r"\w+")


class Phrases:
    """A set of phrases (lower case, one spelling); finds the longest that stands at a place, as whole words."""

    def __init__(self, forms: Iterable[str]) -> None:
        self._by_first: dict[str, tuple[str, ...]] = {}
        grouped: dict[str, list[str]] = {}
        for form in set(forms):
            first = WORD.match(form)
            grouped.setdefault(first[0] if first else form, []).append(form)
        for word, found in grouped.items():
            self._by_first[word] = tuple(sorted(found, key=len, reverse=True))

    def end(self, low: str, at: int) -> int:
        """Where the longest phrase that begins at `at` ends; -1 where none does. `low` is lower-case text."""
        first = WORD.match(low, at)
        if first is None:
            return -1
        for form in self._by_first.get(first[0], ()):
            stop = at + len(form)
            if low.startswith(form, at) and not low[stop : stop + 1].isalnum():
                return stop
        return -1

    @property
    def first_words(self) -> frozenset[str]:
        """The words that a phrase can begin with."""
        return frozenset(self._by_first)


@dataclass(frozen=True, slots=True)
class Words:
    """Every class of words that the grammar of mentions joins."""

    quantifier: Phrases
    official: Phrases
    person: Phrases
    institution: Phrases
    capital: Phrases
    head: Phrases
    house: Phrases
    noun: Phrases
    alone: Phrases
    association: Phrases
    complement: Phrases
    predicate: Phrases
    modal: Phrases
    relative: Phrases
    complete: Phrases
    nameable: Phrases
    nesting: Phrases
    field: Phrases
    field_noun: Phrases
    field_capital: Phrases
    blocked: regex.Pattern[str]
    tails: tuple[regex.Pattern[str], ...]
    places: regex.Pattern[str]
    starts: frozenset[str]


@cache
def words() -> Words:
    """The words of the lexicon; read once."""
    classes = {
        name: Phrases(_forms(role))
        for name, role in (
            ("quantifier", "quantifier"),
            ("official", "official"),
            ("person", "person"),
            ("institution", "institution"),
            ("capital", "capital"),
            ("head", "head"),
            ("house", "house"),
            ("noun", "noun"),
            ("alone", "noun.alone"),
            ("association", "noun.association"),
            ("complement", "complement"),
            ("predicate", "predicate"),
            ("modal", "predicate.modal"),
            ("relative", "relative"),
            ("complete", "relative.complete"),
            ("nameable", "official.nameable"),
            ("nesting", "nesting"),
        )
    }
    fields = {role: [f for e in lexicon.by_role("agency_fields", role) for f in e.forms] for role in _FIELD_ROLES}
    starting = ("quantifier", "official", "person", "institution", "head", "noun", "alone")
    return Words(
        **classes,
        field=Phrases(fields["field.name"]),
        field_noun=Phrases(fields["field.noun"]),
        field_capital=Phrases([*fields["field.noun"], *fields["field.verb"]]),
        blocked=regex.compile("|".join(_patterns("blocked")), regex.IGNORECASE | regex.V1),
        tails=tuple(e.pattern for e in lexicon.by_role("agencies", "tail")),
        places=lexicon.by_role("agencies", "places")[0].pattern,
        starts=frozenset().union(*(classes[name].first_words for name in starting)),
    )


_FIELD_ROLES = ("field.name", "field.noun", "field.verb")


def _forms(role: str) -> list[str]:
    return [form for entry in lexicon.by_role("agencies", role) for form in entry.forms]


def _patterns(role: str) -> list[str]:
    return [f"(?:{entry.pattern.pattern})" for entry in lexicon.by_role("agencies", role)]
