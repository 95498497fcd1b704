"""Dòng: printed lines cut where a letterhead that lost its layout runs several parts together.

A piece is what would stand on a line of its own in the prescribed form. Texts of law portals put "Số: … Hà Nội,
ngày … QUYẾT ĐỊNH VỀ VIỆC …" on one line; readings of scans put the two columns of a letterhead side by side.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

import regex

from extractors.lexicon import by_role
from extractors.model import Document, Line
from extractors.patterns import one_pattern
from extractors.scanned_lines import parts_of, stands_apart
from extractors.text import Passage, matchable, passage, skeleton

_RULE = regex.compile(r"[-_=~.*—–]{4,}|\s\*{1,5}(?=\s|$)|(?<!\w)-{2,}(?!\w)(?!\s\d{4}(?!\d))")
LONGEST = 4000
BARE_NUMBER = regex.compile(
    r"^\W{0,3}(?:\S{1,4}[:.]\s?)?[\d\W]{0,8}\d[\d'\"]{0,5}\s?/\s?\p{Lu}[\p{Lu}&.]+(?:\s?-\s?[\p{L}&]+)*\W*$"
)
# a number line of which the recognition kept the "S" of its label and the symbol
SPOILT_NUMBER = regex.compile(
    r"^\W{0,3}[Ss5§$]\S{0,3}[\s:.]{0,3}\S{0,8}\s?\S{0,4}\s?[/⁄]\s?\p{Lu}[\p{Lu}&.]+(?:\s?-\s?[\p{L}&]+)*\W*$"
)
_CELL = regex.compile(r"\s*\|+\s*|^\s*[#>]+\s*")
_STAR = regex.compile(r"\s*[*+]\s+\S")
_MARK = regex.compile(r"^\s*[#>]+\s*")
_ABOUT = regex.compile(r"(?<!\w)V\s?/\s?v\b|(?<!\w)V/V\b")
_PLACE = regex.compile(
    r"(?<![\w/.-])(?:(?:TP|Tp|T\.P|Thành phố|Thị xã|Huyện|Tỉnh|Xã|Phường|Quận)\.?\s?)?"
    r"(?:\p{Lu}['’]?[\p{Ll}'’]+(?:\s?-\s?|\s)?){1,4}(?:\p{Lu}{2,4})?\s*[,.;:]{0,2}\s*$|"
    r"(?<![\w/.-])TP\.?\s?HCM\s*[,.]?\s*$"
)
_DATE = regex.compile(r"(?<!\w)ng[ad][yuvj].{0,14}?th[aio]?n?g.{0,12}?[nhjm ].?am\W{0,4}(?:\d[\d ]{0,5}\d|\d\b|\b)")
_NUMBER = regex.compile(
    r"(?<!\w)(?:(?:luat|nghi quyet|nghi dinh|phap lenh|bo luat|lenh)\s+)?(?:s\s?[oae6d]|\$6|56)\s{0,2}"
    r"(?:[:.;]{1,2}(?=.{0,30}?[/-]|\s*$|\s*\d)|(?=\s*\d{1,5}\s?-\s?\p{L}{2,6}\s?/)|(?=\s*\d{0,5}\s?/\s?[\p{L}(]))"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """One line of the form. `key` is its text without accents, `gap` says that an empty line stands before it,
    `starred` that a mark of Markdown, which is not part of the words, makes it an item of a list; `x` and `right` are
    where its line begins and ends on the page."""

    words: Passage
    key: str
    line: int
    column: int | None
    bold: bool
    gap: bool
    starts_line: bool
    x: float | None = None
    right: float | None = None
    starred: bool = False

    @property
    def text(self) -> str:
        """Its text as printed."""
        return self.words.text

    @property
    def capitals(self) -> bool:
        """Whether it is written in capitals (a reading may have lost some)."""
        letters = [c for c in self.words.text if c.isalpha()]
        return len(letters) > 1 and sum(c.isupper() for c in letters) >= 0.75 * len(letters)


def pieces(document: Document, start: int = 0, end: int | None = None, head: bool = True) -> Iterator[Piece]:
    """The pieces of the lines document.lines[start:end], in reading order."""
    lines = document.lines
    for n in range(start, len(lines) if end is None else min(end, len(lines))):
        yield from cut_line(document, n, head)


def cut_line(document: Document, n: int, head: bool = True) -> Iterator[Piece]:
    """The pieces of one printed line; of an endless line only its beginning (for a closing, its end)."""
    line = document.lines[n]
    before = document.lines[n - 1].end if n else 0
    gap = document.text.count("\n", before, line.start) > 1 or stands_apart(document, n)
    first = True
    for part in parts_of(document, n, head):
        if part.end - part.start > LONGEST:
            start, end = (part.start, part.start + LONGEST) if head else (part.end - LONGEST, part.end)
            part = replace(part, start=start, end=end)
        starred = bool(_STAR.match(document.text, part.start))
        for words in _cuts(passage(document, (part,)), head):
            yield _piece(words, part, n, gap and first, first, starred)
            first = starred = False


def _piece(words: Passage, line: Line, n: int, gap: bool, first: bool, starred: bool) -> Piece:
    return Piece(words, skeleton(words.text), n, line.column, line.bold, gap, first, *_sides(line), starred)


def _sides(line: Line) -> tuple[float | None, float | None]:
    return (line.box.x0, line.box.x1) if line.box else (None, None)


def _cuts(words: Passage, head: bool) -> Iterator[Passage]:
    text = matchable(words.text)
    at = {0, len(text)}
    drop: list[tuple[int, int]] = []
    key = skeleton(text)
    if is_running(key):
        yield words
        return
    for pattern in (_CELL if text.startswith("|") else _MARK, _RULE):
        for m in pattern.finditer(text):
            at.update(m.span())
            drop.append(m.span())
    if head:
        at.update(_head_cuts(text))
    points = sorted(at)
    for a, b in pairwise(points):
        if any(d[0] <= a and b <= d[1] for d in drop):
            continue
        part = words.cut(a, b)
        if part.text:
            yield part


@lru_cache(maxsize=1024)  # the same lines are cut for letterhead and closing, and left out of the body
def is_running(key: str) -> bool:
    """Whether a line, by its key, is a running head, a page number or part of a signature block."""
    return one_pattern("noise", "running").search(key) is not None


def _head_cuts(text: str) -> Iterable[int]:
    """Where the parts of a letterhead begin and end inside one line."""
    key = skeleton(text)
    at: set[int] = set()
    for entry in by_role("landmarks", "motto"):
        for m in entry.pattern.finditer(key):
            at.update(m.span())
    if dated := place_date(text, key):
        at.update((dated[0], dated[2]))
    if numbered := number_label(text, key):
        at.add(numbered.start())
    for m in _ABOUT.finditer(text):
        if m.start() and (numbered or text[m.start() - 1] in ".-"):
            at.add(m.start())
    to = next((m for e in by_role("landmarks", "addressees") for m in e.pattern.finditer(key)), None)
    if to and text[to.start()] == "K":
        at.add(to.start())
    return at


def place_date(text: str, key: str) -> tuple[int, int, int] | None:
    """Where place, date and end of the date stand in a line that holds the date of the document.

    A date inside running text has no place before it, or words after it.
    """
    for m in _DATE.finditer(key):
        place = _PLACE.search(text, 0, m.start())
        if place:
            return place.start(), m.start(), m.end()
        before = text[: m.start()]
        if len(text) < 60 and before.rstrip().endswith(",") and not any(c.isdigit() or c in "/;:" for c in before):
            return 0, m.start(), m.end()
        if m.start() <= 2 and not any(c.isalpha() for c in key[m.end() :]):
            return m.start(), m.start(), m.end()
    return None


def number_label(text: str, key: str) -> regex.Match[str] | None:
    """ "Số:" of a letterhead before something that may be a number; never in the middle of a sentence."""
    for m in _NUMBER.finditer(key):
        before = text[: m.start()].rstrip(" -|.,_")
        if text[m.start()] in "S$5LNPB" or m.start() == 0:
            inside = len(before) > 12 and not m[0].rstrip().endswith((":", ".", ";"))
            if not inside and (not before or before.isupper() or not before[-1].isalnum()):
                return m
    return None
