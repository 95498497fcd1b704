"""`congvan extract`: what files say, as JSON lines, without a register."""

from __future__ import annotations

import json
import os
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, Future
from typing import TYPE_CHECKING, Any

import click

from pipeline.commands.ingest import tasks
from pipeline.commands.options import no_register_option, timeout_option, workers_option
from pipeline.errors import CongvanError, NoScratch, NothingThere, NoWorkers, VanishedFile
from pipeline.folders import split_member
from pipeline.messages import reason_text
from pipeline.reading.membernames import SEPARATOR, is_body
from pipeline.shape import dispatch_json, error_json, mentions_json
from pipeline.speaking import Command, argument, option

if TYPE_CHECKING:
    from pipeline.reading.containers import Member
    from pipeline.worker import Container, Outcome

WINDOW = 4
_Job = tuple[str, str | None, "Future[Any]"]


@click.command(cls=Command)
@argument("files", metavar="FILE...", nargs=-1, required=True)
@option("--mentions", is_flag=True, help="extract_mentions")
@workers_option
@timeout_option
@option("--json", is_flag=True, expose_value=False, help="json_lines")
@no_register_option
def command(files: tuple[str, ...], mentions: bool, workers: int | None, timeout: float) -> int:
    """One JSON object a line and file, in the order of the files; no field is taken from a file's name.

    `--workers 0` reads in this very process.
    """
    from pipeline.workers import executor_of

    with executor_of(workers, tasks(files), timeout) as pool:
        rows = _rows(files, mentions, pool.executor, WINDOW * pool.count)
        errors = [_print(row) for row in rows]
    return 1 if any(errors) else 0


def extract_row(path: str, mentions: bool = False) -> dict[str, Any] | Container:
    """The row of one file, made where the file is read; the key `mentions` only where it was asked for."""
    from pipeline.worker import Container, Wanted, read_file

    outcome = read_file(path, Wanted(mentions, signatures=False))
    return outcome if isinstance(outcome, Container) else _outcome_row(path, outcome, mentions)


def one_row(path: str, asked: str | None = None) -> dict[str, Any]:
    """The row of one file, or of the one file of this path inside the container at `path`."""
    row = extract_row(path)
    if isinstance(row, dict):
        return row
    member = next((member for member in row.contents.members if member.path == asked), None)
    return member_row(path, member) if member else error_json(path, VanishedFile.code, "", refused=False)


def member_row(path: str, member: Member, mentions: bool = False) -> dict[str, Any]:
    """The row of one file inside the container at `path`. Of a secret one not even the name is told."""
    from pipeline.worker import SECRECY, Failed, Wanted, read_member

    source = f"{path}{SEPARATOR}{member.path}"
    wanted = Wanted(mentions, signatures=False)
    outcome = Failed(*member.problem) if member.problem else read_member(path, member.path, member.sha256 or "", wanted)
    row = _outcome_row(source, outcome, mentions)
    if row.get("error", {}).get("code") == SECRECY:
        return row | {"source": f"{path}{SEPARATOR}…"}
    return row | {"origin": {"container": path, "member": member.path, "received_on": member.received_on}}


def _outcome_row(source: str, outcome: Outcome, mentions: bool) -> dict[str, Any]:
    from pipeline.worker import Failed, Read

    if isinstance(outcome, Read):
        row = dispatch_json(source, outcome.document, outcome.dispatch)
        return row | mentions_json(outcome.document, outcome.dispatch) if mentions else row
    if isinstance(outcome, Failed):
        return error_json(source, outcome.code, "", refused=False) | {"details": outcome.details}
    return error_json(source, outcome.refusal.code, "", refused=True)


def _rows(files: Sequence[str], mentions: bool, executor: Executor, ahead: int) -> Iterator[dict[str, Any]]:
    """The rows of all files; for an archive or a mail, those of what lies in it, or of the one asked for."""
    named = [(path, None) if os.path.lexists(path) else split_member(path) or (path, None) for path in files]
    jobs = ((path, asked, executor.submit(extract_row, path, mentions)) for path, asked in named)
    for path, asked, future in _in_order(jobs, ahead):
        row = _row(path, future)
        if isinstance(row, dict):
            is_gone = row.get("error", {}).get("code") == VanishedFile.code and not os.path.lexists(path)
            yield _nothing_there(path) if is_gone else row
            continue
        members = [m for m in row.contents.members if asked is None or f"{m.path}/".startswith(f"{asked}/")]
        if not members:
            yield _nothing_there(f"{path}{SEPARATOR}{asked}")
        inside = ((f"{path}{SEPARATOR}{m.path}", None, executor.submit(member_row, path, m, mentions)) for m in members)
        for source, _, member in _in_order(inside, ahead):
            yield _row(source, member)


def _nothing_there(source: str) -> dict[str, Any]:
    return error_json(source, NothingThere.code, "", refused=False) | {"details": {"path": source}}


def _in_order(jobs: Iterator[_Job], ahead: int) -> Iterator[_Job]:
    waiting: deque[_Job] = deque()
    for job in jobs:
        waiting.append(job)
        if len(waiting) >= ahead:
            yield waiting.popleft()
    yield from waiting


def _row(path: str, future: Future[Any]) -> Any:
    try:
        return future.result()
    except (NoScratch, NoWorkers):
        raise
    except CongvanError as error:
        return error_json(path, error.code, "", refused=False) | {"details": error.details}


def _print(row: dict[str, Any]) -> bool:
    """Print one row; whether it is an error: that the mail around a dispatch is none is no error. Its words are chosen
    here, in the user's language."""
    error = row.get("error")
    if error:
        error["message"] = reason_text(error["code"], row.pop("details", None))
    sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
    sys.stdout.flush()
    return bool(error) and not ("origin" in row and is_body(row["source"]) and row["is_dispatch"] is False)
