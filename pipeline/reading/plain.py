"""Plain text and Markdown."""

from __future__ import annotations

from extractors.model import Document
from pipeline.reading.builder import Builder


def read_plain(data: bytes, sha256: str) -> Document:
    """Text as it stands, line by line."""
    text = data.decode("utf-8-sig", "replace")
    builder = Builder()
    for raw in text.splitlines():
        line = raw.strip()
        if line.startswith("|") and line.endswith("|"):
            cells = [c.strip() for c in line.strip("|").split("|")]
            if all(set(c) <= set("-: ") for c in cells):
                continue
            for n, cell in enumerate(cells):
                builder.add(cell, column=n if len(cells) == 2 else None)
        elif line:
            builder.add(line)
        else:
            builder.blank()
    return builder.document(sha256, "txt")
