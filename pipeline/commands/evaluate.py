"""`congvan evaluate`: how much of hand-made gold the extraction finds."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.commands.options import no_register_option, timeout_option, workers_option
from pipeline.messages import text
from pipeline.output import Column, write_json, write_table
from pipeline.speaking import Command, argument, option

if TYPE_CHECKING:
    from pipeline.evaluate import Evaluation, Group
    from pipeline.scoring import Score

COLUMNS = {
    "text": Column("figures_text", lambda row: row["text"], fixed=True),
    "scan": Column("figures_scan", lambda row: row["scan"], fixed=True),
}


@click.command(cls=Command)
@argument("gold", metavar="FOLDER", type=click.Path(path_type=Path))
@workers_option
@timeout_option
@no_register_option
@option("--errors", is_flag=True, help="errors")
@option("--json", "as_json", is_flag=True, help="json")
def command(gold: Path, workers: int | None, timeout: float, errors: bool, as_json: bool) -> int:
    """Figures of dispatches with text and of scans side by side; what is no dispatch apart; `--errors`: every miss."""
    from pipeline.evaluate import evaluate

    result = evaluate(gold, workers, timeout)
    misses = [asdict(miss) for part in result.parts().values() for miss in part.misses] if errors else []
    if as_json:
        write_json(result.row() | ({"misses": misses} if errors else {}))
        return 0
    show(result)
    for miss in misses:
        click.echo(text("evaluate.miss", **{k: _shown(v) for k, v in miss.items()}))
    return 0


def show(result: Evaluation) -> None:
    """The figures as a table: F1, then right, wrong and missed values."""
    used: list[Group] = [group for group, part in result.parts().items() if group != "none" and part.documents]
    by_group = {group: _rows(result.parts()[group]) for group in used}
    names = sorted({name for rows in by_group.values() for name in rows})
    rows = [{"figure": name} | {group: _figure(by_group[group].get(name)) for group in used} for name in names]
    counts = {f"{group}s": part.documents for group, part in result.parts().items()}
    write_table(
        rows, [Column("figure", fixed=True), *[COLUMNS[group] for group in used]], text("evaluate.title", **counts)
    )
    if result.unread:
        codes = ", ".join(f"{code} {count}" for code, count in sorted(result.unread.items()))
        click.echo(text("evaluate.unread", count=sum(result.unread.values()), codes=codes))
    if result.none.documents:
        click.echo(text("evaluate.refused", refused=result.refused, count=result.none.documents))


def _rows(part: Score) -> dict[str, dict[str, Any]]:
    """The figures of one group, those of limits by kind and place under the one that they divide."""
    return part.rows() | {f"obligation.deadlines.{name}": row for name, row in part.limit_rows().items()}


def _figure(row: dict[str, Any] | None) -> str:
    if row is None or row["f1"] is None:
        return "-"
    if row["precision"] is None and row["recall"] is None:
        return f"{row['f1']:.3f}"
    return f"{row['f1']:.3f}  {row['tp']:>4} {row['fp']:>4} {row['fn']:>4}"


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else "-" if value is None else json.dumps(value, ensure_ascii=False)
