"""Sửa từng giá trị của văn bản: the forms by which people correct, add, part and put together.

What a form would write over something that somebody changed meanwhile is shown beside it, and not written.
"""

from __future__ import annotations

from typing import Any, Literal

from starlette.responses import Response

from pipeline.errors import InvalidValue, WrongId
from pipeline.register import (
    Register,
    Row,
    add_deadline,
    add_obligation,
    correct,
    merge,
    public_id,
    require_version,
    split,
    version_of,
)
from pipeline.register.fields import checked, read_values
from pipeline.register.histories import history
from pipeline.web.asking import Ask
from pipeline.web.document_changes import Target, back, changed, dispatch_number, target_of, told
from pipeline.web.document_forms import LISTS, Input, inputs_of, offered, typed
from pipeline.web.document_shown import field_words, spoken

Part = Literal["values", "deadline", "split", "merge"]


def edit(ask: Ask) -> Response:
    """The form for one row, by itself; a script shows it in its place on the page."""
    number = dispatch_number(ask)
    with ask.reading() as register:
        if ask.query("part") == "new":
            return _new_form(ask, register, number)
        return _form_page(
            ask, register, target_of(register, number, ask.query("target")), _asked_part(ask.query("part"))
        )


def _asked_part(asked: str) -> Part:
    for part in ("values", "deadline", "split", "merge"):
        if asked == part:
            return part
    return "values"


def _new_form(ask: Ask, register: Register, number: int, **more: Any) -> Response:
    words = offered("quote", ask.query("text"), None)
    inputs = inputs_of("obligation", {"quote": words})
    return _show_form(ask, number, "new", f"D{number}", inputs, version="", **more)


def _form_page(ask: Ask, register: Register, target: Target, part: Part, **more: Any) -> Response:
    number = dispatch_number(ask)
    if target.kind not in ("dispatch", "obligation", "deadline") or (part != "values" and target.kind != "obligation"):
        raise WrongId(id=target.id, expected="O1")
    values = read_values(register, target.kind, target.number)
    version = version_of(register, target.counted)
    siblings = _siblings(register, number, target) if part == "merge" else []
    limits = _limits(register, target) if part == "split" else []
    if part == "values":
        field = ask.query("field") or ask.given("field")
        inputs = inputs_of(target.kind, values, field if target.kind == "dispatch" else "")
        inputs = _filled(ask, register, number, inputs)
    elif part == "deadline":
        inputs = _filled(ask, register, number, inputs_of("deadline", {"kind": "date", "boundary": "on_or_before"}))
    else:
        inputs = []
    shown_values = {"quote": values.get("quote") or "", "siblings": siblings, "limits": limits}
    return _show_form(ask, number, part, target.id, inputs, version=version, **{**shown_values, **more})


def _filled(ask: Ask, register: Register, number: int, inputs: list[Input]) -> list[Input]:
    """With the words that were marked in the document; a time limit's day with the day that they name."""
    words, wanted = ask.query("text"), ask.query("field")
    if not words:
        return inputs
    row = register.one("SELECT issued_on FROM dispatches WHERE id = ?", (number,)) or {}
    also = {"quote", "due"} if wanted == "limit" else {wanted}
    return [
        _with_value(one, offered(one.name, words, row.get("issued_on"))) if one.name in also else one for one in inputs
    ]


def _with_value(one: Input, words: str) -> Input:
    if not words:
        return one
    value = f"{one.value}\n{words}".strip() if one.look == "lines" else words
    return Input(one.name, one.label, one.look, value, one.choices, one.hint)


def _siblings(register: Register, number: int, target: Target) -> list[Row]:
    rows = register.rows(
        "SELECT id, quote FROM obligations WHERE dispatch_id = ? AND status = 'current' AND id <> ?"
        " ORDER BY position, id",
        (number, target.number),
    )
    named = [(public_id("obligation", row["id"]), row["quote"]) for row in rows]
    return [{"id": name, "quote": quote, "version": version_of(register, name)} for name, quote in named]


def _limits(register: Register, target: Target) -> list[Row]:
    rows = register.rows(
        "SELECT id, quote, due FROM deadlines WHERE obligation_id = ? AND status = 'current' ORDER BY position, id",
        (target.number,),
    )
    return [{**row, "id": public_id("deadline", row["id"])} for row in rows]


def _show_form(
    ask: Ask, number: int, part: str, target: str, inputs: list[Input], *, version: str, **more: Any
) -> Response:
    values = {
        "quote": "",
        "siblings": [],
        "limits": [],
        "problem": None,
        "clash": None,
        "second": "",
        "why": "",
        **more,
    }
    where = back(ask, number, target, ask.query("field") or ask.given("field"))
    return ask.page(
        "document_edit.html", dispatch=f"D{number}", part=part, target=target, inputs=inputs, version=version,
        back=where, field=ask.query("field") or ask.given("field"), **values,
    )  # fmt: skip


def _given(ask: Ask) -> dict[str, str]:
    return {key[2:]: str(value).strip() for key, value in ask.form.items() if key.startswith("v_")}


def correct_values(ask: Ask) -> Response:
    """Other values for the fields of one row; all together are one change, taken back as one."""
    number = dispatch_number(ask)
    with ask.writing() as register, register.transaction():
        target = target_of(register, number, ask.given("target"))
        if target.kind not in ("dispatch", "obligation", "deadline"):
            raise WrongId(id=target.id, expected="D1, O1, L1")
        try:
            wanted = _wanted(register, target, ask)
        except InvalidValue as error:
            return _again(ask, register, target, "values", error)
        if version_of(register, target.counted) != ask.given("seen"):
            return _clash_form(ask, register, target, wanted)
        made: int | None = None
        for name, value in wanted.items():
            done = correct(
                register, target.id, name, value, who=ask.who, now=ask.now, why=ask.given("why"), part_of=made
            )
            made = made or done
    where = back(ask, number, target.id, ask.given("field"))
    if made is None:
        return ask.go(where, "web.document.done.nothing")
    return ask.go(where, "web.document.done.correct", id=target.id)


def _wanted(register: Register, target: Target, ask: Ask) -> dict[str, str | None]:
    """The fields that are not as they stand now."""
    now = read_values(register, target.kind, target.number)
    given = typed(target.kind, _given(ask))
    wanted = {name: checked(target.kind, name, value) for name, value in given.items()}
    return {name: value for name, value in wanted.items() if _is_other(name, value, now[name])}


def _is_other(name: str, new: str | None, old: str | None) -> bool:
    return (new or None) != (old or None) and not (name in LISTS and {new, old} <= {"[]", None})


def _typed_again(ask: Ask, inputs: list[Input]) -> list[Input]:
    given = _given(ask)
    return [Input(i.name, i.label, i.look, given.get(i.name, i.value), i.choices, i.hint) for i in inputs]


def _again(ask: Ask, register: Register, target: Target, part: Part, error: InvalidValue) -> Response:
    """The form once more with what was typed, and what is wrong with it."""
    ask.status = 422
    kind = "deadline" if part == "deadline" else target.kind
    values = read_values(register, kind, target.number) if part == "values" else {}
    only = ask.given("field") if kind == "dispatch" else ""
    inputs = _typed_again(ask, inputs_of(kind, values, only))
    number = dispatch_number(ask)
    return _show_form(
        ask, number, part, target.id, inputs, version=ask.given("seen"), problem=_problem(error), why=ask.given("why")
    )


def _problem(error: InvalidValue) -> Row:
    return {"field": field_words(str(error.details.get("field"))), "allowed": error.details.get("allowed")}


def _clash_form(ask: Ask, register: Register, target: Target, wanted: dict[str, str | None]) -> Response:
    """Both values beside each other: what stands there now, and what would be written."""
    now = read_values(register, target.kind, target.number)
    said = history(register, target.id) or (history(register, target.counted) if target.counted != target.id else [])
    sides = [
        {"label": field_words(name), "now": spoken(name, now[name]), "yours": spoken(name, value)}
        for name, value in wanted.items()
    ]
    clash = {**told(target.counted, said[-1] if said else None), "sides": sides}
    ask.status = 409
    only = ask.given("field") if target.kind == "dispatch" else ""
    inputs = _typed_again(ask, inputs_of(target.kind, now, only))
    version = version_of(register, target.counted)
    return _show_form(
        ask, dispatch_number(ask), "values", target.id, inputs, version=version, clash=clash, why=ask.given("why")
    )


def add(ask: Ask) -> Response:
    """An obligation that the program missed."""
    number = dispatch_number(ask)
    with ask.writing() as register, register.transaction():
        target = target_of(register, number, f"D{number}")
        try:
            values = typed("obligation", _given(ask))
            made = add_obligation(register, target.id, values, who=ask.who, now=ask.now, why=ask.given("why"))
        except InvalidValue as error:
            ask.status = 422
            inputs = _typed_again(ask, inputs_of("obligation", {}))
            return _show_form(ask, number, "new", target.id, inputs, version="", problem=_problem(error))
    name = public_id("obligation", made)
    return ask.go(back(ask, number, name), "web.document.done.add", id=name)


def add_limit(ask: Ask) -> Response:
    """A deadline that the program missed."""
    number = dispatch_number(ask)
    with ask.writing() as register, register.transaction():
        target = target_of(register, number, ask.given("target"))
        if target.kind != "obligation":
            raise WrongId(id=target.id, expected="O1")
        try:
            values = typed("deadline", _given(ask))
            made = add_deadline(register, target.id, values, who=ask.who, now=ask.now, why=ask.given("why"))
        except InvalidValue as error:
            return _again(ask, register, target, "deadline", error)
    name = public_id("deadline", made)
    return ask.go(back(ask, number, name), "web.document.done.add", id=name)


def part_in_two(ask: Ask) -> Response:
    """One obligation becomes two."""
    first, second = ask.given("first"), ask.given("second")
    goes = {key[3:]: str(value) for key, value in ask.form.items() if key.startswith("to_")}
    if not first or not second:
        return _unfinished(ask, "split", quote=first, second=second)

    def write(register: Register, target: Target) -> None:
        moved = [name for name, side in goes.items() if side == "second"]
        shared = [name for name, side in goes.items() if side == "both"]
        split(register, target.id, first, second, moved=moved, shared=shared, who=ask.who, now=ask.now,
              why=ask.given("why"))  # fmt: skip

    return changed(ask, ask.given("target"), ask.given("seen"), write, "web.document.done.split")


def put_together(ask: Ask) -> Response:
    """Two obligations become one."""
    other, quote = ask.given("other"), ask.given("quote")
    if not other or not quote:
        return _unfinished(ask, "merge", quote=quote)

    def write(register: Register, target: Target) -> None:
        name, _, seen = other.partition(" ")
        its = target_of(register, dispatch_number(ask), name)
        require_version(register, its.id, seen)
        merge(register, target.id, its.id, quote, who=ask.who, now=ask.now, why=ask.given("why"))

    return changed(ask, ask.given("target"), ask.given("seen"), write, "web.document.done.merge")


def _unfinished(ask: Ask, part: Part, **more: Any) -> Response:
    ask.status = 422
    number = dispatch_number(ask)
    with ask.reading() as register:
        target = target_of(register, number, ask.given("target"))
        problem = {"field": field_words("quote"), "allowed": "..."}
        return _form_page(ask, register, target, part, problem=problem, why=ask.given("why"), **more)
