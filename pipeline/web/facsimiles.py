"""Ảnh trang của văn bản: pictures of pages, made by two processes beside the server and kept in memory for a while."""

from __future__ import annotations

import resource
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from typing import Any, TypeVar

from anyio import CapacityLimiter, to_thread

from pipeline.reading.facsimile import Size, Source, page_picture, page_sizes
from pipeline.workers import Workers

T = TypeVar("T")

_AT_ONCE = 2
_MEMORY = 2 * 1024**3  # bytes of addresses of each, whatever a picture claims to unpack to
_SECONDS = 20.0  # a page that takes longer is not shown
_KEPT_BYTES = 48 * 1024 * 1024
_KEPT_SIZES = 64
_WAITING = 8  # requests that wait for a process; others wait before they have a thread


class Facsimiles:
    """Pages as pictures, by hash of the file, number and width; nothing is written to disk."""

    def __init__(self) -> None:
        self._workers: Workers | None = None
        self._lock = threading.Lock()
        self._pictures: OrderedDict[tuple[str, int, int], bytes] = OrderedDict()
        self._bytes = 0
        self._sizes: OrderedDict[str, list[Size]] = OrderedDict()
        self._limiter: CapacityLimiter | None = None

    async def picture(self, source: Source, number: int, width: int) -> bytes:
        """A page as WebP. Raises UnreadableFile, IndexError."""
        key = (source.sha256, number, width)
        with self._lock:
            if found := self._pictures.get(key):
                self._pictures.move_to_end(key)
                return found
        made = await self._beside(page_picture, source, number, width)
        with self._lock:
            self._keep(key, made)
        return made

    async def sizes(self, source: Source) -> list[Size]:
        """Width and height of all pages, in points. Looks whether the file is still the same. Raises UnreadableFile."""
        return await self._beside(page_sizes, source)

    def close(self) -> None:
        """End the processes."""
        with self._lock:
            workers, self._workers = self._workers, None
        if workers:
            workers.shutdown(wait=False)

    def _keep(self, key: tuple[str, int, int], made: bytes) -> None:
        if key in self._pictures:
            return
        self._pictures[key] = made
        self._bytes += len(made)
        while self._bytes > _KEPT_BYTES:
            _, gone = self._pictures.popitem(last=False)
            self._bytes -= len(gone)

    async def _beside(self, work: Callable[..., T], *given: Any) -> T:
        if self._limiter is None:
            self._limiter = CapacityLimiter(_WAITING)
        return await to_thread.run_sync(self._wait_for, work, given, limiter=self._limiter)

    def _wait_for(self, work: Callable[..., T], given: tuple[Any, ...]) -> T:
        with self._lock:
            self._workers = self._workers or Workers(_AT_ONCE, _SECONDS)
            future: Future[T] = self._workers.submit(_bounded, work, *given)
        try:
            return future.result()
        except CancelledError as error:
            raise InterruptedError from error


def _bounded(work: Callable[..., T], *given: Any) -> T:
    """In the process beside."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))
    return work(*given)
