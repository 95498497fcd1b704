"""The last day on time of each kind of limit, and the sentence that says why."""

import csv
from datetime import date
from pathlib import Path

import pytest

from extractors.deadlines import find_limits
from extractors.model import Deadline, Span
from pipeline.followup.computing import reckon
from pipeline.followup.settings import Settings

CASES = Path(__file__).resolve().parents[3] / "shared/domain/deadline_cases.csv"


def limit(sentence, issued_on="2023-07-03"):
    found = find_limits(sentence, issued_on)[0]
    return Deadline(
        found.quote, Span(found.start, found.end), found.kind, found.due, found.start_day, found.boundary,
        found.rrule, found.offset, found.rule,
    )  # fmt: skip


def why(sentence, issued_on="2023-07-03", anchors=None, **settings):
    return reckon(limit(sentence, issued_on), issued_on, anchors or {}, Settings(**settings))


@pytest.mark.parametrize(
    ("sentence", "last_day", "sentence_of_why"),
    [
        (
            "Báo cáo trong thời hạn 15 ngày kể từ ngày ký.",
            "2023-07-18",
            "“trong thời hạn 15 ngày kể từ ngày ký”: 15 ngày kể từ ngày ký 03/7/2023, không tính ngày đầu "
            "(Điều 147 Bộ luật Dân sự 2015) → 18/7/2023",
        ),
        (
            "Báo cáo trong vòng 05 ngày kể từ ngày ký.",
            "2023-07-10",
            "“trong vòng 05 ngày kể từ ngày ký”: 5 ngày kể từ ngày ký 03/7/2023, không tính ngày đầu "
            "(Điều 147 Bộ luật Dân sự 2015) → 08/7/2023 là ngày nghỉ, sang ngày làm việc kế tiếp "
            "(khoản 5 Điều 148 Bộ luật Dân sự 2015) → 10/7/2023",
        ),
        (
            "Báo cáo trước ngày 10/8/2023.",
            "2023-08-09",
            "“trước ngày 10/8/2023” → hết ngày 09/8/2023, vì “trước ngày” không gồm chính ngày đó",
        ),
        (
            "Báo cáo chậm nhất ngày 12/8/2023.",
            "2023-08-12",
            "“chậm nhất ngày 12/8/2023” → tính cả ngày 12/8/2023 (khoản 6 Điều 148 Bộ luật Dân sự 2015); "
            "thứ Bảy là ngày nghỉ, ngày ghi rõ không dời",
        ),
        (
            "Hoàn thành trong quý III năm 2023.",
            "2023-09-30",
            "“trong quý III năm 2023” → ngày cuối của kỳ là 30/9/2023 (Điều 146, khoản 6 Điều 148 Bộ luật Dân sự 2015)",
        ),
    ],
)
def test_each_day_says_how_it_was_reckoned(sentence, last_day, sentence_of_why):
    found = why(sentence)
    assert found.last_day == date.fromisoformat(last_day)
    assert found.why == sentence_of_why


def test_what_counts_from_a_receipt_waits_for_it():
    sentence = "Gửi ý kiến trong 05 ngày làm việc kể từ ngày nhận được văn bản này."
    assert why(sentence).pending == "receipt"
    assert why(sentence).last_day is None
    found = why(sentence, anchors={"receipt": date(2023, 7, 6)})
    assert (found.pending, found.last_day) == (None, date(2023, 7, 13))
    assert "ngày đến 06/7/2023" in found.why


def test_an_event_without_a_day_waits_for_it():
    sentence = "Báo cáo ngay sau khi kết thúc hội nghị."
    assert why(sentence).pending == "event"
    assert why(sentence, anchors={"event": date(2023, 8, 1)}).last_day == date(2023, 8, 1)


def test_a_blank_day_of_issue_gives_no_day():
    assert why("Báo cáo trong thời hạn 15 ngày kể từ ngày ký.", issued_on="2023-07").last_day is None


def test_lenient_offices_count_the_day_itself():
    assert why("Báo cáo trước ngày 08/4/2023.", before="lenient").last_day == date(2023, 4, 8)
    assert why("Báo cáo trước ngày 08/4/2023.").last_day == date(2023, 4, 7)


def test_days_off_of_the_office_move_counted_days_and_no_printed_ones():
    storm = {"days_off": (date(2023, 7, 18),)}
    assert why("Báo cáo trong thời hạn 15 ngày kể từ ngày ký.", **storm).last_day == date(2023, 7, 19)
    assert why("Báo cáo chậm nhất ngày 18/7/2023.", **storm).last_day == date(2023, 7, 18)


def test_days_of_years_without_a_calendar_are_provisional():
    found = why("Báo cáo trong 10 ngày làm việc kể từ ngày ký.", issued_on="2027-02-01")
    assert found.provisional and "tạm tính" in found.why
    assert not why("Báo cáo trong 10 ngày làm việc kể từ ngày ký.", issued_on="2024-02-01").provisional


@pytest.mark.skipif(not CASES.is_file(), reason="../shared/domain is not there")
def test_the_worked_cases_end_on_their_days():
    wrong = []
    with CASES.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] not in ("none", "recurring")]
    for row in rows:
        for found in find_limits(row["example"], row["issued_on"] or None):
            if (found.quote, found.kind) != (row["quote"], row["kind"]):
                continue
            day = reckon(
                Deadline(
                    found.quote,
                    Span(0, 0),
                    found.kind,
                    found.due,
                    found.start_day,
                    found.boundary,
                    found.rrule,
                    found.offset,
                    found.rule,
                ),
                row["issued_on"] or None,
                {},
            ).last_day
            if (day.isoformat() if day else "") != row["last_day_on_time"]:
                wrong.append((row["id"], row["last_day_on_time"], day))
    assert len(rows) > 140
    assert wrong == []
