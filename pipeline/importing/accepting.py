"""Chấp nhận đề xuất: what a table says becomes a dispatch, a duty, an event or a last day, by a person's word.

A dispatch that only a table tells of has what the row prints and no file of its own; when the letter itself comes, the
register proposes that both are the same. Everything entered is taken back as what a person entered always is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from extractors.model import Dispatch, Document, Found, Line, Span
from pipeline.errors import DutyError
from pipeline.followup.recording import Entry, enter_event
from pipeline.followup.settings import Settings
from pipeline.importing.errors import AlreadyDecided, DayNeeded
from pipeline.importing.linking import find_row_dispatch
from pipeline.reading.membernames import SEPARATOR
from pipeline.register import Register, Row, add_deadline, add_obligation, correct, public_id, save_dispatch, undo
from pipeline.register.imported import decide_import, entered_dispatch, import_proposal, open_of_document
from pipeline.register.saving import FROM_TABLE
from pipeline.version import fingerprinted_version

RULE = "table.row"
_EVENTS = {"done": "accepted", "reported": "reported"}
_LIMITS = ("quote", "kind", "due", "boundary", "rrule")
_CORRECTED = ("date", "period")


@dataclass(frozen=True, slots=True)
class Said:
    """Who decides, when and why; `on` is the day of an event that the table does not give."""

    who: str
    now: str
    why: str = ""
    on: str | None = None


def accept_import(register: Register, number: int, settings: Settings, said: Said) -> list[str]:
    """Enter what a proposal says; of a document its duties too. Returns the ids of what was entered ("D4", "O12").
    Raises UnknownId, AlreadyDecided, DayNeeded, and what entering an event raises."""
    with register.transaction():
        row = import_proposal(register, number)
        if row["status"] in ("accepted", "settled"):
            raise AlreadyDecided(id=public_id("import", number), made=row["made"] or "")
        made = _Accepting(register, settings, said).accept(row)
        if row["what"] == "document":
            for duty in open_of_document(register, row["document_key"]):
                made += accept_import(register, duty, settings, said)
    return made


def reject_import(register: Register, number: int, said: Said) -> None:
    """What a proposal says is not so: it is not proposed again. Raises UnknownId, AlreadyDecided."""
    with register.transaction():
        row = import_proposal(register, number)
        if row["status"] == "accepted":
            raise AlreadyDecided(id=public_id("import", number), made=row["made"] or "")
        decide_import(register, number, "rejected", who=said.who, now=said.now, why=said.why, made={})


class _Accepting:
    def __init__(self, register: Register, settings: Settings, said: Said) -> None:
        self._register = register
        self._settings = settings
        self._said = said
        self._by: dict[str, Any] = {"who": said.who, "now": said.now}

    def accept(self, row: Row) -> list[str]:
        how = {"document": self._document, "duty": self._duty, "event": self._event, "deadline": self._deadline}
        made = how[row["what"]](row)
        ids = {name: made.get(name) for name in ("dispatch_id", "obligation_id", "duty_id")}
        entered: list[str] = made["entered"]
        decide_import(
            self._register,
            row["id"],
            "accepted",
            **self._by,
            why=self._said.why,
            made={**ids, "made": " ".join(entered) or None},
        )
        return entered

    def _why(self, row: Row) -> str:
        name = row["path"].rpartition("/")[2]
        where = f"{name}: {row['sheet']}, {row['row']}" if row["sheet"] else f"{name}: {row['row']}"
        return self._said.why or where

    def _document(self, row: Row) -> dict[str, Any]:
        number, is_new = self._dispatch(row)
        return {"dispatch_id": number, "entered": [public_id("dispatch", number)] if is_new else []}

    def _dispatch(self, row: Row) -> tuple[int, bool]:
        """The dispatch of a row, entered now where the register has none."""
        found = find_row_dispatch(self._register, row["number"], row["issued_on"], row["issuer"]).id
        found = row["dispatch_id"] or found or entered_dispatch(self._register, row["document_key"])
        if found:
            return found, False
        document, dispatch = told_of(row["said"])
        path = f"{row['path']}{SEPARATOR}{row['number']}"
        saved = save_dispatch(
            self._register, path, None, document, dispatch, version=fingerprinted_version(), now=self._said.now
        )
        assert saved.dispatch_id is not None
        self._bring_back(saved.dispatch_id)
        return saved.dispatch_id, True

    def _bring_back(self, number: int) -> None:
        """A dispatch that was entered from the same row before, and taken out since."""
        if self._register.one("SELECT 1 FROM dispatches WHERE id = ? AND removed_at IS NOT NULL", (number,)):
            undo(self._register, public_id("dispatch", number), **self._by)

    def _duty(self, row: Row) -> dict[str, Any]:
        dispatch, is_new = self._dispatch(row)
        entered = [public_id("dispatch", dispatch)] if is_new else []
        said, why = row["said"], self._why(row)
        values = {"quote": said["content"], "lead": _list(said["lead"]), "coordinating": _list(said["coordinating"])}
        values = {name: value for name, value in values.items() if value}
        made = add_obligation(self._register, public_id("dispatch", dispatch), values, **self._by, why=why)
        entered.append(public_id("obligation", made))
        if limit := said["limit"]:
            entered.append(self._add_limit(made, limit, why))
        if said["said"] and said["done_on"]:
            entered += self._events_of(made, said, why)
        return {"dispatch_id": dispatch, "obligation_id": made, "entered": entered}

    def _add_limit(self, obligation: int, limit: Mapping[str, Any], why: str) -> str:
        values = {name: limit[name] for name in _LIMITS if limit[name]}
        made = add_deadline(self._register, public_id("obligation", obligation), values, **self._by, why=why)
        return public_id("deadline", made)

    def _events_of(self, obligation: int, said: Mapping[str, Any], why: str) -> list[str]:
        """That a duty entered with its row is done; where that makes no sense the duty stays as it is, and the next
        import proposes it anew."""
        duties = self._register.rows(
            "SELECT id FROM current_duties WHERE obligation_id = ? AND sort <> 'group' ORDER BY id", (obligation,)
        )
        out = []
        for duty in duties:
            try:
                out.append(self._enter(said, duty["id"], said["done_on"], why))
            except DutyError:
                continue
        return out

    def _enter(self, said: Mapping[str, Any], duty: int, day: str, why: str) -> str:
        kind: Any = _EVENTS[said["said"]]
        entry = Entry(kind, public_id("duty", duty), day=day, proof=said["proof"])
        return enter_event(self._register, entry, self._settings, **self._by, why=why).event

    def _event(self, row: Row) -> dict[str, Any]:
        day = row["said"]["done_on"] or self._said.on
        if not day:
            raise DayNeeded(id=public_id("import", row["id"]))
        return {"entered": [self._enter(row["said"], row["duty_id"], day, self._why(row))]}

    def _deadline(self, row: Row) -> dict[str, Any]:
        said, why = row["said"], self._why(row)
        if said["extended"]:
            if not self._said.on:
                raise DayNeeded(id=public_id("import", row["id"]))
            due = said["extended"]["due"]
            entry = Entry("extended", public_id("duty", row["duty_id"]), day=self._said.on, due=due)
            return {"entered": [enter_event(self._register, entry, self._settings, **self._by, why=why).event]}
        return {"entered": self._corrected(row["obligation_id"], said["limit"], why)}

    def _corrected(self, obligation: int, limit: Mapping[str, Any], why: str) -> list[str]:
        """The only limit of the obligation that is a day, as the table has it; else one more limit."""
        rows = self._register.rows(
            "SELECT id, kind, due, boundary FROM deadlines WHERE obligation_id = ? AND status = 'current'",
            (obligation,),
        )
        if len(rows) != 1 or rows[0]["kind"] not in _CORRECTED:
            return [self._add_limit(obligation, limit, why)]
        target = public_id("deadline", rows[0]["id"])
        for field in ("kind", "due", "boundary"):
            if rows[0][field] != limit[field]:
                correct(self._register, target, field, limit[field], **self._by, why=why)
        return [target]


def _list(names: list[str]) -> str:
    return "; ".join(name.replace(";", ",") for name in names)


def told_of(said: Mapping[str, Any]) -> tuple[Document, Dispatch]:
    """What a row prints of a document that is not there, as the text of one: a line for each value."""
    fields = {
        "number": said["number"],
        "symbol": said["number"].partition("/")[2] or None,
        "issued_on": said["issued_on"],
        "issuer": said["issuer"],
        "subject": said["subject"],
    }
    lines: list[Line] = []
    found: dict[str, Found[str]] = {}
    text = ""
    for name, value in fields.items():
        if not value:
            continue
        if name == "symbol":
            at = found["number"].span.end - len(value)
        else:
            at = len(text)
            text += f"{value}\n"
            lines.append(Line(at, at + len(value)))
        found[name] = Found(value, Span(at, at + len(value)), RULE)
    sha256 = hashlib.sha256(f"{RULE}\n{text}".encode()).hexdigest()
    document = Document(text, tuple(lines), sha256, format=FROM_TABLE)
    return document, Dispatch(**found)  # type: ignore[arg-type]  # none of its other fields is named
