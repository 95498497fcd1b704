"""Trả lời một câu hỏi SQL: a process that runs one statement on the register, writes the answer to a file and ends.

    python -m pipeline.web.research_worker      standard input: one JSON object (see `Task`); standard output: one too

It holds no connection but that one to the register, may use so much memory and no more, and whoever started it may end
it at any moment.
"""

from __future__ import annotations

import json
import re
import resource
import sqlite3
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pipeline.register.fencing import Fence

MOST_ADDRESSES, MOST_FILE, MOST_CPU = 1536 * 1024**2, 256 * 1024**2, 40  # bytes, bytes, seconds
MOST_ROWS = 50_000
MOST_BYTES = 24 * 1024**2  # of one answer as text
SHOWN_ROWS = 200
SHOWN_BYTES = 70_000
SHOWN_VALUE = 600  # characters of one value on a page
_WIDEST = 60
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

Value = Any  # str | int | float | None


@dataclass(frozen=True, slots=True)
class Task:
    """What is asked: the statement with its parameters, how long it may take, and as what the answer is written:
    "page" (JSON of what a page shows), "json", "csv" or "xlsx". `title`, `above`, `cut` are words for a workbook."""

    register: str
    sql: str
    parameters: Mapping[str, str]
    seconds: float
    form: str
    path: str
    day: str
    title: str = ""
    above: Sequence[str] = ()
    cut: str = ""


@dataclass(slots=True)
class Answer:
    """Columns with names that are all different, rows, and whether there would be more."""

    columns: list[str]
    rows: list[list[Value]]
    is_cut: bool
    seconds: float


class Refused(Exception):
    """Why there is no answer: a code with its details."""

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


def main() -> None:
    """Answer what standard input asks."""
    task = Task(**json.load(sys.stdin))
    _bound_this_process()
    try:
        found = answer(task)
        _WRITERS[task.form](task, found)
        said: dict[str, object] = {"rows": len(found.rows), "is_cut": found.is_cut, "seconds": found.seconds}
    except Refused as error:
        said = {"error": error.code, "details": error.details}
    except MemoryError:
        said = {"error": "sql_memory", "details": {}}
    json.dump(said, sys.stdout)


def _bound_this_process() -> None:
    for what, most in (
        (resource.RLIMIT_AS, MOST_ADDRESSES),
        (resource.RLIMIT_FSIZE, MOST_FILE),
        (resource.RLIMIT_CPU, MOST_CPU),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


# ------------------------------------------------------------------------------------------------------ asking


def answer(task: Task) -> Answer:
    """Run the statement. Raises Refused."""
    start = time.monotonic()
    with Fence(Path(task.register), task.seconds) as fence:
        try:
            cursor = fence.connection.execute(task.sql, dict(task.parameters))
            if cursor.description is None:
                raise Refused("sql_nothing")
            columns = distinct([str(column[0]) for column in cursor.description])
            rows, is_cut = _bounded(cursor, task.form == "page")
        except (sqlite3.Error, sqlite3.Warning, ValueError) as error:
            raise _why(fence, task, error) from error
    return Answer(columns, rows, is_cut, round(time.monotonic() - start, 3))


def _bounded(cursor: Iterable[Sequence[Value]], is_shown: bool) -> tuple[list[list[Value]], bool]:
    """As many rows as an answer may have, and whether there are more."""
    most, room = (SHOWN_ROWS, SHOWN_BYTES) if is_shown else (MOST_ROWS, MOST_BYTES)
    rows: list[list[Value]] = []
    for row in cursor:
        kept = [_kept(value, is_shown) for value in row]
        room -= sum(len(value) + 10 if isinstance(value, str) else 15 for value in kept)
        if len(rows) == most or (room < 0 and rows):
            return rows, True
        rows.append(kept)
    return rows, False


def _kept(value: Value, is_shown: bool) -> Value:
    """A value as text or number; bytes as how many they are."""
    if isinstance(value, bytes):
        return f"<{len(value)} bytes>"
    if isinstance(value, float) and (value != value or abs(value) == float("inf")):
        return str(value)
    if is_shown and isinstance(value, str) and len(value) > SHOWN_VALUE:
        return value[:SHOWN_VALUE] + "…"
    return value


def distinct(names: Iterable[str]) -> list[str]:
    """Names of columns of which none stands twice.

    >>> distinct(["id", "name", "id"])
    ['id', 'name', 'id 2']
    """
    out: list[str] = []
    for name in names:
        made, number = name, 1
        while made in out:
            number += 1
            made = f"{name} {number}"
        out.append(made)
    return out


# ------------------------------------------------------------------------------------------------------ why not

_NEAR = (
    (re.compile(r"no such column: (.+)"), "sql_column"),
    (re.compile(r"no such table: (.+)"), "sql_table"),
    (re.compile(r"(?:no such function: |wrong number of arguments to function )(.+)"), "sql_function"),
    (re.compile(r'(?:near "|unrecognized token: "|misuse of aggregate: )(.+?)"?(?:: syntax error)?'), "sql_syntax"),
    (re.compile(r"ambiguous column name: (.+)"), "sql_ambiguous"),
)


def _why(fence: Fence, task: Task, error: Exception) -> Refused:
    """What a person can do about it."""
    name = getattr(error, "sqlite_errorname", None) or ""
    said = " ".join(str(error).split())[:300]
    if fence.is_late:
        return Refused("sql_late", seconds=round(task.seconds))
    if fence.refused:
        return Refused("sql_forbidden", what=fence.refused[:100])
    if name == "SQLITE_TOOBIG" or isinstance(error, sqlite3.DataError):
        return Refused("sql_too_big")
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return Refused("sql_busy")
    if "one statement" in said:
        return Refused("sql_one")
    for pattern, code in _NEAR:
        if found := pattern.fullmatch(said):
            return Refused(code, what=found[1][:100], near=_near(fence, code, found[1]))
    return Refused("sql_wrong", problem=said)


def _near(fence: Fence, code: str, name: str) -> str:
    """Names of the register that look like one that it does not have."""
    if code not in ("sql_column", "sql_table"):
        return ""
    columns = fence.columns()
    known = {column for names in columns.values() for column in names} if code == "sql_column" else set(columns)
    return ", ".join(get_close_matches(name.rpartition(".")[2].lower(), sorted(known), 4, 0.5))


# ------------------------------------------------------------------------------------------------------ writing


def _page(task: Task, found: Answer) -> None:
    values = {"columns": found.columns, "rows": found.rows}
    Path(task.path).write_text(json.dumps(values, ensure_ascii=False), "utf-8")


def _json(task: Task, found: Answer) -> None:
    """An object a row, a row a line."""
    with Path(task.path).open("w", encoding="utf-8") as file:
        head = {"sql": task.sql, "parameters": dict(task.parameters), "columns": found.columns}
        file.write(json.dumps(head, ensure_ascii=False)[:-1])
        file.write(f', "is_cut": {json.dumps(found.is_cut)}, "rows": [')
        for number, row in enumerate(found.rows):
            values = dict(zip(found.columns, row, strict=True))
            file.write((",\n" if number else "\n") + json.dumps(values, ensure_ascii=False))
        file.write("\n]}\n")


def _csv(task: Task, found: Answer) -> None:
    from pipeline.export.csvfile import write_csv

    write_csv(_sheet(task, found), Path(task.path))


def _xlsx(task: Task, found: Answer) -> None:
    from pipeline.export.excel import write_workbook
    from pipeline.followup.settings import Office

    write_workbook([_sheet(task, found)], Path(task.path), office=Office(), today=date.fromisoformat(task.day))


def _sheet(task: Task, found: Answer) -> Any:
    from pipeline.export.sheet import Column, Sheet
    from pipeline.output import no_formula

    kinds = [_kind(row[at] for row in found.rows) for at in range(len(found.columns))]
    widths = [_width(name, (row[at] for row in found.rows[:200])) for at, name in enumerate(found.columns)]
    return Sheet(
        name=task.title or "SQL",
        title=task.title or "SQL",
        columns=[
            Column(str(no_formula(name)), kind, width)
            for name, kind, width in zip(found.columns, kinds, widths, strict=True)
        ],
        rows=([_cell(value, kind) for value, kind in zip(row, kinds, strict=True)] for row in found.rows),
        above=task.above,
        below=[task.cut] if found.is_cut else [],
    )


def _kind(values: Iterable[Value]) -> Any:
    """Of a column: "day" and "number" where all values are."""
    there = [value for value in values if value is not None]
    if there and all(isinstance(value, int | float) for value in there):
        return "number"
    return "day" if there and all(isinstance(value, str) and _day(value) for value in there) else "text"


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value) if _DAY.fullmatch(value) else None
    except ValueError:
        return None


def _cell(value: Value, kind: str) -> Value:
    return _day(value) if kind == "day" and value is not None else value


def _width(name: str, values: Iterable[Value]) -> int:
    longest = max((len(str(value)) for value in values if value is not None), default=0)
    return max(8, min(_WIDEST, max(len(name) + 2, longest)))


_WRITERS = {"page": _page, "json": _json, "csv": _csv, "xlsx": _xlsx}

if __name__ == "__main__":
    main()
