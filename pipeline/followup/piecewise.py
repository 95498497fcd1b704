"""Từng phần: what is owed on a day a piece at a time, so that memory does not grow with what is listed.

Where the index can be asked, only numbers of rows are put in order; the rows themselves are made piece by piece, all of
one moment. Where it cannot be asked, everything is worked out at once, and comes out the same.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

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
_PLACES = "places AS MATERIALIZED (SELECT CAST(key AS INTEGER) AS body, value AS place FROM json_each(:places))"
# The bare columns are those of the line that comes first.
_COUNTS = f"""WITH {_PLACES}
SELECT place, found.body, sum(period = '') + count(DISTINCT iif(period <> '', duty_id, NULL)) AS lines,
    count(*) AS each, min({_SORT} || iif(period = '', NOT checkable || last_day, last_day || NOT checkable)
        || printf('%012d', duty_id)) AS first
FROM ({{found}}) AS found JOIN places ON places.body = found.body GROUP BY place"""
_ORDERED = f"""WITH {_PLACES}
SELECT id, place, iif(period = '', NULL, duty_id) FROM ({{found}}) AS found JOIN places ON places.body = found.body
ORDER BY place, NOT checkable, last_day, {_SORT}, duty_id, period"""
_ROWS = "SELECT {columns} FROM duty_times t WHERE t.id IN (SELECT value FROM json_each(?))"
_OF_DUTIES = """t.obligation_id IN (
    SELECT obligation_id FROM duties WHERE id IN (SELECT value FROM json_each(:duties)))
    AND t.duty_id IN (SELECT value FROM json_each(:duties))"""
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
    to its end holds it, and lets go by itself where a reader is left half-way."""
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
        rank = {row["place"]: n for n, row in enumerate(rows)}
        self._look.parts.insert(0, Part(_OF_DUTIES, (_OF_DUTIES,)))  # for the periods of those in a piece
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
        parameters = {**self._look.parameters, "most": -1, "places": json.dumps(places)}
        return self._look.register.rows(sql.format(found=self._found), parameters)

    def _pieces(self, ranks: Mapping[int, int]) -> Iterator[list[tuple[int, Row]]]:
        seen: set[tuple[int, int]] = set()
        for entries in self._entries(ranks):
            # of a recurring duty the first period that is met is the one that is late for longest
            lines: list[tuple[int, int, int | None]] = []
            for number, place, duty in entries:
                if duty is None or (place, duty) not in seen:
                    lines.append((number, place, duty))
                if duty is not None:
                    seen.add((place, duty))
            yield self._piece(lines, ranks)
            last = entries[-1][1]
            seen = {one for one in seen if one[0] == last}

    def _entries(self, ranks: Mapping[int, int]) -> Iterator[list[tuple[int, int, int | None]]]:
        """(row of the index, number of its body, its duty if it recurs) in order."""
        parameters = {**self._look.parameters, "most": -1, "places": json.dumps(ranks)}
        with translated(self._look.register.path):
            cursor = self._look.register.connection.execute(_ORDERED.format(found=self._found), parameters)
            cursor.row_factory = None
            while entries := cursor.fetchmany(PIECE):
                yield entries

    def _piece(self, lines: Sequence[tuple[int, int, int | None]], ranks: Mapping[int, int]) -> list[tuple[int, Row]]:
        look = self._look
        numbers = json.dumps([number for number, _, _ in lines])
        rows = {row["id"]: row for row in look.register.rows(_ROWS.format(columns=look.said(OWED)), (numbers,))}
        found = as_rows(look.register, as_owed(look, [rows[number] for number, _, _ in lines]))
        periods = self._periods({duty for _, _, duty in lines if duty is not None}, ranks)
        return [
            (place, {**row, "periods": periods[place, duty] if duty is not None else []})
            for (_, place, duty), row in zip(lines, found, strict=True)
        ]

    def _periods(self, duties: Collection[int], ranks: Mapping[int, int]) -> dict[tuple[int, int], list[str]]:
        """The periods of recurring duties, by the number of the body that is late with them."""
        look, out = self._look, dict[tuple[int, int], list[str]]()
        if duties:
            look.parameters["duties"] = json.dumps(list(duties))
            columns = look.said(f"t.id, t.duty_id, {_BODY}, t.period, t.last_{{p}} AS last_day")
            rows = look.rows(columns, self._late)
            for _, duty, body, period, _ in sorted(rows, key=lambda row: (row["last_day"], row["period"])):
                if period:
                    out.setdefault((ranks[body], duty), []).append(period)
        return out


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
