"""Từng phần: what is owed on a day a piece at a time, so that memory does not grow with what is listed.

Where the index can be asked, only numbers of rows are put in order; the rows themselves are made piece by piece, all of
one moment. Where it cannot be asked, everything is worked out at once, and comes out the same.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

from pipeline.followup.looking import Look
from pipeline.followup.owed import Owed
from pipeline.followup.owed_rows import OWED, as_owed
from pipeline.followup.quickly import in_order, owed_quickly, tally
from pipeline.followup.settings import Settings
from pipeline.followup.upkeep import up_to_date
from pipeline.followup.views import Late, as_rows, late
from pipeline.followup.wanting import Part
from pipeline.register import Register, Row, TaskFilter
from pipeline.register.connection import translated

PIECE = 1000
OwedByLetter = Callable[[Collection[int]], dict[int, list[Owed]]]
_LATE = "t.clock_{p} = 'running' AND t.last_{p} < :as_of AND NOT {lapsed}"
# What a line is sorted by: 0 with a printed day, 1 with only a period, 2 recurring.
_SORT = """CASE WHEN period <> '' THEN 2
    ELSE EXISTS (SELECT 1 FROM deadlines l WHERE l.id = limit_id AND l.kind = 'period') END"""
_BODY = "coalesce(t.body_id, 0) AS body"
_ENTRY = f"t.id, t.duty_id, {_BODY}, t.period, t.last_{{p}} AS last_day, t.checkable, t.limit_{{p}} AS limit_id"
# Numbers by the row of the body, four bytes each: a join with a list of values would go through it for each row.
_PLACE = "substr(:places, 4 * body + 1, 4)"
# The bare column is that of the line that comes first.
_COUNTS = f"""SELECT {_PLACE} AS place, body, count(*) AS each,
    sum(period = '') + count(DISTINCT iif(period <> '', duty_id, NULL)) AS lines,
    min({_SORT} || iif(period = '', NOT checkable || last_day, last_day || NOT checkable)
        || printf('%012d', duty_id)) AS first
FROM ({{found}}) GROUP BY 1"""
_ORDERED = f"""SELECT {_PLACE} AS place, id, iif(period = '', NULL, duty_id) FROM ({{found}})
ORDER BY place, NOT checkable, last_day, {_SORT}, duty_id, period"""
_RECURRING = f"SELECT {_PLACE} AS place, duty_id, period FROM ({{found}}) ORDER BY place, last_day, period"
_ROWS = "SELECT {columns} FROM duty_times t WHERE t.id IN (SELECT value FROM json_each(?))"
_OF_LETTERS = """t.obligation_id IN (SELECT o.id FROM obligations o WHERE o.dispatch_id IN (
    SELECT value FROM json_each(:letters)
    UNION SELECT d.id FROM dispatches d WHERE d.merged_into IN (SELECT value FROM json_each(:letters))))"""


@dataclass(frozen=True, slots=True)
class LateBody:
    """A body that is late (None: nobody is named) and how many lines it has."""

    name: str | None
    lines: int


@dataclass(frozen=True, slots=True)
class LateLines:
    """What is late on a day, a line a duty, under the bodies that owe it.

    `bodies` are those with most lines first, nobody last. `pieces` is read once, while the register is open: some lines
    at a time as (number of the body in `bodies`, row of `as_rows`), body after body, exhortations last under each, most
    days late first. A recurring duty has one line for all its periods of which a body is late: the first one's, with
    `periods` (codes, in the order of their last days; empty for any other duty). `each` counts them one by one.
    `upcoming`, `no_day` and `lapsed` as in `views.Late`.
    """

    bodies: Sequence[LateBody]
    pieces: Iterator[list[tuple[int, Row]]]
    each: int
    upcoming: int
    no_day: int
    lapsed: int


def late_lines(register: Register, wanted: TaskFilter, settings: Settings, *, as_of: date) -> LateLines:
    """What is late at the end of a day."""
    with up_to_date(register, settings, as_of) as is_ready:
        if is_ready:
            return _LateReading(Look(register, wanted, settings, as_of=as_of)).lines()
    return _exactly(late(register, wanted, settings, as_of=as_of))


def owed_by_letter(register: Register, wanted: TaskFilter, settings: Settings, *, as_of: date) -> OwedByLetter:
    """Asked for some letters (their numbers), a function gives by letter what is owed of them, as `owed` and in its
    order. It answers for one moment, as long as it is kept and the register is open."""
    with up_to_date(register, settings, as_of) as is_ready:
        if is_ready:
            return _LetterReading(Look(register, wanted, settings, as_of=as_of)).of
    everything = _by_letter(owed_quickly(register, wanted, settings, as_of=as_of))
    return lambda letters: {letter: everything[letter] for letter in letters if letter in everything}


def this_moment(register: Register) -> sqlite3.Cursor:
    """As long as what comes back is kept, all that is read of the register is of one moment. A query that is not read
    to its end holds it, and lets go by itself where a reader is left half-way. Meanwhile SQLite takes no new functions,
    so that no other question with the name of a body can be put."""
    with translated(register.path):
        return register.connection.execute("SELECT name FROM sqlite_schema")


class _LetterReading:
    """What is owed of letters by the index."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._moment = this_moment(look.register)
        look.parts.insert(0, Part(_OF_LETTERS, (_OF_LETTERS,)))

    def of(self, letters: Collection[int]) -> dict[int, list[Owed]]:
        look = self._look
        look.parameters["letters"] = json.dumps(list(letters))
        return _by_letter(as_owed(look, in_order(look, look.rows(look.said(OWED)))))


def _by_letter(found: Iterable[Owed]) -> dict[int, list[Owed]]:
    out: dict[int, list[Owed]] = {}
    for one in found:
        out.setdefault(one.letter, []).append(one)
    return out


# ------------------------------------------------------------------------------------------------------ late


class _LateReading:
    """What is late by the index."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._moment = this_moment(look.register)
        self._late = look.said(_LATE)
        self._found = look.found(look.said(_ENTRY), self._late)

    def lines(self) -> LateLines:
        counts = tally(self._look)
        places, names = self._places()
        rows = self._asked(_COUNTS, places)
        # in the order in which they first appear, should several have one name and as many lines
        rows.sort(key=lambda row: str(row["first"]))
        rows.sort(key=lambda row: (names[row["body"]] is None, -row["lines"], names[row["body"]] or ""))
        rank = {int.from_bytes(row["place"], "big"): n for n, row in enumerate(rows)}
        return LateLines(
            [LateBody(names[row["body"]], row["lines"]) for row in rows],
            self._pieces({body: rank[place] for body, place in places.items()}),
            sum(row["each"] for row in rows),
            *counts,
        )

    def _places(self) -> tuple[dict[int, int], dict[int, str | None]]:
        """Bodies by their rows (0: nobody): the number of the line over them, which several may share, and the name."""
        bodies = [row["body"] for row in self._asked("SELECT DISTINCT body FROM ({found})", {})]
        self._look.bodies.read(filter(None, bodies))
        holders = {body: self._look.holders.at(body or None, self._look.as_of) for body in bodies}
        numbers: dict[str, int] = {}
        places = {body: numbers.setdefault(one.code or one.name or "", len(numbers)) for body, one in holders.items()}
        return places, {body: holder.name for body, holder in holders.items()}

    def _asked(self, sql: str, places: Mapping[int, int]) -> list[Row]:
        return self._look.register.rows(sql.format(found=self._found), self._parameters(places))

    def _parameters(self, places: Mapping[int, int]) -> dict[str, Any]:
        return {**self._look.parameters, "most": -1, "places": _packed(places)}

    def _pieces(self, ranks: Mapping[int, int]) -> Iterator[list[tuple[int, Row]]]:
        recurring = groupby(self._read(_RECURRING, ranks, "t.period <> ''"), key=itemgetter(0))
        place, periods = -1, dict[int, list[str]]()
        entries = ((int.from_bytes(at, "big"), number, duty) for at, number, duty in self._read(_ORDERED, ranks))
        while piece := list(islice(entries, PIECE)):
            lines: list[tuple[int, int, list[str]]] = []
            for at, number, duty in piece:
                if at != place:
                    place, periods = at, {}
                if duty is None:
                    lines.append((at, number, []))
                    continue
                if not periods:
                    periods = _periods(recurring, at)
                # the first period that is met is the one that is late for longest
                if found := periods[duty]:
                    lines.append((at, number, found))
                    periods[duty] = []
            yield self._rows(lines)

    def _read(self, sql: str, places: Mapping[int, int], *more: str) -> Iterator[tuple[Any, ...]]:
        found = self._look.found(self._look.said(_ENTRY), self._late, *more)
        with translated(self._look.register.path):
            cursor = self._look.register.connection.execute(sql.format(found=found), self._parameters(places))
            cursor.row_factory = None
            yield from cursor

    def _rows(self, lines: Sequence[tuple[int, int, list[str]]]) -> list[tuple[int, Row]]:
        look = self._look
        numbers = [number for _, number, _ in lines]
        sql = _ROWS.format(columns=look.said(OWED))
        rows = {row["id"]: row for row in look.register.rows(sql, (json.dumps(numbers),))}
        found = as_rows(look.register, as_owed(look, [rows[number] for number in numbers]))
        return [(place, {**row, "periods": codes}) for (place, _, codes), row in zip(lines, found, strict=True)]


def _periods(recurring: Iterable[tuple[bytes, Iterable[tuple[Any, ...]]]], place: int) -> dict[int, list[str]]:
    """The periods with which a body is late, by the duty; bodies come in order."""
    out: dict[int, list[str]] = {}
    for at, found in recurring:
        if int.from_bytes(at, "big") == place:
            for _, duty, period in found:
                out.setdefault(duty, []).append(period)
            break
    return out


def _packed(places: Mapping[int, int]) -> bytes:
    out = array("I", [0]) * (max(places, default=0) + 1)
    for body, place in places.items():
        out[body] = place
    if sys.byteorder == "little":
        out.byteswap()  # as SQLite sorts them
    return out.tobytes()


# ----------------------------------------------------------------------------------------------- without the index


def _exactly(found: Late) -> LateLines:
    lines = [{**row, "periods": []} for row in (*found.dated, *found.periods)] + _series(found.recurring)
    each = len(found.dated) + len(found.periods) + len(found.recurring)
    groups = _by_body(lines)
    bodies = [LateBody(name, len(owes)) for name, owes in groups]
    pieces = ([(n, line) for line in owes] for n, (_, owes) in enumerate(groups))
    return LateLines(bodies, pieces, each, found.upcoming, found.no_day, found.lapsed)


def _series(rows: Iterable[Row]) -> list[Row]:
    """One line a body for all late occurrences of the same recurring duty: that of the first, with `periods`."""
    out: dict[tuple[str, str], Row] = {}
    for row in sorted(rows, key=lambda row: row["last_day"]):
        line = out.setdefault((row["duty"].partition("@")[0], _key(row)), {**row, "periods": []})
        line["periods"].append(row["period"])
    return list(out.values())


def _by_body(lines: Iterable[Row]) -> list[tuple[str | None, list[Row]]]:
    """Lines under the body that owes them: the bodies with most lines first, those of nobody last."""
    found: dict[str, tuple[str | None, list[Row]]] = {}
    for line in lines:
        found.setdefault(_key(line), (line["body"], []))[1].append(line)
    for _, owes in found.values():
        owes.sort(key=lambda line: (not line["checkable"], -(line["days_late"] or 0)))
    return sorted(found.values(), key=lambda one: (one[0] is None, -len(one[1]), one[0] or ""))


def _key(line: Row) -> str:
    return line["body_code"] or line["body"] or ""
