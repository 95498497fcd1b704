"""Public ids: a letter and a number that is never used again."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING

from pipeline.errors import WrongId

if TYPE_CHECKING:
    from pipeline.register.connection import Register

LETTERS = {
    "dispatch": "D",
    "obligation": "O",
    "deadline": "L",
    "issue": "I",
    "proposal": "M",
    "inferred": "P",
    "link": "K",
    "correction": "C",
    "duty": "T",
    "event": "E",
    "import": "N",
}
KINDS = {letter: kind for kind, letter in LETTERS.items()}
_ID = re.compile(r"([A-Za-z])([1-9][0-9]{0,17})")


def public_id(kind: str, number: int) -> str:
    """ "O12" for ("obligation", 12)."""
    return f"{LETTERS[kind]}{number}"


def parse_id(text: str, *kinds: str) -> tuple[str, int]:
    """("O", 12) from "O12" or "o12"; raises wrong_id unless its letter is one of `kinds` (any, where none is given)."""
    found = _ID.fullmatch(text.strip())
    letter = found.group(1).upper() if found else ""
    if found is None or letter not in (kinds or KINDS):
        raise WrongId(id=text, expected=", ".join(f"{k}1" for k in kinds or KINDS))
    return letter, int(found.group(2))


def register_identity(register: Register) -> str:
    """What tells this register from every other, as long as it lives and wherever it is moved: a short code by when
    and over what it was begun."""
    first = register.one("SELECT started_at, roots FROM runs ORDER BY id LIMIT 1") or {}
    return hashlib.sha256(json.dumps([first.get("started_at"), first.get("roots")]).encode()).hexdigest()[:12]
