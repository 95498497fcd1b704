"""Câu viện dẫn: the clause in which a dispatch cites another document, parted at the number and at the paper's name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import regex

from extractors.document_type import types
from extractors.lexicon import by_role
from extractors.model import Span

MASK = "¤"
MOST = 300  # mentions that are looked at in one document: lists of laws go on for pages
_REACH = 420
_MARKER = regex.compile(r"^\s*(?:(?P<bullet>[-–•+*])|(?P<item>\d{1,2}(?:\.\d{1,2})*[.)]|[a-zđ]\)|[IVX]{1,4}[.)]))\s+")
_SAID = regex.compile(r"^\W{0,3}(?:v/v|về việc)\s+", regex.IGNORECASE)
_SPACES = regex.compile(r"[\s*\\]{2,}|[^\S ]|[*\\]")  # and marks of markdown; one space alone stays as it is


@dataclass(frozen=True, slots=True)
class Citing:
    """One mention of a number. All words are in the one spelling, numbers of other documents masked.

    `before` runs from the start of the clause to the name of the paper, `paper` is that name, `after` from the number
    to the end of the sentence, `rest` what comes next, as it is. `item`: a numbered item opens here.
    """

    number: str
    span: Span
    clause: Span
    before: str
    paper: str | None
    after: str
    rest: str
    item: bool

    @property
    def beyond(self) -> str:
        """What comes after the sentence."""
        return _flat(self.rest)


def read_citings(text: str, mentions: Sequence[tuple[str, Span]]) -> Iterator[Citing]:
    """The clause of each mention; `text` is in the one spelling (`matchable`)."""
    masked = _masked(text, mentions)
    for number, span in mentions[:MOST]:
        start, end = _clause(text, span)
        opened = _MARKER.match(text[start : span.start])
        start += opened.end() if opened else 0
        left = _SAID.sub("", _flat(masked[start : span.start]).lstrip())
        before, paper = _parted(left)
        yield Citing(
            number,
            span,
            Span(start, end),
            before,
            paper,
            _flat(masked[span.end : end]),
            masked[end : end + _REACH],
            bool(opened and opened["item"]),
        )


def _masked(text: str, mentions: Sequence[tuple[str, Span]]) -> str:
    parts, at = [], 0
    for _, span in mentions:
        if span.start >= at:
            parts += [text[at : span.start], MASK * (span.end - span.start)]
            at = span.end
    return "".join([*parts, text[at:]])


def _clause(text: str, span: Span) -> tuple[int, int]:
    """Where the clause around a number begins and ends."""
    first = max(0, span.start - _REACH)
    stops = [m.end() for m in _stop().finditer(text, first, span.start)]
    start = stops[-1] if stops else first
    stop = _stop().search(text, span.end, span.end + _REACH)
    return start, stop.start() + 1 if stop else min(len(text), span.end + _REACH)


@cache
def _stop() -> regex.Pattern[str]:
    """Where a clause ends: a sentence, a semicolon, an item, a line in capitals, a line that opens a new paragraph."""
    opening = "|".join(regex.escape(form) for entry in by_role("relations", "break") for form in entry.forms)
    return regex.compile(
        r"(?<!(?<!\p{L})(?:TP|Tp|ThS|TS|GS|Đ/c|đ/c|Q|P))(?<!Điều \d{1,2})[.!?]+[\"')]*\s+(?=\p{Lu}|[-–•+*\"(])"
        r"|;\s|:\s*\n|\n\s*\n"
        r"|\n\s*(?=(?:[-–•+*]|\d{1,2}(?:\.\d{1,2})*[.)]|[a-zđ]\)|[IVX]{1,4}\.)\s"
        rf"|(?:{opening})(?!\w)|\p{{Lu}}{{2,}}\s\p{{Lu}}{{2,}})"
    )


def _flat(text: str) -> str:
    return _SPACES.sub(" ", text)


def _parted(left: str) -> tuple[str, str | None]:
    """The words before a number without the name of the paper, and that name in lower case."""
    m = _paper().search(left)
    if not m:
        return left, None
    upto = left[: m.end("paper")].lower()
    name = next(name for name in _names() if upto.endswith(name))  # the longest: "công điện", not "điện"
    return left[: len(upto) - len(name)], name


@cache
def _names() -> tuple[str, ...]:
    """The names of papers, the longest first."""
    names = {t.name for t in types()} | {form for entry in by_role("relations", "paper") for form in entry.forms}
    return tuple(sorted(names, key=len, reverse=True))


@cache
def _paper() -> regex.Pattern[str]:
    """The last name of a paper at the end of the words before its number, a few words between ("hỏa tốc số")."""
    spelt = "|".join(map(regex.escape, _names()))
    return regex.compile(
        rf"^(?:.*\W)?(?P<paper>{spelt})(?:\s[^\s.;:,()¤]+){{0,6}}?\s*(?:số|so|sô)?\s?:?\s?$", regex.IGNORECASE
    )
