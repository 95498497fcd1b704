"""Tên hiển thị: names of bodies whose id holds only folded words, from how they are printed."""

from __future__ import annotations

from extractors.agencies_register import canonical_name, key, parent_of, parsed, slug

_LONGEST = 30


def printed_name(identity: str, printed: str) -> str | None:
    """The name to show for an id that has none of its own; None where the printed words do not tell it.

    >>> printed_name("BYT/vu-phap-che", "Vụ trưởng Vụ Pháp chế")
    'Vụ Pháp chế, Bộ Y tế'
    >>> printed_name("SO_SYT@SONLA/thanh-tra", "Thanh tra Sở Y tế")
    'Thanh tra, Sở Y tế tỉnh Sơn La'
    """
    parts = parsed(identity)
    if parts is None or canonical_name(identity) is not None:
        return None
    own = _words_of(printed, parts.own[-1])
    above = parent_of(parts)
    owner = canonical_name(above) if above else None
    return f"{own}, {owner.removeprefix('Ủy ban nhân dân ')}" if own and owner else own


def _words_of(printed: str, folded: str) -> str | None:
    """The words of a name that an id was made of."""
    words = printed.split()[:_LONGEST]
    runs = ((a, b) for a in range(len(words)) for b in range(a + 1, len(words) + 1))
    for a, b in runs:
        own = " ".join(words[a:b]).strip(" ,;.()-")
        if own and slug(key(own)) == folded:
            return own[0].upper() + own[1:]
    return None
