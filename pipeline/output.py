"""What a command prints on standard output: a table for people; JSON, CSV or TSV for programs.

All but tables hold ISO dates and stored words; tables show dd/mm/yyyy and the words people use. Without an option it is
a table, in a pipe too: what a command prints must not depend on who reads it, and mails and pagers are read by people.

CSV is for spreadsheets: text that would be taken for a formula begins with an apostrophe, and a CSV that goes straight
into a file begins with the mark by which Excel knows UTF-8. TSV and JSON hold every value as it is.
"""

from __future__ import annotations

import csv
import json
import os
import re
import stat
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pipeline.messages import language, text, value_text

Form = Literal["table", "json", "nl", "csv", "tsv"]
Row = dict[str, Any]
PIPE_WIDTH = 100
# spaces before it, and its wide forms, keep no spreadsheet from running it
_FORMULA = re.compile(r"(?:[\t\r]|\s*[=+\-@\uff1d\uff0b\uff0d\uff20])(?!\d*[.,]?\d+$)")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its key, how a table shows it, its share of a table's width, and the form it is for.

    The heading is the message `column.<key>`; in CSV and TSV the key itself. `fixed` columns never break a
    line; those with a `width` have it whatever the page.
    """

    key: str
    show: Callable[[Row], str] | None = None
    right: bool = False
    ratio: int = 0
    fixed: bool = False
    width: int | None = None
    only: Literal["table", "csv"] | None = None


def day(value: Any) -> str:
    """An ISO date, whole or in part, as people write it.

    >>> day("2023-04-08"), day("2021-07"), day("2021"), day(None)
    ('08/04/2023', '07/2021', '2021', '')
    """
    return "/".join(reversed(str(value).split("-"))) if value else ""


def moment(value: Any) -> str:
    """An ISO time as people write it, to the minute.

    >>> moment("2026-01-31T08:30:00+07:00")
    '31/01/2026 08:30'
    """
    date, _, time = str(value).partition("T")
    return f"{day(date)} {time[:5]}"


def proposed(row: Row) -> str:
    """An inferred value and where it comes from: how it is told to the person who decides on it."""
    source = row["rule"].rpartition(".")[2]
    words = value_text("inferred", source)
    told = f"“{listed(row.get('evidence'))}”" if words == source else words
    value = day(row["value"]) if row["field"] == "issued_on" else listed(row["value"])
    bound = row["field"] == "issued_on" and source not in ("file_name", "citation", "edxml")
    code = "proposal.not_after" if bound else "proposal.value"
    return text(code, value=value, source=told)


def near(path: Any) -> str:
    """A path as it is shortest from here."""
    whole = str(path or "")
    relative = os.path.relpath(whole) if os.path.isabs(whole) else whole
    return relative if len(relative) < len(whole) else whole


def day_of(key: str) -> Callable[[Row], str]:
    """A row's date as people write it."""
    return lambda row: day(value_of(row, key))


def short_of(key: str, limit: int) -> Callable[[Row], str]:
    """A row's text, cut for a table; `congvan show` has it whole."""
    return lambda row: shortened(listed(value_of(row, key)), limit)


def word_of(key: str, kind: str) -> Callable[[Row], str]:
    """A row's stored word as people say it."""
    return lambda row: value_text(kind, value_of(row, key))


def listed(value: Any) -> str:
    """A value as one line; a list with semicolons."""
    if isinstance(value, list | tuple):
        return "; ".join(str(v) for v in value)
    return "" if value is None else " ".join(str(value).split())


def shortened(value: str, limit: int) -> str:
    """Text cut at a word.

    >>> shortened("gửi báo cáo trước ngày", 12), shortened("gửi báo cáo", 12)
    ('gửi báo cáo…', 'gửi báo cáo')
    """
    if len(value) <= limit:
        return value
    at = value.rfind(" ", 0, limit + 1)
    return value[: at if at > 0 else limit].rstrip(" ,;:.") + "…"


def percent(value: Any) -> str:
    """A confidence of 0 to 1."""
    return "" if value is None else f"{round(float(value) * 100)}%"


def rate(value: Any) -> str:
    """A share of 0 to 100, with the decimal mark of the language."""
    if value is None:
        return ""
    words = f"{float(value):.2f}%"
    return words.replace(".", ",") if language() == "vi" else words


def show_rows(rows: Iterable[Row], columns: Sequence[Column], form: Form, *, title: str = "") -> None:
    """Print rows in the form asked for. JSON has the whole rows; a table leaves out columns without any value."""
    rows = list(rows)
    if form == "json":
        write_json_rows(rows)
    elif form == "nl":
        write_json_lines(rows)
    elif form in ("csv", "tsv"):
        write_cells(rows, [c for c in columns if c.only in (None, "csv")], form)
    else:
        write_table(rows, [c for c in columns if c.only in (None, "table")], title)


def write_json(value: Any) -> None:
    """One JSON value, readable, accents unescaped."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def write_json_rows(rows: Sequence[Row]) -> None:
    """An array with one object a line."""
    lines = ",\n ".join(json.dumps(row, ensure_ascii=False) for row in rows)
    sys.stdout.write(f"[{lines}]\n")


def write_json_lines(rows: Iterable[Row]) -> None:
    """One object a line and nothing else."""
    for row in rows:
        sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")


def write_cells(rows: Iterable[Row], columns: Sequence[Column], form: Literal["csv", "tsv"]) -> None:
    """Rows as CSV or TSV under the columns' keys; lists are joined by "; "."""
    if form == "csv" and _goes_into_new_file():
        sys.stdout.write("\ufeff")
    writer = csv.writer(sys.stdout, delimiter="," if form == "csv" else "\t", lineterminator="\n")
    writer.writerow([c.key for c in columns])
    for row in rows:
        cells = [_cell_value(value_of(row, c.key)) for c in columns]
        writer.writerow([no_formula(cell) for cell in cells] if form == "csv" else cells)


def value_of(row: Row, key: str) -> Any:
    """A value of a row; "deadline.quote" looks into the row's deadline."""
    value: Any = row
    for part in key.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def console() -> Any:
    """The terminal, or a page of fixed width where output goes elsewhere."""
    from rich.console import Console

    width = None if sys.stdout.isatty() else int(os.environ.get("COLUMNS") or PIPE_WIDTH)
    made = Console(file=sys.stdout, width=width, highlight=False, markup=False, emoji=False)
    made.on_broken_pipe = _whoever_read_has_seen_enough  # type: ignore[method-assign] # else it ends the program as failed
    return made


def _whoever_read_has_seen_enough() -> None:
    raise BrokenPipeError


def write_table(rows: Sequence[Row], columns: Sequence[Column], title: str = "") -> None:
    """Rows as a table that fits the terminal."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    page = console()
    if title:
        page.print(Text(title, style="bold"))
    if not rows:
        page.print(text("list.empty"))
        return
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), expand=any(c.ratio for c in columns))
    cells = [[_cell(column, row) for column in columns] for row in rows]
    used = [n for n in range(len(columns)) if any(line[n] for line in cells)]
    for n in used:
        c = columns[n]
        table.add_column(
            text(f"column.{c.key}"),
            justify="right" if c.right else "left",
            ratio=c.ratio or None,
            no_wrap=c.fixed,
            width=c.width,
            overflow="fold",
        )
    for line in cells:
        table.add_row(*[Text(line[n]) for n in used])
    page.print(table)


def _cell(column: Column, row: Row) -> str:
    return column.show(row) if column.show else listed(value_of(row, column.key))


def _cell_value(value: Any) -> str | int | float:
    if isinstance(value, list | tuple):
        return "; ".join(v if isinstance(v, str) else json.dumps(v, ensure_ascii=False) for v in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return int(value)
    return "" if value is None else value


def starts_formula(words: str) -> bool:
    """Whether a spreadsheet would take text for a formula; a number in text is none.

    >>> starts_formula("=1+1"), starts_formula(" @SUM(A1)"), starts_formula("-5"), starts_formula("- Báo cáo")
    (True, True, False, True)
    """
    return bool(_FORMULA.match(words))


def no_formula(value: str | int | float) -> str | int | float:
    """Text that a spreadsheet would run as a formula, marked as text; numbers, also those in text, stay numbers."""
    return f"'{value}" if isinstance(value, str) and starts_formula(value) else value


def _goes_into_new_file() -> bool:
    try:
        where = os.fstat(sys.stdout.fileno())
        return stat.S_ISREG(where.st_mode) and os.lseek(sys.stdout.fileno(), 0, os.SEEK_CUR) == 0
    except (OSError, ValueError):
        return False
