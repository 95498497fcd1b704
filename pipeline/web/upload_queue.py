"""Hàng đợi đọc tệp: uploaded files, read by worker processes and put into the register by one thread.

Several readers work at once, on files of all uploads in turn, so that nobody waits for the hundredth file of somebody
else. What is read is saved by `pipeline.ingest.ingest`, the way of the command line. A file that waits is on the disk
with a record that says so: a server that starts reads on where another one ended.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.errors import CongvanError, InternalFault
from pipeline.followup.settings import Settings
from pipeline.ingest import Seen, ingest
from pipeline.messages import text
from pipeline.reading.containers import SEPARATOR
from pipeline.reading.signatures import load_authorities
from pipeline.register import KnownFiles, Received, Register, count_review, issues, open_register, public_id
from pipeline.version import fingerprinted_version
from pipeline.web.book import Book
from pipeline.web.upload_files import erase, remove_parts
from pipeline.web.upload_records import SECRECY, Batch, Inside, Item, Records, State, new_id
from pipeline.worker import Wanted, fault, read_file, read_gently
from pipeline.workers import Workers, cores

TIMEOUT = 120.0  # seconds without progress, as on the command line
MOST_WAITING = 5000
_AHEAD = 2  # files handed in for each reader
_IDLE_SECONDS = 300.0  # after which the readers are let go
_PAUSES = (2.0, 5.0, 15.0, 60.0)  # seconds until the register is tried again
_REMEMBERED = 300  # uploads


class QueueFull(CongvanError):
    """So many files wait that no more are taken (details: most)."""

    code = "upload_queue_full"


class Uploads:
    """All uploads of one server."""

    def __init__(self, book: Book, office: Settings, folder: Path | None = None) -> None:
        self.book, self.office = book, office
        self.folder = Path(os.path.abspath(folder or office.uploads or book.path.parent / "uploads"))
        self.records = Records(self.folder)
        self.trouble: CongvanError | None = None  # why nothing is saved just now
        self._batches: dict[str, Batch] = {}
        self._turns: deque[str] = deque()
        self._begun: dict[str, _Begun] = {}  # by path
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._is_stopping = False
        self._lock: int | None = None

    # ------------------------------------------------------------------------------------------ for pages

    def start(self) -> None:
        """Take up what an earlier server left to be read. Does nothing where this one has begun."""
        with self._changed:
            if self._thread is not None or self._is_stopping:
                return
            self._recover()
            self._thread = threading.Thread(target=self._work, name="uploads", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Break off what is being read; the next server takes it up."""
        with self._changed:
            self._is_stopping = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(10)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def take(self, items: Sequence[Item], *, who: str, account: str, now: str, received_on: str | None) -> Batch:
        """A new upload, of files under temporary names or where they are to be read again. When it returns nothing
        of it can be lost. Raises QueueFull."""
        self.start()
        batch = Batch(new_id(now), who, account, now, received_on, list(items))
        with self._changed:
            if sum(len(one.waiting) for one in self._batches.values()) + len(items) > MOST_WAITING:
                raise QueueFull(most=MOST_WAITING)
        if all(item.part for item in items):
            self.records.settle(batch, [item.name or "" for item in items], now[:10])
        else:
            self.records.write(batch)
        self._add(batch)
        return batch

    def find(self, batch_id: str) -> Batch | None:
        """An upload by its id."""
        self.start()
        return self._batches.get(batch_id)

    def newest(self, limit: int) -> list[Batch]:
        """The last uploads, newest first."""
        self.start()
        with self._changed:
            return list(self._batches.values())[: -limit - 1 : -1]

    def is_being_read(self, item: Item) -> bool:
        """Whether a reader has it, or it is being saved."""
        begun = self._begun.get(item.path or "")
        return begun is not None and (begun.future.running() or begun.future.done())

    # ------------------------------------------------------------------------------------------ what waits

    def _recover(self) -> None:
        if not self.folder.is_dir():
            return
        self._own_the_folder()
        found = list(self.records.load())
        if self._lock is not None:
            kept = {item.part for batch in found for item in batch.items if item.part}
            remove_parts(self.folder, {part for part in kept if part})
        for batch in found:
            if self._lock is not None:
                self.records.move_parts(batch)
                _without_lost(batch)
            self._batches[batch.id] = batch
            if batch.waiting and self._lock is not None:
                self._turns.append(batch.id)

    def _own_the_folder(self) -> None:
        """Another server on the same folder reads what it was sent itself."""
        handle = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._lock = handle
        except OSError:
            os.close(handle)

    def _add(self, batch: Batch) -> None:
        with self._changed:
            self._batches[batch.id] = batch
            self._turns.append(batch.id)
            over = [one.id for one in self._batches.values() if one.is_over]
            for old in over[: max(0, len(self._batches) - _REMEMBERED)]:
                del self._batches[old]
            self._changed.notify_all()

    # ------------------------------------------------------------------------------------------ the one thread

    def _work(self) -> None:
        readers = _Readers()
        failures = 0
        while self._wait():
            try:
                failures = 0 if self._step(readers) else failures + 1
            except Exception as error:
                print(text("error.unexpected", **fault(error)), file=sys.stderr, flush=True)
                failures += 1
            if failures:
                self._pause(_PAUSES[min(failures, len(_PAUSES)) - 1])
        readers.let_go(broken_off=True)

    def _step(self, readers: _Readers) -> bool:
        """Hand in files, and save what was read; False where that could not be done."""
        if not self._turns and not self._begun:
            readers.let_go()
            return True
        self._begin(readers)
        self._wait_for_one()
        done = [] if self._is_stopping else self._done()
        return not done or self._save(readers, done)

    def _wait(self) -> bool:
        """Until there is something to do, or for long nothing; False where this is the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_stopping or self._turns or self._begun, _IDLE_SECONDS)
            return not self._is_stopping

    def _wait_for_one(self) -> None:
        """Until a file was read, or another one can be handed in."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._is_stopping or (self._turns and self._has_room()) or self._done() or not self._begun
            )

    def _pause(self, seconds: float) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._is_stopping, seconds)

    def _has_room(self) -> bool:
        return len(self._begun) < _AHEAD * cores()

    def _done(self) -> list[_Begun]:
        return [begun for begun in self._begun.values() if begun.future.done()]

    def _begin(self, readers: _Readers) -> None:
        """Hand in files, of one upload after the other."""
        with self._changed:
            while self._turns and self._has_room():
                batch = self._batches.get(self._turns.popleft())
                ready = [n for n in batch.waiting if (batch.items[n].path or "") not in self._begun] if batch else []
                if not batch or not ready:
                    continue
                path = batch.items[ready[0]].path or ""
                future = readers.workers().submit(read_gently, path, self._wanted())
                self._begun[path] = _Begun(path, batch, ready[0], future)
                future.add_done_callback(self._tell)
                if len(ready) > 1:
                    self._turns.append(batch.id)

    def _tell(self, _: Future[Any]) -> None:
        with self._changed:
            self._changed.notify_all()

    def _wanted(self) -> Wanted:
        bundle = self.office.authorities
        return Wanted(authorities=str(bundle) if bundle else None)

    def _save(self, readers: _Readers, done: list[_Begun]) -> bool:
        """Put what was read into the register; False where that cannot be done now: it is tried again."""
        try:
            if self.office.authorities:
                load_authorities(self.office.authorities)
            for day, who in dict.fromkeys((one.batch.received_on, one.batch.who) for one in done):
                some = [one for one in done if (one.batch.received_on, one.batch.who) == (day, who)]
                self._save_some(readers, some, Received(day, who, self.office.agency) if day else None)
        except (CongvanError, sqlite3.Error, OSError) as error:
            self.trouble = error if isinstance(error, CongvanError) else InternalFault(**fault(error))
            self._let_go([one for one in done if one.future.exception()])
            return False
        except Exception as error:
            print(text("error.unexpected", **fault(error)), file=sys.stderr, flush=True)
            for one in done:
                one.end(replace(one.item, state="failed", code=InternalFault.code, details=fault(error)))
        self.trouble = None
        self._let_go(done)
        return True

    def _let_go(self, done: list[_Begun]) -> None:
        with self._changed:
            for one in done:
                self._begun.pop(one.path, None)
            taken = {(one.batch.id, one.n) for one in self._begun.values()}
            for batch in self._batches.values():
                is_left = any((batch.id, n) not in taken for n in batch.waiting)
                if is_left and batch.id not in self._turns:
                    self._turns.append(batch.id)

    def _save_some(self, readers: _Readers, done: list[_Begun], received: Received | None) -> None:
        seen: dict[str, list[Seen]] = {one.path: [] for one in done}
        with open_register(self.book.path, "write") as register:
            register.count_by(self.book.calendar)
            run = ingest(
                register,
                list(seen),
                _Handed(readers.workers(), {one.path: one.future for one in done}),
                workers=cores(),
                version=fingerprinted_version(),
                clock=_now,
                received=received,
                wanted=self._wanted(),
                known=KnownFiles({}, {}, {}, {}),
            )
            for told in run:
                seen[told.path if told.path in seen else _outermost(told.path, seen)].append(told)
            for one in done:
                one.end(_ended(register, one.item, seen[one.path]))
        for batch in {one.batch.id: one.batch for one in done}.values():
            self.records.write(batch)


@dataclass(frozen=True, slots=True)
class _Begun:
    """A file that a reader has, or had."""

    path: str
    batch: Batch
    n: int
    future: Future[Any]

    @property
    def item(self) -> Item:
        return self.batch.items[self.n]

    def end(self, item: Item) -> None:
        self.batch.items[self.n] = item


class _Readers:
    """Worker processes, started when the first file comes."""

    def __init__(self) -> None:
        self._workers: Workers | None = None

    def workers(self) -> Workers:
        if self._workers is None:
            self._workers = Workers(cores(), TIMEOUT)
        return self._workers

    def let_go(self, broken_off: bool = False) -> None:
        if self._workers is not None:
            self._workers.shutdown(wait=not broken_off, cancel_futures=broken_off)
            self._workers = None


class _Handed(Executor):
    """Readers, of whom some have begun with files before they are asked."""

    def __init__(self, workers: Workers, begun: dict[str, Future[Any]]) -> None:
        self._workers, self._begun = workers, begun

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        begun = self._begun.pop(args[0], None) if fn is read_file else None
        return begun or self._workers.submit(fn, *args, **kwargs)


def _ended(register: Register, item: Item, seen: Sequence[Seen]) -> Item:
    """What became of a file; a copy that may not be kept is erased now."""
    own, inside = _inside(register, seen[0]), tuple(_inside(register, one) for one in seen[1:])
    is_erased = item.is_copy and any(one.code == SECRECY for one in (own, *inside))
    if is_erased and item.path:
        erase(Path(item.path))
    return replace(
        item,
        path=None if is_erased else item.path,
        state=_worst(inside) if inside else own.state,
        code=own.code,
        details=own.details,
        dispatch=own.dispatch,
        is_known=bool(seen[0].saved and seen[0].saved.outcome == "same"),
        inside=inside,
    )


def _outermost(path: str, containers: Iterable[str]) -> str:
    return next(one for one in containers if path.startswith(one + SEPARATOR))


def _inside(register: Register, seen: Seen) -> Inside:
    """What became of one file, within an archive or not."""
    name = seen.path.removeprefix(seen.container or "").removeprefix(SEPARATOR) if seen.container else None
    if seen.status != "read":
        return Inside(None if seen.code == SECRECY else name, seen.status, seen.code, seen.details)
    dispatch = seen.saved.dispatch_id if seen.saved else None
    state: State = "check" if dispatch and _is_doubtful(register, dispatch) else "done"
    return Inside(name, state, dispatch=dispatch)


def _is_doubtful(register: Register, dispatch: int) -> bool:
    """Whether a person should look at a dispatch."""
    waits = count_review(register, most=1, dispatch=dispatch)
    return bool(waits) or bool(issues(register, public_id("dispatch", dispatch)))


def _worst(inside: Sequence[Inside]) -> State:
    """What a clerk must know of an archive: that something failed, is to be checked, or else what became of most."""
    states = [one.state for one in inside]
    for state in ("failed", "check", "done", "refused"):
        if state in states:
            return state
    return "done"


def _without_lost(batch: Batch) -> None:
    """What is no more where it was, though it waits: somebody took it away meanwhile."""
    for n in batch.waiting:
        path = batch.items[n].path
        if not path or not os.path.exists(path):
            batch.items[n] = replace(batch.items[n], state="failed", code="vanished_file")


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")
