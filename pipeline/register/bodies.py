"""Bodies (cơ quan, đơn vị): one row a body that is identified, else one a printed name."""

from __future__ import annotations

from functools import lru_cache

from pipeline.register.connection import Register
from pipeline.register.keys import words_key


@lru_cache(maxsize=20_000)
def _identified(name: str, on: str | None, place: str | None) -> str | None:
    from extractors import agencies  # its lexicon is loaded only where something is saved

    return agencies.identify(name, on, place)


@lru_cache(maxsize=20_000)
def _canonical_name(identity: str) -> str | None:
    from extractors import agencies

    return agencies.canonical_name(identity)


@lru_cache(maxsize=20_000)
def _name_key(name: str) -> str:
    return words_key(name)


class Bodies:
    """Rows of bodies as of the day and place of one dispatch. Lives no longer than the transaction it is used in."""

    def __init__(self, register: Register, on: str | None, place: str | None) -> None:
        self._register = register
        self.on = on
        self._place = place
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
        return name and (_identified(name, on or self.on, self._place) or name)

    def known(self, name: str, on: str | None) -> str | None:
        """The canonical id of a body that there is but one of, whatever the place."""
        return _identified(name, on or self.on, None)

    def _find(self, name: str) -> int:
        canonical = _identified(name, self.on, self._place)
        return self.of(canonical, name) if canonical else self._row(None, name)

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
