"""Tài khoản: the people who may use the register in a browser, in an SQLite file of their own.

No connection to the register ever sees this file, and it holds nothing of the register.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import CongvanError
from pipeline.web.passwords import hashed, matches
from pipeline.web.rights import RIGHTS, ROLES, Right, Role

APPLICATION_ID = 0x43564E41  # "CVNA"
_NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{1,63}")
_LONGEST_SHOWN = 100
_TABLES = (
    "CREATE TABLE IF NOT EXISTS people (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE,"
    " shown TEXT NOT NULL, role TEXT NOT NULL, password TEXT NOT NULL, is_disabled INTEGER NOT NULL DEFAULT 0)",
    "CREATE TABLE IF NOT EXISTS sessions (token TEXT PRIMARY KEY, person_id INTEGER NOT NULL REFERENCES people (id)"
    " ON DELETE CASCADE, started REAL NOT NULL, seen REAL NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS attempts (at REAL NOT NULL, name TEXT NOT NULL, address TEXT NOT NULL)",
    "CREATE INDEX IF NOT EXISTS attempts_at ON attempts (at)",
    "CREATE TABLE IF NOT EXISTS changes (id INTEGER PRIMARY KEY AUTOINCREMENT, made_at TEXT NOT NULL,"
    " made_by TEXT NOT NULL, person TEXT NOT NULL, change TEXT NOT NULL)",
)


class AccountError(CongvanError):
    """Something is wrong with an account; subclasses say what (details: name)."""

    code = "account"


class AccountsForeign(AccountError):
    """The file is none of accounts (details: path)."""

    code = "accounts_foreign"


class AccountsUnwritable(AccountError):
    """The file of accounts or its folder cannot be written (details: path, problem)."""

    code = "accounts_unwritable"


class NameTaken(AccountError):
    """Somebody has this name already."""

    code = "name_taken"


class BadName(AccountError):
    """A name that none can have."""

    code = "bad_name"


class NobodyThere(AccountError):
    """Nobody has this name."""

    code = "nobody_there"


class LastAdmin(AccountError):
    """Without this person nobody could look after the accounts."""

    code = "last_admin"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account: `name` to sign in with, `shown` as others read it."""

    id: int
    name: str
    shown: str
    role: Role
    is_disabled: bool

    @property
    def rights(self) -> frozenset[Right]:
        """What this person may do."""
        return frozenset() if self.is_disabled else RIGHTS[self.role]

    @property
    def signature(self) -> str:
        """How changes are signed in the register: no two people sign alike."""
        return f"{self.shown} ({self.name})" if self.shown != self.name else self.name


class Accounts:
    """The people of one file. It is made, for its owner alone (mode 0600), when the first person is added."""

    def __init__(self, path: Path) -> None:
        self.path = Path(path)

    def are_there(self) -> bool:
        """Whether anybody has an account: then everybody must sign in."""
        return bool(self.rows("SELECT 1 FROM people LIMIT 1"))

    def people(self) -> list[Person]:
        """All people by name."""
        return [person_of(row) for row in self.rows("SELECT * FROM people ORDER BY name")]

    def find(self, name: str) -> Person:
        """Somebody by name. Raises NobodyThere."""
        rows = self.rows("SELECT * FROM people WHERE name = ?", (_known_as(name),))
        if not rows:
            raise NobodyThere(name=name)
        return person_of(rows[0])

    def add(self, name: str, role: Role, password: str, *, shown: str = "", by: str, now: str) -> Person:
        """A new person. Raises BadName, NameTaken, WeakPassword."""
        name = _known_as(name)
        shown = " ".join(shown.split())[:_LONGEST_SHOWN] or name
        if not _NAME.fullmatch(name) or role not in ROLES:
            raise BadName(name=name)
        known = hashed(password)
        with self.changing() as db:
            if db.execute("SELECT 1 FROM people WHERE name = ?", (name,)).fetchone():
                raise NameTaken(name=name)
            values = (name, shown, role, known)
            db.execute("INSERT INTO people (name, shown, role, password) VALUES (?, ?, ?, ?)", values)
            _note(db, now, by, name, f"add {role}")
        return self.find(name)

    def give_role(self, name: str, role: Role, *, by: str, now: str) -> None:
        """Another role; whoever has it signs in anew. Raises NobodyThere, LastAdmin."""
        if role not in ROLES:
            raise BadName(name=role)
        self._change(name, "role = ?", (role,), f"role {role}", by, now)

    def disable(self, name: str, *, by: str, now: str) -> None:
        """No more signing in; the name stays. Raises NobodyThere, LastAdmin."""
        self._change(name, "is_disabled = 1", (), "disable", by, now)

    def enable(self, name: str, *, by: str, now: str) -> None:
        """May sign in again. Raises NobodyThere."""
        self._change(name, "is_disabled = 0", (), "enable", by, now)

    def give_password(self, name: str, password: str, *, by: str, now: str) -> None:
        """Another password; whoever has signed in with the old one signs in anew. Raises NobodyThere, WeakPassword."""
        self._change(name, "password = ?", (hashed(password),), "password", by, now)

    def remove(self, name: str, *, by: str, now: str) -> None:
        """Take an account away; what the person did stays signed. Raises NobodyThere, LastAdmin."""
        person = self.find(name)
        with self.changing() as db:
            db.execute("DELETE FROM people WHERE id = ?", (person.id,))
            _require_admin(db, name)
            _note(db, now, by, person.name, "remove")

    def recognised(self, name: str, password: str) -> Person | None:
        """Whoever has this name and password and may sign in; it takes as long for a name that nobody has."""
        rows = self.rows("SELECT * FROM people WHERE name = ?", (_known_as(name),))
        is_right = matches(password, rows[0]["password"] if rows else None)
        return person_of(rows[0]) if is_right and not rows[0]["is_disabled"] else None

    def changes(self) -> list[sqlite3.Row]:
        """Who changed which account, newest first: made_at, made_by, person, change."""
        return self.rows("SELECT * FROM changes ORDER BY id DESC LIMIT 500")

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """A connection for one change, all or nothing."""
        with self._opened(create=True) as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                raise

    def _change(self, name: str, what: str, values: tuple[object, ...], told: str, by: str, now: str) -> None:
        person = self.find(name)
        with self.changing() as db:
            db.execute(f"UPDATE people SET {what} WHERE id = ?", (*values, person.id))
            db.execute("DELETE FROM sessions WHERE person_id = ?", (person.id,))
            _require_admin(db, name)
            _note(db, now, by, person.name, told)

    def rows(self, sql: str, values: tuple[object, ...] = ()) -> list[sqlite3.Row]:
        """All rows of a query; none where nobody was ever added."""
        if not self.path.exists():
            return []
        with self._opened() as db:
            return db.execute(sql, values).fetchall()

    @contextmanager
    def _opened(self, create: bool = False) -> Iterator[sqlite3.Connection]:
        try:
            if create and not self.path.exists():
                _make(self.path)
            with closing(sqlite3.connect(self.path, timeout=10, isolation_level=None)) as db:
                _require_own(db, self.path)
                db.row_factory = sqlite3.Row
                db.execute("PRAGMA foreign_keys = ON")
                db.execute("PRAGMA secure_delete = ON")
                yield db
        except OSError as error:
            raise AccountsUnwritable(path=str(self.path), problem=error.strerror or str(error)) from error
        except sqlite3.OperationalError as error:
            raise AccountsUnwritable(path=str(self.path), problem=str(error)) from error
        except sqlite3.DatabaseError as error:
            raise AccountsForeign(path=str(self.path)) from error


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        for statement in _TABLES:
            db.execute(statement)
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute("COMMIT")


def _require_own(db: sqlite3.Connection, path: Path) -> None:
    if db.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise AccountsForeign(path=str(path))


def _require_admin(db: sqlite3.Connection, name: str) -> None:
    """Once there was an administrator, there is one."""
    there = db.execute("SELECT 1 FROM people WHERE role = 'admin' AND NOT is_disabled").fetchone()
    had = db.execute("SELECT 1 FROM changes WHERE change IN ('add admin', 'role admin')").fetchone()
    if had and not there:
        raise LastAdmin(name=name)


def _note(db: sqlite3.Connection, now: str, by: str, person: str, change: str) -> None:
    db.execute("INSERT INTO changes (made_at, made_by, person, change) VALUES (?, ?, ?, ?)", (now, by, person, change))


def _known_as(name: str) -> str:
    return name.strip().lower()


def person_of(row: sqlite3.Row) -> Person:
    """A row of `people` as a person."""
    return Person(row["id"], row["name"], row["shown"], row["role"], bool(row["is_disabled"]))
