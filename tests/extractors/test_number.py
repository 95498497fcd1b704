"""Number lines as they are printed, left blank and badly read."""

import pytest
from paper import paper

from extractors.number import read_number
from extractors.pieces import cut_line


def read(line):
    (piece,) = cut_line(paper(line), 0)
    said = read_number(piece)
    issue = said.issues[0].code if said.issues else None
    return (said.number.value if said.number else None, said.symbol.value if said.symbol else None, issue)


@pytest.mark.parametrize(
    ("line", "number", "symbol"),
    [
        ("Số: 07/CT-BNV", "07/CT-BNV", "CT-BNV"),
        ("Số : 1064/BTTTT-KTS&XHS", "1064/BTTTT-KTS&XHS", "BTTTT-KTS&XHS"),
        ("Số: 09/2009/CT-UBND", "09/2009/CT-UBND", "CT-UBND"),
        ("Số: 395 /KH-STTTT", "395/KH-STTTT", "KH-STTTT"),
        ("Số: 624  /TCT – CS", "624/TCT-CS", "TCT-CS"),
        ("Số: **01** /CT-BTTTT", "01/CT-BTTTT", "CT-BTTTT"),
        ("Số 12-CT/TW", "12-CT/TW", "CT/TW"),
        ("Số 3260-KH/ĐĐQH15", "3260-KH/ĐĐQH15", "KH/ĐĐQH15"),
        ("Số: 30c/NQ-CP", "30c/NQ-CP", "NQ-CP"),
        ("Số: 66.1/2025/NQ-CP", "66.1/2025/NQ-CP", "NQ-CP"),
        ("Luật số: 29/2018/QH14", "29/2018/QH14", "QH14"),
        ("Nghị quyết số: 17/2022/UBTVQH15", "17/2022/UBTVQH15", "UBTVQH15"),
        ("Số: 130/BTTTT-ƯDCNTT", "130/BTTTT-ƯDCNTT", "BTTTT-ƯDCNTT"),
        ("Số: 20/SGD&ĐT-VP", "20/SGD&ĐT-VP", "SGD&ĐT-VP"),
        ("Số: 88/QĐ - U B ND", "88/QĐ-UBND", "QĐ-UBND"),
        ("Số: 4/NĐ-CP1", "4/NĐ-CP", "NĐ-CP"),
        ("$6: 45/TB-TCT", "45/TB-TCT", "TB-TCT"),
        ("Số: 1139/BĐH", "1139/BĐH", "BĐH"),
    ],
)
def test_number_and_symbol(line, number, symbol):
    assert read(line) == (number, symbol, None)


@pytest.mark.parametrize(
    ("line", "symbol", "issue"),
    [
        ("Số:       /TB-UBND", "TB-UBND", "number.blank"),
        ("Số: …./KH-UBND", "KH-UBND", "number.blank"),
        ("Số: ____/QĐ-BYT", "QĐ-BYT", "number.blank"),
        ("Số: 4#?5 /TCT-CS", "TCT-CS", "number.unreadable"),
        ("Số: ⁄ð/6Ÿ /CT-TTHT", "CT-TTHT", "number.unreadable"),
        ("Số: {500 /TLĐ", "TLĐ", "number.unreadable"),
        ("Số: 4#CT", None, "number.unreadable"),
    ],
)
def test_digits_that_cannot_be_told_are_left_out(line, symbol, issue):
    assert read(line) == (None, symbol, issue)
