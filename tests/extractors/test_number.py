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
        ("Số : 518/BTTTT-HTS&XHS", "518/BTTTT-HTS&XHS", "BTTTT-HTS&XHS"),
        ("Số: 03/2008/CT-UBND", "03/2008/CT-UBND", "CT-UBND"),
        ("Số: 512 /KH-STTTT", "512/KH-STTTT", "KH-STTTT"),
        ("Số: 731  /TCT – KK", "731/TCT-KK", "TCT-KK"),
        ("Số: **04** /CT-BNV", "04/CT-BNV", "CT-BNV"),
        ("Số 12-CT/TW", "12-CT/TW", "CT/TW"),
        ("Số 418-KH/ĐĐQH14", "418-KH/ĐĐQH14", "KH/ĐĐQH14"),
        ("Số: 12b/NQ-CP", "12b/NQ-CP", "NQ-CP"),
        ("Số: 71.2/2025/NQ-CP", "71.2/2025/NQ-CP", "NQ-CP"),
        ("Luật số: 71/2019/QH14", "71/2019/QH14", "QH14"),
        ("Nghị quyết số: 26/2023/UBTVQH15", "26/2023/UBTVQH15", "UBTVQH15"),
        ("Số: 130/BTTTT-ƯDCNTT", "130/BTTTT-ƯDCNTT", "BTTTT-ƯDCNTT"),
        ("Số: 20/SGD&ĐT-VP", "20/SGD&ĐT-VP", "SGD&ĐT-VP"),
        ("Số: 88/QĐ - U B ND", "88/QĐ-UBND", "QĐ-UBND"),
        ("Số: 4/NĐ-CP1", "4/NĐ-CP", "NĐ-CP"),
        ("$6: 45/TB-TCT", "45/TB-TCT", "TB-TCT"),
        ("Số: 467/BĐH", "467/BĐH", "BĐH"),
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
        ("Số: ⁄é/7Ÿ /CT-KTNB", "CT-KTNB", "number.unreadable"),
        ("Số: {800 /LMHT", "LMHT", "number.unreadable"),
        ("Số: 4#CT", None, "number.unreadable"),
    ],
)
def test_digits_that_cannot_be_told_are_left_out(line, symbol, issue):
    assert read(line) == (None, symbol, issue)
