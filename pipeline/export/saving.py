"""Ghi tệp: a file stands in its place whole or not at all, and takes no other's place unasked."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import CongvanError


class FileExists(CongvanError):
    """A file of that name is there already (details: path)."""

    code = "export_exists"


class NotWritten(CongvanError):
    """The file could not be written (details: path, problem)."""

    code = "export_not_written"


@contextmanager
def new_file(path: Path, *, replace: bool = False) -> Iterator[Path]:
    """A path beside `path`, with its ending, to write to: it becomes `path` where the block ends well, and is gone
    where it does not. The folder is made. Raises FileExists (unless `replace`) and NotWritten."""
    beside = path.with_name(f".{path.stem[:40]}.{secrets.token_hex(4)}{path.suffix}")
    try:
        if path.exists() and not replace:
            raise FileExists(path=str(path))
        path.parent.mkdir(parents=True, exist_ok=True)
        # made here, so that it bears the rights that the user's new files bear
        os.close(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        try:
            yield beside
            _put(beside, path, replace)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise NotWritten(path=str(path), problem=error.strerror or str(error)) from error


def _put(beside: Path, path: Path, replace: bool) -> None:
    with beside.open("rb") as file:
        os.fsync(file.fileno())
    if replace:
        os.replace(beside, path)
        return
    try:
        os.link(beside, path)  # fails where a file has come to stand there meanwhile
    except FileExistsError:
        raise FileExists(path=str(path)) from None
    except OSError:  # a medium without hard links
        if path.exists():
            raise FileExists(path=str(path)) from None
        os.replace(beside, path)


def save_bytes(data: bytes, path: Path, *, replace: bool = False) -> None:
    """Write a file in one step, over an older one of that name only if asked. Raises FileExists, NotWritten."""
    with new_file(path, replace=replace) as beside:
        beside.write_bytes(data)
