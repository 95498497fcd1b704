"""Chữ ký số: the digital signatures of a file, kept as they were judged when it was read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, fields

from pipeline.reading.signatures import Signature
from pipeline.register.connection import Register, Row

_COLUMNS = tuple(field.name for field in fields(Signature))


def write_signatures(register: Register, file_id: int, found: Sequence[Signature]) -> None:
    """Enter them in place of those of an earlier reading; inside a transaction."""
    register.connection.execute("DELETE FROM signatures WHERE file_id = ?", (file_id,))
    register.connection.executemany(
        f"INSERT INTO signatures (file_id, position, {', '.join(_COLUMNS)})"
        f" VALUES ({', '.join('?' * (2 + len(_COLUMNS)))})",
        [(file_id, position, *astuple(one)) for position, one in enumerate(found)],
    )


def signatures_of(register: Register, file_id: int) -> list[Row]:
    """The signatures of a file: signer, organization, signed_at, state, later, trusted (None: not judged), problem (why
    it is not trusted)."""
    rows = register.rows(
        f"SELECT {', '.join(_COLUMNS)} FROM signatures WHERE file_id = ? ORDER BY position", (file_id,)
    )
    return [{**row, "trusted": None if row["trusted"] is None else bool(row["trusted"])} for row in rows]
