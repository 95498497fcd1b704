"""Tiêu đề của bảng theo dõi: which column of a table that an office keeps holds what, and where its rows begin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import regex

from extractors import lexicon
from extractors.text import matchable

NOT_READ = frozenset({"order", "arrival", "person", "product"})
_TELLING = frozenset({"number", "date", "lead", "deadline", "state", "result"})
_LONGEST = 90
_LONGEST_BELOW = 60
_DEEPEST = 40  # rows above a heading: titles, the office's name
_LINES = 3
_FEWEST = 3
_HAS_DIGIT = regex.compile(r"\d")


@dataclass(frozen=True, slots=True)
class TableCell:
    """The words of a cell; `joined`: it is a part of the cell on its left (merged)."""

    text: str
    joined: bool = False


Cells = Sequence[TableCell]


@dataclass(frozen=True, slots=True)
class Heading:
    """A column (from 0), its heading, and what it is taken for; None: its words say nothing that is known.

    A heading of two lines is "Thời hạn > Gia hạn". `is_read` is False where it is known and left out, or where another
    column was first.
    """

    column: int
    words: str
    role: str | None
    is_read: bool


@dataclass(frozen=True, slots=True)
class Headings:
    """All columns, the rows that the heading takes up (`first` to `last`, from 0), and its words for knowing it again
    where it is repeated on a later page."""

    columns: tuple[Heading, ...]
    first: int
    last: int

    def column(self, role: str) -> int | None:
        """The column that is read for a role."""
        return next((c.column for c in self.columns if c.role == role and c.is_read), None)


def find_headings(rows: Sequence[Cells], told: Mapping[int, str | None] | None = None) -> Headings | None:
    """The heading of a tracking table; None where no row is one. `told` are columns of which a person says what they
    hold (None: nothing that is to be read); then any row of words may be the heading."""
    told = told or {}
    for n, row in enumerate(rows[:_DEEPEST]):
        names = [_name(cell) for cell in row]
        if not _is_heading([_role(name) for name in names]) and not (told and _may_be_heading(row)):
            continue
        last, names = _with_lines_below(rows, n, names)
        return Headings(_columns(names, told), n, last)
    return None


def repeats(headings: Headings, row: Cells) -> bool:
    """Whether a row is the heading again, or a line of it."""
    parts = [set(h.words.split(" > ")) for h in headings.columns]
    said = [(n, _name(cell)) for n, cell in enumerate(row) if cell.text.strip()]
    again = sum(n < len(parts) and name in parts[n] for n, name in said)
    return len(said) > 1 and 2 * again > len(said)


def _is_heading(roles: Sequence[str | None]) -> bool:
    known = {role for role in roles if role}
    return len(known) >= _FEWEST and bool(known & {"content", "subject"}) and bool(known & _TELLING)


def _may_be_heading(row: Cells) -> bool:
    words = {cell.text.strip() for cell in row if cell.text.strip()}
    return len(words) > 1 and all(len(w) <= _LONGEST for w in words)


def _name(cell: TableCell) -> str:
    words = " ".join(cell.text.split())
    return "" if len(words) > _LONGEST else words


def _role(name: str) -> str | None:
    low = matchable(name).strip(" .:*")
    return next((e.role for e in lexicon.load("tracking_columns") if e.pattern.search(low)), None) if low else None


def _with_lines_below(rows: Sequence[Cells], first: int, names: list[str]) -> tuple[int, list[str]]:
    """The last row of the heading, and the names with those that stand below others."""
    last = first
    for n in range(first + 1, min(first + _LINES, len(rows))):
        below = [_name(cell) for cell in rows[n]]
        if not _is_below(rows[first], names, below):
            break
        names = _joined(rows[first], names, below)
        last = n
    return last, names


def _is_below(above: Cells, names: Sequence[str], below: Sequence[str]) -> bool:
    """Whether a row goes on with the heading: short names without figures, some of them under a name that spans
    several columns or under none, and such as headings have."""
    new = [(n, name) for n, name in enumerate(below) if name and (n >= len(names) or name not in names[n].split(" > "))]
    if not new or any(len(name) > _LONGEST_BELOW or _HAS_DIGIT.search(name) for _, name in new):
        return False
    if len({name for _, name in new}) < len(new):
        return False  # one text across several columns: a line over rows
    return all(_spans(above, n) for n, _ in new) and any(_role(name) or _spans(above, n) for n, name in new)


def _spans(above: Cells, n: int) -> bool:
    """Whether nothing stands over a column, or a name that reaches over its neighbours too."""
    if n >= len(above) or not above[n].text.strip():
        return True
    follows = n + 1 < len(above) and (above[n + 1].joined or not above[n + 1].text.strip())
    return above[n].joined or follows


def _joined(above: Cells, names: Sequence[str], below: Sequence[str]) -> list[str]:
    """The two lines as one; what is blank above belongs to the name on its left where something stands below."""
    out: list[str] = []
    over = ""
    for n in range(max(len(names), len(below))):
        name = names[n] if n < len(names) else ""
        low = below[n] if n < len(below) else ""
        over = name or (over if low else "")
        out.append(f"{over} > {low}" if over and low and low != over else over or low)
    return out


def _columns(names: Sequence[str], told: Mapping[int, str | None]) -> tuple[Heading, ...]:
    roles = [told.get(n, _role(name)) for n, name in enumerate(names)]
    roles += [told[n] for n in sorted(told) if n >= len(names)]
    names = [*names, *[""] * (len(roles) - len(names))]
    roles = _settled(roles, told)
    first = {role: roles.index(role) for role in set(roles) if role}
    first |= {role: n for n, role in told.items() if role and n < len(roles)}
    return tuple(
        Heading(n, name, role, role is not None and role not in NOT_READ and first[role] == n)
        for n, (name, role) in enumerate(zip(names, roles, strict=True))
    )


def _settled(roles: Sequence[str | None], told: Mapping[int, str | None]) -> list[str | None]:
    """ "Ngày hoàn thành" is the last day unless another column is; of what has only a subject that is the content."""
    day = "done" if "deadline" in roles else "deadline"
    out = [day if role == "day" else role for role in roles]
    if "content" not in out and "subject" in out:
        out[out.index("subject")] = "content"
    return out
