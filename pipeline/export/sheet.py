"""Bảng: one table as people file it, whatever it is written to: Excel, a printed page, CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Kind = Literal["text", "number", "serial", "day", "percent", "link"]


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead to an address or a file: shown as they are where nothing can be clicked. Kept short: LibreOffice
    breaks no line in them."""

    words: str
    target: str


# A day that is known only in part ("2022-03") stays text; it is never made sharper than it is.
Cell = str | int | float | date | Link | None


@dataclass(frozen=True, slots=True)
class Column:
    """A heading in Vietnamese as the form prints it, the kind of its cells, and its width in characters.

    A "serial" is a number that names rather than counts (a number of arrival, of a row).
    Neighbours with the same words `over` them stand under one heading of two lines. A percent goes from 0 to 100.
    """

    title: str
    kind: Kind = "text"
    width: int = 12
    over: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A line over the rows that follow, such as the name of a body and how many rows it has."""

    words: str


@dataclass(frozen=True, slots=True)
class Total:
    """A row that adds up those before it, shown in bold."""

    cells: Sequence[Cell]


Row = Sequence[Cell] | Group | Total


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a table's figures as PNG, drawn only where it is shown: `told` is what it says, in words, and
    `shape` its width and height in millimetres."""

    told: str
    png: Callable[[], bytes]
    shape: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with its name, what stands over and under it, and its rows, which may be an iterator that is read once.

    `name` is the tab of a workbook and the stem of a file; `title` the heading in capitals; `above` lines under the
    title (the day, the way of counting); `below` notes under the table. `numbered` books of the decree print (1), (2) …
    under their headings. On paper it lies across the page unless `upright`. `pictures` stand under the notes, in a
    workbook on a tab of their own; CSV has none.
    """

    name: str
    title: str
    columns: Sequence[Column]
    rows: Iterable[Row]
    above: Sequence[str] = field(default=())
    below: Sequence[str] = field(default=())
    numbered: bool = False
    upright: bool = False
    pictures: Sequence[Picture] = field(default=())
