"""Scratch folders: where a run may leave files for a moment, and what makes sure that none outlives it.

Each run has one folder in the system's folder for temporary files (TMPDIR), readable by its user alone, with one
folder in it for each worker. The run holds a lock on its folder for as long as it lives, however it ends: what is not
locked is what a killed run left behind, and the next run removes it.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from pipeline.errors import NoScratch

PREFIX = "congvan-"
_NO_ROOM = 1024**2
_SHARED = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


@cache
def run_folder() -> Path:
    """The scratch folder of this process, made when it is first asked for and removed at the end of the process.

    Raises NoScratch where none can be made.
    """
    try:
        system = Path(tempfile.gettempdir())
        remove_leftovers(system)
        # it gets its name when it is locked: before that, another run would take it for a leftover
        made = Path(tempfile.mkdtemp(prefix=f".{PREFIX}", dir=system))
        fcntl.flock(os.open(made, _SHARED), fcntl.LOCK_EX)
        folder = made.rename(system / made.name.removeprefix("."))
    except OSError as error:
        raise NoScratch(path=tempfile.tempdir or os.environ.get("TMPDIR", ""), problem=error.strerror) from error
    atexit.register(_remove_own, folder, os.getpid())
    return folder


def remove_leftovers(system: Path) -> None:
    """Remove the folders of this user's runs that are no more. What cannot be removed stays."""
    with suppress(OSError):
        for entry in os.scandir(system):
            if entry.name.startswith(PREFIX):
                with suppress(OSError):
                    _remove_if_dead(entry.path)


def new_folder(parent: Path) -> Path:
    """A new folder within that of the run. Raises NoScratch."""
    try:
        return Path(tempfile.mkdtemp(prefix="worker-", dir=parent))
    except OSError as error:
        raise NoScratch(path=str(parent.parent), problem=error.strerror) from error


def use(folder: Path) -> None:
    """Have this process, and the programs it starts, put all temporary files there."""
    tempfile.tempdir = os.environ["TMPDIR"] = str(folder)


def is_full() -> bool:
    """Whether there is no room for temporary files any more."""
    return shutil.disk_usage(tempfile.gettempdir()).free < _NO_ROOM


def place() -> str:
    """Where temporary files go, as a user knows it: the system's folder, not the run's within it."""
    here = Path(tempfile.gettempdir())
    return str(next((folder.parent for folder in here.parents if folder.name.startswith(PREFIX)), here))


def empty(folder: Path) -> None:
    """Remove what is in the folder, whoever left it there."""
    with suppress(OSError):
        for entry in os.scandir(folder):
            if entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry.path, ignore_errors=True)
            else:
                os.unlink(entry.path)


@contextmanager
def in_scratch() -> Iterator[Path]:
    """A folder for the temporary files of this very process, for as long as the block lasts."""
    folder = new_folder(run_folder())
    before = tempfile.tempdir, os.environ.get("TMPDIR")
    use(folder)
    try:
        yield folder
    finally:
        tempfile.tempdir = before[0]
        os.environ.pop("TMPDIR") if before[1] is None else os.environ.update(TMPDIR=before[1])
        shutil.rmtree(folder, ignore_errors=True)


def _remove_own(folder: Path, owner: int) -> None:
    """Remove the folder unless this is a process that its owner forked."""
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)


def _remove_if_dead(path: str) -> None:
    """Remove a run's folder unless it is locked. Raises OSError where it is, and where it is no folder."""
    handle = os.open(path, _SHARED)
    try:
        seen = os.fstat(handle)
        if stat.S_ISDIR(seen.st_mode) and seen.st_uid == os.geteuid():
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(path, ignore_errors=True)
    finally:
        os.close(handle)
