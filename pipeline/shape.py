"""The one shape of output and gold (`docs/output.md`): a finding as JSON, with places, rules and confidence beside.

Keys beyond the guidelines' (`span`, `page`, `box`, `rule`, `confidence`, `found`, `issues`, ...) are extras.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

from extractors.addressees import TELEGRAM_RULE
from extractors.model import (
    Box,
    Deadline,
    Dispatch,
    Document,
    Found,
    Inferred,
    Issue,
    Line,
    Obligation,
    Recipient,
    Span,
)

SCALARS = ("type", "number", "symbol", "issued_on", "place", "issuer", "subject", "urgency", "secrecy")
SIGNER = ("authority", "title", "name")


def dispatch_json(source: str, document: Document, dispatch: Dispatch) -> dict[str, Any]:
    """A dispatch as one JSON object shaped as the gold, extras beside."""
    fields: dict[str, Any] = {k: _value(getattr(dispatch, k)) for k in SCALARS}
    fields["addressees"] = [f.value for f in dispatch.addressees if f.rule != TELEGRAM_RULE]
    fields["recipients"] = [{"name": r.name, "purpose": r.purpose} for r in dispatch.recipients]
    fields["signer"] = {k: _value(getattr(dispatch.signer, k)) for k in SIGNER}
    fields["citations"] = [f.value for f in dispatch.citations]
    return {
        "source": source,
        "medium": document.medium,
        "is_dispatch": True,
        "document": fields,
        "telegram_addressees": [f.value for f in dispatch.addressees if f.rule == TELEGRAM_RULE],
        "obligations": [obligation_json(document, o) for o in dispatch.obligations],
        "found": _found_json(document, dispatch),
        "inferred": [inferred_json(document, i) for i in dispatch.inferred],
        "issues": [issue_json(document, i) for i in (*document.issues, *dispatch.issues)],
        "sha256": document.sha256,
        "pages": document.pages,
        "format": document.format,
    }


def error_json(source: str, code: str, message: str, refused: bool) -> dict[str, Any]:
    """The row of a file that could not be read (`is_dispatch` null) or was refused (false)."""
    return {"source": source, "is_dispatch": False if refused else None, "error": {"code": code, "message": message}}


def obligation_json(document: Document, o: Obligation) -> dict[str, Any]:
    """One obligation with its place."""
    return {
        "quote": o.quote,
        "kind": o.kind,
        "modality": o.modality,
        "lead": [f.value for f in o.lead],
        "coordinating": [f.value for f in o.coordinating],
        "deadlines": [deadline_json(document, d) for d in o.deadlines],
        "lead_stated": o.lead_stated,
        "checkable": o.check is not None,
        "check": o.check and {"quote": o.check.value, **_evidence(document, o.check)},
        "label": o.label,
        "rule": o.rule,
        "confidence": o.confidence,
        "traits": dict(o.traits),
        **place_json(document, o.span),
    }


def deadline_json(document: Document, d: Deadline) -> dict[str, Any]:
    """One time limit with its place."""
    offset = d.offset and {"amount": d.offset.amount, "unit": d.offset.unit, "anchor": d.offset.anchor}
    return {
        "quote": d.quote,
        "kind": d.kind,
        "due": d.due,
        "start": d.start,
        "boundary": d.boundary,
        "rrule": d.rrule,
        "offset": offset,
        "scope": d.scope,
        "rule": d.rule,
        "confidence": d.confidence,
        **place_json(document, d.span),
    }


def mentions_json(document: Document, dispatch: Dispatch) -> dict[str, Any]:
    """The registered bodies that the text speaks of: how often, and the place of the first time."""
    rows = [{"id": m.id, "name": m.name, "count": m.times, **place_json(document, m.span)} for m in dispatch.mentions]
    return {"mentions": rows}


def inferred_json(document: Document, i: Inferred) -> dict[str, Any]:
    """One value taken from elsewhere, with the words it was taken from and their place, if they stand in the text."""
    place = place_json(document, i.span) if i.span else {}
    keys = ("field", "value", "evidence", "rule", "confidence")
    return {**{key: getattr(i, key) for key in keys}, **place}


def issue_json(document: Document, issue: Issue) -> dict[str, Any]:
    """One issue with its place, if it has one."""
    place = place_json(document, issue.span) if issue.span else {}
    return {"code": issue.code, "message": issue.message, **place}


def place_json(document: Document, span: Span) -> dict[str, Any]:
    """Where a span stands: offsets, and page and box of its first line where the file has pages."""
    line = line_at(document, span.start)
    out: dict[str, Any] = {"span": [span.start, span.end]}
    if line and line.page:
        out["page"] = line.page
    if line and line.box:
        out["box"] = _box(line.box)
    return out


def line_at(document: Document, offset: int) -> Line | None:
    """The line that holds a character; None in a document without lines. Lines are in order of their start."""
    n = bisect_right(document.lines, offset, key=lambda line: line.start)
    return document.lines[max(0, n - 1)] if document.lines else None


def _box(box: Box) -> list[float]:
    return [round(v, 1) for v in (box.x0, box.top, box.x1, box.bottom)]


def _value(found: Found[str] | None) -> str | None:
    return found.value if found else None


def _found_json(document: Document, dispatch: Dispatch) -> dict[str, Any]:
    """Place, rule and confidence of each field that has a value; lists in the order of the values."""
    out: dict[str, Any] = {}
    for key in SCALARS:
        if one := getattr(dispatch, key):
            out[key] = _evidence(document, one)
    for key in SIGNER:
        if one := getattr(dispatch.signer, key):
            out[f"signer.{key}"] = _evidence(document, one)
    for key, telegram in (("addressees", False), ("telegram_addressees", True)):
        out[key] = [_evidence(document, f) for f in dispatch.addressees if (f.rule == TELEGRAM_RULE) is telegram]
    out["recipients"] = [_evidence(document, f) for f in dispatch.recipients]
    out["citations"] = [_evidence(document, f) for f in dispatch.citations]
    return out


def _evidence(document: Document, found: Found[str] | Recipient) -> dict[str, Any]:
    return {"rule": found.rule, "confidence": found.confidence, **place_json(document, found.span)}
