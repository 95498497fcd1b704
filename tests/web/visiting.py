"""Visitors of the pages: one without a screen, one with a real browser, and a server in a process of its own."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from starlette.testclient import TestClient

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "corpus/samples"
PASSWORD = "một mật khẩu dài"
NOW = "2026-01-31T08:30:00+07:00"
CHROMIUM = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


class Visitor(TestClient):
    """A browser without a screen: follows no redirect, sends the form's token by itself."""

    def __init__(self, app):
        super().__init__(app, base_url="http://localhost:8000", follow_redirects=False, raise_server_exceptions=True)

    def token(self, *paths):
        """The token in the first form of a page; without one of any page that has forms."""
        for path in paths or ("/sign-in", "/"):
            if found := re.search(r'name="csrf" value="(\w+)"', self.get(path).text):
                return found[1]
        return ""

    def submit(self, path, page="/sign-in", **fields):
        """Send a form as the page that shows it would."""
        return self.post(path, data={"csrf": self.token(page), **fields})

    def sign_in(self, name, password=PASSWORD):
        answer = self.submit("/sign-in", name=name, password=password)
        assert answer.status_code == 303, answer.text
        return self


@dataclass
class Server:
    """A server in a process of its own."""

    address: str
    register: Path
    accounts: Path
    process: subprocess.Popen


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start_server(register, accounts, *more):
    """`congvan web` in a process; it is ended by whoever starts it."""
    port = free_port()
    command = [
        sys.executable, "-m", "pipeline.cli", "web", "--port", str(port), "--register", str(register),
        "--accounts", str(accounts), *more,
    ]  # fmt: skip
    process = subprocess.Popen(
        command, cwd=ROOT, stderr=subprocess.PIPE, text=True, env=os.environ | {"CONGVAN_LANG": "vi"}
    )
    address = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return Server(address, register, accounts, process)
        except OSError:
            assert process.poll() is None, process.stderr.read()
            time.sleep(0.05)
    process.kill()
    raise AssertionError("the server does not answer")


def stop(running):
    running.process.terminate()
    running.process.wait(20)
    running.process.stderr.close()


@dataclass
class Browsing:
    """A window of the browser on a server, and what went wrong in it: `wrong` must stay empty."""

    page: object
    address: str
    wrong: list = field(default_factory=list)

    def go(self, path="/"):
        """Open a page of the server."""
        return self.page.goto(self.address + path)

    def sign_in(self, name, password=PASSWORD):
        """Sign in as people do."""
        self.go("/sign-in")
        self.page.fill("#name", name)
        self.page.fill("#password", password)
        self.page.press("#password", "Enter")
        self.page.wait_for_url(lambda url: "/sign-in" not in url, wait_until="domcontentloaded")
        return self

    def faults(self):
        """What axe-core finds serious or critical: one line each."""
        from axe_playwright_python.sync_playwright import Axe

        found = Axe().run(self.page).response["violations"]
        return [
            f"{v['id']}: {v['help']}: {v['nodes'][0]['html'][:120]}"
            for v in found
            if v["impact"] in ("serious", "critical")
        ]

    def is_too_wide(self):
        """Whether the page must be scrolled sideways."""
        return self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1")
