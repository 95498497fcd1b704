"""Theo dõi thư mục: files as they appear, each handed on once it is fully written."""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from pipeline.folders import list_files, passes_over

QUIET = 2.0  # seconds without a change after which a file counts as written
RESCAN = 600.0  # seconds after which the folders are gone through, since the system may have dropped an event
_LOOK = 500  # milliseconds between two looks at what is still being written


@dataclass(slots=True)
class _Growing:
    """A file that was seen and may still be growing: its size and time of change, and since when these stand."""

    state: tuple[int, int] | None
    since: float


def batches(
    roots: Sequence[str],
    stop: threading.Event,
    *,
    quiet: float = QUIET,
    rescan: float = RESCAN,
    polling: bool = False,
) -> Iterator[list[str]]:
    """Files that are fully written, sorted, as they appear; first all that are there, so that nothing is lost while
    nobody watched. The same file comes again when it has changed. Ends when `stop` is set.

    `polling` for folders of another machine, whose changes the system does not tell.
    """
    from watchfiles import watch

    growing = _first_seen(list_files(roots).files)
    scanned = time.monotonic()
    events = watch(
        *roots,
        stop_event=stop,
        rust_timeout=_LOOK,
        yield_on_timeout=True,
        raise_interrupt=False,
        force_polling=polling or None,
        ignore_permission_denied=True,
    )
    for changes in events:
        for path in {path for _, path in changes if is_document(path, roots)}:
            growing.setdefault(path, _Growing(None, 0.0))
        if time.monotonic() - scanned > rescan:
            growing = _first_seen(list_files(roots).files) | growing
            scanned = time.monotonic()
        if written := sorted(_written(growing, quiet)):
            yield written


def is_document(path: str, roots: Sequence[str]) -> bool:
    """Whether a path within one of the folders is no hidden or temporary file, nor lies in a hidden folder."""
    root = next((root for root in map(os.path.abspath, roots) if path.startswith(root + os.sep)), None)
    inside = os.path.relpath(path, root) if root else os.path.basename(path)
    return not any(passes_over(part) for part in inside.split(os.sep)) and not os.path.isdir(path)


def _first_seen(paths: Iterable[str]) -> dict[str, _Growing]:
    return {os.path.abspath(path): _Growing(None, 0.0) for path in paths}


def _written(growing: dict[str, _Growing], quiet: float) -> Iterator[str]:
    """Take out the files that are written, and those that are gone again."""
    now = time.monotonic()
    for path, seen in list(growing.items()):
        try:
            stat = os.stat(path)
        except OSError:
            del growing[path]
            continue
        state = stat.st_size, stat.st_mtime_ns
        if state != seen.state:
            # what nobody has touched for long needs no second look
            seen.state, seen.since = state, now - max(0.0, time.time() - stat.st_mtime)
        if now - seen.since >= quiet and not is_being_written(path):
            del growing[path]
            yield path


def is_being_written(path: str) -> bool:
    """Whether some process of this machine has the file open for writing; False where the system cannot tell."""
    with suppress(OSError):
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            # a lease for reading is refused with EAGAIN while anybody may write
            fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_RDLCK)
            fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_UNLCK)
        except BlockingIOError:
            return True
        finally:
            os.close(handle)
    return False
