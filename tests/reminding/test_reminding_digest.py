"""What a digest says to whom: the body's own duties by how near they are, what is late below, what waits."""

from datetime import date

import pytest
from register_papers import before, deadline, enter, obligation, paper

from pipeline.followup.recording import Entry, enter_event
from pipeline.followup.settings import Settings
from pipeline.reminding.addressing import AmbiguousBody
from pipeline.reminding.configuring import Recipient, Reminders
from pipeline.reminding.digest import digests
from pipeline.reminding.writing import chat_line, write_letter

DAY = date(2026, 3, 10)


def office(*to, agency="Văn phòng Mây Gió", **more):
    recipients = tuple(one if isinstance(one, Recipient) else Recipient(one, ("a@example.vn",)) for one in to)
    return Settings(agency=agency, reminders=Reminders(to=recipients, **more))


def told(register, settings, as_of=DAY):
    """By name of the body: its parts as (words, days) and its digest."""
    found = digests(register, settings, as_of=as_of)
    parts = {
        to.body: {part: [(item.words, item.days) for item in items] for part, items in digest.parts.items()}
        for to, digest in found.each
    }
    return found, parts


def test_own_duties_stand_apart_by_how_near_they_are(filled):
    found, parts = told(filled, office("Sở Mây"))
    assert parts["Sở Mây"] == {
        "late": [("Lập danh mục <b>hồ chứa</b> & kênh.", -20)],
        "today": [("Gửi số liệu hôm nay.", 0)],
        "soon": [("Gửi dự toán.", 1), ("Gửi kế hoạch.", 3), ("Gửi tổng kết.", 6)],
    }
    assert not found.unknown and not found.unreached
    letter = write_letter(found.each[0][1], office("Sở Mây")).plain
    titles = ["QUÁ HẠN (1)", "ĐẾN HẠN HÔM NAY (1)", "CÒN 1 NGÀY (1)", "CÒN 2-3 NGÀY (1)", "CÒN 4-7 NGÀY (1)"]
    assert [line for line in letter.splitlines() if line in titles] == titles
    assert "12/CT-UBND ngày 05/01/2026" in letter and "quá hạn 20 ngày" in letter and "Văn phòng Mây Gió" in letter
    assert "Việc còn xa" not in letter and "Kiểm tra đê" not in letter


def test_what_is_not_owed_any_more_or_waits_for_acceptance_reminds_nobody_but_the_office(filled):
    settings = office("Sở Mây", "Văn phòng Mây Gió")
    for kind, target in (("accepted", "T1"), ("reported", "T2"), ("suspended", "T3"), ("withdrawn", "T4")):
        enter_event(filled, Entry(kind, target, "2026-03-09"), settings, who="Thử", now="2026-03-10T08:00:00+07:00")
    _, parts = told(filled, settings)
    assert parts["Sở Mây"] == {"soon": [("Gửi tổng kết.", 6)]}
    assert parts["Văn phòng Mây Gió"] == {
        "reported": [("Gửi số liệu hôm nay.", 0)],
        "waiting": [("Việc chưa giao ai.", -2)],
    }


def test_what_is_late_for_too_long_goes_to_the_body_above_as_well(filled):
    below = Recipient("Sở Mây", ("a@example.vn",), superior="Tỉnh Sông Mơ")
    _, parts = told(filled, office(below, "Tỉnh Sông Mơ", escalate_after_days=19))
    assert parts["Tỉnh Sông Mơ"] == {"escalated": [("Lập danh mục <b>hồ chứa</b> & kênh.", -20)]}
    assert [words for words, _ in parts["Sở Mây"]["late"]] == ["Lập danh mục <b>hồ chứa</b> & kênh."]
    for days in (20, None):
        assert told(filled, office(below, "Tỉnh Sông Mơ", escalate_after_days=days))[1]["Tỉnh Sông Mơ"] == {}


def test_a_body_above_without_an_address_is_told_of(filled):
    below = Recipient("Sở Mây", ("a@example.vn",), superior="Tỉnh Sông Mơ")
    found, _ = told(filled, office(below, escalate_after_days=5))
    assert found.unreached == (("Tỉnh Sông Mơ", 1),)


def test_the_body_above_is_known_from_the_list_of_bodies(register):
    late = before("10/02/2026", "2026-02-10")
    leads = ("Sở Tài chính tỉnh Lâm Đồng", "Sở Y tế tỉnh Lâm Đồng")
    enter(register, paper(obligation("Việc của hai sở.", late, lead=leads)))
    settings = office("UBND tỉnh Lâm Đồng", "Sở Y tế tỉnh Lâm Đồng", escalate_after_days=7)
    found, parts = told(register, settings)
    (item,) = found.each[0][1].parts["escalated"]
    assert [name for name, _ in item.bodies] == list(leads) and len(item.duties) == 2
    assert parts["Sở Y tế tỉnh Lâm Đồng"]["late"] == [("Việc của hai sở.", -29)]
    letter = write_letter(found.each[0][1], settings).plain
    assert "2 việc của cơ quan cấp dưới quá hạn kéo dài" in letter and "; ".join(leads) in letter


def test_a_merged_body_is_reminded_as_its_successor(register):
    enter(
        register, paper(obligation("Việc còn dở.", before("10/02/2026", "2026-02-10"), lead=("Bộ Giao thông vận tải",)))
    )
    settings = office("Bộ Xây dựng", "Bộ Giao thông vận tải")
    found, parts = told(register, settings)
    assert "việc của Bộ Giao thông vận tải trước đây" in write_letter(found.each[0][1], settings).plain
    assert parts["Bộ Xây dựng"] == parts["Bộ Giao thông vận tải"] == {"late": [("Việc còn dở.", -29)]}


def test_a_body_that_took_another_in_and_kept_its_name_has_its_own_duties(register):
    lead = "Ủy ban nhân dân tỉnh Lào Cai"
    enter(register, paper(obligation("Việc còn dở.", before("10/02/2026", "2026-02-10"), lead=(lead,))))
    settings = office(lead)
    found, _ = told(register, settings)
    letter = write_letter(found.each[0][1], settings).plain
    assert "Việc còn dở" in letter and "trước đây" not in letter


def test_words_of_a_name_reach_nobody(register):
    leads = ("Sở Tài chính tỉnh Lâm Đồng", "Sở Tài chính tỉnh Đồng Nai")
    enter(register, paper(obligation("Việc.", before("10/02/2026", "2026-02-10"), lead=leads)))
    found, parts = told(register, office("Sở Tài chính"))
    assert parts["Sở Tài chính"] == {} and found.unknown == ("Sở Tài chính",)


def test_a_name_that_several_bodies_answer_for_is_refused(register):
    with pytest.raises(AmbiguousBody) as caught:
        told(register, office("Tổng cục Du lịch"))
    assert caught.value.details["name"] == "Tổng cục Du lịch"
    assert "Bộ Văn hóa, Thể thao và Du lịch" in caught.value.details["bodies"]


def test_nothing_to_say_is_nothing(register):
    far = deadline("ngày 30/12/2026", "2026-12-30", boundary="on_or_before")
    enter(register, paper(obligation("Việc còn xa.", far), obligation("Chưa giao ai.", far, lead=())))
    found, parts = told(register, office("Sở Mây", "Văn phòng Mây Gió"))
    assert parts["Văn phòng Mây Gió"] == {"waiting": [("Chưa giao ai.", 295)]}
    assert all(digest.is_quiet for _, digest in found.each)
    found, _ = told(register, office("Sở Mây", "Văn phòng Mây Gió"), date(2026, 12, 23))
    assert not any(digest.is_quiet for _, digest in found.each)


def test_periods_of_a_series_are_one_line(register):
    monthly = deadline("hằng tháng", kind="recurring", rrule="FREQ=MONTHLY;BYMONTHDAY=20")
    enter(register, paper(obligation("Báo cáo hằng tháng.", monthly)))
    found, _ = told(register, office("Sở Mây"), date(2026, 5, 26))
    digest = found.each[0][1]
    (item,) = digest.parts["late"]
    assert len(item.duties) == digest.count("late") > 3
    assert f"{len(item.duties)} kỳ" in write_letter(digest, office("Sở Mây")).plain


def test_hostile_words_of_a_document_do_no_harm(register):
    words = "<script>alert(1)</script> {day} =HYPERLINK(1)\nBcc: x@example.vn\u202e " + "dài " * 5000
    enter(register, paper(obligation(words, before("10/02/2026", "2026-02-10")), number="9/{x}<i>"))
    settings = office("Sở Mây")
    digest = told(register, settings)[0].each[0][1]
    letter = write_letter(digest, settings)
    assert "<script>" not in letter.html and "&lt;script&gt;" in letter.html and "9/{x}&lt;i&gt;" in letter.html
    assert "\nBcc:" not in letter.plain and "\u202e" not in letter.plain + letter.html
    assert len(letter.plain) < 2000 and "\n" not in letter.subject
    assert "script" not in chat_line(digest)


def test_a_long_list_is_cut_and_says_by_how_much(register):
    enter(register, paper(*(obligation(f"Việc số {n}.", before("10/02/2026", "2026-02-10")) for n in range(130))))
    settings = office("Sở Mây")
    digest = told(register, settings)[0].each[0][1]
    letter = write_letter(digest, settings).plain
    assert "130 việc quá hạn" in letter and "… và 30 việc khác." in letter


def test_what_was_read_with_little_certainty_says_so(register):
    doubtful = obligation("Việc không chắc.", before("10/02/2026", "2026-02-10"), confidence=0.3)
    enter(register, paper(doubtful, obligation("Việc chắc.", before("10/02/2026", "2026-02-10"))))
    settings = office("Sở Mây")
    first, second = told(register, settings)[0].each[0][1].parts["late"]
    assert (first.is_doubtful, second.is_doubtful) == (True, False)
