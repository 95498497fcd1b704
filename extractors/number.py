"""Số, ký hiệu: the number of a dispatch and its symbol (Decree 30/2020/NĐ-CP, Annex I, II.3)."""

from __future__ import annotations

from dataclasses import dataclass

import regex

from extractors.letterhead import Letterhead
from extractors.model import Found, Issue
from extractors.pieces import Piece, number_label
from extractors.text import matchable

FIRST = r"[A-ZĐƯƠÔÂĂÊ][A-Za-zĐđƯưƠơÔôÂâĂăÊê0-9&.]*"
NEXT = r"[A-ZĐƯƠÔÂĂÊ0-9][A-Za-zĐđƯưƠơÔôÂâĂăÊê0-9&.]*"
PARTY_TYPES = r"(?:NQ|QĐ|CT|KL|QC|QyĐ|TT|HD|TB|BC|KH|CTr|CTrHĐ|CTHĐ|ĐA|PA|TTr|CV|BB|TC|GM|TTB|KB|BS)"

_SYMBOL = rf"{FIRST}(?:\s?[-/]\s?{NEXT}(?!\p{{Ll}}{{3}}))*"
_STATE = regex.compile(
    rf"(?P<before>.*?)/\s?(?:(?P<year>(?:19|20)\s?\d\s?\d)\s?/\s?)?(?P<symbol>{_SYMBOL})(?P<rest>.*)$"
)
_PARTY = regex.compile(rf"(?P<before>[^/]*?)\s?-\s?(?P<type>{PARTY_TYPES}S?)\s?/\s?(?P<org>{_SYMBOL})(?P<rest>.*)$")
_DIGITS = regex.compile(r"\d{1,6}(?:\.\d{1,2})?[a-zđ]?$")
_BLANK = regex.compile(r"[\s._…:*-]*$")


@dataclass(frozen=True, slots=True)
class Number:
    """The number line as read: `number` is None where the digits are blank or cannot be told."""

    number: Found[str] | None = None
    symbol: Found[str] | None = None
    issues: tuple[Issue, ...] = ()


def find_number(head: Letterhead) -> Number:
    """Number and symbol from the number line of a letterhead."""
    if head.number is None:
        return Number(issues=(Issue("number.missing", "no number line was found"),))
    return read_number(head.number)


def read_number(piece: Piece) -> Number:
    """Number and symbol of one number line."""
    label = number_label(piece.text, piece.key)
    start = label.end() if label else 0
    text = _unspaced(matchable(piece.text))
    body = text[start:].lstrip(" :.;")
    offset = len(text) - len(body)
    for pattern, read in ((_PARTY, _party), (_STATE, _state)):
        m = pattern.match(body)
        if m and _capitals(m["org"] if pattern is _PARTY else m["symbol"]) >= 2:
            return read(piece, m, offset)
    return _no_symbol(piece, body, offset)


def _state(piece: Piece, m: regex.Match[str], offset: int) -> Number:
    symbol = clean_symbol(m["symbol"])
    found = Found(symbol, piece.words.span(offset + m.start("symbol"), offset + m.end("symbol")), "number.state", 0.97)
    year = m["year"].replace(" ", "") + "/" if m["year"] else ""
    return _with_digits(piece, m, offset, found, lambda digits: f"{digits}/{year}{symbol}")


def _party(piece: Piece, m: regex.Match[str], offset: int) -> Number:
    symbol = f"{m['type']}/{clean_symbol(m['org'])}"
    found = Found(symbol, piece.words.span(offset + m.start("type"), offset + m.end("org")), "number.party", 0.97)
    return _with_digits(piece, m, offset, found, lambda digits: f"{digits}-{symbol}")


def _with_digits(piece: Piece, m: regex.Match[str], offset: int, symbol: Found[str], spell) -> Number:  # type: ignore[no-untyped-def]
    before = m["before"]
    span = piece.words.span(
        offset + m.start("before"), offset + m.end("symbol" if "symbol" in m.groupdict() else "org")
    )
    if _BLANK.match(before):
        return Number(None, symbol, (Issue("number.blank", "the digits of the number are blank", span),))
    digits = before.strip(" :._*-")
    joined = regex.sub(r"\s", "", digits)
    if "." in joined and not m.groupdict().get("year"):
        joined = ""
    if not _DIGITS.match(joined):
        return Number(None, symbol, (Issue("number.unreadable", "the digits of the number cannot be told", span),))
    sure = 0.97 if joined == digits and offset else 0.75
    return Number(Found(spell(joined), span, symbol.rule, sure), symbol)


def _no_symbol(piece: Piece, body: str, offset: int) -> Number:
    span = piece.words.span()
    code = "number.blank" if _BLANK.match(body) else "number.unreadable"
    return Number(issues=(Issue(code, "the number line holds no symbol that can be read", span),))


def _unspaced(text: str) -> str:
    """A symbol printed with its letters apart ("U B ND") drawn together; the spaces go to the end."""
    m = regex.search(r"(?<=/.{0,12}-\s?)\p{Lu}{1,3}(?: \p{Lu}{1,3})+\s*$", text)
    if not m or not regex.search(r"(?<!\p{L})\p{Lu}(?!\p{L})", m[0]):
        return text
    return text[: m.start()] + m[0].replace(" ", "") + " " * m[0].count(" ")


def clean_symbol(symbol: str) -> str:
    """A symbol without spaces, end punctuation and the footnote digit that copies glue to it."""
    symbol = regex.sub(r"\s", "", symbol).rstrip(".&-/")
    return regex.sub(r"(?<=-(?:CP|TTg|UBND|HĐND|TW|BTC|BCA|BYT|BNV|BTP))\d$", "", symbol)


def _capitals(text: str) -> int:
    return sum(c.isupper() for c in text)
