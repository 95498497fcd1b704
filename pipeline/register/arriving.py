"""Ngày đến, số đến: when a dispatch came in and under which number of the book, which begins anew each year.

Source: Decree 30/2020 art. 22: what comes in is numbered in one series a year. The day of arrival is the day of receipt
that limits count from.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline import errors
from pipeline.register.connection import Register, Row
from pipeline.register.ids import public_id
from pipeline.register.keys import words_key
from pipeline.register.merging import linked_dispatches
from pipeline.register.naming import parse_target
from pipeline.register.querying import checked_day

BEFORE_ISSUE = "arrival.before_issue"


class NothingEntered(errors.CongvanError):
    """There is no entry in the book to be taken back (details: id)."""

    code = "nothing_entered"


@dataclass(frozen=True, slots=True)
class Received:
    """How a batch came in: on that ISO day, entered by `who`; what the office `own` issued itself is not received."""

    day: str
    who: str
    own: str | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """An entry of the book."""

    day: str
    year: int
    number: int


def receive(
    register: Register, dispatch: str, day: str | None, *, who: str, now: str, number: int | None = None, why: str = ""
) -> Arrival | None:
    """Enter (or, with `day` None, take back) the arrival of a dispatch (id or printed number). Without a number it
    keeps the one it has in that year, else takes the next one. Raises UnknownId, InvalidValue, ImpossibleDay,
    NumberTaken."""
    _, dispatch_id = parse_target(register, dispatch, "D")
    with register.transaction():
        row = register.one("SELECT issued_on FROM dispatches WHERE id = ?", (dispatch_id,))
        if row is None:
            raise errors.UnknownId(id=dispatch)
        if day is None:
            _write(register, dispatch_id, None, None, who, now, why)
            return None
        day = checked_day("day", day) or ""
        if day > now[:10] or _is_before(day, row["issued_on"]):
            first = row["issued_on"] or ""
            raise errors.ImpossibleDay(id=public_id("dispatch", dispatch_id), day=day, first=first, last=now[:10])
        return _enter(register, dispatch_id, day, number, who, now, why)


def undo_receive(register: Register, dispatch: str, *, who: str, now: str) -> Arrival | None:
    """Take back the entry made last: what held before it holds again (None: there was nothing). Raises UnknownId,
    NothingEntered."""
    _, dispatch_id = parse_target(register, dispatch, "D")
    with register.transaction():
        entries = register.rows("SELECT * FROM arrivals WHERE dispatch_id = ? ORDER BY id DESC LIMIT 2", (dispatch_id,))
        if not entries:
            raise NothingEntered(id=public_id("dispatch", dispatch_id))
        before = entries[1] if len(entries) > 1 and entries[1]["day"] else None
        if before is None:
            _write(register, dispatch_id, None, None, who, now, "")
            return None
        return _enter(register, dispatch_id, before["day"], before["number"], who, now, "")


def last_entry(register: Register, dispatch_id: int) -> Row | None:
    """What was entered last of a dispatch: id, day (None: it was taken back), year, number, made_at, made_by, why."""
    return register.one("SELECT * FROM arrivals WHERE dispatch_id = ? ORDER BY id DESC LIMIT 1", (dispatch_id,))


def receive_new(register: Register, dispatch_id: int, received: Received, now: str) -> None:
    """Enter the arrival of a dispatch that was just saved; inside its transaction. None for what the office issued
    itself, and for what looks like a dispatch that is in the book; where the day is before that of issue, an issue
    asks a person."""
    row = register.one("SELECT issuer, issued_on FROM dispatches WHERE id = ?", (dispatch_id,)) or {}
    if received.own and words_key(row["issuer"] or "") == words_key(received.own):
        return
    if any(arrival_of(register, other) for other in linked_dispatches(register, dispatch_id)):
        return
    if _is_before(received.day, row["issued_on"]):
        register.connection.execute(
            "INSERT INTO issues (dispatch_id, source, code, message, found_at) VALUES (?, 'register', ?, ?, ?)",
            (dispatch_id, BEFORE_ISSUE, received.day, now),
        )
        return
    _enter(register, dispatch_id, received.day, None, received.who, now, "")


def arrival_of(register: Register, dispatch_id: int) -> Arrival | None:
    """The entry of a dispatch in the book."""
    row = register.one("SELECT day, year, number FROM arrivals_in_force WHERE dispatch_id = ?", (dispatch_id,))
    return Arrival(**row) if row else None


def _is_before(day: str, issued_on: str | None) -> bool:
    return bool(issued_on) and day[: len(issued_on or "")] < (issued_on or "")


def _enter(register: Register, dispatch_id: int, day: str, number: int | None, who: str, now: str, why: str) -> Arrival:
    year = int(day[:4])
    number = number or _own_number(register, dispatch_id, year) or _next_number(register, year)
    taken = register.one(
        "SELECT dispatch_id FROM arrivals WHERE year = ? AND number = ? AND dispatch_id <> ?",
        (year, number, dispatch_id),
    )
    if taken:
        raise errors.NumberTaken(number=number, year=year, id=public_id("dispatch", taken["dispatch_id"]))
    _write(register, dispatch_id, day, (year, number), who, now, why)
    return Arrival(day, year, number)


def _own_number(register: Register, dispatch_id: int, year: int) -> int | None:
    row: Row | None = register.one(
        "SELECT number FROM arrivals WHERE dispatch_id = ? AND year = ? ORDER BY id DESC", (dispatch_id, year)
    )
    return row["number"] if row else None


def _next_number(register: Register, year: int) -> int:
    row = register.one("SELECT coalesce(max(number), 0) + 1 AS number FROM arrivals WHERE year = ?", (year,))
    return int(row["number"]) if row else 1


def _write(
    register: Register,
    dispatch_id: int,
    day: str | None,
    entry: tuple[int, int] | None,
    who: str,
    now: str,
    why: str,
) -> None:
    """An entry, and with it the day of receipt that limits count from."""
    year, number = entry or (None, None)
    register.connection.execute(
        "INSERT INTO arrivals (dispatch_id, day, year, number, made_at, made_by, why) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (dispatch_id, day, year, number, now, who, why),
    )
    register.connection.execute(
        "INSERT INTO anchors (target, target_id, anchor, day, made_at, made_by, why)"
        " VALUES ('dispatch', ?, 'receipt', ?, ?, ?, ?)",
        (dispatch_id, day, now, who, why),
    )
