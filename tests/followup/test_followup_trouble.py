"""Killed, at once, on a full disk: what was entered stays, what was not leaves nothing, and the log is whole."""

import os
import signal
import sqlite3

import pytest
from register_papers import WHO, before, enter, obligation, paper

from pipeline import errors
from pipeline.cli import run
from pipeline.followup.recording import Entry, enter_event
from pipeline.followup.settings import Settings
from pipeline.register import check, open_register
from pipeline.register.events import verify_events

NOW = "2026-03-31T08:00:00+07:00"
DONE = ["done", "T1", "--on", "2026-02-01", "--proof", "45/BC-SM", "--why", "đã gửi"]


@pytest.fixture
def filled(path):
    """A register of its own file, closed: two duties, and one event."""
    with open_register(path, "create") as register:
        enter(register, paper(obligation("Việc", before("10/2", "2026-02-10"), lead=("Sở Mây", "Sở Gió"))))
        happens(register, "confirmed")
    return path


def happens(register, kind, target="T1", **more):
    return enter_event(register, Entry(kind, target, "2026-01-10", **more), Settings(), who=WHO, now=NOW)


def events(path):
    """What the log holds; it must be whole, and the file sound."""
    with open_register(path, "write") as register:
        assert verify_events(register).breaks == () and check(register) == []
        return [row["kind"] for row in register.rows("SELECT kind FROM duty_events ORDER BY id")]


def child(words, path, connect=None):
    """A command in a process of its own."""
    number = os.fork()
    if number:
        return number
    try:
        os.setsid()
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        if connect:
            sqlite3.connect = connect
        code = run([*words, "--register", str(path)])
    except BaseException:
        code = 99
    os._exit(code)


def ended(number):
    return os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])


def dying(at, statements=None):
    """A way of connecting that ends the process before statement `at`, or notes the statements."""
    connect, seen = sqlite3.connect, []

    def step(statement):
        seen.append(statement)
        if len(seen) == at:
            os.kill(os.getpid(), signal.SIGKILL)
        if statements is not None:
            statements.write(statement.split(None, 1)[0] + "\n")
            statements.flush()

    def traced(*args, **kwargs):
        connection = connect(*args, **kwargs)
        connection.set_trace_callback(step)
        return connection

    return traced


def test_a_killed_entry_is_there_whole_or_not_at_all(filled, tmp_path):
    whole = filled.read_bytes()
    with (tmp_path / "trace").open("w") as trace:
        assert ended(child(DONE, filled, dying(0, trace))) == 0
    words = (tmp_path / "trace").read_text().split()
    first, last = words.index("BEGIN"), len(words) - 1 - words[::-1].index("COMMIT")
    writing = [n for n in range(first, len(words)) if words[n] in ("BEGIN", "INSERT", "COMMIT") or n > last]
    assert writing
    seen = set()
    for at in [*(n + 1 for n in writing), len(words) + 1]:
        for side in filled.parent.iterdir():
            side.unlink()
        filled.write_bytes(whole)
        code = ended(child(DONE, filled, dying(at)))
        assert code == (-signal.SIGKILL if at <= len(words) else 0)
        there = events(filled)
        assert there in (["confirmed"], ["confirmed", "accepted"])
        seen.add(len(there))
        assert ended(child(DONE, filled)) == (0 if len(there) == 1 else 1)
        assert events(filled) == ["confirmed", "accepted"]
    assert seen == {1, 2}


def test_of_two_who_close_a_duty_at_once_one_is_told(filled):
    both = [child(words, filled) for words in (DONE, ["withdraw", "T1", "--on", "2026-02-01"])]
    assert sorted(ended(number) for number in both) == [0, 1]
    assert len(events(filled)) == 2


def test_many_at_once_all_find_their_place_in_the_log(filled):
    reminding = ["mark", "T2", "reminded", "--on", "2026-02-01"]
    assert [ended(number) for number in [child(reminding, filled) for _ in range(6)]] == [0] * 6
    assert events(filled) == ["confirmed", *["reminded"] * 6]


def test_a_full_disk_is_told_and_loses_nothing(filled):
    with open_register(filled, "write") as register:
        pages = register.one("PRAGMA page_count")["page_count"]
        register.connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(errors.RegisterReadOnly):
            for _ in range(1000):
                happens(register, "reminded")
        kept = verify_events(register)
        assert kept.breaks == ()
        register.connection.execute("PRAGMA max_page_count = 1073741823")
        happens(register, "accepted")
        assert verify_events(register).head.events == kept.head.events + 1
    assert events(filled)[-1] == "accepted"


def test_what_lies_on_a_medium_that_cannot_be_written_is_told(filled):
    if os.geteuid() == 0:
        pytest.skip("root writes everywhere")
    filled.parent.chmod(0o500)
    filled.chmod(0o400)
    try:
        assert ended(child(DONE, filled)) == 1
    finally:
        filled.parent.chmod(0o700)
