"""Predictions against gold: the documents of a gold folder, extracted under neutral names, and scored.

A file's name is no evidence for a field, so every document is read as a copy called d000.pdf, d001.txt, ... A
document that is not there, fails or is refused counts as one in which nothing was found.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pipeline.errors import CongvanError
from pipeline.reading.membernames import SEPARATOR
from pipeline.reliability import bands
from pipeline.scoring import Json, Score, score
from pipeline.shape import error_json
from pipeline.workers import executor_of

Group = Literal["text", "scan", "none"]


class NoGold(CongvanError):
    """The folder holds no gold: no JSON object that says whether its source is a dispatch."""

    code = "no_gold"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The scores of dispatches with text, of scanned dispatches and of what is no dispatch, apart.

    `refused` counts those of the last that were refused as no dispatch: one that could not be read is not among them.
    `unread` says of the dispatches in which nothing was found why (the code of the error), and how many there are.
    """

    text: Score
    scan: Score
    none: Score
    refused: int
    unread: Mapping[str, int]

    def row(self) -> dict[str, Any]:
        """The figures as JSON."""
        return {
            **{
                name: {
                    "documents": part.documents,
                    "figures": part.rows(),
                    "limits": part.limit_rows(),
                    "reliability": [band.row() for band in bands(part.judged)],
                    "by_document": part.by_document,
                }
                for name, part in self.parts().items()
            },
            "refused": self.refused,
            "unread": dict(self.unread),
        }

    def parts(self) -> dict[Group, Score]:
        """The three scores by name."""
        return {"text": self.text, "scan": self.scan, "none": self.none}


def evaluate(folder: Path, workers: int | None = None, timeout: float = 120) -> Evaluation:
    """Extract and score the documents of a gold folder. Raises NoGold."""
    golds = load_gold(folder)
    return score_groups(golds, extract_neutrally(folder, [g["source"] for g in golds], workers, timeout))


def score_groups(golds: Sequence[Json], predictions: Mapping[str, Json]) -> Evaluation:
    """The scores of predictions, by their gold's `source`, group by group."""
    parts: dict[Group, list[Json]] = {"text": [], "scan": [], "none": []}
    for gold in golds:
        parts[group_of(gold)].append(gold)
    dispatches = [*parts["text"], *parts["scan"]]
    said = [predictions.get(gold["source"], {}) for gold in parts["none"]]
    return Evaluation(
        **{name: score(part, predictions) for name, part in parts.items()},
        refused=sum(row.get("is_dispatch") is False for row in said),
        unread=Counter(_error(predictions.get(gold["source"])) for gold in dispatches if not _read(gold, predictions)),
    )


def _read(gold: Json, predictions: Mapping[str, Json]) -> bool:
    return predictions.get(gold["source"], {}).get("is_dispatch") is True


def _error(row: Json | None) -> str:
    return str(((row or {}).get("error") or {}).get("code") or "nothing_there")


def group_of(gold: Json) -> Group:
    """Which of the three groups a document is reported in."""
    if not gold["is_dispatch"]:
        return "none"
    return "scan" if gold.get("medium") == "scan" else "text"


def load_gold(folder: Path) -> list[dict[str, Any]]:
    """The gold of a folder, in the order of its file names. Raises NoGold."""
    read = [json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))]
    golds = [g for g in read if isinstance(g, dict) and "source" in g and "is_dispatch" in g]
    if not golds:
        raise NoGold(path=str(folder))
    return golds


def find_document(folder: Path, source: str) -> Path | None:
    """The document that a gold's `source` names: in the gold's folder, its `docs`, or up to two folders above."""
    for place in (folder / "docs", folder, *list(folder.resolve().parents)[:2]):
        if (place / source).is_file():
            return place / source
    return None


def extract_neutrally(
    folder: Path, sources: Sequence[str], workers: int | None = None, timeout: float = 120
) -> dict[str, Json]:
    """What `congvan extract` says of each source, read under a name that says nothing."""
    from pipeline.commands.extract import one_row

    with tempfile.TemporaryDirectory() as hidden:
        copies = {s: _neutral_copy(folder, s, Path(hidden) / f"d{n:03d}") for n, s in enumerate(sources)}
        with executor_of(workers, len(copies), timeout) as pool:
            under_way = {s: pool.executor.submit(one_row, *copy) for s, copy in copies.items() if copy}
            rows = {s: _row(future) for s, future in under_way.items()}
    return {s: rows.get(s) or error_json(s, "nothing_there", "", refused=False) for s in sources}


def _neutral_copy(folder: Path, source: str, name: Path) -> tuple[str, str | None] | None:
    """The copy's path, and the path within it where the source is a file inside an archive or a mail."""
    outer, _, member = source.partition(SEPARATOR)
    document = find_document(folder, outer)
    if document is None:
        return None
    copy = name.with_suffix(document.suffix.lower())
    shutil.copyfile(document, copy)
    return str(copy), member or None


def _row(future: Any) -> Json:
    try:
        row: Json = future.result()
        return row
    except CongvanError as error:
        return error_json("", error.code, "", refused=False)
