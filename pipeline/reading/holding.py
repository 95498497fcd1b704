"""The container that was opened last, kept open in this process, since its members are read one after the other."""

from __future__ import annotations

import os
from pathlib import Path

from pipeline.errors import EmptyFile, VanishedFile
from pipeline.reading.bytes import MAX_BYTES, read_bytes, sha256_of
from pipeline.reading.containers import SEPARATOR, Opened, container_in, container_kind, entry_in, opened

_held: dict[tuple[object, ...], Opened] = {}


def member_bytes(path: str, member: str, sha256: str) -> bytes:
    """The bytes of the file that lies as `member` in the container at `path`, known to have this hash.

    Raises UnreadableFile; VanishedFile where the container has changed since its members were listed.
    """
    *outer, name = member.split(SEPARATOR)
    return _entry(_container(path, outer), name, sha256)


def sent_member_bytes(data: bytes, member: str, sha256: str) -> bytes:
    """The same out of a container whose bytes came without a path. Raises UnreadableFile."""
    *outer, name = member.split(SEPARATOR)
    key = ("sent", sha256_of(data), *outer)
    if key not in _held:
        let_go()
        _held[key] = _within(data, outer)
    return _entry(_held[key], name, sha256)


def _entry(container: Opened, name: str, sha256: str) -> bytes:
    data = entry_in(container, name).read(MAX_BYTES)
    if sha256_of(data) != sha256:
        raise VanishedFile(reason="changed_while_read")
    if not data:
        raise EmptyFile
    return data


def let_go() -> None:
    """Keep nothing open: something else is read now."""
    _held.clear()


def _container(path: str, outer: list[str]) -> Opened:
    """The container at a path, or one that lies in it."""
    try:
        stat = os.stat(path)
    except OSError as error:
        raise VanishedFile(path=path, reason="missing") from error
    key = (path, stat.st_size, stat.st_mtime_ns, stat.st_ino, *outer)
    if key not in _held:
        let_go()
        _held[key] = _within(read_bytes(Path(path)), outer, path=path)
    return _held[key]


def _within(data: bytes, outer: list[str], **where: object) -> Opened:
    kind = container_kind(data)
    if kind is None:
        raise VanishedFile(**where, reason="changed_while_read")
    container = opened(data, kind)
    for name in outer:
        container = container_in(container, name)
    return container
