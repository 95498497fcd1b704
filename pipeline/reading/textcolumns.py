"""Two columns set in running text with tabs or runs of spaces: a letterhead, or the list of recipients beside a signature."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

_GAP = re.compile(r"(?:[ \u00a0]*\t[ \u00a0\t]*|[ \u00a0]{3,})")
_HEAD = 15
_FOOT = 30
_LEAST = 6
_INDENT = 12


class TextLine(NamedTuple):
    """A line of text as it goes into the document; `raw` lines still hold the tabs and spaces they were set with."""

    text: str
    column: int | None = None
    bold: bool = False


def told_apart(lines: Sequence[TextLine]) -> list[TextLine]:
    """The lines with two-column strips at the beginning and the end told apart, left column first.

    A strip is two lines or more that fall into two parts at a wide gap; lines of one part between them belong to
    the side at which they stand. In the middle of a text such lines are a list with tabs and stay as they are.
    """
    out: list[TextLine] = []
    at = 0
    while at < len(lines):
        end = _strip_end(lines, at) if _parts(lines[at]) and _at_edge(lines, at) else at
        if end > at:
            out.extend(_sides(lines[at:end]))
            at = end
        else:
            out.append(lines[at])
            at += 1
    return out


def _at_edge(lines: Sequence[TextLine], at: int) -> bool:
    said = sum(1 for line in lines[:at] if line.text.strip())
    left = sum(1 for line in lines[at:] if line.text.strip())
    return said < _HEAD or left < _FOOT


def _strip_end(lines: Sequence[TextLine], at: int) -> int:
    """The line after the strip that begins at `at`; `at` itself where none does."""
    end = at
    pairs = 0
    for n in range(at, min(len(lines), at + _FOOT)):
        if _parts(lines[n]):
            pairs += 1
            end = n + 1
        elif lines[n].column is not None or (lines[n].text.strip() and not _right(lines[n].text) and n >= end + 2):
            break
    if pairs < 2:
        return at
    return end


def _parts(line: TextLine) -> tuple[str, str] | None:
    """Left and right part of a line with one wide gap; None for text, for numbered items and for columns of figures."""
    if line.column is not None:
        return None
    parts = [p for p in _GAP.split(line.text.strip()) if p]
    if len(parts) != 2 or min(map(len, parts)) < _LEAST or not all(any(c.isalpha() for c in p) for p in parts):
        return None
    return parts[0], parts[1]


def _right(text: str) -> bool:
    return len(text.expandtabs(8)) - len(text.expandtabs(8).lstrip()) >= _INDENT


def _sides(lines: Iterable[TextLine]) -> list[TextLine]:
    left: list[TextLine] = []
    right: list[TextLine] = []
    for line in lines:
        if parts := _parts(line):
            left.append(TextLine(parts[0], 0, line.bold))
            right.append(TextLine(parts[1], 1, line.bold))
        elif line.text.strip():
            side = right if _right(line.text) else left
            side.append(TextLine(line.text.strip(), 1 if side is right else 0, line.bold))
    return left + right
