"""Printed tables: the page of Decree 30 as other programs open it, in Word and on PDF."""

from __future__ import annotations

import os
import shutil
from datetime import date

import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm
from reopened import Printed, bordered, opened, words

from pipeline.export.page import table_paper, write_paper
from pipeline.export.papertable import PaperTooLong
from pipeline.export.pdf import PdfProgramMissing, as_pdf
from pipeline.export.saving import FileExists
from pipeline.export.sheet import Column, Group, Sheet, Total
from pipeline.followup.settings import Office

TODAY = date(2026, 11, 22)
OFFICE = Office(
    name="Văn phòng",
    parent="Ủy ban nhân dân tỉnh Sông Mơ",
    place="Sông Mơ",
    symbol="VP",
    signer_authority="KT. CHÁNH VĂN PHÒNG",
    signer_title="Phó Chánh Văn phòng",
    signer_name="Lê Thị Thử",
)
COLUMNS = (
    Column("STT", "serial", 5),
    Column("Nội dung nhiệm vụ", width=60),
    Column("Thời hạn", "day", 12),
    Column("đúng hạn", "number", 8, over="Hoàn thành"),
    Column("quá hạn", "number", 8, over="Hoàn thành"),
    Column("Tỷ lệ", "percent", 9),
)
ROW = (1, "Rà soát <a> & b\ntheo dòng thứ hai", date(2026, 3, 9), 1200, 0, 98.627)
needs_office = pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")


def sheet(rows=(ROW,), **more):
    return Sheet("bang", "DANH MỤC THỬ", COLUMNS, list(rows), **more)


def printed(rows=(ROW,), office=OFFICE, **more):
    return table_paper(sheet(rows, **more), office, today=TODAY)


def styles(file):
    """Sizes and weights of what is printed: words -> (size, bold)."""
    found = {}
    for run in opened(file).element.body.iter(qn("w:r")):
        text = "".join(t.text or "" for t in run.iter(qn("w:t"))).strip()
        size = run.find(f"{qn('w:rPr')}/{qn('w:sz')}")
        bold = run.find(f"{qn('w:rPr')}/{qn('w:b')}")
        found[text] = (int(size.get(qn("w:val"))) / 2, bold is not None)
    return found


def test_the_page_is_a4_with_the_margins_of_the_decree_and_lies_across_unless_upright():
    for upright, size in ((False, (297, 210)), (True, (210, 297))):
        section = opened(printed(upright=upright)).sections[0]
        assert (round(section.page_width / Mm(1)), round(section.page_height / Mm(1))) == size
        margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
        assert [round(margin / Mm(1)) for margin in margins] == [20, 20, 30, 15]


def test_the_head_has_issuer_bold_under_its_parent_and_the_country_with_its_motto():
    found = styles(printed())
    assert found["ỦY BAN NHÂN DÂN TỈNH SÔNG MƠ"] == (12, False)
    assert found["VĂN PHÒNG"] == (12, True)
    assert found["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"] == (12, True)
    assert found["Độc lập - Tự do - Hạnh phúc"] == (13, True)
    assert found["DANH MỤC THỬ"] == (14, True)


def test_day_and_number_of_issue_are_left_open():
    text = words(table_paper(sheet(), OFFICE, today=TODAY, symbol="BC-VP"))
    assert "Sông Mơ, ngày tháng năm 2026" in text
    assert "Số: /BC-VP" in text
    assert "Số:" not in words(printed())


def test_all_is_set_in_times_new_roman():
    paper = opened(printed())
    assert paper.styles["Normal"].font.name == "Times New Roman"
    own = {f.get(qn("w:ascii")) for f in paper.element.body.iter(qn("w:rFonts"))}
    assert own <= {None, "Times New Roman"}


def test_the_signer_stands_right_with_capacity_office_and_name():
    cell = opened(printed()).tables[-1].rows[0].cells[1]
    assert [p.text for p in cell.paragraphs if p.text] == ["KT. CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG", "Lê Thị Thử"]
    assert {p.alignment for p in cell.paragraphs} == {WD_ALIGN_PARAGRAPH.CENTER}


def test_what_is_not_known_of_the_office_is_left_open_with_dots():
    text = words(printed(office=Office()))
    assert "………, ngày tháng năm 2026" in text
    assert text.count("…………………") >= 3
    assert "None" not in text


def test_cells_are_written_as_people_write_them():
    ((_, lower, row),) = bordered(printed())
    assert lower == ["STT", "Nội dung nhiệm vụ", "Thời hạn", "đúng hạn", "quá hạn", "Tỷ lệ"]
    assert row == ["1", "Rà soát <a> & b\ntheo dòng thứ hai", "09/03/2026", "1.200", "0", "98,63%"]


def test_groups_totals_and_the_numbers_of_columns_are_printed():
    rows = [Group("Sở Mây (1 việc)"), ROW, Total((None, "Cộng", None, 5, 6, None))]
    (table,) = bordered(printed(rows, numbered=True))
    assert table[2] == ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"]
    assert set(table[3]) == {"Sở Mây (1 việc)"}
    assert styles(printed(rows))["Cộng"][1]


def test_a_table_without_rows_says_so():
    (table,) = bordered(printed(()))
    assert table[-1][0] == "(Không có)"


def test_what_no_file_can_hold_is_left_out():
    (table,) = bordered(printed([(1, "a\x00b\x0bc\ud800", None, 1, 2, None)]))
    assert table[-1][1] == "abc"


def test_headings_are_repeated_on_each_page_and_low_rows_are_not_broken():
    (table,) = [t for t in opened(printed()).tables if len(t.columns) == len(COLUMNS)]
    heads = [row._tr.trPr is not None and row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
    assert heads == [True, True, False]
    long = opened(printed([(1, "chữ " * 2000, None, 1, 2, None)])).tables[-2].rows[-1]._tr
    assert long.trPr.find(qn("w:cantSplit")) is None
    assert table.rows[-1]._tr.trPr.find(qn("w:cantSplit")) is not None


def test_a_line_over_others_stays_with_them_on_a_page():
    rows = opened(printed([Group("Sở Mây"), ROW])).tables[-2].rows
    kept = [bool(row._tr.xpath(".//w:keepNext")) for row in rows]
    assert kept == [False, False, True, True]  # the last row stays with who signs


ORDERS = {
    "sectPr": "headerReference footerReference type pgSz pgMar pgNumType cols titlePg docGrid",
    "pPr": "pStyle keepNext keepLines pBdr tabs spacing ind jc rPr sectPr",
    "rPr": "rFonts b i sz szCs lang",
    "tblPr": "tblStyle tblW jc tblBorders tblLayout tblCellMar tblLook",
    "tcPr": "tcW gridSpan vMerge vAlign",
}


def test_word_finds_the_parts_in_the_order_of_the_schema():
    """LibreOffice and python-docx read them in any order; Word calls the file damaged."""
    for element in opened(printed([Group("Sở Mây"), ROW])).element.iter():
        name = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
        if name in ORDERS:
            children = [child.tag.rpartition("}")[2] for child in element]
            assert children == sorted(children, key=ORDERS[name].split().index)


def test_a_long_table_has_all_its_rows_in_order():
    rows = [(n, f"Việc {n}", date(2026, 1, 1), n, 0, None) for n in range(1000)]
    assert second_column(printed(rows)) == [f"Việc {n}" for n in range(1000)]


def second_column(file):
    """Of the tables with lines; python-docx takes long to find cells."""
    tables = [t for t in opened(file).tables if t._tbl.tblPr.find(qn("w:tblBorders")) is not None]
    rows = [row.findall(qn("w:tc")) for table in tables for row in table._tbl.tr_lst[2:]]
    return ["".join(text.text for text in cells[1].iter(qn("w:t"))) for cells in rows]


def test_what_nobody_prints_is_refused_before_it_fills_the_memory():
    rows = ((n, f"Việc {n}", None, n, 0, None) for n in range(10**9))
    with pytest.raises(PaperTooLong):
        table_paper(Sheet("bang", "DANH MỤC THỬ", COLUMNS, rows), OFFICE, today=TODAY)


@needs_office
@pytest.mark.parametrize("upright", [False, True])
def test_the_pdf_is_a4_with_the_heading_on_each_page_and_nothing_beyond_the_margins(upright):
    rows = [(n, f"Rà soát việc số {n}: " + "tổng hợp, báo cáo kết quả " * 4, TODAY, n, 0, 1.5) for n in range(1, 61)]
    pdf = Printed(as_pdf(printed(rows, upright=upright, below=("Ghi chú.",))))
    width, height = (210, 297) if upright else (297, 210)
    assert set(pdf.sizes) == {(width, height)}
    assert len(pdf.pages) > 2
    assert all(pdf.has("Nội dung nhiệm vụ", page) for page in range(len(pdf.pages) - 1))
    assert pdf.pages[1].startswith("2")
    assert pdf.has("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 0)
    for left, right, bottom, _ in pdf.boxes:
        assert left >= 29
        assert right <= width - 14
        assert bottom >= 19
    assert all(pdf.has(f"Rà soát việc số {n}: tổng hợp") for n in range(1, 61))
    assert pdf.has("Lê Thị Thử", -1)
    assert pdf.has("Ghi chú", -1)  # who signs never stands alone on a page


@needs_office
def test_a_row_higher_than_a_page_is_printed_whole():
    pdf = Printed(as_pdf(printed([(1, "first " + "middle " * 3000 + "last", TODAY, 1, 0, None)])))
    assert pdf.text.count("middle") == 3000
    assert pdf.has("middle last")


@needs_office
def test_a_path_that_ends_in_pdf_gets_a_pdf_and_no_other_file_is_overwritten(tmp_path):
    path = tmp_path / "bang.pdf"
    write_paper(printed(), path)
    assert path.read_bytes().startswith(b"%PDF")
    with pytest.raises(FileExists):
        write_paper(printed(), path)
    write_paper(printed(), path, replace=True)
    assert [p.name for p in tmp_path.iterdir()] == ["bang.pdf"]


def test_without_libreoffice_the_error_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", os.fspath(tmp_path))
    with pytest.raises(PdfProgramMissing) as error:
        as_pdf(printed())
    assert "libreoffice" in error.value.details["packages"]
