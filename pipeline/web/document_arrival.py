"""Ngày đến, số đến trên trang văn bản: entered, changed and taken back by those who keep the book of what came in."""

from __future__ import annotations

from starlette.responses import Response

from pipeline.errors import InvalidValue
from pipeline.output import day
from pipeline.register import public_id, receive
from pipeline.register.arriving import last_entry, undo_receive
from pipeline.register.seen import RowChanged
from pipeline.speaking import parse_day
from pipeline.web.asking import Ask
from pipeline.web.document_changes import dispatch_number, target_of

_MOST = 10_000_000  # the highest number of arrival


def enter_arrival(ask: Ask) -> Response:
    """Day and number of arrival; without a number the next one of the year. Or the entry made last is undone. Raises
    RowChanged where somebody made another entry meanwhile, InvalidValue, ImpossibleDay, NumberTaken."""
    number = dispatch_number(ask)
    id = public_id("dispatch", number)
    with ask.writing() as register, register.transaction():
        target_of(register, number, id)
        last = last_entry(register, number)
        if str(last["id"] if last else 0) != ask.given("seen"):
            said = last or {"made_by": "", "made_at": ""}
            raise RowChanged(id=id, who=said["made_by"], when=said["made_at"])
        if ask.given("change") == "undo":
            made = undo_receive(register, id, who=ask.who, now=ask.now)
        else:
            made = receive(register, id, _day(ask), who=ask.who, now=ask.now, number=_number(ask), why=ask.given("why"))
    where = ask.url("document", id=id, q={key: ask.query(key) for key in ("view", "at", "page")}) + "#arrival"
    if made is None:
        return ask.go(where, "web.document.arrival.taken_back", id=id)
    return ask.go(where, "web.document.arrival.done", id=id, day=day(made.day), number=made.number, year=made.year)


def _day(ask: Ask) -> str:
    given = ask.given("day")
    found = parse_day(given)
    if found is None:
        raise InvalidValue(field="day", value=given[:40], allowed="22/11/2026, 2026-11-22")
    return found


def _number(ask: Ask) -> int | None:
    given = ask.given("number")
    if not given:
        return None
    if not (given.isascii() and given.isdecimal() and len(given) < 10 and 0 < int(given) <= _MOST):
        raise InvalidValue(field="number", value=given[:40], allowed=f"1–{_MOST}")
    return int(given)
