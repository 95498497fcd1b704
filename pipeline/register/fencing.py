"""Truy vấn của người dùng: a connection on which anybody's SQL may run: it reads the register and nothing else.

What holds it back does so apart from the rest: the file is opened for reading only, an authorizer knows each table and
function by name, limits keep statements and values short, a clock ends what takes long. Memory is bounded for the whole
process, so such a connection belongs into one of its own.

Source: SQLite's own advice for SQL from strangers, https://www.sqlite.org/security.html.
"""

from __future__ import annotations

import re
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from extractors.text import fold
from pipeline.register.connection import _can_only_be_read, _connect

MOST_VALUE = 16 * 1024**2  # bytes of a value, or of a row on its way; the text of a long document is shorter
MOST_MEMORY = 256 * 1024**2
MOST_SQL = 20_000
_BUSY_SECONDS = 2.0
_STEPS = 5_000  # of SQLite's machine, between two looks at the clock
_LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: MOST_VALUE,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: MOST_SQL,
    sqlite3.SQLITE_LIMIT_COLUMN: 200,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 100,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 50,
    sqlite3.SQLITE_LIMIT_VDBE_OP: 50_000,
    sqlite3.SQLITE_LIMIT_FUNCTION_ARG: 50,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 500,
    sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER: 50,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 1,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}
FUNCTIONS = frozenset(
    re.findall(
        r"\S+",
        """
        abs acos acosh asin asinh atan atan2 atanh avg bm25 ceil ceiling changes char coalesce cos cosh count cume_dist
        current_date current_time current_timestamp date datetime degrees dense_rank exp first_value floor folded format
        glob group_concat hex highlight ifnull iif instr json json_array json_array_length json_each json_extract
        json_group_array json_group_object json_object json_quote json_tree json_type json_valid -> ->> julianday lag
        last_value lead length like ln log log10 log2 lower ltrim match max min mod nth_value ntile nullif percent_rank
        pi pow power printf quote radians rank replace round row_number rtrim sign sin sinh snippet sqrt strftime substr
        substring sum tan tanh time total trim trunc typeof unicode unixepoch upper
        """,
    )
)
_TABLE_FUNCTIONS = frozenset({"json_each", "json_tree", "pragma_table_info", "pragma_table_xinfo"})
_PRAGMAS = frozenset({"table_info", "table_xinfo", "data_version"})  # full-text search asks for the last one
_HIDDEN = frozenset({"_sqlite_migrations"})
_ALWAYS = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_RECURSIVE)
_NAMES = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')"
_SEARCHED = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%'"


class Fence:
    """A connection for the SQL of others. `refused` is what the last statement asked for and must not have;
    `is_late` whether it was ended by the clock."""

    def __init__(self, path: Path, seconds: float) -> None:
        self.connection = _opened(path)
        self.tables = frozenset(row[0] for row in self.connection.execute(_NAMES)) - _HIDDEN
        self.refused = ""
        self.is_late = False
        self._end = time.monotonic() + seconds
        _restrain(self.connection)
        self.connection.set_authorizer(self._is_allowed)
        self.connection.set_progress_handler(self._is_over, _STEPS)

    def __enter__(self) -> Fence:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def columns(self) -> dict[str, list[str]]:
        """The columns of each table and view; nothing is asked of the connection afterwards."""
        self.connection.set_authorizer(None)
        return {
            name: [row[0] for row in self.connection.execute("SELECT name FROM pragma_table_info(?)", (name,))]
            for name in sorted(self.tables)
        }

    def _is_over(self) -> bool:
        self.is_late = self.is_late or time.monotonic() > self._end
        return self.is_late

    def _is_allowed(
        self, action: int, first: str | None, second: str | None, database: str | None, _view: str | None
    ) -> int:
        if action in _ALWAYS or self._may(action, first, second, database):
            return sqlite3.SQLITE_OK
        self.refused = self.refused or _said(action, first, second)
        return sqlite3.SQLITE_DENY

    def _may(self, action: int, first: str | None, second: str | None, database: str | None) -> bool:
        if database not in ("main", None):
            return False
        if action == sqlite3.SQLITE_READ:
            is_counted = second == "" and database is None  # rows only: of anything named in WITH too
            return is_counted or first in self.tables or first in _TABLE_FUNCTIONS or first == "sqlite_master"
        if action == sqlite3.SQLITE_FUNCTION:
            return (second or "").lower() in FUNCTIONS
        return action == sqlite3.SQLITE_PRAGMA and first in _PRAGMAS


def _said(action: int, first: str | None, second: str | None) -> str:
    if action == sqlite3.SQLITE_FUNCTION:
        return f"{second}()"
    if action == sqlite3.SQLITE_READ:
        return str(first)
    if action == sqlite3.SQLITE_PRAGMA:
        return f"PRAGMA {first}"
    name = next((n for n, code in vars(sqlite3).items() if code == action and n in _ACTIONS), "SQLITE_?")
    return name.removeprefix("SQLITE_").replace("_", " ")


_ACTIONS = frozenset(
    f"SQLITE_{name}"
    for name in (
        *(f"{verb}_{temp}{what}" for verb in ("CREATE", "DROP") for temp in ("", "TEMP_")
          for what in ("INDEX", "TABLE", "TRIGGER", "VIEW")),
        "CREATE_VTABLE", "DROP_VTABLE", "DELETE", "INSERT", "UPDATE", "TRANSACTION", "ATTACH", "DETACH", "ALTER_TABLE",
        "REINDEX", "ANALYZE", "SAVEPOINT",
    )
)  # fmt: skip


def _opened(path: Path) -> sqlite3.Connection:
    uri = path.absolute().as_uri()
    try:
        return _connect(f"{uri}?mode=ro", _BUSY_SECONDS)
    except sqlite3.OperationalError as error:
        if not _can_only_be_read(path, error):
            raise
        return _connect(f"{uri}?mode=ro&immutable=1", _BUSY_SECONDS)


def _folded(value: object) -> str | None:
    return None if value is None else fold(str(value))


def _restrain(connection: sqlite3.Connection) -> None:
    """Before anybody's SQL runs."""
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    connection.create_function("folded", 1, _folded, deterministic=True)
    for pragma in (
        "query_only = ON", "trusted_schema = OFF", "temp_store = MEMORY", "cache_size = -16000", "mmap_size = 0",
        f"hard_heap_limit = {MOST_MEMORY}", "cell_size_check = ON",
    ):  # fmt: skip
        connection.execute(f"PRAGMA {pragma}").fetchall()
    for name in (*(row[0] for row in connection.execute(_SEARCHED).fetchall()), *sorted(_TABLE_FUNCTIONS)):
        with closing(connection.execute(f'SELECT * FROM "{name}" LIMIT 0')):
            pass  # SQLite declares such tables when they are first used, which the authorizer would refuse
    for limit, most in _LIMITS.items():
        connection.setlimit(limit, most)
