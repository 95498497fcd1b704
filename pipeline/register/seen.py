"""Bản đã xem: whether a row is still as a person saw it when deciding on it."""

from __future__ import annotations

from pipeline.errors import CongvanError
from pipeline.register.connection import Register, Row
from pipeline.register.ids import KINDS, public_id
from pipeline.register.naming import parse_target

_SAID = {
    "dispatch": "(target = 'dispatch' AND target_id = :id)",
    "obligation": "(target = 'obligation' AND target_id = :id) OR (target = 'deadline' AND target_id IN"
    " (SELECT id FROM deadlines WHERE obligation_id = :id))",
    "deadline": "(target = 'deadline' AND target_id = :id)",
    "issue": "(target = 'issue' AND target_id = :id)",
    "proposal": "(target = 'proposal' AND target_id = :id)",
    "link": "(target = 'link' AND target_id = :id)",
    "inferred": "target = 'dispatch' AND (target_id, field) IN"
    " (SELECT dispatch_id, field FROM inferred WHERE id = :id)",
}
_READ = {
    "dispatch": "SELECT read_at FROM dispatches WHERE id = :id",
    "obligation": "SELECT d.read_at FROM obligations o JOIN dispatches d ON d.id = o.dispatch_id WHERE o.id = :id",
    "deadline": "SELECT d.read_at FROM deadlines l JOIN obligations o ON o.id = l.obligation_id"
    " JOIN dispatches d ON d.id = o.dispatch_id WHERE l.id = :id",
}


class RowChanged(CongvanError):
    """Somebody corrected the row, or it was read anew, since it was looked at (details: id, who, when)."""

    code = "row_changed"


def version_of(register: Register, target: str) -> str:
    """What changes with whatever a person says of a row (D, O with its deadlines, L, I, M, P, K), and with each reading
    of its dispatch. Raises WrongId."""
    kind, number = _parsed(register, target)
    read = register.one(_READ[kind], {"id": number}) if kind in _READ else None
    last = _last(register, kind, number)
    return f"{last['id'] if last else 0}.{read['read_at'] if read else ''}"


def require_version(register: Register, target: str, seen: str) -> None:
    """Nothing, where `seen` is still the version of a row; call it in the transaction that writes. Raises
    RowChanged."""
    if version_of(register, target) == seen:
        return
    kind, number = _parsed(register, target)
    last = _last(register, kind, number) or {"made_by": "", "made_at": ""}
    raise RowChanged(id=public_id(kind, number), who=last["made_by"], when=last["made_at"])


def _parsed(register: Register, target: str) -> tuple[str, int]:
    letter, number = parse_target(register, target, "D", "O", "L", "I", "M", "P", "K")
    return KINDS[letter], number


def _last(register: Register, kind: str, number: int) -> Row | None:
    """What was said last of a row."""
    return register.one(
        f"SELECT id, made_by, made_at FROM corrections WHERE {_SAID[kind]} ORDER BY id DESC LIMIT 1", {"id": number}
    )
