"""Mật khẩu: kept as argon2id hashes; a wrong name takes as long as a wrong password."""

from __future__ import annotations

import unicodedata
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from pipeline.errors import CongvanError

LEAST, MOST = 10, 200  # characters
_at_once = BoundedSemaphore(2)  # each takes 64 MB


class WeakPassword(CongvanError):
    """A password that is too short or too long (details: least, most)."""

    code = "weak_password"


def hashed(password: str) -> str:
    """The hash of a new password. Raises WeakPassword."""
    if not LEAST <= len(password) <= MOST:
        raise WeakPassword(least=LEAST, most=MOST)
    with _at_once:
        return _hasher().hash(_normal(password))


def matches(password: str, known: str | None) -> bool:
    """Whether a password is that of a hash; of None (nobody has that name) never, after the same work."""
    if len(password) > MOST:
        password = ""
    with _at_once:
        try:
            right = _hasher().verify(known or _nobody(), _normal(password))
        except (VerificationError, InvalidHashError):
            return False
    return right and known is not None


def _normal(password: str) -> str:
    """One spelling, whichever way a keyboard composes its letters."""
    return unicodedata.normalize("NFC", password)


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _nobody() -> str:
    return _hasher().hash("nobody has this one")
