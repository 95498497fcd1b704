"""Điều được hỏi: what a filter means as conditions of rows `t` of `duty_times`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from extractors.text import fold
from pipeline.followup.clocks import STATES, TIMELINESS, WINDOWS, Moment
from pipeline.followup.holders import Holders
from pipeline.register import Register, Row, TaskFilter
from pipeline.register.connection import translated
from pipeline.register.keys import words_key
from pipeline.register.listing import LIMITS, UNNAMED, body_ids_with
from pipeline.register.naming import find_dispatch
from pipeline.register.owing import body_rows
from pipeline.register.querying import checked_day, folded_expression, search_parts

MOST_HITS = 5000  # rows with some words that are gone through, the newest
_STRETCH = r"substr\(|t\.clock_\w+ = 'running' AND t\.last_"  # a year of issue, days of what is running


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


class Wanting:
    """What a filter wants at a moment: `parts`, with their `parameters`. `is_common`: words that are asked for are in
    so many rows that only the newest of these count."""

    def __init__(self, register: Register, wanted: TaskFilter, at: Moment, like: Wanting | None = None) -> None:
        """`like` is of another filter at the same moment, whose findings need not be made again."""
        self._register = register
        self._at = at
        self._names: dict[tuple[str, str, str], list[str]] = like._names if like else {}
        self._all: dict[int, Row] = like._all if like else {}
        self._holders: Holders = like._holders if like else Holders(self._all)
        self._keys: dict[str, frozenset[str]] = like._keys if like else {}
        self._found: dict[str, tuple[int, str]] = like._found if like else {}
        self.parameters: dict[str, Any] = {}
        self.is_common = False
        self.parts = list(self._parts(wanted))

    def _parts(self, f: TaskFilter) -> Iterator[Part]:
        """The conditions, those that leave least first."""
        if f.kind == "target":
            yield Part("0")
        if f.duty is not None:
            yield self._duty(f.duty)
        if f.dispatch is not None:
            self.parameters["dispatch"] = find_dispatch(self._register, f.dispatch)
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
            types = [name for name in distinct(self._register, "duty_times", "type") if fold(name) == wanted]
            self.parameters["types"] = json.dumps(types)
            yield Part("t.type IN (SELECT value FROM json_each(:types))")
        yield from self._days(f)
        yield from self._standing(f)
        if f.checkable is not None:
            self.parameters["checkable"] = f.checkable
            yield Part("t.checkable = :checkable")
        if f.unnamed:
            yield by_way(f"t.obligation_id IN (SELECT o.id FROM obligations o WHERE {UNNAMED})")

    def _duty(self, text: str) -> Part:
        from pipeline.register.ids import parse_id

        plain, _, period = text.strip().upper().partition("@")
        self.parameters |= {"duty": parse_id(plain, "T")[1], "period": period}
        return by_way("t.duty_id = :duty AND t.period = :period" if "@" in text else "t.duty_id = :duty")

    def _text(self, text: str) -> Part:
        parts = search_parts(text)
        if not parts:
            return Part("0")
        words = self.parameters["words"] = folded_expression(parts)
        self.parameters["named_so"] = f"{{number issuer subject}} : ({words})"
        count, self.parameters["hits"] = self._hits(words)
        self.is_common = count == MOST_HITS
        return Part(SAID) if self.is_common else by_way(_HIT)

    def _hits(self, words: str) -> tuple[int, str]:
        """Rows of the search index with these words, the newest, no more than MOST_HITS: how many, and which (JSON)."""
        if words not in self._found:
            with translated(self._register.path):
                self._found[words] = self._register.connection.execute(_HITS, (words, MOST_HITS)).fetchone()
        return self._found[words]

    def _issuer(self, words: str) -> Part:
        code = words.strip().upper()
        rows = self._register.rows("SELECT id FROM bodies WHERE canonical_id = ? COLLATE NOCASE", (code,))
        numbers = [row["id"] for row in rows] + body_ids_with(self._register, words)
        self.parameters |= {
            "issuers": json.dumps(numbers),
            "issuer_names": json.dumps(self._named("dispatches", "issuer", words)),
        }
        return by_way(_ISSUED_BY)

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
            self.parameters |= {"strict": self._at.policy == "strict", "own_days": self._has_own_days()}
            yield Part(" OR ".join(f"({way})" for way in _DUE_BETWEEN), _DUE_BETWEEN)

    def _has_own_days(self) -> bool:
        return bool(self._at.settings.days_off or self._at.settings.worked_days)

    def _standing(self, f: TaskFilter) -> Iterator[Part]:
        if f.standing is not None:
            self.parameters["standing"] = f.standing
            more = "" if f.standing == "waiting" else " AND t.state <> 'waiting'"  # as its index says
            yield Part(f"t.state = :standing{more}")
        if f.timeliness is not None:
            self.parameters["clock"] = f.timeliness
            yield Part(self._at.said(TIMELINESS.get(f.timeliness, "t.clock_{p} = :clock")), is_clock=True)
        if f.state is not None:
            yield Part(self._at.said(STATES[f.state]), is_clock=True)
        if f.window is not None:
            yield Part(self._at.said(WINDOWS[f.window]), is_clock=True)

    # ------------------------------------------------------------------------------------- whose it is

    def _body(self, words: str, role: str | None) -> Part:
        ways: list[str] = []
        tests: list[str] = []
        if role in (None, "lead"):
            ways += self._leading(words)
            tests += [_OWED, _PRINTED]
        if role in (None, "coordinating"):
            names = self._named("obligation_bodies", "name", words)
            codes = self._register.rows("SELECT id FROM bodies WHERE canonical_id = ?", (words.strip().upper(),))
            self.parameters |= {
                "taking_part": json.dumps(names),
                "code_rows": json.dumps([row["id"] for row in codes]),
            }
            ways.append(_COORDINATED)
            tests.append(_TAKES_PART)
        if role == "informed":
            holders, keys = self._answering(words)
            own = [n for n in self._all if holders.at(n, self._at.as_of).key in keys]
            self.parameters["informed"] = json.dumps(own)
            ways.append(_INFORMED)
            tests.append(_INFORMED)
        return Part(" OR ".join(f"({test})" for test in tests), tuple(ways))

    def _answering(self, words: str) -> tuple[Holders, frozenset[str]]:
        """Who answers for each body, and the keys of those that are called so."""
        if not self._all:
            self._all |= body_rows(self._register)
        if words not in self._keys:
            self._keys[words] = self._holders.named(words, self._at.as_of)
        return self._holders, self._keys[words]

    def _named(self, table: str, column: str, words: str) -> list[str]:
        key = (table, column, words)
        if key not in self._names:
            self._names[key] = named(self._register, table, column, words)
        return self._names[key]

    def _leading(self, words: str) -> list[str]:
        """By whom it is owed, and by the words that are printed."""
        holders, keys = self._answering(words)
        bodies = self._all
        may = [n for n, row in bodies.items() if {holders.at(n, self._at.as_of).key, row["canonical_id"]} & keys]

        def owes(body: int, held_on: str | None) -> bool:
            return holders.at(body, date.fromisoformat(held_on) if held_on else self._at.as_of).key in keys

        self._register.connection.create_function("owes", 2, owes, deterministic=True)
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
_HITS = """SELECT count(*), json_group_array(rowid) FROM (
    SELECT rowid FROM search_folded WHERE search_folded MATCH ? ORDER BY rowid DESC LIMIT ?)"""
_SAYING = """SELECT e.obligation_id FROM json_each(:hits) h CROSS JOIN search_entries e ON e.id = h.value
    WHERE e.obligation_id IS NOT NULL"""
NEWEST_HIT = f"t.obligation_id IN ({_SAYING})"
_HIT = f"""t.obligation_id IN ({_SAYING}
    UNION SELECT o.id FROM search_folded f CROSS JOIN search_entries e ON e.id = f.rowid AND e.obligation_id IS NULL
    CROSS JOIN obligations o ON o.dispatch_id = e.dispatch_id WHERE search_folded MATCH :named_so)"""
# Words that are in so many rows are looked for in each row that is to be shown.
SAID = """EXISTS (SELECT 1 FROM search_entries e CROSS JOIN search_folded f ON f.rowid = e.id
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


def by_way(sql: str) -> Part:
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
