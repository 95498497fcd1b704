"""What the name of a file says of number and day, and what it does not."""

import pytest

from extractors.file_name import read_file_name


def said(name, symbol="UBND-VX", has_number=False, issued_on=None):
    return {i.field: i.value for i in read_file_name(name, symbol=symbol, has_number=has_number, issued_on=issued_on)}


@pytest.mark.parametrize(
    ("name", "symbol", "number"),
    [
        ("1064-BTTTT-KTS_31032023.pdf", "BTTTT-KTS&XHS", "1064/BTTTT-KTS&XHS"),
        ("CV 145 UBND.pdf", "UBND-VX", "145/UBND-VX"),
        ("145.UBND-VX (ban ky).docx", "UBND-VX", "145/UBND-VX"),
        ("qd-51-ubnd-phe-duyet.pdf", "QĐ-UBND", "51/QĐ-UBND"),
        ("51_2026_QD-UBND.pdf", "QĐ-UBND", "51/2026/QĐ-UBND"),
        ("12 CT TW.pdf", "CT/TW", "12-CT/TW"),
        ("5_UBND_VX.pdf", "UBND-VX", "05/UBND-VX"),
    ],
)
def test_a_number_beside_its_symbol_is_taken(name, symbol, number):
    assert said(name, symbol)["number"] == number


@pytest.mark.parametrize(
    ("name", "symbol"),
    [
        ("001_973b8a7210ce2d2e.txt", "UBND-VX"),
        ("scan0001.pdf", "UBND-VX"),
        ("2023 UBND bao cao.pdf", "UBND-VX"),
        ("CV 145 STC.pdf", "UBND-VX"),
        ("12 KH.pdf", "KH-UBND"),
        ("cv 883-24322 UBND.pdf", "UBND-VX"),
        ("000000 UBND.pdf", "UBND-VX"),
        ("145-UBND.pdf", None),
        ("trang 2 UBND", "UBNDTQ-VX"),
    ],
)
def test_a_number_that_may_be_anything_is_not(name, symbol):
    assert "number" not in said(name, symbol)


@pytest.mark.parametrize(
    ("name", "printed", "day"),
    [
        ("145 UBND 05.3.2026.pdf", None, "2026-03-05"),
        ("2026-03-05 giay moi.pdf", "2026", "2026-03-05"),
        ("BC_31032023.pdf", "2023-03", "2023-03-31"),
        ("BC_20230331.pdf", None, "2023-03-31"),
        ("BC_31032023.pdf", "2023-04", None),
        ("BC_20112012.pdf", None, "2012-11-20"),
        ("tu 01.3.2026 den 05.3.2026.pdf", None, None),
        ("31.02.2026.pdf", None, None),
    ],
)
def test_the_one_day_that_fits_what_is_printed(name, printed, day):
    assert said(name, issued_on=printed).get("issued_on") == day


def test_nothing_is_said_of_what_the_dispatch_prints():
    assert said("145-UBND-VX 05.3.2026.pdf", has_number=True, issued_on="2026-03-05") == {}
