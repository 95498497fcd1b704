"""Tables of a large register: memory does not grow with their rows, and all rows are there, in order."""

from __future__ import annotations

import csv
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from overdue_register import AS_OF, build

from pipeline.export.handling import handling
from pipeline.export.overdue import overdue
from pipeline.export.sheet import Group
from pipeline.export.tally import tally
from pipeline.followup import piecewise
from pipeline.followup.recording import Entry, enter_event
from pipeline.followup.settings import Settings
from pipeline.followup.views import late
from pipeline.register import TaskFilter, delete, open_register

ROOT = Path(__file__).parents[2]
SMALL, LARGE = 400, 8000
_CHILD = """
import resource, sys
from pipeline.cli import run
code = run(sys.argv[1:])
print(code, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.fixture(scope="module")
def registers(tmp_path_factory):
    """Registers in which so many duties are late, built by a process of its own."""
    folder = tmp_path_factory.mktemp("late")
    code = "import sys; from overdue_register import build; build(sys.argv[1], int(sys.argv[2]))"
    for size in (SMALL, LARGE):
        subprocess.run([sys.executable, "-c", code, str(folder / f"{size}.db"), str(size)], check=True,
            cwd=ROOT / "tests")  # fmt: skip
    return folder


@pytest.mark.parametrize("table", ["overdue.xlsx", "overdue.csv", "handling.xlsx", "arrivals.xlsx"])
def test_memory_does_not_grow_with_rows(registers, tmp_path, table):
    peaks = []
    for size in (SMALL, LARGE):
        words = ["export", table.partition(".")[0], "--register", registers / f"{size}.db", "--to",
            tmp_path / f"{size}{table}", "--as-of", AS_OF.isoformat()]  # fmt: skip
        done = subprocess.run([sys.executable, "-c", _CHILD, *map(str, words)], check=True, capture_output=True,
            text=True, cwd=ROOT)  # fmt: skip
        code, peak = map(int, done.stdout.split()[-2:])
        assert code == 0, done.stderr
        peaks.append(peak)
    # rows that are kept take four kilobytes each, as links take one: 8,000 would take some 30 MB
    assert peaks[1] - peaks[0] < 12_000, peaks


def test_all_rows_and_links_are_in_the_file(registers, tmp_path, run):
    for ending in (".xlsx", ".csv"):
        to = tmp_path / f"a{ending}"
        words = ("--register", registers / f"{LARGE}.db", "--as-of", AS_OF.isoformat())
        assert run("export", "overdue", "--to", to, *words).code == 0
    rows = list(csv.reader((tmp_path / "a.csv").open(encoding="utf-8-sig", newline="")))[1:]
    page = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    first = int(page.freeze_panes[1:])
    written = [line for line in page.iter_rows(min_row=first) if isinstance(line[0].value, int)]
    assert len(rows) == len(written) == LARGE
    assert [row[4] for row in rows] == [line[4].value for line in written]
    assert all(line[1].hyperlink.target.endswith(f"cong-van-{line[1].value.split('/')[0]}.pdf") for line in written)


FILTERS = (
    TaskFilter(),
    TaskFilter(body="Sở Thứ 9 ngàn"),
    TaskFilter(body="Sở Thứ 10 ngàn", role="coordinating"),
    TaskFilter(text="lan 39"),
    TaskFilter(checkable=False),
    TaskFilter(issuer="thu 7"),
    TaskFilter(due_from="2026-05-01", due_to="2026-05-31"),
    TaskFilter(dispatch="D8"),
)


@pytest.mark.parametrize("wanted", FILTERS, ids=str)
@pytest.mark.parametrize("made", [overdue, handling, tally])
def test_the_rows_are_those_that_are_worked_out_without_the_index(registers, monkeypatch, made, wanted):
    monkeypatch.setattr(piecewise, "PIECE", 7)
    monkeypatch.setattr("pipeline.export.handling._PIECE", 7)

    def found(day, settings):
        sheet = made(register, wanted, settings, as_of=day)
        return list(sheet.above), list(sheet.below), list(sheet.rows), [picture.told for picture in sheet.pictures]

    with open_register(registers / f"{SMALL}.db") as register:
        for day in (AS_OF, date(2026, 7, 1)):
            for settings in (Settings(), Settings(before="lenient", months_back=2)):
                quickly = found(day, settings)
                with monkeypatch.context() as without:
                    without.setattr("pipeline.followup.upkeep._is_fresh", lambda *_: False)
                    without.setattr("pipeline.followup.upkeep._bring", lambda *_: False)
                    assert found(day, settings) == quickly
        assert wanted != TaskFilter() or len([row for row in quickly[2] if not isinstance(row, Group)]) > 20


def test_a_list_is_of_one_moment_whatever_is_entered_while_it_is_written(registers, tmp_path):
    build(tmp_path / "r.db", 60)
    with open_register(tmp_path / "r.db") as register, open_register(tmp_path / "r.db", "write") as other:
        whole = list(overdue(register, TaskFilter(), Settings(), as_of=AS_OF).rows)
        sheet = overdue(register, TaskFilter(), Settings(), as_of=AS_OF)
        with other.transaction() as connection:
            connection.execute("UPDATE duties SET is_current = 0 WHERE id > 5")
        overdue(other, TaskFilter(), Settings(), as_of=AS_OF)  # lays the index out anew
        assert list(sheet.rows) == whole
        assert len(list(overdue(register, TaskFilter(), Settings(), as_of=AS_OF).rows)) < len(whole)


def test_a_book_with_a_filter_takes_no_longer_the_more_letters_there_are_beside(registers, tmp_path, run):
    words = ("--register", registers / f"{LARGE}.db", "--as-of", AS_OF.isoformat(), "--body", "Sở Thứ 6 ngàn")
    start = time.process_time()
    assert run("export", "arrivals", "--to", tmp_path / "a.csv", *words).code == 0
    assert time.process_time() - start < 2  # holding all letters against all tasks takes half a minute
    assert len((tmp_path / "a.csv").read_text("utf-8").splitlines()) > 5


def test_an_extended_task_whose_printed_limit_was_struck_out_is_listed(tmp_path):
    now = "2026-11-01T00:00:00+07:00"
    build(tmp_path / "r.db", 20)
    with open_register(tmp_path / "r.db", "write") as register:
        enter_event(register, Entry("extended", "T1", day="2026-02-20", due="2026-10-30"), Settings(), who="A", now=now)
        delete(register, "L1", who="A", now=now, why="x")
        found = late(register, TaskFilter(), Settings(), as_of=AS_OF)
    assert "T1" in [row["duty"] for row in found.dated]
