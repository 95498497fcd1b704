"""The sources of the samples: what they say, and how their lines become paragraphs and tables."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

Source = dict[str, Any]
MOTTO = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
PARTY = "ĐẢNG CỘNG SẢN VIỆT NAM"


def load(path: Path) -> Source:
    """A source as `make_samples.py` describes it."""
    return tomllib.loads(path.read_text("utf-8"))


def paragraphs(body: str) -> Iterator[tuple[str, Any]]:
    """The body as ("text" | "heading" | "centred", string) and ("table", rows), in order."""
    lines = [line for line in body.splitlines() if line]
    for is_table, group in groupby(lines, key=lambda line: line.startswith("|")):
        if is_table:
            yield "table", [[cell.strip() for cell in row.strip()[1:-1].split("|")] for row in group]
            continue
        for line in group:
            kind = {"# ": "heading", "= ": "centred"}.get(line[:2], "text")
            yield kind, line if kind == "text" else line[2:]


def is_party(source: Source) -> bool:
    """Whether the paper has the head of a Party body, without state name and motto."""
    return source.get("head") == "party"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table and how many rows and columns it covers from (row, column) on."""

    text: str
    row: int
    column: int
    rows: int
    columns: int


def cells(rows: list[list[str]]) -> list[Cell]:
    """The cells of a table in reading order: "^" continues the cell above, "<" the one on the left."""
    found = []
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if text not in ("^", "<"):
                below = next((n for n in range(r + 1, len(rows)) if rows[n][c] != "^"), len(rows))
                right = next((n for n in range(c + 1, len(row)) if row[n] != "<"), len(row))
                found.append(Cell(text, r, c, below - r, right - c))
    return found
