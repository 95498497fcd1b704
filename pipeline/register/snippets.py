"""The words around a match, in the document's own spelling, whatever accents the query had."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache
from itertools import chain, islice

from extractors.text import fold

_AROUND = 60
_ENOUGH = 200  # matches looked at for the window with most of the query's words
_IN_WORD = r"[^\W_]"  # as the indexes part words
_TOKEN = re.compile(rf"{_IN_WORD}+")
_ACCENTED = chain(range(0x00C0, 0x0250), range(0x1EA0, 0x1F00))


@cache
def _spellings() -> dict[str, str]:
    """Plain letter -> all letters with accents that fold to it, small and capital."""
    out: dict[str, str] = {}
    for letter in map(chr, _ACCENTED):
        plain = fold(letter)
        if len(plain) == 1 and plain != letter:
            out[plain] = out.get(plain, "") + letter
    return out


def pattern(parts: Sequence[str]) -> re.Pattern[str]:
    """Finds any of the parts as whole words, accents and case aside; group n tells that it is part n - 1."""
    spelled = [_spelled(part) for part in parts]
    firsts = "".join(first for first, _ in spelled)
    # Any first letter before all else: so by far most places are passed over at once.
    each = "|".join(rf"(?<=[{first}])({rest})(?!{_IN_WORD})" for first, rest in spelled)
    return re.compile(rf"[{firsts}](?<!{_IN_WORD}{_IN_WORD})(?:{each})")


def _spelled(part: str) -> tuple[str, str]:
    """The first letter, however it is spelt, and the pattern of what follows it."""
    first, *others = _TOKEN.findall(fold(part)) or [part]
    rest = (first[1:], *others)
    return _letter(first[0]), r"[\W_]+".join("".join(f"[{_letter(c)}]" for c in token) for token in rest)


def _letter(c: str) -> str:
    return re.escape(c + c.upper()) + _spellings().get(c, "")


def snippet(text: str, find: re.Pattern[str]) -> str | None:
    """A stretch of the text with most of the parts, matches between "[" and "]"; None where nothing matches."""
    matches = list(islice(find.finditer(text), _ENOUGH))
    if not matches:
        return None
    best = matches[_fullest(matches)]
    start = max(0, best.start() - _AROUND)
    end = min(len(text), best.end() + 2 * _AROUND)
    start, end = _at_space(text, start, 1), _at_space(text, end, -1)
    return _marked(text, start, max(end, best.end()), matches)


def _fullest(matches: Sequence[re.Match[str]]) -> int:
    """The first match with the most parts near behind it."""
    starts = [match.start() for match in matches]
    if starts[-1] - starts[0] < 2 * _AROUND:
        return 0  # all are near
    parts = [match.lastindex for match in matches]
    near = [len(set(parts[n : bisect_left(starts, start + 2 * _AROUND)])) for n, start in enumerate(starts)]
    return near.index(max(near))


def _at_space(text: str, at: int, step: int) -> int:
    if at in (0, len(text)):
        return at
    for moved in range(at, at + 15 * step, step):
        if 0 <= moved < len(text) and text[moved].isspace():
            return moved
    return at


def _marked(text: str, start: int, end: int, matches: Sequence[re.Match[str]]) -> str:
    out, at = ["..." if start else ""], start
    for m in matches:
        if start <= m.start() and m.end() <= end:
            out += [text[at : m.start()], "[", m.group(), "]"]
            at = m.end()
    out += [text[at:end], "..." if end < len(text) else ""]
    return " ".join("".join(out).split())
