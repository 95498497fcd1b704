"""Nhìn vào chỉ mục: rows of `duty_times` that fulfil a filter, found and counted.

All of it holds for one day and one reading of "before"; the index must be up to date.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from itertools import compress
from typing import Any

from pipeline.followup.clocks import Moment
from pipeline.followup.holders import BodyRows, Holders
from pipeline.followup.picking import ahead_of
from pipeline.followup.settings import Settings
from pipeline.followup.wanting import NEWEST_HIT, SAID, Part, Wanting, by_way
from pipeline.register import Register, TaskFilter
from pipeline.register.connection import translated

# The spans of days that a day lies in: after all that was entered, and before some of it.
NEWEST = "t.is_newest AND t.from_day <= :as_of AND (t.opens <= :as_of OR t.due <= :ahead)"
FORMER = "NOT t.is_newest AND t.until_day > :as_of AND t.from_day <= :as_of AND (t.opens <= :as_of OR t.due <= :ahead)"
MOST_TESTED = 2000  # rows in which words are looked for that very many have
_HAS_FORMER = "SELECT 1 FROM duty_times WHERE NOT is_newest AND until_day > ? LIMIT 1"


class Look(Moment):
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
        super().__init__(settings, as_of, max(ahead or as_of, ahead_of(wanted, settings, as_of)))
        self.register = register
        self.bodies = BodyRows(register)
        self.holders = Holders(self.bodies)
        self.has_former = register.one(_HAS_FORMER, (self.day,)) is not None
        self._wanting: Wanting = Wanting(register, wanted, self, like._wanting if like else None)
        self.parts = self._wanting.parts
        self.parameters |= self._wanting.parameters
        self.is_common = self._wanting.is_common
        if self.is_common:
            self._bound_words()
        if of is not None:
            self.parameters["of"] = json.dumps(sorted(of))
            self.parts.append(by_way("t.obligation_id IN (SELECT value FROM json_each(:of))"))

    def where(self, span: str = NEWEST, *more: str, but: Part | None = None) -> str:
        """All conditions, of one of the spans of days; `but` is left out."""
        parts = ((part.plain if but else part.sql) for part in self.parts if part is not but)
        return " AND ".join([span, *(f"({sql})" for sql in parts), *more])

    def tested(self, span: str, *more: str, clock: bool) -> str:
        """The same for rows that are gone through in an order; `clock`: by their last days. Newest hits alone are all
        looked for: they lie at one end of most orders."""
        if self.is_common:
            (hits,) = (part for part in self.parts if part.sql == NEWEST_HIT)
            return self.where(span, hits.sql, *(Part(one).plain for one in more), but=hits)
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

    def columns(self, columns: Sequence[str], *more: str, most: int) -> list[list[Any]]:
        """The same as columns, quicker where many threads ask; of fractions 15 digits. `most` is no less than 0."""
        found: list[list[Any]] = [[] for _ in columns]
        for way in self._ways() or (None,):
            if len(found[0]) < most:
                sql = self.found(", ".join(columns), *more, way=way)
                more_found = self.register.columns(sql, len(columns), {**self.parameters, "most": most})
                known = set(found[0])
                is_new = [number not in known for number in more_found[0]]
                for column, values in zip(found, more_found, strict=True):
                    column += compress(values, is_new)
        return [column[:most] for column in found]

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

    def _bound_words(self) -> None:
        """Words that are in very many rows: looked for in all that the rest of the question leaves, where that is
        little; else only their newest hits count."""
        (words,) = (part for part in self.parts if part.sql == SAID)
        others = [part for part in self.parts if part is not words]
        self.parts = others
        if any(part.ways for part in others) and self.count(most=MOST_TESTED + 1) <= MOST_TESTED:
            self.is_common = False
            self.parts = [*others, words]
        else:
            self.parts = [by_way(NEWEST_HIT), *others]
