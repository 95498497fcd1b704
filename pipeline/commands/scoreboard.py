"""`congvan scoreboard`: how each body keeps its deadlines, by the government's own definitions."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.commands.options import (
    as_of_option,
    filter_options,
    form_options,
    opened,
    policy_line,
    policy_option,
    register_option,
    say,
    say_no_body,
    settings_for,
    standing_options,
)
from pipeline.messages import text
from pipeline.output import Column, Form, Row, day, listed, rate, show_rows
from pipeline.speaking import Command

if TYPE_CHECKING:
    from pipeline.followup.scoreboard import Counts

COUNTS = ("total", "done_on_time", "done_late", "open_in_time", "overdue", "no_deadline", "suspended")
RATES = ("done_of_due", "overdue_of_due", "on_time_of_due", "done_of_total")


def _rate(key: str) -> Column:
    return Column(key, lambda row: rate(row[key]), right=True, fixed=True)


COLUMNS = (
    Column("body", lambda row: listed(row["body"]) or text("list.nobody"), ratio=1, only="table"),
    *(Column(key, right=True, width=8, only="table") for key in COUNTS),
    *(_rate(key) for key in RATES[:2]),
    *(Column(key, only="csv") for key in ("body", "body_code", *COUNTS, *RATES[2:], "as_of", "policy")),
)


@click.command(cls=Command)
@filter_options
@standing_options
@as_of_option
@policy_option
@form_options
@register_option
def command(register_path: Path, form: Form, as_of: str, policy: Any, **filters: Any) -> int:
    """A line a body, most overdue first; the last line is all of them."""
    from pipeline.followup.quickly import scoreboard
    from pipeline.register import TaskFilter

    with opened(register_path) as register:
        wanted, settings = TaskFilter(**filters), settings_for(policy)
        bodies, everything = scoreboard(register, wanted, settings, as_of=date.fromisoformat(as_of))
        if not bodies:
            say_no_body(register, filters["body"], as_of)
    marks = {"as_of": as_of, "policy": policy}
    rows = [{"body": holder.name, "body_code": holder.code, **_figures(counts), **marks} for holder, counts in bodies]
    rows.append({"body": text("scoreboard.all"), "body_code": None, **_figures(everything), **marks})
    show_rows(rows, COLUMNS, form, title=text("scoreboard.title", day=day(as_of)))
    formula = text("scoreboard.formula")
    if form == "table":
        click.echo(formula)
        click.echo(policy_line(policy))
    else:
        say("policy.as_of", policy=policy_line(policy), day=day(as_of))
        click.echo(formula, err=True)
    return 0


def _figures(counts: Counts) -> Row:
    rates = counts.rates()
    shares = {name: None if rates[name] is None else round(rates[name], 2) for name in RATES}  # type: ignore[arg-type]
    return {**{name: getattr(counts, name) for name in COUNTS}, **shares}
