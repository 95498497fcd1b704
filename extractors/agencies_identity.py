"""Mã cơ quan: which registered body a printed name means on a day, and who took over after the reorganisations.

Ids are those of `lexicon/agencies.csv`. A body that every province has is a template there; its id joins the template
and the province: `SO_STC@QUANGNGAI_OLD` is the department of finance of Quảng Ngãi before 1 July 2025,
`@QUANGNGAI` after. A district or commune is told by its name besides: `UBND_HUYEN@QUANGNGAI_OLD/huyen-tra-bong`.
Sources: NQ 176/2025/QH15 (ministries), NQ 202/2025/QH15 (provinces), NĐ 150/2025/NĐ-CP (departments).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import regex

from extractors import lexicon
from extractors.text import fold, matchable

# Papers keep the old letterhead for a while after a reorganisation.
_TOLERANCE = timedelta(days=60)
_LONGEST_NAME = 400
_TITLE = regex.compile(
    r"^(?:(?:kính gửi:?|đồng chí|đ/c|ông|bà)\s)*(?:quyền\s)?(?:phó\s)?(?:tổng\s)?"
    r"(?:thủ trưởng|giám đốc|chủ tịch|lãnh đạo|bộ trưởng|thứ trưởng|cục trưởng|tổng cục trưởng|vụ trưởng|hiệu trưởng"
    r"|chủ nhiệm|trưởng ban|bí thư)\s(?=\S)"
)
_CHIEF = regex.compile(r"^(?:phó\s)?chánh\s(?=văn phòng|thanh tra)")
_PLURAL = regex.compile(r"^(?:các|những|mọi|mỗi|tất cả|một số)\s|\scác\s|,\s(?:huyện|xã|thị xã|thành phố)\b")
_PROVINCE = regex.compile(r"\s(?P<kind>tỉnh|thành phố)\s(?P<name>\S.*)$")
_OWN_PROVINCE = regex.compile(r"\s(?:tỉnh|thành phố)$")
_DISTRICT = regex.compile(
    r"^ủy ban nhân dân (?P<kind>huyện|quận|thị xã|thành phố|xã|phường|thị trấn|đặc khu) (?P<name>[^,]+?)"
    r"(?:, (?:tỉnh|thành phố|tp\.?) (?P<province>[^,]+))?$"
)
_WORD = regex.compile(r"\s(?=\S)")
_DASH = regex.compile(r"\s?-\s?")
_SHORT = (
    (regex.compile(r"\bubnd\b"), "ủy ban nhân dân"),
    (regex.compile(r"\bhđnd\b"), "hội đồng nhân dân"),
    (regex.compile(r"\btp\.?(?=\s)"), "thành phố"),
)
_COMMUNE = frozenset({"xã", "phường", "thị trấn", "đặc khu"})
_TEMPLATES = frozenset({"department_template", "council_template"})


@dataclass(frozen=True, slots=True)
class Body:
    """Cơ quan: one row of the register of bodies; days are ISO, None where open."""

    id: str
    name: str
    level: str
    valid_from: str | None
    valid_to: str | None
    successors: tuple[str, ...]

    def stands(self, first: str | None, last: str | None, slack: timedelta = timedelta(0)) -> bool:
        """Whether it existed on some day from `first` to `last`, give or take `slack`."""
        if first is None or last is None:
            return True
        begun = self.valid_from is None or _shift(self.valid_from, -slack) <= last
        return begun and (self.valid_to is None or first <= _shift(self.valid_to, slack))


@cache
def _bodies() -> dict[str, Body]:
    return {
        row["id"]: Body(
            row["id"],
            row["canonical_name"],
            row["level"],
            row["valid_from"] or None,
            row["valid_to"] or None,
            tuple(filter(None, row["successor"].split("|"))),
        )
        for row in lexicon.rows("agencies")
    }


@cache
def _index() -> dict[str, tuple[Body, ...]]:
    """Bodies by every spelling of their name."""
    found: dict[str, list[Body]] = {}
    for row in lexicon.rows("agencies"):
        body = _bodies()[row["id"]]
        for name in {row["canonical_name"], *filter(None, row["aliases"].split("|"))}:
            key = _key(name)
            if body.level == "province" and not key.startswith("ủy ban nhân dân"):
                continue  # a bare province is a place, not yet a body
            if body not in found.setdefault(key, []):
                found[key].append(body)
    return {key: tuple(bodies) for key, bodies in found.items()}


@cache
def _provinces() -> dict[str, tuple[Body, ...]]:
    """The people's committees of a province by the province's bare names."""
    found: dict[str, list[Body]] = {}
    for row in lexicon.rows("agencies"):
        body = _bodies()[row["id"]]
        if body.level != "province":
            continue
        for name in row["aliases"].split("|"):
            bare = _OFFICE.sub("", _key(name))
            if body not in found.setdefault(bare, []):
                found[bare].append(body)
    return {name: tuple(bodies) for name, bodies in found.items()}


_OFFICE = regex.compile(r"^(?:ủy ban nhân dân )?(?:tỉnh |thành phố |tp\.? ?|t\. )?")


def identify(name: str, on: str | None = None, place: str | None = None) -> str | None:
    """The canonical id of a body as of a day; None when unsure, and for groups of bodies.

    `on` is an ISO date or a prefix of one; names are taken for 60 days beyond a reorganisation. `place` is a province
    by name, for names without their own ("Sở Tài chính").

    >>> identify("Bộ Thông tin và Truyền thông", "2023-03-31")
    'BTTTT'
    >>> identify("Giám đốc Sở Tài chính tỉnh Kon Tum", "2022-01-05")
    'SO_STC@KONTUM_OLD'
    """
    if len(name) > _LONGEST_NAME:
        return None
    key = _key(name)
    if key not in _index():
        key = _CHIEF.sub("", _TITLE.sub("", key))
    if not key or _PLURAL.search(key):
        return None
    first, last = _days(on)
    exact = _standing(_index().get(key, ()), first, last)
    if exact is not None and "template" not in exact.level:
        return exact.id
    return _of_province(key, first, last, place) or _of_district(key, first, last, place)


def _of_province(key: str, first: str | None, last: str | None, place: str | None) -> str | None:
    """A body that every province has: the province is printed, or else given."""
    base, province = _seat(key, first, last, place)
    if province is None:
        return None
    if base == "ủy ban nhân dân":
        return province.id if base != key else None
    for name in (f"{base} tỉnh", base):
        body = _standing(_index().get(name, ()), first, last)
        if body is not None and body.level in _TEMPLATES:
            return f"{body.id}@{province.id.removeprefix('UBND_')}"
    return None


def _seat(key: str, first: str | None, last: str | None, place: str | None) -> tuple[str, Body | None]:
    """The name without its province, and the province's committee; a district's city is no province."""
    if found := _PROVINCE.search(key):
        body = _province(found["name"], first, last)
        same = body is not None and f" {found['kind']} " in _key(body.name)
        return key[: found.start()], body if same else None
    for word in _WORD.finditer(key):
        if (body := _province_at(key[word.end() :], first, last)) is not None:
            return key[: word.start()], body
    own = _OWN_PROVINCE.search(key)
    return key[: own.start()] if own else key, _province(place, first, last)


def _of_district(key: str, first: str | None, last: str | None, place: str | None) -> str | None:
    found = _DISTRICT.match(key)
    province = _province((found["province"] if found else None) or place, first, last)
    if found is None or province is None:
        return None
    template = "UBND_XA" if found["kind"] in _COMMUNE else "UBND_HUYEN"
    if not _bodies()[template].stands(first, last, _TOLERANCE):
        return None
    own = fold(f"{found['kind']} {found['name']}").replace(" ", "-")
    return f"{template}@{province.id.removeprefix('UBND_')}/{own}"


def _province(name: str | None, first: str | None, last: str | None) -> Body | None:
    return _province_at(_key(name), first, last) if name else None


def _province_at(key: str, first: str | None, last: str | None) -> Body | None:
    return _standing(_provinces().get(_OFFICE.sub("", key), ()), first, last)


def _standing(bodies: tuple[Body, ...], first: str | None, last: str | None) -> Body | None:
    """The one that stood on the day; else the one that stood within the tolerance; None where that is not one."""
    for slack in (timedelta(0), _TOLERANCE):
        standing = [b for b in bodies if b.stands(first, last, slack)]
        if standing:
            return standing[0] if len(standing) == 1 else None
    return None


def successor(identity: str, on: str) -> str | None:
    """The id of the body that has taken over by that day (ISO date); None where it still stands, or nobody is sure.

    >>> successor("BKHDT", "2025-06-01"), successor("BKHDT", "2024-06-01")
    ('BTC', None)
    >>> successor("SO_STTTT@KONTUM_OLD", "2025-08-01")
    'SO_SKHCN@QUANGNGAI'
    """
    template, _, rest = identity.partition("@")
    province, _, district = rest.partition("/")
    if district:
        return None  # a district's duties went to its communes and to the province; which, a person decides
    head = _latest(template, on)
    seat = _latest(f"UBND_{province}", on) if province else ""
    if head is None or seat is None:
        return None
    now = f"{head}@{seat.removeprefix('UBND_')}" if province else head
    return None if now == identity else now


def former(name: str, on: str | None, place: str | None = None) -> str | None:
    """The id of the one body that bore a name and had been merged away by that day; None for a name still to come.

    >>> former("Bộ Thông tin và Truyền thông", "2026-01-05"), former("Bộ Nông nghiệp và Môi trường", "2023-01-05")
    ('BTTTT', None)
    """
    found = identify(name, None, place) if on else None
    return found if found and on and _gone(found, _days(on)[0] or on) else None


def _gone(identity: str, on: str) -> bool:
    template, _, rest = identity.partition("@")
    bodies = (_bodies().get(template), _bodies().get(f"UBND_{rest.partition('/')[0]}"))
    return any(body is not None and body.valid_to is not None and body.valid_to < on for body in bodies)


def province_of(name: str, on: str | None, place: str | None = None) -> str | None:
    """The province of a provincial body, by its bare name in small letters; None for any other body.

    >>> province_of("Sở Y tế tỉnh Kon Tum", "2023-05-04"), province_of("Bộ Y tế", "2023-05-04", "Hà Nội")
    ('kon tum', None)
    """
    template, _, rest = (identify(name, on, place) or "").partition("@")
    seat = _bodies().get(f"UBND_{rest.partition('/')[0]}" if rest else template)
    return _OFFICE.sub("", _key(seat.name)) if seat and seat.level == "province" else None


def identities(name: str) -> tuple[str, ...]:
    """The ids of all bodies that ever bore a name, in order of the alphabet; empty for a name that no body bears.

    >>> identities("UBND tỉnh Quảng Ngãi"), identities("Bộ TT&TT")
    (('UBND_QUANGNGAI', 'UBND_QUANGNGAI_OLD'), ('BTTTT',))
    """
    return tuple(sorted({found for day in _days_of_change() if (found := identify(name, day)) is not None}))


@cache
def _days_of_change() -> tuple[str, ...]:
    """The last days of bodies and the first days of others: any name means the same between two of them."""
    return tuple(sorted({day for b in _bodies().values() for day in (b.valid_from, b.valid_to) if day}))


def spellings() -> tuple[tuple[str, str], ...]:
    """Every name, alias and abbreviation with the level of its body; the bare names of provinces as level "seat"."""
    out = dict.fromkeys(
        (name, row["level"])
        for row in lexicon.rows("agencies")
        if row["level"] != "province"
        for name in (row["canonical_name"], *filter(None, row["aliases"].split("|")))
    )
    seats = (
        (name, "seat")
        for row in lexicon.rows("agencies")
        if row["level"] == "province"
        for name in row["aliases"].split("|")
        if name[:2].isalpha() and not _key(name).startswith("ủy ban")
    )
    return tuple(out | dict.fromkeys(seats))


def _latest(identity: str, on: str) -> str | None:
    """Follows successors up to the day; None where there is no body or more than one."""
    seen = {identity}
    while (body := _bodies().get(identity)) is not None:
        if body.valid_to is None or on <= body.valid_to:
            return identity
        if len(body.successors) != 1 or body.successors[0] in seen:
            return None
        identity = body.successors[0]
        seen.add(identity)
    return None


def canonical_name(identity: str) -> str | None:
    """The name of a body in normal capitals; None for an unknown id, and for a district (its name is as printed).

    >>> canonical_name("SO_STC@KONTUM_OLD")
    'Sở Tài chính tỉnh Kon Tum'
    """
    template, _, province = identity.partition("@")
    body = _bodies().get(template)
    if body is None or "/" in province:
        return None
    if not province:
        return body.name
    seat = _bodies().get(f"UBND_{province}")
    return f"{body.name.removesuffix(' tỉnh')} {seat.name.removeprefix('Ủy ban nhân dân ')}" if seat else None


def described(identity: str) -> tuple[str, str, str, str | None, str | None, str | None] | None:
    """id, name, kind, parent, valid_from and valid_to of an id; None for an id that is none."""
    template, _, rest = identity.partition("@")
    province, _, own = rest.partition("/")
    row, seat = _bodies().get(template), _bodies().get(f"UBND_{province}") if province else None
    name = canonical_name(identity) if not own else own
    if row is None or name is None or (province and seat is None):
        return None
    parts = [row, seat] if seat else [row]
    parent = seat.id if seat else _parents()[row.id]
    begun = max((b.valid_from for b in parts if b.valid_from), default=None)
    over = min((b.valid_to for b in parts if b.valid_to), default=None)
    return identity, name, row.level.removesuffix("_template"), parent, begun, over


@cache
def _parents() -> dict[str, str | None]:
    return {row["id"]: row["parent"] if row["parent"] in _bodies() else None for row in lexicon.rows("agencies")}


def standing_of(level: str, on: str | None) -> tuple[str, ...]:
    """The ids of a level's bodies on a day, in the order of the register; none where they changed in between."""
    first, last = _days(on)
    if first is None or last is None:
        return ()
    before, after = _standing_on(level, first), _standing_on(level, last)
    return before if before == after else ()


def _standing_on(level: str, day: str) -> tuple[str, ...]:
    return tuple(b.id for b in _bodies().values() if b.level == level and b.stands(day, day))


def _key(name: str) -> str:
    """A name as it is looked up: small letters, one spelling of dashes, "và" and abbreviations."""
    plain = " ".join(matchable(name).lower().split()).strip(" .,;:")
    for short, written_out in _SHORT:
        plain = short.sub(written_out, plain)
    return _DASH.sub("-", plain.replace(" & ", " và "))


def _days(on: str | None) -> tuple[str | None, str | None]:
    """First and last day of an ISO date or prefix ("2025-02" -> 2025-02-01, 2025-02-31: compared as text only)."""
    if on is None:
        return None, None
    return on + "-01-01"[len(on) - 4 :], on + "-12-31"[len(on) - 4 :]


def _shift(day: str, by: timedelta) -> str:
    full = day + "-01-01"[len(day) - 4 :]
    return (date.fromisoformat(full) + by).isoformat()
