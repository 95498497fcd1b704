"""`congvan suggest-rules`: what people's corrections would have the lexicon know."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.commands.options import opened, register_option
from pipeline.messages import text
from pipeline.output import shortened, write_json
from pipeline.speaking import Command, Number, option

if TYPE_CHECKING:
    from pipeline.learning.suggesting import Suggestion

_SHOWN = 10


@click.command(cls=Command)
@option("--least", type=Number(2), metavar="NUMBER", default=3, help="least")
@option("--json", "as_json", is_flag=True, help="json")
@register_option
def command(least: int, as_json: bool, register_path: Path) -> int:
    """Show, never change."""
    from pipeline.learning.suggesting import suggestions

    with opened(register_path) as register:
        found = suggestions(register, least=least)
    if as_json:
        write_json([asdict(one) for one in found])
    elif found:
        click.echo("\n\n".join(_told(one) for one in found))
    else:
        click.echo(text("suggest.none", least=least))
    return 0


def _told(one: Suggestion) -> str:
    lines = [text(f"suggest.{one.kind}", times=one.times, words=one.words, becomes=one.becomes, entry=one.entry)]
    examples = "; ".join(f"{target} “{shortened(words, 60)}”" for target, words, _ in one.examples)
    lines.append(text("suggest.examples", examples=examples))
    if one.touches:
        lines.append(text("suggest.touches", count=len(one.touches), ids=_some(one.touches)))
    else:
        lines.append(text("suggest.unknown_reach" if one.kind in ("pattern", "verb") else "suggest.touches_none"))
    if one.against:
        lines.append(text("suggest.against", count=len(one.against), ids=_some(one.against)))
    lines.append(text("suggest.file", file=one.file) if one.file else text("suggest.no_file"))
    lines += [f"    {line}" for line in one.text.splitlines()]
    return "\n".join(lines)


def _some(ids: tuple[str, ...]) -> str:
    return ", ".join(ids[:_SHOWN]) + (" …" if len(ids) > _SHOWN else "")
