"""Văn bản: the list of dispatches, and one dispatch beside its file, where people check and correct what was read."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from pipeline.errors import InvalidValue, UnknownId, UnreadableFile, VanishedFile
from pipeline.messages import error_text, text
from pipeline.reading.facsimile import WIDTHS
from pipeline.register import DispatchFilter, Register, dispatch_types, leaf, next_to_check
from pipeline.register.ids import KINDS, parse_id
from pipeline.register.naming import owning_dispatch
from pipeline.speaking import parse_day
from pipeline.web import document_changes as changes
from pipeline.web import document_editing as editing
from pipeline.web.asking import Ask, action, page
from pipeline.web.document_arrival import enter_arrival
from pipeline.web.document_source import Original, document_of, lines_of, original_of
from pipeline.web.site import MenuEntry

_PAGE = 50
_KEPT_SECONDS = 600  # a picture is looked at again and again while its values are checked


def documents(ask: Ask) -> Response:
    """Dispatches, newest issue first, as far as the filter lets them through."""
    wanted = DispatchFilter(
        text=ask.query("text"),
        number=ask.query("number"),
        type=ask.query("type"),
        issuer=ask.query("issuer"),
        issued_from=_day(ask, "issued_from"),
        issued_to=_day(ask, "issued_to"),
    )
    with ask.reading() as register:
        found = leaf(register, wanted, at=ask.query("at"), limit=_PAGE)
        types = dispatch_types(register)
    return ask.page("documents.html", found=found, wanted=wanted, types=types)


def _day(ask: Ask, name: str) -> str:
    asked = ask.query(name)
    day = parse_day(asked)
    if asked and day is None:
        raise InvalidValue(field=name, value=asked[:40], allowed="dd/mm/yyyy")
    return day or ""


def document(ask: Ask) -> Response:
    """One dispatch. The id of anything that belongs to one leads to its place there."""
    letter, number = parse_id(ask.part("id"))
    with ask.reading() as register:
        if letter == "D":
            return changes.document_page(ask, register, number)
        owner = owning_dispatch(register, KINDS[letter], number)
    if owner is None:
        raise UnknownId(id=ask.part("id"))
    return ask.go(ask.url("document", id=f"D{owner}") + f"#{letter}{number}")


def document_next(ask: Ask) -> Response:
    """To the next dispatch of which something is to be decided."""
    number = changes.dispatch_number(ask)
    with ask.reading() as register:
        _require(register, number)
        found = next_to_check(register, number)
    if found is None:
        return ask.go(ask.url("document", id=f"D{number}"), "web.document.none_left")
    return ask.go(ask.url("document", id=f"D{found}"))


# ------------------------------------------------------------------------------------------------ its pages


def _require(register: Register, number: int) -> None:
    if register.one("SELECT 1 FROM dispatches WHERE id = ?", (number,)) is None:
        raise UnknownId(id=f"D{number}")


def _original(ask: Ask) -> Original:
    number = changes.dispatch_number(ask)
    with ask.reading() as register:
        _require(register, number)
        return original_of(register, number)


def _number(ask: Ask) -> int:
    asked = ask.part("number")
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 6 and int(asked)):
        raise HTTPException(404)
    return int(asked)


async def document_pages(ask: Ask) -> Response:
    """JSON: width and height of each page in points; or the `problem` why they cannot be shown."""
    original = await run_in_threadpool(_original, ask)
    if original.source is None or not original.pages:
        return JSONResponse({"problem": text("web.document.gone")})
    try:
        sizes = await ask.site.facsimiles.sizes(original.source)
    except UnreadableFile as error:
        return JSONResponse({"problem": _problem(error)})
    return JSONResponse({"pages": [[round(side, 1) for side in size] for size in sizes]})


def _problem(error: UnreadableFile) -> str:
    """Why a file is not shown; one that is not as it was read is no reason to doubt what was read."""
    if isinstance(error, VanishedFile):
        gone = error.details.get("reason") == "missing"
        return text("web.document.gone") if gone else text("web.document.changed")
    return error_text(error)


async def document_page(ask: Ask) -> Response:
    """The picture of one page."""
    number = _number(ask)
    asked = ask.query("width")
    width = next((w for w in WIDTHS if asked == str(w)), WIDTHS[1])
    original = await run_in_threadpool(_original, ask)
    if original.source is None or number > original.pages:
        raise HTTPException(404)
    try:
        picture = await ask.site.facsimiles.picture(original.source, number, width)
    except IndexError as error:
        raise HTTPException(404) from error
    except UnreadableFile as error:
        raise HTTPException(410) from error
    kept = {"cache-control": f"private, max-age={_KEPT_SECONDS}"}
    return Response(picture, media_type="image/webp", headers=kept)


def document_words(ask: Ask) -> Response:
    """JSON: what stands on one page, and where."""
    number, page_number = changes.dispatch_number(ask), _number(ask)
    with ask.reading() as register:
        _require(register, number)
        lines = lines_of(document_of(register, number), page_number)
    return JSONResponse({"lines": lines}, headers={"cache-control": f"private, max-age={_KEPT_SECONDS}"})


menu = (MenuEntry("documents", "web.menu.documents"),)
routes = [
    page("/documents", documents),
    page("/documents/{id}", document),
    page("/documents/{id}/next", document_next),
    page("/documents/{id}/pages", document_pages),
    page("/documents/{id}/pages/{number}.webp", document_page),
    page("/documents/{id}/pages/{number}/words", document_words),
    page("/documents/{id}/edit", editing.edit, "document_edit", needs="correct"),
    action("/documents/{id}/accept", changes.accept, "document_accept", needs="correct"),
    action("/documents/{id}/accept-all", changes.accept_all, "document_accept_all", needs="correct"),
    action("/documents/{id}/delete", changes.take_out, "document_delete", needs="correct"),
    action("/documents/{id}/undo", changes.take_back, "document_undo", needs="correct"),
    action("/documents/{id}/decide", changes.decide, "document_decide", needs="correct"),
    action("/documents/{id}/remove", changes.remove_dispatch, "document_remove", needs="correct"),
    action("/documents/{id}/correct", editing.correct_values, "document_correct", needs="correct"),
    action("/documents/{id}/add", editing.add, "document_add", needs="correct"),
    action("/documents/{id}/deadline", editing.add_limit, "document_deadline", needs="correct"),
    action("/documents/{id}/split", editing.part_in_two, "document_split", needs="correct"),
    action("/documents/{id}/arrival", enter_arrival, "document_arrival", needs="correct"),
    action("/documents/{id}/merge", editing.put_together, "document_merge", needs="correct"),
]
