"""The lexicon says what it says: every entry finds its examples and leaves its counterexamples alone."""

import unicodedata

import pytest
from variants import VARIANTS

from extractors import lexicon
from extractors.text import matchable

ENTRIES = [(name, entry) for name in lexicon.names() for entry in lexicon.load(name)]
IDS = [f"{name}:{entry.id}" for name, entry in ENTRIES]


@pytest.mark.parametrize(("name", "entry"), ENTRIES, ids=IDS)
def test_entry_finds_its_examples(name, entry):
    assert entry.examples, f"{name}.toml: {entry.id} has no example; an entry that nothing shows cannot be trusted"
    missed = [e for e in entry.examples if not entry.found_in(e)]
    assert not missed


@pytest.mark.parametrize(("name", "entry"), ENTRIES, ids=IDS)
def test_entry_leaves_its_counterexamples_alone(name, entry):
    taken = [e for e in entry.counterexamples if entry.found_in(e)]
    assert not taken


def told_by_case(entry):
    """Whether capitals are what an entry goes by: "Cần Thơ" is a place, "cần" is none."""
    return entry.case or "(?-i" in entry.expression


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("name", lexicon.names())
def test_how_a_text_is_written_does_not_matter(name, variant):
    entries = [e for e in lexicon.load(name) if not (variant == "capitals" and told_by_case(e))]
    write = VARIANTS[variant]
    missed = [(e.id, text) for e in entries for text in e.examples if not e.found_in(write(text))]
    taken = [(e.id, text) for e in entries for text in e.counterexamples if e.found_in(write(text))]
    assert (missed, taken) == ([], [])


@pytest.mark.parametrize(("name", "entry"), ENTRIES, ids=IDS)
def test_entry_is_written_in_the_one_spelling(name, entry):
    written = [*entry.forms, *([entry.pattern.pattern] if not entry.forms else [])]
    assert all(w == unicodedata.normalize("NFC", w) for w in written)
    assert all(w == w.strip() and w == matchable(w) for w in entry.forms)


def test_ids_are_unique_across_files():
    ids = [entry.id for _, entry in ENTRIES]
    assert len(ids) == len(set(ids))
