"""A recognised document as exact as the register keeps it, so that extracting it anew finds what was found at first."""

from __future__ import annotations

from dataclasses import replace

from extractors.model import Box, Document


def as_kept(document: Document) -> Document:
    """Boxes in tenths of a point and confidences in thousandths; a document without recognised words as it is."""
    if not document.words:
        return document
    return replace(
        document,
        lines=tuple(replace(line, box=line.box and _kept(line.box)) for line in document.lines),
        words=tuple(
            replace(word, box=_kept(word.box), confidence=round(word.confidence, 3)) for word in document.words
        ),
    )


def _kept(box: Box) -> Box:
    return Box(round(box.x0, 1), round(box.top, 1), round(box.x1, 1), round(box.bottom, 1))
