"""`congvan export dataset`: the register without personal data, for researchers."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.commands.options import read_through, register_option, say
from pipeline.speaking import Command, option

FOLDER = Path("outputs/dataset")


@click.command(cls=Command)
@option("--to", "folder", type=click.Path(path_type=Path), metavar="FOLDER", default=FOLDER, help="dataset_to")
@option("--with-quotes", "with_quotes", is_flag=True, help="with_quotes")
@option("--force", is_flag=True, help="force")
@register_option
def command(register_path: Path, folder: Path, with_quotes: bool, force: bool) -> int:
    """CSV and Parquet, with datapackage.json, a data dictionary, README and licence."""
    from pipeline.export.dataset import write_dataset

    with read_through(register_path) as register:
        written = write_dataset(register, folder, with_quotes=with_quotes, replace=force)
    count = written.rows
    say("export.dataset", path=folder, dispatches=count["dispatches"], obligations=count["obligations"])
    say("export.dataset_quotes" if with_quotes else "export.dataset_no_quotes")
    return 0
