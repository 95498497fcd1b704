"""Nhìn vào chỉ mục: what a filter means in `duty_times`, and rows of it as what `owed` gives.

All of it holds for one day and one reading of "before"; the index must be up to date.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from extractors.calendar import add_months
from extractors.text import fold
from pipeline.followup.holders import Holders
from pipeline.followup.laying import NEVER
from pipeline.followup.occurrences import Occurrence
from pipeline.followup.owed import Owed, Time
from pipeline.followup.picking import AHEAD
from pipeline.followup.settings import Settings
from pipeline.followup.states import CLOSED, Standing, timeliness
from pipeline.register import Register, Row, TaskFilter
from pipeline.register.connection import translated
from pipeline.register.keys import words_key
from pipeline.register.listing import LIMITS, UNNAMED, State, Window, body_ids_with
from pipeline.register.naming import find_dispatch
from pipeline.register.owing import body_rows, limit_rows
from pipeline.register.querying import checked_day, folded_expression, search_parts

_IS_CLOSED = f"t.state IN ({', '.join(repr(str(state)) for state in sorted(CLOSED))})"
_LAPSED = "(t.clock_{p} = 'running' AND t.may_lapse AND t.last_{p} < :followed AND t.last_{p} < :as_of)"
_LATE = "t.clock_{p} = 'running' AND t.last_{p} < :as_of AND NOT (t.may_lapse AND t.last_{p} < :followed)"
_TIMELINESS = {
    "late": _LATE,
    "lapsed": _LAPSED,
    "today": "t.clock_{p} = 'running' AND t.last_{p} = :as_of",
    "soon": "t.clock_{p} = 'running' AND t.last_{p} > :as_of AND t.last_{p} <= :soon",
    "in_time": "(t.clock_{p} = 'in_time' OR (t.clock_{p} = 'running' AND t.last_{p} > :soon))",
}
_NO_DAY = "t.clock_{p} IN ('no_limit', 'no_day') AND NOT {closed}"
_STATES = {
    "overdue": _LATE,
    "closed": "({closed} OR {lapsed})",
    "no_day": _NO_DAY,
    "upcoming": "NOT {closed} AND t.clock_{p} NOT IN ('no_limit', 'no_day')"
    " AND (t.clock_{p} <> 'running' OR t.last_{p} >= :as_of)",
    "target": "0",
}
_WINDOWS = {
    "late": _LATE,
    "no_day": _NO_DAY,
    **{
        name: f"t.clock_{{p}} = 'running' AND t.last_{{p}} {'>' if n else '>='} :window_{n}"
        f" AND t.last_{{p}} <= :window_{n + 1}"
        for n, (name, _) in enumerate(AHEAD)
    },
    "later": f"t.clock_{{p}} = 'running' AND t.last_{{p}} > :window_{len(AHEAD)}",
}
# The spans of days that a day lies in: after all that was entered, and before some of it.
NEWEST = "t.is_newest AND t.from_day <= :as_of AND (t.opens <= :as_of OR t.due <= :ahead)"
FORMER = "NOT t.is_newest AND t.until_day > :as_of AND t.from_day <= :as_of AND (t.opens <= :as_of OR t.due <= :ahead)"
MOST_HITS = 5000  # rows with some words that are gone through, the newest
MOST_TESTED = 2000  # rows in which words are looked for that very many have
_STRETCH = r"substr\(|t\.clock_\w+ = 'running' AND t\.last_"  # a year of issue, days of what is running
_HAS_FORMER = "SELECT 1 FROM duty_times WHERE NOT is_newest AND until_day > ? LIMIT 1"


@dataclass(frozen=True, slots=True)
class Part:
    """A condition of rows `t`, and the ways in which rows that fulfil it are found by an index, if there are any: each
    row that does fulfils one of `ways`. `is_clock`: it says where the last day lies, as the index of that order."""

    sql: str
    ways: tuple[str, ...] = ()
    is_clock: bool = False

    @property
    def is_stretch(self) -> bool:
        """Whether an index by last days holds the rows that fulfil it one after the other."""
        return self.is_clock and re.match(_STRETCH, self.sql) is not None

    @property
    def plain(self) -> str:
        """The condition as one by which no row is looked for, only tested."""
        return re.sub(r"\bt\.", "+t.", self.sql)


class Look:
    """One question to the index: `parts` of what is wanted, with their `parameters`."""

    def __init__(
        self,
        register: Register,
        wanted: TaskFilter,
        settings: Settings,
        *,
        as_of: date,
        ahead: date | None = None,
        of: Collection[int] | None = None,
        like: Look | None = None,
    ) -> None:
        """`like` is another question of the same moment, whose findings need not be made again."""
        self.register = register
        self._names: dict[tuple[str, str, str], list[str]] = like._names if like else {}
        self._all: dict[int, Row] = like._all if like else {}
        self._holders: Holders = like._holders if like else Holders(self._all)
        self._keys: dict[str, frozenset[str]] = like._keys if like else {}
        self.settings = settings
        self.as_of = as_of
        self.day = as_of.isoformat()
        self.policy = settings.before
        self.parameters: dict[str, Any] = {
            "as_of": self.day,
            "ahead": (ahead or as_of).isoformat(),
            "soon": (as_of + timedelta(days=settings.soon[0])).isoformat(),
            "followed": add_months(as_of, -settings.months_back).isoformat(),
            "window_0": self.day,
            **{f"window_{n}": (as_of + timedelta(days=days)).isoformat() for n, (_, days) in enumerate(AHEAD, 1)},
        }
        self.bodies = _Bodies(register)
        self.holders = Holders(self.bodies)
        self.has_former = register.one(_HAS_FORMER, (self.day,)) is not None
        self.is_common = False  # words that are asked for are in so many rows that only the newest of these count
        self.parts = list(self._parts(wanted))
        if self.is_common:
            self._bound_words()
        if of is not None:
            self.parameters["of"] = json.dumps(sorted(of))
            self.parts.append(_by_way("t.obligation_id IN (SELECT value FROM json_each(:of))"))

    def said(self, template: str) -> str:
        """A condition with the columns of this reading of "before"."""
        closed, lapsed = _IS_CLOSED, _LAPSED.format(p=self.policy)
        return template.format(p=self.policy, closed=closed, lapsed=lapsed)

    @property
    def not_lapsed(self) -> str:
        """What is still followed."""
        return f"NOT {self.said(_LAPSED)}"

    def place_of(self, state: str, clock: str, last_day: str, may_lapse: str) -> tuple[State, Window | None]:
        """State and window of a row with these columns."""
        is_closed, day = state in CLOSED, self.day
        if clock == "running" and last_day < day:
            is_over = may_lapse == "1" and last_day < self.parameters["followed"]
            return ("closed", None) if is_over else ("overdue", "late")
        if is_closed:
            return "closed", None
        if clock in ("no_limit", "no_day"):
            return "no_day", "no_day"
        if clock != "running":
            return "upcoming", None
        ends = ((name, self.parameters[f"window_{n}"]) for n, (name, _) in enumerate(AHEAD, 1))
        return "upcoming", next((name for name, end in ends if last_day <= end), "later")

    def where(self, span: str = NEWEST, *more: str, but: Part | None = None) -> str:
        """All conditions, of one of the spans of days; `but` is left out."""
        parts = ((part.plain if but else part.sql) for part in self.parts if part is not but)
        return " AND ".join([span, *(f"({sql})" for sql in parts), *more])

    def tested(self, span: str, *more: str, clock: bool) -> str:
        """The same for rows that are gone through in an order; `clock`: by their last days."""
        parts = (part.sql if clock and part.is_clock else part.plain for part in self.parts)
        return " AND ".join([span, *(f"({sql})" for sql in parts), *more])

    def spans(self) -> tuple[str, ...]:
        """The spans of days that are to be looked at."""
        return (NEWEST, FORMER) if self.has_former else (NEWEST,)

    def count(self, *more: str, most: int) -> int:
        """How many rows fulfil everything; no more than so many are counted."""
        for way in self._ways() if len(self._ways()) > 1 else ():
            if self._count(most, way, *more) == most:
                return most
        return self._count(most, None, *more)

    def _count(self, most: int, way: str | None, *more: str) -> int:
        return int(self.run(f"SELECT count(*) FROM ({self.found('t.id', *more, way=way)})", {"most": most})[0][0])

    def rows(self, columns: str, *more: str, most: int = -1) -> list[Any]:
        """Rows that fulfil everything, at most so many, found by way of the part that says the most. `columns` begin
        with the number of the row, by which one that is found in several ways is known."""
        ways = self._ways()
        if len(ways) < 2:
            return self.run(self.found(columns, *more), {"most": most})
        found: dict[int, Any] = {}
        for way in ways:
            if most < 0 or len(found) < most:
                found |= {row[0]: row for row in self.run(self.found(columns, *more, way=way), {"most": most})}
        return list(found.values())[: most if most >= 0 else None]

    def summed(self, sums: str, columns: str, grouped: str = "") -> list[Any]:
        """Sums over all rows that fulfil everything; `columns` as in `rows`."""
        return self.run(f"SELECT {sums} FROM ({self.found(columns)}) {grouped}", {"most": -1})

    def grouped(self, columns: str, sums: str, *more: str) -> list[Any]:
        """Sums over the rows that fulfil everything and are alike in `columns`; what is alike may come once from
        either span of days."""
        several = len(self._ways()) > 1
        wheres = (f"t.id IN ({self.found('t.id')})",) if several else (self.where(span) for span in self.spans())
        sql = f"SELECT {columns}, {sums} FROM duty_times t WHERE {{}} GROUP BY {columns}"
        return [row for where in wheres for row in self.run(sql.format(" AND ".join([where, *more])), {"most": -1})]

    def _ways(self) -> tuple[str, ...]:
        by = next((part for part in self.parts if part.ways), None)
        return by.ways if by else ()

    def found(self, columns: str, *more: str, way: str | None = None) -> str:
        """The query of `rows`, to be a part of another one (with the parameter `most`)."""
        by = next((part for part in self.parts if part.ways), None)
        ways = (way,) if way else self._ways() or ("1",)
        each = [
            f"SELECT * FROM (SELECT {columns} FROM duty_times t WHERE {where} LIMIT :most)"
            for span in self.spans()
            for where in (self.where(span, way, *more, but=by) for way in ways)
        ]
        return each[0] if len(each) == 1 else f"SELECT * FROM ({' UNION '.join(each)}) LIMIT :most"

    def run(self, sql: str, more: Mapping[str, Any]) -> list[Any]:
        """The rows of a query with the parameters of this question, as SQLite gives them."""
        with translated(self.register.path):
            return self.register.connection.execute(sql, {**self.parameters, **more}).fetchall()

    # ------------------------------------------------------------------------------------- what is wanted

    def _parts(self, f: TaskFilter) -> Iterator[Part]:
        """The conditions, those that leave least first."""
        if f.kind == "target":
            yield Part("0")
        if f.duty is not None:
            yield self._duty(f.duty)
        if f.dispatch is not None:
            self.parameters["dispatch"] = find_dispatch(self.register, f.dispatch)
            ways = "t.letter_id = :dispatch", _OF_DISPATCH
            yield Part(" OR ".join(ways), ways)
        if f.text is not None:
            yield self._text(f.text)
        if f.body is not None:
            yield self._body(f.body, f.role)
        if f.issuer is not None:
            yield self._issuer(f.issuer)
        if f.type is not None:
            wanted = fold(f.type.strip())
            types = [name for name in distinct(self.register, "duty_times", "type") if fold(name) == wanted]
            self.parameters["types"] = json.dumps(types)
            yield Part("t.type IN (SELECT value FROM json_each(:types))")
        yield from self._days(f)
        yield from self._standing(f)
        if f.checkable is not None:
            self.parameters["checkable"] = f.checkable
            yield Part("t.checkable = :checkable")
        if f.unnamed:
            yield _by_way(f"t.obligation_id IN (SELECT o.id FROM obligations o WHERE {UNNAMED})")

    def _duty(self, text: str) -> Part:
        from pipeline.register.ids import parse_id

        plain, _, period = text.strip().upper().partition("@")
        self.parameters |= {"duty": parse_id(plain, "T")[1], "period": period}
        return _by_way("t.duty_id = :duty AND t.period = :period" if "@" in text else "t.duty_id = :duty")

    def _text(self, text: str) -> Part:
        parts = search_parts(text)
        if not parts:
            return Part("0")
        words = self.parameters["words"] = folded_expression(parts)
        self.parameters["named_so"] = f"{{number issuer subject}} : ({words})"
        self.parameters["most_hits"] = MOST_HITS
        hits = [hit[0] for hit in self.run(_HITS, {})]
        self.is_common = len(hits) == MOST_HITS
        self.parameters["hits"] = json.dumps(hits)
        return Part(_SAID) if self.is_common else _by_way(_HIT)

    def _bound_words(self) -> None:
        """Words that are in very many rows: looked for in all that the rest of the question leaves, where that is
        little; else only their newest hits count."""
        (words,) = (part for part in self.parts if part.sql == _SAID)
        others = [part for part in self.parts if part is not words]
        self.parts = others
        if any(part.ways for part in others) and self.count(most=MOST_TESTED + 1) <= MOST_TESTED:
            self.is_common = False
            self.parts = [*others, words]
        else:
            self.parts = [_by_way(_NEWEST_HIT), *others]

    def _issuer(self, words: str) -> Part:
        code = words.strip().upper()
        rows = self.register.rows("SELECT id FROM bodies WHERE canonical_id = ? COLLATE NOCASE", (code,))
        numbers = [row["id"] for row in rows] + body_ids_with(self.register, words)
        self.parameters |= {
            "issuers": json.dumps(numbers),
            "issuer_names": json.dumps(self._named("dispatches", "issuer", words)),
        }
        return _by_way(_ISSUED_BY)

    def _days(self, f: TaskFilter) -> Iterator[Part]:
        names = ("issued_from", "issued_to", "due_from", "due_to")
        self.parameters |= {name: checked_day(name, getattr(f, name)) for name in names}
        if f.year is not None:
            self.parameters["year"] = f"{f.year:04d}"
            yield Part("substr(t.issued_on, 1, 4) = :year", is_clock=True)  # its index goes on by last days
        if f.issued_from is not None:
            yield Part(
                "t.issued_on >= substr(:issued_from, 1, 4)"
                " AND t.issued_on >= substr(:issued_from, 1, length(t.issued_on))"
            )
        if f.issued_to is not None:
            yield Part("t.issued_on > '' AND t.issued_on <= substr(:issued_to, 1, length(t.issued_on))")
        if f.due_from is not None or f.due_to is not None:
            self.parameters |= {"strict": self.policy == "strict", "own_days": self._has_own_days()}
            yield Part(" OR ".join(f"({way})" for way in _DUE_BETWEEN), _DUE_BETWEEN)

    def _has_own_days(self) -> bool:
        return bool(self.settings.days_off or self.settings.worked_days)

    def _standing(self, f: TaskFilter) -> Iterator[Part]:
        if f.standing is not None:
            self.parameters["standing"] = f.standing
            more = "" if f.standing == "waiting" else " AND t.state <> 'waiting'"  # as its index says
            yield Part(f"t.state = :standing{more}")
        if f.timeliness is not None:
            self.parameters["clock"] = f.timeliness
            yield Part(self.said(_TIMELINESS.get(f.timeliness, "t.clock_{p} = :clock")), is_clock=True)
        if f.state is not None:
            yield Part(self.said(_STATES[f.state]), is_clock=True)
        if f.window is not None:
            yield Part(self.said(_WINDOWS[f.window]), is_clock=True)

    # ------------------------------------------------------------------------------------- whose it is

    def _body(self, words: str, role: str | None) -> Part:
        ways: list[str] = []
        tests: list[str] = []
        if role in (None, "lead"):
            ways += self._leading(words)
            tests += [_OWED, _PRINTED]
        if role in (None, "coordinating"):
            names = self._named("obligation_bodies", "name", words)
            codes = self.register.rows("SELECT id FROM bodies WHERE canonical_id = ?", (words.strip().upper(),))
            self.parameters |= {
                "taking_part": json.dumps(names),
                "code_rows": json.dumps([row["id"] for row in codes]),
            }
            ways.append(_COORDINATED)
            tests.append(_TAKES_PART)
        if role == "informed":
            holders, keys = self._answering(words)
            own = [n for n in self._all if holders.at(n, self.as_of).key in keys]
            self.parameters["informed"] = json.dumps(own)
            ways.append(_INFORMED)
            tests.append(_INFORMED)
        return Part(" OR ".join(f"({test})" for test in tests), tuple(ways))

    def _answering(self, words: str) -> tuple[Holders, frozenset[str]]:
        """Who answers for each body, and the keys of those that are called so."""
        if not self._all:
            self._all |= body_rows(self.register)
        if words not in self._keys:
            self._keys[words] = self._holders.named(words, self.as_of)
        return self._holders, self._keys[words]

    def _named(self, table: str, column: str, words: str) -> list[str]:
        key = (table, column, words)
        if key not in self._names:
            self._names[key] = named(self.register, table, column, words)
        return self._names[key]

    def _leading(self, words: str) -> list[str]:
        """By whom it is owed, and by the words that are printed."""
        holders, keys = self._answering(words)
        bodies = self._all
        may = [n for n, row in bodies.items() if {holders.at(n, self.as_of).key, row["canonical_id"]} & keys]

        def owes(body: int, held_on: str | None) -> bool:
            return holders.at(body, date.fromisoformat(held_on) if held_on else self.as_of).key in keys

        self.register.connection.create_function("owes", 2, owes, deterministic=True)
        self.parameters |= {
            "may": json.dumps(may),
            "printed": json.dumps(self._named("duty_times", "printed", words)),
        }
        return [_OWED, _PRINTED]


_OF_DISPATCH = "t.obligation_id IN (SELECT id FROM obligations WHERE dispatch_id = :dispatch)"
_ISSUED_BY = """t.letter_id IN (SELECT id FROM dispatches WHERE issuer IN (SELECT value FROM json_each(:issuer_names))
    UNION SELECT id FROM dispatches WHERE issuer_id IN (SELECT value FROM json_each(:issuers)))"""
_OWED = "t.body_id IN (SELECT value FROM json_each(:may)) AND owes(t.body_id, t.held_on)"
_PRINTED = "t.printed IN (SELECT value FROM json_each(:printed))"
_COORDINATED = """t.obligation_id IN (
    SELECT obligation_id FROM obligation_bodies WHERE role = 'coordinating' AND is_current
    AND name IN (SELECT value FROM json_each(:taking_part))
    UNION SELECT obligation_id FROM obligation_bodies WHERE role = 'coordinating' AND is_current
    AND body_id IN (SELECT value FROM json_each(:code_rows)))"""
_TAKES_PART = """EXISTS (SELECT 1 FROM obligation_bodies b WHERE b.obligation_id = t.obligation_id
    AND b.role = 'coordinating' AND b.is_current AND (b.name IN (SELECT value FROM json_each(:taking_part))
        OR b.body_id IN (SELECT value FROM json_each(:code_rows))))"""
_INFORMED = """t.letter_id IN (
    SELECT coalesce(d.merged_into, d.id) FROM involved i JOIN dispatches d ON d.id = i.dispatch_id
    WHERE i.role = 'informed' AND i.body_id IN (SELECT value FROM json_each(:informed)))"""
_HITS = """SELECT rowid FROM search_folded WHERE search_folded MATCH :words ORDER BY rowid DESC LIMIT :most_hits"""
_SAYING = """SELECT e.obligation_id FROM json_each(:hits) h CROSS JOIN search_entries e ON e.id = h.value
    WHERE e.obligation_id IS NOT NULL"""
_NEWEST_HIT = f"t.obligation_id IN ({_SAYING})"
_HIT = f"""t.obligation_id IN ({_SAYING}
    UNION SELECT o.id FROM (SELECT rowid AS id FROM search_folded WHERE search_folded MATCH :named_so
        ORDER BY rowid DESC LIMIT :most_hits) f
    CROSS JOIN search_entries e ON e.id = f.id AND e.obligation_id IS NULL
    CROSS JOIN obligations o ON o.dispatch_id = e.dispatch_id)"""
# Words that are in so many rows are looked for in each row that is to be shown.
_SAID = """EXISTS (SELECT 1 FROM search_entries e CROSS JOIN search_folded f ON f.rowid = e.id
        WHERE e.obligation_id = t.obligation_id AND search_folded MATCH :words)
    OR EXISTS (SELECT 1 FROM obligations o CROSS JOIN search_entries e ON e.dispatch_id = o.dispatch_id
        AND e.obligation_id IS NULL CROSS JOIN search_folded f ON f.rowid = e.id
        WHERE o.id = t.obligation_id AND search_folded MATCH :named_so)"""
_DUE_BETWEEN = (
    "t.first_due >= coalesce(:due_from, '') AND t.first_due <= coalesce(:due_to, '9999-12-31')",
    f"""t.first_due < t.final_due
    AND t.first_due <= coalesce(:due_to, '9999-12-31') AND t.final_due >= coalesce(:due_from, '')
    AND EXISTS (SELECT 1 FROM ({LIMITS}) l WHERE l.obligation_id = t.obligation_id AND l.last_day IS NOT NULL
        AND l.due >= coalesce(:due_from, l.due) AND l.due <= coalesce(:due_to, l.due))""",
)


def _by_way(sql: str) -> Part:
    return Part(sql, (sql,))


def distinct(register: Register, table: str, column: str) -> list[str]:
    """The different values of an indexed column, one step of the index for each of them."""
    newest = "is_newest AND " if table == "duty_times" else ""  # as its index says
    sql = f"""WITH RECURSIVE found (value) AS (
            SELECT min({column}) FROM {table} WHERE {newest}{column} IS NOT NULL UNION ALL
            SELECT (SELECT min({column}) FROM {table} WHERE {newest}{column} > found.value)
            FROM found WHERE found.value IS NOT NULL)
        SELECT value FROM found WHERE value IS NOT NULL"""
    return [row["value"] for row in register.rows(sql)]


def named(register: Register, table: str, column: str, words: str) -> list[str]:
    """Of the names in an indexed column those that hold these words one after the other."""
    key = f" {words_key(words)} "
    return [name for name in distinct(register, table, column) if key in f" {_name_key(name)} "]


@lru_cache(maxsize=100_000)
def _name_key(name: str) -> str:
    return words_key(name)


class _Bodies(dict[int, Row]):
    """Rows of bodies, each read when it is asked for."""

    def __init__(self, register: Register) -> None:
        super().__init__()
        self._register = register

    def __missing__(self, number: int) -> Row:
        row = self._register.one("SELECT id, canonical_id, name, name_key FROM bodies WHERE id = ?", (number,))
        if row is None:
            raise KeyError(number)
        self[number] = row
        return row

    def read(self, numbers: Iterable[int]) -> None:
        """Read many at once."""
        sql = "SELECT id, canonical_id, name, name_key FROM bodies WHERE id IN (SELECT value FROM json_each(?))"
        self.update((row["id"], row) for row in self._register.rows(sql, (json.dumps(list(numbers)),)))


# ------------------------------------------------------------------------------------------ rows as what is owed


_AT_ONCE = 5000
# What `as_owed` needs of a row.
OWED = """t.id, t.duty_id, t.obligation_id, t.letter_id, t.period, t.period_start, t.period_end, t.due, t.by_policy,
    t.limit_{p}, t.first_{p}, t.last_{p}, t.may_lapse, t.state, t.since, t.extended, t.asked_for, t.given_to,
    t.reported_on, t.reminders, t.version, t.body_id, t.printed, t.sort"""


def as_owed(look: Look, rows: Sequence[Row]) -> list[Owed]:
    """Rows of the index (OWED) as `owed` gives them, in their order."""
    found: list[Owed] = []
    for start in range(0, len(rows), _AT_ONCE):
        part: list[Row] = [dict(row) for row in rows[start : start + _AT_ONCE]]
        look.bodies.read({number for row in part if (number := row["body_id"]) and number not in look.bodies})
        numbers = {number for row in part if (number := row[f"limit_{look.policy}"])}
        known = limit_rows(look.register, as_of=look.day, policy=look.policy, these=numbers)
        limits = {row["id"]: row for row in known}
        found += [_owed(look, row, limits) for row in part]
    return found


def _owed(look: Look, row: Row, limits: dict[int, Row]) -> Owed:
    standing = _standing(row)
    day, first_day = row[f"last_{look.policy}"], row[f"first_{look.policy}"]
    last_day = date.fromisoformat(day) if day != NEVER else None
    original = last_day if first_day == day else _day(first_day)
    limit = limits.get(row[f"limit_{look.policy}"])
    how = timeliness(standing, last_day, limit is not None, look.as_of, look.settings.soon[0])
    is_over = row["may_lapse"] and day < look.parameters["followed"]
    how = "lapsed" if how == "late" and is_over else how
    until = {"late": look.as_of, "done_late": standing.completed_on}.get(how)
    since = standing.since if standing.is_closed and standing.since else look.as_of
    time = Time(row["period"] or None, limit, original, _occurrence(row, look.policy))
    return Owed(
        row["duty_id"], row["obligation_id"], row["letter_id"], row["sort"], row["printed"],
        look.holders.at(row["body_id"], since), time, standing, original, last_day, how,
        (until - last_day).days if until and last_day else None, row["version"],
    )  # fmt: skip


_FRESH = Standing()


def _standing(row: Row) -> Standing:
    if row["state"] == "waiting" and not row["since"] and not row["reminders"] and not row["extended"]:
        return replace(_FRESH, body=row["given_to"]) if row["given_to"] else _FRESH
    return Standing(
        row["state"], _day(row["since"]), _day(row["extended"]), _day(row["asked_for"]), row["given_to"],
        _day(row["reported_on"]), row["reminders"],
    )  # fmt: skip


def _occurrence(row: Row, policy: str) -> Occurrence | None:
    if row["due"] is None:
        return None
    days = (date.fromisoformat(row[key]) for key in ("period_start", "period_end", "due", f"first_{policy}"))
    return Occurrence(*days, bool(row["by_policy"]))  # type: ignore[call-arg, arg-type]


def _day(day: str | None) -> date | None:
    return date.fromisoformat(day) if day else None
