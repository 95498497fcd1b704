"""Danh sách văn bản: dispatches page by page, newest issue first, at any size of the register."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extractors.text import fold
from pipeline import errors
from pipeline.register.connection import Register, Row
from pipeline.register.ids import parse_id, public_id
from pipeline.register.keys import number_key
from pipeline.register.querying import checked_day, exact_expression, folded_expression, search_parts

MOST_HITS = 20_000  # dispatches that a search looks through; a word in more of them tells nothing apart
_MOST_NAMES = 500

_LETTER = "d.removed_at IS NULL AND d.merged_into IS NULL"
_DAY = "coalesce(d.issued_on, '')"
_LIST = """
SELECT d.id, d.type, d.number, d.symbol, d.issued_on, d.issuer, d.subject, f.format, f.pages, f.medium,
    (SELECT count(*) FROM obligations o WHERE o.dispatch_id = d.id AND o.status = 'current') AS obligations,
    (SELECT i.value FROM inferred i WHERE i.dispatch_id = d.id AND i.field = 'number' AND d.number IS NULL
        ORDER BY i.confidence DESC, i.id LIMIT 1) AS proposed,
    (SELECT CASE WHEN max(g.state = 'changed') THEN 'changed' WHEN max(g.state = 'invalid') THEN 'invalid'
        WHEN max(g.state = 'unreadable') THEN 'unreadable' WHEN min(g.later = 'content') THEN 'added' ELSE 'intact' END
        FROM signatures g WHERE g.file_id = d.file_id HAVING count(*)) AS signed
FROM dispatches d JOIN files f ON f.id = d.file_id
WHERE {letter} AND {wanted} ORDER BY {day} {way}, d.id {way} LIMIT :limit
"""
_FOUND = """
d.id IN (SELECT coalesce(h.merged_into, h.id) FROM (
    SELECT rowid AS id FROM search_exact WHERE search_exact MATCH :exact
    UNION SELECT rowid FROM search_folded WHERE search_folded MATCH :folded LIMIT :hits
) x JOIN search_entries e ON e.id = x.id JOIN dispatches h ON h.id = e.dispatch_id)
"""
_TYPES = """
WITH RECURSIVE each (type) AS (
    SELECT min(d.type) FROM dispatches d WHERE {letter}
    UNION ALL SELECT (SELECT min(d.type) FROM dispatches d WHERE {letter} AND d.type > each.type)
    FROM each WHERE each.type IS NOT NULL)
SELECT type FROM each WHERE type IS NOT NULL LIMIT 200
"""


@dataclass(frozen=True, slots=True)
class DispatchFilter:
    """Which dispatches are asked for; each field narrows, "" does not. `text` has search words, accents or none; days
    are ISO, both ends within; `issuer` has words of its name; `number` is a printed number or the beginning of one."""

    text: str = ""
    number: str = ""
    type: str = ""
    issuer: str = ""
    issued_from: str = ""
    issued_to: str = ""


@dataclass(frozen=True, slots=True)
class DispatchPage:
    """Rows (id, type, number, proposed, symbol, issued_on, issuer, subject, format, pages, medium, obligations, signed)
    and the cursors of the pages after and before, None where there is none."""

    rows: list[Row]
    next: str | None
    previous: str | None


def leaf(register: Register, wanted: DispatchFilter, *, at: str = "", limit: int = 50) -> DispatchPage:
    """One page of the dispatches that a filter lets through, removed and merged ones left out. `at` is a cursor of
    another page of the same list. Raises InvalidValue for a day or a cursor that cannot be."""
    where, parameters = _conditions(register, wanted)
    back, day, number = _cursor(at)
    if at:
        less = ">" if back else "<"
        where.append(f"{_DAY} {less}= :day AND ({_DAY} {less} :day OR d.id {less} :id)")
    way = "ASC" if back else "DESC"
    sql = _LIST.format(letter=_LETTER, day=_DAY, way=way, wanted=" AND ".join(where) or "1")
    rows = register.rows(sql, {**parameters, "day": day, "id": number, "limit": limit + 1})
    more = len(rows) > limit
    rows = rows[:limit]
    if back:
        rows.reverse()
    after = _place("", rows[-1]) if rows and (back or more) else None
    before = _place("-", rows[0]) if rows and (more if back else at) else None
    return DispatchPage([{**row, "id": public_id("dispatch", row["id"])} for row in rows], after, before)


def dispatch_types(register: Register) -> list[str]:
    """The types that dispatches of the register have."""
    return [row["type"] for row in register.rows(_TYPES.format(letter=_LETTER))]


def _conditions(register: Register, wanted: DispatchFilter) -> tuple[list[str], dict[str, object]]:
    where: list[str] = []
    given: dict[str, object] = {}
    if parts := search_parts(wanted.text):
        where.append(_FOUND)
        given |= {"exact": exact_expression(parts), "folded": folded_expression(parts), "hits": MOST_HITS}
    if wanted.type:
        where.append("d.type = :type")
        given["type"] = wanted.type
    if wanted.number:
        where.append("d.number IS NOT NULL AND folded(replace(d.number, ' ', '')) LIKE :number ESCAPE '\\'")
        given["number"] = _literally(number_key(wanted.number)) + "%"
    if wanted.issuer:
        names = _names(register, wanted.issuer)
        where.append(f"d.issuer IN ({', '.join(f':issuer{n}' for n in range(len(names)))})")
        given |= {f"issuer{n}": name for n, name in enumerate(names)}
    for name, sign in (("issued_from", ">="), ("issued_to", "<=")):
        if day := checked_day(name, getattr(wanted, name) or None):
            where.append(f"{_DAY} {sign} :{name} AND {_DAY} <> ''")
            given[name] = day
    return where, given


def _names(register: Register, words: str) -> Sequence[str]:
    """Issuers whose name holds all the words, whatever their accents."""
    asked = fold(words).split()
    rows = register.rows("SELECT DISTINCT issuer FROM dispatches WHERE issuer IS NOT NULL")
    return [row["issuer"] for row in rows if all(word in fold(row["issuer"]) for word in asked)][:_MOST_NAMES]


def _literally(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _place(way: str, row: Row) -> str:
    return f"{way}D{row['id']}.{row['issued_on'] or ''}"


def _cursor(at: str) -> tuple[bool, str, int]:
    """Whether it leads back, and the day and the dispatch that the page stands beside."""
    name, _, day = at.removeprefix("-").partition(".")
    if not at:
        return False, "", 0
    try:
        if len(day) > 10 or not all(part.isdecimal() for part in day.split("-") if part):
            raise errors.WrongId(id=at, expected="D1")
        return at.startswith("-"), day, parse_id(name, "D")[1]
    except errors.WrongId as error:
        raise errors.InvalidValue(field="at", value=at[:40], allowed="...") from error
