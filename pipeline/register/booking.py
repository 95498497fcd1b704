"""Sổ văn bản đến: the rows of the books of what came in, by their numbers of arrival, one series a year."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from pipeline.register.connection import Register, Row, translated
from pipeline.register.ids import public_id
from pipeline.register.keys import words_key
from pipeline.register.listing import LIMITS, Policy, TaskFilter, conditions

_PATH = """(SELECT p.path FROM file_paths p WHERE p.file_id = d.file_id AND p.is_current AND p.container_id IS NULL
    ORDER BY p.id LIMIT 1) AS path"""
_FIELDS = f"d.type, d.number, d.symbol, d.issued_on, d.issuer, d.subject, d.urgency, {_PATH}"
# The entry of a copy of a letter stands in the book like any other.
_ENTERED = f"""
SELECT d.id AS letter, a.year, a.day, a.number AS arrival, {_FIELDS}
FROM arrivals_in_force a
JOIN dispatches own ON own.id = a.dispatch_id
JOIN current_dispatches d ON d.id = coalesce(own.merged_into, own.id)
WHERE a.day <= :as_of AND a.year = coalesce(:year, a.year) AND {{wanted}}
ORDER BY a.year, a.number
"""
_NOT_ENTERED = f"""
SELECT d.id AS letter, NULL AS year, NULL AS day, NULL AS arrival, {_FIELDS}
FROM current_dispatches d
WHERE d.id NOT IN (SELECT coalesce(own.merged_into, own.id) FROM arrivals_in_force a
    JOIN dispatches own ON own.id = a.dispatch_id WHERE a.day <= :as_of)
    AND coalesce(d.issued_on, '') <= :as_of
    AND coalesce(substr(d.issued_on, 1, 4) = :year, :year IS NULL) AND {{wanted}}
ORDER BY d.issued_on IS NULL, d.issued_on, d.id
"""
# By way of the letter's own dispatch and its copies: of each letter's obligations none other is looked at.
_WANTED = """d.id IN (SELECT d.id FROM dispatches d
    LEFT JOIN dispatches own ON own.id = d.id OR own.merged_into = d.id
    LEFT JOIN (SELECT o.* FROM current_obligations o) o ON o.dispatch_id = own.id AND o.letter_id = d.id
    WHERE {where})"""
_LETTERS = f"""
SELECT d.id, d.symbol, d.signer_title, d.signer_name, {_PATH} FROM dispatches d
WHERE d.id IN (SELECT value FROM json_each(?))
"""


def entered(
    register: Register, wanted: TaskFilter, *, as_of: str, policy: Policy, year: int | None = None
) -> Iterator[Row]:
    """What is in the book by a day, of one year or of all, by number of arrival: letter (its number in the register),
    dispatch ("D3"), year, day, arrival, type, number, symbol, issued_on, issuer, subject, urgency, path (of its file;
    None where it lies in an archive or mail). Read one by one. Filters on tasks hold for letters with such a task."""
    yield from _letters(register, _ENTERED, wanted, as_of, policy, year)


def not_entered(
    register: Register,
    wanted: TaskFilter,
    *,
    as_of: str,
    policy: Policy,
    year: int | None = None,
    own: str | None = None,
) -> Iterator[Row]:
    """The same of what has no number of arrival by a day, by day of issue; but for what the office `own` issued."""
    for row in _letters(register, _NOT_ENTERED, wanted, as_of, policy, year):
        if not own or words_key(row["issuer"] or "") != words_key(own):
            yield row


def signers(register: Register, letters: Iterable[int]) -> dict[int, Row]:
    """Who signed letters and where their files lie, by number: symbol, signer_title, signer_name, path."""
    return {row["id"]: row for row in register.rows(_LETTERS, (json.dumps(sorted(set(letters))),))}


def _letters(
    register: Register, sql: str, wanted: TaskFilter, as_of: str, policy: Policy, year: int | None
) -> Iterator[Row]:
    where, parameters = conditions(register, wanted, as_of, policy)
    limits = f"WITH limits AS ({LIMITS}) " if "limits" in where else ""
    named = "1" if wanted == TaskFilter() else _WANTED.format(where=where)
    year_word = str(year) if year and sql is _NOT_ENTERED else year
    with translated(register.path):
        for row in register.connection.execute(
            limits + sql.format(wanted=named), {**parameters, "as_of": as_of, "year": year_word}
        ):
            yield {"dispatch": public_id("dispatch", row["letter"]), **dict(row)}
