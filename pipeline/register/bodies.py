"""Bodies (cơ quan, đơn vị): one row a body that is identified, else one a printed name."""

from __future__ import annotations

from functools import lru_cache

from pipeline.register.connection import Register
from pipeline.register.keys import words_key

Known = tuple[str, str]


@lru_cache(maxsize=20_000)
def _identified(name: str, on: str | None, around: tuple[str | None, str | None, tuple[str, ...]]) -> Known | None:
    """The id and the name to show of the one body that a printed name means in a paper (issuer, place, addressees)."""
    from extractors.resolution import Context, resolve  # its lexicon is loaded only where something is saved

    issuer, place, addressees = around
    found = resolve(name, on, Context(issuer or name, place, addressees))
    return (found.id, found.bodies[0].name) if found.id else None


@lru_cache(maxsize=20_000)
def _canonical_name(identity: str) -> str | None:
    from extractors import agencies

    return agencies.canonical_name(identity)


@lru_cache(maxsize=20_000)
def _name_key(name: str) -> str:
    return words_key(name)


class Bodies:
    """Rows of bodies as one dispatch means them: on its day, in its place, by its issuer and addressees.

    Without an issuer each name is taken for that of one. Lives no longer than the transaction it is used in.
    """

    def __init__(
        self,
        register: Register,
        on: str | None,
        place: str | None,
        issuer: str | None = None,
        addressees: tuple[str, ...] = (),
    ) -> None:
        self._register = register
        self.on = on
        self._around = (issuer, place, addressees)
        self._ids: dict[str, int] = {}
        self._rows: dict[str, int] = {}

    def id(self, name: str) -> int:
        """The row of a printed name, made where it is missing."""
        if name not in self._ids:
            self._ids[name] = self._find(name)
        return self._ids[name]

    def of(self, identity: str, name: str) -> int:
        """The row of a body that is identified already; `name` is shown where its id has no name of its own."""
        if identity not in self._rows:
            self._rows[identity] = self._row(identity, name)
        return self._rows[identity]

    def key(self, name: str | None, on: str | None = None) -> str | None:
        """What tells a body apart: its canonical id (`on`: as of another day), else its printed name."""
        known = _identified(name, on or self.on, self._around) if name else None
        return known[0] if known else name

    def known(self, name: str, on: str | None) -> str | None:
        """The canonical id of a body that there is but one of, by its name or by the letters it signs with."""
        from extractors.agencies_identity import of_symbol  # its lexicon is loaded only where something is saved

        if (signing := of_symbol(name, on or self.on)) is not None:
            return signing
        found = _identified(name, on or self.on, (None, None, ()))
        return found[0] if found else None

    def _find(self, name: str) -> int:
        known = _identified(name, self.on, self._around)
        return self.of(*known) if known else self._row(None, name)

    def _row(self, canonical: str | None, name: str) -> int:
        sql, value = (
            ("SELECT id FROM bodies WHERE canonical_id = ?", canonical)
            if canonical
            else ("SELECT id FROM bodies WHERE canonical_id IS NULL AND name_key = ?", _name_key(name))
        )
        row = self._register.connection.execute(sql, (value,)).fetchone()
        if row:
            return int(row[0])
        shown = (canonical and _canonical_name(canonical)) or name
        cursor = self._register.connection.execute(
            "INSERT INTO bodies (canonical_id, name, name_key) VALUES (?, ?, ?)", (canonical, shown, _name_key(shown))
        )
        return int(cursor.lastrowid or 0)
