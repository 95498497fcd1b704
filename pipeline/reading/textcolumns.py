"""Two columns set in running text with tabs or runs of spaces: a letterhead, or recipients beside a signature."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

_GAP = re.compile(r"(?:[ \u00a0]*\t[ \u00a0\t]*|[ \u00a0]{3,})")
_HEAD = 15
_FOOT = 30
_LEAST = 6
_INDENT = 12
_LONG = 80


class TextLine(NamedTuple):
    """A line of text as it goes into the document; `raw` lines still hold the tabs and spaces they were set with."""

    text: str
    column: int | None = None
    bold: bool = False


def told_apart(lines: Sequence[TextLine], head: bool = True) -> list[TextLine]:
    """The lines with two-column strips at the beginning (if `head`) and at the end told apart, left column first.

    A strip is two lines or more that fall into two parts at a wide gap; lines of one part between them belong to
    the side at which they stand. In the middle of a text such lines are a list with tabs and stay as they are.
    """
    said = [0]
    for line in lines:
        said.append(said[-1] + bool(line.text.strip()))
    out: list[TextLine] = []
    at = 0
    while at < len(lines):
        top = head and said[at] < _HEAD
        foot = not top and said[-1] - said[at] < _FOOT
        end = _strip_end(lines, at, foot) if (top or foot) and _parts(lines[at]) else at
        if end > at:
            out.extend(_sides(lines[at:end]))
            at = end
            head = False
        else:
            out.append(lines[at])
            at += 1
    return out


def _strip_end(lines: Sequence[TextLine], at: int, foot: bool) -> int:
    """The line after the strip that begins at `at`; `at` itself where none does.

    At the foot one pair of lines is enough where more stands at the right below it: list and signature.
    """
    end = at
    pairs = lone = 0
    blank = False
    for n in range(at, min(len(lines), at + _FOOT)):
        text = lines[n].text.strip()
        right = _right(lines[n].text) and not _parts(lines[n])
        if _parts(lines[n]):
            pairs += 1
            end = n + 1
        elif (
            lines[n].column is not None
            or len(text) > _LONG
            or (not foot and text and not right and (blank or n >= end + 2))
        ):
            break
        elif foot and right and text:
            lone += 1
            end = n + 1
        blank = not text
    return end if pairs > 1 or (pairs and lone) else at


def _parts(line: TextLine) -> tuple[str, str] | None:
    """Left and right part of a line with one wide gap; None for text, for numbered items and for columns of figures."""
    if line.column is not None:
        return None
    parts = [p for p in _GAP.split(line.text.strip()) if p]
    if len(parts) != 2 or min(map(len, parts)) < _LEAST or not all(any(c.isalpha() for c in p) for p in parts):
        return None
    if not parts[1][0].isalnum() and parts[1][0] not in "(.…_-":
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
