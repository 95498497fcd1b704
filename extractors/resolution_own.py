"""Cơ quan gọi tắt: names that only the issuer of a paper gives a meaning ("Bộ", "UBND huyện", "Văn phòng Sở")."""

from __future__ import annotations

from functools import cache

import regex

from extractors import lexicon
from extractors.agencies_identity import identify, without_title
from extractors.agencies_register import LOCAL, Parts, by_name, key, local_bases, parsed, slug

_SELF = frozenset({"bộ", "sở", "tổng cục", "cục", "ủy ban nhân dân"})
_HOUSES = regex.compile(
    r"^(?P<unit>văn phòng|thanh tra) "
    r"(?:hội đồng nhân dân và )?(?P<owner>bộ|sở|tổng cục|cục|ủy ban nhân dân)$"
)
_LOCAL_OWN = regex.compile(r"^(?P<base>.+?) (?P<kind>huyện|quận|thị xã|thành phố|xã|phường|thị trấn|đặc khu)$")
_PARTY_OWN = regex.compile(r"^(?:thường trực |ban thường vụ )?(?P<kind>huyện|quận|thị|thành) ủy$")
_ELSEWHERE = regex.compile(
    r"(?<!\w)(?:tỉnh|huyện|quận|xã(?! hội)|phường|thị xã|thành phố|thị trấn|việt nam|quốc gia|nhà nước|trung ương"
    r"|khu vực|địa phương|các|liên quan|đơn vị|cơ quan|chức năng|btc|bp|bộ|sở|ủy ban|chính phủ|quốc hội)(?!\w)|[:;]"
)
_OWNED = regex.compile(
    r"(?P<unit>.+?)(?:,? (?:của |thuộc )?|-|, | \()(?P<owner>vpcp|(?:bộ|sở|tổng cục|ủy ban|bảo hiểm|thanh tra"
    r"|văn phòng chính|ngân hàng nhà|kiểm toán nhà) [^()]+)\)?$"
)
_LONGEST_UNIT = 120


def own_body(name: str, issuer: str) -> str | None:
    """The id of what a name without its owner means in a paper of `issuer` (an id); None where that is not certain.

    >>> own_body("Bộ", "BYT"), own_body("Chủ tịch UBND huyện", "UBND_HUYEN@SONLA/huyen-van-ho")
    ('BYT', 'UBND_HUYEN@SONLA/huyen-van-ho')
    """
    parts = parsed(issuer)
    spelt = key(name)
    spelt = without_title(spelt) if spelt not in _SELF else spelt
    if parts is None or not spelt:
        return None
    if spelt in _SELF:
        return _self(spelt, issuer, parts)
    return _local(spelt, parts) or _house(spelt, issuer, parts)


def _self(spelt: str, issuer: str, parts: Parts) -> str | None:
    """ "Bộ" in a ministry's paper and in those of its departments, "Sở" in a department's."""
    plain = len(parts.own) == (1 if parts.row.level in LOCAL else 0)
    if plain and key(parts.row.name).startswith(f"{spelt} "):
        return issuer
    above = parsed(parts.row.parent or "") if parts.row.level == "sub_ministry" else None
    return above.row.id if above and above.row.level == "ministry" and spelt == "bộ" else None


def _local(spelt: str, parts: Parts) -> str | None:
    """ "UBND huyện", "Công an xã", "Huyện ủy" in a paper of that district or commune."""
    if parts.row.level not in LOCAL or parts.seat is None:
        return None
    own = parts.own[-1]
    at = f"@{parts.seat.id.removeprefix('UBND_')}/{'/'.join(parts.own)}"
    if party := _PARTY_OWN.match(spelt):
        row = {"huyện": "HU", "quận": "QU"}.get(party["kind"], "THU")
        same = own.startswith(slug({"thị": "thị xã", "thành": "thành phố"}.get(party["kind"], party["kind"])) + "-")
        return f"{row}{at}" if same and parts.row.level != "commune_template" else None
    found = _LOCAL_OWN.match(spelt)
    if found is None or not own.startswith(slug(found["kind"]) + "-"):
        return None
    level = parts.row.level.replace("district_party", "district")
    rows = [r for r in local_bases().get(found["base"], ()) if r.level == level and _as_old(r.id, parts.row.id)]
    return f"{rows[0].id}{at}" if len(rows) == 1 else None


def _as_old(row: str, other: str) -> bool:
    return row.endswith("_OLD") == other.endswith("_OLD")


def _house(spelt: str, issuer: str, parts: Parts) -> str | None:
    """ "Văn phòng Bộ", "Thanh tra Sở", in a district's paper "Văn phòng UBND"."""
    found = _HOUSES.match(spelt)
    plain = len(parts.own) == (1 if parts.row.level in LOCAL else 0)
    if found is None or not plain or parts.row.level == "province":
        return None
    return f"{issuer}/{slug(found['unit'])}" if key(parts.row.name).startswith(f"{found['owner']} ") else None


def own_unit(name: str, issuer: str) -> str | None:
    """The id of a unit of the issuer that a name means ("Vụ Pháp chế"); None where it may be somebody else's.

    >>> own_unit("Vụ Pháp chế", "BYT"), own_unit("Phòng Y tế", "SO_SYT@SONLA")
    ('BYT/vu-phap-che', None)
    """
    parts = parsed(issuer)
    spelt = without_title(key(name))
    kind = parts and parts.row.level.removesuffix("_template")
    if parts is None or len(spelt) > _LONGEST_UNIT or kind not in _unit_words():
        return None
    opened = _unit_words()[kind].match(spelt)
    bare = spelt in ("văn phòng", "thanh tra")
    if opened is None or (opened.end() == len(spelt) and not bare) or _ELSEWHERE.search(spelt):
        return None
    of_districts = parts.row.level not in LOCAL and spelt in _district_offices()
    return None if of_districts or (not bare and _registered(spelt)) else f"{issuer}/{slug(spelt)}"


def _registered(spelt: str) -> bool:
    """Whether a name begins like that of a registered body of any time ("cục thuế …")."""
    words = spelt.split()
    starts = (" ".join(words[:n]) for n in range(2, len(words) + 1))
    return any(start in by_name() or f"{start} tỉnh" in by_name() for start in starts)


@cache
def _district_offices() -> frozenset[str]:
    return frozenset(key(form) for e in lexicon.by_role("body_groups", "district_office") for form in e.forms)


def owned_unit(name: str, on: str | None, home: str | None) -> tuple[str, str] | None:
    """A unit that is printed with its owner: the unit's name as spelt, and the owner's id.

    >>> owned_unit("Vụ Pháp chế, Bộ Y tế", "2023-05-04", None)
    ('vụ pháp chế', 'BYT')
    """
    spelt = without_title(key(name))
    found = _OWNED.match(spelt) if len(spelt) <= _LONGEST_UNIT else None
    owner = identify(found["owner"], on, home) if found else None
    return (found["unit"].strip(), owner) if found and owner and "/" not in owner else None


@cache
def _unit_words() -> dict[str, regex.Pattern[str]]:
    """First words of units by the kind of body that has them."""
    forms: dict[str, set[str]] = {}
    for entry in lexicon.by_role("body_groups", "unit"):
        for kind in (entry.value or "").split():
            forms.setdefault(kind, set()).update(entry.forms)
    return {
        kind: regex.compile(rf"(?:{'|'.join(sorted(words, key=len, reverse=True))})(?!\w)")
        for kind, words in forms.items()
    }
