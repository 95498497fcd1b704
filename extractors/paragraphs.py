"""Đoạn: printed lines joined back into paragraphs, over page breaks and running heads."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

import regex

from extractors.markers import Marker, inline_markers, marker_at
from extractors.model import Document, Line, Span
from extractors.patterns import at_end, word
from extractors.text import Passage, join, matchable, passage

_HARD_WRAP = range(45, 131)
_FULL = 0.86
_INDENT = 8.0
_RULE = regex.compile(r"^[\W_]*$")
_LONGEST_BRACKET = 400
_CLOSES_BRACKET = regex.compile(r"[^(;]{1,60}\)")
_ENDED = regex.compile(r"(?:[.;:!?]|\./\.)[\"'”)]*$")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph: its number or bullet (None where it has none), its words after that, bold throughout or not."""

    marker: Marker | None
    passage: Passage
    bold: bool = False


@dataclass(frozen=True, slots=True)
class _Ruler:
    """How the lines of a document are broken: at a right margin (points), at a width (characters), or not at all."""

    right: float | None
    left: float | None
    width: float | None

    def full(self, line: Line, text: str, word: str) -> bool:
        """Whether the next word would not have fitted on this line."""
        if self.right is not None and line.box is not None and text:
            letter = (line.box.x1 - line.box.x0) / len(text)
            return line.box.x1 + letter * (len(word) + 1) > self.right - letter
        return self.width is not None and len(text) + 1 + len(word) > self.width * _FULL

    def indented(self, line: Line) -> bool | None:
        if self.left is None or line.box is None:
            return None
        return line.box.x0 > self.left + _INDENT


def paragraphs(document: Document, part: Span, leave_out: Sequence[Span] = ()) -> tuple[Paragraph, ...]:
    """The paragraphs of one stretch of a document; lines inside `leave_out` (page heads, tables) are passed over."""
    lines = [line for line in _lines(document, part, leave_out) if not _is_blank(document.text, line)]
    ruler = _ruler(document, lines)
    out: list[Paragraph] = []
    for group, whole in _groups(document, lines, ruler):
        bold = all(line.bold for line in group)
        out.extend(_cut_at_markers(whole, bold, document, group))
    return tuple(_with_lone_markers(out))


def _lines(document: Document, part: Span, leave_out: Sequence[Span]) -> Iterator[Line]:
    gaps = _merged(leave_out)
    starts = [g.start for g in gaps]
    first = bisect_right(document.lines, part.start, key=lambda line: line.end)
    for line in document.lines[max(0, first - 1) :]:
        if line.start >= part.end:
            return
        if line.end <= part.start or line.end == line.start:
            continue
        n = bisect_right(starts, line.start) - 1
        if n >= 0 and gaps[n].end >= min(line.end, part.end):
            continue
        if line.start >= part.start and line.end <= part.end:
            yield line
        else:
            yield replace(line, start=max(line.start, part.start), end=min(line.end, part.end))


def _merged(spans: Sequence[Span]) -> list[Span]:
    """The stretches in order, those that overlap made one."""
    out: list[Span] = []
    for span in sorted(spans, key=lambda s: s.start):
        if out and span.start <= out[-1].end:
            out[-1] = Span(out[-1].start, max(out[-1].end, span.end))
        else:
            out.append(span)
    return out


def _is_blank(text: str, line: Line) -> bool:
    words = text[line.start : line.end].strip()
    if not words[:1].isalpha() and _RULE.match(words):
        return words not in {"-", "+"}
    return bool(word("page_mark").match(words))


def _ruler(document: Document, lines: Sequence[Line]) -> _Ruler:
    boxes = [line.box for line in lines if line.box is not None and line.column is None]
    if len(boxes) >= 8 and len(boxes) * 2 > len(lines):
        rights = sorted(b.x1 for b in boxes)
        lefts = sorted(b.x0 for b in boxes)
        return _Ruler(rights[int(len(rights) * 0.9)], lefts[int(len(lefts) * 0.1)], None)
    if document.format in {"docx", "html"}:
        return _Ruler(None, None, None)
    lengths = sorted(line.end - line.start for line in lines)
    if len(lengths) < 6:
        return _Ruler(None, None, None)
    long, longest = lengths[int(len(lengths) * 0.9)], lengths[-1]
    wrapped = long in _HARD_WRAP and longest < 1.6 * long and median(lengths) > 0.5 * long
    return _Ruler(None, None, float(long) if wrapped else None)


def _groups(document: Document, lines: Sequence[Line], ruler: _Ruler) -> Iterator[tuple[list[Line], Passage]]:
    """The lines of each paragraph, and their words."""
    group: list[Line] = []
    first = Passage("", ())
    before = ""
    for line in lines:
        here = passage(document, [line])
        words = matchable(here.text)
        if not words:
            continue
        if group and not _continues(document, group, before, line, words, ruler):
            yield group, first if len(group) == 1 else passage(document, group)
            group = []
        if not group:
            first = here
        group.append(line)
        before = words
    if group:
        yield group, first if len(group) == 1 else passage(document, group)


def _continues(document: Document, group: list[Line], before: str, line: Line, words: str, ruler: _Ruler) -> bool:
    """Whether a line goes on with the paragraph of the lines before it."""
    last = group[-1]
    full = ruler.full(last, before, words.split(" ", 1)[0])
    ended = bool(_ENDED.search(before)) or (before.endswith(")") and document.text.startswith("(", group[0].start))
    if _CLOSES_BRACKET.match(words) and before[-1] not in ".;" and _open_bracket(document, group):
        return True
    marker = marker_at(words)
    if marker is not None:
        return _is_no_marker(marker, before, ended, full, ruler.indented(line))
    if (opened := marker_at(before)) is not None and opened.end >= len(before):
        return True
    first = words[0]
    if first == "/" and words[1:2].isdigit():  # the rest of a date
        return True
    if first.islower() or first in ",;:)]%":
        return not ended or not _blank_between(document, last, line) or first in ",;:)]%"
    if not ended and at_end("clause_words", "open_end").search(before):
        return True
    indented = ruler.indented(line)
    if ruler.right is None and ruler.width is None:
        return False
    if not full:
        return False
    if indented is not None:
        return not indented or (not ended and not _is_heading_shape(before))
    return not ended or not _blank_between(document, last, line)


def _open_bracket(document: Document, group: Sequence[Line]) -> bool:
    """Whether the words so far end within a bracket."""
    end = group[-1].end
    words = document.text[max(group[0].start, end - _LONGEST_BRACKET) : end]
    return words.rfind("(") > words.rfind(")")


def _is_no_marker(marker: Marker, before: str, ended: bool, full: bool, indented: bool | None) -> bool:
    """A dash or number at the start of a line that belongs to the sentence before it ("Lao động / - Thương binh")."""
    if marker.kind in {"bullet", "plus"}:
        return full and not ended and indented is not True and not before.endswith(":")
    return not ended and at_end("clause_words", "reference_end").search(before) is not None


def _is_heading_shape(text: str) -> bool:
    return len(text) < 60 or text.isupper()


def _blank_between(document: Document, last: Line, line: Line) -> bool:
    if last.page is not None and line.page is not None and last.page == line.page and last.box and line.box:
        return line.box.top - last.box.bottom > 1.2 * (last.box.bottom - last.box.top)
    return document.text.count("\n", last.end, line.start) > 1


def _cut_at_markers(whole: Passage, bold: bool, document: Document, group: Sequence[Line]) -> Iterator[Paragraph]:
    """The items that one paragraph runs together: "a) ...; b) ..." and "2. Heading 2.1. First"."""
    starred = document.text[group[0].start : group[0].end].lstrip().startswith(("* ", "\\* "))
    at = 0
    for cut in [*inline_markers(matchable(whole.text)), len(whole.text)]:
        piece = whole.cut(at, cut)
        if piece.text:
            yield _paragraph(piece, bold, starred and at == 0)
        at = cut


def _paragraph(piece: Passage, bold: bool, starred: bool) -> Paragraph:
    marker = marker_at(matchable(piece.text))
    if marker is not None:
        return Paragraph(marker, piece.cut(marker.end), bold)
    return Paragraph(Marker("bullet", "*", 0) if starred else None, piece, bold)


def _with_lone_markers(found: Iterable[Paragraph]) -> Iterator[Paragraph]:
    """A number that stands on a line of its own belongs to the paragraph after it."""
    waiting: Paragraph | None = None
    for one in found:
        if waiting is not None and one.marker is None:
            one = Paragraph(waiting.marker, one.passage, one.bold)
            waiting = None
        elif waiting is not None:
            yield waiting
            waiting = None
        if one.marker is not None and not one.passage.text:
            waiting = one
            continue
        yield one


def joined(found: Sequence[Paragraph]) -> Passage:
    """The words of several paragraphs as one passage, without their numbers."""
    return join([p.passage for p in found if p.passage.text])
