"""Trang đầu: what is late, what is due this week, what waits for a person, what could not be read."""

from __future__ import annotations

from datetime import date

from starlette.exceptions import HTTPException
from starlette.responses import Response

from pipeline.followup.browsing import browse
from pipeline.register import TaskFilter, count_failures
from pipeline.register.queueing import MOST_COUNTED, WHATS, count_waiting
from pipeline.web.asking import Ask, page
from pipeline.web.pictures import NAMES
from pipeline.web.site import MenuEntry


def home(ask: Ask) -> Response:
    """Four figures and three charts, each with the list behind it."""
    asked = {"as_of": ask.query("as_of") and ask.as_of.isoformat()}
    return ask.page(
        "home.html",
        figures=_figures(ask, ask.as_of),
        lists={
            "late": ask.link("tasks", q={"window": "late", **asked}),
            "week": ask.link("tasks", q={"window": "week", **asked}),
            "review": ask.link("review"),
            "failed": ask.link("failures"),
        },
        charts={name: ask.url("chart", name=name, q=asked) for name in NAMES},
        behind={
            "overdue-by-body": ask.link("tasks", q={"window": "late", "sort": "body", **asked}),
            "due-by-week": ask.link("tasks", q={"state": "upcoming", **asked}),
            "on-time-by-month": ask.link("scoreboard", q=asked),
        },
        drawn=ask.site.pictures.kept(ask.as_of),
        as_of=ask.as_of,
    )


def _figures(ask: Ask, as_of: date) -> dict[str, tuple[int, bool]]:
    """Each figure, and whether it is exact or at least so many."""
    with ask.reading() as register:
        late = browse(register, TaskFilter(window="late"), ask.site.office, as_of=as_of, limit=1)
        week = browse(register, TaskFilter(window="week"), ask.site.office, as_of=as_of, limit=1)
        waiting = count_waiting(register)
        failed = count_failures(register, "failed")
    return {
        "late": (late.total, late.is_total_exact),
        "week": (week.total, week.is_total_exact),
        "review": (sum(waiting[name] for name in WHATS), max(waiting.values()) < MOST_COUNTED),
        "failed": (failed, True),
    }


async def chart(ask: Ask) -> Response:
    """One chart as SVG."""
    if ask.part("name") not in NAMES:
        raise HTTPException(404)
    pictures = await ask.site.pictures.of(ask.as_of)
    if not pictures:
        raise HTTPException(503)
    return Response(pictures[ask.part("name")].svg, media_type="image/svg+xml")


menu = (MenuEntry("home", "web.menu.home"),)
routes = [page("/", home), page("/charts/{name}.svg", chart)]
