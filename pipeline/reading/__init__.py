"""A file as a `Document`: the door behind which every library that reads files stands."""

from __future__ import annotations

from pathlib import Path

from extractors.model import Document
from pipeline.errors import UnknownFormat
from pipeline.reading.bytes import MAX_BYTES, read_bytes, sha256_of

__all__ = [
    "BY_ANTIWORD",
    "MAX_BYTES",
    "NOT_RECOGNISED",
    "OFFICE",
    "RECOGNISER",
    "read_bytes",
    "read_document",
    "read_document_bytes",
    "sha256_of",
]

RECOGNISER = "tesseract"  # the program that reads pictures
OFFICE = "soffice"  # the program that reads Word files from before 2007
BY_ANTIWORD = "text.by_antiword"  # the issue of such a file that another program read, which may lack tables
NOT_RECOGNISED = "page.not_recognised"  # the issue of a page that it did not read: "page 3 …: error code"


def read_document(path: Path) -> Document:
    """The file as text with lines that know page and box; the reader is chosen by the file's content.

    Raises subclasses of `pipeline.errors.UnreadableFile`, and nothing else.
    """
    return read_document_bytes(read_bytes(Path(path)))


def read_document_bytes(data: bytes, sha256: str | None = None) -> Document:
    """The same for bytes that `read_bytes` has read already; `sha256` spares hashing them again.

    Each library is imported only when a file needs it.
    """
    from pipeline.reading.sniff import kind_of

    sha256 = sha256 or sha256_of(data)
    kind = kind_of(data)
    if kind == "pdf":
        from pipeline.reading.pdf import read_pdf

        return read_pdf(data, sha256)
    if kind == "docx":
        from pipeline.reading.docx import read_docx

        return read_docx(data, sha256)
    if kind in ("doc", "odt", "wordxml"):
        from pipeline.reading.office import read_office

        return read_office(data, sha256, kind)
    if kind == "rtf":
        from pipeline.reading.rtf import read_rtf

        return read_rtf(data, sha256)
    if kind in ("html", "mhtml"):
        from pipeline.reading.html import read_html, read_mhtml

        return read_html(data, sha256) if kind == "html" else read_mhtml(data, sha256)
    if kind in ("zip", "eml", "edxml"):
        raise UnknownFormat(format=kind)  # several documents: `pipeline.reading.containers` opens them
    if kind != "text":
        from pipeline.reading.images import read_image

        return read_image(data, sha256, kind)
    from pipeline.reading.encoding import decoded
    from pipeline.reading.plain import read_plain

    text, whole = decoded(data)
    return read_plain(text, sha256, whole)
