"""Bố cục văn bản: where letterhead, body, signature, Nơi nhận and appendices of a dispatch stand."""

from __future__ import annotations

from dataclasses import dataclass

import regex

from extractors.model import Document, Span
from extractors.text import matchable


@dataclass(frozen=True, slots=True)
class Sections:
    """The parts of one dispatch, each a stretch of `Document.text`; None or empty where there is none.

    `body` runs from after letterhead, subject and addressees to before signature and Nơi nhận; appendices come after
    those. `attached` is a second dispatch bound in, with its own letterhead: it belongs to nothing else. `noise` are
    lines inside other parts that a reader passes over: running heads, page numbers, digital signature blocks.
    """

    letterhead: Span | None
    body: Span | None
    signature: Span | None
    recipients: Span | None
    appendices: tuple[Span, ...] = ()
    attached: Span | None = None
    noise: tuple[Span, ...] = ()


_RECIPIENTS = regex.compile(r"nơi nhận\s*:", regex.I)
_OPEN = regex.compile(r"kính gửi\s*:?|^(?:căn cứ|thực hiện|ngày|trên cơ sở|để|nhằm)\b", regex.I | regex.M)


def split_sections(document: Document) -> Sections:
    """The parts of the dispatch that the document holds."""
    text = matchable(document.text)
    end = len(text)
    found = list(_RECIPIENTS.finditer(text))
    start_recipients = found[0].start() if found else end
    opening = _OPEN.search(text, 0, start_recipients)
    head_end = opening.start() if opening else 0
    recipients = Span(start_recipients, end) if found else None
    return Sections(Span(0, head_end), Span(head_end, start_recipients), recipients, recipients)
