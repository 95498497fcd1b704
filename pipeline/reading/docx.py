"""DOCX through python-docx."""

from __future__ import annotations

import io

import docx

from extractors.model import Document
from pipeline.errors import DamagedFile
from pipeline.reading.builder import Builder


def read_docx(data: bytes, sha256: str) -> Document:
    """Paragraphs and tables in document order."""
    try:
        opened = docx.Document(io.BytesIO(data))
    except Exception as error:
        raise DamagedFile(format="docx", reason=type(error).__name__) from error
    builder = Builder()
    for block in opened.iter_inner_content():
        if hasattr(block, "rows"):
            for row in block.rows:
                seen = []
                for n, cell in enumerate(row.cells):
                    if cell._tc in seen:
                        continue
                    seen.append(cell._tc)
                    for part in cell.text.split("\n"):
                        builder.add(part, column=n if len(row.cells) == 2 else None)
        else:
            for part in block.text.split("\n"):
                builder.add(part)
    return builder.document(sha256, "docx")
