"""The bytes of one file, read once and bounded: what every reader starts from."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from pathlib import Path
from typing import BinaryIO

from pipeline.errors import DamagedFile, EmptyFile, NotPermitted, TooLarge, UnreadableFile, VanishedFile

MAX_BYTES = 200 * 1024 * 1024


def read_bytes(path: Path) -> bytes:
    """The content of a regular file of at most `MAX_BYTES`.

    Raises VanishedFile, NotPermitted (also for folders, pipes and devices), EmptyFile, TooLarge.
    """
    try:
        # O_NONBLOCK: opening a named pipe must not wait for somebody to write into it
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise _as_unreadable(error, path) from error
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise NotPermitted(path=str(path), reason="not_a_regular_file")
        with open(handle, "rb", closefd=False) as file:
            return _read(file, path)
    except OSError as error:
        raise _as_unreadable(error, path) from error
    finally:
        os.close(handle)


def sha256_of(data: bytes) -> str:
    """The SHA-256 of a file's bytes in hexadecimal: the identity of a file's content."""
    return hashlib.sha256(data).hexdigest()


def _read(file: BinaryIO, path: Path) -> bytes:
    before = os.fstat(file.fileno())
    if before.st_size > MAX_BYTES:
        raise TooLarge(path=str(path), what="bytes", size=before.st_size, limit=MAX_BYTES)
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise TooLarge(path=str(path), what="bytes", size=len(data), limit=MAX_BYTES)
    after = os.fstat(file.fileno())
    if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns) or len(data) != after.st_size:
        raise VanishedFile(path=str(path), reason="changed_while_read")
    if not data:
        raise EmptyFile(path=str(path))
    return data


def _as_unreadable(error: OSError, path: Path) -> UnreadableFile:
    if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ESTALE):
        return VanishedFile(path=str(path), reason="missing")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EISDIR, errno.ENXIO, errno.ENODEV, errno.ELOOP):
        return NotPermitted(path=str(path), reason=errno.errorcode[error.errno])
    return DamagedFile(path=str(path), reason=errno.errorcode.get(error.errno or 0, "io_error"))
