"""`congvan verify`: whether the log of events and the register are as they were written."""

from __future__ import annotations

import re
from pathlib import Path

import click

from pipeline.commands.options import register_option, say
from pipeline.output import write_json
from pipeline.speaking import Command, WrongUsage, option

_HEAD = re.compile(r"(\d{1,18}):([0-9a-f]{64})")


@click.command(cls=Command)
@option("--head", metavar="NUMBER:HASH", help="head")
@option("--against", type=click.Path(path_type=Path), metavar="FILE", help="against")
@option("--json", "as_json", is_flag=True, help="json")
@register_option
def command(register_path: Path, head: str | None, against: Path | None, as_json: bool) -> int:
    """Exit code 1 where anything is not as it was written."""
    from pipeline.register import backup_head, check, open_register
    from pipeline.register.events import Head, verify_events

    if head and against:
        raise WrongUsage("usage.head_or_against")
    known = None
    if head:
        found = _HEAD.fullmatch(head.strip())
        if found is None:
            raise WrongUsage("usage.bad_head", value=head)
        known = Head(int(found[1]), found[2])
    if against:
        known = backup_head(against)
    with open_register(register_path) as register:
        result = verify_events(register, known)
        problems = check(register)
    mark = f"{result.head.events}:{result.head.hash}"
    broken = [{"problem": b.problem, "event": f"E{b.event}"} for b in result.breaks]
    if as_json:
        write_json(
            {"head": mark, "events": result.head.events, "erased": result.erased, "breaks": broken, "file": problems}
        )
    else:
        click.echo(mark)
    for one in broken:
        say(f"verify.{one['problem']}", event=one["event"])
    for problem in problems:
        say("verify.file", problem=problem)
    if result.erased:
        say("verify.erased", count=result.erased)
    if broken or problems:
        return 1
    say("verify.kept" if known else "verify.sound", count=result.head.events)
    return 0
