"""Việc của cơ quan: what binds one body on a day, by its role: it leads, it takes part, or it is told."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from pipeline.errors import NoSuchBody
from pipeline.followup.explaining import first_day
from pipeline.followup.holders import Holders, is_gazetted
from pipeline.followup.owed import Owed
from pipeline.followup.picking import is_open
from pipeline.followup.quickly import owed_quickly
from pipeline.followup.settings import Settings
from pipeline.followup.views import as_rows, by_day
from pipeline.register import Register, Row, TaskFilter, public_id
from pipeline.register.owing import body_rows

_TAKES_PART = """SELECT DISTINCT i.obligation_id AS id FROM involved i
WHERE i.role = 'coordinating' AND i.body_id IN (SELECT value FROM json_each(?))"""
_TOLD = """SELECT DISTINCT d.id, d.number, d.type, d.issued_on, d.issuer, d.subject FROM involved i
JOIN dispatches own ON own.id = i.dispatch_id AND own.removed_at IS NULL
JOIN current_dispatches d ON d.id = coalesce(own.merged_into, own.id)
WHERE i.role = 'informed' AND i.body_id IN (SELECT value FROM json_each(?))
ORDER BY d.issued_on DESC, d.id DESC"""


@dataclass(frozen=True, slots=True)
class Agenda:
    """What binds a body: rows of `as_rows` where it leads (`lead`, chủ trì) and where others lead and it takes part
    (`coordinating`, phối hợp), each soonest first; and dispatches that it only gets (`informed`, để biết), newest
    first: dispatch, number, type, issued_on, issuer, subject. `bodies` are the names that were meant."""

    bodies: tuple[str, ...]
    lead: list[Row]
    coordinating: list[Row]
    informed: list[Row]


def agenda(register: Register, name: str, settings: Settings, *, as_of: date, closed: bool = False) -> Agenda:
    """What binds a body on a day, by its name, a code or words of its name; with `closed` also what is over.

    A body that took over from others has theirs too. Raises NoSuchBody.
    """
    bodies = body_rows(register)
    holders = Holders(bodies)
    meant = holders.meant(name, as_of)
    if not meant and not is_gazetted(name):
        raise NoSuchBody(name=name)
    keys = holders.named(name, as_of)
    rows = {number for number in bodies if holders.at(number, as_of).key in keys}
    own = owed_quickly(register, TaskFilter(body=name, role="lead"), settings, as_of=as_of)
    own = [one for one in own if one.holder.key in keys]
    part = _obligations(register, rows) - {one.obligation for one in own}
    beside = owed_quickly(register, TaskFilter(), settings, as_of=as_of, of=part)
    letters = {one.letter for one in (*own, *beside)}
    names = dict.fromkeys(one.name or "" for one in meant)
    return Agenda(
        bodies=tuple(names) or (name,),
        lead=_listed(register, own, closed),
        coordinating=_listed(register, beside, closed),
        informed=_informed(register, rows, letters, as_of),
    )


def _obligations(register: Register, bodies: Collection[int]) -> set[int]:
    return {row["id"] for row in register.rows(_TAKES_PART, (json.dumps(sorted(bodies)),))}


def _listed(register: Register, found: list[Owed], closed: bool) -> list[Row]:
    return as_rows(register, sorted((one for one in found if closed or is_open(one)), key=by_day))


def _informed(register: Register, bodies: Collection[int], letters: Collection[int], as_of: date) -> list[Row]:
    """Dispatches that were sent to these bodies by then, other than those letters."""
    rows = []
    for row in register.rows(_TOLD, (json.dumps(sorted(bodies)),)):
        number, issued = row.pop("id"), first_day(row["issued_on"])
        if number not in letters and (issued is None or issued <= as_of):
            rows.append({"dispatch": public_id("dispatch", number), **row})
    return rows
