"""Ghi nhận nhiều việc: several duties of a list marked done by one proof, after a look at all of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from urllib.parse import parse_qsl

from starlette.responses import Response

from pipeline.errors import CongvanError, InvalidValue
from pipeline.followup.quickly import owed_quickly
from pipeline.followup.recording import Entry, enter_event
from pipeline.followup.states import STEPS
from pipeline.followup.views import as_rows
from pipeline.messages import error_text
from pipeline.register import Register, Row, TaskFilter
from pipeline.register.ids import parse_id
from pipeline.web.asking import Ask, action, page
from pipeline.web.duties import seen, typed_day, typed_words
from pipeline.web.faults import status_of
from pipeline.web.saved import kept_address
from pipeline.web.wanted import read_wanted

MOST = 200


class NoneChosen(CongvanError):
    """No duty was chosen, or more than can be marked at once (details: most)."""

    code = "none_chosen"


class NoProof(CongvanError):
    """Several duties are marked done without saying by what."""

    code = "no_proof"


def mark(ask: Ask) -> Response:
    """All duties that were chosen, and the form by which they are marked done."""
    chosen = [id for part in ask.request.query_params.getlist("duty") for id in part.split()]
    return _page(ask, chosen, ask.query("list"))


def mark_done(ask: Ask) -> Response:
    """Mark them done, all or none."""
    given = [part.rpartition(":") for part in ask.form.getlist("duty") if isinstance(part, str)]
    chosen = [(id, seen(count)) for id, _, count in given]
    try:
        proof, day, why = typed_words(ask, "proof"), typed_day(ask, "day"), typed_words(ask, "why")
        if not proof:
            raise NoProof
        _require_some(chosen)
        with ask.writing() as register, register.transaction():
            for id, count in chosen:
                entry = Entry("accepted", id, day=day, proof=proof, seen=count)
                enter_event(register, entry, ask.site.office, who=ask.who, now=ask.now, why=why)
    except CongvanError as error:
        ask.status = status_of(error)
        return _page(ask, [id for id, _ in chosen], ask.given("list"), error_text(error))
    return ask.go(_back(ask, ask.given("list")), "web.mark.done", count=len(chosen))


def _page(ask: Ask, chosen: Sequence[str], address: str, problem: str = "") -> Response:
    _require_some(chosen)
    with ask.reading() as register:
        rows = _rows(register, ask, dict.fromkeys(chosen))
    can = [row for row in rows if "accepted" in STEPS[row["state"]]]
    return ask.page(
        "mark.html",
        rows=can,
        left_out=[row for row in rows if row not in can],
        address=address,
        back=_back(ask, address),
        problem=problem,
        typed={name: ask.given(name) for name in ("day", "proof", "why")},
    )


def _require_some(chosen: Sequence[object]) -> None:
    if not 0 < len(chosen) <= MOST:
        raise NoneChosen(most=MOST)


def _rows(register: Register, ask: Ask, chosen: Iterable[str]) -> list[Row]:
    """The duties of these ids as they stand today."""
    ids = [id.upper() for id in chosen]
    numbers = json.dumps([parse_id(id.partition("@")[0], "T")[1] for id in ids])
    known = register.rows(
        "SELECT DISTINCT obligation_id AS id FROM duties WHERE id IN (SELECT value FROM json_each(?))", (numbers,)
    )
    of = [row["id"] for row in known]
    found = owed_quickly(register, TaskFilter(), ask.site.office, as_of=ask.today, of=of)
    return as_rows(register, [one for one in found if one.id in set(ids)])


def _back(ask: Ask, address: str) -> str:
    """The list from which they were chosen."""
    try:
        what = read_wanted(dict(parse_qsl(address[:5000])), ask.site.office, ask.today)
    except InvalidValue:
        return ask.url("tasks")
    return ask.url("tasks", q=dict(parse_qsl(kept_address(what))))


routes = [page("/tasks/mark", mark, needs="follow"), action("/tasks/mark", mark_done, needs="follow")]
