"""Số, ký hiệu: the number of a dispatch and its symbol (Decree 30/2020/NĐ-CP, Annex I, II.3)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import regex

from extractors.citations_mending import mended_symbol
from extractors.letterhead import Letterhead
from extractors.model import Document, Found, Issue, Span
from extractors.pieces import Piece, number_label
from extractors.sureness import is_printed, sureness
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
_LIKE_A_SLASH = regex.compile(r"(?<=\w)[)|\]}⁄](?=\p{Lu}{2,8}-\p{Lu}{2})")
_COLON = regex.compile(r"(?<=/\p{Lu}{2,10}):(?=\p{Lu}{2})")  # a hyphen badly read
_NOTE_MARK = regex.compile(r"(?<=-(?:CP|TTg|UBND|HĐND|TW|BTC|BCA|BYT|BNV|BTP))\d$")
_SPACED = regex.compile(r"(?<=/.{0,12}-\s?)\p{Lu}{1,3}(?: \p{Lu}{1,3})+\s*$")
_LONE_CAPITAL = regex.compile(r"(?<!\p{L})\p{Lu}(?!\p{L})")
_NAMED_AGAIN = 0.85
# Digits are mostly recognised as one word with their symbol, whose odd letters make the recognition less sure of it.
_SURE_WITH_SYMBOL = 0.55
_BLANK = regex.compile(r"[\s._…:*-]*$")


@dataclass(frozen=True, slots=True)
class Number:
    """The number line as read: `number` is None where the digits are blank or cannot be told."""

    number: Found[str] | None = None
    symbol: Found[str] | None = None
    issues: tuple[Issue, ...] = ()


def find_number(head: Letterhead, document: Document) -> Number:
    """Number and symbol from the number line of a letterhead.

    On a scan the digits are mostly written by hand and read wrongly: they count only where they are surely print, or
    where the text names the same number again.
    """
    if head.number is None:
        return Number(issues=(Issue("number.missing", "no number line was found"),))
    read = read_number(head.number)
    if read.symbol and sureness(document, read.symbol.span) is not None:
        read = _mended(read, read.symbol, head.type)
    if not read.number or not read.symbol:
        return read
    digits = _digits_of(document, read.number.span.start, read.symbol.span.start)
    sure = sureness(document, digits)
    if sure is None:
        return read
    symbol_sure = sureness(document, read.symbol.span) or 0.0
    if is_printed(document, digits, _SURE_WITH_SYMBOL) and symbol_sure >= _SURE_WITH_SYMBOL:
        return replace(read, number=replace(read.number, confidence=min(read.number.confidence, sure)))
    if _is_named_again(read.number, document):
        return replace(read, number=replace(read.number, confidence=_NAMED_AGAIN))
    issue = Issue("number.doubtful", "the digits of the number are written by hand or badly read", read.number.span)
    return Number(None, read.symbol, (*read.issues, issue))


def _digits_of(document: Document, start: int, end: int) -> Span:
    """The digits alone, without the stroke after them, which a recognition joins to the symbol."""
    last = max((n for n in range(start, end) if document.text[n].isdigit()), default=start)
    return Span(start, last + 1)


def _mended(read: Number, symbol: Found[str], kind: str | None) -> Number:
    """The number line with its symbol's type spelt as there is one."""
    value = mended_symbol(symbol.value, kind)
    if value == symbol.value:
        return read
    number = read.number and replace(read.number, value=read.number.value.removesuffix(symbol.value) + value)
    return replace(read, number=number, symbol=replace(symbol, value=value, confidence=0.8))


def _is_named_again(number: Found[str], document: Document) -> bool:
    """Whether the text prints the same number elsewhere, surely read."""
    text, at = matchable(document.text), -1
    while (at := text.find(number.value, at + 1)) >= 0:
        span = Span(at, at + len(number.value))
        apart = span.end <= number.span.start or number.span.end <= span.start
        if apart and not text[at - 1 : at].isalnum() and is_printed(document, span):
            return True
    return False


def read_number(piece: Piece) -> Number:
    """Number and symbol of one number line."""
    label = number_label(piece.text, piece.key)
    start = label.end() if label else 0
    text = _COLON.sub("-", _unspaced(matchable(piece.text)))
    body = text[start:].lstrip(" :.;")
    offset = len(text) - len(body)
    for pattern, read in ((_PARTY, _party), (_STATE, _state)):
        m = pattern.match(body)
        if m and _capitals(m["org"] if pattern is _PARTY else m["symbol"]) >= 2:
            return read(piece, m, offset)
    slashed = _LIKE_A_SLASH.sub("/", body)
    if slashed != body and (m := _STATE.match(slashed)) and _capitals(m["symbol"]) >= 2:
        return _state(piece, m, offset)
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
    m = _SPACED.search(text)
    if not m or not _LONE_CAPITAL.search(m[0]):
        return text
    return text[: m.start()] + m[0].replace(" ", "") + " " * m[0].count(" ")


def clean_symbol(symbol: str) -> str:
    """A symbol without spaces, end punctuation and the footnote digit that copies glue to it."""
    symbol = "".join(symbol.split()).rstrip(".&-/")
    return _NOTE_MARK.sub("", symbol)


def _capitals(text: str) -> int:
    return sum(c.isupper() for c in text)
