"""Cài đặt nhắc việc: the part `[reminders]` of congvan.toml. Passwords and keys never stand there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from email.utils import parseaddr
from ipaddress import ip_address
from typing import Any, Literal
from urllib.parse import SplitResult, urlsplit

from pipeline.messages import text

Tls = Literal["starttls", "ssl", "none"]

KEYS = tuple(
    f"reminders.{name}"
    for name in ("calendar", "days_off", "escalate_after_days", "smtp", "text", "timeout", "to", "tries")
)
_PORTS: dict[Tls, int] = {"starttls": 587, "ssl": 465, "none": 25}
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
_HOST = re.compile(r"[A-Za-z0-9.:_-]{1,253}")
_NAMED = re.compile(r"\$[A-Za-z_][A-Za-z0-9_]*")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]+")
_TO = ("body", "mail", "webhook", "superior")
_SMTP = ("host", "port", "tls", "from")
_MOST_DAYS, _MOST_SECONDS, _MOST_TRIES = 366, 120, 10


class Unusable(ValueError):
    """A setting that cannot be meant: its `key` and what it should be (`problem`, in the user's language)."""

    def __init__(self, key: str, problem: str) -> None:
        super().__init__(f"{key}: {problem}")
        self.key = key
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Smtp:
    """The office's mail server; `sender` is the address that mails come from, `sender_name` what is shown before it."""

    host: str
    port: int
    tls: Tls
    sender: str
    sender_name: str = ""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who is reminded: a body's addresses. `webhook` is an address, or "$NAME" for the environment variable that holds
    it; `superior` the body above it, None: by the list of bodies."""

    body: str
    mails: tuple[str, ...] = ()
    webhook: str | None = None
    superior: str | None = None


@dataclass(frozen=True, slots=True)
class Reminders:
    """`escalate_after_days`: what is late for more days goes to the body above too (None: nothing does). `text`: the
    words of duties may go to webhooks. `calendar`: mails bring the body's calendar along. `days_off`: digests go out on
    days off too. `timeout` seconds are waited for a server's answer; what may succeed later is tried `tries` times."""

    to: tuple[Recipient, ...] = ()
    smtp: Smtp | None = None
    escalate_after_days: int | None = None
    text: bool = False
    calendar: bool = False
    days_off: bool = False
    timeout: int = 20
    tries: int = 3


def read_reminders(values: Mapping[str, Any]) -> Reminders:
    """The settings by their dotted keys ("reminders.to": a list of tables). Raises Unusable."""
    with_text = _flag(values, "text")
    to = _recipients(values.get("reminders.to", []))
    smtp = _smtp(values.get("reminders.smtp"))
    if smtp is None and any(one.mails for one in to):
        raise Unusable("reminders.smtp", text("setting.smtp_needed"))
    for one in to:
        if (
            with_text
            and one.webhook
            and one.webhook.startswith("http:")
            and not is_here(urlsplit(one.webhook).hostname)
        ):
            raise Unusable("reminders.text", text("setting.https_only"))
    return Reminders(
        to=to,
        smtp=smtp,
        escalate_after_days=_number(values, "escalate_after_days", None, _MOST_DAYS),
        text=with_text,
        calendar=_flag(values, "calendar"),
        days_off=_flag(values, "days_off"),
        timeout=_number(values, "timeout", 20, _MOST_SECONDS) or 20,
        tries=_number(values, "tries", 3, _MOST_TRIES) or 3,
    )


def shown(reminders: Reminders) -> dict[str, Any]:
    """The settings as `congvan config` lists them; of webhooks the server alone, as an address may hold a secret."""
    plain = {
        f"reminders.{f.name}": getattr(reminders, f.name) for f in fields(reminders) if f.name not in ("to", "smtp")
    }
    smtp = reminders.smtp
    server = f"{smtp.host}:{smtp.port} ({smtp.tls}) {smtp.sender}" if smtp else None
    to = [f"{one.body}: {', '.join([*one.mails, *filter(None, [server_of(one.webhook)])])}" for one in reminders.to]
    return {**plain, "reminders.smtp": server, "reminders.to": to}


def server_of(webhook: str | None) -> str | None:
    """The server of a webhook's address, or the name of the variable that holds it.

    >>> server_of("https://chat.example.vn/hook/secret"), server_of("$HOOK"), server_of(None)
    ('chat.example.vn', '$HOOK', None)
    """
    return webhook if webhook is None or webhook.startswith("$") else urlsplit(webhook).netloc


def address_problem(webhook: str) -> str | None:
    """Why nothing can be posted to an address; None where it can."""
    try:
        parts = urlsplit(webhook)
        parts.port  # noqa: B018 - the number is looked at when it is asked for
    except ValueError:
        parts = SplitResult("", "", "", "", "")
    if parts.scheme not in ("http", "https") or not parts.hostname or _UNSEEN.search(webhook) or " " in webhook:
        return text("setting.webhook")
    if parts.username is not None or parts.password is not None:
        return text("setting.webhook_secret")
    return None


def is_here(host: str | None) -> bool:
    """Whether a server is this very machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return False


def one_line(value: str) -> str:
    """Words that can stand in a header or a heading: no line feeds, no other unseen characters."""
    return " ".join(_UNSEEN.sub(" ", value).split())


def _recipients(given: Any) -> tuple[Recipient, ...]:
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise Unusable("reminders.to", text("setting.recipients"))
    found = tuple(_recipient(one, f"reminders.to[{n}]") for n, one in enumerate(given, 1))
    places = [(one.body.casefold(), place) for one in found for place in (*one.mails, *filter(None, [one.webhook]))]
    for n, place in enumerate(places):
        if place in places[:n]:
            raise Unusable("reminders.to", text("setting.twice", place=place[1] if "@" in place[1] else place[0]))
    return found


def _recipient(table: Mapping[str, Any], key: str) -> Recipient:
    _only(table, _TO, key)
    mails = table.get("mail", [])
    mails = [mails] if isinstance(mails, str) else mails
    if not isinstance(mails, list) or not all(isinstance(mail, str) and _ADDRESS.fullmatch(mail) for mail in mails):
        raise Unusable(f"{key}.mail", text("setting.mails"))
    webhook = table.get("webhook")
    is_named = isinstance(webhook, str) and _NAMED.fullmatch(webhook)
    problem = None if webhook is None or is_named else address_problem(webhook if isinstance(webhook, str) else "")
    if problem:
        raise Unusable(f"{key}.webhook", problem)
    if not mails and not webhook:
        raise Unusable(key, text("setting.mail_or_webhook"))
    superior = table.get("superior")
    return Recipient(
        _name(table.get("body"), f"{key}.body"),
        tuple(mails),
        webhook,
        _name(superior, f"{key}.superior") if superior is not None else None,
    )


def _smtp(table: Any) -> Smtp | None:
    if table is None:
        return None
    if not isinstance(table, dict):
        raise Unusable("reminders.smtp", text("setting.smtp_table"))
    _only(table, _SMTP, "reminders.smtp")
    host, tls, sender = table.get("host"), table.get("tls", "starttls"), table.get("from")
    if not isinstance(host, str) or not _HOST.fullmatch(host):
        raise Unusable("reminders.smtp.host", text("setting.mail_server"))
    if tls not in _PORTS:
        raise Unusable("reminders.smtp.tls", text("setting.one_of", allowed=", ".join(_PORTS)))
    port = table.get("port", _PORTS[tls])
    if type(port) is not int or not 0 < port < 65536:
        raise Unusable("reminders.smtp.port", text("setting.number", most=65535))
    name, address = parseaddr(sender) if isinstance(sender, str) and not _UNSEEN.search(sender) else ("", "")
    if not _ADDRESS.fullmatch(address):
        raise Unusable("reminders.smtp.from", text("setting.mail"))
    return Smtp(host, port, tls, address, one_line(name))


def _only(table: Mapping[str, Any], known: tuple[str, ...], key: str) -> None:
    for name in table:
        if name not in known:
            raise Unusable(f"{key}.{name}", text("setting.unknown", known=", ".join(known)))


def _name(value: Any, key: str) -> str:
    if not isinstance(value, str) or not one_line(value):
        raise Unusable(key, text("setting.body"))
    return one_line(value)


def _flag(values: Mapping[str, Any], name: str) -> bool:
    value = values.get(f"reminders.{name}", False)
    if not isinstance(value, bool):
        raise Unusable(f"reminders.{name}", text("setting.one_of", allowed="true, false"))
    return value


def _number(values: Mapping[str, Any], name: str, default: int | None, most: int) -> int | None:
    value = values.get(f"reminders.{name}", default)
    if value is not None and (type(value) is not int or not 0 < value <= most):
        raise Unusable(f"reminders.{name}", text("setting.number", most=most))
    return value
