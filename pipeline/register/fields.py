"""The fields that a person corrects: what each may hold, and how it is read from and written into its rows.

A value travels as text: a scalar as it is, a list as a JSON array, an offset as a JSON object; None is empty.
"""

from __future__ import annotations

import json
import math
import re
from datetime import date
from typing import Any, get_args

from extractors.model import Anchor, Boundary, DeadlineKind, Kind, Modality, Unit
from pipeline.errors import InvalidValue, UnknownField
from pipeline.register.bodies import Bodies
from pipeline.register.connection import Register
from pipeline.register.ids import LETTERS, public_id

TABLES = {"dispatch": "dispatches", "obligation": "obligations", "deadline": "deadlines"}
FIELDS: dict[str, tuple[str, ...]] = {
    "dispatch": (
        "type",
        "number",
        "symbol",
        "issued_on",
        "place",
        "issuer",
        "subject",
        "urgency",
        "signer_authority",
        "signer_title",
        "signer_name",
        "addressees",
    ),
    "obligation": ("quote", "kind", "modality", "lead", "coordinating"),
    "deadline": ("quote", "kind", "due", "start", "boundary", "rrule", "offset"),
}
LISTS = frozenset({"addressees", "lead", "coordinating"})
_CHOICES: dict[tuple[str, str], tuple[str, ...]] = {
    ("obligation", "kind"): get_args(Kind),
    ("obligation", "modality"): get_args(Modality),
    ("deadline", "kind"): get_args(DeadlineKind),
    ("deadline", "boundary"): get_args(Boundary),
}
_NEEDED = frozenset({("obligation", "quote"), ("deadline", "quote"), *_CHOICES} - {("deadline", "boundary")})
_RRULE = re.compile(r"(?:RRULE:)?(FREQ=(?:DAILY|WEEKLY|MONTHLY|YEARLY)(?:;[A-Z]+=[A-Z0-9,+-]+)*)")
_PARTIAL_DAY = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_SPACES = re.compile(r"\s+")


def known_field(target: str, name: str, number: int | None = None) -> str:
    """The field's name; raises unknown_field, which tells of the very target where its `number` is given.
    "signer.name" is taken for signer_name."""
    plain = name.strip().lower().replace("signer.", "signer_")
    if plain not in FIELDS[target]:
        asked = public_id(target, number) if number else LETTERS[target]
        raise UnknownField(field=name, target=asked, allowed=", ".join(FIELDS[target]))
    return plain


def checked(target: str, name: str, value: str | None) -> str | None:
    """The value in the form that it is stored in; raises invalid_value."""
    if name in LISTS:
        return _list(name, value)
    text = _SPACES.sub(" ", value).strip() if value else ""
    if not text:
        if (target, name) in _NEEDED:
            raise InvalidValue(field=name, value="", allowed=", ".join(_CHOICES.get((target, name), ("...",))))
        return None
    if choices := _CHOICES.get((target, name)):
        if text not in choices:
            raise InvalidValue(field=name, value=text, allowed=", ".join(choices))
    elif name in ("due", "start"):
        _day(name, text, "YYYY-MM-DD", len(text) == 10)
    elif name == "issued_on":
        _day(name, text, "YYYY-MM-DD, YYYY-MM, YYYY", True)
    elif name == "rrule":
        return _rrule(text)
    elif name == "offset":
        return _offset(text)
    return text


def _list(name: str, value: str | None) -> str:
    text = (value or "").strip()
    if text.startswith("["):
        try:
            entries = json.loads(text)
        except ValueError:
            entries = None
        if not isinstance(entries, list) or not all(isinstance(e, str) for e in entries):
            raise InvalidValue(field=name, value=text, allowed='"A; B", ["A", "B"]')
    else:
        entries = text.split(";")
    return json.dumps([c for e in entries if (c := _SPACES.sub(" ", e).strip())], ensure_ascii=False)


def _day(name: str, text: str, allowed: str, sharp_enough: bool) -> None:
    try:
        ok = sharp_enough and _PARTIAL_DAY.fullmatch(text) and date.fromisoformat(f"{text}-01-01"[:10])
    except ValueError:
        ok = None
    if not ok:
        raise InvalidValue(field=name, value=text, allowed=allowed)


def _rrule(text: str) -> str:
    found = _RRULE.fullmatch(text.upper().replace(" ", ""))
    if not found:
        raise InvalidValue(field="rrule", value=text, allowed="FREQ=MONTHLY;BYMONTHDAY=25, ...")
    return found.group(1)


def _offset(text: str) -> str:
    allowed = f"N {'|'.join(get_args(Unit))} {'|'.join(get_args(Anchor))}"
    try:
        parts = json.loads(text) if text.startswith("{") else dict(zip(_OFFSET, text.split(), strict=True))
        offset = {"amount": _amount(parts["amount"]), "unit": parts["unit"], "anchor": parts["anchor"]}
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidValue(field="offset", value=text, allowed=allowed) from error
    if offset["unit"] not in get_args(Unit) or offset["anchor"] not in get_args(Anchor):
        raise InvalidValue(field="offset", value=text, allowed=allowed)
    return json.dumps(offset)


def _amount(value: Any) -> int | float:
    """Half a working day is printed in hours, half a day as such: 4.5."""
    amount = float(value)
    if not math.isfinite(amount):
        raise ValueError(value)
    return int(amount) if amount.is_integer() else amount


_OFFSET = ("amount", "unit", "anchor")


# ------------------------------------------------------------------------------------------------ rows


def read_value(register: Register, target: str, number: int, name: str) -> str | None:
    """The value that stands in the rows now."""
    if name in LISTS:
        rows = register.rows(f"SELECT name FROM {_list_table(name)} AND is_current ORDER BY position, id", (number,))
        return json.dumps([r["name"] for r in rows], ensure_ascii=False)
    if name == "offset":
        row = register.one(f"SELECT {_OFFSET_COLUMNS} FROM deadlines WHERE id = ?", (number,))
        values = list((row or {}).values())
        return json.dumps(dict(zip(_OFFSET, values, strict=True))) if values and values[0] is not None else None
    row = register.one(f"SELECT {name} AS value FROM {TABLES[target]} WHERE id = ?", (number,))
    return row["value"] if row else None


_OFFSET_COLUMNS = "offset_amount, offset_unit, offset_anchor"


def read_values(register: Register, target: str, number: int) -> dict[str, str | None]:
    """All values of a target that a person can correct."""
    return {name: read_value(register, target, number, name) for name in FIELDS[target]}


def write_value(register: Register, bodies: Bodies, target: str, number: int, name: str, value: str | None) -> None:
    """Put a person's value in the rows. Of a list, what was read stays beside it, not current."""
    if name in LISTS:
        _write_list(register, bodies, name, number, json.loads(value or "[]"))
        return
    if name == "offset":
        parts: dict[str, Any] = json.loads(value) if value else {}
        register.connection.execute(
            "UPDATE deadlines SET offset_amount = ?, offset_unit = ?, offset_anchor = ? WHERE id = ?",
            (parts.get("amount"), parts.get("unit"), parts.get("anchor"), number),
        )
        return
    register.connection.execute(f"UPDATE {TABLES[target]} SET {name} = ? WHERE id = ?", (value, number))
    if (target, name) == ("dispatch", "issuer"):
        register.connection.execute(
            "UPDATE dispatches SET issuer_id = ? WHERE id = ?", (bodies.id(value) if value else None, number)
        )


def restore_list(register: Register, name: str, number: int) -> None:
    """Let the list that was read stand again."""
    register.connection.execute(f"DELETE FROM {_list_table(name)} AND rule = 'person'", (number,))
    register.connection.execute(_update_list(name, 1), (number,))


def _write_list(register: Register, bodies: Bodies, name: str, number: int, entries: list[str]) -> None:
    restore_list(register, name, number)
    register.connection.execute(_update_list(name, 0), (number,))
    columns, values = ("dispatch_id", ()) if name == "addressees" else ("obligation_id, role", (name,))
    table = "addressees" if name == "addressees" else "obligation_bodies"
    register.connection.executemany(
        f"INSERT INTO {table} ({columns}, position, name, body_id, rule, confidence)"
        f" VALUES ({', '.join('?' * (len(values) + 4))}, 'person', 1.0)",
        [(number, *values, n, entry, bodies.id(entry)) for n, entry in enumerate(entries)],
    )


def _list_table(name: str) -> str:
    if name == "addressees":
        return "addressees WHERE dispatch_id = ?"
    return f"obligation_bodies WHERE role = '{name}' AND obligation_id = ?"


def _update_list(name: str, is_current: int) -> str:
    table, where = _list_table(name).split(" WHERE ")
    return f"UPDATE {table} SET is_current = {is_current} WHERE {where}"
