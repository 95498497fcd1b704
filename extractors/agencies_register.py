"""Danh bạ cơ quan: the registered bodies, their ids, and who stood on a day.

An id is `TEMPLATE[@PROVINCE][/own][/unit]`:

- `BTC`: a body of which there is one;
- `SO_STC@QUANGNGAI_OLD`: one that each province has, of the province `UBND_QUANGNGAI_OLD`;
- `UBND_HUYEN@QUANGNGAI_OLD/huyen-tra-bong`: one of a district or commune, by its folded name (a commune before
  1 July 2025 after its district: `UBND_XA_OLD@SONLA/huyen-mai-son/xa-chieng-mung`);
- `BTC/vu-phap-che`, `SO_SYT@SONLA/thanh-tra`: a unit of a body, by its folded name.

Sources: NQ 01/2007/QH12 and NQ 176/2025/QH15 (ministries), NQ 22/2003/QH11, NQ 15/2008/QH12 and NQ 202/2025/QH15
(provinces), NĐ 13/2008/NĐ-CP and NĐ 150/2025/NĐ-CP (departments); districts as of 30 June 2025 and communes as of
1 July 2025 by the list of administrative units of the statistics office.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache

import regex

from extractors import lexicon
from extractors.text import fold, matchable

TEMPLATES = frozenset({"department_template", "council_template", "party_template"})
LOCAL = frozenset({"district_template", "district_party_template", "commune_template"})
# Kinds of bodies of which there are many in a province: their bare name tells none of them.
_NAMELESS = frozenset({"commune_office_template", "party_local"})
COMMUNE_KINDS = frozenset({"xã", "phường", "thị trấn", "đặc khu"})

_OFFICE = regex.compile(r"^(?:ủy ban nhân dân )?(?:tỉnh |thành phố |t\. )?")
_DASH = regex.compile(r"\s?-\s?")
_AND = regex.compile(r"\s?&\s?")
_LETTERS = regex.compile(r"\w+")
_OF_THE_KIND = regex.compile(r"Tỉnh (?:ủy|đoàn)$")
_DISTRICT_KIND = regex.compile(r"^(?:huyện|quận|thị xã|thành phố|xã|phường|thị trấn|đặc khu) ")
_LEVEL = regex.compile(r" (?:huyện|xã)(?:, .*)?$")


@dataclass(frozen=True, slots=True)
class Registered:
    """One row of the register; days are ISO, None where open."""

    id: str
    name: str
    level: str
    parent: str | None
    valid_from: str | None
    valid_to: str | None
    successors: tuple[str, ...]

    def stands(self, first: str | None, last: str | None, slack: timedelta = timedelta(0)) -> bool:
        """Whether it existed on some day from `first` to `last`, give or take `slack`."""
        if first is None or last is None:
            return True
        begun = self.valid_from is None or shifted(self.valid_from, -slack) <= last
        return begun and (self.valid_to is None or first <= shifted(self.valid_to, slack))


@dataclass(frozen=True, slots=True)
class Parts:
    """What an id is made of: the row it is of, its province, and the folded names behind the slashes."""

    row: Registered
    seat: Registered | None
    own: tuple[str, ...]


@cache
def registered() -> dict[str, Registered]:
    """Every row by its id, in the order of the file."""
    ids = {row["id"] for row in lexicon.rows("agencies")}
    return {
        row["id"]: Registered(
            row["id"],
            row["canonical_name"],
            row["level"],
            row["parent"] if row["parent"] in ids else None,
            row["valid_from"] or None,
            row["valid_to"] or None,
            tuple(filter(None, row["successor"].split("|"))),
        )
        for row in lexicon.rows("agencies")
    }


@lru_cache(maxsize=20_000)
def parsed(identity: str) -> Parts | None:
    """An id taken apart; None where it is none.

    >>> parsed("SO_STC@KONTUM_OLD").seat.name
    'Ủy ban nhân dân tỉnh Kon Tum'
    """
    head, *own = identity.split("/")
    template, _, province = head.partition("@")
    row = registered().get(template)
    seat = registered().get(f"UBND_{province}") if province else None
    known = row is not None and (seat is not None) == bool(province) == (row.level in TEMPLATES | LOCAL)
    return Parts(row, seat, tuple(own)) if known and row and all(own) else None


@cache
def by_name() -> dict[str, tuple[Registered, ...]]:
    """Rows by every spelling of their name; a bare province is a place, not yet a body."""
    found: dict[str, list[Registered]] = {}
    for row in lexicon.rows("agencies"):
        body = registered()[row["id"]]
        if body.level in LOCAL or body.level in _NAMELESS:
            continue
        letters = [row["symbol"]] if row["id"].startswith("SO_S") else []  # "SYT"; other symbols are too short
        for name in {row["canonical_name"], *filter(None, row["aliases"].split("|")), *letters}:
            spelt = key(name)
            if body.level == "province" and not spelt.startswith("ủy ban nhân dân"):
                continue
            if body not in found.setdefault(spelt, []):
                found[spelt].append(body)
    return {spelt: tuple(bodies) for spelt, bodies in found.items()}


@cache
def local_bases() -> dict[str, tuple[Registered, ...]]:
    """Rows of districts and communes by the name before the kind ("ủy ban nhân dân", "công an")."""
    found: dict[str, list[Registered]] = {}
    for body in registered().values():
        if body.level in ("district_template", "commune_template"):
            found.setdefault(_LEVEL.sub("", key(body.name)), []).append(body)
    return {base: tuple(bodies) for base, bodies in found.items()}


@cache
def provinces() -> dict[str, tuple[Registered, ...]]:
    """The people's committees of provinces by the province's bare names."""
    found: dict[str, list[Registered]] = {}
    for row in lexicon.rows("agencies"):
        body = registered()[row["id"]]
        if body.level != "province":
            continue
        for name in row["aliases"].split("|"):
            bare = without_office(key(name))
            if body not in found.setdefault(bare, []):
                found[bare].append(body)
    return {name: tuple(bodies) for name, bodies in found.items()}


def without_office(spelt: str) -> str:
    """The bare name of a province: "ủy ban nhân dân tỉnh sơn la" -> "sơn la"."""
    return _OFFICE.sub("", spelt)


@cache
def places(table: str) -> dict[str, tuple[tuple[str, str], ...]]:
    """The rows of districts.csv or communes.csv as (province id, name as spelt), by the folded "huyen-tra-bong"."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in lexicon.rows(table):
        named = f"{row['kind']} {row['name']}"
        found.setdefault(slug(named), []).append((row["province"], named))
    return {folded: tuple(rows) for folded, rows in found.items()}


@cache
def listing(table: str) -> frozenset[str]:
    """The provinces whose places districts.csv or communes.csv lists."""
    return frozenset(row["province"] for row in lexicon.rows(table))


@lru_cache(maxsize=500)
def listed_under(province: str, table: str) -> str:
    """The id under which a table lists a province's places: its own, else that of the one it became or was before."""
    if province in listing(table) or province not in registered():
        return province
    became = [heir for heir in registered()[province].successors if heir in listing(table)]
    was = [row.id for row in registered().values() if province in row.successors and row.id in listing(table)]
    near = became or was
    return near[0] if len(near) == 1 else province


def slug(name: str) -> str:
    """A name as it stands in an id.

    >>> slug("Huyện Trà Bồng"), slug("Vụ Kế hoạch - Tài chính")
    ('huyen-tra-bong', 'vu-ke-hoach-tai-chinh')
    """
    return "-".join(_LETTERS.findall(fold(name)))


def without_kind(district: str) -> str:
    """The bare name of a district or commune: "huyện Vân Hồ" -> "Vân Hồ"."""
    return _DISTRICT_KIND.sub("", district)


# -- the names of ids ------------------------------------------------------------------------------------------


def canonical_name(identity: str) -> str | None:
    """The name of a body in normal capitals; None for an unknown id, and where only its folded name is known.

    >>> canonical_name("SO_STC@KONTUM_OLD"), canonical_name("UBND_HUYEN@QUANGNGAI_OLD/huyen-tra-bong")
    ('Sở Tài chính tỉnh Kon Tum', 'Ủy ban nhân dân huyện Trà Bồng')
    """
    parts = parsed(identity)
    if parts is None:
        return None
    if parts.row.level in LOCAL:
        return _local_name(parts) if len(parts.own) == 1 else None
    if parts.own:
        return None
    return name_in(parts.row.name, parts.seat) if parts.seat else parts.row.name


def name_in(name: str, seat: Registered) -> str:
    """The name of a province's body with its province: "Sở Y tế tỉnh Sơn La", "Thành ủy Hà Nội"."""
    province = seat.name.removeprefix("Ủy ban nhân dân ")
    if _OF_THE_KIND.search(name):
        city = province.startswith("thành phố ")
        bare = province.removeprefix("thành phố ").removeprefix("tỉnh ")
        return f"{name.replace('Tỉnh', 'Thành') if city else name} {bare}"
    return f"{name.removesuffix(' tỉnh')} {province}"


def _local_name(parts: Parts) -> str | None:
    table = "communes" if parts.row.level == "commune_template" else "districts"
    province = parts.seat.id if parts.seat else ""
    listed = listed_under(province, table)
    spelt = next((named for at, named in places(table).get(parts.own[0], ()) if at == listed), None)
    return spelt and local_name(parts.row, spelt)


def local_name(row: Registered, spelt: str) -> str:
    """The name of a district's or commune's body: "Ủy ban nhân dân huyện Mường La", "Huyện ủy Mường La"."""
    if row.level == "district_party_template":
        head = {"HU": "Huyện ủy", "QU": "Quận ủy"}.get(row.id, "Thị ủy" if spelt.startswith("thị xã") else "Thành ủy")
        return f"{head} {_DISTRICT_KIND.sub('', spelt)}"
    return f"{_LEVEL.sub('', row.name)} {spelt}"


def parent_of(parts: Parts) -> str | None:
    """The id of the body above; None where there is none or it is not known."""
    head = f"{parts.row.id}@{parts.seat.id.removeprefix('UBND_')}" if parts.seat else parts.row.id
    if parts.row.level in LOCAL:
        inside = "/".join(parts.own[:-1])
        above = f"UBND_HUYEN@{head.partition('@')[2]}/{inside}" if inside else parts.seat and parts.seat.id
        return above or None
    if parts.own:
        return "/".join((head, *parts.own[:-1]))
    return parts.seat.id if parts.seat else parts.row.parent


# -- days ------------------------------------------------------------------------------------------------------


def days(on: str | None) -> tuple[str | None, str | None]:
    """First and last day of an ISO date or prefix ("2025-02" -> 2025-02-01, 2025-02-31: compared as text only)."""
    if on is None:
        return None, None
    return on + "-01-01"[len(on) - 4 :], on + "-12-31"[len(on) - 4 :]


def shifted(day: str, by: timedelta) -> str:
    """An ISO day so much later."""
    if not by:
        return day
    full = day + "-01-01"[len(day) - 4 :]
    return (date.fromisoformat(full) + by).isoformat()


def validity(parts: Parts) -> tuple[str | None, str | None]:
    """From when to when the body of an id existed: its row and its province at once."""
    rows = [parts.row, parts.seat] if parts.seat else [parts.row]
    return (
        max((b.valid_from for b in rows if b.valid_from), default=None),
        min((b.valid_to for b in rows if b.valid_to), default=None),
    )


@lru_cache(maxsize=20_000)
def standing_of(level: str, on: str | None) -> tuple[str, ...]:
    """The ids of a level's bodies on a day, in the order of the register; none where they changed in between."""
    first, last = days(on)
    if first is None or last is None:
        return ()
    before, after = _standing_on(level, first), _standing_on(level, last)
    return before if before == after else ()


def _standing_on(level: str, day: str) -> tuple[str, ...]:
    return tuple(b.id for b in registered().values() if b.level == level and b.stands(day, day))


# -- the one spelling of names ---------------------------------------------------------------------------------


@lru_cache(maxsize=20_000)
def key(name: str) -> str:
    """A name as it is looked up: small letters, short forms written out, one spelling of dashes and "và"."""
    plain = " ".join(matchable(name).lower().split()).strip(" .,;:")
    for pattern, values in _written_out():
        plain = pattern.sub(values, plain) if isinstance(values, str) else _replaced(plain, pattern, values)
    plain = " ".join(plain.split())
    return _DASH.sub("-", _AND.sub(" và ", plain))


def _replaced(plain: str, pattern: regex.Pattern[str], values: dict[str, str]) -> str:
    return pattern.sub(lambda found: values[found[0]], plain)


@cache
def _written_out() -> tuple[tuple[regex.Pattern[str], dict[str, str] | str], ...]:
    """Patterns of short forms in the order in which they are written out, each with what its finds stand for."""
    whole = {form: e.value or "" for e in lexicon.by_role("body_aliases", "word") for form in e.forms}
    heads = {form: e.value or "" for e in lexicon.by_role("body_aliases", "head") for form in e.forms}
    fields = {form: e.value or "" for e in lexicon.by_role("body_aliases", "field") for form in e.forms}
    marked = [e for e in lexicon.by_role("body_aliases", "word") if not e.forms]
    patterned = [(e.pattern, f"{(e.value or '').strip()} ") for e in marked]
    return (
        (regex.compile(rf"(?<!\w)(?:{_any(whole)})(?!\w)"), whole),
        *patterned,
        (regex.compile(rf"^(?:{_any(heads)})(?= \w)"), heads),
        (regex.compile(rf"(?<=(?<!\w)(?:bộ|sở|phòng|ngành) )(?:{_any(fields)})(?!\w)"), fields),
    )


def _any(forms: dict[str, str]) -> str:
    return "|".join(map(regex.escape, sorted(forms, key=len, reverse=True)))
