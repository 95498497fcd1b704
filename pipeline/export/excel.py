"""Bảng tính: tables as an Excel workbook that can be filed: what is seen on the screen prints on A4 as it stands.

Rows are written one by one and then forgotten, so that memory does not grow with them. Text is always text, whatever it
begins with. Source: Excel's limits: 1,048,576 rows and 65,530 links a tab.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import chain, groupby
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.export import excelrows
from pipeline.export.excelcells import (
    FONT,
    SIZES,
    ColumnStyles,
    Shape,
    Styles,
    clean,
    fitting,
    lines_of,
    link_target,
    shape,
)
from pipeline.export.excelpictures import draw
from pipeline.export.forms import printed
from pipeline.export.sheet import Cell, Group, Link, Row, Sheet, Total
from pipeline.followup.settings import Office
from pipeline.output import starts_formula

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

MOST_ROWS = 1_048_576
MOST_LINKS = 65_530
_MOST_DIGITS = 10**15  # a larger number loses its last digits
_FIRST_YEAR = 1900
_SHORT = 100  # characters of a text that may come again
_A4 = 9
_MARGINS = {"left": 1.18, "right": 0.59, "top": 0.79, "bottom": 0.79}  # inches: 30, 15, 20 and 20 mm
_NOT_IN_TABS = re.compile(r"[\[\]:*?/\\']")
_LONGEST_TAB = 31


@dataclass(slots=True)
class Written:
    """What became of tables: their rows, on how many tabs; texts that Excel cannot hold whole, rows higher than it
    shows, links left as words."""

    rows: int = 0
    tabs: int = 0
    shortened: int = 0
    hidden: int = 0
    unlinked: int = 0


def write_workbook(sheets: Sequence[Sheet], path: Path, *, office: Office, today: date) -> Written:
    """Write tables to a workbook, a tab each, or more where one cannot hold all rows. Links to files are written as
    seen from the workbook's folder. OSError where it cannot be written."""
    from xlsxwriter.exceptions import FileCreateError

    told = Written()
    plain = {"font_name": FONT, "font_size": SIZES[0]}  # by which widths of columns are measured too
    book = excelrows.Book(str(path), {"constant_memory": True, "default_format_properties": plain})
    book.set_properties(
        {"title": sheets[0].title if sheets else "", "company": office.name or "", "created": _noon(today)}
    )
    styles = Styles(book)
    names = _TabNames()
    for sheet in sheets:
        _write_sheet(book, sheet, styles, names, office, path.parent, told)
    try:
        book.close()
    except FileCreateError as error:
        raise OSError(str(error)) from error
    return told


def _write_sheet(
    book: excelrows.Book, sheet: Sheet, styles: Styles, names: _TabNames, office: Office, folder: Path, told: Written
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
            break
        rows = chain([rest], rows)
    if sheet.pictures:
        page = book.add_worksheet(names.next(printed("charts.name")))
        _set_page(page, upright=True)
        draw(page, sheet.pictures)


def _set_page(page: Worksheet, *, upright: bool) -> None:
    page.set_paper(_A4)
    if not upright:
        page.set_landscape()
    page.set_margins(**_MARGINS)
    page.center_horizontally()
    page.set_header('&C&"Times New Roman,Regular"&13&P')


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

    def __init__(self, page: excelrows.Page, sheet: Sheet, styles: Styles, folder: Path, told: Written) -> None:
        self._page = page
        self._sheet = sheet
        self._styles = styles
        self._folder = folder
        self._told = told
        self._row = 0
        self._heading = 0
        self._links = 0
        self._last = len(sheet.columns) - 1
        self._made: dict[tuple[bool, float], list[ColumnStyles]] = {}
        self._widths = [column.width for column in sheet.columns]
        self._letters = [excelrows.letters(number) for number in range(len(sheet.columns))]
        self._percents, self._serials = (
            frozenset(n for n, column in enumerate(sheet.columns) if column.kind == kind)
            for kind in ("percent", "serial")
        )
        told.tabs += 1

    def begin(self, office: Office) -> None:
        """Everything down to the heading, and how it prints."""
        for number, column in enumerate(self._sheet.columns):
            self._page.set_column(number, number, column.width)
        for words, bold in ((office.parent, False), (office.name, True)):
            if words:
                style = self._styles.of(bold=bold, font_size=12, text_wrap=False)
                self._page.write_string(self._row, 0, clean(words).upper(), style)
                self._row += 1
        self._row += bool(self._row)
        self._line(self._sheet.title, 14, bold=True, align="center")
        for words in self._sheet.above:
            self._line(words, 12, italic=True, align="center")
        self._row += 1
        self._head()
        _set_page(self._page, upright=self._sheet.upright)
        self._page.fit_to_pages(1, 0)

    def _head(self) -> None:
        first = self._row
        columns = self._sheet.columns
        style = self._styles.of(bold=True, border=1, align="center", valign="vcenter")
        under = self._styles.of(bold=True, border=1, top=0, align="center", valign="top")
        is_double = any(column.over for column in columns)
        if is_double:
            self._write_over(style)
            self._row += 1
        lines = max(lines_of(column.title, column.width) for column in columns)
        self._page.set_row(self._row, lines * SIZES[0] * 1.4)
        for number, column in enumerate(columns):
            lower = under if is_double and not column.over else style
            self._page.write_string(self._row, number, clean(column.title), lower)
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
                self._page.merge_range(self._row, at, self._row, at + size - 1, clean(over), style)
            elif over:
                self._page.write_string(self._row, at, clean(over), style)
            else:
                for number in range(at, at + size):
                    self._page.write_blank(self._row, number, None, open_below)
            at += size

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
            self._add_group(row.words)
            return
        is_total = isinstance(row, Total)
        cells = row.cells if isinstance(row, Total) else row
        found = self._shape(cells)
        styles = self._columns(is_total, found.size)
        number = self._row + 1
        places = [f"{letter}{number}" for letter in self._letters]
        made = [self._cell(at, place, value, style)
            for at, (place, value, style) in enumerate(zip(places, cells, styles, strict=True))]  # fmt: skip
        self._page.write_cells(self._row, found.height, made)
        self._row += 1
        self._told.rows += not is_total

    def _add_group(self, words: str) -> None:
        style = self._styles.of(bold=True, border=1, bg_color="#F2F2F2")
        number = self._row + 1
        rest = [excelrows.blank(f"{letter}{number}", style) for letter in self._letters[1:]]
        first = excelrows.cell(f"A{number}", style, excelrows.inside(self._fitting(words)))
        self._page.write_cells(self._row, self._lines_over(words, 11), [first, *rest])
        if self._last:
            self._page.join_row(self._row, self._last)
        self._row += 1

    def _shape(self, cells: Sequence[Cell]) -> Shape:
        """How high the next row must be for its texts, and in what size of type."""
        words = ((value.words if isinstance(value, Link) else value, self._widths[at]) for at, value in enumerate(cells)
            if isinstance(value, str | Link))  # fmt: skip
        found = shape(words)
        self._told.hidden += not found.is_whole
        return found

    def _columns(self, bold: bool, size: float) -> list[ColumnStyles]:
        if (bold, size) not in self._made:
            kinds = [column.kind for column in self._sheet.columns]
            self._made[bold, size] = [self._styles.column(kind, bold=bold, size=size) for kind in kinds]
        return self._made[bold, size]

    def end(self) -> None:
        """Filters over what was written, and the notes under it."""
        self._page.autofilter(self._heading, 0, max(self._row - 1, self._heading), self._last)
        self._row += 1
        for words in self._sheet.below:
            self._line(words, 11, italic=True)

    def _line(self, words: str, size: int, **how: object) -> None:
        self._merged(words, self._styles.of(font_size=size, valign="vcenter", **how), size)

    def _merged(self, words: str, style: Format, size: int) -> None:
        """Words over the whole width."""
        self._page.set_row(self._row, self._lines_over(words, size))
        if self._last:
            self._page.merge_range(self._row, 0, self._row, self._last, "", style)
        self._page.write_string(self._row, 0, self._fitting(words), style)
        self._row += 1

    def _lines_over(self, words: str, size: int) -> float:
        """The height of a row with words over the whole width; Excel finds that of no joined cells."""
        return lines_of(words, sum(self._widths) * SIZES[0] / size) * size * 1.4

    def _cell(self, at: int, place: str, value: Cell, style: ColumnStyles) -> str:
        if isinstance(value, str) and value:
            return self._words(place, value, style)
        if value is None or value == "":
            return excelrows.blank(place, style.words)
        if isinstance(value, Link):
            return self._link(at, place, value, style)
        if isinstance(value, date):
            if value.year < _FIRST_YEAR:
                return self._words(place, f"{value.day:02d}/{value.month:02d}/{value.year}", style)
            return excelrows.number(place, excelrows.serial(value), style.value)
        if abs(value) < _MOST_DIGITS:
            return excelrows.number(place, value / 100 if at in self._percents else value, style.value)
        return self._words(place, str(value), style)  # not a number, or one that would lose digits

    def _words(self, place: str, words: str, style: ColumnStyles) -> str:
        is_formula, is_whole, inside = (_short if len(words) <= _SHORT else _text)(words)
        self._told.shortened += not is_whole
        return excelrows.cell(place, style.formula if is_formula else style.words, inside)

    def _link(self, at: int, place: str, link: Link, style: ColumnStyles) -> str:
        target = link_target(link.target, self._folder)
        if target is None or self._links >= MOST_LINKS:
            self._told.unlinked += 1
            return self._words(place, link.words, style)
        self._links += 1
        words = self._fitting(link.words)
        self._page.link(place, target, words)
        if at in self._serials and link.words.isdecimal():
            return excelrows.number(place, int(link.words), style.link)  # sorted as a number
        return excelrows.cell(place, style.link, excelrows.inside(words))

    def _fitting(self, words: str) -> str:
        kept, is_whole = fitting(words)
        self._told.shortened += not is_whole
        return kept


def _text(words: str) -> tuple[bool, bool, str]:
    """Whether a text begins like a formula, whether a cell holds it whole, and what stands in the cell."""
    kept, is_whole = fitting(words)
    return starts_formula(words), is_whole, excelrows.inside(kept)


_short = lru_cache(maxsize=512)(_text)  # names of bodies and the like stand in many rows


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12)
