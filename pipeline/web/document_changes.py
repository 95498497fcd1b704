"""Sửa văn bản trên trang: what people accept, correct, add, part, put together, take out and take back.

Each form carries the version of the row that its sender saw. Where somebody changed it meanwhile nothing is written:
the page shows both values, and the sender decides again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.responses import Response

from pipeline.errors import UnknownId, WrongId
from pipeline.followup.replying import follow_link, undo_followed
from pipeline.reading.facsimile import WIDTHS
from pipeline.register import (
    Register,
    Row,
    confirm,
    decide_inferred,
    decide_link,
    decide_merge,
    delete,
    public_id,
    remove,
    version_of,
)
from pipeline.register.histories import dispatch_history, history
from pipeline.register.ids import KINDS, parse_id
from pipeline.register.naming import owning_dispatch
from pipeline.web.asking import Ask
from pipeline.web.document_shown import field_words, shown, spoken


@dataclass(frozen=True, slots=True)
class Target:
    """A row that belongs to a dispatch: its id, its kind and number, and the id of the row whose version counts."""

    id: str
    kind: str
    number: int
    counted: str


def dispatch_number(ask: Ask) -> int:
    """The number of the dispatch in the path. Raises WrongId."""
    return parse_id(ask.part("id"), "D")[1]


def target_of(register: Register, dispatch: int, name: str) -> Target:
    """A row by its id, of this dispatch and no other. Raises WrongId, UnknownId."""
    letter, number = parse_id(name, "D", "O", "L", "I", "K", "M", "P")
    kind = KINDS[letter]
    if dispatch not in _owners(register, kind, number):
        raise UnknownId(id=name)
    counted = name
    if kind == "deadline":
        row = register.one("SELECT obligation_id FROM deadlines WHERE id = ?", (number,)) or {}
        counted = public_id("obligation", row["obligation_id"])
    return Target(f"{letter}{number}", kind, number, counted)


_BOTH_ENDS = {
    "link": "SELECT dispatch_id, earlier_id FROM links WHERE id = ?",
    "proposal": "SELECT dispatch_id, duplicate_id FROM merge_proposals WHERE id = ?",
}


def _owners(register: Register, kind: str, number: int) -> set[int]:
    if kind in _BOTH_ENDS:
        return set((register.one(_BOTH_ENDS[kind], (number,)) or {}).values())
    owner = owning_dispatch(register, kind, number)
    return {owner} if owner is not None else set()


def whole_version(register: Register, dispatch: int) -> str:
    """What changes with whatever is said of a dispatch or of anything that hangs on it."""
    said = dispatch_history(register, dispatch)
    return f"{said[-1]['id'] if said else ''} {version_of(register, f'D{dispatch}')}"


# ------------------------------------------------------------------------------------------------ one click


def accept(ask: Ask) -> Response:
    """What stands there is right: a value, an obligation, the whole dispatch; an issue is worked off."""
    asked, seen = _on(ask)
    name, _, field = asked.partition(":")

    def write(register: Register, target: Target) -> None:
        confirm(register, target.id, field or None, who=ask.who, now=ask.now)

    return changed(ask, name, seen, write, "web.document.done.accept", field)


def accept_all(ask: Ask) -> Response:
    """All that the program found in the dispatch is right."""
    number = dispatch_number(ask)
    with ask.writing() as register, register.transaction():
        if whole_version(register, number) != ask.given("seen"):
            return _clash_page(ask, register, number, f"D{number}")
        confirm(register, f"D{number}", who=ask.who, now=ask.now)
    return ask.go(ask.url("document", id=f"D{number}"), "web.document.done.accept_all")


def take_out(ask: Ask) -> Response:
    """An obligation or a deadline that is none."""
    asked, seen = _on(ask)

    def write(register: Register, target: Target) -> None:
        delete(register, target.id, who=ask.who, now=ask.now, why="")

    return changed(ask, asked, seen, write, "web.document.done.delete")


def decide(ask: Ask) -> Response:
    """A proposal is right or not: a link, a merge, an inferred value."""
    asked, seen = _on(ask)
    verdict, _, name = asked.partition(":")
    if verdict not in ("accept", "reject"):
        raise HTTPException(422)
    deciding: dict[str, Callable[..., int]] = {"K": decide_link, "M": decide_merge, "P": decide_inferred}

    def write(register: Register, target: Target) -> None:
        if target.id[0] not in deciding:
            raise WrongId(id=name, expected="K1, M1, P1")
        deciding[target.id[0]](register, target.id, verdict == "accept", who=ask.who, now=ask.now)
        if target.id[0] == "K" and verdict == "accept":
            follow_link(register, int(target.id[1:]), ask.site.office, who=ask.who, now=ask.now)

    words = "web.document.done.taken" if verdict == "accept" else "web.document.done.rejected"
    return changed(ask, name, seen, write, words)


def take_back(ask: Ask) -> Response:
    """One change is taken back, with what belongs to it."""
    number, correction = dispatch_number(ask), ask.given("on")
    with ask.writing() as register, register.transaction():
        said = {row["id"]: row for row in dispatch_history(register, number)}
        if correction not in said:
            raise UnknownId(id=correction)
        undo_followed(register, parse_id(correction, "C")[1], who=ask.who, now=ask.now)
    target, field = said[correction]["target"], said[correction]["field"]
    return ask.go(back(ask, number, target, field), "web.document.done.undo", id=correction)


def remove_dispatch(ask: Ask) -> Response:
    """A dispatch that does not belong into the register."""
    number = dispatch_number(ask)

    def write(register: Register, target: Target) -> None:
        remove(register, target.id, who=ask.who, now=ask.now, why=ask.given("why"))

    return changed(ask, f"D{number}", ask.given("seen"), write, "web.document.done.remove")


def _on(ask: Ask) -> tuple[str, str]:
    """What a button is about, and the version that was seen: "O12 45.2026-01-31"."""
    asked, _, seen = ask.given("on").partition(" ")
    return asked, seen


def changed(
    ask: Ask, name: str, seen: str, write: Callable[[Register, Target], None], words: str, field: str = ""
) -> Response:
    """Write in one transaction, where the row is as it was seen."""
    number = dispatch_number(ask)
    with ask.writing() as register, register.transaction():
        target = target_of(register, number, name)
        if version_of(register, target.counted) != seen:
            return _clash_page(ask, register, number, target.counted)
        write(register, target)
    return ask.go(back(ask, number, target.id, field), words, id=target.id, field=field_words(field) or target.id)


def back(ask: Ask, number: int, target: str, field: str | None = None) -> str:
    """To the row on the page of the dispatch, looked at as before."""
    place = f"f-{field}" if target.startswith("D") and field else target
    kept = {key: ask.query(key) for key in ("view", "at", "page")}
    return ask.url("document", id=f"D{number}", q=kept) + f"#{place}"


def _clash_page(ask: Ask, register: Register, number: int, counted: str) -> Response:
    """The dispatch as it is now, and what was done to it meanwhile. Nothing was written."""
    said = [row for row in history(register, counted) if row["action"] != "undo"] if counted[0] in "DOLIMK" else []
    last = said[-1] if said else None
    ask.status = 409
    return document_page(ask, register, number, clash=told(counted, last))


def told(counted: str, last: Row | None) -> Row:
    return {
        "id": counted,
        "who": last["made_by"] if last else "",
        "when": last["made_at"] if last else "",
        "action": last["action"] if last else "",
        "field": field_words(last["field"]) if last else "",
        "old": spoken(last["field"], last["old"]) if last else "",
        "new": spoken(last["field"], last["new"]) if last else "",
    }


def document_page(ask: Ask, register: Register, number: int, clash: Row | None = None) -> Response:
    """The page of a dispatch."""
    found = shown(register, ask, number)
    return ask.page("document.html", d=found, clash=clash, whole=whole_version(register, number), widths=WIDTHS)
