"""`congvan watch`: what appears in a folder or comes by mail goes into the register.

Exit code 0 when it is stopped from the keyboard or by the system (SIGTERM), whatever files failed: that was said as it
happened, and `congvan failures` lists it.
"""

from __future__ import annotations

import datetime as dt
import os
import signal
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.commands.ingest import INBOX, count, is_register, told, wanted_here
from pipeline.commands.options import (
    now,
    opened,
    register_option,
    say,
    timeout_option,
    today,
    workers_option,
)
from pipeline.errors import CongvanError, NothingThere
from pipeline.messages import error_text
from pipeline.output import near
from pipeline.speaking import Command, argument, option

if TYPE_CHECKING:
    from pipeline.ingest import Seen
    from pipeline.watching.mailbox import Mailbox
    from pipeline.workers import Pool

_MANY = 1000  # files to come: as many readers as there are cores


@click.command(cls=Command)
@argument("paths", metavar="PATH...", nargs=-1)
@option("--mailbox", metavar="MAILBOX", help="mailbox")
@option("--mail-folder", type=click.Path(path_type=Path), metavar="FOLDER", help="mail_folder")
@option("--poll", "polling", is_flag=True, help="polling")
@register_option
@workers_option
@timeout_option
def command(
    paths: tuple[str, ...],
    mailbox: str | None,
    mail_folder: Path | None,
    polling: bool,
    register_path: Path,
    workers: int | None,
    timeout: int,
) -> int:
    """Read what is there, then whatever comes, until told to stop."""
    from pipeline.watching.folder import batches
    from pipeline.watching.mailbox import parse_mailbox
    from pipeline.workers import executor_of

    roots = [os.path.abspath(path) for path in paths or (INBOX,)]
    if missing := [root for root in roots if not os.path.isdir(root)]:
        raise NothingThere(path=", ".join(missing))
    source = parse_mailbox(mailbox) if mailbox else None
    mails = (mail_folder or Path(roots[0], "mail")).absolute()
    roots += [str(mails)] if source and not any(mails.is_relative_to(root) for root in roots) else []
    tally: Counter[str] = Counter()
    with (
        _told_to_stop() as stop,
        suppress(_Stopped),
        _fetching(source, mails, stop),
        executor_of(workers, _MANY, timeout) as pool,
    ):
        say("watch.started", paths=", ".join(map(near, roots)))
        for batch in batches(roots, stop, polling=polling):
            for seen in _ingested(batch, roots, register_path, pool):
                count(tally, seen)
                _tell(seen, mails if source else None)
                if stop.is_set():
                    raise _Stopped  # so that what the readers still have is broken off
    say("watch.stopped", read=tally["new_read"], refused=tally["new_refused"], failed=tally["new_failed"])
    return 0


class _Stopped(Exception):
    """The user wants no more."""


def _ingested(batch: Sequence[str], roots: Sequence[str], register_path: Path, pool: Pool) -> Iterator[Seen]:
    """Read the files of one look into the register, which is open no longer than that."""
    from pipeline.ingest import ingest
    from pipeline.version import fingerprinted_version

    files = [path for path in batch if not is_register(path, register_path)]
    if not files:
        return
    with opened(register_path, "create") as register:
        yield from ingest(
            register,
            files,
            pool.executor,
            workers=pool.count,
            version=fingerprinted_version(),
            clock=now,
            roots=roots,
            wanted=wanted_here(),
        )


def _tell(seen: Seen, mails: Path | None) -> None:
    """A line a file that was not known; a fetched mail with a paper that must not be kept is erased."""
    if not seen.unchanged:
        say("watch.read", path=near(seen.path)) if seen.status == "read" else click.echo(told(seen), err=True)
    mail = Path(seen.container or seen.path)
    if seen.code == "secrecy" and mails and mail.is_relative_to(mails) and mail.suffix == ".eml":
        mail.unlink(missing_ok=True)
        say("watch.mail_erased")


@contextmanager
def _fetching(source: Mailbox | None, folder: Path, stop: threading.Event) -> Iterator[None]:
    """Mails come into the folder while the block lasts. The first time fails loudly, later ones are tried again."""
    if source is None:
        yield
        return
    from pipeline.watching.mailbox import fetch, keep_fetching

    fetch(source, folder, today=_today())
    say("watch.mailbox", address=source.address, folder=near(folder))
    thread = threading.Thread(
        target=keep_fetching, args=(source, folder, stop, _say_error), kwargs={"today": _today}, daemon=True
    )
    thread.start()
    yield


def _say_error(error: CongvanError) -> None:
    click.echo(error_text(error), err=True)


def _today() -> dt.date:
    return dt.date.fromisoformat(today())


@contextmanager
def _told_to_stop() -> Iterator[threading.Event]:
    """An event that Ctrl-C and SIGTERM set; a second Ctrl-C ends the program at once."""
    stop = threading.Event()

    def asked(signum: int, _: object) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    before = {which: signal.signal(which, asked) for which in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for which, handler in before.items():
            signal.signal(which, handler)
