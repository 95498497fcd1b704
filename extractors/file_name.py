"""Tên tệp: number and day of issue as people write them into the names of files ("145-UBND-VX_05.03.2026.pdf").

Only a number whose symbol is that of the dispatch is taken, and only a day that fits what is printed. Anybody names a
file: what the name says is a proposal, never a value.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import cache

import regex

from extractors.document_type import abbreviations
from extractors.model import Inferred
from extractors.text import skeleton

RULE = "inferred.file_name"
_TOKEN = regex.compile(r"[\p{L}\d&]+")
_BROKEN = regex.compile(r"(?<=\p{L})(?=\d)|(?<=\d)(?=\p{L})")
_DAY_FIRST = regex.compile(r"(?<!\d)(?P<d>\d{1,2})(?P<s>[-_. ])(?P<m>\d{1,2})(?P=s)(?P<y>(?:19|20)\d\d)(?!\d)")
_YEAR_FIRST = regex.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<s>[-_. ])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})(?!\d)")
_SOLID = regex.compile(r"(?<!\d)\d{8}(?!\d)")
_YEAR = regex.compile(r"(?:19|20)\d\d")
_MOST_DIGITS = 5
_SURE_OF_ALL, _SURE_OF_OFFICE = 0.65, 0.5
_SURE_OF_DAY_WITH_NUMBER, _SURE_OF_DAY = 0.6, 0.4


def read_file_name(name: str, *, symbol: str | None, has_number: bool, issued_on: str | None) -> tuple[Inferred, ...]:
    """What a file's name says of a number and a day of issue that the dispatch does not print whole.

    `name` is without folders; `symbol` and `issued_on` (an ISO prefix) as printed.

    >>> found = read_file_name("CV 145 UBND_05032026.pdf", symbol="UBND-VX", has_number=False, issued_on="2026")
    >>> [one.value for one in found]
    ['145/UBND-VX', '2026-03-05']
    >>> read_file_name("003_f2bc153c.pdf", symbol="UBND-VX", has_number=False, issued_on=None)
    ()
    """
    stem = name.rpartition(".")[0] or name
    day = _day(stem, issued_on or "")
    number = None if has_number or not symbol else _number(_without_days(stem), symbol)
    out = []
    if number:
        out.append(Inferred("number", number[0], name, None, RULE, number[1]))
    if day and len(issued_on or "") < len(day):
        sure = _SURE_OF_DAY_WITH_NUMBER if number or has_number else _SURE_OF_DAY
        out.append(Inferred("issued_on", day, name, None, RULE, sure))
    return tuple(out)


def _day(stem: str, printed: str) -> str | None:
    """The one day that the name holds and that what is printed allows."""
    found = {day for pattern in (_DAY_FIRST, _YEAR_FIRST, _SOLID) for m in pattern.finditer(stem) for day in _iso(m)}
    return found.pop() if len(found) == 1 and min(found).startswith(printed) else None


def _iso(m: regex.Match[str]) -> Iterator[str]:
    if m.re is _SOLID:
        digits = m[0]
        readings = [(digits[4:], digits[2:4], digits[:2]), (digits[:4], digits[4:6], digits[6:])]
    else:
        readings = [(m["y"], m["m"], m["d"])]
    for year, month, day in readings:
        try:
            if _YEAR.fullmatch(year):
                yield dt.date(int(year), int(month), int(day)).isoformat()
        except ValueError:
            continue


def _without_days(stem: str) -> str:
    for pattern in (_DAY_FIRST, _YEAR_FIRST, _SOLID):
        stem = pattern.sub(" ", stem)
    return stem


def _number(stem: str, symbol: str) -> tuple[str, float] | None:
    """The number that stands right before the symbol, or between type and symbol."""
    tokens = [part for token in _TOKEN.findall(skeleton(stem)) for part in _BROKEN.split(token)]
    for n, token in enumerate(tokens):
        if not token.isdigit() or len(token) > _MOST_DIGITS or int(token) == 0 or _follows_figures(tokens[:n]):
            continue
        rest = tokens[n + 1 :]
        year = rest[0] if rest and _YEAR.fullmatch(rest[0]) else None
        sure = _agrees(rest[1:] if year else rest, symbol, typed=n > 0 and tokens[n - 1] in _types())
        if sure and not (_YEAR.fullmatch(token) and not year):
            return _spelt(int(token), year, symbol), sure
    return None


def _follows_figures(before: Sequence[str]) -> bool:
    """Two numbers side by side: either may be the one."""
    return bool(before) and before[-1].isdigit() and not _YEAR.fullmatch(before[-1])


def _agrees(rest: Sequence[str], symbol: str, *, typed: bool) -> float:
    """How surely the words after a number are its symbol, whole or up to the office; 0 where they are not.

    `typed`: the name of the type stands before the number ("QD 51 UBND") and is not repeated in the symbol.
    """
    groups = [_squeezed(group) for group in regex.split(r"[-/]", skeleton(symbol))]
    named = groups[0] in _types() and len(groups) > 1
    for whole in (groups, groups[1:]) if named and typed else (groups,):
        written = _common("".join(whole), rest)
        if written == len("".join(whole)):
            return _SURE_OF_ALL
        if written >= len("".join(whole[: 2 if named and whole is groups else 1])):
            return _SURE_OF_OFFICE
    return 0.0


def _common(whole: str, rest: Sequence[str]) -> int:
    """How many letters of a symbol the words spell out, word by word."""
    written = ""
    for token in map(_squeezed, rest):
        if not whole.startswith(written + token):
            break
        written += token
    return len(written)


def _squeezed(token: str) -> str:
    return token.replace("&", "")


def _spelt(number: int, year: str | None, symbol: str) -> str:
    digits = f"{number:02}"
    return f"{digits}-{symbol}" if "/" in symbol else f"{digits}/{year + '/' if year else ''}{symbol}"


@cache
def _types() -> frozenset[str]:
    return frozenset(skeleton(abbreviation) for abbreviation in abbreviations())
