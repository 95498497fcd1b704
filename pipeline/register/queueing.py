"""Hàng chờ: what waits for a person, page by page, least certain first, at any size of the register."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from pipeline import errors
from pipeline.register.connection import Register, Row
from pipeline.register.ids import public_id
from pipeline.register.listing import UNNAMED
from pipeline.register.reviewing import DOUBTFUL, OPEN_ISSUE, REVIEW

ISSUE = "issue"
MOST_COUNTED = 1000  # of each kind
# Issues have no confidence: they stand behind all that has one.
_ISSUES = f"""
SELECT 'issue' AS what, 'I' || i.id AS id, NULL AS field, i.quote AS value, 1.0 AS confidence, i.dispatch_id, i.page,
    i.span_start, i.span_end, i.code AS rule, i.message AS why
FROM issues i JOIN dispatches d ON d.id = i.dispatch_id AND d.removed_at IS NULL WHERE {OPEN_ISSUE}
"""
_COLUMNS = "what, id, field, value, confidence, dispatch_id, page, span_start, span_end, rule, why"
# The number of a row, so that O9 stands before O10.
_KEY = ("confidence", "coalesce(dispatch_id, 0)", "CAST(substr(id, 2) AS INTEGER)", "coalesce(field, '')")
_SOURCES = (*REVIEW, (ISSUE, _ISSUES))
WHATS = tuple(dict.fromkeys(name for name, _ in _SOURCES))
_NUMBERS = (
    "SELECT id, number, type, issued_on, issuer, subject FROM dispatches WHERE id IN (SELECT value FROM json_each(?))"
)

Key = tuple[float, int, int, int, str]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Rows as of `review` (what may be "issue" too: its code as `rule`, its words as `why`, without a confidence), each
    with `letter` (number, type, issued_on, issuer, subject of its dispatch) and `key`; the cursors of the pages behind
    and before, None where there is none."""

    rows: list[Row]
    next: str | None
    previous: str | None


def waiting_page(register: Register, *, what: str = "", at: str = "", limit: int = 25) -> Waiting:
    """One page of what waits for a person: of one sort, or of all. `at` is a cursor of another page of the same list.
    Raises InvalidValue for a sort or a cursor that cannot be."""
    if what and what not in WHATS:
        raise errors.InvalidValue(field="what", value=what[:40], allowed=", ".join(WHATS))
    is_back, key = _read(at)
    found: list[tuple[Key, Row]] = []
    for place, (name, sql) in enumerate(_SOURCES):
        if what in ("", name):
            found += _of_source(register, place, sql, key, is_back, limit + 1)
    return _cut(register, found, is_back, key, limit)


def _cut(register: Register, found: list[tuple[Key, Row]], is_back: bool, key: Key | None, limit: int) -> Waiting:
    found.sort(key=lambda one: one[0], reverse=is_back)
    is_more, found = len(found) > limit, found[:limit]
    if is_back:
        found.reverse()
    after = found and (is_back or is_more)
    before = found and (is_more if is_back else key is not None)
    rows = [{**row, "key": _cursor(own, False)} for own, row in found]
    _add_letters(register, rows)
    return Waiting(
        rows, _cursor(found[-1][0], False) if after else None, _cursor(found[0][0], True) if before else None
    )


def waiting_row(register: Register, what: str, target: str, field: str = "") -> Row | None:
    """One row of the list, None where it waits no more."""
    for name, sql in _SOURCES:
        if name == what:
            rows = register.rows(
                f"{_rows_of(sql)} SELECT * FROM r WHERE id = :id AND coalesce(field, '') = :field LIMIT 1",
                {"id": target, "field": field},
            )
            if rows:
                shown = [_shown(rows[0])]
                _add_letters(register, shown)
                return shown[0]
    return None


def count_waiting(register: Register) -> dict[str, int]:
    """How many rows there are of each sort; no more than MOST_COUNTED of each are counted."""
    counts = dict.fromkeys(WHATS, 0)
    for name, sql in _SOURCES:
        row = register.one(f"{_rows_of(sql)} SELECT count(*) AS n FROM (SELECT 1 FROM r LIMIT {MOST_COUNTED})")
        counts[name] = min(MOST_COUNTED, counts[name] + int(row["n"] if row else 0))
    return counts


def count_waiting_in(register: Register, dispatch: int) -> int:
    """How many rows of `waiting_page` are about one dispatch, by its number."""
    rows = (
        register.one(f"{_rows_of(sql)} SELECT count(*) AS n FROM r WHERE dispatch_id = ?", (dispatch,))
        for _, sql in _SOURCES
    )
    return sum(int(row["n"]) for row in rows if row)


_UNNAMED_PAGE = f"""
SELECT o.id, o.quote, o.confidence, o.letter_id AS dispatch_id, o.page, o.span_start, o.span_end, o.rule,
    (SELECT json_group_array(name) FROM (SELECT name FROM obligation_bodies b
        WHERE b.obligation_id = o.id AND b.role = 'lead' AND b.is_current ORDER BY b.position, b.id)) AS lead
FROM current_obligations o WHERE {UNNAMED} AND {{beside}} ORDER BY o.id {{way}} LIMIT :most
"""
_DUTIES_FIRST = ("o.check_rule IS NOT ''", "o.check_rule IS ''")


def unnamed_page(register: Register, *, at: str = "", limit: int = 25) -> Waiting:
    """One page of the obligations that name nobody, duties first: rows as of `unnamed`, and `letter`, `key`. Raises
    InvalidValue."""
    is_back, key = _read(at)
    found: list[tuple[Key, Row]] = []
    for place, sort in enumerate(_DUTIES_FIRST):
        if key is None or place == key[1] or (place < key[1]) == is_back:
            bound = key is not None and place == key[1]
            beside = f"{sort} AND o.id {'<' if is_back else '>'} :id" if bound else sort
            rows = register.rows(
                _UNNAMED_PAGE.format(beside=beside, way="DESC" if is_back else ""),
                {"id": key[3] if key else 0, "most": limit + 1},
            )
            found += [((0.0, place, 0, row["id"], ""), _unnamed(row)) for row in rows]
    return _cut(register, found, is_back, key, limit)


def count_unnamed_page(register: Register) -> int:
    """How many rows `unnamed_page` goes through; no more than MOST_COUNTED are counted."""
    row = register.one(
        f"SELECT count(*) AS n FROM (SELECT 1 FROM current_obligations o WHERE {UNNAMED} LIMIT {MOST_COUNTED})"
    )
    return int(row["n"]) if row else 0


def _unnamed(row: Row) -> Row:
    shown = _shown(
        {**row, "what": "lead", "id": public_id("obligation", row["id"]), "field": "lead", "why": None, "value": ""}
    )
    return {**shown, "value": "; ".join(json.loads(row["lead"])), "quote": row["quote"]}


def _rows_of(sql: str) -> str:
    """A source as the table `r`. The confidence stands in its words: so the indexes of what is doubtful are found."""
    return f"WITH r ({_COLUMNS}) AS ({sql.replace(':below', str(DOUBTFUL))})"


def _of_source(
    register: Register, place: int, sql: str, key: Key | None, is_back: bool, most: int
) -> list[tuple[Key, Row]]:
    """The first rows of one source beside a key."""
    where, parameters = "1", dict[str, Any]()
    if key is not None:
        where, parameters = _beside(place, key, is_back)
    way = " DESC" if is_back else ""
    order = ", ".join(f"{part}{way}" for part in ("confidence", "dispatch_id", *_KEY[2:]))
    rows = register.rows(f"{_rows_of(sql)} SELECT * FROM r WHERE {where} ORDER BY {order} LIMIT {most}", parameters)
    return [
        ((row["confidence"], place, row["dispatch_id"] or 0, int(row["id"][1:]), row["field"] or ""), _shown(row))
        for row in rows
    ]


def _beside(place: int, key: Key, is_back: bool) -> tuple[str, dict[str, Any]]:
    """The condition of rows of a source behind (or before) a key of any source."""
    confidence, at, *rest = key
    less = "<" if is_back else ">"
    if place != at:
        is_whole = (place < at) if is_back else (place > at)
        return f"confidence {less}{'=' if is_whole else ''} :confidence", {"confidence": confidence}
    values = dict(zip(("confidence", "dispatch", "number", "field"), (confidence, *rest), strict=True))
    return (
        f"confidence {less}= :confidence AND ({', '.join(_KEY)}) {less} (:confidence, :dispatch, :number, :field)",
        values,
    )


def _shown(row: Row) -> Row:
    is_issue = row["what"] == ISSUE
    return {
        **{key: row[key] for key in ("what", "id", "field", "value")},
        "confidence": None if is_issue else row["confidence"],
        "dispatch": row["dispatch_id"] and public_id("dispatch", row["dispatch_id"]),
        "page": row["page"],
        "span": None if row["span_start"] is None else [row["span_start"], row["span_end"]],
        **{key: row[key] for key in ("rule", "why")},
    }


def _add_letters(register: Register, rows: list[Row]) -> None:
    numbers = [int(row["dispatch"][1:]) for row in rows if row["dispatch"]]
    letters = {f"D{row['id']}": row for row in register.rows(_NUMBERS, (json.dumps(numbers),))}
    for row in rows:
        row["letter"] = letters.get(row["dispatch"])


def _cursor(key: Key, is_back: bool) -> str:
    return f"{'-' if is_back else ''}{'~'.join(map(str, key))}"


def _read(at: str) -> tuple[bool, Key | None]:
    if not at:
        return False, None
    try:
        confidence, place, dispatch, number, field = at.removeprefix("-").split("~")
        key = (float(confidence), int(place), int(dispatch), int(number), field)
    except ValueError as error:
        raise errors.InvalidValue(field="at", value=at[:40], allowed="...") from error
    if not (0 <= key[0] <= 1 and all(0 <= part < 1 << 62 for part in key[1:4]) and len(field) < 60):
        raise errors.InvalidValue(field="at", value=at[:40], allowed="...")
    return at.startswith("-"), key
