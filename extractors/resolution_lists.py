"""Danh sách cơ quan: a printed name taken apart into the bodies and groups that it joins."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import regex

from extractors.agencies import find_bodies
from extractors.resolution_groups import Part, stretches

_LONGEST_RUN = 7
_KINDS = r"tỉnh|thành phố|TP\.?|huyện|quận|thị xã|xã|phường|thị trấn|đặc khu"
_HEADS = r"Bộ|Sở|Ban|Vụ|Cục|Phòng|Chi cục|Trung tâm"
# "các Sở: Tài chính, Nội vụ", "Giám đốc các Sở Tài chính, Nội vụ": the head stands once
_HEAD = regex.compile(
    rf"(?:[^,;:]{{0,60}}?\s)?(?:các\s+(?P<head>{_HEADS})\s*:?|(?P<head>{_HEADS})\s*:)\s+(?=\p{{Lu}})", regex.IGNORECASE
)
# "UBND các tỉnh: Quảng Nam, Quảng Ngãi": the body and the kind of places stand once
_SPREAD = regex.compile(
    rf"(?P<base>[^,;:]{{2,80}}?)\s+các\s+(?P<kinds>(?:{_KINDS})(?:(?:,|/|\svà)\s?(?:{_KINDS}))*)\s*:?\s+(?=\p{{Lu}})",
    regex.IGNORECASE,
)
_KIND = regex.compile(_KINDS, regex.IGNORECASE)
_KIND_FIRST = regex.compile(rf"(?:{_KINDS})\s", regex.IGNORECASE)
_MANY = regex.compile(r"(?:các|những|mỗi|mọi|tất cả|toàn thể)\s", regex.IGNORECASE)

Single = Callable[[str], str | None]
Group = Callable[[str, bool], Part | None]


@dataclass(frozen=True, slots=True)
class _Opened:
    """What stood once at the head of a list and belongs to each of its items; where the items begin."""

    prefixes: tuple[str, ...]
    start: int


def read_parts(name: str, single: Single, group: Group) -> tuple[Part, ...] | None:
    """The parts of a name in order; None where any stretch of it is neither a body nor a group.

    `single` gives the id of one body that a stretch names, `group` reads a stretch as a group (told whether it stands
    beside others).
    """
    spans = list(stretches(name))
    out: list[Part] = []
    prefixes: tuple[str, ...] = ()
    at = 0
    while at < len(spans):
        start, end = spans[at]
        if (opened := _opened(name, start)) is not None and opened.start < end:
            prefixes, start = opened.prefixes, opened.start
            spans[at] = (start, end)
        found = _longest(name, spans, at, prefixes, single, group)
        if found is None:
            return None
        part, at = found
        out.append(part)
    return tuple(_narrowed_back(out)) or None


def _opened(name: str, start: int) -> _Opened | None:
    if found := _SPREAD.match(name, start):
        kinds = [k[0] for k in _KIND.finditer(found["kinds"])]
        base = found["base"]
        return _Opened((*(f"{base} {kind} " for kind in kinds), f"{base} "), found.end())
    if found := _HEAD.match(name, start):
        return _Opened((f"{found['head']} ",), found.end())
    return None


def _longest(
    name: str, spans: list[tuple[int, int]], at: int, prefixes: tuple[str, ...], single: Single, group: Group
) -> tuple[Part, int] | None:
    """The longest run of stretches that says something, and the stretch after it."""
    start = spans[at][0]
    runs = range(min(len(spans), at + _LONGEST_RUN), at, -1)
    for upto in runs:
        part = _read(name, start, spans[upto - 1][1], prefixes, single, group, len(spans) > 1)
        if part is not None:
            return part, upto
    for upto in runs:
        if (part := _common_noun(name, start, spans[upto - 1][1])) is not None:
            return part, upto
    return None


def _read(
    name: str, start: int, end: int, prefixes: tuple[str, ...], single: Single, group: Group, beside: bool
) -> Part | None:
    words = name[start:end]
    for full in _prefixed(words, prefixes):
        if (id := single(full)) is not None:
            return Part(start, end, (id,), named=True)
    if (id := single(words)) is not None:
        return Part(start, end, (id,), named=True)
    part = group(words, beside)
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
