"""Dữ liệu của API: the shapes of what programs read, by which answers are made and their description is printed.

A shape is a schema as OpenAPI 3.1 writes it. `shaped` takes of a row what its shape names and nothing else, so that
answers and description cannot part.
"""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
WORDS: Schema = {"type": ["string", "null"]}
DAY: Schema = {"type": ["string", "null"], "description": "ISO 8601, as sharp as printed: 2026, 2026-11, 2026-11-22"}
COUNT: Schema = {"type": "integer"}
AMOUNT: Schema = {"type": ["integer", "null"]}
SHARE: Schema = {"type": ["number", "null"]}
SURE: Schema = {"type": "number", "minimum": 0, "maximum": 1}
FLAG: Schema = {"type": "boolean"}
CURSOR: Schema = {"type": ["string", "null"], "description": "for the parameter `after`; null: no more"}


def of(name: str) -> Schema:
    """A shape by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


def some(item: Schema) -> Schema:
    """A list of them."""
    return {"type": "array", "items": item}


def perhaps(name: str) -> Schema:
    """A shape by its name, or null."""
    return {"oneOf": [of(name), {"type": "null"}]}


def fields(told: str, **properties: Schema) -> Schema:
    """An object with all of these."""
    return {
        "type": "object",
        "description": told,
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


_LETTER = {"number": WORDS, "type": WORDS, "issued_on": DAY, "issuer": WORDS, "subject": WORDS}
_OBLIGATION = {
    "id": TEXT, "dispatch": TEXT, "number": WORDS, "issuer": WORDS, "type": WORDS, "issued_on": DAY, "quote": TEXT,
    "label": TEXT, "kind": TEXT, "modality": TEXT, "page": AMOUNT, "confidence": SURE, "lead": some(TEXT),
    "coordinating": some(TEXT), "lead_stated": FLAG, "checkable": FLAG, "confirmed": FLAG,
}  # fmt: skip
_COUNTS = dict.fromkeys(
    ("total", "done_on_time", "done_late", "open_in_time", "overdue", "no_deadline", "suspended"), COUNT
)
_RATES = {"done_of_due": SHARE, "overdue_of_due": SHARE}
_BODY = {"id": TEXT, "name": TEXT, "is_known": FLAG}
_RELATED = {"id": TEXT, "name": TEXT, "valid_from": DAY, "valid_to": DAY}

SCHEMAS: dict[str, Schema] = {
    "Limit": fields(
        "A time limit of an obligation, as a list shows it", id=TEXT, quote=TEXT, kind=TEXT, due=DAY, boundary=WORDS,
        confidence=SURE,
    ),
    "Deadline": fields(
        "A time limit with what it is understood as", id=TEXT, quote=TEXT, kind=TEXT, due=DAY, last_day=DAY, start=DAY,
        boundary=WORDS, rrule=WORDS, page=AMOUNT, confidence=SURE, confirmed=FLAG, why=WORDS,
    ),
    "Proposal": fields(
        "What a later dispatch says happened to a duty, not decided yet", link=TEXT, event=TEXT, dispatch=TEXT,
        number=WORDS, evidence=TEXT, confidence=SURE,
    ),
    "Task": fields(
        "What one body owes of an obligation, or one occurrence of it", **_OBLIGATION, parent=WORDS, duty=TEXT,
        body=WORDS, body_code=WORDS, printed=WORDS, state=TEXT, timeliness=WORDS, days_late=AMOUNT, last_day=DAY,
        original_last_day=DAY, period=WORDS, period_start=DAY, period_end=DAY, deadline=perhaps("Limit"),
        asked_for=DAY, reminders=COUNT, completed_on=DAY, version=COUNT, proposals=some(of("Proposal")),
    ),
    "Obligation": fields("Something that somebody is told or asked to do", **_OBLIGATION),
    "Event": fields(
        "What happened to a duty", id=TEXT, action=TEXT, day=DAY, made_at=TEXT, made_by=TEXT, why=WORDS, proof=WORDS,
        old=WORDS, new=WORDS, undone_by=WORDS,
    ),
    "TaskPage": fields(
        "One page of a list", as_of=TEXT, policy=TEXT, total=COUNT, is_total_exact=FLAG, next=CURSOR, previous=CURSOR,
        rows=some(of("Task")),
    ),
    "Facet": fields("A value and how many rows have it", value=TEXT, name=TEXT, count=COUNT),
    "Facets": fields(
        "How the rows of a list are spread", as_of=TEXT, is_exact=FLAG,
        groups={"type": "object", "additionalProperties": some(of("Facet"))},
    ),
    "Duty": fields(
        "A duty with its times, its limits and what happened to it", id=TEXT, obligation=of("Obligation"),
        now=perhaps("Task"), times=some(of("Task")), others=some(of("Task")), deadlines=some(of("Deadline")),
        events=some(of("Event")),
    ),
    "DocumentRow": fields(
        "A dispatch, as a list shows it", id=TEXT, **_LETTER, symbol=WORDS, proposed=WORDS, format=WORDS, pages=AMOUNT,
        medium=WORDS, obligations=COUNT, signed=WORDS,
    ),
    "DocumentPage": fields("One page of a list", next=CURSOR, previous=CURSOR, rows=some(of("DocumentRow"))),
    "Signer": fields("Who signed", authority=WORDS, title=WORDS, name=WORDS),
    "Recipient": fields("An entry of the list of recipients", name=TEXT, purpose=WORDS),
    "DocumentLimit": fields(
        "A time limit of an obligation", id=TEXT, quote=TEXT, kind=TEXT, due=DAY, start=DAY, boundary=WORDS,
        rrule=WORDS, scope=TEXT, confidence=SURE, status=TEXT, confirmed=FLAG,
    ),
    "DocumentObligation": fields(
        "An obligation of a dispatch", id=TEXT, quote=TEXT, kind=TEXT, modality=TEXT, label=TEXT, lead=some(TEXT),
        coordinating=some(TEXT), lead_stated=FLAG, checkable=FLAG, deadlines=some(of("DocumentLimit")), rule=TEXT,
        confidence=SURE, status=TEXT, confirmed=FLAG, same_as=WORDS, counts_as=WORDS,
    ),
    "Document": fields(
        "A dispatch whole", id=TEXT, **_LETTER, symbol=WORDS, place=WORDS, urgency=WORDS, addressees=some(TEXT),
        recipients=some(of("Recipient")), signer=perhaps("Signer"), citations=some(TEXT),
        obligations=some(of("DocumentObligation")), medium=WORDS, pages=AMOUNT, format=WORDS, sha256=WORDS,
        entered_at=TEXT, read_at=TEXT, version=TEXT, merged_into=WORDS, is_removed=FLAG,
    ),
    "Concerned": fields(
        "An obligation that a link concerns", id=TEXT, quote=TEXT, lead=some(TEXT), later=WORDS, due=DAY, reason=TEXT,
        confidence=SURE, counts=WORDS,
    ),
    "ChainRow": fields(
        "A dispatch before or after another one", id=WORDS, distance=COUNT, **_LETTER, proposed=WORDS, symbol=WORDS,
        link=WORDS, relation=WORDS, **{"from": WORDS, "to": WORDS}, evidence=WORDS, page=AMOUNT, confidence=SHARE,
        status=WORDS, obligations=some(of("Concerned")),
    ),
    "Chain": fields("What led to a dispatch and what came of it", id=TEXT, rows=some(of("ChainRow"))),
    "BodyRow": fields("A body that dispatches speak of", **_BODY),
    "BodyPage": fields("One page of a list", next=CURSOR, rows=some(of("BodyRow"))),
    "RelatedBody": fields("A body that stood before another one, or took over", **_RELATED),
    "Body": fields(
        "A body with how it keeps its deadlines", **_BODY, names=some(TEXT), as_of=TEXT, counts=of("Counts"),
        before=some(of("RelatedBody")), after=some(of("RelatedBody")), now=some(of("RelatedBody")),
    ),
    "Counts": fields("Duties by how they were kept; shares in percent", **_COUNTS, **_RATES),
    "ScoreboardRow": fields("A body with its counts", body_code=WORDS, body=WORDS, counts=of("Counts")),
    "Scoreboard": fields(
        "How bodies keep their deadlines", as_of=TEXT, policy=TEXT, all=of("Counts"), bodies=COUNT,
        rows=some(of("ScoreboardRow")),
    ),
    "Hit": fields("What has all the words", id=TEXT, kind=TEXT, dispatch=TEXT, **_LETTER, snippet=WORDS, exact=FLAG),
    "Hits": fields("What a search found", rows=some(of("Hit"))),
    "Problem": fields(
        "RFC 9457", type=TEXT, title=TEXT, status=COUNT, detail=TEXT, code=TEXT,
    ),
}  # fmt: skip


def shaped(value: Any, schema: Schema) -> Any:
    """A value with what its shape names; what a row does not have is null, or an empty list."""
    if "$ref" in schema:
        return shaped(value, SCHEMAS[schema["$ref"].rpartition("/")[2]])
    if "oneOf" in schema:
        return None if value is None else shaped(value, schema["oneOf"][0])
    if "properties" in schema:
        return {name: shaped(value.get(name), part) for name, part in schema["properties"].items()}
    if schema.get("type") == "array":
        return [shaped(one, schema["items"]) for one in value or ()]
    if "additionalProperties" in schema:
        return {name: shaped(one, schema["additionalProperties"]) for name, one in value.items()}
    return value
