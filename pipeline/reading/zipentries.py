"""What lies in a ZIP archive: names in whatever encoding they are, bytes counted while they are unpacked."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator

from pipeline.errors import DamagedFile, EncryptedFile, TooLarge, UnknownFormat, UnopenedArchive, UnsafeMember
from pipeline.folders import passes_over
from pipeline.reading.containers import Entry, Opened
from pipeline.reading.encoding import decoded
from pipeline.reading.membernames import Names, leads_out, safe_name
from pipeline.reading.zipdirectory import open_archive

_CHUNK = 1 << 20
_LOCAL_HEADER = 30
_IS_UTF8 = 0x800
_IS_ENCRYPTED = 0x1
_UNIX = 3
_UNICODE_PATH = 0x7075


def open_zip(data: bytes) -> Opened:
    """The entries of an archive without folders and what systems leave there. Raises DamagedFile, TooLarge."""
    archive = open_archive(data)
    named = [(info, _name(info)) for info in archive.infolist()]
    infos = [(info, name) for info, name in named if not name.endswith(("/", "\\"))]
    wanted = [(info, name) for info, name in infos if not _left_by_system(name)]
    overlapping, names = _overlapping(archive), Names()
    entries = tuple(
        ZipEntry(archive, info, names.unique(safe_name(name)), leads_out(name), info.header_offset in overlapping)
        for info, name in wanted
    )
    return Opened(entries, len(infos) - len(wanted))


class ZipEntry(Entry):
    """One file of an archive."""

    def __init__(
        self, archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, leads_out: bool, overlaps: bool
    ) -> None:
        self.name = name
        self._archive, self._info, self._leads_out, self._overlaps = archive, info, leads_out, overlaps

    def read(self, limit: int) -> bytes:
        """Its bytes unpacked. Raises UnsafeMember, EncryptedFile, UnopenedArchive, DamagedFile, TooLarge."""
        self._check()
        out = io.BytesIO()
        try:
            with self._archive.open(self._info) as stream:
                while chunk := stream.read(_CHUNK):
                    out.write(chunk)
                    if out.tell() > limit:
                        raise TooLarge(what="unpacked", size=out.tell(), limit=limit)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as error:
            raise DamagedFile(format="zip", reason=type(error).__name__) from error
        return out.getvalue()

    def _check(self) -> None:
        if self._leads_out:
            raise UnsafeMember(reason="path")
        if self._info.create_system == _UNIX and stat.S_ISLNK(self._info.external_attr >> 16):
            raise UnsafeMember(reason="link")
        if self._info.flag_bits & _IS_ENCRYPTED:
            raise EncryptedFile(format="zip")
        if self._overlaps:
            raise DamagedFile(format="zip", reason="overlap")
        if self._info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise UnopenedArchive(format="zip")


def _name(info: zipfile.ZipInfo) -> str:
    """The name of an entry: in UTF-8 where it says so or is so, else in the encoding of the system that made it."""
    if info.flag_bits & _IS_UTF8:
        return info.orig_filename
    for kind, field in _extra_fields(info.extra):
        if kind == _UNICODE_PATH and len(field) > 5:
            return field[5:].decode("utf-8", "replace")
    raw = info.orig_filename.encode("cp437", "replace")
    try:
        return decoded(raw)[0]
    except UnknownFormat:
        return info.orig_filename


def _extra_fields(extra: bytes) -> Iterator[tuple[int, bytes]]:
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        yield kind, extra[4 : 4 + size]
        extra = extra[4 + size :]


def _left_by_system(name: str) -> bool:
    return any(passes_over(part) for part in name.replace("\\", "/").split("/") if part not in ("", ".", ".."))


def _overlapping(archive: zipfile.ZipFile) -> set[int]:
    """Where entries begin whose bytes reach into those of the next one: one byte would be unpacked many times."""
    places = sorted(
        (info.header_offset, info.header_offset + _LOCAL_HEADER + info.compress_size) for info in archive.infolist()
    )
    following = [*(start for start, _ in places[1:]), archive.start_dir]
    return {start for (start, end), after in zip(places, following, strict=False) if end > after}
