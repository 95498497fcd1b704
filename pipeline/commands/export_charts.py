"""`congvan export charts`: what is late, what is coming and how deadlines were kept, as pictures."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from pipeline.commands.options import (
    as_of_option,
    filter_options,
    opened,
    policy_line,
    policy_option,
    register_option,
    require_body,
    say,
    settings_for,
)
from pipeline.output import day
from pipeline.speaking import Choice, Command, WrongUsage, option

NAMES = ("overdue-by-body", "due-by-week", "on-time-by-month")
ENDINGS = (".svg", ".png")


@click.command(cls=Command)
@filter_options
@option("--chart", type=Choice(NAMES), help="chart")
@option("--to", "target", type=click.Path(path_type=Path), metavar="PATH", help="charts_to")
@option("--force", is_flag=True, help="force")
@as_of_option
@policy_option
@register_option
def command(
    register_path: Path, as_of: str, policy: Any, target: Path | None, chart: str | None, force: bool, **filters: Any
) -> int:
    """Into a folder all of them as SVG; into a file one, as SVG or PNG by its ending."""
    from pipeline.export.charts import charts
    from pipeline.export.saving import save_bytes
    from pipeline.register import TaskFilter

    target = target or Path("outputs/charts")
    if target.suffix and target.suffix.lower() not in ENDINGS and not target.is_dir():
        raise WrongUsage("usage.chart_file", path=target)
    with opened(register_path) as register:
        require_body(register, filters["body"], as_of)
        made = charts(register, TaskFilter(**filters), settings_for(policy), as_of=date.fromisoformat(as_of))
    is_file = target.suffix.lower() in ENDINGS and not target.is_dir()
    wanted = [one for one in made if one.name == (chart or (NAMES[0] if is_file else one.name))]
    for one in wanted:
        path = target if is_file else target / f"{one.name}.svg"
        save_bytes(one.png() if path.suffix.lower() == ".png" else one.svg(), path, replace=force)
        say("export.chart", path=path, told=one.told)
    say("policy.as_of", policy=policy_line(policy), day=day(as_of))
    return 0
