"""Text of legacy fonts where no fonts are named (plain text, DocBook, odd PDFs), mended when all lines are there."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from extractors.legacy import mended
from extractors.model import Cell, Line, ScannedWord, Table


@dataclass(frozen=True, slots=True)
class Mended:
    """Parts of a text (lines and the empty ones between), and what stands in them at its new offsets."""

    parts: list[str]
    lines: list[Line]
    tables: list[Table]
    words: list[ScannedWord]


def mend(
    parts: Sequence[str], lines: Sequence[Line], tables: Sequence[Table], words: Sequence[ScannedWord]
) -> Mended | None:
    """The same with legacy text as Unicode; None where there is none. What was recognised on a picture is Unicode."""
    starts = _starts(parts)
    scanned = {bisect_right(starts, word.start) - 1 for word in words}
    new = mended(["" if n in scanned else part for n, part in enumerate(parts)])
    if new is None:
        return None
    new = [part if n in scanned else mine for n, (part, mine) in enumerate(zip(parts, new, strict=True))]
    place = _Places(starts, _starts(new), parts, new)
    return Mended(
        new,
        [replace(line, start=place.at(line.start), end=place.at(line.end)) for line in lines],
        [_moved(table, place) for table in tables],
        [replace(word, start=place.at(word.start), end=place.at(word.end)) for word in words],
    )


@dataclass(frozen=True, slots=True)
class _Places:
    """From offsets in the old text to those in the new one."""

    old_starts: list[int]
    new_starts: list[int]
    old: Sequence[str]
    new: Sequence[str]

    def at(self, offset: int) -> int:
        """Where an offset is now; the ends of lines stay ends of lines."""
        n = max(0, bisect_right(self.old_starts, offset) - 1)
        inside = offset - self.old_starts[n]
        if inside >= len(self.old[n]):
            return self.new_starts[n] + len(self.new[n]) + inside - len(self.old[n])
        return self.new_starts[n] + min(inside, len(self.new[n]))


def _starts(parts: Sequence[str]) -> list[int]:
    return list(accumulate((len(part) + 1 for part in parts), initial=0))[:-1]


def _moved(table: Table, place: _Places) -> Table:
    rows = tuple(tuple(Cell(place.at(cell.start), place.at(cell.end)) for cell in row) for row in table.rows)
    return Table(place.at(table.start), place.at(table.end), rows, table.page)
