"""Thay đổi gần nhất: when anything was last read, said or entered of an obligation, for those who keep copies of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from pipeline.register.connection import Register

_WANTED = "(SELECT value FROM json_each(:of))"
_TIMES = (
    "SELECT o.id, d.read_at AS at FROM obligations o JOIN dispatches d ON d.id = o.dispatch_id"
    f" WHERE o.id IN {_WANTED}",
    "SELECT y.obligation_id AS id, e.made_at AS at FROM duty_events e JOIN duties y ON y.id = e.duty_id"
    f" WHERE y.obligation_id IN {_WANTED}",
    "SELECT o.id, c.made_at AS at FROM obligations o JOIN corrections c"
    f" ON c.target = 'obligation' AND c.target_id = o.id WHERE o.id IN {_WANTED}",
    "SELECT o.id, c.made_at AS at FROM obligations o JOIN corrections c"
    f" ON c.target = 'dispatch' AND c.target_id = o.dispatch_id WHERE o.id IN {_WANTED}",
    "SELECT l.obligation_id AS id, c.made_at AS at FROM deadlines l"
    " JOIN corrections c ON c.target = 'deadline' AND c.target_id = l.id"
    f" WHERE l.obligation_id IN {_WANTED}",
    "SELECT l.obligation_id AS id, a.made_at AS at FROM deadlines l"
    f" JOIN anchors a ON a.target = 'deadline' AND a.target_id = l.id WHERE l.obligation_id IN {_WANTED}",
    "SELECT o.id, a.made_at AS at FROM obligations o"
    f" JOIN anchors a ON a.target = 'dispatch' AND a.target_id = o.dispatch_id WHERE o.id IN {_WANTED}",
)


@dataclass(frozen=True, slots=True)
class Changes:
    """When the dispatch of an obligation was entered, and when it was last changed."""

    entered: datetime
    last: datetime

    @property
    def count(self) -> int:
        """A number that grows with every change: the seconds between the two."""
        return max(0, int((self.last - self.entered).total_seconds()))


def changes(register: Register, obligations: Iterable[int]) -> dict[int, Changes]:
    """The changes of obligations, by their number: their dispatch was read, they or their limits were corrected, a day
    was given, an event was entered."""
    of = {"of": json.dumps(sorted(set(obligations)))}
    entered = {
        row["id"]: _moment(row["at"])
        for row in register.rows(
            "SELECT o.id, d.entered_at AS at FROM obligations o JOIN dispatches d ON d.id = o.dispatch_id"
            f" WHERE o.id IN {_WANTED}",
            of,
        )
    }
    last = dict(entered)
    for number, at in _told(register, of):
        last[number] = max(last[number], at)
    return {number: Changes(entered[number], last[number]) for number in entered}


def _told(register: Register, of: dict[str, str]) -> Iterator[tuple[int, datetime]]:
    for sql in _TIMES:
        for row in register.rows(sql, of):
            yield row["id"], _moment(row["at"])


def _moment(at: str) -> datetime:
    moment = datetime.fromisoformat(at)
    return moment if moment.tzinfo else moment.astimezone()
