"""Văn bản: the composer, the one place that knows in which order the fields of a dispatch are read."""

from __future__ import annotations

from extractors.model import Dispatch, Document, Refusal
from extractors.sections import split_sections


def extract_dispatch(document: Document) -> Dispatch | Refusal:
    """All that one dispatch prints, or why the document is not taken in."""
    sections = split_sections(document)
    try:
        from extractors.tasks import Header, find_obligations
    except ImportError:
        return Dispatch()
    obligations, issues = find_obligations(document, sections, Header(None, None, None, (), None))
    return Dispatch(obligations=obligations, issues=issues)
