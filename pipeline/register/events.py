"""Nhật ký theo dõi: what happened to duties, row after row, each bound to the one before by its hash.

What the chain proves: no row was altered, taken out or moved since the rows after it were written. Whoever can write
the file can also write the whole chain anew from some row on, its head included, or cut its end off; that shows only
against a head that is kept elsewhere: printed, or in a backup.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from pipeline.errors import ChainBroken
from pipeline.register.connection import Register, Row

COLUMNS = (
    "duty_id", "number", "period", "day", "due", "body_id", "body", "proof", "why", "made_at", "made_by", "undoes",
)  # fmt: skip
GENESIS = "0" * 64
_ROWS = f"SELECT id, kind, {', '.join(COLUMNS)}, previous, hash FROM duty_events"

Problem = Literal["altered", "missing", "unbound", "cut", "head", "foreign"]


@dataclass(frozen=True, slots=True)
class Head:
    """Where a chain ends: how many rows it has, and the hash of the last (of none: sixty-four zeros)."""

    events: int
    hash: str


@dataclass(frozen=True, slots=True)
class Break:
    """Where a chain does not hold; `event` is the number of the row.

    altered: the row is not what was written; missing: no such row; unbound: it does not follow from the row before;
    cut: the rows from here on, which the head counts, are not there; head: the head names another row than the last;
    foreign: a head kept elsewhere names a row that this chain does not have so.
    """

    problem: Problem
    event: int


@dataclass(frozen=True, slots=True)
class Verified:
    """A chain gone through. `erased` counts rows whose content was erased with a secret document: only their hash is
    left, so of these alone it cannot be told what they said."""

    head: Head
    erased: int
    breaks: tuple[Break, ...]


def append_event(register: Register, kind: str, values: Mapping[str, object]) -> int:
    """Add an event (columns as in `COLUMNS`) behind the last one; inside a transaction. Returns its number. Raises
    ChainBroken where the chain does not end where its head says: a row more would hide that."""
    last, head = _last(register), _head(register)
    if last != (head or Head(0, GENESIS)):
        raise ChainBroken(event=last.events)
    row = {"id": last.events + 1, "kind": kind, **{name: values.get(name) for name in COLUMNS}, "previous": last.hash}
    row["hash"] = digest(row)
    register.connection.execute(
        f"INSERT INTO duty_events ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", tuple(row.values())
    )
    register.connection.execute(
        "INSERT INTO duty_events_head (id, events, hash) VALUES (1, :id, :hash)"
        " ON CONFLICT (id) DO UPDATE SET events = excluded.events, hash = excluded.hash",
        {"id": row["id"], "hash": row["hash"]},
    )
    return last.events + 1


def digest(row: Mapping[str, object]) -> str:
    """The hash of a row: SHA-256 over its number, kind, columns and the hash before, as a JSON array."""
    content = [row["id"], row["kind"], *(row[name] for name in COLUMNS), row["previous"]]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def verify_events(register: Register, known: Head | None = None) -> Verified:
    """Go through the whole chain. `known` is a head that was kept elsewhere: the chain must still lead through it."""
    breaks: list[Break] = []
    before, erased = Head(0, GENESIS), 0
    hashes = {0: GENESIS}
    for row in _read(register):
        breaks += [Break("missing", n) for n in range(before.events + 1, row["id"])]
        if row["previous"] != before.hash and row["id"] == before.events + 1:
            breaks.append(Break("unbound", row["id"]))
        if row["kind"] == "erased":
            erased += 1
        elif digest(row) != row["hash"]:
            breaks.append(Break("altered", row["id"]))
        before = Head(row["id"], row["hash"])
        hashes[row["id"]] = row["hash"]
    breaks += _breaks_at_the_end(before, _head(register))
    if known and hashes.get(known.events) != known.hash:
        breaks.append(Break("foreign", known.events))
    return Verified(before, erased, tuple(breaks))


def _breaks_at_the_end(last: Head, head: Head | None) -> Iterator[Break]:
    head = head or Head(0, GENESIS)
    if head.events > last.events:
        yield Break("cut", last.events + 1)
    elif head != last:
        yield Break("head", last.events)


def _read(register: Register) -> Iterator[Row]:
    for row in register.connection.execute(f"{_ROWS} ORDER BY id"):
        yield dict(row)


def _last(register: Register) -> Head:
    row = register.one("SELECT id, hash FROM duty_events ORDER BY id DESC LIMIT 1")
    return Head(row["id"], row["hash"]) if row else Head(0, GENESIS)


def _head(register: Register) -> Head | None:
    row = register.one("SELECT events, hash FROM duty_events_head")
    return Head(row["events"], row["hash"]) if row else None
