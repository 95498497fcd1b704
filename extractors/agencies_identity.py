"""Mã cơ quan: which registered body a printed name means on a day.

Ids are those of `agencies_register`; who took over after the reorganisations is `succession`'s word.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cache, lru_cache

import regex

from extractors import lexicon
from extractors.agencies_register import (
    COMMUNE_KINDS,
    LOCAL,
    TEMPLATES,
    Registered,
    by_name,
    canonical_name,
    days,
    key,
    listed_under,
    listing,
    local_bases,
    parsed,
    places,
    provinces,
    registered,
    slug,
    validity,
    without_kind,
    without_office,
)
from extractors.text import matchable

__all__ = [
    "canonical_name",
    "common_words",
    "former",
    "identify",
    "identities",
    "of_symbol",
    "province_named",
    "province_of",
    "spellings",
    "without_title",
]

# Papers keep the old letterhead for a while after a reorganisation.
_TOLERANCE = timedelta(days=60)
_LONGEST_NAME = 400
_CHIEF = regex.compile(r"^(?:phó\s)?(?:chánh|tổng)\s(?=văn phòng|thanh tra|kiểm toán)")
_PLURAL = regex.compile(
    r"^(?:các|những|mọi|mỗi|tất cả|một số)\s|\scác\s|,\s(?:huyện|xã|thị xã|thành phố)(?:,|\svà|$)|;"
)
_NAMED_PLURAL = regex.compile(
    r"\b(?:các khu (?:công nghiệp|kinh tế)|các cơ quan|các doanh nghiệp|các hội|các tổ chức)\b"
)
_PROVINCE = regex.compile(r"\s(?P<kind>tỉnh|thành phố)\s(?!ủy|đoàn)(?P<name>\S.*)$")
_OWN_PROVINCE = regex.compile(r"\s(?P<kind>tỉnh|thành phố)$")
_OWN_KIND = regex.compile(r"(?<!\w)(tỉnh|thành) (?:ủy|đoàn)$")
_LOCAL = regex.compile(
    r"^(?P<base>\S.{2,30}?) (?P<kind>huyện|quận|thị xã|thành phố|xã|phường|thị trấn|đặc khu) (?P<name>[^,(]{1,40}?)"
    r"(?:,? (?P<inside>(?:huyện|quận|thị xã|thành phố) [^,(]{1,40}?))?"
    r"(?:,? (?:tỉnh|thành phố) (?P<province>[^,(]{1,40}))?$"
)
_LOCAL_PARTY = regex.compile(
    r"^(?:thường trực |ban thường vụ )?(?P<kind>huyện|quận|thị|thành) ủy (?P<name>[^,(]{1,40}?)"
    r"(?:,? tỉnh (?P<province>[^,(]{1,40}))?$"
)
_PARTY_ROWS = {
    "huyện": ("HU", "huyện"),
    "quận": ("QU", "quận"),
    "thị": ("THU", "thị xã"),
    "thành": ("THU", "thành phố"),
}
_WORD = regex.compile(r"\s(?=\S)")


def identify(name: str, on: str | None = None, place: str | None = None) -> str | None:
    """The canonical id of a body as of a day; None when unsure, and for groups of bodies.

    `on` is an ISO date or a prefix of one; names are taken for 60 days beyond a reorganisation. `place` is a province
    by name, for names without their own ("Sở Tài chính").

    >>> identify("Bộ Thông tin và Truyền thông", "2023-03-31")
    'BTTTT'
    >>> identify("Giám đốc Sở Tài chính tỉnh Kon Tum", "2022-01-05")
    'SO_STC@KONTUM_OLD'
    """
    if len(name) > _LONGEST_NAME or _plain(name) in _forms("ambiguous"):
        return None
    spelt = key(name)
    if spelt not in by_name():
        spelt = without_title(spelt)
    if not spelt or _PLURAL.search(_NAMED_PLURAL.sub("", spelt)):
        return None
    found = _known(spelt, *days(on), place)
    return found or (_only_ever(spelt, place) if on is None else None)


@lru_cache(maxsize=20_000)
def _known(spelt: str, first: str | None, last: str | None, place: str | None) -> str | None:
    exact = _standing(by_name().get(spelt, ()), first, last)
    single = exact is not None and exact.level not in TEMPLATES
    if single and not (place and _standing(by_name().get(f"{spelt} tỉnh", ()), first, last)):
        return exact.id if exact else None
    own = _of_province(spelt, first, last, place) or _of_locality(spelt, first, last, place)
    return own or (exact.id if exact and single else None)


@lru_cache(maxsize=20_000)
def _only_ever(spelt: str, place: str | None) -> str | None:
    """The one body that a name meant at any time: a department that was gone before its province was merged."""
    ever = {found for day in _days_of_change() if (found := _known(spelt, *days(day), place)) is not None}
    return ever.pop() if len(ever) == 1 else None


def without_title(spelt: str) -> str:
    """A spelt name without the officials who stand for the body: "giám đốc sở y tế" -> "sở y tế"."""
    at = 0
    while found := _titles().match(spelt, at):
        at = found.end()
    return _CHIEF.sub("", spelt[at:])


@cache
def _titles() -> regex.Pattern[str]:
    forms = "|".join(map(regex.escape, sorted(_forms("title"), key=len, reverse=True)))
    return regex.compile(rf"(?:{forms})(?:,\s|\svà\s|/|\scủa\s|:\s|\s)(?=\S)")


@cache
def _forms(role: str) -> frozenset[str]:
    return frozenset(form for entry in lexicon.by_role("body_aliases", role) for form in entry.forms)


def common_words() -> frozenset[str]:
    """Spelt names that are common words unless a province or its kind follows ("thanh tra", "công an")."""
    return _forms("needs_place")


def _plain(name: str) -> str:
    return " ".join(matchable(name).lower().split()).strip(" .,;:")


# -- bodies that every province has ----------------------------------------------------------------------------


def _of_province(spelt: str, first: str | None, last: str | None, place: str | None) -> str | None:
    """A body that every province has: the province is printed, or else given."""
    base, province, printed = _seat(spelt, first, last, place)
    if province is None or (not printed and base in _forms("needs_place")):
        return None
    if base == "ủy ban nhân dân":
        return province.id if base != spelt else None
    if (own := _OWN_KIND.search(base)) and not _is_a(province, "thành phố" if own[1] == "thành" else "tỉnh"):
        return None
    for name in (f"{base} tỉnh", base):
        body = _standing(by_name().get(name, ()), first, last)
        if body is not None and body.level in TEMPLATES:
            return f"{body.id}@{province.id.removeprefix('UBND_')}"
    return None


def _seat(spelt: str, first: str | None, last: str | None, place: str | None) -> tuple[str, Registered | None, bool]:
    """The name without its province, the province's committee, and whether it or its kind is printed."""
    if found := _PROVINCE.search(spelt):
        body = _province(found["name"], first, last)
        return spelt[: found.start()], body if body and _is_a(body, found["kind"]) else None, True
    for word in _WORD.finditer(spelt):
        if (body := _province_at(spelt[word.end() :], first, last)) is not None:
            return spelt[: word.start()].removesuffix("-"), body, True
    body = _province(place, first, last)
    if own := _OWN_PROVINCE.search(spelt):
        return spelt[: own.start()], body if body and _is_a(body, own["kind"]) else None, True
    return spelt, body, False


def _is_a(province: Registered, kind: str) -> bool:
    return f" {kind} " in key(province.name)


def _province(name: str | None, first: str | None, last: str | None) -> Registered | None:
    return _province_at(key(name), first, last) if name else None


def _province_at(spelt: str, first: str | None, last: str | None) -> Registered | None:
    return _standing(provinces().get(without_office(spelt), ()), first, last)


def _standing(bodies: tuple[Registered, ...], first: str | None, last: str | None) -> Registered | None:
    """The one that stood on the day; else the one that stood within the tolerance; None where that is not one."""
    for slack in (timedelta(0), _TOLERANCE):
        standing = [b for b in bodies if b.stands(first, last, slack)]
        if standing:
            return standing[0] if len(standing) == 1 else None
    return None


# -- bodies of districts and communes --------------------------------------------------------------------------


def _of_locality(spelt: str, first: str | None, last: str | None, place: str | None) -> str | None:
    if found := _LOCAL_PARTY.match(spelt):
        row, kind = _PARTY_ROWS[found["kind"]]
        return _local_id((registered()[row],), f"{kind} {found['name']}", None, found["province"] or place, first, last)
    found = _LOCAL.match(spelt)
    if found is None or found["base"] not in local_bases():
        return None
    commune = found["kind"] in COMMUNE_KINDS
    rows = tuple(b for b in local_bases()[found["base"]] if (b.level == "commune_template") == commune)
    spot = f"{found['kind']} {found['name']}"
    return _local_id(rows, spot, found["inside"], found["province"] or place, first, last)


def _local_id(
    rows: tuple[Registered, ...],
    spot: str,
    inside: str | None,
    province_name: str | None,
    first: str | None,
    last: str | None,
) -> str | None:
    row = _standing(rows, first, last)
    if row is None or (inside is not None and row.id != "UBND_XA_OLD"):
        return None
    table = "communes" if row.level == "commune_template" and row.id != "UBND_XA_OLD" else "districts"
    listed = inside if row.id == "UBND_XA_OLD" else spot
    province = _province(province_name, first, last) or (_province_with(listed, table, first, last) if listed else None)
    if province is None or listed is None or not _may_be(listed, table, province):
        return None
    own = f"{slug(inside)}/{slug(spot)}" if inside else slug(spot)
    return f"{row.id}@{province.id.removeprefix('UBND_')}/{own}"


def _province_with(spot: str, table: str, first: str | None, last: str | None) -> Registered | None:
    """The only province that has a district or commune of that name."""
    having = {province for province, _ in places(table).get(slug(spot), ())}
    only = having.pop() if len(having) == 1 else None
    return _standing(_listed_provinces(table).get(only, ()), first, last) if only else None


@cache
def _listed_provinces(table: str) -> dict[str, tuple[Registered, ...]]:
    """The provinces of all times by the id under which their places are listed, in the order of the register."""
    found: dict[str, tuple[Registered, ...]] = {}
    for one in registered().values():
        if one.level == "province":
            listed = listed_under(one.id, table)
            found[listed] = (*found.get(listed, ()), one)
    return found


def _may_be(spot: str, table: str, province: Registered) -> bool:
    """Whether the province has such a place; of one whose places are not listed it may have any.

    A district may have been a town before or after, a commune of a new city a ward: then the bare name is enough.
    """
    listed = listed_under(province.id, table)
    if listed not in listing(table):
        return True
    if table == "communes" and listed == province.id:
        return listed in {at for at, _ in places(table).get(slug(spot), ())}
    return (listed, slug(without_kind(spot))) in _named(table)


@cache
def _named(table: str) -> frozenset[tuple[str, str]]:
    return frozenset((row["province"], slug(row["name"])) for row in lexicon.rows(table))


# -- symbols of documents --------------------------------------------------------------------------------------


def of_symbol(office: str, on: str | None) -> str | None:
    """The id of the one body that signs with a group of a symbol ("BTC" in "12/BTC-NSNN"); None where several do.

    >>> of_symbol("BTC", "2023-05-04"), of_symbol("UBND", "2023-05-04")
    ('BTC', None)
    """
    found = _standing(_by_symbol().get(office.casefold(), ()), *days(on))
    return found.id if found else None


@cache
def _by_symbol() -> dict[str, tuple[Registered, ...]]:
    found: dict[str, list[Registered]] = {}
    for row in lexicon.rows("agencies"):
        found.setdefault(row["symbol"].casefold(), []).append(registered()[row["id"]])
    single = {symbol: rows for symbol, rows in found.items() if symbol}
    return {s: tuple(rows) for s, rows in single.items() if all(r.level not in TEMPLATES | LOCAL for r in rows)}


# -- names through time ----------------------------------------------------------------------------------------


def former(name: str, on: str | None, place: str | None = None) -> str | None:
    """The id of the one body that bore a name and had been merged away by that day; None for a name still to come.

    >>> former("Bộ Thông tin và Truyền thông", "2026-01-05"), former("Bộ Nông nghiệp và Môi trường", "2023-01-05")
    ('BTTTT', None)
    """
    found = identify(name, None, place) if on else None
    return found if found and on and _gone(found, days(on)[0] or on) else None


def _gone(identity: str, on: str) -> bool:
    parts = parsed(identity)
    over = validity(parts)[1] if parts else None
    return over is not None and over < on


def province_of(name: str, on: str | None, place: str | None = None) -> str | None:
    """The province of a provincial or local body, by its bare name in small letters; None for any other body.

    `place` is what the date line of its paper says: a province, or a town in one.

    >>> province_of("Sở Y tế tỉnh Kon Tum", "2023-05-04"), province_of("Bộ Y tế", "2023-05-04", "Hà Nội")
    ('kon tum', None)
    >>> province_of("Sở Y tế", "2023-05-04", "Nha Trang")
    'khánh hòa'
    """
    first, last = days(on)
    home = place if _province(place, first, last) else _town(place, first, last)
    parts = parsed(identify(name, on, home) or "")
    seat = parts and (parts.seat or parts.row)
    return without_office(key(seat.name)) if seat and seat.level == "province" else None


def province_named(name: str, on: str | None) -> str | None:
    """The id of the province that a name ends in with its kind ("… tỉnh Sơn La"); None for any other name.

    >>> province_named("Bệnh viện Hoa Ban tỉnh Sơn La", "2023-05-04")
    'UBND_SONLA'
    """
    found = _PROVINCE.search(key(name))
    body = _province(found["name"], *days(on)) if found else None
    return body.id if found and body and _is_a(body, found["kind"]) else None


def _town(place: str | None, first: str | None, last: str | None) -> str | None:
    """The province of a town or district that a date line names."""
    having = {
        found
        for kind in ("thành phố", "thị xã", "quận", "huyện")
        if place and (found := _province_with(f"{kind} {place}", "districts", first, last))
    }
    return having.pop().name if len(having) == 1 else place


def identities(name: str) -> tuple[str, ...]:
    """The ids of all bodies that ever bore a name, in order of the alphabet; empty for a name that no body bears.

    >>> identities("UBND tỉnh Quảng Ngãi"), identities("Bộ TT&TT")
    (('UBND_QUANGNGAI', 'UBND_QUANGNGAI_OLD'), ('BTTTT',))
    """
    return tuple(sorted({found for day in _days_of_change() if (found := identify(name, day)) is not None}))


@cache
def _days_of_change() -> tuple[str, ...]:
    """The last days of bodies and the first days of others: any name means the same between two of them."""
    return tuple(sorted({day for b in registered().values() for day in (b.valid_from, b.valid_to) if day}))


def _in_letters(name: str) -> list[str]:
    """The short forms of a name by its field of work: "Sở KH&ĐT", "Sở KHĐT"."""
    head = name.partition(" ")[0]
    if head not in ("Bộ", "Sở"):
        return []
    entries = [e for e in lexicon.by_role("body_aliases", "field") if e.value == key(name).partition(" ")[2]]
    return [f"{head} {form.upper()}" for e in entries for form in e.forms if len(form) > 2 and " " not in form]


def spellings() -> tuple[tuple[str, str], ...]:
    """Every name, alias and abbreviation with the level of its body; the bare names of provinces as level "seat"."""
    out = dict.fromkeys(
        (name, row["level"])
        for row in lexicon.rows("agencies")
        if row["level"] != "province"
        for name in (
            row["canonical_name"],
            *filter(None, row["aliases"].split("|")),
            *_in_letters(row["canonical_name"]),
        )
    )
    seats = (
        (name, "seat")
        for row in lexicon.rows("agencies")
        if row["level"] == "province"
        for name in row["aliases"].split("|")
        if name[:2].isalpha() and not key(name).startswith("ủy ban")
    )
    return tuple(out | dict.fromkeys(seats))
