"""Chuỗi văn bản để vẽ: the documents around one document, each once, and how they stand to one another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.messages import value_text
from pipeline.output import day
from pipeline.register import DOUBTFUL, Row

MOST_DRAWN = 18
_UNDATED = "9999"


@dataclass(frozen=True, slots=True)
class Paper:
    """A document of a chain: `id` None where only its number is known; `distance` 0 is the one asked for."""

    key: str
    id: str | None
    words: str
    about: str
    day: str
    distance: int
    is_proposed: bool

    @property
    def order(self) -> str:
        """What tells which column it stands in; the undated stand last."""
        return self.day or _UNDATED


@dataclass(frozen=True, slots=True)
class Tie:
    """How one document stands to another. `is_proposed`: nobody has confirmed it, and it is doubtful or changes what
    is owed."""

    key: str
    link: str | None
    later: str
    earlier: str
    words: str
    evidence: str
    page: int | None
    status: str
    is_proposed: bool
    concerned: int


@dataclass(frozen=True, slots=True)
class Graph:
    """A chain: its documents (nearest first), its ties, and how many documents there are in all."""

    papers: list[Paper]
    ties: list[Tie]
    total: int

    @property
    def hidden(self) -> int:
        """How many documents are not drawn."""
        return self.total - len(self.papers)


def graph(rows: Iterable[Row], most: int = 0) -> Graph:
    """The rows of `register.chain` as documents and ties; of a long chain the nearest documents alone (`most`)."""
    rows = list(rows)
    papers: dict[str, Paper] = {}
    ties: dict[str, Tie] = {}
    for row in sorted(rows, key=lambda row: (abs(row["distance"]), row["issued_on"] or _UNDATED, row["id"] or "")):
        key = _key(row)
        papers.setdefault(key, _paper(row, key))
        if row["relation"]:
            tie = _tie(row, key)
            ties.setdefault(tie.key, tie)
    kept = dict(list(papers.items())[: most or len(papers)])
    shown = [tie for tie in ties.values() if tie.later in kept and tie.earlier in kept and tie.later != tie.earlier]
    return Graph(list(kept.values()), shown, len(papers))


def _key(row: Row) -> str:
    return row["id"] or f"? {row['number']}"


def _paper(row: Row, key: str) -> Paper:
    number = row["number"] or (f"{row['proposed']}?" if row["proposed"] else None)
    blank = f"…/{row['symbol']}" if row["symbol"] else row["id"] or ""
    about = " – ".join(filter(None, (row["issuer"], row["subject"])))
    return Paper(
        key=key,
        id=row["id"],
        words=" ".join(filter(None, (row["type"], number or blank))),
        about=about,
        day=row["issued_on"] or "",
        distance=row["distance"],
        is_proposed=not row["number"] and bool(row["proposed"]),
    )


def _tie(row: Row, key: str) -> Tie:
    later, earlier = row["from"], row["to"] or key
    status = row["status"] or ""
    doubtful = (row["confidence"] or 0) < DOUBTFUL or bool(row["obligations"])
    return Tie(
        key=row["link"] or f"{later} {earlier}",
        link=row["link"],
        later=later,
        earlier=earlier,
        words=value_text("relation", row["relation"]),
        evidence=row["evidence"] or "",
        page=row["page"],
        status=status,
        is_proposed=status == "open" and doubtful,
        concerned=len(row["obligations"]),
    )


def shown_day(paper: Paper) -> str:
    """Its day as people write it."""
    return day(paper.day)
