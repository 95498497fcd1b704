"""`congvan user`: who may use the register in a browser, and as what."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import cast

import click

from pipeline.commands.options import by_option, form_options, now, person, say
from pipeline.commands.web import accounts_option
from pipeline.messages import text, value_text
from pipeline.output import Column, Form, show_rows
from pipeline.speaking import Choice, Command, Program, WrongUsage, argument, option
from pipeline.web.rights import ROLES, Role

ACTIONS = ("add", "list", "role", "disable", "enable", "password", "remove")
COLUMNS = (
    Column("name", fixed=True),
    Column("shown", ratio=4),
    Column("role", lambda row: value_text("account_role", row["role"]), width=20),
    Column("disabled", lambda row: text("user.disabled") if row["disabled"] else "", width=12),
)


@click.command(
    cls=Program,
    name="user",
    under="user",
    modules={name: f"pipeline.commands.user:{name}_person" for name in ACTIONS},
    no_args_is_help=True,
)
def command() -> None:
    """All that can be done with accounts."""


name_argument = argument("name", metavar="ACCOUNT")
role_option = option("--role", type=Choice(list(ROLES)), required=True, help="account_role")


@click.command(cls=Command)
@name_argument
@role_option
@option("--shown", metavar="NAME", default="", help="account_shown")
@accounts_option
@by_option
def add_person(name: str, role: str, shown: str, accounts_path: Path, who: str | None) -> int:
    """The password is asked for, or read from standard input."""
    from pipeline.web.accounts import Accounts

    made = Accounts(accounts_path).add(
        name, cast("Role", role), _new_password(), shown=shown, by=person(who), now=now()
    )
    say("user.added", name=made.name, role=value_text("account_role", made.role))
    return 0


@click.command(cls=Command)
@form_options
@accounts_option
def list_person(accounts_path: Path, form: Form) -> int:
    """By name."""
    from pipeline.web.accounts import Accounts

    rows = [
        {"name": one.name, "shown": one.shown, "role": one.role, "disabled": one.is_disabled}
        for one in Accounts(accounts_path).people()
    ]
    show_rows(rows, COLUMNS, form, title=text("user.title", count=len(rows)))
    return 0


@click.command(cls=Command)
@name_argument
@argument("role", metavar="ROLE", type=Choice(list(ROLES)))
@accounts_option
@by_option
def role_person(name: str, role: str, accounts_path: Path, who: str | None) -> int:
    """Whoever has signed in signs in anew."""
    from pipeline.web.accounts import Accounts

    Accounts(accounts_path).give_role(name, cast("Role", role), by=person(who), now=now())
    say("user.role", name=name, role=value_text("account_role", role))
    return 0


@click.command(cls=Command)
@name_argument
@accounts_option
@by_option
def disable_person(name: str, accounts_path: Path, who: str | None) -> int:
    """At once, wherever they have signed in."""
    from pipeline.web.accounts import Accounts

    Accounts(accounts_path).disable(name, by=person(who), now=now())
    say("user.is_disabled", name=name)
    return 0


@click.command(cls=Command)
@name_argument
@accounts_option
@by_option
def enable_person(name: str, accounts_path: Path, who: str | None) -> int:
    """With the same password."""
    from pipeline.web.accounts import Accounts

    Accounts(accounts_path).enable(name, by=person(who), now=now())
    say("user.is_enabled", name=name)
    return 0


@click.command(cls=Command)
@name_argument
@accounts_option
@by_option
def password_person(name: str, accounts_path: Path, who: str | None) -> int:
    """Asked for, or read from standard input."""
    from pipeline.web.accounts import Accounts

    accounts = Accounts(accounts_path)
    accounts.find(name)
    accounts.give_password(name, _new_password(), by=person(who), now=now())
    say("user.has_password", name=name)
    return 0


@click.command(cls=Command)
@name_argument
@accounts_option
@by_option
def remove_person(name: str, accounts_path: Path, who: str | None) -> int:
    """What they did stays signed with their name."""
    from pipeline.web.accounts import Accounts

    Accounts(accounts_path).remove(name, by=person(who), now=now())
    say("user.removed", name=name)
    return 0


def _new_password() -> str:
    """Typed twice without being shown; from a pipe its first line. Never an argument, which other users could see."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = click.prompt(text("user.password"), hide_input=True, err=True)
    again = click.prompt(text("user.password_again"), hide_input=True, err=True)
    if first != again:
        raise WrongUsage("usage.passwords_differ")
    return str(first)
