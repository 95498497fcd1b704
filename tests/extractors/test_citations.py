"""Numbers of cited documents, as they are wrapped, spaced and listed."""

import pytest
from paper import paper

from extractors.citations import find_citations


def cited(text, own=None):
    return [f.value for f in find_citations(paper(text), (), own)]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("theo Quyết định số 518/QĐ-TTg ngày 12/4/2021", ["518/QĐ-TTg"]),
        ("Luật số 62/2012/QH13 và Nghị quyết 827/2019/UBTVQH14", ["62/2012/QH13", "827/2019/UBTVQH14"]),
        ("Thông tư liên tịch số 06/2009/TTLT-BYT-BNV", ["06/2009/TTLT-BYT-BNV"]),
        ("Chỉ thị số 41-CT/TW, Kế hoạch số 208- KH/TU", ["41-CT/TW", "208-KH/TU"]),
        ("Kết luận số 1307-\nKL/TU của Tỉnh ủy", ["1307-KL/TU"]),
        ("Quyết định số 67/QD-\nBTC", ["67/QD-BTC"]),
        ("Quyết định số 151/2007/QĐ- TTg, số 64/2009/QĐ-TTg", ["151/2007/QĐ-TTg", "64/2009/QĐ-TTg"]),
        ("văn bản số 1105/CV-SMAI12 và 20 /2016/TT-BTC", ["1105/CV-SMAI12", "20/2016/TT-BTC"]),
        ("Nghị định 41/2019/NĐ-CP1 quy định", ["41/2019/NĐ-CP"]),
        ("Quyết định 12/QĐ-UBND; Quyết định số 12/QĐ-UBND", ["12/QĐ-UBND"]),
        ("QUYẾT ĐỊNH SỐ 12/QĐ-TTG; theo Quyết định số 12/QĐ-TTg", ["12/QĐ-TTg"]),
        ("Nghị quyết 09-NQ/TU; theo Nghị quyết 09/TU", ["09-NQ/TU"]),
    ],
)
def test_numbers_are_found_once_each_in_order(text, numbers):
    assert cited(text) == numbers


@pytest.mark.parametrize(
    "text",
    [
        "ngày 02/6/2020",
        "đạt 63/63 tỉnh, 1/3 dân số, trực 24/7",
        "điện thoại 024.0000.1111",
        "theo mẫu số 09/GTGT",
        "tốc độ 5G/4G, TCP/IP, 100/Mbps",
        "QCVN 901:2015/BTTTT",
    ],
)
def test_what_only_looks_like_a_number_is_left_alone(text):
    assert cited(text) == []


def test_the_own_number_is_no_citation():
    assert cited("(Kèm theo Công văn số 15 /SNV-VP) theo 7/QĐ-SNV", own="15/SNV-VP") == ["7/QĐ-SNV"]
