"""Câu bị động giao việc: work that is told by who does it: "Việc cấp thẻ do Phòng Tổng hợp thực hiện"."""

from __future__ import annotations

from extractors.frames import Reading
from extractors.listing import bodies
from extractors.patterns import one_pattern
from extractors.predicates import subject_at

_LONGEST_END = 90  # what may follow the verb: a relative clause goes on with the sentence that holds it


def read_done_by(plain: str) -> Reading | None:
    """Who does what a clause speaks of, where it ends with that; None for other clauses, and for who pays."""
    if one_pattern("passives", "money").match(plain):
        return None
    for m in one_pattern("passives", "done_by").finditer(plain):
        subject = subject_at(plain, m.end(), heading=True)
        if subject is None or subject.told or "," in plain[subject.predicate.end :]:
            continue
        verb = plain[subject.predicate.start : subject.predicate.end]
        if one_pattern("passives", "does").fullmatch(verb) and len(plain) - subject.predicate.end < _LONGEST_END:
            named = (subject.start, subject.end)
            return Reading("subject", "task.done_by", None, bodies(plain, *named), named)
    return None
