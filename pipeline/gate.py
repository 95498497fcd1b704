"""The gold gate: figures once reached stay reached.

`corpus/gate.json` pins, for each set of gold documents, every figure and a fingerprint of gold and documents. The check
fails where a figure is lower than pinned, and where the documents are no longer those that were measured. Pinning
anew refuses to lower a figure, unless that is asked for with a reason, which is kept in the file. It also writes the
figures into the README.

    python -m pipeline.gate check
    python -m pipeline.gate update [--allow-regression --reason TEXT]
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import click

from pipeline.baseline import FILE, Figures, keyed
from pipeline.evaluate import extract_neutrally, find_document, load_gold, score_groups
from pipeline.reading.membernames import SEPARATOR
from pipeline.scoring import Json

PAGE = Path("README.md")
BEGIN, END = "<!-- figures: begin -->\n", "<!-- figures: end -->"
# Figures are pinned to three decimals; half a unit of the last one is rounding. The smallest real loss is one of
# some 500 obligations, which moves its F1 by 0.001.
EPSILON = 0.0005
# Recognition differs a little between versions of Tesseract: what falls below this is a loss of the program's own.
SCAN_EPSILON = 0.03


@dataclass(frozen=True, slots=True)
class Set:
    """One set of gold documents that is measured; `wanted` tells which of a folder's gold belong to it.

    A figure may be lower than pinned by `slack`.
    """

    folder: Path
    wanted: Callable[[Json], bool]
    group: Literal["text", "scan"] = "text"
    slack: float = EPSILON


def _scanned(gold: Json) -> bool:
    return gold.get("medium") == "scan"


SETS = {
    "samples": Set(Path("corpus/gold"), lambda gold: not _scanned(gold)),
    "dev": Set(Path("../shared/gold/dev"), lambda gold: not _scanned(gold)),
    "dev scans": Set(Path("../shared/gold/dev"), _scanned, "scan", SCAN_EPSILON),
}


@dataclass(frozen=True, slots=True)
class Measured:
    """What a set reaches now: F1 by figure, to three decimals, and how many documents that are none were refused;
    `by_document` has a few figures of each dispatch, which `congvan evaluate` compares with."""

    fingerprint: str
    documents: int
    figures: Mapping[str, float]
    by_document: Figures = field(default_factory=dict)

    def row(self) -> dict[str, Any]:
        """The measure as it stands in the file."""
        return {
            "fingerprint": self.fingerprint,
            "documents": self.documents,
            "figures": dict(self.figures),
            "by_document": {key: dict(figures) for key, figures in self.by_document.items()},
        }


def measure(what: Set) -> Measured:
    """Extract and score the documents of a set."""
    golds = [gold for gold in load_gold(what.folder) if what.wanted(gold)]
    result = score_groups(golds, extract_neutrally(what.folder, [gold["source"] for gold in golds]))
    part = result.parts()[what.group]
    rows = part.rows()
    figures = {name: round(row["f1"], 3) for name, row in rows.items() if row["f1"] is not None}
    return Measured(
        fingerprint(what.folder, golds),
        len(golds),
        figures | ({"refused": round(result.refused / result.none.documents, 3)} if result.none.documents else {}),
        keyed(part),
    )


def fingerprint(folder: Path, golds: Sequence[Json]) -> str:
    """A digest of gold and documents, in any order of files: other bytes, another fingerprint."""
    digests = []
    for gold in golds:
        document = find_document(folder, gold["source"].partition(SEPARATOR)[0])
        body = document.read_bytes() if document else b""
        digests.append(hashlib.sha256(json.dumps(gold, sort_keys=True).encode() + b"\0" + body).hexdigest())
    return hashlib.sha256("".join(sorted(digests)).encode()).hexdigest()[:16]


def drops(pinned: Json, now: Measured, slack: float = EPSILON) -> dict[str, tuple[float, float]]:
    """The figures that are lower than pinned by more than `slack`: name -> (pinned, now). One that is gone is 0."""
    was: Mapping[str, float] = pinned["figures"]
    found = {name: (value, now.figures.get(name, 0.0)) for name, value in was.items()}
    return {name: (value, reached) for name, (value, reached) in found.items() if reached < value - slack}


def gains(pinned: Json, now: Measured) -> dict[str, tuple[float, float]]:
    """The figures that are higher than pinned, or new: name -> (pinned, now)."""
    was: Mapping[str, float] = pinned["figures"]
    found = {name: (was.get(name, 0.0), value) for name, value in now.figures.items()}
    return {name: (value, reached) for name, (value, reached) in found.items() if reached > value + EPSILON}


@click.group()
def main() -> None:
    """Pin figures and hold them."""


@main.command()
@click.option("--file", "path", type=click.Path(path_type=Path), default=FILE)
def check(path: Path) -> None:
    """Fail where a figure is lower than pinned."""
    pins = _read(path)["sets"]
    failed = False
    for name, what in SETS.items():
        if not what.folder.is_dir():
            click.echo(f"{name}: not measured, {what.folder} is not there")
            continue
        if name not in pins:
            click.echo(f"{name}: not pinned yet")
            failed = True
            continue
        failed |= not _holds(name, pins[name], measure(what), what.slack)
    sys.exit(1 if failed else 0)


@main.command()
@click.option("--file", "path", type=click.Path(path_type=Path), default=FILE)
@click.option("--page", type=click.Path(path_type=Path), default=PAGE, help="the page that shows the figures")
@click.option("--allow-regression", is_flag=True, help="lower figures too; needs --reason")
@click.option("--reason", default="", help="why a figure is lowered; kept in the file")
def update(path: Path, page: Path, allow_regression: bool, reason: str) -> None:
    """Pin what is reached now."""
    if allow_regression and not reason.strip():
        raise click.UsageError("--allow-regression needs --reason: why is it right that a figure drops?")
    state = _read(path)
    lowered: dict[str, tuple[float, float]] = {}
    for name, what in SETS.items():
        if not what.folder.is_dir():
            click.echo(f"{name}: pins stay, {what.folder} is not there")
            continue
        now = measure(what)
        lowered |= {f"{name} {figure}": change for figure, change in drops(_pin(state, name), now, what.slack).items()}
        state["sets"][name] = now.row()
        click.echo(f"{name}: {now.documents} documents, {len(now.figures)} figures")
    for figure, (was, reached) in lowered.items():
        click.echo(f"  lower: {figure} {was:.3f} -> {reached:.3f}")
    if lowered and not allow_regression:
        click.echo("nothing was pinned; to lower a figure say --allow-regression --reason TEXT")
        sys.exit(1)
    if lowered:
        state["lowered"].append({"reason": reason.strip(), "figures": {k: list(v) for k, v in lowered.items()}})
    _write(path, json.dumps(state, ensure_ascii=False, indent=1) + "\n")
    if page.exists():
        _write(page, with_figures(page.read_text("utf-8"), state))


def with_figures(page: str, state: Json) -> str:
    """The page with the figures of a gate file between its two marks, where it has them."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        return page
    sets: Mapping[str, Json] = state["sets"]
    names = sorted({figure for pin in sets.values() for figure in pin["figures"]})
    lines = [
        "| F1 | " + " | ".join(f"{name} ({pin['documents']} documents)" for name, pin in sets.items()) + " |",
        "|---|" + "---|" * len(sets),
        *(f"| `{n}` | " + " | ".join(_cell(pin["figures"].get(n)) for pin in sets.values()) + " |" for n in names),
    ]
    return before + begin + "\n".join(lines) + "\n" + end + after


def _cell(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _holds(name: str, pinned: Json, now: Measured, slack: float = EPSILON) -> bool:
    """Whether a set holds its pins; says what does not."""
    if pinned["fingerprint"] != now.fingerprint:
        click.echo(f"{name}: gold or documents are others than those pinned; look at them, then `make gate-update`")
        return False
    lower, higher = drops(pinned, now, slack), gains(pinned, now)
    for figure, (was, reached) in lower.items():
        click.echo(f"{name}: {figure} dropped from {was:.3f} to {reached:.3f}")
    for figure, (was, reached) in higher.items():
        click.echo(f"{name}: {figure} rose from {was:.3f} to {reached:.3f}; `make gate-update` pins it")
    if not lower:
        click.echo(f"{name}: {len(pinned['figures'])} figures of {now.documents} documents hold")
    return not lower


def _pin(state: Json, name: str) -> Json:
    pin: Json = state["sets"].get(name, {"figures": {}})
    return pin


def _read(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {"sets": {}, "lowered": []}
    state: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return state


def _write(path: Path, text: str) -> None:
    new = path.with_suffix(".new")
    new.write_text(text, "utf-8")
    os.replace(new, path)


if __name__ == "__main__":
    main()
