"""Nhiệm vụ: who must do what by when, from the items and task tables of a dispatch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from extractors.checking import find_check
from extractors.deadlines import impossible_days
from extractors.drafts import Draft
from extractors.item_walk import Walk
from extractors.model import Document, Found, Issue, Modality, Obligation
from extractors.outline import outline
from extractors.paragraphs import paragraphs
from extractors.patterns import word
from extractors.task_tables import table_drafts
from extractors.trust import trusted

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
    parts = [part for part in (sections.body, *sections.appendices) if part is not None]
    directive = word("directive_type").match(header.type or "") is not None
    drafts: list[Draft] = []
    issues: list[Issue] = []
    for part in parts:
        rows, taken = table_drafts(document, part, header.issued_on, sections.noise, directive)
        tree = outline(paragraphs(document, part, [*sections.noise, *taken]))
        issuer = header.issuer.value if header.issuer else None
        walk = Walk(header.type, header.issued_on, issuer, tree, [f.value for f in header.addressees])
        read = walk.drafts()
        _only_last_closes(read)
        drafts.extend(read)
        drafts.extend(rows)
        issues.extend(walk.issues)
    drafts.sort(key=lambda d: d.words.span().start)
    issues.extend(issue for d in drafts for issue in _impossible(d))
    closing = next((d for d in reversed(drafts) if d.closing and d.lead and d.modality != "encouraged"), None)
    modality = _default_modality(header.type, drafts)
    found = [_obligation(d, header, closing, modality) for d in drafts]
    unclear = sum(issue.code == "obligation.unclear" for issue in issues)
    return trusted(document, header.type, header.issued_on, found, unclear), tuple(issues)


def _only_last_closes(drafts: Sequence[Draft]) -> None:
    """An order between numbered items speaks for none of the others."""
    for draft, after in pairwise(drafts):
        if draft.closing and after.label != draft.label:
            draft.closing = False


def _impossible(draft: Draft) -> Iterator[Issue]:
    """A day that no calendar has bounds nothing; the duty stands without it, and a person must look."""
    for start, end in impossible_days(draft.words.text):
        yield Issue("deadline.impossible_day", "a day that does not exist", draft.words.span(start, end))


def _default_modality(type_name: str | None, drafts: Sequence[Draft]) -> Modality:
    if type_name not in {"công văn", "giấy mời", "tờ trình", "báo cáo", None}:
        return "ordered"
    return "requested" if any(d.modality == "requested" for d in drafts) or type_name != "công văn" else "ordered"


def _obligation(draft: Draft, header: Header, closing: Draft | None, modality: Modality) -> Obligation:
    lead, stated = _who(draft, header, closing)
    return Obligation(
        quote=draft.words.text,
        span=draft.words.span(),
        kind=draft.kind,
        modality=draft.modality or modality,
        lead=lead,
        coordinating=draft.coordinating,
        deadlines=draft.deadlines,
        rule=draft.rule,
        confidence=draft.confidence,
        lead_stated=stated,
        label=draft.label,
        check=find_check(draft.words, draft.kind, draft.deadlines),
    )


def _who(draft: Draft, header: Header, closing: Draft | None) -> tuple[tuple[Found[str], ...], bool]:
    """Guidelines, decision 5: the item, headings, chapeau or row; the closing order; the addressees; the issuer."""
    if draft.lead:
        return draft.lead, True
    stated = bool(header.addressees)
    if closing is not None and closing.lead:
        return tuple(replace(f, rule="lead.closing", confidence=0.7) for f in closing.lead), stated
    if header.addressees:
        return tuple(replace(f, rule="lead.addressee", confidence=0.8) for f in header.addressees), True
    if header.issuer is not None:
        return (replace(header.issuer, rule="lead.issuer", confidence=0.6),), False
    return (), False
