"""Liệt kê cơ quan: the bodies that a stretch of a clause lists, and those after "phối hợp với"."""

from __future__ import annotations

from extractors.agencies import read_bodies, split_bodies
from extractors.patterns import word
from extractors.predicates import actor_at, predicates
from extractors.word_patterns import at_words

_LONGEST_CLAUSE = 4000  # the longest that was ever printed has 2800; what stands further on is not looked at


def coordinating(plain: str) -> tuple[tuple[int, int], ...]:
    """The bodies after "phối hợp với"."""
    plain = plain[:_LONGEST_CLAUSE]
    out: list[tuple[int, int]] = []
    for m in at_words("clause_words", "with").finditer(plain):
        if actor_at(plain, m.end()) is None:
            continue
        if listed := read_bodies(plain, m.end()):
            out.extend(_without_apposition(plain, b.start, b.end) for b in listed)
            continue
        end = len(plain)
        if stop := word("with_end").search(plain, m.end()):
            end = stop.start()
        for p in predicates(plain, m.end(), end):
            if (
                p.role != "past"
                and plain[p.start].islower()
                and not plain[: p.start].rstrip().endswith((" do", " của"))
            ):
                end = p.start
                break
        out.extend(bodies(plain, m.end(), end))
    return tuple(out)


def bodies(plain: str, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """The entries of a stretch that lists bodies, as places in the text."""
    found = tuple(_without_apposition(plain, start + b.start, start + b.end) for b in split_bodies(plain[start:end]))
    return found or ((start, end),)


def _without_apposition(plain: str, start: int, end: int) -> tuple[int, int]:
    """ "Sở A - cơ quan thường trực ..." without what explains the name."""
    m = word("apposition").search(plain, start, end)
    return (start, m.start()) if m else (start, end)
