"""Thời điểm hỏi: what "late", "soon" and "closed" mean on a day, as conditions of rows `t` of `duty_times`."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from extractors.calendar import add_months
from pipeline.followup.picking import AHEAD
from pipeline.followup.settings import Settings
from pipeline.followup.states import CLOSED
from pipeline.register.listing import State, Window

_IS_CLOSED = f"t.state IN ({', '.join(repr(str(state)) for state in sorted(CLOSED))})"
_LAPSED = "(t.clock_{p} = 'running' AND t.may_lapse AND t.last_{p} < :followed AND t.last_{p} < :as_of)"
_LATE = "t.clock_{p} = 'running' AND t.last_{p} < :as_of AND NOT (t.may_lapse AND t.last_{p} < :followed)"
TIMELINESS = {
    "late": _LATE,
    "lapsed": _LAPSED,
    "today": "t.clock_{p} = 'running' AND t.last_{p} = :as_of",
    "soon": "t.clock_{p} = 'running' AND t.last_{p} > :as_of AND t.last_{p} <= :soon",
    "in_time": "(t.clock_{p} = 'in_time' OR (t.clock_{p} = 'running' AND t.last_{p} > :soon))",
}
_NO_DAY = "t.clock_{p} IN ('no_limit', 'no_day') AND NOT {closed}"
STATES = {
    "overdue": _LATE,
    "closed": "({closed} OR {lapsed})",
    "no_day": _NO_DAY,
    "upcoming": "NOT {closed} AND t.clock_{p} NOT IN ('no_limit', 'no_day')"
    " AND (t.clock_{p} <> 'running' OR t.last_{p} >= :as_of)",
    "target": "0",
}
WINDOWS = {
    "late": _LATE,
    "no_day": _NO_DAY,
    **{
        name: f"t.clock_{{p}} = 'running' AND t.last_{{p}} {'>' if n else '>='} :window_{n}"
        f" AND t.last_{{p}} <= :window_{n + 1}"
        for n, (name, _) in enumerate(AHEAD)
    },
    "later": f"t.clock_{{p}} = 'running' AND t.last_{{p}} > :window_{len(AHEAD)}",
}

# In any of the windows ahead.
TO_COME = f"t.clock_{{p}} = 'running' AND t.last_{{p}} >= :window_0 AND t.last_{{p}} <= :window_{len(AHEAD)}"


class Moment:
    """One day, one reading of "before" (`policy`); `parameters` of the conditions."""

    def __init__(self, settings: Settings, as_of: date, ahead: date | None = None) -> None:
        self.settings = settings
        self.as_of = as_of
        self.day = as_of.isoformat()
        self.policy = settings.before
        self.parameters: dict[str, Any] = {
            "as_of": self.day,
            "ahead": (ahead or as_of).isoformat(),
            "soon": (as_of + timedelta(days=settings.soon[0])).isoformat(),
            "followed": add_months(as_of, -settings.months_back).isoformat(),
            "window_0": self.day,
            **{f"window_{n}": (as_of + timedelta(days=days)).isoformat() for n, (_, days) in enumerate(AHEAD, 1)},
        }

    def said(self, template: str) -> str:
        """A condition with the columns of this reading of "before"."""
        closed, lapsed = _IS_CLOSED, _LAPSED.format(p=self.policy)
        return template.format(p=self.policy, closed=closed, lapsed=lapsed)

    @property
    def not_lapsed(self) -> str:
        """What is still followed."""
        return f"NOT {self.said(_LAPSED)}"

    def place_of(self, state: str, clock: str, last_day: str, may_lapse: int) -> tuple[State, Window | None]:
        """State and window of a row with these columns."""
        is_closed, day = state in CLOSED, self.day
        if clock == "running" and last_day < day:
            is_over = may_lapse and last_day < self.parameters["followed"]
            return ("closed", None) if is_over else ("overdue", "late")
        if is_closed:
            return "closed", None
        if clock in ("no_limit", "no_day"):
            return "no_day", "no_day"
        if clock != "running":
            return "upcoming", None
        ends = ((name, self.parameters[f"window_{n}"]) for n, (name, _) in enumerate(AHEAD, 1))
        return "upcoming", next((name for name, end in ends if last_day <= end), "later")
