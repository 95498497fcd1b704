"""Danh sách cơ quan: a printed name taken apart into the bodies and groups that it joins."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import regex

from extractors.agencies import find_bodies
from extractors.agencies_identity import without_title
from extractors.agencies_register import key
from extractors.resolution_groups import Part, stretches

_LONGEST_RUN = 7
_KINDS = r"tỉnh|thành phố|TP\.?|huyện|quận|thị xã|xã|phường|thị trấn|đặc khu"
_HEADS = r"Bộ|Sở|Ban|Vụ|Cục|Phòng|Chi cục|Văn phòng"
# "các Sở Tài chính, Nội vụ": the head stands once
_HEAD = regex.compile(rf"(?P<lead>[^,;:]{{0,60}}?)(?<!\w)các\s+(?P<head>{_HEADS})\s+(?=\p{{Lu}})", regex.IGNORECASE)
# "các Sở, ban: Tài chính, Nội vụ": what stands before the colon are nouns of groups
_COLON = regex.compile(r"(?P<nouns>[^:;]{2,80}?)\s?:\s+(?=\S)")
_HEAD_WORD = regex.compile(rf"(?<!\w)(?:{_HEADS})(?!\w)", regex.IGNORECASE)
# "UBND các tỉnh: Quảng Nam, Quảng Ngãi": the body and the kind of places stand once
_SPREAD = regex.compile(
    rf"(?P<base>[^,;:]{{2,80}}?)\s+các\s+(?P<kinds>(?:{_KINDS})(?:(?:,|/|\svà)\s?(?:{_KINDS}))*)\s*:?\s+(?=\p{{Lu}})",
    regex.IGNORECASE,
)
_LEVEL = regex.compile(r"\s(?:tỉnh|thành phố)$", regex.IGNORECASE)
_KIND = regex.compile(_KINDS, regex.IGNORECASE)
_KIND_FIRST = regex.compile(rf"(?:{_KINDS})\s", regex.IGNORECASE)
_MANY = regex.compile(r"(?:các|những|mỗi|mọi|tất cả|toàn thể)\s", regex.IGNORECASE)

Single = Callable[[str, bool, bool], str | None]
Group = Callable[[str, bool], Part | None]


@dataclass(frozen=True, slots=True)
class Reader:
    """What a stretch of words may be: `single` gives the id of one body (told whether units of the issuer count, and
    whether bodies that are gone do), `group` reads it as a group (told whether it stands beside others)."""

    single: Single
    group: Group


@dataclass(frozen=True, slots=True)
class _Opened:
    """What stood once at the head of a list, or at its end ("TAND, VKSND tỉnh"), and belongs to each of its items.

    `start`: where the items begin; `units`: whether units of the issuer may be meant.
    """

    prefixes: tuple[str, ...] = ()
    start: int = 0
    units: bool = True
    suffix: str = ""


def read_parts(name: str, reader: Reader) -> tuple[Part, ...] | None:
    """The parts of a name in order; None where any stretch of it is neither a body nor a group."""
    out: list[Part] = []
    for start, end in _chunks(name):
        found = _read_chunk(name, start, end, reader)
        if found is None:
            return None
        out += found
    return tuple(_narrowed_back(out)) or None


def _chunks(name: str) -> Iterator[tuple[int, int]]:
    at = 0
    for chunk in name.split(";"):
        bare = chunk.strip()
        if bare:
            start = at + chunk.index(bare)
            yield start, start + len(bare)
        at += len(chunk) + 1


def _read_chunk(name: str, start: int, end: int, reader: Reader) -> list[Part] | None:
    level = _LEVEL.search(name, start, end)
    opened = _colon(name, start, end, reader) or _Opened(start=start, suffix=level[0] if level else "")
    spans = [(opened.start + a, opened.start + b) for a, b in stretches(name[opened.start : end])]
    out: list[Part] = []
    at = 0
    while at < len(spans):
        found = None
        head = _opened(name[:end], spans[at][0], len(spans) > 1)
        if head is not None:
            found = _longest(name, _from(spans, at, head.start), at, head, reader)
            if found is not None and found[0].named:
                opened, spans = head, _from(spans, at, head.start)
            else:
                found = None
        found = found or _longest(name, spans, at, opened, reader)
        if found is None:
            return None
        part, at = found
        out.append(part)
    return out


def _from(spans: list[tuple[int, int]], at: int, start: int) -> list[tuple[int, int]]:
    """The stretches without what stands before the items of a list."""
    later = [(max(a, start), b) for a, b in spans[at:] if b > start]
    return [*spans[:at], *later]


def _colon(name: str, start: int, end: int, reader: Reader) -> _Opened | None:
    """Nouns of groups before a colon: each item after it may be headed by one of them."""
    found = _COLON.match(name, start, end)
    if found is None or _SPREAD.match(name, start, end):
        return None
    nouns = found["nouns"]
    if any(reader.group(nouns[a:b], True) is None and not _is_head(nouns[a:b]) for a, b in stretches(nouns)):
        return None
    heads = dict.fromkeys(head[0] for head in _HEAD_WORD.finditer(nouns))
    return _Opened(tuple(f"{head} " for head in heads), found.end())


def _is_head(noun: str) -> bool:
    return _HEAD_WORD.fullmatch(noun) is not None


def _opened(name: str, start: int, listed: bool) -> _Opened | None:
    if (found := _SPREAD.match(name, start)) and _is_spread(found["kinds"], ":" in found[0], listed):
        kinds = [k[0] for k in _KIND.finditer(found["kinds"])]
        base = found["base"]
        return _Opened((*(f"{base} {kind} " for kind in kinds), f"{base} "), found.end(), units=False)
    found = _HEAD.match(name, start) if listed else None
    if found and (not found["lead"] or not without_title(key(f"{found['lead']} x")).removeprefix("x")):
        return _Opened((f"{found['head']} ",), found.end())
    return None


def _is_spread(kinds: str, colon: bool, listed: bool) -> bool:
    """Whether all kinds belong to the places after them: not in "các huyện, thị xã Đức Phổ"."""
    several = len(_KIND.findall(kinds)) > 1
    return colon or not several or (listed and kinds.lower().startswith("tỉnh"))


def _longest(
    name: str, spans: list[tuple[int, int]], at: int, opened: _Opened, reader: Reader
) -> tuple[Part, int] | None:
    """The longest run of stretches that says something, and the stretch after it."""
    start = spans[at][0]
    runs = range(min(len(spans), at + _LONGEST_RUN), at, -1)
    for upto in runs:
        part = _read(name, start, spans[upto - 1][1], opened, reader, len(spans) > 1)
        if part is not None:
            return part, upto
    for upto in runs:
        if (part := _common_noun(name, start, spans[upto - 1][1])) is not None:
            return part, upto
    return None


def _read(name: str, start: int, end: int, opened: _Opened, reader: Reader, beside: bool) -> Part | None:
    words = name[start:end]
    for gone in (False, True):  # "các tỉnh, thành phố Cần Thơ": the city of the day before the province of old
        for full in _prefixed(words, opened.prefixes):
            if (id := reader.single(full, opened.units, gone)) is not None:
                return Part(start, end, (id,), named=True)
    if id := reader.single(words, True, True) or (opened.suffix and reader.single(words + opened.suffix, False, False)):
        return Part(start, end, (id,), named=True)
    part = reader.group(words, beside)
    return replace(part, start=start, end=end) if part else None


def _prefixed(words: str, prefixes: tuple[str, ...]) -> Iterator[str]:
    """The item with what stood at the head of its list; an item with a kind of its own takes no other."""
    own = _KIND_FIRST.match(words) is not None
    for prefix in prefixes:
        if not (own and _KIND.search(prefix.split()[-1])):
            yield prefix + words


def _common_noun(name: str, start: int, end: int) -> Part | None:
    """A stretch that is one group or people by the grammar of mentions, whose members nobody lists."""
    words = name[start:end]
    found = find_bodies(words)
    if len(found) != 1 or (found[0].start, found[0].end) != (0, len(words)):
        return None
    if found[0].rule not in ("agency.group", "agency.person", "agency.official"):
        return None
    quantified = _MANY.match(words) is not None
    return Part(start, end, quantified=quantified, narrowed=True)


def _narrowed_back(parts: list[Part]) -> list[Part]:
    """ "các bộ, ngành, địa phương liên quan": what picks some out at the end picks in all since "các"."""
    out = list(parts)
    for at in range(len(out) - 1, -1, -1):
        if not out[at].narrowed:
            continue
        out[at] = replace(out[at], ids=())
        while not out[at].quantified and at and not out[at - 1].named:
            at -= 1
            out[at] = replace(out[at], ids=())
    return out
