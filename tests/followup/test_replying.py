"""What later dispatches say happened: entered when a person takes the link as right, for whom it concerns alone."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from chain_letters import ASKED, RELATED, Letter
from register_papers import WHO, stat

from extractors.dispatch import extract_dispatch
from pipeline.followup.owed import owed
from pipeline.followup.replying import follow_link, undo_followed
from pipeline.followup.settings import Settings
from pipeline.followup.views import late, waits_for
from pipeline.reading import read_document
from pipeline.register import TaskFilter, correct, decide_link, save_dispatch

NOW = "2026-05-31T08:00:00+07:00"
SAID = {"who": WHO, "now": NOW}
SETTINGS = Settings()
BOTH = "Ủy ban nhân dân huyện Đồi Chè và Ủy ban nhân dân huyện Suối Cát"
FIRST = replace(Letter(), to=BOTH, body=(ASKED[0].replace("Ủy ban nhân dân các huyện", BOTH), *ASKED[1:]))
SEEDS = Path(__file__).parents[2] / "../shared/seeds"


@pytest.fixture
def entered(register, tmp_path):
    """Enter letters as files of their own."""

    def enter(*letters):
        for n, letter in enumerate(letters):
            path = tmp_path / f"{n}.txt"
            path.write_text(letter if isinstance(letter, str) else letter.text())
            document = read_document(path)
            save_dispatch(register, path.name, stat(), document, extract_dispatch(document), version="1", now=NOW)

    return enter


def take(register):
    """Take the one link as right; what was entered for which body, and how it stands since."""
    (link,) = register.rows("SELECT id FROM links")
    with register.transaction():
        decide_link(register, f"K{link['id']}", True, **SAID)
        return follow_link(register, link["id"], SETTINGS, **SAID)


def standing(register, as_of="2026-05-31"):
    return [
        (one.holder.name.rpartition(" huyện ")[2], one.standing.state, one.timeliness)
        for one in owed(register, TaskFilter(), SETTINGS, as_of=date.fromisoformat(as_of))
        if one.letter == 1
    ]


@pytest.mark.parametrize("relation", ["answers", "reports_on"])
def test_a_reply_is_a_report_on_what_its_writer_owes_alone(register, entered, relation):
    entered(FIRST, RELATED[relation])
    done = take(register)
    assert done and all(one.kind == "reported" and one.entered for one in done)
    assert {name for name, state, _ in standing(register) if state == "reported"} == {"Đồi Chè"}
    assert {state for name, state, _ in standing(register) if name == "Suối Cát"} == {"waiting"}


def test_what_a_link_has_entered_is_not_entered_again(register, entered):
    entered(FIRST, RELATED["reports_on"])
    assert take(register) and take(register) == []


def test_what_a_link_has_entered_goes_when_the_link_is_taken_back_and_nothing_else(register, entered):
    from pipeline.followup.recording import Entry, enter_event

    entered(FIRST, RELATED["reports_on"])
    by_hand = register.one("SELECT id FROM current_duties WHERE letter_id = 1 ORDER BY id DESC")["id"]
    enter_event(register, Entry("reported", f"T{by_hand}", proof="D2"), SETTINGS, who="Người khác", now=NOW)
    before = standing(register)
    assert take(register) and standing(register) != before
    taken = register.one("SELECT id FROM corrections WHERE target = 'link'")["id"]
    undo_followed(register, taken, who="Người khác", now="2026-06-01T08:00:00+07:00")
    assert standing(register) == before
    assert {row["status"] for row in register.rows("SELECT status FROM links")} == {"open"}


def test_a_link_is_not_taken_back_under_what_was_built_on_it(register, entered):
    from pipeline.errors import NeededFirst
    from pipeline.followup.recording import Entry, enter_event

    entered(FIRST, RELATED["reports_on"])
    duty = next(one.entered.duty for one in take(register) if one.entered)
    enter_event(register, Entry("returned", duty), SETTINGS, who=WHO, now="2026-06-01T08:00:00+07:00")
    with pytest.raises(NeededFirst):
        undo_followed(register, 1, who=WHO, now="2026-06-02T08:00:00+07:00")
    assert {row["status"] for row in register.rows("SELECT status FROM links")} == {"accepted"}


def test_an_urging_letter_reminds_and_changes_no_day(register, entered):
    urging = RELATED["urges"]
    entered(
        FIRST, replace(urging, to=BOTH, body=tuple(p.replace("Ủy ban nhân dân các huyện", BOTH) for p in urging.body))
    )
    before = [how for *_, how in standing(register, "2026-03-21")]
    done = take(register)
    assert {one.kind for one in done} == {"reminded"}
    found = owed(register, TaskFilter(), SETTINGS, as_of=date(2026, 5, 31))
    assert {one.standing.reminders for one in found if one.letter == 1} >= {1}
    assert [how for *_, how in standing(register, "2026-03-21")] == before


def test_an_extending_letter_moves_the_day_and_keeps_the_first(register, entered):
    entered(FIRST, RELATED["extends"])
    done = [one for one in take(register) if one.entered]
    assert done and {one.kind for one in done} == {"extended"}
    moved = [one for one in owed(register, TaskFilter(), SETTINGS, as_of=date(2026, 5, 31)) if one.standing.due]
    assert moved and all(one.last_day > one.original for one in moved)


def test_a_link_that_is_only_proposed_enters_nothing(register, entered):
    entered(FIRST, RELATED["reports_on"])
    assert {state for _, state, _ in standing(register)} == {"waiting"}
    rows = late(register, TaskFilter(), SETTINGS, as_of=date(2026, 5, 31)).dated
    proposals = {row["body"].rpartition(" huyện ")[2]: row["proposals"] for row in rows if "đê bao" in row["quote"]}
    assert proposals["Suối Cát"] == []
    assert [(one["link"], one["event"], one["dispatch"]) for one in proposals["Đồi Chè"]] == [("K1", "reported", "D2")]
    assert proposals["Đồi Chè"][0]["evidence"] and 0 < proposals["Đồi Chè"][0]["confidence"] <= 1
    take(register)
    rows = late(register, TaskFilter(), SETTINGS, as_of=date(2026, 5, 31)).dated
    assert not any(row["proposals"] for row in rows)


def test_what_makes_no_sense_any_more_is_told_and_nothing_else_is_lost(register, entered):
    from pipeline.followup.recording import Entry, enter_event

    entered(FIRST, RELATED["reports_on"])
    for duty in register.rows("SELECT id FROM current_duties WHERE letter_id = 1"):
        entry = Entry("withdrawn", f"T{duty['id']}", "2026-03-03")
        enter_event(register, entry, SETTINGS, **SAID)
    done = take(register)
    assert done and all(one.problem and not one.entered for one in done)


REPLY = """ỦY BAN NHÂN DÂN
TỈNH LÀO CAI

CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc

Số: 512/UBND-VX

Lào Cai, ngày 03 tháng 12 năm 2021

V/v báo cáo tình hình thực hiện Chỉ thị số 01/CT-TTg năm 2021

Kính gửi: Bộ Thông tin và Truyền thông

Thực hiện Công văn số 2750/BTTTT-CNTT ngày 26/7/2021 của Bộ Thông tin và Truyền thông, Ủy ban nhân dân tỉnh Lào Cai \
báo cáo việc thực hiện Chỉ thị số 01/CT-TTg năm 2021 như sau:

Tỉnh đã ban hành Kế hoạch và giao các sở thực hiện.

Nơi nhận:
- Như trên;
- Lưu: VT, VX.

TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH

Lý Hoài Thương
"""


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the seed letters are not at ../shared")
def test_a_letter_to_all_provinces_is_a_duty_of_each_and_one_reply_closes_its_own(register, entered):
    entered(next(SEEDS.glob("002_*.txt")).read_text("utf-8"))
    found = owed(register, TaskFilter(), SETTINGS, as_of=date(2021, 12, 1))
    known = [one for one in found if waits_for(one) is None]
    assert len(known) == len({one.holder.code for one in known}) == 63
    assert {one.holder.code[:5] for one in known} == {"UBND_"}
    correct(register, "D1", "number", "2750/BTTTT-CNTT", why="bản giấy", **SAID)
    correct(register, "D1", "issued_on", "2021-07-26", why="bản giấy", **SAID)
    path = register.path.with_name("reply.txt")
    path.write_text(REPLY)
    document = read_document(path)
    save_dispatch(register, path.name, stat(2), document, extract_dispatch(document), version="1", now=NOW)
    (done,) = take(register)
    assert done.entered and done.entered.day == "2021-12-03"
    late = [one for one in owed(register, TaskFilter(), SETTINGS, as_of=date(2021, 12, 10)) if one.timeliness == "late"]
    assert len(late) == 62
    assert "UBND_LAOCAI_OLD" not in {one.holder.code for one in late}
