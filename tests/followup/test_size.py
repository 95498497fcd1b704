"""The figures of the government's report of 2017, from a register of that size, at once."""

import time
from datetime import date

import pytest

from pipeline.followup.agenda import agenda
from pipeline.followup.owed import owed
from pipeline.followup.scoreboard import score
from pipeline.followup.settings import Settings
from pipeline.followup.views import late
from pipeline.register import TaskFilter, failures, history, issues, open_register, show
from pipeline.register.events import append_event
from pipeline.register.histories import dispatch_history

# 1270/BC-TCTTTg of 27/12/2017: done on time, done late, open in term, overdue; beside it what has no deadline.
REPORT = {"done_on_time": 14068, "done_late": 1983, "open_in_time": 5640, "overdue": 223, "no_deadline": 8086}
DUE = {"done_on_time": "2017-10-31", "done_late": "2017-06-30", "open_in_time": "2018-03-31", "overdue": "2017-11-30"}
AS_OF = date(2017, 12, 27)
BODIES = 40


@pytest.fixture(scope="module")
def big(tmp_path_factory):
    """30,000 tasks of 2017, each of one of forty bodies."""
    with open_register(tmp_path_factory.mktemp("size") / "register.db", "create") as register:
        with register.transaction() as connection:
            _fill(connection)
        with register.transaction():
            for number, column in enumerate(_columns(), 1):
                if column.startswith("done"):
                    append_event(register, "accepted", _done(number))
        yield register


def _columns():
    return [column for column, count in REPORT.items() for _ in range(count)]


def _done(number):
    return {"duty_id": number, "number": 1, "day": "2017-09-01", "why": "", "made_at": "x", "made_by": "x"}


def _fill(connection):
    connection.executemany(
        "INSERT INTO bodies (id, name, name_key) VALUES (?, ?, ?)",
        [(n, f"Sở Thứ {n} ngàn", f"so thu {n} ngan") for n in range(1, BODIES + 1)],
    )
    connection.executemany(
        "INSERT INTO bodies (name, name_key) VALUES (?, ?)", [(f"Xã Thứ {n}", f"xa thu {n}") for n in range(5000)]
    )
    columns = _columns()
    letters = [(n, f"{n}/CV") for n in range(1, len(columns) // 10 + 1)]
    connection.executemany(
        "INSERT INTO files (id, sha256, status, version, read_at) VALUES (?1, ?2, 'read', '1', 'x')", letters
    )
    connection.executemany(
        "INSERT INTO dispatches (id, file_id, number, issued_on, entered_at, read_at, version)"
        " VALUES (?1, ?1, ?2, '2017-01-10', 'x', 'x', '1')",
        letters,
    )
    connection.execute("INSERT INTO texts (file_id, text, lines, tables) VALUES (7, 'Kính gửi', '[]', '[]')")
    tasks = [(n, 1 + (n - 1) // 10, f"Việc số {n}", 1 + n % BODIES) for n in range(1, len(columns) + 1)]
    connection.executemany(
        "INSERT INTO obligations (id, dispatch_id, position, label, quote, kind, modality, lead_stated, rule,"
        " confidence, status, origin, created_at)"
        " VALUES (?1, ?2, ?1, '', ?3, 'task', 'ordered', 1, 'r', 1, 'current', 'reading', 'x')",
        [task[:3] for task in tasks],
    )
    connection.executemany(
        "INSERT INTO corrections (made_at, made_by, action, target, target_id, why)"
        " VALUES ('x', 'x', 'confirm', ?, ?, '')",
        [(target, n) for target in ("obligation", "deadline", "link", "proposal") for n in range(1, 5000)],
    )
    connection.executemany(
        "INSERT INTO issues (dispatch_id, source, code, message, found_at) VALUES (?, 'reading', 'x', 'x', 'x')",
        [(n,) for n, _ in letters for _ in range(5)],
    )
    neighbours = [(n, n + 1) for n, _ in letters[:-1]]
    connection.executemany(
        "INSERT INTO merge_proposals (dispatch_id, duplicate_id, reason, proposed_at) VALUES (?, ?, 'x', 'x')",
        neighbours,
    )
    connection.executemany(
        "INSERT INTO links (dispatch_id, earlier_id, relation, evidence, span_start, span_end, rule, confidence,"
        " proposed_at) VALUES (?, ?, 'x', 'x', 0, 1, 'x', 1, 'x')",
        neighbours,
    )
    connection.executemany(
        "INSERT INTO failures (file_id, status, code, details, version, noted_at)"
        " VALUES (?, 'failed', 'broken_file', '{}', '1', 'x')",
        [(n,) for n, _ in letters],
    )
    connection.executemany(
        "INSERT INTO duties (id, obligation_id, body_id, printed, sort) VALUES (?1, ?1, ?2, 'x', 'body')",
        [(task[0], task[3]) for task in tasks],
    )
    connection.executemany(
        "INSERT INTO deadlines (obligation_id, position, quote, kind, due, scope, rule, confidence, status, origin,"
        " created_at) VALUES (?, 0, 'đến hết ngày', 'date', ?, 'item', 'r', 1, 'current', 'reading', 'x')",
        [(n, DUE[column]) for n, column in enumerate(columns, 1) if column in DUE],
    )


def test_the_figures_of_the_report_come_out(big):
    bodies, everything = score(owed(big, TaskFilter(), Settings(), as_of=AS_OF))
    assert {name: getattr(everything, name) for name in REPORT} == REPORT
    assert everything.total - everything.no_deadline == 21914
    assert (everything.done, everything.due) == (16051, 16274)
    rates = {name: round(value, 1) for name, value in everything.rates().items() if value is not None}
    assert rates["done_of_due"] == 98.6 and rates["overdue_of_due"] == 1.4 and rates["on_time_of_due"] == 86.4
    assert len(bodies) == BODIES
    assert sum(counts.total for _, counts in bodies) == 30_000


@pytest.mark.parametrize(
    "look",
    [
        lambda register: score(owed(register, TaskFilter(), Settings(), as_of=AS_OF)),
        lambda register: late(register, TaskFilter(), Settings(), as_of=AS_OF),
        lambda register: agenda(register, "Sở Thứ 7 ngàn", Settings(), as_of=AS_OF),
        lambda register: owed(register, TaskFilter(dispatch="D7"), Settings(), as_of=AS_OF),
    ],
    ids=["scoreboard", "overdue", "agenda", "one dispatch"],
)
def test_thirty_thousand_tasks_are_looked_through_at_once(big, look):
    look(big)
    start = time.process_time()
    look(big)
    assert time.process_time() - start < 2.5  # 0.7 s on an idle machine


@pytest.mark.parametrize(
    "look",
    [
        lambda register: show(register, "D7"),
        lambda register: history(register, "O61"),
        lambda register: dispatch_history(register, 7),
        lambda register: issues(register, "D7"),
        lambda register: failures(register, one=7),
        lambda register: owed(register, TaskFilter(), Settings(), as_of=AS_OF, of=[61, 62]),
    ],
    ids=["document", "history", "its history", "issues", "a failure", "its duties"],
)
def test_one_dispatch_costs_no_look_at_all_the_others(big, look):
    """Counted in steps of SQLite's machine: a look at each letter, event or correction would be tens of thousands."""
    steps = 0

    def count():
        nonlocal steps
        steps += 1

    big.connection.set_progress_handler(count, 10)
    look(big)
    big.connection.set_progress_handler(None, 0)
    assert 0 < steps < 1000
