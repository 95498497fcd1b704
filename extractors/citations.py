"""Văn bản viện dẫn: the numbers of other documents that a dispatch cites, once each, in order of first mention."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

import regex

from extractors.citations_mending import mended_citations
from extractors.model import Document, Found, Span
from extractors.number import FIRST, PARTY_TYPES, clean_symbol
from extractors.text import matchable, skeleton

_GROUP = r"[A-ZĐƯƠÔÂĂÊ0-9][A-Za-zĐđƯưƠơÔôÂâĂăÊê0-9&.]*"
_SYMBOL = rf"{FIRST}(?:(?:-\s{{0,3}}|/)(?=[A-ZĐƯƠÔÂĂÊ0-9]){_GROUP})*"
_STATE = regex.compile(
    rf"(?<![\w/-])(?<!\d[:.,])(?P<digits>\d{{1,6}}(?:\.\d{{1,2}})?[a-zđ]?)\s{{0,2}}/\s{{0,2}}"
    rf"(?:(?P<year>(?:19|20)\d{{2}})\s{{0,2}}/\s{{0,2}})?(?P<symbol>{_SYMBOL})(?:(?![\p{{L}}\d])|(?<=\p{{Lu}})(?=ngày\s))"
)
_PARTY = regex.compile(
    rf"(?<![\w/-])(?P<digits>\d{{1,5}})\s{{0,2}}-\s{{0,3}}(?P<type>{PARTY_TYPES})\s{{0,2}}/\s{{0,2}}(?P<org>{FIRST}(?:-\s{{0,3}}{_GROUP})*)(?![\p{{L}}\d])"
)
_FORM_BEFORE = regex.compile(
    r"(?:mau|bieu|phu luc|bang|mau so|bieu so|ky hieu|tai khoan|to khai|qcvn|tcvn)\s*(?:bieu\s*)?(?:so\s*)?:?\s*$"
)
_PARTED = regex.compile(r"\bso:? (\d{1,3}) $")  # "số 12 34/…": a reading has parted the digits
_MARKS = regex.compile(r"[^0-9a-z/&]")
_IS_PARTY = regex.compile(r"\d+-\w+/")
_NOT_SYMBOL = regex.compile(r"^(?:[A-Z]?\d+|[A-Z]\.?|USD|VNĐ|VND|TP|GB|MB|Kg|KG|KW|KV|HA|TB|Mbps|CO\d?|PC|IP|ISO)$")


def find_citations(document: Document, outside: Sequence[Span], own: str | None) -> tuple[Found[str], ...]:
    """Every number of another document outside the given spans (own number line, an attached dispatch, Nơi nhận)."""
    text = matchable(document.text)
    found: dict[str, Found[str]] = {}
    mine = number_key(own) if own else None
    for value, span in cited_numbers(text):
        key = number_key(value)
        if key == mine or any(s.start <= span.start < s.end for s in outside):
            continue
        old = found.get(key)
        if old is None:
            found[key] = Found(value, span, "citations.number", 0.95)
        elif _better_spelling(value, old.value):
            found[key] = Found(value, old.span, old.rule, old.confidence)
    party = {regex.sub(r"-\w+/", "/", key) for key in found if _IS_PARTY.match(key)}
    cited = tuple(f for key, f in found.items() if key not in party)
    return mended_citations(cited, document) if document.words else cited


@lru_cache(maxsize=2)
def cited_numbers(text: str) -> tuple[tuple[str, Span], ...]:
    """Every mention of a number in a text in the one spelling (`matchable`), in order."""
    return tuple(_mentions(text))


def _mentions(text: str) -> Iterator[tuple[str, Span]]:
    hits = [(m, _state_value(m)) for m in _STATE.finditer(text)]
    hits += [(m, _party_value(m)) for m in _PARTY.finditer(text)]
    key = skeleton(text)
    for m, value in sorted(hits, key=lambda h: h[0].start()):
        if value and (parted := _PARTED.search(key[max(0, m.start() - 12) : m.start()])):
            yield parted[1] + value, Span(m.start() - len(parted[1]) - 1, m.end())
        elif value and not _FORM_BEFORE.search(key[max(0, m.start() - 24) : m.start()].replace("\n", " ")):
            yield value, Span(m.start(), m.end())


def _state_value(m: regex.Match[str]) -> str | None:
    symbol = clean_symbol(m["symbol"])
    capitals = sum(c.isupper() for c in symbol)
    if capitals < 2 or _NOT_SYMBOL.match(symbol):
        return None
    year = f"{m['year']}/" if m["year"] else ""
    if not year and "." in m["digits"]:
        return None
    return f"{m['digits']}/{year}{symbol}"


def _party_value(m: regex.Match[str]) -> str | None:
    return f"{m['digits']}-{m['type']}/{clean_symbol(m['org'])}"


def number_key(number: str) -> str:
    """What two spellings of one number share: neither case, accents nor hyphens inside the symbol."""
    digits, _, rest = number.partition("/")
    return skeleton(digits) + "/" + _MARKS.sub("", skeleton(rest))


def _better_spelling(value: str, old: str) -> bool:
    """A later spelling with small letters mends one from a title in capitals ("QĐ-TTG")."""
    return old.upper() == old and value.upper() != value and value.count("-") >= old.count("-")
