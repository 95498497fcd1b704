"""What a file is, by its content: the name and its ending say nothing."""

from __future__ import annotations

import re
from typing import Literal

from pipeline.errors import OutlookMail, UnknownFormat, UnopenedArchive
from pipeline.reading.zipdirectory import open_archive

Kind = Literal[
    "zip", "eml", "edxml", "pdf", "docx", "doc", "odt", "rtf", "wordxml", "html", "mhtml", "text",
    "jpeg", "png", "tiff", "gif", "bmp", "webp",
]  # fmt: skip

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
    (b"AT&TFORM", "djvu"),
    (b"%!PS", "postscript"),
    (b"\x9b\xa5", "doc (Word 1)"),
    (b"\xdb\xa5", "doc (Word 2)"),
    (b"1\xbe\0\0", "doc (Word for DOS)"),
)
_ARCHIVES = (
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\0", "xz"),
    (b"MSCF\0\0\0\0", "cab"),
)
_TNEF = b"\x78\x9f\x3e\x22"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_INSIDE_ZIP = (
    ("word/document.xml", "docx"),
    ("xl/workbook.xml", "xlsx"),
    ("ppt/presentation.xml", "pptx"),
    ("content.xml", "odf"),
    ("META-INF/container.xml", "epub"),
    ("META-INF/MANIFEST.MF", "jar"),
    ("[Content_Types].xml", "ooxml"),
)
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|table|div|p|meta|title|span|font|center)\b", re.IGNORECASE)
_RTF = b"{\\rtf"
_ODT = b"mimetypeapplication/vnd.oasis.opendocument.text"
_WORD_XML = re.compile(rb"<\?mso-application\s+progid=[\"']Word\.Document[\"']")
_EDXML = re.compile(rb"<(?:[\w.-]+:)?edXML(?:Envelope)?\b[^<>]*QCVN_102")
_XML = re.compile(rb"\s*<\?xml\b")
# what a mail's head says of its way, and what it says of itself; a saved web page says only the latter
_MAIL_WAY = frozenset({b"received", b"return-path", b"delivered-to", b"message-id", b"to", b"cc", b"bcc", b"x-unsent"})
_MAIL_SELF = frozenset({b"from", b"date", b"subject", b"mime-version"})
_MAIL_HEAD = 64 * 1024
_MAIL_FIELD = re.compile(rb"([!-9;-~]{1,76}):")
_MIME = re.compile(rb"(?:^|\n)(?:MIME-Version|Content-Type):", re.IGNORECASE)


def kind_of(data: bytes) -> Kind:
    """Which reader can read these bytes.

    Raises UnknownFormat with the format's name for what no reader reads, UnopenedArchive and OutlookMail for containers
    that are not opened, EncryptedFile for a locked Office file, DamagedFile and TooLarge for a broken archive.
    """
    head = data[:_HEAD]
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if head.startswith(_ZIP):
        return _zip_kind(data)
    if head.startswith(_OLE):
        return _ole_kind(data)
    if head.lstrip().startswith(_RTF):
        return "rtf"
    for magic, name in _PICTURES:
        if head.startswith(magic) and (name != "bmp" or head[6:10] == b"\0\0\0\0"):
            return name
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    for magic, archive in _ARCHIVES:
        if head.startswith(magic):
            raise UnopenedArchive(format=archive)
    if head.startswith(_TNEF):
        raise OutlookMail(format="winmail.dat")
    for magic, other in _OTHERS:
        if head.lstrip().startswith(magic):
            raise UnknownFormat(format=other)
    return "eml" if _is_mail(data) else _text_kind(head)


def _ole_kind(data: bytes) -> Kind:
    from pipeline.reading.ole import ole_kind

    if (program := ole_kind(data)) == "msg":
        raise OutlookMail(format=program)
    if program != "doc":
        raise UnknownFormat(format=program)
    return "doc"


def _zip_kind(data: bytes) -> Kind:
    with open_archive(data) as archive:
        names = set(archive.namelist())
    found = next((kind for name, kind in _INSIDE_ZIP if name in names), None)
    if found == "docx" or (found == "ooxml" and any(n.startswith("word/") for n in names)):
        return "docx"
    if found == "odf" and _ODT in data[:100]:
        return "odt"
    if found:
        raise UnknownFormat(format=found)
    return "zip"


def _is_mail(data: bytes) -> bool:
    """Whether it begins with the head of a mail: nothing but fields, some of which tell its way."""
    fields = set()
    for number, line in enumerate(data[:_MAIL_HEAD].removeprefix(b"\xef\xbb\xbf").splitlines()):
        if not line.strip():
            break
        if found := _MAIL_FIELD.match(line):
            fields.add(found[1].lower())
        elif not (line[:1] in (b" ", b"\t") and fields) and not (number == 0 and line.startswith(b"From ")):
            return False
    return bool(fields & _MAIL_WAY) and bool(fields & _MAIL_SELF)


def _text_kind(head: bytes) -> Kind:
    plain = head.replace(b"\0", b"") if head[:2] in (b"\xff\xfe", b"\xfe\xff") else head
    start = plain.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if _EDXML.search(plain):
        return "edxml"
    if start[:1] == b"<" and (found := _HTML.search(plain)):
        return "html" if found else "text"
    if _WORD_XML.search(plain):
        return "wordxml"
    if _XML.match(start):
        raise UnknownFormat(format="xml")
    if _MIME.search(head[:512]) and b"multipart/related" in head.lower():
        return "mhtml"
    return "text"
