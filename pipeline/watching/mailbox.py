"""Hộp thư: new mails of an IMAP mailbox, each put into a folder as an EML file, the mailbox itself left as it is."""

from __future__ import annotations

import datetime as dt
import imaplib
import json
import os
import re
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from pipeline.errors import CongvanError
from pipeline.reading.bytes import MAX_BYTES

PASSWORD = "CONGVAN_IMAP_PASSWORD"
EVERY = 60.0
FIRST_DAYS = 30  # how far back a mailbox is read that was never read before
_NETWORK_SECONDS = 30
_LONGEST_PAUSE = 600.0
_STATE = ".congvan-mail.json"
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class BadMailbox(CongvanError):
    """The address of a mailbox cannot be used (details: address, problem)."""

    code = "bad_mailbox"


class NoMailPassword(CongvanError):
    """The password is not in the environment (details: variable)."""

    code = "no_mail_password"


class MailRefused(CongvanError):
    """The mail server refuses the user, the password or the mailbox (details: address, problem)."""

    code = "mail_refused"


class MailUnreachable(CongvanError):
    """The mail server does not answer, or stopped doing so (details: address, problem)."""

    code = "mail_unreachable"


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where mails come in: `imaps://user@host:port/INBOX`. Without encryption only on this very machine."""

    host: str
    port: int
    user: str
    name: str
    encrypted: bool

    @property
    def address(self) -> str:
        """The mailbox as it may be shown."""
        return f"imap{'s' * self.encrypted}://{self.user}@{self.host}:{self.port}/{self.name}"


def parse_mailbox(address: str) -> Mailbox:
    """A mailbox from its address. Raises BadMailbox.

    >>> parse_mailbox("imaps://vanthu%40so.example@mail.so.example").address
    'imaps://vanthu@so.example@mail.so.example:993/INBOX'
    """
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise BadMailbox(address=address, problem=str(error)) from error
    if parts.scheme not in ("imap", "imaps") or not parts.hostname or not parts.username:
        raise BadMailbox(address=_without_password(address), problem="imaps://user@host/INBOX")
    if parts.password is not None:
        raise BadMailbox(address=_without_password(address), problem=f"password -> {PASSWORD}")
    encrypted = parts.scheme == "imaps"
    if not encrypted and parts.hostname not in _LOOPBACK:
        raise BadMailbox(address=address, problem="imaps://")
    name = unquote(parts.path.strip("/")) or "INBOX"
    return Mailbox(parts.hostname, port or (993 if encrypted else 143), unquote(parts.username), name, encrypted)


def _without_password(address: str) -> str:
    return re.sub(r"(?<=//)([^:/@]*):[^@]*@", r"\1:…@", address)


def fetch(mailbox: Mailbox, folder: Path, *, today: dt.date) -> list[Path]:
    """Put the mails that are new since the last time into the folder; their files, oldest first.

    A mail that is larger than any file may be stays where it is: its file holds its head alone. Raises MailRefused,
    MailUnreachable; what was saved by then counts as fetched.
    """
    folder.mkdir(parents=True, exist_ok=True)
    saved = []
    with _session(mailbox) as (server, validity):
        state = _load(folder)
        last = state.get(mailbox.address, {})
        known = last.get("uid", 0) if last.get("validity") == validity else None
        for uid in _new(server, known, today):
            path = folder / f"{validity}-{uid}.eml"
            if not path.exists():
                _save(path, _message(server, uid))
            saved.append(path)
            state[mailbox.address] = {"validity": validity, "uid": uid}
            _save(folder / _STATE, json.dumps(state, indent=1).encode())
    return saved


def keep_fetching(
    mailbox: Mailbox,
    folder: Path,
    stop: threading.Event,
    tell: Callable[[CongvanError], None],
    *,
    today: Callable[[], dt.date],
    every: float = EVERY,
) -> None:
    """Fetch until `stop` is set. Trouble is told once and tried again, at growing intervals."""
    pause, told = every, None
    while not stop.wait(pause):
        try:
            fetch(mailbox, folder, today=today())
            pause, told = every, None
        except CongvanError as error:
            if told != str(error):
                tell(error)
            pause, told = min(2 * pause, max(every, _LONGEST_PAUSE)), str(error)


@contextmanager
def _session(mailbox: Mailbox) -> Iterator[tuple[imaplib.IMAP4, str]]:
    """The server with the mailbox open for reading, and the mark under which its numbers hold."""
    password = os.environ.get(PASSWORD)
    if password is None:
        raise NoMailPassword(variable=PASSWORD)
    try:
        if mailbox.encrypted:
            context = ssl.create_default_context()
            server: imaplib.IMAP4 = imaplib.IMAP4_SSL(
                mailbox.host, mailbox.port, ssl_context=context, timeout=_NETWORK_SECONDS
            )
        else:
            server = imaplib.IMAP4(mailbox.host, mailbox.port, timeout=_NETWORK_SECONDS)
        with server:
            server.login(mailbox.user, password)
            _must(server.select(f'"{mailbox.name}"', readonly=True))
            _, found = server.response("UIDVALIDITY")
            yield server, (found[0] or b"0").decode()
    except imaplib.IMAP4.abort as error:
        raise MailUnreachable(address=mailbox.address, problem=_words(error)) from error
    except imaplib.IMAP4.error as error:
        raise MailRefused(address=mailbox.address, problem=_words(error)) from error
    except OSError as error:
        problem = error.strerror or type(error).__name__
        raise MailUnreachable(address=mailbox.address, problem=problem) from error


def _new(server: imaplib.IMAP4, known: int | None, today: dt.date) -> list[int]:
    """The numbers of the mails that came after `known`; of a mailbox never read, those of the last days."""
    if known is None:
        since = today - dt.timedelta(FIRST_DAYS)
        found = _must(server.uid("SEARCH", f"SINCE {since.day}-{_MONTHS[since.month - 1]}-{since.year}"))
    else:
        found = _must(server.uid("SEARCH", f"UID {known + 1}:*"))
    numbers = sorted(int(number) for number in (found[0] or b"").split())
    return [number for number in numbers if number > (known or 0)]  # "9:*" names the last one even if it is 5


def _message(server: imaplib.IMAP4, uid: int) -> bytes:
    sizes = _must(server.uid("FETCH", str(uid), "(RFC822.SIZE)"))
    size = re.search(rb"RFC822\.SIZE (\d+)", sizes[0] if isinstance(sizes[0], bytes) else b"")
    part = "BODY.PEEK[HEADER]" if size and int(size[1]) > MAX_BYTES else "BODY.PEEK[]"
    for piece in _must(server.uid("FETCH", str(uid), f"({part})")):
        if isinstance(piece, tuple):
            return bytes(piece[1])
    raise imaplib.IMAP4.abort("no message in the answer")


def _must(answer: tuple[str, Any]) -> Any:
    status, found = answer
    if status != "OK":
        raise imaplib.IMAP4.error(found[0] if found else status)
    return found


def _words(error: Exception) -> str:
    said = error.args[0] if error.args else type(error).__name__
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)


def _load(folder: Path) -> dict[str, Any]:
    try:
        return dict(json.loads((folder / _STATE).read_text("utf-8")))
    except (OSError, ValueError):
        return {}


def _save(path: Path, data: bytes) -> None:
    """Whole or not at all; nobody else may read a mail."""
    beside = path.with_name(f".{path.name}.part")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)
