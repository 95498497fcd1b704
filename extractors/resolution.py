"""Xác định cơ quan: which registered bodies a printed name means on a day, and who answers for them later.

    resolve("UBND các tỉnh, thành phố trực thuộc Trung ương", "2021-07-15")   -> 63 bodies
    members("group.ministries", "2025-03-01")                                 -> the 14 ministries of that day
    succession("SO_SKHDT@KONTUM_OLD", "2025-08-01")                           -> one heir, SO_STC@QUANGNGAI

Ids are the keys of `lexicon/agencies.csv` and never change their meaning; `docs/bodies.md` describes them:

- `BTC`: a body of which there is one;
- `SO_STC@QUANGNGAI_OLD`: one that each province has (`SO_STC`), of the province `UBND_QUANGNGAI_OLD`;
- `UBND_HUYEN@QUANGNGAI_OLD/huyen-tra-bong`: one of a district or commune, by its folded name.

Nothing is guessed: what is not known for certain stays in `Resolution.rest` as printed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from extractors import agencies_identity as identity
from extractors.agencies_register import canonical_name, parent_of, parsed, validity
from extractors.agencies_succession import Passing, heirs
from extractors.resolution_groups import parts_of, standing

__all__ = ["Body", "Context", "Resolution", "Succession", "body", "members", "resolve", "succession"]

Sort = Literal["body", "group", "unknown"]


@dataclass(frozen=True, slots=True)
class Body:
    """Cơ quan: a registered body.

    `name` is its full official name; `kind` a level of agencies.csv without "_template" ("ministry", "province",
    "department", "district" ...); `parent` the id above it, None where there is none or it is not known. It existed
    from `valid_from` to `valid_to`, both ISO days and included; None where open or not known.
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
    province of an issuer that is called without it; `addressees` the entries of "Kính gửi", for "Như trên".
    """

    issuer: str | None = None
    place: str | None = None
    addressees: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Resolution:
    """Kết quả xác định: the bodies that a printed name means.

    `sort`: "body" where it names bodies, one or a list of them; "group" where a common noun stands for them;
    "unknown" where it is neither. `bodies` are in the order of the text, each once. `rest` holds the parts as
    printed for which no body can be named: a duty of theirs keeps the printed name. So one duty for each of `bodies`
    and one for each of `rest` is all that is owed. `open` is True where a group by its words takes in others too
    ("các bộ, ngành").
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
    gone and who took over depends on the duty (districts): a person decides; "unknown" for an id that is none.
    """

    sort: Passing
    bodies: tuple[Body, ...] = ()

    @property
    def id(self) -> str | None:
        """The body that owes now, None where a person must decide."""
        return self.bodies[0].id if self.sort in ("stands", "one") else None


_NOWHERE = Context()


@lru_cache(maxsize=20_000)
def resolve(name: str, on: str | None, context: Context = _NOWHERE) -> Resolution:
    """The bodies that a printed name means in a paper of day `on` (ISO, a prefix of it, or None where not printed).

    >>> resolve("Sở Tài chính", "2023-05-04", Context(issuer="UBND tỉnh Kon Tum")).id
    'SO_STC@KONTUM_OLD'
    >>> len(resolve("UBND các tỉnh, thành phố trực thuộc Trung ương", "2021-07").bodies)
    63
    >>> resolve("Sở Mây Trắng", "2021-07-01").rest
    ('Sở Mây Trắng',)
    """
    if (found := identity.identify(name, on, _home(on, context))) and (known := body(found)):
        return Resolution(name, "body", (known,))
    parts = parts_of(name)
    if parts is None:
        return Resolution(name, "unknown", rest=(name,))
    if parts.same:
        return _together(name, tuple(resolve(a, on, _without_addressees(context)) for a in context.addressees))
    listed = tuple(b for group in parts.groups for b in members(group, on, context))
    return Resolution(name, "group", listed, () if listed else (name,), parts.open)


def members(group: str, on: str | None, context: Context = _NOWHERE) -> tuple[Body, ...]:
    """The bodies of a group (an id of `lexicon/body_groups.toml`) on a day, in the order of the register.

    Empty for an unknown group, and where the day is not told so well that the members are the same throughout.

    >>> [b.id for b in members("group.ministerial", "2026-01-05")]
    ['VPCP', 'NHNN', 'TTCP']
    """
    return tuple(found for id in standing(group, on) if (found := body(id)))


def succession(id: str, on: str) -> Succession:
    """Who answers on that ISO day for what the body owed.

    >>> succession("BKHDT", "2024-06-01").sort, succession("BKHDT", "2025-06-01").id
    ('stands', 'BTC')
    >>> succession("UBND_HUYEN@SONLA/huyen-muong-la", "2025-08-01").sort
    'open'
    """
    sort, ids = heirs(id, on)
    return Succession(sort, tuple(found for one in ids if (found := body(one))))


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
    return Body(id, name, parts.row.level.removesuffix("_template"), parent_of(parts), begun, over)


def _home(on: str | None, context: Context) -> str | None:
    """The province of the paper's issuer; None for central bodies."""
    return identity.province_of(context.issuer, on, context.place) if context.issuer else context.place


def _without_addressees(context: Context) -> Context:
    return Context(context.issuer, context.place)


def _together(name: str, found: tuple[Resolution, ...]) -> Resolution:
    bodies = tuple(dict.fromkeys(b for one in found for b in one.bodies))
    rest = tuple(dict.fromkeys(r for one in found for r in one.rest))
    return Resolution(name, "group", bodies, rest or (() if bodies else (name,)), any(one.open for one in found))
