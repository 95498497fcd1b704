"""Nhiệm vụ đang đọc: a duty before the whole document is read, and what the headings above an item say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from extractors.deadlines import Limit
from extractors.model import Deadline, Found, Kind, Modality
from extractors.text import Passage

Scope = Literal["item", "heading", "chapeau", "row", "section"]


@dataclass(slots=True)
class Draft:
    """A duty whose lead may still be unknown (empty) until the whole document is read.

    `own_lead` and `own_limit` tell what the item itself says from what it inherits; `closing` marks an order in a
    paragraph without a number, which may speak for all items.
    """

    words: Passage
    kind: Kind
    modality: Modality | None
    lead: tuple[Found[str], ...]
    coordinating: tuple[Found[str], ...]
    deadlines: tuple[Deadline, ...]
    rule: str
    confidence: float
    label: str = ""
    closing: bool = False
    own_lead: bool = False
    own_limit: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """What the headings and chapeaux above an item say: who, by when, how binding, what kind of section it is.

    `operative`: items below are work to do; `root`: no numbered heading stands above; `preamble`: before the first
    numbered item; `article`: an article (Điều) stands above;
    `after_items`: items that a named body is to do stand directly before.
    """

    lead: tuple[Found[str], ...] = ()
    coordinating: tuple[Found[str], ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    modality: Modality | None = None
    role: str = ""
    operative: bool = False
    root: bool = True
    preamble: bool = False
    article: bool = False
    after_items: bool = False


def found_name(words: Passage, rule: str) -> Found[str]:
    """The name of a body as it stands; surer in the item than above it."""
    return Found(words.text, words.span(), rule, 0.9 if rule.endswith("item") else 0.85)


def deadline(words: Passage, limit: Limit, scope: Scope) -> Deadline:
    """A limit with its place in the document."""
    return Deadline(
        quote=limit.quote,
        span=words.span(),
        kind=limit.kind,
        due=limit.due,
        start=limit.start_day,
        boundary=limit.boundary,
        rrule=limit.rrule,
        offset=limit.offset,
        rule=limit.rule,
        confidence=limit.confidence,
        scope=scope,
    )


def lead_on(before: Sequence[Draft], found: Sequence[Draft]) -> None:
    """A paragraph that names nobody goes on with the one named by the paragraph before it."""
    if before and before[0].own_lead and found and not found[0].lead:
        for d in found:
            if not d.lead:
                d.lead = tuple(replace(f, rule="lead.before", confidence=0.7) for f in before[0].lead)
