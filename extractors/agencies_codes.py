"""Mã định danh điện tử: the codes by which offices' systems address each other.

Source: Decision 20/2020/QĐ-TTg ("G22", "H51.15": from the widest body to the narrowest) and, before it, QCVN
102:2016/BTTTT ("000.00.15.H51": the other way round, without what is not there as zeros). A commune, a school or a
company usually has none.
"""

from __future__ import annotations

from functools import cache

import regex

from extractors import lexicon

_OLD = regex.compile(
    r"(?P<last>[A-Z0-9]{3})\.(?P<third>[A-Z0-9]{2})\.(?P<second>[A-Z0-9]{2})\.(?P<first>[A-Z][A-Z0-9]{2})"
)


def electronic_code(identity: str | None) -> str | None:
    """The code of a registered body as Decision 20/2020 spells it; None where none is known for sure.

    >>> electronic_code("VPCP"), electronic_code("SO_STC@SONLA"), electronic_code(None)
    ('G22', None, None)
    """
    return _codes().get(identity) if identity else None


def present_code(code: str) -> str:
    """A code in the spelling of today.

    >>> present_code("000.00.15.H51"), present_code("000.00.00.G22"), present_code("002.00.20.H13")
    ('H51.15', 'G22', 'H13.20.00.002')
    >>> present_code("H51.15")
    'H51.15'
    """
    found = _OLD.fullmatch(code.strip().upper())
    if not found:
        return code.strip()
    parts = [found[name] for name in ("first", "second", "third", "last")]
    while set(parts[-1]) == {"0"}:
        parts.pop()
    return ".".join(parts)


@cache
def _codes() -> dict[str, str]:
    rows = [row for row in lexicon.rows("agencies") if row["org_code"] and row["certainty"] == "verified"]
    return {row["id"]: present_code(row["org_code"].partition("|")[0]) for row in rows}
