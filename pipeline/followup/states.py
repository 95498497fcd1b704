"""Trạng thái: where a duty stands on a day, worked out from what happened to it; pure, nothing is stored.

An event that was undone counts as if it had never been. Events count from the day on which they happened, in the order
of these days; on the same day in the order in which they were entered.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

Kind = Literal[
    "confirmed", "reminded", "extended", "reassigned", "partly_done", "reported", "accepted", "returned",
    "suspended", "withdrawn", "superseded", "undone",
]  # fmt: skip
State = Literal["waiting", "started", "reported", "done", "suspended", "withdrawn", "superseded"]
Timeliness = Literal["in_time", "soon", "today", "late", "no_limit", "no_day", "on_time", "done_late", "lapsed", "none"]

CLOSED: frozenset[State] = frozenset({"done", "withdrawn", "superseded"})
# What may happen to a duty in a state, and the state that it leads to; None: it stays as it is.
STEPS: dict[State, dict[Kind, State | None]] = {
    "waiting": {
        "confirmed": "started", "reminded": None, "extended": None, "reassigned": None, "partly_done": "started",
        "reported": "reported", "accepted": "done", "suspended": "suspended", "withdrawn": "withdrawn",
        "superseded": "superseded",
    },
    "started": {
        "reminded": None, "extended": None, "reassigned": "waiting", "partly_done": None, "reported": "reported",
        "accepted": "done", "suspended": "suspended", "withdrawn": "withdrawn", "superseded": "superseded",
    },
    "reported": {
        "reminded": None, "accepted": "done", "returned": "started", "suspended": "suspended",
        "withdrawn": "withdrawn", "superseded": "superseded",
    },
    "suspended": {
        "confirmed": "started", "extended": None, "reassigned": None, "withdrawn": "withdrawn",
        "superseded": "superseded",
    },
    "done": {}, "withdrawn": {}, "superseded": {},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a duty on a day.

    `period` names the occurrence of a recurring duty, None for all of them. `due`: extended, the last day from then on;
    reminded, the day that was asked for. `body`: reassigned, the row of the body it went to. `id` orders events as they
    were entered; `undoes` is the id of the event that this one takes back.
    """

    id: int
    kind: Kind
    day: date
    period: str | None = None
    due: date | None = None
    body: int | None = None
    undoes: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a duty stands: `since` when it is in its state, `due` the last day by the newest extension (None: as
    printed), `asked_for` the day of the newest reminder that names one, `body` to whom it was given, `reported_on` the
    day of the report that is not returned."""

    state: State = "waiting"
    since: date | None = None
    due: date | None = None
    asked_for: date | None = None
    body: int | None = None
    reported_on: date | None = None
    reminders: int = 0

    @property
    def is_closed(self) -> bool:
        """Nothing is owed any more."""
        return self.state in CLOSED

    @property
    def completed_on(self) -> date | None:
        """The day that counts for "on time": of the report that was accepted, else of the acceptance itself."""
        return (self.reported_on or self.since) if self.state == "done" else None


class Impossible(Exception):
    """An event that makes no sense in the state that the duty is in when it happens."""

    def __init__(self, event: Event, state: State) -> None:
        super().__init__(f"{event.kind} on {event.day} while {state}")
        self.event = event
        self.state = state


def in_force(events: Iterable[Event]) -> list[Event]:
    """The events that nobody took back, in the order in which they happened."""
    events = list(events)
    undone = {event.undoes for event in events if event.undoes}
    kept = [event for event in events if event.kind != "undone" and event.id not in undone]
    return sorted(kept, key=lambda event: (event.day, event.id))


def stand(events: Sequence[Event], as_of: date | None = None) -> Standing:
    """Where a duty stands at the end of a day (None: after all events); `events` as of `in_force`.

    An event of a whole series that makes no sense for this occurrence (it was done before) passes it by.
    """
    standing = Standing()
    for event in events:
        if as_of is not None and event.day > as_of:
            break
        if event.kind in STEPS[standing.state]:
            standing = _after(standing, event)
    return standing


def check_steps(events: Sequence[Event], passing: Collection[int] = ()) -> Standing:
    """The same for events each of which must make sense, but for those whose ids may pass by. Raises Impossible."""
    standing = Standing()
    for event in events:
        if event.kind in STEPS[standing.state]:
            standing = _after(standing, event)
        elif event.id not in passing:
            raise Impossible(event, standing.state)
    return standing


def _after(before: Standing, event: Event) -> Standing:
    state = STEPS[before.state][event.kind] or before.state
    after = replace(before, state=state, since=before.since if state == before.state else event.day)
    match event.kind:
        case "extended":
            return replace(after, due=event.due)
        case "reminded":
            return replace(after, reminders=before.reminders + 1, asked_for=event.due or before.asked_for)
        case "reassigned":
            return replace(after, body=event.body)
        case "reported":
            return replace(after, reported_on=event.day)
        case "returned" | "confirmed":
            return replace(after, reported_on=None)
    return after


def timeliness(standing: Standing, last_day: date | None, has_limit: bool, as_of: date, soon: int) -> Timeliness:
    """Đúng hạn, quá hạn…: how a duty stands to its last day on time at the end of `as_of`.

    `last_day` is the one in force (None: none is known); `has_limit`: the document sets one. What was reported on time
    and waits for acceptance is in time. Suspended, withdrawn and superseded duties are none of it. `soon` is a number
    of days.
    """
    if standing.state in ("suspended", "withdrawn", "superseded"):
        return "none"
    if last_day is None:
        return "no_day" if has_limit else "no_limit"
    if standing.state == "done":
        return "on_time" if (standing.completed_on or as_of) <= last_day else "done_late"
    if standing.reported_on and standing.reported_on <= last_day:
        return "in_time"
    if as_of > last_day:
        return "late"
    if as_of == last_day:
        return "today"
    return "soon" if last_day - as_of <= timedelta(days=soon) else "in_time"
