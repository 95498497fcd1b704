"""Câu trả lời của API: JSON that is fetched again only after a change, and problems that programs understand."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import cache
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipeline.errors import CongvanError, InvalidValue
from pipeline.messages import choose_language, known, text
from pipeline.web import cookies
from pipeline.web.api_schema import SCHEMAS, shaped
from pipeline.web.api_tokens import Tokens
from pipeline.web.asking import Ask, Guarded, asked, finish
from pipeline.web.faults import crash, status_of, words_of

Handler = Callable[[Ask], Any]
_LONGEST_TOKEN = 200
_KEPT = {"cache-control": "private, no-cache", "vary": "Authorization, Cookie"}


class UnknownParameter(CongvanError):
    """A parameter that this address does not take (details: name, allowed)."""

    code = "unknown_parameter"


class Answered(Guarded):
    """A route that answers in JSON of one shape, for those who may read: people who have signed in, and programs with
    a token. Parameters that it does not know are refused."""

    def __init__(self, path: str, handler: Handler, name: str, shape: str, parameters: frozenset[str]) -> None:
        self.needs = ("read",)
        Route.__init__(self, path, _endpoint(handler, shape, parameters), methods=["GET"], name=name)


def _endpoint(handler: Handler, shape: str, parameters: frozenset[str]) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> Response:
        choose_language(cookies.language(request))
        ask = await run_in_threadpool(_who, request)
        try:
            if "read" not in ask.rights:
                raise HTTPException(401)
            return finish(ask, await run_in_threadpool(_answer, handler, ask, shape, parameters))
        except HTTPException as error:
            return problem(error.status_code)
        except CongvanError as error:
            return problem(status_of(error), error.code, words_of(error))
        except Exception as error:
            crash(ask, error)
            return problem(500)

    return endpoint


def _who(request: Request) -> Ask:
    """Who asks: by the token that a program sends, else by the cookie."""
    kind, _, token = request.headers.get("authorization", "").strip().partition(" ")
    ask = asked(request)
    if kind.lower() == "bearer" and ask.needs_sign_in:
        ask.person = Tokens(ask.site.accounts).find(token.strip()[:_LONGEST_TOKEN])
        ask.is_new_token = False
    return ask


def _answer(handler: Handler, ask: Ask, shape: str, parameters: frozenset[str]) -> Response:
    for name in ask.request.query_params:
        if name not in parameters and name != "lang":
            raise UnknownParameter(name=name[:60], allowed=", ".join(sorted(parameters)) or "–")
    tag = _tag(ask)
    if tag in [one.strip() for one in ask.request.headers.get("if-none-match", "").split(",")]:
        return Response(status_code=304, headers={**_KEPT, "etag": tag})
    body = json.dumps(shaped(handler(ask), SCHEMAS[shape]), ensure_ascii=False, allow_nan=False)
    return Response(body, media_type="application/json", headers={**_KEPT, "etag": tag})


def _tag(ask: Ask) -> str:
    """What changes whenever the answer may."""
    url = ask.request.url
    told = (ask.site.book.stamp(), url.path, url.query, ask.today, cookies.language(ask.request), _program())
    return f'W/"{hashlib.sha256(repr((told, ask.site.office)).encode()).hexdigest()[:32]}"'


@cache
def _program() -> str:
    from importlib.metadata import version

    return version("congvan")


def problem(status: int, code: str = "", detail: str = "") -> Response:
    """What went wrong, as RFC 9457 writes it."""
    title, advice = f"web.fault.{status}", f"web.advice.{status}"
    said = {
        "type": "about:blank",
        "title": text(title if known(title) else "web.fault.other"),
        "status": status,
        "detail": detail or text(advice if known(advice) else "web.advice.other"),
        "code": code or f"http_{status}",
    }
    headers = {"www-authenticate": 'Bearer realm="congvan"'} if status == 401 else {}
    body = json.dumps(said, ensure_ascii=False)
    return Response(body, status, media_type="application/problem+json", headers=headers)


def whole_number(ask: Ask, name: str, default: int, most: int) -> int:
    """A parameter that counts, from 1 up. Raises InvalidValue."""
    given = ask.query(name)
    if not given:
        return default
    if not (given.isascii() and given.isdecimal() and len(given) < 8 and 1 <= int(given) <= most):
        raise InvalidValue(field=name, value=given[:40], allowed=f"1–{most}")
    return int(given)
