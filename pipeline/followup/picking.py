"""Lọc việc: which duties on a day a filter lets through, by what is only known of a duty on a day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from pipeline.register.listing import State, TaskFilter, Window

if TYPE_CHECKING:
    from pipeline.followup.owed import Owed
    from pipeline.followup.settings import Settings

# Windows of last days to come, nearest first: each takes in those that none before it does.
AHEAD: tuple[tuple[Window, int], ...] = (("week", 7), ("month", 30), ("quarter", 90))
TO_COME = frozenset({"in_time", "soon", "today"})
UNKNOWN = frozenset({"no_limit", "no_day"})


def ahead_of(wanted: TaskFilter, settings: Settings, as_of: date) -> date:
    """Up to which day occurrences are seen although their reporting period has not begun: where it is asked what falls
    due within some days, all that does; else none.

    A day more than asked for: "before D" has its last day on the day before.
    """
    days = dict(AHEAD).get(wanted.window, 0) if wanted.window else 0
    if wanted.timeliness == "soon":
        days = max(days, settings.soon[0])
    return as_of + timedelta(days=days + 1) if days else as_of


def is_due_by(one: Owed, as_of: date, until: date) -> bool:
    """Đến hạn: whether it is still to be done, nothing is reported of it in time, and its last day in force lies
    between two days, both included."""
    return is_open(one) and is_running(one) and one.last_day is not None and as_of <= one.last_day <= until


def is_open(one: Owed) -> bool:
    """Whether anything is still to be done, and is followed."""
    return not one.standing.is_closed and one.timeliness != "lapsed"


def is_running(one: Owed) -> bool:
    """Whether each day that passes brings it nearer to its last day, or makes it later."""
    answered = one.standing.reported_on
    return one.timeliness in ("late", "lapsed", *TO_COME) and not (
        answered and one.last_day and answered <= one.last_day
    )


def state_of(one: Owed) -> State:
    """How one duty stands, in the words of `tasks`."""
    if one.timeliness == "late":
        return "overdue"
    if not is_open(one):
        return "closed"
    return "no_day" if one.timeliness in UNKNOWN else "upcoming"


def window_of(one: Owed, as_of: date) -> Window | None:
    """In which window the last day in force of an open duty lies; None for what is closed, suspended, answered in time
    or not followed any more."""
    if not is_open(one) or one.timeliness == "none":
        return None
    if one.last_day is None:
        return "no_day"
    if not is_running(one):
        return None
    if one.timeliness == "late":
        return "late"
    day = one.last_day
    return next((name for name, days in AHEAD if day <= as_of + timedelta(days=days)), "later")


def stands_so(one: Owed, wanted: TaskFilter, as_of: date) -> bool:
    """Whether a duty is what a filter wants, as far as that is only known of a duty on a day."""
    return (
        (wanted.standing is None or one.standing.state == wanted.standing)
        and (wanted.timeliness is None or one.timeliness == wanted.timeliness)
        and (wanted.state is None or state_of(one) == wanted.state)
        and (wanted.window is None or window_of(one, as_of) == wanted.window)
        and (wanted.duty is None or one.is_called(wanted.duty))
    )
