"""A file as a `Document`: the door behind which every library that reads files stands."""

from __future__ import annotations

from pathlib import Path

from extractors.model import Document
from pipeline.reading.bytes import MAX_BYTES, read_bytes, sha256_of

__all__ = ["MAX_BYTES", "read_bytes", "read_document", "read_document_bytes", "sha256_of"]


def read_document(path: Path) -> Document:
    """The file as text with lines that know page and box; the reader is chosen by the file's content.

    Raises subclasses of `pipeline.errors.UnreadableFile`, and nothing else.
    """
    return read_document_bytes(read_bytes(Path(path)))


def read_document_bytes(data: bytes) -> Document:
    """The same for bytes that `read_bytes` has read already."""
    from pipeline.reading import docx, pdf, plain

    sha256 = sha256_of(data)
    if data.lstrip()[:5] == b"%PDF-":
        return pdf.read_pdf(data, sha256)
    if data[:4] == b"PK\x03\x04":
        return docx.read_docx(data, sha256)
    return plain.read_plain(data, sha256)
