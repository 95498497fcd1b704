"""The draft of a letter that urges a body on: what it recalls, finds and asks, and that it enters nothing."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from register_papers import WHO, before, deadline, enter, obligation, paper
from reopened import Printed, bordered, opened, paragraphs, words

from extractors.model import Found, Span
from pipeline import errors
from pipeline.export.overdue_letter import NotAhead, NothingLate, SeveralBodies, find_late
from pipeline.export.reminder import reminder_letter
from pipeline.followup.recording import Entry, enter_event
from pipeline.followup.settings import Office, Settings

ROOT = Path(__file__).parents[2]
SEEDS = ROOT.parent / "shared" / "seeds"
OFFICE = Office(
    name="Văn phòng",
    full_name="Văn phòng Ủy ban nhân dân tỉnh Sông Mơ",
    parent="Ủy ban nhân dân tỉnh Sông Mơ",
    place="Sông Mơ",
    symbol="VP-TH",
    signer_authority="KT. CHÁNH VĂN PHÒNG",
    signer_title="Phó Chánh Văn phòng",
    signer_name="Lê Thị Thử",
)
SETTINGS = Settings()
DAY = date(2026, 3, 31)


def task(quote, *limits, **more):
    """A task of which something shows that it was done."""
    return obligation(quote, *limits, check=Found(quote, Span(0, 1), "check.report", 0.9), **more)


def happens(register, kind, target, day, **more):
    made_at = "2026-12-31T08:00:00+07:00"
    return enter_event(register, Entry(kind, target, day, **more), SETTINGS, who=WHO, now=made_at)


def letter(register, body="Sở Mây", as_of=DAY, office=OFFICE, **more):
    late = find_late(register, body, SETTINGS, as_of=as_of, **more)
    return reminder_letter(late, office, year=2026)


@pytest.fixture
def one(register):
    enter(register, paper(task("Gửi báo cáo số cây đã trồng.", before("10/3/2026", "2026-03-10"))))
    return register


def many(register, count):
    limits = [before(f"{n}/3/2026", f"2026-03-{n:02d}") for n in range(1, count + 1)]
    enter(register, paper(*(task(f"làm việc thứ {n}", limit) for n, limit in enumerate(limits, 1))))
    return register


def test_one_task_is_told_in_prose_with_number_day_task_limit_and_days(one):
    text = words(letter(one))
    assert "V/v đôn đốc thực hiện nhiệm vụ tại Chỉ thị số 12/CT-UBND" in text
    assert "Kính gửi: Sở Mây" in text
    assert (
        "Tại Chỉ thị số 12/CT-UBND ngày 05/01/2026 về đôn đốc trồng cây ven đường liên xã, Ủy ban nhân dân tỉnh"
        " Sông Mơ giao Sở Mây thực hiện nhiệm vụ: “Gửi báo cáo số cây đã trồng” (thời hạn: trước ngày 10/3/2026)."
    ) in text
    assert (
        "Đến hết ngày 31/3/2026, Văn phòng Ủy ban nhân dân tỉnh Sông Mơ chưa nhận được báo cáo kết quả thực hiện nhiệm"
        " vụ nêu trên của Sở Mây; nhiệm vụ đã quá hạn 22 ngày."
    ) in text
    assert "Trường hợp có khó khăn, vướng mắc hoặc cần điều chỉnh thời hạn" in text
    assert text.count("./.") == 1
    assert "None" not in text


def test_the_regulation_of_the_settings_is_its_basis(one):
    regulation = "Quy chế làm việc của Văn phòng ban hành kèm theo Quyết định số 01/QĐ-VP ngày 02/01/2026;"
    cited = "Căn cứ Quy chế làm việc của Văn phòng ban hành kèm theo Quyết định số 01/QĐ-VP ngày 02/01/2026."
    for given in (regulation, f"Căn cứ {regulation}"):
        lines = paragraphs(letter(one, office=replace(OFFICE, regulation=given)))
        assert lines.count(cited) == 1 and lines[lines.index(cited) + 1].startswith("Tại Chỉ thị")
    assert "Căn cứ" not in words(letter(one))


def test_a_new_day_is_asked_for_only_where_somebody_says_so(one):
    assert "chậm nhất" not in words(letter(one))
    asked = words(letter(one, due=date(2026, 4, 15)))
    assert "chậm nhất ngày 15/4/2026. Thời điểm này không thay thế thời hạn đã giao." in asked


@pytest.mark.parametrize("due", [DAY, date(2026, 3, 1)])
def test_a_new_day_that_is_not_ahead_is_refused(one, due):
    with pytest.raises(NotAhead):
        letter(one, due=due)


def test_earlier_reminders_and_what_was_begun_are_cited_from_what_was_entered(one):
    happens(one, "reminded", "T1", "2026-03-15", proof="Công văn số 44/VP-TH ngày 15/3/2026")
    happens(one, "confirmed", "T1", "2026-03-18")
    text = words(letter(one))
    assert "đã được đôn đốc 01 lần (đôn đốc ngày 15/3/2026 theo Công văn số 44/VP-TH ngày 15/3/2026)" in text
    assert "mới ghi nhận tiếp nhận ngày 18/3/2026; chưa nhận được báo cáo kết quả hoàn thành" in text


def test_what_happened_after_the_day_of_the_letter_is_not_cited(one):
    happens(one, "reminded", "T1", "2026-04-15")
    assert "đã được đôn đốc" not in words(letter(one))


def test_a_deadline_that_was_extended_is_told_with_the_first_one(one):
    happens(one, "extended", "T1", "2026-03-05", due="2026-03-20")
    assert "(thời hạn: trước ngày 10/3/2026; được gia hạn đến hết ngày 20/3/2026)" in words(letter(one))


def test_a_request_is_not_called_an_order(register):
    enter(register, paper(task("gửi số liệu", before("10/3/2026", "2026-03-10"), modality="requested")))
    assert "Ủy ban nhân dân tỉnh Sông Mơ đề nghị Sở Mây thực hiện nhiệm vụ" in words(letter(register))


def test_what_the_dispatch_does_not_print_is_left_open_for_a_person(register):
    limit = before("10/3/2026", "2026-03-10")
    given = paper(task("gửi số liệu", limit), number=None, issued_on="2026-01", doc_type="công văn", symbol="UBND-KT")
    enter(register, given)
    text = words(letter(register))
    assert "Công văn số ……/UBND-KT ngày …… tháng 01 năm 2026 về việc đôn đốc trồng cây" in text


def test_a_few_tasks_are_a_numbered_list(register):
    file = letter(many(register, 3))
    text = words(file)
    assert "V/v đôn đốc thực hiện nhiệm vụ tại Chỉ thị số 12/CT-UBND" in text
    assert "Sở Mây còn 03 nhiệm vụ đã quá hạn" in text
    items = [p for p in paragraphs(file) if p[0].isdigit()]
    assert len(items) == 3
    assert items[0].startswith("1. Làm việc thứ 1 (Chỉ thị số 12/CT-UBND ngày 05/01/2026")
    assert items[0].endswith("thời hạn: trước ngày 01/3/2026; quá hạn 31 ngày).")
    assert len(opened(file).sections) == 1


def test_many_tasks_stand_in_an_annex_that_lies_across(register):
    file = letter(many(register, 8))
    (table,) = bordered(file)
    assert [row[0] for row in table] == ["STT", *(str(n) for n in range(1, 9))]
    assert table[1][1:] == [
        "Chỉ thị số 12/CT-UBND ngày 05/01/2026", "Làm việc thứ 1", "Trước ngày 01/3/2026", "31", "Chưa có báo cáo",
    ]  # fmt: skip
    text = words(file)
    assert "(danh mục tại Phụ lục kèm theo)" in text
    assert "(Kèm theo Công văn số /VP-TH ngày tháng năm 2026 của Văn phòng Ủy ban nhân dân tỉnh Sông Mơ)" in text
    upright, across = opened(file).sections
    assert upright.page_width < upright.page_height
    assert across.page_width > across.page_height


def test_only_what_is_late_and_not_reported_is_urged_on(register):
    enter(
        register,
        paper(
            task("quá hạn", before("10/3/2026", "2026-03-10")),
            task("còn hạn", before("10/4/2026", "2026-04-10")),
            task("đã xong", before("10/3/2026", "2026-03-10")),
            task("đã báo cáo muộn", before("10/3/2026", "2026-03-10")),
            task("tạm dừng", before("10/3/2026", "2026-03-10")),
            obligation("tăng cường tuyên truyền", before("10/3/2026", "2026-03-10")),
            task("việc của sở khác", before("10/3/2026", "2026-03-10"), lead=("Sở Gió",), coordinating=("Sở Mây",)),
            task("khi cần", deadline("khi có yêu cầu", None, "event")),
        ),
    )
    happens(register, "accepted", "T3", "2026-03-09")
    happens(register, "reported", "T4", "2026-03-20")
    happens(register, "suspended", "T5", "2026-03-01")
    late = find_late(register, "Sở Mây", SETTINGS, as_of=DAY)
    assert [one.row["quote"] for one in late.tasks] == ["quá hạn"]


def test_a_task_that_recurs_is_one_task_with_the_periods_that_are_late(register):
    monthly = deadline("hằng tháng", kind="recurring", rrule="FREQ=MONTHLY;BYMONTHDAY=-1")
    enter(register, paper(task("Gửi số liệu.", monthly)))
    text = words(letter(register, as_of=date(2026, 8, 15)))
    assert (
        "thực hiện nhiệm vụ: “Gửi số liệu” (thời hạn: 07 kỳ, từ tháng 1 năm 2026 đến tháng 7 năm 2026; kỳ sớm nhất là"
        " tháng 1 năm 2026, đến hết ngày 31/01/2026)."
    ) in text
    assert "nhiệm vụ đã quá hạn 07 kỳ, kỳ sớm nhất 196 ngày." in text
    happens(register, "accepted", "T1@2026-03", "2026-03-31")
    happens(register, "partly_done", "T1@2026-05", "2026-06-03")
    happens(register, "extended", "T1@2026-04", "2026-04-20", due="2026-08-10")
    late = find_late(register, "Sở Mây", SETTINGS, as_of=date(2026, 8, 15))
    stretches = ("2026-01", "2026-02"), ("2026-04", "2026-05", "2026-06", "2026-07")
    assert [one.periods for one in late.tasks] == [stretches]
    text = words(reminder_letter(late, OFFICE, year=2026))
    named = "tháng 1 năm 2026, tháng 2 năm 2026 và từ tháng 4 năm 2026 đến tháng 7 năm 2026"
    assert f"06 kỳ, {named}; kỳ sớm nhất" in text
    assert "ngày 03/6/2026 (tháng 5 năm 2026)" in text
    many(register, 5)
    file = letter(register, as_of=date(2026, 8, 15))
    (table,) = bordered(file)
    assert [row[0] for row in table[1:]] == [str(n) for n in range(1, 7)]
    assert f"06 kỳ, {named}" in table[1][3] and table[1][4] == "196"
    assert "còn 06 nhiệm vụ" in words(file) and "là của kỳ sớm nhất" in words(file)


def test_tasks_of_one_dispatch_alone_can_be_asked_for(register):
    enter(register, paper(task("việc một", before("10/3/2026", "2026-03-10")), salt="a"))
    enter(register, paper(task("việc hai", before("10/3/2026", "2026-03-10")), number="7/CT-UBND", salt="b"))
    assert len(find_late(register, "Sở Mây", SETTINGS, as_of=DAY).tasks) == 2
    (only,) = find_late(register, "Sở Mây", SETTINGS, as_of=DAY, directive="7/CT-UBND").tasks
    assert only.row["quote"] == "việc hai"
    assert "V/v đôn đốc thực hiện các nhiệm vụ quá hạn" in words(letter(register))


def test_nothing_late_an_unknown_body_or_several_are_refused(one):
    with pytest.raises(NothingLate):
        letter(one, as_of=date(2026, 3, 9))
    with pytest.raises(errors.UnknownBody):
        letter(one, body="Sở Sương")
    enter(
        one, paper(task("x", before("10/3/2026", "2026-03-10"), lead=("Sở Mây Trắng",)), salt="b", number="2/CT-UBND")
    )
    with pytest.raises(SeveralBodies):
        letter(one, body="Mây")
    assert "Kính gửi: Sở Mây Trắng" in words(letter(one, body="Sở Mây Trắng"))


def test_a_merged_body_is_told_whom_the_dispatch_named(register):
    old = "Ủy ban nhân dân tỉnh Kon Tum"
    enter(register, paper(task("gửi số liệu", before("10/3/2025", "2025-03-10"), lead=(old,)), issued_on="2025-01-05"))
    text = words(letter(register, body="Ủy ban nhân dân tỉnh Quảng Ngãi", as_of=date(2025, 12, 1)))
    assert "Kính gửi: Ủy ban nhân dân tỉnh Quảng Ngãi" in text
    assert f"giao {old} thực hiện nhiệm vụ" in text
    assert f"Nhiệm vụ được giao cho {old}, nay do Ủy ban nhân dân tỉnh Quảng Ngãi tiếp tục thực hiện." in text


def test_who_gave_the_task_gets_a_copy_unless_the_office_belongs_to_it(one):
    assert "(để b/c)" not in words(letter(one))
    other = Office(name="Sở Nắng")
    assert "- Như trên; - Ủy ban nhân dân tỉnh Sông Mơ (để b/c); - Lưu: VT." in words(letter(one, office=other))


def test_an_office_that_is_not_known_is_left_open(one):
    text = words(letter(one, office=Office()))
    assert "Số: /………" in text
    assert "None" not in text


# ------------------------------------------------------------------ as a user runs it


def test_the_command_writes_a_draft_and_enters_nothing(run, one, path, tmp_path, monkeypatch):
    monkeypatch.setenv("CONGVAN_REGISTER", str(path))
    monkeypatch.chdir(tmp_path)
    args = ("export", "reminder", "--body", "sở mây", "--as-of", "31/3/2026")
    done = run(*args)
    assert done.code == 0
    assert "Kính gửi: Sở Mây" in words(tmp_path / "outputs" / "don-doc-so-may-2026-03-31.docx")
    assert one.rows("SELECT * FROM duty_events") == []
    assert run(*args).code == 1
    assert run(*args, "--to", "l.xlsx").code == 2
    assert run("export", "reminder", "--body", "Sở Mây", "--as-of", "01/3/2026").code == 1


@pytest.mark.skipif(not SEEDS.is_dir(), reason="no seeds here")
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_a_province_late_with_its_report_gets_a_letter_of_one_page(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run("ingest", SEEDS)
    args = ("--body", "UBND tỉnh Lào Cai", "--as-of", "2022-03-31", "--to")
    assert run("export", "reminder", *args, "l.pdf").code == run("export", "reminder", *args, "l.docx").code == 0
    text = words(tmp_path / "l.docx")
    assert "Công văn số ……/BTTTT-CNTT ngày …… tháng 7 năm 2021" in text
    assert "thời hạn: trước ngày 10/12/2021" in text
    assert "quá hạn 112 ngày" in text
    pdf = Printed(tmp_path / "l.pdf")
    assert pdf.sizes == [(210, 297)]
    assert pdf.has("Kính gửi: Ủy ban nhân dân tỉnh Lào Cai")


def test_who_is_not_in_the_register_is_told_where_the_names_are(run, one, path, tmp_path):
    done = run("export", "reminder", "--register", path, "--body", "Sở Không Có", "--to", tmp_path / "a.docx")
    assert done.code == 1 and "Sở Không Có" in done.err and "congvan scoreboard" in done.err
    assert "--new-body" not in done.err and not (tmp_path / "a.docx").exists()


def test_a_subject_in_capitals_is_not_shouted_in_a_sentence(register):
    enter(register, paper(task("gửi báo cáo", before("10/3/2026", "2026-03-10")), subject="VỀ VIỆC TRỒNG CÂY"))
    text = words(letter(register))
    assert "Tại Chỉ thị số 12/CT-UBND ngày 05/01/2026, Ủy ban nhân dân tỉnh Sông Mơ giao Sở Mây" in text
    assert "TRỒNG CÂY" not in text
