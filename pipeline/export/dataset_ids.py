"""Mã cố định: ids of the open data set that depend on what is printed alone, so that they can be cited.

The numbers of the register (D3, O12) count what was entered when; these are the same in every register that read the
same papers, in whatever order. Each is a letter and the first 16 hexadecimal digits of a SHA-256.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict

from pipeline.register import Register, Row
from pipeline.register.keys import number_key, words_key

_DISPATCHES = """
SELECT d.id, d.number, d.symbol, d.issued_on, d.issuer, d.issuer_code, d.subject, f.sha256
FROM current_dispatches d JOIN files f ON f.id = d.file_id
"""
_MERGED = """
SELECT d.id, d.merged_into FROM dispatches d JOIN current_dispatches k ON k.id = d.merged_into
WHERE d.removed_at IS NULL
"""


def stable_id(letter: str, *parts: object) -> str:
    """An id from what makes a thing what it is.

    >>> stable_id("d", "BTTTT", "01/ct-btttt", "2022-01-14")
    'de2227b9d2753b0c6'
    """
    text = "\n".join("" if part is None else str(part) for part in parts)
    return letter + hashlib.sha256(text.encode()).hexdigest()[:16]


class DispatchIds:
    """The ids of all dispatches: issuer, number and day; without a number the symbol and the subject as well. Where two
    share all of that, the bytes of their files tell them apart."""

    def __init__(self, register: Register) -> None:
        same: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for row in register.connection.execute(_DISPATCHES):
            same[_of(dict(row))].append((row["sha256"] or "", row["id"]))
        self.by_row: dict[int, str] = {}
        for key, rows in same.items():
            for n, (sha256, number) in enumerate(sorted(rows)):
                self.by_row[number] = stable_id("d", key, sha256) if n else key
        self.merged: dict[int, int] = {row["id"]: row["merged_into"] for row in register.connection.execute(_MERGED)}

    def of(self, number: int) -> str | None:
        """The id of a dispatch, or of the one that it is a copy of; None for one that is not in the data set."""
        return self.by_row.get(self.merged.get(number, number))

    def in_order(self) -> list[int]:
        """The rows of the dispatches in the order of their ids."""
        return sorted(self.by_row, key=self.by_row.__getitem__)


def _of(row: Row) -> str:
    issuer = row["issuer_code"] or words_key(row["issuer"] or "")
    if row["number"]:
        return stable_id("d", issuer, number_key(row["number"]), row["issued_on"])
    said = [issuer, words_key(row["symbol"] or ""), row["issued_on"], words_key(row["subject"] or "")]
    return stable_id("d", *said) if row["subject"] else stable_id("d", row["sha256"])


class Counted:
    """Ids of things within another: its id, the thing's own words, and which of several alike it is."""

    def __init__(self, letter: str) -> None:
        self._letter = letter
        self._seen: Counter[tuple[object, ...]] = Counter()

    def next(self, *parts: object) -> str:
        """The id of the next thing with these words."""
        self._seen[parts] += 1
        return stable_id(self._letter, *parts, self._seen[parts])
