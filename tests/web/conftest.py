"""What tests of the pages share: a register of our own samples, people of every role, a client, a real browser."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from visiting import CHROMIUM, NOW, PASSWORD, ROOT, SAMPLES, Browsing, Visitor, start_server, stop

from pipeline.followup.settings import Settings
from pipeline.web.accounts import Accounts
from pipeline.web.app import create_app
from pipeline.web.rights import ROLES


@pytest.fixture(scope="session")
def read_samples(tmp_path_factory):
    """A register of the samples that need no recognition, read once; copy it before anything is written."""
    folder = tmp_path_factory.mktemp("samples")
    kept = [p for p in sorted(SAMPLES.iterdir()) if p.suffix in (".pdf", ".docx", ".txt", ".html", ".rtf", ".eml")]
    inbox = folder / "inbox"
    inbox.mkdir()
    for path in kept:
        if "hoa-toc" not in path.name:  # a scan
            shutil.copy(path, inbox)
    (inbox / "rong.pdf").touch()
    register = folder / "register.db"
    command = [sys.executable, "-m", "pipeline.cli", "ingest", "--lenient", "--register", str(register), str(inbox)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=300)
    assert done.returncode == 0, done.stderr
    return register


@pytest.fixture(scope="session")
def read_letters():
    """`read_letters(folder, [Letter(), ...])`: the path of a register of these letters, read in this order."""

    def read(folder, letters):
        register = folder / "register.db"
        for n, letter in enumerate(letters):
            path = folder / f"inbox{n}" / f"{n:02d}.txt"
            path.parent.mkdir()
            path.write_text(letter.text(), encoding="utf-8")
            command = [sys.executable, "-m", "pipeline.cli", "ingest", "--lenient", "--register", str(register)]
            done = subprocess.run([*command, str(path)], capture_output=True, text=True, cwd=ROOT, timeout=120)
            assert done.returncode == 0, done.stderr
        return register

    return read


@pytest.fixture
def book(read_samples, tmp_path):
    """The path of a register of the samples, this test's own."""
    place = tmp_path / "outputs" / "register.db"
    place.parent.mkdir(exist_ok=True)
    for suffix in ("", "-wal"):
        source = read_samples.with_name(read_samples.name + suffix)
        if source.exists():
            shutil.copy(source, place.with_name(place.name + suffix))
    return place


@pytest.fixture(scope="session")
def made_accounts(tmp_path_factory):
    """Accounts of one person a role, named as the role, all with PASSWORD."""
    path = tmp_path_factory.mktemp("accounts") / "accounts.db"
    for role in ROLES:
        Accounts(path).add(role, role, PASSWORD, shown=f"Người {role}", by="test", now=NOW)
    return path


@pytest.fixture
def accounts(made_accounts, tmp_path):
    """The path of accounts of every role, this test's own."""
    return Path(shutil.copy(made_accounts, tmp_path / "accounts.db"))


@pytest.fixture
def app(book, accounts):
    """The application, with accounts."""
    return create_app(book, accounts, Settings())


@pytest.fixture
def open_app(book, tmp_path):
    """The application where nobody has an account."""
    return create_app(book, tmp_path / "nobody.db", Settings())


@pytest.fixture
def visitor(app):
    """Somebody who has not signed in."""
    return Visitor(app)


@pytest.fixture
def signed_in(app):
    """`signed_in("clerk")`: a visitor who has signed in with that role."""
    return lambda role: Visitor(app).sign_in(role)


@pytest.fixture
def reader(open_app):
    """A visitor of a server without accounts."""
    return Visitor(open_app)


# ------------------------------------------------------------------------------------------------ a real browser


@pytest.fixture
def server(book, accounts):
    """A running server with accounts of every role."""
    running = start_server(book, accounts)
    yield running
    stop(running)


@pytest.fixture
def open_server(book, tmp_path):
    """A running server without accounts."""
    running = start_server(book, tmp_path / "nobody.db")
    yield running
    stop(running)


@pytest.fixture(scope="session")
def chromium():
    """A real browser; tests that need one are skipped where there is none."""
    sync_api = pytest.importorskip("playwright.sync_api")
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("no Chromium is installed (make test installs it where that is allowed)")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture
def browse(chromium):
    """`browse(server)`, `browse(server, width=390, height=844)`: a window; whatever its console says fails the test."""
    opened = []

    def start(server, width=1366, height=768, **more):
        context = chromium.new_context(viewport={"width": width, "height": height}, locale="vi-VN", **more)
        context.set_default_timeout(15000)
        page = context.new_page()
        window = Browsing(page, server.address)
        page.on("console", lambda said: said.type in ("error", "warning") and window.wrong.append(said.text))
        page.on("pageerror", lambda error: window.wrong.append(str(error)))
        opened.append((context, window))
        return window

    yield start
    wrong = [line for context, window in opened for line in window.wrong]
    for context, _ in opened:
        context.close()
    assert not wrong
