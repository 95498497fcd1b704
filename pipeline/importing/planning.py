"""What a tracking table says that the register does not: proposals, and why a row gives none.

Nothing is written. A proposal has a key of its own words, so that the same row of another table, or of this one a
second time, is the same proposal.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Literal

from extractors.tracking_tables import TrackedLimit, TrackedRow
from pipeline.followup.owed import Owed, owed
from pipeline.followup.settings import Settings
from pipeline.importing.linking import Duties, FoundDispatch, FoundDuties, find_row_dispatch, same_body
from pipeline.importing.tables import ReadTable, Tracking
from pipeline.register import Register, TaskFilter, public_id
from pipeline.register.keys import symbol_key, words_key

What = Literal["document", "duty", "event", "deadline"]
_DIGITS = re.compile(r"0*(\d+\w?)")
_CLOSED = frozenset({"done", "withdrawn", "superseded"})


@dataclass(frozen=True, slots=True)
class Proposal:
    """One thing to accept. `value` is it in words, `said` what the row says (kept with it), `obligation` and `duty` the
    rows that it concerns."""

    what: What
    key: str
    value: str
    confidence: float
    said: dict[str, Any]
    obligation: int | None = None
    duty: int | None = None


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A row held against the register. `number` and `document_key` are the fullest that the table has of its document;
    `notes` say why nothing is proposed ("no_number", "twice", "other_day", "several_documents", "several_duties",
    "other_body", "whole_document", "recurring")."""

    sheet: str | None
    row: int
    said: TrackedRow
    number: str | None
    document_key: str
    dispatch: FoundDispatch
    duties: FoundDuties
    proposals: tuple[Proposal, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """All rows of a table; `settled` are the keys of what the register has by now."""

    tracking: Tracking
    rows: tuple[PlannedRow, ...]
    settled: frozenset[str]


@dataclass(slots=True)
class _Document:
    """One document of the table: its rows may spell its number more or less fully."""

    number: str
    key: str
    issuer: str | None
    found: FoundDispatch = field(default_factory=lambda: FoundDispatch(None))


def plan_import(register: Register, tracking: Tracking, settings: Settings, today: date) -> Plan:
    """Hold a table against the register as it stands on a day."""
    return _Planner(register, settings, today).plan(tracking)


class _Planner:
    def __init__(self, register: Register, settings: Settings, today: date) -> None:
        self._register = register
        self._settings = settings
        self._today = today
        self._duties = Duties(register)
        self._seen: set[str] = set()
        self._settled: set[str] = set()
        self._recurring: set[int] = set()

    def plan(self, tracking: Tracking) -> Plan:
        placed = [(table, n, row) for table in tracking.tables for n, row in table.rows]
        documents = _documents([row for _, _, row in placed])
        for (_, _, row), document in zip(placed, documents, strict=True):
            if document and document.found.id is None and not document.found.others:
                document.found = find_row_dispatch(self._register, document.number, row.issued_on, document.issuer)
        linked = [
            self._duties.find(document.found, row) if document else FoundDuties()
            for (_, _, row), document in zip(placed, documents, strict=True)
        ]
        standing = self._standing({one.obligation for one in linked if one.obligation})
        rows = [
            self._planned(*place, document, duties, standing)
            for place, document, duties in zip(placed, documents, linked, strict=True)
        ]
        return Plan(tracking, tuple(rows), frozenset(self._settled))

    def _standing(self, obligations: set[int]) -> dict[int, Owed]:
        """How duties stand that do not recur, by their number."""
        found = owed(self._register, TaskFilter(), self._settings, as_of=self._today, of=obligations)
        self._recurring = {one.duty for one in found if one.time.period}
        return {one.duty: one for one in found if one.duty not in self._recurring}

    def _planned(
        self,
        table: ReadTable,
        n: int,
        row: TrackedRow,
        document: _Document | None,
        duties: FoundDuties,
        standing: dict[int, Owed],
    ) -> PlannedRow:
        found = document.found if document else FoundDispatch(None)
        number = document.number if document else row.number
        said = _said(row, number, table.sheet, n)
        proposals: list[Proposal] = []
        notes = list(_notes(row, document is not None, found, duties))
        if row.said and self._recurring.intersection(duties.duties):
            notes.append("recurring")
        if document and not found.others and not found.other_day:
            for one in self._proposals(row, document, duties, standing, said):
                if one.key in self._seen:
                    if one.what != "document":
                        notes.append("twice")
                    continue
                self._seen.add(one.key)
                proposals.append(one)
        key = document.key if document else ""
        return PlannedRow(table.sheet, n, row, number, key, found, duties, tuple(proposals), tuple(notes))

    def _proposals(
        self,
        row: TrackedRow,
        document: _Document,
        duties: FoundDuties,
        standing: dict[int, Owed],
        said: dict[str, Any],
    ) -> Iterator[Proposal]:
        duty_key = _key("duty", document.key, words_key(row.content), words_key(" ".join(row.lead)))
        if document.found.id is None:
            yield Proposal("document", _key("document", document.key), document.number, 0.9, said)
        else:
            self._settled.add(_key("document", document.key))
        if duties.obligation is not None:
            self._settled.add(duty_key)
            for one in filter(None, map(standing.get, duties.duties)):
                for proposal, is_known in _told(row, one, duties, said):
                    if is_known:
                        self._settled.add(proposal.key)
                    else:
                        yield proposal
        elif row.content and not (duties.is_whole or duties.is_doubtful):
            sure = 0.8 if row.lead else 0.6
            yield Proposal("duty", duty_key, row.content, sure, said)


def _told(row: TrackedRow, one: Owed, duties: FoundDuties, said: dict[str, Any]) -> Iterator[tuple[Proposal, bool]]:
    """What a row says of a duty, and whether it need not be proposed: the register has it, or the duty is closed."""
    target, about = public_id("duty", one.duty), (duties.sure, said, duties.obligation, one.duty)
    state = one.standing.state
    if row.said:
        key = _key("event", target, row.said, row.done_on or "")
        is_known = state in _CLOSED or row.said == state == "reported"
        yield Proposal("event", key, f"{row.said} {row.done_on or ''}".strip(), *about), is_known
    limit = row.extended or row.limit
    if limit and limit.due:
        how = "extended" if row.extended else "due"
        key = _key("deadline", target, how, limit.due)
        yield Proposal("deadline", key, f"{how} {limit.due}", *about), state in _CLOSED or _agrees(limit, one)


def _agrees(limit: TrackedLimit, one: Owed) -> bool:
    """Whether a last day is one that the register has: as printed, as counted, or as put off."""
    days = {one.last_day, one.original, one.standing.due}
    known = {day.isoformat() for day in days if day}
    if one.time.limit:
        known.add(one.time.limit["due"])
    return limit.due in known


def _notes(row: TrackedRow, is_numbered: bool, found: FoundDispatch, duties: FoundDuties) -> Iterator[str]:
    if not is_numbered and not any(problem.code == "document" for problem in row.problems):
        yield "no_number"
    if found.others:
        yield "several_documents"
    if found.other_day:
        yield "other_day"
    if duties.is_doubtful:
        yield "several_duties"
    if duties.obligation is not None and not duties.duties:
        yield "other_body"
    if duties.is_whole and duties.obligation is None:
        yield "whole_document"


def _said(row: TrackedRow, number: str | None, sheet: str | None, n: int) -> dict[str, Any]:
    return {**asdict(row), "number": number, "sheet": sheet, "row": n}


def _key(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _documents(rows: Sequence[TrackedRow]) -> list[_Document | None]:
    """The document of each row; those of one serial number and day are one whose symbols go on from each other and
    whose issuers, where both are said, are the same."""
    groups: dict[tuple[str, str], list[_Document]] = {}
    out: list[_Document | None] = []
    for row in rows:
        digits = _DIGITS.match(row.number or "")
        if not row.number or not digits:
            out.append(None)
            continue
        group = (digits[1], row.issued_on or f"? {_symbol(row.number)} {words_key(row.issuer or '')}")
        out.append(_of_group(groups.setdefault(group, []), "|".join(group), row))
    return out


def _of_group(same: list[_Document], key: str, row: TrackedRow) -> _Document:
    number = row.number or ""
    for one in same:
        short, long = sorted((_symbol(one.number), _symbol(number)), key=len)
        if long.startswith(short) and (not row.issuer or not one.issuer or same_body(row.issuer, one.issuer)):
            one.number = max(one.number, number, key=len)
            one.issuer = one.issuer or row.issuer
            return one
    if same:
        key += f"|{_symbol(number)}|{words_key(row.issuer or '')}"
    same.append(_Document(number, key, row.issuer))
    return same[-1]


def _symbol(number: str) -> str:
    return symbol_key(number.partition("/")[2])
