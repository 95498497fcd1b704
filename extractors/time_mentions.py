"""Chỗ nhắc thời gian: where a text mentions a time, by the entries of the lexicon; `extractors.dates` reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

import regex

from extractors import lexicon

# What a pattern can see around the word that it begins at; a mention is far shorter.
_BEHIND, _AHEAD = 16, 240
# Roles of the lexicon that are read elsewhere (`extractors.recurrence`): a list that goes on, "of the next period".
_NO_TIMES = {"list", "next_period"}
_LOOKS_BEHIND = re.compile(r"\(\?<=(?:[^()]|\([^()]*\))*\)")
# How many characters tell which entries can begin there: more of them in words ("ngày 1"), which differ less.
_FIGURES, _LETTERS = 3, 8
_SPELT = "nửa|một|hai|ba|bốn|tư|năm|sáu|bảy|tám|chín|mười"
_UNIT = r"ngày|tuần|tháng|qu[ýí]|năm|giờ|tiếng"
_AFTER_NUMBER = rf"\s*(?:\(|{_UNIT}|lần|buổi|kỳ|đợt|cuộc)"
_SPELT_REST = rf"(?:\s(?:mươi|lăm))?{_AFTER_NUMBER}"
_AFTER_EVERY = rf"\s*(?:\d|{_SPELT}|{_UNIT})"
# Every entry of the lexicon begins with one of these, by first letter: the cheap first look at each word of a text.
_BEGINNINGS = {
    r"\d": rf"\d{{0,3}}(?:[.,]\d)?(?:{_AFTER_NUMBER}|\s*(?:[/.\-]\s?[\dnghm]|của\s|đến|tới|chạp|giêng|âm|âl))"
    r"|(?<![/.\-].)(?:(?<=1)9|(?<=2)0)\d\d(?![\w/])",
    "l": r"\d",
    "n": rf"gày|g[àảáaâ]y\s?\d|h?g[àảáaâ]y\s?\d| gày|ăm|hững\s+(?:ngày|tháng|tuần)|hiệm kỳ|ay (?:cho |đến|tới)"
    rf"|iên (?:học|khóa)|ửa{_SPELT_REST}",
    "h": rf"g[àảáaâ]y\s?\d|ôm nay|[àằă]ng{_AFTER_EVERY}|ai{_SPELT_REST}",
    "m": rf"g[àảáaâ]y\s?\d|[ồù]ng|ỗi{_AFTER_EVERY}|(?:ột|ười){_SPELT_REST}",
    "g": r"[àảáaâ]y\s?\d|iai đoạn",
    "t": rf"háng|\.?\s?\d|uần|hời kỳ|rong (?:ngày )?hôm|heo từng|hứ\s+(?:hai|ba|tư|năm|sáu|bảy|[2-7])"
    rf"|(?:ư|ám){_SPELT_REST}",
    "q": r"u[ýí]|\.?[1-4i]",
    "c": rf"ác (?:ngày|tháng|tuần|năm|qu[ýí])|ứ{_AFTER_EVERY}|hủ nhật|uối\s+(?:mỗi|hàng|hằng|tháng\W)|hín{_SPELT_REST}",
    "b": rf"(?:a|ốn|ảy){_SPELT_REST}",
    "r": "ằm ",
    "s": rf"áu{_SPELT_REST}",
    "đ": "ịnh k[ỳì]",
}
# A word begins behind a sign, of which there are fewer than letters: the text is searched with a space before it.
_STARTS = re.compile(rf"\W(?:{'|'.join(f'{first}(?={rest})' for first, rest in _BEGINNINGS.items())})")


@dataclass(frozen=True, slots=True)
class Mention:
    """Where an entry of the lexicon was found, and the words of its groups."""

    entry: lexicon.Entry
    start: int
    end: int
    parts: dict[str, str | None]


def may_hold_times(low: str) -> bool:
    """Whether a mention of time could begin anywhere in a lower-case `matchable` string: a cheap first look."""
    return _STARTS.search(f" {low}") is not None


@lru_cache(maxsize=512)  # a sentence is read for its limits, its impossible days and its pauses
def mentions(low: str) -> tuple[Mention, ...]:
    """The mentions of time in a lower-case `matchable` string, in order, none overlapping another."""
    return tuple(_scan(low))


@cache
def _entries() -> tuple[lexicon.Entry, ...]:
    entries = (*lexicon.load("recurrence"), *lexicon.load("dates"))
    return tuple(e for e in entries if e.role not in _NO_TIMES)


@cache
def _patterns() -> tuple[tuple[lexicon.Entry, regex.Pattern[str]], ...]:
    """Entries with patterns for text that is lower-case already."""
    return tuple((e, regex.compile(e.expression, regex.V1)) for e in _entries())


@cache
def _forward_patterns() -> tuple[tuple[lexicon.Entry, regex.Pattern[str], regex.Pattern[str]], ...]:
    """Entries with their patterns, and the same without what must stand before a place."""
    return tuple((e, p, regex.compile(_LOOKS_BEHIND.sub("", e.expression), regex.V1)) for e, p in _patterns())


@lru_cache(maxsize=4096)
def _patterns_for(head: str) -> tuple[tuple[lexicon.Entry, regex.Pattern[str]], ...]:
    """The entries that can begin with these characters, whatever stands before them."""
    return tuple((e, p) for e, p, forward in _forward_patterns_for(head[:2]) if forward.match(head, partial=True))


@lru_cache(maxsize=1024)
def _forward_patterns_for(head: str) -> tuple[tuple[lexicon.Entry, regex.Pattern[str], regex.Pattern[str]], ...]:
    return tuple(known for known in _forward_patterns() if known[2].match(head, partial=True))


def _scan(low: str) -> Iterator[Mention]:
    done = 0
    for start in _STARTS.finditer(f" {low}"):
        if start.start() < done:
            continue
        mention = _read(low, start.start())
        if mention is not None:
            done = mention.end
            yield mention


def _read(low: str, at: int) -> Mention | None:
    """The longest mention that begins there; entries of equal length rank in the order of the files."""
    begin = max(0, at - _BEHIND)
    window = low[begin : at + _AHEAD]
    best: tuple[lexicon.Entry, regex.Match[str]] | None = None
    for entry, pattern in _patterns_for(low[at : at + (_FIGURES if low[at].isdigit() else _LETTERS)]):
        found = pattern.match(window, at - begin)
        if found and (best is None or found.end() > best[1].end()):
            best = entry, found
    if best is None:
        return None
    entry, found = best
    parts = {**found.groupdict(), "words": found.group()}
    return Mention(entry, begin + found.start(), begin + found.end(), parts)
