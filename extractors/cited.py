"""Văn bản được dẫn: documents that a dispatch cites by number, what it prints beside each, and why it cites it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extractors import beside
from extractors.citations import cited_numbers, number_key
from extractors.citing import Citing, read_citings
from extractors.model import Cited, Document, Found, Span
from extractors.relations import Scene, Standing, is_law, relation_of
from extractors.text import matchable

_MERELY = "cited.number"
_TIMES = 4  # mentions of one number that are looked at


def find_cited(document: Document, citations: Sequence[Found[str]], scene: Scene) -> tuple[Cited, ...]:
    """One for each citation, in order; what is printed beside is taken from all mentions of the number."""
    if not citations:
        return ()
    text = matchable(document.text)
    numbers = cited_numbers(text)
    spelt = _spellings(citations, numbers)
    found: dict[str, Cited] = {}
    times: dict[str, int] = {}
    last: tuple[Citing, Standing | None] | None = None
    for citing in read_citings(text, numbers):
        number = spelt.get(number_key(citing.number))
        if number is None or times.get(number, 0) >= _TIMES:
            continue
        times[number] = times.get(number, 0) + 1
        one, standing = _read(citing, number, scene, _just_before(last, citing))
        last = (citing, standing)
        found[number] = _joined(found[number], one) if number in found else one
    return tuple(found.get(f.value) or _bare(f) for f in citations)


def _spellings(citations: Sequence[Found[str]], numbers: Sequence[tuple[str, Span]]) -> dict[str, str]:
    """How each number as the text has it is spelt among the citations, where a reading of a scan was mended too."""
    at = {f.span.start: f.value for f in citations}
    mended = {number_key(number): at[span.start] for number, span in numbers if span.start in at}
    return mended | {number_key(f.value): f.value for f in citations}


def _bare(found: Found[str]) -> Cited:
    return Cited(found.value, found.span, found.span, _MERELY, found.confidence)


def _just_before(last: tuple[Citing, Standing | None] | None, citing: Citing) -> Standing | None:
    """How the dispatch stands to the one cited before in the same clause."""
    return last[1] if last and last[0].clause.start == citing.clause.start else None


def _read(citing: Citing, number: str, scene: Scene, before: Standing | None) -> tuple[Cited, Standing | None]:
    day, at = beside.issued_on(citing)
    if is_law(citing):
        return Cited(number, citing.span, citing.clause, _MERELY, 0.95, issued_on=day, type=citing.paper), None
    issuer, at = beside.issuer(citing, at)
    about = beside.subject(citing, at)
    standing = relation_of(citing, issuer, about or citing.after[at:].strip(" ,"), scene, before)
    cited = Cited(
        number=number,
        span=citing.span,
        words=citing.clause,
        rule=standing.rule if standing else _MERELY,
        confidence=standing.confidence if standing else 0.95,
        relation=standing.relation if standing else None,
        issued_on=day,
        issuer=issuer,
        type=citing.paper,
        subject=about,
        points=beside.points(citing),
    )
    return cited, standing


def _joined(one: Cited, more: Cited) -> Cited:
    """Two mentions as one: the surer relation with its clause and items; else what was printed first."""
    surer = more if more.relation and (not one.relation or more.confidence > one.confidence) else one
    return replace(
        surer,
        span=one.span,
        words=surer.words if surer.relation else Span(one.words.start, one.words.end),
        issued_on=one.issued_on or more.issued_on,
        issuer=one.issuer or more.issuer,
        type=one.type or more.type,
        subject=one.subject or more.subject,
        points=surer.points or one.points or more.points,
    )
