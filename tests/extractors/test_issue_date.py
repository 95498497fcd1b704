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
        ("TP. Hồ Chí Minh, ngày 31 tháng 12 năm 2014", "TP. Hồ Chí Minh", "2014-12-31", None),
        ("Đà Nẵng, ngày   02    tháng 12 năm 2008", "Đà Nẵng", "2008-12-02", None),
        ("Bà Rịa - Vũng Tàu, ngày 10 tháng 7 năm 2013", "Bà Rịa - Vũng Tàu", "2013-07-10", None),
        ("Quảng Ngãi, ngày     tháng 7 năm 2021", "Quảng Ngãi", "2021-07", "issued_on.incomplete"),
        ("Hà Nội, ngày tháng năm 2023", "Hà Nội", "2023", "issued_on.incomplete"),
        ("Hà Nội, ngày     tháng     năm", "Hà Nội", None, "issued_on.blank"),
        ("Hà Nội, ngày 30 tháng 02 năm 2021", "Hà Nội", "2021-02", "issued_on.impossible"),
        ("Hà Nội, ngàyA2 thang 3 năm 2020", "Hà Nội", "2020-03", "issued_on.incomplete"),
        ("Hà Nội, ngày #& tháng 7 năm 2020", "Hà Nội", "2020-07", "issued_on.incomplete"),
        ("Hà Nội, ngày 26 tháng 0 6 năm 2018", "Hà Nội", "2018-06-26", None),
        ("Hà Nội, ngày 23 tháng 02 năm 20264", "Hà Nội", "2026-02-23", None),
        ("Số: 12/ABC-D Cao Sơn, ngày 1 tháng 2 năm 2020", "Cao Sơn", "2020-02-01", None),
    ],
)
def test_place_and_day(line, place, day, issue):
    assert read(line) == (place, day, issue)


@pytest.mark.parametrize(
    "line", ["ngày 15 tháng 6 năm 2022 của Bộ trưởng Bộ Nội vụ", "thông qua ngày 23 tháng 3 năm 2022 tại kỳ họp"]
)
def test_dates_in_running_text_are_no_date_line(line):
    assert not any(place_date(p.text, p.key) for p in cut_line(paper(line), 0))
