"""Biểu đồ trên trang đầu: charts of the whole register, drawn in a process beside the server and kept for a while.

Drawing looks at every duty. So it never keeps the server from answering, and after a change it is done anew only when
some time has passed, the longer the longer it takes.
"""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from pathlib import Path

from anyio import CapacityLimiter, to_thread

from pipeline.followup.settings import Settings
from pipeline.register import Row
from pipeline.web.book import Book

NAMES = ("overdue-by-body", "due-by-week", "on-time-by-month")
_MOST_SECONDS, _MOST_BYTES = 120, 2 * 1024**3  # of the process that draws
_FRESH_SECONDS = 30.0  # so long a picture is good enough though something was changed
_REST = 20  # times as long as drawing took
_MOST_DAYS = 4  # kept at once


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart as SVG, and in words."""

    svg: bytes
    told: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """The pictures of one day and how large the register is (both empty where that took too long); of which state of
    the register, when and how long they were drawn."""

    pictures: dict[str, Picture]
    size: Row
    stamp: tuple[int, ...]
    at: float
    seconds: float


class Pictures:
    """The charts of one register, drawn by one process at a time."""

    def __init__(self, book: Book, office: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self.book = book
        self.office = office
        self.clock = clock
        self._kept: dict[date, Drawn] = {}
        self._one_at_a_time = CapacityLimiter(1)

    def kept(self, as_of: date) -> Drawn | None:
        """What is drawn already, however old."""
        return self._kept.get(as_of)

    async def of(self, as_of: date) -> dict[str, Picture]:
        """The pictures of a day, drawn anew where that is needed."""
        if not self._is_good(as_of):
            await to_thread.run_sync(self._draw, as_of, limiter=self._one_at_a_time)
        return self._kept[as_of].pictures

    def _is_good(self, as_of: date) -> bool:
        drawn = self._kept.get(as_of)
        if drawn is None:
            return False
        age = self.clock() - drawn.at
        return drawn.stamp == self.book.stamp() or age < max(_FRESH_SECONDS, _REST * drawn.seconds)

    def _draw(self, as_of: date) -> None:
        if self._is_good(as_of):  # somebody else waited for the same
            return
        stamp, start = self.book.stamp(), self.clock()
        pictures, size = self._drawn_beside(as_of)
        self._kept.pop(as_of, None)
        for oldest in list(self._kept)[: max(0, len(self._kept) - _MOST_DAYS + 1)]:
            del self._kept[oldest]
        end = self.clock()
        self._kept[as_of] = Drawn(pictures, size, stamp, end, end - start)

    def _drawn_beside(self, as_of: date) -> tuple[dict[str, Picture], Row]:
        """What another process draws; nothing where it came to a sudden end."""
        with ProcessPoolExecutor(1, get_context("spawn")) as beside:
            try:
                return beside.submit(draw, self.book.path, self.office, as_of).result()
            except (BrokenExecutor, MemoryError):
                return {}, {}


def draw(path: Path, office: Settings, as_of: date) -> tuple[dict[str, Picture], Row]:
    """All pictures of a register's day, and `register.counts`; in this process, which gives way to others and ends when
    it takes too long."""
    from pipeline.export.charts import charts
    from pipeline.register import TaskFilter, counts, open_register

    os.nice(5)
    resource.setrlimit(resource.RLIMIT_CPU, (_MOST_SECONDS, _MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_BYTES, _MOST_BYTES))
    with open_register(path) as register:
        register.count_by(office.calendar)
        found = charts(register, TaskFilter(), office, as_of=as_of)
        size = counts(register)
    return {chart.name: Picture(chart.svg(), f"{chart.title}. {chart.told}") for chart in found}, size
