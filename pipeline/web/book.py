"""Sổ: how pages read and write the register."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path

from extractors.calendar import WorkingCalendar
from pipeline.errors import RegisterBusy, RegisterError
from pipeline.followup.browsing import listing
from pipeline.followup.settings import Settings
from pipeline.register import Register, TaskFilter, open_register

_WAIT_SECONDS = 10.0
_CACHE_KB = 8000  # of each thread's connection


class Book:
    """One register for many threads: each thread reads by a connection of its own, one at a time writes."""

    def __init__(self, path: Path, calendar: WorkingCalendar) -> None:
        self.path = Path(path)
        self.calendar = calendar
        self._own = threading.local()
        self._one_writer = threading.Lock()

    @contextmanager
    def reading(self) -> Iterator[Register]:
        """The register, for reading only, by the connection of this thread. Raises register_* errors."""
        yield self._reader()

    @contextmanager
    def writing(self) -> Iterator[Register]:
        """The register for one short change. Raises register_* errors; RegisterBusy after some seconds of waiting."""
        if not self._one_writer.acquire(timeout=_WAIT_SECONDS):
            raise RegisterBusy(path=str(self.path))
        try:
            with open_register(self.path, "write", busy_seconds=_WAIT_SECONDS) as register:
                register.count_by(self.calendar)
                yield register
        finally:
            self._one_writer.release()

    def prepare(self, office: Settings) -> None:
        """Bring the index of duties up to date before anybody asks: after an update of the program that takes long."""
        with suppress(RegisterError), open_register(self.path) as register:
            register.count_by(self.calendar)
            with listing(register, TaskFilter(), office, as_of=date.today()):
                pass

    def stamp(self) -> tuple[int, ...]:
        """What changes whenever anything in the register does: times and sizes of its files."""
        out: list[int] = []
        for path in (self.path, self.path.with_name(f"{self.path.name}-wal")):
            try:
                found = path.stat()
            except OSError:
                out += (0, 0, 0)
            else:
                out += (found.st_ino, found.st_mtime_ns, found.st_size)
        return tuple(out)

    def _reader(self) -> Register:
        """This thread's connection; a new one where another register was put in the place of the old one."""
        try:
            found = self.path.stat()
            place = (found.st_dev, found.st_ino)
        except OSError:
            place = None
        kept: Register | None = getattr(self._own, "register", None)
        if kept is not None and self._own.place == place:
            return kept
        if kept is not None:
            kept.close()
            self._own.register = None
        register = open_register(self.path)
        register.connection.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
        register.count_by(self.calendar)
        self._own.register, self._own.place = register, place
        return register
