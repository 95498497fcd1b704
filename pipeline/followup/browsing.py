"""Duyệt việc: lists of duties page by page, with the counts beside them, at any size of the register.

    page = browse(register, TaskFilter(body="Bộ Y tế", window="late"), settings, as_of=day, sort="days_late")
    page.rows                       # rows of `views.as_rows`
    browse(..., after=page.next)    # the next page; page.previous: the one before
    facets(register, wanted, settings, as_of=day)["body"]

A row is one duty, or one occurrence of a recurring one, as `owed` has them on that day. Occurrences that are not
followed any more are left out unless asked for (timeliness="lapsed"). Targets bind no body to a day: `tasks` lists
them.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from operator import itemgetter
from typing import Literal, get_args

from pipeline.errors import InvalidValue
from pipeline.followup.cursors import Cursor, Key, read_cursor
from pipeline.followup.owed import Owed, owed
from pipeline.followup.picking import is_running, state_of, window_of
from pipeline.followup.settings import Settings
from pipeline.followup.views import as_rows
from pipeline.register import Register, Row, TaskFilter
from pipeline.register.listing import Role

Sort = Literal["last_day", "days_late", "body", "issued_on", "confidence", "id"]
Group = Literal["body", "role", "issuer", "type", "year", "state", "window", "checkable"]
SORTS: tuple[Sort, ...] = get_args(Sort)
GROUPS: tuple[Group, ...] = get_args(Group)
PAGE = 50
MOST_ON_A_PAGE = 500
_LAST = "9999-12-31"


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of `views.as_rows`; `next` and `previous` are what `after` takes for the pages beside it (None: there is
    none). `total` counts all rows of the list; where `is_total_exact` is False there are more than that."""

    rows: list[Row]
    next: str | None
    previous: str | None
    total: int
    is_total_exact: bool = True


@dataclass(frozen=True, slots=True)
class Facet:
    """One value of a group: `value` is what the filter of that name takes ("true" and "false" for checkable), `name`
    how a body is called, else the value again (words for it stand in the messages)."""

    value: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Facets:
    """The values of each group among the rows of a list, most first (years newest first); `body`, `issuer` and `type`
    the MOST_VALUES most frequent. Where `is_exact` is False so many rows were looked at that there may be more of each:
    "at least"."""

    groups: dict[Group, tuple[Facet, ...]]
    is_exact: bool = True

    def __getitem__(self, group: Group) -> tuple[Facet, ...]:
        return self.groups[group]


MOST_VALUES = 50


def browse(
    register: Register,
    wanted: TaskFilter,
    settings: Settings,
    *,
    as_of: date,
    sort: str = "last_day",
    after: str | None = None,
    limit: int = PAGE,
) -> Page:
    """One page of the duties that a filter lets through on a day.

    `sort` is one of SORTS, the other way round with "-" before it: last_day soonest first, days_late most days first,
    body by its name, issued_on newest first, confidence least certain first, id as they were entered. `after` is the
    `next` or `previous` of another page of the same list and order; without it the first page. Raises InvalidValue for
    an order, a cursor or a day that cannot be, and what `TaskFilter` may raise (WrongId, UnknownId, AmbiguousNumber).
    """
    order, is_turned = order_of(sort)
    cursor = read_cursor(after, sort, LIKE[order]) if after else None
    limit = max(1, min(limit, MOST_ON_A_PAGE))
    return _page(register, wanted, settings, as_of, sort, order, is_turned, cursor, limit)


def facets(register: Register, wanted: TaskFilter, settings: Settings, *, as_of: date) -> Facets:
    """How the rows of a list are spread over bodies, roles (of `wanted.body`; none without one), issuers, types, years
    of issue, states, windows of last days, duties and exhortations."""
    found = _listed(register, wanted, settings, as_of)
    shown = as_rows(register, found)
    issuers = _issuers(register, {one.letter for one in found})
    bodies = [Facet(row["body_code"] or row["body"], row["body"], 1) if row["body"] else None for row in shown]
    return Facets(
        {
            "body": counted(bodies)[:MOST_VALUES],
            "role": _roles(register, wanted, settings, as_of) if wanted.body else (),
            "issuer": counted(issuers.get(one.letter) for one in found)[:MOST_VALUES],
            "type": counted(plain(row["type"]) for row in shown)[:MOST_VALUES],
            "year": newest_first(counted(plain((row["issued_on"] or "")[:4]) for row in shown)),
            "state": counted(plain(state_of(one)) for one in found),
            "window": counted(plain(window_of(one, as_of)) for one in found),
            "checkable": counted(plain("true" if row["checkable"] else "false") for row in shown),
        }
    )


def order_of(sort: str) -> tuple[Sort, bool]:
    """The order that a name means, and whether it is turned round. Raises InvalidValue."""
    for order in SORTS:
        if sort in (order, f"-{order}"):
            return order, sort.startswith("-")
    raise InvalidValue(field="sort", value=sort[:40], allowed=", ".join(SORTS))


def plain(value: str | None) -> Facet | None:
    """A value that is its own name."""
    return Facet(value, value, 1) if value else None


def counted(values: Iterable[Facet | None]) -> tuple[Facet, ...]:
    """Equal values added up, most first."""
    names: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for one in values:
        if one is not None:
            names.setdefault(one.value, one.name)
            counts[one.value] += one.count
    found = [Facet(value, names[value], count) for value, count in counts.items()]
    return tuple(sorted(found, key=lambda one: (-one.count, one.name)))


def newest_first(years: Iterable[Facet]) -> tuple[Facet, ...]:
    """Years in their order."""
    return tuple(sorted(years, key=lambda one: one.value, reverse=True))


# What the key of each order is made of.
LIKE: dict[Sort, Key] = {
    "last_day": ("", 0, ""),
    "days_late": ("", 0, ""),
    "body": ("", 0, ""),
    "issued_on": ("", 0, ""),
    "confidence": (0.0, 0, ""),
    "id": (0, ""),
}


def _listed(register: Register, wanted: TaskFilter, settings: Settings, as_of: date) -> list[Owed]:
    found = owed(register, wanted, settings, as_of=as_of)
    return [one for one in found if one.timeliness != "lapsed" or wanted.timeliness == "lapsed"]


def _page(
    register: Register,
    wanted: TaskFilter,
    settings: Settings,
    as_of: date,
    sort: str,
    order: Sort,
    is_turned: bool,
    cursor: Cursor | None,
    limit: int,
) -> Page:
    found = _listed(register, wanted, settings, as_of)
    is_falling = is_turned != (order == "issued_on")
    keyed = sorted(zip(_keys(register, found, order), found, strict=True), key=itemgetter(0), reverse=is_falling)
    start = 0
    if cursor:
        at = cursor.key
        before = sum(key > at if is_falling else key < at for key, _ in keyed)
        start = max(0, before - limit) if cursor.is_back else before + any(key == at for key, _ in keyed)
        limit = min(limit, before) if cursor.is_back else limit
    part = keyed[start : start + limit]
    return Page(
        rows=as_rows(register, [one for _, one in part]),
        next=str(Cursor(sort, part[-1][0])) if part and start + len(part) < len(keyed) else None,
        previous=str(Cursor(sort, part[0][0], is_back=True)) if part and start > 0 else None,
        total=len(keyed),
    )


def _keys(register: Register, found: Sequence[Owed], order: Sort) -> list[Key]:
    """What each row is sorted by; the same for no two rows."""
    firsts: list[Key] = [()] * len(found)
    if order == "last_day":
        firsts = [(_day(one.last_day),) for one in found]
    elif order == "days_late":
        firsts = [(_day(one.last_day if is_running(one) else None),) for one in found]
    elif order != "id":
        known = _sorted_by(register, {one.duty for one in found})
        names = [known[one.duty][order] for one in found]
        firsts = [(name,) for name in names]
        if order == "body":
            given = _given(register, {one.standing.body for one in found if one.standing.body})
            firsts = [(given.get(one.standing.body or 0, name),) for one, name in zip(found, names, strict=True)]
    return [(*first, one.duty, one.time.period or "") for first, one in zip(firsts, found, strict=True)]


def _day(day: date | None) -> str:
    return day.isoformat() if day else _LAST


def _sorted_by(register: Register, duties: Iterable[int]) -> dict[int, Row]:
    rows = register.rows(
        "SELECT y.id, coalesce(b.name_key, '~') AS body, coalesce(d.issued_on, '') AS issued_on, o.confidence"
        " FROM duties y JOIN current_obligations o ON o.id = y.obligation_id JOIN dispatches d ON d.id = o.letter_id"
        " LEFT JOIN bodies b ON b.id = y.body_id WHERE y.id IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(duties)),),
    )
    return {row["id"]: row for row in rows}


def _given(register: Register, bodies: Iterable[int]) -> dict[int, str]:
    rows = register.rows(
        "SELECT id, name_key FROM bodies WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(sorted(bodies)),)
    )
    return {row["id"]: row["name_key"] for row in rows}


def _issuers(register: Register, letters: Iterable[int]) -> dict[int, Facet]:
    rows = register.rows(
        "SELECT d.id, coalesce(b.canonical_id, b.name) AS value, b.name FROM dispatches d"
        " JOIN bodies b ON b.id = d.issuer_id WHERE d.id IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(letters)),),
    )
    return {row["id"]: Facet(row["value"], row["name"], 1) for row in rows}


def _roles(register: Register, wanted: TaskFilter, settings: Settings, as_of: date) -> tuple[Facet, ...]:
    roles = (wanted.role,) if wanted.role else get_args(Role)
    counts = [(role, len(_listed(register, replace(wanted, role=role), settings, as_of))) for role in roles]
    return tuple(Facet(role, role, count) for role, count in counts if count)
