"""Thể thức phần đầu: the parts of a letterhead, from the national motto to where the body begins."""

from __future__ import annotations

from dataclasses import dataclass, field

from extractors.pieces import Piece


@dataclass(slots=True)
class Letterhead:
    """What stands before the body, piece by piece; `body` is the index of the first line of the body."""

    issuer: list[Piece] = field(default_factory=list)
    motto: list[Piece] = field(default_factory=list)
    party: list[Piece] = field(default_factory=list)
    number: Piece | None = None
    date: Piece | None = None
    title: Piece | None = None
    type: str | None = None
    subject: list[Piece] = field(default_factory=list)
    about: bool = False
    authority: list[Piece] = field(default_factory=list)
    addressees: list[Piece] = field(default_factory=list)
    telegram: bool = False
    scanned: bool = False
    stamps: list[Piece] = field(default_factory=list)
    left: list[Piece] = field(default_factory=list)
    body: int = 0
    body_offset: int | None = None

    @property
    def landmarks(self) -> int:
        """How many parts of the prescribed form were found."""
        parts = (self.motto or self.party, self.number, self.date, self.title, self.about, self.addressees)
        return sum(bool(p) for p in parts)
