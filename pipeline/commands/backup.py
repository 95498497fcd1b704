"""`congvan backup`: a checked copy of the register."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.commands.options import now, register_option, say
from pipeline.speaking import Command, argument, option


@click.command(cls=Command)
@argument("target", metavar="FILE", type=click.Path(path_type=Path), required=False)
@option("--overwrite", is_flag=True, help="overwrite")
@register_option
def command(target: Path | None, register_path: Path, overwrite: bool) -> int:
    """Beside the register, named after the moment, where no file is given. Prints the path of the copy."""
    from pipeline.register import backup

    stamp = now()[:19].replace(":", "").replace("-", "").replace("T", "-")
    made = backup(
        register_path, target or register_path.with_name(f"{register_path.stem}-{stamp}.db"), overwrite=overwrite
    )
    click.echo(made)
    say("backup.done", path=made)
    return 0
