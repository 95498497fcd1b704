"""Dự thảo công văn đôn đốc: a letter that urges on what a body is late with, for the head of an office to sign.

It is a draft: writing it enters nothing in the register. Sanctions are the signer's business and stand nowhere here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.export.forms import printed
from pipeline.export.happened import Happened, told
from pipeline.export.letterhead import Heading, write_addressees, write_annex, write_foot, write_head
from pipeline.export.overdue_letter import Late, LateTask
from pipeline.export.paper import Type, as_bytes, body, new_paper
from pipeline.export.sheet import Column, Sheet
from pipeline.export.spans import period_words
from pipeline.export.wording import (
    capital,
    cited,
    count_words,
    day_words,
    limit_words,
    listing,
    number_of,
    short_cited,
    task_words,
)
from pipeline.followup.settings import Office
from pipeline.output import shortened

_MOST_IN_TEXT = 5
_LONGEST = 700  # characters of a task; the dispatch itself has the rest


def reminder_letter(late: Late, office: Office, *, year: int) -> bytes:
    """The letter as a Word file: one task in prose, a few as a numbered list, more in an annex."""
    paper = new_paper(made=late.as_of)
    heading = Heading(year, office.symbol, _about(late))
    name = str(late.body.name)
    write_head(paper, office, heading)
    write_addressees(paper, [name])
    if office.regulation:
        regulation = task_words(office.regulation.removeprefix(printed("reminder.basis_word")))
        body(paper, printed("reminder.basis", regulation=regulation), Type(italic=True))
    *text, end = _text(late, name, office.full_name or printed("page.unknown"))
    for words in text:
        body(paper, words)
    body(paper, end, keep=True)
    write_foot(paper, office, _recipients(late, office))
    if len(late.tasks) > _MOST_IN_TEXT:
        write_annex(paper, None, _annex(late), printed("reminder.kind"), office, heading)
    return as_bytes(paper)


def _about(late: Late) -> str:
    documents = {short_cited(task.letter): task for task in late.tasks}
    if len(documents) == 1:
        return printed("reminder.about_one", document=number_of(late.tasks[0].letter))
    return printed("reminder.about_several")


def _text(late: Late, name: str, office: str) -> Iterator[str]:
    yield from _one(late, name, office) if len(late.tasks) == 1 else _several(late, name, office)
    what = printed("reminder.what_one" if len(late.tasks) == 1 else "reminder.what_several")
    if late.due:
        yield printed("reminder.demand_by", office=office, body=name, what=what, due=day_words(late.due))
    else:
        yield printed("reminder.demand", office=office, body=name, what=what)
    yield printed("reminder.way_out", body=name)
    yield printed("reminder.channel")
    yield printed("reminder.end", body=name)


def _one(late: Late, name: str, office: str) -> Iterator[str]:
    task = late.tasks[0]
    yield printed(
        "reminder.recall",
        document=cited(task.letter, with_issuer=False),
        issuer=task.letter.issuer or printed("page.unknown"),
        gave=printed("reminder.requested" if task.row["modality"] == "requested" else "reminder.ordered"),
        body=task.former or name,
        task=_task(task),
        limit=_limit(task),
    )
    if task.former:
        yield printed("reminder.former", former=task.former, body=name)
    if task.reminders:
        times = "; ".join(_told(task, event) for event in task.reminders)
        yield printed("reminder.before_one", count=count_words(len(task.reminders)), times=times)
    details = {"day": day_words(late.as_of), "office": office, "body": name, "late": _late(task)}
    if task.progress:
        yield printed("reminder.finding_partly", events=listing([_told(task, e) for e in task.progress]), **details)
    else:
        yield printed("reminder.finding", **details)


def _several(late: Late, name: str, office: str) -> Iterator[str]:
    annexed = len(late.tasks) > _MOST_IN_TEXT
    yield printed(
        "reminder.recall_annexed" if annexed else "reminder.recall_several",
        day=day_words(late.as_of),
        body=name,
        count=count_words(len(late.tasks)),
        office=office,
    )
    if not annexed:
        yield from (_item(number, task) for number, task in enumerate(late.tasks, 1))
    former = list(dict.fromkeys(task.former for task in late.tasks if task.former))
    if former:
        yield printed("reminder.former_several", former=listing(former), body=name)


def _item(number: int, task: LateTask) -> str:
    last = task.reminders[-1] if task.reminders else None
    progress = listing([_told(task, event) for event in task.progress])
    return printed(
        "reminder.item",
        number=number,
        task=capital(_task(task)),
        document=cited(task.letter),
        limit=_limit(task),
        late=_late(task),
        partly=printed("reminder.partly", event=progress) if progress else "",
        reminded=printed("reminder.reminded", count=count_words(len(task.reminders)), last=_last(task)) if last else "",
    )


def _last(task: LateTask) -> str:
    """The newest reminder: its day, and the letter."""
    event = task.reminders[-1]
    day = printed("wording.day", day=day_words(event.day))
    return printed("told.by", event=day, proof=event.proof) if event.proof else day


def _annex(late: Late) -> Sheet:
    rows = [
        (
            number,
            _given(task),
            capital(_task(task)),
            capital(_limit(task)),
            task.row["days_late"],
            capital("; ".join(_told(task, event) for event in task.events)) or printed("reminder.nothing"),
        )
        for number, task in enumerate(late.tasks, 1)
    ]
    columns = (
        Column(printed("reminder.serial"), "serial", 5),
        Column(printed("reminder.number"), width=20),
        Column(printed("reminder.task"), width=60),
        Column(printed("reminder.limit"), width=18),
        Column(printed("reminder.days"), "number", 9),
        Column(printed("reminder.state"), width=24),
    )
    policy = printed(f"report.{late.policy}")
    below = [printed("reminder.annex_below", day=day_words(late.as_of), policy=policy)]
    if any(task.late_periods > 1 for task in late.tasks):
        below.append(printed("reminder.annex_periods"))
    return Sheet("", printed("reminder.annex_title"), columns, rows, below=tuple(below))


def _limit(task: LateTask) -> str:
    """The limit; of several periods that are late which they are, and the limit of the first."""
    if task.late_periods < 2:
        return limit_words(task.row)
    names = [words for stretch in task.periods for words in _named(stretch)]
    return printed(
        "reminder.periods", count=count_words(task.late_periods), periods=listing(names), limit=limit_words(task.row)
    )


def _named(stretch: Sequence[str]) -> Iterator[str]:
    """Periods that follow each other: one and two by name, more by the first and the last."""
    names = [period_words(code.partition(".")[0]) for code in stretch]
    if len(names) > 2:
        names = [printed("reminder.from_to", first=names[0], last=names[-1])]
    yield from names


def _late(task: LateTask) -> str:
    days = count_words(task.row["days_late"])
    if task.late_periods < 2:
        return printed("reminder.late", days=days)
    return printed("reminder.late_periods", count=count_words(task.late_periods), days=days)


def _told(task: LateTask, event: Happened) -> str:
    """An event; of which period, where several are late."""
    if task.late_periods < 2 or event.period is None:
        return told(event)
    return printed("reminder.of_period", event=told(event), period=period_words(event.period.partition(".")[0]))


def _given(task: LateTask) -> str:
    words = short_cited(task.letter)
    return printed("reminder.given_to", document=words, former=task.former) if task.former else words


def _recipients(late: Late, office: Office) -> list[str]:
    """The body, who gave the tasks where that is not this office, and the file."""
    own = {office.name, office.full_name, office.parent}
    issuers = dict.fromkeys(task.letter.issuer for task in late.tasks if task.letter.issuer)
    above = [printed("reminder.for_report", name=name) for name in issuers if name not in own]
    return [printed("reminder.same"), *above, printed("reminder.kept")]


def _task(task: LateTask) -> str:
    return shortened(task_words(task.row["quote"]), _LONGEST)
