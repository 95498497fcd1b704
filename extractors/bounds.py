"""Bounds (từ chỉ giới hạn): the words directly before a time that say how it bounds: trước, chậm nhất, đến hết, vào …"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import regex

from extractors import lexicon
from extractors.model import Boundary

# How far back the words of one bound can reach: "thời hạn hoàn thành và gửi báo cáo: chậm nhất là 17 giờ 00 phút,".
_REACH = 100
_STRONG = {"before", "latest", "full"}


@dataclass(frozen=True, slots=True)
class Bounds:
    """The bound that begins at `start` and ends where its time begins; `values` as in `lexicon/deadlines.toml`."""

    start: int
    values: frozenset[str]
    label: bool = False
    rule: str = ""

    @property
    def strong(self) -> bool:
        """Whether the words can hardly be anything but a limit."""
        return bool(self.values & _STRONG)

    @property
    def only_start(self) -> bool:
        """Whether only the beginning is stated ("từ ngày", "sau ngày")."""
        return bool(self.values & {"from", "after"}) and not self.values & {*_STRONG, "until", "within"}

    @property
    def hour(self) -> bool:
        """Whether an hour of the day is printed."""
        return bool(self.values & {"hour", "midnight"})

    @property
    def boundary(self) -> Boundary:
        """`before` for "trước" without an hour (midnight counts as none), else `on_or_before`."""
        return "before" if "before" in self.values and "hour" not in self.values else "on_or_before"


def read_bounds(low: str, at: int, floor: int = 0) -> Bounds:
    """The bound of a time that begins at `at`, reading back no further than `floor`."""
    window = max(floor, at - _REACH)
    found = _chain().search(low, window, at)
    if found is None:
        return Bounds(at, frozenset())
    words = sorted(
        (span[0], value) for value in _values() for span in found.spans(value) if value != "glue" and span[0] < span[1]
    )
    if found["label"] and not any(value in (*_STRONG, "within", "until", "on") for _, value in words):
        return Bounds(found.start(), frozenset(v for _, v in words), label=True, rule="deadline.label")
    if not words:
        return Bounds(at, frozenset())
    return Bounds(words[0][0], frozenset(v for _, v in words), bool(found["label"]), rule=f"bound.{words[0][1]}")


@cache
def _values() -> tuple[str, ...]:
    return tuple(sorted({str(e.value) for e in lexicon.by_role("deadlines", "bound")}))


@cache
def _chain() -> regex.Pattern[str]:
    words = lexicon.by_role("deadlines", "bound")
    ranked = sorted(words, key=lambda e: (bool(e.forms), -max((len(f) for f in e.forms), default=0)))
    either = "|".join(f"(?P<{e.value}>{e.pattern.pattern})" for e in ranked)
    label = lexicon.by_role("deadlines", "label")[0].pattern.pattern
    return regex.compile(rf"(?<!\w)(?:(?P<label>{label})\s*)?(?:(?:{either})[\s,]*)*$", regex.V1)
