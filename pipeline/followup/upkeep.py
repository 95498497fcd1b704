"""Giữ chỉ mục: `duty_times` is brought in line with the register before it is asked.

Triggers note in the transaction of every change which obligations it concerns (`duty_times_stale`). Whoever lists
duties lays these out first; where that cannot be (the file can only be read, another process is writing for long), what
is owed is worked out without the index, slowly and the same.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path

from pipeline.errors import RegisterError
from pipeline.followup.laying import COLUMNS, rows_of
from pipeline.followup.settings import Settings
from pipeline.register import Register, open_register

_ROOT = Path(__file__).parents[2]
_AT_ONCE = 2000
_CACHE = -256_000  # kibibytes: rows go into many indexes at places of their own
_PATIENCE = 5.0  # seconds for which another writer is waited for
_ONE_LAYS = threading.Lock()  # else all who ask at once would work out by themselves what one of them is laying out
_WAITS = 300.0  # seconds for which the others wait; after an update a million obligations take three minutes
_TRIES = 5  # else what others write in this moment would have everything worked out without the index
_FARTHEST = 20  # years after the newest dispatch: occurrences beyond are worked out when they are asked for
# What decides how an index looks beside the register itself.
_DECIDES = (
    ("extractors", ("calendar.py", "recurrence.py")),
    ("extractors/lexicon", ("working_days.csv", "recurrence.toml")),
    ("pipeline/followup", ("explaining.py", "laying.py", "occurrences.py", "owed.py", "periods.py", "states.py")),
)
# What counts in place of an obligation, and in place of what it counts.
_BESIDE = """
SELECT obligation_id AS id FROM same_obligations WHERE duplicate_id IN (SELECT value FROM json_each(:of))
UNION SELECT duplicate_id FROM same_obligations WHERE obligation_id IN (SELECT value FROM json_each(:of))
UNION SELECT obligation_id FROM link_obligations WHERE later_id IN (SELECT value FROM json_each(:of))
UNION SELECT later_id FROM link_obligations
    WHERE later_id IS NOT NULL AND obligation_id IN (SELECT value FROM json_each(:of))
"""
_INSERT = f"INSERT INTO duty_times ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"


@contextmanager
def up_to_date(register: Register, settings: Settings, day: date) -> Iterator[bool]:
    """Whether the index can be asked about days up to that one; all that is read inside is of one moment."""
    can = register.calendar == settings.calendar and _bring(register, settings, day)
    if not can or register.connection.in_transaction:
        yield can and _is_fresh(register, settings, day)
        return
    for _ in range(_TRIES):
        register.connection.execute("BEGIN")
        try:
            if _is_fresh(register, settings, day):
                yield True
                return
        finally:
            register.connection.execute("COMMIT")
        if not _bring(register, settings, day):  # somebody has just written, and goes on
            break
    yield False


def lay_out(register: Register, settings: Settings, day: date) -> None:
    """Lay out what is out of date, so that the index can be asked about days up to that one; `register` may write."""
    _note_settings(register, settings, day)
    until = date.fromisoformat(_state(register)[1])
    while True:
        with register.transaction() as connection:
            stale = [
                row["id"] for row in register.rows(f"SELECT obligation_id AS id FROM duty_times_stale LIMIT {_AT_ONCE}")
            ]
            if not stale:
                return
            of = json.dumps(stale)
            both = {*stale, *(row["id"] for row in register.rows(_BESIDE, {"of": of}))}
            connection.execute(
                "DELETE FROM duty_times WHERE obligation_id IN (SELECT value FROM json_each(?))",
                (json.dumps(list(both)),),
            )
            connection.executemany(_INSERT, rows_of(register, both, settings, until))
            connection.execute(
                "DELETE FROM duty_times_stale WHERE obligation_id IN (SELECT value FROM json_each(?))", (of,)
            )


def _bring(register: Register, settings: Settings, day: date) -> bool:
    """Lay out what is out of date; False where it cannot be done."""
    if _is_fresh(register, settings, day):
        return True
    if day > _farthest(register, day) or not _ONE_LAYS.acquire(timeout=_WAITS):
        return False
    try:
        return _is_fresh(register, settings, day) or _laid_out(register, settings, day)
    finally:
        _ONE_LAYS.release()


def _laid_out(register: Register, settings: Settings, day: date) -> bool:
    is_reader = register.one("PRAGMA query_only") == {"query_only": 1}
    try:
        if not is_reader:
            lay_out(register, settings, day)
        elif register.connection.in_transaction:
            return False
        else:
            with open_register(register.path, "write", busy_seconds=_PATIENCE) as writer:
                writer.count_by(settings.calendar)
                writer.connection.execute(f"PRAGMA cache_size = {_CACHE}")
                lay_out(writer, settings, day)
    except RegisterError:
        return False
    return True


def _is_fresh(register: Register, settings: Settings, day: date) -> bool:
    counted_by, until = _state(register)
    if counted_by != _counted_by(settings) or until < day.isoformat():
        return False
    return register.one("SELECT 1 FROM duty_times_stale LIMIT 1") is None


def _state(register: Register) -> tuple[str, str]:
    row = register.one("SELECT counted_by, until_day FROM duty_times_state")
    return (row["counted_by"], row["until_day"]) if row else ("", "")


def _note_settings(register: Register, settings: Settings, day: date) -> None:
    """Where days are counted in another way now, all is out of date; where a later day is asked about, what recurs."""
    counted_by, until = _state(register)
    if counted_by == _counted_by(settings) and until >= day.isoformat():
        return
    which = "id FROM obligations" if counted_by != _counted_by(settings) else (
        "DISTINCT obligation_id FROM deadlines WHERE kind = 'recurring'"
    )  # fmt: skip
    horizon = min(date(min(day.year + 1, date.max.year), 12, 31), _farthest(register, day)).isoformat()
    with register.transaction() as connection:
        connection.execute(f"INSERT OR IGNORE INTO duty_times_stale SELECT {which}")
        connection.execute(
            "INSERT INTO duty_times_state (id, counted_by, until_day) VALUES (1, ?, ?) ON CONFLICT (id)"
            " DO UPDATE SET counted_by = excluded.counted_by, until_day = max(until_day, excluded.until_day)",
            (_counted_by(settings), horizon),
        )


def _farthest(register: Register, day: date) -> date:
    """The last day up to which occurrences are laid out at all."""
    row = register.one("SELECT max(issued_on) AS day FROM dispatches") or {}
    year = int((row.get("day") or day.isoformat())[:4])
    return date(min(year + _FARTHEST, date.max.year), 12, 31)


def _counted_by(settings: Settings) -> str:
    days = json.dumps([str(settings.days_off), str(settings.worked_days)])
    return hashlib.sha256(f"{_program()}{days}".encode()).hexdigest()[:16]


@cache
def _program() -> str:
    digest = hashlib.sha256()
    for folder, names in _DECIDES:
        for name in names:
            digest.update((_ROOT / folder / name).read_bytes())
    return digest.hexdigest()
