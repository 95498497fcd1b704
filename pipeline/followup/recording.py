"""Ghi nhận: entering what happened to a duty, if it makes sense; and taking it back.

Each entry looks at the duty and writes in one transaction, so of two clerks who decide at once the second one meets
what the first one has written. `seen` is the number of events that a clerk had before his eyes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pipeline import errors
from pipeline.followup.explaining import first_day
from pipeline.followup.finding import Target, find_duty, require_time
from pipeline.followup.owed import OF_SERIES, duty_id, events_of
from pipeline.followup.settings import Settings
from pipeline.followup.states import CLOSED, Event, Impossible, Kind, check_steps, in_force
from pipeline.messages import value_text
from pipeline.output import day as shown
from pipeline.register import Register, Row, public_id
from pipeline.register.events import append_event
from pipeline.register.naming import find_dispatch
from pipeline.register.owing import event_rows, kept_duty
from pipeline.register.querying import checked_day

_EARLIEST = date(1945, 9, 2)
_CLOSING = frozenset({"accepted", "withdrawn", "superseded"})


@dataclass(frozen=True, slots=True)
class Entry:
    """What a person enters of a duty.

    `target` is a duty ("T5", "T5@2026Q1") or the obligation of a single body ("O12"; `of` names one of several).
    `day` is when it happened (ISO; None: the day of issue of the document that proves it, else today). `due` is an ISO
    day (extended, reminded), `to` a body's name (reassigned; `is_new`: also one that nothing knows), `proof` the id or
    number of a dispatch, or words. `seen` as above.
    """

    kind: Kind
    target: str
    day: str | None = None
    due: str | None = None
    to: str | None = None
    is_new: bool = False
    proof: str | None = None
    of: str | None = None
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class Entered:
    """An event that was entered: its id ("E7"), the duty ("T5@2026Q1"), and the duty's number of events now."""

    event: str
    duty: str
    day: str
    version: int


def enter_event(register: Register, entry: Entry, settings: Settings, *, who: str, now: str, why: str = "") -> Entered:
    """Enter an event. Raises UnknownId, WrongId, InvalidValue, UnknownBody, ChainBroken and DutyError."""
    if not who.strip():
        raise errors.InvalidValue(field="who", value=who, allowed="...")
    today = date.fromisoformat(now[:10])
    with register.transaction():
        target = find_duty(register, entry.target, entry.of, settings, today)
        require_time(register, target, entry.kind, settings, today)
        rows = event_rows(register, [target.duty]).get(target.duty, [])
        _require_seen(target, entry.seen, len(rows))
        proof, proved_on = _proof(register, entry.proof)
        event = _event(register, target, entry, _day(entry, proved_on, target, today), rows)
        _require_sense(target, [*events_of(rows), event])
        _require_later(target, event, events_of(rows))
        body = _body_name(register, event.body)
        number = append_event(
            register,
            event.kind,
            {
                "duty_id": target.duty,
                "number": _own_number(register, target.duty),
                "period": event.period,
                "day": event.day.isoformat(),
                "due": event.due and event.due.isoformat(),
                "body_id": event.body,
                "body": body,
                "proof": proof,
                "why": why,
                "made_at": now,
                "made_by": who.strip(),
            },
        )
    return Entered(public_id("event", number), target.id, event.day.isoformat(), len(rows) + 1)


def undo_event(register: Register, number: int, *, who: str, now: str, why: str = "") -> Entered:
    """Take an event back, as if it had never been. Raises UnknownId, NotUndoable, AlreadyUndone, NeededFirst."""
    with register.transaction():
        row = register.one("SELECT * FROM duty_events WHERE id = ? AND kind <> 'erased'", (number,))
        if row is None:
            raise errors.UnknownId(id=public_id("event", number))
        if row["kind"] == "undone":
            raise errors.NotUndoable(id=public_id("event", number))
        duty = kept_duty(register, row["duty_id"])
        rows = event_rows(register, [duty])[duty]
        if any(e["undoes"] == number for e in rows):
            raise errors.AlreadyUndone(id=public_id("event", number))
        _require_not_needed(row, events_of(rows))
        own = {
            "duty_id": row["duty_id"],
            "number": _own_number(register, row["duty_id"]),
            "period": row["period"],
            "day": now[:10],
            "why": why,
            "made_at": now,
            "made_by": who,
            "undoes": number,
        }
        made = append_event(register, "undone", own)
    return Entered(public_id("event", made), duty_id(duty, row["period"]), now[:10], len(rows) + 1)


def _own_number(register: Register, duty: int) -> int:
    row = register.one("SELECT coalesce(max(number), 0) + 1 AS number FROM duty_events WHERE duty_id = ?", (duty,))
    return int(row["number"]) if row else 1


def _require_seen(target: Target, seen: int | None, now: int) -> None:
    if seen is not None and seen != now:
        raise errors.ChangedMeanwhile(id=target.id, seen=seen, now=now)


def _proof(register: Register, proof: str | None) -> tuple[str | None, str | None]:
    """The document as it is kept: the id of a dispatch where there is one, else the words; and its whole day."""
    if not proof or not proof.strip():
        return None, None
    try:
        number = find_dispatch(register, proof)
    except (errors.UnknownId, errors.AmbiguousNumber):
        return " ".join(proof.split()), None
    row = register.one("SELECT issued_on FROM dispatches WHERE id = ?", (number,)) or {}
    issued_on = row.get("issued_on") or ""
    return public_id("dispatch", number), issued_on if len(issued_on) == 10 else None


def _day(entry: Entry, proved_on: str | None, target: Target, today: date) -> date:
    day = date.fromisoformat(checked_day("day", entry.day) or proved_on or today.isoformat())
    first = first_day(target.issued_on) or _EARLIEST
    if not first <= day <= today:
        raise errors.ImpossibleDay(id=target.id, day=shown(day), first=shown(first), last=shown(today))
    return day


def _event(register: Register, target: Target, entry: Entry, day: date, rows: Sequence[Row]) -> Event:
    due = checked_day("due", entry.due)
    body = _body(register, entry, day) if entry.to else None
    if (entry.kind == "extended" and not due) or (entry.kind == "reassigned" and body is None):
        raise errors.InvalidValue(field="due" if entry.kind == "extended" else "body", value="", allowed="...")
    number = max((row["id"] for row in rows), default=0) + 1
    return Event(number, entry.kind, day, target.period, date.fromisoformat(due) if due else None, body)


def _body(register: Register, entry: Entry, day: date) -> int:
    """The row of a body by its name: one that the gazetteer or the register knows."""
    from extractors.agencies import identify
    from pipeline.register.bodies import Bodies
    from pipeline.register.keys import words_key

    name = " ".join((entry.to or "").split())
    known = identify(name, day.isoformat()) or register.one(
        "SELECT 1 FROM bodies WHERE name_key = ?", (words_key(name),)
    )
    if not (known or (entry.is_new and name)):
        raise errors.UnknownBody(name=name)
    return Bodies(register, day.isoformat(), None).id(name)


def _body_name(register: Register, body: int | None) -> str | None:
    row = register.one("SELECT name FROM bodies WHERE id = ?", (body,)) if body else None
    return row["name"] if row else None


def _require_sense(target: Target, events: Sequence[Event]) -> None:
    """The events with the new one, which is the last of the list, in the order in which they happened."""
    kept, passing = _that_concern(target, in_force(events), events[-1])
    try:
        check_steps(kept, passing)
    except Impossible as wrong:
        state = value_text("duty_state", wrong.state)
        if wrong.state in CLOSED:
            closed = next(e for e in reversed(kept[: kept.index(wrong.event)]) if e.kind in _CLOSING)
            raise errors.DutyClosed(id=target.id, state=state, closed=shown(closed.day)) from wrong
        event = value_text("event", wrong.event.kind)
        raise errors.ImpossibleEvent(id=target.id, event=event, state=state) from wrong


def _that_concern(target: Target, events: Sequence[Event], new: Event) -> tuple[list[Event], set[int]]:
    """Of a duty's events those that the new one must agree with, and which of them may pass by."""
    if new.period is None and target.recurs and new.kind in OF_SERIES:
        return [e for e in events if e.period is None and e.kind in OF_SERIES], set()
    if new.period is None:
        return [e for e in events if e.period is None], set()
    own = [e for e in events if e.period == new.period or (e.period is None and e.kind in OF_SERIES)]
    return own, {e.id for e in own if e.period is None}


def _require_later(target: Target, event: Event, before: Sequence[Event]) -> None:
    """An extension moves the last day that is in force on its day to a later one."""
    if event.kind != "extended" or event.due is None:
        return
    dues = [e.due for e in in_force(before) if e.kind == "extended" and e.period == event.period and e.day <= event.day]
    last_day = dues[-1] if dues else target.last_day
    if last_day is None:
        raise errors.NothingToExtend(id=target.id)
    if event.due <= last_day:
        raise errors.NoExtension(id=target.id, day=shown(event.due), due=shown(last_day))


def _require_not_needed(row: Row, events: Sequence[Event]) -> None:
    """What is left without an event must still make sense."""
    left = [e for e in in_force(events) if e.id != row["id"]]
    for period in {e.period for e in left}:
        own = [e for e in left if e.period == period or (e.period is None and e.kind in OF_SERIES)]
        try:
            check_steps(own, {e.id for e in own if e.period is None} if period else ())
        except Impossible as wrong:
            first = public_id("event", wrong.event.id)
            raise errors.NeededFirst(id=public_id("event", row["id"]), event=first) from wrong
