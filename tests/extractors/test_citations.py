"""Numbers of cited documents, as they are wrapped, spaced and listed."""

import pytest
from paper import paper

from extractors.citations import find_citations


def cited(text, own=None):
    return [f.value for f in find_citations(paper(text), (), own)]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("theo Quyết định số 411/QĐ-TTg ngày 31/3/2022", ["411/QĐ-TTg"]),
        ("Luật số 31/2013/QH13 và Nghị quyết 954/2020/UBTVQH14", ["31/2013/QH13", "954/2020/UBTVQH14"]),
        ("Thông tư liên tịch số 05/2008/TTLT-BKHCN-BNV", ["05/2008/TTLT-BKHCN-BNV"]),
        ("Chỉ thị số 37-CT/TW, Kế hoạch số 119- KH/TU", ["37-CT/TW", "119-KH/TU"]),
        ("Kết luận số 1208-\nKL/TU của Tỉnh ủy", ["1208-KL/TU"]),
        ("Quyết định số 89/QD-\nBTC", ["89/QD-BTC"]),
        ("Quyết định số 142/2008/QĐ- TTg, số 53/2010/QĐ-TTg", ["142/2008/QĐ-TTg", "53/2010/QĐ-TTg"]),
        ("văn bản số 2206/CV-BKAV23 và 20 /2016/TT-BTC", ["2206/CV-BKAV23", "20/2016/TT-BTC"]),
        ("Nghị định 30/2020/NĐ-CP1 quy định", ["30/2020/NĐ-CP"]),
        ("Quyết định 12/QĐ-UBND; Quyết định số 12/QĐ-UBND", ["12/QĐ-UBND"]),
        ("QUYẾT ĐỊNH SỐ 12/QĐ-TTG; theo Quyết định số 12/QĐ-TTg", ["12/QĐ-TTg"]),
        ("Nghị quyết 06-NQ/TU; theo Nghị quyết 06/TU", ["06-NQ/TU"]),
    ],
)
def test_numbers_are_found_once_each_in_order(text, numbers):
    assert cited(text) == numbers


@pytest.mark.parametrize(
    "text",
    [
        "ngày 02/6/2020",
        "đạt 63/63 tỉnh, 1/3 dân số, trực 24/7",
        "điện thoại 024.3943.6626",
        "theo mẫu số 06/GTGT",
        "tốc độ 5G/4G, TCP/IP, 100/Mbps",
        "QCVN 102:2016/BTTTT",
    ],
)
def test_what_only_looks_like_a_number_is_left_alone(text):
    assert cited(text) == []


def test_the_own_number_is_no_citation():
    assert cited("(Kèm theo Công văn số 15 /SNV-VP) theo 7/QĐ-SNV", own="15/SNV-VP") == ["7/QĐ-SNV"]
