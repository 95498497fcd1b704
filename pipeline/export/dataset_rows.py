"""The rows of the open data set, some hundred dispatches at a time: memory does not grow with the register.

What people are is left out: who signed, drafted, entered, corrected, follows; their words; names of files; whole texts.
A body that is a person has no row; free text, where it is asked for at all, is blank where it tells of a person.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from extractors.personal import is_of_a_person, tells_of_a_person
from pipeline.export.dataset_ids import Counted, DispatchIds, stable_id
from pipeline.register import Register, Row
from pipeline.register.keys import words_key
from pipeline.register.owing import event_rows
from pipeline.register.saving import FROM_TABLE

CHUNK = 400  # dispatches

_DISPATCHES = """
SELECT d.id, d.type, d.number, d.symbol, d.issued_on, d.place, d.issuer_id, d.urgency, d.medium, d.pages, d.format,
    d.subject, d.signer_name
FROM current_dispatches d WHERE d.id IN (SELECT value FROM json_each(?))
"""
_OBLIGATIONS = """
SELECT o.id, o.letter_id, o.position, o.label, o.kind, o.modality, o.lead_stated, o.check_rule IS NOT '' AS checkable,
    o.page, o.confidence, o.origin, o.quote, EXISTS (SELECT 1 FROM settled_fields s WHERE s.target = 'obligation'
        AND s.target_id = o.id AND s.field = '*') AS confirmed
FROM current_obligations o WHERE o.dispatch_id IN (SELECT value FROM json_each(?)) ORDER BY o.position, o.id
"""
_DEADLINES = """
SELECT l.* FROM deadlines l WHERE l.status = 'current' AND l.obligation_id IN (SELECT value FROM json_each(?))
ORDER BY l.position, l.id
"""
_PARTIES = """
SELECT b.obligation_id, b.role, b.position, b.body_id FROM obligation_bodies b
WHERE b.is_current AND b.obligation_id IN (SELECT value FROM json_each(?)) ORDER BY b.role DESC, b.position, b.id
"""
_DUTIES = """
SELECT y.id, y.obligation_id, y.body_id, y.sort FROM duties y JOIN obligations o ON o.id = y.obligation_id
WHERE y.is_current AND o.kind = 'task' AND y.obligation_id IN (SELECT value FROM json_each(?)) ORDER BY y.id
"""
_CITED = "SELECT * FROM cited WHERE dispatch_id IN (SELECT value FROM json_each(?)) ORDER BY position, id"
_LINKS = """
SELECT l.* FROM links l WHERE l.dispatch_id IN (SELECT value FROM json_each(?)) AND l.status <> 'rejected'
AND (l.is_found OR l.status = 'accepted')
"""
_MENTIONS = "SELECT * FROM mentions WHERE dispatch_id IN (SELECT value FROM json_each(?))"

Out = tuple[str, Mapping[str, Any]]


class DataRows:
    """All rows of the data set as (table, values by column), dispatches in the order of their ids."""

    def __init__(self, register: Register, with_quotes: bool) -> None:
        self._register = register
        self._words = impersonal if with_quotes else _no_words
        self._ids = DispatchIds(register)
        self._copies: dict[int, list[int]] = {}
        for copy, kept in self._ids.merged.items():
            self._copies.setdefault(kept, []).append(copy)
        self._bodies, self._body_rows = _bodies(register)

    def __iter__(self) -> Iterator[Out]:
        order = self._ids.in_order()
        for n in range(0, len(order), CHUNK):
            yield from self._chunk(order[n : n + CHUNK])
        for row in self._body_rows:
            yield "bodies", row

    def _rows(self, sql: str, numbers: Collection[int]) -> list[Row]:
        return self._register.rows(sql, (json.dumps(sorted(numbers)),))

    def _chunk(self, letters: list[int]) -> Iterator[Out]:
        place = {number: n for n, number in enumerate(letters)}
        papers = sorted(self._rows(_DISPATCHES, letters), key=lambda row: place[row["id"]])
        for row in papers:
            yield "dispatches", self._dispatch(row)
        signers = {row["id"]: words_key(row["signer_name"] or "") for row in papers}
        everyone = [*letters, *(copy for letter in letters for copy in self._copies.get(letter, ()))]
        found = sorted(self._rows(_OBLIGATIONS, everyone), key=lambda row: (place[row["letter_id"]], row["position"]))
        ids = {}
        counted = Counted("o")
        for row in found:
            dispatch = self._ids.by_row[row["letter_id"]]
            ids[row["id"]] = counted.next(dispatch, words_key(row["quote"]))
            quote = self._words(row["quote"], signers[row["letter_id"]])
            yield "obligations", _obligation(row, ids[row["id"]], dispatch) | {"quote": quote}
        whose = {row["id"]: signers[row["letter_id"]] for row in found}
        yield from self._parts(ids, whose)
        yield from self._around(letters, place)

    def _dispatch(self, row: Row) -> Mapping[str, Any]:
        return {
            **{
                key: row[key]
                for key in ("type", "number", "symbol", "issued_on", "place", "urgency", "medium", "pages")
            },
            "id": self._ids.by_row[row["id"]],
            "issuer_id": self._bodies.get(row["issuer_id"]),
            "origin": "table" if row["format"] == FROM_TABLE else "reading",
            "subject": self._words(row["subject"], words_key(row["signer_name"] or "")),
        }

    def _parts(self, ids: Mapping[int, str], signers: Mapping[int, str]) -> Iterator[Out]:
        """What hangs on the obligations of a chunk, in their order."""
        order = {number: n for n, number in enumerate(ids)}

        def placed(sql: str) -> list[Row]:
            return sorted(self._rows(sql, ids), key=lambda row: order[row["obligation_id"]])

        counted = Counted("l")
        for row in placed(_DEADLINES):
            quote = self._words(row["quote"], signers[row["obligation_id"]])
            yield "deadlines", _deadline(row, ids[row["obligation_id"]], counted) | {"quote": quote}
        for row in placed(_PARTIES):
            body = self._bodies.get(row["body_id"])
            yield "parties", {**row, "obligation_id": ids[row["obligation_id"]], "body_id": body}
        yield from self._duties(placed(_DUTIES), ids)

    def _duties(self, rows: list[Row], ids: Mapping[int, str]) -> Iterator[Out]:
        counted = Counted("t")
        duties = []
        order = {number: n for n, number in enumerate(ids)}
        rows.sort(key=lambda row: (order[row["obligation_id"]], self._bodies.get(row["body_id"]) or "", row["id"]))
        for row in rows:
            obligation, body = ids[row["obligation_id"]], self._bodies.get(row["body_id"])
            made = counted.next(obligation, body or row["sort"])
            duties.append((obligation, made, row["id"]))
            values = {"id": made, "obligation_id": obligation, "body_id": body, "sort": row["sort"]}
            yield "duties", values
        events = event_rows(self._register, [number for _, _, number in duties])
        for _, made, number in duties:
            for event in _in_force(events.get(number, [])):
                yield "events", {**event, "duty_id": made, "body_id": self._bodies.get(event["body_id"])}

    def _around(self, letters: list[int], place: Mapping[int, int]) -> Iterator[Out]:
        """What dispatches say of others, and of whom they speak."""
        for row in sorted(self._rows(_CITED, letters), key=lambda row: (place[row["dispatch_id"]], row["position"])):
            yield "citations", {**row, "dispatch_id": self._ids.by_row[row["dispatch_id"]]}
        links = []
        for row in self._rows(_LINKS, letters):
            earlier = self._ids.of(row["earlier_id"])
            if earlier:
                links.append({**row, "dispatch_id": self._ids.by_row[row["dispatch_id"]], "earlier_id": earlier})
        for link in sorted(links, key=lambda row: (row["dispatch_id"], row["earlier_id"])):
            yield "links", link
        spoken = [
            {"dispatch_id": self._ids.by_row[row["dispatch_id"]], "body_id": body, "times": row["times"]}
            for row in self._rows(_MENTIONS, letters)
            if (body := self._bodies.get(row["body_id"]))
        ]
        for one in sorted(spoken, key=lambda row: (row["dispatch_id"], row["body_id"])):
            yield "mentions", one


def _bodies(register: Register) -> tuple[dict[int | None, str], list[Mapping[str, Any]]]:
    """The ids of bodies by their rows, and the rows in the order of the ids; persons have none."""
    ids: dict[int | None, str] = {}
    rows = []
    for row in register.connection.execute("SELECT id, canonical_id, name, name_key FROM bodies"):
        if row["canonical_id"] is None and is_of_a_person(row["name"]):
            continue
        ids[row["id"]] = row["canonical_id"] or stable_id("b", row["name_key"])
        rows.append({"id": ids[row["id"]], "code": row["canonical_id"], "name": row["name"]})
    return ids, sorted(rows, key=lambda row: row["id"])


def impersonal(text: str | None, signer: str) -> str | None:
    """A free text, or None where it tells of a person or names the signer (a key of words)."""
    if not text or tells_of_a_person(text) or (signer and f" {signer} " in f" {words_key(text)} "):
        return None
    return text


def _no_words(text: str | None, signer: str) -> None:
    return None


def _obligation(row: Row, made: str, dispatch: str) -> dict[str, Any]:
    plain = ("position", "label", "kind", "modality", "page", "confidence", "origin")
    return {
        "id": made,
        "dispatch_id": dispatch,
        **{key: row[key] for key in plain},
        **{key: bool(row[key]) for key in ("lead_stated", "checkable", "confirmed")},
    }


def _deadline(row: Row, obligation: str, counted: Counted) -> dict[str, Any]:
    own = (row["kind"], row["due"], row["rrule"], words_key(row["quote"]))
    return {**row, "id": counted.next(obligation, *own), "obligation_id": obligation}


def _in_force(events: list[Row]) -> Iterator[Mapping[str, Any]]:
    """The events that nobody took back, counted for their duty; not who entered them, nor why."""
    undone = {event["undoes"] for event in events}
    kept = [event for event in events if event["kind"] not in ("undone", "erased") and event["id"] not in undone]
    for n, event in enumerate(kept, 1):
        yield {"sequence": n, **{key: event[key] for key in ("period", "kind", "day", "due", "body_id")}}
