"""Cơ quan chịu trách nhiệm: who answers on a day for what a dispatch asked of a body, after every reorganisation.

Source: Resolution 190/2025/QH15: names in earlier documents are read as the body that took over; work goes on. Where
functions were split or a district was abolished, nobody can tell from the name who took over: a person decides.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from pipeline.register import Register, Row
from pipeline.register.listing import body_ids_with
from pipeline.register.owing import body_rows

_NO_CODE = "~"


@dataclass(frozen=True, slots=True)
class Holder:
    """The body that owes: `code` its canonical id (None: not identified), `name` its name, `key` what tells it apart.

    `former` is the name of the body that it took over from. `is_unclear`: the body is gone and who took over must be
    decided; then it is still the former one that is named.
    """

    key: str
    name: str | None
    code: str | None = None
    former: str | None = None
    is_unclear: bool = False


NOBODY = Holder("", None)


class Holders:
    """Looks holders up; `bodies` are the register's rows of bodies."""

    def __init__(self, bodies: Mapping[int, Row]) -> None:
        self._bodies = bodies
        self._found: dict[tuple[int, str | None], Holder] = {}

    def at(self, body: int | None, day: date) -> Holder:
        """Who answers on a day for a body (its row; None: nobody is named)."""
        if body is None:
            return NOBODY
        row = self._bodies[body]
        key = body, _era_of(day) if row["canonical_id"] else None  # what is not identified answers for itself, always
        if key not in self._found:
            self._found[key] = _holder(row["canonical_id"], row["name"], row["name_key"], key[1])
        return self._found[key]

    def named(self, words: str, day: date) -> frozenset[str]:
        """The keys of all bodies that a name, a code or words of a name may mean: those that answer on that day, and
        those that the name itself names, for what they closed while they stood."""
        from extractors.agencies_identity import identities  # its lexicon is loaded only where a name is asked for

        return frozenset({*(h.key for h in self.meant(words, day)), *identities(words), words.strip().upper()})

    def meant(self, words: str, day: date) -> list[Holder]:
        """Bodies of the register that answer on a day for what is called so: by any name that a body ever bore, by its
        code, else by words of its name. The row's order."""
        from extractors.agencies_identity import identities
        from pipeline.register.keys import words_key

        codes = {*identities(words), words.strip().upper()}
        held = {number: self.at(number, day) for number in self._bodies}
        exact = [h for n, h in held.items() if h.code in codes or self._bodies[n]["canonical_id"] in codes]
        key = words_key(words)
        exact = exact or [h for n, h in held.items() if self._bodies[n]["name_key"] == key]
        found = exact or [h for h in held.values() if f" {key} " in f" {words_key(h.name or '')} "]
        return list(dict.fromkeys(found))


@lru_cache(maxsize=4096)
def _era_of(day: date) -> str:
    from extractors.resolution import era

    return era(day.isoformat())


@lru_cache(maxsize=20_000)
def _holder(code: str | None, name: str, name_key: str, era: str | None) -> Holder:
    """Who answers in an era for the body of a code and a name."""
    from extractors.resolution import succession

    if code is None or era is None:
        return Holder(f"{_NO_CODE}{name_key}", name)
    passed = succession(code, era)
    if passed.id is None:
        return Holder(code, name, code, is_unclear=passed.sort != "unknown")
    heir = passed.bodies[0]
    if heir.id == code:
        return Holder(code, name, code)  # of a unit the id tells no name
    return Holder(heir.id, heir.name, heir.id, former=name if name != heir.name else None)


def is_known(register: Register, words: str, day: date) -> bool:
    """Whether the register has a body that a name, a code or words of a name may mean on a day."""
    return bool(body_ids_with(register, words) or Holders(body_rows(register)).meant(words, day))


def is_gazetted(name: str) -> bool:
    """Whether the list of bodies, which the register need not have, has this name."""
    from extractors.agencies_identity import identities

    return bool(identities(name))


class BodyRows(dict[int, Row]):
    """Rows of bodies, each read when it is asked for."""

    def __init__(self, register: Register) -> None:
        super().__init__()
        self._register = register

    def __missing__(self, number: int) -> Row:
        row = self._register.one("SELECT id, canonical_id, name, name_key FROM bodies WHERE id = ?", (number,))
        if row is None:
            raise KeyError(number)
        self[number] = row
        return row

    def read(self, numbers: Iterable[int]) -> None:
        """Read many at once."""
        sql = "SELECT id, canonical_id, name, name_key FROM bodies WHERE id IN (SELECT value FROM json_each(?))"
        columns = self._register.columns(sql, 4, (json.dumps(list(numbers)),))
        for number, code, name, key in zip(*columns, strict=True):
            self[number] = {"id": number, "canonical_id": code, "name": name, "name_key": key}
