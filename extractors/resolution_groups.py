"""Nhóm cơ quan: what a common noun of bodies stands for, and which of them there were on a day."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import regex

from extractors import lexicon
from extractors.agencies_register import standing_of
from extractors.text import matchable

_QUANTIFIED = regex.compile(r"^(?:tất cả )?(?:các|những|mọi|mỗi|quý)\s")
_JOIN = regex.compile(r"\s?(?:,|;|/|-|&|(?<=\s)và(?=\s))\s?(?:các\s)?")


@dataclass(frozen=True, slots=True)
class Parts:
    """The groups that a name joins, by their ids; `same` where it stands for the addressees."""

    groups: tuple[str, ...]
    open: bool = False
    same: bool = False


def parts_of(name: str) -> Parts | None:
    """The groups that a name is made of; None where any word of it says something else.

    >>> parts_of("các bộ, cơ quan ngang bộ").groups
    ('group.ministries', 'group.ministerial')
    """
    plain = " ".join(matchable(name).lower().split()).strip(" .,;:-")
    if any(plain in entry.forms for entry in lexicon.by_role("body_groups", "same")):
        return Parts((), same=True)
    at = found.end() if (found := _QUANTIFIED.match(plain)) else 0
    groups: list[str] = []
    while True:
        hits = [(m.end(), e.id) for e in lexicon.by_role("body_groups", "part") if (m := e.pattern.match(plain, at))]
        if not hits:
            return None
        end, group = max(hits)
        groups.append(group)
        if end == len(plain):
            return Parts(tuple(groups))
        join = _JOIN.match(plain, end)
        if join is None:
            return None
        at = join.end()


def standing(group: str, on: str | None) -> tuple[str, ...]:
    """The ids of the members of a group on a day; none where a period is given in which they changed."""
    kinds = _kinds().get(group, ())
    return tuple(id for kind in kinds for id in standing_of(kind, on))


@cache
def _kinds() -> dict[str, tuple[str, ...]]:
    return {e.id: tuple((e.value or "").split()) for e in lexicon.by_role("body_groups", "part")}
