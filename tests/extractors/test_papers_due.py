"""A paper or a work named with its last day is an order; what was sent, and rules for cases, are none."""

import pytest
from duty_texts import obligations

LETTER = "Phường tổ chức hội vườn xuân tại sân đình.\n{}\nTrân trọng./."


def limits(sentence, type_name="công văn"):
    read = obligations(LETTER.format(sentence), type_name, ("Các tổ dân phố",))
    return [(o.modality, d.due, d.rrule) for o in read for d in o.deadlines]


@pytest.mark.parametrize(
    "sentence",
    [
        "Báo cáo của các tổ gửi về Phòng Văn hóa trước ngày 20/3/2023.",
        "Danh sách người dự thi gửi về Phòng Văn hóa (số 5 đường Cây Me) chậm nhất ngày 20/3/2023.",
        "Văn bản góp ý xin gửi về Phòng Văn hóa và qua thư điện tử trước ngày 20/3/2023.",
        "Phiếu khảo sát được gửi trước ngày 20/3/2023 về Phòng Văn hóa.",
        "Việc bàn giao kho sách phải hoàn thành trước ngày 20/3/2023.",
        "Báo cáo gửi về Phòng Văn hóa trước ngày 20/3/2023. Thông tin chi tiết xin liên hệ bà Suối, số 0123.",
    ],
)
def test_a_paper_with_its_last_day_is_an_order(sentence):
    assert [due for _, due, _ in limits(sentence)] == ["2023-03-20"]


def test_whose_paper_it_is_leads_else_those_who_are_addressed():
    told = "Báo cáo của các tổ dân phố xin gửi về Phòng Văn hóa trước ngày 20/3/2023."
    silent = "Báo cáo gửi về Phòng Văn hóa trước ngày 20/3/2023."
    leads = [[f.value for f in o.lead] for s in (told, silent) for o in obligations(s, "công văn", ("Các hội",))]
    assert leads == [["các tổ dân phố"], ["Các hội"]]


def test_an_announcement_stays_a_duty_above_the_line_that_says_where_to_send_it():
    text = (
        "Phòng đề nghị các tổ dân phố lập báo cáo nhanh về vườn xuân theo hướng dẫn sau:\n1. Nội dung báo cáo\n"
        "- Số hộ có vườn;\n- Số cây đã trồng.\n2. Nơi nhận báo cáo\nBáo cáo gửi về Phòng Văn hóa trước ngày 20/3/2023."
    )
    assert [len(o.deadlines) for o in obligations(text, "công văn", ("Các tổ dân phố",))] == [0, 1]


def test_a_hope_for_an_answer_is_a_request():
    assert limits("Rất mong nhận được văn bản trả lời của Quý Hội trước ngày 20/3/2023.") == [
        ("requested", "2023-03-20", None)
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "Báo cáo của các tổ đã gửi về Phòng Văn hóa trước ngày 20/2/2023.",
        "Báo cáo gửi về Phòng Văn hóa.",
        "Trường hợp hồ sơ gửi về Phòng Văn hóa trước ngày 20/3/2023 thì được nhận quà.",
        "Hội vườn xuân khai mạc trước ngày 20/3/2023.",
    ],
)
def test_what_is_no_order_stays_none(sentence):
    assert limits(sentence) == []


def test_a_day_of_each_month_counts_where_duties_are_told():
    read = obligations(
        "Điều 5. Trách nhiệm của Phòng Tài vụ\n1. Kinh phí cấp trong tháng phải thanh toán với Phòng Tài vụ"
        " chậm nhất ngày 18 hằng tháng.",
        "quyết định",
    )
    assert [d.rrule for o in read for d in o.deadlines] == ["FREQ=MONTHLY;BYMONTHDAY=18"]


def test_the_phases_of_what_is_ordered_have_their_own_days():
    read = obligations(
        "II. NHIỆM VỤ\n1. Tổ chức 02 đợt dọn rác ven hồ:\n- Đợt 1: Chào mừng hội vườn, từ ngày 10/4/2023 đến ngày"
        " 20/4/2023.\n- Đợt 2: Nhân dịp khai trường, từ ngày 01/9/2023 đến ngày 10/9/2023.",
    )
    assert [d.due for o in read for d in o.deadlines] == ["2023-04-20", "2023-09-10"]


def test_a_paper_due_that_lost_its_full_stop_is_no_heading():
    text = (
        "Phòng đề nghị các tổ:\n1. Lập danh sách vườn xuân.\n2. Danh sách gửi trước ngày 20/3/2023 về Phòng Văn hóa\n"
        "Đề nghị các tổ nghiêm túc thực hiện."
    )
    read = obligations(text, "công văn", ("Các tổ",))
    assert [d.due for o in read for d in o.deadlines] == ["2023-03-20"]
