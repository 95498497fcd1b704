"""Worked sentences inside whole dispatches: each limit lands on the obligation of its item, with all its columns."""

import csv
from collections import defaultdict
from pathlib import Path

import pytest
from paper import paper

from extractors.dispatch import extract_dispatch

CASES = Path(__file__).parents[2] / "../shared/domain/deadline_cases.csv"
LEAST = 0.9
# Limits that are read in their sentence and land on no obligation, and why: whose duty it is cannot be told there.
MISSED = {
    "7": "no duty: an extension without a body or a verb that orders",
    "17": "no duty: the name of a time alone in its item",
    "18": "no duty: the name of a time alone in its item",
    "34": "'các xã' is no body that a duty is read for",
    "35": "no duty: a noun phrase without a verb",
    "51": "no duty: 'xong' is no verb that orders",
    "58": "no duty: 'xong' is no verb that orders",
    "112": "no duty: a noun phrase without a verb",
    "121": "no duty: 'chốt' is no verb that orders",
    "170": "'các đoàn' is no body that a duty is read for",
    "194": "no duty: 'chốt' is no verb that orders",
    "195": "no duty: 'giao ban' is no verb that orders",
    "212": "'các phòng' is no body that a duty is read for",
    "218": "no duty: 'chạy thử' is no verb that orders",
}
LETTER = """\
ỦY BAN NHÂN DÂN                                        CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
HUYỆN KIM SƠN                                          Độc lập - Tự do - Hạnh phúc

Số: 214/UBND-VX                                        Kim Sơn, ngày {day}
V/v thực hiện nhiệm vụ

Kính gửi:
- Phòng Nội vụ;
- Ủy ban nhân dân các xã.

Ủy ban nhân dân huyện đề nghị các đơn vị thực hiện các nội dung sau:

1. Giao Phòng Nội vụ rà soát hồ sơ của các xã.

2. {sentence}

3. Giao Ủy ban nhân dân các xã niêm yết danh sách.

Nơi nhận:                                              TM. ỦY BAN NHÂN DÂN
- Như trên;                                            CHỦ TỊCH
- Lưu: VT, VX.

                                                       Trần Văn Mẫu
"""


def cases():
    rows = defaultdict(list)
    for row in csv.DictReader(CASES.open(encoding="utf-8")):
        rows[row["example"], row["issued_on"]].append(row)
    return {key: found for key, found in rows.items() if not any("UNCLEAR" in row["note"] for row in found)}


def read(sentence, issued_on):
    """The dispatch, and the deadlines of the obligations that share a character with the sentence."""
    year, month, day = issued_on.split("-")
    text = LETTER.format(day=f"{day} tháng {month} năm {year}", sentence=sentence)
    dispatch = extract_dispatch(paper(text))
    start = text.index(sentence)
    return dispatch, [
        deadline
        for obligation in dispatch.obligations
        if obligation.span.start < start + len(sentence) and start < obligation.span.end
        for deadline in obligation.deadlines
    ]


def as_row(deadline):
    offset = deadline.offset
    counted = (f"{offset.amount:g}", offset.unit, offset.anchor or "") if offset else ("", "", "")
    printed = (deadline.kind, deadline.due, deadline.start, deadline.boundary, deadline.rrule)
    return (*(value or "" for value in printed), *counted, deadline.quote.lower())


def row_of(case):
    names = ("kind", "due", "start", "boundary", "rrule", "offset_amount", "offset_unit", "offset_anchor")
    return (*(case[name] for name in names), " ".join(case["quote"].split()).lower())


@pytest.mark.skipif(not CASES.exists(), reason="the table of worked cases is not at ../shared")
def test_worked_sentences_give_their_limits_inside_a_dispatch():
    right, missed, taken = [], set(), []
    for (sentence, issued_on), rows in cases().items():
        dispatch, found = read(sentence, issued_on)
        wanted = {row_of(row) for row in rows if row["kind"] != "none"}
        if wanted and {as_row(deadline) for deadline in found} == wanted:
            right.append(sentence)
        elif wanted:
            missed.add(rows[0]["id"])
        elif any(obligation.deadlines for obligation in dispatch.obligations):
            taken.append(sentence)
    assert not taken
    assert len(right) / (len(right) + len(missed)) >= LEAST, missed
    assert missed == set(MISSED)


PLAN = """\
SỞ MÂY
Số: 21/KH-SM

KẾ HOẠCH
Sửa sang công viên

Núi Xanh, ngày 12 tháng 5 năm 2025

{heading}
1. Trồng cây ở phía đông của công viên.
2. {item}
"""
PHASE = "I. GIAI ĐOẠN 1 (2025 - 2027)"


@pytest.mark.parametrize(
    ("heading", "item", "due"),
    [
        (PHASE, "Xây dựng các lối đi.", ["2027-12-31"]),
        (PHASE, "Xây dựng các lối đi (quý II/2026).", ["2026-06-30"]),
        (PHASE, "Xây dựng các lối đi, lắp ghế đá (quý IV/2025, quý I/2026).", ["2026-03-31"]),
        (PHASE, "Rà soát, đề xuất nhu cầu mua ghế đá với Phòng Cây xanh trong quý III/2025.", []),
        (PHASE, "Bổ sung các điều kiện chiếu sáng cho hồ nước (từ quý IV/2026).", []),
        (PHASE, "Thực hiện Công văn số 77/SM-VP ngày 02/5/2025 của Sở Mây.", ["2027-12-31"]),
        (PHASE, "Mua ghế đá để đưa vào sử dụng từ ngày 01/02/2028.", ["2027-12-31"]),
        ("I. NHIỆM VỤ NĂM 2024", "Xây dựng các lối đi.", []),
    ],
)
def test_a_time_of_its_own_stands_against_the_limit_of_the_heading(heading, item, due):
    dispatch = extract_dispatch(paper(PLAN.format(heading=heading, item=item)))
    last = dispatch.obligations[-1]
    assert item.startswith(last.quote[:20])
    assert [deadline.due for deadline in last.deadlines] == due


def test_the_horizon_of_an_aim_bounds_nothing_that_is_announced_after_it():
    aim = "Công viên là nơi vui chơi của cả vùng, đến năm 2045, thành khu vườn đẹp, nhiều cây, nhiều hoa."
    dispatch = extract_dispatch(
        paper(PLAN.format(heading=f"{aim} Từ tình hình đó, thực hiện tốt các việc sau:", item="Xây dựng các lối đi."))
    )
    assert dispatch.obligations
    assert not any(obligation.deadlines for obligation in dispatch.obligations)
