"""Bưu phẩm: a digest made ready for one address, with what tells it from any other."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any, Literal

from pipeline.errors import CongvanError
from pipeline.export.forms import printed
from pipeline.followup.settings import Settings
from pipeline.messages import text
from pipeline.reminding.configuring import Recipient, Reminders, address_problem, is_here, server_of
from pipeline.reminding.digest import PARTS, Digest, Item
from pipeline.reminding.writing import chat_line, write_letter

Channel = Literal["mail", "webhook"]

MOST_TASKS = 50  # in a message to a webhook
FORMAT = 1  # of such a message; a field that is added does not change it
_POLICY = SMTP.clone(cte_type="7bit")  # any mail server takes it as it is


class WebhookUnset(CongvanError):
    """An environment variable that should hold the address of a webhook does not (details: name, problem)."""

    code = "webhook_unset"


@dataclass(frozen=True, slots=True)
class Parcel:
    """A digest for one address. `id` is the same however often it is made: the digest's day, body and address are what
    is sent once; `token` stands for it outside, in the Message-ID. `address` may be a secret, `destination` says it
    without. `server` is what one failure may concern as a whole. `content` is what is sent, but for its moment.
    `calendar` goes with a mail, as iCalendar."""

    id: str
    token: str
    channel: Channel
    recipient: Recipient
    digest: Digest
    address: str
    destination: str
    server: str
    content: bytes
    calendar: bytes | None = None

    @property
    def content_hash(self) -> str:
        """SHA-256 of the content."""
        return hashlib.sha256(self.content).hexdigest()


def parcels(
    each: Recipient,
    digest: Digest,
    settings: Settings,
    environment: Mapping[str, str],
    calendar: bytes | None = None,
) -> Iterator[Parcel]:
    """One for each address of a recipient; mails bring the calendar along. Raises WebhookUnset."""
    if each.mails and (smtp := settings.reminders.smtp):
        letter = write_letter(digest, settings)
        whole = [letter.subject, letter.plain, letter.html, *([calendar.decode()] if calendar else [])]
        content = json.dumps(whole, ensure_ascii=False).encode()
        for mail in each.mails:
            key = _key(digest, "mail", mail)
            token = _token(key, smtp.sender, settings.agency)
            server = f"{smtp.host}:{smtp.port}"
            yield Parcel(key, token, "mail", each, digest, mail, mail, server, content, calendar)
    if each.webhook:
        address = _webhook(each.webhook, settings.reminders, environment)
        key = _key(digest, "webhook", each.webhook)
        token = _token(key, settings.agency)
        content = json.dumps(payload(digest, settings.reminders, token), ensure_ascii=False).encode()
        server = server_of(address) or ""
        named = each.webhook if each.webhook.startswith("$") else f"{server} ({_hash(address)[:8]})"
        yield Parcel(key, token, "webhook", each, digest, address, named, server, content)


def mail_of(parcel: Parcel, settings: Settings, now: datetime) -> EmailMessage:
    """The mail, as plain text and HTML; its Message-ID is the same each time, so that a double can be known."""
    smtp = settings.reminders.smtp
    assert smtp is not None
    letter = write_letter(parcel.digest, settings)
    message = EmailMessage(policy=_POLICY)
    message["From"] = Address(display_name=smtp.sender_name, addr_spec=smtp.sender)
    message["To"] = Address(addr_spec=parcel.address)
    message["Subject"] = letter.subject
    message["Date"] = now
    message["Message-ID"] = f"<{parcel.token}@{smtp.sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answering machine answers
    message.set_content(letter.plain)
    message.add_alternative(letter.html, subtype="html")
    if parcel.calendar:
        name = f"{printed('digest.calendar')}.ics"
        message.add_attachment(parcel.calendar, "text", "calendar", filename=name, params={"charset": "utf-8"})
    return message


def payload(digest: Digest, reminders: Reminders, token: str) -> dict[str, Any]:
    """The message to a webhook, as docs/reminders.md describes it: counts, ids, numbers and days; the words of duties
    only where the settings say so."""
    listed = [(part, item) for part in PARTS for item in digest.parts.get(part, ())]
    return {
        "type": "congvan.digest",
        "format": FORMAT,
        "id": token,
        "day": digest.day.isoformat(),
        "body": digest.body,
        "body_code": None if digest.key.startswith("~") else digest.key,
        "message": chat_line(digest),
        "counts": {part: digest.count(part) for part in PARTS},
        "tasks": [_task(part, item, reminders.text) for part, item in listed[:MOST_TASKS]],
        "omitted": sum(len(item.duties) for _, item in listed[MOST_TASKS:]),
    }


def _task(part: str, item: Item, with_text: bool) -> dict[str, Any]:
    known = {
        "part": part,
        "duties": list(item.duties),
        "obligation": item.obligation,
        "dispatch": item.dispatch,
        "number": item.number,
        "issued_on": item.issued_on,
        "last_day": item.last_day.isoformat() if item.last_day else None,
        "days_left": item.days,
        "doubtful": item.is_doubtful,
        "body_codes": [code for _, code in item.bodies if code],
    }
    if with_text:
        known |= {"text": item.words, "issuer": item.issuer, "bodies": [name for name, _ in item.bodies if name]}
    return known


def _webhook(given: str, reminders: Reminders, environment: Mapping[str, str]) -> str:
    if not given.startswith("$"):
        return given
    address = environment.get(given[1:], "").strip()
    problem = address_problem(address)
    if not problem and reminders.text and address.startswith("http:") and not is_here(address.split("/")[2]):
        problem = text("setting.https_only")
    if problem:
        raise WebhookUnset(name=given[1:], problem=problem)
    return address


def _key(digest: Digest, channel: Channel, address: str) -> str:
    return _hash(json.dumps([digest.day.isoformat(), digest.key, channel, address], ensure_ascii=False))


def _token(*parts: str | None) -> str:
    """What stands for a delivery outside: it tells nothing of the register, and two offices never have the same."""
    return _hash(json.dumps(parts, ensure_ascii=False))[:32]


def _hash(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()


def environment() -> Mapping[str, str]:
    """Where secrets are found."""
    return os.environ
