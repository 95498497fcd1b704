"""Duyệt việc không cần chỉ mục: pages and counts of duties worked out from all that is owed on a day.

For registers whose index cannot be brought up to date; and what the quicker way is held against.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from operator import itemgetter
from typing import get_args

from pipeline.followup.cursors import Cursor, Key
from pipeline.followup.laying import NEVER
from pipeline.followup.owed import Owed, owed
from pipeline.followup.pages import MOST_VALUES, Facet, Facets, Order, Page, counted, newest_first, plain
from pipeline.followup.picking import AHEAD, is_running, state_of, window_of
from pipeline.followup.settings import Settings
from pipeline.followup.views import as_rows
from pipeline.register import Register, Row, TaskFilter
from pipeline.register.listing import Role


def page_of(
    register: Register,
    wanted: TaskFilter,
    settings: Settings,
    *,
    as_of: date,
    order: Order,
    cursor: Cursor | None,
    limit: int,
) -> Page:
    """As `browsing.browse`."""
    found = _listed(register, wanted, settings, as_of)
    keys = _keys(register, found, order)
    keyed = sorted(zip(keys, found, strict=True), key=itemgetter(0), reverse=order.is_falling)
    start = 0
    if cursor:
        at = cursor.key
        before = sum(key > at if order.is_falling else key < at for key, _ in keyed)
        start = max(0, before - limit) if cursor.is_back else before + any(key == at for key, _ in keyed)
        limit = min(limit, before) if cursor.is_back else limit
    part = keyed[start : start + limit]
    return Page(
        rows=as_rows(register, [one for _, one in part]),
        next=str(Cursor(order.name, part[-1][0])) if part and start + len(part) < len(keyed) else None,
        previous=str(Cursor(order.name, part[0][0], is_back=True)) if part and start > 0 else None,
        total=len(keyed),
    )


def facets_of(register: Register, wanted: TaskFilter, settings: Settings, *, as_of: date) -> Facets:
    """As `browsing.facets`."""
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
            "window": counted(plain(window) for window in _windows(register, wanted, settings, as_of, found)),
            "checkable": counted(plain("true" if row["checkable"] else "false") for row in shown),
        }
    )


def _windows(
    register: Register, wanted: TaskFilter, settings: Settings, as_of: date, found: Sequence[Owed]
) -> list[str | None]:
    """The window of each row; of windows to come, as many as the list of that window has."""
    if wanted.window is not None:
        return [window_of(one, as_of) for one in found]
    ahead = [name for name, _ in AHEAD]
    rest = [window for one in found if (window := window_of(one, as_of)) not in ahead]
    lists = ((name, _listed(register, replace(wanted, window=name), settings, as_of)) for name in ahead)
    return [*rest, *(name for name, listed in lists for _ in listed)]


def _listed(register: Register, wanted: TaskFilter, settings: Settings, as_of: date) -> list[Owed]:
    found = owed(register, wanted, settings, as_of=as_of)
    return [one for one in found if one.timeliness != "lapsed" or wanted.timeliness == "lapsed"]


def _keys(register: Register, found: Sequence[Owed], order: Order) -> list[Key]:
    """What each row is sorted by; the same for no two rows."""
    firsts: list[Key] = [()] * len(found)
    if order.sort == "last_day":
        firsts = [(_day(one.last_day),) for one in found]
    elif order.sort == "days_late":
        firsts = [(_day(one.last_day if is_running(one) else None),) for one in found]
    elif order.sort != "id":
        known = _sorted_by(register, {one.duty for one in found})
        names = [known[one.duty][order.sort] for one in found]
        firsts = [(name,) for name in names]
        if order.sort == "body":
            given = _given(register, {one.standing.body for one in found if one.standing.body})
            firsts = [(given.get(one.standing.body or 0, name),) for one, name in zip(found, names, strict=True)]
    return [(*first, one.duty, one.time.period or "") for first, one in zip(firsts, found, strict=True)]


def _day(day: date | None) -> str:
    return day.isoformat() if day else NEVER


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
