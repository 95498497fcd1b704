"""Việc phải làm, tính nhanh: what is owed, late, due and counted, by way of the index where that can be asked.

Each answer is that of `owed` for the same question, in the same order.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from pipeline.followup.holders import Holder, Holders
from pipeline.followup.laying import NEVER
from pipeline.followup.looking import Look
from pipeline.followup.owed import Owed, owed
from pipeline.followup.owed_rows import OWED, as_owed
from pipeline.followup.picking import TO_COME, UNKNOWN, ahead_of, is_due_by, is_open, state_of
from pipeline.followup.scoreboard import Counts, score, scores
from pipeline.followup.settings import Settings
from pipeline.followup.upkeep import up_to_date
from pipeline.followup.wanting import Part
from pipeline.register import Register, Row, TaskFilter
from pipeline.register.listing import Told
from pipeline.register.owing import body_rows

_DAY = timedelta(days=1)  # "before D" has its last day on the day before
_LONG_AGO = date(1945, 9, 2)
# What decides in which column duties count, in the order in which their index holds it.
_ALIKE = "t.clock_{p}, t.state"
_SUMS = "count(*), sum(t.last_{p} < :as_of), sum({lapsed})"
_COLUMNS = {"no_limit": "no_deadline", "no_day": "no_deadline", "on_time": "done_on_time", "done_late": "done_late"}
_PASSED_ON = "t.body_id IN (SELECT value FROM json_each(:passed_on))"
_HELD_BY = "iif(t.held_on IS NULL, NULL, held_by(t.body_id, t.held_on))"
# By "+" row after row: many times as quick as in the order of the bodies.
_GROUPS = "SELECT DISTINCT +body_id AS body_id FROM duties WHERE is_current AND sort IN ('group', 'nobody')"
_OF_NOBODY = ("t.body_id IS NULL", "t.body_id IN (SELECT value FROM json_each(:nobodies))")
_TO_COME = "t.clock_{p} = 'in_time' OR (t.clock_{p} = 'running' AND t.last_{p} >= :as_of)"
_NO_DAY = "NOT {closed} AND t.clock_{p} IN ('no_limit', 'no_day')"
_LATE = "t.clock_{p} = 'running' AND t.last_{p} < :as_of AND NOT {lapsed}"
_OF_PERIODS = "EXISTS (SELECT 1 FROM deadlines l WHERE l.id = limit_id AND l.kind = 'period')"
_LATE_COUNTS = f"""coalesce(sum(period = '' AND NOT {_OF_PERIODS}), 0), coalesce(sum(period = '' AND {_OF_PERIODS}), 0),
    count(DISTINCT iif(period <> '', duty_id, NULL))"""


@dataclass(frozen=True, slots=True)
class LateOnes:
    """What is late, by its last day; and how many duties are still to come, of how many no last day is known or set,
    and how many occurrences are not followed any more."""

    late: list[Owed]
    upcoming: int
    no_day: int
    lapsed: int


@dataclass(frozen=True, slots=True)
class LateCounts:
    """How many duties are late with a printed day, how many with only a period, and how many recurring ones."""

    dated: int
    periods: int
    recurring: int


def owed_quickly(
    register: Register,
    wanted: TaskFilter,
    settings: Settings,
    *,
    as_of: date,
    ahead: date | None = None,
    of: Collection[int] | None = None,
) -> list[Owed]:
    """The same as `owed`."""
    with up_to_date(register, settings, max(ahead_of(wanted, settings, as_of), ahead or as_of)) as is_ready:
        if is_ready:
            look = Look(register, wanted, settings, as_of=as_of, ahead=ahead, of=of)
            return as_owed(look, in_order(look, look.rows(look.said(OWED))))
    return owed(register, wanted, settings, as_of=as_of, ahead=ahead, of=of)


def in_order(look: Look, rows: Iterable[Row]) -> list[Row]:
    """Rows of the index (`owed_rows.OWED`) in the order of `owed`."""
    return sorted(rows, key=lambda row: (row["duty_id"], row["due"] or "", row["due"] and row[f"limit_{look.policy}"]))


def late_ones(register: Register, wanted: TaskFilter, settings: Settings, *, as_of: date) -> LateOnes:
    """What is late at the end of a day."""
    with up_to_date(register, settings, ahead_of(wanted, settings, as_of)) as is_ready:
        if is_ready:
            look = Look(register, wanted, settings, as_of=as_of)
            rows = as_owed(look, look.rows(look.said(OWED), look.said(_LATE)))
            return LateOnes(sorted(rows, key=by_day), *tally(look))
    found = owed(register, wanted, settings, as_of=as_of)
    return LateOnes(
        sorted((one for one in found if one.timeliness == "late"), key=by_day),
        sum(one.timeliness in TO_COME for one in found),
        sum(is_open(one) and one.timeliness in UNKNOWN for one in found),
        sum(one.timeliness == "lapsed" for one in found),
    )


def late_counts(register: Register, wanted: TaskFilter, settings: Settings, *, as_of: date) -> LateCounts:
    """How much is late at the end of a day."""
    with up_to_date(register, settings, ahead_of(wanted, settings, as_of)) as is_ready:
        if is_ready:
            look = Look(register, wanted, settings, as_of=as_of)
            columns = look.said("t.id, t.duty_id, t.period, t.limit_{p} AS limit_id")
            found = look.found(columns, look.said(_LATE))
            return LateCounts(*look.run(f"SELECT {_LATE_COUNTS} FROM ({found})", {"most": -1})[0])
    found_late = late_ones(register, wanted, settings, as_of=as_of).late
    recurring = {one.duty for one in found_late if one.time.period}
    others = [one.time.limit for one in found_late if not one.time.period]
    periods = sum(limit is not None and limit["kind"] == "period" for limit in others)
    return LateCounts(len(others) - periods, periods, len(recurring))


def tally(look: Look) -> tuple[int, int, int]:
    """`upcoming`, `no_day` and `lapsed` of `LateOnes`."""
    conditions = [look.said(template) for template in (_TO_COME, _NO_DAY, "{lapsed}")]
    sums = ", ".join(f"coalesce(sum(part_{n}), 0)" for n in range(len(conditions)))
    columns = ", ".join(f"({sql}) AS part_{n}" for n, sql in enumerate(conditions))
    ((upcoming, no_day, lapsed),) = look.summed(sums, f"t.id, {columns}")
    return upcoming, no_day, lapsed


def due_ones(register: Register, wanted: TaskFilter, settings: Settings, *, as_of: date, until: date) -> list[Owed]:
    """What is still to be done and has its last day between two days, both included, and of which
    nothing is reported in time, soonest first."""
    ahead = until + _DAY
    with up_to_date(register, settings, max(ahead_of(wanted, settings, as_of), ahead)) as is_ready:
        if is_ready:
            look = Look(register, wanted, settings, as_of=as_of, ahead=ahead)
            look.parameters["until"] = until.isoformat()
            coming = look.said("t.clock_{p} = 'running' AND t.last_{p} >= :as_of AND t.last_{p} <= :until")
            return sorted(as_owed(look, look.rows(look.said(OWED), coming)), key=by_day)
    found = owed(register, wanted, settings, as_of=as_of, ahead=ahead)
    return sorted((one for one in found if is_due_by(one, as_of, until)), key=by_day)


def may_wait(register: Register, wanted: TaskFilter, settings: Settings, *, as_of: date) -> list[Owed]:
    """Of what is owed at least all that is open and names nobody, a group, or a body that is gone."""
    with up_to_date(register, settings, ahead_of(wanted, settings, as_of)) as is_ready:
        if is_ready:
            look = Look(register, wanted, settings, as_of=as_of)
            look.parameters["nobodies"] = json.dumps(_nobodies(register, as_of))
            look.parts.append(Part(" OR ".join(_OF_NOBODY), _OF_NOBODY))
            return as_owed(look, look.rows(look.said(OWED), look.said("NOT {closed}")))
    return owed(register, wanted, settings, as_of=as_of)


def _nobodies(register: Register, as_of: date) -> list[int]:
    """The bodies that are none: groups, and those that are gone without one that took over."""
    bodies = body_rows(register)
    holders = Holders(bodies)
    groups = {row["body_id"] for row in register.rows(_GROUPS)}
    return [number for number in bodies if number in groups or holders.at(number, as_of).is_unclear]


def by_day(one: Owed) -> tuple[date, int, str]:
    """Order by the last day; then as they were entered."""
    return (one.last_day or date.max, one.duty, one.time.period or "")


def scoreboard(
    register: Register, wanted: TaskFilter, settings: Settings, *, as_of: date
) -> tuple[list[tuple[Holder, Counts]], Counts]:
    """As `scoreboard.score` of all that is owed on a day."""
    with up_to_date(register, settings, ahead_of(wanted, settings, as_of)) as is_ready:
        if is_ready:
            return scores(_counted(Look(register, wanted, settings, as_of=as_of)))
    return score(owed(register, wanted, settings, as_of=as_of))


def _counted(look: Look) -> list[tuple[Holder, str, int]]:
    """Holder, column of the scoreboard and number of duties."""
    bodies = body_rows(look.register)
    holders = Holders(bodies)
    passed_on = [n for n in bodies if holders.at(n, _LONG_AGO).key != holders.at(n, look.as_of).key]
    closed: dict[str, Holder] = {}

    def held_by(body: int, day: str) -> str:
        holder = holders.at(body, date.fromisoformat(day))
        return closed.setdefault(holder.key, holder).key

    look.register.connection.create_function("held_by", 2, held_by, deterministic=True)
    look.parameters["passed_on"] = json.dumps(passed_on)
    alike, sums = look.said(_ALIKE), look.said(_SUMS)
    others = (f"({_PASSED_ON}) IS NOT 1",) if passed_on else ()
    rows = [(body, None, *counts) for body, *counts in look.grouped(f"t.body_id, {alike}", sums, *others)]
    if passed_on:
        rows += look.grouped(f"t.body_id, {_HELD_BY}, {alike}", sums, _PASSED_ON)
    return [
        (holders.at(body, look.as_of) if key is None else closed[key], column, count)
        for body, key, *counts in rows
        for column, count in _columns(*counts)
    ]


def by_month(register: Register, wanted: TaskFilter, settings: Settings, *, as_of: date) -> dict[date, Counts]:
    """The counts of the duties that have their last day in a month, by its first."""
    out: dict[date, Counts] = {}
    with up_to_date(register, settings, ahead_of(wanted, settings, as_of)) as is_ready:
        if is_ready:
            look = Look(register, wanted, settings, as_of=as_of)
            month = look.said("substr(t.last_{p}, 1, 7)")
            dated = look.said(f"t.last_{{p}} < '{NEVER}'")
            for first, *counts in look.grouped(f"{month}, {look.said(_ALIKE)}", look.said(_SUMS), dated):
                of_month = out.setdefault(date.fromisoformat(f"{first}-01"), Counts())
                for column, count in _columns(*counts):
                    of_month.add_to(column, count)
            return out
    for one in owed(register, wanted, settings, as_of=as_of):
        if one.last_day:
            out.setdefault(one.last_day.replace(day=1), Counts()).add(one)
    return out


def _columns(clock: str, state: str, count: int, past: int, lapsed: int) -> Iterator[tuple[str, int]]:
    """Columns of the scoreboard and how many of these duties count there; `past`: their last day is."""
    if state == "suspended":
        yield "suspended", count
    elif clock == "running" and state not in ("withdrawn", "superseded"):
        yield "overdue", past - lapsed
        yield "open_in_time", count - past
    elif state not in ("withdrawn", "superseded"):
        yield _COLUMNS.get(clock, "open_in_time"), count


def told(register: Register, wanted: TaskFilter, settings: Settings, *, as_of: date) -> dict[int, Told]:
    """How obligations stand as a whole, by what their bodies owe: overdue where one of them is late, closed where none
    owes anything more."""
    with up_to_date(register, settings, ahead_of(wanted, settings, as_of)) as is_ready:
        if is_ready:
            return _told(Look(register, wanted, settings, as_of=as_of))
    return told_of(owed(register, wanted, settings, as_of=as_of))


def told_of(found: Collection[Owed]) -> dict[int, Told]:
    """The same of duties that were worked out."""
    out: dict[int, Told] = {}
    for one in found:
        new: Told = (state_of(one), one.days_late if one.timeliness == "late" else None)
        out[one.obligation] = max(out.get(one.obligation, new), new, key=_weight)
    return out


def _weight(stands: Told) -> tuple[int, int]:
    """What an obligation is by the heaviest of its duties."""
    return ("closed", "no_day", "upcoming", "overdue").index(stands[0]), stands[1] or 0


def _told(look: Look) -> dict[int, Told]:
    weight = look.said(
        "CASE WHEN t.clock_{p} = 'running' AND t.last_{p} < :as_of THEN iif({lapsed}, 0, 3) WHEN {closed} THEN 0"
        " WHEN t.clock_{p} IN ('no_limit', 'no_day') THEN 1 ELSE 2 END"
    )
    names = ("closed", "no_day", "upcoming", "overdue")
    rows = look.summed(
        "obligation_id, max(weight), min(last_day)",
        f"t.id, t.obligation_id, {weight} AS weight, iif({weight} = 3, t.last_{look.policy}, NULL) AS last_day",
        "GROUP BY obligation_id",
    )
    return {
        number: (names[most], (look.as_of - date.fromisoformat(day)).days if day else None)  # type: ignore[misc]
        for number, most, day in rows
    }
