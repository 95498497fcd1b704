"""Tên loại văn bản: what kind of paper it is, by its title, its form or its symbol."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import regex

from extractors import lexicon
from extractors.model import Found
from extractors.text import skeleton

if TYPE_CHECKING:
    from extractors.letterhead import Letterhead

_GROUP_ENDS = regex.compile(r"[-/]")


@dataclass(frozen=True, slots=True)
class DocumentType:
    """One row of doc_types.csv: name in lower case, abbreviations in symbols, whether it is printed as a title."""

    name: str
    abbreviations: tuple[str, ...]
    titled: bool


@cache
def types() -> tuple[DocumentType, ...]:
    """All types, as the law lists them."""
    rows = lexicon.rows("doc_types")
    return tuple(
        DocumentType(r["name"], tuple(a for a in r["abbreviations"].split("|") if a), r["title"] == "Y") for r in rows
    )


@cache
def by_skeleton() -> dict[str, str]:
    """Name of a type without accents -> name."""
    return {skeleton(t.name): t.name for t in types()}


@cache
def abbreviations() -> dict[str, str]:
    """Abbreviation in a symbol -> name of the type."""
    return {a: t.name for t in types() for a in t.abbreviations}


@cache
def title_pattern() -> regex.Pattern[str]:
    """The name of a titled type at the start of a piece, on its skeleton."""
    names = sorted((skeleton(t.name) for t in types() if t.titled), key=len, reverse=True)
    spaced = [r"\s?".join(regex.escape(c) for c in n.replace(" ", "")) for n in names]
    return lexicon.compiled(r"^\W{0,4}(" + "|".join(spaced) + r")(?!\w)", case=True)


def title_of(key: str) -> tuple[str, int] | None:
    """The type whose name a piece begins with (by its key), and where the name ends."""
    m = title_pattern().match(key)
    if not m:
        return None
    squeezed = {k.replace(" ", ""): v for k, v in by_skeleton().items()}
    return squeezed[regex.sub(r"\s", "", m[1])], m.end(1)


def of_symbol(symbol: str) -> str | None:
    """The type that a symbol names in its first group ("QĐ-UBND" -> quyết định; "CT-CS" stays open)."""
    groups = _GROUP_ENDS.split(symbol)
    return abbreviations().get(groups[0]) if len(groups) > 1 else None


def find_type(head: Letterhead, symbol: Found[str] | None) -> Found[str] | None:
    """The type by its title; else công văn by "V/v" or "Kính gửi"; else by the symbol."""
    if head.title and head.type:
        words = head.title.words
        return Found(head.type, words.span(0, len(words.text)), "type.title", 0.97)
    said = of_symbol(symbol.value) if symbol else None
    title_lost = bool(said and head.scanned)  # a reading may have lost the title that the symbol speaks of
    if head.about and head.subject and not (title_lost and not head.addressees):
        return Found("công văn", head.subject[0].words.span(), "type.letter", 0.95)
    if head.addressees and not title_lost:
        return Found("công văn", head.addressees[0].words.span(), "type.letter", 0.9)
    if symbol and said:
        return Found(said, symbol.span, "type.symbol", 0.7)
    return Found("công văn", symbol.span, "type.letter", 0.6) if symbol else None
