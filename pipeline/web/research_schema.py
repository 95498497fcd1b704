"""Cấu trúc sổ: tables and views with their columns and what they mean, beside the page on which they are asked."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipeline.messages import language
from pipeline.register import Register

_HIDDEN = re.compile(r"sqlite_.*|_sqlite_.*|search_(?:exact|folded)_.*|search_rows.*|duty_times_.*")
_NOTE = re.compile(r"^\s*(\w+)\b[^\n]*?--\s*(.+)$", re.MULTILINE)
_TABLES = "SELECT name, type, coalesce(sql, '') AS sql FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY name"


@dataclass(frozen=True, slots=True)
class Table:
    """A table or view: `told` says what a row is, `columns` are names with what they mean ("" where that is plain)."""

    name: str
    is_view: bool
    told: str
    columns: tuple[tuple[str, str], ...]


@cache
def _words() -> dict[str, dict[str, Mapping[str, str]]]:
    return tomllib.loads(Path(__file__).with_name("schema.toml").read_text("utf-8"))


def tables(register: Register) -> list[Table]:
    """Those that are asked most stand first."""
    order = {name: number for number, name in enumerate(_words()["tables"])}
    found = [row for row in register.rows(_TABLES) if not _HIDDEN.fullmatch(row["name"])]
    found.sort(key=lambda row: order.get(row["name"], len(order)))
    return [
        Table(
            row["name"],
            row["type"] == "view",
            _said("tables", row["name"]),
            tuple(_columns(register, row["name"], dict(_NOTE.findall(row["sql"])))),
        )
        for row in found
    ]


def _columns(register: Register, table: str, notes: Mapping[str, str]) -> list[tuple[str, str]]:
    names = register.rows("SELECT name FROM pragma_table_info(?)", (table,))
    return [
        (name, _said("columns", f"{table}.{name}") or _said("columns", name) or notes.get(name, ""))
        for name in (row["name"] for row in names)
    ]


def _said(kind: str, name: str) -> str:
    words = _words()[kind].get(name)
    return words[language()] if words else ""
