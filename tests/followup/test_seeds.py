"""The seed letters in the register: recurring duties laid out, and a printed day late by either way of counting."""

from datetime import date
from pathlib import Path

import pytest

from extractors.dispatch import extract_dispatch
from pipeline.followup.explaining import laid_out
from pipeline.followup.settings import Settings
from pipeline.followup.views import late
from pipeline.reading import read_document
from pipeline.register import FileStat, TaskFilter, open_register, save_dispatch, tasks

SEEDS = Path(__file__).parents[2] / "../shared/seeds"
pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="the seed letters are not at ../shared")


@pytest.fixture
def recurring_of(tmp_path):
    """The recurring limits that the register holds of a seed, each once, with its occurrences."""
    register = open_register(tmp_path / "seeds.db", "create")

    def of(seed, since, until):
        path = next(SEEDS.glob(f"{seed}_*.txt"))
        document = read_document(path)
        dispatch = extract_dispatch(document)
        save_dispatch(
            register, path.name, stat_of(path), document, dispatch, version="1", now=f"{since}T08:00:00+07:00"
        )
        rules = {}
        for task in tasks(register, as_of=since):
            for limit in task["deadlines"]:
                if limit["kind"] == "recurring":
                    found = laid_out(limit, task["issued_on"] or since, Settings(), date.fromisoformat(until))
                    rules[limit["rrule"]] = [one for one in found if one.due.isoformat() > since]
        return register, rules

    yield of
    register.close()


def stat_of(path):
    return FileStat(size=path.stat().st_size, mtime_ns=path.stat().st_mtime_ns, inode=1)


def days(occurrences):
    return [one.due.isoformat() for one in occurrences]


def test_a_quarterly_duty_has_four_occurrences_in_2023(recurring_of):
    _, rules = recurring_of("001", "2022-12-31", "2023-12-31")
    assert days(rules["FREQ=MONTHLY;INTERVAL=3"]) == ["2023-03-31", "2023-06-30", "2023-09-30", "2023-12-31"]


def test_a_directive_that_asks_each_quarter_half_year_and_year_has_three_series(recurring_of):
    _, rules = recurring_of("003", "2024-12-31", "2025-12-31")
    assert {rule: len(found) for rule, found in rules.items()} == {
        "FREQ=MONTHLY;INTERVAL=3": 4,
        "FREQ=MONTHLY;INTERVAL=6": 2,
        "FREQ=YEARLY": 1,
    }


@pytest.mark.parametrize(
    ("policy", "day", "is_late"),
    [("strict", "2023-04-07", False), ("strict", "2023-04-08", True),
     ("lenient", "2023-04-08", False), ("lenient", "2023-04-09", True)],
)  # fmt: skip
def test_before_the_eighth_is_late_on_it_strictly_and_a_day_after_it_leniently(recurring_of, policy, day, is_late):
    register, _ = recurring_of("001", "2022-12-31", "2023-12-31")
    found = late(register, TaskFilter(), Settings(before=policy), as_of=date.fromisoformat(day))
    due = [row["deadline"]["due"] for row in found.dated]
    assert ("2023-04-08" in due) is is_late
