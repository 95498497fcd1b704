"""Từ điển dữ liệu: which tables and columns the open data set has, and what they mean (`dataset.toml`)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

ColumnType = Literal["string", "integer", "number", "boolean", "date"]


@dataclass(frozen=True, slots=True)
class DataColumn:
    """One column: its type, its meaning in both languages, where its values come from, and the table that they are ids
    of (`ref`). `free`: free text, which may name persons."""

    name: str
    type: ColumnType
    vi: str
    en: str
    source: str
    unit: str = ""
    ref: str = ""
    free: bool = False


@dataclass(frozen=True, slots=True)
class DataTable:
    """One table of the data set; the first column of one with ids is `id`."""

    name: str
    vi: str
    en: str
    columns: tuple[DataColumn, ...]


@cache
def data_tables(with_quotes: bool) -> tuple[DataTable, ...]:
    """All tables, with or without the columns of free text."""
    raw = tomllib.loads((resources.files(__package__) / "dataset.toml").read_text("utf-8"))
    return tuple(
        DataTable(
            table["name"],
            table["vi"],
            table["en"],
            tuple(DataColumn(**column) for column in table["column"] if with_quotes or not column.get("free")),
        )
        for table in raw["table"]
    )
