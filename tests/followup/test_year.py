"""A year of an office's life: at ten days of it lists and scoreboards are those of an account kept by other means."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from office_year import COLUMNS, Year, account, bare

from pipeline.followup.owed import owed
from pipeline.followup.quickly import LateCounts, late_counts
from pipeline.followup.scoreboard import score
from pipeline.followup.settings import Settings
from pipeline.followup.views import late
from pipeline.register import TaskFilter, check, open_register
from pipeline.register.events import verify_events

DAYS = (
    "2025-01-31", "2025-02-28", "2025-03-01", "2025-03-31", "2025-05-15", "2025-06-30", "2025-07-01", "2025-08-31",
    "2025-10-20", "2025-12-31",
)  # fmt: skip
TOO_FAR = "2090-12-31"  # for the index


@pytest.fixture(scope="module")
def year(tmp_path_factory):
    with open_register(tmp_path_factory.mktemp("year") / "register.db", "create") as register:
        made = Year(register)
        made.live(300)
        yield made


@pytest.mark.parametrize("day", DAYS)
def test_what_is_late_on_a_day(year, day):
    expected, _ = account(year.duties, date.fromisoformat(day))
    found = late(year.register, TaskFilter(), Settings(), as_of=date.fromisoformat(day))
    rows = [*found.dated, *found.periods, *found.recurring]
    assert sorted((r["quote"], bare(r["body"]), r["period"] or "", r["days_late"]) for r in rows) == expected


@pytest.mark.parametrize("day", [*DAYS, TOO_FAR])
def test_what_is_late_is_counted_without_being_listed(year, day):
    found = late(year.register, TaskFilter(), Settings(), as_of=date.fromisoformat(day))
    counts = late_counts(year.register, TaskFilter(), Settings(), as_of=date.fromisoformat(day))
    series = {row["duty"].partition("@")[0] for row in found.recurring}
    assert counts == LateCounts(len(found.dated), len(found.periods), len(series))


@pytest.mark.parametrize("day", DAYS)
def test_how_bodies_keep_their_deadlines_by_a_day(year, day):
    _, expected = account(year.duties, date.fromisoformat(day))
    bodies, everything = score(owed(year.register, TaskFilter(), Settings(), as_of=date.fromisoformat(day)))
    found: dict[str, Counter] = {}
    for holder, counts in bodies:
        found.setdefault(bare(holder.name), Counter()).update({name: getattr(counts, name) for name in COLUMNS})
    assert {body: dict(counts) for body, counts in found.items()} == expected
    assert everything.total == sum(sum(row.values()) for row in expected.values())


def test_the_year_was_a_full_one(year):
    kinds = Counter(row["kind"] for row in year.register.rows("SELECT kind FROM duty_events"))
    assert set(kinds) == {"accepted", "reported", "returned", "extended", "suspended", "confirmed", "withdrawn",
                          "reassigned", "reminded", "undone"}  # fmt: skip
    assert sum(kinds.values()) > 300
    limits = Counter(duty.limit[0] if duty.limit else None for duty in year.duties)
    assert min(limits[kind] for kind in ("day", "period", "monthly", "quarterly", "pending", None)) >= 10
    assert any(duty.is_gone for duty in year.duties) and None in {duty.body for duty in year.duties}
    assert max(Counter(duty.quote for duty in year.duties).values()) == 63
    _, figures = account(year.duties, date(2025, 12, 31))
    assert all(sum(row[name] for row in figures.values()) for name in COLUMNS)


def test_nothing_was_lost(year):
    assert verify_events(year.register).breaks == ()
    assert check(year.register) == []
