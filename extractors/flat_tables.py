"""Bảng nhiệm vụ mất khung: task tables without rules, whose cells come as runs of lines, one after the other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import regex

from extractors.agencies import read_bodies
from extractors.frames import only_names
from extractors.model import Document, Line, Span
from extractors.patterns import at_end, one_pattern, word
from extractors.task_columns import Columns, columns_named
from extractors.text import Passage, join, matchable, passage

_HEADER_BITS = 22
_LONGEST_NAME = 60
_BRACKET_NUMBERS = regex.compile(r"\(?\d{1,2}\)?")
_WIDE = re.compile(r"\s\s")  # in few lines
_GAP = regex.compile(r"(?<!\s)\s{2,}+(?=[\p{Lu}\d])")
_NUMBER = regex.compile(
    r"(?P<no>\d{1,3}(?:\.\d{1,2}){0,3}|[IVX]{1,5}|[A-H])(?:[.)]?\s*$|[.)]\s+(?=\p{Lu})|\s+(?=\p{Lu}))"
)
_LETTERS = regex.compile(r"\p{L}{2}")  # figures by themselves may be cells that were taken for page numbers
_PAGE_NUMBER = regex.compile(r"\d{1,3}")
_ROMANS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV")
_LETTERED = "ABCDEFGH"
_STOPPED = regex.compile(r"[.;:]\s*$")
_WRAPPED = 4  # lines of one name that are looked at together


@dataclass(frozen=True, slots=True)
class FlatTable:
    """A task table that was found in plain lines: the stretch it takes up, its columns, its rows of cells."""

    span: Span
    columns: Columns
    rows: tuple[tuple[Passage, ...], ...]


@dataclass(frozen=True, slots=True)
class _Bit:
    """A line, or a part of one set off by wide spaces, in matchable spelling."""

    start: int
    end: int
    text: str
    apart: bool = False
    breaks: bool = False


@dataclass(slots=True)
class _Row:
    label: str
    bits: list[_Bit]


def flat_tables(document: Document, part: Span, leave_out: Sequence[Span]) -> tuple[FlatTable, ...]:
    """The task tables without rules in one part of a document: a header that names columns, then numbered rows."""
    bits = list(_bits(document, part, leave_out))
    out: list[FlatTable] = []
    n = 0
    while n < len(bits):
        header = _header(bits, n) if _names_numbers(bits[n].text) else None
        if header is None:
            n += 1
            continue
        columns, first = header
        rows, after = _rows(bits, first, columns, [b.text for b in bits[n:first]])
        if rows:
            shared = _all_shared_out(rows, columns)
            cells = tuple(_cells(document, rows[i : i + 2], columns, bits) for i, bits in enumerate(shared))
            out.append(FlatTable(Span(bits[n].start, bits[after - 1].end), columns, cells))
        n = max(after, n + 1)
    return tuple(out)


def _bits(document: Document, part: Span, leave_out: Sequence[Span]) -> Iterator[_Bit]:
    gaps = sorted((g for g in leave_out if g.end > part.start), key=lambda g: g.start)
    g = 0
    for line in document.lines:
        if line.end <= part.start or line.start >= part.end:
            continue
        while g < len(gaps) and gaps[g].end <= line.start:
            g += 1
        inside = g < len(gaps) and gaps[g].start <= line.start and line.end <= gaps[g].end
        if inside and _LETTERS.search(document.text, line.start, line.end):
            continue
        yield from _parts(document.text, line)


def _parts(text: str, line: Line) -> Iterator[_Bit]:
    start, apart = line.start, False
    wide = _WIDE.search(text, line.start, line.end)
    for gap in _GAP.finditer(text, line.start, line.end) if wide else ():
        yield from _bit(text, start, gap.start(), apart)
        start, apart = gap.end(), True
    yield from _bit(text, start, line.end, apart)


def _bit(text: str, start: int, end: int, apart: bool) -> Iterator[_Bit]:
    while start < end and text[start] in " \t*":
        start += 1
    while end > start and text[end - 1] in " \t*":
        end -= 1
    if end > start:
        yield _Bit(start, end, matchable(text[start:end]), apart)


def _names_numbers(text: str) -> bool:
    return len(text) < 14 and one_pattern("task_columns", "number").search(text) is not None


def _header(bits: Sequence[_Bit], at: int) -> tuple[Columns, int] | None:
    """The columns that the bits from `at` on name one after the other, and the place of the first row."""
    names = [bits[at].text]
    for n in range(at + 1, min(at + _HEADER_BITS, len(bits))):
        text = bits[n].text
        if _BRACKET_NUMBERS.fullmatch(text) or _NUMBER.match(text):
            columns = columns_named(names)
            return (columns, n) if columns is not None and columns.task == 1 else None
        if text[0].isupper():
            names.append(text)
        else:
            names[-1] += " " + text
        if len(names[-1]) > _LONGEST_NAME:
            return None
    return None


def _rows(bits: Sequence[_Bit], first: int, columns: Columns, header: Sequence[str]) -> tuple[list[_Row], int]:
    """The numbered rows from `first` on, heads of further pages left out; and the place after the last."""
    rows: list[_Row] = []
    broken = False
    n = first
    if _numbers_columns(bits, n, columns):
        n += columns.count
    while n < len(bits):
        if [b.text for b in bits[n : n + len(header)]] == list(header):
            n += len(header)
            broken = True
            continue
        bit = replace(bits[n], breaks=True) if broken else bits[n]
        broken = False
        if word("table_end").match(bit.text):
            break
        label = _next_label(bit.text, rows, bits[n - 1].text)
        if label is not None:
            m = _NUMBER.match(bit.text)
            rest = m.end() if m else 0
            rows.append(_Row(label, []))
            if rest < len(bit.text):
                rows[-1].bits.append(_Bit(bit.start + rest, bit.end, bit.text[rest:]))
        elif _PAGE_NUMBER.fullmatch(bit.text):
            broken = True
        elif rows:
            rows[-1].bits.append(bit)
        n += 1
    return rows, n


def _numbers_columns(bits: Sequence[_Bit], at: int, columns: Columns) -> bool:
    """The line "(1) (2) (3)" below a header."""
    some = [b.text.strip("()") for b in bits[at : at + columns.count]]
    return some == [str(i + 1) for i in range(columns.count)]


def _next_label(text: str, rows: Sequence[_Row], before: str) -> str | None:
    """The number at the head of a line where it is the next in its row."""
    m = _NUMBER.match(text)
    if m is None or (rows and at_end("clause_words", "reference_end").search(before)):
        return None
    label = m["no"]
    if label in _ROMANS or label in _LETTERED:
        row = _ROMANS if label in _ROMANS else _LETTERED
        first = row.index(label) == 0
        return label if first or any(r.label == row[row.index(label) - 1] for r in rows) else None
    if not label[0].isdigit():
        return None
    if not rows:
        return label if label.rsplit(".", 1)[-1] == "1" else None
    return label if _follows(label, [r.label for r in rows[-60:]]) else None


def _follows(label: str, labels: Sequence[str]) -> bool:
    """Whether a number goes on with the row before it, opens a row below it, or begins again after a heading."""
    above, _, last = label.rpartition(".")
    if last == "1":
        return not labels[-1][0].isdigit() or (bool(above) and labels[-1].split(".")[0] == above)
    before = (f"{above}." if above else "") + str(int(last) - 1)
    nearest = next((x for x in reversed(labels) if x in (before, label) or x.startswith(before + ".")), label)
    return nearest != label  # a number that came before, and no row began anew since: a footnote


def _cells(
    document: Document, rows: Sequence[_Row], columns: Columns, shared: Sequence[Sequence[_Bit]]
) -> tuple[Passage, ...]:
    """The cells of the first of two rows; a heading, and a note that names nobody, stands in all of them."""
    listed = {columns.lead, columns.coordinating}
    cells = [_words(document, bits, n in listed) for n, bits in enumerate(shared)]
    label = rows[0].label
    below = len(rows) > 1 and rows[1].label.startswith(label + ".")
    if not any(shared[columns.task + 1 :]) and (columns.lead is not None or below or not label[0].isdigit()):
        return tuple(cells[columns.task] for _ in cells)
    return tuple(cells)


def _all_shared_out(rows: Sequence[_Row], columns: Columns) -> list[list[list[_Bit]]]:
    """The bits of each row in their columns. Where tasks end with a stop, one without goes on over the page."""
    plain = [_shared_out(row.bits, columns, False) for row in rows]
    tasks = [cells[columns.task][-1].text for cells in plain if cells[columns.task] and any(cells[columns.task + 1 :])]
    if 2 * sum(_STOPPED.search(t) is not None for t in tasks) <= len(tasks):
        return plain
    return [_shared_out(row.bits, columns, True) for row in rows]


def _shared_out(bits: Sequence[_Bit], columns: Columns, over_pages: bool) -> list[list[_Bit]]:
    out: list[list[_Bit]] = [[] for _ in range(columns.count)]
    at = columns.task
    broken = False
    timed = -1  # the last bit of a time that stands behind its column
    for k, bit in enumerate(bits):
        if columns.time is not None and at > columns.time and k > timed:
            timed = k - 1 + _time_alone(bits, k)
        if k <= timed and columns.time is not None:
            out[columns.time].append(bit)
            continue
        broken = broken or (k > 0 and bit.breaks)
        if k and bit.breaks:
            at = _after_break(bits, k, out, columns, over_pages, at)
        elif broken and at in (columns.lead, columns.coordinating) and _after_note(bits, k):
            at = _told_by(columns)
        elif out[at]:
            at = _column(bits, k, at, columns)
        out[at].append(bit)
    return out


def _after_break(
    bits: Sequence[_Bit], k: int, out: Sequence[Sequence[_Bit]], columns: Columns, over_pages: bool, at: int
) -> int:
    """The column in which a row goes on over a page: its task, another lead, or what comes of it."""
    text = bits[k].text
    if text[0].islower():
        open_task = over_pages and not _STOPPED.search(out[columns.task][-1].text)
        return columns.task if open_task else _told_by(columns)
    names = _with_wrapped(bits, k).split("(")[0]
    if columns.lead is not None and read_bodies(names, 0) and only_names(names, 0):
        return columns.lead
    return _column(bits, k, at, columns) if out[at] else at


def _time_alone(bits: Sequence[_Bit], k: int) -> int:
    """How many bits from there are a time that fills its lines: that of another result of the row, below the first."""
    if k == 0 or _is_open(bits[k - 1].text):
        return 0
    whole = one_pattern("task_columns", "time_alone")
    return next((n for n in (1, 2) if whole.fullmatch(" ".join(b.text for b in bits[k : k + n]))), 0)


def _after_note(bits: Sequence[_Bit], k: int) -> bool:
    """Whether a note in brackets ended just before words that go on with something else."""
    return bits[k - 1].text.endswith(")") and bits[k].text[0].islower()


def _told_by(columns: Columns) -> int:
    """The column of what comes of a task, the last without a name of its own before the time; else the task's."""
    named = {columns.task, columns.lead, columns.coordinating, columns.time}
    free = [n for n in range(columns.task, columns.time or columns.count) if n not in named]
    return free[-1] if free else columns.task


def _words(document: Document, bits: Sequence[_Bit], listed: bool) -> Passage:
    """The words of a cell; in a list of bodies a semicolon stands where a new line begins with another name."""
    groups: list[list[_Bit]] = []
    for k, bit in enumerate(bits):
        if k and not (listed and _begins_anew(bits, k)):
            groups[-1].append(bit)
        else:
            groups.append([bit])
    lines = [passage(document, [Line(b.start, b.end) for b in group]) for group in groups]
    return join([x for n, line in enumerate(lines) for x in ([Passage(";", line.offsets[:1]), line] if n else [line])])


def _begins_anew(bits: Sequence[_Bit], k: int) -> bool:
    if not bits[k].text[0].isupper() or _is_open(bits[k - 1].text):
        return False
    return bool(read_bodies(_with_wrapped(bits, k), 0))


def _is_open(text: str) -> bool:
    """Whether a line goes on in the next one."""
    return any(at_end("clause_words", role).search(text) for role in ("open_end", "open_name", "reference_end"))


def _column(bits: Sequence[_Bit], k: int, at: int, columns: Columns) -> int:
    """The column that a bit stands in: that of the bit before it, or the first one after that which it fits."""
    bit, before = bits[k], bits[k - 1].text
    if not bit.text[0].isupper() and not bit.text[0].isdigit():
        return at
    if not bit.apart and _is_open(before):
        return at
    text = _with_wrapped(bits, k)
    names = bool(read_bodies(text, 0))
    for n in range(at + 1, columns.count):
        if n == columns.time:
            return n if one_pattern("task_columns", "time_value").match(text) else at
        if n == columns.lead:
            return n if names and only_names(text, 0) else at
        if n == columns.coordinating:
            if names:
                return n
        elif bit.text[0].isupper() and not names:
            return n
    return at


def _with_wrapped(bits: Sequence[_Bit], k: int) -> str:
    """The words of a line and of those after it that go on with it."""
    text = bits[k].text
    for bit in bits[k + 1 : k + _WRAPPED]:
        if not bit.text[0].islower():
            break
        text += " " + bit.text
    return text
