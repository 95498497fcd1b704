"""What the commands have in common by which a person says what happened to a duty."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pipeline.commands.options import by_option, now, office, opened, person, register_option, say, why_option
from pipeline.messages import value_text
from pipeline.output import day as shown_day
from pipeline.speaking import Date, Number, argument, option

if TYPE_CHECKING:
    from pipeline.followup.states import Kind

F = TypeVar("F", bound=Callable[..., Any])


def event_options(command: F) -> F:
    """The duty, and what every event has: a day, a proof, who and why, and what was seen before."""
    for decorate in (
        register_option,
        why_option,
        by_option,
        option("--seen", type=Number(0), metavar="NUMBER", help="seen"),
        option("--body", "of", metavar="BODY", help="of_body"),
        option("--proof", metavar="DISPATCH", help="proof"),
        option("--on", "on", type=Date(), metavar="DATE", help="on"),
    ):
        command = decorate(command)
    return command


def duty_argument(command: F) -> F:
    """The duty or occurrence that is meant."""
    return argument("target", metavar="ID")(command)


def enter(
    kind: Kind,
    target: str,
    register_path: Path,
    *,
    on: str | None,
    proof: str | None,
    of: str | None,
    seen: int | None,
    who: str | None,
    why: str,
    due: str | None = None,
    to: str | None = None,
    is_new: bool = False,
) -> int:
    """Enter one event and say how to take it back."""
    from pipeline.followup.recording import Entry, enter_event

    entry = Entry(kind, target, on, due, to, is_new, proof, of, seen)
    with opened(register_path, "write") as register:
        made = enter_event(register, entry, office(), who=person(who), now=now(), why=why)
    say("event.done", id=made.duty, event=value_text("event", kind), day=shown_day(made.day), made=made.event)
    return 0
