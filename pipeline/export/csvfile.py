"""CSV: tables for spreadsheets and programs: days are ISO, a heading a column, nothing runs as a formula."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from pipeline.export.sheet import Cell, Column, Group, Link, Sheet, Total
from pipeline.output import no_formula


def write_csv(sheet: Sheet, path: Path) -> int:
    """Write the rows of a table under one line of headings, with the mark by which Excel knows UTF-8; lines that only
    part the rows, and all around the table, are left out. The number of rows; OSError where it cannot be written."""
    written = 0
    with path.open("w", encoding="utf-8-sig", errors="replace", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_headings(sheet.columns))
        for row in sheet.rows:
            if isinstance(row, Group):
                continue
            cells = row.cells if isinstance(row, Total) else row
            writer.writerow([no_formula(_value(cell)) for cell in cells])
            written += not isinstance(row, Total)
    return written


def _headings(columns: Sequence[Column]) -> list[str]:
    return [f"{column.over}: {column.title}" if column.over else column.title for column in columns]


def _value(cell: Cell) -> str | int | float:
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, Link):
        return cell.words
    return "" if cell is None else cell
