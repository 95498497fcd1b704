"""Compound files (OLE2), the wrapping of Office files before 2007: which program's file it is."""

from __future__ import annotations

import re
import struct

import olefile

from pipeline.errors import DamagedFile, EncryptedFile

_STREAMS = (
    ("encryptedpackage", "encrypted"),
    ("worddocument", "doc"),
    ("workbook", "xls"),
    ("book", "xls"),
    ("powerpoint document", "ppt"),
    ("__properties_version1.0", "msg"),
    ("visiodocument", "vsd"),
)
_WORD = (0xA5EC, 0xA5DC)
_LOCKED = 0x0100
_PARAGRAPH = re.compile("[\x00-\x1f\ufffd]")
_LAST_LATIN = 0x1EFF
_STAMP = 24
# besides its own errors, olefile raises these where what the format prescribes is missing
_BROKEN = (OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError, struct.error)


def ole_kind(data: bytes) -> str:
    """The ending that Office gave such files ("doc", "xls", "ppt", "msg"), "ole" where it is unknown.

    Raises EncryptedFile for a file locked with a password, DamagedFile where it cannot be told.
    """
    try:
        with olefile.OleFileIO(data) as ole:
            # an embedded table or letter has its own folder
            names = {path[0].lower() for path in ole.listdir() if len(path) == 1}
            kind = next((kind for name, kind in _STREAMS if name in names), "ole")
            begin = ole.openstream("WordDocument").read(12) if kind == "doc" else b""
    except _BROKEN as error:
        raise DamagedFile(format="doc", reason=type(error).__name__) from error
    if kind == "encrypted":
        raise EncryptedFile(format="docx")
    if kind == "doc":
        _check_word(begin)
    return kind


def short_capitals(data: bytes) -> list[str]:
    """Short paragraphs in capitals that stand anywhere in a Word file, also in headers and frames: a stamp is one.

    MS-DOC 2.3: the texts of all parts stand in the main stream, those with Vietnamese letters in UTF-16.
    """
    try:
        with olefile.OleFileIO(data) as ole:
            stream = ole.openstream("WordDocument").read()
    except _BROKEN:
        return []
    texts = (stream[start:].decode("utf-16-le", "replace") for start in (0, 1))
    parts = (part.strip() for text in texts for part in _PARAGRAPH.split(text))
    return list(dict.fromkeys(part for part in parts if _is_short_capitals(part)))


def _is_short_capitals(text: str) -> bool:
    """Words in Latin capitals with marks; what no file prints, read as text, is mostly of other scripts."""
    if text.isascii() or not text.isupper() or not 2 < len(text) <= _STAMP:
        return False
    return all(c == " " or (c.isalpha() and ord(c) <= _LAST_LATIN) for c in text)


def _check_word(begin: bytes) -> None:
    """MS-DOC 2.5.2: the base of the file information block."""
    if len(begin) < 12 or struct.unpack_from("<H", begin)[0] not in _WORD:
        raise DamagedFile(format="doc", reason="no_word_document")
    if struct.unpack_from("<H", begin, 10)[0] & _LOCKED:
        raise EncryptedFile(format="doc")
