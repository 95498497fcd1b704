"""Gửi đến webhook: one message as JSON, signed where the office has a key."""

from __future__ import annotations

import hashlib
import hmac
import ssl
from datetime import datetime

import httpx

from pipeline.reminding.outcomes import SENT, Outcome

SECRET = "CONGVAN_WEBHOOK_SECRET"
_LONGEST_WAIT = 60.0


def signature(secret: str, moment: str, content: bytes) -> str:
    """The value of X-Congvan-Signature: HMAC-SHA256 over the moment (X-Congvan-Timestamp), a dot and the body.

    >>> signature("k", "1767225600", b"{}")
    'sha256=fed6131b41a6ecb5f059cee4c80c7df319ff6fa75d64b59110157107b6b6fbed'
    """
    return "sha256=" + hmac.new(secret.encode(), moment.encode() + b"." + content, hashlib.sha256).hexdigest()


def post(address: str, content: bytes, token: str, secret: str | None, now: datetime, step: float) -> Outcome:
    """Post one message; `step` seconds are waited for each step. Raises nothing.

    Once the whole message has left, only an answer tells what came of it: without one nobody can know.
    """
    moment = str(int(now.timestamp()))
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "congvan",
        "X-Congvan-Delivery": token,
        "X-Congvan-Timestamp": moment,
    }
    if secret:
        headers["X-Congvan-Signature"] = signature(secret, moment, content)
    try:
        with (
            httpx.Client(timeout=step, verify=ssl.create_default_context(), follow_redirects=False) as client,
            client.stream("POST", address, content=content, headers=headers) as response,
        ):
            return _answered(response)
    except (httpx.ConnectTimeout, httpx.PoolTimeout):
        return Outcome("failed", "no_answer", again=True, of_server=True)
    except (httpx.ConnectError, httpx.ProxyError) as error:
        if _is_of_certificate(error):
            return Outcome("failed", "tls", of_server=True)
        return Outcome("failed", "refused", again=True, of_server=True)
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, httpx.LocalProtocolError):
        return Outcome("failed", "address")
    except (httpx.WriteError, httpx.WriteTimeout):
        return Outcome("failed", "dropped", again=True)
    except httpx.TimeoutException:
        return Outcome("unknown", "no_answer")
    except httpx.HTTPError:
        return Outcome("unknown", "dropped")


def _answered(response: httpx.Response) -> Outcome:
    """By the status alone; the words of an answer are not read."""
    code = response.status_code
    if 200 <= code < 300:
        return SENT
    if code in (408, 425, 429) or code >= 500:
        return Outcome("failed", f"busy {code}", again=True, wait=_asked_wait(response))
    return Outcome("failed", f"rejected {code}")


def _asked_wait(response: httpx.Response) -> float:
    asked = response.headers.get("Retry-After", "")
    return min(float(asked), _LONGEST_WAIT) if asked.isdecimal() and len(asked) < 6 else 0.0


def _is_of_certificate(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False
