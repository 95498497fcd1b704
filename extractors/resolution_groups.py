"""Nhóm cơ quan: the groups that a printed name joins, part by part."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

import regex

from extractors import lexicon
from extractors.agencies_identity import without_title
from extractors.agencies_register import key
from extractors.resolution_members import Home, members_of, of_places, of_provinces

_JOIN = regex.compile(r"\s?[,;/]\s?(?:và\s)?|\s(?:và|&)\s|\s-\s", regex.IGNORECASE)
_BRACKET = regex.compile(r"\([^()]*\)")
_POLITE = regex.compile(r"quý (?P<kind>bộ|sở|cục|ủy ban nhân dân|ủy ban|cơ quan|đơn vị|văn phòng)")
# "Bộ trưởng, Thủ trưởng cơ quan ngang bộ": ministers are a part of their own, not one of the titles.
_MINISTERS = regex.compile(r"^(?:các )?bộ trưởng(?:,| và) (?:các )?(?:thủ trưởng|chủ tịch)")
_MOST_PARTS = 40
_TABLES = {"all_districts": "districts", "all_communes": "communes"}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a name: a stretch of it, and the ids that it lists (none where nobody lists them).

    `quantified`: "các" opens it; `narrowed`: "liên quan" ends it; `named` where it is no group but a body.
    """

    start: int
    end: int
    ids: tuple[str, ...] = ()
    open: bool = False
    quantified: bool = False
    narrowed: bool = False
    named: bool = False


def stretches(name: str) -> tuple[tuple[int, int], ...]:
    """The stretches of a name between its commas, dashes and "và".

    >>> stretches("các bộ, ngành và địa phương")
    ((0, 6), (8, 13), (17, 27))
    """
    out, at = [], 0
    for join in _JOIN.finditer(name):
        if join.start() > at:
            out.append((at, join.start()))
        at = join.end()
    if at < len(name):
        out.append((at, len(name)))
    return tuple(out[: _MOST_PARTS + 1])


@lru_cache(maxsize=20_000)
def read_group(printed: str, on: str | None, home: Home) -> Part | None:
    """A stretch of a name that is a group by itself ("các sở, ban, ngành tỉnh"); None where it is none."""
    spelt, quantified = without_quantifier(key(printed))
    if not spelt or _MINISTERS.search(key(printed)):
        return None
    spelt, narrowed = _without(spelt, "narrowed")
    for candidate in dict.fromkeys((spelt, _without(spelt, "territory")[0])):
        found = _noun(candidate, on, home) or _everywhere(candidate, on, home)
        if found is not None:
            ids, opened = found
            return Part(0, len(printed), ids, opened, quantified, narrowed)
    base, belonging = _without(spelt, "belonging")
    return Part(0, len(printed), (), False, quantified, narrowed) if belonging and base in _nouns() else None


def read_noun(printed: str) -> tuple[str, bool, bool]:
    """A name as spelt, without officials, "các" and "liên quan"; whether "các" was there, whether "liên quan" was.

    >>> read_noun("các Sở Y tế có liên quan")
    ('sở y tế', True, True)
    """
    spelt, quantified = without_quantifier(key(printed))
    bare, narrowed = _without(spelt, "narrowed")
    return bare, quantified, narrowed


def without_quantifier(spelt: str) -> tuple[str, bool]:
    """The spelt name without officials and "các" before it, and whether "các" was there."""
    quantified = False
    for _ in range(3):
        untitled = without_title(spelt)
        bare, found = _stripped_start(untitled)
        quantified = quantified or found
        if bare == spelt:
            break
        spelt = bare
    return spelt, quantified


def _stripped_start(spelt: str) -> tuple[str, bool]:
    found = _forms_at_start().match(spelt)
    return (spelt[found.end() :], True) if found else (spelt, False)


def _noun(spelt: str, on: str | None, home: Home) -> tuple[tuple[str, ...], bool] | None:
    entry = _nouns().get(spelt)
    if entry is None:
        return None
    role, value = entry
    return (members_of(value, on, home) if value else (), role == "open")


def _everywhere(spelt: str, on: str | None, home: Home) -> tuple[tuple[str, ...], bool] | None:
    """The same body of all provinces, districts or communes: "sở y tế các tỉnh, thành phố"."""
    for role in ("all_provinces", *_TABLES):
        base = _before(spelt, role)
        if base is not None:
            return _of_all(role, base, on, home) or (), False
    return ((), False) if _before(spelt, "levels") else None


def _of_all(role: str, base: str, on: str | None, home: Home) -> tuple[str, ...] | None:
    if role == "all_provinces":
        return of_provinces(base, on, home)
    return of_places(_TABLES[role], base or "ủy ban nhân dân", on, home)


def _before(spelt: str, role: str) -> str | None:
    """What stands before words that mean all of them; None where the name does not end in such words."""
    found = _endings(role).search(spelt)
    return spelt[: found.start()].strip() if found else None


def _without(spelt: str, role: str) -> tuple[str, bool]:
    found = _endings(role).search(spelt)
    return (spelt[: found.start()].rstrip(), True) if found and found.start() else (spelt, False)


@cache
def _endings(role: str) -> regex.Pattern[str]:
    entries = lexicon.by_role("body_groups", role)
    forms = sorted({key(form) for e in entries for form in e.forms}, key=len, reverse=True)
    expressions = [*map(regex.escape, forms), *(e.expression for e in entries if not e.forms)]
    return regex.compile(rf"(?<!\w)(?:{'|'.join(expressions)})$")


@cache
def _forms_at_start() -> regex.Pattern[str]:
    forms = {form for e in lexicon.by_role("body_groups", "quantifier") for form in e.forms}
    return regex.compile(rf"(?:{'|'.join(sorted(forms, key=len, reverse=True))})\s(?=\S)")


@cache
def _nouns() -> dict[str, tuple[str, str]]:
    """Spelt nouns of groups: their role and value."""
    return {
        key(form): (role, e.value or "")
        for role in ("generic", "open", "exact")
        for e in lexicon.by_role("body_groups", role)
        for form in e.forms
    }


def group_value(group: str) -> str | None:
    """The value of the group of an id; None for an id that is none."""
    return next((e.value or "" for e in lexicon.load("body_groups") if e.id == group), None)


def without_purpose(name: str) -> str:
    """A name without what a bracket says of the paper.

    >>> without_purpose("Bộ Tài chính (để b/c)")
    'Bộ Tài chính'
    """
    for entry in lexicon.by_role("body_groups", "purpose"):
        name = entry.pattern.sub("", name)
    return name


def stands_for_addressees(name: str) -> bool:
    """ "Như trên", "Như Kính gửi".

    >>> stands_for_addressees("- Như trên;")
    True
    """
    plain = key(_BRACKET.sub("", name).strip(" .,;:-"))
    return any(plain == key(form) for e in lexicon.by_role("body_groups", "same") for form in e.forms)


def asked_politely(name: str) -> str | None:
    """The kind of body in "Quý Bộ", "Quý Sở"; "" in "Quý Cơ quan"; None for any other name.

    >>> asked_politely("Quý Sở"), asked_politely("Quý cơ quan"), asked_politely("Sở")
    ('sở', '', None)
    """
    found = _POLITE.fullmatch(key(name))
    if found is None:
        return None
    return found["kind"] if found["kind"] not in ("cơ quan", "đơn vị") else ""
