"""Keeping the two full-text indexes true to the rows they stand for, in the transaction that changes these.

An entry has to be taken out with the very words it was put in with, so: `unindex`, change the rows, `index`.
"""

from __future__ import annotations

from pipeline.register.connection import Register

_INDEXES = {"search_exact": "search_rows", "search_folded": "search_rows_folded"}
_OF_DISPATCH = "(SELECT id FROM search_entries WHERE dispatch_id = ?)"
_OF_WHOLE = "(SELECT id FROM search_entries WHERE dispatch_id = ? AND obligation_id IS NULL)"
_OF_OBLIGATION = "(SELECT id FROM search_entries WHERE obligation_id = ?)"


def index_dispatch(register: Register, dispatch_id: int) -> None:
    """Put a dispatch and all its obligations in (they must be out)."""
    register.connection.execute(
        "INSERT OR IGNORE INTO search_entries (dispatch_id) SELECT :id WHERE NOT EXISTS"
        " (SELECT 1 FROM search_entries WHERE dispatch_id = :id AND obligation_id IS NULL)",
        {"id": dispatch_id},
    )
    register.connection.execute(
        "INSERT OR IGNORE INTO search_entries (dispatch_id, obligation_id)"
        " SELECT dispatch_id, id FROM obligations WHERE dispatch_id = ?",
        (dispatch_id,),
    )
    _put_in(register, _OF_DISPATCH, dispatch_id)


def unindex_dispatch(register: Register, dispatch_id: int) -> None:
    """Take a dispatch and all its obligations out, before they change."""
    _take_out(register, _OF_DISPATCH, dispatch_id)


def index_one(register: Register, target: str, target_id: int) -> None:
    """Put one dispatch (without its obligations) or one obligation in."""
    if target == "obligation":
        register.connection.execute(
            "INSERT OR IGNORE INTO search_entries (dispatch_id, obligation_id)"
            " SELECT dispatch_id, id FROM obligations WHERE id = ?",
            (target_id,),
        )
    _put_in(register, _of(target), target_id)


def unindex_one(register: Register, target: str, target_id: int) -> None:
    """Take one dispatch (without its obligations) or one obligation out, before it changes."""
    _take_out(register, _of(target), target_id)


def rebuild(register: Register) -> None:
    """Both indexes anew from the rows: after restoring, or where `check` finds them at odds."""
    with register.transaction() as connection:
        for index in _INDEXES:
            connection.execute(f"INSERT INTO {index} ({index}) VALUES ('rebuild')")


def _of(target: str) -> str:
    return {"dispatch": _OF_WHOLE, "obligation": _OF_OBLIGATION}[target]


def _put_in(register: Register, which: str, number: int) -> None:
    for index, rows in _INDEXES.items():
        register.connection.execute(
            f"INSERT INTO {index} (rowid, number, issuer, subject, text)"
            f" SELECT id, number, issuer, subject, text FROM {rows} WHERE id IN {which}",
            (number,),
        )


def _take_out(register: Register, which: str, number: int) -> None:
    for index, rows in _INDEXES.items():
        register.connection.execute(
            f"INSERT INTO {index} ({index}, rowid, number, issuer, subject, text)"
            f" SELECT 'delete', id, number, issuer, subject, text FROM {rows} WHERE id IN {which}",
            (number,),
        )
