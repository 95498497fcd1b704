"""Tables of a file as rows of cells, whatever the file: a workbook, CSV, or the tables of a document."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from extractors.marks import find_secrecy
from extractors.model import Cell, Document
from extractors.tracking_headings import TableCell
from pipeline.errors import (
    DamagedFile,
    NothingThere,
    ProgramFailed,
    ProgramMissing,
    TooLarge,
    UnknownFormat,
    UnopenedArchive,
)
from pipeline.importing.errors import SecretTable, UnknownTable
from pipeline.reading import read_bytes, read_document_bytes, sha256_of

MAX_ROWS = 100_000
MAX_COLUMNS = 64
MAX_CELL = 20_000  # characters
_DELIMITERS = ";\t,|"
_SAMPLE = 50  # lines by which the delimiter is told
_OLD = {"xls": "xls", "odf": "ods"}  # spreadsheets that LibreOffice makes workbooks of, with their endings


@dataclass(frozen=True, slots=True)
class Grid:
    """One table: the sheet's name where there are sheets, its rows, and the number of the first row as people count."""

    sheet: str | None
    rows: tuple[tuple[TableCell, ...], ...]
    first_row: int = 1


@dataclass(frozen=True, slots=True)
class TableFile:
    """A file's tables, and what tells its bytes apart."""

    path: str
    sha256: str
    grids: tuple[Grid, ...]


def read_table_file(path: Path) -> TableFile:
    """All tables of a file. Raises NothingThere, UnreadableFile errors, UnknownTable, and SecretTable for one with a
    mark of secrecy."""
    if not path.exists():
        raise NothingThere(path=str(path))
    data = read_bytes(path)
    sha256 = sha256_of(data)
    try:
        grids = tuple(_grids(data, sha256))
    except (UnknownFormat, UnopenedArchive) as error:
        raise UnknownTable(path=path.name) from error
    for grid in grids:
        if find_secrecy(_as_text(grid)) is not None:
            raise SecretTable(path=str(path))
    return TableFile(str(path.absolute()), sha256, grids)


def _grids(data: bytes, sha256: str) -> Iterable[Grid]:
    from pipeline.importing.workbook import is_workbook, read_workbook

    if is_workbook(data):
        return read_workbook(data)
    from pipeline.reading.sniff import kind_of

    try:
        kind = kind_of(data)
    except UnknownFormat as error:
        return read_workbook(_as_workbook(data, error))
    if kind == "text":
        return [_separated(data)]
    document = read_document_bytes(data, sha256)
    if find_secrecy(document) is not None:
        raise SecretTable
    return _of_document(document)


def _as_workbook(data: bytes, unknown: UnknownFormat) -> bytes:
    """An older or open spreadsheet as an XLSX file. Raises `unknown` for other files, and where no program can."""
    from pipeline.reading.office import converted

    ending = _OLD.get(str(unknown.details.get("format")))
    if ending is None:
        raise unknown
    try:
        return converted(data, ending, "xlsx")
    except (DamagedFile, ProgramFailed, ProgramMissing):
        raise unknown from None


def _as_text(grid: Grid) -> str:
    return "\n".join("\n".join(cell.text for cell in row if not cell.joined) for row in grid.rows)


def cell_of(text: str, joined: bool = False) -> TableCell:
    """A cell of bounded length."""
    return TableCell(text[:MAX_CELL], joined)


def require_few(rows: int, columns: int) -> None:
    """Raises TooLarge for a table of more rows or columns than a person keeps."""
    if rows > MAX_ROWS:
        raise TooLarge(what="rows", size=rows, limit=MAX_ROWS)
    if columns > MAX_COLUMNS:
        raise TooLarge(what="columns", size=columns, limit=MAX_COLUMNS)


def _separated(data: bytes) -> Grid:
    """CSV in any encoding that text files have here, parted by semicolons, tabs or commas."""
    from pipeline.reading.encoding import decoded

    text, _ = decoded(data)
    rows: list[tuple[TableCell, ...]] = []
    csv.field_size_limit(MAX_CELL * 10)
    try:
        for row in csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=_delimiter(text)):
            require_few(len(rows) + 1, len(row))
            rows.append(tuple(cell_of(cell) for cell in row))
    except csv.Error as error:
        raise TooLarge(what="cell", size=0, limit=MAX_CELL) from error
    return Grid(None, tuple(rows))


def _delimiter(text: str) -> str:
    """The sign that parts the most lines into the same number of cells."""
    lines = [line for line in text.splitlines()[:_SAMPLE] if line.strip()]

    def parted(sign: str) -> tuple[int, int]:
        counts = [len(row) for row in csv.reader(lines, delimiter=sign)]
        usual = max(set(counts), key=counts.count, default=1)
        return (counts.count(usual) if usual > 1 else 0, usual)

    return max(_DELIMITERS, key=parted)


def _of_document(document: Document) -> list[Grid]:
    out = []
    for table in document.tables:
        rows = tuple(_row(document, row) for row in table.rows)
        require_few(len(rows), max(map(len, rows), default=0))
        out.append(Grid(None, rows))
    return out


def _row(document: Document, row: Sequence[Cell]) -> tuple[TableCell, ...]:
    return tuple(
        cell_of(document.text[cell.start : cell.end], n > 0 and cell.end > cell.start and cell == row[n - 1])
        for n, cell in enumerate(row)
    )
