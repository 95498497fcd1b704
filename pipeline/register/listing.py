"""Obligations and what is late on a day: derived for that day, never stored."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from extractors.calendar import vietnam
from extractors.text import fold
from pipeline.errors import InvalidValue
from pipeline.register.anchoring import ANCHOR_DAY
from pipeline.register.chaining import add_follow_ups
from pipeline.register.connection import Register, Row
from pipeline.register.ids import parse_id, public_id
from pipeline.register.keys import words_key
from pipeline.register.naming import find_dispatch
from pipeline.register.querying import checked_day, search_parts
from pipeline.register.searching import expressions

Policy = Literal["strict", "lenient"]
State = Literal["overdue", "upcoming", "no_day", "closed", "target"]
Role = Literal["lead", "coordinating", "informed"]
Window = Literal["late", "week", "month", "quarter", "later", "no_day"]
Told = tuple[State, int | None]

# A length counts anew where a person has given the day of issue since, or the office has days off of its own; and
# from a day that was given for it. Else, and where a person settled the day itself, its own day holds.
_DUE = f"""CASE
    WHEN l.kind NOT IN ('relative', 'event') OR EXISTS (SELECT 1 FROM settled_fields f
        WHERE f.target = 'deadline' AND f.target_id = l.id AND f.field = 'due') THEN l.due
    WHEN l.kind = 'event' THEN coalesce({ANCHOR_DAY}, l.due)
    WHEN l.offset_anchor = 'issue' AND l.due IS NOT NULL AND NOT :own_days AND NOT EXISTS (SELECT 1 FROM obligations o
        JOIN settled_fields f ON f.target = 'dispatch' AND f.target_id = o.dispatch_id AND f.field = 'issued_on'
        WHERE o.id = l.obligation_id) THEN l.due
    WHEN l.offset_anchor = 'issue' THEN coalesce(counted_day((SELECT d.issued_on FROM obligations o
        JOIN dispatches d ON d.id = o.dispatch_id WHERE o.id = l.obligation_id AND length(d.issued_on) = 10),
        l.offset_amount, l.offset_unit), l.due)
    WHEN l.offset_anchor = 'date' THEN l.due
    ELSE coalesce(counted_day({ANCHOR_DAY}, l.offset_amount, l.offset_unit), l.due)
END"""
# The last day on time. "Before D" is literally over on D (strict); many offices count D as the last day (lenient). A
# period's `due` is its last day already. A recurring limit has a next day, not a last one; none here.
LIMITS = f"""
    SELECT l.*, CASE
        WHEN l.kind = 'recurring' THEN NULL
        WHEN :strict AND l.boundary = 'before' AND l.kind <> 'period' THEN date(l.due, '-1 day')
        ELSE l.due
    END AS last_day
    FROM (SELECT l.id, l.obligation_id, l.position, l.quote, l.kind, {_DUE} AS due, l.start, l.boundary, l.rrule,
        l.offset_amount, l.offset_unit, l.offset_anchor, l.page, l.confidence
        FROM deadlines l WHERE l.status = 'current') l
"""
_TASKS = f"""
WITH limits AS ({LIMITS}), tasks AS MATERIALIZED (
    SELECT o.*, d.number, d.issuer, d.type, d.issued_on, d.subject, o.check_rule IS NOT '' AS checkable,
        (SELECT min(due) FROM limits l WHERE l.obligation_id = o.id AND l.last_day IS NOT NULL) AS due,
        (SELECT min(last_day) FROM limits l WHERE l.obligation_id = o.id) AS first_day,
        (SELECT max(last_day) FROM limits l WHERE l.obligation_id = o.id) AS final_day
    FROM current_obligations o JOIN dispatches d ON d.id = o.letter_id
    WHERE {{where}}
), states AS (
    SELECT *, CASE
        WHEN kind = 'target' THEN 'target'
        WHEN told_state(id) IS NOT NULL THEN told_state(id)
        WHEN first_day < :as_of THEN 'overdue'
        WHEN final_day IS NOT NULL THEN 'upcoming'
        ELSE 'no_day'
    END AS state FROM tasks
)
"""
_LISTED = """
, listed AS (
    SELECT * FROM states s WHERE :state IS NULL OR s.state = :state
    ORDER BY NOT s.checkable, s.due IS NULL, s.due, s.letter_id, s.position, s.id LIMIT :limit
)
SELECT s.*,
    CASE WHEN told_state(s.id) IS NOT NULL THEN told_late(s.id)
        WHEN s.state = 'overdue' THEN CAST(julianday(:as_of) - julianday(s.first_day) AS INTEGER) END AS days_late,
    (SELECT json_group_array(name) FROM (SELECT name FROM obligation_bodies b
        WHERE b.obligation_id = s.id AND b.role = 'lead' AND b.is_current ORDER BY b.position, b.id)) AS lead,
    (SELECT json_group_array(name) FROM (SELECT name FROM obligation_bodies b
        WHERE b.obligation_id = s.id AND b.role = 'coordinating' AND b.is_current ORDER BY b.position, b.id)
    ) AS coordinating,
    (SELECT json_group_array(json_object('id', 'L' || id, 'quote', quote, 'kind', kind, 'due', due, 'start', start,
        'boundary', boundary, 'rrule', rrule, 'offset_amount', offset_amount, 'offset_unit', offset_unit,
        'offset_anchor', offset_anchor, 'last_day', last_day, 'page', page, 'confidence', confidence))
        FROM (SELECT * FROM limits l WHERE l.obligation_id = s.id ORDER BY l.position, l.id)) AS deadlines,
    (SELECT json_group_array(DISTINCT 'D' || k.dispatch_id) FROM same_obligations x
        JOIN merge_proposals p ON p.id = x.proposal_id AND p.status <> 'rejected'
        JOIN obligations k ON k.id = x.duplicate_id WHERE x.obligation_id = s.id) AS copies,
    EXISTS (SELECT 1 FROM settled_fields f
        WHERE f.target = 'obligation' AND f.target_id = s.id AND f.field = '*') AS confirmed
FROM listed s
ORDER BY NOT s.checkable, s.due IS NULL, s.due, s.letter_id, s.position, s.id
"""
# nobody is named in the dispatch, and nobody has said since who leads
UNNAMED = """NOT o.lead_stated AND NOT EXISTS (SELECT 1 FROM settled_fields f
    WHERE f.target = 'obligation' AND f.target_id = o.id AND f.field IN ('lead', '*'))"""
_PLAIN = ("number", "issuer", "type", "issued_on", "quote", "label", "kind", "modality")


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """What to list; None does not restrict. Names and text are compared without accents and case.

    body: words of a lead or coordinating body's name, or its canonical id; issuer: words of the issuer's name or its
    id; type: of the dispatch; issued and due ranges are ISO days, both ends included; text: as in `search`; dispatch:
    an id or a printed number; checkable: duties by which something shows that they were done, or exhortations only;
    unnamed: only those of which the dispatch does not say who leads and nobody has said since; year: of issue; role:
    what `body` is in it (without a body it restricts nothing); duty: an id ("T5", "T5@2026Q1").

    Of duties on a day: standing (where it stands: "waiting", "reported" ...), timeliness ("late", "soon" ...), window:
    open ones by their last day in force: over ("late"), within 7, 30, 90 days or "later", each without those before;
    "no_day": none is known.
    """

    body: str | None = None
    issuer: str | None = None
    type: str | None = None
    issued_from: str | None = None
    issued_to: str | None = None
    due_from: str | None = None
    due_to: str | None = None
    text: str | None = None
    state: State | None = None
    kind: Literal["task", "target"] | None = None
    dispatch: str | None = None
    checkable: bool | None = None
    unnamed: bool = False
    year: int | None = None
    role: Role | None = None
    duty: str | None = None
    standing: str | None = None
    timeliness: str | None = None
    window: Window | None = None

    @property
    def of_duties(self) -> TaskFilter:
        """The same without what is only known of a duty on a day: its body and how it stands."""
        return replace(self, body=None, role=None, standing=None, timeliness=None, window=None)


def tasks(
    register: Register,
    filter: TaskFilter | None = None,
    *,
    as_of: str,
    policy: Policy = "strict",
    limit: int | None = None,
    told: Mapping[int, Told] | None = None,
) -> list[Row]:
    """Obligations, exhortations last, soonest due first: id ("O12"), dispatch ("D3"), number, issuer, type, issued_on,
    quote, label, kind, modality, lead, coordinating, lead_stated, checkable, check (the words that show it), deadlines
    [{id, quote, kind, due, start, boundary, rrule, offset, last_day, page, confidence}], due, state, days_late (None
    unless overdue; of its earliest limit), page, confidence, confirmed, copies (dispatches that look like or are copies
    of this letter and hold the same obligation)."""
    _tell(register, told)
    where, parameters = conditions(register, filter or TaskFilter(), as_of, policy)
    state = filter.state if filter else None
    rows = register.rows(
        _TASKS.format(where=where) + _LISTED,
        {**parameters, "state": state, "limit": -1 if limit is None else limit},
    )
    found = [_task(row) for row in rows]
    add_follow_ups(register, found)
    return found


def count_states(
    register: Register,
    filter: TaskFilter | None = None,
    *,
    as_of: str,
    policy: Policy = "strict",
    told: Mapping[int, Told] | None = None,
) -> dict[str, int]:
    """How many obligations are in each state on a day; `told` as in `tasks`."""
    _tell(register, told)
    where, parameters = conditions(register, filter or TaskFilter(), as_of, policy)
    rows = register.rows(
        f"{_TASKS.format(where=where)} SELECT state, count(*) AS n FROM states GROUP BY state", parameters
    )
    return {row["state"]: row["n"] for row in rows}


def _tell(register: Register, told: Mapping[int, Told] | None) -> None:
    """Let the next query ask how obligations stand by what happened to them."""
    known = told or {}
    unknown = (None, None)
    register.connection.create_function("told_state", 1, lambda number: known.get(number, unknown)[0])
    register.connection.create_function("told_late", 1, lambda number: known.get(number, unknown)[1])


def _task(row: Row) -> Row:
    return {
        "id": public_id("obligation", row["id"]),
        "dispatch": public_id("dispatch", row["letter_id"]),
        **{key: row[key] for key in _PLAIN},
        "lead": json.loads(row["lead"]),
        "coordinating": json.loads(row["coordinating"]),
        "lead_stated": bool(row["lead_stated"]),
        "checkable": bool(row["checkable"]),
        "check": row["check_quote"],
        "deadlines": [_deadline(d) for d in json.loads(row["deadlines"])],
        **{key: row[key] for key in ("due", "state", "days_late", "page", "confidence")},
        "confirmed": bool(row["confirmed"]),
        "copies": json.loads(row["copies"]),
    }


def _deadline(row: Row) -> Row:
    amount, unit, anchor = (row.pop(f"offset_{part}") for part in ("amount", "unit", "anchor"))
    row["offset"] = None if amount is None else {"amount": amount, "unit": unit, "anchor": anchor}
    return row


# ------------------------------------------------------------------------------------------------ conditions

_NAMED = """EXISTS (SELECT 1 FROM obligation_bodies b LEFT JOIN bodies y ON y.id = b.body_id
    WHERE b.obligation_id = o.id AND b.is_current AND b.role = coalesce(:role, b.role)
    AND (y.canonical_id = :body COLLATE NOCASE OR b.name IN (SELECT value FROM json_each(:body_names))
        OR b.body_id IN (SELECT value FROM json_each(:body_ids))))"""
_LEADING = """o.id IN (SELECT obligation_id FROM duties
    WHERE is_current AND body_id IN (SELECT value FROM json_each(:known)))"""
_TAKING_PART = "o.id IN (SELECT obligation_id FROM involved WHERE body_id IN (SELECT value FROM json_each(:known)))"
_INFORMED = """o.dispatch_id IN (SELECT dispatch_id FROM involved
    WHERE role = 'informed' AND body_id IN (SELECT value FROM json_each(:body_ids)))"""
_BODY: dict[str | None, str] = {
    None: f"{_NAMED} OR {_LEADING} OR {_TAKING_PART}",
    "lead": f"{_NAMED} OR {_LEADING}",
    "coordinating": f"{_NAMED} OR {_TAKING_PART}",
    "informed": _INFORMED,
}
_ISSUER = """(d.issuer IN (SELECT value FROM json_each(:issuer_names))
    OR d.issuer_id IN (SELECT id FROM bodies WHERE canonical_id = :issuer COLLATE NOCASE)
    OR d.issuer_id IN (SELECT value FROM json_each(:issuer_ids)))"""
_DUE_BETWEEN = """EXISTS (SELECT 1 FROM limits l WHERE l.obligation_id = o.id AND l.last_day IS NOT NULL
    AND l.due >= coalesce(:due_from, l.due) AND l.due <= coalesce(:due_to, l.due))"""
_TEXT = """o.id IN (
    SELECT e.obligation_id FROM search_entries e WHERE e.obligation_id IS NOT NULL AND e.id IN (
        SELECT rowid FROM search_exact WHERE search_exact MATCH :exact
        UNION SELECT rowid FROM search_folded WHERE search_folded MATCH :folded)
) OR o.dispatch_id IN (
    SELECT e.dispatch_id FROM search_entries e WHERE e.obligation_id IS NULL AND e.id IN (
        SELECT rowid FROM search_folded WHERE search_folded MATCH '{number issuer subject} : (' || :folded || ')')
)"""


def conditions(register: Register, f: TaskFilter, as_of: str, policy: Policy) -> tuple[str, dict[str, Any]]:
    if policy not in ("strict", "lenient"):
        raise InvalidValue(field="policy", value=policy, allowed="strict, lenient")
    parameters: dict[str, Any] = {
        "as_of": checked_day("as_of", as_of),
        "strict": policy == "strict",
        "own_days": register.calendar != vietnam(),
    }
    where = ["1"]
    for sql, values in (*_name_conditions(register, f), *_day_conditions(f), *_other_conditions(register, f)):
        where.append(f"({sql})")
        parameters.update(values)
    return " AND ".join(where), parameters


def _name_conditions(register: Register, f: TaskFilter) -> Iterator[tuple[str, dict[str, Any]]]:
    if f.body is not None:
        names = _names_with(register, "obligation_bodies", "name", f.body)
        ids = body_ids_with(register, f.body)
        known = _known_bodies(register, f.body)  # of groups they are members ("UBND các tỉnh")
        yield (
            _BODY[f.role],
            {
                "role": f.role,
                "body": f.body.strip(),
                "body_names": json.dumps(names),
                "body_ids": json.dumps([*ids, *known]),
                "known": json.dumps(known),
            },
        )
    if f.issuer is not None:
        names = _names_with(register, "dispatches", "issuer", f.issuer)
        ids = body_ids_with(register, f.issuer)
        yield _ISSUER, {"issuer": f.issuer.strip(), "issuer_names": json.dumps(names), "issuer_ids": json.dumps(ids)}


def _names_with(register: Register, table: str, column: str, words: str) -> list[str]:
    key = f" {words_key(words)} "
    rows = register.rows(f"SELECT DISTINCT {column} AS name FROM {table} WHERE {column} IS NOT NULL")
    return [row["name"] for row in rows if key in f" {words_key(row['name'])} "]


def _known_bodies(register: Register, name: str) -> list[int]:
    """The rows of the bodies that ever bore a name, under any of its spellings, or whose id it is."""
    from extractors.agencies_identity import identities  # its lexicon is loaded only where a name is asked for

    codes = json.dumps([*identities(name), name.strip().upper()])
    rows = register.rows("SELECT id FROM bodies WHERE canonical_id IN (SELECT value FROM json_each(?))", (codes,))
    return [row["id"] for row in rows]


def body_ids_with(register: Register, words: str) -> list[int]:
    """The rows of bodies whose names hold these words one after the other."""
    key = f"% {words_key(words)} %"
    rows = register.rows("SELECT id FROM bodies WHERE ' ' || name_key || ' ' LIKE ?", (key,))
    return [row["id"] for row in rows]


def _day_conditions(f: TaskFilter) -> Iterator[tuple[str, dict[str, Any]]]:
    # A day that is only printed as month or year is compared as far as it is printed.
    if f.issued_from is not None:
        yield (
            "d.issued_on >= substr(:issued_from, 1, length(d.issued_on))",
            {"issued_from": checked_day("issued_from", f.issued_from)},
        )
    if f.issued_to is not None:
        yield (
            "d.issued_on <= substr(:issued_to, 1, length(d.issued_on))",
            {"issued_to": checked_day("issued_to", f.issued_to)},
        )
    if f.due_from is not None or f.due_to is not None:
        yield _DUE_BETWEEN, {"due_from": checked_day("due_from", f.due_from), "due_to": checked_day("due_to", f.due_to)}


def _other_conditions(register: Register, f: TaskFilter) -> Iterator[tuple[str, dict[str, Any]]]:
    if f.type is not None:
        yield "folded(d.type) = :type", {"type": fold(f.type.strip())}
    if f.kind is not None:
        yield "o.kind = :kind", {"kind": f.kind}
    if f.checkable is not None:
        yield "(o.check_rule IS NOT '') = :checkable", {"checkable": f.checkable}
    if f.unnamed:
        yield UNNAMED, {}
    if f.year is not None:
        yield "substr(d.issued_on, 1, 4) = :year", {"year": f"{f.year:04d}"}
    if f.standing or f.timeliness or f.window:
        yield "told_state(o.id) IS NOT NULL", {}
    if f.duty is not None:
        number = parse_id(f.duty.strip().partition("@")[0], "T")[1]
        yield "o.id IN (SELECT obligation_id FROM duties WHERE id = :duty)", {"duty": number}
    if f.dispatch is not None:
        yield ":dispatch IN (o.letter_id, o.dispatch_id)", {"dispatch": find_dispatch(register, f.dispatch)}
    if f.text is not None:
        parts = search_parts(f.text)
        yield (_TEXT, expressions(parts)) if parts else ("0", {})
