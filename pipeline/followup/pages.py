"""Trang và số đếm: what lists of duties are made of: pages, orders, and the counts beside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from pipeline.errors import InvalidValue
from pipeline.followup.cursors import Key
from pipeline.register import Row

Sort = Literal["last_day", "days_late", "body", "issued_on", "confidence", "id"]
Group = Literal["body", "role", "issuer", "type", "year", "state", "window", "checkable"]
SORTS: tuple[Sort, ...] = get_args(Sort)
GROUPS: tuple[Group, ...] = get_args(Group)
MOST_VALUES = 50


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of `views.as_rows`; `next` and `previous` are what `after` takes for the pages beside it (None: there is
    none). `total` counts all rows of the list; where `is_total_exact` is False there are more than that."""

    rows: list[Row]
    next: str | None
    previous: str | None
    total: int
    is_total_exact: bool = True


@dataclass(frozen=True, slots=True)
class Facet:
    """One value of a group: `value` is what the filter of that name takes ("true" and "false" for checkable), `name`
    how a body is called, else the value again (words for it stand in the messages)."""

    value: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Facets:
    """The values of each group among the rows of a list, most first (years newest first); `body`, `issuer` and `type`
    the MOST_VALUES most frequent. Where `is_exact` is False only so many rows were looked at that there may be more of
    each: "at least"."""

    groups: dict[Group, tuple[Facet, ...]]
    is_exact: bool = True

    def __getitem__(self, group: Group) -> tuple[Facet, ...]:
        return self.groups[group]


@dataclass(frozen=True, slots=True)
class Order:
    """An order of rows: `name` as it was asked for, `sort` without its "-"; `is_falling`: the greatest key first."""

    name: str
    sort: Sort
    is_falling: bool

    @property
    def like(self) -> Key:
        """What the keys of its cursors are made of."""
        return {"id": (0, ""), "confidence": (0.0, 0, "")}.get(self.sort, ("", 0, ""))


def order_of(name: str) -> Order:
    """The order of that name. Raises InvalidValue."""
    for sort in SORTS:
        if name in (sort, f"-{sort}"):
            return Order(name, sort, name.startswith("-") != (sort == "issued_on"))
    raise InvalidValue(field="sort", value=name[:40], allowed=", ".join(SORTS))


def plain(value: str | None) -> Facet | None:
    """A value that is its own name."""
    return Facet(value, value, 1) if value else None


def counted(values: Iterable[Facet | None]) -> tuple[Facet, ...]:
    """Equal values added up, most first."""
    names: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for one in values:
        if one is not None:
            names.setdefault(one.value, one.name)
            counts[one.value] += one.count
    return most_first(counts, names)


def most_first(
    counts: Mapping[str, int], names: Mapping[str, str] | None = None, most: int | None = None
) -> tuple[Facet, ...]:
    """Values that were counted, at most so many; each with its name, or as its own."""
    called = names or {value: value for value in counts}
    found = sorted(counts, key=lambda value: (-counts[value], called[value], value))
    return tuple(Facet(value, called[value], counts[value]) for value in found[:most])


def newest_first(years: Iterable[Facet]) -> tuple[Facet, ...]:
    """Years in their order."""
    return tuple(sorted(years, key=lambda one: one.value, reverse=True))
