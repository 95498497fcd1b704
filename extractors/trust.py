"""Độ tin cậy: how likely an obligation is right in what, who and when at once.

Few traits of how it was read, each counted against or for it with a weight (`lexicon/trust.csv`); the sum is a log
odds. A trait can only ever act in the one direction that the table gives. The weights are fitted to hand-made gold
(`make train`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import regex

from extractors import lexicon
from extractors.dates import find_times, parse_issue
from extractors.model import Document, Obligation
from extractors.patterns import one_pattern
from extractors.slips import slips
from extractors.sureness import sureness
from extractors.text import lowered, matchable

BASE = "base"
_ELSEWHERE = frozenset({"lead.issuer", "lead.addressee", "lead.before"})
_BARE, _ORDER = 0.8, 0.95  # how plainly an item is worded: as a bare verb, as an order
_SENTENCE = regex.compile(r"[.!?]\s+(?=\p{Lu})")
_MANY_SLIPS = 0.005  # of the words of a document's obligations; clean text has less than a tenth of that
_FEWEST_WORDS = 300
_FEWEST_FOUND = 3
_UNSURE = 0.5
_DOUBTFUL = 0.8
_LONG_NAME = 8
_SHORT = 60
_MOST_UNCLEAR = 0.5
_LEAST, _MOST = 0.05, 0.99


@dataclass(frozen=True, slots=True)
class Setting:
    """What all obligations of a document share: whether to assign tasks is what its type is for, the share of misread
    words, and how many items were not understood for each that was."""

    document: Document
    issued_on: str | None
    assigning: bool
    ill_read: float
    unclear: float


def trusted(
    document: Document, type_name: str | None, issued_on: str | None, found: Sequence[Obligation], unclear: int
) -> tuple[Obligation, ...]:
    """The obligations with their confidence, which until now only says how plainly each is worded.

    `unclear` is how many items of the document look like duties and were not understood.
    """
    words = sum(o.quote.count(" ") + 1 for o in found)
    where = Setting(
        document,
        issued_on,
        one_pattern("trust", "assigning_type").match(type_name or "") is not None,
        sum(slips(o.quote) for o in found) / max(words, _FEWEST_WORDS),
        unclear / max(len(found), _FEWEST_FOUND),
    )
    return tuple(_trusted(o, where) for o in found)


def _trusted(obligation: Obligation, where: Setting) -> Obligation:
    found = {name: round(value, 3) for name, trait in _TRAITS.items() if (value := trait(obligation, where))}
    return replace(obligation, confidence=probability(found, _weights()), traits=tuple(found.items()))


def probability(traits: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """How likely an obligation with these traits is right (0.05 to 0.99)."""
    odds = weights[BASE] + sum(value * weights[name] for name, value in traits.items())
    return round(min(_MOST, max(_LEAST, 1 / (1 + math.exp(-odds)))), 2)


@cache
def _weights() -> dict[str, float]:
    """The weight of each trait, and of the base that all have."""
    return {row["trait"]: float(row["weight"]) for row in lexicon.rows("trust")}


def _wording(o: Obligation, _: Setting) -> float:
    return min(1.0, (o.confidence - _BARE) / (_ORDER - _BARE))


def _lead_rules(o: Obligation) -> frozenset[str]:
    return frozenset(f.rule for f in o.lead)


def _own_limits(o: Obligation) -> int:
    return sum(d.scope == "item" for d in o.deadlines)


def _idle_days(o: Obligation, where: Setting) -> float:
    """Days and periods in its words that bind nothing: one of them may be a limit that was not seen."""
    times = find_times(lowered(matchable(o.quote)), parse_issue(where.issued_on))
    return float(min(2, max(0, len(times) - _own_limits(o))))


def _own_leads(o: Obligation) -> bool:
    return "lead.item" in _lead_rules(o)


def _long_lead(o: Obligation, _: Setting) -> float:
    return float(_own_leads(o) and any(len(f.value.split()) > _LONG_NAME for f in o.lead))


def _says(o: Obligation, role: str) -> bool:
    return one_pattern("trust", role).search(matchable(o.quote)) is not None


def _unsure(o: Obligation, where: Setting) -> float:
    sure = sureness(where.document, o.span)
    return float(sure is not None and sure < _UNSURE)


_TRAITS: dict[str, Callable[[Obligation, Setting], float]] = {
    "wording": _wording,
    "lead_in_row": lambda o, _: float("lead.row" in _lead_rules(o)),
    "lead_in_chapeau": lambda o, _: float("lead.chapeau" in _lead_rules(o)),
    "lead_elsewhere": lambda o, _: float(not o.lead or bool(_lead_rules(o) & _ELSEWHERE)),
    "several_leads": lambda o, _: float(_own_leads(o) and len(o.lead) > 1),
    "long_lead": _long_lead,
    "several_limits": lambda o, _: float(_own_limits(o) > 1),
    "doubtful_limit": lambda o, _: float(any(d.confidence < _DOUBTFUL for d in o.deadlines)),
    "idle_days": _idle_days,
    "sentences": lambda o, _: float(min(2, len(_SENTENCE.findall(o.quote)))),
    "conditional": lambda o, _: float(_says(o, "conditional")),
    "short": lambda o, _: float(len(o.quote) < _SHORT),
    "urging": lambda o, _: float(o.check is None),
    "unsure_words": _unsure,
    "ill_read": lambda _, where: min(2.0, where.ill_read / _MANY_SLIPS),
    "unclear_items": lambda _, where: min(_MOST_UNCLEAR, where.unclear),
    "assigning_type": lambda _, where: float(where.assigning),
}
