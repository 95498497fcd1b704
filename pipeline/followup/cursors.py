"""Con trỏ trang: where a page of a list begins, as an opaque piece of text that a link can carry.

A cursor says nothing but a place in an order; whatever is in it is checked as if a stranger had written it, since one
may have: a list shows no row that its filter does not let through, wherever it begins.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from dataclasses import dataclass

from pipeline.errors import InvalidValue

_LONGEST = 600
_MOST_PARTS = 4
Key = tuple[str | int | float, ...]


@dataclass(frozen=True, slots=True)
class Cursor:
    """The row that a page stands beside: behind it, or (`is_back`) before it; `key` are the values that it is sorted by
    in the order `sort`."""

    sort: str
    key: Key
    is_back: bool = False

    def __str__(self) -> str:
        """
        >>> read_cursor(str(Cursor("id", (12, ""))), "id").key
        (12, '')
        """
        content = json.dumps([self.sort, int(self.is_back), *self.key], ensure_ascii=False, separators=(",", ":"))
        packed = content.encode("utf-8", "surrogatepass")
        return base64.urlsafe_b64encode(zlib.crc32(packed).to_bytes(4, "big") + packed).decode().rstrip("=")


def read_cursor(text: str, sort: str, like: Key = ()) -> Cursor:
    """The cursor of a list in that order, with a key of the types of `like` (where given). Raises InvalidValue for
    anything else."""
    try:
        if len(text) > _LONGEST:
            raise ValueError(text)
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        if zlib.crc32(raw[4:]).to_bytes(4, "big") != raw[:4]:
            raise ValueError(text)
        named, is_back, *key = json.loads(raw[4:])
        if named != sort or is_back not in (0, 1) or not _is_key(key) or (like and not _is_like(tuple(key), like)):
            raise ValueError(text)
    except (ValueError, TypeError, binascii.Error, UnicodeError, RecursionError) as error:
        raise InvalidValue(field="after", value=text[:40], allowed="...") from error
    return Cursor(sort, tuple(key), bool(is_back))


def _is_key(key: list[object]) -> bool:
    return 0 < len(key) <= _MOST_PARTS and all(
        isinstance(part, str) or (isinstance(part, (int, float)) and not isinstance(part, bool) and abs(part) < 2**53)
        for part in key
    )


def _is_like(key: Key, like: Key) -> bool:
    return len(key) == len(like) and all(
        isinstance(a, str) == isinstance(b, str) for a, b in zip(key, like, strict=True)
    )
