"""Đề mục, câu dẫn: what a heading or an announcing sentence says about the items below it."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from extractors import lexicon
from extractors.clauses import pieces
from extractors.deadlines import Limit
from extractors.frames import Reading, is_a, only_names, ordered_at, read_frame
from extractors.patterns import one_pattern, word
from extractors.predicates import actor_at, opens_with_predicate, predicates, subject_at

_LONG_ENOUGH = 60
_LONGEST_TITLE = 180
_HEAD = 30
_SENTENCE = regex.compile(r"(?<=\p{L}{2}|\d{4})\.\s+(?=\p{Lu})")


def limits_of_order(plain: str, limits: Sequence[Limit]) -> tuple[Limit, ...]:
    """The limits of an announcement that bound what is ordered: those after the order word, or at the head of its
    sentence; what stands before tells of a campaign or an event ("Để ... từ ngày ... đến ngày ..., đề nghị:")."""
    limits = [x for x in limits if _is_ordered(plain, x)]
    order = ordered_at(plain)
    if order is None:
        return tuple(limits)
    sentence = max((p.start for p in pieces(plain) if p.start <= order), default=0)
    head = range(sentence, sentence + _HEAD)
    return tuple(x for x in limits if x.start > order or (x.start in head and not word("bare_period").match(x.quote)))


def _is_ordered(plain: str, limit: Limit) -> bool:
    """Whether a limit bounds what follows: not the horizon of an aim in a sentence before the one that announces."""
    if limit.kind != "period" or limit.rule != "bound.until":
        return True
    start = max((m.end() for m in _SENTENCE.finditer(plain, 0, limit.start)), default=0)
    end = next((m.start() for m in _SENTENCE.finditer(plain, limit.end)), len(plain))
    return end == len(plain) or ordered_at(plain[start:end]) is not None


def lists_things(plain: str, named: Reading | None) -> bool:
    """A heading that lists what something consists of ("Hồ sơ gồm có:"), not what is to be done."""
    return word("cases").search(plain) is not None or (named is None and word("consists").search(plain) is not None)


def asks_for_things(plain: str) -> bool:
    """Whether a heading asks for something and lists below what it consists of ("Nộp hồ sơ gồm các văn bản sau:")."""
    return opens_with_predicate(plain) is not None and lists_things(plain, None)


def section_role(plain: str) -> str:
    """What kind of section a heading opens: the role of the title it matches, empty for none."""
    if len(plain) > _LONGEST_TITLE:
        return ""
    for entry in lexicon.load("section_titles"):
        if entry.pattern.search(plain):
            return entry.role
    return ""


def remainder_at(plain: str) -> int | None:
    """Where an order that stands by itself ends and announces items ("...; trong đó, tập trung:"); None without."""
    m = one_pattern("assignment_frames", "remainder").search(plain)
    return m.start() if m and m.start() >= _LONG_ENOUGH else None


def without_remainder(plain: str) -> str:
    """An announcement without the words that only lead over to its items."""
    return plain[: remainder_at(plain)]


def sets_to_work(plain: str, named: Reading | None) -> bool:
    """Whether what stands below a heading or announcement is work to do."""
    if named is not None and named.strength == "frame":
        return True
    if not plain.endswith(":"):
        return named is not None
    return word("sets_to_work").search(plain) is not None or opens_with_predicate(plain) is not None


def subject_after(plain: str, at: int) -> tuple[int, int] | None:
    """Who is told to act after the verb that follows `at` ("Bộ hướng dẫn các sở lập ...")."""
    for p in predicates(plain, at):
        subject = subject_at(plain, p.end)
        return (subject.start, subject.end) if subject and not subject.told else None
    return None


def lists_bodies(below: Sequence[str]) -> bool:
    """Whether what stands below an item are names ("c) Gửi mẫu đất về các trạm: - Trạm A; - Trạm B.")."""
    return 2 * sum(actor_at(plain, 0) is not None and only_names(plain, 0) for plain in below) >= len(below)


def speaks_again(plain: str) -> bool:
    """Whether a paragraph after quoted rules is the issuer's own ("Căn cứ quy định nêu trên, ...")."""
    return is_a("ground", plain) or is_a("close", plain) or is_a("thanks", plain) or read_frame(plain) is not None
