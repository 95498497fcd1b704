"""Phiên làm việc: who has signed in. The browser holds a random token; the file of accounts holds only its hash."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable

from pipeline.errors import CongvanError
from pipeline.web.accounts import Accounts, Person, person_of

IDLE_SECONDS = 2 * 3600
LONGEST_SECONDS = 12 * 3600
WINDOW_SECONDS = 15 * 60
MOST_FOR_NAME, MOST_FROM_ADDRESS = 8, 30  # wrong passwords in a window
_TOUCH_SECONDS = 60


class TooManyAttempts(CongvanError):
    """Too many wrong passwords for this name or from this address (details: minutes)."""

    code = "too_many_attempts"


class Sessions:
    """Signing in and out, by the accounts of one file. `clock` gives seconds."""

    def __init__(self, accounts: Accounts, clock: Callable[[], float] = time.time) -> None:
        self.accounts = accounts
        self.clock = clock

    def sign_in(self, name: str, password: str, address: str) -> tuple[str, Person] | None:
        """A new token, whatever the browser had before, and who it is; None where name or password are wrong. Raises
        TooManyAttempts."""
        if not self.accounts.are_there():
            return None
        name = name.strip().lower()[:64]
        self._count(name, address)
        person = self.accounts.recognised(name, password)
        if person is None:
            return None
        token = new_token()
        now = self.clock()
        with self.accounts.changing() as db:
            db.execute("DELETE FROM attempts WHERE name = ?", (name,))
            oldest = (now - LONGEST_SECONDS, now - IDLE_SECONDS)
            db.execute("DELETE FROM sessions WHERE started < ? OR seen < ?", oldest)
            db.execute("INSERT INTO sessions VALUES (?, ?, ?, ?)", (_kept(token), person.id, now, now))
        return token, person

    def find(self, token: str) -> Person | None:
        """Whose token it is, while it lasts."""
        now = self.clock()
        rows = self.accounts.rows(
            "SELECT p.*, s.seen FROM sessions s JOIN people p ON p.id = s.person_id"
            " WHERE s.token = ? AND s.started >= ? AND s.seen >= ? AND NOT p.is_disabled",
            (_kept(token), now - LONGEST_SECONDS, now - IDLE_SECONDS),
        )
        if not rows:
            return None
        if rows[0]["seen"] < now - _TOUCH_SECONDS:
            with self.accounts.changing() as db:
                db.execute("UPDATE sessions SET seen = ? WHERE token = ?", (now, _kept(token)))
        return person_of(rows[0])

    def sign_out(self, token: str) -> None:
        """Let a token end."""
        with self.accounts.changing() as db:
            db.execute("DELETE FROM sessions WHERE token = ?", (_kept(token),))

    def _count(self, name: str, address: str) -> None:
        """Note an attempt before the password is looked at, so that many at once are counted too."""
        now = self.clock()
        with self.accounts.changing() as db:
            db.execute("DELETE FROM attempts WHERE at < ?", (now - WINDOW_SECONDS,))
            mine, here = db.execute(
                "SELECT coalesce(sum(name = ?), 0), coalesce(sum(address = ?), 0) FROM attempts", (name, address)
            ).fetchone()
            if mine >= MOST_FOR_NAME or here >= MOST_FROM_ADDRESS:
                raise TooManyAttempts(minutes=WINDOW_SECONDS // 60)
            db.execute("INSERT INTO attempts VALUES (?, ?, ?)", (now, name, address))


def new_token() -> str:
    """A token that nobody guesses."""
    return secrets.token_urlsafe(32)


def csrf_of(token: str) -> str:
    """What a form must hold to be one of the browser with this token."""
    return hmac.new(token.encode(), b"congvan form", hashlib.sha256).hexdigest()


def is_csrf(token: str, given: str) -> bool:
    """Whether a form came from a page of ours, shown to this browser."""
    return hmac.compare_digest(csrf_of(token).encode(), given.encode("utf-8", "replace"))


def _kept(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
