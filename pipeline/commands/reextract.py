"""`congvan reextract`: read the stored texts anew after an update of the program; corrections stay."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.commands.ingest import tell
from pipeline.commands.options import now, register_option, say, timeout_option, workers_option
from pipeline.messages import text
from pipeline.speaking import Command, option


@click.command(cls=Command)
@option("--all", "everything", is_flag=True, help="reextract_all")
@workers_option
@timeout_option
@register_option
def command(register_path: Path, everything: bool, workers: int | None, timeout: int) -> int:
    """Only what another version extracted, or with `--all` everything."""
    from pipeline.ingest import reextract
    from pipeline.register import open_register, outdated
    from pipeline.version import fingerprinted_version
    from pipeline.workers import executor_of

    version = fingerprinted_version()
    with open_register(register_path, "write") as register:
        total = len(outdated(register, version, everything))
        if not total:
            say("reextract.nothing")
            return 0
        with executor_of(workers, total, timeout) as pool:
            seen = reextract(
                register, pool.executor, workers=pool.count, version=version, clock=now, everything=everything
            )
            tally = tell(seen, total, text("reextract.reading"))
    say("reextract.done", read=tally["read"], refused=tally["refused"], failed=tally["failed"])
    return 1 if tally["failed"] else 0
