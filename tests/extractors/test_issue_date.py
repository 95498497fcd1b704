"""Date lines: as sharp as they are printed, never sharper."""

import pytest
from paper import paper

from extractors.issue_date import read_issue_date
from extractors.pieces import cut_line, place_date


def read(line):
    piece = next(p for p in cut_line(paper(line), 0) if place_date(p.text, p.key))
    said = read_issue_date(piece)
    issue = said.issues[0].code if said.issues else None
    return (said.place.value if said.place else None, said.day.value if said.day else None, issue)


@pytest.mark.parametrize(
    ("line", "place", "day", "issue"),
    [
        ("Hà Nội, ngày 05 tháng 01 năm 2020", "Hà Nội", "2020-01-05", None),
        ("Hà Nội , ngày 5 tháng 01 năm 2020", "Hà Nội", "2020-01-05", None),
        ("TP. Hồ Chí Minh, ngày 30 tháng 12 năm 2013", "TP. Hồ Chí Minh", "2013-12-30", None),
        ("Đà Nẵng, ngày   03    tháng 11 năm 2009", "Đà Nẵng", "2009-11-03", None),
        ("Bà Rịa - Vũng Tàu, ngày 11 tháng 8 năm 2012", "Bà Rịa - Vũng Tàu", "2012-08-11", None),
        ("Quảng Ngãi, ngày     tháng 7 năm 2021", "Quảng Ngãi", "2021-07", "issued_on.incomplete"),
        ("Hà Nội, ngày tháng năm 2023", "Hà Nội", "2023", "issued_on.incomplete"),
        ("Hà Nội, ngày     tháng     năm", "Hà Nội", None, "issued_on.blank"),
        ("Hà Nội, ngày 30 tháng 02 năm 2021", "Hà Nội", "2021-02", "issued_on.impossible"),
        ("Hà Nội, ngàyB1 thang 4 năm 2019", "Hà Nội", "2019-04", "issued_on.incomplete"),
        ("Hà Nội, ngày #& tháng 7 năm 2020", "Hà Nội", "2020-07", "issued_on.incomplete"),
        ("Hà Nội, ngày 24 tháng 0 8 năm 2017", "Hà Nội", "2017-08-24", None),
        ("Hà Nội, ngày 23 tháng 02 năm 20253", "Hà Nội", "2025-02-23", None),
        ("Số: 12/ABC-D Cao Sơn, ngày 1 tháng 2 năm 2020", "Cao Sơn", "2020-02-01", None),
    ],
)
def test_place_and_day(line, place, day, issue):
    assert read(line) == (place, day, issue)


@pytest.mark.parametrize(
    "line", ["ngày 17 tháng 5 năm 2021 của Bộ trưởng Bộ Nội vụ", "thông qua ngày 21 tháng 4 năm 2021 tại kỳ họp"]
)
def test_dates_in_running_text_are_no_date_line(line):
    assert not any(place_date(p.text, p.key) for p in cut_line(paper(line), 0))
