"""Bytes seen: runs, files under their paths, what was refused and what failed."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from os import stat_result
from pathlib import Path
from typing import Literal

from extractors.model import Document
from pipeline.errors import ProgramMissing
from pipeline.reading import BY_ANTIWORD, NOT_RECOGNISED, OFFICE, RECOGNISER
from pipeline.reading.membernames import SEPARATOR
from pipeline.register.connection import Register, Row

FileStatus = Literal["read", "refused", "failed"]

PASSING = frozenset(
    {
        "not_permitted",
        "vanished_file",
        "timed_out",
        "crashed",
        "out_of_memory",
        "program_failed",
        "program_timed_out",
        "scratch_full",
    }
)
SECRECY = "secrecy"


@dataclass(frozen=True, slots=True)
class FileStat:
    """What tells that a file did not change: size in bytes, mtime in ns, inode."""

    size: int
    mtime_ns: int
    inode: int

    @classmethod
    def of(cls, stat: stat_result) -> FileStat:
        """From os.stat()."""
        return cls(stat.st_size, stat.st_mtime_ns, stat.st_ino)


@dataclass(frozen=True, slots=True)
class Known:
    """What became of a file when it was last seen; `code` says why it was refused or failed.

    `lacking` is the program without which the file, or a page of it, could not be read.
    """

    file_id: int | None
    status: FileStatus
    code: str | None
    version: str
    lacking: str | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a file inside an archive or a mail comes from: the container's row and path, its own path and size there,
    and the day on which the mail came that it was sent with."""

    container_id: int
    container: str
    member: str
    size: int | None = None
    received_on: str | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """One time that a file was looked at: where it stood, when, by which version of the program, in which run.

    `stat` of a file inside a container is the container's.
    """

    path: str
    stat: FileStat | None
    version: str
    now: str
    run: int | None
    origin: Origin | None = None

    @property
    def size(self) -> int | None:
        """The size of the file itself."""
        return self.origin.size if self.origin else self.stat.size if self.stat else None


class KnownFiles:
    """All paths the register knows, loaded by one query, for skipping what did not change."""

    def __init__(
        self,
        by_path: dict[str, tuple[FileStat, Known]],
        secret: dict[tuple[str, int, int], Known],
        members: dict[str, list[str]],
        by_hash: dict[str, Known],
    ) -> None:
        self._by_path, self._secret, self._members, self._by_hash = by_path, secret, members, by_hash

    def unchanged(self, path: str, stat: FileStat, version: str) -> Known | None:
        """What is known of the file if it need not be read again, else None.

        A read file is skipped whatever the version (`outdated` finds those to extract anew); a refused or failed one
        only under the same version; one that failed for a passing reason (`PASSING`) never; a container where all this
        holds of its members. `path` is the string given to `save_*`.
        """
        path = storable(path)
        known = self.unchanged_member(path, stat, version)
        if known is None:
            known = self._secret.get((folder_of(path), stat.inode, stat.mtime_ns))
            return known if known and _lasts(known, version) else None
        secret = self._secret.get((path, stat.inode, stat.mtime_ns))
        if secret and not _lasts(secret, version):
            return None
        inside = [self.unchanged_member(member, stat, version) for member in self._members.get(path, ())]
        return known if all(inside) else None

    def unchanged_member(self, path: str, stat: FileStat, version: str) -> Known | None:
        """The same of one file inside a container, whose `stat` it has."""
        then, known = self._by_path.get(path, (None, None))
        return known if known and then == stat and _lasts(known, version) else None

    def members(self, path: str) -> list[tuple[str, Known]]:
        """What is known of each file inside the container at a path, in the order of their ids."""
        return [(member, self._by_path[member][1]) for member in self._members.get(storable(path), ())]

    def with_bytes(self, sha256: str | None, version: str) -> Known | None:
        """What this version knows of these bytes, under whatever path, if they need not be read again."""
        known = self._by_hash.get(sha256) if sha256 else None
        return known if known and known.version == version and _lasts(known, version) else None


def _lasts(known: Known, version: str) -> bool:
    return known.status == "read" or (known.version == version and known.code not in PASSING)


def known_files(register: Register) -> KnownFiles:
    """Load them once at the start of a run."""
    lacking = _lacking(register)
    rows = register.rows(
        "SELECT p.path, p.size, p.mtime_ns, p.inode, p.member, f.id, f.sha256, f.status, f.code, f.version,"
        " d.version AS extracted_by,"
        " f.status = 'read' AND EXISTS"
        " (SELECT 1 FROM failures x WHERE x.file_id = f.id AND x.resolved_at IS NULL) AS failed_since"
        " FROM file_paths p JOIN files f ON f.id = p.file_id LEFT JOIN dispatches d ON d.file_id = f.id"
        " WHERE p.is_current AND p.inode IS NOT NULL ORDER BY p.id"
    )
    by_path: dict[str, tuple[FileStat, Known]] = {}
    members: dict[str, list[str]] = {}
    by_hash: dict[str, Known] = {}
    for r in rows:
        if not r["failed_since"]:
            known = Known(r["id"], r["status"], r["code"], r["version"], lacking.get(r["id"]))
            by_path[r["path"]] = FileStat(r["size"], r["mtime_ns"], r["inode"]), known
            by_hash[r["sha256"] or ""] = replace(known, version=r["extracted_by"] or r["version"])
        if r["member"] is not None:
            members.setdefault(r["path"].removesuffix(SEPARATOR + r["member"]), []).append(r["path"])
    secret = {
        (r["folder"], r["inode"], r["mtime_ns"]): Known(None, "refused", r["code"], r["version"])
        for r in register.rows("SELECT folder, inode, mtime_ns, code, version FROM failures WHERE file_id IS NULL")
    }
    return KnownFiles(by_path, secret, members, by_hash)


def _lacking(register: Register) -> dict[int, str]:
    """The files that a missing program kept from being read, wholly or in part, and the program."""
    failed = register.rows(
        "SELECT file_id, details FROM failures WHERE code = ? AND resolved_at IS NULL AND file_id IS NOT NULL",
        (ProgramMissing.code,),
    )
    issues = (
        "SELECT DISTINCT d.file_id FROM issues i JOIN dispatches d ON d.id = i.dispatch_id"
        " WHERE i.code = ? AND i.closed_at IS NULL AND i.message LIKE ?"
    )
    in_part = register.rows(issues, (NOT_RECOGNISED, f"%{ProgramMissing.code}"))
    badly = register.rows(issues, (BY_ANTIWORD, "%"))
    return (
        {row["file_id"]: RECOGNISER for row in in_part}
        | {row["file_id"]: OFFICE for row in badly}
        | {row["file_id"]: str(json.loads(row["details"]).get("program", "")) for row in failed}
    )


def storable(path: str) -> str:
    """A path as text that SQLite can hold: bytes that are no UTF-8 become escapes ("\\xff")."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def folder_of(path: str) -> str:
    """The folder of a path, as stored."""
    return storable(str(Path(path).parent))


def start_run(register: Register, *, now: str, version: str, roots: Sequence[str]) -> int:
    """A row for one run of ingest or reextract; its id goes into `save_*`."""
    with register.transaction() as connection:
        cursor = connection.execute(
            "INSERT INTO runs (started_at, version, roots) VALUES (?, ?, ?)",
            (now, version, json.dumps([storable(r) for r in roots], ensure_ascii=False)),
        )
    return int(cursor.lastrowid or 0)


def finish_run(register: Register, run: int, *, now: str) -> None:
    """Note the end of the run (a run without an end was cut short)."""
    with register.transaction() as connection:
        connection.execute("UPDATE runs SET finished_at = ? WHERE id = ?", (now, run))


# ------------------------------------------------------------------ inside a transaction of saving


def file_by_hash(register: Register, sha256: str) -> Row | None:
    """The row of these bytes."""
    return register.one("SELECT * FROM files WHERE sha256 = ?", (sha256,))


def file_at(register: Register, path: str, stat: FileStat | None) -> Row | None:
    """The row of the file that stands at this path, as far as its size and time tell."""
    row = register.one(
        "SELECT f.*, p.size AS then_size, p.mtime_ns, p.inode FROM files f"
        " JOIN file_paths p ON p.file_id = f.id AND p.is_current WHERE p.path = ?",
        (storable(path),),
    )
    if row is None or row["sha256"] is None or stat is None:
        return row
    return row if FileStat(row["then_size"], row["mtime_ns"], row["inode"]) == stat else None


def write_file(
    register: Register,
    old: Row | None,
    visit: Visit,
    sha256: str | None,
    document: Document | None,
    status: FileStatus,
    code: str | None = None,
) -> int:
    """Insert or update the row of a file; what is not known this time keeps its value."""
    shape = (document.format, document.medium, document.pages) if document else (None, None, None)
    values = (sha256, visit.size, *shape, status, code, visit.version, visit.now, visit.run)
    if old is None:
        cursor = register.connection.execute(
            "INSERT INTO files (sha256, size, format, medium, pages, status, code, version, read_at, run_id)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            values,
        )
        return int(cursor.lastrowid or 0)
    register.connection.execute(
        "UPDATE files SET sha256 = coalesce(?, sha256), size = coalesce(?, size), format = coalesce(?, format),"
        " medium = coalesce(?, medium), pages = coalesce(?, pages), status = ?, code = ?, version = ?, read_at = ?,"
        " run_id = ? WHERE id = ?",
        (*values, old["id"]),
    )
    return int(old["id"])


def note_path(register: Register, file_id: int, visit: Visit) -> None:
    """Remember that these bytes stand at this path; nothing is written where that is known already."""
    stored, stat, origin = storable(visit.path), visit.stat, visit.origin
    known = register.one(
        "SELECT size, mtime_ns, inode, container_id, member, received_on FROM file_paths"
        " WHERE path = ? AND file_id = ? AND is_current",
        (stored, file_id),
    )
    values = (
        *((stat.size, stat.mtime_ns, stat.inode) if stat else (None, None, None)),
        *((origin.container_id, origin.member, origin.received_on) if origin else (None, None, None)),
    )
    if not stored or (known and (stat is None or tuple(known.values()) == values)):
        return
    register.connection.execute(
        "UPDATE file_paths SET is_current = 0 WHERE path = ? AND file_id <> ? AND is_current", (stored, file_id)
    )
    register.connection.execute(
        "INSERT INTO file_paths (file_id, path, size, mtime_ns, inode, container_id, member, received_on,"
        " first_seen_at, last_seen_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (file_id, path) DO UPDATE SET size = excluded.size, mtime_ns = excluded.mtime_ns,"
        " inode = excluded.inode, container_id = excluded.container_id, member = excluded.member,"
        " received_on = excluded.received_on, last_seen_at = excluded.last_seen_at, is_current = 1",
        (file_id, stored, *values, visit.now, visit.now),
    )
    _resolve_replaced(register, stored, visit.now)


def note_failure(
    register: Register,
    file_id: int,
    visit: Visit,
    status: Literal["refused", "failed"],
    code: str,
    details: Mapping[str, object],
) -> None:
    """The open failure of a file: one row, brought up to date."""
    register.connection.execute(
        "INSERT INTO failures (file_id, status, code, details, version, noted_at, run_id) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (file_id) WHERE resolved_at IS NULL DO UPDATE SET status = excluded.status,"
        " code = excluded.code, details = excluded.details, version = excluded.version, noted_at = excluded.noted_at,"
        " run_id = excluded.run_id",
        (file_id, status, code, _json(details), visit.version, visit.now, visit.run),
    )


def secret_place(register: Register, visit: Visit) -> str:
    """Where a file lies that has a secrecy mark: its folder, or the container that it is in, never its name."""
    if visit.origin:
        return storable(visit.origin.container)
    path = storable(visit.path)
    row = register.one("SELECT member FROM file_paths WHERE path = ? AND member IS NOT NULL AND is_current", (path,))
    return path.removesuffix(SEPARATOR + row["member"]) if row else folder_of(path)


def note_secret(register: Register, visit: Visit, place: str) -> None:
    """A file refused for its secrecy mark: its place, and its inode to find it by; the name may tell too much."""
    stat = visit.stat
    values = (place, stat.inode if stat else 0, stat.mtime_ns if stat else 0)
    register.connection.execute(
        "INSERT INTO failures (status, code, details, folder, inode, mtime_ns, version, noted_at, run_id)"
        " VALUES ('refused', ?, '{}', ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (folder, inode, mtime_ns) WHERE file_id IS NULL DO UPDATE SET version = excluded.version,"
        " noted_at = excluded.noted_at, run_id = excluded.run_id",
        (SECRECY, *values, visit.version, visit.now, visit.run),
    )


def resolve_failures(register: Register, file_id: int, now: str) -> None:
    """The file was read well: what failed of it before is settled."""
    register.connection.execute(
        "UPDATE failures SET resolved_at = ? WHERE resolved_at IS NULL AND file_id = ?", (now, file_id)
    )


def retire_members(register: Register, container: str, still_there: Sequence[str], now: str) -> None:
    """Files that lay in a container before its bytes changed, and lie there no more."""
    inside = register.rows(
        "SELECT path FROM file_paths WHERE is_current AND member IS NOT NULL AND path = ? || member",
        (storable(container) + SEPARATOR,),
    )
    for path in {row["path"] for row in inside} - set(still_there):
        register.connection.execute("UPDATE file_paths SET is_current = 0 WHERE path = ? AND is_current", (path,))
        _resolve_replaced(register, path, now)


def _resolve_replaced(register: Register, stored: str, now: str) -> None:
    """Failed bytes that stand nowhere any more, because others took their place."""
    register.connection.execute(
        "UPDATE failures SET resolved_at = ? WHERE resolved_at IS NULL"
        " AND file_id IN (SELECT file_id FROM file_paths WHERE path = ? AND NOT is_current)"
        " AND NOT EXISTS (SELECT 1 FROM file_paths p WHERE p.file_id = failures.file_id AND p.is_current)",
        (now, stored),
    )


def _json(details: Mapping[str, object]) -> str:
    return json.dumps(dict(details), ensure_ascii=False, default=str)
