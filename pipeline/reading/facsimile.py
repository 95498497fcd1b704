"""Ảnh trang: the pages of a file as pictures, as they are printed: with signature stamps, notes and filled-in forms.

Called in a worker process (`pipeline.workers`): PDFium and Pillow work on bytes that anybody may have made. The file
that was opened last stays open, since its pages are looked at one after the other.
"""

from __future__ import annotations

import io
import os
import warnings
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image

from pipeline.errors import DamagedFile, OutOfMemory, TooLarge, UnknownFormat, UnreadableFile, VanishedFile
from pipeline.reading.bytes import read_bytes, sha256_of

POINTS = 72
FORMATS = frozenset({"pdf", "jpeg", "png", "tiff", "gif", "bmp", "webp"})
WIDTHS = (800, 1200, 1800)  # pixels
MOST_PAGES = 2000
_MOST_PIXELS = 8_000_000
_MOST_FRAME_PIXELS = 100_000_000
_LONGEST = 12_000  # pixels of a side; WebP has no more than 16383

Size = tuple[float, float]
# what Pillow raises for files that are none
_BROKEN = (OSError, ValueError, SyntaxError, TypeError, KeyError, EOFError, Image.DecompressionBombError)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a file lies: its path, the member where that is a container, its format and the hash that it must have."""

    path: str
    member: str | None
    format: str
    sha256: str


def page_sizes(source: Source) -> list[Size]:
    """Width and height of each page as displayed, in points. Raises UnreadableFile; VanishedFile where the bytes are
    others than they were."""
    with _within_memory():
        return _held(source).sizes()


def page_picture(source: Source, number: int, width: int) -> bytes:
    """Page `number` (from 1) as WebP, so many pixels wide; less of a page so long that it would be too large. Raises
    UnreadableFile, IndexError."""
    out = io.BytesIO()
    with _within_memory():
        _held(source).picture(number, width).save(out, "WEBP", quality=82, method=2)
    return out.getvalue()


@contextmanager
def _within_memory() -> Iterator[None]:
    try:
        yield
    except MemoryError as error:
        raise OutOfMemory from error


class _Pages(ABC):
    """A file that was opened."""

    @abstractmethod
    def sizes(self) -> list[Size]:
        """Of each page, in points."""

    @abstractmethod
    def picture(self, number: int, width: int) -> Image.Image:
        """One page."""

    @abstractmethod
    def close(self) -> None:
        """The end."""


class _Pdf(_Pages):
    def __init__(self, data: bytes) -> None:
        try:
            self._pdf = pdfium.PdfDocument(data)
            self._pdf.init_forms()  # without it neither signature widgets nor forms are drawn
        except pdfium.PdfiumError as error:
            raise DamagedFile(format="pdf", reason=str(error)) from error

    def sizes(self) -> list[Size]:
        return [_sane(*self._pdf.get_page_size(n)) for n in range(min(len(self._pdf), MOST_PAGES))]

    def picture(self, number: int, width: int) -> Image.Image:
        if not 1 <= number <= len(self._pdf):
            raise IndexError(number)
        page = self._page(number - 1)
        try:
            size = _sane(*page.get_size())
            bitmap = page.render(scale=_scale(size, width), draw_annots=True, may_draw_forms=True, rev_byteorder=True)
            picture: Image.Image = bitmap.to_pil().convert("RGB")
            bitmap.close()
        except pdfium.PdfiumError as error:
            raise DamagedFile(format="pdf", reason=str(error)) from error
        finally:
            page.close()
        return picture

    def _page(self, index: int) -> pdfium.PdfPage:
        """A page; where the file names no form, stamps that lie in fields all the same are made part of the page."""
        page, raw = self._pdf[index], pdfium.raw
        has_loose = self._pdf.formenv is None and raw.FPDFPage_GetAnnotCount(page) > 0
        if has_loose and raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY) == raw.FLATTEN_SUCCESS:
            page.close()
            page = self._pdf[index]
        return page

    def close(self) -> None:
        self._pdf.close()


class _Picture(_Pages):
    def __init__(self, data: bytes, format: str) -> None:
        self._format = format
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                self._image = Image.open(io.BytesIO(data))
                self._frames = min(getattr(self._image, "n_frames", 1), MOST_PAGES)
            except _BROKEN as error:
                raise DamagedFile(format=format, reason=type(error).__name__) from error

    def sizes(self) -> list[Size]:
        return [_sane(*self._points(n)) for n in range(self._frames)]

    def picture(self, number: int, width: int) -> Image.Image:
        if not 1 <= number <= self._frames:
            raise IndexError(number)
        size = _sane(*self._points(number - 1))
        from pipeline.reading.images import flattened

        try:
            upright = flattened(self._image)
        except _BROKEN as error:
            raise DamagedFile(format=self._format, reason=type(error).__name__) from error
        scale = _scale(size, width)
        wanted = max(1, round(size[0] * scale)), max(1, round(size[1] * scale))
        return upright.resize(wanted, Image.Resampling.BOX if wanted[0] < upright.width else Image.Resampling.BILINEAR)

    def _points(self, frame: int) -> Size:
        from pipeline.reading.images import resolution

        try:
            self._image.seek(frame)
            width, height = self._image.size
            if width * height > _MOST_FRAME_PIXELS:
                raise TooLarge(format=self._format, what="pixels", size=width * height, limit=_MOST_FRAME_PIXELS)
            if self._image.getexif().get(0x0112, 1) in (5, 6, 7, 8):
                width, height = height, width
            dpi = resolution(self._image)
        except _BROKEN as error:
            raise DamagedFile(format=self._format, reason=type(error).__name__) from error
        return width * POINTS / dpi, height * POINTS / dpi

    def close(self) -> None:
        self._image.close()


def _sane(width: float, height: float) -> Size:
    """Sides that can be divided by; a page of nothing is a square point."""
    return max(1.0, width), max(1.0, height)


def _scale(size: Size, width: int) -> float:
    """Pixels a point: as wide as asked for, unless that is too many pixels or too long."""
    across, down = size
    scale = width / across
    return float(min(scale, (_MOST_PIXELS / (across * down)) ** 0.5, _LONGEST / max(across, down)))


_open: dict[tuple[object, ...], _Pages] = {}


def _held(source: Source) -> _Pages:
    """The file opened, its bytes compared with what they must be; that of before as long as nothing touched it."""
    try:
        seen = os.stat(source.path)
    except OSError as error:
        raise VanishedFile(path=source.path, reason="missing") from error
    key = (source, seen.st_size, seen.st_mtime_ns, seen.st_ino)
    if key not in _open:
        for opened in _open.values():
            opened.close()
        _open.clear()
        _open[key] = _opened(source)
    return _open[key]


def _opened(source: Source) -> _Pages:
    if source.format not in FORMATS:
        raise UnknownFormat(format=source.format)
    data = _bytes_of(source)
    return _Pdf(data) if source.format == "pdf" else _Picture(data, source.format)


def _bytes_of(source: Source) -> bytes:
    if source.member is not None:
        from pipeline.reading.holding import member_bytes

        return member_bytes(source.path, source.member, source.sha256)
    data = read_bytes(Path(source.path))
    if sha256_of(data) != source.sha256:
        raise VanishedFile(path=source.path, reason="changed_while_read")
    return data


__all__ = ["FORMATS", "MOST_PAGES", "WIDTHS", "Source", "UnreadableFile", "page_picture", "page_sizes"]
