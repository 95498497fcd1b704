"""Mails of a real IMAP server on this machine: fetched once, the mailbox left as it is, trouble told."""

import datetime as dt
import email.message
import imaplib
import os
import socket
import subprocess
import sys
import threading
import time

import pytest
from letters import Letter
from running import CONGVAN

from pipeline.register import dispatches, failures, open_register
from pipeline.watching.mailbox import (
    PASSWORD,
    BadMailbox,
    Mailbox,
    MailRefused,
    MailUnreachable,
    NoMailPassword,
    fetch,
    keep_fetching,
    parse_mailbox,
)

pytest.importorskip("pymap")
TODAY = dt.date.today()
USER, SECRET = "vanthu", "mat-khau-thu"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A server with one user and an empty mailbox."""

    def __init__(self):
        self.port = free_port()
        program = [sys.executable, "-c", "from pymap.main import main; main()"]
        options = ["--host", "127.0.0.1", "--port", str(self.port), "--no-tls"]
        self.process = subprocess.Popen(
            [*program, *options, "dict", "--demo-data", "--demo-user", USER, "--demo-password", SECRET],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        end = time.monotonic() + 30
        while True:
            try:
                with self.session() as server:
                    server.create("Den")
                return
            except OSError:
                assert time.monotonic() < end
                time.sleep(0.1)

    def session(self):
        server = imaplib.IMAP4("127.0.0.1", self.port, timeout=20)
        server.login(USER, SECRET)
        return server

    def post(self, mail, mailbox="Den"):
        with self.session() as server:
            assert server.append(mailbox, "", imaplib.Time2Internaldate(time.time()), bytes(mail))[0] == "OK"

    def flags(self):
        with self.session() as server:
            server.select("Den", readonly=True)
            return server.uid("FETCH", "1:*", "(FLAGS)")[1]

    def close(self):
        self.process.kill()
        self.process.wait()


@pytest.fixture
def server():
    server = Server()
    yield server
    server.close()


@pytest.fixture
def mailbox(server, monkeypatch):
    monkeypatch.setenv(PASSWORD, SECRET)
    return Mailbox("127.0.0.1", server.port, USER, "Den", encrypted=False)


def mail(number, text=None):
    out = email.message.EmailMessage()
    out["From"], out["To"], out["Subject"] = "so@so.example", "vanthu@so.example", f"Thư {number}"
    out["Date"] = "Mon, 02 Mar 2026 08:00:00 +0700"
    out.set_content("Kính gửi văn thư.")
    letter = text or Letter(number=f"{number}/SKHKT-VP", subject=f"việc thứ {number}").text()
    out.add_attachment(letter.encode(), maintype="text", subtype="plain", filename=f"{number}.txt")
    return out


def test_each_mail_is_fetched_once_and_stays_unread(server, mailbox, tmp_path):
    server.post(mail(1))
    server.post(mail(2))
    first = fetch(mailbox, tmp_path, today=TODAY)
    assert [b"1.txt" in path.read_bytes() for path in first] == [True, False]
    assert fetch(mailbox, tmp_path, today=TODAY) == []
    server.post(mail(3))
    (third,) = fetch(mailbox, tmp_path, today=TODAY)
    assert b"3.txt" in third.read_bytes()
    assert all(b"Seen" not in flags for flags in server.flags())
    assert {path.stat().st_mode & 0o777 for path in (*first, third)} == {0o600}


def test_a_run_cut_short_fetches_the_rest_and_doubles_nothing(server, mailbox, tmp_path, monkeypatch):
    for n in (1, 2, 3):
        server.post(mail(n))
    import pipeline.watching.mailbox as module

    whole, calls = module._message, []

    def breaks(imap, uid):
        calls.append(uid)
        if len(calls) == 2:
            raise OSError(104, "Connection reset by peer")
        return whole(imap, uid)

    monkeypatch.setattr(module, "_message", breaks)
    with pytest.raises(MailUnreachable):
        fetch(mailbox, tmp_path, today=TODAY)
    assert len(fetch(mailbox, tmp_path, today=TODAY)) == 2
    assert len(list(tmp_path.glob("*.eml"))) == 3


def test_a_mailbox_made_anew_is_read_from_its_beginning(server, mailbox, tmp_path):
    server.post(mail(1))
    fetch(mailbox, tmp_path, today=TODAY)
    with server.session() as imap:
        imap.delete("Den")
        imap.create("Den")
    server.post(mail(9))
    (path,) = fetch(mailbox, tmp_path, today=TODAY)
    assert b"9.txt" in path.read_bytes()


def test_a_mail_larger_than_any_file_may_be_stays_there_and_its_head_tells(server, mailbox, tmp_path, monkeypatch):
    monkeypatch.setattr("pipeline.watching.mailbox.MAX_BYTES", 400)
    server.post(mail(1))
    (path,) = fetch(mailbox, tmp_path, today=TODAY)
    assert b"Subject" in path.read_bytes() and b"1.txt" not in path.read_bytes()


@pytest.mark.parametrize(
    "address",
    ["imap://a@mail.example/INBOX", "imaps://mail.example", "imaps://a:b@mail.example", "https://a@mail.example", "x"],
)
def test_addresses_that_cannot_be_used(address):
    with pytest.raises(BadMailbox) as error:
        parse_mailbox(address)
    assert ":b@" not in str(error.value)


def test_wrong_password_no_password_no_mailbox_no_server(mailbox, server, tmp_path, monkeypatch):
    with pytest.raises(MailRefused):
        fetch(Mailbox("127.0.0.1", server.port, USER, "Khong co", encrypted=False), tmp_path, today=TODAY)
    monkeypatch.setenv(PASSWORD, "sai")
    with pytest.raises(MailRefused):
        fetch(mailbox, tmp_path, today=TODAY)
    monkeypatch.delenv(PASSWORD)
    with pytest.raises(NoMailPassword):
        fetch(mailbox, tmp_path, today=TODAY)
    monkeypatch.setenv(PASSWORD, SECRET)
    with pytest.raises(MailUnreachable):  # no encryption where some was asked for
        fetch(Mailbox("127.0.0.1", server.port, USER, "Den", encrypted=True), tmp_path, today=TODAY)
    server.close()
    with pytest.raises(MailUnreachable):
        fetch(mailbox, tmp_path, today=TODAY)


def test_a_server_that_hangs_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setenv(PASSWORD, SECRET)
    monkeypatch.setattr("pipeline.watching.mailbox._NETWORK_SECONDS", 0.5)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        with pytest.raises(MailUnreachable):
            fetch(Mailbox("127.0.0.1", silent.getsockname()[1], USER, "Den", False), tmp_path, today=TODAY)


def test_trouble_is_told_once_and_tried_again(server, mailbox, tmp_path, monkeypatch):
    stop, told = threading.Event(), []
    monkeypatch.setenv(PASSWORD, "sai")
    options = {"today": lambda: TODAY, "every": 0.1}
    thread = threading.Thread(target=keep_fetching, args=(mailbox, tmp_path, stop, told.append), kwargs=options)
    monkeypatch.setattr("pipeline.watching.mailbox._LONGEST_PAUSE", 0.2)
    thread.start()
    end = time.monotonic() + 30
    while not told:
        assert time.monotonic() < end
        time.sleep(0.05)
    time.sleep(0.6)
    assert len(told) == 1
    monkeypatch.setenv(PASSWORD, SECRET)
    server.post(mail(1))
    while not list(tmp_path.glob("*.eml")):
        assert time.monotonic() < end
        time.sleep(0.05)
    stop.set()
    thread.join(30)


def test_the_command_reads_mails_into_the_register_and_keeps_no_secret(server, mailbox, tmp_path):
    inbox, register = tmp_path / "inbox", tmp_path / "register.db"
    inbox.mkdir()
    server.post(mail(1))
    secret = Letter(number="5/SKHKT-VP", subject="việc kín", stamp="MẬT").text()
    server.post(mail(5, secret))
    address = f"imap://{USER}@127.0.0.1:{server.port}/Den"
    running = subprocess.Popen(
        [*CONGVAN, "watch", str(inbox), "--mailbox", address, "--register", str(register), "--workers", "1"],
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {PASSWORD: SECRET},
    )
    try:
        end = time.monotonic() + 60
        while len(list((inbox / "mail").glob("*.eml"))) != 1 or not register.exists():
            assert time.monotonic() < end
            time.sleep(0.1)
    finally:
        running.terminate()
        _, said = running.communicate(timeout=60)
    assert running.returncode == 0
    with open_register(register) as opened:
        assert [row["number"] for row in dispatches(opened)] == ["1/SKHKT-VP"]
        assert any(row["code"] == "secrecy" for row in failures(opened))
    assert SECRET not in said and "việc kín" not in said
