"""Bytes of a text file as text: by their mark, by what they allow, by what Vietnamese files are written in."""

from __future__ import annotations

import codecs

from extractors.legacy import mended
from pipeline.errors import UnknownFormat

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_TEXT_CONTROLS = frozenset(b"\t\n\r\x0b\x0c\x1b")
_NO_ENCODINGS = frozenset({"idna", "punycode", "raw_unicode_escape", "undefined", "unicode_escape"})
_SAMPLE = 65_536
_FEW = 0.002


def decoded(data: bytes, declared: str | None = None) -> tuple[str, bool]:
    """The text, and whether every byte of it could be read.

    `declared` is the encoding that the file itself names, if it does. Raises UnknownFormat for bytes that are no text.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace"), True
    if wide := _unmarked_utf16(data[:_SAMPLE]):
        return data.decode(wide, "replace"), True
    if _is_binary(data[:_SAMPLE]):
        raise UnknownFormat(format="binary")
    names = [n for n in (declared, "utf-8") if n and n.lower() not in _NO_ENCODINGS]
    for name in names:
        try:
            return data.decode(name), True
        except (LookupError, ValueError):
            continue
    text = data.decode("utf-8", "replace")
    if text.count("\ufffd") <= _FEW * len(text) + 1 and not text.isascii():
        return text, False
    # a text of legacy fonts has no encoding of its own: its codes stand for letters that only they drew
    codes = data.decode("cp1252", "replace")
    if mended(codes.splitlines()):
        return codes, True
    try:
        return data.decode("cp1258"), True
    except UnicodeDecodeError:
        return data.decode("cp1258", "replace"), False


def _unmarked_utf16(sample: bytes) -> str | None:
    """UTF-16 without a mark shows in the zero bytes of its spaces and line ends."""
    if sample.count(b"\0") < len(sample) / 20:
        return None
    for name, first in (("utf-16-le", b" \0"), ("utf-16-be", b"\0 ")):
        text = sample[: len(sample) // 2 * 2].decode(name, "replace")
        readable = sum(1 for c in text if c.isalnum() or c.isspace() or 0x20 < ord(c) < 0x7F)
        if sample.count(first) and readable > 0.9 * len(text) and text.count("\0") == 0:
            return name
    return None


def _is_binary(sample: bytes) -> bool:
    controls = sum(1 for byte in sample if byte < 32 and byte not in _TEXT_CONTROLS)
    return b"\0" in sample or controls > max(2, len(sample) / 50)
