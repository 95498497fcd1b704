"""Worker processes behind the standard `Executor`, each of which can be killed and replaced by itself.

`ProcessPoolExecutor` knows neither a time limit for a task nor the death of one worker alone: a crash breaks all that
is under way. Here every process has its own pipe, so that a crash or a time-out costs exactly the file it had.
What a worker leaves behind, in processes and files, its guard clears away (`pipeline.guard`).
"""

from __future__ import annotations

import logging
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any, TypeVar

from pipeline.errors import CongvanError, CrashedWorker, NoWorkers, TimedOut
from pipeline.guard import BEAT, guard, settle
from pipeline.scratch import in_scratch, run_folder

T = TypeVar("T")
_starting = threading.Lock()

START_SECONDS = 60
WHOLE_FILE = 60  # how many times its time without progress a task may take in all
_LONGEST_ADDRESS = 80  # of a folder in which a socket shall have its place; the system allows 107 for both
_PRELOADED = [
    "extractors.dispatch",
    "pipeline.guard",
    "pipeline.worker",
    "pipeline.reading.pdf",
    "pipeline.reading.docx",
    "pipeline.reading.plain",
    "pipeline.reading.html",
    "pipeline.reading.sniff",
    "pipeline.reading.encoding",
]


class Workers(Executor):
    """`count` worker processes, started when needed; a task may go on for `timeout` seconds without a beat
    (`pipeline.reading.progress`), and `WHOLE_FILE` times as long in all.

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
        self._scratch = ExitStack()
        self._scratch.enter_context(in_scratch())

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        settle()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Nothing is under way; the scratch folder goes."""
        self._scratch.close()


class _Child:
    """One worker process with its guard, and the pipe to them. Raises NoWorkers where it does not come up, NoScratch
    where it has no place for temporary files."""

    def __init__(self) -> None:
        self._using = threading.Lock()
        with _starting:
            context = _context()
            self._pipe, theirs = context.Pipe()
            self._process = context.Process(target=guard, args=(theirs, str(run_folder())), daemon=True)
            # a child would import the program that started it anew, and needs nothing of it
            main, sys.modules["__main__"] = sys.modules["__main__"], ModuleType("__main__")
            try:
                self._process.start()
            finally:
                sys.modules["__main__"] = main
            theirs.close()
        self._await_ready()

    def _await_ready(self) -> None:
        answer = None
        with suppress(EOFError, OSError):
            answer = self._pipe.recv() if self._pipe.poll(START_SECONDS) else None
        if answer is None or isinstance(answer, CongvanError):
            self.kill()
            raise answer or NoWorkers(exit=self._process.exitcode)

    def call(self, fn: Any, args: Any, kwargs: Any, timeout: float) -> tuple[Any, BaseException | None]:
        """What a task returns and raises. Raises TimedOut, CrashedWorker."""
        last = time.monotonic() + WHOLE_FILE * timeout
        try:
            self._pipe.send((fn, args, kwargs))
            while self._pipe.poll(min(timeout, max(0.0, last - time.monotonic()))):
                answer = self._pipe.recv()
                if answer != BEAT:
                    return answer  # type: ignore[no-any-return]
        except (EOFError, OSError) as error:
            self._process.join(1)
            raise CrashedWorker(exit=self._process.exitcode) from error
        raise TimedOut(seconds=round(timeout if time.monotonic() < last else WHOLE_FILE * timeout))

    def stop(self) -> None:
        """Break off what it is doing, from any thread: the guard sees that nobody listens any more. The pipe is not
        closed: its thread may be waiting on it, and a descriptor closed under it could by then be another file's."""
        with self._using, suppress(OSError), socket.socket(fileno=os.dup(self._pipe.fileno())) as end:
            end.shutdown(socket.SHUT_RDWR)

    def kill(self) -> None:
        """The end, by the thread that uses it, or when no thread does any more. The guard has cleared up when it
        returns."""
        self.stop()
        self._process.join(5)
        self._process.kill()
        with self._using:
            self._pipe.close()


@cache
def _context() -> Any:
    """Processes are forked from one that has imported what they need, and nothing of this one's threads."""
    import multiprocessing

    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_PRELOADED)
    if len(str(run_folder())) < _LONGEST_ADDRESS:  # there the next run finds and removes the socket of a killed one
        multiprocessing.current_process()._config["tempdir"] = str(run_folder())  # type: ignore[attr-defined]
    return context


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
