"""A tracking table as it was understood: how each column was read, and what each row says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from extractors.tracking_headings import Heading, Headings, find_headings
from extractors.tracking_tables import TrackedRow, read_rows
from pipeline.importing.errors import NoHeading, NoNumber, NoRow, NoTable, UnknownColumn
from pipeline.importing.grids import Grid, TableFile, read_table_file

ROLES = (
    "number", "symbol", "date", "issuer", "subject", "content", "lead", "coordinating", "deadline", "extended",
    "result", "state", "done", "proof", "note",
)  # fmt: skip
IGNORED = "ignore"
_LETTERS = re.compile(r"[A-Za-z]{1,2}")


@dataclass(frozen=True, slots=True)
class ReadTable:
    """One table: its sheet, its columns, and its rows with their number as people count them."""

    sheet: str | None
    columns: tuple[Heading, ...]
    rows: tuple[tuple[int, TrackedRow], ...]


@dataclass(frozen=True, slots=True)
class Tracking:
    """All tables of a file that could be read; `passed_over` counts those that are none."""

    path: str
    sha256: str
    tables: tuple[ReadTable, ...]
    passed_over: int


def read_tracking(path: Path, columns: str | None = None) -> Tracking:
    """The tracking tables of a file. `columns` says what columns hold that are not understood ("B=number,E=deadline";
    "F=ignore"). Raises NothingThere, UnreadableFile errors, UnknownTable, SecretTable, UnknownColumn, and what is told
    of a file by NotATrackingTable."""
    told = _told(columns)
    file = read_table_file(path)
    tables, passed_over = _tables(file, told)
    if not tables:
        raise (NoHeading if any(grid.rows for grid in file.grids) else NoTable)(path=path.name)
    if not any(table.rows for table in tables):
        raise NoRow(path=path.name)
    if not any(row.number for table in tables for _, row in table.rows):
        raise NoNumber(path=path.name)
    return Tracking(file.path, file.sha256, tuple(tables), passed_over)


def _tables(file: TableFile, told: Mapping[int, str | None]) -> tuple[list[ReadTable], int]:
    out: list[ReadTable] = []
    passed_over = 0
    before: tuple[Headings, int, str | None] | None = None
    for grid in file.grids:
        headings = find_headings(grid.rows, told)
        width = max(map(len, grid.rows), default=0)
        goes_on = headings is None and before is not None and before[1] == width and grid.sheet is None
        if goes_on and before is not None:
            headings = Headings(before[0].columns, -1, -1)
        if headings is None:
            passed_over += 1
            continue
        rows, body = _rows(grid, headings, before[2] if goes_on and before else None)
        out.append(ReadTable(grid.sheet, headings.columns, tuple(rows)))
        before = headings, width, body
    return out, passed_over


def _rows(grid: Grid, headings: Headings, body: str | None) -> tuple[list[tuple[int, TrackedRow]], str | None]:
    rows: list[tuple[int, TrackedRow]] = []
    for found in read_rows(grid.rows, headings, body):
        if isinstance(found, str):
            body = found
        else:
            rows.append((grid.first_row + found.row, found))
    return rows, body


def _told(columns: str | None) -> dict[int, str | None]:
    return dict(_pairs(columns)) if columns else {}


def _pairs(columns: str) -> Iterator[tuple[int, str | None]]:
    allowed = ", ".join((*ROLES, IGNORED))
    for part in columns.split(","):
        where, _, role = (piece.strip() for piece in part.partition("="))
        if role not in (*ROLES, IGNORED):
            raise UnknownColumn(given=part.strip(), allowed=allowed)
        yield _place(where, allowed), None if role == IGNORED else role


def _place(where: str, allowed: str) -> int:
    if where.isdigit() and int(where) > 0:
        return int(where) - 1
    if not _LETTERS.fullmatch(where):
        raise UnknownColumn(given=where, allowed=allowed)
    number = 0
    for letter in where.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def letter(column: int) -> str:
    """The name of a column as spreadsheets show it.

    >>> letter(0), letter(27)
    ('A', 'AB')
    """
    out = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        out = chr(ord("A") + rest) + out
    return out
