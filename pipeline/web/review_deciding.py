"""Quyết định: what a person says of one row of the queue is entered, with all that follows from it; and taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from starlette.exceptions import HTTPException

from pipeline.errors import UnknownId, WrongId
from pipeline.followup.recording import undo_event
from pipeline.followup.replying import follow_link
from pipeline.importing.accepting import Said, accept_import, reject_import
from pipeline.register import (
    Register,
    confirm,
    correct,
    decide_inferred,
    decide_link,
    decide_merge,
    delete,
    remove,
    undo,
)
from pipeline.register.ids import parse_id
from pipeline.register.imported import open_beside, reopen_import
from pipeline.register.queueing import WHATS
from pipeline.register.seen import RowChanged
from pipeline.web.asking import Ask
from pipeline.web.review_rows import seen_of

LEAD = "lead"
_MOST_TAKEN_BACK = 400
_WRITTEN = (
    ("C", "SELECT id FROM corrections WHERE id > ? AND part_of IS NULL AND action <> 'undo' ORDER BY id"),
    ("E", "SELECT id FROM duty_events WHERE id > ? ORDER BY id"),
)
_TABLES = {"C": "corrections", "E": "duty_events"}
_MADE = "SELECT made FROM import_proposals WHERE id = ?"
_BY = {
    "C": "SELECT made_by FROM corrections WHERE id = ?",
    "E": "SELECT made_by FROM duty_events WHERE id = ?",
    "N": "SELECT decided_by AS made_by FROM import_proposals WHERE id = ?",
    # entered by accepting what a table says
    "D": "SELECT p.decided_by AS made_by FROM dispatches d JOIN import_proposals p ON p.dispatch_id = d.id"
    " AND p.status = 'accepted' AND ' ' || p.made || ' ' LIKE '% D' || d.id || ' %' WHERE d.id = ?",
}


@dataclass(frozen=True, slots=True)
class Decided:
    """A row of the queue as a form names it, and what its sender saw."""

    what: str
    id: str
    field: str
    seen: str

    @property
    def on(self) -> str:
        """As a form names it."""
        return f"{self.what} {self.id} {self.field}".strip()


def decided(on: str, seen: str) -> Decided:
    """What a form names: "field D3 number", "link K4". Raises a 422 for anything else."""
    what, _, rest = on.partition(" ")
    target, _, field = rest.partition(" ")
    if what not in (*WHATS, LEAD):
        raise HTTPException(422)
    letter, number = parse_id(target)
    return Decided(what, f"{letter}{number}", field, seen)


def require_seen(register: Register, row: Decided) -> None:
    """Nothing, where a row is as its sender saw it. Raises RowChanged."""
    if seen_of(register, row.id) != row.seen:
        raise RowChanged(id=row.id, who="", when="")


def decide(ask: Ask, register: Register, row: Decided, accept: bool, *, day: str | None = None) -> None:
    """Enter what a person says of a row: it is right, or it is not. Inside a transaction. Raises what the register
    raises."""
    said = {"who": ask.who, "now": ask.now}
    match row.what, accept:
        case "inferred", _:
            decide_inferred(register, row.id, accept, **said)
        case "merge", _:
            decide_merge(register, row.id, accept, **said)
        case "link", _:
            decide_link(register, row.id, accept, **said)
            if accept:
                follow_link(register, int(row.id[1:]), ask.site.office, **said)
        case "import", True:
            accept_import(register, int(row.id[1:]), ask.site.office, Said(**said, on=day))
        case "import", False:
            reject_import(register, int(row.id[1:]), Said(**said))
        case "field", False:
            correct(register, row.id, row.field, None, who=ask.who, now=ask.now, why="")
        case "issue", False:
            raise HTTPException(422)
        case _, False:
            delete(register, row.id, who=ask.who, now=ask.now, why="")
        case _:
            confirm(register, row.id, row.field if row.what == "field" else None, **said)


def name_lead(ask: Ask, register: Register, row: Decided, names: str) -> None:
    """Who leads an obligation of which the dispatch does not say it. Raises InvalidValue."""
    correct(register, row.id, "lead", names, who=ask.who, now=ask.now, why="")


@contextmanager
def noted(register: Register, row: Decided | None = None) -> Iterator[list[str]]:
    """A list that holds, afterwards, the ids of all that was written inside, and of the imported rows decided."""
    written: list[str] = []
    imported = int(row.id[1:]) if row and row.what == "import" else 0
    were_open = open_beside(register, imported) if imported else set()
    last = {letter: _last(register, table) for letter, table in _TABLES.items()}
    yield written
    if imported:
        rows = sorted(were_open - open_beside(register, imported))
        written += [f"N{number}" for number in rows]
        made = " ".join((register.one(_MADE, (number,)) or {}).get("made") or "" for number in rows).split()
        written += [name for name in made if name.startswith("D")]
    for letter, sql in _WRITTEN:
        written += [f"{letter}{found['id']}" for found in register.rows(sql, (last[letter],))]


def _last(register: Register, table: str) -> int:
    row = register.one(f"SELECT coalesce(max(id), 0) AS last FROM {table}")
    return int(row["last"]) if row else 0


def take_back(ask: Ask, register: Register, written: str) -> None:
    """Take back what `noted` told ("C7.E9"), the last first, all of it or nothing. Raises a 403 where somebody else
    wrote it, UnknownId, AlreadyUndone, NeededFirst."""
    said = {"who": ask.who, "now": ask.now}
    ids = written.split(".")[:_MOST_TAKEN_BACK]
    undoing: dict[str, Callable[[str, int], object]] = {
        "E": lambda _, number: undo_event(register, number, **said),
        "C": lambda name, _: undo(register, name, **said),
        "D": lambda name, _: remove(register, name, **said, why=""),
        "N": lambda _, number: reopen_import(register, number),
    }
    parsed = [parse_id(name, *undoing) for name in ids]
    for letter in "ECDN":  # events first: what proves them must still be there
        for number in sorted((n for own, n in parsed if own == letter), reverse=True):
            _require_own(ask, register, letter, number)
            undoing[letter](f"{letter}{number}", number)


def _require_own(ask: Ask, register: Register, letter: str, number: int) -> None:
    row = register.one(_BY[letter], (number,))
    if row is None:
        raise UnknownId(id=f"{letter}{number}")
    if row["made_by"] != ask.who:
        raise HTTPException(403)


def may_take_back(ask: Ask, register: Register, written: str) -> str:
    """What was written, where this person may still take it back, else nothing."""
    try:
        parsed = [parse_id(name, *_BY) for name in written.split(".")[:_MOST_TAKEN_BACK] if name]
    except WrongId:
        return ""
    for letter, number in parsed[:3]:
        row = register.one(_BY[letter], (number,))
        if row is None or row["made_by"] != ask.who or _is_undone(register, letter, number):
            return ""
    return ".".join(f"{letter}{number}" for letter, number in parsed)


def _is_undone(register: Register, letter: str, number: int) -> bool:
    table = {"C": "corrections", "E": "duty_events"}.get(letter)
    return bool(table and register.one(f"SELECT 1 FROM {table} WHERE undoes = ?", (number,)))
