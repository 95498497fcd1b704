"""Killed, or started twice: nothing is sent twice, and what may have arrived is told."""

import os
import signal
import sqlite3
import subprocess
import time

import pytest
from reminder_servers import MailServer
from running import CONGVAN, ROOT

from pipeline.cli import run as run_command
from pipeline.register import open_register
from pipeline.register.delivering import add_delivery_step, deliveries
from pipeline.reminding.locking import SendingBusy, only_sender

DAY = "2026-03-10"
LAST = 8  # writing statements of a run that sends one mail, the triggers' own among them
STEP = {
    "delivery": "a" * 64, "day": DAY, "body": "Sở Mây", "channel": "mail", "destination": "may@example.vn",
    "digest": "b" * 64, "state": "sending", "tries": 1, "error": None, "at": "2026-03-10T07:30:00+07:00",
}  # fmt: skip


@pytest.fixture
def office(filled, settings_file):
    """The register's file, closed, and a mail server that its office uses."""
    filled.close()
    with MailServer() as server:
        settings_file(
            f'[reminders]\ntimeout = 5\n[reminders.smtp]\nhost = "127.0.0.1"\nport = {server.port}\ntls = "none"\n'
            'from = "vp@example.vn"\n'
            '[[reminders.to]]\nbody = "Sở Mây"\nmail = "may@example.vn"\n'
        )
        server.path = filled.path
        yield server


def words(path, *more):
    return ["remind", "--send", "--as-of", DAY, "--register", str(path), *more]


def started(path, *more):
    command = [*CONGVAN, *words(path, *more)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def states(path):
    with open_register(path) as register:
        return [row["state"] for row in register.rows("SELECT state FROM deliveries ORDER BY id")]


def test_killed_while_the_server_has_the_mail_it_is_not_sent_again(office, run):
    office.box.pause = 1.0
    process = started(office.path)
    assert office.box.is_busy.wait(60)
    process.kill()
    process.communicate()
    time.sleep(1.2)
    assert len(office.box.mails) == 1 and states(office.path) == ["sending"]
    office.box.pause = 0.0
    assert "đang gửi" in run("remind", "--as-of", DAY, "--register", office.path).out
    done = run(*words(office.path))
    assert done.code == 1 and "ngắt giữa chừng" in done.err and "--resend" in done.err
    assert len(office.box.mails) == 1 and states(office.path) == ["sending", "unknown"]
    assert run(*words(office.path, "--resend")).code == 0
    first, second = office.box.mails
    assert first["Message-ID"] == second["Message-ID"]


def child(path, at):
    """`congvan remind --send` in a process of its own, which is killed before its statement number `at`."""
    number = os.fork()
    if number:
        return os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        sqlite3.connect = dying(at)
        code = run_command(words(path))
    except BaseException:
        code = 99
    os._exit(code)


def dying(at):
    """A way of connecting that ends the process before the writing statement number `at`."""
    connect, seen = sqlite3.connect, []

    def step(statement):
        if statement.split(None, 1)[0] in ("BEGIN", "INSERT", "COMMIT"):
            seen.append(statement)
            if len(seen) == at:
                os.kill(os.getpid(), signal.SIGKILL)

    def traced(*args, **kwargs):
        connection = connect(*args, **kwargs)
        connection.set_trace_callback(step)
        return connection

    return traced


@pytest.mark.parametrize("at", range(1, LAST + 2))
def test_killed_at_any_statement_nothing_is_doubled_or_forgotten(office, run, at):
    assert child(office.path, at) == (0 if at > LAST else -signal.SIGKILL)
    before = len(office.box.mails)
    done = run(*words(office.path))
    assert len(office.box.mails) <= 1
    last = states(office.path)[-1]
    assert last == ("sent" if done.code == 0 else "unknown")
    # what is called sent is there, and what was not written down before never left
    assert len(office.box.mails) == 1 or last == "unknown"
    assert before == 0 or states(office.path)[0] == "sending"


def test_of_two_at_once_one_sends(office):
    office.box.pause = 1.5
    first, second = started(office.path), started(office.path)
    ends = [(p.communicate(timeout=60), p.returncode) for p in (first, second)]
    assert len(office.box.mails) == 1 and states(office.path) == ["sending", "sent"]
    codes = sorted(code for _, code in ends)
    assert codes in ([0, 0], [0, 1])
    if codes == [0, 1]:
        assert "tiến trình khác đang gửi" in next(err for (_, err), code in ends if code)


def test_only_one_process_may_send(office):
    with only_sender(office.path):
        with pytest.raises(SendingBusy), only_sender(office.path):
            pass
        assert started(office.path).wait(60) == 1
    assert not office.box.mails
    with only_sender(office.path):
        pass


def test_a_register_is_one_by_whatever_path_it_is_called(path):
    with open_register(path, "create"):
        (path.parent / "same.db").symlink_to(path)
    with only_sender(path), pytest.raises(SendingBusy), only_sender(path.parent / "same.db"):
        pass


def test_of_two_that_write_the_same_step_one_is_told_no(path):
    with open_register(path, "create") as register, open_register(path, "write") as other:
        assert add_delivery_step(register, STEP, after=0)
        assert not add_delivery_step(other, STEP, after=0)
        assert add_delivery_step(other, STEP | {"state": "sent"}, after=1)
        assert [row["state"] for row in deliveries(register)] == ["sent"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE deliveries SET state = 'sent'",
        "DELETE FROM deliveries",
        "INSERT OR REPLACE INTO deliveries SELECT * FROM deliveries",
    ],
)
def test_what_was_written_stays(path, statement):
    with open_register(path, "create") as register:
        add_delivery_step(register, STEP, after=0)
        with pytest.raises(sqlite3.IntegrityError, match="only ever added"):
            register.connection.execute(statement)
