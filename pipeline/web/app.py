"""The server's application: all pages that are there, and what stands around them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from threading import Thread
from types import ModuleType

from anyio.to_thread import current_default_thread_limiter
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from pipeline.followup.settings import Settings
from pipeline.web.accounts import Accounts
from pipeline.web.book import Book
from pipeline.web.facsimiles import Facsimiles
from pipeline.web.faults import http_fault
from pipeline.web.headers import Called, Headed
from pipeline.web.pictures import Pictures
from pipeline.web.rendering import STATIC, environment
from pipeline.web.sessions import Sessions
from pipeline.web.site import Site
from pipeline.web.upload_queue import Uploads

# Each has `routes`, and `menu` where it stands in the menu; in the order of the menu.
PAGES = (
    "home",
    "tasks",
    "search",
    "documents",
    "review",
    "bodies",
    "chains",
    "places",
    "scoreboard",
    "uploads",
    "research",
    "people",
    "signing_in",
    "api",
)
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_THREADS = 16  # each may hold a connection to the register
_LAST_SECONDS = 2.0  # what is being laid out when the server is stopped is left to the next one


def create_app(
    register_path: Path,
    accounts_path: Path,
    office: Settings,
    *,
    hosts: Iterable[str] = (),
    is_public: bool = False,
) -> Starlette:
    """The application for one register. `hosts` are names by which it may be called, beside those of this machine
    itself; `is_public` where it listens to other machines too."""
    pages = _pages()
    accounts = Accounts(accounts_path)
    book = Book(register_path, office.calendar)
    site = Site(
        book=book,
        accounts=accounts,
        sessions=Sessions(accounts),
        office=office,
        templates=environment(),
        pictures=Pictures(book, office),
        facsimiles=Facsimiles(),
        uploads=Uploads(book, office),
        menu=tuple(entry for page in pages for entry in getattr(page, "menu", ())),
        hosts=LOOPBACK | {host.lower() for host in hosts},
        is_public=is_public,
    )
    routes: list[BaseRoute] = [route for page in pages for route in page.routes]
    app = Starlette(
        routes=[*routes, Mount("/static", Kept(directory=STATIC), name="static")],
        middleware=[Middleware(Headed), Middleware(Called, hosts=site.hosts, any_address=is_public)],
        exception_handlers={HTTPException: http_fault},
        lifespan=_lifespan,
    )
    app.router.redirect_slashes = False
    app.state.site = site
    app.state.named = _by_name(routes)
    return app


def _by_name(routes: Iterable[BaseRoute]) -> dict[str, list[BaseRoute]]:
    named: dict[str, list[BaseRoute]] = {}
    for route in routes:
        named.setdefault(getattr(route, "name", ""), []).append(route)
    return named


class Kept(StaticFiles):
    """Files that browsers keep: their address changes with their content."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        answer = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        answer.headers["cache-control"] = "public, max-age=31536000, immutable"
        return answer


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    current_default_thread_limiter().total_tokens = _THREADS
    site: Site = app.state.site
    site.uploads.start()
    preparing = Thread(target=site.book.prepare, args=(site.office,), daemon=True)
    preparing.start()
    yield
    site.uploads.stop()
    site.facsimiles.close()
    preparing.join(_LAST_SECONDS)


def _pages() -> list[ModuleType]:
    places = [f"pipeline.web.{name}" for name in PAGES]
    return [import_module(place) for place in places if find_spec(place)]
