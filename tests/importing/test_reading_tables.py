"""What is read of a table that an office keeps, whatever it is kept in."""

import shutil
from pathlib import Path

import pytest
from sample_tables import HEADING, REPORT, ROWS, TREES, WATER, csv_text, document, old_word, workbook

from pipeline import errors
from pipeline.importing.errors import (
    NoHeading,
    NoNumber,
    NoRow,
    NoTable,
    NotATrackingTable,
    SecretTable,
    UnknownColumn,
    UnknownTable,
)
from pipeline.importing.tables import read_tracking
from pipeline.messages import error_text
from pipeline.reading.office import converted

REAL = Path(__file__).parents[3] / "shared/corpus/raw/travinh-bang-cap-nhat-cv-chi-dao.doc"


@pytest.fixture
def table(tmp_path):
    """`table("a.csv", content, columns)` gives the tables that are read of such a file."""

    def made(name, content, columns=None):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_tracking(path, columns)

    return made


def roles(tracking):
    return [c.role if c.is_read else None for c in tracking.tables[0].columns]


def rows(tracking):
    return [row for one in tracking.tables for _, row in one.rows]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_csv_of_any_kind(table, delimiter, encoding):
    read = table("bang.csv", csv_text(delimiter).encode(encoding))
    assert roles(read) == [
        None, "number", "date", "content", "lead", "coordinating", "deadline", "result", "done", "note",
    ]  # fmt: skip
    first, second, third = rows(read)
    assert (first.number, first.issued_on, first.content) == ("12/CT-UBND", "2026-01-05", TREES)
    assert (first.lead, first.coordinating) == (("Sở Mây",), ("Sở Gió",))
    assert (first.said, first.done_on, first.limit.due) == ("done", "2026-03-10", "2026-03-31")
    assert (second.said, second.limit.due, second.limit.boundary) == (None, "2026-04-15", "before")
    assert third.limit.due == "2026-06-30"
    assert third.note == "hỏi lại văn thư"


def test_a_day_that_no_calendar_has_is_told_and_not_taken(table):
    third = rows(table("bang.csv", csv_text()))[2]
    assert third.issued_on is None
    assert [(p.code, p.words) for p in third.problems] == [("day", "31/02/2026")]


def test_a_workbook_with_merged_cells_and_two_lines_of_headings(table):
    read = table("bang.xlsx", workbook())
    assert [(t.sheet, len(t.rows)) for t in read.tables] == [("Theo dõi", 3)]
    assert read.passed_over == 1
    assert [c.words for c in read.tables[0].columns][1:4] == [
        "Văn bản giao > Số", "Văn bản giao > Ngày", "Văn bản giao > Cơ quan ban hành",
    ]  # fmt: skip
    assert roles(read)[6:] == ["deadline", "extended", "state"]
    first, second, third = rows(read)
    assert (first.number, first.issued_on, first.issuer) == ("15/UBND-NV", "2026-02-03", "UBND huyện Suối Mơ")
    assert (first.body, first.lead, first.said) == ("PHÒNG NỘI VỤ", ("PHÒNG NỘI VỤ",), "done")
    assert first.limit.due == "2026-03-31"
    # one document over two rows; what is done in part is not done
    assert (second.number, second.issued_on, second.lead) == ("15/UBND-NV", "2026-02-03", ("Phòng Tư pháp",))
    assert (second.limit.due, second.extended.due, second.said) == ("2026-05-31", "2026-06-15", None)
    # the heading that is repeated and the field of work are no rows
    assert (third.number, third.content, third.lead) == ("88", REPORT, ("Phòng Nội vụ",))
    assert [number for number, _ in read.tables[0].rows] == [8, 9, 13]


def check_word(read):
    first, second, third = rows(read)
    assert (first.number, first.issued_on, first.content) == ("21/TB", "2026-07-09", WATER)
    assert (first.body, first.lead, first.limit.due) == ("PHÒNG QUẢN LÝ VẬN TẢI", ("Phòng QLVT",), "2026-08-31")
    assert (second.number, second.lead) == ("21/TB-VP", ("PHÒNG QUẢN LÝ VẬN TẢI",))
    assert (second.limit.due, second.limit.boundary, second.said) == ("2026-08-28", "before", None)
    assert (third.number, third.issued_on, third.lead) == ("1307", "2026-08-04", ())
    return True


def test_a_word_table_with_names_over_its_rows(table):
    assert check_word(table("bang.docx", document()))


def test_an_old_word_table(tmp_path):
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("LibreOffice is not installed")
    assert check_word(read_tracking(old_word(tmp_path / "bang.doc", soffice)))


def test_a_person_says_what_columns_hold(table):
    heading = ["TT", "Mã", "Ngày", "Mô tả", "Ai làm", "Bên hỗ trợ", "Chốt", "Tới đâu", "Ngày hoàn thành", "Khác"]
    content = csv_text(heading=heading)
    with pytest.raises(NotATrackingTable):
        table("bang.csv", content)
    read = table("bang.csv", content, "B=number,4=content,E=lead,G=deadline,H=state,J=ignore")
    assert roles(read) == [None, "number", "date", "content", "lead", None, "deadline", "state", "done", None]
    assert [(r.number, r.content, r.lead) for r in rows(read)][1] == ("12/CT-UBND", WATER, ("Sở Gió",))


@pytest.mark.parametrize("columns", ["B=nothing", "ABC=number", "number", "0=number"])
def test_columns_that_mean_nothing_are_refused(table, columns):
    with pytest.raises(UnknownColumn):
        table("bang.csv", csv_text(), columns)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("gia.csv", "Mặt hàng;Giá\nGạo;15\nMuối;5\n", NoHeading),
        ("viec.csv", "STT;Nhiệm vụ;Đơn vị chủ trì;Thời hạn\n1;Trồng cây;Sở Mây;31/3/2026\n", NoNumber),
        ("trong.csv", csv_text(rows=[[""] * 10]), NoRow),
        ("thu.txt", "Kính gửi các phòng.\nĐề nghị họp ngày mai.\n", NoHeading),
        ("anh.bmp", b"%!PS-Adobe-3.0\n", UnknownTable),
        ("goi.rar", b"Rar!\x1a\x07\x01\x00" + bytes(64), UnknownTable),
    ],
)
def test_what_is_no_tracking_table_is_refused_with_a_reason(table, name, content, reason):
    with pytest.raises(reason) as told:
        table(name, content)
    words = error_text(told.value)
    assert name in words and "{" not in words


@pytest.mark.parametrize("ending", ["xls", "ods"])
def test_spreadsheets_of_other_programs_are_read_as_workbooks(table, tmp_path, ending):
    if shutil.which("soffice") is None:
        pytest.skip("needs LibreOffice")
    other = table(f"bang.{ending}", converted(workbook(), "xlsx", ending))
    assert rows(other) == rows(table("bang.xlsx", workbook()))


def test_a_spreadsheet_that_no_program_here_reads_is_told_with_what_to_do(table, monkeypatch):
    content = converted(workbook(), "xlsx", "xls")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UnknownTable) as told:
        table("bang.xls", content)
    assert ".xlsx" in error_text(told.value)


def test_a_document_without_a_table_is_refused(tmp_path):
    import docx

    paper = docx.Document()
    paper.add_paragraph("Không có bảng nào ở đây.")
    paper.save(tmp_path / "thu.docx")
    with pytest.raises(NoTable):
        read_tracking(tmp_path / "thu.docx")


def test_a_secret_table_is_not_read(table):
    secret = csv_text(heading=[*HEADING, "Độ mật"], rows=[[*ROWS[0], "Mật"]])
    with pytest.raises(SecretTable):
        table("bang.csv", secret)
    with pytest.raises(SecretTable):
        table("bang.docx", document("MẬT"))


@pytest.mark.parametrize("name", ["bang.xlsx", "bang.docx"])
def test_a_file_cut_short_is_told_as_damaged(table, name):
    content = workbook() if name.endswith("xlsx") else document()
    with pytest.raises(errors.UnreadableFile):
        table(name, content[: len(content) // 2])


def test_the_table_of_a_real_office():
    """Counts only, looked up by eye in a rendering: 29 rows under 8 names, 9 of them with a last day."""
    if not REAL.exists() or shutil.which("soffice") is None:
        pytest.skip("needs the shared documents and LibreOffice")
    found = rows(read_tracking(REAL))
    assert len(found) == 29
    assert len({row.body for row in found}) == 8
    assert all(row.number and row.issued_on and row.issued_on.startswith("2014-") for row in found)
    assert sum(row.limit is not None for row in found) == 9
    assert sum(bool(row.lead) for row in found) == 28
    assert not [row for row in found if row.problems or row.said]
