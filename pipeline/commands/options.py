"""Options that several commands take, and what they stand for."""

from __future__ import annotations

import datetime as dt
import getpass
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import click

from pipeline.errors import NoSuchBody
from pipeline.messages import text
from pipeline.speaking import Choice, Date, Number, WrongUsage, option

if TYPE_CHECKING:
    from pipeline.followup.settings import Settings
    from pipeline.register import Register

F = TypeVar("F", bound=Callable[..., Any])

register_option = option(
    "--register",
    "register_path",
    type=click.Path(path_type=Path),
    envvar="CONGVAN_REGISTER",
    default=Path("outputs/register.db"),
    help="register",
)
# taken and not used, so that a script may give it to every command
no_register_option = option("--register", expose_value=False, hidden=True)
as_of_option = option("--as-of", "as_of", type=Date(), metavar="DATE", default=lambda: today(), help="as_of")
policy_option = option(
    "--policy",
    type=Choice(["strict", "lenient"]),
    envvar="CONGVAN_POLICY",
    default=lambda: office().before,
    help="policy",
)
limit_option = option("--limit", type=Number(), metavar="NUMBER", help="limit")
workers_option = option("--workers", type=Number(0), metavar="NUMBER", help="workers")
timeout_option = option("--timeout", type=Number(), metavar="SECONDS", default=120, help="timeout")
by_option = option("--by", "who", metavar="NAME", help="by")
why_option = option("--why", metavar="TEXT", default="", help="why")


def form_options(command: F) -> F:
    """How a list is printed: a table unless told otherwise."""
    for names, form in (("--tsv", "tsv"), ("--csv", "csv"), ("--nl", "nl"), ("--json", "json")):
        command = option(names, "form", flag_value=form, help=form)(command)
    return option("-t", "--table", "form", flag_value="table", default="table", help="table")(command)


def filter_options(command: F) -> F:
    """What restricts a list of tasks."""
    for name, kind, metavar in reversed(
        [
            ("body", str, "BODY"),
            ("issuer", str, "BODY"),
            ("type", str, "TYPE"),
            ("issued-from", Date(), "DATE"),
            ("issued-to", Date(), "DATE"),
            ("due-from", Date(), "DATE"),
            ("due-to", Date(), "DATE"),
            ("text", str, "WORDS"),
            ("dispatch", str, "DISPATCH"),
            ("year", Number(), "YEAR"),
            ("role", Choice(["lead", "coordinating", "informed"]), None),
            ("duty", str, "DUTY"),
        ]
    ):
        command = option(f"--{name}", type=kind, metavar=metavar, help=f"filter_{name.replace('-', '_')}")(command)
    command = option("--no-lead", "unnamed", is_flag=True, help="filter_no_lead")(command)
    return option("--duties/--urgings", "checkable", default=None, help="filter_checkable")(command)


def standing_options(command: F) -> F:
    """What restricts a list of duties by how they stand on a day."""
    for name, choices in reversed(
        [
            ("standing", ["waiting", "started", "reported", "done", "suspended", "withdrawn", "superseded"]),
            (
                "timeliness",
                ["in_time", "soon", "today", "late", "no_limit", "no_day", "on_time", "done_late", "lapsed"],
            ),
            ("window", ["late", "week", "month", "quarter", "later", "no_day"]),
        ]
    ):
        command = option(f"--{name}", type=Choice(choices), help=f"filter_{name}")(command)
    return command


def office() -> Settings:
    """The settings of this office."""
    from pipeline.followup.settings import load_settings

    return load_settings()


def settings_for(policy: str) -> Settings:
    """The settings of this office, with the way of counting that was asked for."""
    return replace(office(), before=policy)  # type: ignore[arg-type]


def opened(path: Path, mode: Literal["read", "write", "create"] = "read") -> Register:
    """The register at a path, counting days by this office's calendar."""
    from pipeline.register import open_register

    calendar = office().calendar
    register = open_register(path, mode)
    register.count_by(calendar)
    return register


def read_through(path: Path) -> Register:
    """The same for whoever reads it from one end to the other: little of it is kept, since nothing is read again."""
    register = opened(path)
    register.connection.execute("PRAGMA cache_size = -4000")
    return register


def today() -> str:
    """Today where the user is, as an ISO day."""
    return dt.date.today().isoformat()


def now() -> str:
    """This moment, with the offset of the user's time zone."""
    return dt.datetime.now().astimezone().isoformat(timespec="seconds")


def person(who: str | None) -> str:
    """Who corrects: the name given, else the login name."""
    if who and who.strip():
        return who.strip()
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        raise WrongUsage("usage.who") from None


def say(code: str, **details: object) -> None:
    """Words for the user, on standard error."""
    click.echo(text(code, **details), err=True)


def say_more(shown: int, total: int) -> None:
    """Say where a limit left rows out."""
    if shown < total:
        say("list.more", shown=shown, total=total)


def require_body(register: Register, body: str | None, as_of: str) -> None:
    """Raises NoSuchBody where a body is asked for that neither the register nor the list of bodies has: what is handed
    on must not be empty because of a slip."""
    from pipeline.followup.holders import is_gazetted, is_known

    if body is not None and not is_known(register, body, dt.date.fromisoformat(as_of)) and not is_gazetted(body):
        raise NoSuchBody(name=body)


def say_no_body(register: Register, body: str | None, as_of: str) -> None:
    """Say of a list that is empty where that is because the register has no such body."""
    from pipeline.followup.holders import is_known

    if body is not None and not is_known(register, body, dt.date.fromisoformat(as_of)):
        say("error.no_such_body", name=body)


def policy_line(policy: str) -> str:
    """How "trước ngày D" is counted: printed wherever a list depends on it."""
    return text(f"policy.{policy}")
