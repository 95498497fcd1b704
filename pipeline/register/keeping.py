"""Keeping the register safe: backup, restore, checks."""

from __future__ import annotations

import os
import re
import sqlite3
from contextlib import closing
from pathlib import Path

from pipeline import errors
from pipeline.register.connection import SCHEMA_VERSION, Register, connect, schema_version, translated
from pipeline.register.events import GENESIS, Head

_SIDE_FILES = ("-wal", "-shm")


def backup(path: Path, target: Path, *, overwrite: bool = False) -> Path:
    """A checked copy of the register, also while others write. Nothing is left at `target` if it fails."""
    path, target = Path(path), Path(target)
    if not path.exists():
        raise errors.RegisterMissing(path=str(path))
    if target.exists() and not overwrite:
        raise errors.BackupExists(path=str(target))
    with translated(path):
        version = _version(path)
        if version is None:
            raise errors.RegisterForeign(path=str(path))
        if version == 0:
            raise errors.RegisterMissing(path=str(path))
    _copy(path, target)
    return target


def restore(source: Path, path: Path, *, now: str) -> Path | None:
    """Put a backup in the register's place, at once; the old register is kept aside, its new path is returned.

    `now` names the old one: "register.db" becomes "register.db.20260131T083000". Raises nothing_there,
    backup_* errors, and register_busy while another process has the register open.
    """
    source, path = Path(source), Path(path)
    _require_backup(source)
    new = path.with_name(f"{path.name}.restoring")
    _copy(source, new, replace=False)
    try:
        aside = _set_aside(path, now) if path.exists() else None
        os.replace(new, path)
    except OSError as error:
        raise errors.RegisterReadOnly(path=str(path), problem=error.strerror or str(error)) from error
    finally:
        new.unlink(missing_ok=True)
    _sync_folder(path)
    return aside


def backup_head(source: Path) -> Head:
    """Where the log of events ends in a backup, which is not changed; a backup from before the log has none. Raises
    nothing_there and backup_* errors."""
    source = Path(source)
    _require_backup(source)
    with translated(source), closing(connect(source)) as connection:
        connection.execute("PRAGMA query_only = ON")
        there = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'duty_events_head'").fetchone()
        row = connection.execute("SELECT events, hash FROM duty_events_head").fetchone() if there else None
    return Head(*row) if row else Head(0, GENESIS)


def check(register: Register) -> list[str]:
    """Problems found by SQLite's integrity and foreign key checks and in the search indexes; empty where sound."""
    problems = [row["integrity_check"] for row in register.rows("PRAGMA integrity_check(20)")]
    problems = [problem for problem in problems if problem != "ok"]
    for row in register.rows("PRAGMA foreign_key_check"):
        problems.append(f"{row['table']} {row['rowid']}: no such row in {row['parent']}")
    return problems + _index_problems(register)


def _index_problems(register: Register) -> list[str]:
    """FTS5 compares an index with its rows by a write that is taken back, so on a connection of its own."""
    problems = []
    with translated(register.path), closing(connect(register.path)) as connection:
        for index in ("search_exact", "search_folded"):
            connection.execute("BEGIN")
            try:
                connection.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)")
            except sqlite3.DatabaseError as error:
                if (getattr(error, "sqlite_errorname", "") or "").startswith("SQLITE_READONLY"):
                    continue
                problems.append(f"{index}: {error}")
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
    return problems


def _require_backup(source: Path) -> None:
    if not source.exists():
        raise errors.NothingThere(path=str(source))
    try:
        version = _version(source) if source.is_file() else None
    except sqlite3.DatabaseError:
        version = None
    if not version:
        raise errors.BackupForeign(path=str(source))
    if version > SCHEMA_VERSION:
        raise errors.BackupNewer(path=str(source), found=version, known=SCHEMA_VERSION)


def _version(path: Path) -> int | None:
    with closing(connect(path)) as connection:
        return schema_version(connection)


def _copy(source: Path, target: Path, *, replace: bool = True) -> None:
    """Copy by SQLite's own means beside the target, check it, and give it its name only then (if `replace`)."""
    half = target.with_name(f"{target.name}.part") if replace else target
    try:
        half.unlink(missing_ok=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        with closing(connect(source)) as old, closing(sqlite3.connect(half)) as new:
            old.backup(new)
            new.execute("PRAGMA journal_mode = DELETE")  # one file, complete by itself, wherever it is carried
            _require_sound(source, new)
        _sync(half)
        if replace:
            os.replace(half, target)
            _sync_folder(target)
    except sqlite3.DatabaseError as error:
        half.unlink(missing_ok=True)
        raise errors.BackupDamaged(path=str(source), problem=str(error)) from error
    except OSError as error:
        half.unlink(missing_ok=True)
        raise errors.RegisterReadOnly(path=str(target), problem=error.strerror or str(error)) from error
    except BaseException:
        half.unlink(missing_ok=True)
        raise


def _require_sound(source: Path, connection: sqlite3.Connection) -> None:
    problems = [row[0] for row in connection.execute("PRAGMA integrity_check(5)") if row[0] != "ok"]
    if problems:
        raise errors.BackupDamaged(path=str(source), problem="; ".join(problems))


def _set_aside(path: Path, now: str) -> Path:
    """A second name for the old register, made complete in its one file first: the first name is never without one."""
    stamp = re.sub(r"[^0-9T]", "", now)[:15]
    aside = path.with_name(f"{path.name}.{stamp}")
    n = 1
    while aside.exists():
        n += 1
        aside = path.with_name(f"{path.name}.{stamp}-{n}")
    if not _folded_into_one(path):
        for side in _SIDE_FILES:
            if (beside := path.with_name(path.name + side)).exists():
                os.replace(beside, aside.with_name(aside.name + side))
    try:
        os.link(path, aside)
    except OSError:  # a file system without second names
        os.replace(path, aside)
    return aside


def _folded_into_one(path: Path) -> bool:
    """End the WAL, which SQLite only does for the one process that has the file open; False where it is damaged."""
    try:
        with closing(connect(path)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.DatabaseError as error:
        if (getattr(error, "sqlite_errorname", "") or "").startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            raise errors.RegisterBusy(path=str(path)) from error
        return False
    return True


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _sync_folder(path: Path) -> None:
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
