"""API: the register for programs, as JSON; read only, the same rights as in the browser, described by OpenAPI."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response

from pipeline.errors import CongvanError, UnknownId
from pipeline.followup.browsing import browse, facets
from pipeline.followup.quickly import scoreboard
from pipeline.followup.scoreboard import Counts
from pipeline.messages import text
from pipeline.register import DispatchFilter, Row, TaskFilter, chain, leaf, parse_target, public_id, search, show
from pipeline.register.ids import parse_id
from pipeline.register.naming import find_dispatch
from pipeline.register.owing import kept_duty
from pipeline.web.api_answers import Answered, whole_number
from pipeline.web.api_schema import SCHEMAS, of
from pipeline.web.api_tokens import LIFE_DAYS, LONGEST_NAME, Tokens
from pipeline.web.asking import Ask, action, page
from pipeline.web.body_names import address_of, asked, found_by, lineage, other_names
from pipeline.web.documents import _day
from pipeline.web.duties import shown
from pipeline.web.wanted import CHOICES, FILTERS, FLAGS, ORDERS, wanted

MOST = {"tasks": 500, "documents": 200, "bodies": 200, "scoreboard": 1000, "search": 200}
_LONGEST = 300
_VERSION = "1"


def tasks(ask: Ask) -> Row:
    """A page of the list of duties."""
    what = wanted(ask)
    with ask.reading() as register:
        found = browse(
            register, what.filter, what.settings, as_of=what.as_of, sort=what.sort, after=ask.query("after") or None,
            limit=whole_number(ask, "limit", 50, MOST["tasks"]),
        )  # fmt: skip
    return {**_moment(what), **{name: getattr(found, name) for name in ("rows", "next", "previous", "total")},
            "is_total_exact": found.is_total_exact}  # fmt: skip


def _moment(what: Any) -> Row:
    return {"as_of": what.as_of.isoformat(), "policy": what.settings.before}


def facets_of(ask: Ask) -> Row:
    """How the rows of a list are spread."""
    what = wanted(ask)
    with ask.reading() as register:
        found = facets(register, what.filter, what.settings, as_of=what.as_of)
    groups = {name: [asdict(one) for one in values] for name, values in found.groups.items()}
    return {**_moment(what), "is_exact": found.is_exact, "groups": groups}


def duty(ask: Ask) -> Row:
    """One duty."""
    plain, mark, period = ask.part("id").partition("@")
    number = parse_id(plain, "T")[1]
    with ask.reading() as register:
        found = shown(register, kept_duty(register, number), f"@{period.upper()}" if mark else "", wanted(ask))
    return {
        "id": found.id, "obligation": found.task, "now": found.row, "times": found.times, "others": found.others,
        "deadlines": found.limits, "events": found.events,
    }  # fmt: skip


def documents(ask: Ask) -> Row:
    """A page of the list of dispatches."""
    asked_for = {name: ask.query(name)[:_LONGEST] for name in ("text", "number", "type", "issuer")}
    days = {name: _day(ask, name) for name in ("issued_from", "issued_to")}
    limit = whole_number(ask, "limit", 50, MOST["documents"])
    with ask.reading() as register:
        found = leaf(register, DispatchFilter(**asked_for, **days), at=ask.query("after"), limit=limit)
    return asdict(found)


def document(ask: Ask) -> Row:
    """One dispatch."""
    with ask.reading() as register:
        found = show(register, _dispatch(ask))
    return {**found, **found["document"], "is_removed": found["removed"] is not None}


def _dispatch(ask: Ask) -> str:
    """The id of a dispatch, and of nothing else. Raises WrongId."""
    return public_id("dispatch", parse_id(ask.part("id"), "D")[1])


def document_chain(ask: Ask) -> Row:
    """The dispatches around one."""
    with ask.reading() as register:
        number = find_dispatch(register, f"D{parse_target(register, _dispatch(ask), 'D')[1]}")
        return {"id": public_id("dispatch", number), "rows": chain(register, number)}


def bodies(ask: Ask) -> Row:
    """A page of the list of bodies."""
    limit = whole_number(ask, "limit", 50, MOST["bodies"])
    with ask.reading() as register:
        rows, after = found_by(register, ask.query("q")[:_LONGEST], after=ask.query("after")[:400], limit=limit)
    shown_rows = [
        {"id": address_of(row), "name": row["name"], "is_known": row["canonical_id"] is not None} for row in rows
    ]
    return {"rows": shown_rows, "next": after}


def body(ask: Ask) -> Row:
    """One body."""
    what = wanted(ask)
    with ask.reading() as register:
        found = asked(register, ask.part("id"))
        if found.id != ask.part("id"):
            raise UnknownId(id=ask.part("id")[:60])
        wants = TaskFilter(body=found.words, role="lead")
        _, counts = scoreboard(register, wants, what.settings, as_of=what.as_of)
        names = other_names(register, found)
    line = lineage(found, what.as_of)
    related = {name: [asdict(one) for one in getattr(line, name)] for name in ("before", "after", "now")}
    return {
        "id": found.id, "name": found.name, "is_known": found.known is not None, "names": names, **_moment(what),
        "counts": _counts(counts), **related,
    }  # fmt: skip


def _counts(counts: Counts) -> Row:
    names = SCHEMAS["Counts"]["properties"]
    return {**{name: getattr(counts, name) for name in names if hasattr(counts, name)}, **counts.rates()}


def scoreboard_of(ask: Ask) -> Row:
    """How bodies keep their deadlines, most overdue first."""
    what = wanted(ask)
    limit = whole_number(ask, "limit", 100, MOST["scoreboard"])
    start = (whole_number(ask, "page", 1, 100_000) - 1) * limit
    with ask.reading() as register:
        found, everything = scoreboard(register, what.filter, what.settings, as_of=what.as_of)
    rows = [
        {"body_code": holder.code, "body": holder.name, "counts": _counts(counts)}
        for holder, counts in found[start : start + limit]
    ]
    return {**_moment(what), "all": _counts(everything), "bodies": len(found), "rows": rows}


def search_for(ask: Ask) -> Row:
    """Dispatches and obligations by words."""
    limit = whole_number(ask, "limit", 50, MOST["search"])
    with ask.reading() as register:
        return {"rows": search(register, ask.query("q")[:_LONGEST], limit=limit)}


# ------------------------------------------------------------------------------------------ what there is


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address with what it takes beside the parts of its path, and the shape of what it answers."""

    path: str
    handler: Callable[[Ask], Row]
    name: str
    parameters: tuple[str, ...]
    shape: str

    @property
    def told(self) -> str:
        """What it is for, in the user's language."""
        return text(f"web.api.endpoint.{self.name}")


_WHEN = ("as_of", "policy")
ENDPOINTS = (
    Endpoint("/api/tasks", tasks, "tasks", (*FILTERS, *_WHEN, "sort", "after", "limit"), "TaskPage"),
    Endpoint("/api/facets", facets_of, "facets", (*FILTERS, *_WHEN), "Facets"),
    Endpoint("/api/duties/{id}", duty, "duty", _WHEN, "Duty"),
    Endpoint(
        "/api/documents", documents, "documents",
        ("text", "number", "type", "issuer", "issued_from", "issued_to", "after", "limit"), "DocumentPage",
    ),
    Endpoint("/api/documents/{id}", document, "document", (), "Document"),
    Endpoint("/api/documents/{id}/chain", document_chain, "chain", (), "Chain"),
    Endpoint("/api/bodies", bodies, "bodies", ("q", "after", "limit"), "BodyPage"),
    Endpoint("/api/bodies/{id:path}", body, "body", _WHEN, "Body"),
    Endpoint("/api/scoreboard", scoreboard_of, "scoreboard", (*FILTERS, *_WHEN, "page", "limit"), "Scoreboard"),
    Endpoint("/api/search", search_for, "search", ("q", "limit"), "Hits"),
)  # fmt: skip
_CHOSEN = {**CHOICES, "policy": ("strict", "lenient"), "sort": ORDERS, **dict.fromkeys(FLAGS, ("true", "false"))}
_COUNTED = ("limit", "page", "year")
_ISO_DAYS = ("as_of", "issued_from", "issued_to", "due_from", "due_to")


def described(root: str = "") -> Row:
    """The API as OpenAPI 3.1 describes it, in the user's language."""
    return {
        "openapi": "3.1.0",
        "info": {"title": text("web.api.title"), "version": _VERSION, "description": text("web.api.told")},
        "servers": [{"url": root or "/"}],
        "security": [{"token": []}, {}],
        "paths": {_plain(one.path): {"get": _operation(one)} for one in ENDPOINTS},
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": SCHEMAS,
        },
    }


def _plain(path: str) -> str:
    return path.replace(":path}", "}")


def _operation(one: Endpoint) -> Row:
    given = [_parameter(name, one) for name in one.parameters]
    in_path = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    return {
        "operationId": one.name,
        "summary": one.told,
        "parameters": ([in_path] if "{id" in one.path else []) + given,
        "responses": {
            "200": {"description": "OK", "content": {"application/json": {"schema": of(one.shape)}}},
            "304": {"description": "Not Modified"},
            "default": {
                "description": "Problem",
                "content": {"application/problem+json": {"schema": of("Problem")}},
            },
        },
    }


def _parameter(name: str, one: Endpoint) -> Row:
    schema: Row = {"type": "string", "maxLength": _LONGEST}
    if name in _CHOSEN:
        schema = {"type": "string", "enum": list(_CHOSEN[name])}
    elif name in _COUNTED:
        schema = {"type": "integer", "minimum": 1}
        if name == "limit":
            schema["maximum"] = MOST[one.name]
    elif name in _ISO_DAYS:
        schema = {"type": "string", "format": "date"}
    return {"name": name, "in": "query", "description": text(f"web.api.parameter.{name}"), "schema": schema}


def openapi(ask: Ask) -> Response:
    """The description for programs."""
    return Response(json.dumps(described(ask.root), ensure_ascii=False), media_type="application/json")


def about(ask: Ask) -> Response:
    """The description for people."""
    return ask.page(
        "api.html",
        paths=described(ask.root)["paths"],
        endpoints=[(_plain(one.path), one) for one in ENDPOINTS],
        answers={one.name: SCHEMAS[one.shape]["properties"] for one in ENDPOINTS},
        base=f"{ask.request.url.scheme}://{ask.request.url.netloc}{ask.root}",
    )


# ------------------------------------------------------------------------------------------ tokens


def tokens(ask: Ask) -> Response:
    """One's own tokens."""
    return _tokens(ask, "")


def change_tokens(ask: Ask) -> Response:
    """A new one, told once; or one is taken back."""
    if ask.person is None:
        raise HTTPException(403)
    own = Tokens(ask.site.accounts)
    if ask.given("change") == "end":
        number = ask.given("token")
        own.end(ask.person, int(number) if number.isascii() and number.isdecimal() and len(number) < 10 else 0)
        return ask.go(ask.url("tokens"), "web.api.ended")
    if not ask.given("name"):
        raise NoTokenName
    return _tokens(ask, own.make(ask.person, ask.given("name")))


class NoTokenName(CongvanError):
    """A token without a name, by which nobody would know what it is for."""

    code = "no_token_name"


def _tokens(ask: Ask, made: str) -> Response:
    if ask.person is None:
        raise HTTPException(403)
    rows = [
        {**row, **{name: row[name] and _as_day(row[name]) for name in ("made", "ends", "used")}}
        for row in Tokens(ask.site.accounts).of(ask.person)
    ]
    return ask.page("api_tokens.html", rows=rows, made=made, days=LIFE_DAYS, longest=LONGEST_NAME)


def _as_day(seconds: float) -> str:
    return dt.date.fromtimestamp(seconds).isoformat()


routes = [
    page("/api/", about, "api"),
    page("/api/openapi.json", openapi),
    *(Answered(one.path, one.handler, f"api_{one.name}", one.shape, frozenset(one.parameters)) for one in ENDPOINTS),
    page("/account/tokens", tokens),
    action("/account/tokens", change_tokens, needs="read"),
]
