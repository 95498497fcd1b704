"""Chỉ mục việc: the rows of `duty_times` for some obligations, worked out as `owed` works out what is owed on a day.

A row holds for a span of days: from the day on which something happened to a duty (or its dispatch was issued) to the
day before the next such day. So any day can be asked about, and only the comparison with it is left to do.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any

from pipeline.followup.explaining import first_day
from pipeline.followup.owed import Time, events_of, of_time, times_of
from pipeline.followup.settings import Settings
from pipeline.followup.states import Event, Standing, in_force, stand, timeliness
from pipeline.register import Policy, Register, Row
from pipeline.register.owing import event_rows, limit_rows

NEVER = "9999-12-31"
COLUMNS = (
    "obligation_id", "duty_id", "letter_id", "period", "is_newest", "from_day", "until_day", "opens", "period_start",
    "period_end", "due", "by_policy", "limit_strict", "limit_lenient", "first_strict", "first_lenient", "last_strict",
    "last_lenient", "clock_strict", "clock_lenient", "may_lapse", "state", "since", "extended", "asked_for", "given_to",
    "reported_on", "reminders", "version", "body_id", "body_key", "held_on", "printed", "sort", "issuer_id", "type",
    "issued_on", "checkable", "confidence", "first_due", "final_due",
)  # fmt: skip
_DUTIES = """
SELECT y.id, y.obligation_id, y.body_id, y.printed, y.sort, o.letter_id, d.issued_on, d.issuer_id, d.type,
    o.check_rule IS NOT '' AS checkable, o.confidence
FROM duties y
JOIN current_obligations o ON o.id = y.obligation_id AND o.kind = 'task'
JOIN dispatches d ON d.id = o.letter_id
WHERE y.is_current AND y.obligation_id IN (SELECT value FROM json_each(?))
"""
_AS_OF = "2000-01-01"  # limits are the same on every day
_CLOCKS = {"late": "running", "soon": "running", "today": "running"}


@dataclass(frozen=True, slots=True)
class _Times:
    """The times of an obligation by either reading of "before", side by side, and the days that its limits state."""

    strict: list[Time]
    lenient: list[Time]
    dues: list[str]


def rows_of(register: Register, obligations: Collection[int], settings: Settings, until: date) -> Iterator[tuple]:  # type: ignore[type-arg]
    """The rows (COLUMNS) of these obligations, recurring ones as far as their period begins by `until`."""
    duties = register.rows(_DUTIES, (json.dumps(sorted(obligations)),))
    limits = {policy: _limits(register, obligations, policy) for policy in ("strict", "lenient")}
    events = event_rows(register, (row["id"] for row in duties))
    keys = _body_keys(register, duties, events)
    readings = (replace(settings, before="strict"), replace(settings, before="lenient"))
    times: dict[int, _Times] = {}
    for row in duties:
        number = row["obligation_id"]
        if number not in times:
            both = [limits[policy].get(number, []) for policy in ("strict", "lenient")]
            times[number] = _times(both[0], both[1], row["issued_on"], readings, until)
        yield from _of_duty(row, times[number], events.get(row["id"], ()), keys)


def _times(
    strict: Sequence[Row],
    lenient: Sequence[Row],
    issued_on: str | None,
    readings: tuple[Settings, Settings],
    until: date,
) -> _Times:
    times = list(times_of(strict, issued_on, readings[0], until))
    if any(limit["boundary"] == "before" for limit in strict):
        others = list(times_of(lenient, issued_on, readings[1], until))
    else:
        others = times  # there is nothing to read in two ways
    return _Times(times, others, sorted(limit["due"] for limit in strict if limit["last_day"]))


def _limits(register: Register, obligations: Collection[int], policy: Policy) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for limit in limit_rows(register, as_of=_AS_OF, policy=policy, of=obligations):
        found.setdefault(limit["obligation_id"], []).append(limit)
    return found


def _body_keys(register: Register, duties: Sequence[Row], events: dict[int, list[Row]]) -> dict[int | None, str]:
    """What bodies are sorted by; nobody comes last."""
    numbers = {row["body_id"] for row in duties} | {e["body_id"] for rows in events.values() for e in rows}
    rows = register.rows(
        "SELECT id, name_key FROM bodies WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(number for number in numbers if number)),),
    )
    return {None: "~", **{row["id"]: row["name_key"] for row in rows}}


def _of_duty(row: Row, times: _Times, rows: Sequence[Row], keys: dict[int | None, str]) -> Iterator[tuple]:  # type: ignore[type-arg]
    events = in_force(events_of(rows)) if rows else []
    entered = {event["period"] for event in rows}
    issued = first_day(row["issued_on"])
    first = issued.isoformat() if issued else ""
    beside = (row["printed"], row["sort"], row["issuer_id"], row["type"], row["issued_on"] or "", row["checkable"])
    dues = (times.dues[0], times.dues[-1]) if times.dues else (None, None)
    for strict, lenient in zip(times.strict, times.lenient, strict=True):
        spans = list(_spans(of_time(events, strict), first)) if events else [(first, NEVER, Standing())]
        may_lapse = bool(strict.period) and strict.period not in entered
        for start, end, standing in spans:
            body = standing.body or row["body_id"]
            yield (
                row["obligation_id"], row["id"], row["letter_id"], strict.period or "", int(end == NEVER), start, end,
                *_occurrence(strict), *_limit(strict, lenient), *_days(strict, lenient, standing), int(may_lapse),
                standing.state, _iso(standing.since), _iso(standing.due), _iso(standing.asked_for), standing.body,
                _iso(standing.reported_on), standing.reminders, len(rows), body, keys[body],
                _iso(standing.since) if standing.is_closed else None, *beside, row["confidence"], *dues,
            )  # fmt: skip


def _spans(events: Sequence[Event], first: str) -> Iterator[tuple[str, str, Standing]]:
    """(first day, day after the last, standing) from the day of issue on, whatever was entered before it."""
    changes: list[tuple[str, Standing]] = [("", Standing())]
    done: list[Event] = []
    for day, same_day in groupby(events, key=lambda event: event.day):
        done += same_day
        standing = stand(done)
        if standing != changes[-1][1]:
            changes.append((day.isoformat(), standing))
    ends = [start for start, _ in changes[1:]] + [NEVER]
    for (start, standing), end in zip(changes, ends, strict=True):
        if end > first:
            yield max(start, first), end, standing


def _occurrence(time: Time) -> tuple[Any, ...]:
    one = time.occurrence
    if one is None:
        return ("", None, None, None, None)
    start, end, due = one.period_start.isoformat(), one.period_end.isoformat(), one.due.isoformat()
    return (min(start, due), start, end, due, int(one.by_policy))


def _limit(strict: Time, lenient: Time) -> tuple[Any, ...]:
    limits = tuple(time.limit["id"] if time.limit else None for time in (strict, lenient))
    return (*limits, _iso(strict.last_day), _iso(lenient.last_day))


def _days(strict: Time, lenient: Time, standing: Standing) -> tuple[str, ...]:
    last_day, other_day = standing.due or strict.last_day, standing.due or lenient.last_day
    day, clock = _iso(last_day) or NEVER, _clock(standing, last_day, strict)
    if other_day == last_day:
        return (day, day, clock, clock)
    return (day, _iso(other_day) or NEVER, clock, _clock(standing, other_day, lenient))


def _clock(standing: Standing, last_day: date | None, time: Time) -> str:
    """How it stands to its last day whatever the day is; "running" where that depends on the day."""
    how = timeliness(standing, last_day, time.limit is not None, last_day or date.max, 1)
    return _CLOCKS.get(how, how)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
