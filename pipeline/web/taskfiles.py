"""Tải về: the list of an address as a file: Excel, CSV, or a calendar; all pages of it, in the order of the page."""

from __future__ import annotations

import json
import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response

from pipeline.errors import CongvanError
from pipeline.followup.browsing import browse
from pipeline.messages import text
from pipeline.register import Register, Row, public_id
from pipeline.register.ids import parse_id
from pipeline.web.asking import Ask, page
from pipeline.web.wanted import Wanted, wanted

FORMS = ("xlsx", "csv", "ics")
MOST = {"xlsx": 20_000, "csv": 50_000, "ics": 5_000}  # rows of a file, so that it is made in some seconds
_AT_ONCE = 500
_WAIT_SECONDS = 20.0
_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "ics": "text/calendar; charset=utf-8",
}
_places = threading.BoundedSemaphore(2)  # files that are made at once


class TooLong(CongvanError):
    """A list of more rows than one file takes (details: most)."""

    code = "list_too_long"


class FilesBusy(CongvanError):
    """As many files as may be are being made."""

    code = "files_busy"


def task_file(ask: Ask) -> Response:
    """The list as a file."""
    form = ask.part("form")
    if form not in FORMS:
        raise HTTPException(404)
    what = wanted(ask)
    with _place(), ask.reading() as register:
        _require_bounded(register, what, MOST[form])
        with _one_moment(register):
            return _calendar(register, what) if form == "ics" else _table(ask, register, what, form)


def _table(ask: Ask, register: Register, what: Wanted, form: str) -> Response:
    """Written row by row to a file, which is sent and then gone."""
    from pipeline.export.csvfile import write_csv
    from pipeline.export.excel import write_workbook
    from pipeline.export.tasklist import task_list

    sheet = task_list(_rows(register, what), what.settings, as_of=what.as_of, filters=_said(what))
    number, name = tempfile.mkstemp(suffix=f".{form}")
    os.close(number)
    path = Path(name)
    try:
        if form == "csv":
            write_csv(sheet, path)
        else:
            write_workbook([sheet], path, office=what.settings.letterhead, today=ask.today)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    gone = BackgroundTask(path.unlink, missing_ok=True)
    return FileResponse(path, media_type=_TYPES[form], headers=_named(what, form), background=gone)


def _calendar(register: Register, what: Wanted) -> Response:
    from pipeline.export.calendar import calendar

    made = calendar(register, what.filter, what.settings, as_of=what.as_of)
    return Response(made.data, media_type=_TYPES["ics"], headers=_named(what, "ics"))


def _named(what: Wanted, form: str) -> dict[str, str]:
    return {"content-disposition": f'attachment; filename="nhiem-vu-{what.as_of.isoformat()}.{form}"'}


def _said(what: Wanted) -> list[str]:
    from pipeline.web.tasks import words_for

    return [f"{text(f'web.tasks.filter.{name}')}: {words_for(name, value)}" for name, value in what.filtered.items()]


def _rows(register: Register, what: Wanted) -> Iterator[Row]:
    """All rows of the list, a page at a time."""
    after = None
    while True:
        found = browse(
            register, what.filter, what.settings, as_of=what.as_of, sort=what.sort, after=after, limit=_AT_ONCE
        )
        yield from _with_symbols(register, found.rows)
        after = found.next
        if after is None:
            return


def _with_symbols(register: Register, rows: list[Row]) -> list[Row]:
    """The rows with the symbol of their dispatch, which stands for a number that is left open."""
    numbers = sorted({parse_id(row["dispatch"], "D")[1] for row in rows})
    found = register.rows(
        "SELECT id, symbol FROM dispatches WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(numbers),)
    )
    symbols = {public_id("dispatch", row["id"]): row["symbol"] for row in found}
    return [{**row, "symbol": symbols[row["dispatch"]]} for row in rows]


def _require_bounded(register: Register, what: Wanted, most: int) -> None:
    """Nothing, for a list that one file takes whole. Raises TooLong."""
    found = browse(register, what.filter, what.settings, as_of=what.as_of, sort=what.sort, limit=1)
    if (found.total if found.is_total_exact else _count(register, what, most + 1)) > most:
        raise TooLong(most=most)


def _count(register: Register, what: Wanted, most: int) -> int:
    """How many rows there are, at most so many."""
    from pipeline.followup.looking import Look

    look = Look(register, what.filter, what.settings, as_of=what.as_of)
    followed = () if what.filter.timeliness == "lapsed" else (look.not_lapsed,)
    return look.count(*followed, most=most)


@contextmanager
def _place() -> Iterator[None]:
    """One of the few places for making files; it is waited for a while. Raises FilesBusy."""
    if not _places.acquire(timeout=_WAIT_SECONDS):
        raise FilesBusy
    try:
        yield
    finally:
        _places.release()


@contextmanager
def _one_moment(register: Register) -> Iterator[None]:
    """All pages are of one moment: no row is missing or doubled because of what is entered meanwhile. The index must
    have been asked before, since it cannot be brought up to date within."""
    register.connection.execute("BEGIN")
    try:
        yield
    finally:
        register.connection.execute("COMMIT")


routes = [page("/tasks.{form}", task_file)]
