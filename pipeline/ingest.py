"""The main path over many files: skip the unchanged, read in parallel, write in one place and in order.

Files are saved in the order they were given, whatever worker is done first, so that the same folder always gives the
same register. At most `WINDOW` files a worker are handed in and not yet taken out, so that memory does not grow with
the folder; while one slow file is read, the other workers go on with as many others.

Files that were read within a moment, `TOGETHER` at most, are saved in one transaction: ending one costs as much as what
is written in it. A file is told of when it is saved; one that was not when a run was killed is read again.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, wait
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Literal

from pipeline.errors import CongvanError, CrashedWorker, InternalFault, NoScratch, NoWorkers, RegisterError
from pipeline.reading.containers import SEPARATOR, Member
from pipeline.reading.programs import available
from pipeline.register import (
    FileStat,
    Known,
    KnownFiles,
    Origin,
    Received,
    Register,
    Saved,
    close_container,
    finish_run,
    known_files,
    outdated,
    save_container,
    save_dispatch,
    save_failure,
    save_refusal,
    save_same,
    start_run,
    stored_document,
)
from pipeline.register.files import SECRECY, storable
from pipeline.worker import (
    ALL,
    Container,
    Failed,
    Outcome,
    Read,
    Refused,
    Wanted,
    fault,
    judge_again,
    plain_details,
    read_file,
    read_member,
)

WINDOW = 16
TOGETHER = 32  # files in one transaction, at most
MOMENT = 0.2  # seconds for which a file that was read waits for others
Clock = Callable[[], str]
Status = Literal["read", "refused", "failed"]


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of one file. `unchanged`: it was so already and was not read again. `saved` is None then.

    A file inside an archive or a mail names its `container`; `ignored` counts what was passed over in a container.
    """

    path: str
    status: Status
    code: str | None = None
    details: dict[str, object] = field(default_factory=dict)
    unchanged: bool = False
    saved: Saved | None = None
    container: str | None = None
    ignored: int = 0


@dataclass(frozen=True, slots=True)
class Writing:
    """What every saved row is marked with."""

    register: Register
    version: str
    clock: Clock
    run: int
    force: bool = False
    received: Received | None = None


@dataclass(frozen=True, slots=True)
class _Job:
    path: str
    stat: FileStat | None
    known: Known | None = None
    future: Future[Outcome | Container] | None = None
    again: bool = False  # the same program may find more in the same bytes this time
    origin: Origin | None = None
    sha256: str | None = None  # of a file inside a container, known before it is read
    same: bool = False  # `known` speaks of the same bytes elsewhere


class _Together:
    """Files that were read and are saved in one transaction; a run that is stopped saves those that it read."""

    def __init__(self, writing: Writing) -> None:
        self.writing = writing
        self._waiting: list[tuple[_Job, Outcome]] = []
        self._until = 0.0

    def __enter__(self) -> _Together:
        return self

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if not isinstance(error, RegisterError | sqlite3.Error):  # where the register failed it would fail again
            self.save()

    def add(self, job: _Job, outcome: Outcome) -> list[Seen]:
        """What became of the files that were saved now, if it was time."""
        if isinstance(outcome, Refused) and outcome.refusal.code == SECRECY:
            return [*self.save(), _save(self.writing, job, outcome)]  # what is erased is shredded after its transaction
        if not self._waiting:
            self._until = time.monotonic() + MOMENT
        self._waiting.append((job, outcome))
        return self.save() if len(self._waiting) >= TOGETHER or not self.left() else []

    def left(self) -> float | None:
        """Seconds until what waits is to be saved; None where nothing waits."""
        return max(0.0, self._until - time.monotonic()) if self._waiting else None

    def save(self) -> list[Seen]:
        """Save what waits. Where somebody stops the run meanwhile, those saved so far stay, and the rest waits on."""
        waiting, self._waiting = self._waiting, []
        seen: list[Seen] = []
        stopped: KeyboardInterrupt | None = None
        if waiting:
            with self.writing.register.transaction():
                try:
                    for job, outcome in waiting:
                        seen.append(_save(self.writing, job, outcome))
                except KeyboardInterrupt as key:
                    stopped = key
        if stopped:
            self._waiting = waiting[len(seen) :]
            raise stopped
        return seen


@dataclass(slots=True)
class _Ingest:
    """One run: what it works with, and what is left for its end."""

    together: _Together
    known: KnownFiles
    executor: Executor
    ahead: int
    wanted: Wanted = ALL
    crashed: list[_Job] = field(default_factory=list)
    read_through: list[Callable[[], None]] = field(default_factory=list)


def ingest(
    register: Register,
    paths: Sequence[str],
    executor: Executor,
    *,
    workers: int,
    version: str,
    clock: Clock,
    roots: Sequence[str] = (),
    received: Received | None = None,
    wanted: Wanted = ALL,
    known: KnownFiles | None = None,
) -> Iterator[Seen]:
    """Fill the register from files, telling of each what became of it. `received`: how those that are new came in;
    `wanted`: what to look for in them; `known`: what need not be read again, by default all that the register knows.

    A file whose worker died is read once more at the end, alone: it may have died of another one's hunger for memory.
    Raises register errors; a file's own trouble is a `Seen` with status "failed".
    """
    known = known or known_files(register)
    run = start_run(register, now=clock(), version=version, roots=[os.path.abspath(r) for r in roots])
    with _Together(Writing(register, version, clock, run, received=received)) as together:
        own = _Ingest(together, known, executor, WINDOW * max(1, workers), wanted)
        for job in _in_order(_jobs(own, paths), own.ahead):
            yield from _seen(own, job)
        crashed, own.crashed = own.crashed, []
        for job in crashed:
            yield from _seen(own, replace(job, future=_submitted(own, job)))
        for job in own.crashed:
            yield from together.add(job, Failed(CrashedWorker.code, {}))
        yield from together.save()
    for close in own.read_through:
        close()
    finish_run(register, run, now=clock())


def reextract(
    register: Register, executor: Executor, *, workers: int, version: str, clock: Clock, everything: bool = False
) -> Iterator[Seen]:
    """Extract anew what another version of the program extracted, from the text that the register keeps."""
    run = start_run(register, now=clock(), version=version, roots=[])
    with _Together(Writing(register, version, clock, run, force=everything)) as together:
        for job in _in_order(_stored_jobs(register, version, everything, executor), WINDOW * max(1, workers)):
            if not _is_there(job, together.left()):
                yield from together.save()
            outcome = _outcome(job) or Failed(CrashedWorker.code, {})
            assert not isinstance(outcome, Container)
            yield from together.add(job, outcome)
        yield from together.save()
    finish_run(register, run, now=clock())


def save_outcome(
    writing: Writing, path: str, stat: FileStat | None, outcome: Outcome, origin: Origin | None = None
) -> Saved:
    """Save what a worker handed back, in one transaction."""
    marks = {"version": writing.version, "now": writing.clock(), "run": writing.run, "origin": origin}
    register = writing.register
    match outcome:
        case Read():
            return save_dispatch(
                register,
                path,
                stat,
                outcome.document,
                outcome.dispatch,
                force=writing.force,
                received=writing.received,
                signatures=outcome.signatures,
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


def _jobs(own: _Ingest, paths: Iterable[str]) -> Iterator[_Job]:
    """One job a file; the unchanged ones have nothing to wait for, unless a program that they lacked is there now."""
    installed = cache(available)
    known, version = own.known, own.together.writing.version
    for path in paths:
        path = os.path.abspath(path)
        stat = _stat(path)
        before = known.unchanged(path, stat, version) if stat else None
        inside = [one for _, one in known.members(path)] if before else []
        if before and any(one.lacking and installed(one.lacking) for one in (before, *inside)):
            yield _Job(path, stat, future=own.executor.submit(read_file, path, own.wanted), again=True)
        else:
            yield _Job(path, stat, before, None if before else own.executor.submit(read_file, path, own.wanted))


def _submitted(own: _Ingest, job: _Job) -> Future[Any]:
    """Hand a file in for reading, or one inside a container."""
    if job.origin:
        inside = job.origin.container, job.origin.member, job.sha256 or ""
        return own.executor.submit(read_member, *inside, own.wanted)
    return own.executor.submit(read_file, job.path, own.wanted)


def _seen(own: _Ingest, job: _Job) -> Iterator[Seen]:
    """What became of one file, and of all that lies in it; before it, of those that waited to be saved."""
    container, together = job.origin.container if job.origin else None, own.together
    if job.known or not _is_there(job, together.left()):
        yield from together.save()
    if job.known and not job.same:
        yield Seen(job.path, job.known.status, job.known.code, unchanged=True, container=container)
        for path, inside in own.known.members(job.path):
            yield Seen(path, inside.status, inside.code, unchanged=True, container=job.path)
    elif job.known:
        yield _save_same(together.writing, job, job.known)
    elif (outcome := _outcome(job)) is None:
        own.crashed.append(job)
    elif isinstance(outcome, Container):
        yield from together.save()
        yield from _save_container(own, job, outcome)
    else:
        yield from together.add(job, outcome)


def _save_container(own: _Ingest, job: _Job, container: Container) -> Iterator[Seen]:
    """Save a container and all that lies in it. Only then it counts as read: a run that is cut short opens it again."""
    writing, path = own.together.writing, storable(job.path)
    marks: dict[str, Any] = {"version": writing.version, "now": writing.clock(), "run": writing.run}
    saved = save_container(writing.register, job.stat, container.sha256, container.format, **marks)
    yield Seen(path, "read", saved=saved, ignored=container.contents.ignored)
    file_id = saved.file_id or 0
    jobs = [_member_job(own, job, file_id, member) for member in container.contents.members]
    for one in _in_order((_started(own, one) for one in jobs), own.ahead):
        yield from _seen(own, one)
    yield from own.together.save()
    paths = [storable(one.path) for one in jobs]
    own.read_through.append(
        lambda: close_container(
            writing.register, path, job.stat, file_id, paths, now=writing.clock(), heads=container.contents.heads
        )
    )
    if not own.crashed:
        own.read_through.pop()()


def _member_job(own: _Ingest, job: _Job, container_id: int, member: Member) -> _Job:
    """The job of one file inside a container: none to do where it, or the same bytes elsewhere, are known."""
    path, version = f"{job.path}{SEPARATOR}{member.path}", own.together.writing.version
    origin = Origin(container_id, job.path, member.path, member.size, member.received_on)
    one = _Job(path, job.stat, origin=origin, sha256=member.sha256)
    if member.problem:
        return replace(one, future=_settled(Failed(*member.problem)))
    before = job.stat and own.known.unchanged_member(storable(path), job.stat, version)
    same = None if before else own.known.with_bytes(member.sha256, version)
    known = before or same
    if known and known.lacking and available(known.lacking):
        return replace(one, again=True)
    return replace(one, known=known, same=bool(same))


def _started(own: _Ingest, job: _Job) -> _Job:
    return job if job.known or job.future else replace(job, future=_submitted(own, job))


def _settled(outcome: Outcome) -> Future[Any]:
    future: Future[Any] = Future()
    future.set_result(outcome)
    return future


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


def _is_there(job: _Job, seconds: float | None) -> bool:
    """Whether a file has been read, or is within so many seconds; one that nobody waits with is waited for."""
    assert job.future
    return seconds is None or bool(wait([job.future], seconds).done)


def _outcome(job: _Job) -> Outcome | Container | None:
    """What the worker hands back; None where it died."""
    assert job.future
    try:
        return job.future.result()
    except CrashedWorker:
        return None
    except (NoScratch, NoWorkers):
        raise
    except CongvanError as error:
        return Failed(error.code, plain_details(error.details))
    except Exception as error:
        return Failed(InternalFault.code, fault(error))


def _save(writing: Writing, job: _Job, outcome: Outcome) -> Seen:
    """Save one outcome. What the register cannot hold is that file's failure; a register that fails ends the run."""
    path = storable(job.path)
    writing = replace(writing, force=True) if job.again else writing
    was_in_transaction = writing.register.connection.in_transaction
    try:
        with writing.register.part():
            saved = save_outcome(writing, path, job.stat, outcome, job.origin)
    except (CongvanError, sqlite3.OperationalError, OSError):
        raise
    except Exception as error:
        if was_in_transaction and not writing.register.connection.in_transaction:  # nothing of it is left
            raise
        outcome = Failed(InternalFault.code, fault(error))
        with writing.register.part():
            saved = save_outcome(writing, path, job.stat, outcome, job.origin)
    container = job.origin.container if job.origin else None
    match outcome:
        case Read():
            return Seen(path, "read", saved=saved, container=container)
        case Refused():
            return Seen(path, "refused", outcome.refusal.code, saved=saved, container=container)
        case Failed():
            return Seen(path, "failed", outcome.code, outcome.details, saved=saved, container=container)


def _save_same(writing: Writing, job: _Job, known: Known) -> Seen:
    """Note that bytes of the register lie in this container too."""
    assert job.origin and known.file_id
    path, marks = storable(job.path), {"version": writing.version, "now": writing.clock()}
    saved = save_same(writing.register, path, job.stat, known.file_id, job.origin, **marks)
    return Seen(path, known.status, known.code, saved=saved, container=job.origin.container)


def _stat(path: str) -> FileStat | None:
    try:
        return FileStat.of(os.stat(path))
    except OSError:
        return None
