"""Opening a register: told apart from other files, brought up to date, with clear errors."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, cast

from extractors.calendar import WorkingCalendar, last_day, vietnam
from extractors.model import Unit
from extractors.text import fold
from pipeline import errors
from pipeline.register.migrations import APPLICATION_ID, STEPS, migrate

Mode = Literal["read", "write", "create"]
Row = dict[str, Any]

BUSY_SECONDS = 30.0
SCHEMA_VERSION = len(STEPS)


class Register:
    """An open register: a context manager that closes its connection (`connection`, rows as `sqlite3.Row`).

    Its queries count days by `calendar` (SQL function `counted_day(start, amount, unit)`).
    """

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self.connection = connection
        self.calendar = vietnam()
        self.count_by(self.calendar)

    def __enter__(self) -> Register:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close it; further use is an error."""
        self.connection.close()

    def count_by(self, calendar: WorkingCalendar) -> None:
        """Let queries count days by that calendar."""
        self.calendar = calendar

        @lru_cache(maxsize=4096)
        def counted_day(start: str | None, amount: float | None, unit: str | None) -> str | None:
            if start is None or amount is None or unit is None:
                return None
            end = last_day(date.fromisoformat(start), amount, cast("Unit", unit), calendar)
            return end.isoformat() if end else None

        self.connection.create_function("counted_day", 3, counted_day, deterministic=True)

    def rows(self, sql: str, parameters: object = ()) -> list[Row]:
        """All rows of a query as dictionaries."""
        with translated(self.path):
            found = self.connection.execute(sql, parameters)  # type: ignore[arg-type]
            found.row_factory = None  # a Row looks each of its names up
            names = [column[0] for column in found.description or ()]
            return [dict(zip(names, row, strict=True)) for row in found]

    def one(self, sql: str, parameters: object = ()) -> Row | None:
        """The first row of a query as a dictionary, or None."""
        with translated(self.path):
            row = self.connection.execute(sql, parameters).fetchone()  # type: ignore[arg-type]
        return dict(row) if row else None

    def columns(self, sql: str, count: int, parameters: object = ()) -> list[list[Any]]:
        """The columns of a query that has so many, put together by SQLite in one step. Row by row, Python's lock would
        be given up and waited for at each: thousands of times where several threads ask. Of fractions 15 digits; no
        bytes and nothing infinite."""
        names = [f"c{n}" for n in range(count)]
        listed = ", ".join(f"json_group_array({name})" for name in names)
        with translated(self.path):
            row = self.connection.execute(
                f"WITH found ({', '.join(names)}) AS ({sql}) SELECT {listed} FROM found",
                parameters,  # type: ignore[arg-type]
            ).fetchone()
        return [json.loads(column) for column in row]

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing. The lock for writing is taken at once: a second writer waits here, not half-way. Inside of
        another transaction it is a part of that one."""
        if self.connection.in_transaction:
            yield self.connection
            return
        with translated(self.path):
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield self.connection
                self.connection.execute("COMMIT")
            except BaseException:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise

    @contextmanager
    def part(self) -> Iterator[None]:
        """A part of a transaction that leaves nothing behind where it fails, while the rest stays; without one around
        it nothing by itself."""
        if not self.connection.in_transaction:
            yield
            return
        with translated(self.path):
            self.connection.execute("SAVEPOINT part")
            try:
                yield
            except BaseException:
                with suppress(sqlite3.Error):  # some errors take the whole transaction with them
                    self.connection.execute("ROLLBACK TO part")
                    self.connection.execute("RELEASE part")
                raise
            self.connection.execute("RELEASE part")


def open_register(path: Path, mode: Mode = "read", *, busy_seconds: float = BUSY_SECONDS) -> Register:
    """The register at a path: "read" (must exist, nothing is changed), "write" (must exist), "create" (made if missing,
    with its folder). An older file is brought up to date first. Raises register_* errors."""
    path = Path(path)
    with translated(path):
        if path.is_dir():
            raise errors.RegisterForeign(path=str(path))
        if mode == "create":
            _make_folder(path)
        elif not path.exists():
            raise errors.RegisterMissing(path=str(path))
        connection = connect(path, busy_seconds, create=mode == "create")
        try:
            _bring_up_to_date(connection, path, mode)
            if mode == "read":
                connection.execute("PRAGMA query_only = ON")
        except BaseException:
            connection.close()
            raise
    return Register(path, connection)


def connect(path: Path, busy_seconds: float = BUSY_SECONDS, *, create: bool = False) -> sqlite3.Connection:
    """A bare connection with this program's settings; on a medium that cannot be written, for reading only."""
    uri = path.absolute().as_uri()
    try:
        connection = _connect(f"{uri}?mode={'rwc' if create else 'rw'}", busy_seconds)
    except sqlite3.OperationalError as error:
        if create or not _can_only_be_read(path, error):
            raise
        connection = _connect(f"{uri}?immutable=1", busy_seconds)
    connection.row_factory = sqlite3.Row
    connection.create_function("folded", 1, _folded, deterministic=True)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("PRAGMA cache_size = -32000")
    connection.execute("PRAGMA temp_store = MEMORY")
    return connection


def _connect(uri: str, busy_seconds: float) -> sqlite3.Connection:
    connection = sqlite3.connect(uri, uri=True, timeout=busy_seconds, isolation_level=None)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _can_only_be_read(path: Path, error: sqlite3.OperationalError) -> bool:
    """Neither file nor folder can be written, and no WAL holds rows that the file lacks."""
    wal = path.with_name(f"{path.name}-wal")
    name = getattr(error, "sqlite_errorname", "") or ""
    return name.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY")) and not (wal.exists() and wal.stat().st_size)


def _folded(text: str | None) -> str | None:
    return None if text is None else fold(text)


def schema_version(connection: sqlite3.Connection) -> int | None:
    """How many steps the file has; 0 for an empty one, None for some other database."""
    if connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])
    return None if connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() else 0


def _bring_up_to_date(connection: sqlite3.Connection, path: Path, mode: Mode) -> None:
    found = schema_version(connection)
    if found is None:
        raise errors.RegisterForeign(path=str(path))
    if found > SCHEMA_VERSION:
        raise errors.RegisterNewer(path=str(path), found=found, known=SCHEMA_VERSION)
    if found == 0 and mode != "create":
        raise errors.RegisterMissing(path=str(path))
    if found == 0 or mode != "read":
        connection.execute("PRAGMA journal_mode = WAL")  # a restored backup has none
    if found == SCHEMA_VERSION:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        if schema_version(connection) != SCHEMA_VERSION:  # another process may have done it while this one waited
            migrate(connection)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _make_folder(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise errors.RegisterReadOnly(path=str(path), problem=error.strerror or str(error)) from error


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """SQLite's errors as errors that tell the user what to do."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        known = _known_error(path, error)
        if known is None:
            raise
        raise known from error


def _known_error(path: Path, error: sqlite3.DatabaseError) -> errors.RegisterError | None:
    name = getattr(error, "sqlite_errorname", None) or ""
    where = str(path)
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return errors.RegisterBusy(path=where)
    if name == "SQLITE_NOTADB":
        return errors.RegisterForeign(path=where)
    if name.startswith("SQLITE_CORRUPT"):
        return errors.RegisterDamaged(path=where, problem=str(error))
    if name.startswith(("SQLITE_READONLY", "SQLITE_FULL", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_IOERR")):
        return errors.RegisterReadOnly(path=where, problem=str(error))
    if isinstance(error, sqlite3.OperationalError):
        return errors.RegisterDamaged(path=where, problem=str(error))
    return None
