"""Giấy tờ phải gửi: a sentence that orders by naming a paper or a work and its last day, and tells nobody to act."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from extractors.deadlines import Limit
from extractors.frames import Reading, only_names
from extractors.lexicon import by_role
from extractors.listing import bodies
from extractors.model import Modality
from extractors.predicates import actor_at

# What makes a day the last one, and nothing else, in the words before it.
_PHASE = 40
_FIGURES = regex.compile(r"(?<!\w)(?:trước|chậm nhất|muộn nhất|hết)(?:\s\p{L}+){0,3}\s\d{1,2}\s?[/.-]\s?\d")
_REPORT = regex.compile(r"\W*báo cáo(?:\s+của\s[^,;.]{3,80}?)?\s+(?:xin\s+|được\s+)?(?:gửi|gởi|nộp)\s", regex.I)
_OF = regex.compile(r"(?<!\w)của\s+(?=\p{Ll})")
_BEFORE_VERB = regex.compile(r"(?:\s+(?:xin|được|đề nghị|cần|phải))*\s*$")
_LAST = frozenset({"bound.before", "bound.latest", "bound.full", "deadline.label"})


def names_paper(plain: str) -> bool:
    """Whether "báo cáo", which is a verb too, is the paper that is sent: "Báo cáo của các tổ gửi về ..."."""
    return _REPORT.match(plain) is not None


def is_due(plain: str) -> bool:
    """Whether a text says of a paper or a work, and in figures, when it is due: before its times are read."""
    lower = plain.lower()
    return _FIGURES.search(lower) is not None and any(e.pattern.search(lower) for e in by_role("papers_due", "due"))


def is_phase(plain: str) -> bool:
    """Whether a text is one of several phases of what is ordered above it: "Đợt 1: ..."."""
    lower = plain[:_PHASE].lower()
    return lower.startswith(("đợt", "giai", "vòng", "lượt")) and any(
        e.pattern.search(lower) for e in by_role("papers_due", "phase")
    )


def read_due(plain: str, limits: Sequence[Limit], issued_on: str | None) -> Reading | None:
    """The order in a clause like "Báo cáo gửi về Sở trước ngày 10/12"; None where it holds none.

    `plain` is in matchable spelling. A day of the calendar that has not passed makes an order wherever it stands; a
    recurring one only where duties are told.
    """
    if is_phase(plain) and any(x.kind in ("date", "period") and x.due for x in limits):
        return Reading("bare", "due.phase")
    firm = [x for x in limits if x.rule in _LAST and x.kind in ("date", "recurring")]
    lower = plain.lower()
    if not firm or any(e.pattern.search(lower) for e in by_role("papers_due", "no_order")):
        return None
    last = max(x.end for x in firm)
    for entry in by_role("papers_due", "due"):
        found = entry.pattern.search(lower)
        if found and found.start() < last:
            ahead = any(x.kind == "date" and x.due and x.due >= (issued_on or "") for x in firm)
            modality: Modality | None = "requested" if entry.id == "due.hoped" else None
            return Reading("frame" if ahead else "modal", entry.id, modality, _whose(plain, found.start()))
    return None


def _whose(plain: str, end: int) -> tuple[tuple[int, int], ...] | None:
    """Whose paper it is ("Báo cáo của các đơn vị gửi về ..."): bodies that fill the words before the verb."""
    end = _BEFORE_VERB.search(plain[:end]).start()  # type: ignore[union-attr]
    for m in _OF.finditer(plain, 0, end):
        if actor_at(plain, m.end()) is not None and only_names(plain[:end], m.end()):
            return bodies(plain, m.end(), end)
    return None
