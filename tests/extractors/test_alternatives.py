"""The alternatives of a pattern, looked for one by one, find what the whole pattern finds."""

from __future__ import annotations

import pytest

from extractors.alternatives import stands_in
from extractors.lexicon import by_role
from extractors.text import skeleton

SIGNS = [
    e for role in ("commentary", "news", "mail", "web", "advert", "form", "contract") for e in by_role("genre", role)
]


@pytest.mark.parametrize("entry", SIGNS, ids=lambda e: e.id)
def test_an_entry_stands_where_its_pattern_is_found(entry):
    for text in (*entry.examples, *entry.counterexamples, "", "cho den nay chua co so nao"):
        key = skeleton(text)
        assert stands_in(entry, key) == bool(entry.pattern.search(key)), text
