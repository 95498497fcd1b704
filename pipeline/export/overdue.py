"""Danh mục nhiệm vụ quá hạn: what is late on a day, under the name of each body that owes it, as offices keep it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from pipeline.export.cells import Heading, columns, day_cell, linked, number_words, sentence
from pipeline.export.forms import printed
from pipeline.export.sheet import Group, Row, Sheet
from pipeline.export.spans import period_words
from pipeline.export.wording import Letter, capital, issued, number_of
from pipeline.followup.piecewise import LateBody, LateLines, late_lines
from pipeline.followup.settings import Settings
from pipeline.output import day
from pipeline.register import Register, TaskFilter
from pipeline.register.booking import signers
from pipeline.register.connection import Row as Duty

_COLUMNS: tuple[Heading, ...] = (
    ("row", "serial", 5, None),
    ("number", "text", 16, "letter"),
    ("issued_on", "day", 13, "letter"),
    ("issuer", "text", 15, "letter"),
    ("quote", "text", 36, None),
    ("lead", "text", 14, None),
    ("coordinating", "text", 12, None),
    ("day", "day", 13, "limit"),
    ("printed", "text", 13, "limit"),
    ("days_late", "number", 8, None),
    ("situation", "text", 13, None),
    ("proposal", "text", 11, None),
)
# on paper what belongs together stands in one cell, as in lists that offices keep by hand: broader columns, lower rows
_ON_PAPER: tuple[Heading, ...] = (
    ("row", "serial", 5, None),
    ("source", "text", 19, None),
    ("given_by", "text", 14, None),
    ("quote", "text", 39, None),
    ("bodies", "text", 16, None),
    ("limit", "text", 14, None),
    ("days_late", "number", 8, None),
    ("situation", "text", 14, None),
    ("proposal", "text", 10, None),
)


def overdue(
    register: Register, wanted: TaskFilter, settings: Settings, *, as_of: date, on_paper: bool = False
) -> Sheet:
    """What is late at the end of a day, most late first under each body; of a recurring duty one line for all its
    periods that are late. Causes and proposals are left open, to be filled in by the body. `on_paper`: in the columns
    of a printed list, else in those that a spreadsheet sorts and filters by. Rows are read while they are taken, so the
    register must be open until then."""
    found = late_lines(register, wanted, settings, as_of=as_of)
    return Sheet(
        name=printed("overdue.name"),
        title=printed("overdue.title"),
        columns=columns("overdue", _ON_PAPER if on_paper else _COLUMNS),
        rows=_rows(register, found, _paper_row if on_paper else _row),
        above=[_as_of(found.bodies, as_of)],
        below=list(_below(found, settings)),
    )


def _rows(register: Register, found: LateLines, row: Callable[[int, Duty, Duty], Row]) -> Iterator[Row]:
    at, number = -1, 0
    for piece in found.pieces:
        letters = signers(register, (_letter(line) for _, line in piece))
        for place, line in piece:
            if place != at:
                yield _group(found.bodies[place])
                at, number = place, 0
            number += 1
            yield row(number, line, letters.get(_letter(line), {}))


def _letter(line: Duty) -> int:
    return int(line["dispatch"][1:])


def _group(body: LateBody) -> Group:
    if body.name:
        return Group(printed("overdue.group", body=body.name.upper(), count=body.lines))
    return Group(printed("overdue.nobody", count=body.lines))


def _row(number: int, line: Duty, letter: Duty) -> Row:
    return (
        number,
        linked(number_words({**line, "symbol": letter.get("symbol")}) or line["dispatch"], letter.get("path")),
        day_cell(line["issued_on"]),
        _issuer(line, letter),
        _quote(line),
        _lead(line),
        "; ".join(line["coordinating"]) or None,
        day_cell(_limit_due(line)),
        (line["deadline"] or {}).get("quote"),
        line["days_late"],
        _situation(line),
        None,
    )


def _paper_row(number: int, line: Duty, letter: Duty) -> Row:
    return (
        number,
        "\n".join((*_source(line, letter), *filter(None, [letter.get("signer_name")]))),
        line["issuer"],
        _quote(line),
        _bodies(line),
        "\n".join(filter(None, (day(_limit_due(line)), (line["deadline"] or {}).get("quote")))),
        line["days_late"],
        _situation(line),
        None,
    )


def _source(line: Duty, letter: Duty) -> Iterator[str]:
    """Type and number, then the day, as far as they are printed."""
    source = Letter(0, line["type"], line["number"], letter.get("symbol"), line["issued_on"], line["issuer"], None)
    yield number_of(source) if source.number or source.symbol else capital(source.type or "") or line["dispatch"]
    if source.issued_on:
        is_whole = len(source.issued_on) == len("2026-01-31")
        yield issued(source) if is_whole else day(source.issued_on)


def _limit_due(line: Duty) -> str | None:
    """The day that the dispatch prints, or the last day that it was extended to."""
    due = (line["deadline"] or {}).get("due") if line["last_day"] == line["original_last_day"] else None
    return str(due or line["last_day"] or "") or None


def _issuer(line: Duty, letter: Duty) -> str | None:
    """Who gave the task, and who signed."""
    return "\n".join(filter(None, (line["issuer"], _signer(letter)))) or None


def _signer(letter: Duty) -> str:
    return " ".join(filter(None, (letter.get("signer_title"), letter.get("signer_name"))))


def _quote(line: Duty) -> str:
    periods = line.get("periods") or []
    if not periods:
        return str(line["quote"])
    if len(periods) == 1:
        said = printed("overdue.of_period", period=period_words(periods[0]))
    else:
        first, last = (period_words(period) for period in (periods[0], periods[-1]))
        said = printed("overdue.of_periods", count=len(periods), first=first, last=last)
    return f"{line['quote']}\n({said})"


def _lead(line: Duty) -> str | None:
    """The body; in brackets where the dispatch itself names none."""
    words = line["body"]
    if words and line["former"]:
        words = printed("overdue.former", body=words, former=line["former"])
    return words if line["lead_stated"] or not words else f"({words})"


def _bodies(line: Duty) -> str | None:
    """The body, and those that are to help it."""
    helping = printed("overdue.with", names="; ".join(line["coordinating"])) if line["coordinating"] else None
    return "\n".join(filter(None, (_lead(line), helping))) or None


def _situation(line: Duty) -> str:
    """What the register knows of it; the cause is for the body to add."""
    words = [printed(f"standing.{line['state']}")]
    if line["last_day"] != line["original_last_day"]:
        words.append(printed("overdue.extended", day=day(line["original_last_day"])))
    if line["reminders"]:
        code = "reminded_until" if line["asked_for"] else "reminded"
        words.append(printed(f"overdue.{code}", count=line["reminders"], day=day(line["asked_for"])))
    for one in line["proposals"]:
        event = printed(f"happened.{one['event']}")
        words.append(printed("overdue.proposed", number=one["number"] or one["dispatch"], event=event))
    if not line["checkable"]:
        words.append(printed("overdue.urging"))
    return sentence("; ".join(words))


def _as_of(bodies: Sequence[LateBody], as_of: date) -> str:
    named = [body.lines for body in bodies if body.name]
    nobody = sum(body.lines for body in bodies if not body.name)
    code = "overdue.as_of_nobody" if nobody else "overdue.as_of"
    return printed(code, day=day(as_of.isoformat()), count=sum(named), bodies=len(named), nobody=nobody)


def _below(found: LateLines, settings: Settings) -> Iterator[str]:
    if found.each > sum(body.lines for body in found.bodies):
        yield printed("overdue.each", count=found.each)
    yield printed("overdue.upcoming", count=found.upcoming, no_day=found.no_day)
    if found.lapsed:
        yield printed("overdue.lapsed", count=found.lapsed, months=settings.months_back)
    yield printed(f"counting.{settings.before}")
