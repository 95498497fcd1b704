"""Nhật ký gửi: what was sent to remind, step by step; rows are only ever added."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Literal

from pipeline.register.connection import Register, Row, translated

State = Literal["sending", "sent", "failed", "unknown"]

COLUMNS = ("delivery", "day", "body", "channel", "destination", "digest", "state", "tries", "error", "at")
_LAST = """
SELECT d.* FROM deliveries d
JOIN (SELECT delivery, max(number) AS number FROM deliveries GROUP BY delivery) l
    ON l.delivery = d.delivery AND l.number = d.number
"""


def add_delivery_step(register: Register, row: Mapping[str, object], *, after: int) -> bool:
    """Write down a step of a delivery (`COLUMNS`) behind its row of that number (0: it has none), on the disk before
    this returns. False where another process wrote a step meanwhile."""
    values = {name: row.get(name) for name in COLUMNS} | {"number": after + 1}
    sql = f"INSERT INTO deliveries ({', '.join(values)}) VALUES ({', '.join(f':{name}' for name in values)})"
    with translated(register.path):
        # what is not on the disk when the power fails would be sent again
        register.connection.execute("PRAGMA synchronous = FULL")
    with register.transaction() as connection:
        last = connection.execute("SELECT max(number) FROM deliveries WHERE delivery = ?", (row["delivery"],))
        if (last.fetchone()[0] or 0) != after:
            return False
        try:
            connection.execute(sql, values)
        except sqlite3.IntegrityError:
            raise ValueError(f"no such step: {row['state']}") from None
    return True


def last_steps(register: Register, deliveries: Iterable[str]) -> dict[str, Row]:
    """The last step of each of these deliveries that has one: number and `COLUMNS`."""
    wanted = set(deliveries)
    sql = "SELECT * FROM deliveries WHERE delivery = ? ORDER BY number DESC LIMIT 1"
    return {key: row for key in sorted(wanted) if (row := register.one(sql, (key,)))}


def unfinished(register: Register) -> list[Row]:
    """The last steps of all deliveries that were begun and of whose end nothing is written."""
    return register.rows(f"{_LAST} WHERE d.state = 'sending' ORDER BY d.id")


def deliveries(register: Register, *, since: str | None = None, until: str | None = None) -> list[Row]:
    """Where each delivery stands, newest first, of digests of these days (ISO, both included): number and `COLUMNS`,
    and `begun`, when it was first tried."""
    return register.rows(
        "SELECT l.*, f.at AS begun FROM ("
        f"{_LAST} WHERE (:since IS NULL OR d.day >= :since) AND (:until IS NULL OR d.day <= :until)) l"
        " JOIN deliveries f ON f.delivery = l.delivery AND f.number = 1 ORDER BY l.day DESC, l.id DESC",
        {"since": since, "until": until},
    )
