"""Excel's own files: values as they are shown, merged cells filled.

openpyxl's reading mode keeps memory flat and does not know what is merged; the sheet's own list is read beside it.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from extractors.tracking_headings import TableCell
from pipeline.errors import DamagedFile, EncryptedFile, TooLarge
from pipeline.importing.grids import MAX_COLUMNS, MAX_ROWS, Grid, cell_of
from pipeline.reading.zipdirectory import open_archive

_WORKBOOK = "xl/workbook.xml"
_MAX_UNPACKED = 400 * 1024 * 1024
_MERGED = re.compile(rb'<mergeCell\s+ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_CHUNK = 1 << 20
_MAX_MERGED = 20_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PROTECTED = "EncryptedPackage".encode("utf-16-le")

Area = tuple[int, int, int, int]  # first row, first column, last row, last column, from 0


def is_workbook(data: bytes) -> bool:
    """Whether bytes are an XLSX or XLSM file. Raises EncryptedFile for one with a password."""
    if data.startswith(_OLE) and _PROTECTED in data:
        raise EncryptedFile
    return data.startswith(b"PK") and _WORKBOOK in open_archive(data).namelist()


def read_workbook(data: bytes) -> Iterator[Grid]:
    """The visible sheets that hold anything. Raises DamagedFile, TooLarge."""
    from openpyxl import load_workbook

    archive = open_archive(data)
    if (size := sum(info.file_size for info in archive.infolist())) > _MAX_UNPACKED:
        raise TooLarge(what="bytes", size=size, limit=_MAX_UNPACKED)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        for sheet in book.worksheets:
            if sheet.sheet_state == "visible" and (rows := _rows(sheet)):
                _fill(rows, _merged(archive, sheet))
                yield Grid(sheet.title, tuple(tuple(row) for row in rows))
        book.close()
    except TooLarge:
        raise
    except (KeyError, ValueError, TypeError, AttributeError, zipfile.BadZipFile, SyntaxError, OSError) as error:
        raise DamagedFile(format="xlsx", reason=type(error).__name__) from error


def _rows(sheet: Any) -> list[list[TableCell]]:
    """All rows down to the last that says anything; what a sheet claims as its size is not believed."""
    sheet.reset_dimensions()
    rows: list[list[TableCell]] = []
    filled = 0
    for n, row in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True)):
        if any(value is not None for value in row):
            if n >= MAX_ROWS:
                raise TooLarge(what="rows", size=n + 1, limit=MAX_ROWS)
            rows += [[] for _ in range(n - len(rows))]
            last = max(at for at, value in enumerate(row) if value is not None)
            rows.append([cell_of(shown(value)) for value in row[: last + 1]])
            filled = n + 1
    return rows[:filled]


def shown(value: Any) -> str:
    """A value as people read it: days as dd/mm/yyyy, whole numbers without a point.

    >>> shown(dt.datetime(2026, 3, 15)), shown(183.0), shown(None)
    ('15/03/2026', '183', '')
    """
    if isinstance(value, dt.datetime | dt.date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _merged(archive: zipfile.ZipFile, sheet: Any) -> list[Area]:
    """The merged areas of a sheet, from the end of its own file."""
    areas: list[Area] = []
    rest = b""
    with archive.open(sheet._worksheet_path) as file:
        while chunk := file.read(_CHUNK):
            text = rest + chunk
            for found in _MERGED.finditer(text):
                areas.append(_area(found))
                if len(areas) > _MAX_MERGED:
                    return areas
            last = text.rfind(b"<")
            rest = text[last:] if last >= 0 and len(text) - last < _CHUNK else b""
    return areas


def _area(found: re.Match[bytes]) -> Area:
    return int(found[2]) - 1, _column(found[1]), int(found[4]) - 1, _column(found[3])


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1


def _fill(rows: list[list[TableCell]], areas: list[Area]) -> None:
    """The words of a merged cell stand in all that it covers."""
    for first, left, last, right in areas:
        if first >= len(rows) or left >= len(rows[first]):
            continue
        words = rows[first][left].text
        for row in rows[first : min(last, len(rows) - 1) + 1]:
            row += [TableCell("") for _ in range(min(right, MAX_COLUMNS - 1) + 1 - len(row))]
            for n in range(left, min(right, MAX_COLUMNS - 1) + 1):
                row[n] = TableCell(words, n > left)
