"""Cơ quan, tổ chức: mentions of bodies in running text, lists of bodies, canonical ids as of a day."""

from __future__ import annotations

from dataclasses import dataclass

import regex

from extractors.text import matchable

_ROUGH = regex.compile(
    r"(?<!\w)(?:(?:Các|các|những)\s+)?(?:(?:Bộ|Sở|Ban|Cục|Vụ|Tổng cục|Văn phòng|Ủy ban nhân dân|UBND|Hội|Công an|Phòng|Chi cục)"
    r"(?:\s+(?:và\s+)?\p{Lu}\w*)+|các (?:sở|bộ)(?:, (?:ban|ngành|địa phương|đơn vị))+)"
)


@dataclass(frozen=True, slots=True)
class BodyMention:
    """A mention of a body, a group of bodies or an official who stands for one.

    `text == source[start:end]`; `rule` is the id of what found it; `extended_end >= end` reaches over a modifier that
    may belong to the name.
    """

    start: int
    end: int
    text: str
    rule: str
    extended_end: int


def find_bodies(text: str) -> tuple[BodyMention, ...]:
    """Mentions of bodies in a clean one-line string, in order, never overlapping."""
    plain = matchable(text)
    return tuple(
        BodyMention(m.start(), m.end(), text[m.start() : m.end()], "agency.rough", m.end())
        for m in _ROUGH.finditer(plain)
    )


def split_bodies(text: str) -> tuple[BodyMention, ...]:
    """The entries of a string that is known to be a list of bodies."""
    return tuple(
        BodyMention(m.start(), m.end(), m[0], "agency.listed", m.end())
        for m in regex.finditer(r"[^;,\s](?:[^;]*[^;,.\s])?", text)
    )


def identify(name: str, on: str | None = None, place: str | None = None) -> str | None:
    """The canonical id of a body as of a day (ISO date); None when unsure."""
    return None


def successor(identity: str, on: str) -> str | None:
    """The id of the body that has taken over by that day (ISO date); None where it still stands or nobody is known."""
    return None


def canonical_name(identity: str) -> str | None:
    """The name of a body in normal capitals; None for an unknown id."""
    return None


def proper_case(name: str) -> str | None:
    """An upper-case name of a body in normal capitals ("SỞ Y TẾ" -> "Sở Y tế"); None when unsure."""
    return None
