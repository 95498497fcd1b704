"""Gửi: every delivery is written down before it leaves and after; what may have arrived is never sent a second time.

Between the row "sending" and the next one the process may be killed. Then nobody can tell whether the server has the
message: the next run writes "unknown", says so, and sends it again only where a person asks for that.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.register import Register, Row
from pipeline.register.delivering import COLUMNS, add_delivery_step, last_steps, unfinished
from pipeline.reminding.locking import only_sender
from pipeline.reminding.outcomes import Outcome, within
from pipeline.reminding.parcels import Parcel

Standing = Literal["new", "sent", "failed", "unknown", "sending"]
Courier = Callable[[Parcel], Outcome]

_PAUSE = 2.0  # seconds before the second try; twice as long before each later one


@dataclass(frozen=True, slots=True)
class Bounds:
    """How often and how long is tried: `tries` rounds, `pause` seconds before the second and twice as long before each
    later one, `attempt` seconds for one try, `whole` seconds in which new tries are begun."""

    tries: int = 3
    pause: float = _PAUSE
    attempt: float = 80.0
    whole: float = 1800.0


@dataclass(frozen=True, slots=True)
class Result:
    """How a parcel stands: `standing` as the log has it ("new": it was never tried), `error` and `at` of its last step;
    `is_new`: this run brought it there."""

    parcel: Parcel
    standing: Standing
    error: str | None = None
    at: str | None = None
    tries: int = 0
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of a run; `interrupted` are steps of other deliveries whose process was ended in the middle."""

    results: list[Result]
    interrupted: list[Row]


def standings(register: Register, parcels: Sequence[Parcel]) -> list[Result]:
    """How each parcel stands by the log; nothing is changed."""
    last = last_steps(register, (parcel.id for parcel in parcels))
    return [_by_log(parcel, last.get(parcel.id)) for parcel in parcels]


def send(
    register: Register,
    parcels: Sequence[Parcel],
    courier: Courier,
    bounds: Bounds,
    *,
    now: Callable[[], str],
    resend: bool = False,
) -> Sent:
    """Send what was not sent yet and may be; with `resend` also what may have arrived. Raises SendingBusy."""
    with only_sender(register.path):
        own = {parcel.id for parcel in parcels}
        interrupted = [row for row in _settle(register, now()) if row["delivery"] not in own]
        return Sent(_Run(register, courier, bounds, now).send(parcels, resend), interrupted)


def _settle(register: Register, now: str) -> list[Row]:
    """What was begun by a process that is no more: nobody knows what came of it."""
    found = unfinished(register)
    for row in found:
        step = {name: row[name] for name in COLUMNS} | {"state": "unknown", "error": "interrupted", "at": now}
        add_delivery_step(register, step, after=row["number"])
    return found


def _by_log(parcel: Parcel, row: Row | None) -> Result:
    if row is None:
        return Result(parcel, "new")
    return Result(parcel, row["state"], row["error"], row["at"], row["tries"])


class _Run:
    """One run: rounds over what is still to be sent, with a pause between."""

    def __init__(self, register: Register, courier: Courier, bounds: Bounds, now: Callable[[], str]) -> None:
        self._register = register
        self._courier = courier
        self._bounds = bounds
        self._now = now
        self._until = time.monotonic() + bounds.whole
        self._numbers: dict[str, int] = {}
        self._results: dict[str, Result] = {}
        self._doubtful: set[str] = set()

    def send(self, parcels: Sequence[Parcel], resend: bool) -> list[Result]:
        last = last_steps(self._register, (parcel.id for parcel in parcels))
        self._numbers = {key: row["number"] for key, row in last.items()}
        self._results = {parcel.id: _by_log(parcel, last.get(parcel.id)) for parcel in parcels}
        self._doubtful = {key for key, result in self._results.items() if result.standing == "unknown"}
        wanted = {"new", "failed", "unknown"} if resend else {"new", "failed"}
        todo = [result.parcel for result in self._results.values() if result.standing in wanted]
        self._rounds(todo)
        return [self._results[parcel.id] for parcel in parcels]

    def _rounds(self, todo: Iterable[Parcel]) -> None:
        closed: dict[str, Outcome] = {}
        waited = 0.0
        for tries in range(1, self._bounds.tries + 1):
            if tries > 1:
                pause = max(self._bounds.pause * 2 ** (tries - 2), waited)
                if not todo or time.monotonic() + pause > self._until:
                    break
                time.sleep(pause)
            left: list[Parcel] = []
            waited = 0.0
            closed = {server: outcome for server, outcome in closed.items() if not outcome.again}
            for parcel in todo:
                outcome = self._try(parcel, tries, closed)
                waited = max(waited, outcome.wait)
                if outcome.again:
                    left.append(parcel)
                if outcome.of_server:
                    closed[parcel.server] = outcome
            todo = left

    def _try(self, parcel: Parcel, tries: int, closed: dict[str, Outcome]) -> Outcome:
        """Try one, or say of it what is known of its server."""
        outcome = closed.get(parcel.server)
        if outcome is None and time.monotonic() > self._until:
            outcome = Outcome("failed", "time_up")
        if outcome is not None:
            if not self._results[parcel.id].is_new:
                self._write(parcel, outcome, 0)
            return outcome
        if not self._step(parcel, "sending", None, tries):
            return Outcome("unknown")  # another process is at it
        outcome = within(self._bounds.attempt, lambda: self._courier(parcel))
        self._write(parcel, outcome, tries)
        return outcome

    def _write(self, parcel: Parcel, outcome: Outcome, tries: int) -> None:
        # where an earlier one may have arrived, this one's failure does not undo that
        state = "unknown" if parcel.id in self._doubtful and outcome.state == "failed" else outcome.state
        self._step(parcel, state, outcome.error, tries)
        self._results[parcel.id] = Result(parcel, state, outcome.error, self._now(), tries, is_new=True)

    def _step(self, parcel: Parcel, state: str, error: str | None, tries: int) -> bool:
        number = self._numbers.get(parcel.id, 0)
        row = {
            "delivery": parcel.id,
            "day": parcel.digest.day.isoformat(),
            "body": parcel.digest.body,
            "channel": parcel.channel,
            "destination": parcel.destination,
            "digest": parcel.content_hash,
            "state": state,
            "tries": tries,
            "error": error,
            "at": self._now(),
        }
        written = add_delivery_step(self._register, row, after=number)
        self._numbers[parcel.id] = number + written
        return written
