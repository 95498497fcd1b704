"""Tách, gộp nhiệm vụ: one obligation that was read as two, and two that were read as one. Undone as a whole."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from pipeline import errors
from pipeline.register.connection import Register, Row
from pipeline.register.correcting import add_deadline, add_obligation, correct, delete
from pipeline.register.fields import read_values
from pipeline.register.ids import public_id
from pipeline.register.naming import parse_target


def split(
    register: Register,
    obligation: str,
    first: str,
    second: str,
    *,
    moved: Collection[str] = (),
    shared: Collection[str] = (),
    who: str,
    now: str,
    why: str = "",
) -> int:
    """Part an obligation in two: it keeps its id with the words `first`, a new one right behind it has `second`; kind,
    modality and bodies are the same. Of its deadlines (L) those `moved` bind the second only, those `shared` both.
    Returns the number of the new one. One undo, of the first correction, takes all of it back."""
    _, number = parse_target(register, obligation, "O")
    said: dict[str, Any] = {"who": who, "now": now, "why": why or f"split {public_id('obligation', number)}"}
    with register.transaction() as connection:
        row = _obligation(register, number)
        values = read_values(register, "obligation", number)
        made = correct(register, obligation, "quote", first, **said)
        dispatch = public_id("dispatch", row["dispatch_id"])
        new = add_obligation(register, dispatch, {**values, "quote": second}, **said, part_of=made)
        connection.execute(
            "UPDATE obligations SET position = ?, label = ?, lead_stated = ?, check_rule = ?, check_quote = ?"
            " WHERE id = ?",
            (*(row[key] for key in ("position", "label", "lead_stated", "check_rule", "check_quote")), new),
        )
        for limit in _limits(register, number):
            name = public_id("deadline", limit)
            if name in moved or name in shared:
                copied = read_values(register, "deadline", limit)
                add_deadline(register, public_id("obligation", new), copied, **said, part_of=made)
            if name in moved:
                delete(register, name, **said, part_of=made)
    return new


def merge(register: Register, obligation: str, other: str, quote: str, *, who: str, now: str, why: str = "") -> int:
    """Put two obligations of a dispatch together: the first keeps its id with the words `quote`, and gets the bodies
    and deadlines of the other, which goes. Returns the number of the correction; its undo takes all of it back."""
    _, number = parse_target(register, obligation, "O")
    _, other_number = parse_target(register, other, "O")
    own, its = f"O{number}", f"O{other_number}"
    said: dict[str, Any] = {"who": who, "now": now, "why": why or f"merge {own} {its}"}
    with register.transaction():
        rows = _obligation(register, number), _obligation(register, other_number)
        if number == other_number or rows[0]["dispatch_id"] != rows[1]["dispatch_id"]:
            raise errors.InvalidValue(field="merge", value=its, allowed="...")
        made = correct(register, own, "quote", quote, **said)
        kept, gone = (read_values(register, "obligation", n) for n in (number, other_number))
        for name in ("lead", "coordinating"):
            if (both := _united(kept[name], gone[name])) != kept[name]:
                correct(register, own, name, both, **said, part_of=made)
        there = [read_values(register, "deadline", limit) for limit in _limits(register, number)]
        for limit in _limits(register, other_number):
            if (values := read_values(register, "deadline", limit)) not in there:
                add_deadline(register, own, values, **said, part_of=made)
        delete(register, its, **said, part_of=made)
    return made


def _obligation(register: Register, number: int) -> Row:
    row = register.one("SELECT * FROM obligations WHERE id = ? AND status = 'current'", (number,))
    if row is None:
        raise errors.UnknownId(id=public_id("obligation", number))
    return row


def _limits(register: Register, number: int) -> list[int]:
    rows = register.rows(
        "SELECT id FROM deadlines WHERE obligation_id = ? AND status = 'current' ORDER BY position, id", (number,)
    )
    return [row["id"] for row in rows]


def _united(first: str | None, second: str | None) -> str:
    names = [*json.loads(first or "[]"), *json.loads(second or "[]")]
    return json.dumps(list(dict.fromkeys(names)), ensure_ascii=False)
