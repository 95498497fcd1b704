"""Bảng tổng hợp: how bodies keep their deadlines, by the definitions of the government's own reports.

Source: reports of the Prime Minister's working group (1270/BC-TCTTTg of 27/12/2017) under Decision 42/2014/QĐ-TTg: the
denominator is what was done or is overdue, not all that was given. What has no deadline stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.followup.holders import Holder
from pipeline.followup.owed import Owed


@dataclass(slots=True)
class Counts:
    """How many duties: done on time or late, open in time or overdue, without a last day (open or done), suspended.

    What was reported and waits for acceptance is open. Withdrawn and superseded duties are not counted, nor occurrences
    that are not followed any more.
    """

    done_on_time: int = 0
    done_late: int = 0
    open_in_time: int = 0
    overdue: int = 0
    no_deadline: int = 0
    suspended: int = 0

    @property
    def total(self) -> int:
        """All that was given and still counts."""
        return self.due + self.open_in_time + self.no_deadline + self.suspended

    @property
    def done(self) -> int:
        """Done by a last day, on time or late."""
        return self.done_on_time + self.done_late

    @property
    def due(self) -> int:
        """Nhiệm vụ đến hạn, the official denominator: done, or overdue."""
        return self.done + self.overdue

    def rates(self) -> dict[str, float | None]:
        """Shares in percent, None where there is nothing to share.

        >>> report = Counts(done_on_time=14068, done_late=1983, open_in_time=5640, overdue=223)
        >>> {name: round(value, 2) for name, value in report.rates().items()}
        {'done_of_due': 98.63, 'overdue_of_due': 1.37, 'on_time_of_due': 86.44, 'done_of_total': 73.25}
        """
        return {
            "done_of_due": _percent(self.done, self.due),
            "overdue_of_due": _percent(self.overdue, self.due),
            "on_time_of_due": _percent(self.done_on_time, self.due),
            "done_of_total": _percent(self.done, self.total),
        }

    def add(self, one: Owed) -> None:
        """Count one duty."""
        if name := column_of(one):
            self.add_to(name, 1)

    def add_to(self, column: str, count: int) -> None:
        """Count so many duties more in a column."""
        setattr(self, column, getattr(self, column) + count)


def column_of(one: Owed) -> str | None:
    """The column that a duty counts in; None for one that does not count."""
    if one.standing.state in ("withdrawn", "superseded") or one.timeliness == "lapsed":
        return None
    if one.standing.state == "suspended":
        return "suspended"
    if one.timeliness in ("no_limit", "no_day"):
        return "no_deadline"
    return {"on_time": "done_on_time", "done_late": "done_late", "late": "overdue"}.get(one.timeliness, "open_in_time")


def score(found: Iterable[Owed]) -> tuple[list[tuple[Holder, Counts]], Counts]:
    """The counts of each body, most overdue first, and of all of them."""
    return scores((one.holder, column, 1) for one in found if (column := column_of(one)))


def scores(found: Iterable[tuple[Holder, str, int]]) -> tuple[list[tuple[Holder, Counts]], Counts]:
    """The same of duties that are counted already: holder, name of the column, how many."""
    by_key: dict[str, tuple[Holder, Counts]] = {}
    everything = Counts()
    for holder, column, count in found:
        _, counts = by_key.setdefault(holder.key, (holder, Counts()))
        counts.add_to(column, count)
        everything.add_to(column, count)
    rows = [(holder, counts) for holder, counts in by_key.values() if counts.total]
    rows.sort(key=lambda row: (-row[1].overdue, -row[1].total, row[0].name or ""))
    return rows, everything


def _percent(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None
