"""Cơ quan: what binds a body, how it keeps its deadlines, its calendar, its names and those before and after it."""

from __future__ import annotations

from typing import Any, get_args

from starlette.exceptions import HTTPException
from starlette.responses import Response

from pipeline.followup.browsing import browse
from pipeline.followup.quickly import scoreboard
from pipeline.followup.scoreboard import Counts
from pipeline.register import Register, TaskFilter
from pipeline.register.listing import Role
from pipeline.web.asking import Ask, action, page
from pipeline.web.body_names import Asked, address_of, asked, found_by, lineage, not_in, other_names
from pipeline.web.feeds import Calendars, end_feed, feed_made_at, give_feed, is_feed
from pipeline.web.site import MenuEntry

ON_A_PAGE = 60
SHOWN = 10
ROLES: tuple[Role, ...] = get_args(Role)
STATES = ("overdue", "upcoming", "no_day")
COUNTS = ("total", "done_on_time", "done_late", "open_in_time", "overdue", "no_deadline", "suspended")
RATES = ("done_of_due", "overdue_of_due")
_DUTIES = "SELECT count(*) AS n FROM (SELECT 1 FROM duties WHERE body_id = ? LIMIT 1001)"
_MOST_KEPT = 200

_calendars = Calendars()
_kept: dict[object, dict[str, Any]] = {}


def bodies(ask: Ask) -> Response:
    """The bodies that dispatches speak of, by name; a search by any name."""
    words = ask.query("q")[:300]
    with ask.reading() as register:
        rows, after = found_by(register, words, after=ask.query("after")[:400], limit=ON_A_PAGE)
    return ask.page(
        "bodies.html",
        words=words,
        rows=[{**row, "href": ask.url("body", id=address_of(row))} for row in rows],
        others=not_in(rows, words) if not ask.query("after") else [],
        after=ask.here(after=after) if after else None,
        first=ask.url("bodies", q={"q": words}) if ask.query("after") else None,
    )


def body(ask: Ask) -> Response:
    """One body."""
    role: Role = next((one for one in ROLES if one == ask.query("role")), "lead")
    with ask.reading() as register:
        found = asked(register, ask.part("id"))
        if found.id != ask.part("id"):
            return ask.go(ask.url("body", id=found.id))
        binding = _binding(ask, register, found, role)
        names = other_names(register, found)
    return ask.page(
        "body.html",
        body=found,
        names=names,
        role=role,
        roles=ROLES,
        columns=COUNTS,
        **binding,
        **_feed(ask, found),
        line=lineage(found, ask.as_of),
        as_of=ask.as_of,
    )


def _binding(ask: Ask, register: Register, found: Asked, role: Role) -> dict[str, Any]:
    """What is open in one role, and the figures; kept as long as nothing is changed."""
    key = (str(ask.site.book.path), ask.site.book.stamp(), found.id, role, ask.as_of)
    if key not in _kept:
        while len(_kept) >= _MOST_KEPT:
            _kept.pop(next(iter(_kept)), None)
        _kept[key] = _counted(ask, register, found, role)
    kept = _kept[key]
    behind = {state: ask.link("tasks", q={"body": found.words, "role": role, "state": state}) for state in STATES}
    return {**kept, "behind": behind, "all_behind": ask.link("tasks", q={"body": found.words, "role": role})}


def _counted(ask: Ask, register: Register, found: Asked, role: Role) -> dict[str, Any]:
    lists: dict[str, Any] = {}
    for state in STATES:
        wanted = TaskFilter(body=found.words, role=role, state=state)  # type: ignore[arg-type]
        lists[state] = browse(register, wanted, ask.site.office, as_of=ask.as_of, limit=SHOWN)
    _, counts = scoreboard(register, TaskFilter(body=found.words, role="lead"), ask.site.office, as_of=ask.as_of)
    return {"lists": lists, "counts": counts, "rates": _rates(counts)}


def _rates(counts: Counts) -> list[tuple[str, float]]:
    """The shares that the formula tells, where there is anything to share."""
    return [(name, rate) for name, rate in counts.rates().items() if name in RATES and rate is not None]


# ------------------------------------------------------------------------------------------------ the calendar


def _feed(ask: Ask, found: Asked) -> dict[str, Any]:
    """Where the calendar of a body lies, for a browser and for a calendar program."""
    person = ask.person
    return {
        "calendar": ask.url("body_calendar", id=found.id),
        "made_at": feed_made_at(ask.site.accounts, person.id) if person else None,
    }


def body_calendar(ask: Ask) -> Response:
    """The duties of a body as a calendar, for those who may read, or by somebody's secret (`?key=`)."""
    if not ask.may("read") and not is_feed(ask.site.accounts, ask.query("key")):
        raise HTTPException(403)
    with ask.reading() as register:
        found = asked(register, ask.part("id"))
        row = register.one(_DUTIES, (found.row["id"],)) if found.row else None
    made = _calendars.of(ask.site, found.words, int(row["n"]) if row else 0, ask.today)
    if made is None:
        raise HTTPException(503)
    headers = {"content-disposition": f'inline; filename="{_file_name(found.id)}.ics"', "cache-control": "private"}
    return Response(made, media_type="text/calendar", headers=headers)


def _file_name(name: str) -> str:
    return "".join(c if c.isascii() and c.isalnum() else "-" for c in name)[:80]


def make_feed(ask: Ask) -> Response:
    """A new secret address of calendars for this person, told once on the page; the one before ends."""
    if ask.person is None:
        raise HTTPException(403)
    with ask.reading() as register:
        found = asked(register, ask.given("body"))
    if ask.given("change") == "end":
        end_feed(ask.site.accounts, ask.person.id)
        return ask.go(ask.url("body", id=found.id) + "#calendar", "web.body.feed_ended")
    token = give_feed(ask.site.accounts, ask.person.id, ask.now)
    base = str(ask.request.base_url).rstrip("/").removesuffix(ask.root)
    address = base + ask.url("body_calendar", id=found.id, q={"key": token})
    return ask.page("body_feed.html", body=found, address=address)


menu = (MenuEntry("bodies", "web.menu.bodies"),)
routes = [
    page("/bodies", bodies),
    action("/bodies/feed", make_feed, needs="read"),
    page("/bodies/{id:path}/calendar.ics", body_calendar, needs=()),
    page("/bodies/{id:path}", body),
]
