"""Ô: what stands in the cells of several tables, written as the books of an office have it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from pipeline.export.forms import printed
from pipeline.export.sheet import Cell, Column, Kind, Link
from pipeline.output import day

_NAMED = 3


# the code of a heading's words, what stands under it, its width, the code of the heading over it
Heading = tuple[str, Kind, int, str | None]


def columns(form: str, headings: Iterable[Heading]) -> list[Column]:
    """The columns of a table, in the words of its form."""
    return [
        Column(printed(f"{form}.{code}"), kind, width, over and printed(f"{form}.{over}"))
        for code, kind, width, over in headings
    ]


def day_cell(value: str | None) -> date | str | None:
    """An ISO day as a day; what is only known in part as far as it is known.

    >>> day_cell("2026-03-09"), day_cell("2026-03"), day_cell(None)
    (datetime.date(2026, 3, 9), '03/2026', None)
    """
    if not value:
        return None
    try:
        return date.fromisoformat(value) if len(value) == 10 else day(value)
    except ValueError:
        return value


def number_words(row: dict[str, Any]) -> str | None:
    """Số, ký hiệu: dots where the number is left open and the symbol is printed."""
    if row["number"] or not row.get("symbol"):
        return row["number"] or None
    return printed("arrivals.open_number", symbol=row["symbol"])


def linked(words: str | None, path: str | None) -> Cell:
    """Words that lead to a document's file, where it has one of its own."""
    return Link(words, path) if words and path else words


def sentence(words: str) -> str:
    """Words with a capital at their beginning.

    >>> sentence("chưa thực hiện")
    'Chưa thực hiện'
    """
    return words[:1].upper() + words[1:]


def few(names: list[str]) -> str:
    """Names after each other; of many the first, and how many more."""
    if len(names) <= _NAMED:
        return "; ".join(names)
    return printed("handling.bodies", names="; ".join(names[: _NAMED - 1]), count=len(names) - _NAMED + 1)
