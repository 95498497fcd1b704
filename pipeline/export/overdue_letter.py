"""Nhiệm vụ cần đôn đốc: what one body is late with and has not reported, as a reminder recalls it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter

from pipeline import errors
from pipeline.errors import CongvanError
from pipeline.export.happened import Happened, happened
from pipeline.export.wording import Letter, letters
from pipeline.followup.holders import Holder, Holders
from pipeline.followup.owed import Owed
from pipeline.followup.quickly import owed_quickly
from pipeline.followup.settings import Settings
from pipeline.followup.views import as_rows, by_day
from pipeline.output import day as shown_day
from pipeline.register import Register, Row, TaskFilter
from pipeline.register.owing import body_rows

_NAMED = 6


class NothingLate(CongvanError):
    """The body is late with nothing that could be urged on (details: body, day)."""

    code = "nothing_late"


class SeveralBodies(CongvanError):
    """Several bodies are called so (details: name, bodies)."""

    code = "several_bodies"


class NotAhead(CongvanError):
    """The new day that is asked for is not after the day of the letter (details: day, as_of)."""

    code = "not_ahead"


@dataclass(frozen=True, slots=True)
class LateTask:
    """A task that is late: `row` as of `as_rows`, the dispatch that gave it, and what happened to it.

    Of a recurring one `row` is the period that is late for longest; `periods` are the codes of all that are late, those
    that follow each other together.
    """

    row: Row
    letter: Letter
    duty: Owed
    events: tuple[Happened, ...]
    periods: tuple[tuple[str, ...], ...] = ()

    @property
    def late_periods(self) -> int:
        """How many periods of a recurring task are late; 0 of a task that is done once."""
        return sum(map(len, self.periods))

    @property
    def former(self) -> str | None:
        """Whom the dispatch named, where that body is called otherwise now."""
        former: str | None = self.row["former"]
        return former if former != self.row["body"] else None

    @property
    def reminders(self) -> list[Happened]:
        """When it was urged on before."""
        return [event for event in self.events if event.kind == "reminded"]

    @property
    def progress(self) -> list[Happened]:
        """What is known to have been done of it."""
        return [event for event in self.events if event.kind in ("confirmed", "partly_done", "returned")]


@dataclass(frozen=True, slots=True)
class Late:
    """What a body is late with on a day, longest first. `due` is the new day to be asked for, None for none."""

    body: Holder
    tasks: tuple[LateTask, ...]
    as_of: date
    due: date | None
    policy: str


def find_late(
    register: Register,
    body: str,
    settings: Settings,
    *,
    as_of: date,
    directive: str | None = None,
    due: date | None = None,
) -> Late:
    """What a body (a name or code) owes and is late with, each task once; with `directive`, of that dispatch alone.

    What was reported and waits for acceptance is not urged on, nor what nothing shows to be done. Raises NoSuchBody,
    SeveralBodies, UnknownId, AmbiguousNumber, NothingLate, NotAhead.
    """
    if due and due <= as_of:
        raise NotAhead(day=shown_day(due), as_of=shown_day(as_of))
    holder = _the_body(register, body, as_of)
    wanted = TaskFilter(body=holder.code or holder.name, dispatch=directive, checkable=True)
    owes = sorted(owed_quickly(register, wanted, settings, as_of=as_of), key=by_day)
    found = [one for one in owes if _is_urged(one, holder)]
    if not found:
        raise NothingLate(body=holder.name, day=shown_day(as_of))
    return Late(holder, tuple(_tasks(register, owes, found, as_of)), as_of, due, settings.before)


def _tasks(register: Register, owes: Sequence[Owed], found: Sequence[Owed], as_of: date) -> Iterator[LateTask]:
    """Tasks in the order of `found`, a recurring one where the first of its late periods stands."""
    groups: dict[tuple[int, bool], list[Owed]] = {}
    for one in found:
        groups.setdefault(_series(one), []).append(one)
    firsts = [group[0] for group in groups.values()]
    given, events = letters(register, {one.letter for one in firsts}), happened(register, firsts, as_of=as_of)
    beside: dict[tuple[int, bool], list[Owed]] = {}
    for one in owes:
        beside.setdefault(_series(one), []).append(one)
    for row, (key, group) in zip(as_rows(register, firsts), groups.items(), strict=True):
        first = group[0]
        concern = tuple(e for e in events.get(first.duty, ()) if any(e.concerns(one) for one in group))
        yield LateTask(row, given[first.letter], first, concern, tuple(_stretches(beside[key], group)))


def _series(one: Owed) -> tuple[int, bool]:
    return one.duty, one.time.period is not None


def _stretches(periods: Iterable[Owed], late: Collection[Owed]) -> Iterator[tuple[str, ...]]:
    """The codes of those that are late, as far as no other lies between."""
    ids = {one.id for one in late}
    laid = [(one.time.occurrence.period_start, one) for one in periods if one.time.occurrence]
    laid.sort(key=itemgetter(0))  # an extension moves a last day, not the period
    for is_late, part in groupby(laid, key=lambda pair: pair[1].id in ids):
        codes = tuple(one.time.period for _, one in part if one.time.period)
        if is_late and codes:
            yield codes


def _is_urged(one: Owed, holder: Holder) -> bool:
    return one.holder.key == holder.key and one.timeliness == "late" and one.standing.state != "reported"


def _the_body(register: Register, words: str, day: date) -> Holder:
    """The one body of the register that is called so on a day."""
    by_key = {holder.key: holder for holder in Holders(body_rows(register)).meant(words, day) if holder.name}
    if not by_key:
        raise errors.NoSuchBody(name=words)
    if len(by_key) > 1:
        names = [str(holder.name) for holder in list(by_key.values())[:_NAMED]]
        raise SeveralBodies(name=words, bodies="; ".join(names + ["…"] * (len(by_key) > _NAMED)))
    return next(iter(by_key.values()))
