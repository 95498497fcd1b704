"""Địa chỉ lịch: calendar programs cannot sign in; each person may have one secret address part, kept hashed, that reads
calendars and nothing else, until the person takes it back or the account ends."""

from __future__ import annotations

import hashlib
import os
import resource
import threading
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path

from pipeline.followup.settings import Settings
from pipeline.web.accounts import Accounts
from pipeline.web.sessions import new_token
from pipeline.web.site import Site

_TABLE = (
    "CREATE TABLE IF NOT EXISTS feeds (person_id INTEGER PRIMARY KEY REFERENCES people (id) ON DELETE CASCADE,"
    " token TEXT NOT NULL UNIQUE, made_at TEXT NOT NULL)"
)
_IS_THERE = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'feeds'"
_MOST_KEPT, _MOST_BYTES = 32, 64 << 20
_SMALL = 1000  # duties of a body up to which its calendar is made in this process
_CPU_SECONDS, _MEMORY = 120, 2 << 30

Key = tuple[object, ...]


def give_feed(accounts: Accounts, person: int, now: str) -> str:
    """A new secret for somebody; the one before ends. It is told once."""
    token = new_token()
    with accounts.changing() as db:
        db.execute(_TABLE)
        db.execute(
            "INSERT OR REPLACE INTO feeds (person_id, token, made_at) VALUES (?, ?, ?)", (person, _kept(token), now)
        )
    return token


def end_feed(accounts: Accounts, person: int) -> None:
    """The secret of somebody is good for nothing any more."""
    with accounts.changing() as db:
        db.execute(_TABLE)
        db.execute("DELETE FROM feeds WHERE person_id = ?", (person,))


def feed_made_at(accounts: Accounts, person: int) -> str | None:
    """When somebody's secret was made; None where there is none."""
    if not accounts.rows(_IS_THERE):
        return None
    rows = accounts.rows("SELECT made_at FROM feeds WHERE person_id = ?", (person,))
    return str(rows[0]["made_at"]) if rows else None


def is_feed(accounts: Accounts, token: str) -> bool:
    """Whether it is the secret of somebody who may still sign in."""
    if not token or not accounts.rows(_IS_THERE):
        return False
    sql = "SELECT 1 FROM feeds f JOIN people p ON p.id = f.person_id WHERE f.token = ? AND NOT p.is_disabled"
    return bool(accounts.rows(sql, (_kept(token),)))


def _kept(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


class Calendars:
    """Calendars of bodies as they were made last, made anew where the register has changed: one at a time, a large one
    by a process of its own."""

    def __init__(self) -> None:
        self._kept: dict[Key, bytes] = {}
        self._one_at_a_time = threading.Lock()

    def of(self, site: Site, body: str, duties: int, as_of: date) -> bytes | None:
        """The calendar of a body; None where it takes too long."""
        key = (str(site.book.path), body, as_of, site.book.stamp())
        with self._one_at_a_time:
            if key not in self._kept:
                made = _made(site, body, duties, as_of)
                if made is None:
                    return None
                self._keep(key, made)
            return self._kept[key]

    def _keep(self, key: Key, made: bytes) -> None:
        for old in [kept for kept in self._kept if kept[:3] == key[:3]]:
            del self._kept[old]
        while self._kept and (
            len(self._kept) >= _MOST_KEPT or sum(map(len, self._kept.values())) + len(made) > _MOST_BYTES
        ):
            del self._kept[next(iter(self._kept))]
        self._kept[key] = made


def _made(site: Site, body: str, duties: int, as_of: date) -> bytes | None:
    from pipeline.export.calendar import feed

    if duties <= _SMALL:
        with site.book.reading() as register:
            return feed(register, body, as_of, site.office)
    with ProcessPoolExecutor(1, get_context("spawn")) as beside:
        try:
            return beside.submit(make_beside, site.book.path, site.office, body, as_of).result()
        except (BrokenExecutor, MemoryError):
            return None


def make_beside(path: Path, office: Settings, body: str, as_of: date) -> bytes:
    """A calendar made in this process, which gives way to others and ends when it takes too long."""
    from pipeline.export.calendar import feed
    from pipeline.register import open_register

    os.nice(5)
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    with open_register(path) as register:
        register.count_by(office.calendar)
        return feed(register, body, as_of, office)
