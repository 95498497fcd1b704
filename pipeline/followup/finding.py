"""Which duty a person means: by its id, or by its obligation and the body that owes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from extractors.calendar import add_months
from pipeline import errors
from pipeline.followup.holders import Holders
from pipeline.followup.owed import OF_SERIES, Time, duty_id, events_of, of_time, times_of
from pipeline.followup.settings import Settings
from pipeline.followup.states import in_force, stand
from pipeline.register import Register, Row, public_id
from pipeline.register.ids import parse_id
from pipeline.register.owing import body_rows, event_rows, kept_duty, limit_rows

_NAMED = 6  # duties or periods named in an error


@dataclass(frozen=True, slots=True)
class Target:
    """The duty, or the occurrence of it, that is meant. `last_day` is the one that the dispatch sets."""

    duty: int
    period: str | None
    recurs: bool
    issued_on: str | None
    last_day: date | None

    @property
    def id(self) -> str:
        """ "T5@2026Q1"."""
        return duty_id(self.duty, self.period)


def find_duty(register: Register, text: str, body: str | None, settings: Settings, today: date) -> Target:
    """The duty by "T5", by "T5@2026Q1", or by "O12" (`body` names one of several bodies). A duty that recurs may be
    meant as a whole. Raises WrongId, UnknownId, UnknownPeriod, SeveralDuties, UnknownBody, DutyGone."""
    plain, _, period = text.strip().partition("@")
    letter, number = parse_id(plain, "T", "O")
    row = _by_number(register, number) if letter == "T" else _of_obligation(register, number, body, today)
    limits = limit_rows(register, as_of=today.isoformat(), policy=settings.before, of=[row["obligation_id"]])
    until = add_months(today, settings.months_ahead)
    times = list(times_of(limits, row["issued_on"], settings, until))
    recurs = any(time.period for time in times)
    wanted = [time for time in times if time.period == (period.upper() or None)]
    if period and not wanted:
        raise errors.UnknownPeriod(id=public_id("duty", row["id"]), ids=_periods(register, row, times, today))
    last_day = wanted[0].last_day if wanted else None
    return Target(row["id"], wanted[0].period if wanted else None, recurs, row["issued_on"], last_day)


def require_time(register: Register, target: Target, kind: str, settings: Settings, today: date) -> None:
    """What is done, reported or extended of a duty that only recurs is one occurrence of it. Raises SeveralPeriods."""
    if target.period or not target.recurs or kind in OF_SERIES:
        return
    row = _by_number(register, target.duty)
    limits = limit_rows(register, as_of=today.isoformat(), policy=settings.before, of=[row["obligation_id"]])
    times = list(times_of(limits, row["issued_on"], settings, today))
    if all(time.period for time in times):
        raise errors.SeveralPeriods(id=target.id, ids=_periods(register, row, times, today))


_DUTY = """SELECT y.id, y.obligation_id, y.body_id, y.printed, y.is_current AND o.id IS NOT NULL AS is_owed, d.issued_on
    FROM duties y LEFT JOIN current_obligations o ON o.id = y.obligation_id AND o.kind = 'task'
    LEFT JOIN dispatches d ON d.id = o.letter_id"""


def _by_number(register: Register, number: int) -> Row:
    row = register.one(f"{_DUTY} WHERE y.id = ?", (kept_duty(register, number),))
    if row is None:
        raise errors.UnknownId(id=public_id("duty", number))
    if not row["is_owed"]:
        raise errors.DutyGone(id=public_id("duty", number), obligation=public_id("obligation", row["obligation_id"]))
    return row


def _of_obligation(register: Register, number: int, body: str | None, today: date) -> Row:
    rows = [
        row for row in register.rows(f"{_DUTY} WHERE y.obligation_id = ? ORDER BY y.id", (number,)) if row["is_owed"]
    ]
    if not rows:
        raise errors.UnknownId(id=public_id("obligation", number))
    if body is not None:
        rows = _of_body(register, rows, body, today)
    if len(rows) > 1:
        bodies = body_rows(register)
        names = [f"{public_id('duty', row['id'])} ({bodies[row['body_id']]['name']})" for row in rows[:_NAMED]]
        more = ["…"] if len(rows) > _NAMED else []
        raise errors.SeveralDuties(id=public_id("obligation", number), ids=", ".join([*names, *more]))
    return rows[0]


def _of_body(register: Register, rows: Sequence[Row], body: str, today: date) -> list[Row]:
    holders = Holders(body_rows(register))
    keys = holders.named(body, today)
    found = [row for row in rows if row["body_id"] and holders.at(row["body_id"], today).key in keys]
    if not found:
        raise errors.UnknownBody(name=body)
    return found


def _periods(register: Register, row: Row, times: Sequence[Time], today: date) -> str:
    """The open occurrences that fall due first, of those that have come or come soon."""
    events = in_force(events_of(event_rows(register, [row["id"]]).get(row["id"], [])))
    open_ones = [t for t in times if t.period and not stand(of_time(events, t), today).is_closed]
    return ", ".join(duty_id(row["id"], time.period) for time in open_ones[:_NAMED])
