"""Does confidence mean something: of the obligations with a confidence, how many are strictly right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

from pipeline.scoring import Judged

SURE = 0.9
_EDGES = (0.0, 0.5, 0.7, 0.8, SURE, 0.95, 1.01)


@dataclass(frozen=True, slots=True)
class Band:
    """Obligations whose confidence is at least `low` and below `high`: how many, in how many documents, the mean of
    what was said, and the share that is strictly right."""

    low: float
    high: float
    count: int
    documents: int
    said: float
    right: float

    def row(self) -> dict[str, Any]:
        """The band as JSON."""
        return asdict(self)


def bands(judged: Sequence[Judged]) -> list[Band]:
    """The reliability table; bands without an obligation are left out."""
    return list(_bands(judged))


def sure(judged: Sequence[Judged]) -> tuple[float, float | None]:
    """The share of obligations with a confidence of 0.9 or more, and the share of these that is strictly right."""
    certain = [one.right for one in judged if one.confidence >= SURE]
    share = len(certain) / len(judged) if judged else 0.0
    return share, sum(certain) / len(certain) if certain else None


def _bands(judged: Sequence[Judged]) -> Iterator[Band]:
    for low, high in pairwise(_EDGES):
        inside = [one for one in judged if low <= one.confidence < high]
        if not inside:
            continue
        n = len(inside)
        said, right = sum(one.confidence for one in inside) / n, sum(one.right for one in inside) / n
        yield Band(low, min(high, 1.0), n, len({one.document for one in inside}), said, right)
