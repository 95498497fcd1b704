"""Đề xuất từ bảng theo dõi: what imported tables say and the register does not, and what people decided on it."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from pipeline import errors
from pipeline.register.connection import Register, Row
from pipeline.register.ids import public_id

_COLUMNS = (
    "what", "key", "document_key", "sheet", "row", "number", "issued_on", "issuer", "value", "said", "confidence",
    "dispatch_id", "obligation_id", "duty_id",
)  # fmt: skip


def note_import(register: Register, values: Mapping[str, object]) -> int:
    """The row of a table (path, sha256, columns, read_rows, made_at, made_by); of the same bytes read in the same way
    there is one. Inside a transaction."""
    known = register.one("SELECT id FROM imports WHERE sha256 = :sha256 AND columns = :columns", dict(values))
    if known:
        return int(known["id"])
    cursor = register.connection.execute(
        "INSERT INTO imports (path, sha256, columns, read_rows, made_at, made_by)"
        " VALUES (:path, :sha256, :columns, :read_rows, :made_at, :made_by)",
        dict(values),
    )
    return int(cursor.lastrowid or 0)


def known_keys(register: Register, keys: Collection[str]) -> dict[str, str]:
    """Of these proposals those that were ever made, with what became of them."""
    rows = register.rows(
        "SELECT key, status FROM import_proposals WHERE key IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(keys)),),
    )
    return {row["key"]: row["status"] for row in rows}


def add_proposals(register: Register, import_id: int, rows: Sequence[Mapping[str, object]], now: str) -> int:
    """Enter proposals (keys as the columns of the table); those that were ever made stay as they are, but for results
    and last days that needed no decision and do again. Returns how many are to be decided that were not before. Inside
    a transaction."""
    known = known_keys(register, {str(row["key"]) for row in rows})
    new = {row["key"]: row for row in rows if row["key"] not in known}
    again = register.connection.execute(
        "UPDATE import_proposals SET status = 'open', decided_at = NULL WHERE status = 'settled'"
        " AND what IN ('event', 'deadline') AND key IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(known)),),
    ).rowcount
    register.connection.executemany(
        f"INSERT INTO import_proposals (import_id, proposed_at, {', '.join(_COLUMNS)})"
        f" VALUES (?, ?, {', '.join('?' * len(_COLUMNS))})",
        [(import_id, now, *(row[name] for name in _COLUMNS)) for row in new.values()],
    )
    return len(new) + again


def settle(register: Register, keys: Collection[str], now: str) -> int:
    """Open proposals of what the register has by now need no decision any more."""
    return register.connection.execute(
        "UPDATE import_proposals SET status = 'settled', decided_at = ? WHERE status = 'open'"
        " AND key IN (SELECT value FROM json_each(?))",
        (now, json.dumps(sorted(keys))),
    ).rowcount


def import_proposal(register: Register, number: int) -> Row:
    """One proposal with all its columns, `said` as a dictionary, and the `path` of its table. Raises UnknownId."""
    row = register.one(
        "SELECT p.*, i.path FROM import_proposals p JOIN imports i ON i.id = p.import_id WHERE p.id = ?", (number,)
    )
    if row is None:
        raise errors.UnknownId(id=public_id("import", number))
    said: dict[str, Any] = json.loads(row["said"])
    return {**row, "said": said}


def open_of_document(register: Register, document_key: str) -> list[int]:
    """The open duties of one document, as its table has them."""
    rows = register.rows(
        "SELECT id FROM import_proposals WHERE document_key = ? AND what = 'duty' AND status = 'open' ORDER BY row, id",
        (document_key,),
    )
    return [row["id"] for row in rows]


def open_beside(register: Register, number: int) -> set[int]:
    """The open proposals of the document that one is about."""
    rows = register.rows(
        "SELECT id FROM import_proposals WHERE status = 'open'"
        " AND document_key = (SELECT document_key FROM import_proposals WHERE id = ?)",
        (number,),
    )
    return {row["id"] for row in rows}


def reopen_import(register: Register, number: int) -> None:
    """A proposal waits for a decision again, once what was entered by the last one is taken back. Inside a
    transaction."""
    register.connection.execute(
        "UPDATE import_proposals SET status = 'open', decided_at = NULL, decided_by = NULL, why = NULL, made = NULL,"
        " dispatch_id = (SELECT id FROM dispatches d WHERE d.id = dispatch_id AND d.removed_at IS NULL),"
        " obligation_id = (SELECT id FROM obligations o WHERE o.id = obligation_id AND o.status <> 'deleted')"
        " WHERE id = ?",
        (number,),
    )


def entered_dispatch(register: Register, document_key: str) -> int | None:
    """The dispatch that was entered when another proposal of the same document was accepted."""
    row = register.one(
        "SELECT coalesce(d.merged_into, d.id) AS id FROM import_proposals p JOIN dispatches d ON d.id = p.dispatch_id"
        " WHERE p.document_key = ? AND p.status = 'accepted' AND d.removed_at IS NULL ORDER BY p.id LIMIT 1",
        (document_key,),
    )
    return int(row["id"]) if row else None


def decide_import(
    register: Register, number: int, status: str, *, who: str, now: str, why: str, made: Mapping[str, object]
) -> None:
    """Keep what a person decided; `made`: dispatch_id, obligation_id, duty_id and what was entered ("D4 O12")."""
    if not who.strip():
        raise errors.InvalidValue(field="who", value=who, allowed="...")
    register.connection.execute(
        "UPDATE import_proposals SET status = :status, decided_at = :now, decided_by = :who, why = :why, made = :made,"
        " dispatch_id = coalesce(:dispatch_id, dispatch_id), obligation_id = coalesce(:obligation_id, obligation_id),"
        " duty_id = coalesce(:duty_id, duty_id) WHERE id = :id",
        {
            **{"made": None, "dispatch_id": None, "obligation_id": None, "duty_id": None},
            **made,
            **{"id": number, "status": status, "who": who.strip(), "now": now, "why": why},
        },
    )
