"""A table of the open data set as two files: CSV and Parquet, written side by side as rows come."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any

from pipeline.export.dataset_tables import ColumnType, DataTable
from pipeline.output import no_formula

_GROUP = 10_000  # rows that are held before they are written


class TableFiles:
    """Takes the rows of one table; use it as a context. `rows` counts them."""

    def __init__(self, table: DataTable, folder: Path) -> None:
        import pyarrow.parquet as pq  # costs half a second

        self.table = table
        self.rows = 0
        self._held: list[list[Any]] = [[] for _ in table.columns]
        self._schema = _schema(table)
        self._csv = (folder / f"{table.name}.csv").open("w", encoding="utf-8", errors="replace", newline="")
        self._writer = csv.writer(self._csv, lineterminator="\n")
        self._writer.writerow([column.name for column in table.columns])
        self._parquet = pq.ParquetWriter(folder / f"{table.name}.parquet", self._schema, compression="zstd")

    def __enter__(self) -> TableFiles:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            if kind is None:
                self._flush()
        finally:
            self._parquet.close()
            self._csv.close()

    def add(self, values: Mapping[str, Any]) -> None:
        """One row; of what it has, the columns of the table."""
        row = [None if (value := values[c.name]) == "" else value for c in self.table.columns]
        self._writer.writerow([_cell(value) for value in row])
        for held, column, value in zip(self._held, self.table.columns, row, strict=True):
            held.append(_typed(column.type, value))
        self.rows += 1
        if len(self._held[0]) >= _GROUP:
            self._flush()

    def _flush(self) -> None:
        import pyarrow as pa

        if self._held[0]:
            arrays = [pa.array(held, field.type) for held, field in zip(self._held, self._schema, strict=True)]
            self._parquet.write_table(pa.Table.from_arrays(arrays, schema=self._schema))
            self._held = [[] for _ in self.table.columns]


def _schema(table: DataTable) -> Any:
    import pyarrow as pa

    types = {
        "string": pa.string(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
    }
    return pa.schema([pa.field(c.name, types[c.type], metadata={"description": c.en}) for c in table.columns])


def _cell(value: Any) -> Any:
    """A value as CSV has it: true and false, empty for none, and no text that a spreadsheet would run."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else no_formula(value)


def _typed(kind: ColumnType, value: Any) -> Any:
    if value is None:
        return None
    if kind == "date":
        return date.fromisoformat(value)
    return float(value) if kind == "number" else value
