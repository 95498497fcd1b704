"""The periodic report: what it tells of a directive, in which form, and what it refuses."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from register_papers import NOW, WHO, before, deadline, enter, obligation, paper
from reopened import Printed, bordered, opened, paragraphs, words

from extractors.model import Found, Span
from pipeline import errors
from pipeline.export.report import report_paper, report_sheets
from pipeline.export.reporting import BeforeDirective, NothingAssigned, NotYet, gather
from pipeline.export.sheet import Group
from pipeline.export.spans import BadPeriod, parse_span
from pipeline.followup.recording import Entry, enter_event
from pipeline.followup.settings import Office, Settings

ROOT = Path(__file__).parents[2]
SEEDS = ROOT.parent / "shared" / "seeds"
OFFICE = Office(
    name="Sở Mây",
    full_name="Sở Mây tỉnh Sông Mơ",
    parent="Ủy ban nhân dân tỉnh Sông Mơ",
    place="Sông Mơ",
    symbol="SM",
    signer_title="Giám đốc",
)
TODAY = date(2026, 12, 31)
SETTINGS = Settings()


def task(quote, *limits, **more):
    """A task of which something shows that it was done."""
    return obligation(quote, *limits, check=Found(quote, Span(0, 1), "check.report", 0.9), **more)


@pytest.fixture
def directive(register):
    """12/CT-UBND of 5 January 2026: three dated tasks, one that recurs, one that only points the way, one target."""
    enter(
        register,
        paper(
            task("Trồng cây ven đường", before("10/3/2026", "2026-03-10")),
            task("Đếm cây đã trồng", deadline("chậm nhất ngày 20/3/2026", "2026-03-20", boundary="on_or_before")),
            task("Sơn lại cổng trường", before("01/6/2026", "2026-06-01"), lead=("Sở Gió",)),
            obligation("Giữ vệ sinh hè phố", lead=("Sở Gió",)),
            task("Báo cáo", deadline("hằng quý", None, "recurring", rrule="FREQ=MONTHLY;INTERVAL=3")),
            obligation("Đạt 80% tuyến đường có cây", deadline("năm 2026", "2026-12-31", "period"), kind="target"),
        ),
    )
    return register


def happens(register, kind, target, day, **more):
    made_at = "2026-12-31T08:00:00+07:00"
    return enter_event(register, Entry(kind, target, day, **more), SETTINGS, who=WHO, now=made_at)


def report(register, period="2026-Q1", **more):
    return gather(register, "12/CT-UBND", parse_span(period), SETTINGS, today=TODAY, **more)


def printed(register, period="2026-Q1", office=OFFICE, **more):
    return report_paper(report(register, period, **more), office, year=2026)


@pytest.mark.parametrize(
    ("code", "start", "end"),
    [
        ("2022-03", date(2022, 3, 1), date(2022, 3, 31)),
        ("2022-Q1", date(2022, 1, 1), date(2022, 3, 31)),
        ("2022q4", date(2022, 10, 1), date(2022, 12, 31)),
        ("2022-H2", date(2022, 7, 1), date(2022, 12, 31)),
        ("2022-9M", date(2022, 1, 1), date(2022, 9, 30)),
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2022-03-14", None, date(2022, 3, 14)),
    ],
)
def test_periods_as_people_type_them(code, start, end):
    assert (parse_span(code).start, parse_span(code).end) == (start, end)


@pytest.mark.parametrize("code", ["2022-Q5", "2022-13", "2022-H3", "Q1", "2022-02-30", "", "202203", "0000", "2022-Q"])
def test_what_is_no_period_is_refused(code):
    with pytest.raises(BadPeriod):
        parse_span(code)


def test_where_nothing_was_entered_the_report_says_so_and_claims_nothing(directive):
    found = report(directive, as_of=date(2026, 3, 8))
    assert found.is_silent
    text = words(printed(directive, as_of=date(2026, 3, 8)))
    assert "chưa có thông tin nào về việc thực hiện được nhập vào sổ theo dõi" in text
    assert "không có việc nào quá hạn" in text
    assert "Chưa có việc nào hoàn thành hoặc quá hạn nên chưa tính tỷ lệ" in text
    assert "None" not in text


def test_what_is_given_to_whom_is_counted(directive):
    text = words(printed(directive))
    assert "Chỉ thị số 12/CT-UBND ngày 05/01/2026 giao 05 nhiệm vụ cho 02 cơ quan, đơn vị chủ trì" in text
    assert "là 05 việc, trong đó 04 việc có thời hạn, 01 việc không ghi thời hạn" in text
    assert "- Sở Mây: 03 nhiệm vụ" in text
    assert "- Sở Gió: 02 nhiệm vụ" in text
    assert "01 chỉ tiêu" in text


def test_figures_and_rates_are_those_of_the_scoreboard_with_their_formula(directive):
    happens(directive, "accepted", "T1", "2026-03-05")
    happens(directive, "accepted", "T2", "2026-03-25")
    found = report(directive, as_of=date(2026, 6, 10), period="2026-H1")
    assert (found.counts.done_on_time, found.counts.done_late, found.counts.overdue) == (1, 1, 2)
    text = words(report_paper(found, OFFICE, year=2026))
    assert "= 2/(2 + 2) = 50,00%" in text
    assert "Tỷ lệ quá hạn = quá hạn chưa hoàn thành / (đã hoàn thành + quá hạn chưa hoàn thành) = 2/(2 + 2)" in text
    assert "= 1/(2 + 2) = 25,00%" in text
    figures = bordered(report_paper(found, OFFICE, year=2026))[0][-1]
    assert figures == ["6", "1", "1", "1", "2", "1", "0", "50,00%"]


def test_only_what_happened_in_the_period_is_told_as_its_result(directive):
    happens(directive, "accepted", "T1", "2026-03-05", proof="Báo cáo số 7/BC-SM ngày 05/3/2026")
    happens(directive, "accepted", "T2", "2026-04-02")
    first, second = words(printed(directive, "2026-Q1")), words(printed(directive, "2026-Q2"))
    assert "01 việc hoàn thành" in first
    assert "- Sở Mây: Trồng cây ven đường (hoàn thành ngày 05/3/2026 theo Báo cáo số 7/BC-SM ngày 05/3/2026)" in first
    assert "Đếm cây đã trồng (hoàn thành" not in first
    assert "- Sở Mây: Đếm cây đã trồng (hoàn thành ngày 02/4/2026)" in second
    assert "Trồng cây ven đường (hoàn thành" not in second


def test_a_period_in_which_nothing_happened_says_so_though_something_did_before(directive):
    happens(directive, "accepted", "T1", "2026-03-05")
    text = words(printed(directive, "2026-08"))
    assert "Trong tháng 8 năm 2026, sổ theo dõi không ghi nhận kết quả" in text


def test_what_is_late_is_named_with_its_limit_days_and_reminders(directive):
    happens(directive, "reminded", "T1", "2026-03-20")
    happens(directive, "extended", "T2", "2026-03-18", due="2026-03-25")
    text = words(printed(directive))
    assert "có 02 việc quá hạn chưa hoàn thành thuộc 02 nhiệm vụ, của 01 cơ quan, đơn vị" in text
    assert "- Sở Mây: Trồng cây ven đường; thời hạn: trước ngày 10/3/2026; quá hạn 22 ngày; đã đôn đốc 01 lần." in text
    assert "thời hạn: đến hết ngày 20/3/2026; được gia hạn đến hết ngày 25/3/2026; quá hạn 06 ngày" in text


def test_the_table_has_a_row_a_task_with_result_and_standing(directive):
    happens(directive, "accepted", "T1", "2026-03-05")
    happens(directive, "reported", "T2", "2026-03-19")
    table = bordered(printed(directive))[1]
    assert table[0] == [
        "STT", "Số, ký hiệu, ngày văn bản", "Nội dung nhiệm vụ", "Đơn vị chủ trì", "Thời hạn", "Kết quả thực hiện",
        "Trạng thái",
    ]  # fmt: skip
    rows = {row[2]: row for row in table[1:]}
    first = rows["Trồng cây ven đường"]
    assert first[1] == "12/CT-UBND\nngày 05/01/2026"
    assert first[3:] == ["Sở Mây", "Trước ngày 10/3/2026", "Hoàn thành ngày 05/3/2026", "Hoàn thành đúng hạn"]
    assert rows["Đếm cây đã trồng"][5:] == ["Báo cáo kết quả ngày 19/3/2026", "Đã báo cáo, chờ nghiệm thu"]
    assert rows["Giữ vệ sinh hè phố"][4:] == [
        "Không ghi thời hạn",
        "Chưa cập nhật",
        "Chưa hoàn thành, không ghi thời hạn",
    ]
    assert rows["Báo cáo"][4] == "Quý I năm 2026, đến hết ngày 31/3/2026"


def test_a_group_is_one_row_with_how_many_did_what(register):
    provinces = "Ủy ban nhân dân các tỉnh, thành phố trực thuộc Trung ương"
    enter(register, paper(obligation("Báo cáo số cây", before("10/3/2026", "2026-03-10"), lead=(provinces,))))
    for number in range(1, 6):
        happens(register, "accepted", f"T{number}", "2026-03-01")
    found = report(register)
    members = len(found.duties)
    row = bordered(report_paper(found, OFFICE, year=2026))[1][-1]
    assert members > 30
    assert row[3] == f"{provinces} ({members} cơ quan)"
    assert row[5] == f"Đã hoàn thành: 5/{members} cơ quan"
    assert f"Hoàn thành đúng hạn: 5/{members} cơ quan" in row[6]
    assert f"quá hạn 22 ngày: {members - 5}/{members} cơ quan" in row[6]


def test_an_undone_event_is_told_nowhere(directive):
    from pipeline.followup.recording import undo_event

    happens(directive, "accepted", "T1", "2026-03-05")
    undo_event(directive, 1, who=WHO, now=NOW, why="nhầm")
    assert report(directive).is_silent


def test_it_goes_to_who_issued_the_directive_unless_that_is_the_office_itself(directive):
    assert "Kính gửi: Ủy ban nhân dân tỉnh Sông Mơ" in words(printed(directive))
    own = Office(name="Ủy ban nhân dân tỉnh Sông Mơ")
    assert "Kính gửi" not in words(printed(directive, office=own))


def test_the_head_the_title_the_end_and_the_signature_are_there(directive):
    text = words(printed(directive))
    assert "Số: /BC-SM" in text
    assert "BÁO CÁO Tình hình thực hiện Chỉ thị số 12/CT-UBND Quý I năm 2026" in text
    assert "về đôn đốc trồng cây ven đường liên xã, Sở Mây tỉnh Sông Mơ báo cáo tình hình thực hiện trong Quý I" in text
    assert "số liệu tính đến hết ngày 31/3/2026" in text.lower()
    assert paragraphs(printed(directive))[0].startswith("BÁO CÁO")
    assert "trong Quý I năm 2026./." in text
    assert "GIÁM ĐỐC" in text
    assert "Nơi nhận: - Như trên; - Lưu: VT." in text


def test_the_day_of_closing_is_the_end_of_the_period_or_today_or_what_is_asked(directive):
    assert report(directive).as_of == date(2026, 3, 31)
    early = gather(directive, "D1", parse_span("2026-Q1"), SETTINGS, today=date(2026, 2, 1))
    assert early.as_of == date(2026, 2, 1)
    assert report(directive, as_of=date(2026, 3, 14)).as_of == date(2026, 3, 14)


@pytest.mark.parametrize(
    ("period", "as_of", "error"),
    [
        ("2025-Q4", None, BeforeDirective),
        ("2026-01-04", None, BeforeDirective),
        ("2027", None, NotYet),
        ("2026-Q2", date(2026, 3, 31), NotYet),
    ],
)
def test_periods_that_cannot_be_are_refused(directive, period, as_of, error):
    with pytest.raises(error):
        report(directive, period, as_of=as_of)


def test_an_unknown_directive_and_one_that_assigns_nothing_are_refused(register):
    enter(register, paper(number="1/TB-SM", doc_type="thông báo"))
    with pytest.raises(errors.UnknownId):
        gather(register, "99/CT-UBND", parse_span("2026"), SETTINGS, today=TODAY)
    with pytest.raises(NothingAssigned):
        gather(register, "1/TB-SM", parse_span("2026"), SETTINGS, today=TODAY)


def test_tables_alone_hold_tasks_whole_and_figures(directive):
    tasks, figures, bodies = report_sheets(report(directive))
    assert [row.words if isinstance(row, Group) else row[2] for row in tasks.rows] == [
        "A. Nhiệm vụ có sản phẩm hoặc mốc hoàn thành (4)", "Trồng cây ven đường", "Đếm cây đã trồng",
        "Sơn lại cổng trường", "Báo cáo", "B. Nhiệm vụ mang tính định hướng (1)", "Giữ vệ sinh hè phố",
    ]  # fmt: skip
    assert next(iter(figures.rows))[0] == 5
    assert [row[1] for row in list(bodies.rows)[:-1]] == ["Sở Mây", "Sở Gió"]


@pytest.fixture
def many(register):
    """12/CT-UBND: five bodies are late with a task, days are ahead in four weeks."""
    late = [task(f"Báo cáo số {n}", before("10/3/2026", "2026-03-10"), lead=(f"Sở thứ {n}",)) for n in range(5)]
    days = ("2026-04-07", "2026-04-14", "2026-04-21", "2026-04-28")
    enter(register, paper(*late, *(task(f"Trồng cây {day}", before(day, day)) for day in days)))
    return register


def drawn(paper):
    """What the pictures of a Word file say, and how wide they are, in millimetres."""
    return [(picture._inline.docPr.get("descr"), round(picture.width.mm)) for picture in opened(paper).inline_shapes]


def test_figures_are_drawn_small_and_tell_what_they_show(many):
    shown = drawn(printed(many, as_of=date(2026, 3, 31)))
    assert [width for _, width in shown] == [130, 130]
    assert shown[0][0].startswith("5 nhiệm vụ quá hạn của 5 cơ quan.")
    assert shown[1][0].startswith("4 nhiệm vụ đến hạn trong 12 tuần tới.")


def test_what_a_sentence_says_as_well_is_not_drawn(directive):
    assert drawn(printed(directive, as_of=date(2026, 3, 31))) == []
    assert [sheet.pictures for sheet in report_sheets(report(directive))] == [(), [], ()]


def test_pictures_stand_on_a_tab_of_their_own(many, run, monkeypatch, path, tmp_path):
    monkeypatch.chdir(tmp_path)
    args = ("--register", path, "--directive", "12/CT-UBND", "--period", "2026-Q1", "--as-of", "2026-03-31")
    assert run("export", "report", *args, "--to", "b.xlsx").code == 0
    book = openpyxl.load_workbook("b.xlsx")
    page = book["Biểu đồ"]
    assert len(page._images) == 2 and not any(other._images for other in book if other is not page)
    assert str(page.page_setup.paperSize) == page.PAPERSIZE_A4
    assert all(image._data().startswith(b"\x89PNG") for image in page._images)


# ------------------------------------------------------------------ as a user runs it


@pytest.fixture
def filled(directive, monkeypatch, path, tmp_path):
    monkeypatch.setenv("CONGVAN_REGISTER", str(path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_command_writes_a_paper_into_this_folder_and_overwrites_nothing_unasked(run, filled):
    args = ("export", "report", "--directive", "12/CT-UBND", "--period", "2026-Q1", "--as-of", "2026-03-31")
    done = run(*args)
    assert done.code == 0
    assert "chưa có kết quả nào được nhập" in done.err.lower()
    file = filled / "outputs" / "bao-cao-12-CT-UBND-2026-Q1.docx"
    assert "BÁO CÁO" in words(file)
    assert run(*args).code == 1
    assert run(*args, "--force").code == 0


def test_the_command_writes_workbooks_and_csv(run, filled):
    args = ("export", "report", "--directive", "12/CT-UBND", "--period", "2026-03-31", "--to")
    assert run(*args, "b.xlsx").code == run(*args, "b.csv").code == 0
    book = openpyxl.load_workbook(filled / "b.xlsx")
    assert len(book.sheetnames) == 3
    cells = {cell.value for row in book.worksheets[0].iter_rows() for cell in row}
    assert "Trồng cây ven đường" in cells
    assert "Trồng cây ven đường" in (filled / "b.csv").read_text("utf-8-sig")


def test_an_ending_that_nothing_writes_is_refused(run, filled):
    assert run("export", "report", "--directive", "12/CT-UBND", "--period", "2026", "--to", "b.txt").code == 2
    assert not (filled / "b.txt").exists()


@pytest.mark.parametrize(
    "args", [("--directive", "99/CT-UBND", "--period", "2026"), ("--directive", "D1", "--period", "2026-Q7")]
)
def test_what_cannot_be_written_leaves_no_file(run, filled, args):
    done = run("export", "report", *args)
    assert done.code == 1
    assert done.err.startswith("Lỗi:")
    assert not list(filled.rglob("*.docx"))


@pytest.mark.skipif(not SEEDS.is_dir(), reason="no seeds here")
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_the_seeds_report_on_a_directive_prints_on_a4(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run("ingest", SEEDS)
    done = run("export", "report", "--directive", "01/CT-BTTTT", "--period", "2022-Q1", "--to", "b.pdf")
    assert done.code == 0
    pdf = Printed(tmp_path / "b.pdf")
    assert set(pdf.sizes) == {(210, 297), (297, 210)}
    assert pdf.has("01/CT-BTTTT", 0)
    assert pdf.has("BÁO CÁO", 0)
    for (width, _), (left, right, bottom, _) in zip(pdf.sizes, pdf.boxes, strict=True):
        assert left >= 29
        assert right <= width - 14
        assert bottom >= 19
