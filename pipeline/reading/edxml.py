"""edXML (QCVN 102:2016/BTTTT): what lies in a message between offices' systems, and what it says of its dispatch.

The files (`AttachmentEncoded`) are members as in an archive. The head is the word of the sender's program: kept whole,
and proposed where the dispatch itself does not print a value. Elements are found by their local names, since programs
write them with and without prefix.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from lxml import etree

from extractors.marks import states_no_secrecy
from pipeline.errors import DamagedFile, TooLarge
from pipeline.reading.containers import Entry, Opened
from pipeline.reading.membernames import Names, safe_name
from pipeline.reading.sniff import kind_of

NAMESPACE = "http://www.mic.gov.vn/TBT/QCVN_102_2016"
CONTENT = "ContentTransferEncoded"
_MOST_HEAD = 1024 * 1024
_MOST_FILES = 1000
_LONGEST = 4000
_DAY = re.compile(r"(\d{4})[/-](\d{1,2})[/-](\d{1,2})|(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
_YEAR_FIRST = re.compile(r"(?:19|20)\d\d/")


@dataclass(frozen=True, slots=True)
class Head:
    """What the head says of the dispatch; days are ISO, None where it says nothing. `number` is spelt as dispatches
    print it; `is_secret` where it states a degree of secrecy."""

    number: str | None = None
    issued_on: str | None = None
    place: str | None = None
    type: str | None = None
    subject: str | None = None
    issuer: str | None = None
    signer_authority: str | None = None
    signer_title: str | None = None
    signer_name: str | None = None
    due: str | None = None
    is_secret: bool = False


def open_edxml(data: bytes) -> Opened:
    """The files in a message, and its XML without them. Raises DamagedFile, TooLarge."""
    root = parsed(data)
    names = Names()
    entries: list[Entry] = []
    for attachment in find_all(root, "Attachment"):
        if len(entries) == _MOST_FILES:
            raise TooLarge(what="members", size=len(entries) + 1, limit=_MOST_FILES)
        name = safe_name((text_of(attachment, "AttachmentName") or "").replace("\\", "/").rpartition("/")[2])
        given = name if name.strip("_. ") else str(len(entries) + 1)
        entries.append(_Attachment(names.unique(given), _taken(attachment)))
    head = etree.tostring(root, encoding="unicode")
    return Opened(tuple(entries), head=head if len(head) <= _MOST_HEAD else None)


def parsed(data: bytes | str) -> etree._Element:
    """The message as a tree; nothing is fetched and no entity expanded. Raises DamagedFile."""
    raw = data.encode() if isinstance(data, str) else data
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    try:
        root = etree.fromstring(raw[max(0, raw.find(b"<")) :] if raw[:1].isalnum() else raw, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise DamagedFile(format="edxml", reason="xml") from error
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]
        raise DamagedFile(format="edxml", reason="doctype")
    return root


def head_of(xml: str) -> Head:
    """What a message says of its dispatch."""
    root = parsed(xml)
    head = next(find_all(root, "MessageHeader"), root)
    sender, signer = (next(find_all(head, name), None) for name in ("From", "SignerInfo"))
    secrecy = [(e.text or "").strip() for name in ("Secret", "Security") for e in find_all(head, name)]
    return Head(
        number=_number(text_of(head, "CodeNumber"), text_of(head, "CodeNotation")),
        issued_on=_day(text_of(next(find_all(head, "PromulgationInfo"), None), "PromulgationDate")),
        place=text_of(next(find_all(head, "PromulgationInfo"), None), "Place"),
        type=(text_of(head, "TypeName") or "").lower() or None,
        subject=text_of(head, "Subject"),
        issuer=text_of(sender, "OrganName"),
        signer_authority=text_of(signer, "Competence"),
        signer_title=text_of(signer, "Position"),
        signer_name=text_of(signer, "FullName"),
        due=_day(text_of(head, "DueDate")),
        is_secret=any(word not in ("", "0") and not states_no_secrecy(word) for word in secrecy),
    )


def find_all(root: etree._Element | None, name: str) -> Iterator[etree._Element]:
    """All elements of a local name, in order."""
    if root is not None:
        yield from root.iter("{*}" + name)


def text_of(root: etree._Element | None, name: str) -> str | None:
    """The words of the first element of a local name, on one line; None where it is missing or blank."""
    found = next(find_all(root, name), None)
    words = " ".join((found.text or "").split()) if found is not None else ""
    return words[:_LONGEST] or None


class _Attachment(Entry):
    """A file sent with the message."""

    def __init__(self, name: str, encoded: str) -> None:
        self.name = name
        self._encoded = encoded

    def read(self, limit: int) -> bytes:
        """Its bytes; of an archive in which it alone is packed, as sending programs do, what is in there. Raises
        DamagedFile, TooLarge."""
        if len(self._encoded) > limit * 2:
            raise TooLarge(what="bytes", size=len(self._encoded) // 4 * 3, limit=limit)
        try:
            data = binascii.a2b_base64(self._encoded.encode("ascii", "replace"))
        except binascii.Error as error:
            raise DamagedFile(format="edxml", reason="encoding") from error
        if len(data) > limit:
            raise TooLarge(what="bytes", size=len(data), limit=limit)
        return data if self.name.lower().endswith(".zip") else _unpacked(data, limit)


def _unpacked(data: bytes, limit: int) -> bytes:
    if not data.startswith(b"PK") or kind_of(data) != "zip":
        return data
    from pipeline.reading.zipentries import open_zip

    entries = open_zip(data).entries
    return entries[0].read(limit) if len(entries) == 1 else data


def _taken(attachment: etree._Element) -> str:
    """The encoded bytes of a file, taken out of the tree."""
    found = next(find_all(attachment, CONTENT), None)
    encoded = (found.text or "") if found is not None else ""
    if found is not None:
        found.text = None
    return encoded


def _number(digits: str | None, notation: str | None) -> str | None:
    """Digits and notation as one number; a party's ("34-KL/TW") has a hyphen between.

    >>> _number("1064", "BTTTT-KTS&XHS"), _number("34", "KL/TW"), _number("42", "2014/QĐ-TTg"), _number("5", None)
    ('1064/BTTTT-KTS&XHS', '34-KL/TW', '42/2014/QĐ-TTg', None)
    """
    if not digits or not notation:
        return None
    is_party = "/" in notation and not _YEAR_FIRST.match(notation)
    return f"{digits}{'-' if is_party else '/'}{notation}"


def _day(words: str | None) -> str | None:
    """A day as programs write it (2018/06/25, 25/06/2018).

    >>> _day("2018/06/25"), _day("25/6/2018"), _day("2018/02/30"), _day("N/A")
    ('2018-06-25', '2018-06-25', None, None)
    """
    found = _DAY.match(words or "")
    if not found:
        return None
    year, month, day = found.group(1, 2, 3) if found[1] else found.group(6, 5, 4)
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None
