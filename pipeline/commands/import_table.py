"""`congvan import`: a tracking table that an office keeps, held against the register."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.commands.import_words import imported_value
from pipeline.commands.options import (
    by_option,
    form_options,
    limit_option,
    now,
    office,
    opened,
    person,
    register_option,
    say,
    say_more,
    today,
)
from pipeline.messages import text, value_text
from pipeline.output import Column, Form, Row, day, day_of, short_of, show_rows, write_table
from pipeline.speaking import Command, argument, option

if TYPE_CHECKING:
    from pipeline.importing.planning import Plan, PlannedRow

LIMIT = 100
WHATS = ("document", "duty", "event", "deadline")
COLUMNS = (
    Column("table_column", fixed=True),
    Column("heading", ratio=4),
    Column("read_as", lambda row: _role_words(row), ratio=3),
)
ROWS = (
    Column("table_row", right=True, fixed=True, only="table"),
    Column("tracked_number", lambda row: f"{row['number'] or ''}\n{day(row['issued_on'])}", width=16, only="table"),
    Column("tracked_content", short_of("content", 80), ratio=5, only="table"),
    Column("tracked_lead", short_of("lead", 60), ratio=3, only="table"),
    Column("tracked_due", day_of("due"), fixed=True, only="table"),
    Column("tracked_said", lambda row: value_text("import_said", row["said"]), ratio=2, only="table"),
    Column("linked", lambda row: " ".join([row["dispatch"] or "", *row["duties"]]).strip(), ratio=2, only="table"),
    Column("outcome", lambda row: _outcome(row), ratio=4, only="table"),
    *(
        Column(key, only="csv")
        for key in (
            "sheet", "table_row", "number", "issued_on", "issuer", "content", "lead", "coordinating", "due",
            "extended_due", "said", "done_on", "proof", "state", "note", "dispatch", "obligation", "duties",
            "proposals", "notes", "problems",
        )
    ),
)  # fmt: skip


@click.command(cls=Command, name="import")
@argument("table", metavar="TABLE", type=click.Path(path_type=Path))
@option("--apply/--dry-run", "is_applied", default=False, help="apply")
@option("--columns", metavar="COLUMNS", help="import_columns")
@limit_option
@form_options
@by_option
@register_option
def command(
    table: Path,
    register_path: Path,
    form: Form,
    is_applied: bool,
    columns: str | None,
    limit: int | None,
    who: str | None,
) -> int:
    """The columns and rows as they were understood; with `--apply` what is new is kept as proposals."""
    from datetime import date

    from pipeline.importing.planning import plan_import
    from pipeline.importing.storing import keep_plan, statuses
    from pipeline.importing.tables import read_tracking

    tracking = read_tracking(table, columns)
    with opened(register_path, "write" if is_applied else "read") as register:
        plan = plan_import(register, tracking, office(), date.fromisoformat(today()))
        known = statuses(register, plan)
        kept = keep_plan(register, plan, who=person(who), now=now()) if is_applied else None
    _show(plan, known, form, limit)
    _sum_up(plan)
    if kept:
        say("import.applied", new=kept.new, known=kept.known, settled=kept.settled)
    else:
        say("import.dry_run")
    return 0


def _show(plan: Plan, known: dict[str, str], form: Form, limit: int | None) -> None:
    rows = [_row(row, known) for row in plan.rows]
    if form != "table":
        show_rows(rows, ROWS, form)
        return
    for table in plan.tracking.tables:
        sheet = text("import.sheet", sheet=table.sheet) if table.sheet else ""
        write_table(_columns(table), COLUMNS, text("import.columns_title", sheet=sheet))
    most = limit or LIMIT
    show_rows(rows[:most], ROWS, form, title=text("import.rows_title", count=len(rows)))
    say_more(min(most, len(rows)), len(rows))


def _columns(table: Any) -> list[Row]:
    from pipeline.importing.tables import letter

    return [
        {"table_column": letter(c.column), "heading": c.words, "role": c.role, "is_read": c.is_read}
        for c in table.columns
        if c.words or c.role
    ]


def _role_words(row: Row) -> str:
    words = value_text("import_role", row["role"])
    return words if row["is_read"] else f"{words} ({text('import.unread')})" if words else text("import.unread")


def _row(row: PlannedRow, known: dict[str, str]) -> Row:
    said = row.said
    return {
        "sheet": row.sheet,
        "table_row": row.row,
        "number": row.number,
        **{key: getattr(said, key) for key in ("issued_on", "issuer", "subject", "content", "body")},
        "lead": list(said.lead),
        "coordinating": list(said.coordinating),
        "due": said.limit and (said.limit.due or said.limit.quote),
        "extended_due": said.extended and said.extended.due,
        **{key: getattr(said, key) for key in ("said", "done_on", "proof", "state", "note")},
        "dispatch": row.dispatch.id and f"D{row.dispatch.id}",
        "obligation": row.duties.obligation and f"O{row.duties.obligation}",
        "duties": [f"T{number}" for number in row.duties.duties],
        "proposals": [
            {"what": one.what, "value": one.value, "confidence": one.confidence, "status": known.get(one.key, "new")}
            for one in row.proposals
        ],
        "notes": list(row.notes),
        "problems": [{"problem": problem.code, "words": problem.words} for problem in said.problems],
    }


def _outcome(row: Row) -> str:
    """Proposals, notes and problems of a row, a line each; a duty's own words stand beside it."""
    lines = []
    for one in row["proposals"]:
        words = imported_value(one["what"], one["value"] if one["what"] != "duty" else "", row["number"]).rstrip(": ")
        status = "" if one["status"] == "new" else f" ({value_text('import_status', one['status'])})"
        lines.append(f"+ {words}{status}")
    lines += [value_text("import_note", note) for note in row["notes"]]
    lines += [text(f"value.import_problem.{p['problem']}", words=p["words"]) for p in row["problems"]]
    return "\n".join(lines)


def _sum_up(plan: Plan) -> None:
    found: Counter[str] = Counter(one.what for row in plan.rows for one in row.proposals)
    say(
        "import.summary",
        rows=len(plan.rows),
        dispatches=sum(row.dispatch.id is not None for row in plan.rows),
        duties=sum(bool(row.duties.duties) for row in plan.rows),
        problems=sum(bool(row.said.problems) for row in plan.rows),
    )
    say("import.proposals", **{what: found[what] for what in WHATS})
    if plan.tracking.passed_over:
        say("import.passed_over", count=plan.tracking.passed_over)
