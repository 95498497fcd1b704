"""Lựa chọn trong mẫu: the alternatives that a pattern joins, looked for one by one.

Each of them mostly has letters of its own that the engine looks for first; what joins many has none, and is tried at
every place of a text.
"""

from __future__ import annotations

from functools import cache

import regex

from extractors import lexicon

_STEP = regex.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[()|]", regex.S)
_FLAGS = regex.compile(r"\(\?[a-z]+\)")


def stands_in(entry: lexicon.Entry, text: str) -> bool:
    """Whether the entry's pattern is found anywhere in a text in the spelling that it is written in.

    >>> stands_in(lexicon.Entry("one", "do|re(?:mi|fa)"), "cdorefa"), stands_in(lexicon.Entry("one", "do|re"), "mi")
    (True, False)
    """
    return any(lexicon.compiled(one, entry.case).search(text) for one in _alternatives(entry.expression))


@cache
def _alternatives(expression: str) -> tuple[str, ...]:
    """The expression cut where its outermost alternatives meet; each has the flags that all begin with."""
    flags = _FLAGS.match(expression)
    begin = flags.end() if flags else 0
    depth, cuts = 0, [begin - 1]
    for step in _STEP.finditer(expression, begin):
        depth += (step[0] == "(") - (step[0] == ")")
        if step[0] == "|" and not depth:
            cuts.append(step.start())
    ends = [*cuts[1:], len(expression)]
    return tuple(expression[:begin] + expression[a + 1 : b] for a, b in zip(cuts, ends, strict=True))
