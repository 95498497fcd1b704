"""Trang đầu: what is late, what is due this week, what waits for a person, what could not be read."""

from __future__ import annotations

from datetime import date, timedelta

from starlette.responses import Response

from pipeline.followup.views import due_within, late
from pipeline.register import TaskFilter, counts
from pipeline.web.asking import Ask, page
from pipeline.web.site import MenuEntry


def home(ask: Ask) -> Response:
    """Four figures, each with the list behind it, and how large the register is."""
    return ask.page("home.html", figures=_figures(ask, ask.as_of), lists=_lists(ask), as_of=ask.as_of)


def _lists(ask: Ask) -> dict[str, str | None]:
    """The list behind each figure."""
    until = ask.as_of + timedelta(days=7)
    return {
        "late": ask.link("tasks", q={"state": "overdue"}),
        "due": ask.link("tasks", q={"due_from": ask.as_of.isoformat(), "due_to": until.isoformat()}),
        "review": ask.link("review"),
        "failed": ask.link("failures"),
    }


def _figures(ask: Ask, as_of: date) -> dict[str, int]:
    with ask.reading() as register:
        found = counts(register)
        overdue = late(register, TaskFilter(), ask.site.office, as_of=as_of)
        coming = due_within(register, TaskFilter(), ask.site.office, as_of=as_of, until=as_of + timedelta(days=7))
    return {
        "late": len(overdue.dated) + len(overdue.periods) + len(overdue.recurring),
        "due": len(coming),
        "review": found["to_check"],
        "failed": found["files"]["failed"],
        "dispatches": found["dispatches"],
        "obligations": found["obligations"],
        "refused": found["files"]["refused"],
    }


menu = (MenuEntry("home", "web.menu.home"),)
routes = [page("/", home)]
