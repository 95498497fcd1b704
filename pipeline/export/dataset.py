"""Dữ liệu mở: the register without personal data, as CSV and Parquet with a description that people and programs read.

The same register gives the same bytes; registers that read the same papers give the same ids. It is written row by row
into a folder beside the one that is asked for, and takes its place when it is whole.
"""

from __future__ import annotations

import os
import secrets
import shutil
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from pipeline.export.dataset_files import TableFiles
from pipeline.export.dataset_papers import write_papers
from pipeline.export.dataset_rows import DataRows
from pipeline.export.dataset_tables import data_tables
from pipeline.export.saving import FileExists, NotWritten
from pipeline.register import Register


@dataclass(frozen=True, slots=True)
class Written:
    """How many rows each table of the data set has."""

    folder: Path
    rows: dict[str, int]


def write_dataset(register: Register, folder: Path, *, with_quotes: bool = False, replace: bool = False) -> Written:
    """Write the data set. A folder that holds anything is left alone unless `replace`, and then only what the data set
    itself has is replaced. Raises FileExists, NotWritten."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())) and not replace:
        raise FileExists(path=str(folder))
    beside = folder.absolute().parent / f".{folder.name[:40]}.{secrets.token_hex(4)}"
    try:
        beside.mkdir(parents=True)
        try:
            rows = _write(register, beside, with_quotes)
            _put(beside, folder)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    except OSError as error:
        raise NotWritten(path=str(folder), problem=error.strerror or str(error)) from error
    return Written(folder, rows)


def _write(register: Register, folder: Path, with_quotes: bool) -> dict[str, int]:
    tables = data_tables(with_quotes)
    register.connection.execute("BEGIN")  # one state of the register, whoever writes meanwhile
    try:
        with ExitStack() as stack:
            files = {table.name: stack.enter_context(TableFiles(table, folder)) for table in tables}
            for name, values in DataRows(register, with_quotes):
                files[name].add(values)
    finally:
        register.connection.execute("ROLLBACK")
    counts = {name: file.rows for name, file in files.items()}
    write_papers(folder, tables, counts)
    return counts


def _put(beside: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(beside.iterdir()):
        os.replace(path, folder / path.name)
