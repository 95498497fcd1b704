"""What people say about the register: rows that are only ever added, and win over any reading, now and later."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from pipeline import errors
from pipeline.register.applying import Target, apply_corrections, bodies_of
from pipeline.register.connection import Register, Row
from pipeline.register.duties import refresh_duties
from pipeline.register.fields import TABLES, checked, known_field, read_value, read_values
from pipeline.register.ids import KINDS, public_id
from pipeline.register.indexing import index_one, unindex_one
from pipeline.register.linking import apply_link_decision
from pipeline.register.merging import apply_decision, linked_dispatches, merge_accepted, propose_merges, write_keys
from pipeline.register.naming import owning_dispatch, parse_target
from pipeline.register.placing import write_place
from pipeline.register.referring import refresh_references

_ROW_TABLES = {
    **TABLES,
    "issue": "issues",
    "proposal": "merge_proposals",
    "inferred": "inferred",
    "link": "links",
    "correction": "corrections",
}


def correct(
    register: Register,
    target: str,
    field: str,
    new: str | None,
    *,
    who: str,
    now: str,
    why: str,
    part_of: int | None = None,
) -> int:
    """A person's value for a field; it wins over this and any later extraction. Returns the correction's number.
    `part_of` is a correction with which this one stands and is undone; the same of what is added and deleted below.

    target D: type number symbol issued_on place issuer subject urgency signer_authority signer_title signer_name
    addressees; O: quote kind modality lead coordinating; L: quote kind due start boundary rrule offset.
    `new` is text; None or "" empties the field. Lists (addressees, lead, coordinating) are entries parted by ";",
    or a JSON array; offset is "15 day issue" or its JSON object.
    """
    kind, number = _target(register, target, "D", "O", "L")
    name = known_field(kind, field, number)
    value = checked(kind, name, new)
    with register.transaction():
        _require(register, kind, number)
        old = read_value(register, kind, number, name)
        made = _say(register, "correct", kind, number, who, now, why, field=name, old=old, new=value, part_of=part_of)
        _refresh(register, [(kind, number)], now)
    return made


def confirm(register: Register, target: str, field: str | None = None, *, who: str, now: str, why: str = "") -> int:
    """A person accepts the value of a field, or all fields of a target, as they are: `review` lists them no more and
    they are kept as they are. A dispatch confirmed whole takes its obligations and deadlines with it, an obligation its
    deadlines; an issue (I) is worked off; a merge proposal (M), an inferred value (P) and a link (K) are accepted."""
    kind, number = _target(register, target, "D", "O", "L", "I", "M", "P", "K")
    if kind == "link":
        return decide_link(register, target, True, who=who, now=now, why=why)
    if kind == "proposal":
        return decide_merge(register, target, True, who=who, now=now, why=why)
    if kind == "inferred":
        return decide_inferred(register, target, True, who=who, now=now, why=why)
    with register.transaction():
        _require(register, kind, number)
        if kind == "issue":
            made = _say(register, "close", kind, number, who, now, why)
            _refresh(register, [(kind, number)], now)
            return made
        if field:
            name = known_field(kind, field, number)
            value = read_value(register, kind, number, name)
            made = _say(register, "confirm", kind, number, who, now, why, field=name, old=value, new=value)
            _refresh(register, [(kind, number)], now)
            return made
        return _confirm_whole(register, kind, number, who, now, why)


def _confirm_whole(register: Register, kind: str, number: int, who: str, now: str, why: str) -> int:
    first: int | None = None
    targets = [(kind, number), *_parts(register, kind, number)]
    for part, part_number in targets:
        values = _json(read_values(register, part, part_number))
        made = _say(register, "confirm", part, part_number, who, now, why, old=values, new=values, part_of=first)
        first = first or made
    _refresh(register, targets, now)
    return first or 0


def _parts(register: Register, kind: str, number: int) -> list[tuple[str, int]]:
    obligations = (
        register.rows("SELECT id FROM obligations WHERE dispatch_id = ? AND status = 'current'", (number,))
        if kind == "dispatch"
        else [{"id": number}]
        if kind == "obligation"
        else []
    )
    parts: list[tuple[str, int]] = []
    for obligation in obligations:
        if kind == "dispatch":
            parts.append(("obligation", obligation["id"]))
        deadlines = register.rows(
            "SELECT id FROM deadlines WHERE obligation_id = ? AND status = 'current'", (obligation["id"],)
        )
        parts += [("deadline", row["id"]) for row in deadlines]
    return parts


def add_obligation(
    register: Register,
    dispatch: str,
    values: Mapping[str, str | None],
    *,
    who: str,
    now: str,
    why: str,
    part_of: int | None = None,
) -> int:
    """An obligation that the program missed (fields as in `correct`; quote is needed). Returns its number."""
    _, number = _target(register, dispatch, "D")
    given = _given("obligation", {"kind": "task", "modality": "ordered", "quote": None, **values})
    with register.transaction() as connection:
        _require(register, "dispatch", number)
        cursor = connection.execute(
            "INSERT INTO obligations (dispatch_id, position, label, quote, kind, modality, lead_stated, rule,"
            " confidence, status, is_found, origin, created_at) SELECT :dispatch, coalesce(max(position) + 1, 0), '',"
            " :quote, :kind, :modality, 1, 'person', 1.0, 'current', 0, 'person', :now FROM obligations"
            " WHERE dispatch_id = :dispatch",
            {"dispatch": number, **{name: given[name] for name in ("quote", "kind", "modality")}, "now": now},
        )
        made = int(cursor.lastrowid or 0)
        write_place(register, "obligation", made, number, given["quote"])
        return _added(register, "obligation", made, given, who, now, why, part_of)


def add_deadline(
    register: Register,
    obligation: str,
    values: Mapping[str, str | None],
    *,
    who: str,
    now: str,
    why: str,
    part_of: int | None = None,
) -> int:
    """A deadline that the program missed (quote and kind are needed). Returns its number."""
    _, number = _target(register, obligation, "O")
    given = _given("deadline", {"quote": None, "kind": None, **values})
    with register.transaction() as connection:
        _require(register, "obligation", number)
        cursor = connection.execute(
            "INSERT INTO deadlines (obligation_id, position, quote, kind, scope, rule, confidence, status, is_found,"
            " origin, created_at) SELECT :obligation, coalesce(max(position) + 1, 0), :quote, :kind, 'item', 'person',"
            " 1.0, 'current', 0, 'person', :now FROM deadlines WHERE obligation_id = :obligation",
            {"obligation": number, "quote": given["quote"], "kind": given["kind"], "now": now},
        )
        made = int(cursor.lastrowid or 0)
        write_place(register, "deadline", made, owning_dispatch(register, "obligation", number), given["quote"])
        return _added(register, "deadline", made, given, who, now, why, part_of)


def _given(kind: str, values: Mapping[str, str | None]) -> dict[str, str | None]:
    return {(name := known_field(kind, field)): checked(kind, name, value) for field, value in values.items()}


def _added(
    register: Register,
    kind: str,
    number: int,
    given: Mapping[str, str | None],
    who: str,
    now: str,
    why: str,
    part_of: int | None,
) -> int:
    _say(register, "add", kind, number, who, now, why, new=_json(given), part_of=part_of)
    _refresh(register, [(kind, number)], now)
    return number


def delete(register: Register, target: str, *, who: str, now: str, why: str, part_of: int | None = None) -> int:
    """An obligation (O) or deadline (L) that is none. It is hidden, not erased. Returns the correction's number."""
    kind, number = _target(register, target, "O", "L")
    return _say_and_refresh(register, "delete", kind, number, who, now, why, part_of)


def remove(register: Register, dispatch: str, *, who: str, now: str, why: str) -> int:
    """Take a wrongly entered dispatch (D) out of all lists; nothing is erased. Returns the correction's number."""
    kind, number = _target(register, dispatch, "D")
    return _say_and_refresh(register, "remove", kind, number, who, now, why)


def decide_merge(register: Register, proposal: str, accept: bool, *, who: str, now: str, why: str = "") -> int:
    """A person says whether two dispatches (M) are the same letter. May be decided anew later."""
    kind, number = _target(register, proposal, "M")
    return _say_and_refresh(register, "accept" if accept else "reject", kind, number, who, now, why)


def decide_link(register: Register, link: str, accept: bool, *, who: str, now: str, why: str = "") -> int:
    """A person says whether a dispatch stands so to an earlier one (K). May be decided anew later."""
    kind, number = _target(register, link, "K")
    return _say_and_refresh(register, "accept" if accept else "reject", kind, number, who, now, why)


def decide_inferred(register: Register, proposal: str, accept: bool, *, who: str, now: str, why: str = "") -> int:
    """A person takes an inferred value (P) as that of its field, or confirms the field as it is. Returns the number of
    that correction or confirmation; its `why` is the evidence where no other is given."""
    _, number = _target(register, proposal, "P")
    row = register.one("SELECT * FROM inferred WHERE id = ?", (number,))
    if row is None:
        raise errors.UnknownId(id=proposal)
    target, field = public_id("dispatch", row["dispatch_id"]), row["field"]
    if accept:
        return correct(register, target, field, row["value"], who=who, now=now, why=why or row["evidence"])
    return confirm(register, target, field, who=who, now=now, why=why or row["evidence"])


def _say_and_refresh(
    register: Register, action: str, kind: str, number: int, who: str, now: str, why: str, part_of: int | None = None
) -> int:
    with register.transaction():
        _require(register, kind, number)
        made = _say(register, action, kind, number, who, now, why, part_of=part_of)
        _refresh(register, [(kind, number)], now)
    return made


def undo(register: Register, correction: str, *, who: str, now: str, why: str = "") -> int:
    """Take back a correction, confirmation, addition, deletion or removal (C). Also takes "D3": the removal of D3."""
    kind, number = _target(register, correction, "C", "D")
    with register.transaction():
        row = _removal(register, number) if kind == "dispatch" else _undoable(register, number)
        target: Target = (row["target"], row["target_id"])
        made = _say(register, "undo", *target, who, now, why, field=row["field"], undoes=row["id"])
        parts = register.rows("SELECT target, target_id FROM corrections WHERE part_of = ?", (row["id"],))
        _refresh(register, [target, *((part["target"], part["target_id"]) for part in parts)], now)
    return made


def _removal(register: Register, dispatch_id: int) -> Row:
    row = register.one(
        "SELECT * FROM corrections_in_force WHERE target = 'dispatch' AND target_id = ? AND action = 'remove'"
        " ORDER BY id DESC",
        (dispatch_id,),
    )
    if row is None:
        raise errors.UnknownId(id=public_id("dispatch", dispatch_id))
    return row


def _undoable(register: Register, number: int) -> Row:
    _require(register, "correction", number)
    row = register.one(
        "SELECT c.*, EXISTS (SELECT 1 FROM corrections u WHERE u.undoes IN (c.id, c.part_of)) AS is_undone"
        " FROM corrections c WHERE id = ?",
        (number,),
    )
    assert row is not None
    if row["action"] == "undo":
        raise errors.NotUndoable(id=public_id("correction", number))
    if row["is_undone"]:
        raise errors.AlreadyUndone(id=public_id("correction", number))
    return row


# ------------------------------------------------------------------ inside a transaction


def _target(register: Register, text: str, *letters: str) -> Target:
    letter, number = parse_target(register, text, *letters)
    return KINDS[letter], number


def _require(register: Register, kind: str, number: int) -> None:
    if register.one(f"SELECT 1 FROM {_ROW_TABLES[kind]} WHERE id = ?", (number,)) is None:
        raise errors.UnknownId(id=public_id(kind, number))


def _say(
    register: Register,
    action: str,
    kind: str,
    number: int,
    who: str,
    now: str,
    why: str,
    *,
    field: str | None = None,
    old: str | None = None,
    new: str | None = None,
    part_of: int | None = None,
    undoes: int | None = None,
) -> int:
    if not who.strip():
        raise errors.InvalidValue(field="who", value=who, allowed="...")
    cursor = register.connection.execute(
        "INSERT INTO corrections (made_at, made_by, action, target, target_id, field, old, new, why, part_of, undoes)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (now, who.strip(), action, kind, number, field, old, new, why, part_of, undoes),
    )
    return int(cursor.lastrowid or 0)


def _refresh(register: Register, targets: Iterable[Target], now: str) -> None:
    """Let all rows that depend on what people said of these targets stand as that says."""
    touched: set[int] = set()
    merged: set[int] = set()
    for kind, number in targets:
        if kind == "proposal":
            apply_decision(register, number)
            merged |= _both(register, number)
        elif kind == "link":
            apply_link_decision(register, number)
        elif kind == "issue":
            _refresh_issue(register, number)
        else:
            touched.add(_refresh_finding(register, kind, number))
    for dispatch_id in sorted(touched):
        refresh_duties(register, dispatch_id, bodies_of(register, dispatch_id))
    linked = {other for dispatch_id in touched for other in linked_dispatches(register, dispatch_id)}
    for dispatch_id in (*sorted(touched), *sorted(linked - touched)):
        propose_merges(register, dispatch_id, now)
    for dispatch_id in sorted(touched | merged):
        refresh_references(register, dispatch_id, bodies_of(register, dispatch_id), now)


def _both(register: Register, proposal: int) -> set[int]:
    row = register.one("SELECT dispatch_id, duplicate_id FROM merge_proposals WHERE id = ?", (proposal,)) or {}
    return set(row.values())


def _refresh_issue(register: Register, number: int) -> None:
    register.connection.execute(
        "UPDATE issues SET closed_at = (SELECT max(made_at) FROM corrections_in_force"
        " WHERE target = 'issue' AND target_id = issues.id) WHERE id = ?",
        (number,),
    )


def _refresh_finding(register: Register, kind: str, number: int) -> int:
    """Returns the dispatch that the finding belongs to."""
    dispatch_id = owning_dispatch(register, kind, number)
    assert dispatch_id is not None
    if kind in ("dispatch", "obligation"):
        unindex_one(register, kind, number)
    apply_corrections(register, kind, number, bodies_of(register, dispatch_id))
    if kind in ("dispatch", "obligation"):
        index_one(register, kind, number)
    if kind == "dispatch":
        _refresh_removal(register, number)
        _refresh_keys(register, number)
    return dispatch_id


def _refresh_removal(register: Register, number: int) -> None:
    row = register.one(
        "SELECT made_at, made_by, why FROM corrections_in_force"
        " WHERE target = 'dispatch' AND target_id = ? AND action = 'remove' ORDER BY id DESC",
        (number,),
    ) or {"made_at": None, "made_by": None, "why": None}
    register.connection.execute(
        "UPDATE dispatches SET removed_at = ?, removed_by = ?, removed_why = ? WHERE id = ?", (*row.values(), number)
    )
    merge_accepted(register)


def _refresh_keys(register: Register, number: int) -> None:
    text = register.one(
        "SELECT t.text FROM texts t JOIN dispatches d ON d.file_id = t.file_id WHERE d.id = ?", (number,)
    )
    write_keys(register, number, text["text"] if text else "", bodies_of(register, number))


def _json(values: Mapping[str, str | None]) -> str:
    return json.dumps(dict(values), ensure_ascii=False)
