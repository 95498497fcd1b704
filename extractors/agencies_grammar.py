"""Ngữ pháp nhắc đến cơ quan: how quantifier, official and body join to one mention.

A mention is [quantifier] [official] (institution | head + name | common nouns in a group | people) [tails] [clause].
"""

from __future__ import annotations

import regex

from extractors.agencies_groups import open_end, read_group, read_house, read_people
from extractors.agencies_names import SUPERIOR, read_institution, read_name, read_named, tails
from extractors.agencies_words import Reading

_PERSON_NAME = regex.compile(r"\p{Lu}\p{Ll}+(?:\s\p{Lu}\p{Ll}*){1,4}(?!\w)")
_COMRADE = ("đồng chí", "đ/c")

Extent = tuple[int, int, str]


def read_mention(r: Reading, at: int, listed: bool = False) -> Extent | None:
    """(core end, end, rule) of the mention that begins here, None where none does.

    `listed`: another mention ends just before, so that common nouns need no "các". The core leaves a clause that
    tells which bodies are meant ("được giao …") out.
    """
    quantified = r.end("quantifier", at)
    start = r.skip(quantified) if quantified > 0 else at
    many = quantified > 0
    if r.word(start) not in r.words.starts:
        return None
    official = _titles(r, start)
    if official > 0:
        return _with_official(r, at, start, official, many)
    return _body(r, at, start, many, listed)


def _body(r: Reading, at: int, start: int, many: bool, listed: bool) -> Extent | None:
    """The longest reading; of equal ones the most telling."""
    classes = r.classes(start)
    end, _, rule = max(
        (read_institution(r, start, many) if "institution" in classes else -1, 3, "agency.institution"),
        (read_named(r, start, many) if "head" in classes else -1, 2, "agency.name"),
        (read_people(r, start) if "person" in classes else -1, 1, "agency.person"),
        (read_group(r, start, many, listed) if "noun" in classes else -1, 0, "agency.group"),
    )
    if end < 0 and "house" in classes:
        end, rule = read_house(r, start), "agency.house"
    if end < 0:
        return None
    if rule == "agency.institution" and r.end("owned", start) == end:
        end = _of_bodies(r, end)
    opened = open_end(r, at, end) if rule in ("agency.group", "agency.person") else end
    return end, opened, rule


def _of_bodies(r: Reading, end: int) -> int:
    """What belongs to several bodies at once: "Trang thông tin điện tử của các sở, ngành và UBND cấp huyện"."""
    for join in (" của ", " và "):
        if not r.low.startswith(join, end):
            return end
        inner = r.inner(read_mention, end + len(join), None)
        if inner is None:
            return end
        end = inner[0]
    return end


# -- officials who stand for their body --------------------------------------------------------------------------------


def _titles(r: Reading, at: int) -> int:
    """End of one title or of titles in a row: "Giám đốc, Thủ trưởng", "đồng chí Phó Giám đốc"."""
    end = r.end("official", at)
    if end < 0 or r.blocked(at, end):
        return -1
    while (nxt := _next_title(r, at, end)) > 0:
        at, end = nxt, r.end("official", nxt)
    return end


def _next_title(r: Reading, start: int, end: int) -> int:
    titled = r.low[start:end]
    for join in (" ", ", ", "/", " và "):
        nxt = end + len(join)
        if not r.low.startswith(join, end) or not r.has("official", nxt):
            continue
        if join == " " and titled.endswith((*_COMRADE, "đại diện")):
            return nxt
        if join != " " and r.end("official.joined", start) == end:
            return nxt
    return -1


def _with_official(r: Reading, at: int, start: int, end: int, many: bool) -> Extent | None:
    if r.low.startswith("/", end) and (people := read_people(r, end + 1)) > 0:
        return people, people, "agency.official"
    nxt = r.skip(end)
    if r.low.startswith("của ", nxt):
        nxt += len("của ")
    inner = r.inner(read_mention, nxt, None) if nxt > end and not _person_after(r, nxt) else None
    if inner is not None:
        return inner[0], max(inner[1], open_end(r, at, inner[0])), "agency.official"
    if (superior := SUPERIOR.match(r.plain, nxt)) and nxt > end:
        tail = tails(r, superior.end())
        return tail, tail, "agency.official"
    if r.end("official.nameable", start) == end and (named := read_name(r, nxt, True, many)) > 0:
        tail = tails(r, named)
        return tail, tail, "agency.official"
    return _bare_official(r, at, start, end, nxt, many)


def _bare_official(r: Reading, at: int, start: int, end: int, nxt: int, many: bool) -> Extent | None:
    if r.low[start:end].endswith(_COMRADE) and (person := _PERSON_NAME.match(r.plain, nxt)):
        return person.end(), person.end(), "agency.official"
    tail = tails(r, end)
    if tail > end:
        return tail, open_end(r, at, tail), "agency.official"
    if r.end("official.needy", start) == end and not many:
        return None
    if many or r.capital(start) or r.ends_here(end):
        return end, open_end(r, at, end), "agency.official"
    return None


def _person_after(r: Reading, at: int) -> bool:
    return r.has("person", at) and not r.has("official", at) and not r.has("noun", at)
