"""`congvan extract`: what files say, as JSON lines, without a register."""

from __future__ import annotations

import json
import sys
from concurrent.futures import Executor, Future
from typing import Any

import click

from pipeline.commands.options import no_register_option, timeout_option, workers_option
from pipeline.errors import CongvanError, NoWorkers
from pipeline.messages import reason_text
from pipeline.shape import dispatch_json, error_json, mentions_json
from pipeline.speaking import Command, argument, option

WINDOW = 4


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

    with executor_of(workers, len(files), timeout) as pool:
        rows = _in_order(list(files), mentions, pool.executor, WINDOW * pool.count)
        errors = [_print(row) for row in rows]
    return 1 if any(errors) else 0


def extract_row(path: str, mentions: bool = False) -> dict[str, Any]:
    """The row of one file, made where the file is read; the key `mentions` only where it was asked for."""
    from pipeline.worker import Failed, Read, read_file

    outcome = read_file(path, mentions)
    if isinstance(outcome, Read):
        row = dispatch_json(path, outcome.document, outcome.dispatch)
        return row | mentions_json(outcome.document, outcome.dispatch) if mentions else row
    if isinstance(outcome, Failed):
        return error_json(path, outcome.code, "", refused=False) | {"details": outcome.details}
    return error_json(path, outcome.refusal.code, "", refused=True)


def _in_order(files: list[str], mentions: bool, executor: Executor, ahead: int) -> Any:
    waiting: list[tuple[str, Future[dict[str, Any]]]] = []
    for path in files:
        waiting.append((path, executor.submit(extract_row, path, mentions)))
        if len(waiting) >= ahead:
            yield _row(*waiting.pop(0))
    for path, future in waiting:
        yield _row(path, future)


def _row(path: str, future: Future[dict[str, Any]]) -> dict[str, Any]:
    try:
        return future.result()
    except NoWorkers:
        raise
    except CongvanError as error:
        return error_json(path, error.code, "", refused=False) | {"details": error.details}


def _print(row: dict[str, Any]) -> bool:
    """Print one row; whether it is an error. Its words are chosen here, in the user's language."""
    error = row.get("error")
    if error:
        error["message"] = reason_text(error["code"], row.pop("details", None))
    sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
    sys.stdout.flush()
    return bool(error)
