"""Which dispatch a user means: by any id that was ever printed, or by the number on the letter."""

from __future__ import annotations

import os
import re

from pipeline import errors
from pipeline.register.connection import Register
from pipeline.register.files import storable
from pipeline.register.ids import KINDS, parse_id, public_id
from pipeline.register.keys import cited_key, number_key

_ID = re.compile(r"[DOLIMPCTEKN]\d+", re.IGNORECASE)
_OWNERS = {
    "dispatch": "SELECT id FROM dispatches WHERE id = ?",
    "obligation": "SELECT dispatch_id FROM obligations WHERE id = ?",
    "deadline": "SELECT o.dispatch_id FROM deadlines l JOIN obligations o ON o.id = l.obligation_id WHERE l.id = ?",
    "issue": "SELECT dispatch_id FROM issues WHERE id = ?",
    "inferred": "SELECT dispatch_id FROM inferred WHERE id = ?",
    "proposal": "SELECT dispatch_id FROM merge_proposals WHERE id = ?",
    "link": "SELECT dispatch_id FROM links WHERE id = ?",
    "duty": "SELECT o.dispatch_id FROM duties y JOIN obligations o ON o.id = y.obligation_id WHERE y.id = ?",
    "event": "SELECT o.dispatch_id FROM duty_events e JOIN duties y ON y.id = e.duty_id"
    " JOIN obligations o ON o.id = y.obligation_id WHERE e.id = ?",
    "import": "SELECT dispatch_id FROM import_proposals WHERE id = ? AND dispatch_id IS NOT NULL",
}


def find_dispatch(register: Register, text: str) -> int:
    """The dispatch that an id ("D3", "O12", "P4", "C7" ...) belongs to, or the only one of a printed number (else of a
    proposed one), or the one that was read from the file at a path.

    Raises unknown_id, ambiguous_number.
    """
    if _ID.fullmatch(text.strip()):
        owner = owning_dispatch(register, *_kind(text))
        if owner is None:
            raise errors.UnknownId(id=text)
        return owner
    if (by_path := _at_path(register, text)) is not None:
        return by_path
    wanted = number_key(text)
    found = [
        row["id"]
        for row in register.rows("SELECT id, number FROM current_dispatches WHERE number IS NOT NULL ORDER BY id")
        if number_key(row["number"]) == wanted
    ]
    found = found or _proposed(register, text)
    if not found:
        raise errors.UnknownId(id=text)
    if len(found) > 1:
        raise errors.AmbiguousNumber(number=text, ids=", ".join(public_id("dispatch", n) for n in found))
    return int(found[0])


def _proposed(register: Register, number: str) -> list[int]:
    """Dispatches for which a number is proposed that they do not print."""
    rows = register.rows(
        "SELECT k.dispatch_id AS id FROM cited_keys k JOIN current_dispatches d ON d.id = k.dispatch_id"
        " WHERE k.kind = 'proposed' AND k.key = ? ORDER BY k.dispatch_id",
        (cited_key(number),),
    )
    return [row["id"] for row in rows]


def _at_path(register: Register, text: str) -> int | None:
    row = register.one(
        "SELECT d.id FROM file_paths p JOIN dispatches d ON d.file_id = p.file_id WHERE p.path = ? AND p.is_current",
        (storable(os.path.abspath(text)),),
    )
    return row["id"] if row else None


def parse_target(register: Register, text: str, *letters: str) -> tuple[str, int]:
    """("O", 12) from "O12"; where a dispatch may stand, the number on the letter names it too ("15/CT-UBND").

    Raises wrong_id, unknown_id, ambiguous_number.
    """
    if "D" in letters and "/" in text:
        return "D", find_dispatch(register, text)
    return parse_id(text, *letters)


def _kind(text: str) -> tuple[str, int]:
    letter, number = parse_id(text, *KINDS)
    return KINDS[letter], number


def owning_dispatch(register: Register, kind: str, number: int) -> int | None:
    """The dispatch that a row of some kind ("obligation", 12) hangs on; of a merge proposal the one entered first."""
    if kind == "correction":
        row = register.connection.execute(
            "SELECT target, target_id FROM corrections WHERE id = ?", (number,)
        ).fetchone()
        return owning_dispatch(register, *row) if row else None
    row = register.connection.execute(_OWNERS[kind], (number,)).fetchone()
    return int(row[0]) if row else None
