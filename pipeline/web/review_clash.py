"""Hai người cùng quyết định: what one person wanted to say of a row, beside what another one has said meanwhile."""

from __future__ import annotations

import json
from dataclasses import dataclass

from starlette.responses import Response

from pipeline.messages import value_text
from pipeline.output import listed
from pipeline.register import Register, Row
from pipeline.register.histories import history
from pipeline.register.ids import KINDS
from pipeline.register.naming import owning_dispatch
from pipeline.register.queueing import waiting_row
from pipeline.web.asking import Ask
from pipeline.web.document_shown import field_words, spoken
from pipeline.web.review_deciding import Decided
from pipeline.web.review_rows import seen_of

_LONGEST = 600
_INFERRED = "SELECT 'D' || dispatch_id AS id, field FROM inferred WHERE id = ?"
_IMPORTED = "SELECT status, decided_by, decided_at, why FROM import_proposals WHERE id = ?"
_MERGED = (
    "SELECT made_by, made_at, action FROM corrections WHERE target = 'proposal' AND target_id = ? ORDER BY id DESC"
)


@dataclass(frozen=True, slots=True)
class Said:
    """What stands now: who said it and when (empty: the document was read anew), what was done, and the value."""

    who: str
    when: str
    action: str
    field: str
    old: str
    new: str


def clash_page(
    ask: Ask, register: Register, row: Decided, verdict: str, value: str, names: str, *, is_page: bool = False
) -> Response:
    """Both values; nothing was written. The row may be decided again as it is now."""
    ask.status = 409
    is_open = row.what == "lead" or waiting_row(register, row.what, row.id, row.field) is not None
    return ask.page(
        "review_clash.html",
        row=row,
        verdict=verdict if verdict in ("accept", "reject", "name") else "accept",
        value=value[:_LONGEST],
        names=names[:_LONGEST],
        said=_said(register, row),
        seen_now=seen_of(register, row.id),
        is_page=is_page,
        is_open=is_open,
        title=field_words(row.field) if row.field else value_text("what", row.what),
        form={name: ask.given(name) for name in ("what", "at", "next")},
        document=_document(ask, register, row),
    )


def _said(register: Register, row: Decided) -> Said:
    number = int(row.id[1:])
    if row.id[0] == "N":
        found = register.one(_IMPORTED, (number,)) or {}
        status = value_text("link_status", found.get("status") or "open")
        return Said(found.get("decided_by") or "", found.get("decided_at") or "", status, "", "", "")
    if row.id[0] == "M":
        found = register.one(_MERGED, (number,)) or {}
        action = value_text("action", found["action"]) if found else ""
        return Said(found.get("made_by", ""), found.get("made_at", ""), action, "", "", "")
    last = _last(register, row)
    if last is None:
        return Said("", "", "", "", "", "")
    return Said(
        last["made_by"],
        last["made_at"],
        value_text("link_status", f"{last['action']}ed") if row.id[0] == "K" else value_text("action", last["action"]),
        field_words(last["field"]),
        _words(last["field"], last["old"]),
        _words(last["field"], last["new"]),
    )


def _last(register: Register, row: Decided) -> Row | None:
    """The last that was said of a row; of a field, of that field or of the whole."""
    target, field = row.id, row.field
    if target[0] == "P":
        proposal = register.one(_INFERRED, (int(target[1:]),))
        if proposal is None:
            return None
        target, field = proposal["id"], proposal["field"]
    said = history(register, target)
    of_field = [one for one in said if field and one["field"] in (field, None)]
    found = of_field or said
    return found[-1] if found else None


def _words(field: str | None, value: str | None) -> str:
    words = spoken(field, value)
    if field is None and not words and value:
        try:
            words = listed([str(one) for one in json.loads(value).values() if one])
        except (ValueError, AttributeError):
            words = ""
    return words[:_LONGEST]


def _document(ask: Ask, register: Register, row: Decided) -> str | None:
    owner = owning_dispatch(register, KINDS[row.id[0]], int(row.id[1:]))
    return ask.link("document", id=f"D{owner}") if owner else None
