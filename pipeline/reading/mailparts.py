"""What lies in a mail (EML): its attachments, mails sent along, and its own text.

The parts are found by one search a level for the lines between them (RFC 2046), so that a mail of any size is read in
time that grows with its size; only their heads go through the library. Names are decoded as RFC 2231 and RFC 2047 say,
and as programs write them that heed neither.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from email.header import decode_header
from email.message import Message
from email.parser import HeaderParser
from email.utils import collapse_rfc2231_value, parsedate_to_datetime
from itertools import islice

from pipeline.errors import DamagedFile, TooLarge, UnknownFormat, UnreadableFile
from pipeline.reading.containers import Entry, Kind, Opened
from pipeline.reading.encoding import decoded
from pipeline.reading.membernames import BODY, Names, safe_name

_HEAD = 256 * 1024
_MAX_HEADER = 8 * 1024
_MAX_LEVELS = 20
_MAX_PARTS = 5000
_MAX_BOUNDARY = 200
_BLANK_LINE = re.compile(rb"\r?\n[ \t]*\r?\n")
_NO_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_VIETNAM = timezone(timedelta(hours=7))
_FIRST_MAIL = 1990
_ENDINGS = {
    "application/pdf": ".pdf",
    "application/zip": ".zip",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/tiff": ".tif",
    "message/rfc822": ".eml",
    "text/html": ".html",
    "text/plain": ".txt",
}
# signatures, answers of machines, invitations and visiting cards: part of the mail, and never a dispatch
_NO_FILES = frozenset(
    {
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "application/pgp-signature",
        "message/delivery-status",
        "message/disposition-notification",
        "text/calendar",
        "text/rfc822-headers",
        "text/vcard",
        "text/x-amp-html",
        "text/x-vcard",
    }
)
_TEXTS = ("text/html", "text/plain")
# a page of paper is never so small, at any sharpness at which it can be read; what is, is a logo or a smile
_SMALL_PICTURE = 600 * 800


@dataclass(frozen=True, slots=True)
class _Part:
    """A part that holds no parts: its head, and where its content stands in the mail."""

    head: Message
    start: int
    end: int

    @property
    def type(self) -> str:
        return self.head.get_content_type()

    @property
    def name(self) -> str | None:
        """The name that the sender gave it."""
        return _file_name(self.head)

    @property
    def is_text_of_mail(self) -> bool:
        return self.type in _TEXTS and not self.name and self.head.get_content_disposition() != "attachment"


def open_mail(data: bytes) -> Opened:
    """Attachments and texts of a mail. Raises TooLarge for more parts than any mail has."""
    head, start = _head(data, 0, len(data))
    parts = list(islice(_parts(data, head, start, len(data), 0), _MAX_PARTS + 1))
    if len(parts) > _MAX_PARTS:
        raise TooLarge(what="members", size=len(parts), limit=_MAX_PARTS)
    texts = [part for part in parts if part.is_text_of_mail]
    files = [part for part in parts if not part.is_text_of_mail and part.type not in _NO_FILES]
    names = Names((BODY,))
    entries: list[Entry] = [
        _Attachment(data, part, names.unique(_entry_name(part, n))) for n, part in enumerate(files, 1)
    ]
    if texts:
        entries.insert(0, _Text(data, texts))
    return Opened(tuple(entries), len(parts) - len(texts) - len(files), _received_on(head))


class _Attachment(Entry):
    """A file sent with a mail, or a mail."""

    def __init__(self, data: bytes, part: _Part, name: str) -> None:
        self.name = name
        self.kind: Kind | None = "eml" if part.type == "message/rfc822" else None
        self._data, self._part = data, part

    def read(self, limit: int) -> bytes:
        """Its bytes, decoded. Raises DamagedFile, TooLarge."""
        return _content(self._data, self._part, limit)

    def passed_over(self, data: bytes) -> bool:
        """A little picture that the mail's text shows: a logo, a signature."""
        return self._part.type.startswith("image/") and "Content-ID" in self._part.head and _is_small(data)


class _Text(Entry):
    """What the mail itself says: its HTML where it has any, else its plain text."""

    name = BODY

    def __init__(self, data: bytes, parts: Sequence[_Part]) -> None:
        html = [part for part in parts if part.type == "text/html"]
        self._data, self._parts, self._is_html = data, html or parts, bool(html)

    def read(self, limit: int) -> bytes:
        """The text in UTF-8, with a mark that says so. Raises DamagedFile, TooLarge."""
        texts = []
        for part in self._parts:
            raw = _content(self._data, part, limit)
            limit -= len(raw)
            texts.append(_text(raw, part.head.get_content_charset()))
        start = "<!DOCTYPE html>\n" if self._is_html else ""
        return (start + "\n".join(texts)).encode("utf-8-sig")

    def passed_over(self, data: bytes) -> bool:
        """Nothing is said."""
        if not self._is_html:
            return not data.decode("utf-8-sig").strip()
        from pipeline.reading.html import read_html

        try:
            return not read_html(data, "").text
        except UnreadableFile:
            return True


# ------------------------------------------------------------------ parts


def _parts(data: bytes, head: Message, start: int, end: int, level: int) -> Iterator[_Part]:
    """The parts of a part, theirs in their place; the part itself where it has none."""
    boundary = head.get_boundary() if head.get_content_maintype() == "multipart" else None
    if not boundary or len(boundary) > _MAX_BOUNDARY or level == _MAX_LEVELS:
        yield _Part(head, start, end)
        return
    for first, last in _between(data, boundary, start, end):
        inner, content = _head(data, first, last)
        yield from _parts(data, inner, content, last, level + 1)


def _between(data: bytes, boundary: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where the parts stand; the last one ends with the mail where its closing line is missing."""
    mark = re.compile(rb"\n--" + re.escape(boundary.encode("utf-8", "replace")) + rb"(--)?[ \t]*\r?(?=\n|\Z)")
    begun = None
    for found in mark.finditer(data, max(0, start - 1), end):
        if begun is not None:
            # the line break before the line between two parts belongs to that line
            yield begun, max(begun, found.start() - (data[found.start() - 1 : found.start()] == b"\r"))
        begun = found.end() + 1
        if found[1]:
            return
    if begun is not None and begun < end:
        yield begun, end


def _head(data: bytes, start: int, end: int) -> tuple[Message, int]:
    """The head of a part and where its content begins."""
    if data[start : start + 2].lstrip(b"\r").startswith(b"\n"):
        return Message(), start + 1 + (data[start : start + 1] == b"\r")
    blank = _BLANK_LINE.search(data, start, min(end, start + _HEAD))
    raw = data[start : blank.start() if blank else min(end, start + _HEAD)]
    try:
        text = decoded(raw)[0]
    except UnknownFormat:
        text = raw.decode("latin-1")
    head = HeaderParser().parsestr(text.removeprefix("\ufeff"), headersonly=True)
    for name in {name for name, value in head.items() if len(value) > _MAX_HEADER or not _sound(head, name)}:
        del head[name]
    return head, blank.end() if blank else end


def _sound(head: Message, name: str) -> bool:
    """Whether the library can take the parameters of a header apart."""
    if not name.lower().startswith("content-"):
        return True
    try:
        head.get_params(header=name)
    except (ValueError, TypeError, LookupError):
        return False
    return True


def _content(data: bytes, part: _Part, limit: int) -> bytes:
    encoding = str(part.head.get("Content-Transfer-Encoding", "")).strip().lower()
    raw = data[part.start : part.end]
    if encoding == "base64":
        raw = _base64(raw, limit)
    elif encoding == "quoted-printable":
        raw = binascii.a2b_qp(raw)
    elif encoding not in ("", "7bit", "8bit", "binary"):
        raise DamagedFile(format="eml", reason="encoding")
    if len(raw) > limit:
        raise TooLarge(what="bytes", size=len(raw), limit=limit)
    return raw


def _base64(raw: bytes, limit: int) -> bytes:
    if len(raw) > limit * 2:
        raise TooLarge(what="bytes", size=len(raw) // 4 * 3, limit=limit)
    try:
        return binascii.a2b_base64(raw)
    except binascii.Error:  # the end is cut off
        letters = _NO_BASE64.sub(b"", raw)
        return binascii.a2b_base64(letters[: len(letters) // 4 * 4])


def _text(raw: bytes, charset: str | None) -> str:
    try:
        return decoded(raw, charset)[0].replace("\0", "")
    except UnknownFormat:
        return raw.decode("latin-1").replace("\0", "")


def _is_small(data: bytes) -> bool:
    """Whether a picture is too small to show a page of paper; False where it cannot be told."""
    from io import BytesIO

    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(BytesIO(data)) as picture:
            return picture.width * picture.height < _SMALL_PICTURE
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False


# ------------------------------------------------------------------ names and days


def _entry_name(part: _Part, number: int) -> str:
    name = safe_name((part.name or "").replace("\\", "/").rpartition("/")[2])
    return name if name.strip("_. ") else f"{number}{_ENDINGS.get(part.type, '')}"


def _file_name(head: Message) -> str | None:
    """The name in Content-Disposition, else in Content-Type; None without one."""
    for header, parameter in (("Content-Disposition", "filename"), ("Content-Type", "name")):
        value = head.get_param(parameter, None, header)
        if value is not None:
            return _words(_plain(value).strip())
    return None


def _plain(value: str | tuple[str | None, str | None, str]) -> str:
    """A parameter as text; undecoded where it names a charset that cannot be."""
    try:
        return collapse_rfc2231_value(value)
    except ValueError:
        return value[2] if isinstance(value, tuple) else value


def _words(value: str) -> str:
    """Encoded words within a name, which mail programs write although no standard allows it."""
    if "=?" not in value:
        return value
    try:
        pieces = decode_header(value)
    except (ValueError, binascii.Error):
        return value
    return "".join(p if isinstance(p, str) else _text(p, _known(charset)) for p, charset in pieces)


def _known(charset: str | None) -> str | None:
    return charset if charset and charset != "unknown-8bit" else None


def _received_on(head: Message) -> str | None:
    """The day of the last note that a server made, else that of the sender."""
    for value in (*(v.rpartition(";")[2] for v in head.get_all("Received", [])[:1]), head.get("Date", "")):
        try:
            moment = parsedate_to_datetime(str(value).strip())
            day = moment.astimezone(_VIETNAM) if moment.tzinfo else moment
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
        if _FIRST_MAIL <= day.year <= datetime.max.year - 1:
            return day.date().isoformat()
    return None
