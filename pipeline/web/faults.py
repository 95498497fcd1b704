"""Pages that say what went wrong, and what to do next."""

from __future__ import annotations

import sys
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from pipeline import errors
from pipeline.errors import CongvanError
from pipeline.messages import choose_language, known, reason_text, text
from pipeline.register.seen import RowChanged
from pipeline.web import cookies
from pipeline.web.asking import Ask, asked, finish
from pipeline.web.sessions import TooManyAttempts

_STATUS: tuple[tuple[type[CongvanError], int], ...] = (
    (errors.UnknownId, 404),
    (errors.WrongId, 404),
    (errors.ChangedMeanwhile, 409),
    (RowChanged, 409),
    (errors.AlreadyUndone, 409),
    (errors.NumberTaken, 409),
    (errors.DutyError, 422),
    (errors.RegisterError, 503),
    (TooManyAttempts, 429),
)


def own_fault(ask: Ask, error: CongvanError) -> Response:
    """The page for one of our own errors."""
    return fault_page(ask, status_of(error), words_of(error))


def words_of(error: CongvanError) -> str:
    """What went wrong and what to do next, for people who need not know where on the server files lie."""
    names = {key: Path(str(value)).name for key, value in error.details.items() if key == "path"}
    return reason_text(error.code, error.details | names)


def status_of(error: CongvanError) -> int:
    """The status by which one of our own errors is answered."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 422)


def fault_page(ask: Ask, status: int, words: str | None = None) -> Response:
    """The page for a status, with words of its own or those of the status."""
    ask.status = status
    title = f"web.fault.{status}"
    advice = f"web.advice.{status}"
    return ask.page(
        "fault.html",
        title=text(title if known(title) else "web.fault.other"),
        words=words or text(advice if known(advice) else "web.advice.other"),
    )


async def http_fault(request: Request, error: Exception) -> Response:
    """For Starlette: a page that is not there, a method that is not taken, a body that is too large."""
    assert isinstance(error, HTTPException)
    ask = await run_in_threadpool(asked, request)
    choose_language(cookies.language(request))
    if ask.request.url.path.removeprefix(ask.root).startswith("/api/"):
        from pipeline.web.api_answers import problem

        return problem(error.status_code)
    words = text("web.advice.csrf") if error.detail == "csrf" else None
    answer = finish(ask, fault_page(ask, error.status_code, words))
    answer.headers.update(error.headers or {})
    return answer


def crash(ask: Ask, error: Exception) -> Response:
    """For all that should not happen: where it happened goes to the server's log, without words of documents."""
    from pipeline.cli import fault

    print(text("error.unexpected", **fault(error)), file=sys.stderr, flush=True)
    return fault_page(ask, 500)
