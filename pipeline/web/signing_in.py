"""Đăng nhập, đăng xuất: signing in and out."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import Response

from pipeline.messages import text
from pipeline.web import cookies
from pipeline.web.asking import Ask, action, page
from pipeline.web.passwords import LEAST


def sign_in(ask: Ask) -> Response:
    """The form for name and password."""
    if ask.person or not ask.needs_sign_in:
        return ask.go(_next(ask, ask.query("next")))
    return ask.page("sign_in.html", next=_next(ask, ask.query("next")), problem="", name="")


def signed_in(ask: Ask) -> Response:
    """A new session under a new token, or the form again."""
    client = ask.request.client
    found = ask.site.sessions.sign_in(ask.given("name"), _password(ask), client.host if client else "")
    next_page = _next(ask, ask.given("next"))
    if found is None:
        ask.status = 401
        problem = text("web.sign_in.wrong")
        return ask.page("sign_in.html", next=next_page, problem=problem, name=ask.given("name")[:64])
    if ask.person:
        ask.site.sessions.sign_out(ask.token)
    token, _ = found
    answer = ask.go(next_page)
    cookies.keep_token(ask.request, answer, token)
    ask.is_new_token = False
    return answer


def sign_out(ask: Ask) -> Response:
    """End the session."""
    ask.site.sessions.sign_out(ask.token)
    answer = ask.go(ask.url("home"), "web.sign_in.left")
    cookies.forget_token(ask.request, answer)
    return answer


def own_account(ask: Ask) -> Response:
    """The form for another password of one's own."""
    return ask.page("account.html", least=LEAST, problem="")


def own_password(ask: Ask) -> Response:
    """Another password for whoever knows the present one; sessions elsewhere end."""
    client = ask.request.client
    if ask.person is None:
        raise HTTPException(403)
    if not ask.site.sessions.sign_in(ask.person.name, _password(ask), client.host if client else ""):
        ask.status = 422
        return ask.page("account.html", least=LEAST, problem=text("web.account.wrong"))
    ask.site.accounts.give_password(ask.person.name, _password(ask, "new"), by=ask.who, now=ask.now)
    answer = ask.go(ask.url("sign_in"), "web.account.changed")
    cookies.forget_token(ask.request, answer)
    return answer


def _password(ask: Ask, field: str = "password") -> str:
    """As it was typed, spaces too."""
    value = ask.form.get(field, "")
    return value if isinstance(value, str) else ""


def _next(ask: Ask, wanted: str) -> str:
    """The page that was asked for, if it is one of ours."""
    is_ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and wanted.isprintable()
    return wanted if is_ours and "\\" not in wanted else ask.url("home")


routes = [
    page("/sign-in", sign_in, needs=()),
    action("/sign-in", signed_in, needs=()),
    action("/sign-out", sign_out, needs="read"),
    page("/account", own_account),
    action("/account", own_password, needs="read"),
]
