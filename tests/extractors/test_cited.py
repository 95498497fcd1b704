"""How a dispatch stands to the documents that it cites, and what it prints beside their numbers."""

import unicodedata

import pytest
from chain_letters import CITED, OWN, RELATED, Letter
from paper import paper

from extractors.citations import find_citations
from extractors.cited import find_cited
from extractors.dispatch import extract_dispatch
from extractors.relations import Scene

HERE = Scene(issuer="Sở Thủy văn", symbol="STV-KT", type="công văn", preamble=10_000)


def cited(text, scene=HERE):
    document = paper(text)
    return find_cited(document, find_citations(document, (), None), scene)


def relations(text, scene=HERE):
    return [one.relation for one in cited(text, scene)]


@pytest.mark.parametrize("relation", RELATED)
def test_a_letter_says_how_it_stands_to_an_earlier_one(relation):
    (one,) = extract_dispatch(paper(RELATED[relation].text())).cited
    assert (one.number, one.relation, one.issued_on) == ("45/STV-KT", relation, "2026-03-02")


@pytest.mark.parametrize("relation", RELATED)
@pytest.mark.parametrize(
    "changed",
    [
        lambda text: unicodedata.normalize("NFD", text),
        lambda text: text.replace("của", "của\u00a0").replace("số ", "số  "),
        lambda text: text.replace(" Sở Thủy văn", "\nSở Thủy văn").replace(" ngày 02/3", "\nngày 02/3"),
        lambda text: text.replace("Ủy", "Uỷ").replace("ủy", "uỷ"),
        lambda text: text.replace("Công văn số", "**Công văn số**"),
    ],
    ids=["nfd", "spaces", "wrapped", "old tones", "marks"],
)
def test_the_same_in_every_spelling(relation, changed):
    found = extract_dispatch(paper(changed(RELATED[relation].text()))).cited
    assert [one.relation for one in found if one.number == "45/STV-KT"] == [relation]


@pytest.mark.parametrize(
    "text",
    [
        "Căn cứ Luật Thủy lợi số 08/2017/QH14 và Nghị định số 67/2018/NĐ-CP, Sở Thủy văn đề nghị:",
        "Thực hiện Nghị định số 67/2018/NĐ-CP ngày 14/5/2018 của Chính phủ, Sở Thủy văn đề nghị:",
        "Căn cứ Quyết định số 15/QĐ-UBND ngày 05/01/2026 của Ủy ban nhân dân tỉnh về việc quy định chức năng của Sở.",
        "Căn cứ Quyết định số 15/QĐ-UBND ngày 05/01/2026 của Ủy ban nhân dân tỉnh thành lập Ban Chỉ huy.",
        "Sở đã làm theo Quyết định số 9/QĐ-UBND đã được sửa đổi, bổ sung tại Quyết định số 12/QĐ-UBND.",
        f"Đề nghị Ủy ban nhân dân tỉnh gia hạn thời gian thực hiện {CITED}.",
        f"Giao Phòng Kỹ thuật tham mưu sửa đổi {OWN}.",
        f"Chi cục có nhiệm vụ theo dõi, đôn đốc các huyện thực hiện {CITED.replace('STV', 'UBND')}.",
        f"Nếu nhận được {CITED} mà chưa rõ, xin liên hệ.",
        "Tham mưu ban hành Thông tư thay thế Thông tư số 12/TT-BTV.",
    ],
)
def test_what_is_no_relation_of_the_dispatch(text):
    assert set(relations(text)) == {None}


def test_what_a_cited_paper_did_to_another_is_not_done_by_this_one():
    text = "Thực hiện Quyết định số 759/QĐ-UBND ngày 16/4/2026 về việc đính chính Quyết định số 84/QĐ-UBND, Sở đề nghị:"
    assert relations(text) == ["carries_out", None]


def test_a_list_of_letters_is_answered_all_together():
    text = (
        "Sở Thủy văn nhận được Công văn số 12/UBND-NN ngày 03/3/2026 của Ủy ban nhân dân huyện Đồi Chè, Công văn số"
        " 30/UBND-KT ngày 05/3/2026 của Ủy ban nhân dân huyện Suối Bạc và Công văn số 7/UBND ngày 06/3/2026."
    )
    assert relations(text) == ["answers"] * 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"Thực hiện {OWN}, đến nay còn 05 huyện chưa gửi báo cáo.", ["urges"]),
        (
            "Sở Thủy văn đã nhiều lần có văn bản đôn đốc (Công văn số 45/STV-KT, Công văn số 60/STV-KT) nhưng đến nay"
            " chưa nhận được báo cáo.",
            ["urges", "urges"],
        ),
        (
            "Xét đề nghị của Ủy ban nhân dân huyện Đồi Chè tại Công văn số 9/UBND-NN ngày 05/4/2026 về việc xin lùi"
            " hạn, Sở Thủy văn đồng ý gia hạn thời gian báo cáo nêu tại Công văn số 45/STV-KT.",
            ["answers", "extends"],
        ),
        (
            "Liên quan đến đề nghị của Sở Lâm nghiệp tại Công văn số 12/SLN-KT, Sở Thủy văn có ý kiến như sau:",
            ["answers"],
        ),
        (
            "Thực hiện Công văn số 12/UBND-KT ngày 05/3/2026 của Ủy ban nhân dân tỉnh về việc lấy ý kiến, Sở Thủy văn"
            " có ý kiến như sau:",
            ["answers"],
        ),
        ("Điều 1. Bãi bỏ Quyết định số 12/QĐ-UBND ngày 05/3/2024.", ["replaces"]),
        ("Điều 1. Sửa đổi khoản 2 Điều 3 Quyết định số 12/QĐ-UBND ngày 05/3/2024.", ["amends"]),
        ("Điều 1. Kéo dài thời gian thực hiện Quyết định số 12/QĐ-UBND ngày 05/3/2024.", ["extends"]),
        (
            "Theo chỉ đạo của Ủy ban nhân dân tỉnh tại Thông báo kết luận số 12/TB-UBND ngày 05/3/2026, Sở:",
            ["carries_out"],
        ),
    ],
)
def test_the_words_before_and_after_the_number_tell_the_relation(text, expected):
    assert relations(text) == expected


def test_only_letters_of_the_own_office_are_urged_by_the_subject():
    subject = "đôn đốc báo cáo"
    scene = Scene("Sở Thủy văn", "STV-KT", "công văn", subject, None, 10_000)
    own = "Tại Công văn số 45/STV-KT ngày 02/3/2026, Sở Thủy văn đã đề nghị các huyện báo cáo."
    other = "Tại Công văn số 45/SLN-KT ngày 02/3/2026 của Sở Lâm nghiệp, các huyện được đề nghị báo cáo."
    assert relations(own, scene) == ["urges"]
    assert relations(other, scene) == [None]


def test_day_issuer_subject_and_item_stand_beside_the_number():
    (one,) = cited(
        "Phúc đáp điểm b khoản 2 Công văn số 45/UBND-KT ngày 05 tháng 3 năm 2026 của Ủy ban nhân dân huyện Đồi Chè về"
        " việc xin hỗ trợ vật tư; Sở Thủy văn có ý kiến như sau:"
    )
    assert (one.type, one.issued_on, one.issuer) == ("công văn", "2026-03-05", "Ủy ban nhân dân huyện Đồi Chè")
    assert (one.subject, one.points) == ("xin hỗ trợ vật tư", ("2", "b"))


@pytest.mark.parametrize(
    "text",
    [
        "Ngày 05/3/2026, Sở Lâm nghiệp đã ban hành Công văn số 45/SLN-KT về việc trồng rừng.",
        "Theo đề nghị của Sở Lâm nghiệp tại Công văn số 45/SLN-KT ngày 05/3/2026 về việc trồng rừng.",
    ],
)
def test_day_and_issuer_may_stand_before_the_number(text):
    (one,) = cited(text)
    assert (one.issued_on, one.issuer, one.subject) == ("2026-03-05", "Sở Lâm nghiệp", "trồng rừng")


def test_a_day_that_cannot_be_is_none():
    assert [one.issued_on for one in cited("Phúc đáp Công văn số 45/SLN-KT ngày 31/02/2026 của Sở Lâm nghiệp.")] == [
        None
    ]


def test_the_words_are_the_clause_of_the_relation():
    document = paper(RELATED["answers"].text())
    (one,) = extract_dispatch(document).cited
    words = document.text[one.words.start : one.words.end]
    assert words.startswith("Phúc đáp Công văn") and "kèm theo." in words
    assert document.text[one.span.start : one.span.end] == "45/STV-KT"


def test_a_long_list_of_laws_costs_no_more_than_its_length():
    many = "\n".join(
        f"Căn cứ Quyết định số {n}/QĐ-UBND ngày 05/01/2026 của Ủy ban nhân dân tỉnh;" for n in range(1, 900)
    )
    assert len(cited(many)) == 899


# ------------------------------------------------------------------ what is left of a subject


def test_what_is_left_of_a_torn_subject_is_kept_apart():
    torn = "mực nước và sửa chữa đê bao\n\nTrường Giang, ngày 02 tháng 3 năm 2026\n\n"
    found = extract_dispatch(paper(torn + "Kính gửi:" + Letter().text().partition("Kính gửi:")[2]))
    assert found.subject is None
    assert found.subject_rest.value == "mực nước và sửa chữa đê bao"


def test_a_whole_head_leaves_nothing():
    found = extract_dispatch(paper(Letter().text()))
    assert found.subject.value and found.subject_rest is None
