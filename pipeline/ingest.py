"""The main path over many files: skip the unchanged, read in parallel, write in one place and in order.

Files are saved in the order they were given, whatever worker is done first, so that the same folder always gives the
same register. At most `WINDOW` files a worker are handed in and not yet saved, so that memory does not grow with the
folder; while one slow file is read, the other workers go on with as many others.
"""

from __future__ import annotations

import os
import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Literal

from pipeline.errors import CongvanError, CrashedWorker, InternalFault, NoWorkers
from pipeline.reading.programs import available
from pipeline.register import (
    FileStat,
    Known,
    KnownFiles,
    Register,
    Saved,
    finish_run,
    known_files,
    outdated,
    save_dispatch,
    save_failure,
    save_refusal,
    start_run,
    stored_document,
)
from pipeline.register.files import storable
from pipeline.worker import Failed, Outcome, Read, Refused, fault, judge_again, plain_details, read_file

WINDOW = 16
Clock = Callable[[], str]
Status = Literal["read", "refused", "failed"]


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of one file. `unchanged`: it was so already and was not read again. `saved` is None then."""

    path: str
    status: Status
    code: str | None = None
    details: dict[str, object] = field(default_factory=dict)
    unchanged: bool = False
    saved: Saved | None = None


@dataclass(frozen=True, slots=True)
class Writing:
    """What every saved row is marked with."""

    register: Register
    version: str
    clock: Clock
    run: int
    force: bool = False


@dataclass(frozen=True, slots=True)
class _Job:
    path: str
    stat: FileStat | None
    known: Known | None = None
    future: Future[Outcome] | None = None
    again: bool = False  # the same program may find more in the same bytes this time


def ingest(
    register: Register,
    paths: Sequence[str],
    executor: Executor,
    *,
    workers: int,
    version: str,
    clock: Clock,
    roots: Sequence[str] = (),
) -> Iterator[Seen]:
    """Fill the register from files, telling of each what became of it.

    A file whose worker died is read once more at the end, alone: it may have died of another one's hunger for memory.
    Raises register errors; a file's own trouble is a `Seen` with status "failed".
    """
    known = known_files(register)
    run = start_run(register, now=clock(), version=version, roots=[os.path.abspath(r) for r in roots])
    writing = Writing(register, version, clock, run)
    crashed: list[_Job] = []
    for job in _in_order(_jobs(paths, known, version, executor), WINDOW * max(1, workers)):
        if job.known:
            yield Seen(job.path, job.known.status, job.known.code, unchanged=True)
        elif (outcome := _outcome(job)) is None:
            crashed.append(job)
        else:
            yield _save(writing, job, outcome)
    for job in crashed:
        again = replace(job, future=executor.submit(read_file, job.path))
        yield _save(writing, job, _outcome(again) or Failed(CrashedWorker.code, {}))
    finish_run(register, run, now=clock())


def reextract(
    register: Register, executor: Executor, *, workers: int, version: str, clock: Clock, everything: bool = False
) -> Iterator[Seen]:
    """Extract anew what another version of the program extracted, from the text that the register keeps."""
    run = start_run(register, now=clock(), version=version, roots=[])
    writing = Writing(register, version, clock, run, force=everything)
    for job in _in_order(_stored_jobs(register, version, everything, executor), WINDOW * max(1, workers)):
        yield _save(writing, job, _outcome(job) or Failed(CrashedWorker.code, {}))
    finish_run(register, run, now=clock())


def save_outcome(writing: Writing, path: str, stat: FileStat | None, outcome: Outcome) -> Saved:
    """Save what a worker handed back, in one transaction."""
    register, marks = writing.register, {"version": writing.version, "now": writing.clock(), "run": writing.run}
    match outcome:
        case Read():
            return save_dispatch(
                register,
                path,
                stat,
                outcome.document,
                outcome.dispatch,
                force=writing.force,
                **marks,  # type: ignore[arg-type]
            )
        case Refused():
            return save_refusal(register, path, stat, outcome.document, outcome.refusal, **marks)  # type: ignore[arg-type]
        case Failed():
            return save_failure(
                register,
                path,
                stat,
                outcome.code,
                outcome.details,
                sha256=outcome.sha256,
                **marks,  # type: ignore[arg-type]
            )


def _jobs(paths: Iterable[str], known: KnownFiles, version: str, executor: Executor) -> Iterator[_Job]:
    """One job a file; the unchanged ones have nothing to wait for, unless a program that they lacked is there now."""
    installed = cache(available)
    for path in paths:
        path = os.path.abspath(path)
        stat = _stat(path)
        before = known.unchanged(path, stat, version) if stat else None
        if before and before.lacking and installed(before.lacking):
            yield _Job(path, stat, future=executor.submit(read_file, path), again=True)
        else:
            yield _Job(path, stat, before, None if before else executor.submit(read_file, path))


def _stored_jobs(register: Register, version: str, everything: bool, executor: Executor) -> Iterator[_Job]:
    """One job a document of the register that is to be extracted anew."""
    for row in outdated(register, version, everything):
        path, document = (row["paths"] or [""])[0], stored_document(register, row["file_id"])
        yield _Job(path, None, future=executor.submit(judge_again, document))


def _in_order(jobs: Iterator[_Job], ahead: int) -> Iterator[_Job]:
    """The jobs as they come, at most `ahead` of them handed in before the first is taken out."""
    waiting: deque[_Job] = deque()
    for job in jobs:
        waiting.append(job)
        if len(waiting) >= ahead or (waiting[0].future is None):
            yield waiting.popleft()
    yield from waiting


def _outcome(job: _Job) -> Outcome | None:
    """What the worker hands back; None where it died."""
    assert job.future
    try:
        return job.future.result()
    except CrashedWorker:
        return None
    except NoWorkers:
        raise
    except CongvanError as error:
        return Failed(error.code, plain_details(error.details))
    except Exception as error:
        return Failed(InternalFault.code, fault(error))


def _save(writing: Writing, job: _Job, outcome: Outcome) -> Seen:
    """Save one outcome. What the register cannot hold is that file's failure; a register that fails ends the run."""
    path = storable(job.path)
    writing = replace(writing, force=True) if job.again else writing
    try:
        saved = save_outcome(writing, path, job.stat, outcome)
    except (CongvanError, sqlite3.OperationalError, OSError):
        raise
    except Exception as error:
        outcome = Failed(InternalFault.code, fault(error))
        saved = save_outcome(writing, path, job.stat, outcome)
    match outcome:
        case Read():
            return Seen(path, "read", saved=saved)
        case Refused():
            return Seen(path, "refused", outcome.refusal.code, saved=saved)
        case Failed():
            return Seen(path, "failed", outcome.code, outcome.details, saved=saved)


def _stat(path: str) -> FileStat | None:
    try:
        return FileStat.of(os.stat(path))
    except OSError:
        return None
