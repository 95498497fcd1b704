"""What a user types, made safe and exact for SQLite: search words as an FTS5 expression, days checked."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from pipeline.errors import InvalidValue

_PART = re.compile(r'"([^"]*)"|([^\s"]+)')
_LETTERS = re.compile(r"\w")
_MAX_PARTS = 64


def search_parts(query: str) -> list[str]:
    """The words and "quoted phrases" of a query, in NFC; signs alone are left out.

    >>> search_parts('15/CT-UBND "đôn đốc" - *')
    ['15/CT-UBND', 'đôn đốc']
    """
    text = unicodedata.normalize("NFC", query).replace("\0", " ")
    parts = [phrase or word for phrase, word in _PART.findall(text)]
    return [part.strip() for part in parts if _LETTERS.search(part.replace("_", ""))][:_MAX_PARTS]


def exact_expression(parts: list[str]) -> str:
    """All parts, each a phrase; inside the quotes nothing is an operator."""
    return " ".join(f'"{part}"' for part in parts)


def folded_expression(parts: list[str]) -> str:
    """The same for the folded index, whose tokeniser drops every accent but the stroke of đ."""
    return exact_expression(parts).replace("đ", "d").replace("Đ", "D")


def checked_day(name: str, day: str | None) -> str | None:
    """An ISO day (YYYY-MM-DD), or None; raises invalid_value."""
    if day is None:
        return None
    try:
        if len(day) == 10:
            return date.fromisoformat(day).isoformat()
    except ValueError:
        pass
    raise InvalidValue(field=name, value=day, allowed="YYYY-MM-DD")
