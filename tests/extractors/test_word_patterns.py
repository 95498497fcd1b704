"""Patterns tried only at the words they can begin with find what they would find anywhere."""

from __future__ import annotations

import string
import time

import pytest
import regex

from extractors import lexicon
from extractors.predicates import _actors, actor_at
from extractors.word_patterns import AT_WORDS, at_words, expressions

_TEXTS = [
    text
    for file in ("assignment_frames", "clause_words", "directive_verbs")
    for e in lexicon.load(file)
    for text in (*e.examples, *e.counterexamples)
]


def _outside_groups(expression: str) -> str:
    """An expression without what stands in its brackets."""
    bare = regex.sub(r"\\.|\[(?:\\.|[^\]])*\]", "", expression)
    while (inner := regex.sub(r"\([^()]*\)", "", bare)) != bare:
        bare = inner
    return bare


@pytest.mark.parametrize(("file", "name"), AT_WORDS)
def test_entries_begin_at_the_head_of_a_word(file: str, name: str) -> None:
    assert expressions(file, name)
    for expression in expressions(file, name):
        assert expression.startswith((r"(?<!\w)", r"(?<![\w])"))
        assert "|" not in _outside_groups(expression)
        assert not regex.search(r"\(\?<=|\\[BG]|\(\?<!\^", expression)


@pytest.mark.parametrize(("file", "name"), AT_WORDS)
def test_entries_begin_with_a_letter_or_figure(file: str, name: str) -> None:
    pattern = at_words(file, name).pattern
    for c in f"{string.punctuation}{string.whitespace}“”–…\u0301\u203f":
        assert not pattern.match(c, partial=True)


@pytest.mark.parametrize(("file", "name"), AT_WORDS)
@pytest.mark.parametrize("between", ["", " ", ", ", "² ", "²", "1", "đ", "_", "\u0301", "("])
def test_finds_what_the_pattern_finds_anywhere(file: str, name: str, between: str) -> None:
    pattern = at_words(file, name)
    for n, one in enumerate(_TEXTS):
        plain = one + between + _TEXTS[(7 * n + 3) % len(_TEXTS)]
        for text in (plain, between + plain.upper()):
            for start, end in ((0, len(text)), (5, len(text) - 3)):
                found = [m.span() for m in pattern.finditer(text, start, end)]
                assert found == [m.span() for m in pattern.pattern.finditer(text, start, end)]


def test_quick_look_passes_over_no_actor() -> None:
    texts = [t for e in lexicon.load("actors") for t in (*e.examples, *e.counterexamples)]
    for text in [*texts, *_TEXTS, "các tổ chức", "Những tổ chức hành nghề", "QUÝ TỔ CHỨC"]:
        for at in range(len(text)):
            if _actors().match(text, at):
                assert actor_at(text, at) == _actors().match(text, at).end()


def test_a_long_text_takes_time_in_proportion_to_its_length() -> None:
    times = []
    for n in (20_000, 80_000):
        text = "1" * n + " đề nghị" * n
        began = time.process_time()
        assert sum(1 for _ in at_words("assignment_frames", "task.request").finditer(text)) == n - 1
        times.append(time.process_time() - began)
    assert times[1] < 12 * times[0] + 0.05
