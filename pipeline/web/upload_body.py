"""Thân yêu cầu tải lên: files out of the body of a request as it comes, straight to the disk, within bounds.

Nothing of a body is kept in memory but the piece that just came. Whatever goes wrong, its files are gone.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request

from pipeline.errors import CongvanError
from pipeline.reading.bytes import MAX_BYTES
from pipeline.web.upload_files import forget, free_bytes, new_part, safe_name

_FIELDS, _FIELD_BYTES = 20, 4096
_DRAINED_BYTES, _DRAINED_SECONDS = 2 * 1024**3, 60.0
_MiB = 1024**2


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may come at once: bytes of a file and of all of them, files, bytes that must stay free on the disk;
    seconds without anything, and bytes a second that must come after the first minute."""

    file: int = MAX_BYTES
    total: int = 600 * _MiB
    files: int = 200
    free: int = 256 * _MiB
    silent: float = 30.0
    rate: int = 2048


LIMITS = Limits()


class UploadRefused(CongvanError):
    """A body is not taken; subclasses say why, `status` what is answered."""

    code = "upload_refused"
    status = 400


class UploadTooLarge(UploadRefused):
    """More than is taken at once (details: file and total in MB, files)."""

    code = "upload_too_large"
    status = 413


class NoFiles(UploadRefused):
    """No file was chosen."""

    code = "upload_no_files"
    status = 422


class UploadTooSlow(UploadRefused):
    """It comes too slowly, or no more of it comes."""

    code = "upload_too_slow"
    status = 408


class NoRoom(UploadRefused):
    """The disk is full, or the folder cannot be written (details: problem)."""

    code = "upload_no_room"
    status = 507


@dataclass(slots=True)
class Part:
    """A file that came: where it lies for now, its name, its size in bytes."""

    name: str
    path: Path
    size: int = 0


@dataclass(slots=True)
class Arrived:
    """What a body held."""

    fields: dict[str, str] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)

    def forget(self) -> None:
        """Its files are not wanted."""
        for part in self.parts:
            forget(part.path)


async def receive(request: Request, folder: Path, is_ours: Callable[[str], None], limits: Limits = LIMITS) -> Arrived:
    """The fields and files of a multipart body; the files lie in `folder` under temporary names, safely on the disk.
    `is_ours(token)` is called before the first file is looked at, and raises where the form is none of ours.

    Raises UploadRefused, ClientDisconnect, and what `is_ours` raises.
    """
    body = _Body(folder, is_ours, limits)
    try:
        _require_announced(request, folder, limits)
        parser = _parser(request, body)
        await _feed(request, parser, body, limits)
        parser.finalize()
        await run_in_threadpool(body.carry_out)
        body.require_ours()
        return body.arrived
    except BaseException as error:
        body.drop()
        if isinstance(error, FormParserError):
            raise UploadRefused from error
        if isinstance(error, OSError):
            raise NoRoom(problem=error.strerror or type(error).__name__) from error
        raise


async def drain(request: Request) -> None:
    """Take in most of what still comes and forget it: whoever is still sending reads no answer, and would lose it with
    the connection."""
    taken = 0
    try:
        async with asyncio.timeout(_DRAINED_SECONDS):
            async for piece in request.stream():
                taken += len(piece)
                if taken > _DRAINED_BYTES:
                    return
    except (TimeoutError, ClientDisconnect, RuntimeError):
        return


def _require_announced(request: Request, folder: Path, limits: Limits) -> None:
    """What is known to be too much is not begun."""
    announced = request.headers.get("content-length", "")
    size = int(announced) if announced.isdecimal() and len(announced) < 20 else 0
    if size > limits.total:
        raise _too_large(limits)
    if free_bytes(folder) < limits.free + size:
        raise NoRoom(problem="ENOSPC")


def _parser(request: Request, body: _Body) -> MultipartParser:
    kind, options = parse_options_header(request.headers.get("content-type"))
    if kind != b"multipart/form-data" or not options.get(b"boundary"):
        raise UploadRefused
    return MultipartParser(options[b"boundary"], body.callbacks())  # type: ignore[arg-type]


async def _feed(request: Request, parser: MultipartParser, body: _Body, limits: Limits) -> None:
    started, taken, pieces = time.monotonic(), 0, request.stream()
    while True:
        try:
            piece = await asyncio.wait_for(anext(pieces, None), limits.silent)
        except TimeoutError as error:
            raise UploadTooSlow from error
        if piece is None:
            return
        taken += len(piece)
        if taken > limits.total:
            raise _too_large(limits)
        if time.monotonic() - started > 2 * limits.silent + taken / limits.rate:
            raise UploadTooSlow
        parser.write(piece)
        if body.has_work:
            await run_in_threadpool(body.carry_out)


def _too_large(limits: Limits) -> UploadTooLarge:
    return UploadTooLarge(file=limits.file // _MiB, total=limits.total // _MiB, files=limits.files)


class _Body:
    """What the parser tells is noted, and carried out by a thread that may wait for the disk."""

    def __init__(self, folder: Path, is_ours: Callable[[str], None], limits: Limits) -> None:
        self.folder, self.is_ours, self.limits = folder, is_ours, limits
        self.arrived = Arrived()
        self._noted: list[tuple[str, bytes]] = []
        self._headers: dict[str, str] = {}
        self._field, self._value = b"", b""
        self._name: str | None = None
        self._handle: int | None = None
        self._text: bytearray | None = None
        self._is_known_ours = False
        self._unmeasured = 0

    @property
    def has_work(self) -> bool:
        return bool(self._noted)

    def callbacks(self) -> dict[str, Callable[..., None]]:
        return {
            "on_part_begin": lambda: self._headers.clear(),
            "on_header_begin": self._new_header,
            "on_header_field": self._more_field,
            "on_header_value": self._more_value,
            "on_header_end": self._end_header,
            "on_headers_finished": lambda: self._noted.append(
                ("begin", self._headers.get("content-disposition", "").encode("latin-1"))
            ),
            "on_part_data": lambda data, start, end: self._noted.append(("data", data[start:end])),
            "on_part_end": lambda: self._noted.append(("end", b"")),
        }

    def _new_header(self) -> None:
        self._field, self._value = b"", b""

    def _more_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def _more_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _end_header(self) -> None:
        self._headers[self._field.decode("latin-1").lower()] = self._value.decode("latin-1")

    def carry_out(self) -> None:
        """Do what was noted: on the disk, so not in the loop."""
        noted, self._noted = self._noted, []
        for what, data in noted:
            if what == "data":
                self._write(data)
            elif what == "begin":
                self._begin(data.decode("latin-1"))
            else:
                self._end()

    def _begin(self, disposition: str) -> None:
        _, options = parse_options_header(disposition)
        self._name = options.get(b"name", b"").decode("utf-8", "replace")
        if b"filename" not in options:
            if len(self.arrived.fields) >= _FIELDS:
                raise UploadRefused
            self._text = bytearray()
            return
        given = options[b"filename"].decode("utf-8", "replace")
        if not given:  # a field in which no file was chosen
            return
        self.require_ours()
        if len(self.arrived.parts) >= self.limits.files:
            raise _too_large(self.limits)
        path, self._handle = new_part(self.folder)
        self.arrived.parts.append(Part(safe_name(given), path))

    def _write(self, data: bytes) -> None:
        if self._text is not None:
            self._text += data
            if len(self._text) > _FIELD_BYTES:
                raise _too_large(self.limits)
        elif self._handle is not None:
            part = self.arrived.parts[-1]
            part.size += len(data)
            if part.size > self.limits.file:
                raise _too_large(self.limits)
            _write_all(self._handle, data)
            self._measure(len(data))

    def _measure(self, size: int) -> None:
        """Whether there is still room, now and then."""
        self._unmeasured += size
        if self._unmeasured > 16 * _MiB:
            self._unmeasured = 0
            if free_bytes(self.folder) < self.limits.free:
                raise NoRoom(problem="ENOSPC")

    def _end(self) -> None:
        if self._text is not None:
            self.arrived.fields.setdefault(self._name or "", self._text.decode("utf-8", "replace").strip())
        if self._handle is not None:
            os.fsync(self._handle)
        self._close()

    def _close(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
        self._handle = self._text = self._name = None

    def require_ours(self) -> None:
        """The token comes before the first file."""
        if not self._is_known_ours:
            self.is_ours(self.arrived.fields.get("csrf", ""))
            self._is_known_ours = True

    def drop(self) -> None:
        """Nothing of it is wanted."""
        self._close()
        self.arrived.forget()


def _write_all(handle: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]
