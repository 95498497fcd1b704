"""Một việc: a duty with its deadline, what happened to it with the proofs, and the forms by which more is entered."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import Response

from pipeline import errors
from pipeline.errors import CongvanError, InvalidValue
from pipeline.followup.explaining import explain
from pipeline.followup.history import whole_history
from pipeline.followup.owed import OF_SERIES
from pipeline.followup.quickly import owed_quickly
from pipeline.followup.recording import Entry, enter_event, undo_event
from pipeline.followup.states import STEPS, Kind
from pipeline.followup.views import as_rows
from pipeline.messages import error_text, value_text
from pipeline.output import day as shown_day
from pipeline.register import Register, Row, TaskFilter, public_id
from pipeline.register.ids import parse_id
from pipeline.register.owing import kept_duty, limit_rows, obligation_rows
from pipeline.speaking import parse_day
from pipeline.web.asking import Ask, action, page
from pipeline.web.lines import kind_of_time, lines
from pipeline.web.wanted import Wanted, wanted

# Each has a form of its own, in this order; the others share one.
FORMS: tuple[Kind, ...] = ("accepted", "extended", "reassigned", "suspended", "withdrawn")
# What must be accounted for.
REASONED: frozenset[Kind] = frozenset({"extended", "reassigned", "suspended", "withdrawn", "superseded", "returned"})
_MOST_TIMES = 60
_LONGEST = 2000
_OBLIGATION = "SELECT obligation_id FROM duties WHERE id = ?"
_OFFSETS = (
    "SELECT id, offset_amount AS amount, offset_unit AS unit, offset_anchor AS anchor, EXISTS (SELECT 1 FROM"
    " settled_fields f WHERE f.target = 'deadline' AND f.target_id = l.id AND f.field IN ('due', '*')) AS confirmed"
    " FROM deadlines l WHERE obligation_id = ?"
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A duty as its page has it.

    `row` is the duty or the occurrence that was asked for; of a recurring one as a whole the newest of its `times`;
    None where on that day nobody owes it. `task` is what its obligation says, `others` are the duties of other bodies
    by the same words, `limits` its deadlines with the sentence of why, `events` what happened to it, newest first.
    """

    id: str
    row: Row | None
    task: Row
    times: list[Row]
    others: list[Row]
    limits: list[Row]
    events: list[Row]
    corrections: list[Row]
    subject: str | None

    @property
    def is_series(self) -> bool:
        """Whether it is a recurring duty as a whole."""
        return bool(self.times) and "@" not in self.id

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """What may be entered."""
        if self.row is None:
            return ()
        if self.is_series:
            return tuple(kind for kind in STEPS["waiting"] if kind in OF_SERIES)
        return tuple(STEPS[self.row["state"]])


def duty(ask: Ask) -> Response:
    """The page of a duty; of the copy of a letter that of the letter itself."""
    what = wanted(ask)
    number, period = _parts(ask.part("id"))
    with ask.reading() as register:
        kept = kept_duty(register, number)
        if kept == number and public_id("duty", number) + period == ask.part("id"):
            return _page(ask, shown(register, number, period, what), what)
    return ask.go(ask.url("duty", id=public_id("duty", kept) + period, q=dict(what.given)))


def _page(ask: Ask, found: Shown, what: Wanted, problem: str = "") -> Response:
    """The page; `problem` says why what was typed is not entered, which then stands in its form."""
    is_today = what.as_of == ask.today
    own = found.kinds if is_today and ask.may("follow") else ()
    return ask.page(
        "duty.html",
        found=found,
        row=found.row,
        what=what,
        colour=kind_of_time(found.row) if found.row else "",
        times=found.times[:_MOST_TIMES],
        others=lines(found.others),
        forms=[kind for kind in FORMS if kind in own],
        more=[kind for kind in own if kind not in FORMS],
        reasoned=REASONED,
        is_today=is_today,
        problem=problem,
        typed={name: ask.given(name) for name in ("kind", "day", "due", "to", "proof", "why", "is_new", "event")},
        place=_place(ask, found.task),
    )


def shown(register: Register, number: int, period: str, what: Wanted) -> Shown:
    """What there is to say of a duty ("@2026Q1": of one occurrence of it) on a day. Raises UnknownId."""
    id = public_id("duty", number) + period
    known = register.one(_OBLIGATION, (number,))
    if known is None:
        raise errors.UnknownId(id=id)
    obligation = known["obligation_id"]
    found = as_rows(register, owed_quickly(register, TaskFilter(), what.settings, as_of=what.as_of, of=[obligation]))
    own = [row for row in found if row["duty"].partition("@")[0] == public_id("duty", number)]
    times = [row for row in own if row["period"]][::-1]
    meant = [row for row in own if row["duty"] == id] or (times if not period else [])
    if period and own and not meant:
        raise errors.UnknownId(id=id)
    task = obligation_rows(register, [obligation])[obligation]
    events = [row for row in whole_history(register, id) if row["id"].startswith("E")]
    letter = register.one("SELECT subject FROM dispatches WHERE id = ?", (int(task["dispatch"][1:]),))
    return Shown(
        id=id,
        row=meant[0] if meant else None,
        task=task,
        times=times,
        others=[row for row in found if row not in own and (not period or row["period"] == period[1:])],
        limits=_limits(register, obligation, task["issued_on"], what),
        events=events[::-1],
        corrections=[row for row in whole_history(register, task["id"]) if not row["id"].startswith("E")][::-1],
        subject=letter["subject"] if letter else None,
    )


def _limits(register: Register, obligation: int, issued_on: str | None, what: Wanted) -> list[Row]:
    """The deadlines of an obligation, each with why it ends when it ends."""
    offsets = {row["id"]: row for row in register.rows(_OFFSETS, (obligation,))}
    rows = limit_rows(register, as_of=what.as_of.isoformat(), policy=what.settings.before, of=[obligation])
    for row in rows:
        offset = offsets[row["id"]]
        row["offset"] = offset if offset["amount"] is not None else None
        row["confirmed"] = bool(offset["confirmed"])
        row["id"] = public_id("deadline", row["id"])
    explain(register, [{"deadlines": rows}], issued_on, what.settings, what.as_of)
    return rows


def _place(ask: Ask, task: Row) -> str | None:
    """Where its words stand in the dispatch."""
    link = ask.link("document", id=task["dispatch"])
    return f"{link}#{task['id']}" if link else None


def _parts(id: str) -> tuple[int, str]:
    """The number of a duty, and its period with the "@" before it ("" where none is named). Raises WrongId."""
    plain, mark, period = id.partition("@")
    return parse_id(plain, "T")[1], f"@{period.upper()}" if mark else ""


# ------------------------------------------------------------------------------------------ entering


def enter(ask: Ask) -> Response:
    """Enter what happened to a duty; where that cannot be, the page says why and keeps what was typed."""
    id = ask.part("id")
    try:
        with ask.writing() as register:
            entry = _entry(ask, id)
            made = enter_event(register, entry, ask.site.office, who=ask.who, now=ask.now, why=_why(ask, entry.kind))
    except CongvanError as error:
        return _again(ask, error)
    event = value_text("event", entry.kind)
    return ask.go(ask.url("duty", id=id), "web.duty.entered", event=event, day=shown_day(made.day), made=made.event)


def undo(ask: Ask) -> Response:
    """Take back an event of a duty."""
    id, event = ask.part("id"), ask.given("event")
    try:
        with ask.writing() as register, register.transaction():
            if event not in {row["id"] for row in whole_history(register, id)}:
                raise errors.UnknownId(id=event[:20])
            why = _why(ask, "undone")
            undo_event(register, parse_id(event, "E")[1], who=ask.who, now=ask.now, why=why)
    except CongvanError as error:
        return _again(ask, error)
    return ask.go(ask.url("duty", id=id), "web.duty.undone", event=event)


def _entry(ask: Ask, id: str) -> Entry:
    kind = ask.given("kind")
    if kind not in {k for steps in STEPS.values() for k in steps}:
        raise InvalidValue(field="kind", value=kind[:40], allowed=", ".join(STEPS["waiting"]))
    return Entry(
        kind,
        id,
        day=typed_day(ask, "day"),
        due=typed_day(ask, "due") if kind in ("extended", "reminded") else None,
        to=ask.given("to")[:_LONGEST] or None if kind == "reassigned" else None,
        is_new=bool(ask.given("is_new")),
        proof=typed_words(ask, "proof") or None,
        seen=seen(ask.given("seen")),
    )


def _why(ask: Ask, kind: str) -> str:
    why = typed_words(ask, "why")
    if not why and (kind in REASONED or kind == "undone"):
        raise NoReason
    return why


def typed_day(ask: Ask, name: str) -> str | None:
    """A day that was typed, as ISO text; what is none stays, to be refused with its name."""
    value = ask.given(name)
    return (parse_day(value) or value[:40]) if value else None


def typed_words(ask: Ask, name: str) -> str:
    """Words that were typed, on one line, without what cannot be printed."""
    return " ".join("".join(c if c.isprintable() else " " for c in ask.given(name)[:_LONGEST]).split())


def seen(value: str) -> int:
    """How many events a person had before his eyes. Raises InvalidValue."""
    if not (value.isascii() and value.isdecimal() and len(value) < 10):
        raise InvalidValue(field="seen", value=value[:40], allowed="0, 1, 2…")
    return int(value)


class NoReason(CongvanError):
    """Something that must be accounted for, without a reason."""

    code = "no_reason"


def _again(ask: Ask, error: CongvanError) -> Response:
    """The page as it stands now, with why nothing was entered."""
    from pipeline.web.faults import status_of

    what = wanted(ask)
    number, period = _parts(ask.part("id"))
    with ask.reading() as register:
        found = shown(register, kept_duty(register, number), period, what)
    ask.status = status_of(error)
    return _page(ask, found, what, error_text(error))


routes = [
    page("/tasks/{id}", duty),
    action("/tasks/{id}/events", enter, needs="follow"),
    action("/tasks/{id}/undo", undo, needs="follow"),
]
