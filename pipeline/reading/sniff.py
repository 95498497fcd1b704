"""What a file is, by its content: the name and its ending say nothing."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Literal

from pipeline.errors import DamagedFile, EncryptedFile, UnknownFormat

Kind = Literal["pdf", "docx", "html", "mhtml", "text", "jpeg", "png", "tiff", "gif", "bmp", "webp"]

_HEAD = 4096
_PICTURES: tuple[tuple[bytes, Kind], ...] = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"GIF8", "gif"),
    (b"BM", "bmp"),
)
_OTHERS = (
    (b"{\\rtf", "rtf"),
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"AT&TFORM", "djvu"),
    (b"%!PS", "postscript"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_INSIDE_ZIP = (
    ("word/document.xml", "docx"),
    ("xl/workbook.xml", "xlsx"),
    ("ppt/presentation.xml", "pptx"),
    ("content.xml", "odf"),
)
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|table|div|p|meta|title|span|font|center)\b", re.IGNORECASE)
_XML = re.compile(rb"\s*<\?xml\b")
_MIME = re.compile(rb"(?:^|\n)(?:MIME-Version|Content-Type):", re.IGNORECASE)


def kind_of(data: bytes) -> Kind:
    """Which reader can read these bytes.

    Raises UnknownFormat with the format's name for what no reader reads, EncryptedFile for a
    locked Office file and DamagedFile for a broken archive.
    """
    head = data[:_HEAD]
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if head.startswith(_ZIP):
        return _zip_kind(data)
    if head.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise EncryptedFile(format="docx")
        raise UnknownFormat(format="doc")
    for magic, name in _PICTURES:
        if head.startswith(magic) and (name != "bmp" or head[6:10] == b"\0\0\0\0"):
            return name
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    for magic, name in _OTHERS:
        if head.lstrip().startswith(magic):
            raise UnknownFormat(format=name)
    return _text_kind(head)


def _zip_kind(data: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise DamagedFile(format="zip", reason=type(error).__name__) from error
    found = next((kind for name, kind in _INSIDE_ZIP if name in names), None)
    if found == "docx" or (
        found is None and "[Content_Types].xml" in names and any(n.startswith("word/") for n in names)
    ):
        return "docx"
    raise UnknownFormat(format=found or "zip")


def _text_kind(head: bytes) -> Kind:
    plain = head.replace(b"\0", b"") if head[:2] in (b"\xff\xfe", b"\xfe\xff") else head
    start = plain.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if start[:1] == b"<" and (found := _HTML.search(plain)):
        return "html" if found else "text"
    if _XML.match(start):
        raise UnknownFormat(format="xml")
    if _MIME.search(head[:512]) and b"multipart/related" in head.lower():
        return "mhtml"
    return "text"
