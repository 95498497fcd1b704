"""Compound files (OLE2) made for the tests: streams with names, one after the other."""

from __future__ import annotations

import struct

_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def compound(streams: dict[str, bytes], inside: dict[str, bytes] | None = None) -> bytes:
    """A compound file; `inside` are streams of a folder in it, as an embedded file has them."""
    names = [*streams, *(["Embedded"] if inside else []), *(inside or {})]
    contents = {**streams, **(inside or {})}
    chains: list[int] = []
    body = b""
    starts: dict[str, int] = {}
    for name, content in contents.items():
        content = content.ljust(4096, b"\0")  # shorter ones would live elsewhere
        starts[name] = len(chains)
        count = -(-len(content) // _SECTOR)
        chains += [starts[name] + n + 1 for n in range(count - 1)] + [_END]
        body += content.ljust(count * _SECTOR, b"\0")
    first = len(chains)
    top = len(streams) + bool(inside)
    entries = [_entry("Root Entry", 5, child=1, start=_END)]
    for n, name in enumerate(names, 1):
        beside = n + 1 if n not in (top, len(names)) else _FREE
        if name == "Embedded":
            entries.append(_entry(name, 1, right=beside, child=n + 1, start=0))
        else:
            entries.append(_entry(name, 2, right=beside, start=starts[name], size=max(4096, len(contents[name]))))
    directory = b"".join(entries)
    sectors = -(-len(directory) // _SECTOR)
    chains += [first + n + 1 for n in range(sectors - 1)] + [_END, _FAT]
    body += directory.ljust(sectors * _SECTOR, b"\0")
    fat = struct.pack(f"<{len(chains)}I", *chains).ljust(_SECTOR, b"\xff")
    return _header(first, len(chains) - 1) + body + fat


def _header(directory: int, fat: int) -> bytes:
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<5H6x7I", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, directory, 0, 4096, _END, 0)
    return head + struct.pack("<2I", _END, 0) + struct.pack("<I", fat) + b"\xff" * 432


def _entry(name: str, kind: int, right: int = _FREE, child: int = _FREE, start: int = 0, size: int = 0) -> bytes:
    coded = name.encode("utf-16-le") + b"\0\0"
    places = struct.pack("<3I", _FREE, right, child)
    return (
        coded.ljust(64, b"\0")
        + struct.pack("<HBB", len(coded), kind, 1)
        + places
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )


def word_document(locked: bool = False) -> bytes:
    """The beginning of a Word file's main stream."""
    return struct.pack("<HH6xH", 0xA5EC, 0xC1, 0x0100 if locked else 0)
