"""Cookies: the session, the language, and what is said once after a change."""

from __future__ import annotations

import base64
import binascii
import re

from starlette.requests import Request
from starlette.responses import Response

from pipeline.messages import LANGUAGES

_SESSION, _LANGUAGE, _TOLD = "congvan", "congvan-lang", "congvan-told"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_YEAR = 365 * 24 * 3600
_LONGEST_TOLD = 1000  # characters


def token(request: Request) -> str | None:
    """The token of this browser, if it is one of ours by its form."""
    found = request.cookies.get(_name(request), "")
    return found if _TOKEN.fullmatch(found) else None


def keep_token(request: Request, answer: Response, value: str) -> None:
    """Let the browser hold a token until it is closed. No script sees it and no other site sends it."""
    answer.set_cookie(_name(request), value, path="/", httponly=True, samesite="lax", secure=_is_secure(request))


def forget_token(request: Request, answer: Response) -> None:
    """Let the browser forget its token."""
    answer.delete_cookie(_name(request), path="/", httponly=True, samesite="lax", secure=_is_secure(request))


def asked_language(request: Request) -> str | None:
    """The language that the address asks for (`?lang=en`)."""
    asked = request.query_params.get("lang")
    return asked if asked in LANGUAGES else None


def language(request: Request) -> str | None:
    """The language that the address asks for, else the one chosen before."""
    return asked_language(request) or request.cookies.get(_LANGUAGE)


def keep_language(request: Request, answer: Response, value: str) -> None:
    """Remember the language."""
    answer.set_cookie(
        _LANGUAGE, value, path="/", max_age=_YEAR, httponly=True, samesite="lax", secure=_is_secure(request)
    )


def tell(answer: Response, words: str) -> None:
    """Let the next page say something, once."""
    kept = base64.urlsafe_b64encode(words[:_LONGEST_TOLD].encode()).decode()
    answer.set_cookie(_TOLD, kept, path="/", max_age=60, httponly=True, samesite="strict")


def told(request: Request) -> str:
    """What this page is to say, "" for nothing."""
    try:
        return base64.urlsafe_b64decode(request.cookies.get(_TOLD, "")).decode()
    except (ValueError, binascii.Error):
        return ""


def forget_told(answer: Response) -> None:
    """It was said."""
    answer.delete_cookie(_TOLD, path="/", httponly=True, samesite="strict")


def _name(request: Request) -> str:
    """Under https a name that no neighbouring site can set."""
    return f"__Host-{_SESSION}" if _is_secure(request) else _SESSION


def _is_secure(request: Request) -> bool:
    return request.url.scheme == "https"
