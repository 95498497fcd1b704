"""Letters that answer a question: what they retell of the law is no duty, what they ask for is one."""

import pytest
from duty_texts import leads, obligations, quotes

OPENING = "Trả lời công văn số 12/CV-HS ngày 02/3/2023 của Công ty Hoa Sen về thuế, Cục Thuế tỉnh có ý kiến như sau:\n"


def answer(text, addressees=("Công ty Hoa Sen",)):
    return obligations(OPENING + text, "công văn", addressees)


@pytest.mark.parametrize(
    "told",
    [
        "1. Người nộp thuế phải kê khai thuế theo quý.",
        "Cơ quan thuế có trách nhiệm kiểm tra hồ sơ của doanh nghiệp.",
        "- Thực hiện khấu trừ thuế trước khi trả thu nhập.",
        "Cục Thuế tỉnh trả lời để Công ty Hoa Sen được biết và thực hiện./.",
    ],
)
def test_what_a_letter_retells_of_the_law_is_no_duty(told):
    assert answer(told) == ()


def test_what_was_asked_is_no_duty():
    text = (
        "Cục Thuế tỉnh nhận được công văn số 12/CV-HS của Công ty Hoa Sen, đề nghị hướng dẫn về thuế. "
        "Về việc này, Cục Thuế tỉnh có ý kiến như sau:\nCông ty phải kê khai thuế theo quý."
    )
    assert obligations(text, "công văn", ("Công ty Hoa Sen",)) == ()


def test_what_an_answer_asks_for_is_a_duty():
    (one,) = answer("Người nộp thuế phải kê khai thuế.\nĐề nghị Công ty căn cứ quy định để thực hiện đúng.")
    assert leads(one) == ["Công ty"]
    assert one.modality == "requested"


def test_a_body_that_is_written_to_is_told_to_act():
    text = "Cục Thuế huyện Vân Sơn cần rà soát hồ sơ của Công ty Hoa Sen."
    (one,) = answer(text, ("Cục Thuế huyện Vân Sơn",))
    assert leads(one) == ["Cục Thuế huyện Vân Sơn"]


def test_who_is_let_know_and_is_to_guide_others_has_a_duty():
    text = "Tổng cục Thuế trả lời để Cục Thuế tỉnh Vân Sơn được biết và hướng dẫn Công ty Hoa Sen thực hiện./."
    (one,) = answer(text, ("Cục Thuế tỉnh Vân Sơn",))
    assert leads(one) == ["Cục Thuế tỉnh Vân Sơn"]
    assert quotes(OPENING + text.replace("hướng dẫn Công ty Hoa Sen ", ""), "công văn") == []


def test_guidance_that_nobody_asked_for_is_read_as_duties():
    text = "Sở Lao động hướng dẫn một số nội dung như sau:\n1. Người sử dụng lao động phải lập sổ quản lý lao động."
    assert len(obligations(text, "công văn", ("Các doanh nghiệp",))) == 1
