"""Gửi thư: one mail to the office's server by SMTP (RFC 5321), step by step, so that it is known what got through."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage

from pipeline.errors import CongvanError
from pipeline.reminding.configuring import Smtp, is_here
from pipeline.reminding.outcomes import SENT, Outcome

USER, PASSWORD = "CONGVAN_SMTP_USER", "CONGVAN_SMTP_PASSWORD"
_GOODBYE_SECONDS = 2.0
_ENHANCED = re.compile(rb"\s*([245]\.\d{1,3}\.\d{1,3})\b")  # RFC 3463


class LoginUnsafe(CongvanError):
    """A name and password for the mail server that would travel in the clear (details: host)."""

    code = "login_unsafe"


class LoginIncomplete(CongvanError):
    """Of name and password for the mail server only one is there (details: given, missing)."""

    code = "login_incomplete"


@dataclass(frozen=True, slots=True)
class Login:
    """Name and password; never shown."""

    user: str
    password: str

    def __repr__(self) -> str:
        return "Login(…)"


def login_for(smtp: Smtp, environment: Mapping[str, str]) -> Login | None:
    """How to log in to the mail server, None where nothing is said. Raises LoginIncomplete, LoginUnsafe."""
    user, password = environment.get(USER), environment.get(PASSWORD)
    if not user and not password:
        return None
    if not user or not password:
        raise LoginIncomplete(given=USER if user else PASSWORD, missing=PASSWORD if user else USER)
    if smtp.tls == "none" and not is_here(smtp.host):
        raise LoginUnsafe(host=smtp.host)
    return Login(user, password)


def send_mail(smtp: Smtp, login: Login | None, message: EmailMessage, to: str, step: float) -> Outcome:
    """Hand one mail over; `step` seconds are waited for each answer. Raises nothing."""
    try:
        server = _greeted(smtp, login, step)
    except _Refused as refused:
        return refused.outcome
    try:
        return _handed_over(server, smtp.sender, to, message.as_bytes())
    finally:
        _part(server)


class _Refused(Exception):
    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.error)
        self.outcome = outcome


def _greeted(smtp: Smtp, login: Login | None, step: float) -> smtplib.SMTP:
    """A connection that mails can be handed over on. Raises _Refused: whatever fails here concerns all mails."""
    try:
        return _opened(smtp, login, step)
    except smtplib.SMTPNotSupportedError:
        raise _Refused(Outcome("failed", "no_login", of_server=True)) from None
    except smtplib.SMTPAuthenticationError as error:
        # a wrong password is not tried again: servers lock accounts
        raise _Refused(_answered("login", error.smtp_code, error.smtp_error, of_server=True)) from None
    except smtplib.SMTPResponseException as error:
        raise _Refused(_answered("rejected", error.smtp_code, error.smtp_error, of_server=True)) from None
    except ssl.SSLError:
        raise _Refused(Outcome("failed", "tls", of_server=True)) from None
    except (OSError, smtplib.SMTPException) as error:
        raise _Refused(Outcome("failed", _loss(error), again=True, of_server=True)) from None


def _opened(smtp: Smtp, login: Login | None, step: float) -> smtplib.SMTP:
    here = re.sub(r"[^A-Za-z0-9.-]", "-", socket.gethostname()) or "localhost"
    context = ssl.create_default_context()
    server: smtplib.SMTP
    if smtp.tls == "ssl":
        server = smtplib.SMTP_SSL(smtp.host, smtp.port, here, timeout=step, context=context)
    else:
        server = smtplib.SMTP(smtp.host, smtp.port, here, timeout=step)
    try:
        server.ehlo_or_helo_if_needed()
        if smtp.tls == "starttls":
            if not server.has_extn("starttls"):
                raise _Refused(Outcome("failed", "no_tls", of_server=True))
            server.starttls(context=context)
            server.ehlo_or_helo_if_needed()
        if login:
            server.login(login.user, login.password)
    except BaseException:
        server.close()
        raise
    return server


def _handed_over(server: smtplib.SMTP, sender: str, to: str, content: bytes) -> Outcome:
    """Sender, recipient, content. Until the last line of the content has left, the server has no mail."""
    try:
        for command, argument in (("MAIL", f"FROM:<{sender}>"), ("RCPT", f"TO:<{to}>"), ("DATA", "")):
            code, words = server.docmd(command, argument)
            if code not in ((354,) if command == "DATA" else (250, 251)):
                return _answered("rejected", code, words)
        server.send(_stuffed(content) + b".\r\n")
    except (OSError, smtplib.SMTPException) as error:
        return Outcome("failed", _loss(error), again=True)
    try:
        code, words = server.getreply()
    except (OSError, smtplib.SMTPException) as error:
        # the server may have it or not: a second one could be a double
        return Outcome("unknown", _loss(error))
    return SENT if 200 <= code < 300 else _answered("rejected", code, words)


def _loss(error: BaseException) -> str:
    """How a connection was lost, or never made."""
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return "no_answer"
    if isinstance(error, socket.gaierror):
        return "no_server"
    return "refused" if isinstance(error, ConnectionRefusedError) else "dropped"


def _stuffed(content: bytes) -> bytes:
    """The content with its lines ended and its dots doubled as SMTP wants it."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", content)
    lines = re.sub(rb"(?m)^\.", b"..", lines)
    return lines if lines.endswith(b"\r\n") else lines + b"\r\n"


def _answered(error: str, code: int, words: bytes | str, *, of_server: bool = False) -> Outcome:
    """A server's "no": its numbers alone, as its words may quote what it was given."""
    said = words if isinstance(words, bytes) else words.encode("ascii", "replace")
    enhanced = _ENHANCED.match(said)
    numbers = f"{code} {enhanced[1].decode()}" if enhanced else str(code)
    later = 400 <= code < 500
    return Outcome("failed", f"{'busy' if later else error} {numbers}", again=later, of_server=of_server)


def _part(server: smtplib.SMTP) -> None:
    """A goodbye for which nobody waits long: what was accepted is accepted."""
    try:
        if server.sock is not None:
            server.sock.settimeout(_GOODBYE_SECONDS)
            server.docmd("QUIT")
    except (OSError, smtplib.SMTPException):
        pass
    finally:
        server.close()
