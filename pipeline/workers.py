"""Worker processes behind the standard `Executor`, each of which can be killed and replaced by itself.

`ProcessPoolExecutor` knows neither a time limit for a task nor the death of one worker alone: a crash breaks all that
is under way. Here every process has its own pipe, so that a crash or a time-out costs exactly the file it had.
"""

from __future__ import annotations

import logging
import os
import resource
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeVar

from pipeline.errors import CrashedWorker, NoWorkers, TimedOut

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

T = TypeVar("T")
_starting = threading.Lock()

MEMORY_BYTES = 4 * 1024**3
START_SECONDS = 60
_PRELOADED = [
    "extractors.dispatch",
    "pipeline.worker",
    "pipeline.reading.pdf",
    "pipeline.reading.docx",
    "pipeline.reading.plain",
    "pipeline.reading.html",
    "pipeline.reading.sniff",
    "pipeline.reading.encoding",
]


class Workers(Executor):
    """`count` worker processes, started when needed; a task gets `timeout` seconds.

    Futures raise TimedOut or CrashedWorker beside what the task itself raises.
    """

    def __init__(self, count: int, timeout: float) -> None:
        self._timeout = timeout
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="worker")
        self._own = threading.local()
        self._children: set[_Child] = set()
        self._closing = False

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        return self._threads.submit(self._run, fn, args, kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the workers. Without `wait` what they are doing is broken off."""
        self._closing = not wait
        if not wait:
            for child in list(self._children):
                child.stop()
        self._threads.shutdown(wait=True, cancel_futures=cancel_futures or not wait)
        for child in list(self._children):
            child.kill()
        self._children.clear()

    def _run(self, fn: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]) -> T:
        child = getattr(self._own, "child", None)
        if child is None:
            child = self._own.child = _Child()
            self._children.add(child)
        try:
            if self._closing:  # broken off while this one was starting
                raise CrashedWorker
            value, error = child.call(fn, args, kwargs, self._timeout)
        except (TimedOut, CrashedWorker):
            child.kill()
            self._children.discard(child)
            self._own.child = None
            raise
        if error is not None:
            raise error
        return value  # type: ignore[no-any-return]


class Inline(Executor):
    """No other process: a task runs when it is handed in. For debugging and for measuring."""

    def __init__(self) -> None:
        # no last resort for a library's warnings, which could quote a document
        logging.getLogger().addHandler(logging.NullHandler())

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


class _Child:
    """One worker process and the pipe to it. Raises NoWorkers where it does not come up."""

    def __init__(self) -> None:
        with _starting:
            context = _context()
            self._pipe, theirs = context.Pipe()
            self._process = context.Process(target=_serve, args=(theirs,), daemon=True)
            # a child would import the program that started it anew, and needs nothing of it
            main, sys.modules["__main__"] = sys.modules["__main__"], ModuleType("__main__")
            try:
                self._process.start()
            finally:
                sys.modules["__main__"] = main
            theirs.close()
        try:
            if self._pipe.poll(START_SECONDS):
                self._pipe.recv()
                return
        except (EOFError, OSError):
            pass
        self.kill()
        raise NoWorkers(exit=self._process.exitcode)

    def call(self, fn: Any, args: Any, kwargs: Any, timeout: float) -> tuple[Any, BaseException | None]:
        try:
            self._pipe.send((fn, args, kwargs))
            if not self._pipe.poll(timeout):
                raise TimedOut(seconds=round(timeout))
            answer: tuple[Any, BaseException | None] = self._pipe.recv()
            return answer
        except (EOFError, OSError) as error:
            self._process.join(1)
            raise CrashedWorker(exit=self._process.exitcode) from error

    def stop(self) -> None:
        """Break off what it is doing, from any thread. The pipe stays open: its thread may be waiting on it, and a
        descriptor closed under it could by then be another file's."""
        self._process.kill()

    def kill(self) -> None:
        """The end, by the thread that uses it, or when no thread does any more."""
        self.stop()
        self._process.join(5)
        self._pipe.close()


@cache
def _context() -> Any:
    """Processes are forked from one that has imported what they need, and nothing of this one's threads."""
    import multiprocessing

    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_PRELOADED)
    return context


def _serve(pipe: Connection) -> None:
    """The life of a worker process: until its parent is gone. It speaks through its pipe only: a library's warning
    could quote a document that must leave no trace."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    # a dump of the memory would be a copy of the document on disk
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    pipe.send("ready")
    while True:
        try:
            fn, args, kwargs = pipe.recv()
        except (EOFError, OSError):
            return
        answer: tuple[Any, BaseException | None]
        try:
            answer = (fn(*args, **kwargs), None)
        except Exception as error:
            answer = (None, error)
        try:
            pipe.send(answer)
        except (BrokenPipeError, ConnectionResetError):
            return


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0))


@dataclass(frozen=True, slots=True)
class Pool:
    """An executor and how many tasks it works on at once."""

    executor: Executor
    count: int


@contextmanager
def executor_of(workers: int | None, files: int, timeout: float) -> Iterator[Pool]:
    """Worker processes for so many files: one a core unless told otherwise, none (this very process) for `workers` 0.

    Left by an error or from the keyboard, what is under way is broken off.
    """
    count = max(1, min(files, cores())) if workers is None else workers
    executor = Workers(count, timeout) if count else Inline()
    try:
        yield Pool(executor, max(1, count))
    except BaseException:
        executor.shutdown(wait=False, cancel_futures=True)
        raise
    executor.shutdown()
