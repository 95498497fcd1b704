"""Địa chỉ bền: every row has an address that holds as long as the register: it leads to the page that shows the row."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from pipeline.errors import UnknownId
from pipeline.register import Register, parse_target
from pipeline.register.ids import KINDS
from pipeline.register.naming import owning_dispatch
from pipeline.web.asking import Ask, Guarded, page

# What stands in the address of each kind of row, by the letter of its id.
ROWS = {
    "obligations": "O",
    "deadlines": "L",
    "issues": "I",
    "merges": "M",
    "inferred": "P",
    "links": "K",
    "corrections": "C",
    "duties": "T",
    "events": "E",
    "imports": "N",
}
_DUTY = "SELECT duty_id, period FROM duty_events WHERE id = ?"
_TARGET = "SELECT target, target_id, field FROM corrections WHERE id = ?"


def _to(letter: str, ask: Ask) -> Response:
    duty, _, period = ask.part("id").partition("@")
    with ask.reading() as register:
        _, number = parse_target(register, duty, letter)
        address = _address(ask, register, letter, number, period)
    return RedirectResponse(address, 303)


def _address(ask: Ask, register: Register, letter: str, number: int, period: str) -> str:
    """Where a row is shown. Raises UnknownId."""
    name = f"{letter}{number}"
    if letter == "E":
        event = register.one(_DUTY, (number,))
        if event is None:
            raise UnknownId(id=name)
        found = _found(ask.link("duty", id=f"T{event['duty_id']}" + (f"@{event['period']}" if event["period"] else "")))
        return f"{found}#{name}"
    owner = owning_dispatch(register, KINDS[letter], number)
    if letter == "N" and owner is None and register.one("SELECT 1 FROM import_proposals WHERE id = ?", (number,)):
        return _found(ask.link("review", q={"what": "import"})) + f"#r-{name}"
    if owner is None:
        raise UnknownId(id=name)
    if letter == "T":
        return _found(ask.link("duty", id=name + (f"@{period}" if period else "")))
    return _found(ask.link("document", id=f"D{owner}")) + f"#{_place(register, letter, number)}"


def _place(register: Register, letter: str, number: int) -> str:
    """The place on the page of the dispatch; of a correction that of what it corrects."""
    row = register.one(_TARGET, (number,)) if letter == "C" else None
    if row is None:
        return f"{letter}{number}"
    if row["target"] == "dispatch" and row["field"]:
        return f"f-{row['field']}"
    kind = next(own for own, name in KINDS.items() if name == row["target"])
    return f"{kind}{row['target_id']}"


def _found(address: str | None) -> str:
    if address is None:
        raise HTTPException(404)
    return address


def _route(plural: str, letter: str) -> Guarded:
    def row(ask: Ask) -> Response:
        return _to(letter, ask)

    return page(f"/{plural}/{{id}}", row, f"row_{plural}")


routes = [_route(plural, letter) for plural, letter in ROWS.items()]
