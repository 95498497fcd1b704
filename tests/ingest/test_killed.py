"""`kill -9` at any point of an ingest leaves a sound register, and the next run completes it."""

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from letters import NEWS, Letter

from pipeline.cli import run

HERE = Path(__file__).parent
POINTS = 20
CHANGING = ("_at", "run_id")


@pytest.fixture(scope="module")
def inbox(tmp_path_factory):
    """Thirty files: dispatches (two of them the same letter), news, a secret one, broken ones."""
    folder = tmp_path_factory.mktemp("inbox")
    for n in range(1, 25):
        ending = ("txt", "html", "docx", "md")[n % 4]
        Letter(number=f"{n}/SKHKT-VP", day=n, subject=f"việc thứ {n}").write(folder / f"{n:02}.{ending}")
    Letter(number="24/SKHKT-VP", day=24, subject="việc thứ 24").write(folder / "24-ban-sao.txt")
    Letter(stamp="MẬT").write(folder / "25.txt")
    (folder / "26.txt").write_text(NEWS)
    (folder / "27.pdf").write_bytes(b"")
    (folder / "28.docx").write_bytes(b"PK\x03\x04" + b"x" * 50)
    (folder / "29.bin").write_bytes(bytes(range(256)) * 4)
    return folder


def ingest_and_die(inbox, register, at, trace="-"):
    """The ingest in a session of its own, so that the kill takes its workers along; its exit code."""
    command = [sys.executable, HERE / "crashing.py", str(at), trace, "ingest", inbox, "--register", register]
    done = subprocess.run(
        [*map(str, command), "--workers", "1"],
        cwd=HERE.parent.parent, capture_output=True, text=True, start_new_session=True, timeout=120,
        env=os.environ | {"PYTHONPATH": str(HERE.parent.parent)},
    )  # fmt: skip
    return done.returncode


def complete(inbox, register):
    """The second run, in this process. Some of the files fail: that is exit code 1."""
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


@pytest.fixture(scope="module")
def undisturbed(inbox, tmp_path_factory):
    """The register of a run that nobody killed, and the statements it took."""
    folder = tmp_path_factory.mktemp("undisturbed")
    assert ingest_and_die(inbox, folder / "register.db", 0, str(folder / "trace")) == 1
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
    if register.exists():
        with sqlite3.connect(register) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert not connection.execute("PRAGMA foreign_key_check").fetchall()
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
