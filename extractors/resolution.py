"""Xác định cơ quan: which registered bodies a printed name means on a day, and who answers for them later.

    resolve("UBND các tỉnh, thành phố trực thuộc Trung ương", "2021-07-15")   -> 63 bodies
    members("group.ministries", "2025-03-01")                                 -> the 14 ministries of that day
    succession("SO_SKHDT@KONTUM_OLD", "2025-08-01")                           -> one heir, SO_STC@QUANGNGAI

Ids are those of `agencies_register`; `docs/bodies.md` describes them. Nothing is guessed: what is not known for certain
stays in `Resolution.rest` as printed.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Literal

import regex

from extractors.agencies import find_bodies, split_bodies
from extractors.agencies_identity import common_words, former, identify, province_named, province_of, without_title
from extractors.agencies_register import (
    LOCAL,
    TEMPLATES,
    by_name,
    canonical_name,
    key,
    parent_of,
    parsed,
    registered,
    validity,
)
from extractors.agencies_succession import Passing, heirs
from extractors.resolution_groups import (
    Part,
    asked_politely,
    group_value,
    read_group,
    read_noun,
    stands_for_addressees,
    without_purpose,
    without_quantifier,
)
from extractors.resolution_lists import Reader, read_parts
from extractors.resolution_members import Home, members_of, of_provinces
from extractors.resolution_naming import printed_name
from extractors.resolution_own import own_body, own_unit, owned_unit

__all__ = ["Body", "Context", "Resolution", "Succession", "body", "era", "members", "resolve", "succession"]

Sort = Literal["body", "group", "role", "unknown"]

_LONGEST_NAME = 1_000
# More provinces than this in the addresses of a paper: it is for all of them.
_MOST_SEATS = 30


@dataclass(frozen=True, slots=True)
class Body:
    """Cơ quan: a registered body.

    `name` is its full official name; of a unit, and of a commune before July 2025, as printed with the body above it
    ("Vụ Pháp chế, Bộ Y tế"), or the folded words of its id where only that is known;
    `kind` a level of agencies.csv without "_template" ("ministry", "province", "department", "district" …), or "unit";
    `parent` the id above it, None where there is none or it is not known. It existed from `valid_from` to `valid_to`,
    both ISO days and included; None where open or not known.
    """

    id: str
    name: str
    kind: str
    parent: str | None
    valid_from: str | None
    valid_to: str | None


@dataclass(frozen=True, slots=True)
class Context:
    """Ngữ cảnh: what a paper says around a name.

    `issuer` is the body that speaks, as printed; `place` the place of its date line ("Kon Tum"), which tells the
    province of an issuer that is called without it; `addressees` the entries of "Kính gửi", for "Như trên", and for
    whose "Sở Y tế" a ministry means.
    """

    issuer: str | None = None
    place: str | None = None
    addressees: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Resolution:
    """Kết quả xác định: the bodies that a printed name means.

    `sort`: "body" where it names bodies, one or a list of them; "group" where a common noun stands for them; "role"
    where it is people or officials of no body that is told; "unknown" where it is none of these. `bodies` are in the
    order of the text, each once. `rest` holds the parts as printed for which no body can be named: a duty of theirs
    keeps the printed name. So one duty for each of `bodies` and one for each of `rest` is all that is owed. `open` is
    True where a group by its words takes in others too ("các bộ, ngành").
    """

    printed: str
    sort: Sort
    bodies: tuple[Body, ...] = ()
    rest: tuple[str, ...] = ()
    open: bool = False

    @property
    def id(self) -> str | None:
        """The id where the name means exactly one body, else None."""
        return self.bodies[0].id if self.sort == "body" and len(self.bodies) == 1 and not self.rest else None


@dataclass(frozen=True, slots=True)
class Succession:
    """Kế thừa: who answers on a day for what a body owed.

    `sort`: "stands" where it is still there (`bodies` is the body itself); "one" where one body has taken over;
    "split" where its functions went to several (`bodies`, the main one first): a person decides; "open" where it is
    gone and who took over depends on the duty (districts, units; `bodies` may hold who is likely): a person decides;
    "unknown" for an id that is none.
    """

    sort: Passing
    bodies: tuple[Body, ...] = ()

    @property
    def id(self) -> str | None:
        """The body that owes now, None where a person must decide."""
        return self.bodies[0].id if self.sort in ("stands", "one") else None


@dataclass(frozen=True, slots=True)
class _Standpoint:
    """Where a paper stands: its day, the id of its issuer, the provinces it is about, the one to look names up in."""

    on: str | None
    issuer: str | None
    home: Home
    place: str | None


_ARCHIVE = regex.compile(r"\W{0,3}Lưu(?:\s?:|\s\p{Lu})")
_PLURAL = regex.compile(r"(?<!\w)(?:các|mỗi|mọi|những)(?!\w)", regex.IGNORECASE)
_NOWHERE = Context()
_TELLING: tuple[Sort, ...] = ("group", "body", "role", "unknown")


@lru_cache(maxsize=20_000)
def resolve(name: str, on: str | None, context: Context = _NOWHERE) -> Resolution:
    """The bodies that a printed name means in a paper of day `on` (ISO, a prefix of it, or None where not printed).

    >>> resolve("Sở Tài chính", "2023-05-04", Context(issuer="UBND tỉnh Kon Tum")).id
    'SO_STC@KONTUM_OLD'
    >>> len(resolve("UBND các tỉnh, thành phố trực thuộc Trung ương", "2021-07").bodies)
    63
    >>> [b.id for b in resolve("các Sở: Tài chính, Y tế", "2023-05-04", Context(issuer="UBND tỉnh Sơn La")).bodies]
    ['SO_STC@SONLA', 'SO_SYT@SONLA']
    >>> resolve("Sở Mây Trắng", "2021-07-01").rest
    ('Sở Mây Trắng',)
    """
    if len(name) > _LONGEST_NAME or not name.strip():
        return Resolution(name, "unknown", rest=(name,))
    tidy = without_purpose(" ".join(unicodedata.normalize("NFC", name).replace("*", "").split()))
    if tidy != name:
        return replace(resolve(tidy, on, context), printed=name)
    if _ARCHIVE.match(name):
        return Resolution(name, "role", rest=(name,))
    if stands_for_addressees(name):
        below = replace(context, addressees=())
        return _together(name, tuple(resolve(a, on, below) for a in context.addressees))
    if (kind := asked_politely(name)) is not None:
        return _asked(name, kind, on, context)
    return _resolved(name, _standpoint(on, context))


def members(group: str, on: str | None, context: Context = _NOWHERE) -> tuple[Body, ...]:
    """The bodies of a group (an id of `lexicon/body_groups.toml`) on a day, in the order of the register.

    Empty for an unknown group, for one that nobody lists, and where the day is not told so well that the members are
    the same throughout.

    >>> [b.id for b in members("group.ministerial", "2026-01-05")]
    ['VPCP', 'NHNN', 'TTCP']
    """
    value = group_value(group)
    return _bodies(members_of(value, on, _standpoint(on, context).home)) if value else ()


def succession(id: str, on: str) -> Succession:
    """Who answers on that ISO day for what the body owed.

    >>> succession("BKHDT", "2024-06-01").sort, succession("BKHDT", "2025-06-01").id
    ('stands', 'BTC')
    >>> succession("UBND_HUYEN@SONLA/huyen-muong-la", "2025-08-01").sort
    'open'
    """
    sort, ids = heirs(id, on)
    return Succession(sort, _bodies(ids))


def era(on: str) -> str:
    """The first day (ISO) of the time around an ISO day on all days of which `succession` says the same of every body:
    between two reorganisations, or the first or last day of some body alone.

    >>> era("2024-06-01") == era("2024-07-01"), era("2025-02-28"), era("2025-03-01")
    (True, '2025-02-28', '2025-03-01')
    """
    at = bisect_left(_turns(), on)
    if on in _turns()[at : at + 1]:
        return on
    return (date.fromisoformat(_turns()[at - 1]) + timedelta(days=1)).isoformat() if at else date.min.isoformat()


@cache
def _turns() -> tuple[str, ...]:
    """First and last days of all bodies."""
    rows = registered().values()
    return tuple(sorted({day for row in rows for day in (row.valid_from, row.valid_to) if day}))


@lru_cache(maxsize=20_000)
def body(id: str) -> Body | None:
    """The body of an id; None for an id that is none.

    >>> body("SO_SKHDT@KONTUM_OLD").name, body("SO_SKHDT@KONTUM_OLD").parent, body("SO_SKHDT@KONTUM_OLD").valid_to
    ('Sở Kế hoạch và Đầu tư tỉnh Kon Tum', 'UBND_KONTUM_OLD', '2025-02-28')
    """
    parts = parsed(id)
    if parts is None:
        return None
    begun, over = validity(parts)
    name = canonical_name(id) or parts.own[-1].replace("-", " ")
    unit = bool(parts.own) and (
        parts.row.level not in LOCAL or (canonical_name(id) is None and parts.row.id != "UBND_XA_OLD")
    )
    kind = "unit" if unit else parts.row.level.removesuffix("_template")
    return Body(id, name, kind, parent_of(parts), begun, over)


def _bodies(ids: tuple[str, ...]) -> tuple[Body, ...]:
    return tuple(found for id in ids if (found := body(id)))


# -- one name --------------------------------------------------------------------------------------------------


def _resolved(name: str, here: _Standpoint) -> Resolution:
    reader = Reader(
        lambda words, units, gone: _single(words, here, units, gone),
        lambda words, beside: _group(words, here, beside),
    )
    parts = read_parts(name, reader)
    if parts is not None:
        return _of_parts(name, parts)
    entries = [entry.text for entry in split_bodies(name)]
    if len(entries) > 1:
        return _together(name, tuple(_resolved(entry, here) for entry in entries))
    return Resolution(name, _sort_of(name), rest=(name,))


def _single(words: str, here: _Standpoint, units: bool, gone: bool) -> str | None:
    """The id of the one body that words name; `units`: those of the issuer count; `gone`: so do former bodies."""
    local = here.issuer is not None and _local(here.issuer)
    own = own_body(words, here.issuer) if here.issuer else None
    found = identify(words, here.on, here.place) or (former(words, here.on, here.place) if gone else None)
    if local and found and "@" in found and not _says_whose(words):
        found = None  # the federation of the district rather than that of its province
    first, second = (own, found) if local or key(words) in ("bộ", "sở", "cục") else (found, own)
    if first or second or not units:
        return first or second
    if (owned := owned_unit(words, here.on, here.place)) is not None:
        return _unit(*owned)
    return _unit(words, here.issuer) if here.issuer else None


def _local(id: str) -> bool:
    parts = parsed(id)
    return parts is not None and parts.row.level in LOCAL


def _says_whose(words: str) -> bool:
    """Whether a name tells that it is the province's."""
    spelt = without_title(key(words))
    return spelt.startswith("sở ") or " tỉnh" in f" {spelt}" or identify(words, None, None) is not None


def _unit(words: str, issuer: str) -> str | None:
    mentions = find_bodies(words[:1].upper() + words[1:])
    whole = len(mentions) == 1 and (mentions[0].start, mentions[0].end) == (0, len(words))
    named = whole and mentions[0].rule in ("agency.name", "agency.institution", "agency.house")
    return own_unit(words, issuer) if named else None


def _group(words: str, here: _Standpoint, beside: bool) -> Part | None:
    part = read_group(words, here.on, here.home) or _of_every_province(words, here)
    if part is None or part.quantified or beside or " " in without_quantifier(key(words))[0]:
        return part
    return replace(part, ids=())  # "Giám đốc Sở" by itself is no group


def _of_every_province(words: str, here: _Standpoint) -> Part | None:
    """ "các Sở Y tế", "Sở Y tế" in a paper for the whole country: those of the provinces that it is sent to."""
    spelt, quantified, narrowed = read_noun(words)
    rows = [r for name in (spelt, f"{spelt} tỉnh") for r in by_name().get(name, ()) if r.level in TEMPLATES]
    if not here.home.central or not rows or (not quantified and (" " not in spelt or spelt in common_words())):
        return None
    ids = of_provinces(spelt, here.on, here.home)
    return None if ids is None else Part(0, len(words), ids, quantified=quantified, narrowed=narrowed)


def _of_parts(name: str, parts: tuple[Part, ...]) -> Resolution:
    ids = tuple(dict.fromkeys(id for part in parts for id in part.ids))
    sort: Sort = "body" if all(part.named for part in parts) else "group"
    if not ids and _sort_of(name) == "role":
        sort = "role"
    bodies = tuple(_as_printed(found, name, parts) for found in _bodies(ids))
    return Resolution(name, sort, bodies, _rest(name, parts), any(part.open and part.ids for part in parts))


def _as_printed(found: Body, name: str, parts: tuple[Part, ...]) -> Body:
    """A body whose id holds only folded words, with its name as it is printed."""
    if "/" not in found.id:
        return found
    words = next((name[part.start : part.end] for part in parts if part.named and part.ids == (found.id,)), None)
    shown = printed_name(found.id, words) if words else None
    return replace(found, name=shown) if shown else found


def _rest(name: str, parts: tuple[Part, ...]) -> tuple[str, ...]:
    """What stands as printed for parts that nobody lists; parts beside each other are one."""
    out: list[str] = []
    start = end = -1
    for part in (*parts, None):
        if part is not None and not part.ids:
            start, end = (part.start if start < 0 else start), part.end
        elif start >= 0:
            out.append(name[start:end])
            start = -1
    return tuple(out)


def _sort_of(name: str) -> Sort:
    """What a name without a body is, by the grammar of mentions."""
    found = find_bodies(name)
    if len(found) != 1 or found[0].start > 0 or found[0].end < len(name.rstrip(" .;,")):
        return "unknown"
    rule = found[0].rule
    if rule == "agency.group" or (rule == "agency.official" and _PLURAL.search(name)):
        return "group"
    return "role" if rule in ("agency.person", "agency.official") else "unknown"


def _asked(name: str, kind: str, on: str | None, context: Context) -> Resolution:
    """ "Quý Sở": the one addressee of that kind."""
    below = replace(context, addressees=())
    sent = [b for a in context.addressees for b in resolve(a, on, below).bodies]
    found = [b for b in sent if key(b.name).startswith(f"{kind} ")] if kind else sent
    return Resolution(name, "body", (found[0],)) if len(found) == 1 else Resolution(name, "role", rest=(name,))


def _together(name: str, found: tuple[Resolution, ...]) -> Resolution:
    bodies = tuple({b.id: b for one in reversed(found) for b in reversed(one.bodies)}.values())[::-1]
    rest = tuple(dict.fromkeys(r for one in found for r in one.rest))
    sorts = {one.sort for one in found}
    sort: Sort = next((s for s in _TELLING if s in sorts), "group")
    return Resolution(name, sort, bodies, rest or (() if bodies else (name,)), any(one.open for one in found))


# -- where a paper stands --------------------------------------------------------------------------------------


@lru_cache(maxsize=2_000)
def _standpoint(on: str | None, context: Context) -> _Standpoint:
    if context.issuer is None:
        return _Standpoint(on, None, Home(), None)
    province = province_of(context.issuer, on, context.place)
    place = province or context.place
    issuer = identify(context.issuer, on, place) or former(context.issuer, on, place)
    if issuer is None and (owned := owned_unit(context.issuer, on, context.place)):
        issuer = owned[1]  # "Văn phòng Bộ Y tế" speaks of the units of the ministry
    seat = _seat_of(issuer)
    if seat is not None:
        return _Standpoint(on, issuer, Home((seat,)), _bare(seat))
    if issuer is None:  # "Bệnh viện Đa khoa tỉnh Sơn La" tells its province all the same
        seat = province_named(context.issuer, on)
        return _Standpoint(on, None, Home((seat,)), _bare(seat)) if seat else _Standpoint(on, None, Home(), None)
    return _central(on, issuer, context)


def _central(on: str | None, issuer: str, context: Context) -> _Standpoint:
    """A paper for the whole country, or for the provinces that it is sent to."""
    below = _Standpoint(on, issuer, Home(central=True), None)
    sent = [b for name in context.addressees for b in _resolved(name, below).bodies]
    seats = tuple(dict.fromkeys(seat for b in sent if (seat := _seat_of(b.id))))
    if len(seats) > _MOST_SEATS:
        seats = ()
    return replace(below, home=Home(seats, True), place=_bare(seats[0]) if len(seats) == 1 else None)


def _seat_of(id: str | None) -> str | None:
    """The province that a body belongs to."""
    parts = parsed(id) if id else None
    if parts is None:
        return None
    seat = parts.seat or (parts.row if parts.row.level == "province" else None)
    return seat.id if seat else None


def _bare(seat: str) -> str:
    return registered()[seat].name.removeprefix("Ủy ban nhân dân ")
