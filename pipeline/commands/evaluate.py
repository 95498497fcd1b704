"""`congvan evaluate`: how much of hand-made gold the extraction finds."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.commands.options import no_register_option, say, timeout_option, workers_option
from pipeline.messages import text
from pipeline.output import Column, write_json, write_table
from pipeline.speaking import Command, argument, option

if TYPE_CHECKING:
    from pipeline.evaluate import Evaluation, Group
    from pipeline.reliability import Band
    from pipeline.scoring import Score

COLUMNS = {
    "all": Column("figures_all", lambda row: row["all"], fixed=True),
    "text": Column("figures_text", lambda row: row["text"], fixed=True),
    "scan": Column("figures_scan", lambda row: row["scan"], fixed=True),
}


@click.command(cls=Command)
@argument("gold", metavar="FOLDER", type=click.Path(path_type=Path))
@workers_option
@timeout_option
@no_register_option
@option("--errors", is_flag=True, help="errors")
@option("--baseline", type=click.Path(path_type=Path), metavar="FILE", help="baseline")
@option("--json", "as_json", is_flag=True, help="json")
def command(gold: Path, workers: int | None, timeout: float, errors: bool, baseline: Path | None, as_json: bool) -> int:
    """Figures of dispatches with text and of scans side by side, how reliable confidence is, gains and losses of each
    document; what is no dispatch apart; `--errors`: every miss."""
    from pipeline.baseline import FILE, changes, key, pinned
    from pipeline.evaluate import evaluate

    result = evaluate(gold, workers, timeout)
    pins = pinned(baseline or FILE)
    changed = [asdict(change) for part in result.parts().values() for change in changes(part, pins)]
    misses = [asdict(miss) for part in result.parts().values() for miss in part.misses] if errors else []
    if as_json:
        write_json(result.row() | {"changes": changed} | ({"misses": misses} if errors else {}))
        return 0
    show(result)
    show_reliability(result)
    show_changes(changed, any(key(source) in pins for part in result.parts().values() for source in part.by_document))
    for miss in misses:
        click.echo(text("evaluate.miss", **{k: _shown(v) for k, v in miss.items()}))
    return 0


def show_reliability(result: Evaluation) -> None:
    """Of the obligations found with a confidence, how many are right in what, who and when at once."""
    from pipeline.reliability import bands, sure

    groups = {group: part.judged for group, part in result.parts().items() if part.judged}
    every = [one for judged in groups.values() for one in judged]
    if not every:
        return
    by_group = {g: {b.low: b for b in bands(judged)} for g, judged in [*groups.items(), ("all", every)]}
    rows = [
        {"band": f"{low:.2f} - {band.high:.2f}"} | {group: _band(found.get(low)) for group, found in by_group.items()}
        for low, band in by_group["all"].items()
    ]
    columns = [Column("band", fixed=True), *[COLUMNS[group] for group in by_group]]
    write_table(rows, columns, text("evaluate.reliability"))
    share, right = sure(every)
    click.echo(text("evaluate.sure", share=f"{share:.0%}", right="-" if right is None else f"{right:.1%}"))


def show_changes(changed: list[dict[str, Any]], compared: bool) -> None:
    """What each document gained and lost since the figures were pinned."""
    if not compared:
        say("evaluate.not_pinned")
        return
    rows = [{**one, "was": f"{one['was']:.3f}", "now": f"{one['now']:.3f}"} for one in changed]
    rows = [{**row, "change": f"{one['now'] - one['was']:+.3f}"} for row, one in zip(rows, changed, strict=True)]
    columns = [Column("document", ratio=6), *(Column(k, fixed=True) for k in ("figure", "was", "now", "change"))]
    write_table(rows, columns, text("evaluate.changes", count=len(rows)))


def _band(band: Band | None) -> str:
    return "-" if band is None else f"{band.right:.2f}  {band.count:>4}"


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
