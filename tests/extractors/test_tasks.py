"""Who is told to do what by when: short texts as they stand in dispatches."""

import pytest
from duty_texts import ISSUER, issues_of, leads, obligations, quotes


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        ("Giao Sở Y tế lập danh sách bệnh nhân.", ["Sở Y tế"]),
        ("Yêu cầu Sở Y tế, Sở Nội vụ khẩn trương lập danh sách.", ["Sở Y tế", "Sở Nội vụ"]),
        ("Đề nghị Ủy ban nhân dân các huyện, thành phố gửi báo cáo.", ["Ủy ban nhân dân các huyện, thành phố"]),
        ("Sở Giáo dục và Đào tạo chủ trì, phối hợp với Sở Y tế tổ chức tập huấn.", ["Sở Giáo dục và Đào tạo"]),
        ("Trong quá trình thực hiện, Thủ trưởng các đơn vị chủ động phối hợp với Sở Y tế.", ["Thủ trưởng các đơn vị"]),
        ("Mỗi trường cử 02 giáo viên tham gia tập huấn.", ["Mỗi trường"]),
        ("Các doanh nghiệp viễn thông: Nâng cấp mạng lưới.", ["Các doanh nghiệp viễn thông"]),
        ("Sở Y tế kiểm tra, đề nghị các trường sửa bếp ăn.", ["Sở Y tế"]),
        (
            "Giám đốc Sở Y tế; Thủ trưởng các đơn vị liên quan chịu trách nhiệm thi hành Quyết định này./.",
            ["Giám đốc Sở Y tế", "Thủ trưởng các đơn vị liên quan"],
        ),
    ],
)
def test_who_leads_is_read_from_the_item(text, lead):
    (one,) = obligations(f"I. NHIỆM VỤ\n1. {text}")
    assert leads(one) == lead
    assert one.lead_stated


def test_with_whom():
    (one,) = obligations("1. Sở Y tế chủ trì, phối hợp với Sở Nội vụ, Sở Tài chính lập danh sách.")
    assert [f.value for f in one.coordinating] == ["Sở Nội vụ", "Sở Tài chính"]


def test_heading_names_who_and_the_item_may_differ():
    text = "2. Giao Sở Y tế:\na) Lập danh sách bệnh nhân.\nb) Sở Nội vụ cử cán bộ hỗ trợ."
    assert [leads(o) for o in obligations(text)] == [["Sở Y tế"], ["Sở Nội vụ"]]


def test_chapeau_says_who_and_by_when():
    text = (
        "Ủy ban nhân dân tỉnh yêu cầu các sở, ban, ngành thực hiện trước ngày 20/3/2023 các việc sau:\n"
        "1. Rà soát thiết bị.\n2. Lập danh sách cán bộ trước ngày 10/3/2023."
    )
    first, second = obligations(text, "chỉ thị")
    assert leads(first) == leads(second) == ["các sở, ban, ngành"]
    assert [d.due for d in first.deadlines] == ["2023-03-20"]
    assert [d.scope for d in first.deadlines] == ["chapeau"]
    assert [d.due for d in second.deadlines] == ["2023-03-10"]


def test_year_of_a_heading_over_duties_is_a_limit_that_of_a_plan_is_not():
    text = "I. NHIỆM VỤ NĂM 2023\n1. Nâng cấp phần mềm thư viện."
    assert [d.due for d in obligations(text)[0].deadlines] == ["2023-12-31"]
    text = "PHẦN I. KẾ HOẠCH NĂM 2023\n1. Nâng cấp phần mềm thư viện."
    assert obligations(text)[0].deadlines == ()


def test_a_heading_that_is_nothing_but_a_time_bounds_what_stands_below_it():
    text = (
        "II. NHIỆM VỤ CỤ THỂ\n1. Quý I năm 2023\n1.1. Kiểm tra máy bơm các giếng khoan.\n"
        "2. Quý II năm 2023\n2.1. Lập sổ đo mực nước."
    )
    assert [d.due for o in obligations(text) for d in o.deadlines] == ["2023-03-31", "2023-06-30"]


def test_label_lines_speak_for_the_items_before_them():
    text = (
        "II. NỘI DUNG\n1. Rà soát thiết bị.\n2. Lập danh sách cán bộ.\n"
        "- Cơ quan thực hiện: Sở Y tế chủ trì, phối hợp với Sở Nội vụ.\n- Thời gian thực hiện: Quý II/2023.\n"
        "3. Mở lớp tập huấn.\n- Cơ quan thực hiện: Sở Tài chính."
    )
    found = obligations(text)
    assert [leads(o) for o in found] == [["Sở Y tế"], ["Sở Y tế"], ["Sở Tài chính"]]
    assert [[d.due for d in o.deadlines] for o in found] == [["2023-06-30"], ["2023-06-30"], []]


def test_each_label_line_speaks_for_its_own_item():
    text = (
        "II. NỘI DUNG\n1. Kiểm tra máy bơm ở các giếng khoan và mua đồng hồ đo nước theo danh mục đã được duyệt.\n"
        "- Mua đồng hồ đo nước.\nCơ quan thực hiện: Sở Y tế.\nThời gian hoàn thành: Tháng 3/2023.\n"
        "- Lập danh sách máy bơm.\nCơ quan thực hiện: Sở Nội vụ.\nThời gian hoàn thành: Tháng 4/2023.\n"
        "2. Mở lớp tập huấn.\nCơ quan thực hiện: Sở Tài chính.\nThời gian hoàn thành: Tháng 5/2023."
    )
    found = {o.quote: (leads(o), [d.due for d in o.deadlines]) for o in obligations(text)}
    assert found["Mua đồng hồ đo nước."] == (["Sở Y tế"], ["2023-03-31"])
    assert found["Lập danh sách máy bơm."] == (["Sở Nội vụ"], ["2023-04-30"])
    assert found["Mở lớp tập huấn."] == (["Sở Tài chính"], ["2023-05-31"])
    assert all(due != ["2023-05-31"] for quote, (_, due) in found.items() if not quote.startswith("Mở"))


def test_addressees_lead_where_nobody_is_named():
    (one,) = obligations("Đề nghị gửi báo cáo trước ngày 20/3/2023.", "công văn", ("Sở Y tế", "Sở Nội vụ"))
    assert leads(one) == ["Sở Y tế", "Sở Nội vụ"]
    assert one.lead_stated
    assert one.modality == "requested"


def test_without_addressees_the_closing_order_leads_but_nobody_is_stated():
    text = (
        "I. NHIỆM VỤ\n1. Nâng cấp phần mềm thư viện.\n"
        "Trên đây là Kế hoạch năm 2023, yêu cầu các cơ quan, đơn vị nghiêm túc thực hiện./."
    )
    first, closing = obligations(text)
    assert leads(first) == leads(closing) == ["các cơ quan, đơn vị"]
    assert not first.lead_stated
    assert closing.lead_stated
    assert first.confidence < closing.confidence


def test_an_order_below_a_heading_that_names_the_same_body_speaks_for_that_heading_only():
    text = (
        "III. TỔ CHỨC THỰC HIỆN\n1. Công việc chuẩn bị\n- Lập danh sách thuyền bè.\n"
        "2. Báo Đồi Mây\nĐề nghị Báo Đồi Mây đăng tin mỗi tuần về cuộc đua."
    )
    *_, first, second = obligations(text, "kế hoạch")
    assert leads(second) == ["Báo Đồi Mây"]
    assert "Báo Đồi Mây" not in leads(first)


def test_clauses_with_limits_of_their_own_are_duties_of_their_own():
    text = "1. Sở Y tế tiếp tục kiểm tra bếp ăn các trường; báo cáo kết quả trước ngày 30/4/2023 để tổng hợp."
    first, second = obligations(text)
    assert first.quote == "Sở Y tế tiếp tục kiểm tra bếp ăn các trường"
    assert leads(second) == ["Sở Y tế"]
    assert [d.due for d in second.deadlines] == ["2023-04-30"]


def test_sentences_of_one_lead_and_no_limit_stay_together():
    assert len(quotes("1. Sở Y tế kiểm tra bếp ăn. Hướng dẫn các trường sửa bếp. Công khai kết quả.")) == 1


def test_a_limit_in_brackets_at_the_end_bounds_the_whole_item():
    (one,) = obligations("1. Sở Y tế kiểm tra bếp ăn; công khai kết quả (hoàn thành trước ngày 30/4/2023).")
    assert [d.due for d in one.deadlines] == ["2023-04-30"]


@pytest.mark.parametrize(
    "text",
    [
        "Căn cứ Luật Thư viện ngày 21 tháng 11 năm 2019;",
        "Ngày 01/12/2022, Sở Y tế đã có công văn số 5/SYT-VP đề nghị các trường gửi báo cáo.",
        "Thời gian qua, các trường đã triển khai tốt công tác thư viện.",
        "Trong quá trình thực hiện, nếu có khó khăn, vướng mắc, đề nghị liên hệ Sở Y tế để được hướng dẫn.",
        "Trân trọng cảm ơn./.",
        "Sở Y tế thông báo để các trường biết, thực hiện./.",
        "Quyết định này có hiệu lực kể từ ngày ký.",
    ],
)
def test_what_is_no_duty(text):
    assert quotes(text, "công văn", ("Các trường",)) == []
    assert quotes(f"{text}\nI. NHIỆM VỤ\n1. Mở lớp tập huấn.") == ["Mở lớp tập huấn."]


def test_contact_words_are_cut_from_a_mixed_paragraph():
    text = "Đề nghị các trường gửi báo cáo. Nếu có vướng mắc, đề nghị liên hệ Phòng Tổng hợp để được hướng dẫn."
    assert quotes(text, "công văn", ("Các trường",)) == ["Đề nghị các trường gửi báo cáo."]


@pytest.mark.parametrize("title", ["I. MỤC ĐÍCH, YÊU CẦU", "I. KẾT QUẢ ĐẠT ĐƯỢC", "V. KINH PHÍ THỰC HIỆN"])
def test_sections_without_duties(title):
    assert quotes(f"{title}\n1. Nâng cao nhận thức của học sinh.\n- Bố trí kinh phí mua sách.") == []


def test_an_order_in_a_section_of_principles_still_counts():
    assert len(quotes("I. MỤC ĐÍCH, YÊU CẦU\n1. Nâng cao nhận thức.\n2. Giao Sở Y tế kiểm tra bếp ăn.")) == 1


def test_aims_and_tasks_are_told_apart():
    text = "II. MỤC TIÊU\n- 80% học sinh có thẻ thư viện.\n- Tỷ lệ lớp có tủ sách đạt 60%.\n- Mở 05 thư viện xã."
    assert [o.kind for o in obligations(text)] == ["target", "target", "task"]


def test_how_binding():
    text = "1. Giao Sở Y tế kiểm tra.\n2. Đề nghị Hội Khuyến học tham gia.\n3. Khuyến khích doanh nghiệp tặng sách."
    assert [o.modality for o in obligations(text)] == ["ordered", "requested", "encouraged"]


def test_rules_quoted_from_laws_are_no_duties():
    law = "1. Theo khoản 2 Điều 5 Luật Thư viện quy định thư viện phải mở cửa hằng ngày."
    assert quotes(f"{law}\n2. Ví dụ 1: Trường A mở thư viện.") == []


def test_an_order_above_a_list_of_cases_counts_itself():
    text = (
        "Đề nghị các trường rà soát từng học sinh chưa có thẻ để hướng dẫn học sinh:\n"
        "- Trường hợp học sinh đủ điều kiện thì được cấp thẻ."
    )
    assert len(quotes(text, "công văn", ("Các trường",))) == 1


def test_labels_and_places_lead_back_to_the_document():
    text = "II. NHIỆM VỤ\n1. Vườn trường\na) Trồng cây ven\nđường."
    (one,) = obligations(text)
    assert one.label == "II.1.a"
    assert text[one.span.start : one.span.end] == "Trồng cây ven\nđường."
    assert one.quote == "Trồng cây ven đường."


def test_older_tone_marks_and_dashes_change_nothing():
    assert [leads(o) for o in obligations("1. Uỷ ban nhân dân tỉnh yêu cầu Sở Y tế – Hoà Bình kiểm tra bếp ăn.")]


def test_the_day_of_a_meeting_bounds_the_duty_to_come():
    text = (
        "1. Thời gian: 8 giờ 00 ngày 10/3/2023.\n2. Địa điểm: Hội trường lớn.\n"
        "Đề nghị lãnh đạo các đơn vị đến dự họp đầy đủ. Giao Phòng Tổng hợp chuẩn bị hội trường."
    )
    come, prepare = obligations(text, "giấy mời")
    assert [d.due for d in come.deadlines] == ["2023-03-10"]
    assert [d.scope for d in come.deadlines] == ["section"]
    assert prepare.deadlines == ()


def test_an_item_among_duties_that_is_not_understood_is_signalled():
    text = "I. NHIỆM VỤ\n1. Mở lớp tập huấn.\n2. Sách hay cho học sinh vùng cao, các bên cùng nhau rà soát về sau."
    issues = issues_of(text)
    assert [i.code for i in issues] == ["obligation.unclear"]
    assert issues[0].span is not None
    assert text[issues[0].span.start :].startswith("Sách hay")


def test_an_item_with_a_last_day_that_is_no_duty_is_signalled():
    text = (
        "Sở yêu cầu:\n1. Phòng Hành chính\na) Lập danh sách cán bộ trực.\n"
        "b) Quét vôi tường rào, lau cửa kính các dãy nhà trước ngày 05/12/2026."
    )
    issues = issues_of(text)
    assert [i.code for i in issues] == ["obligation.unclear"]
    assert text[issues[0].span.start :].startswith("Quét vôi")


def test_what_a_decision_does_by_itself_is_no_duty():
    text = (
        "Điều 1. Phê duyệt Nội quy thư viện tỉnh Trường Giang.\n"
        "Điều 2. Giao Sở Y tế kiểm tra việc thực hiện.\n"
        "Điều 3. Quyết định này có hiệu lực kể từ ngày ký.\n"
        "Điều 4. Giám đốc Sở Y tế chịu trách nhiệm thi hành Quyết định này./."
    )
    assert [leads(o) for o in obligations(text, "quyết định")] == [["Sở Y tế"], ["Giám đốc Sở Y tế"]]


def test_a_report_tells_and_holds_no_duties_but_orders():
    text = "I. KẾT QUẢ\n1. Tổ chức 05 lớp tập huấn.\nII. NHIỆM VỤ\n1. Mở thư viện.\n2. Đề nghị Sở Y tế cử cán bộ."
    assert quotes(text, "báo cáo") == ["Đề nghị Sở Y tế cử cán bộ."]


def test_an_order_above_a_list_of_topics_is_the_duty():
    text = (
        "Sở Y tế đề nghị các trường khẩn trương góp ý vào dự thảo, tập trung vào các vấn đề sau:\n"
        "1. Bố cục của dự thảo.\n2. Thời điểm áp dụng."
    )
    (one,) = obligations(text, "công văn", ("Các trường",))
    assert leads(one) == ["các trường"]


def test_rights_and_exemptions_are_no_duties():
    assert quotes("1. Học sinh có quyền mượn sách.\n2. Học sinh nghèo không phải nộp tiền.") == []


def test_a_paragraph_that_names_nobody_goes_on_with_the_one_before_it():
    text = "4. Về việc ở địa phương\nSở Y tế chỉ đạo các trường giữ bếp sạch.\nTham mưu chính sách cho tỉnh."
    assert [leads(o) for o in obligations(text)] == [["Sở Y tế"], ["Sở Y tế"]]


def test_headings_over_lists_of_names_speak_for_the_items_before_them():
    text = (
        "I. Vườn trường\n1. Nội dung\na) Trồng cây ăn quả quanh sân trường;\nb) Mua dụng cụ làm vườn cho các lớp;\n"
        "2. Cơ quan chủ trì, phối hợp\na) Cơ quan chủ trì\n- Sở Y tế.\n- Sở Nội vụ; Sở Tài chính.\n"
        "b) Cơ quan phối hợp\nCác sở, ngành liên quan.\n3. Thời gian thực hiện: Quý II/2023.\n"
    )
    first, second = obligations(text)
    assert leads(first) == leads(second) == ["Sở Y tế", "Sở Nội vụ", "Sở Tài chính"]
    assert [f.value for f in first.coordinating] == ["Các sở, ngành liên quan"]
    assert [d.due for d in second.deadlines] == ["2023-06-30"]


def test_what_somebody_may_do_and_how_a_body_works_are_no_duties():
    text = (
        "Điều 3. Quyền hạn của Ban Chỉ đạo\n1. Yêu cầu các sở cung cấp thông tin.\n2. Mời các sở dự họp.\n"
        "Điều 4. Ban Chỉ đạo làm việc theo nguyên tắc tập trung dân chủ."
    )
    assert quotes(text, "quyết định") == []


def test_proposals_of_a_report_are_requests():
    text = "I. Kết quả\n1. Các lớp trồng 50 cây.\nII. Đề xuất, kiến nghị\n- Bổ sung kinh phí mua cây giống.\n"
    (only,) = obligations(text, "báo cáo")
    assert (only.quote, only.modality) == ("Bổ sung kinh phí mua cây giống.", "requested")


def test_what_is_laid_before_a_superior_is_a_request():
    text = "Nay Sở Y tế kính trình Ủy ban nhân dân tỉnh xem xét, phê duyệt danh sách lớp tập huấn."
    (only,) = obligations(text, "tờ trình")
    assert (leads(only), only.modality) == (["Ủy ban nhân dân tỉnh"], "requested")


def test_a_limit_in_a_sentence_of_its_own_bounds_what_was_said_before():
    text = "1. Sở Y tế công khai danh sách lớp tập huấn. Hoàn thành xong trước ngày 10/6/2023."
    (only,) = obligations(text)
    assert [d.due for d in only.deadlines] == ["2023-06-10"]


def test_rules_that_a_reply_quotes_are_no_duties():
    text = (
        "Căn cứ khoản 2 Điều 5 Thông tư số 9/2030/TT-ABC quy định:\n1. Người nộp thuế phải nộp hồ sơ trước ngày 10.\n"
        "2. Tổ chức, cá nhân lập danh sách.\nCăn cứ quy định nêu trên, đề nghị Sở Y tế hướng dẫn các trường thực hiện."
    )
    assert [leads(o) for o in obligations(text, "công văn")] == [["Sở Y tế"]]


def test_the_day_of_a_meeting_bounds_an_invitation_within_a_sentence():
    text = (
        "Thực hiện Công văn số 5/SYT về việc tham dự hội nghị; Sở Y tế mời các sở, ngành cùng tham dự hội nghị "
        "nêu trên như sau:\n"
        "1. Thời gian: 08 giờ 00, ngày 12/4/2023.\n2. Địa điểm: Hội trường.\n"
    )
    only = obligations(text, "thông báo")[0]
    assert leads(only) == ["các sở, ngành"]
    assert [d.due for d in only.deadlines] == ["2023-04-12"]


def test_a_day_that_no_calendar_has_is_no_limit_but_something_to_look_at():
    text = "1. Giao Sở Y tế lập danh sách bệnh nhân trước ngày 30/02/2023."
    assert [o.deadlines for o in obligations(text)] == [()]
    assert "deadline.impossible_day" in [i.code for i in issues_of(text)]
    assert not issues_of("1. Giao Sở Y tế lập danh sách bệnh nhân trước ngày 28/02/2023.")


def test_when_a_campaign_takes_place_is_no_limit_of_what_is_asked_for_it():
    text = (
        "{} Giám đốc Sở Y tế đề nghị Thủ trưởng các đơn vị trực thuộc thực hiện một số nội dung sau đây{}:\n"
        "1. Treo băng rôn ở cổng trạm y tế.\n2. Mở lớp tập huấn."
    )
    told = "Để hưởng ứng Tháng Nước sạch trên địa bàn tỉnh từ ngày 10/4/2023 đến ngày 10/5/2023."
    assert [o.deadlines for o in obligations(text.format(told, ""), "công văn")] == [(), ()]
    told = "Hồi 09 giờ ngày 07/3/2023 bão đã vào gần bờ, để chủ động phòng tránh,"
    assert [o.deadlines for o in obligations(text.format(told, ""), "công văn")] == [(), ()]
    for told, asked in [("Trước ngày 20/3/2023,", ""), ("", " trước ngày 20/3/2023")]:
        found = obligations(text.format(told, asked), "công văn")
        assert [[d.due for d in o.deadlines] for o in found] == [["2023-03-20"], ["2023-03-20"]]


def test_a_quotation_mark_read_where_there_is_none_hides_no_order():
    text = '"Để hưởng ứng Tháng "Nước sạch" năm nay, đề nghị các trường thực hiện:\n1. Quét dọn sân trường.'
    (one,) = obligations(text, "công văn")
    assert (leads(one), one.modality) == (["các trường"], "requested")
    assert quotes('Trên bìa ghi "Đề nghị các trường nộp bài" và "Mẫu số 1".', "công văn") == []


def test_what_is_ordered_in_brackets_is_read_without_them():
    text = "(Giao Phòng Tổng hợp chuẩn bị hội trường)\nĐề nghị Sở Y tế (Phòng Nghiệp vụ) cử cán bộ."
    assert quotes(text, "giấy mời") == [
        "Giao Phòng Tổng hợp chuẩn bị hội trường",
        "Đề nghị Sở Y tế (Phòng Nghiệp vụ) cử cán bộ.",
    ]


def test_a_duty_that_lost_its_bullet_goes_on_with_those_before_it():
    text = (
        "Giám đốc Sở Y tế yêu cầu Trưởng các phòng làm ngay những việc sau:\n- Chuẩn bị cơ số thuốc.\n"
        "{}Báo cáo nhanh số máy bơm còn dùng được về Phòng Tổng hợp."
    )
    assert [o.lead for o in obligations(text.format(""), "công văn")][1][0].value == "Trưởng các phòng"
    assert len(quotes(text.format("Năm qua các đơn vị đã "), "công văn")) == 1


def test_a_duty_that_ends_with_a_list_of_bodies_is_one():
    text = (
        "Đề nghị các trạm y tế thực hiện:\na) Lấy mẫu nước ở các giếng khoan rồi gửi về một trong các đơn vị sau đây:\n"
        "- Trung tâm Kiểm nghiệm và ứng dụng Cần Thơ;\n- Chi nhánh Công ty Hoa Sen.\nb) Treo băng rôn."
    )
    found = obligations(text, "công văn")
    assert [o.label for o in found] == ["a", "b"]
    assert leads(found[0]) == ["các trạm y tế"]


def test_the_day_of_a_meeting_bounds_coming_to_it_whatever_is_put_aside_for_it():
    text = "- Thời gian: 7 giờ 30 ngày 11/4/2023.\nĐề nghị các đại biểu sắp xếp công việc, đến dự họp đầy đủ."
    (one,) = obligations(text, "giấy mời")
    assert [d.due for d in one.deadlines] == ["2023-04-11"]


@pytest.mark.parametrize(
    ("announced", "modality"),
    [
        ("Căn cứ Quyết định số 19/QĐ-UBND ngày 05/02/2023 của Ủy ban nhân dân tỉnh, Sở Y tế đề nghị:", "requested"),
        ("Có xã mỗi năm lụt hai lần. Để giữ các giếng khoan, Ủy ban nhân dân tỉnh chỉ thị:", "ordered"),
    ],
)
def test_an_announcement_may_end_with_the_order_word_itself(announced, modality):
    found = obligations(f"{announced}\n1. Các trạm y tế lập danh sách giếng.\n2. Kiểm tra máy bơm.", "công văn")
    assert [o.quote for o in found] == ["Các trạm y tế lập danh sách giếng.", "Kiểm tra máy bơm."]
    assert leads(found[0]) == ["Các trạm y tế"]
    assert {o.modality for o in found} == {modality}
    assert [o.deadlines for o in found] == [(), ()]


def test_what_a_law_is_quoted_for_is_not_announced():
    text = "Căn cứ khoản 2 Điều 4 Luật Giếng khoan quy định:\n1. Các trạm y tế lập danh sách giếng."
    assert quotes(text, "công văn") == []


@pytest.mark.parametrize("ground", ["Hướng dẫn số 12-HD/TU", "Kế hoạch số 5/KH-UBND", "Công điện số 3/CĐ-TTg"])
def test_an_order_after_its_ground_says_how_binding_the_items_are(ground):
    text = (
        f"Thực hiện {ground} ngày 02/3/2023, Ban Thường vụ Tỉnh ủy yêu cầu các cấp ủy thực hiện một số nội dung sau:\n"
        "1. Lập danh sách đảng viên.\n2. Đề nghị Sở Y tế cử cán bộ."
    )
    assert [o.modality for o in obligations(text, "công văn")] == ["ordered", "requested"]


def test_numbers_of_things_are_reported_where_the_number_of_a_report_is_not_meant():
    text = "Đề nghị các đơn vị thực hiện:\n1. Các trạm y tế báo cáo số giếng còn dùng về Phòng Tổng hợp."
    assert len(quotes(text, "công văn")) == 1


def test_an_item_that_announces_a_table_is_no_duty_by_itself():
    text = "Đề nghị các đơn vị thực hiện:\n1. Sửa chữa công trình theo phân công dưới đây:\n2. Lập sổ đo mực nước:"
    assert quotes(text, "công văn") == ["Lập sổ đo mực nước:"]


@pytest.mark.parametrize(
    "text",
    [
        "Danh sách học sinh đề nghị hỗ trợ tiền tàu xe.",
        "Hồ sơ đề nghị khen thưởng của các lớp.",
        "Phương thức chi trả: Hằng tháng.",
        "Báo cáo của các lớp.",
        "HỖ TRỢ NGƯỜI LAO ĐỘNG",
        "Trung tâm Cây xanh là đơn vị sự nghiệp thuộc Sở Xây dựng.",
        "Khi giao tiền cho người nhận thì người nhận ký tên.",
    ],
)
def test_what_only_looks_like_an_order_is_none(text):
    assert quotes(f"I. NHIỆM VỤ\n1. {text}\n2. Lập danh sách.") == ["Lập danh sách."]


def test_what_a_course_teaches_and_who_comes_is_no_duty():
    text = (
        "I. NHIỆM VỤ\n1. Lớp bồi dưỡng dành cho giáo viên\n1.1. Nội dung: Khóa chăm sóc cây xanh\n"
        "- Giới thiệu về cây xanh.\n- Xử lý sâu bệnh.\n1.2. Thành phần:\n- Lãnh đạo Phòng Tổng hợp."
    )
    assert quotes(text) == []


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        (
            "Các Bộ: Y tế, Công Thương và Ủy ban nhân dân tỉnh có trách nhiệm lập danh sách.",
            ["Các Bộ: Y tế, Công Thương", "Ủy ban nhân dân tỉnh"],
        ),
        ("Các đơn vị: Xây dựng kế hoạch, tổ chức phát động.", ["Các đơn vị"]),
    ],
)
def test_a_colon_after_a_group_opens_a_list_of_names_or_an_order(text, lead):
    (one,) = obligations(f"I. NHIỆM VỤ\n1. {text}")
    assert leads(one) == lead


def test_bodies_that_a_report_goes_to_do_not_lead_it():
    text = "2. Giao Sở Y tế:\na) Ngày 20 hằng tháng, gửi số liệu về Sở Nội vụ, Sở Tài chính để tổng hợp."
    (one,) = obligations(text)
    assert leads(one) == ["Sở Y tế"]


@pytest.mark.parametrize(
    ("names", "lead"),
    [
        (
            "Thủ trưởng các đơn vị thuộc Sở và các cơ quan có liên quan",
            ["Thủ trưởng các đơn vị thuộc Sở", "các cơ quan có liên quan"],
        ),
        ("Giám đốc Sở Y tế và các ông, bà có tên tại Điều 1", ["Giám đốc Sở Y tế", "các ông, bà có tên tại Điều 1"]),
        (
            "Chánh Văn phòng Hội đồng nhân dân và Ủy ban nhân dân tỉnh, Giám đốc Sở Y tế",
            ["Chánh Văn phòng Hội đồng nhân dân và Ủy ban nhân dân tỉnh", "Giám đốc Sở Y tế"],
        ),
        (
            "Thủ trưởng cơ quan ngang Bộ, cơ quan thuộc Chính phủ, Giám đốc Sở Y tế",
            ["Thủ trưởng cơ quan ngang Bộ, cơ quan thuộc Chính phủ", "Giám đốc Sở Y tế"],
        ),
        ("Sở Y tế, Phòng Y tế các huyện, thị, thành phố", ["Sở Y tế", "Phòng Y tế các huyện, thị, thành phố"]),
        ("Ban quản lý Chương trình 12", ["Ban quản lý Chương trình 12"]),
    ],
)
def test_names_are_parted_where_each_is_a_body_by_itself(names, lead):
    (one,) = obligations(f"I. NHIỆM VỤ\n1. {names} chịu trách nhiệm thi hành Quyết định này.")
    assert leads(one) == lead


def test_an_order_between_items_does_not_speak_for_the_others():
    text = "1. Rà soát thiết bị.\nYêu cầu doanh nghiệp nộp hồ sơ.\n2. Lập danh sách."
    assert [leads(o) for o in obligations(text)] == [[ISSUER], ["doanh nghiệp"], [ISSUER]]


def test_what_a_named_body_has_firms_do_is_its_own_duty():
    text = "2. Giao Cục Thuế:\na) Rà soát hồ sơ; yêu cầu doanh nghiệp nộp tờ khai."
    (one,) = obligations(text)
    assert leads(one) == ["Cục Thuế"]
    assert one.quote.endswith("nộp tờ khai.")


@pytest.mark.parametrize(
    "text",
    [
        "Tổ chức phong trào, vận động các hội; đoàn viên và người dân cung cấp thông tin.",
        "Chủ trì, phối hợp với Sở Nội vụ; thủ trưởng các ngành lập danh sách.",
    ],
)
def test_a_list_of_those_called_upon_is_not_broken_off(text):
    (one,) = obligations(f"2. Giao Sở Y tế:\na) {text}")
    assert leads(one) == ["Sở Y tế"]


def test_a_time_may_stand_before_who_acts_without_a_comma():
    (one,) = obligations("I. NHIỆM VỤ\n1. Căn cứ kết quả trồng thử, trong năm 2023 Sở Y tế sẽ tổng kết việc trồng cây.")
    assert leads(one) == ["Sở Y tế"]


def test_an_item_that_asks_for_papers_and_lists_them_is_a_duty():
    text = "2. Giao Sở Y tế:\na) Nộp hồ sơ đăng ký gồm các văn bản sau:\n- Đơn của học sinh.\n- Bản sao thẻ."
    assert quotes(text) == ["Nộp hồ sơ đăng ký gồm các văn bản sau:"]


@pytest.mark.parametrize(
    "text",
    [
        "Lãnh đạo Phòng Tổng hợp.",
        "Quyết định số 12/QĐ-UBND ngày 05/01/2022 về việc thí điểm trồng cây.",
        "Kiến nghị.",
        "Thông báo này thay cho giấy mời.",
        "Lớp nộp bài muộn sẽ không được xét khen thưởng.",
        "Đối với ngành Giáo dục Mầm non, Giáo dục Thể chất, điểm chuẩn là 15.",
    ],
)
def test_names_of_papers_and_people_open_no_duty(text):
    assert quotes(f"I. NHIỆM VỤ\n1. {text}\n2. Lập danh sách.") == ["Lập danh sách."]


def test_those_one_works_with_do_not_lead():
    text = "Bộ Tư pháp chủ trì, phối hợp với Bộ Nội vụ, Bộ Y tế chịu trách nhiệm hướng dẫn việc này."
    (one,) = obligations(f"I. NHIỆM VỤ\n1. {text}")
    assert leads(one) == ["Bộ Tư pháp"]


def test_work_that_somebody_does_is_his_duty_unless_he_pays():
    text = "Việc cấp thẻ thư viện cho học sinh do Phòng Tổng hợp thực hiện."
    (one,) = obligations(f"I. NHIỆM VỤ\n1. {text}")
    assert leads(one) == ["Phòng Tổng hợp"]
    assert quotes("I. NHIỆM VỤ\n1. Kinh phí mua thẻ do Phòng Tài vụ chịu trách nhiệm.") == []
    assert quotes("I. NHIỆM VỤ\n1. Thẻ làm theo kế hoạch do Phòng Tổng hợp xây dựng, in màu xanh.") == []


@pytest.mark.parametrize(
    "told",
    [
        "Ngày 05/01/2023, Sở Y tế ban hành Công văn số 12/SYT, trong đó đề nghị các đơn vị gửi báo cáo trước ngày "
        "20/01/2023. Đến nay Sở Y tế mới nhận được báo cáo của 05 đơn vị.",
        "Thực hiện Công văn số 12/UBND-KT ngày 05/01/2023 của UBND tỉnh yêu cầu các sở, ngành rà soát danh mục; Sở Y "
        "tế đã có Công văn số 15/SYT đề nghị các đơn vị báo cáo trước ngày 20/01/2023.",
        "Tại Thông báo số 5/TB-UBND, Chủ tịch UBND tỉnh đã giao Sở Y tế xây dựng đề án; giao Sở Tài chính thẩm định.",
        "UBND tỉnh đã giao các nhiệm vụ sau:\n1. Sở Y tế xây dựng đề án.\n2. Sở Tài chính thẩm định kinh phí.",
    ],
)
def test_tasks_that_a_letter_retells_before_it_urges_are_not_counted_again(told):
    asked = "Sở Y tế đề nghị các đơn vị khẩn trương báo cáo trước ngày 15/3/2023."
    assert [q.split(".")[-2].strip() + "." for q in quotes(f"{told}\n{asked}", "công văn", ("Các đơn vị",))] == [asked]
