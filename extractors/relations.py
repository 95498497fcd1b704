"""Quan hệ văn bản: how a dispatch stands to one that it cites, told by the clause of the citation and its own subject.

Words are in `lexicon/relations.toml`. What others are told or ask to do ("đề nghị … gia hạn") is no relation of this
dispatch, nor what a third paper did ("được sửa đổi tại …"); laws are carried out by everybody and answer nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import regex

from extractors.citing import MASK, Citing
from extractors.document_type import abbreviations
from extractors.lexicon import Entry, by_role
from extractors.model import Relation, Span
from extractors.text import fold

_SURE = {
    "article": 0.95,
    "governing": 0.9,
    "subject": 0.9,
    "recall": 0.85,
    "opening": 0.85,
    "governing_own": 0.75,
    "basis": 0.6,
}
_LESS_SURE = 0.6
_RECALLED = frozenset({"urges", "extends", "corrects", "amends", "replaces"})
_CHANGES = frozenset({"extends", "corrects", "amends", "replaces"})
_LAW = regex.compile(r"/(?:NĐ|TT|TTLT|VBHN|PL|L)-|/(?:UBTV)?QH\d")
_GENERAL = regex.compile(r"/(?:19|20)\d{2}/")
_DESCRIBED = regex.compile(r"(?<!\w)(?:về việc|về|v/v)(?!\w)", regex.IGNORECASE)
_NEW_SUBJECT = regex.compile(r",\s(?=\p{Lu})")
_GROUPS = regex.compile(r"[-/]")
_OWN_YEAR = regex.compile(r"^\d{4}/")
_LISTED = regex.compile(r"^[^.;:!?]{0,200}?(?:,|\svà|;)\s(?:các\s)?$")


@dataclass(frozen=True, slots=True)
class Scene:
    """What the whole dispatch says: `subject` its span and words, `preamble` the offset at which its duties begin."""

    issuer: str | None = None
    symbol: str | None = None
    type: str | None = None
    subject: str = ""
    subject_span: Span | None = None
    preamble: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """A relation, the rule that told it, and how sure that is."""

    relation: Relation
    rule: str
    confidence: float


def relation_of(
    citing: Citing, issuer: str | None, about: str | None, scene: Scene, before: Standing | None
) -> Standing | None:
    """How the dispatch stands to the document of this mention; None where it merely cites it.

    `issuer` and `about` are the cited document's issuer and subject as printed beside (or the words that follow);
    `before` is the relation to the one cited just before in this clause.
    """
    found = next(_readings(citing, issuer, about, scene, before), None)
    return found if found and _possible(found.relation, citing) else None


def _readings(
    citing: Citing, issuer: str | None, about: str | None, scene: Scene, before: Standing | None
) -> Iterator[Standing]:
    """The surest reading first."""
    if _in_subject(citing, scene):
        yield from _by_subject(citing, scene)
        return
    yield from _ending(citing, "article")
    if _blocked(citing):
        return
    if not _tells_of_another(citing):
        yield from _governed(citing, issuer, scene)
    if before and _listed_on(citing):
        yield Standing(before.relation, before.rule, round(before.confidence - 0.05, 2))
    yield from _recalled(citing, issuer, scene)
    yield from _opening(citing, scene)
    if citing.span.start <= scene.preamble and not _is_general(about):
        yield from _ending(citing, "basis")


def _is_general(about: str | None) -> bool:
    return any(entry.pattern.search(about or "") for entry in by_role("relations", "general"))


def _ending(citing: Citing, role: str) -> Iterator[Standing]:
    for entry in by_role("relations", role):
        if entry.pattern.search(citing.before):
            yield _standing(entry, _SURE[role])


def _standing(entry: Entry, sure: float) -> Standing:
    return Standing(cast("Relation", entry.value), entry.id, sure)


def _in_subject(citing: Citing, scene: Scene) -> bool:
    span = scene.subject_span
    return span is not None and span.start <= citing.span.start < span.end


def _by_subject(citing: Citing, scene: Scene) -> Iterator[Standing]:
    """The subject names the document itself: what it opens with is done to it."""
    for entry in by_role("relations", "subject"):
        certain = entry.value != "reports_on" or scene.type == "báo cáo"
        if certain and entry.pattern.search(scene.subject) and not _tells_of_another(citing):
            yield _standing(entry, _SURE["subject"])


def _blocked(citing: Citing) -> bool:
    return any(entry.pattern.search(citing.before) for entry in by_role("relations", "pseudo"))


def _tells_of_another(citing: Citing) -> bool:
    """Whether the words before the number say what an earlier cited document is about ("… về việc đính chính …")."""
    at = citing.before.rfind(MASK)
    if at < 0:
        return False
    tail = citing.before[at:]
    fresh = [m.end() for m in _NEW_SUBJECT.finditer(tail)]
    return not fresh or bool(_DESCRIBED.search(tail, fresh[-1]))


def _governed(citing: Citing, issuer: str | None, scene: Scene) -> Iterator[Standing]:
    yield from _ending(citing, "governing")
    if _is_own(citing, issuer, scene):
        yield from _ending(citing, "governing_own")


def _listed_on(citing: Citing) -> bool:
    """Whether the number goes on with a list that the one before began."""
    return MASK in citing.before and bool(_LISTED.search(citing.before[citing.before.rfind(MASK) + 1 :]))


def _opening(citing: Citing, scene: Scene) -> Iterator[Standing]:
    """The preamble names what the dispatch is written for; what it does on that says whether it answers or reports."""
    if citing.item or citing.span.start > scene.preamble:
        return
    for opening in _ending(citing, "opening"):
        if scene.type == "báo cáo":
            yield Standing("reports_on", opening.rule, _SURE["opening"])
        for entry in by_role("relations", "following"):
            if entry.value in ("answers", "reports_on") and entry.pattern.search(citing.after + citing.beyond[:60]):
                yield _standing(entry, _SURE["opening"])
        yield opening


def _recalled(citing: Citing, issuer: str | None, scene: Scene) -> Iterator[Standing]:
    """An earlier paper of the same office is come back to: the subject says why, or that nobody has answered it."""
    roles = [entry for entry in by_role("relations", "recall") if entry.pattern.search(citing.before)]
    if not roles:
        return
    own = _is_own(citing, issuer, scene)
    for entry in by_role("relations", "subject"):
        if entry.value in _RECALLED and entry.pattern.search(scene.subject):
            if own:
                yield _standing(entry, _SURE["recall"])
            elif entry.value == "urges" and roles[0].id.endswith("sent"):
                yield _standing(entry, _LESS_SURE)
    for entry in by_role("relations", "following"):
        if own and entry.value == "urges" and entry.pattern.search(citing.after + citing.beyond):
            yield _standing(entry, _SURE["recall"])


def _possible(relation: Relation, citing: Citing) -> bool:
    """Decisions that bind in general (their numbers hold a year) are changed, but neither carried out nor answered."""
    return relation in _CHANGES or not _GENERAL.search(citing.number)


def is_law(citing: Citing) -> bool:
    """Whether a law, decree or circular is cited: everybody carries it out, and it answers nobody."""
    return citing.paper in _laws() or bool(_LAW.search(citing.number))


def _laws() -> frozenset[str]:
    return frozenset(form for entry in by_role("relations", "law") for form in entry.forms)


def _is_own(citing: Citing, issuer: str | None, scene: Scene) -> bool:
    """Whether the cited document comes from the office that writes this one."""
    if issuer and scene.issuer:
        one, other = (fold(name).replace("ubnd", "uy ban nhan dan") for name in (issuer, scene.issuer))
        shortened = len(one.split()) < 2 or one in other
        return one == other or (shortened and _same_office(citing, scene) is not False)
    return _same_office(citing, scene) is True


def _same_office(citing: Citing, scene: Scene) -> bool | None:
    """By the symbols; None where one is not known."""
    cited, own = office_of(citing.number.partition("/")[2]), office_of(scene.symbol or "")
    return None if not cited or not own else cited == own


def office_of(symbol: str) -> str | None:
    """The group of a symbol that stands for the office.

    >>> office_of("CT-BTTTT"), office_of("BTTTT-KTS&XHS"), office_of("2026/QĐ-UBND"), office_of("")
    ('BTTTT', 'BTTTT', 'UBND', None)
    """
    groups = _GROUPS.split(_OWN_YEAR.sub("", symbol))
    if len(groups) > 1 and groups[0] in abbreviations():
        return groups[1]
    return groups[0] or None
