"""What edXML says of the dispatches that came with it: kept as it came, proposed where they print nothing.

Text wins over the head: where the two differ, an issue asks a person. Of a message in which anything was refused for a
secrecy mark, or could not be read, nothing is kept: its head speaks of what may not be stored.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from extractors.model import Inferred
from pipeline.reading.membernames import SEPARATOR
from pipeline.register.connection import Register, Row
from pipeline.register.files import SECRECY, storable
from pipeline.register.keys import cited_key

if TYPE_CHECKING:
    from pipeline.reading.edxml import Head

RULE = "inferred.edxml"
DIFFERS, DUE_DIFFERS = "edxml.differs", "edxml.due_differs"
_SURE = 0.85  # people type it into the sending program
_FIELDS = ("number", "issued_on", "place", "type", "subject", "issuer", "signer_authority", "signer_title")
_WHOLE_DAY = 10

_OF_FILE = """
    SELECT x.xml, p.path, p.member, x.member AS inside FROM file_paths p JOIN edxml x ON x.file_id = p.container_id
    WHERE p.file_id = ? AND (x.member = '' OR substr(p.member, 1, length(x.member) + ?) = x.member || ?)
    ORDER BY p.is_current DESC, p.id, length(x.member) DESC LIMIT 1
"""


def keep_heads(
    register: Register, container: str, container_id: int, heads: Sequence[tuple[str, str]], now: str
) -> None:
    """Keep what messages in a container say, and propose it; inside the transaction that closes the container."""
    connection = register.connection
    connection.execute("DELETE FROM edxml WHERE file_id = ?", (container_id,))
    if not heads or _holds_a_secret(register, container):
        return
    inside = register.rows(
        "SELECT p.member, f.id, f.status FROM file_paths p JOIN files f ON f.id = p.file_id"
        " WHERE p.container_id = ? AND p.is_current",
        (container_id,),
    )
    for member, xml in heads:
        own = [row for row in inside if not member or row["member"].startswith(member + SEPARATOR)]
        if any(row["status"] == "failed" for row in own):
            continue
        connection.execute(
            "INSERT INTO edxml (file_id, member, xml) VALUES (?, ?, ?)", (container_id, storable(member), xml)
        )
        for row in own:
            refresh_head(register, row["id"], now)


def refresh_head(register: Register, file_id: int, now: str) -> None:
    """Bring what is proposed of the dispatch in a file, and what differs, in line with its head."""
    row = register.one("SELECT id FROM dispatches WHERE file_id = ? AND removed_at IS NULL", (file_id,))
    message = message_of(register, file_id)
    if row is None or message is None:
        return
    head = _head_of(message["xml"])
    read = register.rows("SELECT field, value FROM evidence WHERE dispatch_id = ?", (row["id"],))
    printed = {one["field"]: one["value"] for one in read}
    _write(register, row["id"], proposed_by_head(register, file_id, printed))
    for code, words in _differences(register, row["id"], head, printed):
        register.connection.execute(
            "INSERT INTO issues (dispatch_id, source, code, message, found_at) SELECT :d, 'register', :code, :words,"
            " :now WHERE NOT EXISTS"
            " (SELECT 1 FROM issues WHERE dispatch_id = :d AND code = :code AND message = :words)",
            {"d": row["id"], "code": code, "words": words, "now": now},
        )


def message_of(register: Register, file_id: int) -> Row | None:
    """The message that a file came with: xml, path and member of the file, and the message's own path (`inside`) in
    its container; None where it came with none."""
    return register.one(_OF_FILE, (file_id, len(SEPARATOR), SEPARATOR))


def proposed_by_head(register: Register, file_id: int, printed: Mapping[str, str]) -> list[Inferred]:
    """What the head says of fields that the dispatch does not print, or of a day that it does not print whole; nothing
    where it speaks of another document."""
    message = message_of(register, file_id)
    if message is None:
        return []
    head = _head_of(message["xml"])
    if _is_of_another(head, printed):
        return []
    name = message["path"].removesuffix(SEPARATOR + message["member"]).rpartition("/")[2]
    found = [(field, getattr(head, field)) for field in (*_FIELDS, "signer_name")]
    return [
        Inferred(field, value, f"{name}: {value}", None, RULE, _SURE)
        for field, value in found
        if value and _is_lacking(field, printed.get(field), value)
    ]


def _is_lacking(field: str, printed: str | None, value: str) -> bool:
    if field == "issued_on" and printed:
        return len(printed) < _WHOLE_DAY and value.startswith(printed)
    return not printed


def _head_of(xml: str) -> Head:
    from pipeline.reading.edxml import head_of  # the parser is loaded only where a message came

    return head_of(xml)


def _is_of_another(head: Head, printed: Mapping[str, str]) -> bool:
    number, day = printed.get("number"), printed.get("issued_on") or ""
    if head.number and number and cited_key(head.number) != cited_key(number):
        return True
    return bool(head.issued_on) and not (head.issued_on or "").startswith(day)


def _differences(
    register: Register, dispatch_id: int, head: Head, printed: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Codes and words of what the head says otherwise than the text."""
    if _is_of_another(head, printed):
        yield DIFFERS, " ".join(filter(None, (head.number, _shown(head.issued_on))))
        return
    days = register.rows(
        "SELECT l.due FROM deadlines l JOIN obligations o ON o.id = l.obligation_id"
        " WHERE o.dispatch_id = ? AND l.status = 'current' AND l.due IS NOT NULL",
        (dispatch_id,),
    )
    if head.due and head.due not in {row["due"] for row in days}:
        yield DUE_DIFFERS, _shown(head.due)


def _write(register: Register, dispatch_id: int, found: Sequence[Inferred]) -> None:
    """A proposal that is there already keeps its row."""
    old = register.rows("SELECT id, field, value FROM inferred WHERE dispatch_id = ? AND rule = ?", (dispatch_id, RULE))
    there = {(row["field"], row["value"]): row["id"] for row in old}
    for one in found:
        if there.pop((one.field, one.value), None) is None:
            register.connection.execute(
                "INSERT INTO inferred (dispatch_id, field, value, evidence, rule, confidence)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (dispatch_id, one.field, one.value, one.evidence, one.rule, one.confidence),
            )
    register.connection.executemany("DELETE FROM inferred WHERE id = ?", [(number,) for number in there.values()])


def _holds_a_secret(register: Register, container: str) -> bool:
    row = register.one(
        "SELECT 1 FROM failures WHERE file_id IS NULL AND code = ? AND folder = ?", (SECRECY, storable(container))
    )
    return row is not None


def _shown(day: str | None) -> str:
    return "/".join(reversed(day.split("-"))) if day else ""
