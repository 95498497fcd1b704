"""Bảng tính: tables as an Excel workbook that can be filed: what is seen on the screen prints on A4 as it stands.

Rows are written one by one and then forgotten, so that memory does not grow with them. Text is always text, whatever it
begins with. Sources: Excel's limits (1,048,576 rows and 65,530 links a tab, 32,767 characters a cell, 2,079 a link).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import chain, groupby
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.export.forms import printed
from pipeline.export.sheet import Group, Kind, Link, Row, Sheet, Total
from pipeline.followup.settings import Office
from pipeline.output import starts_formula

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

MOST_ROWS = 1_048_576
MOST_LINKS = 65_530
MOST_CHARACTERS = 32_767
_LONGEST_LINK = 2_079
_MOST_DIGITS = 10**15  # a larger number loses its last digits
_FIRST_YEAR = 1900
_CUT = " […]"
_A4 = 9
_MARGINS = {"left": 1.18, "right": 0.59, "top": 0.79, "bottom": 0.79}  # inches: 30, 15, 20 and 20 mm
_NOT_IN_TABS = re.compile(r"[\[\]:*?/\\']")
_LONGEST_TAB = 31
_NOT_PRINTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_CENTRED: frozenset[Kind] = frozenset({"serial", "day", "percent"})
_NUMBERS: dict[Kind, str] = {"number": "#,##0", "serial": "0", "day": "dd/mm/yyyy", "percent": "0.00%"}


@dataclass(slots=True)
class Written:
    """What became of tables: their rows, on how many tabs, texts that Excel cannot hold whole, links left as words."""

    rows: int = 0
    tabs: int = 0
    shortened: int = 0
    unlinked: int = 0


def write_workbook(sheets: Sequence[Sheet], path: Path, *, office: Office, today: date) -> Written:
    """Write tables to a workbook, a tab each, or more where one cannot hold all rows. Links to files are written as
    seen from the workbook's folder. OSError where it cannot be written."""
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    told = Written()
    book = Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties(
        {"title": sheets[0].title if sheets else "", "company": office.name or "", "created": _noon(today)}
    )
    styles = _Styles(book)
    names = _TabNames()
    for sheet in sheets:
        _write_sheet(book, sheet, styles, names, office, path.parent, told)
    try:
        book.close()
    except FileCreateError as error:
        raise OSError(str(error)) from error
    return told


def _write_sheet(
    book: Workbook, sheet: Sheet, styles: _Styles, names: _TabNames, office: Office, folder: Path, told: Written
) -> None:
    rows = iter(sheet.rows)
    first = next(rows, None)
    rows = chain([] if first is None else [first], rows)
    while True:
        tab = _Tab(book.add_worksheet(names.next(sheet.name)), sheet, styles, folder, told)
        tab.begin(office)
        if first is None:
            tab.add(Group(printed("page.nothing")))
        rest = tab.fill(rows)
        tab.end()
        if rest is None:
            return
        rows = chain([rest], rows)


class _Styles:
    """The formats of a workbook, made once each."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, object], ...], Format] = {}

    def of(self, **how: object) -> Format:
        """Times New Roman 11, wrapped, from the top; `how` changes that."""
        values = {"font_name": "Times New Roman", "font_size": 11, "text_wrap": True, "valign": "top", **how}
        key = tuple(sorted(values.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(values)
        return self._made[key]

    def column(self, kind: Kind, *, bold: bool = False) -> _ColumnStyles:
        """How the cells of a column stand."""
        how: dict[str, object] = {"border": 1, "bold": bold, **({"align": "center"} if kind in _CENTRED else {})}
        return _ColumnStyles(
            words=self.of(**how),
            formula=self.of(**how, quote_prefix=True),  # text also where somebody types into the cell
            value=self.of(**how, num_format=_NUMBERS.get(kind, "General")),
            link=self.of(**how, font_color="#0000EE", underline=1),
        )


@dataclass(frozen=True, slots=True)
class _ColumnStyles:
    """Of one column: plain words, words that begin like a formula, days and numbers, links."""

    words: Format
    formula: Format
    value: Format
    link: Format


class _TabNames:
    """Names of tabs: short, without the signs that Excel forbids, none twice."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def next(self, name: str) -> str:
        plain = " ".join(_NOT_IN_TABS.sub(" ", name).split()) or "1"
        for number in range(1, MOST_ROWS):
            mark = f" ({number})" if number > 1 else ""
            made = plain[: _LONGEST_TAB - len(mark)].rstrip() + mark
            if made.lower() not in self._given:
                break
        self._given.add(made.lower())
        return made


class _Tab:
    """One tab, written from the top down."""

    def __init__(self, page: Worksheet, sheet: Sheet, styles: _Styles, folder: Path, told: Written) -> None:
        self._page = page
        self._sheet = sheet
        self._styles = styles
        self._folder = folder
        self._told = told
        self._row = 0
        self._heading = 0
        self._links = 0
        self._last = len(sheet.columns) - 1
        self._plain = [styles.column(column.kind) for column in sheet.columns]
        self._bold = [styles.column(column.kind, bold=True) for column in sheet.columns]
        self._percents = frozenset(n for n, column in enumerate(sheet.columns) if column.kind == "percent")
        told.tabs += 1

    def begin(self, office: Office) -> None:
        """Everything down to the heading, and how it prints."""
        for number, column in enumerate(self._sheet.columns):
            self._page.set_column(number, number, column.width)
        for words, bold in ((office.parent, False), (office.name, True)):
            if words:
                style = self._styles.of(bold=bold, font_size=12, text_wrap=False)
                self._page.write_string(self._row, 0, _clean(words).upper(), style)
                self._row += 1
        self._row += bool(self._row)
        self._line(self._sheet.title, 14, bold=True, align="center")
        for words in self._sheet.above:
            self._line(words, 12, italic=True, align="center")
        self._row += 1
        self._head()
        self._set_up()

    def _head(self) -> None:
        first = self._row
        columns = self._sheet.columns
        style = self._styles.of(bold=True, border=1, align="center", valign="vcenter")
        if any(column.over for column in columns):
            self._write_over(style)
            self._row += 1
        for number, column in enumerate(columns):
            self._page.write_string(self._row, number, _clean(column.title), style)
        if self._sheet.numbered:
            self._row += 1
            light = self._styles.of(italic=True, border=1, align="center", font_size=10)
            for number in range(len(columns)):
                self._page.write_string(self._row, number, f"({number + 1})", light)
        self._heading = self._row
        self._page.freeze_panes(self._row + 1, 0)
        self._page.repeat_rows(first, self._row)
        self._row += 1

    def _write_over(self, style: Format) -> None:
        """The upper of two lines of headings; a heading of one line stands in the lower one, where filters are."""
        at = 0
        open_below = self._styles.of(border=1, bottom=0)
        for over, group in groupby(self._sheet.columns, key=lambda column: column.over):
            size = len(list(group))
            if over and size > 1:
                self._page.merge_range(self._row, at, self._row, at + size - 1, _clean(over), style)
            elif over:
                self._page.write_string(self._row, at, _clean(over), style)
            else:
                for number in range(at, at + size):
                    self._page.write_blank(self._row, number, None, open_below)
            at += size

    def _set_up(self) -> None:
        page = self._page
        page.set_paper(_A4)
        if not self._sheet.upright:
            page.set_landscape()
        page.set_margins(**_MARGINS)
        page.fit_to_pages(1, 0)
        page.center_horizontally()
        page.set_header('&C&"Times New Roman,Regular"&13&P')

    def fill(self, rows: Iterable[Row]) -> Row | None:
        """Write rows as long as there is room; the first that has none."""
        room = MOST_ROWS - len(self._sheet.below) - 1
        for row in rows:
            if self._row >= room:
                return row
            self.add(row)
        return None

    def add(self, row: Row) -> None:
        """One row of the table."""
        if isinstance(row, Group):
            style = self._styles.of(bold=True, border=1, bg_color="#F2F2F2")
            self._merged(row.words, style, 11)
            return
        is_total = isinstance(row, Total)
        cells, styles = (row.cells, self._bold) if isinstance(row, Total) else (row, self._plain)
        for at, (value, style) in enumerate(zip(cells, styles, strict=True)):
            if value is None or value == "":
                self._page.write_blank(self._row, at, None, style.words)
            elif isinstance(value, str):
                self._write_words(at, value, style)
            elif isinstance(value, Link):
                self._write_link(at, value, style)
            else:
                self._write_value(at, value, style)
        self._row += 1
        self._told.rows += not is_total

    def end(self) -> None:
        """Filters over what was written, and the notes under it."""
        self._page.autofilter(self._heading, 0, max(self._row - 1, self._heading), self._last)
        self._row += 1
        for words in self._sheet.below:
            self._line(words, 11, italic=True)

    def _line(self, words: str, size: int, **how: object) -> None:
        self._merged(words, self._styles.of(font_size=size, valign="vcenter", **how), size)

    def _merged(self, words: str, style: Format, size: int) -> None:
        """Words over the whole width. Excel finds the height of no joined cells, so it is given."""
        width = sum(column.width for column in self._sheet.columns) * 11 / size
        lines = sum(1 + int(len(line) * 1.1 / width) for line in words.split("\n"))
        self._page.set_row(self._row, lines * size * 1.4)
        if self._last:
            self._page.merge_range(self._row, 0, self._row, self._last, "", style)
        self._page.write_string(self._row, 0, self._fitting(words), style)
        self._row += 1

    def _write_words(self, at: int, words: str, style: _ColumnStyles) -> None:
        how = style.formula if starts_formula(words) else style.words
        self._page.write_string(self._row, at, self._fitting(words), how)

    def _write_value(self, at: int, value: int | float | date, style: _ColumnStyles) -> None:
        if isinstance(value, date):
            if value.year < _FIRST_YEAR:
                self._write_words(at, f"{value.day:02d}/{value.month:02d}/{value.year}", style)
            else:
                self._page.write_datetime(self._row, at, value, style.value)
        elif abs(value) < _MOST_DIGITS:
            self._page.write_number(self._row, at, value / 100 if at in self._percents else value, style.value)
        else:  # not a number, or one that would lose digits
            self._write_words(at, str(value), style)

    def _write_link(self, at: int, link: Link, style: _ColumnStyles) -> None:
        target = _target(link.target, self._folder)
        if target is None or self._links >= MOST_LINKS:
            self._told.unlinked += 1
            self._write_words(at, link.words, style)
            return
        self._links += 1
        self._page.write_url(self._row, at, target, style.link, self._fitting(link.words))

    def _fitting(self, words: str) -> str:
        """Words as far as a cell holds them; what is cut is marked and counted."""
        words = _clean(words)
        if 2 * len(words) <= MOST_CHARACTERS or len(words.encode("utf-16-le")) // 2 <= MOST_CHARACTERS:
            return words
        self._told.shortened += 1
        kept = words.encode("utf-16-le")[: 2 * (MOST_CHARACTERS - len(_CUT))].decode("utf-16-le", "ignore")
        return kept.rstrip() + _CUT


def _clean(words: str) -> str:
    """Text without signs that no XML holds. What looks like the library's own marked-up text must not be taken for it:
    it would be written as it stands."""
    if words.isprintable() and not words.startswith("<"):
        return words
    words = _NOT_PRINTED.sub("", words.replace("\r\n", "\n").replace("\r", "\n"))
    words = words.encode("utf-8", "replace").decode("utf-8")
    return f"{words} " if words.startswith("<r>") and words.endswith("</r>") else words


@lru_cache(maxsize=1024)
def _target(target: str, folder: Path) -> str | None:
    """A link as the library wants it: an address, a place in the workbook ("#Tab!A1"), a file; None for what Excel
    takes for none."""
    target = _clean(target)
    if target.startswith("#"):
        found = f"internal:{target[1:]}"
    elif re.match(r"(https?|mailto):", target):
        found = target
    else:
        found = f"external:{_escaped(_relative(target, folder))}"
    return found if len(found.encode("utf-16-le")) // 2 <= _LONGEST_LINK else None


def _relative(path: str, folder: Path) -> str:
    """A path as seen from a folder, so that links hold where both are moved together."""
    try:
        return os.path.relpath(path, folder)
    except ValueError:  # another drive
        return path


def _escaped(path: str) -> str:
    return re.sub(r'[%#"<>\[\]^`{} ]', lambda m: f"%{ord(m[0]):02X}", path)


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12)
