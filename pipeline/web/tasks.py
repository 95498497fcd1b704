"""Danh sách việc: duties filtered, counted, sorted and leafed through; the first page of those who follow them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from starlette.responses import Response

from pipeline.errors import InvalidValue
from pipeline.followup.browsing import GROUPS, Facet, Facets, Listing, Page, listing
from pipeline.messages import text, value_text
from pipeline.output import day, listed
from pipeline.register import Register
from pipeline.web import duties, marking, saved, taskfiles
from pipeline.web.asking import Ask, page
from pipeline.web.lines import lines
from pipeline.web.site import MenuEntry
from pipeline.web.wanted import CHOICES, DAYS, Wanted, wanted

_SHOWN = 8  # values of a group; the others on demand
_FEW = 12  # a page of fewer lines is filled up,
_ROUNDS = 3  # so many times
_MEMBERS = "SELECT count(*) AS count FROM duties WHERE is_current AND obligation_id = ?"
_ORDERS = ("last_day", "-last_day", "days_late", "body", "issued_on", "-issued_on", "confidence", "id")
_MORE = ("body", "issuer", "type", *DAYS, "standing", "timeliness", "unnamed")
_FIELDS = ("text", "as_of", "policy", "sort", *_MORE)  # those that have a field; the others go along unseen
_WORDS_OF = {"state": "state", "window": "window", "role": "role", "standing": "duty_state", "timeliness": "timeliness"}


def tasks(ask: Ask) -> Response:
    """One page of the list that the address asks for, with counts beside it."""
    what = wanted(ask)
    with (
        ask.reading() as register,
        listing(register, what.filter, what.settings, as_of=what.as_of, sort=what.sort) as whole,
    ):
        found = _page(ask, register, whole, what)
        counts = whole.facets()
    return ask.page(
        "tasks.html",
        what=what,
        found=found,
        lines=lines(found.rows),
        groups=_groups(ask, what, counts),
        are_counts_exact=counts.is_exact,
        chips=_chips(ask, what),
        orders=_ORDERS if what.sort in _ORDERS else (*_ORDERS, what.sort),
        standings=CHOICES["standing"],
        days=DAYS,
        fields=_FIELDS,
        is_more_open=any(name in what.given for name in _MORE),
        before=_beside(ask, found.previous),
        after=_beside(ask, found.next),
        views=saved.views_of(ask),
        files={form: ask.url("task_file", form=form, q=dict(what.given)) for form in taskfiles.FORMS},
        address=saved.kept_address(what),
    )


def _page(ask: Ask, register: Register, whole: Listing, what: Wanted) -> Page:
    """The page behind the cursor (the first where the cursor is none of this list), filled up with whole groups where
    members of one group take most of its rows."""
    after = ask.query("after") or None
    try:
        found = whole.page(after)
    except InvalidValue as error:
        if after is None or error.details.get("field") != "after":
            raise
        found = whole.page()
    for _ in range(_ROUNDS):
        more = _rest_of_group(register, whole, found)
        if more is None and len(lines(found.rows)) < _FEW and found.next:
            more = whole.page(found.next)
        if more is None:
            break
        found = replace(found, rows=[*found.rows, *more.rows], next=more.next)
    return found


def _rest_of_group(register: Register, whole: Listing, found: Page) -> Page | None:
    """The rows behind a page that belong to its last line, if there are any."""
    if found.next is None:
        return None
    last = lines(found.rows)[-1]
    known = register.one(_MEMBERS, (int(last["id"][1:]),))
    left = (known["count"] if known else 0) - len(last["members"])
    while left > 0:
        behind = whole.page(found.next, left)
        together = len(lines([found.rows[-1], *behind.rows])[0]["members"]) - 1
        if together == len(behind.rows):
            return behind
        left = together
    return None


def _beside(ask: Ask, cursor: str | None) -> str | None:
    return ask.here(after=cursor) if cursor else None


# ------------------------------------------------------------------------------------------ what is filtered


def words_for(name: str, value: str) -> str:
    """The value of a filter as people say it."""
    if name in _WORDS_OF:
        return value_text(_WORDS_OF[name], value)
    if name in DAYS:
        return day(value)
    if name in ("checkable", "unnamed", "kind"):
        return text(f"web.tasks.{name}.{value}")
    return value


def _chips(ask: Ask, what: Wanted) -> list[dict[str, str]]:
    """What restricts the list: its words, and the address without it."""
    return [
        {
            "name": text(f"web.tasks.filter.{name}"),
            "words": words_for(name, value),
            "without": ask.here(**{name: None, "after": None}),
        }
        for name, value in what.filtered.items()
    ]


def _groups(ask: Ask, what: Wanted, counts: Facets) -> list[dict[str, Any]]:
    """The groups of values beside the list: those chosen can be left, the others taken."""
    out: list[dict[str, Any]] = []
    for name in GROUPS:
        chosen = what.given.get(name)
        values = [_value(ask, name, facet, chosen) for facet in counts[name]]
        if len(values) > 1 or (chosen and values):
            out.append({"name": name, "values": values[:_SHOWN], "more": values[_SHOWN:], "chosen": chosen})
    return out


def _value(ask: Ask, name: str, facet: Facet, chosen: str | None) -> dict[str, object]:
    is_chosen = chosen is not None and chosen.casefold() in (facet.value.casefold(), facet.name.casefold())
    words = listed(facet.name) if name in ("body", "issuer", "type", "year") else words_for(name, facet.value)
    address = ask.here(**{name: None if is_chosen else facet.value, "after": None})
    return {"count": facet.count, "words": words, "address": address, "is_chosen": is_chosen}


menu = (MenuEntry("tasks", "web.menu.tasks"),)
routes = [
    page("/tasks", tasks),
    *taskfiles.routes,
    *marking.routes,
    *saved.routes,
    *duties.routes,
]
