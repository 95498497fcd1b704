"""Cơ quan trong danh bạ: which body an address means, its names, whom it took over from and who has it now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from extractors import lexicon
from extractors.agencies_identity import identities
from extractors.agencies_register import LOCAL, TEMPLATES, name_in, parsed
from extractors.agencies_succession import forerunners
from extractors.resolution import Body, succession
from extractors.resolution import body as known_body
from pipeline.errors import UnknownId
from pipeline.register import Register, Row
from pipeline.register.keys import words_key

_ROW = "SELECT id, canonical_id, name, name_key FROM bodies"
_MOST_OTHERS = 30
_PRINTED = """SELECT printed FROM duties WHERE body_id = ? AND printed IS NOT NULL GROUP BY printed
    ORDER BY count(*) DESC, printed LIMIT 12"""


@dataclass(frozen=True, slots=True)
class Asked:
    """A body as an address names it: `id` stands in addresses for good. `row` is its row in the register (None: no
    dispatch speaks of it), `known` what the list of bodies has of it (None: it is only a printed name)."""

    id: str
    name: str
    row: Row | None
    known: Body | None

    @property
    def words(self) -> str:
        """By what it is asked for in lists."""
        return self.known.id if self.known else self.name


@dataclass(frozen=True, slots=True)
class Lineage:
    """Whom a body took over from; who took over when it ended, how (`sort` as of `Succession`), and who has it now."""

    before: list[Body]
    after: list[Body]
    sort: str
    now: list[Body]


def address_of(row: Row) -> str:
    """The id of a body in addresses: its canonical one, else "n12" by its row."""
    return row["canonical_id"] or f"n{row['id']}"


def asked(register: Register, name: str) -> Asked:
    """The body of an address; a name or a short form that means one body does too. Raises UnknownId."""
    if name.startswith("n") and name[1:].isdecimal() and len(name) < 18:
        row = register.one(f"{_ROW} WHERE id = ?", (int(name[1:]),))
    else:
        row = register.one(f"{_ROW} WHERE canonical_id = ?", (name,)) or _called(register, name)
    canonical = row["canonical_id"] if row else name if known_body(name) else _only(identities(name))
    if row is None and canonical is None:
        raise UnknownId(id=name[:100])
    if row is None:
        row = register.one(f"{_ROW} WHERE canonical_id = ?", (canonical,))
    known = known_body(canonical) if canonical else None
    shown = row["name"] if row else known.name if known else name
    return Asked(canonical or f"n{row['id'] if row else 0}", shown, row, known)


def _called(register: Register, name: str) -> Row | None:
    key = words_key(name)
    return register.one(f"{_ROW} WHERE name_key = ? ORDER BY canonical_id IS NOT NULL LIMIT 1", (key,)) if key else None


def _only(found: tuple[str, ...]) -> str | None:
    return found[0] if len(found) == 1 else None


def other_names(register: Register, body: Asked) -> list[str]:
    """What else it is called: its registered names and short forms, and how dispatches print it."""
    names = [*_aliases(body.known.id if body.known else "")]
    if body.row:
        names += [row["printed"] for row in register.rows(_PRINTED, (body.row["id"],))]
    return [name for name in dict.fromkeys(names) if name != body.name]


def _aliases(identity: str) -> list[str]:
    parts = parsed(identity) if identity else None
    if parts is None or parts.own:
        return []
    row = next(row for row in lexicon.rows("agencies") if row["id"] == parts.row.id)
    names = list(filter(None, row["aliases"].split("|")))
    return [name_in(name, parts.seat) for name in names] if parts.seat else names


def lineage(body: Asked, today: date) -> Lineage:
    """Its predecessors and successors."""
    if body.known is None:
        return Lineage([], [], "unknown", [])
    before = [found for name in forerunners(body.known.id) if (found := known_body(name))]
    if not body.known.valid_to or body.known.valid_to >= today.isoformat():
        return Lineage(before, [], "stands", [])
    ended = date.fromisoformat(body.known.valid_to) + timedelta(days=1)
    passed, now = succession(body.known.id, ended.isoformat()), succession(body.known.id, today.isoformat())
    later = [one for one in now.bodies if one not in passed.bodies]
    return Lineage(before, list(passed.bodies), passed.sort, later)


def found_by(register: Register, words: str, *, after: str = "", limit: int = 50) -> tuple[list[Row], str | None]:
    """Bodies of the register by any name that they ever bore, or by words of their name, accents or none, by name; and
    where the next page begins. All of them where nothing is asked for."""
    where, values = ["1"], dict[str, object]()
    if words.strip():
        codes = [*identities(words), words.strip().upper()]
        marks = ", ".join(f":code{n}" for n in range(len(codes)))
        values |= {f"code{n}": code for n, code in enumerate(codes)}
        parts = words_key(words).split()[:12]
        values |= {f"word{n}": f" {part}" for n, part in enumerate(parts)}
        said = " AND ".join(f"instr(' ' || name_key, :word{n})" for n in range(len(parts))) or "0"
        where.append(f"(canonical_id IN ({marks}) OR ({said}))")
    name, _, number = after.rpartition("~")
    if number.isdecimal() and len(number) < 18:
        where.append("(name_key, id) > (:name, :number)")
        values |= {"name": name, "number": int(number)}
    sql = f"{_ROW} WHERE {' AND '.join(where)} ORDER BY name_key, id LIMIT :limit"
    rows = register.rows(sql, {**values, "limit": limit + 1})
    last = rows[limit - 1] if len(rows) > limit else None
    return rows[:limit], f"{last['name_key']}~{last['id']}" if last else None


def not_in(rows: list[Row], words: str) -> list[Body]:
    """Bodies that are, or were, called so, accents or none, and that no dispatch of these rows speaks of."""
    if not words.strip():
        return []
    there = {row["canonical_id"] for row in rows}
    names = dict.fromkeys([*identities(words), *_named(words_key(words).split()), words.strip().upper()])
    found = [known for name in names if name not in there and (known := known_body(name))]
    return found[:_MOST_OTHERS]


def _named(parts: list[str]) -> list[str]:
    """The ids of bodies of which there is one that have all these words in one of their names."""
    return [name for name, names in _folded() if any(_has_all(one, parts) for one in names)] if parts else []


def _has_all(name: str, parts: list[str]) -> bool:
    return all(f" {part}" in name for part in parts)


@cache
def _folded() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Each body of which there is one, with its names as they are searched."""
    return tuple(
        (
            row["id"],
            tuple(f" {words_key(name)}" for name in (row["canonical_name"], *row["aliases"].split("|")) if name),
        )
        for row in lexicon.rows("agencies")
        if row["level"] not in TEMPLATES | LOCAL
    )
