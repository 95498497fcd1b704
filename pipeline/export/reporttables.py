"""Phụ lục báo cáo: the tables of a periodic report: figures, tasks, bodies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from pipeline.export.forms import printed
from pipeline.export.happened import Happened, standing_words, told
from pipeline.export.reporting import Line, Report
from pipeline.export.sheet import Cell, Column, Group, Row, Sheet, Total
from pipeline.export.wording import capital, day_words, issued, limit_words, number_of, task_words
from pipeline.followup.scoreboard import Counts
from pipeline.output import shortened


def _column(code: str, kind: str = "text", width: int = 12, over: str | None = None) -> Column:
    return Column(printed(f"report.{code}"), kind, width, over and printed(f"report.{over}"))  # type: ignore[arg-type]


def tasks_sheet(report: Report, *, longest: int | None = None) -> Sheet:
    """A row a task with all bodies that owe it: what can be checked first, then what only points the way. A task of
    more characters than `longest` is cut."""
    columns = (
        _column("serial", "serial", 5),
        _column("number", width=15),
        _column("task", width=48),
        _column("lead", width=22),
        _column("limit", width=15),
        _column("result", width=20),
        _column("state", width=17),
    )
    return Sheet(
        name=printed("report.result"),
        title=printed("report.tasks_title").upper(),
        columns=columns,
        rows=_tasks(report, longest),
        above=(_of_period(report),),
        below=(printed("report.unnamed_below"),) if any(_is_inferred(line) for line in report.lines) else (),
    )


def bodies_sheet(report: Report) -> Sheet:
    """A row a body with its figures."""
    rows: list[Row] = [
        (number, holder.name or printed("report.nobody"), *_figures(counts))
        for number, (holder, counts) in enumerate(report.bodies, 1)
    ]
    columns = (_column("serial", "serial", 5), _column("body", width=40), *_figure_columns())
    return Sheet(
        name=printed("report.body"),
        title=printed("report.bodies_title").upper(),
        columns=columns,
        rows=[*rows, Total((None, printed("report.sum"), *_figures(report.counts)))],
        above=(_of_period(report),),
        below=(printed("report.below_undated"),),
    )


def figures_sheet(report: Report) -> Sheet:
    """All figures in one line."""
    return Sheet(
        name=printed("report.figures_title"),
        title=printed("report.figures_title").upper(),
        columns=_figure_columns(),
        rows=[_figures(report.counts)],
        above=(_of_period(report),),
        below=(printed("report.below_undated"),),
        upright=True,
    )


def _of_period(report: Report) -> str:
    return printed("report.period_below", period=capital(report.span.words), day=day_words(report.as_of))


def _figure_columns() -> tuple[Column, ...]:
    return (
        _column("all", "number", 8),
        _column("in_due_time", "number", 8, "finished"),
        _column("out_of_time", "number", 8, "finished"),
        _column("in_time", "number", 8, "unfinished"),
        _column("out_of_time", "number", 8, "unfinished"),
        _column("undated", "number", 8),
        _column("paused", "number", 8),
        _column("rate", "percent", 15),
    )


def _figures(counts: Counts) -> tuple[Cell, ...]:
    rate = counts.rates()["done_of_due"]
    return (
        counts.total,
        counts.done_on_time,
        counts.done_late,
        counts.open_in_time,
        counts.overdue,
        counts.no_deadline,
        counts.suspended,
        None if rate is None else round(rate, 2),
    )


def _tasks(report: Report, longest: int | None) -> Iterator[Row]:
    concrete = [line for line in report.lines if line.row["checkable"]]
    aims = [line for line in report.lines if not line.row["checkable"]]
    number = 0
    for code, lines in (("concrete", concrete), ("aims", aims)):
        if lines and aims:
            yield Group(printed(f"report.{code}", count=len(lines)))
        for line in lines:
            number += 1
            yield _task(number, line, report, longest)


def _task(number: int, line: Line, report: Report, longest: int | None) -> tuple[Cell, ...]:
    label = line.row["label"]
    source = printed(
        "report.source",
        number=report.letter.number or number_of(report.letter),
        day=issued(report.letter),
        item=printed("report.item", label=label) if label else "",
    )
    limit, quote = limit_words(line.row), capital(task_words(line.row["quote"]))
    return (
        number,
        source.strip(),
        shortened(quote, longest) if longest else quote,
        printed("report.unnamed", name=body_words(line)) if _is_inferred(line) else body_words(line),
        capital(limit),
        _results(line),
        _states(line),
    )


def body_words(line: Line) -> str:
    """Who owes a task: its body; of a group as the dispatch names it, with the number of its members."""
    names = list(dict.fromkeys(one.holder.name or printed("report.nobody") for one in line.duties))
    if len(names) == 1:
        return names[0]
    groups = Counter(one.printed or one.holder.name or "" for one in line.duties)
    parts = [printed("report.group", name=name, count=count) if count > 1 else name for name, count in groups.items()]
    return "; ".join(parts)


def _is_inferred(line: Line) -> bool:
    """Whether it is only understood who owes it."""
    return line.duties[0].holder.name is not None and not line.row["lead_stated"]


def _results(line: Line) -> str:
    """What was entered: of one body all of it, of several how many."""
    if not line.events:
        return printed("report.not_entered")
    if len(line.duties) == 1:
        return "; ".join(capital(told(event)) for event in line.events)
    if len(line.events) <= len(("a", "few", "lines")):
        names = {one.duty: one.holder.name or "" for one in line.duties}
        return "\n".join(printed("report.event_of", body=names[e.duty], event=told(e)) for e in line.events)
    return "\n".join(_counted(line.events, len(line.duties)))


def _counted(events: Iterable[Happened], bodies: int) -> Iterator[str]:
    who: dict[str, set[int]] = {}
    for event in events:
        who.setdefault(event.kind, set()).add(event.duty)
    for kind, duties in who.items():
        words = printed(f"told_count.{kind}")
        yield printed("report.events_count", event=words, count=len(duties), all=bodies)


def _states(line: Line) -> str:
    if len(line.duties) == 1:
        return standing_words(line.duties[0])
    found = Counter(standing_words(one) for one in line.duties)
    if len(found) == 1:
        return next(iter(found))
    several = [(words, count) for words, count in found.most_common()]
    return "\n".join(
        printed("told_standing.of_several", standing=words, count=count, all=len(line.duties))
        for words, count in several
    )
