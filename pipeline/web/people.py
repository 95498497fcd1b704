"""Người dùng: who has an account, for those who look after the accounts."""

from __future__ import annotations

from typing import cast

from starlette.responses import Response

from pipeline.messages import text, value_text
from pipeline.web.asking import Ask, action, page
from pipeline.web.passwords import LEAST
from pipeline.web.rights import ROLES, Role
from pipeline.web.site import MenuEntry


def people(ask: Ask) -> Response:
    """Everybody, with role and whether they may sign in; a form for a new one."""
    accounts = ask.site.accounts
    found = {"people": accounts.people(), "changes": accounts.changes()}
    return ask.page("people.html", **found, did=_did, roles=ROLES, least=LEAST)


def _did(change: str) -> str:
    """What was done to an account ("role clerk") in the words of the language."""
    what, _, role = change.partition(" ")
    return text(f"web.people.did.{what}", role=value_text("account_role", role) if role else "")


def add_person(ask: Ask) -> Response:
    """A new account."""
    password = ask.form.get("password", "")
    person = ask.site.accounts.add(
        ask.given("name"),
        cast("Role", ask.given("role")),
        password if isinstance(password, str) else "",
        shown=ask.given("shown"),
        by=ask.who,
        now=ask.now,
    )
    return ask.go(ask.url("people"), "web.people.added", name=person.shown)


def change_person(ask: Ask) -> Response:
    """Another role, another password, signing in allowed or not."""
    accounts, name, change = ask.site.accounts, ask.part("name"), ask.given("change")
    if change == "role":
        accounts.give_role(name, cast("Role", ask.given("role")), by=ask.who, now=ask.now)
    elif change == "disable":
        accounts.disable(name, by=ask.who, now=ask.now)
    elif change == "enable":
        accounts.enable(name, by=ask.who, now=ask.now)
    elif change == "password":
        accounts.give_password(name, str(ask.form.get("password", "")), by=ask.who, now=ask.now)
    return ask.go(ask.url("people"), "web.people.changed", name=name)


menu = (MenuEntry("people", "web.menu.people", "manage"),)
routes = [
    page("/people", people, needs="manage"),
    action("/people", add_person, needs="manage"),
    action("/people/{name}", change_person, needs="manage"),
]
