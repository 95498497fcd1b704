"""Ai nhận: which body of the register a name in the settings means on a day, exactly or not at all.

Lists may be asked with words of a name; a mail may not: "Sở Tài chính" alone is nobody.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from pipeline.errors import CongvanError
from pipeline.followup.holders import Holder, Holders
from pipeline.register import Register
from pipeline.register.keys import words_key
from pipeline.register.owing import body_rows

_NO_CODE = "~"


class AmbiguousBody(CongvanError):
    """A name in the settings that several bodies bear (details: name, bodies)."""

    code = "ambiguous_body"


@dataclass(frozen=True, slots=True)
class Addressee:
    """The body that a name means on a day: `key` as of `Holder`; `is_known`: the register or the list of bodies has
    it."""

    name: str
    key: str
    is_known: bool


class Addresses:
    """Looks names up as of a day."""

    def __init__(self, register: Register, as_of: date) -> None:
        self._as_of = as_of
        self._keys: dict[str, set[str]] = {}
        self._names: dict[str, str] = {}
        bodies = body_rows(register)
        holders = Holders(bodies)
        for number, row in bodies.items():
            holder = holders.at(number, as_of)
            self._keys.setdefault(row["name_key"], set()).add(holder.key)
            self._names[holder.key] = holder.name or row["name"]

    def meant(self, name: str) -> Addressee:
        """The body of that name; a body that others took over from is the one that answers for it now. Raises
        AmbiguousBody."""
        key = words_key(name)
        codes = self._codes(name)
        found = codes or self._keys.get(key, set())
        if len(found) > 1:
            raise AmbiguousBody(name=name, bodies="; ".join(sorted(self._named(one) for one in found)))
        return Addressee(name, next(iter(found), f"{_NO_CODE}{key}"), bool(found))

    def above(self, holder: Holder) -> str | None:
        """The key of the body above one by the list of bodies; None where there is none or it is not known."""
        if holder.code is None:
            return None
        from extractors.resolution import body

        found = body(holder.code)
        return self._successor(found.parent) if found and found.parent else None

    def _codes(self, name: str) -> set[str]:
        """By the name as it is borne on that day, else as it ever was."""
        from extractors.agencies_identity import identify, identities

        now = identify(name, self._as_of.isoformat())
        return {self._successor(code) for code in ([now] if now else identities(name))}

    def _successor(self, code: str) -> str:
        from extractors.resolution import succession

        return succession(code, self._as_of.isoformat()).id or code

    def _named(self, key: str) -> str:
        from extractors.resolution import body

        found = body(key)
        return found.name if found else self._names.get(key, key)


def chosen(register: Register, words: str, as_of: date) -> Callable[[str, str], bool]:
    """Whether words typed to choose recipients mean one, given the name in the settings and the key of its body: a name
    of the body, or words of the name."""
    key, typed = Addresses(register, as_of).meant(words).key, f" {words_key(words)} "
    return lambda name, of_body: typed in f" {words_key(name)} " or of_body == key
