"""What makes two dispatches likely the same letter: keys to compare, never a decision.

Source: Decree 30/2020 art. 15: a number is used once a year by an issuer; "15/CT-UBND" exists in every province, so a
number without its issuer is none. The Party's series run for a congress term: there the whole date belongs to the key.
"""

from __future__ import annotations

import hashlib
import re

from extractors.text import fold

_WORD = re.compile(r"\w+")
_PARTY = re.compile(r"^\d+[^\W\d]?-[^/]+/")
_OWN_YEAR = re.compile(r"^[^/]+/((?:19|20)\d{2})/")
_NUMBERED = re.compile(r"(?P<digits>\d[\d.]*[^\W\d_]?)[-/](?:(?P<year>(?:19|20)\d{2})/)?(?P<rest>.+)")
_SPACE = re.compile(r"\s+")
_END = 5  # words at each end of a subject
_MIN_WORDS = 20  # a text of fewer words says too little to be recognised by it


def words_key(text: str) -> str:
    """The words without accents, case and punctuation, a space between: what stays the same in reprints."""
    return " ".join(_WORD.findall(fold(text)))


def number_key(number: str) -> str:
    """A number in one spelling: "01 /CT-BTTTT" and "01/ct-bttTT" are one."""
    return fold(_SPACE.sub("", number))


def cited_key(number: str) -> str:
    """A number in the spelling that citing it and bearing it share: no case, accents, marks or leading zeros.

    >>> cited_key("05/CT-BTTTT") == cited_key("5/ct-bttTT"), cited_key("12-CT/TW")
    (True, '12/cttw')
    """
    digits, symbol = _parted(number)
    return f"{digits.lstrip('0')}/{symbol}"


def symbol_key(symbol: str) -> str:
    """A symbol in one spelling: "KTS&XHS" and "KTS-XHS" are one.

    >>> symbol_key("BTTTT-KTS&XHS")
    'bttttktsxhs'
    """
    return "".join(_WORD.findall(fold(symbol))).replace("_", "")


def symbol_key_of(number: str) -> str:
    """The key of the symbol in a number; a year between is left out."""
    return _parted(number)[1].partition("|")[2] or _parted(number)[1]


def _parted(number: str) -> tuple[str, str]:
    """The digits, and the rest in one spelling; a year of its own stays before it ("2009|ctubnd")."""
    found = _NUMBERED.match(_SPACE.sub("", number))
    if not found:
        return "", symbol_key(number)
    year = f"{found['year']}|" if found["year"] else ""
    return fold(found["digits"]), year + symbol_key(found["rest"])


def ends_of(subject: str | None) -> tuple[str, str] | None:
    """The first and the last words of a subject, by which most of those that mean another subject are told apart; None
    for one of fewer words. A torn subject keeps one of its ends.

    >>> ends_of("mở lớp tập huấn trồng cây ven đường liên xã")
    ('mo lop tap huan trong', 'cay ven duong lien xa')
    """
    words = words_key(subject or "").split()
    return (" ".join(words[:_END]), " ".join(words[-_END:])) if len(words) >= _END else None


def dispatch_keys(
    *,
    issuer: str | None,
    number: str | None,
    symbol: str | None,
    issued_on: str | None,
    subject: str | None,
    text: str,
) -> dict[str, str]:
    """The keys of a dispatch by kind; `issuer` is a canonical id or a printed name.

    number: issuer, year and number (the whole date in the Party's numbering); number_date: number and whole date, for
    where the issuer was read from only one of the copies; subject: issuer, symbol, year and subject, for a copy whose
    number is blank; text: all words.
    """
    year = (issued_on or "")[:4]
    keys: dict[str, str | None] = {
        "number": _natural_key(issuer, number, issued_on),
        "number_date": _joined(number and number_key(number), issued_on if len(issued_on or "") == 10 else None),
        "subject": _joined(issuer and words_key(issuer), symbol and number_key(symbol), year, words_key(subject or "")),
        "text": _text_key(text),
    }
    return {kind: key for kind, key in keys.items() if key}


def _natural_key(issuer: str | None, number: str | None, issued_on: str | None) -> str | None:
    if not number:
        return None
    own_year = _OWN_YEAR.match(number)
    when = own_year.group(1) if own_year else (issued_on or "")[:4]
    if _PARTY.match(_SPACE.sub("", number)):
        when = issued_on or ""
    return _joined(issuer and words_key(issuer), when, number_key(number))


def _joined(*parts: str | None) -> str | None:
    return "|".join(p for p in parts if p) if all(parts) else None


def _text_key(text: str) -> str | None:
    words = _WORD.findall(text.lower())  # accents are kept: folding a whole document costs more than saving it
    if len(words) < _MIN_WORDS:
        return None
    return hashlib.sha256(" ".join(words).encode("utf-8", "replace")).hexdigest()
