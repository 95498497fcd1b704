"""Lịch: duties with a last day as iCalendar (RFC 5545): a to-do and an all-day event each, recurring ones as a series.

An entry keeps its UID as long as the register has the duty; SEQUENCE and LAST-MODIFIED grow with every change, so that
a calendar that reads it again replaces what it had.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from extractors.calendar import add_months
from pipeline.export.forms import printed
from pipeline.export.series import Series, series
from pipeline.followup.explaining import first_day, laid_out, recurrence_of
from pipeline.followup.owed import Owed, owed
from pipeline.followup.settings import Settings
from pipeline.output import day as shown_day
from pipeline.output import listed, shortened
from pipeline.register import Register, Row, TaskFilter, count_states
from pipeline.register.changing import Changes, changes
from pipeline.register.ids import register_identity
from pipeline.register.owing import obligation_rows

if TYPE_CHECKING:
    from icalendar import Calendar, Component

ZONE = "Asia/Ho_Chi_Minh"
_ALARM_HOUR = 8
_SUMMARY = 110
_LONGEST = 4000
_YEARS_AHEAD = 50
_TODO = {"done": "COMPLETED", "withdrawn": "CANCELLED", "superseded": "CANCELLED"} | {
    "waiting": "NEEDS-ACTION", "suspended": "NEEDS-ACTION", "started": "IN-PROCESS", "reported": "IN-PROCESS",
}  # fmt: skip
_EVENT = {"withdrawn": "CANCELLED", "superseded": "CANCELLED", "suspended": "TENTATIVE"}


@dataclass(frozen=True, slots=True)
class Written:
    """A calendar as bytes, and what is in it: `duties` with a day of their own, `series` of recurring ones. Left out
    are duties of which no last day is known (`undated`) and goals (`targets`)."""

    data: bytes
    duties: int
    series: int
    undated: int
    targets: int


@dataclass(frozen=True, slots=True)
class _Entry:
    """What a to-do and an event are made of: a time of a duty on `day`; for a series its rule, for one of its times
    that differs the day (`instead_of`) that the rule gives it."""

    uid: str
    day: date
    one: Owed
    task: Row
    changed: Changes
    rule: Series | None = None
    instead_of: date | None = None


def feed(register: Register, body: str, as_of: date, settings: Settings) -> bytes:
    """The calendar of one body, by its name or code, as a web server hands it out."""
    return calendar(register, TaskFilter(body=body), settings, as_of=as_of).data


def calendar(register: Register, wanted: TaskFilter, settings: Settings, *, as_of: date) -> Written:
    """What is owed as a calendar: what is open, and what was closed as long ago as the office follows occurrences."""
    ahead = add_months(as_of, settings.months_ahead)
    found = owed(register, wanted, settings, as_of=as_of, ahead=ahead)
    since = add_months(as_of, -settings.months_back)
    kept = [one for one in found if one.last_day and _is_shown(one, since)]
    times = [one for one in kept if one.time.period is None]
    groups = _series_of(kept)
    making = _Making(register, settings, as_of, kept)
    entries = chain(making.once(times), *map(making.recurring, groups))
    parts = (part for entry in entries for part in (_todo(entry, making), _event(entry, making)))
    data = _within(_empty(making.body or wanted.body, as_of).to_ical(), parts)
    states = count_states(register, wanted, as_of=as_of.isoformat(), policy=settings.before)
    undated = sum(one.last_day is None and not one.standing.is_closed for one in found)
    return Written(data, len(times), len(groups), undated, states.get("target", 0))


def _is_shown(one: Owed, since: date) -> bool:
    if one.timeliness == "lapsed":
        return False
    return one.time.period is not None or not one.standing.is_closed or (one.standing.since or since) >= since


def _series_of(found: Iterable[Owed]) -> list[list[Owed]]:
    """The occurrences of each recurring limit of each duty, in order; without those that are over for good."""
    groups: dict[tuple[int, int], list[Owed]] = {}
    for one in found:
        if one.time.period is not None and one.time.limit:
            groups.setdefault((one.duty, one.time.limit["id"]), []).append(one)
    return list(groups.values())


class _Making:
    """What entries of one calendar share."""

    def __init__(self, register: Register, settings: Settings, as_of: date, found: Sequence[Owed]) -> None:
        numbers = {one.obligation for one in found}
        self.settings = settings
        self.as_of = as_of
        holders = {one.holder.key: one.holder.name for one in found}
        self.of_many = len(holders) > 1
        self.body = next(iter(holders.values())) if len(holders) == 1 else None
        self._tasks = obligation_rows(register, numbers)
        self._changes = changes(register, numbers)
        self._place = f"@{register_identity(register)}.congvan"

    def once(self, found: Iterable[Owed]) -> Iterator[_Entry]:
        """Duties with one last day."""
        for one in found:
            assert one.last_day
            yield self._entry(one, f"T{one.duty}", one.last_day)

    def recurring(self, group: Sequence[Owed]) -> Iterator[_Entry]:
        """A series: its rule, then each of its times that is closed, moved or extended."""
        limit, issued_on = group[0].time.limit, self._tasks[group[0].obligation]["issued_on"]
        recurrence = limit and recurrence_of(limit, issued_on)
        if not limit or not recurrence:
            return
        by_day = {one.original: one for one in group if one.original}
        strict = self.settings.before == "strict"
        rule = series(recurrence, sorted(by_day), strict=strict, until=self._end(limit, issued_on))
        name = f"T{group[0].duty}-L{limit['id']}"
        first = by_day[rule.moved.get(rule.start, rule.start)]
        yield self._entry(_of_series(first, group), name, rule.start, rule)
        places = {real: given for given, real in rule.moved.items()}
        for day, one in sorted(by_day.items()):
            if day in places or one.last_day != day or one.standing.state != group[-1].standing.state:
                assert one.last_day
                yield replace(self._entry(one, name, one.last_day), instead_of=places.get(day, day))

    def _entry(self, one: Owed, name: str, day: date, rule: Series | None = None) -> _Entry:
        changed = self._changes[one.obligation]
        return _Entry(name + self._place, day, one, self._tasks[one.obligation], changed, rule)

    def _end(self, limit: Row, issued_on: str | None) -> date | None:
        """The last day that a recurring limit ever has, None where it has no end."""
        if not limit["due"] and not any(key in limit["rrule"] for key in ("UNTIL=", "COUNT=")):
            return None
        far = self.as_of.replace(year=self.as_of.year + _YEARS_AHEAD, day=1)
        days = [one.last_day for one in laid_out(limit, issued_on, self.settings, far)]
        return days[-1] if days else None


def _of_series(first: Owed, group: Sequence[Owed]) -> Owed:
    """What stands for a whole series: its first time, in the state of its last one, to which nothing has happened."""
    return replace(first, standing=group[-1].standing, timeliness=group[-1].timeliness, last_day=first.original)


# ------------------------------------------------------------------ components


def _empty(body: str | None, as_of: date) -> Calendar:
    from icalendar import Calendar

    out = Calendar()
    out.add("prodid", "-//congvan//register//VI")
    out.add("version", "2.0")
    out.add("calscale", "GREGORIAN")
    name = printed("calendar.name", body=_line(body)) if body else printed("calendar.name_all")
    out.add("x-wr-calname", name)
    out.add("x-wr-caldesc", printed("calendar.about", day=shown_day(as_of.isoformat())))
    out.add("x-wr-timezone", ZONE)
    out.add("x-published-ttl", "PT12H")
    out.add_component(_zone())
    return out


def _zone() -> Component:
    """Vietnam has had one offset since 1975."""
    from icalendar import Timezone, TimezoneStandard

    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", ZONE)
    standard.add("dtstart", datetime(1975, 6, 13))
    standard.add("tzoffsetfrom", timedelta(hours=7))
    standard.add("tzoffsetto", timedelta(hours=7))
    standard.add("tzname", "+07")
    zone.add_component(standard)
    return zone


def _within(outer: bytes, parts: Iterable[bytes]) -> bytes:
    """A component with others in it, all as lines: put together as bytes, since the library takes long over many."""
    head, end, name = outer.rpartition(b"END:")
    return b"".join((head, *parts, end, name))


def _todo(entry: _Entry, making: _Making) -> bytes:
    from icalendar import Todo

    out = Todo()
    standing = entry.one.standing
    _describe(out, entry, making, f"todo-{entry.uid}")
    out.add("due", entry.day)
    if entry.rule or entry.instead_of:
        out.add("dtstart", entry.day)
    out.add("status", _TODO[standing.state])
    if standing.completed_on:
        # of a day, which is all that is known, the noon
        noon = datetime.combine(standing.completed_on, time(12), ZoneInfo(ZONE))
        out.add("completed", noon.astimezone(UTC))
        out.add("percent-complete", 100)
    return _within(out.to_ical(), _alarms(entry, making, related="END"))


def _event(entry: _Entry, making: _Making) -> bytes:
    from icalendar import Event

    out = Event()
    _describe(out, entry, making, f"event-{entry.uid}")
    out.add("dtstart", entry.day)
    out.add("dtend", entry.day + timedelta(days=1))
    out.add("transp", "TRANSPARENT")
    out.add("status", _EVENT.get(entry.one.standing.state, "CONFIRMED"))
    return _within(out.to_ical(), _alarms(entry, making, related="START"))


def _describe(out: Component, entry: _Entry, making: _Making, uid: str) -> None:
    """What a to-do and an event have in common."""
    out.add("uid", uid)
    out.add("dtstamp", entry.changed.last.astimezone(UTC))
    out.add("last-modified", entry.changed.last.astimezone(UTC))
    out.add("created", entry.changed.entered.astimezone(UTC))
    out.add("sequence", entry.changed.count)
    out.add("summary", _summary(entry, making))
    out.add("description", "\n".join(_description(entry, making))[:_LONGEST])
    if entry.one.holder.name:
        out.add("categories", [_line(entry.one.holder.name)])
    if entry.instead_of:
        out.add("recurrence-id", entry.instead_of)
    if entry.rule:
        _recur(out, entry.rule)


def _recur(out: Component, rule: Series) -> None:
    from icalendar import vRecur

    if rule.rrule:
        out.add("rrule", vRecur.from_ical(rule.rrule))
    if rule.left_out:
        out.add("exdate", list(rule.left_out))
    if rule.added:
        out.add("rdate", list(rule.added))


def _alarms(entry: _Entry, making: _Making, related: str) -> list[bytes]:
    """Reminders in the morning of the days that the office calls soon, while anything is still to be done in time."""
    one = entry.one
    if one.standing.is_closed or one.standing.state == "suspended" or (entry.day < making.as_of and not entry.rule):
        return []
    return [_alarm(days, related) for days in making.settings.soon]


@lru_cache(maxsize=64)
def _alarm(days: int, related: str) -> bytes:
    from icalendar import Alarm

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", printed("calendar.alarm", days=days))
    when = timedelta(hours=_ALARM_HOUR) - timedelta(days=days)
    alarm.add("trigger", when, parameters={"RELATED": related})
    return bytes(alarm.to_ical())


# ------------------------------------------------------------------ words


def _words(entry: _Entry, making: _Making) -> str:
    """What is to be done, in short; by whom, where the calendar is that of several bodies."""
    words = shortened(_line(entry.task["quote"]), _SUMMARY)
    body = entry.one.holder.name
    return printed("calendar.of_body", words=words, body=_line(body)) if making.of_many and body else words


def _summary(entry: _Entry, making: _Making) -> str:
    words = _words(entry, making)
    return printed("calendar.done", words=words) if entry.one.standing.state == "done" else words


def _description(entry: _Entry, making: _Making) -> Iterator[str]:
    one, task, limit = entry.one, entry.task, entry.one.time.limit
    yield _line(task["quote"])
    yield ""
    if limit:
        yield printed("calendar.deadline", words=_line(limit["quote"]))
        if limit["boundary"] == "before" and limit["kind"] != "period":
            yield printed(f"calendar.{making.settings.before}")
    if one.last_day != one.original and one.original and not entry.rule:
        yield printed("calendar.extended", day=_day(one.original))
    if occurrence := one.time.occurrence:
        if occurrence.by_policy:
            yield printed("calendar.no_day_printed")
        if not entry.rule:
            yield printed("calendar.period", first=_day(occurrence.period_start), last=_day(occurrence.period_end))
    yield printed("calendar.dispatch", words=source_words(task))
    for role in ("lead", "coordinating"):
        if task[role]:
            yield printed(f"calendar.{role}", names="; ".join(map(_line, task[role])))
    yield printed("calendar.id", id=f"T{one.duty}" if entry.rule else one.id)


def source_words(task: Row) -> str:
    """A dispatch in one line, of what is printed of it: its type, number, day and issuer; else its id."""
    parts = (
        _line(task["type"] or ""),
        printed("calendar.number", number=task["number"]) if task["number"] else "",
        _dated(task["issued_on"]),
        printed("calendar.issued_by", issuer=_line(task["issuer"])) if task["issuer"] else "",
    )
    return " ".join(filter(None, parts)) or str(task["dispatch"])


def _dated(issued_on: str | None) -> str:
    """The day of a dispatch, as sharp as it is printed; nothing where it is no day."""
    if not issued_on or not first_day(issued_on):
        return ""
    return printed(f"calendar.dated_{('year', 'month', 'day')[issued_on.count('-')]}", day=shown_day(issued_on))


def _day(day: date) -> str:
    return shown_day(day.isoformat())


def _line(words: str) -> str:
    """Words on one line, without what no calendar may hold."""
    return "".join(c for c in listed(words) if c.isprintable())
