"""Cơ quan, tổ chức: mentions of bodies in running text and in lists, as printed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import regex

from extractors.agencies_grammar import read_mention
from extractors.agencies_identity import canonical_name, identify, province_of
from extractors.agencies_succession import successor
from extractors.agencies_words import Reading
from extractors.naming import normal_capitals

__all__ = [
    "BodyMention",
    "canonical_name",
    "find_bodies",
    "identify",
    "proper_case",
    "province_of",
    "read_bodies",
    "split_bodies",
    "successor",
]

_LISTED = regex.compile(r"\s*(?:[,;/]|[,;]?\s?và|&)\s*$")
_NEAR = 8
_SEPARATOR = regex.compile(r"(?:(?<!\s)\s+)?(?:[;\n]|,|(?<=\s)v[àa](?=\s))\s*")
_HEAD_WORDS = regex.compile(r"\p{Lu}\p{Ll}+ \p{L}+(?!\w)")
_ASIDE = regex.compile(r"\s\([^()]{3,90}\)(?=\s?,|\s?;|\svà\s)")
# What names those who belong to no body, or whoever else is concerned, stands by itself.
_APART = regex.compile(
    r",?\svà\s(?=(?:các\s)?(?:ông|bà)(?:\s\(bà\)|/bà|,\s(?:ông|bà))?\s|các\s\p{Ll}[\p{Ll} ,]{2,60}?(?:có\s)?liên quan)"
    r"|,\s(?=(?:[Cc]ác\s)?(?:Đoàn\s)?đại biểu Quốc hội(?!\p{L}))"
)
_WITHOUT_AND = regex.compile(r"(?:,?\svà|,)\s$")
_ONE = (
    (
        regex.compile(r"(?<!\p{L})(?:tỉnh|huyện|quận|thị|thị xã|phường|xã|liên tỉnh)$"),
        regex.compile(
            r"(?:thành phố|thị xã|huyện|quận|xã|phường|thị trấn|liên tỉnh)(?: trực thuộc [Tt]rung ương)?"
            r"(?=\s*(?:$|[;,]|và\s))"
        ),
    ),
    (
        regex.compile(r"Văn phòng (?:Đoàn đại biểu Quốc hội|Đoàn ĐBQH|Hội đồng nhân dân|HĐND)$"),
        regex.compile(r"(?:Hội đồng nhân dân|HĐND|Ủy ban nhân dân|Uỷ ban nhân dân|UBND)(?!\p{L})"),
    ),
    (
        regex.compile(r"(?:Thủ trưởng|Tổng giám đốc|Tổng Giám đốc)\s(?:các\s)?(?:cơ quan ngang [Bb]ộ|[Tt]ập đoàn)$"),
        regex.compile(r"(?:các )?(?:cơ quan thuộc Chính phủ|[Tt]ổng công ty)(?!\p{L})"),
    ),
)
_NEXT = regex.compile(r"\s*(?:[;,]\s?(?:và\s)?|\sv[àa]\s)")


@dataclass(frozen=True, slots=True)
class BodyMention:
    """A mention of a body, a group of bodies, an official who stands for one, or people who are told to act.

    `text == source[start:end]`, the extent a careful reader writes down; `core_end <= end` leaves a clause out that
    tells which bodies are meant ("được giao chủ trì nhiệm vụ"). `rule`: agency.institution, agency.name, agency.group
    (common nouns), agency.official, agency.person, agency.house (a bare "Văn phòng"), agency.listed.
    """

    start: int
    end: int
    text: str
    rule: str
    core_end: int


def find_bodies(text: str) -> tuple[BodyMention, ...]:
    """Mentions of bodies in a clean one-line string, in order, never overlapping.

    >>> [m.text for m in find_bodies("Giao Sở Y tế chủ trì, phối hợp với UBND các huyện, thị xã và các đơn vị")]
    ['Sở Y tế', 'UBND các huyện, thị xã', 'các đơn vị']
    """
    return tuple(body for _, body in scan_bodies(text) if body)


def scan_bodies(text: str) -> Iterator[tuple[int, BodyMention | None]]:
    """Each place where a mention may begin, in order, and the mention if one does: for who need not read on."""
    reading = Reading(text)
    done = 0
    for word in reading.words.start.finditer(reading.low):
        at = word.start()
        if at < done:
            continue
        listed = done > 0 and at - done < _NEAR and _LISTED.fullmatch(reading.low, done, at) is not None
        mention = read_mention(reading, at, listed)
        if mention is None:
            yield at, None
            continue
        core, done, rule = mention
        yield at, BodyMention(at, done, text[at:done], rule, core)


@lru_cache(maxsize=512)  # the columns and items of a table are looked at by several readers
def read_bodies(text: str, start: int = 0) -> tuple[BodyMention, ...]:
    """The bodies that are listed from `start` on, one after the other, until something else is said.

    For "phối hợp với …" in running text, where nothing marks the end of the list but the sense.

    >>> [m.text for m in read_bodies("Công an tỉnh; các sở, ngành liên quan và UBND cấp xã tuần tra, kiểm soát")]
    ['Công an tỉnh', 'các sở, ngành liên quan', 'UBND cấp xã']
    """
    reading = Reading(text)
    found: list[BodyMention] = []
    at = reading.skip(start)
    while (mention := read_mention(reading, at, bool(found))) is not None:
        core, end, rule = mention
        if (aside := _ASIDE.match(text, end)) is not None:
            end = aside.end()
        found.append(BodyMention(at, end, text[at:end], rule, core))
        mark = _NEXT.match(reading.low, end)
        if mark is None:
            break
        at = mark.end()
    return tuple(found)


@lru_cache(maxsize=512)
def split_bodies(text: str) -> tuple[BodyMention, ...]:
    """The entries of a string that is known to be a list of bodies (a table cell, a "Kính gửi" line).

    Split at semicolons, and at commas and "và" where a body by itself follows.

    >>> [m.text for m in split_bodies("Sở Tài chính, Sở Văn hóa, Thể thao và Du lịch và các đơn vị liên quan")]
    ['Sở Tài chính', 'Sở Văn hóa, Thể thao và Du lịch', 'các đơn vị liên quan']
    """
    cuts = [0, *(m.end() for m in _APART.finditer(text)), len(text)]
    return tuple(
        BodyMention(m.start + cut, m.end + cut, m.text, m.rule, m.core_end + cut)
        for cut, end in pairwise(cuts)
        for m in _entries(_WITHOUT_AND.sub("", text[cut:end]))
    )


def _entries(text: str) -> list[BodyMention]:
    reading = Reading(text)
    entries: list[BodyMention] = []
    start = reading.skip(0)
    rule, known = _entry_at(reading, start, False)
    at = max(known, start)
    while (mark := _SEPARATOR.search(reading.low, at)) is not None:
        nxt = mark.end()
        next_rule, next_end = _entry_at(reading, nxt, True)
        alone = next_end < 0 and not _same_kind(text, start, nxt)
        if mark[0].strip() not in ("", ";") and (alone or _goes_on(text, start, mark.start(), nxt)):
            at = mark.end()
            continue
        _add(entries, text, start, _clipped(reading, rule, known, mark.start()), rule)
        start, rule, known, at = nxt, next_rule, next_end, max(next_end, nxt)
    _add(entries, text, start, _clipped(reading, rule, known, len(text)), rule)
    return entries


def _goes_on(text: str, start: int, end: int, nxt: int) -> bool:
    """Whether what stands after a separator belongs to the entry before it: "UBND các huyện, thành phố", "Thủ trưởng
    cơ quan ngang bộ, cơ quan thuộc Chính phủ", "Văn phòng Hội đồng nhân dân và Ủy ban nhân dân tỉnh"."""
    return any(before.search(text, start, end) and after.match(text, nxt) for before, after in _ONE)


def _same_kind(text: str, one: int, other: int) -> bool:
    """Whether two entries begin with the same two words of a name ("Ban quản lý ..., Ban quản lý ...")."""
    heads = [_HEAD_WORDS.match(text, at) for at in (one, other)]
    return all(heads) and len({m[0].lower() for m in heads if m}) == 1


def _clipped(reading: Reading, rule: str, known: int, end: int) -> int:
    """The entry without what its body has to do, where that was left in ("Sở Y tế khẩn trương").

    Common nouns may be narrowed by any words ("cơ quan chủ trì dự án"): they stay as they are.
    """
    if not 0 < known < end:
        return end
    at = reading.skip(known)
    if reading.compound(at):
        return end
    named = rule not in ("agency.group", "agency.person")
    return known if (reading.duty_at(at) if named else reading.has("predicate.modal", at)) else end


def _entry_at(reading: Reading, at: int, listed: bool) -> tuple[str, int]:
    mention = read_mention(reading, at, listed)
    return ("agency.listed", -1) if mention is None else (mention[2], mention[1])


def _add(entries: list[BodyMention], text: str, start: int, end: int, rule: str) -> None:
    while end > start and text[end - 1] in " .,;:":
        end -= 1
    if end > start:
        entries.append(BodyMention(start, end, text[start:end], rule, end))


def proper_case(name: str) -> str | None:
    """An upper-case name of a body in normal capitals; None where a word of it is unknown.

    >>> proper_case("SỞ KHOA HỌC VÀ CÔNG NGHỆ")
    'Sở Khoa học và Công nghệ'
    """
    spelt, known = normal_capitals(name)
    return spelt if known else None
