"""`congvan web` and `congvan user` as they are typed."""

import signal
import socket
import subprocess
import sys

import httpx
import pytest
from visiting import ROOT, start_server

from pipeline.web.accounts import Accounts

PASSWORD = "ein langes Passwort"


@pytest.fixture
def user(run, tmp_path, monkeypatch):
    """`user("add", "an", …)`: the command with accounts of its own; the password comes from standard input."""
    import io

    monkeypatch.setenv("CONGVAN_ACCOUNTS", str(tmp_path / "accounts.db"))

    def call(*args, password=PASSWORD):
        monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))
        return run("user", *args)

    call.accounts = Accounts(tmp_path / "accounts.db")
    return call


def test_an_account_lives_and_ends(user):
    assert user("add", "an.nguyen", "--role", "admin", "--shown", "Nguyễn Thị An").code == 0
    assert user("add", "binh", "--role", "clerk").code == 0
    assert user.accounts.recognised("an.nguyen", PASSWORD).shown == "Nguyễn Thị An"
    assert user("role", "binh", "compliance").code == 0
    assert user("password", "binh", password="another long one").code == 0
    assert user.accounts.recognised("binh", PASSWORD) is None
    assert user.accounts.recognised("binh", "another long one").role == "compliance"
    assert user("disable", "binh").code == 0
    assert user.accounts.recognised("binh", "another long one") is None
    listed = user("list", "--json").json()
    assert [(row["name"], row["role"], row["disabled"]) for row in listed] == [
        ("an.nguyen", "admin", False),
        ("binh", "compliance", True),
    ]
    assert user("enable", "binh").code == 0
    assert user("remove", "binh").code == 0
    assert "an.nguyen" in user("list").out
    told = [row["change"] for row in user.accounts.changes()]
    assert told == ["remove", "enable", "disable", "password", "role compliance", "add clerk", "add admin"]


@pytest.mark.parametrize(
    ("args", "password", "words"),
    [
        (("add", "an", "--role", "admin"), PASSWORD, "Đã có"),
        (("add", "Ông An!", "--role", "clerk"), PASSWORD, "không dùng được"),
        (("add", "moi", "--role", "clerk"), "short", "từ 10 đến 200"),
        (("remove", "an"), PASSWORD, "quản trị cuối cùng"),
        (("disable", "an"), PASSWORD, "quản trị cuối cùng"),
        (("role", "an", "clerk"), PASSWORD, "quản trị cuối cùng"),
        (("password", "nobody"), PASSWORD, "Không có ai"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(user, args, password, words):
    user("add", "an", "--role", "admin")
    before = user.accounts.people()
    done = user(*args, password=password)
    assert done.code == 1
    assert words in done.err
    assert user.accounts.people() == before
    assert user.accounts.recognised("an", PASSWORD)


def test_a_file_that_holds_no_accounts_is_left_alone(user, tmp_path, book):
    before = book.read_bytes()
    done = user("add", "an", "--role", "admin", "--accounts", str(book))
    assert done.code == 1
    assert "không phải là tệp tài khoản" in done.err
    assert book.read_bytes() == before


def test_a_password_composed_otherwise_is_the_same(user):
    user("add", "an", "--role", "admin", password="mật khẩu của tôi")
    import unicodedata

    assert user.accounts.recognised("an", unicodedata.normalize("NFD", "mật khẩu của tôi"))


def test_without_a_register_it_says_what_to_do(run, tmp_path):
    done = run("web", "--register", tmp_path / "none.db")
    assert done.code == 1
    assert "congvan ingest" in done.err


def test_other_machines_are_not_served_before_somebody_has_an_account(run, book, tmp_path):
    done = run("web", "--register", book, "--accounts", tmp_path / "none.db", "--host", "0.0.0.0", "--port", 0)
    assert done.code == 1
    assert "congvan user add" in done.err


def test_a_port_that_is_taken_is_named(run, book, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run("web", "--register", book, "--accounts", tmp_path / "none.db", "--port", port)
    assert done.code == 1
    assert str(port) in done.err
    assert "--port" in done.err


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_cleanly(book, tmp_path, by):
    running = start_server(book, tmp_path / "none.db")
    assert httpx.get(running.address).status_code == 200
    running.process.send_signal(by)
    assert running.process.wait(15) == 0
    said = running.process.stderr.read()
    assert running.address in said
    assert "Traceback" not in said
    running.process.stderr.close()


def test_under_a_folder_of_a_proxy_links_stay_below_it(book, tmp_path, accounts):
    running = start_server(book, accounts, "--behind-proxy", "--root-path", "/so", "--name", "so.example.vn")
    try:
        seen = {"host": "so.example.vn", "x-forwarded-proto": "https"}
        led = httpx.get(running.address + "/", headers=seen)
        assert led.headers["location"].startswith("/so/sign-in")
        form = httpx.get(running.address + "/sign-in", headers=seen)
        assert 'action="/so/sign-in"' in form.text
        assert 'href="/so/static/app.css' in form.text
        assert "__Host-congvan" in form.headers["set-cookie"]
        assert "strict-transport-security" in form.headers
    finally:
        running.process.terminate()
        running.process.wait(15)
        running.process.stderr.close()


def test_loading_the_commands_loads_no_server():
    code = "import pipeline.commands.web, pipeline.commands.user, sys; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not {"starlette", "uvicorn", "argon2", "jinja2"} & set(loaded.stdout.split())
