"""Một yêu cầu: one request, as a page sees it; and the routes by which pages are reached.

    def tasks(ask: Ask) -> Response:
        with ask.reading() as register:
            return ask.page("tasks.html", rows=...)

    routes = [page("/tasks", tasks), action("/tasks/done", done, needs="follow")]

A handler runs in a thread of its own (an `async def` runs in the loop and must not wait for anything there).
"""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import NoMatchFound, Route
from starlette.types import Message, Receive

from pipeline.errors import CongvanError
from pipeline.messages import LANGUAGES, choose_language, language, text, usual_language
from pipeline.register import Register
from pipeline.speaking import parse_day
from pipeline.web import cookies
from pipeline.web.accounts import Person
from pipeline.web.rights import NOTHING, READ_ONLY, Right
from pipeline.web.sessions import csrf_of, is_csrf, new_token
from pipeline.web.site import Site

FORM_BYTES = 256 * 1024
_FIELDS = 500

Answer = Response | Awaitable[Response]
Handler = Callable[["Ask"], Answer]


@dataclass(slots=True)
class Ask:
    """A request, who makes it, and what answers it.

    `token` is what the browser holds: of a session where `person` has signed in, else one by which its forms are known.
    """

    request: Request
    site: Site
    person: Person | None
    token: str
    is_new_token: bool
    needs_sign_in: bool
    form: FormData = field(default_factory=FormData)
    status: int = 200

    # ------------------------------------------------------------------------------------------ who, when, what

    @property
    def rights(self) -> frozenset[Right]:
        """What may be done: all may read where nobody has an account."""
        if self.person:
            return self.person.rights
        return NOTHING if self.needs_sign_in else READ_ONLY

    def may(self, right: Right) -> bool:
        """Whether this person may do something of that kind."""
        return right in self.rights

    @property
    def who(self) -> str:
        """How what this person changes is signed. Raises a 403 where nobody has signed in."""
        if self.person is None:
            raise HTTPException(403)
        return self.person.signature

    @property
    def now(self) -> str:
        """This moment, with the offset of the office's time zone."""
        return dt.datetime.now().astimezone().isoformat(timespec="seconds")

    @property
    def today(self) -> dt.date:
        """Today."""
        return dt.date.today()

    @property
    def as_of(self) -> dt.date:
        """The day that is asked about (`?as_of=`), else today."""
        day = parse_day(self.query("as_of"))
        return dt.date.fromisoformat(day) if day else self.today

    @property
    def csrf(self) -> str:
        """What each form sends back in its field `csrf`."""
        return csrf_of(self.token)

    def query(self, name: str) -> str:
        """A parameter of the address, "" where it is not given."""
        return self.request.query_params.get(name, "").strip()

    def given(self, name: str) -> str:
        """A field of the form that was sent, "" where it is not given."""
        value = self.form.get(name, "")
        return value.strip() if isinstance(value, str) else ""

    def part(self, name: str) -> str:
        """A part of the path: "D3" of "/documents/{id}"."""
        return str(self.request.path_params[name])

    # ------------------------------------------------------------------------------------------ the register

    def reading(self) -> AbstractContextManager[Register]:
        """The register as it stands now."""
        return self.site.book.reading()

    def writing(self) -> AbstractContextManager[Register]:
        """The register for a change."""
        return self.site.book.writing()

    # ------------------------------------------------------------------------------------------ answers

    def url(self, route: str, /, *, q: Mapping[str, object] | None = None, **parts: object) -> str:
        """The address of a route with parts of its path; `q` are parameters, of which empty ones are left out."""
        path = self.root + self._path(route, parts)
        asked = urlencode({k: v for k, v in (q or {}).items() if v not in (None, "")}, doseq=True)
        return f"{path}?{asked}" if asked else path

    def _path(self, route: str, parts: Mapping[str, object]) -> str:
        for named in self.request.app.state.named.get(route, ()):  # Starlette would try all routes that there are
            with suppress(NoMatchFound):
                return str(named.url_path_for(route, **parts))
        raise NoMatchFound(route, dict(parts))

    def link(self, route: str, /, *, q: Mapping[str, object] | None = None, **parts: object) -> str | None:
        """The address of a route, or None where this server has no such page."""
        try:
            return self.url(route, q=q, **parts)
        except NoMatchFound:
            return None

    def here(self, **changed: object) -> str:
        """The address of this page with some parameters changed, or left out where None."""
        kept = [(k, v) for k, v in self.request.query_params.multi_items() if k not in changed]
        kept += [(k, str(v)) for k, v in changed.items() if v is not None]
        path = self.root + str(self.request.scope["path"]).removeprefix(self.root)
        return f"{path}?{urlencode(kept)}" if kept else path

    def is_under(self, route: str) -> bool:
        """Whether this page is that of a route, or one below it."""
        path, there = self.request.scope["path"], self.url(route)
        return bool(path == there or (there != self.url("home") and path.startswith(f"{there}/")))

    @property
    def root(self) -> str:
        """What stands before every path where a proxy serves this below a folder."""
        return str(self.request.scope.get("root_path", ""))

    def page(self, template: str, **values: Any) -> Response:
        """A page made of a template, to which `ask` is given too."""
        told = cookies.told(self.request)
        shown = self.site.templates.get_template(template)
        html = shown.render(ask=self, told=told, language=language(), languages=LANGUAGES, **values)
        answer = Response(html, self.status, media_type="text/html")
        if told:
            cookies.forget_told(answer)
        return answer

    def go(self, address: str, told: str | None = None, **details: object) -> Response:
        """To another page, after a change; it says there what was done: the message of the code `told`."""
        answer = RedirectResponse(address, 303)
        if told:
            cookies.tell(answer, text(told, **details))
        return answer


class Guarded(Route):
    """A route that says what it needs: a right, one of several, or None where anybody may call it."""

    def __init__(
        self, path: str, handler: Handler, method: str, name: str, needs: tuple[Right, ...], limit: int | None
    ):
        self.needs = needs
        super().__init__(path, _endpoint(handler, method, needs, limit), methods=[method], name=name)


def page(path: str, handler: Handler, name: str | None = None, *, needs: Right | tuple[Right, ...] = "read") -> Guarded:
    """A page that is only looked at (GET)."""
    return Guarded(path, handler, "GET", name or _name_of(handler), _rights(needs), 0)


def action(
    path: str,
    handler: Handler,
    name: str | None = None,
    *,
    needs: Right | tuple[Right, ...],
    limit: int | None = FORM_BYTES,
) -> Guarded:
    """A form that changes something (POST); its body has at most `limit` bytes. With `limit` None the handler reads the
    body itself and calls `require_own_form` before it does anything with it."""
    return Guarded(path, handler, "POST", name or _name_of(handler), _rights(needs), limit)


def _name_of(handler: Handler) -> str:
    return cast("str", getattr(handler, "__name__", ""))


def _rights(needs: Right | tuple[Right, ...]) -> tuple[Right, ...]:
    return needs if isinstance(needs, tuple) else (needs,)


def _endpoint(
    handler: Handler, method: str, needs: tuple[Right, ...], limit: int | None
) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        ask = await run_in_threadpool(asked, request)
        choose_language(cookies.language(request) or usual_language())
        if refusal := _refused(ask, needs):
            return finish(ask, refusal)
        try:
            if method == "POST":
                _require_own_page(request)
                if limit is not None:
                    ask.form = await _form(request, limit)
                    require_own_form(ask, ask.given("csrf"))
            return finish(ask, await _answer(handler, ask))
        except HTTPException:
            raise
        except Exception as error:
            from pipeline.web.faults import crash, own_fault

            return finish(ask, own_fault(ask, error) if isinstance(error, CongvanError) else crash(ask, error))
        finally:
            await ask.form.close()

    return endpoint


async def _answer(handler: Handler, ask: Ask) -> Response:
    if inspect.iscoroutinefunction(handler):
        return cast("Response", await handler(ask))
    return cast("Response", await run_in_threadpool(handler, ask))


def asked(request: Request) -> Ask:
    """Who asks, by the cookie."""
    site: Site = request.app.state.site
    token = cookies.token(request)
    needs_sign_in = site.is_public or site.accounts.are_there()
    person = site.sessions.find(token) if token and needs_sign_in else None
    return Ask(request, site, person, token or new_token(), not token, needs_sign_in)


def finish(ask: Ask, answer: Response) -> Response:
    """The answer with the cookies that it needs."""
    if ask.is_new_token and ask.needs_sign_in:
        cookies.keep_token(ask.request, answer, ask.token)
    if chosen := cookies.asked_language(ask.request):
        cookies.keep_language(ask.request, answer, chosen)
    return answer


def _refused(ask: Ask, needs: tuple[Right, ...]) -> Response | None:
    """To the page for signing in, where somebody who has not signed in only looks; else a 403."""
    if not needs or any(right in ask.rights for right in needs):
        return None
    from pipeline.web.faults import fault_page

    if ask.person is None and ask.needs_sign_in:
        if ask.request.url.path.removeprefix(ask.root).startswith("/api/"):
            return fault_page(ask, 401)
        if ask.request.method in ("GET", "HEAD"):
            return ask.go(ask.url("sign_in", q={"next": ask.here()}))
    return fault_page(ask, 403, None if ask.needs_sign_in else text("web.advice.no_accounts"))


async def _form(request: Request, limit: int) -> FormData:
    """The form, at most so many bytes of it, however they come."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > limit:
        raise HTTPException(413)
    bounded = Request(request.scope, _bounded(request.receive, limit))
    return await bounded.form(max_files=_FIELDS, max_fields=_FIELDS, max_part_size=FORM_BYTES)


def _bounded(receive: Receive, limit: int) -> Receive:
    seen = 0

    async def bounded() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            raise HTTPException(413)
        return message

    return bounded


def _require_own_page(request: Request) -> None:
    """What another site makes the browser send is not even looked at."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise HTTPException(403, "csrf")


def require_own_form(ask: Ask, given: str) -> None:
    """A form was shown by us to this browser, or it does not have the browser's token: its field `csrf`, or the header
    of that name. Raises a 403."""
    if not is_csrf(ask.token, given or ask.request.headers.get("x-csrf", "")):
        raise HTTPException(403, "csrf")
