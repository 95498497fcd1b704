"""Mã truy cập: by which programs read for a person; each may be taken back, and all end with the person's password."""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Callable
from typing import Any

from pipeline.errors import CongvanError
from pipeline.web.accounts import Accounts, Person, person_of
from pipeline.web.sessions import new_token

MOST = 20  # of one person
LONGEST_NAME = 60
LIFE_DAYS = 365
_DAY = 24 * 3600.0
_TABLE = (
    "CREATE TABLE IF NOT EXISTS tokens (id INTEGER PRIMARY KEY AUTOINCREMENT, person_id INTEGER NOT NULL"
    " REFERENCES people (id) ON DELETE CASCADE, name TEXT NOT NULL, token TEXT NOT NULL UNIQUE,"
    " password TEXT NOT NULL, made REAL NOT NULL, ends REAL NOT NULL, used REAL)"
)
_IS_THERE = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'tokens'"
_ALIVE = (
    "SELECT p.*, t.id AS token_id, t.name AS token_name, t.password AS known, t.made, t.ends, t.used FROM tokens t"
    " JOIN people p ON p.id = t.person_id WHERE t.ends > ? AND NOT p.is_disabled AND "
)


class TooManyTokens(CongvanError):
    """As many as one person may have (details: most)."""

    code = "too_many_tokens"


class Tokens:
    """The tokens of one file of accounts, which holds only their hashes. `clock` gives seconds."""

    def __init__(self, accounts: Accounts, clock: Callable[[], float] = time.time) -> None:
        self.accounts = accounts
        self.clock = clock

    def make(self, person: Person, name: str) -> str:
        """A new one, told once. Raises TooManyTokens."""
        token, now = f"cv_{new_token()}", self.clock()
        if len(self.of(person)) >= MOST:
            raise TooManyTokens(most=MOST)
        with self.accounts.changing() as db:
            db.execute(_TABLE)
            db.execute("DELETE FROM tokens WHERE ends <= ?", (now,))
            known = db.execute("SELECT password FROM people WHERE id = ?", (person.id,)).fetchone()[0]
            values = (person.id, " ".join(name.split())[:LONGEST_NAME], _kept(token), _kept(known), now)
            db.execute(
                "INSERT INTO tokens (person_id, name, token, password, made, ends) VALUES (?, ?, ?, ?, ?, ?)",
                (*values, now + LIFE_DAYS * _DAY),
            )
        return token

    def of(self, person: Person) -> list[dict[str, Any]]:
        """A person's tokens that are good: id, name, made, ends, used (seconds; None: never)."""
        return [
            {"id": row["token_id"], "name": row["token_name"], **{k: row[k] for k in ("made", "ends", "used")}}
            for row in self._alive("p.id = ? ORDER BY t.id", person.id)
        ]

    def end(self, person: Person, number: int) -> None:
        """Take one back."""
        if self.accounts.rows(_IS_THERE):
            with self.accounts.changing() as db:
                db.execute("DELETE FROM tokens WHERE id = ? AND person_id = ?", (number, person.id))

    def find(self, token: str) -> Person | None:
        """Whose token it is, while it is good."""
        found = self._alive("t.token = ?", _kept(token))
        if not found:
            return None
        row, now = found[0], self.clock()
        if (row["used"] or 0) < now - _DAY:
            with self.accounts.changing() as db:
                db.execute("UPDATE tokens SET used = ? WHERE id = ?", (now, row["token_id"]))
        return person_of(row)

    def _alive(self, where: str, value: object) -> list[sqlite3.Row]:
        if not self.accounts.rows(_IS_THERE):
            return []
        rows = self.accounts.rows(_ALIVE + where, (self.clock(), value))
        return [row for row in rows if row["known"] == _kept(row["password"])]


def _kept(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
