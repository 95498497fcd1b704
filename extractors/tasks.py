"""Nhiệm vụ: who must do what, from the items of a dispatch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from extractors.model import Document, Found, Issue, Obligation
if TYPE_CHECKING:
    from extractors.sections import Sections


@dataclass(frozen=True, slots=True)
class Header:
    """What the letterhead says that bears on the duties: type, day (ISO), issuer, addressees, subject."""

    type: str | None = None
    issued_on: str | None = None
    issuer: Found[str] | None = None
    addressees: tuple[Found[str], ...] = ()
    subject: str | None = None


def find_obligations(
    document: Document, sections: Sections, header: Header
) -> tuple[tuple[Obligation, ...], tuple[Issue, ...]]:
    """The obligations of a dispatch in reading order, and the places that look like one but were not understood."""
    return (), ()
