"""Bảng tổng hợp: how bodies keep their deadlines, with the formula, each figure leading to its list."""

from __future__ import annotations

from starlette.responses import Response

from pipeline.followup.holders import Holder
from pipeline.followup.quickly import scoreboard as counted
from pipeline.followup.scoreboard import Counts
from pipeline.web.asking import Ask, page
from pipeline.web.site import MenuEntry
from pipeline.web.wanted import Wanted, wanted

COLUMNS = ("total", "done_on_time", "done_late", "open_in_time", "overdue", "no_deadline", "suspended")
RATES = ("done_of_due", "overdue_of_due")
_ON_A_PAGE = 100
_MOST_KEPT = 8
Scores = tuple[list[tuple[Holder, Counts]], Counts]
_kept: dict[object, Scores] = {}
# The lists behind figures, where one filter says the same.
_BEHIND = {
    "done_on_time": {"timeliness": "on_time"},
    "done_late": {"timeliness": "done_late"},
    "overdue": {"state": "overdue"},
    "suspended": {"standing": "suspended"},
}


def scoreboard(ask: Ask) -> Response:
    """A line a body, most overdue first, and all of them."""
    what = wanted(ask)
    bodies, everything = _counted(ask, what)
    number = ask.query("page")
    at = max(1, int(number)) if number.isascii() and number.isdecimal() and len(number) < 6 else 1
    start = (at - 1) * _ON_A_PAGE
    return ask.page(
        "scoreboard.html",
        what=what,
        columns=COLUMNS,
        rates=RATES,
        rows=[_row(ask, what, holder, counts) for holder, counts in bodies[start : start + _ON_A_PAGE]],
        all=_row(ask, what, None, everything),
        count=len(bodies),
        before=ask.here(page=at - 1) if at > 1 else None,
        after=ask.here(page=at + 1) if start + _ON_A_PAGE < len(bodies) else None,
    )


def _counted(ask: Ask, what: Wanted) -> Scores:
    """The figures, kept as long as nothing is changed: all duties are looked at for them."""
    key = (ask.site.book.path, ask.site.book.stamp(), what.filter, what.settings.before, what.as_of)
    found = _kept.get(key)
    if found is None:
        with ask.reading() as register:
            found = counted(register, what.filter, what.settings, as_of=what.as_of)
        while len(_kept) >= _MOST_KEPT:
            _kept.pop(next(iter(_kept), None), None)
        _kept[key] = found
    return found


def _row(ask: Ask, what: Wanted, holder: Holder | None, counts: Counts) -> dict[str, object]:
    rates = counts.rates()
    return {
        "name": holder.name if holder else None,
        "body": ask.link("body", id=holder.code) if holder and holder.code else None,
        "cells": [(name, getattr(counts, name), _list(ask, what, holder, name)) for name in COLUMNS],
        "rates": [rates[name] for name in RATES],
    }


def _list(ask: Ask, what: Wanted, holder: Holder | None, column: str) -> str | None:
    """The list behind a figure. What nobody leads has none: no filter means just that."""
    if column not in _BEHIND or (holder and not holder.name):
        return None
    whose = {"body": holder.code or holder.name, "role": "lead"} if holder else {}
    return ask.link("tasks", q={**what.given, **whose, **_BEHIND[column], "sort": None})


menu = (MenuEntry("scoreboard", "web.menu.scoreboard"),)
routes = [page("/scoreboard", scoreboard)]
