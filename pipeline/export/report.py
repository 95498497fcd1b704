"""Báo cáo định kỳ: the report that an office owes on one dispatch, as a paper to be signed, or as tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from extractors.calendar import add_months
from pipeline.export.charts import charts_of, pictures
from pipeline.export.forms import printed
from pipeline.export.happened import told
from pipeline.export.letterhead import Heading, write_addressees, write_annex, write_foot, write_head, write_title
from pipeline.export.paper import BOLD, Type, as_bytes, body, new_paper, write_picture
from pipeline.export.papertable import shown, write_table
from pipeline.export.reporting import Line, Report, completed, leads
from pipeline.export.reporttables import bodies_sheet, body_words, figures_sheet, tasks_sheet
from pipeline.export.sheet import Picture, Sheet
from pipeline.export.wording import (
    capital,
    cited,
    count_words,
    day_words,
    limit_words,
    number_of,
    short_cited,
    task_words,
)
from pipeline.followup.settings import Office
from pipeline.output import shortened

_NAMED = 10  # what the text names one by one; the annexes have all
_LONGEST = 220  # characters of a task in the text
_LONGEST_IN_TABLE = 600
_AHEAD = 3  # months
_DRAWN, _DRAWN_WIDTH = 8, 130  # bodies on a chart; its width in millimetres
_RECENT = (
    "accepted", "reported", "partly_done", "confirmed", "extended", "reminded", "returned", "reassigned", "suspended",
    "withdrawn", "superseded",
)  # fmt: skip
_ITALIC = Type(italic=True)


def report_sheets(report: Report) -> list[Sheet]:
    """The tables alone: figures, tasks, bodies."""
    return [tasks_sheet(report), replace(figures_sheet(report), pictures=_pictures(report)), bodies_sheet(report)]


def report_paper(report: Report, office: Office, *, year: int) -> bytes:
    """The report as a Word file; `year` is that of its date line."""
    paper = new_paper(made=report.as_of)
    symbol = printed("report.symbol", symbol=office.symbol) if office.symbol else None
    heading = Heading(year, symbol)
    write_head(paper, office, heading)
    period = capital(report.span.words)
    title = printed("report.title", document=number_of(report.letter), period=period)
    write_title(paper, printed("report.name"), title)
    above = _above(report, office)
    if above:
        write_addressees(paper, [above])
    _write_text(paper, report, office)
    recipients = [printed("report.same")] if above else []
    write_foot(paper, office, [*recipients, printed("report.kept")])
    for number, sheet in enumerate((tasks_sheet(report, longest=_LONGEST_IN_TABLE), bodies_sheet(report)), 1):
        write_annex(paper, number, sheet, printed("report.kind"), office, heading)
    return as_bytes(paper)


def _above(report: Report, office: Office) -> str | None:
    """To whom it goes: who issued the dispatch, unless that is this office itself."""
    issuer = report.letter.issuer
    return issuer if issuer and issuer not in (office.name, office.full_name) else None


def _write_text(paper: Any, report: Report, office: Office) -> None:
    name = office.full_name or printed("page.unknown")
    words = printed("report.opening", document=cited(report.letter), office=name, within=report.span.within)
    body(paper, words)
    policy = printed(f"report.{report.policy}")
    body(paper, printed("report.closing_day", day=day_words(report.as_of), policy=policy), _ITALIC)
    sections = (
        ("given", _given(report)),
        ("done", _done(report)),
        ("late", _late(report)),
        ("open", _open(report)),
        ("matters", _matters(report)),
    )
    for code, lines in sections:
        body(paper, printed(f"report.{code}"), BOLD, keep=True)
        for line in lines:
            _write_line(paper, line, report)
        for picture in _pictures(report) if code == "done" else ():
            write_picture(paper, picture)
    body(paper, printed("report.end", document=number_of(report.letter), within=report.span.within), keep=True)


def _write_line(paper: Any, line: str, report: Report) -> None:
    """A paragraph; what is only a code stands for the table of figures, sub-headings are bold."""
    if line == "table":
        write_table(paper, figures_sheet(report))
        body(paper, printed("report.below_undated"), Type(size=12, italic=True))
    elif line in (_recent_heading(report), _figures_heading(report)):
        body(paper, line, BOLD, keep=True)
    else:
        body(paper, line)


def _pictures(report: Report) -> list[Picture]:
    """The figures drawn, small; nothing where there is nothing to draw."""
    return pictures(charts_of(report.duties, report.as_of, _DRAWN), _DRAWN_WIDTH)


def _recent_heading(report: Report) -> str:
    return printed("report.recent", within=report.span.within)


def _figures_heading(report: Report) -> str:
    return printed("report.figures", day=day_words(report.as_of))


def _given(report: Report) -> Iterator[str]:
    counts, duties = report.counts, report.duties
    undated = sum(one.timeliness in ("no_limit", "no_day") for one in duties)
    yield printed(
        "report.given_tasks",
        document=short_cited(report.letter),
        tasks=count_words(report.tasks),
        bodies=count_words(len({one.holder.key for one in duties})),
        total=count_words(len(duties)),
        dated=count_words(len(duties) - undated),
        undated=count_words(undated),
    )
    aims = sum(not line.row["checkable"] for line in report.lines)
    if aims:
        yield printed("report.given_aims", count=count_words(aims))
    if report.targets:
        yield printed("report.given_targets", count=count_words(report.targets))
    named = leads(report)
    if len(named) > 1 and counts.total:
        yield from _given_to(named)


def _given_to(named: list[tuple[str, int, int]]) -> Iterator[str]:
    yield printed("report.given_to")
    shown_ones, rest = (named, []) if len(named) <= _NAMED + 1 else (named[:_NAMED], named[_NAMED:])
    lines = [
        printed(
            "report.given_group" if bodies > 1 else "report.given_one",
            name=capital(name),
            tasks=count_words(tasks),
            bodies=count_words(bodies),
        )
        for name, tasks, bodies in shown_ones
    ]
    if rest:
        lines.append(printed("report.given_rest", tasks=count_words(sum(tasks for _, tasks, _ in rest))))
    lines[-1] = lines[-1].rstrip(";.") + "."
    yield from lines


def _done(report: Report) -> Iterator[str]:
    yield _recent_heading(report)
    events = completed(report)
    parts = [printed(f"report.{kind}", count=count_words(events[kind])) for kind in _RECENT if events[kind]]
    if parts:
        yield printed("report.recent_some", parts="; ".join(parts))
        yield from _recent_done(report)
    elif report.is_silent:
        yield printed("report.silent", day=day_words(report.as_of))
    else:
        yield capital(printed("report.recent_none", within=report.span.within))
    yield _figures_heading(report)
    yield "table"
    yield from _rates(report)


def _recent_done(report: Report) -> Iterator[str]:
    rows = {one.id: line for line in report.lines for one in line.duties}
    done = [(one, event) for one, event in report.recent if event.kind == "accepted"]
    if done:
        yield printed("report.recent_done")
    for one, event in done[:_NAMED]:
        name = one.holder.name or printed("report.nobody")
        yield printed("report.recent_done_item", body=name, task=_task(rows[one.id]), event=told(event))


def _rates(report: Report) -> Iterator[str]:
    counts, rates = report.counts, report.counts.rates()
    if not counts.due:
        yield printed("report.no_rates")
        return
    share = {name: shown(value, "percent") for name, value in rates.items()}
    yield printed("report.rates")
    yield printed("report.due_done", part=counts.done, rest=counts.overdue, rate=share["done_of_due"])
    yield printed("report.due_late", part=counts.overdue, done=counts.done, rate=share["overdue_of_due"])
    part, done, late = counts.done_on_time, counts.done, counts.overdue
    yield printed("report.on_time", part=part, done=done, late=late, rate=share["on_time_of_due"])


def _late(report: Report) -> Iterator[str]:
    lines = [line for line in report.lines if line.is_late]
    if not lines:
        yield printed("report.late_none", day=day_words(report.as_of))
        return
    lines.sort(key=lambda line: -max(one.days_late or 0 for one in line.duties))
    yield printed(
        "report.late_some",
        day=day_words(report.as_of),
        count=count_words(report.counts.overdue),
        tasks=count_words(len({line.row["id"] for line in lines})),
        bodies=count_words(len({one.holder.key for line in lines for one in line.duties if one.timeliness == "late"})),
        shown=printed("report.shown_first", count=count_words(_NAMED)) if len(lines) > _NAMED else "",
    )
    for line in lines[:_NAMED]:
        late = [one for one in line.duties if one.timeliness == "late"]
        times = max(one.standing.reminders for one in late)
        yield printed(
            "report.late_item",
            body=_late_bodies(line, len(late)),
            task=_task(line),
            limit=limit_words(line.row),
            days=count_words(max(one.days_late or 0 for one in late)),
            reminders=printed("report.reminded_times", count=count_words(times)) if times else "",
        )


def _late_bodies(line: Line, count: int) -> str:
    if len(line.duties) == 1 or count == len(line.duties):
        return body_words(line)
    names = [one.holder.name for one in line.duties if one.timeliness == "late" and one.holder.name]
    return names[0] if count == 1 and names else printed("report.late_group", count=count, group=body_words(line))


def _open(report: Report) -> Iterator[str]:
    lines = [line for line in report.lines if any(_is_open(one.timeliness) for one in line.duties)]
    if not lines:
        yield printed("report.open_none")
        return
    until = add_months(report.as_of, _AHEAD)
    near = sorted((line for line in lines if _first_day(line) <= until), key=_first_day)
    words = printed("report.open_some", count=count_words(report.counts.open_in_time))
    yield words + printed("report.open_next" if near else "report.open_later", day=day_words(until))
    for line in near[:_NAMED]:
        yield printed("report.open_item", body=body_words(line), task=_task(line), limit=limit_words(line.row))
    reported = sum(one.standing.state == "reported" for one in report.duties)
    if reported:
        yield printed("report.open_reported", count=count_words(reported))


def _first_day(line: Line) -> date:
    return min(one.last_day or date.max for one in line.duties if _is_open(one.timeliness))


def _is_open(timeliness: str) -> bool:
    return timeliness in ("in_time", "soon", "today")


def _matters(report: Report) -> Iterator[str]:
    unclear = sum(one.holder.name is None or one.holder.is_unclear for one in report.duties)
    yield printed("report.unclear", count=count_words(unclear)) if unclear else printed("report.clear")
    yield printed("report.by_hand")
    yield from (printed("report.dots") for _ in range(3))


def _task(line: Line) -> str:
    return shortened(task_words(line.row["quote"]), _LONGEST)
