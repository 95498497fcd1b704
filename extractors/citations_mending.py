"""Số viện dẫn đọc sai: numbers of cited documents as a reading of a scan spells them, held against one another.

The same number is often cited twice, and the same office signs several: where one mention is badly read, a surer one
says how it is spelt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from functools import cache

import regex

from extractors.document_type import abbreviations
from extractors.lexicon import rows
from extractors.model import Document, Found
from extractors.sureness import sureness
from extractors.text import skeleton

_LIKE = 0.75
_ASSEMBLY = regex.compile(r"QH[Il|]{1,2}(\d{1,2})$")
_TWICE = regex.compile(r"(\p{Lu})(?=\1)")
_OFTEN = regex.compile(r"(\p{Lu})(?=\1\1)")
_SURE = 0.82
_STROKED = regex.compile(r"ĐĐ(?!BQH)")  # "Đoàn đại biểu" alone is spelt with two
_DOUBLED = regex.compile(r"(\p{Lu})\1|\d|[Il|]")


def mended_citations(found: Sequence[Found[str]], document: Document) -> tuple[Found[str], ...]:
    """The citations of a scan, once each, misspelt parts of symbols mended where the document itself shows how."""
    spelt = [_respelt(f, found, document) for f in found]
    out: list[Found[str]] = []
    for one in spelt:
        same = next((n for n, other in enumerate(out) if _same(one.value, other.value)), None)
        if same is None:
            out.append(one)
        elif _better(one, out[same], document):
            out[same] = replace(one, span=out[same].span)
    return tuple(out)


def _parts(value: str) -> tuple[str, list[str]]:
    """The digits (and year) of a number and the groups of its symbol."""
    digits, _, symbol = value.rpartition("/") if regex.match(r"\d+/\d{4}/", value) else value.partition("/")
    return digits, regex.split(r"(?<=[-/])|(?=[-/])", symbol)


def _respelt(citation: Found[str], found: Sequence[Found[str]], document: Document) -> Found[str]:
    digits, groups = _parts(citation.value)
    sure = sureness(document, citation.span) or 0.0
    surer = {
        group for other in found if (sureness(document, other.span) or 0.0) > sure for group in _parts(other.value)[1]
    }
    doubtful = sure < _SURE
    first = _undoubled(_as_type(groups[0]), doubtful)
    mended = [first, *(_as_seen(_undoubled(group, doubtful), surer) for group in groups[1:])]
    return citation if mended == groups else replace(citation, value=f"{digits}/{''.join(mended)}", confidence=0.7)


def mended_symbol(symbol: str, kind: str | None = None) -> str:
    """A symbol whose first group is spelt as the abbreviation of a type that it means; `kind` is the type as titled.

    >>> mended_symbol("QĐĐ-UBND"), mended_symbol("QP-TTg", "quyết định"), mended_symbol("BNV-VP")
    ('QĐ-UBND', 'QĐ-TTg', 'BNV-VP')
    >>> mended_symbol("KH-STTTTT"), mended_symbol("SLĐĐTBXH-VP"), mended_symbol("ĐĐBQH-VP")
    ('KH-STTTT', 'SLĐTBXH-VP', 'ĐĐBQH-VP')
    """
    first, dash, rest = symbol.partition("-")
    rest = "-".join(_undoubled(group) for group in rest.split("-"))
    symbol = f"{first}{dash}{rest}"
    known = [a for a, name in abbreviations().items() if name == kind] if dash else []
    if first in abbreviations() or not dash:
        return symbol
    near = [a for a in known if len(a) == len(first) and sum(x != y for x, y in zip(a, first, strict=True)) == 1]
    return f"{near[0] if near else _undoubled(_as_type(first))}-{rest}"


def _as_type(group: str) -> str:
    """The first group of a symbol where a lost accent, a doubled letter or a stray digit hides the type."""
    if m := _ASSEMBLY.match(group):
        return f"QH{m[1] if len(m[1]) == 2 else '1' + m[1]}"
    if group in abbreviations():
        return group
    accented = [a for a in abbreviations() if skeleton(a) == skeleton(group)]
    if len(accented) == 1 and group.isupper():
        return accented[0]
    shorter = {group[: m.start()] + group[m.start() + 1 :] for m in _DOUBLED.finditer(group)}
    known = [s for s in shorter if s in abbreviations()]
    return known[0] if len(known) == 1 else group


def _undoubled(group: str, doubtful: bool = False) -> str:
    """A group in which a reading doubled a letter: every doubled "Đ", and others where the shorter group is a body's.

    Of two letters only a doubtful reading has one too many ("TCTT" is no slip for "TCT"), of more any reading.
    """
    twice = (_TWICE if doubtful else _OFTEN).finditer(group)
    shorter = {group[: m.start()] + group[m.start() + 1 :] for m in twice}
    known = shorter & _symbols() if group not in _symbols() else set()
    return min(known) if len(known) == 1 else _STROKED.sub("Đ", group)


@cache
def _symbols() -> frozenset[str]:
    return frozenset(row["symbol"] for row in rows("agencies") if row["symbol"])


def _as_seen(group: str, surer: set[str]) -> str:
    """A group that differs by one letter more or less from one that a surer number has."""
    near = [g for g in surer if abs(len(g) - len(group)) == 1 and min(len(g), len(group)) > 2 and _one_apart(g, group)]
    return near[0] if len(near) == 1 and group not in surer else group


def _one_apart(one: str, other: str) -> bool:
    longer, shorter = sorted((one, other), key=len, reverse=True)
    return any(longer[:n] + longer[n + 1 :] == shorter for n in range(len(longer)))


def _same(one: str, other: str) -> bool:
    """Whether two numbers are one: the same digits, and symbols of which one is cut short or differs by a slip."""
    (digits, groups), (others, more) = _parts(one), _parts(other)
    a, b = "".join(groups), "".join(more)
    if digits != others:
        return False
    return a.startswith(b) or b.startswith(a) or SequenceMatcher(None, a, b, autojunk=False).ratio() >= _LIKE


def _better(one: Found[str], other: Found[str], document: Document) -> bool:
    sure, before = (sureness(document, f.span) or 0.0 for f in (one, other))
    cut = other.value != one.value and one.value.startswith(other.value)
    return cut or (sure > before and not other.value.startswith(one.value))
