"""Danh sách đã lưu: lists that people keep by name: their filters, never their rows. They lie beside the accounts."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from starlette.exceptions import HTTPException
from starlette.responses import Response

from pipeline.errors import CongvanError
from pipeline.web.accounts import Accounts
from pipeline.web.asking import Ask, action, page
from pipeline.web.wanted import Wanted, read_wanted

_LONGEST_NAME = 80
MOST = 50  # of one person
_TABLE = (
    "CREATE TABLE IF NOT EXISTS views (id INTEGER PRIMARY KEY AUTOINCREMENT, person_id INTEGER NOT NULL"
    " REFERENCES people (id) ON DELETE CASCADE, name TEXT NOT NULL, address TEXT NOT NULL,"
    " is_shared INTEGER NOT NULL, UNIQUE (person_id, name))"
)
_IS_THERE = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'views'"


class ViewRefused(CongvanError):
    """A list that cannot be kept so: without a name, or one too many (details: most)."""

    code = "view_refused"


@dataclass(frozen=True, slots=True)
class View:
    """A list that somebody keeps: `address` are its parameters; `owner` is how whose it is is shown."""

    id: int
    person: int
    owner: str
    name: str
    address: str
    is_shared: bool


class Views:
    """The lists that people keep, in the file of the accounts."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts

    def seen_by(self, person: int) -> list[View]:
        """Somebody's own by name, then what others share."""
        return self._found("v.person_id = ? OR v.is_shared", (person,), f"v.person_id <> {int(person)}, v.name")

    def find(self, number: int, person: int) -> View | None:
        """One that this person may see."""
        found = self._found("v.id = ? AND (v.person_id = ? OR v.is_shared)", (number, person), "v.id")
        return found[0] if found else None

    def keep(self, person: int, name: str, address: str, is_shared: bool) -> None:
        """Keep a list; one of the same name is replaced. Raises ViewRefused."""
        name = " ".join(name.split())
        if not 0 < len(name) <= _LONGEST_NAME or not name.isprintable():
            raise ViewRefused(most=MOST)
        with self._accounts.changing() as db:
            db.execute(_TABLE)
            own = db.execute("SELECT count(*) FROM views WHERE person_id = ? AND name <> ?", (person, name))
            if own.fetchone()[0] >= MOST:
                raise ViewRefused(most=MOST)
            db.execute(
                "INSERT INTO views (person_id, name, address, is_shared) VALUES (?, ?, ?, ?) ON CONFLICT"
                " (person_id, name) DO UPDATE SET address = excluded.address, is_shared = excluded.is_shared",
                (person, name, address, is_shared),
            )

    def drop(self, number: int, person: int) -> None:
        """Keep one's own list no longer."""
        with self._accounts.changing() as db:
            db.execute(_TABLE)
            db.execute("DELETE FROM views WHERE id = ? AND person_id = ?", (number, person))

    def _found(self, where: str, values: tuple[object, ...], order: str) -> list[View]:
        if not self._accounts.rows(_IS_THERE):
            return []
        rows = self._accounts.rows(
            f"SELECT v.*, p.shown FROM views v JOIN people p ON p.id = v.person_id WHERE {where} ORDER BY {order}",
            values,
        )
        return [_view(row) for row in rows]


def _view(row: sqlite3.Row) -> View:
    return View(row["id"], row["person_id"], row["shown"], row["name"], row["address"], bool(row["is_shared"]))


def kept_address(what: Wanted) -> str:
    """The parameters of a list that are worth keeping: all but the day, so that it is always of today."""
    return urlencode({name: value for name, value in what.given.items() if name != "as_of"})


def views_of(ask: Ask) -> list[View]:
    """What the person who asks has kept, and what others share; nothing for those who have no account."""
    return Views(ask.site.accounts).seen_by(ask.person.id) if ask.person else []


def view(ask: Ask) -> Response:
    """A kept list, under an address that stays."""
    found = Views(ask.site.accounts).find(_number(ask), ask.person.id) if ask.person else None
    if found is None:
        raise HTTPException(404)
    return ask.go(ask.url("tasks", q=dict(parse_qsl(found.address))))


def keep_view(ask: Ask) -> Response:
    """Keep a list by a name."""
    if ask.person is None:
        raise HTTPException(403)
    what = read_wanted(dict(parse_qsl(ask.given("address")[:5000])), ask.site.office, ask.today)
    is_shared = bool(ask.given("shared")) and (ask.may("correct") or ask.may("follow"))
    address = kept_address(what)
    Views(ask.site.accounts).keep(ask.person.id, ask.given("name"), address, is_shared)
    return ask.go(ask.url("tasks", q=dict(parse_qsl(address))), "web.views.kept", name=ask.given("name"))


def drop_view(ask: Ask) -> Response:
    """Keep a list no longer."""
    if ask.person is None:
        raise HTTPException(403)
    Views(ask.site.accounts).drop(_number(ask), ask.person.id)
    return ask.go(ask.url("tasks"), "web.views.dropped")


def _number(ask: Ask) -> int:
    part = ask.part("id")
    if not (part.isascii() and part.isdecimal() and len(part) < 12):
        raise HTTPException(404)
    return int(part)


routes = [
    page("/tasks/views/{id}", view),
    action("/tasks/views", keep_view, needs="read"),
    action("/tasks/views/{id}/drop", drop_view, needs="read"),
]
