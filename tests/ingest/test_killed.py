"""`kill -9` at any point of an ingest leaves a sound register, and the next run completes it."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import crashing
import pytest
from letters import NEWS, Letter
from running import ROOT

import pipeline.ingest
from pipeline.cli import run
from pipeline.worker import read_file

HERE = Path(__file__).parent
POINTS = 20
CHANGING = ("_at", "run_id", "version")


@pytest.fixture(scope="module")
def inbox(tmp_path_factory):
    """Thirty files: dispatches (two of them the same letter), news, a secret one, broken ones."""
    folder = tmp_path_factory.mktemp("inbox")
    for n in range(1, 25):
        ending = ("txt", "html", "docx", "md")[n % 4]
        Letter(number=f"{n}/SKHKT-VP", day=n, subject=f"việc thứ {n}").write(folder / f"{n:02}.{ending}")
    Letter(number="24/SKHKT-VP", day=24, subject="việc thứ 24").write(folder / "24-ban-sao.html")
    Letter(stamp="MẬT").write(folder / "25.txt")
    (folder / "26.txt").write_text(NEWS)
    (folder / "27.pdf").write_bytes(b"")
    (folder / "28.docx").write_bytes(b"PK\x03\x04" + b"x" * 50)
    (folder / "29.bin").write_bytes(bytes(range(256)) * 4)
    return folder


@pytest.fixture(scope="module")
def outcomes(inbox):
    """What the files hold, read once: what is killed here is the writing, of three files in a transaction."""
    read = {str(path): read_file(str(path)) for path in sorted(inbox.iterdir())}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline.ingest, "TOGETHER", 3)
        patch.setattr(pipeline.ingest, "MOMENT", 60)
        patch.setattr(pipeline.ingest, "read_file", lambda path, _: read[path])
        yield read


def ingest_and_die(inbox, register, at, trace=None):
    """An ingest in a process of its own that is killed before statement `at`; how the process ended."""
    child = os.fork()
    if not child:
        try:
            os.setsid()
            crashing.at, crashing.trace = at, trace and open(trace, "w")  # noqa: SIM115
            sqlite3.connect = crashing.traced
            code = run(["ingest", str(inbox), "--register", str(register), "--workers", "0"])
            if trace:
                crashing.trace.close()
        except BaseException:
            code = 99
        os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def complete(inbox, register):
    """The second run. Some of the files fail: that is exit code 1."""
    assert run(["ingest", str(inbox), "--register", str(register), "--workers", "0"]) == 1


def content(register):
    """All rows of all tables but those of runs and search indexes, without moments and numbers of runs."""
    with sqlite3.connect(register) as connection:
        tables = [
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
            if name != "runs" and not name.startswith("sqlite_") and "fts" not in name
        ]
        out = {}
        for table in tables:
            cursor = connection.execute(f"SELECT * FROM [{table}]")
            names = [c[0] for c in cursor.description]
            kept = [i for i, name in enumerate(names) if not name.endswith(CHANGING)]
            out[table] = sorted(repr([row[i] for i in kept]) for row in cursor)
    return out


def sound(register):
    """Whether the register opens and passes SQLite's checks. Before its first statement there is none."""
    if not register.exists():
        return True
    with sqlite3.connect(register) as connection:
        return (
            connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            and not connection.execute("PRAGMA foreign_key_check").fetchall()
        )


@pytest.fixture(scope="module")
def undisturbed(inbox, outcomes, tmp_path_factory):
    """The register of a run that nobody killed, and the statements it took."""
    folder = tmp_path_factory.mktemp("undisturbed")
    assert ingest_and_die(inbox, folder / "register.db", 0, folder / "trace") == 1
    return folder / "register.db", (folder / "trace").read_text().splitlines()


def points(statements):
    """Places spread over the whole run: before, inside, at the end of and after transactions, in turn."""
    out = []
    for n in range(POINTS):
        near = max(1, round((n + 0.5) * len(statements) / POINTS))
        wanted = ("", "BEGIN", "COMMIT", "after COMMIT")[n % 4]
        while wanted and near < len(statements):
            here, before = statements[near - 1], statements[near - 2]
            if here.startswith(wanted) or (wanted == "after COMMIT" and before.startswith("COMMIT")):
                break
            near += 1
        out.append(near)
    return out


@pytest.mark.parametrize("n", range(POINTS))
def test_a_killed_ingest_is_completed_by_the_next(n, inbox, undisturbed, tmp_path):
    whole, statements = undisturbed
    register = tmp_path / "register.db"
    assert ingest_and_die(inbox, register, points(statements)[n]) == -signal.SIGKILL
    assert sound(register)
    complete(inbox, register)
    assert content(register) == content(whole)


def test_workers_die_with_a_killed_ingest_and_the_next_run_completes_it(inbox, undisturbed, tmp_path):
    whole, statements = undisturbed
    register = tmp_path / "register.db"
    command = [sys.executable, HERE / "crashing.py", len(statements) // 2, "ingest", inbox, "--register", register]
    ingest = subprocess.Popen(
        [*map(str, command), "--workers", "2"],
        cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    assert ingest.wait(120) == -signal.SIGKILL
    with pytest.raises(ProcessLookupError):
        for _ in range(100):  # whoever is left of the session takes a moment to go
            os.killpg(ingest.pid, 0)
            time.sleep(0.05)
    assert sound(register)
    complete(inbox, register)
    assert content(register) == content(whole)


def test_the_points_lie_before_in_and_after_transactions(undisturbed):
    _, statements = undisturbed
    at = [statements[p - 1].split(" ")[0] for p in points(statements)]
    assert len(set(points(statements))) == POINTS
    assert "BEGIN" in at and "COMMIT" in at and {"INSERT", "SELECT", "UPDATE"} & set(at)


def test_the_undisturbed_run_did_what_it_should(undisturbed):
    rows = content(undisturbed[0])
    assert len(rows["dispatches"]) == 25
    assert len(rows["failures"]) == 5
