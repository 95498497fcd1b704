"""Lines in, a `Document` out: the one place where offsets are made."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from extractors.model import Box, Cell, Document, Issue, Line, ScannedWord, Table
from pipeline.reading.layout import Word
from pipeline.reading.mending import mend

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028\u2029\u2060\ufeff\ufffe\uffff]")
_BULLET = re.compile("^ *[\uf000-\uf0ff](?= |$)")
_SYMBOL = re.compile("[\uf000-\uf0ff]")
_NAMELESS = re.compile("[\ue000-\uefff\uf100-\uf8ff]")
_UNREADABLE = "\ufffd"
_BREAK = re.compile(r"[\r\n\x0b\x0c\x85\u2028\u2029]+")


def clean(text: str) -> str:
    """The text in NFC, without line breaks, control characters and spaces at its ends; tabs become spaces.

    Bullets of symbol fonts become hyphens; letters to which their font gives no name become U+FFFD.
    """
    if text.isprintable():  # as almost all is: none of what follows is in it
        return unicodedata.normalize("NFC", text).strip(" ")
    text = _BREAK.sub(" ", text).replace("\t", " ")
    text = _SYMBOL.sub("", _BULLET.sub("-", text))
    return unicodedata.normalize("NFC", _CONTROL.sub("", _NAMELESS.sub("\ufffd", text))).strip(" \u00a0")


@dataclass(slots=True)
class Builder:
    """Collects lines in reading order and gives each its offsets in the text that they make up."""

    parts: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    words: list[ScannedWord] = field(default_factory=list)
    at: int = 0

    def add(
        self,
        text: str,
        page: int | None = None,
        box: Box | None = None,
        column: int | None = None,
        bold: bool = False,
        words: Sequence[Word] = (),
    ) -> None:
        """One printed line, with the words of a recognised one; nothing is added where it is empty."""
        text = clean(text)
        if not text:
            return
        self.lines.append(Line(self.at, self.at + len(text), page, box, column, bold))
        self.parts.append(text)
        self.words += _placed(words, text, self.at)
        self.at += len(text) + 1

    def blank(self) -> None:
        """An empty line of the text: a gap between paragraphs that the file itself shows."""
        if self.parts and self.parts[-1]:
            self.parts.append("")
            self.at += 1

    def table(self, rows: Sequence[Sequence[int]], add_cell: Callable[[int], None], page: int | None = None) -> None:
        """A table: `rows` holds numbers of cells, `add_cell` adds the lines of one; each is added once."""
        rows = evened(rows)
        first = self.at
        cells: dict[int, Cell] = {}
        for number in (number for row in rows for number in row):
            if number not in cells:
                start = self.at
                add_cell(number)
                cells[number] = Cell(start, max(start, self.at - 1))
        end = max(first, self.at - 1)
        self.tables.append(Table(first, end, tuple(tuple(cells[n] for n in row) for row in rows), page))

    def set_column(self, first: int, column: int) -> None:
        """Puts the lines from number `first` on into one column of a strip."""
        self.lines[first:] = [replace(line, column=column) for line in self.lines[first:]]

    def extend(self, other: Builder) -> None:
        """All that another builder holds, after what this one holds."""
        shift = self.at
        self.lines += [replace(x, start=x.start + shift, end=x.end + shift) for x in other.lines]
        self.tables += [_shifted(x, shift) for x in other.tables]
        self.words += [replace(x, start=x.start + shift, end=x.end + shift) for x in other.words]
        self.parts += other.parts
        self.issues += other.issues
        self.at += other.at

    def issue(self, code: str, message: str) -> None:
        """Something that a person should look at."""
        self.issues.append(Issue(code, message))

    def document(self, sha256: str, format: str, pages: int = 0) -> Document:
        """All that was added as one document."""
        if found := mend(self.parts, self.lines, self.tables, self.words):
            self.parts, self.lines, self.tables, self.words = found.parts, found.lines, found.tables, found.words
        text = "\n".join(self.parts) + "\n" if self.parts else ""
        if "\ufffd" in text and not any(issue.code == "text.unreadable_bytes" for issue in self.issues):
            self.issue("text.unreadable_letters", f"{text.count(_UNREADABLE)} letters cannot be read")
        return Document(
            text=text,
            lines=tuple(self.lines),
            sha256=sha256,
            tables=tuple(self.tables),
            pages=pages,
            format=format,
            issues=tuple(self.issues),
            words=tuple(self.words),
        )


def _placed(words: Sequence[Word], text: str, start: int) -> Iterator[ScannedWord]:
    """Where each recognised word stands in the text of its line, which begins at `start`."""
    at = 0
    for word in words:
        printed = clean(word.text)
        found = text.find(printed, at)
        if printed and found >= 0:
            at = found + len(printed)
            yield ScannedWord(start + found, start + at, Box(word.x0, word.top, word.x1, word.bottom), word.confidence)


def evened(rows: Sequence[Sequence[int]]) -> Sequence[Sequence[int]]:
    """The rows without the columns that only come of rules standing a little apart from row to row.

    Where every row has either as many different cells as the others or one across, these are the columns.

    >>> evened([[0, 1, 1], [2, 2, 2], [3, 3, 4]])
    [[0, 1], [2, 2], [3, 4]]
    """
    short = [[cell for n, cell in enumerate(row) if not n or row[n - 1] != cell] for row in rows]
    lengths = {len(row) for row in short} - {0, 1}
    if len(lengths) != 1:
        return rows
    width = lengths.pop()
    return [row * width if len(row) == 1 else row for row in short]


def _shifted(table: Table, shift: int) -> Table:
    rows = tuple(tuple(Cell(c.start + shift, c.end + shift) for c in row) for row in table.rows)
    return Table(table.start + shift, table.end + shift, rows, table.page)
