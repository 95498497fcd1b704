"""Bản nhắc việc hằng ngày: what one body is told on one day, worked out from the register; nothing is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from pipeline.followup.owed import Owed, owed
from pipeline.followup.settings import Settings
from pipeline.followup.views import as_rows, by_day, is_open, waits_for
from pipeline.register import DOUBTFUL, Register, Row, TaskFilter
from pipeline.reminding.addressing import Addressee, Addresses
from pipeline.reminding.configuring import Recipient

Part = Literal["late", "today", "soon", "escalated", "waiting", "reported"]
PARTS: tuple[Part, ...] = ("late", "today", "soon", "escalated", "reported", "waiting")
# What alone is no reason to write to anybody: it waits for words that may never come.
_CAN_WAIT: Part = "waiting"
_DAY = timedelta(days=1)  # "before D" has its last day on the day before


@dataclass(frozen=True, slots=True)
class Item:
    """A duty in a digest, or the duties of several bodies to do the same by the same day (`duties`, their `bodies` as
    (name, code or None)), or several periods of a recurring one (`last_day` is that of the first). `days` are left to
    `last_day`, less than zero where it is over. `is_doubtful`: it was read with little certainty, and nobody has looked
    at it. `former` is the body that its body took it over from."""

    duties: tuple[str, ...]
    bodies: tuple[tuple[str | None, str | None], ...]
    obligation: str
    dispatch: str
    number: str | None
    issued_on: str | None
    issuer: str | None
    words: str
    last_day: date | None
    days: int | None
    is_doubtful: bool
    former: str | None = None


@dataclass(frozen=True, slots=True)
class Digest:
    """What a body is told on a day. `late`, `today` and `soon` are its own duties, soonest first; `escalated` those of
    bodies below it that are late for too long; `reported` and `waiting`, of the office whose register it is: what was
    reported and must be accepted, and what nobody is named for or known to have taken over. `near` are the days of
    `deadlines.soon`."""

    day: date
    body: str
    key: str
    near: tuple[int, ...]
    parts: dict[Part, tuple[Item, ...]] = field(default_factory=dict)

    def count(self, part: Part) -> int:
        """How many duties a part has, those of several bodies each."""
        return sum(len(item.duties) for item in self.parts.get(part, ()))

    @property
    def is_quiet(self) -> bool:
        """Nothing to say."""
        until = self.day + timedelta(days=self.near[0])
        waiting = self.parts.get(_CAN_WAIT, ())
        if any(item.last_day and item.last_day <= until for item in waiting):
            return False
        return not any(items for part, items in self.parts.items() if part != _CAN_WAIT)


@dataclass(frozen=True, slots=True)
class Digests:
    """The digests of a day, one for each recipient of the settings, quiet ones too. `unknown` names bodies of the
    settings that neither the register nor the list of bodies has, `unreached` (body above, number of late duties) where
    something should go to a body above that has no address, `unaddressed` how many bodies with something late or due
    the settings do not name."""

    each: tuple[tuple[Recipient, Digest], ...]
    unknown: tuple[str, ...]
    unreached: tuple[tuple[str, int], ...]
    unaddressed: int


def digests(register: Register, settings: Settings, *, as_of: date) -> Digests:
    """What is to be told on a day to whom the settings name. Raises AmbiguousBody."""
    return _Office(register, settings, as_of).digests()


class _Office:
    """One look at the register for all recipients."""

    def __init__(self, register: Register, settings: Settings, as_of: date) -> None:
        self._register = register
        self._settings = settings
        self._as_of = as_of
        self._until = as_of + timedelta(days=settings.soon[0])
        self._addresses = Addresses(register, as_of)
        self._meant = [(to, self._addresses.meant(to.body)) for to in settings.reminders.to]
        found = owed(register, TaskFilter(), settings, as_of=as_of, ahead=self._until + _DAY)
        self._open = [one for one in found if is_open(one) and one.timeliness != "none"]
        self._agency = self._addresses.meant(settings.agency).key if settings.agency else None
        self._owned = _by(self._open, lambda one: one.holder.key)
        above = self._superiors()
        self._overlong = [one for one in self._open if self._is_overlong(one)]
        self._escalated = _by(self._overlong, lambda one: above.get(one.holder.key))

    def digests(self) -> Digests:
        wanted = {meant.key: self._selected(meant) for _, meant in self._meant}
        rows = self._rows(one for parts in wanted.values() for part in parts.values() for one in part)
        each = tuple((to, self._digest(to, meant, wanted[meant.key], rows)) for to, meant in self._meant)
        unknown = tuple(meant.name for _, meant in self._meant if not meant.is_known)
        return Digests(each, unknown, self._unreached(wanted), self._unaddressed(wanted))

    def _selected(self, meant: Addressee) -> dict[Part, list[Owed]]:
        """What concerns a body, part by part."""
        own = [one for one in self._owned.get(meant.key, ()) if self._is_near(one)]
        parts: dict[Part, list[Owed]] = {
            "late": [one for one in own if one.timeliness == "late"],
            "today": [one for one in own if one.timeliness == "today"],
            "soon": [one for one in own if one.timeliness not in ("late", "today")],
            "escalated": self._escalated.get(meant.key, []),
        }
        if meant.key == self._agency:
            parts["reported"] = [one for one in self._open if one.standing.state == "reported"]
            parts["waiting"] = _each_once(one for one in self._open if waits_for(one))
        return {part: sorted(found, key=by_day) for part, found in parts.items()}

    def _is_overlong(self, one: Owed) -> bool:
        """Whether it is late for more days than the body itself is left alone with it."""
        days = self._settings.reminders.escalate_after_days
        is_late = one.timeliness == "late" and one.standing.state != "reported"
        return days is not None and is_late and (one.days_late or 0) > days

    def _superiors(self) -> dict[str, str]:
        """The body above each that owes something: as the settings say, else by the list of bodies."""
        if self._settings.reminders.escalate_after_days is None:
            return {}
        said = {
            meant.key: self._addresses.meant(to.superior).key for to, meant in self._meant if to.superior is not None
        }
        out = {}
        for holder in dict.fromkeys(one.holder for one in self._open):
            above = said.get(holder.key) or self._addresses.above(holder)
            if above and above != holder.key:
                out[holder.key] = above
        return out

    def _unreached(self, reached: Collection[str]) -> tuple[tuple[str, int], ...]:
        """Bodies above that the settings name for others and give no address, and how much they should be told."""
        below: dict[str, set[str]] = {}
        for to, meant in self._meant:
            if to.superior and self._addresses.meant(to.superior).key not in reached:
                below.setdefault(to.superior, set()).add(meant.key)
        late = Counter(one.holder.key for one in self._overlong)
        return tuple((name, count) for name, keys in below.items() if (count := sum(late[key] for key in keys)))

    def _unaddressed(self, reached: Collection[str]) -> int:
        return len({one.holder.key for one in self._open if one.holder.name and self._is_near(one)} - set(reached))

    def _is_near(self, one: Owed) -> bool:
        return one.standing.state != "reported" and one.last_day is not None and one.last_day <= self._until

    def _rows(self, found: Iterable[Owed]) -> dict[str, Row]:
        each = {one.id: one for one in found}
        return {row["duty"]: row for row in as_rows(self._register, list(each.values()))}

    def _digest(self, to: Recipient, meant: Addressee, parts: dict[Part, list[Owed]], rows: dict[str, Row]) -> Digest:
        listed = {part: self._items(part, parts.get(part, ()), rows) for part in PARTS if parts.get(part)}
        return Digest(self._as_of, to.body, meant.key, self._settings.soon, listed)

    def _items(self, part: Part, found: Sequence[Owed], rows: dict[str, Row]) -> tuple[Item, ...]:
        groups: dict[object, list[Owed]] = {}
        for one in found:
            # what several bodies below owe alike is one line for the body above, as are the periods of one series
            who = one.duty if part in ("late", "today", "soon") else None
            groups.setdefault((one.obligation, who, None if one.time.period else one.last_day), []).append(one)
        items = [self._item(group, rows[group[0].id]) for group in groups.values()]
        checkable = {group[0].id: rows[group[0].id]["checkable"] for group in groups.values()}
        return tuple(sorted(items, key=lambda item: not checkable.get(item.duties[0], True)))

    def _item(self, group: list[Owed], row: Row) -> Item:
        last_day = group[0].last_day
        sure = min(row["confidence"], (row["deadline"] or {}).get("confidence") or 1.0)
        return Item(
            duties=tuple(one.id for one in group),
            bodies=tuple(dict.fromkeys((one.holder.name or one.printed, one.holder.code) for one in group)),
            obligation=row["id"],
            dispatch=row["dispatch"],
            number=row["number"],
            issued_on=row["issued_on"],
            issuer=row["issuer"],
            words=row["quote"],
            last_day=last_day,
            days=(last_day - self._as_of).days if last_day else None,
            is_doubtful=sure < DOUBTFUL and not row["confirmed"],
            former=group[0].holder.former if len({one.holder for one in group}) == 1 else None,
        )


def _by(found: Iterable[Owed], key: Callable[[Owed], str | None]) -> dict[str | None, list[Owed]]:
    out: dict[str | None, list[Owed]] = {}
    for one in found:
        out.setdefault(key(one), []).append(one)
    return out


def _each_once(found: Iterable[Owed]) -> list[Owed]:
    """Of a recurring duty its first occurrence alone."""
    out: dict[int, Owed] = {}
    for one in sorted(found, key=by_day):
        out.setdefault(one.duty, one)
    return list(out.values())
