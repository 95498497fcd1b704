"""Vai trò: what people may do, by their role."""

from __future__ import annotations

from typing import Literal

Role = Literal["viewer", "clerk", "compliance", "admin"]
# read: all pages; correct: upload, correct, review; follow: enter what happened to duties; manage: people
Right = Literal["read", "correct", "follow", "manage"]

ROLES: tuple[Role, ...] = ("viewer", "clerk", "compliance", "admin")
RIGHTS: dict[Role, frozenset[Right]] = {
    "viewer": frozenset({"read"}),
    "clerk": frozenset({"read", "correct"}),
    "compliance": frozenset({"read", "follow"}),
    "admin": frozenset({"read", "correct", "follow", "manage"}),
}
READ_ONLY: frozenset[Right] = frozenset({"read"})
NOTHING: frozenset[Right] = frozenset()
