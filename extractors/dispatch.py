"""Văn bản: the composer, the one place that knows in which order the fields of a dispatch are read."""

from __future__ import annotations

from extractors.addressees import find_addressees
from extractors.agencies import province_of
from extractors.citations import find_citations
from extractors.cited import find_cited
from extractors.document_type import find_type
from extractors.gazetteer import find_mentions
from extractors.genre import refuse
from extractors.issue_date import find_issue_date
from extractors.issuer import find_issuer
from extractors.marks import find_secrecy, find_urgency
from extractors.model import Dispatch, Document, Found, Obligation, Refusal, Span
from extractors.number import Number, find_number
from extractors.recipients import find_recipients
from extractors.relations import Scene
from extractors.remains import surviving_subject
from extractors.sections import Layout, read_layout
from extractors.signer import find_signer
from extractors.signing_time import infer_issue_day
from extractors.subject import find_subject
from extractors.tasks import Header, find_obligations


def extract_dispatch(document: Document, mentions: bool = False) -> Dispatch | Refusal:
    """All that one dispatch prints, or why the document is not taken in.

    `mentions`: also which registered bodies its whole text speaks of; the first text costs a second more, for spaCy.

    A document with a stamp of secrecy is refused before anything of it is read; the refusal carries none of its words.
    """
    if secret := find_secrecy(document):
        return Refusal("secrecy", secret.rule, None)
    layout = read_layout(document)
    number = find_number(layout.head, document)
    signer, signer_issues = find_signer(layout.closing, document)
    if refusal := refuse(document, layout, number, bool(signer.name)):
        return refusal
    date = find_issue_date(layout.head, document, tuple(layout.closing.signature + layout.closing.left))
    issuer = find_issuer(layout.head, document)
    subject = find_subject(layout.head)
    addressees, addressee_issues = find_addressees(layout.head)
    kind = find_type(layout.head, number.symbol)
    header = Header(
        type=kind.value if kind else None,
        issued_on=date.day.value if date.day else None,
        issuer=issuer.found,
        addressees=addressees,
        subject=subject.found.value if subject.found else None,
    )
    obligations, obligation_issues = find_obligations(document, layout.sections, header)
    place = date.place.value if date.place else None
    home = province_of(issuer.found.value, header.issued_on, place) if mentions and issuer.found else None
    citations = find_citations(document, _not_citing(layout), _own(number))
    first = (date.day.span if date.day else None, addressees[0].span if addressees else None)
    return Dispatch(
        type=kind,
        number=number.number,
        symbol=number.symbol,
        issued_on=date.day,
        place=date.place,
        issuer=issuer.found,
        subject=subject.found,
        addressees=addressees,
        recipients=find_recipients(layout.closing.recipients, bool(document.words)),
        signer=signer,
        urgency=find_urgency(layout.head, document),
        secrecy=None,
        citations=citations,
        cited=find_cited(document, citations, _scene(header, number, subject.found, obligations, len(document.text))),
        subject_rest=None if subject.found else surviving_subject(document, *first),
        obligations=obligations,
        issues=(
            *layout.issues,
            *number.issues,
            *date.issues,
            *issuer.issues,
            *subject.issues,
            *addressee_issues,
            *signer_issues,
            *obligation_issues,
        ),
        inferred=infer_issue_day(document, header.issued_on, layout.sections.attached),
        mentions=find_mentions(document, header.issued_on, home, layout.sections.attached) if mentions else (),
    )


def _scene(
    header: Header, number: Number, subject: Found[str] | None, obligations: tuple[Obligation, ...], end: int
) -> Scene:
    """What the whole dispatch says of why it cites others; its preamble ends with the paragraph of its first duty."""
    return Scene(
        issuer=header.issuer.value if header.issuer else None,
        symbol=number.symbol.value if number.symbol else None,
        type=header.type,
        subject=subject.value if subject else "",
        subject_span=subject.span if subject else None,
        preamble=obligations[0].span.end if obligations else end,
    )


def _own(number: Number) -> str | None:
    return number.number.value if number.number else None


def _not_citing(layout: Layout) -> tuple[Span, ...]:
    """Where numbers are not citations: the own number line, Nơi nhận, the signature, an attached dispatch."""
    spans = [layout.sections.attached, layout.sections.recipients, layout.sections.signature]
    if layout.head.number:
        spans.append(layout.head.number.words.span())
    return tuple(s for s in spans if s is not None)
