"""Hỏi sổ bằng SQL: each question runs in a process of its own, a few at once, and ends when nobody waits for it."""

from __future__ import annotations

import asyncio
import atexit
import json
import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from starlette.requests import Request

from pipeline.web.research_worker import Task

AT_ONCE = 2
MOST_OF_ONE, MOST_WAITING = 4, 24  # questions of one person, and of all
SECONDS = 5.0
_GRACE = {"page": 4.0}  # seconds for starting and writing, beyond those of the question
_GRACE_OF_FILES = 30.0
_WAIT_SECONDS = 45.0

_spares: list[subprocess.Popen[str]] = []  # started before they are needed: most of a short question is their start
_pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="research")
_asked: Counter[str] = Counter()
_counting = threading.Lock()


async def run(request: Request, whose: str, task: Task) -> dict[str, Any]:
    """What the worker says: rows, is_cut, seconds; or error (a code) and details. A question that is asked by somebody
    who has left is ended."""
    with _place(whose) as problem:
        if problem:
            return {"error": problem, "details": {"most": MOST_OF_ONE}}
        running = _Run(task)
        future = _pool.submit(running.run)
        answer = asyncio.ensure_future(asyncio.wrap_future(future))
        leaving = asyncio.ensure_future(_left(request))
        try:
            await asyncio.wait({answer, leaving}, timeout=_WAIT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            return answer.result() if answer.done() else {"error": "sql_full", "details": {}}
        finally:
            leaving.cancel()
            if not answer.done():
                running.stop()
                future.cancel()
                answer.cancel()


async def _left(request: Request) -> None:
    """Until the browser closes the connection."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


@contextmanager
def _place(whose: str) -> Iterator[str]:
    """A place in the line; why there is none, else ""."""
    with _counting:
        full = "sql_full" if _asked.total() >= MOST_WAITING else "sql_many" if _asked[whose] >= MOST_OF_ONE else ""
        _asked[whose] += not full
    try:
        yield full
    finally:
        with _counting:
            _asked[whose] -= not full
            if not _asked[whose]:
                del _asked[whose]


class _Run:
    """One question's process, which another thread may end."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._process: subprocess.Popen[str] | None = None
        self._is_stopped = False
        self._lock = threading.Lock()

    def run(self) -> dict[str, Any]:
        """Start it and wait for what it says."""
        late = {"error": "sql_late", "details": {"seconds": round(self._task.seconds)}}
        with self._lock:
            if self._is_stopped:
                return late
            process = self._process = _taken()
        try:
            patience = self._task.seconds + _GRACE.get(self._task.form, _GRACE_OF_FILES)
            said, _ = process.communicate(json.dumps(asdict(self._task)), timeout=patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return late
        finally:
            _keep_spare()
        try:
            return dict(json.loads(said))
        except ValueError:  # it was ended: by its bounds, or because nobody waits any more
            return {"error": "sql_memory", "details": {}}

    def stop(self) -> None:
        """End it."""
        with self._lock:
            self._is_stopped = True
            if self._process is not None:
                self._process.kill()


def _taken() -> subprocess.Popen[str]:
    with _counting:
        while _spares:
            if (spare := _spares.pop()).poll() is None:
                return spare
    return _started()


def _keep_spare() -> None:
    with _counting:
        if len(_spares) < AT_ONCE:
            _spares.append(_started())


@atexit.register
def _end_spares() -> None:
    for process in _spares:
        process.kill()
        process.communicate()


def _started() -> subprocess.Popen[str]:
    """With nothing of this process but the places of its modules."""
    places = os.pathsep.join(os.path.abspath(place) for place in sys.path if place or place == "")
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "pipeline.web.research_worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        env={"PYTHONPATH": places, "PYTHONUTF8": "1", "PATH": os.environ.get("PATH", "")},
    )
