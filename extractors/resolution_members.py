"""Thành viên của nhóm: the ids of the bodies that a group holds on a day, as far as the register can name them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

from extractors import lexicon
from extractors.agencies_register import (
    TEMPLATES,
    Registered,
    by_name,
    days,
    local_bases,
    registered,
    slug,
    standing_of,
)

# The list of districts is that of the last months in which there were any; before, they were other ones.
_DISTRICTS_SINCE = "2025-03-01"


@dataclass(frozen=True, slots=True)
class Home:
    """Where a paper stands: the province of its issuer, or those that a central paper is sent to.

    `seats` are ids of provinces; `central` where the issuer is a body of the whole country.
    """

    seats: tuple[str, ...] = ()
    central: bool = False

    @property
    def seat(self) -> Registered | None:
        """The one province that it is about."""
        return registered()[self.seats[0]] if len(self.seats) == 1 else None


@lru_cache(maxsize=5_000)
def members_of(value: str, on: str | None, home: Home) -> tuple[str, ...]:
    """The ids of what `value` of a group in `body_groups.toml` lists on a day; none where that is not known."""
    first, last = days(on)
    if first is None or last is None:
        return ()
    before, after = _on(value.split(), first, home), _on(value.split(), last, home)
    return before if before == after else ()


def _on(tokens: list[str], day: str, home: Home) -> tuple[str, ...]:
    out: dict[str, None] = {}
    since = ""
    for token in tokens:
        if token.startswith("since:"):
            since = token.removeprefix("since:")
        elif since <= day:
            out |= dict.fromkeys(_listed(token, day, home))
    return tuple(out)


def _listed(token: str, day: str, home: Home) -> tuple[str, ...]:
    """What one word of a value lists: a level, a body, one of the paper's province, or one of each province."""
    if token == "localities":
        return (home.seats or standing_of("province", day)) if home.central else ()
    if token.startswith("each:"):
        return of_each(registered()[token.removeprefix("each:")], day, home)
    row = registered().get(token)
    if row is None:
        return standing_of(token, day)
    if not row.stands(day, day):
        return ()
    if row.level not in TEMPLATES:
        return (row.id,) if home.central else ()
    return of_seat(row, home.seat) if home.seat and not home.central else ()


def of_seat(row: Registered, seat: Registered) -> tuple[str, ...]:
    """The body of that kind in a province; none where the province need not have one."""
    province = seat.id.removeprefix("UBND_")
    lacking = _lacking().get(row.id, frozenset())
    return () if lacking & {province, "*"} else (f"{row.id}@{province}",)


def of_each(row: Registered, day: str, home: Home) -> tuple[str, ...]:
    """The bodies of that kind in the provinces that a paper is sent to, or in all of a day."""
    seats = (home.seats if home.central else ()) or standing_of("province", day)
    if not row.stands(day, day):
        return ()
    return tuple(id for seat in seats for id in of_seat(row, registered()[seat]))


@cache
def _lacking() -> dict[str, frozenset[str]]:
    values = [word.split(":") for e in lexicon.by_role("body_groups", "not_in") for word in (e.value or "").split()]
    return {department: frozenset(provinces.split(",")) for department, provinces in values}


# -- the same body of all provinces, districts or communes ------------------------------------------------------


@lru_cache(maxsize=5_000)
def of_provinces(base: str, on: str | None, home: Home) -> tuple[str, ...] | None:
    """The bodies of that spelt name ("sở y tế") in all provinces; None where provinces have no body of that name.

    Empty where the day is not known so well that it is certain which.
    """
    first, last = days(on)
    if base in ("", "ủy ban nhân dân"):
        return members_of("province", on, Home())
    rows = [r for name in (f"{base} tỉnh", base) for r in by_name().get(name, ()) if r.level in TEMPLATES]
    if not rows:
        return None
    standing = [r for r in rows if r.stands(first, last)] if first and last else []
    if len(standing) != 1 or first is None or last is None:
        return ()
    before, after = (of_each(standing[0], day, Home(home.seats, home.central)) for day in (first, last))
    return before if before == after else ()


@lru_cache(maxsize=5_000)
def of_places(table: str, base: str, on: str | None, home: Home) -> tuple[str, ...] | None:
    """The bodies of that spelt name in all districts or communes of the paper's province; None as above."""
    level = "district_template" if table == "districts" else "commune_template"
    rows = [r for r in local_bases().get(base, ()) if r.level == level]
    if not rows:
        return None
    first, last = days(on)
    standing = [r for r in rows if r.stands(first, first) and r.stands(last, last)] if first and last else []
    if len(standing) != 1 or home.seat is None or first is None or not _listing(table, first):
        return ()
    row, province = standing[0], home.seat.id
    return tuple(
        f"{row.id}@{province.removeprefix('UBND_')}/{slug(place)}" for place in _places_of(table).get(province, ())
    )


def _listing(table: str, first: str) -> bool:
    return table == "communes" or first >= _DISTRICTS_SINCE


@cache
def _places_of(table: str) -> dict[str, tuple[str, ...]]:
    out: dict[str, list[str]] = {}
    for row in lexicon.rows(table):
        if row.get("standing") == "no":  # merged into another one before the list was made
            continue
        out.setdefault(row["province"], []).append(f"{row['kind']} {row['name']}")
    return {province: tuple(names) for province, names in out.items()}
