"""A dispatch whole: what it prints, where each value was found, what people said about it."""

from __future__ import annotations

import json
from typing import Any

from extractors.model import Document, Span
from pipeline import errors
from pipeline.register.arriving import arrival_of
from pipeline.register.chaining import add_follow_ups, links_of
from pipeline.register.connection import Register, Row
from pipeline.register.histories import dispatch_history
from pipeline.register.ids import public_id
from pipeline.register.naming import find_dispatch
from pipeline.register.reviewing import issues
from pipeline.register.signed import signatures_of
from pipeline.register.stored_text import stored_document
from pipeline.shape import SIGNER, place_json

_AROUND = 80
_SCALARS = ("type", "number", "symbol", "issued_on", "place", "issuer", "subject", "urgency")


def show(register: Register, dispatch: str) -> Row:
    """A dispatch whole: the keys of `pipeline.shape.dispatch_json` (obligations and deadlines with id, status, origin,
    confirmed), plus id, key, entered_at, version, files [{sha256, format, medium, pages, received_on, paths}], copies,
    removed {at, by, why} or None, corrections (as `dispatch_history`), links (as `chaining.links_of`). Places have page
    (where there are none, line of the text) and the words before and after. `dispatch` may be an id ("D3", "O12": the
    dispatch it is in), a printed number ("15/CT-UBND") or the path of its file. Raises unknown_id, ambiguous_number."""
    number = find_dispatch(register, dispatch)
    row = register.one("SELECT * FROM dispatches WHERE id = ?", (number,))
    if row is None:
        raise errors.UnknownId(id=dispatch)
    document = stored_document(register, row["file_id"])
    files = _files(register, number)
    return {
        "id": public_id("dispatch", number),
        "source": files[0]["paths"][0] if files and files[0]["paths"] else None,
        "medium": document.medium,
        "is_dispatch": True,
        "document": _fields(register, row),
        "obligations": _obligations(register, document, number),
        "mentions": _mentions(register, document, number),
        "found": _found(register, document, number),
        "arrival": _arrival(register, number),
        "inferred": _inferred(register, document, number),
        "issues": issues(register, public_id("dispatch", number), include_closed=True),
        "sha256": document.sha256,
        "pages": document.pages,
        "format": document.format,
        "entered_at": row["entered_at"],
        "read_at": row["read_at"],
        "version": row["version"],
        "files": files,
        "copies": _copies(register, number),
        "links": links_of(register, number),
        "merged_into": row["merged_into"] and public_id("dispatch", row["merged_into"]),
        "removed": _removed(row),
        "corrections": dispatch_history(register, number),
    }


def _fields(register: Register, row: Row) -> dict[str, Any]:
    number = row["id"]
    fields: dict[str, Any] = {name: row[name] for name in _SCALARS}
    fields["secrecy"] = None  # a dispatch with a secrecy mark is never stored
    fields["addressees"] = _names(register, "addressees WHERE is_current AND dispatch_id = ?", number)
    fields["recipients"] = register.rows(
        "SELECT name, purpose FROM recipients WHERE dispatch_id = ? ORDER BY position", (number,)
    )
    fields["signer"] = {name: row[f"signer_{name}"] for name in SIGNER}
    fields["citations"] = [
        r["number"]
        for r in register.rows("SELECT number FROM citations WHERE dispatch_id = ? ORDER BY position", (number,))
    ]
    return fields


def _names(register: Register, where: str, number: int) -> list[str]:
    return [r["name"] for r in register.rows(f"SELECT name FROM {where} ORDER BY position, id", (number,))]


def _mentions(register: Register, document: Document, number: int) -> list[Row]:
    """The registered bodies that the text speaks of, in order of the first time."""
    rows = register.rows(
        "SELECT m.*, b.canonical_id, b.name FROM mentions m JOIN bodies b ON b.id = m.body_id"
        " WHERE m.dispatch_id = ? ORDER BY m.span_start",
        (number,),
    )
    return [
        {"id": row["canonical_id"], "name": row["name"], "count": row["times"], **_place(document, row)} for row in rows
    ]


def _found(register: Register, document: Document, number: int) -> dict[str, Any]:
    settled = {
        row["field"]: row["read_value"]
        for row in register.rows(
            "SELECT field, read_value FROM settled_fields WHERE target = 'dispatch' AND target_id = ?", (number,)
        )
    }
    out: dict[str, Any] = {}
    for row in register.rows("SELECT * FROM evidence WHERE dispatch_id = ? ORDER BY id", (number,)):
        name = row["field"].replace("signer_", "signer.")
        out[name] = {
            **_evidence(document, row),
            "read": row["value"],
            "confirmed": row["field"] in settled or "*" in settled,
        }
    for table in ("addressees", "recipients", "citations"):
        rows = register.rows(f"SELECT * FROM {table} WHERE dispatch_id = ? ORDER BY position, id", (number,))
        out[table] = [_evidence(document, row) for row in rows if row.get("is_current", 1)]
    return out


def _arrival(register: Register, number: int) -> Row | None:
    found = arrival_of(register, number)
    return {"day": found.day, "year": found.year, "number": found.number} if found else None


def _inferred(register: Register, document: Document, number: int) -> list[Row]:
    """Values taken from elsewhere; `settled` where a person decided on the field."""
    rows = register.rows(
        "SELECT i.*, EXISTS (SELECT 1 FROM settled_fields s WHERE s.target = 'dispatch' AND s.target_id = i.dispatch_id"
        " AND s.field IN (i.field, '*')) AS settled FROM inferred i WHERE i.dispatch_id = ? ORDER BY i.id",
        (number,),
    )
    return [
        {
            "id": public_id("inferred", row["id"]),
            **{key: row[key] for key in ("field", "value", "evidence")},
            "settled": bool(row["settled"]),
            **(_elsewhere(row) if row["source_id"] else _evidence(document, row)),
        }
        for row in rows
    ]


def _elsewhere(row: Row) -> dict[str, Any]:
    """Where the evidence stands in another dispatch (`source`)."""
    return {
        **{key: row[key] for key in ("rule", "confidence")},
        "source": public_id("dispatch", row["source_id"]),
        "page": row["page"],
        "span": [row["span_start"], row["span_end"]],
    }


def _evidence(document: Document, row: Row) -> dict[str, Any]:
    return {"rule": row["rule"], "confidence": row["confidence"], **_place(document, row)}


def _place(document: Document, row: Row) -> dict[str, Any]:
    if row["span_start"] is None:
        return {}
    start, end = row["span_start"], row["span_end"]
    place = place_json(document, Span(start, end))
    if "page" not in place:
        place["line"] = document.text.count("\n", 0, start) + 1
    before, after = document.text[max(0, start - _AROUND) : start], document.text[end : end + _AROUND]
    # the outermost word may be cut in two
    return {
        **place,
        "before": " ".join((before if len(before) < _AROUND else before.partition(" ")[2]).split()),
        "after": " ".join((after if len(after) < _AROUND else after.rpartition(" ")[0]).split()),
    }


def _obligations(register: Register, document: Document, number: int) -> list[Row]:
    rows = register.rows(
        "SELECT o.*, EXISTS (SELECT 1 FROM settled_fields s WHERE s.target = 'obligation' AND s.target_id = o.id"
        " AND s.field = '*') AS confirmed, (SELECT s.obligation_id FROM same_obligations s"
        " JOIN merge_proposals p ON p.id = s.proposal_id AND p.status <> 'rejected'"
        " WHERE s.duplicate_id = o.id LIMIT 1) AS same_as"
        " FROM obligations o WHERE o.dispatch_id = ?"
        " ORDER BY o.status <> 'current', o.check_rule IS '', o.position, o.id",
        (number,),
    )
    found = [_obligation(register, document, row) for row in rows]
    add_follow_ups(register, found)
    return found


def _obligation(register: Register, document: Document, row: Row) -> Row:
    bodies = "obligation_bodies WHERE is_current AND role = '{}' AND obligation_id = ?"
    deadlines = register.rows(
        "SELECT l.*, EXISTS (SELECT 1 FROM settled_fields s WHERE s.target = 'deadline' AND s.target_id = l.id"
        " AND s.field IN ('due', '*')) AS confirmed FROM deadlines l WHERE l.obligation_id = ?"
        " ORDER BY l.status <> 'current', l.position, l.id",
        (row["id"],),
    )
    return {
        "id": public_id("obligation", row["id"]),
        **{key: row[key] for key in ("quote", "kind", "modality")},
        "lead": _names(register, bodies.format("lead"), row["id"]),
        "coordinating": _names(register, bodies.format("coordinating"), row["id"]),
        "deadlines": [_deadline(document, d) for d in deadlines],
        "lead_stated": bool(row["lead_stated"]),
        "checkable": row["check_rule"] != "",
        "check": row["check_quote"],
        **{key: row[key] for key in ("label", "rule", "confidence", "status", "origin")},
        "confirmed": bool(row["confirmed"]),
        "same_as": row["same_as"] and public_id("obligation", row["same_as"]),
        **_place(document, row),
    }


def _deadline(document: Document, row: Row) -> Row:
    keys = ("quote", "kind", "due", "start", "boundary", "rrule")
    offset = {"amount": row["offset_amount"], "unit": row["offset_unit"], "anchor": row["offset_anchor"]}
    return {
        "id": public_id("deadline", row["id"]),
        **{key: row[key] for key in keys},
        "offset": offset if row["offset_amount"] is not None else None,
        **{key: row[key] for key in ("scope", "rule", "confidence", "status", "origin")},
        "confirmed": bool(row["confirmed"]),
        **_place(document, row),
    }


def _files(register: Register, number: int) -> list[Row]:
    """The dispatch's own file first, then those of its copies."""
    rows = register.rows(
        "SELECT f.id, f.sha256, f.format, f.medium, f.pages,"
        " (SELECT json_group_array(path) FROM (SELECT path FROM file_paths p WHERE p.file_id = f.id"
        " ORDER BY p.is_current DESC, p.id DESC)) AS paths,"
        " (SELECT min(received_on) FROM file_paths p WHERE p.file_id = f.id) AS received_on"
        " FROM dispatches d JOIN files f ON f.id = d.file_id WHERE d.id = :id OR d.merged_into = :id"
        " ORDER BY d.id <> :id, d.id",
        {"id": number},
    )
    keys = ("sha256", "format", "medium", "pages", "received_on")
    return [
        {
            **{key: row[key] for key in keys},
            "paths": json.loads(row["paths"]),
            "signatures": signatures_of(register, row["id"]),
        }
        for row in rows
    ]


def _copies(register: Register, number: int) -> list[Row]:
    """Dispatches that look like this one: id, proposal, reason, status ("open", "accepted", "rejected")."""
    rows = register.rows(
        "SELECT id, iif(dispatch_id = :id, duplicate_id, dispatch_id) AS other, reason, status FROM merge_proposals"
        " WHERE dispatch_id = :id OR duplicate_id = :id ORDER BY id",
        {"id": number},
    )
    return [
        {
            "id": public_id("dispatch", row["other"]),
            "proposal": public_id("proposal", row["id"]),
            "reason": row["reason"],
            "status": row["status"],
        }
        for row in rows
    ]


def _removed(row: Row) -> dict[str, Any] | None:
    if row["removed_at"] is None:
        return None
    return {"at": row["removed_at"], "by": row["removed_by"], "why": row["removed_why"]}
