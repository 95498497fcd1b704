"""Bounds (từ chỉ giới hạn): the words directly before a time that say how: trước, chậm nhất, đến hết, vào …"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import regex

from extractors import lexicon
from extractors.model import Boundary

# How far back the words of one bound can reach: "thời hạn hoàn thành và gửi báo cáo: chậm nhất là 17 giờ 00 phút,".
_REACH = 100
# The names of times that need no colon all have this word; "17h", "8g" are hours.
_LABELLED = regex.compile(r"h?[ạa]n\s|\d[hg][ ,]*$", regex.V1)
# A label has one of these words.
_LABEL_WORDS = regex.compile(r"hạn|han|ạn|thời|tiến độ|lộ trình", regex.V1)
_LAST_WORD = regex.compile(r"\p{L}+$", regex.V1 | regex.REVERSE)
_PARTS = {"start", "middle", "end"}
_STRONG = {"before", "latest", "full"}
# The words of bounds that patterns, not forms, spell.
_IN_PATTERNS = frozenset({"giờ", "phút", "ngày", "rước"})


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
    begin = max(floor, at - _REACH)
    window = low[max(0, begin - 1) : at]
    if not _may_end(window):
        return Bounds(at, frozenset())
    found = _chain().search(window, max(begin > 0, _chain_start(window)))
    if found is None or found.start() == len(window):
        return Bounds(at, frozenset())
    shift = at - len(window)
    label_end = found.end("label") if found["label"] else found.start()
    words = [
        (word.start(), str(word.lastgroup)) for word in _word().finditer(window, label_end) if word.lastgroup != "glue"
    ]
    # "đầu", "cuối", "giữa" stand last: in "lần đầu trước ngày" the first is no bound
    parts = [k for k, (_, value) in enumerate(words) if value in _PARTS and k < len(words) - 1]
    words = words[parts[-1] + 1 :] if parts else words
    values = frozenset(value for _, value in words)
    if found["label"] and not values & {*_STRONG, "within", "until", "on"}:
        return Bounds(shift + found.start(), values, label=True, rule="deadline.label")
    if not words:
        return Bounds(at, frozenset())
    return Bounds(shift + words[0][0], values, bool(found["label"]), rule=f"bound.{words[0][1]}")


def _may_end(window: str) -> bool:
    """Whether the last word can belong to a bound at all: most times have none, and that is seen at once."""
    tail = window.rstrip(", ")
    last = _LAST_WORD.search(tail)
    return (last[0] in _last_words() if last else tail != "") or _LABELLED.search(window) is not None


def _chain_start(window: str) -> int:
    """Where the words of a bound can begin at the earliest: in the first word from the end that no bound has."""
    if _LABEL_WORDS.search(window):
        return 0
    at = len(window)
    while at > 0:
        space = window.rfind(" ", 0, at)
        word = window[space + 1 : at].strip(",:(")
        if word and word not in _all_words() and not word[0].isdigit():
            return space + 1
        at = space
    return 0


@cache
def _all_words() -> frozenset[str]:
    """All words of bounds, and the units of an hour."""
    forms = (form for entry in lexicon.by_role("deadlines", "bound") for form in entry.forms)
    return frozenset({word for form in forms for word in form.split()} | _IN_PATTERNS | {"h", "g", "thời", "gian"})


@cache
def _last_words() -> frozenset[str]:
    """The last words of all bounds; an hour ends in a figure, a mark or one of its units."""
    forms = (form for entry in lexicon.by_role("deadlines", "bound") for form in entry.forms)
    return frozenset({form.split()[-1] for form in forms} | _IN_PATTERNS)


@cache
def _either() -> str:
    """Every bound word as a group named by its value, hours first, long forms before short ones."""
    words = lexicon.by_role("deadlines", "bound")
    ranked = sorted(words, key=lambda e: (bool(e.forms), -max((len(f) for f in e.forms), default=0)))
    return "|".join(f"(?P<{e.value}>{e.expression})" for e in ranked)


@cache
def _word() -> regex.Pattern[str]:
    return regex.compile(_either(), regex.V1)


@cache
def _chain() -> regex.Pattern[str]:
    label = lexicon.by_role("deadlines", "label")[0].expression
    return regex.compile(rf"(?<!\w)(?:(?P<label>{label})\s*)?(?:(?:{_either()})[\s,]*)*$", regex.V1)
