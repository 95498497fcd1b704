"""Duyệt việc: lists of duties page by page, with the counts beside them, at any size of the register.

    page = browse(register, TaskFilter(body="Bộ Y tế", window="late"), settings, as_of=day, sort="days_late")
    page.rows                       # rows of `views.as_rows`
    browse(..., after=page.next)    # the next page; page.previous: the one before
    facets(register, wanted, settings, as_of=day)["body"]

A row is one duty, or one occurrence of a recurring one, as `owed` has them on that day. Occurrences that are not
followed any more are left out unless asked for (timeliness="lapsed"). Targets bind no body to a day: `tasks` lists
them.

So that a page takes no longer the larger the register is, no more than MOST rows are counted. A list of fewer is
gathered by way of what its filter names and sorted; a longer one is read from the index of its order until the page is
full, one of some days of issue from the indexes of its years. Of words that are in very many rows only the newest hits
are listed (`wanting.MOST_HITS`), unless the rest of the filter leaves few rows.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from itertools import chain, pairwise
from operator import itemgetter
from typing import Any, get_args

from pipeline.followup import browsing_exactly
from pipeline.followup.clocks import TO_COME
from pipeline.followup.cursors import Cursor, Key, read_cursor
from pipeline.followup.laying import NEVER
from pipeline.followup.looking import NEWEST, Look
from pipeline.followup.owed_rows import OWED, as_owed
from pipeline.followup.pages import (
    GROUPS,
    MOST_VALUES,
    SORTS,
    Facet,
    Facets,
    Group,
    Order,
    Page,
    Sort,
    most_first,
    newest_first,
    order_of,
)
from pipeline.followup.picking import AHEAD, ahead_of
from pipeline.followup.settings import Settings
from pipeline.followup.upkeep import up_to_date
from pipeline.followup.views import as_rows
from pipeline.followup.wanting import Part
from pipeline.register import Register, Row, TaskFilter
from pipeline.register.listing import Role

__all__ = [
    "GROUPS", "PAGE", "SORTS", "Facet", "Facets", "Group", "Listing", "Page", "Sort", "browse", "facets", "listing",
]  # fmt: skip

PAGE = 50
MOST_ON_A_PAGE = 500
MOST = 5000
MOST_BY_DUE = 40_000  # days that are printed lie together, but in no index beside those in force


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
    body by the name it was given under, issued_on newest first, confidence least certain first, id as they were
    entered. `after` is the `next` or `previous` of another page of the same list and order; without it the first page.
    Raises InvalidValue for an order, a cursor or a day that cannot be, and what `TaskFilter` may raise (WrongId,
    UnknownId, AmbiguousNumber).
    """
    order = order_of(sort)
    with up_to_date(register, settings, ahead_of(wanted, settings, as_of)) as is_ready:
        return Listing(register, wanted, settings, as_of, order, is_ready).page(after, limit)


def facets(register: Register, wanted: TaskFilter, settings: Settings, *, as_of: date) -> Facets:
    """How the rows of a list are spread over bodies, roles (of `wanted.body`; none without one), issuers, types, years
    of issue, states, windows of last days, duties and exhortations. Of each window to come: how long the list of that
    window is, occurrences in it whose reporting period has not begun."""
    with listing(register, wanted, settings, as_of=as_of) as found:
        return found.facets()


@contextmanager
def listing(
    register: Register, wanted: TaskFilter, settings: Settings, *, as_of: date, sort: str = "last_day"
) -> Iterator[Listing]:
    """Pages and facets of one list, of one moment of the register where its index can be asked. Raises what `browse`
    does."""
    order = order_of(sort)
    farthest = ahead_of(replace(wanted, window=AHEAD[-1][0]), settings, as_of)
    with up_to_date(register, settings, farthest) as is_ready:
        yield Listing(register, wanted, settings, as_of, order, is_ready, is_counted=True)


class Listing:
    """The list of one filter at one moment; without an index that is up to date it is worked out from what is owed.
    Where it `is_counted` for facets too, its first rows are read once for both."""

    def __init__(
        self,
        register: Register,
        wanted: TaskFilter,
        settings: Settings,
        as_of: date,
        order: Order,
        is_indexed: bool,
        is_counted: bool = False,
    ) -> None:
        self._register, self._wanted, self._settings, self._as_of = register, wanted, settings, as_of
        self._order = order
        self._is_indexed = is_indexed
        self._is_counted = is_counted
        self._own: _Pages | None = None

    def page(self, after: str | None = None, limit: int = PAGE) -> Page:
        """One page, as `browse` gives it."""
        cursor = read_cursor(after, self._order.name, self._order.like) if after else None
        limit = max(1, min(limit, MOST_ON_A_PAGE))
        if not self._is_indexed:
            asked = self._register, self._wanted, self._settings
            return browsing_exactly.page_of(*asked, as_of=self._as_of, order=self._order, cursor=cursor, limit=limit)
        return self._pages.page(cursor, limit)

    def facets(self) -> Facets:
        """What `facets` gives."""
        if not self._is_indexed:
            return browsing_exactly.facets_of(self._register, self._wanted, self._settings, as_of=self._as_of)
        return _facets(self._pages.look, self._wanted, self._pages.first)

    @property
    def _pages(self) -> _Pages:
        if self._own is None:  # no cached_property: in Python 3.11 all lists of all threads would wait for one lock
            look = Look(self._register, self._wanted, self._settings, as_of=self._as_of)
            self._own = _Pages(look, self._wanted, self._order, self._is_counted)
        return self._own


class _Pages:
    """Pages of one list in one order."""

    def __init__(self, look: Look, wanted: TaskFilter, order: Order, is_counted: bool) -> None:
        self.look = look
        self._order = order
        self._by_due = wanted.due_from is not None or wanted.due_to is not None
        self._is_read = is_counted and not self._by_due
        is_by_issue = replace(wanted, issued_from=None, issued_to=None) == TaskFilter() != wanted
        self._years = self._years_of_issue() if is_by_issue and order.sort == "last_day" else ()
        self._followed = () if wanted.timeliness == "lapsed" else (look.not_lapsed,)
        last = f"last_{look.policy}"
        running = f"CASE t.clock_{look.policy} WHEN 'running' THEN t.{last} ELSE :never END"
        first = {
            "last_day": f"t.{last}", "days_late": running,
            "body": "t.body_key", "issued_on": "t.issued_on", "confidence": "t.confidence", "id": "",
        }[order.sort]  # fmt: skip
        self._key = [*([first] if first else []), "t.duty_id", "t.period"]
        look.parameters["never"] = NEVER
        self._first: list[list[Any]] | None = None

    @property
    def first(self) -> list[list[Any]]:
        """Columns of all rows, or of one more than are counted, in no order: number, what facets count, key."""
        if self._first is None:
            columns = "t.id", *(column.format(p=self.look.policy) for column in _COUNTED), *self._key
            self._first = self.look.columns(columns, *self._followed, most=MOST + 1)
        return self._first

    def page(self, cursor: Cursor | None, limit: int) -> Page:
        """The page beside a cursor, or the first."""
        most = MOST_BY_DUE if self._by_due else MOST
        total = len(self.first[0]) if self._is_read else self.look.count(*self._followed, most=most + 1)
        if total <= most and not self._lies_together():
            return self._cut(self._gathered(most), cursor, limit)
        backwards = bool(cursor and cursor.is_back)
        rows = self._read(cursor.key if cursor else None, limit + 1, backwards)
        is_more, rows = len(rows) > limit, rows[:limit]
        is_behind = bool(cursor and rows and self._read(_key_of(rows[0]), 1, not backwards))
        if backwards:
            rows, is_more, is_behind = rows[::-1], is_behind, is_more
        is_exact = total <= most
        return self._page(rows, is_behind, is_more, total if is_exact else MOST, is_exact)

    def _lies_together(self) -> bool:
        """Whether the index of the order holds the rows one after the other, with nothing else between them."""
        parts = self.look.parts
        is_stretch = not parts or (len(parts) == 1 and parts[0].is_stretch)
        return is_stretch and self._order.sort in ("last_day", "days_late")

    def _gathered(self, most: int) -> list[tuple[Key, int]]:
        """Keys and numbers of all rows, which are no more than that."""
        if self._order.sort == "confidence":  # of its fractions all digits are compared
            rows = self.look.rows(f"t.id, {', '.join(self._key)}", *self._followed)
            return [(tuple(row[1:]), row[0]) for row in rows]
        if self._is_read:
            number, keys = self.first[0], self.first[-len(self._key) :]
        else:
            number, *keys = self.look.columns(("t.id", *self._key), *self._followed, most=most)
        return list(zip(zip(*keys, strict=True), number, strict=True))

    def _cut(self, found: list[tuple[Key, int]], cursor: Cursor | None, limit: int) -> Page:
        """A page of rows that are all there."""
        found.sort(key=itemgetter(0), reverse=self._order.is_falling)
        start, end = 0, limit
        if cursor:
            at, is_falling = cursor.key, self._order.is_falling
            before = sum(key > at if is_falling else key < at for key, _ in found)
            start = max(0, before - limit) if cursor.is_back else before + any(key == at for key, _ in found)
            end = before if cursor.is_back else start + limit
        part = [number for _, number in found[start:end]]
        columns = ", ".join(f"{part} AS key_{n}" for n, part in enumerate(self._key))
        rows = self.look.register.rows(
            f"SELECT {self.look.said(OWED)}, {columns} FROM duty_times t"
            " WHERE t.id IN (SELECT value FROM json_each(:part))",
            {"part": json.dumps(part), "never": NEVER},
        )
        place = {number: n for n, number in enumerate(part)}
        rows.sort(key=lambda row: place[row["id"]])
        return self._page(rows, start > 0, end < len(found), len(found), not self.look.is_common)

    def _page(self, rows: list[Row], is_before: bool, is_behind: bool, total: int, is_exact: bool) -> Page:
        name = self._order.name
        return Page(
            rows=as_rows(self.look.register, as_owed(self.look, rows)),
            next=str(Cursor(name, _key_of(rows[-1]))) if rows and is_behind else None,
            previous=str(Cursor(name, _key_of(rows[0]), is_back=True)) if rows and is_before else None,
            total=total,
            is_total_exact=is_exact,
        )

    def _read(self, key: Key | None, most: int, backwards: bool) -> list[Row]:
        """The rows behind a key (all, where None) in this order, or (backwards) in the opposite one."""
        is_falling = self._order.is_falling != backwards
        stretches = self._stretches()
        rows: list[Row] = []
        for stretch in reversed(stretches) if is_falling else stretches:
            if len(rows) < most:
                rows += self._read_stretch(stretch, key, most - len(rows), is_falling)
        return rows

    def _stretches(self) -> list[tuple[str, list[str]]]:
        """(condition, key) of the stretches in which an index holds the order."""
        if self._order.sort != "days_late":
            return [("1", self._key)]
        clock = f"t.clock_{self.look.policy}"
        return [
            (f"{clock} = 'running'", [f"t.last_{self.look.policy}", *self._key[1:]]),
            (f"{clock} <> 'running'", [":never", *self._key[1:]]),
        ]

    def _years_of_issue(self) -> tuple[str, ...]:
        """The years that a list of some days of issue, and of nothing else, is read by, each in an index that goes on
        by last days: else all that was issued before would be gone through. () where they are too many."""
        first, last = self.look.parameters["issued_from"], self.look.parameters["issued_to"]
        ends = {"first": (first or "0001")[:4], "last": (last or "9999")[:4]}
        rows = self.look.register.rows(_YEARS, {**ends, "most": _MOST_YEARS + 1})
        return tuple(row["year"] for row in rows) if len(rows) <= _MOST_YEARS else ()

    def _spans(self) -> list[tuple[str, list[str], dict[str, str]]]:
        """The spans of days that are to be looked at, what stands now by years where there are some: condition, more of
        them, their parameters."""
        spans: list[tuple[str, list[str], dict[str, str]]] = [(span, [], {}) for span in self.look.spans()]
        of_year = ["substr(t.issued_on, 1, 4) = :issued_in"]
        by_year = [(NEWEST, of_year, {"issued_in": year}) for year in self._years]
        return [*(by_year or spans[:1]), *spans[1:]]

    def _read_stretch(self, stretch: tuple[str, list[str]], key: Key | None, most: int, is_falling: bool) -> list[Row]:
        condition, parts = stretch
        columns = ", ".join(f"{part} AS key_{n}" for n, part in enumerate(parts))
        values = {f"at_{n}": value for n, value in enumerate(key or ())}
        more = [condition, *self._followed]
        if key is not None:
            places = ", ".join(f":at_{n}" for n in range(len(key)))
            more.append(f"({', '.join(parts)}) {'<' if is_falling else '>'} ({places})")
        by_last_day = self._order.sort in ("last_day", "days_late")
        turned = " DESC" if is_falling else ""
        sorted_by = "+" if self.look.is_common else ""  # newest hits are gathered and sorted, no index is gone through
        order = ", ".join(f"{sorted_by}{part}{turned}" for part in parts if part != ":never")
        found = [
            self.look.register.rows(
                f"SELECT {self.look.said(OWED)}, {columns} FROM duty_times t"
                f" WHERE {self.look.tested(span, *more, *by_year, clock=by_last_day)}"
                f" ORDER BY {order} LIMIT :most",
                {**self.look.parameters, **values, **year, "most": most},
            )
            for span, by_year, year in self._spans()
        ]
        return found[0] if len(found) == 1 else sorted(chain(*found), key=_key_of, reverse=is_falling)[:most]


_MOST_YEARS = 40  # each is a question of its own
_YEARS = """WITH RECURSIVE found (year) AS (
        SELECT min(substr(issued_on, 1, 4)) FROM duty_times WHERE is_newest AND substr(issued_on, 1, 4) >= :first
        UNION ALL SELECT (
            SELECT min(substr(issued_on, 1, 4)) FROM duty_times
            WHERE is_newest AND substr(issued_on, 1, 4) > found.year)
        FROM found WHERE found.year IS NOT NULL)
    SELECT year FROM found WHERE year <= :last LIMIT :most"""


def _key_of(row: Row) -> Key:
    return tuple(row[name] for name in ("key_0", "key_1", "key_2") if name in row)


# ------------------------------------------------------------------------------------------------------ counts


def _facets(look: Look, wanted: TaskFilter, first: Sequence[list[Any]]) -> Facets:
    """The counts of rows (columns as in `_Pages.first`), or of all but the last where there are too many."""
    is_exact = len(first[0]) <= MOST and not look.is_common
    counted = (column[:MOST] for column in first[1 : len(_COUNTED) + 1])
    bodies, held, issuers, types, years, checkable, *standing = counted
    look.bodies.read({*bodies, *issuers} - {None})
    roles, all_counted = _roles(look, wanted) if wanted.body else ((), True)
    windows, all_dated = _windows(look, wanted)
    groups: dict[Group, tuple[Facet, ...]] = {
        "body": _bodies(look, Counter(zip(bodies, held, strict=True))),
        "role": roles,
        "issuer": _issuers(look, Counter(issuers)),
        "type": _values(Counter(types), MOST_VALUES),
        "year": newest_first(_values(Counter(years))),
        **_standing(look, Counter(zip(*standing, strict=True)), windows),
        "checkable": _values(Counter("true" if value else "false" for value in checkable)),
    }
    return Facets(groups, is_exact and all_counted and all_dated)


_COUNTED = (
    "t.body_id", "t.held_on", "t.issuer_id", "t.type", "substr(t.issued_on, 1, 4)", "t.checkable", "t.state",
    "t.clock_{p}", "iif(t.clock_{p} = 'running', t.last_{p}, '')", "t.may_lapse",
)  # fmt: skip


def _values(counts: Mapping[str, int], most: int | None = None) -> tuple[Facet, ...]:
    return most_first({value: count for value, count in counts.items() if value}, most=most)


def _bodies(look: Look, counts: Mapping[tuple[int | None, str | None], int]) -> tuple[Facet, ...]:
    at, today = look.holders.at, look.as_of
    days = {day: date.fromisoformat(day) if day else today for _, day in counts}
    held = ((at(body, days[day]), count) for (body, day), count in counts.items())
    return _named((holder.code or holder.name, holder.name, count) for holder, count in held if holder.name)


def _issuers(look: Look, counts: Mapping[int | None, int]) -> tuple[Facet, ...]:
    known = ((look.bodies[number], count) for number, count in counts.items() if number is not None)
    return _named((body["canonical_id"] or body["name"], body["name"], count) for body, count in known)


def _named(values: Iterable[tuple[str, str, int]]) -> tuple[Facet, ...]:
    """(value, name, count) added up, the most frequent."""
    names: dict[str, str] = {}
    found: dict[str, int] = {}
    for value, name, count in values:
        names.setdefault(value, name)
        found[value] = found.get(value, 0) + count
    return most_first(found, names, MOST_VALUES)


def _standing(
    look: Look, counts: Mapping[tuple[str, str, str, int], int], ahead: Mapping[str, int]
) -> dict[Group, tuple[Facet, ...]]:
    """States and windows of rows, from what their times have in common; windows `ahead` are counted already."""
    states: Counter[str] = Counter()
    windows: Counter[str] = Counter()
    for columns, count in counts.items():
        state, window = look.place_of(*columns)
        states[state] += count
        windows[window or ""] += count
    return {"state": _values(states), "window": _values(+Counter({**windows, **ahead}))}


def _windows(like: Look, wanted: TaskFilter) -> tuple[dict[str, int], bool]:
    """How long the list of each window to come is, and whether all of them were counted."""
    if wanted.window is not None:
        return {}, True
    if (together := _windows_together(like, wanted)) is not None:
        return together, True
    found: dict[str, int] = {}
    all_counted = True
    for window, _ in AHEAD:
        look = Look(like.register, replace(wanted, window=window), like.settings, as_of=like.as_of, like=like)
        count = look.count(look.not_lapsed, most=MOST + 1)
        all_counted = all_counted and count <= MOST and not look.is_common
        found[window] = min(count, MOST)
    return found, all_counted


def _windows_together(like: Look, wanted: TaskFilter) -> dict[str, int] | None:
    """The same by one question, where all of them are counted by it."""
    farthest = ahead_of(replace(wanted, window=AHEAD[-1][0]), like.settings, like.as_of)
    look = Look(like.register, wanted, like.settings, as_of=like.as_of, ahead=farthest, like=like)
    if look.is_common:  # what few rows of a window have is looked for in all of them
        return None
    look.parts.append(Part(look.said(TO_COME), is_clock=True))
    last = f"t.last_{look.policy}"
    sums = ", ".join(f"total(day <= :window_{n})" for n in range(1, len(AHEAD)))
    found = look.found(f"t.id, {last} AS day", look.not_lapsed)
    *ends, count = look.run(f"SELECT {sums}, count(*) FROM ({found})", {"most": MOST + 1})[0]
    reached = [0, *map(int, ends), count]
    counts = (after - before for before, after in pairwise(reached))
    return dict(zip((name for name, _ in AHEAD), counts, strict=True)) if count <= MOST else None


def _roles(like: Look, wanted: TaskFilter) -> tuple[tuple[Facet, ...], bool]:
    """How many rows there are of each role, and whether all of them were counted."""
    found: list[tuple[str, int]] = []
    all_counted = True
    for role in (wanted.role,) if wanted.role else get_args(Role):
        look = Look(like.register, replace(wanted, role=role), like.settings, as_of=like.as_of, like=like)
        followed = () if wanted.timeliness == "lapsed" else (look.not_lapsed,)
        count = look.count(*followed, most=MOST + 1)
        all_counted = all_counted and count <= MOST and not look.is_common
        found.append((role, min(count, MOST)))
    return tuple(Facet(role, role, count) for role, count in found if count), all_counted
