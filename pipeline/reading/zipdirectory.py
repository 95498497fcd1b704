"""The list of entries of a ZIP archive, opened once its size is known: it is read into memory as a whole."""

from __future__ import annotations

import io
import struct
import zipfile

from pipeline.errors import DamagedFile, TooLarge

MAX_DIRECTORY = 4 << 20  # bytes: some ten thousand entries
_END, _END_64 = b"PK\x05\x06", b"PK\x06\x06"
_SIZE, _SIZE_64 = 12, 40  # where the two records say how long the list is
_ELSEWHERE = 0xFFFFFFFF


def open_archive(data: bytes) -> zipfile.ZipFile:
    """The archive, opened for reading. Raises DamagedFile, TooLarge."""
    try:
        size = _directory_size(data)
        if size > MAX_DIRECTORY:
            raise TooLarge(what="members", size=size, limit=MAX_DIRECTORY)
        return zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error) as error:
        raise DamagedFile(format="zip", reason=type(error).__name__) from error


def _directory_size(data: bytes) -> int:
    at = data.rfind(_END)
    if at < 0:
        raise DamagedFile(format="zip", reason="truncated")
    (size,) = struct.unpack_from("<L", data, at + _SIZE)
    if size == _ELSEWHERE and (at := data.rfind(_END_64, 0, at)) >= 0:
        (size,) = struct.unpack_from("<Q", data, at + _SIZE_64)
    return int(size)
