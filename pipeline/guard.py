"""The other side of `pipeline.workers`: a worker process, and the guard process that clears up after it.

The guard is the parent of one worker. It waits until the worker ends, in whatever way, or until nobody is left at the
other end of the pipe, because the run was broken off or killed; then it ends all that the worker started, however
deep, and removes its scratch folder. It does nothing else, so that nothing of a file can bring it down.
"""

from __future__ import annotations

import ctypes
import gc
import os
import resource
import select
import shutil
import signal
import time
from contextlib import suppress
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from pipeline import scratch
from pipeline.errors import NoScratch
from pipeline.reading import progress

MEMORY_BYTES = 4 * 1024**3
BEAT = "beat"
READY = "ready"
_BEAT_SECONDS = 1.0
_SELDOM = 20_000  # objects made until some are looked through
_DIE_WITH_PARENT, _ADOPT_ORPHANS = 1, 36  # prctl(2)


def guard(pipe: Connection, run_folder: str) -> None:
    """The life of a guard and its worker; ends the process with the worker's exit code, 128 more for a signal."""
    os.setsid()  # what kills the run's group, or the keyboard, must not keep it from clearing up
    _be_silent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _leave)
    _prctl(_ADOPT_ORPHANS, 1)
    try:
        folder = scratch.new_folder(Path(run_folder))
    except NoScratch as error:
        pipe.send(error)
        os._exit(1)
    worker, code = 0, 1
    try:
        worker = os.fork()
        if not worker:
            try:
                _work(pipe, folder)
            finally:
                os._exit(0)
        _wait(worker, pipe)
    finally:
        if worker:
            code = _end_all(worker)
            shutil.rmtree(folder, ignore_errors=True)
            os._exit(code)


def _work(pipe: Connection, folder: Path) -> None:
    """The life of a worker process: until nobody hands out work any more."""
    _prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # a dump of the memory would be a copy of the document on disk
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, resource.getrlimit(resource.RLIMIT_AS)[1]))
    # every core has its own worker: threads of libraries would only stand in each other's way
    os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"))
    scratch.use(folder)
    progress.listen(_Beat(pipe))
    with suppress(EOFError, OSError):
        pipe.send(READY)
        while True:
            fn, args, kwargs = pipe.recv()
            pipe.send(_answer(fn, args, kwargs))
            scratch.empty(folder)
            settle()


@cache
def settle() -> None:
    """What the first task has loaded stays: to look through the lexicon's patterns for garbage again and again costs a
    tenth of the time that extracting takes."""
    gc.freeze()
    gc.set_threshold(_SELDOM, 20, 20)


def _answer(fn: Any, args: Any, kwargs: Any) -> tuple[Any, BaseException | None]:
    try:
        return fn(*args, **kwargs), None
    except Exception as error:
        return None, error


class _Beat:
    """Tells the other end of the pipe that a file's reading goes on, now and then."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._next = 0.0

    def __call__(self) -> None:
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _BEAT_SECONDS
            self._pipe.send(BEAT)


def _wait(worker: int, pipe: Connection) -> None:
    """Until the worker has ended, or the other end of the pipe is gone."""
    poll = select.poll()
    handle = os.pidfd_open(worker)
    poll.register(handle, select.POLLIN)
    poll.register(pipe.fileno(), 0)  # not for reading, which is the worker's; only whether it hung up
    poll.poll()
    os.close(handle)


def _end_all(worker: int) -> int:
    """Kill all descendants, of which those that lose their parent become this process's own; the worker's exit code."""
    code = 1
    while True:
        for child in _children():
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        try:
            ended, status = os.waitpid(-1, 0)
        except ChildProcessError:
            return code
        if ended == worker:
            exit_code = os.waitstatus_to_exitcode(status)
            code = exit_code if exit_code >= 0 else 128 - exit_code


def _children() -> list[int]:
    """The processes whose parent is this one."""
    own, out = os.getpid(), []
    for name in os.listdir("/proc"):
        if name.isdecimal():
            with suppress(OSError):
                # the name of the program, in brackets, may itself hold brackets and spaces
                status = Path("/proc", name, "stat").read_bytes().rpartition(b") ")[2].split()
                if int(status[1]) == own:
                    out.append(int(name))
    return out


def _be_silent() -> None:
    """Speak through the pipe only: a library's warning could quote a document that must leave no trace."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)


def _leave(*_: object) -> None:
    raise SystemExit(1)


def _prctl(what: int, value: int) -> None:
    ctypes.CDLL(None).prctl(what, value, 0, 0, 0)
