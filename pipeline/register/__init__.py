"""The register (sổ theo dõi): one SQLite file of dispatches, obligations and deadlines that stock tools can read.

Nothing here reads a clock: `now` is an ISO time ("2026-01-31T08:30:00+07:00"), `as_of` an ISO day ("2026-01-31").
Public ids are a letter and a number that is never used again: D3 (dispatch), O12 (obligation), L5 (deadline),
I9 (issue), M2 (merge proposal), C7 (correction). In the tables they are plain integers.

Rows come back as dictionaries of JSON values; the docstring of each function names the keys.

    with open_register(path, "create") as register:
        run = start_run(register, now=now, version=version, roots=["inbox"])
        known = known_files(register)
        if not known.unchanged(path, stat, version):
            save_dispatch(register, path, stat, document, dispatch, version=version, now=now, run=run)
        finish_run(register, run, now=now)

Errors (all `pipeline.errors.CongvanError`; code -> details for the message catalogue):
    register_missing {path}                        there is no register yet: run `make ingest` first
    register_foreign {path}                        the file is no register of congvan (or no SQLite file)
    register_newer {path, found, known}            written by a newer program: update this one
    register_busy {path}                           another process is writing and did not finish in time
    register_damaged {path, problem}               the integrity check fails: restore a backup
    register_read_only {path}                      the file or its folder cannot be written
    unknown_id {id}                                no such dispatch, obligation ...
    wrong_id {id, expected}                        an id that cannot be, or of the wrong kind here
    unknown_field {field, target, allowed}         no such field, or none that a person corrects
    invalid_value {field, value, allowed}          a value that the field cannot hold
    already_undone {id}                            the correction was undone before
    not_undoable {id}                              an undo cannot itself be undone: correct anew
    backup_exists {path}                           the backup's file is there already
    backup_foreign {path}                          the file to restore is no register of congvan
    backup_newer {path, found, known}              the file to restore was written by a newer program
    backup_damaged {path, problem}                 the file to restore fails its integrity check
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from os import stat_result
from pathlib import Path
from typing import Any, Literal

from extractors.model import Dispatch, Document, Refusal

Mode = Literal["read", "write", "create"]
Policy = Literal["strict", "lenient"]
State = Literal["overdue", "upcoming", "no_day", "target"]
Row = dict[str, Any]


# ------------------------------------------------------------------------------------------------ opening


class Register:
    """An open register: a context manager that closes its connection (`connection`, rows as `sqlite3.Row`)."""

    path: Path
    connection: sqlite3.Connection

    def __enter__(self) -> Register:
        raise NotImplementedError

    def __exit__(self, *_: object) -> None:
        raise NotImplementedError

    def close(self) -> None:
        """Close it; further use is an error."""
        raise NotImplementedError


def open_register(path: Path, mode: Mode = "read") -> Register:
    """The register at a path: "read" (must exist, nothing is changed), "write" (must exist), "create" (made if missing,
    with its folder). An older file is brought up to date first. Raises register_* errors."""
    raise NotImplementedError


# ------------------------------------------------------------------------------------------------ saving


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
    """What became of a file when it was last seen; `code` says why it was refused or failed."""

    file_id: int
    status: Literal["read", "refused", "failed"]
    code: str | None
    version: str


class KnownFiles:
    """All paths the register knows, loaded by one query, for skipping what did not change."""

    def unchanged(self, path: str, stat: FileStat, version: str) -> Known | None:
        """What is known of the file if it need not be read again, else None.

        A read file is skipped whatever the version (`outdated` finds those to extract anew); a refused or failed one
        only under the same version; one that failed for a passing reason (not_permitted, vanished_file, timed_out)
        never. `path` is the string given to `save_*`.
        """
        raise NotImplementedError


def known_files(register: Register) -> KnownFiles:
    """Load them once at the start of a run."""
    raise NotImplementedError


def start_run(register: Register, *, now: str, version: str, roots: Sequence[str]) -> int:
    """A row for one run of ingest or reextract; its id goes into `save_*`."""
    raise NotImplementedError


def finish_run(register: Register, run: int, *, now: str) -> None:
    """Note the end of the run (a run without an end was cut short)."""
    raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving did.

    outcome "new": a dispatch entered; "same": these bytes are in the register already (only the path is noted);
    "reread": the same bytes read by another version, findings matched with the old ones;
    "removed": these bytes were removed by a person and stay removed; "refused"/"failed": a row in `failures`.
    """

    outcome: Literal["new", "same", "reread", "removed", "refused", "failed"]
    file_id: int
    dispatch_id: int | None = None
    proposals: tuple[int, ...] = ()
    unmatched: int = 0


def save_dispatch(
    register: Register,
    path: str,
    stat: FileStat | None,
    document: Document,
    dispatch: Dispatch,
    *,
    version: str,
    now: str,
    run: int | None = None,
    force: bool = False,
) -> Saved:
    """Enter a document in one transaction; the same bytes by the same version change nothing (unless `force`)."""
    raise NotImplementedError


def save_refusal(
    register: Register,
    path: str,
    stat: FileStat | None,
    document: Document | None,
    refusal: Refusal,
    *,
    version: str,
    now: str,
    run: int | None = None,
) -> Saved:
    """Note that a file was refused. With code "secrecy" nothing of it is kept: no hash, no size, no name, only its
    folder, its inode (to find it) and the time; what an earlier version had stored of the same bytes is erased."""
    raise NotImplementedError


def save_failure(
    register: Register,
    path: str,
    stat: FileStat | None,
    code: str,
    details: Mapping[str, object],
    *,
    version: str,
    now: str,
    run: int | None = None,
    sha256: str | None = None,
) -> Saved:
    """Note that a file could not be read. A file read well earlier under the same path stays in the register."""
    raise NotImplementedError


def outdated(register: Register, version: str, everything: bool = False) -> list[Row]:
    """Documents last extracted by another version, in order: file_id, dispatch_id, sha256, version, paths (newest
    first). `everything` lists those of this version too."""
    raise NotImplementedError


def stored_document(register: Register, file_id: int) -> Document:
    """The document as it was read, from the register alone: for extracting anew without the file."""
    raise NotImplementedError


# ------------------------------------------------------------------------------------------------ people


def parse_id(text: str, *kinds: str) -> tuple[str, int]:
    """("O", 12) from "O12" or "o12"; raises wrong_id unless its letter is one of `kinds` (any, where none is given)."""
    raise NotImplementedError


def correct(register: Register, target: str, field: str, new: str | None, *, who: str, now: str, why: str) -> int:
    """A person's value for a field; it wins over this and any later extraction. Returns the correction's number.

    target D: type number symbol issued_on place issuer subject urgency signer_authority signer_title signer_name
    addressees; O: quote kind modality lead coordinating; L: quote kind due start boundary rrule offset.
    `new` is text; None or "" empties the field. Lists (addressees, lead, coordinating) are entries parted by ";",
    or a JSON array; offset is "15 day issue" or its JSON object.
    """
    raise NotImplementedError


def confirm(register: Register, target: str, field: str | None = None, *, who: str, now: str, why: str = "") -> int:
    """A person accepts the value of a field, or all fields of a target, as they are: `review` lists them no more and
    they are kept as they are. A dispatch confirmed whole takes its obligations and deadlines with it; an issue (I) is
    worked off; a merge proposal (M) is accepted (`decide_merge`)."""
    raise NotImplementedError


def add_obligation(
    register: Register, dispatch: str, values: Mapping[str, str | None], *, who: str, now: str, why: str
) -> int:
    """An obligation that the program missed (fields as in `correct`; quote is needed). Returns its number."""
    raise NotImplementedError


def add_deadline(
    register: Register, obligation: str, values: Mapping[str, str | None], *, who: str, now: str, why: str
) -> int:
    """A deadline that the program missed (quote and kind are needed). Returns its number."""
    raise NotImplementedError


def delete(register: Register, target: str, *, who: str, now: str, why: str) -> int:
    """An obligation (O) or deadline (L) that is none. It is hidden, not erased. Returns the correction's number."""
    raise NotImplementedError


def remove(register: Register, dispatch: str, *, who: str, now: str, why: str) -> int:
    """Take a wrongly entered dispatch (D) out of all lists; nothing is erased. Returns the correction's number."""
    raise NotImplementedError


def undo(register: Register, correction: str, *, who: str, now: str, why: str = "") -> int:
    """Take back a correction, confirmation, addition, deletion or removal (C). Also takes "D3": the removal of D3."""
    raise NotImplementedError


def decide_merge(register: Register, proposal: str, accept: bool, *, who: str, now: str, why: str = "") -> int:
    """A person says whether two dispatches (M) are the same letter. May be decided anew later."""
    raise NotImplementedError


def history(register: Register, target: str | None = None) -> list[Row]:
    """Corrections of a target (all, where None), oldest first: id, made_at, made_by, action, target, target_id, field,
    old, new, why, undone_by."""
    raise NotImplementedError


# ------------------------------------------------------------------------------------------------ asking


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """What to list; None does not restrict. Names and text are compared without accents and case.

    body: words of a lead or coordinating body's name, or its canonical id; issuer: words of the issuer's name or its
    id; type: of the dispatch; issued and due ranges are ISO days, both ends included; text: as in `search`.
    """

    body: str | None = None
    issuer: str | None = None
    type: str | None = None
    issued_from: str | None = None
    issued_to: str | None = None
    due_from: str | None = None
    due_to: str | None = None
    text: str | None = None
    state: State | None = None
    kind: Literal["task", "target"] | None = None
    dispatch: str | None = None


def tasks(
    register: Register,
    filter: TaskFilter | None = None,
    *,
    as_of: str,
    policy: Policy = "strict",
    limit: int | None = None,
) -> list[Row]:
    """Obligations, soonest due first: id ("O12"), dispatch ("D3"), number, issuer, type, issued_on, quote, kind,
    modality, lead, coordinating, lead_stated, deadlines [{id, quote, kind, due, start, boundary, rrule, offset}], due,
    state, days_late (None unless overdue), page, confidence, confirmed, copies (dispatches proposed as the same)."""
    raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Overdue:
    """What is late on a day. Rows as in `tasks`, one a deadline, with deadline {id, quote, kind, due, boundary},
    last_day (the last day on time by the policy), days_late. `no_day`: open obligations whose deadlines give no day."""

    as_of: str
    policy: Policy
    dated: list[Row]
    periods: list[Row]
    no_day: int
    upcoming: int


def overdue(
    register: Register, filter: TaskFilter | None = None, *, as_of: str, policy: Policy = "strict"
) -> Overdue:
    """First what has a printed day, then what has only a period (due at its end); most days late first.

    strict: "trước ngày D" is late on D; lenient: from the day after. Everything else is late from the day after its
    last day. Targets, recurring limits, removed and unmatched findings are never overdue.
    """
    raise NotImplementedError


def search(register: Register, query: str, *, limit: int = 50, offset: int = 0) -> list[Row]:
    """Dispatches and obligations with all the words, exact accents first: kind ("dispatch", "obligation"), id,
    dispatch, number, issuer, type, issued_on, subject, snippet (matches between "[" and "]"), exact (bool)."""
    raise NotImplementedError


def show(register: Register, dispatch: str) -> Row:
    """A dispatch whole: the keys of `pipeline.shape.dispatch_json` with ids, plus id, key, files [{sha256, format,
    pages, paths}], copies, removed, corrections (as `history`), where each value was found (span, page, box, rule,
    confidence, confirmed). `dispatch` may be an id ("D3", "O12") or a printed number ("01/CT-BTTTT")."""
    raise NotImplementedError


def dispatches(register: Register, *, limit: int | None = None) -> list[Row]:
    """Dispatches, newest issue first: id, type, number, symbol, issued_on, issuer, subject, obligations, path."""
    raise NotImplementedError


def issues(register: Register, dispatch: str | None = None, include_closed: bool = False) -> list[Row]:
    """What was read and not understood: id, dispatch, number, code, message, page, quote, path, closed."""
    raise NotImplementedError


def review(register: Register, *, limit: int | None = None, below: float = 1.0) -> list[Row]:
    """What is doubtful, least certain first: what ("field", "obligation", "deadline", "merge", "unmatched"), id (to
    `confirm` or `correct`), field, value, confidence, dispatch, number, quote, page, rule, why. Merge proposals and
    unmatched findings come first (confidence 0)."""
    raise NotImplementedError


def failures(register: Register, status: Literal["refused", "failed"] | None = None) -> list[Row]:
    """Files refused and failed, newest first: id, status, code, details, path, noted_at. For a secrecy refusal `path`
    is the folder only and details hold the inode."""
    raise NotImplementedError


def counts(register: Register, *, as_of: str, policy: Policy = "strict", run: int | None = None) -> Row:
    """For the end of an ingest: files {read, refused, failed} now in the register, run {read, refused, failed, same}
    of that run, dispatches, obligations, deadlines, to_check (rows of `review`), proposals, issues, overdue (printed
    day), overdue_periods."""
    raise NotImplementedError


# ------------------------------------------------------------------------------------------------ keeping


def backup(path: Path, target: Path, *, overwrite: bool = False) -> Path:
    """A checked copy of the register, also while others write. Nothing is left at `target` if it fails."""
    raise NotImplementedError


def restore(source: Path, path: Path, *, now: str) -> Path | None:
    """Put a backup in the register's place, at once; the old register is kept aside, its new path is returned."""
    raise NotImplementedError


def check(register: Register) -> list[str]:
    """Problems found by SQLite's integrity and foreign key checks and in the search indexes; empty where sound."""
    raise NotImplementedError
