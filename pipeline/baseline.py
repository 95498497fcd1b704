"""Gains and losses of each document against the figures that the gate pins.

A document goes by a digest of its gold's `source`: names of real files do not stand in the project.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.scoring import Score

FILE = Path("corpus/gate.json")
LEAST = 0.0015  # figures are pinned to three decimals

Figures = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Change:
    """One figure of one document that is other than pinned: fields, deadlines, found, strict (F1)."""

    document: str
    figure: str
    was: float
    now: float


def key(source: str) -> str:
    """By what a document is known in the file of pins."""
    return hashlib.sha256(source.encode()).hexdigest()[:12]


def keyed(score: Score) -> dict[str, dict[str, float]]:
    """The figures of each document, by its key."""
    return {key(source): dict(figures) for source, figures in sorted(score.by_document.items())}


def pinned(path: Path = FILE) -> Figures:
    """The figures of all documents that the file pins; empty where there is no such file."""
    if not path.is_file():
        return {}
    sets = json.loads(path.read_text("utf-8")).get("sets", {}).values()
    return {document: figures for one in sets for document, figures in one.get("by_document", {}).items()}


def changes(score: Score, pins: Figures) -> Iterator[Change]:
    """What is other than pinned, document by document; documents that are not pinned are left out."""
    for source, figures in score.by_document.items():
        was = pins.get(key(source), {})
        for name, now in figures.items():
            if name in was and abs(was[name] - now) >= LEAST:
                yield Change(source, name, was[name], now)
