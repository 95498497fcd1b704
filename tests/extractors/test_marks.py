"""Stamps: secrecy is found wherever it stands, and words about secrecy are left alone."""

import pytest
from paper import paper

from extractors.dispatch import extract_dispatch
from extractors.marks import find_secrecy
from extractors.model import Refusal

LETTER = """
BỘ TƯ PHÁP
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số: 14/BTP-VP
Hà Nội, ngày 05 tháng 5 năm 2021
V/v kiểm kê tài sản
{stamp}
Kính gửi: Các đơn vị thuộc Bộ
Đề nghị các đơn vị kiểm kê tài sản trước ngày 20/5/2021; {words}./.
Nơi nhận:
- Như trên;
- Lưu: VT.
CHÁNH VĂN PHÒNG
Trần Thế Vinh
"""


@pytest.mark.parametrize(
    ("stamp", "value"),
    [
        ("MẬT", "mật"),
        ("M Ậ T", "mật"),
        ("* TỐI MẬT *", "tối mật"),
        ("[TUYỆT MẬT]", "tuyệt mật"),
        ("T U Y Ệ T   M Ậ T", "tuyệt mật"),
        ("**MẬT**", "mật"),
        ("| MẬT |  |", "mật"),
        ("Tối mật", "tối mật"),
        ("Độ mật: Mật", "mật"),
        ("MAT", "mật"),
    ],
)
def test_a_stamped_letter_is_refused_and_the_refusal_holds_no_words(stamp, value):
    document = paper(LETTER.format(stamp=stamp, words=""))
    assert find_secrecy(document).value == value
    refusal = extract_dispatch(document)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "secrecy"
    assert refusal.span is None
    assert refusal.rule.startswith("marks.secrecy.")


def test_a_stamp_on_a_late_page_counts():
    document = paper(LETTER.format(stamp="", words="") + "PHỤ LỤC\n" + "Dòng\n" * 400 + "MẬT\n1. Kho số 3\n")
    assert find_secrecy(document).value == "mật"


@pytest.mark.parametrize(
    "words",
    ["bảo mật thông tin", "giữ bí mật nhà nước", "đổi mật khẩu", "không xác định độ mật", "mật độ dân số tăng"],
)
def test_words_about_secrecy_are_no_stamp(words):
    assert find_secrecy(paper(LETTER.format(stamp="", words=words))) is None


@pytest.mark.parametrize("line", ["BẢO MẬT", "DANH MỤC BÍ MẬT NHÀ NƯỚC", "MẮT", "MẬT KHẨU", "VỀ ĐỘ MẬT CỦA TÀI LIỆU"])
def test_headings_in_capitals_are_no_stamp(line):
    assert find_secrecy(paper(LETTER.format(stamp=line, words=""))) is None


@pytest.mark.parametrize(
    ("stamp", "urgency"),
    [("HỎA TỐC", "hỏa tốc"), ("THƯỢNG KHẨN", "thượng khẩn"), ("[KHẨN]", "khẩn"), ("K H Ẩ N", "khẩn"), ("", None)],
)
def test_urgency_is_a_stamp_of_its_own(stamp, urgency):
    dispatch = extract_dispatch(paper(LETTER.format(stamp=stamp, words="thực hiện khẩn trương, tình trạng KHẨN cấp")))
    assert (dispatch.urgency.value if dispatch.urgency else None) == urgency
