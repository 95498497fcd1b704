"""Tải lên: files that people send from their browsers, what became of each, and all that could not be read."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator, Sequence
from typing import Any, Literal

from sse_starlette.sse import EventSourceResponse
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from pipeline.errors import InvalidValue, NothingThere, UnknownId
from pipeline.folders import split_member
from pipeline.messages import error_text
from pipeline.output import near
from pipeline.register import Row, count_failures, failures, public_id
from pipeline.speaking import parse_day
from pipeline.web.asking import Ask, action, page, require_own_form
from pipeline.web.faults import fault_page, words_of
from pipeline.web.site import MenuEntry
from pipeline.web.upload_body import LIMITS, Arrived, NoFiles, UploadRefused, UploadTooSlow, drain, receive
from pipeline.web.upload_queue import QueueFull, Uploads
from pipeline.web.upload_records import SECRECY, Batch, Item

_LISTED = 30  # uploads
_ON_A_PAGE = 100  # failures
_MOST_AT_ONCE = 24  # bodies that are taken in
_MOST_FOLLOWING = 200  # pages that are told how it goes on
_LOOK_SECONDS, _CHECK_SECONDS, _LONGEST_SECONDS = 0.4, 20.0, 3600.0
_MiB = 1024**2

Status = Literal["refused", "failed"]

_under_way = {"bodies": 0, "followers": 0}


def uploads(ask: Ask) -> Response:
    """The form, and what was sent before."""
    rows = [_summary(batch) for batch in ask.site.uploads.newest(_LISTED)]
    return ask.page("uploads.html", batches=rows, limits=_limits())


async def add_uploads(ask: Ask) -> Response:
    """Files of one form, as they come."""
    if _under_way["bodies"] >= _MOST_AT_ONCE:
        return await _refused(ask, 503, QueueFull(most=_MOST_AT_ONCE))
    _under_way["bodies"] += 1
    try:
        site: Uploads = ask.site.uploads
        arrived = await receive(ask.request, site.folder, lambda token: require_own_form(ask, token))
    except ClientDisconnect:
        return Response(status_code=400)
    except UploadRefused as error:
        return await _refused(ask, error.status, error)
    except HTTPException:
        await drain(ask.request)
        raise
    finally:
        _under_way["bodies"] -= 1
    return await run_in_threadpool(_taken, ask, arrived)


def _taken(ask: Ask, arrived: Arrived) -> Response:
    """Put what arrived into the queue."""
    try:
        day = _day_of(ask, arrived.fields.get("received_on", ""))
        if not arrived.parts:
            raise NoFiles
        items = [Item(part.name, None, part.size, part=str(part.path)) for part in arrived.parts]
        batch = _take(ask, items, day)
    except BaseException:
        arrived.forget()
        raise
    return ask.go(ask.url("upload", id=batch.id))


def _take(ask: Ask, items: list[Item], day: str | None = None) -> Batch:
    account = ask.person.name if ask.person else ""
    return ask.site.uploads.take(items, who=ask.who, account=account, now=ask.now, received_on=day)


def _day_of(ask: Ask, given: str) -> str | None:
    """The day of arrival; none is to come. Raises InvalidValue."""
    if not given:
        return None
    day = parse_day(given)
    if not day or day > ask.now[:10]:
        raise InvalidValue(field="received_on", value=given, allowed=f"≤ {ask.now[:10]}")
    return day


async def _refused(ask: Ask, status: int, error: Any) -> Response:
    """The page that says why, when the sender is ready to read it; the connection ends with it."""
    if not isinstance(error, UploadTooSlow):
        await drain(ask.request)
    answer = await run_in_threadpool(fault_page, ask, status, words_of(error))
    answer.headers["connection"] = "close"
    return answer


# ---------------------------------------------------------------------------------------------------- one upload


def upload(ask: Ask) -> Response:
    """What became of each file of one upload."""
    batch = _batch(ask)
    return ask.page("upload.html", batch=_summary(batch), files=_files(ask, batch), trouble=_trouble(ask))


async def upload_events(ask: Ask) -> Response:
    """The same as it happens: rows of the table that changed, then the end."""
    batch = await run_in_threadpool(_batch, ask)
    if _under_way["followers"] >= _MOST_FOLLOWING:
        raise HTTPException(503)
    return EventSourceResponse(_told(ask, batch), ping=15, send_timeout=30)


async def _told(ask: Ask, batch: Batch) -> AsyncIterator[dict[str, str]]:
    _under_way["followers"] += 1
    shown: dict[str, str] = {}
    stood: object = None
    started = checked = time.monotonic()
    try:
        while time.monotonic() - started < _LONGEST_SECONDS:
            is_over = batch.is_over  # before the rows are made: what changes meanwhile is told the next time
            stands = _standing(ask, batch)
            if stands != stood:
                stood = stands
                for name, html in (await run_in_threadpool(_pieces, ask, batch)).items():
                    if shown.get(name) != html:
                        shown[name] = html
                        yield {"event": "summary" if name == "0" else "file", "id": name, "data": html}
            if is_over:
                yield {"event": "over", "data": ""}
                return
            if time.monotonic() - checked > _CHECK_SECONDS:
                checked = time.monotonic()
                if not await run_in_threadpool(_may_still, ask):
                    return
            await asyncio.sleep(_LOOK_SECONDS)
    finally:
        _under_way["followers"] -= 1


def _standing(ask: Ask, batch: Batch) -> object:
    """What changes whenever anything is to be told."""
    site: Uploads = ask.site.uploads
    return [(item, site.is_being_read(item)) for item in batch.items], site.trouble


def _pieces(ask: Ask, batch: Batch) -> dict[str, str]:
    """Each row of the table by its number, and last, as "0", the line above it; HTML on one line each."""
    row = ask.site.templates.get_template("upload_row.html")
    line = ask.site.templates.get_template("upload_summary.html")
    rows = {str(file["n"]): _on_one_line(row.render(ask=ask, file=file)) for file in _files(ask, batch)}
    return rows | {"0": _on_one_line(line.render(ask=ask, batch=_summary(batch), trouble=_trouble(ask)))}


def _on_one_line(html: str) -> str:
    return " ".join(html.split())


def _may_still(ask: Ask) -> bool:
    """Whether who asked has not signed out meanwhile."""
    person = ask.site.sessions.find(ask.token)
    return person is not None and "correct" in person.rights


def _batch(ask: Ask) -> Batch:
    batch: Batch | None = ask.site.uploads.find(ask.part("id"))
    if batch is None:
        raise HTTPException(404)
    return batch


def _summary(batch: Batch) -> dict[str, Any]:
    """How an upload stands: its parts, and how many files are done."""
    counts = dict.fromkeys(("waiting", "done", "check", "failed", "refused"), 0)
    for item in batch.items:
        counts[item.state] += 1
    total = len(batch.items)
    return {
        **{name: getattr(batch, name) for name in ("id", "who", "at", "received_on", "is_over")},
        "total": total,
        "over": total - counts["waiting"],
        "counts": counts,
    }


def _files(ask: Ask, batch: Batch) -> list[dict[str, Any]]:
    """The files of an upload as the page shows them; a name that may not be told only its sender sees."""
    is_sender = ask.person is not None and ask.person.name == batch.account
    items = tuple(batch.items)  # some may come to their end meanwhile
    numbers = _numbers(ask, items)
    return [_file(ask, n, item, is_sender, bool(batch.received_on), numbers) for n, item in enumerate(items, 1)]


def _file(ask: Ask, n: int, item: Item, is_sender: bool, is_received: bool, numbers: dict[int, Row]) -> dict[str, Any]:
    is_read = item.state == "waiting" and ask.site.uploads.is_being_read(item)
    inside = [
        {
            **{key: getattr(one, key) for key in ("name", "state", "code", "details")},
            "dispatch": _dispatch(ask, one.dispatch, numbers),
        }
        for one in item.inside
    ]
    return {
        "n": n,
        "is_received": is_received,
        "name": item.name if is_sender or item.code != SECRECY else None,
        "size": item.size if item.code != SECRECY else None,
        "state": "reading" if is_read else item.state,
        **{key: getattr(item, key) for key in ("code", "details", "is_known")},
        "is_erased": item.path is None and item.is_copy,
        "dispatch": _dispatch(ask, item.dispatch, numbers),
        "inside": inside,
    }


def _dispatch(ask: Ask, number: int | None, numbers: dict[int, Row]) -> dict[str, Any] | None:
    """A dispatch as a link; None where there is none, or no more."""
    if number not in numbers:
        return None
    shown, row = public_id("dispatch", number), numbers[number]
    return {"id": shown, "number": row["number"] or shown, "link": ask.link("document", id=shown), "arrival": row}


def _numbers(ask: Ask, items: Sequence[Item]) -> dict[int, Row]:
    """The dispatches of an upload that are still in the register: printed number; arrival (its number), year, day."""
    wanted = {item.dispatch for item in items} | {one.dispatch for item in items for one in item.inside}
    if wanted == {None}:
        return {}
    with ask.reading() as register:
        rows = register.rows(
            "SELECT d.id, d.number, a.number AS arrival, a.year, a.day FROM dispatches d"
            " LEFT JOIN arrivals_in_force a ON a.dispatch_id = d.id"
            " WHERE d.removed_at IS NULL AND d.id IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(one for one in wanted if one)),),
        )
    return {row["id"]: row for row in rows}


def _trouble(ask: Ask) -> str | None:
    """Why nothing goes on just now."""
    error = ask.site.uploads.trouble
    return error_text(error) if error else None


def _limits() -> dict[str, int]:
    return {"file": LIMITS.file // _MiB, "total": LIMITS.total // _MiB, "files": LIMITS.files}


# ---------------------------------------------------------------------------------------------------- failures


def failures_page(ask: Ask) -> Response:
    """What could not be read, and what was refused, with what to do about it."""
    status: Status = "refused" if ask.query("status") == "refused" else "failed"
    given = ask.query("page")
    number = min(max(int(given), 1), 10_000) if given.isdecimal() and len(given) < 6 else 1
    with ask.reading() as register:
        rows = failures(register, status, limit=_ON_A_PAGE + 1, offset=(number - 1) * _ON_A_PAGE)
        counts = {"failed": count_failures(register, "failed"), "refused": count_failures(register, "refused")}
    return ask.page(
        "failures.html",
        rows=[_failure(ask, row) for row in rows[:_ON_A_PAGE]],
        status=status,
        counts=counts,
        before=ask.here(page=number - 1) if number > 1 else None,
        after=ask.here(page=number + 1) if len(rows) > _ON_A_PAGE else None,
    )


def _failure(ask: Ask, row: Row) -> Row:
    """A row for the page. Of a file with a secrecy mark only its folder is known, and of an upload nothing is left."""
    is_secret = row["code"] == SECRECY
    folder = os.path.join(str(ask.site.uploads.folder), "")
    path = str(row["path"] or "")
    is_upload = os.path.join(path, "").startswith(folder)
    shown = path.removeprefix(folder) if is_upload else near(path)
    return row | {"path": shown, "is_secret": is_secret, "is_erased": is_secret and is_upload}


def try_again(ask: Ask) -> Response:
    """Read a file once more that failed or was refused. Raises UnknownId, NothingThere."""
    given = ask.given("id")
    with ask.reading() as register:
        found = failures(register, one=int(given)) if given.isdecimal() and len(given) < 15 else []
    if not found or found[0]["code"] == SECRECY:
        raise UnknownId(id=given)
    path = str(found[0]["path"] or "")
    path = (split_member(path) or (path, ""))[0]
    if not os.path.isfile(path):
        raise NothingThere(path=near(path))
    folder = os.path.join(str(ask.site.uploads.folder), "")
    item = Item(os.path.basename(path), path, os.path.getsize(path), is_copy=path.startswith(folder))
    return ask.go(ask.url("upload", id=_take(ask, [item]).id))


menu = (MenuEntry("uploads", "web.menu.uploads", "correct"),)
routes = [
    page("/uploads", uploads, needs="correct"),
    action("/uploads", add_uploads, needs="correct", limit=None),
    page("/uploads/failures", failures_page, "failures"),
    action("/uploads/failures", try_again, needs="correct"),
    page("/uploads/{id}", upload, needs="correct"),
    page("/uploads/{id}/events", upload_events, needs="correct"),
]
