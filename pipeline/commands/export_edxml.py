"""`congvan export edxml`: a dispatch as a message between offices' systems."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pipeline.commands.options import opened, register_option, say
from pipeline.speaking import Command, argument, option


@click.command(cls=Command)
@argument("dispatch", metavar="DISPATCH")
@option("--to", "target", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="edxml_to")
@option("--with-file", is_flag=True, help="with_file")
@option("--force", is_flag=True, help="force")
@register_option
def command(dispatch: str, register_path: Path, target: Path | None, with_file: bool, force: bool) -> int:
    """By an id (D3), by printed number or by the path of its file."""
    from pipeline.export.edxml import edxml
    from pipeline.export.saving import save_bytes

    with opened(register_path) as register:
        made = edxml(register, dispatch, with_file=with_file)
    if target:
        save_bytes(made.data, target, replace=force)
        say("export.saved", path=target)
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(made.data)
    if made.received and made.changed:
        say("export.edxml_changed", elements=", ".join(made.changed))
    if made.unsigned:
        say("export.edxml_unsigned")
    return 0
