"""`congvan tasks`: obligations by who, from whom, what kind of dispatch, when, and by words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import click

from pipeline.commands.options import (
    as_of_option,
    filter_options,
    form_options,
    limit_option,
    opened,
    policy_line,
    policy_option,
    register_option,
    say,
    say_more,
    say_no_body,
    settings_for,
    standing_options,
)
from pipeline.messages import text, value_text
from pipeline.output import Column, Form, Row, day, listed, percent, shortened, show_rows
from pipeline.speaking import Choice, Command, option


def due_words(row: Row) -> str:
    """The due day of a task and the words that state it."""
    quotes = listed([d["quote"] for d in row.get("deadlines") or ()])
    return "\n".join(part for part in (day(row.get("due")), f"“{shortened(quotes, 60)}”" if quotes else "") if part)


def state_words(row: Row) -> str:
    """The state, with the days late; that it only urges."""
    state = value_text("state", row["state"])
    state = text("tasks.late", state=state, days=row["days_late"]) if row["days_late"] else state
    return state if row.get("checkable", True) else f"{state}\n({text('tasks.urging')})"


def doubt_words(row: Row) -> str:
    """How sure the least certain part of a task is, where that is little and nobody has confirmed it."""
    from pipeline.register import DOUBTFUL

    limits = row["deadlines"] if "deadlines" in row else [row["deadline"]] if row.get("deadline") else []
    least = min(part["confidence"] for part in (row, *limits))
    return percent(least) if least < DOUBTFUL and not row["confirmed"] else ""


def lead_words(row: Row) -> str:
    """Who leads; in brackets where the dispatch itself names nobody."""
    names = shortened(listed(row.get("lead")), 90)
    return names if row.get("lead_stated", True) else f"({names or text('list.nobody')})"


COLUMNS = (
    Column("id", fixed=True),
    Column("due", due_words, width=13, only="table"),
    Column("state", lambda row: state_words(row), width=10, only="table"),
    Column("lead", lead_words, ratio=4, only="table"),
    Column("quote", lambda row: quote_words(row), ratio=9, only="table"),
    Column("number", lambda row: source_words(row), width=14, only="table"),
    Column("confidence", doubt_words, right=True, fixed=True, only="table"),
    *(
        Column(key, only="csv")
        for key in (
            "due", "state", "days_late", "lead", "coordinating", "quote", "kind", "modality", "deadline_quotes",
            "checkable", "check", "dispatch", "number", "type", "issued_on", "issuer", "page", "confidence",
            "confirmed",
        )
    ),
)  # fmt: skip


def quote_words(row: Row) -> str:
    """What is to be done, and what later dispatches say of it."""
    return "\n".join([shortened(listed(row["quote"]), 160), *follow_up_words(row)])


def follow_up_words(row: Row) -> list[str]:
    """One line a later dispatch that urges, extends, answers ... an obligation."""
    return [
        "↳ "
        + " ".join(
            part
            for part in (
                value_text("relation_past", one["relation"]),
                text("tasks.until", day=day(one["due"])) if one["due"] else "",
                f"({source_words(one)}, {one['link']}{'?' if one['status'] == 'open' else ''})",
            )
            if part
        )
        for one in row.get("follow_ups") or ()
    ]


def source_words(row: Row) -> str:
    """The dispatch that a row comes from: its number, or its id where no number is printed; the number alone where
    only an imported table tells of it."""
    number, dispatch = row.get("number"), row["dispatch"]
    return f"{number} ({dispatch})" if number and dispatch else str(number or dispatch or "")


@click.command(cls=Command)
@filter_options
@standing_options
@option("--state", type=Choice(["overdue", "upcoming", "no_day", "closed", "target"]), help="state")
@option("--kind", type=Choice(["task", "target"]), help="kind")
@as_of_option
@policy_option
@limit_option
@form_options
@register_option
def command(register_path: Path, form: Form, as_of: str, policy: Any, limit: int | None, **filters: Any) -> int:
    """Soonest due first."""
    from pipeline.followup.quickly import told
    from pipeline.register import TaskFilter, count_states, tasks

    with opened(register_path) as register:
        wanted = TaskFilter(**filters)
        on = date.fromisoformat(as_of)
        known = told(register, replace(wanted, state=None, kind=None), settings_for(policy), as_of=on)
        rows = tasks(register, wanted, as_of=as_of, policy=policy, limit=limit, told=known)
        states = count_states(register, wanted, as_of=as_of, policy=policy, told=known) if limit else {}
        if not rows:
            say_no_body(register, filters["body"], as_of)
    for row in rows:
        row["deadline_quotes"] = [d["quote"] for d in row["deadlines"]]
    show_rows(rows, COLUMNS, form, title=text("tasks.title", count=len(rows), day=day(as_of)))
    if form == "table":
        click.echo(policy_line(policy))
    else:
        say("policy.as_of", policy=policy_line(policy), day=day(as_of))
    say_more(len(rows), states.get(wanted.state, 0) if wanted.state else sum(states.values()))
    return 0
