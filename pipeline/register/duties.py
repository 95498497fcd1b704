"""Việc của từng cơ quan: the duties of a dispatch, kept in line with who leads its obligations.

A group counts as each of its members on the day of issue. A duty keeps its id, and with it what happened to it, when
the dispatch is read again or corrected: it is the same duty where its body is the same, or where its printed name is
much the same, or where an obligation had and has but one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from pipeline.register.bodies import Bodies
from pipeline.register.connection import Register, Row
from pipeline.register.identity import match
from pipeline.register.keys import words_key

if TYPE_CHECKING:
    from extractors.resolution import Context

Sort = Literal["body", "member", "group", "nobody"]


@dataclass(frozen=True, slots=True)
class Share:
    """What one body leads of an obligation; `body` is its row, None where nobody is named."""

    body: int | None
    printed: str | None
    sort: Sort


def refresh_duties(register: Register, dispatch_id: int, bodies: Bodies) -> None:
    """Let the duties of a dispatch be those of its leads as they stand now; inside a transaction."""
    context, on = _context(register, dispatch_id)
    old = _grouped(register, "SELECT * FROM duties WHERE obligation_id IN " + _OWN + " ORDER BY id", dispatch_id)
    leads = _grouped(register, _LEADS, dispatch_id)
    for row in register.rows("SELECT id FROM obligations WHERE dispatch_id = ? ORDER BY id", (dispatch_id,)):
        names = [lead["name"] for lead in leads.get(row["id"], ())]
        _write(register, row["id"], old.get(row["id"], []), list(_shares(names, on, context, bodies)))
    _write_involved(register, dispatch_id, dict.fromkeys(_involved(register, dispatch_id, on, context, bodies)))


Involved = tuple[int | None, int, str]


def _involved(
    register: Register, dispatch_id: int, on: str | None, context: Context, bodies: Bodies
) -> Iterator[Involved]:
    """Who takes part, and who gets the dispatch: (obligation, body, role). Recipients that are no registered body
    ("Lưu: VT") are left out."""
    for obligation, rows in _grouped(register, _COORDINATING, dispatch_id).items():
        for share in _shares([row["name"] for row in rows], on, context, bodies):
            if share.body is not None:
                yield obligation, share.body, "coordinating"
    for share in _shares(context.addressees, on, context, bodies):
        if share.body is not None:
            yield None, share.body, "informed"
    for body in _recipients(register, dispatch_id, on, context, bodies):
        yield None, body, "informed"


def _recipients(
    register: Register, dispatch_id: int, on: str | None, context: Context, bodies: Bodies
) -> Iterator[int]:
    from extractors.resolution import resolve

    for row in register.rows("SELECT name FROM recipients WHERE dispatch_id = ? ORDER BY position", (dispatch_id,)):
        for body in resolve(row["name"], on, context).bodies:
            yield bodies.of(body.id, body.name)


def _write_involved(register: Register, dispatch_id: int, wanted: Mapping[Involved, None]) -> None:
    old = register.rows(
        "SELECT obligation_id, body_id, role FROM involved WHERE dispatch_id = ? ORDER BY id", (dispatch_id,)
    )
    if [tuple(row.values()) for row in old] == list(wanted):
        return
    register.connection.execute("DELETE FROM involved WHERE dispatch_id = ?", (dispatch_id,))
    register.connection.executemany(
        "INSERT INTO involved (dispatch_id, obligation_id, body_id, role) VALUES (?, ?, ?, ?)",
        [(dispatch_id, *row) for row in wanted],
    )


_OWN = "(SELECT id FROM obligations WHERE dispatch_id = ?)"
_NAMES = f"""SELECT obligation_id, name FROM obligation_bodies
    WHERE role = '{{role}}' AND is_current AND obligation_id IN {_OWN} ORDER BY obligation_id, position, id"""
_LEADS = _NAMES.format(role="lead")
_COORDINATING = _NAMES.format(role="coordinating")


def _grouped(register: Register, sql: str, dispatch_id: int) -> dict[int, list[Row]]:
    out: dict[int, list[Row]] = {}
    for row in register.rows(sql, (dispatch_id,)):
        out.setdefault(row["obligation_id"], []).append(row)
    return out


def _context(register: Register, dispatch_id: int) -> tuple[Context, str | None]:
    from extractors.resolution import Context  # its lexicon is loaded only where something is saved

    row = register.one("SELECT issuer, place, issued_on FROM dispatches WHERE id = ?", (dispatch_id,)) or {}
    to = register.rows(
        "SELECT name FROM addressees WHERE dispatch_id = ? AND is_current ORDER BY position, id", (dispatch_id,)
    )
    return Context(row["issuer"], row["place"], tuple(entry["name"] for entry in to)), row["issued_on"]


def _shares(names: Sequence[str], on: str | None, context: Context, bodies: Bodies) -> Iterator[Share]:
    """One share a body, in the order of the leads."""
    from extractors.resolution import resolve

    seen: set[int | None] = set()
    for name in names:
        found = resolve(name, on, context)
        sort: Sort = "member" if found.sort == "group" else "body"
        shares = [Share(bodies.of(body.id, body.name), name, sort) for body in found.bodies]
        shares += [Share(bodies.id(rest), rest, _sort_of(rest, found.sort)) for rest in found.rest]
        for share in shares:
            if share.body not in seen:
                seen.add(share.body)
                yield share
    if not seen:
        yield Share(None, None, "nobody")


@lru_cache(maxsize=20_000)
def _sort_of(name: str, resolved: str) -> Sort:
    """Whether a name for which no body can be named means several ("the units concerned")."""
    from extractors.agencies import find_bodies

    found = find_bodies(name)
    is_common = bool(found) and found[0].start == 0 and found[0].rule == "agency.group"
    return "group" if resolved == "group" or is_common else "body"


def _write(register: Register, obligation_id: int, old: list[Row], shares: list[Share]) -> None:
    kept = _matched(old, shares)
    run = register.connection.execute
    for row in old:
        if row["is_current"] and row["id"] not in kept.values():
            run("UPDATE duties SET is_current = 0 WHERE id = ?", (row["id"],))
    by_id = {row["id"]: row for row in old}
    for n, share in enumerate(shares):
        values = (share.body, share.printed, share.sort)
        if n not in kept:
            run(
                "INSERT INTO duties (obligation_id, body_id, printed, sort) VALUES (?, ?, ?, ?)",
                (obligation_id, *values),
            )
        elif tuple(by_id[kept[n]][key] for key in ("body_id", "printed", "sort", "is_current")) != (*values, 1):
            run(
                "UPDATE duties SET body_id = ?, printed = ?, sort = ?, is_current = 1 WHERE id = ?",
                (*values, kept[n]),
            )


def _matched(old: list[Row], shares: list[Share]) -> dict[int, int]:
    """Indices of `shares` -> ids of the duties that they are."""
    by_body: dict[int | None, Row] = {}
    for row in sorted(old, key=lambda row: (not row["is_current"], row["id"])):
        by_body.setdefault(row["body_id"], row)
    kept = {n: by_body[share.body]["id"] for n, share in enumerate(shares) if share.body in by_body}
    rest_new = [n for n, share in enumerate(shares) if n not in kept and share.sort != "member"]
    rest_old = [row for row in old if row["is_current"] and row["sort"] != "member" and row["id"] not in kept.values()]
    pairs = match([_key(row["printed"]) for row in rest_old], [_key(shares[n].printed) for n in rest_new])
    if len(rest_old) == len(rest_new) == 1:
        pairs = {0: 0}
    return kept | {rest_new[j]: rest_old[i]["id"] for j, i in pairs.items()}


def _key(printed: str | None) -> str:
    return words_key(printed or "")
