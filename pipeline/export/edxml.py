"""edXML (QCVN 102:2016/BTTTT): a dispatch as a message between offices' systems, with the standard's names and order.

Of a dispatch that came as edXML the message is the one that came: what a person corrected is put right in it, what it
lacks is added, everything else stays as the sender wrote it, known here or not.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from mimetypes import guess_type
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import CongvanError, UnreadableFile
from pipeline.export.forms import printed
from pipeline.output import shortened
from pipeline.register import Register, Row, find_dispatch, show
from pipeline.register.edxml import message_of

if TYPE_CHECKING:
    from lxml.etree import _Element

# (element, its children, its longest text) in the order of the samples
_BODY = ("OrganId", "OrganizationInCharge", "OrganName", "OrganAdd", "Email", "Telephone", "Fax", "Website")
ORDER: dict[str, tuple[str, ...]] = {
    "MessageHeader": (
        "From", "To", "Code", "PromulgationInfo", "DocumentType", "Subject", "Content", "SignerInfo", "DueDate",
        "ToPlaces", "OtherInfo", "ResponseFor", "SteeringType", "DocumentId",
    ),
    "From": _BODY,
    "To": _BODY,
    "Code": ("CodeNumber", "CodeNotation"),
    "PromulgationInfo": ("Place", "PromulgationDate"),
    "DocumentType": ("Type", "TypeDetail", "TypeName"),
    "SignerInfo": ("Competence", "Position", "FullName"),
    "ToPlaces": ("Place",),
    "OtherInfo": (
        "Priority", "SphereOfPromulgation", "TyperNotation", "PromulgationAmount", "PageAmount", "Direction",
        "Appendixes",
    ),
    "ResponseFor": ("OrganId", "Code", "PromulgationDate", "DocumentId"),
}  # fmt: skip
# Source: Decree 30/2020, annex VI; what is longer is cut here alone
_LONGEST = {"Subject": 500, "Content": 500, "OrganName": 200, "TypeName": 100, "Position": 100, "FullName": 50}
_NUMBER = re.compile(r"(\d+(?:\.\d+)?[^\W\d_]?)[/-](.+)")
_ANSWERS = ("answers", "reports_on")
_WHOLE_DAY = 10

Path_ = tuple[str, ...]


class FileGone(CongvanError):
    """The file of a dispatch is not where it was, or not as it was (details: id, path)."""

    code = "edxml_file_gone"


@dataclass(frozen=True, slots=True)
class Written:
    """A message as bytes. `received`: it is the one with which the dispatch came, with `changed` elements filled in or
    put right; `unsigned`: its signature was taken out, since it does not hold any more."""

    data: bytes
    received: bool = False
    changed: tuple[str, ...] = ()
    unsigned: bool = False


def edxml(register: Register, dispatch: str, *, with_file: bool = False) -> Written:
    """A dispatch (an id, a printed number or a path) as a message; `with_file` puts its file in. Raises UnknownId,
    AmbiguousNumber, FileGone."""
    from lxml import etree

    from pipeline.reading.edxml import parsed

    row = show(register, dispatch)
    message = _message(register, dispatch)
    root = parsed(message["xml"]) if message else _new(row)
    changed = _fill(root, row, register, fresh=message is None)
    unsigned = bool(message and changed and _take_out_signatures(root))
    if with_file:
        _put_files(root, register, row, message)
    elif message:
        _take_out(root, "AttachmentEncoded")
    if message is None:
        etree.indent(root)
    words = etree.tostring(root, encoding="unicode")
    data = f'<?xml version="1.0" encoding="UTF-8"?>\n{words}\n'.encode()
    return Written(data, message is not None, tuple(changed) if message else (), unsigned)


def _message(register: Register, dispatch: str) -> Row | None:
    number = find_dispatch(register, dispatch)
    row = register.one("SELECT file_id FROM dispatches WHERE id = ?", (number,))
    return message_of(register, row["file_id"]) if row else None


# ------------------------------------------------------------------ values


def _values(register: Register, row: Row) -> Iterator[tuple[Path_, str | None, str]]:
    """(element, its text, the field that it shows) of everything that stands once."""
    document, signer = row["document"], row["document"]["signer"]
    digits, notation = _parted(document)
    day = _day(document["issued_on"])
    own = _code_of(document)
    yield ("From", "OrganId"), own, "issuer"
    yield ("From", "OrganName"), document["issuer"], "issuer"
    yield ("Code", "CodeNumber"), digits, "number"
    yield ("Code", "CodeNotation"), notation, "number"
    yield ("PromulgationInfo", "Place"), document["place"], "place"
    yield ("PromulgationInfo", "PromulgationDate"), day, "issued_on"
    yield ("DocumentType", "TypeName"), _capital(document["type"]), "type"
    yield ("Subject",), document["subject"], "subject"
    yield ("Content",), document["subject"], "subject"
    yield ("SignerInfo", "Competence"), signer["authority"], "signer_authority"
    yield ("SignerInfo", "Position"), signer["title"], "signer_title"
    yield ("SignerInfo", "FullName"), signer["name"], "signer_name"
    yield ("DueDate",), _due(row), ""
    yield ("OtherInfo", "Priority"), _priority(document["urgency"]), "urgency"
    yield ("OtherInfo", "PageAmount"), str(row["pages"]) if row["pages"] else None, ""
    whole = own and day and document["number"]
    yield ("DocumentId",), f"{own},{day},{document['number']}" if whole else None, ""


def _parted(document: Row) -> tuple[str | None, str | None]:
    """Digits and notation; where the digits are blank, the symbol alone."""
    found = _NUMBER.fullmatch(document["number"] or "")
    return (found[1], found[2]) if found else (None, document["symbol"])


def _day(issued_on: str | None) -> str | None:
    return issued_on.replace("-", "/") if issued_on and len(issued_on) == _WHOLE_DAY else None


def _due(row: Row) -> str | None:
    """The one day that the dispatch sets; None where it sets none or several."""
    days = {
        limit["due"]
        for obligation in row["obligations"]
        if obligation["status"] == "current"
        for limit in obligation["deadlines"]
        if limit["status"] == "current" and limit["due"] and limit["kind"] == "date"
    }
    return days.pop().replace("-", "/") if len(days) == 1 else None


def _priority(urgency: str | None) -> str:
    for level in ("4", "3", "2", "1"):
        if urgency and urgency.casefold() == printed(f"edxml.priority_{level}"):
            return level
    return "0"


def _capital(words: str | None) -> str | None:
    return words[:1].upper() + words[1:] if words else None


def _code_of(document: Row) -> str | None:
    from extractors.agencies_codes import electronic_code

    return electronic_code(_identity(document["issuer"], document)) if document["issuer"] else None


def _identity(name: str, document: Row) -> str | None:
    from extractors.agencies_identity import identify

    return identify(name, document["issued_on"], document["place"])


# ------------------------------------------------------------------ the tree


def _new(row: Row) -> _Element:
    """A message without values: what stands once, and what stands as often as there are bodies."""
    from lxml import etree

    from pipeline.reading.edxml import NAMESPACE

    root = etree.Element(f"{{{NAMESPACE}}}edXML", nsmap={None: NAMESPACE})  # type: ignore[dict-item]
    envelope = etree.SubElement(root, f"{{{NAMESPACE}}}edXMLEnvelope", nsmap={"edXML": NAMESPACE})
    head = _under(_under(envelope, "edXMLHeader"), "MessageHeader")
    _under(head, "From")
    document = row["document"]
    for name in document["addressees"]:
        _add_body(_under(head, "To"), name, document)
    for name in ORDER["MessageHeader"][2:]:
        if name in ORDER and name not in ("ToPlaces", "ResponseFor"):
            _under(head, name)
    _add_places(head, document["recipients"])
    _add_answered(head, row)
    trace = _under(_under(head.getparent(), "TraceHeaderList"), "Bussiness")
    _under(trace, "BussinessDocType").text = "0"
    _under(trace, "BussinessDocReason").text = printed("edxml.reason")
    _under(_under(envelope, "edXMLBody"), "edXMLManifest").set("version", "1.0")
    return root


def _under(parent: _Element | None, name: str) -> _Element:
    """A new last child, or, where the order is known, one in its place."""
    from lxml import etree

    from pipeline.reading.edxml import NAMESPACE

    assert parent is not None
    made = etree.Element(f"{{{NAMESPACE}}}{name}", nsmap={"edXML": NAMESPACE})
    order = ORDER.get(_local(parent), ())
    before = order[: order.index(name) + 1] if name in order else None
    if before is None:
        parent.append(made)
        return made
    at = [n for n, child in enumerate(parent) if _local(child) in before]
    parent.insert(at[-1] + 1 if at else 0, made)
    return made


def _local(element: _Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _add_body(element: _Element, name: str, document: Row) -> None:
    from extractors.agencies_codes import electronic_code

    if code := electronic_code(_identity(name, document)):
        _under(element, "OrganId").text = code
    _under(element, "OrganName").text = _fitting("OrganName", name)


def _add_places(head: _Element, recipients: Sequence[Row]) -> None:
    if recipients:
        places = _under(head, "ToPlaces")
        for recipient in recipients:
            _under(places, "Place").text = _fitting("Place", recipient["name"])


def _add_answered(head: _Element, row: Row) -> None:
    """The dispatches that this one answers, of those links that a person took as right."""
    for link in row["links"]["earlier"]:
        if link["relation"] in _ANSWERS and link["status"] == "accepted" and link["number"]:
            answered = _under(head, "ResponseFor")
            _under(answered, "Code").text = link["number"]
            if day := _day(link["issued_on"]):
                _under(answered, "PromulgationDate").text = day


def _fill(root: _Element, row: Row, register: Register, *, fresh: bool) -> list[str]:
    """Put in what the register knows: all of it into a new message; into one that came what it lacks and what a person
    corrected. Returns the elements that were written."""
    from pipeline.reading.edxml import find_all

    head = next(find_all(root, "MessageHeader"), root)
    corrected = {one["field"] for one in row["corrections"] if one["target"] == row["id"] and not one["undone_by"]}
    changed = []
    for path, text, field in _values(register, row):
        if text is None:
            continue
        element = _at(head, path)
        blank = element is None or not (element.text or "").strip()
        if fresh or (blank and path != ("OtherInfo", "Priority")) or field in corrected:
            element = element if element is not None else _made(head, path)
            if element.text != (fitting := _fitting(path[-1], text)):
                element.text = fitting
                changed.append("/".join(path))
    return changed


def _at(head: _Element, path: Path_) -> _Element | None:
    here: _Element | None = head
    for name in path:
        here = next((child for child in here if _local(child) == name), None) if here is not None else None
    return here


def _made(head: _Element, path: Path_) -> _Element:
    here = head
    for n, name in enumerate(path):
        there = _at(head, path[: n + 1])
        here = there if there is not None else _under(here, name)
    return here


def _fitting(name: str, text: str) -> str:
    words = "".join(c for c in " ".join(text.split()) if c.isprintable())
    limit = _LONGEST.get(name)
    return shortened(words, limit - 1) if limit else words


def _take_out_signatures(root: _Element) -> bool:
    taken = [_take_out(root, name) for name in ("Signature", "DigitalSignature")]
    return any(taken)


def _take_out(root: _Element, name: str) -> bool:
    from pipeline.reading.edxml import find_all

    found = list(find_all(root, name))
    for element in found:
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)
    return bool(found)


# ------------------------------------------------------------------ files


def _put_files(root: _Element, register: Register, row: Row, message: Row | None) -> None:
    """The file of the dispatch; of a message that came, all files that came with it."""
    if message is None:
        _attach(root, *_own_file(row))
        return
    from pipeline.reading.edxml import CONTENT, find_all, open_edxml, parsed

    path = message["path"].removesuffix(_behind(message["member"]))
    data = _came(row, path, message["inside"])
    if open_edxml(data).head != message["xml"]:
        raise FileGone(id=row["id"], path=path)
    encoded = [element.text for element in find_all(parsed(data), CONTENT)]
    for element, text in zip(find_all(root, CONTENT), encoded, strict=True):
        element.text = text


def _behind(member: str) -> str:
    from pipeline.reading.membernames import SEPARATOR

    return SEPARATOR + member


def _came(row: Row, path: str, inside: str) -> bytes:
    """The bytes of a message at a path, or of one that lies in the container there."""
    from pipeline.reading import read_bytes
    from pipeline.reading.bytes import MAX_BYTES
    from pipeline.reading.containers import container_in, container_kind, entry_in, opened
    from pipeline.reading.membernames import SEPARATOR

    try:
        data = read_bytes(Path(path))
        if not inside:
            return data
        *outer, name = inside.split(SEPARATOR)
        container = opened(data, container_kind(data) or "zip")
        for one in outer:
            container = container_in(container, one)
        return entry_in(container, name).read(MAX_BYTES)
    except UnreadableFile as error:
        raise FileGone(id=row["id"], path=path) from error


def _own_file(row: Row) -> tuple[str, bytes]:
    """Name and bytes of the file that was read, where one of its paths still leads to it."""
    from pipeline.reading import read_bytes, sha256_of
    from pipeline.reading.holding import member_bytes
    from pipeline.reading.membernames import SEPARATOR

    file = row["files"][0]
    for path in file["paths"]:
        try:
            container, _, member = path.partition(SEPARATOR)
            data = member_bytes(container, member, file["sha256"]) if member else read_bytes(Path(path))
        except UnreadableFile:
            continue
        if sha256_of(data) == file["sha256"]:
            return path.rpartition("/")[2], data
    raise FileGone(id=row["id"], path=(file["paths"] or [""])[0])


def _attach(root: _Element, name: str, data: bytes) -> None:
    from lxml import etree

    from pipeline.reading import sha256_of
    from pipeline.reading.edxml import CONTENT, NAMESPACE, find_all

    kind = guess_type(name)[0] or "application/octet-stream"
    told = (("ContentId", f"cid:{sha256_of(data)[:32]}"), ("ContentType", kind), ("AttachmentName", name))
    reference = _under(next(find_all(root, "edXMLManifest")), "Reference")
    attachments = etree.SubElement(root, f"{{{NAMESPACE}}}AttachmentEncoded")
    attachment = etree.SubElement(attachments, f"{{{NAMESPACE}}}Attachment")
    for key, value in told:
        _under(reference, key).text = value
        etree.SubElement(attachment, f"{{{NAMESPACE}}}{key}").text = value
    etree.SubElement(attachment, f"{{{NAMESPACE}}}{CONTENT}").text = base64.b64encode(data).decode()
