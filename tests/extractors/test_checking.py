"""Duties by which something shows whether they were done, told apart from exhortations."""

import pytest
from variants import VARIANTS

from extractors.checking import find_check
from extractors.model import Deadline, Span
from extractors.text import Passage

CHECKABLE = {
    "report": [
        "Định kỳ báo cáo Ủy ban nhân dân huyện kết quả trồng cây",
        "Các lớp gửi danh sách học sinh đăng ký về Phòng Tổng hợp",
        "Sở Nội vụ có ý kiến bằng văn bản đối với dự thảo",
    ],
    "product": [
        "Xây dựng kế hoạch trồng cây của trường",
        "Rà soát, bổ sung nội quy vườn trường",
        "Tham mưu Ủy ban nhân dân huyện ban hành quy chế quản lý vườn cây",
        "Tăng cường tuần tra; lập biên bản những trường hợp bẻ cây",
    ],
    "event": ["Tổ chức hội nghị sơ kết phong trào đọc sách", "Mở 02 lớp tập huấn cho giáo viên"],
    "person": ["Cử 01 cán bộ làm đầu mối", "Thành lập tổ trồng cây của thôn"],
    "work": ["Lắp đặt biển báo tại các cổng trường", "Sửa chữa lan can cầu treo"],
    "figure": ["Trồng 500 cây trong khuôn viên", "Vận động 80% số hộ phân loại rác"],
}
URGING = [
    "Tăng cường tuyên truyền về ý nghĩa của việc đọc sách",
    "Đẩy mạnh công tác xây dựng kế hoạch và kiểm tra",
    "Nâng cao chất lượng báo cáo của các tổ",
    "Quán triệt sâu rộng đến toàn thể giáo viên",
    "Phối hợp chặt chẽ với phụ huynh trong việc quản lý học sinh",
    "Chú trọng lập hồ sơ cây xanh",
    "Thực hiện nghiêm nội quy đã ban hành",
    "Tổ chức thực hiện có hiệu quả phong trào trồng cây",
    "Tạo điều kiện để các lớp tổ chức hội thi",
    "Đẩy mạnh ứng dụng công nghệ trong các khâu quản lý của trường như xây dựng cơ sở dữ liệu",
    "Thực hiện chế độ làm thêm giờ theo Điều 106 Bộ luật Lao động",
    "Nâng cao vai trò của các tổ chức đoàn thể theo Nghị quyết số 12-NQ/HU",
]
ALL = [(text, f"check.{role}") for role, texts in CHECKABLE.items() for text in texts] + [
    (text, None) for text in URGING
]


def words(text):
    return Passage(text, tuple(range(len(text))))


def limit(kind, scope):
    return Deadline(
        "năm 2030", Span(0, 8), kind, "2030-12-31", None, "on_or_before", None, None, "bound.in", 0.8, scope
    )


@pytest.mark.parametrize("variant", VARIANTS.values(), ids=VARIANTS)
@pytest.mark.parametrize(("text", "rule"), ALL, ids=[text for text, _ in ALL])
def test_what_shows_that_a_duty_was_done(text, rule, variant):
    found = find_check(words(variant(text)), "task", ())
    assert (found.rule if found else None) == rule


def test_the_words_that_show_it_are_given_with_their_place():
    text = "Chú trọng việc trồng cây; cử 01 cán bộ làm đầu mối"
    found = find_check(words(text), "task", ())
    assert text[found.span.start : found.span.end] == found.value == "cử 01 cán bộ"


@pytest.mark.parametrize(
    ("kind", "scope", "rule"),
    [
        ("period", "item", "check.limit"),
        ("period", "row", "check.limit"),
        ("date", "heading", "check.limit"),
        ("recurring", "chapeau", "check.limit"),
        ("period", "heading", None),
    ],
)
def test_a_limit_of_its_own_can_be_checked_a_year_above_it_cannot(kind, scope, rule):
    found = find_check(words("Tăng cường tuyên truyền"), "task", (limit(kind, scope),))
    assert (found.rule if found else None) == rule


def test_a_target_can_be_counted():
    assert find_check(words("Tỷ lệ lớp có tủ sách tăng so với năm trước"), "target", ()).rule == "check.figure"
