"""Fit the weights by which obligations get their confidence (`extractors/lexicon/trust.csv`) to hand-made gold.

A logistic regression over the few traits of that table, each weight held to the sign that the table gives it and pulled
towards its prior: zero, but for what hardly a gold document shows and every reader knows. Documents weigh less the
longer they are (by the root of their obligations), so that one plan does not decide for all. What it is worth is told
by leaving each document out in turn: its obligations get the confidence that the others' weights give them.

    python -m pipeline.training FOLDER... [--write]
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from extractors.trust import BASE, probability
from pipeline.evaluate import extract_neutrally, load_gold, score_groups
from pipeline.reliability import bands, sure
from pipeline.scoring import Judged

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

TABLE = Path("extractors/lexicon/trust.csv")
PULL = 3.0  # towards the priors; weaker pulls gain nothing on documents left out
BASE_PULL = 0.001
# The rules were written with this gold in view, so that on other documents they are right less often than on it. Taken
# off the base: more, and fewer than half of the obligations would be sure.
DISCOUNT = 0.1
STEPS = 4000
CLOSE = 1e-8


def judged_in(folder: Path, workers: int | None = None) -> list[Judged]:
    """The obligations that are found in the dispatches of a gold folder."""
    golds = load_gold(folder)
    result = score_groups(golds, extract_neutrally(folder, [gold["source"] for gold in golds], workers))
    return [replace(one, document=f"{folder}/{one.document}") for one in (*result.text.judged, *result.scan.judged)]


@dataclass(frozen=True, slots=True)
class Trait:
    """What the table says of a trait beforehand: 1 where it can only speak for, -1 only against an obligation; and the
    weight that it has where gold says nothing."""

    sign: int
    prior: float


def fit(judged: Sequence[Judged], known: Mapping[str, Trait]) -> dict[str, float]:
    """The weight of each trait, and of the base."""
    import numpy as np

    names = [name for name in known if name != BASE]
    table = np.array([[1.0, *(one.traits.get(name, 0.0) for name in names)] for one in judged])
    right = np.array([float(one.right) for one in judged])
    signs = np.array([0, *(known[name].sign for name in names)])
    priors = np.array([0.0, *(known[name].prior for name in names)])
    found = _descend(table, right, _weights(judged), signs, priors)
    found[0] -= DISCOUNT
    return dict(zip([BASE, *names], found.tolist(), strict=True))


def _weights(judged: Sequence[Judged]) -> Floats:
    import numpy as np

    lengths = Counter(one.document for one in judged)
    weights = np.array([lengths[one.document] ** -0.5 for one in judged])
    mean: Floats = weights / weights.mean()
    return mean


def _descend(table: Floats, right: Floats, weights: Floats, signs: NDArray[np.int64], priors: Floats) -> Floats:
    """The least loss, by accelerated steps that are cut off where a weight would leave its sign."""
    import numpy as np

    pulls = np.array([BASE_PULL, *([PULL] * (len(priors) - 1))])
    step = 1.0 / float(0.25 * np.linalg.eigvalsh((table * weights[:, None]).T @ table).max() + pulls.max())
    here = ahead = priors
    pace = 1.0
    for _ in range(STEPS):
        said = 1.0 / (1.0 + np.exp(-table @ ahead))
        slope = table.T @ (weights * (said - right)) + pulls * (ahead - priors)
        new = ahead - step * slope
        new = np.where(new * signs < 0, 0.0, new)
        faster = (1.0 + (1.0 + 4.0 * pace * pace) ** 0.5) / 2.0
        ahead = new + (pace - 1.0) / faster * (new - here)
        moved = float(np.abs(new - here).max())
        here, pace = new, faster
        if moved < CLOSE:
            break
    return here.copy()


def left_out(judged: Sequence[Judged], known: Mapping[str, Trait]) -> list[Judged]:
    """Each obligation with the confidence that it gets from the other documents alone."""
    out: list[Judged] = []
    for document in dict.fromkeys(one.document for one in judged):
        weights = fit([one for one in judged if one.document != document], known)
        out.extend(_said(one, weights) for one in judged if one.document == document)
    return out


def _said(one: Judged, weights: Mapping[str, float]) -> Judged:
    return replace(one, confidence=probability(one.traits, weights))


@click.command()
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--write", is_flag=True, help="write the weights into the table")
@click.option("--table", type=click.Path(path_type=Path), default=TABLE)
def main(folders: tuple[Path, ...], write: bool, table: Path) -> None:
    """Fit the weights to the gold in FOLDERS, and say what they are worth."""
    judged = [one for folder in folders for one in judged_in(folder)]
    rows = list(csv.DictReader(table.read_text("utf-8").splitlines()))
    known = {row["trait"]: Trait({"+": 1, "-": -1}.get(row["sign"], 0), float(row["prior"] or 0)) for row in rows}
    weights = fit(judged, known)
    _tell("as it is", judged)
    _tell("fitted", [_said(one, weights) for one in judged])
    _tell("each document left out", left_out(judged, known))
    for row in rows:
        click.echo(f"{row['trait']:16} {float(row['weight']):6.2f} -> {weights[row['trait']]:6.2f}")
        row["weight"] = f"{weights[row['trait']]:.2f}"
    if write:
        table.write_text(_as_csv(rows), "utf-8")


def _tell(title: str, judged: Sequence[Judged]) -> None:
    share, right = sure(judged)
    click.echo(f"{title}: {len(judged)} obligations, {share:.2f} sure, of these right {right or 0.0:.3f}")
    for band in bands(judged):
        click.echo(f"  {band.low:.2f}-{band.high:.2f} {band.count:5} said {band.said:.2f} right {band.right:.2f}")


def _as_csv(rows: Sequence[dict[str, str]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


if __name__ == "__main__":
    main()
