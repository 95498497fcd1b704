"""Dòng Excel: rows of a tab as they stand in the file, written and forgotten; links wait in a file of their own.

The library writes rows with an object a cell and keeps a kilobyte a link: three times the time, and memory that grows.
What is used of its inside: the file that it collects rows in (`constant_memory`), and its ways to write links.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any

from xlsxwriter import Workbook
from xlsxwriter.packager import Packager
from xlsxwriter.relationships import Relationships
from xlsxwriter.url import Url, UrlTypes
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

if TYPE_CHECKING:
    from xlsxwriter.format import Format

_EPOCH = date(1899, 12, 31).toordinal()
_LEAP = 59  # days after which Excel counts one that there never was: 29 February 1900
_PIXEL = 0.75  # points


class Page(Worksheet):  # type: ignore[misc]
    """A tab whose rows are written from the top down."""

    def __init__(self) -> None:
        super().__init__()
        self._links: IO[str] | None = None

    def write_cells(self, row: int, height: float, cells: Iterable[str]) -> None:
        """A row so many points high; `cells` are those of `blank`, `cell` and `number`."""
        self._write_single_row(row)  # what the library still holds of the rows before
        self._check_dimensions(row, 0)
        points = int(height / _PIXEL + 0.5) * _PIXEL
        self.fh.write(f'<row r="{row + 1}" ht="{points:g}" customHeight="1">{"".join(cells)}</row>')

    def join_row(self, row: int, last: int) -> None:
        """One cell of a row up to a column; that it is nowhere else joined is the caller's business."""
        self.merge.append([row, 0, row, last])

    def link(self, at: str, target: str, words: str) -> None:
        """Let a cell lead somewhere: an address, "internal:" a place in the workbook, "external:" a file."""
        if self._links is None:
            self._links = TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 (gone with the workbook)
        url = Url(target)
        is_outside = url._link_type in (UrlTypes.URL, UrlTypes.EXTERNAL)
        inside = url._anchor if is_outside else url._link
        link = [at, inside, words, url._target() if is_outside else None]
        self._links.write(json.dumps(link) + "\n")

    def outside_links(self) -> Iterator[str]:
        """What links lead to outside of the workbook, in their order."""
        return (target for *_, target in self._read_links() if target is not None)

    def _read_links(self) -> Iterator[list[Any]]:
        if self._links is not None:
            self._links.seek(0)
            yield from map(json.loads, self._links)

    def _write_hyperlinks(self) -> None:
        if self._links is None:
            return
        self._xml_start_tag("hyperlinks")
        for place, inside, words, target in self._read_links():
            attributes = [("ref", place)]
            if target is None:
                attributes += [("location", inside), ("display", words)]
            else:
                self.rel_count += 1
                attributes += [("r:id", f"rId{self.rel_count}"), *([("location", inside)] if inside else [])]
            self._xml_empty_tag("hyperlink", attributes)
        self._xml_end_tag("hyperlinks")


class Book(Workbook):  # type: ignore[misc]
    """A workbook of such tabs."""

    worksheet_class = Page

    def _get_packager(self) -> _Packager:
        return _Packager()


class _Packager(Packager):  # type: ignore[misc]
    def _write_worksheet_rels_files(self) -> None:
        super()._write_worksheet_rels_files()
        for number, page in enumerate(self.workbook.worksheets(), 1):
            if page._links is not None:
                relations = _Relations(page.outside_links())
                relations._set_xml_writer(self._filename(f"xl/worksheets/_rels/sheet{number}.xml.rels"))
                relations._assemble_xml_file()


class _Relations(Relationships):  # type: ignore[misc]
    """Where links lead, written one by one."""

    def __init__(self, targets: Iterator[str]) -> None:
        super().__init__()
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
        self.relationships = ((kind, target, "External") for target in targets)


# --------------------------------------------------------------------------------------------------- cells


def blank(at: str, style: Format) -> str:
    """An empty cell; `at` is its place ("A5")."""
    return f'<c r="{at}" s="{style._get_xf_index()}"/>'


def cell(at: str, style: Format, inside: str) -> str:
    """A cell with a text as of `inside`."""
    return f'<c r="{at}" s="{style._get_xf_index()}" t="inlineStr">{inside}</c>'


def inside(text: str) -> str:
    """A text as it stands in a cell; one that Excel can hold, without signs that no XML holds."""
    if "&" in text or "<" in text or ">" in text:
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if "_x" in text:
        text = Worksheet._escape_control_characters(text)  # what looks like Excel's own escapes
    kept = ' xml:space="preserve"' if text[:1].isspace() or text[-1:].isspace() else ""
    return f"<is><t{kept}>{text}</t></is>"


def number(at: str, value: float, style: Format) -> str:
    """A cell with a number."""
    return f'<c r="{at}" s="{style._get_xf_index()}"><v>{value:.16G}</v></c>'


def serial(day: date) -> int:
    """The number of a day in Excel.

    >>> serial(date(1900, 1, 1)), serial(date(1900, 3, 1)), serial(date(2026, 3, 9))
    (1, 61, 46090)
    """
    days = day.toordinal() - _EPOCH
    return days + (days > _LEAP)


@lru_cache(maxsize=256)
def letters(column: int) -> str:
    """The name of a column: "A", "AB"."""
    return str(xl_col_to_name(column))
