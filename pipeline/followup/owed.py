"""Việc phải làm: what every body owes on a day, how it stands and whether it is late. Derived, never stored."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from extractors.calendar import add_months
from pipeline.followup.explaining import first_day, laid_out
from pipeline.followup.holders import BodyRows, Holder, Holders
from pipeline.followup.occurrences import Occurrence
from pipeline.followup.periods import numbered
from pipeline.followup.picking import ahead_of, stands_so
from pipeline.followup.settings import Settings
from pipeline.followup.states import Event, Standing, Timeliness, in_force, stand, timeliness
from pipeline.register import Register, Row, TaskFilter, public_id
from pipeline.register.keys import words_key
from pipeline.register.listing import Role
from pipeline.register.owing import body_rows, coordinated, duty_rows, event_rows, informed, limit_rows, reassigned

# What concerns a whole series of occurrences where it names none of them.
OF_SERIES = frozenset({"confirmed", "reminded", "reassigned", "suspended", "withdrawn", "superseded"})
_LONGEST_PERIOD = 26  # months: a yearly report that is due in the year after, and some
_FRESH = Standing()


@dataclass(frozen=True, slots=True)
class Time:
    """One time that an obligation is to be met: once, or an occurrence of a recurring one.

    `period` is None where it does not recur. `limit` is the limit that comes first (a row; None: there is none),
    `last_day` the last day on time by it (None: none is known).
    """

    period: str | None
    limit: Row | None
    last_day: date | None
    occurrence: Occurrence | None = None

    def is_open(self, as_of: date, ahead: date) -> bool:
        """Whether it is to be seen: its reporting period has begun, or it falls due by `ahead`."""
        found = self.occurrence
        return found is None or found.period_start <= as_of or found.due <= ahead


@dataclass(frozen=True, slots=True)
class Owed:
    """One duty, or one occurrence of it, on a day.

    `holder` owes it on that day, or owed it when it was closed; `printed` is the lead as the dispatch names it.
    `original` is the last day on time as the dispatch sets it, `last_day` the one in force. `days_late` is None unless
    it is late or was done late. `version` counts the events that were entered for the duty. An occurrence that is late
    for longer than the office follows them, and of which nothing was entered, has the timeliness "lapsed".
    """

    duty: int
    obligation: int
    letter: int
    sort: str
    printed: str | None
    holder: Holder
    time: Time
    standing: Standing
    original: date | None
    last_day: date | None
    timeliness: Timeliness
    days_late: int | None
    version: int

    @property
    def id(self) -> str:
        """ "T5", or "T5@2026Q1"."""
        return duty_id(self.duty, self.time.period)

    def is_called(self, id: str) -> bool:
        """Whether an id means it: its own, or that of its whole series."""
        return id.strip().upper() in (self.id, public_id("duty", self.duty))


def duty_id(number: int, period: str | None) -> str:
    """The public id of a duty or of one occurrence of it."""
    return public_id("duty", number) + (f"@{period}" if period else "")


def owed(
    register: Register,
    wanted: TaskFilter,
    settings: Settings,
    *,
    as_of: date,
    ahead: date | None = None,
    of: Collection[int] | None = None,
) -> list[Owed]:
    """All duties that the register has on a day, closed ones too, by their number: those of dispatches that are issued
    by then, and occurrences whose reporting period has begun (or which fall due by `ahead`, or in the days to come that
    `wanted` asks for).

    `wanted` as in `tasks`; its `body` means the bodies that owe on that day, that are printed, or that take part. `of`
    are the only obligations that are looked at, by their numbers.
    """
    day = as_of.isoformat()
    rows = duty_rows(register, wanted.of_duties, as_of=day, policy=settings.before, of=of)
    meant = _Meant(register, wanted.body, wanted.role, as_of) if wanted.body is not None else None
    rows = [row for row in rows if meant.may_be(row)] if meant else rows
    is_all = wanted == TaskFilter() and of is None
    numbers = {row["obligation_id"] for row in rows}
    limits = limit_rows(register, as_of=day, policy=settings.before, of=None if is_all else numbers)
    events = event_rows(register, None if is_all else (row["id"] for row in rows))
    ahead = max(ahead or as_of, ahead_of(wanted, settings, as_of))
    bodies = BodyRows(register)
    given_to = (event["body_id"] for some in events.values() for event in some)
    bodies.read({*(row["body_id"] for row in rows), *given_to} - {None})
    found = _Reading(settings, as_of, ahead, limits, events, Holders(bodies)).read(rows)
    kept = [one for one in found if meant is None or meant.is_meant(one)]
    return [one for one in kept if stands_so(one, wanted, as_of)]


def events_of(rows: Sequence[Row]) -> list[Event]:
    """Rows of events as events."""
    return [
        Event(
            row["id"], row["kind"], date.fromisoformat(row["day"]), row["period"],
            row["due"] and date.fromisoformat(row["due"]), row["body_id"], row["undoes"],
        )
        for row in rows
    ]  # fmt: skip


def of_time(events: Sequence[Event], time: Time) -> list[Event]:
    """Of the events of a duty those that concern one time of it."""
    return [e for e in events if e.period == time.period or (e.period is None and e.kind in OF_SERIES)]


def times_of(limits: Sequence[Row], issued_on: str | None, settings: Settings, until: date) -> Iterator[Time]:
    """The times that an obligation with these limits is to be met, recurring ones as far as their period begins by
    `until`."""
    recurring = [limit for limit in limits if limit["kind"] == "recurring"]
    if not recurring:
        yield _once(limits)
        return
    unknown = [limit for limit in recurring if not limit["rrule"] or first_day(limit["start"] or issued_on) is None]
    once = [limit for limit in limits if limit["kind"] != "recurring"] + unknown
    if once:
        yield _once(once)
    yield from _recurring([limit for limit in recurring if limit not in unknown], issued_on, settings, until)


def _once(limits: Sequence[Row]) -> Time:
    dated = [limit for limit in limits if limit["kind"] != "recurring" and limit["last_day"]]
    if not dated:
        return Time(None, limits[0] if limits else None, None)
    first = min(dated, key=lambda limit: (limit["last_day"], limit["kind"] == "period"))
    return Time(None, first, date.fromisoformat(first["last_day"]))


def _recurring(limits: Sequence[Row], issued_on: str | None, settings: Settings, until: date) -> Iterator[Time]:
    found: list[tuple[Occurrence, Row]] = []
    for limit in limits:
        for occurrence in laid_out(limit, issued_on, settings, add_months(until, _LONGEST_PERIOD)):
            if occurrence.period_start > until and occurrence.due > until:
                break
            found.append((occurrence, limit))
    found.sort(key=lambda pair: (pair[0].due, pair[1]["id"]))
    codes = numbered((o.period_start, o.period_end) for o, _ in found)
    for code, (occurrence, limit) in zip(codes, found, strict=True):
        yield Time(code, limit, occurrence.last_day, occurrence)


class _Meant:
    """Which duties are asked for by the name of a body, and by what it is in them: it leads (or is printed as the
    lead), takes part, or gets the dispatch; without a role it leads or takes part."""

    def __init__(self, register: Register, body: str, role: Role | None, as_of: date) -> None:
        self._as_of = as_of
        self._bodies = body_rows(register)
        self._holders = Holders(self._bodies)
        self._keys = self._holders.named(body, as_of)
        self._words = f" {words_key(body)} "
        self._leads = role in (None, "lead")
        self._taking_part = coordinated(register, body) if role in (None, "coordinating") else set()
        self._reassigned = reassigned(register) if self._leads else set()
        own = [n for n in self._bodies if self._holders.at(n, as_of).key in self._keys] if role == "informed" else []
        self._letters = informed(register, own)

    def may_be(self, row: Row) -> bool:
        """Whether a row of a duty is worth a closer look."""
        if row["id"] in self._reassigned or self._is_said(row["obligation_id"], row["letter_id"], row["printed"]):
            return True
        number = row["body_id"]
        return bool(
            self._leads
            and number is not None
            and {self._holders.at(number, self._as_of).key, self._bodies[number]["canonical_id"]} & self._keys
        )

    def is_meant(self, one: Owed) -> bool:
        """Whether the body owes it, is printed, takes part, or gets the dispatch."""
        owes = self._leads and one.holder.key in self._keys
        return owes or self._is_said(one.obligation, one.letter, one.printed)

    def _is_said(self, obligation: int, letter: int, printed: str | None) -> bool:
        is_printed = self._leads and self._words in f" {words_key(printed or '')} "
        return is_printed or obligation in self._taking_part or letter in self._letters


class _Reading:
    """One look at the register: what belongs to an obligation is worked out once for all its bodies."""

    def __init__(
        self,
        settings: Settings,
        as_of: date,
        ahead: date,
        limits: Sequence[Row],
        events: dict[int, list[Row]],
        holders: Holders,
    ) -> None:
        self._settings = settings
        self._as_of = as_of
        self._ahead = ahead
        self._followed_since = add_months(as_of, -settings.months_back)
        self._limits: dict[int, list[Row]] = {}
        for limit in limits:
            self._limits.setdefault(limit["obligation_id"], []).append(limit)
        self._events = events
        self._holders = holders
        self._times: dict[int, list[Time]] = {}

    def read(self, rows: Sequence[Row]) -> Iterator[Owed]:
        for row in rows:
            issued = first_day(row["issued_on"])
            if issued is None or issued <= self._as_of:
                yield from self._owed(row)

    def _owed(self, row: Row) -> Iterator[Owed]:
        rows = self._events.get(row["id"], [])
        events = in_force(events_of(rows)) if rows else []
        for time in self._times_of(row):
            standing = stand(of_time(events, time), self._as_of) if events else _FRESH
            yield self._one(row, time, standing, len(rows))

    def _times_of(self, row: Row) -> list[Time]:
        number = row["obligation_id"]
        if number not in self._times:
            limits = self._limits.get(number, ())
            found = times_of(limits, row["issued_on"], self._settings, max(self._as_of, self._ahead))
            self._times[number] = [time for time in found if time.is_open(self._as_of, self._ahead)]
        return self._times[number]

    def _one(self, row: Row, time: Time, standing: Standing, version: int) -> Owed:
        last_day = standing.due or time.last_day
        how = timeliness(standing, last_day, time.limit is not None, self._as_of, self._settings.soon[0])
        how = "lapsed" if how == "late" and self._has_lapsed(row, time) else how
        until = {"late": self._as_of, "done_late": standing.completed_on}.get(how)
        since = standing.since if standing.is_closed and standing.since else self._as_of
        return Owed(
            row["id"], row["obligation_id"], row["letter_id"], row["sort"], row["printed"],
            self._holders.at(standing.body or row["body_id"], since), time, standing, time.last_day, last_day, how,
            (until - last_day).days if until and last_day else None, version,
        )  # fmt: skip

    def _has_lapsed(self, row: Row, time: Time) -> bool:
        """Whether an occurrence fell due so long ago, with nothing entered of it, that it is not followed any more."""
        if not time.period or not time.last_day or time.last_day >= self._followed_since:
            return False
        return not any(event["period"] == time.period for event in self._events.get(row["id"], ()))
