"""Phần trích yếu còn lại: what is left of a subject where the head of a dispatch is torn off or was not copied."""

from __future__ import annotations

from extractors.model import Document, Found, Span

_FEWEST_WORDS = 3
_HEAD = 400  # characters within which a head that begins with a subject ends


def surviving_subject(document: Document, issued: Span | None, addressee: Span | None) -> Found[str] | None:
    """The words before the line of place and day, or before "Kính gửi", where a document begins in the middle of its
    subject: in small letters. None where they are too few to know a letter by."""
    ends = [span.start for span in (issued, addressee) if span]
    if not ends or min(ends) > _HEAD:
        return None
    kept = [line for line in document.lines if line.end <= min(ends) and document.text[line.start : line.end].strip()]
    if not kept:
        return None
    span = Span(kept[0].start, kept[-1].end)
    words = " ".join(document.text[span.start : span.end].split())
    first = next((c for c in words if c.isalpha()), "")
    whole = first.islower() and len(words.split()) >= _FEWEST_WORDS
    return Found(words, span, "subject.remains", 0.5) if whole else None
