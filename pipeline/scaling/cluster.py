"""Cụm máy: reading and extracting by the workers of a Dask cluster, behind the standard `Executor`.

Each Dask worker hands its files to guarded processes of its own (`pipeline.workers`), so that the limits of memory and
time, and what a crash costs, are those of a single machine. A Dask worker that dies costs a retry of what it had. Only
a worker with the same program as the run's is trusted with a file: else its rows would not be those of this machine.
"""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, InvalidStateError
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pipeline.errors import CongvanError, CrashedWorker, NoWorkers, UnreadableFile
from pipeline.reading.bytes import read_bytes
from pipeline.version import fingerprinted_version
from pipeline.worker import Failed, plain_details, read_file, read_member, read_sent, read_sent_member
from pipeline.workers import Pool, Workers

T = TypeVar("T")
_CONNECT_SECONDS = 10
_PULSE_SECONDS = 5.0
_AT_ONCE = 64  # threads of one Dask worker; each has a process of its own


class NoDask(CongvanError):
    """The library that talks to clusters is not installed."""

    code = "no_dask"


class NoScheduler(CongvanError):
    """No scheduler answers (details: address)."""

    code = "no_scheduler"


class NoClusterWorkers(CongvanError):
    """The scheduler has no workers (details: address)."""

    code = "no_cluster_workers"


class ClusterLost(NoWorkers):
    """The scheduler went away during the run (details: problem)."""

    code = "cluster_lost"


class OtherProgram(NoWorkers):
    """A worker runs another version of the program (details: theirs, ours, worker)."""

    code = "other_program"


@contextmanager
def cluster_of(address: str, timeout: float, *, shared: bool = False) -> Iterator[Pool]:
    """The workers behind the scheduler at an address ("tcp://host:8786"), as an executor.

    `timeout` as for local workers. `shared`: every worker sees the files under the paths that this machine gives them;
    else their bytes are sent. Raises NoDask, NoScheduler, NoClusterWorkers.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise NoDask from error
    try:
        client = Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise NoScheduler(address=address) from error
    with client:
        count = _wait_for_workers(client, address)
        with _Cluster(client, timeout, shared) as executor:
            yield Pool(executor, count)


def _wait_for_workers(client: Any, address: str) -> int:
    try:
        client.wait_for_workers(1, timeout=_CONNECT_SECONDS)
    except TimeoutError as error:
        raise NoClusterWorkers(address=address) from error
    return sum(client.nthreads().values())


class _Cluster(Executor):
    """Dask's own executor, fed with files that travel, its failures told as those of local workers."""

    def __init__(self, client: Any, timeout: float, shared: bool) -> None:
        self._client = client
        self._executor = client.get_executor(pure=False)
        self._timeout = timeout
        self._shared = shared
        self._sent: tuple[str, Any] | None = None  # the container whose members are under way
        self._under_way: set[Future[Any]] = set()
        self._ended = threading.Event()
        self._watch = threading.Thread(target=self._watched, daemon=True)
        self._watch.start()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Stop watching the scheduler; the client is closed by who made it."""
        self._ended.set()
        if wait:
            self._watch.join(_PULSE_SECONDS)

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Hand in a task; `read_file` and `read_member` take the bytes of their file along unless these are shared."""
        outer: Future[Any] = Future()
        try:
            call = (fn, *args) if self._shared else self._travelling(fn, args)
            inner = self._executor.submit(run_guarded, self._timeout, fingerprinted_version(), *call, **kwargs)
        except UnreadableFile as error:
            outer.set_result(Failed(error.code, plain_details(error.details)))
            return outer
        except Exception as error:  # Dask's own are of many kinds
            outer.set_exception(ClusterLost(problem=type(error).__name__))
            return outer
        self._under_way.add(outer)
        outer.add_done_callback(self._under_way.discard)
        inner.add_done_callback(lambda done: _settle(outer, done))
        return outer

    def _watched(self) -> None:
        """Tell all that waits when the scheduler has gone: Dask's own futures may then stay pending for ever."""
        before: str | None = None
        while not self._ended.wait(_PULSE_SECONDS):
            problem = self._problem() if self._under_way else None
            for outer in list(self._under_way) if problem and before else ():  # once may be chance
                with suppress(InvalidStateError):
                    outer.set_exception(ClusterLost(problem=problem))
            before = problem

    def _problem(self) -> str | None:
        """Why no answer will come, if so."""
        if self._client.status == "connecting":  # Dask gives up by itself
            return None
        if self._client.status != "running":
            return str(self._client.status)
        try:
            self._client.sync(self._client.scheduler.ncores, callback_timeout=_CONNECT_SECONDS)
        except Exception as error:  # Dask's own are of many kinds
            return type(error).__name__
        return None

    def _travelling(self, fn: Callable[..., Any], args: tuple[Any, ...]) -> tuple[Any, ...]:
        if fn is read_file:
            return read_sent, read_bytes(Path(args[0])), *args[1:]
        if fn is read_member:
            return read_sent_member, self._container(args[0]), *args[1:]
        return fn, *args

    def _container(self, path: str) -> Any:
        """A container's bytes on the cluster: sent once for all its members."""
        if self._sent is None or self._sent[0] != path:
            self._sent = path, self._client.scatter(read_bytes(Path(path)), hash=True)
        return self._sent[1]


def _settle(outer: Future[Any], done: Future[Any]) -> None:
    """Hand on what a task came to. A file whose Dask workers died again and again counts as one that crashes them."""
    from distributed import KilledWorker

    error = ClusterLost(problem="cancelled") if done.cancelled() else done.exception()
    with suppress(InvalidStateError):  # it was given up already
        if isinstance(error, KilledWorker):
            outer.set_exception(CrashedWorker())
        elif isinstance(error, CongvanError):
            outer.set_exception(error)
        elif error is not None:
            outer.set_exception(ClusterLost(problem=type(error).__name__))
        else:
            outer.set_result(done.result())


def run_guarded(timeout: float, version: str, fn: Callable[..., T], *args: Any) -> T:
    """On a Dask worker: a task in a guarded process of that machine. Raises OtherProgram, TimedOut, CrashedWorker."""
    if fingerprinted_version() != version:
        raise OtherProgram(theirs=fingerprinted_version(), ours=version, worker=multiprocessing.current_process().name)
    return _guarded_processes(timeout).submit(fn, *args).result()


@cache
def _guarded_processes(timeout: float) -> Workers:
    # a nanny starts its Dask worker as a daemon, which may have no children; these guard themselves
    multiprocessing.current_process()._config["daemon"] = False  # type: ignore[attr-defined]
    return Workers(_AT_ONCE, timeout)
