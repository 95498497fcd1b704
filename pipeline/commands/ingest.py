"""`congvan ingest`: files into the register.

Exit code 0 when every file was read or refused, 1 when one failed, a folder could not be opened or the run could not be
done. With `--lenient` files that failed and folders do not count: `make ingest` calls

    congvan ingest --lenient --register "$(REGISTER)" "$(INBOX)"

and fails only when the run itself could not be done. Where the path is the inbox of a fresh clone (`corpus/inbox`, also
the default) and holds no document, the command says so and reads `corpus/samples`; any other empty folder is no error
and stays an empty folder.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.commands.options import (
    now,
    office,
    opened,
    person,
    policy_line,
    policy_option,
    register_option,
    say,
    settings_for,
    timeout_option,
    today,
    workers_option,
)
from pipeline.errors import NothingThere
from pipeline.messages import reason_text, text
from pipeline.output import day, write_json
from pipeline.progress import progress
from pipeline.reading.membernames import SEPARATOR, is_body
from pipeline.speaking import Command, Date, WrongUsage, argument, option

if TYPE_CHECKING:
    from pipeline.folders import Listing
    from pipeline.ingest import Seen
    from pipeline.register import Received, Register
    from pipeline.worker import Wanted
    from pipeline.workers import Pool

INBOX = "corpus/inbox"
SAMPLES = "corpus/samples"
CONTAINERS = (".zip", ".eml")
MANY = 1000


@click.command(cls=Command)
@argument("paths", metavar="PATH...", nargs=-1)
@register_option
@workers_option
@timeout_option
@policy_option
@option("--received", type=Date(), metavar="DATE", help="received")
@option("--scheduler", metavar="ADDRESS", help="scheduler")
@option("--shared", is_flag=True, help="shared")
@option("--lenient", is_flag=True, help="lenient")
@option("--json", "as_json", is_flag=True, help="json")
def command(
    paths: tuple[str, ...],
    register_path: Path,
    workers: int | None,
    timeout: int,
    policy: str,
    received: str | None,
    scheduler: str | None,
    shared: bool,
    lenient: bool,
    as_json: bool,
) -> int:
    """Read all files, say what failed as it happens, end with what a clerk wants to know."""
    from pipeline.ingest import ingest
    from pipeline.version import fingerprinted_version

    listing = find_files(paths or (INBOX,))
    listing.files = [path for path in listing.files if not is_register(path, register_path)]
    with (
        opened(register_path, "create") as register,
        _readers(scheduler, shared, workers, tasks(listing.files), timeout) as pool,
    ):
        seen = ingest(
            register,
            listing.files,
            pool.executor,
            workers=pool.count,
            version=fingerprinted_version(),
            clock=now,
            roots=paths or (INBOX,),
            received=_received(received),
            wanted=wanted_here(),
        )
        tally = tell(seen, len(listing.files), text("ingest.reading"))
        summary = summarise(register, tally, listing, policy)
    write_json(summary) if as_json else show_summary(summary, policy)
    if received and (known := tally["unchanged_read"] + tally["same"]):
        say("ingest.received_before", count=known, day=day(received))
    if listing.missing:
        return 1
    return 1 if (tally["failed"] or listing.unlisted) and not lenient else 0


def _readers(
    scheduler: str | None, shared: bool, workers: int | None, tasks: int, timeout: float
) -> AbstractContextManager[Pool]:
    """Those who read: processes of this machine, or of a cluster where a scheduler is named."""
    if scheduler:
        from pipeline.scaling.cluster import cluster_of

        return cluster_of(scheduler, timeout, shared=shared)
    from pipeline.workers import executor_of

    return executor_of(workers, tasks, timeout)


def _received(on: str | None) -> Received | None:
    """How the new dispatches of this run came in, where the user says so."""
    from pipeline.register import Received

    if on and on > today():
        raise WrongUsage("usage.received_to_come", day=day(on))
    return Received(on, person(None), office().agency) if on else None


def wanted_here() -> Wanted:
    """What to look for, as this office wants it. Raises BadAuthorities where its certificates cannot be used."""
    from pipeline.reading.signatures import load_authorities
    from pipeline.worker import Wanted

    bundle = office().authorities
    if bundle:
        load_authorities(bundle)
    return Wanted(authorities=str(bundle) if bundle else None)


def find_files(paths: Sequence[str]) -> Listing:
    """The files to read; those of the samples where the inbox of a fresh clone is empty.

    Raises NothingThere where none of the paths exists.
    """
    from pipeline.folders import list_files

    listing = list_files(paths)
    if [os.path.normpath(p) for p in paths] == [INBOX] and not listing.files and os.path.isdir(SAMPLES):
        say("ingest.inbox_empty", inbox=INBOX, samples=SAMPLES)
        return list_files([SAMPLES])
    if listing.missing and len(listing.missing) == len(paths):
        raise NothingThere(path=", ".join(listing.missing))
    for path in listing.missing:
        say("ingest.missing", path=path)
    for path in listing.unlisted:
        say("ingest.unlisted", path=path)
    return listing


def tasks(files: Sequence[str]) -> int:
    """How many readers find work in these files at once: a container, if its name tells it, may keep all busy."""
    return len(files) + MANY * any(path.lower().endswith(CONTAINERS) for path in files)


def is_register(path: str, register_path: Path) -> bool:
    """Whether a file is the register itself, which may lie in the folder that is read."""
    own = os.path.abspath(register_path)
    return os.path.abspath(path) in (own, f"{own}-wal", f"{own}-shm")


def tell(seen_files: Any, total: int, label: str) -> Counter[str]:
    """Go through the run, say what was refused or failed, and count."""
    tally: Counter[str] = Counter()
    with progress(label, total) as bar:
        for seen in seen_files:
            if not seen.container:
                bar.advance()
            count(tally, seen)
            if seen.status != "read" and not seen.unchanged and not _is_mail(seen):
                bar.say(told(seen))
    return tally


def _is_mail(seen: Seen) -> bool:
    """Whether it is the text of a mail, which is hardly ever a dispatch: nothing that a clerk waits to hear."""
    return seen.status == "refused" and seen.code != "secrecy" and bool(seen.container) and is_body(seen.path)


def count(tally: Counter[str], seen: Seen) -> None:
    """Count one file; the unchanged ones by what they were when they were read."""
    tally["files"] += 1
    tally["ignored"] += seen.ignored
    if seen.unchanged:
        tally["unchanged"] += 1
        tally[f"unchanged_{seen.status}"] += 1
    else:
        tally[f"new_{seen.status}"] += 1
        if seen.saved and seen.saved.outcome in ("same", "removed"):
            tally[seen.saved.outcome] += 1
    tally[seen.status] += 1


def told(seen: Seen) -> str:
    """One line on a file that was refused or failed; `congvan failures` says what to do about it.

    The name of a file with a secrecy mark goes to a terminal only.
    """
    path = os.path.relpath(seen.path) if os.path.isabs(seen.path) else seen.path
    if seen.code == "secrecy" and not sys.stderr.isatty():
        container, inside, _ = path.partition(SEPARATOR)
        path = os.path.join(container if inside else os.path.dirname(path), "…")
    reason = reason_text(seen.code or "", seen.details).partition(". ")[0]
    return text(f"ingest.{seen.status}", path=path, reason=reason)


def summarise(register: Register, tally: Counter[str], listing: Listing, policy: str) -> dict[str, Any]:
    """The figures at the end of a run."""
    from datetime import date

    from pipeline.followup.quickly import late_counts
    from pipeline.register import TaskFilter, counts

    figures = counts(register)
    overdue = late_counts(register, TaskFilter(), settings_for(policy), as_of=date.fromisoformat(today()))
    return {
        "files": tally["files"],
        "read": tally["new_read"],
        "refused": tally["new_refused"],
        "failed": tally["new_failed"],
        "unchanged": tally["unchanged"],
        "unchanged_failed": tally["unchanged_failed"],
        "same": tally["same"],
        "removed": tally["removed"],
        "ignored": len(listing.ignored) + tally["ignored"],
        "to_check": figures["to_check"],
        "proposals": figures["proposals"],
        "dispatches": figures["dispatches"],
        "obligations": figures["obligations"],
        "overdue": overdue.dated,
        "overdue_periods": overdue.periods,
        "overdue_recurring": overdue.recurring,
        "as_of": today(),
        "policy": policy,
    }


def show_summary(summary: dict[str, Any], policy: str) -> None:
    """The figures in words, each with the command that shows more."""
    lines = [text("summary.files", **summary), text("summary.read", **summary)]
    lines += [
        text(f"summary.{key}", **summary)
        for key in ("refused", "failed", "unchanged", "unchanged_failed", "same", "removed", "ignored")
        if summary[key]
    ]
    lines += [text("summary.register", **summary), text("summary.to_check", **summary)]
    lines += [text("summary.proposals", **summary)] if summary["proposals"] else []
    lines += [text("summary.overdue", **(summary | {"as_of": day(summary["as_of"])})), policy_line(policy)]
    click.echo("\n".join(lines))
