"""Mẫu từ: the entries of one role in a lexicon file as one pattern."""

from __future__ import annotations

from functools import cache

import regex

from extractors import lexicon


@cache
def one_pattern(file: str, role: str) -> regex.Pattern[str]:
    """All entries of a role as one pattern, whatever the case; texts must be in matchable spelling."""
    return lexicon.compiled("|".join(f"(?:{e.expression})" for e in lexicon.by_role(file, role)))


@cache
def at_end(file: str, role: str) -> regex.Pattern[str]:
    """The same for entries that end a text: whether they do is looked for from there, in a third of the time."""
    pattern = one_pattern(file, role)
    return regex.compile(pattern.pattern, pattern.flags | regex.REVERSE)


@cache
def word(role: str) -> regex.Pattern[str]:
    """The small words of that role that hold clauses together (`lexicon/clause_words.toml`)."""
    return one_pattern("clause_words", role)
