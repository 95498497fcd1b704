"""Days that are not printed: given by a person, laid out ahead, explained, counted by the office's own calendar."""

import pytest
from letters import Letter

BODY = [
    "Sở Khoa học Kỹ thuật đề nghị Ủy ban nhân dân các huyện:",
    "1. Rà soát quy chế văn thư, báo cáo Sở trong 10 ngày làm việc kể từ ngày nhận được văn bản này.",
    "2. Gửi kế hoạch về Sở trong thời hạn 15 ngày kể từ ngày ký.",
    "3. Định kỳ hằng quý gửi số liệu về Sở.",
    "4. Báo cáo kết quả trước ngày 20/12/2023.",
    "5. Báo cáo Sở trong 05 ngày sau khi kết thúc đợt kiểm tra.",
]


@pytest.fixture(autouse=True)
def register(run, tmp_path, monkeypatch):
    """One dispatch of 05/3/2023 with limits of every kind; no settings but the test's own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CONGVAN_SETTINGS", raising=False)
    Letter(body=BODY).write(tmp_path / "inbox" / "a.txt")
    assert run("ingest", tmp_path / "inbox", "--workers", 0).code == 0


def deadline(run, words):
    """The one deadline of the one obligation with these words, as `show` gives it."""
    (row,) = [o for o in run("show", "D1", "--json").json()["obligations"] if words in o["quote"]]
    return row["deadlines"][0]


def late(run, as_of, *more):
    return {row["quote"][:8]: row["days_late"] for row in run("overdue", "--as-of", as_of, "--json", *more).json()}


def test_what_counts_from_receipt_is_late_only_once_the_day_of_receipt_is_known(run):
    assert deadline(run, "Rà soát")["pending"] == "receipt"
    assert "Rà soát " not in late(run, "2023-05-01")
    done = run("anchor", "D1", "receipt", "09/3/2023")
    assert done.code == 0 and "L1" in done.err
    found = deadline(run, "Rà soát")
    assert (found["due"], found["last_day"], found["pending"]) == ("2023-03-23", "2023-03-23", None)
    assert "ngày đến 09/3/2023" in found["why"] and "Điều 147" in found["why"]
    assert late(run, "2023-05-01")["Rà soát "] == 39
    assert run("anchor", "D1", "receipt", "--empty").code == 0
    assert "Rà soát " not in late(run, "2023-05-01")


def test_the_newest_day_holds_and_the_one_for_a_limit_before_the_one_for_its_dispatch(run):
    run("anchor", "D1", "receipt", "2023-03-09")
    run("anchor", "D1", "receipt", "2023-03-10")
    assert deadline(run, "Rà soát")["due"] == "2023-03-24"
    run("anchor", "O1", "receipt", "2023-03-13")
    assert deadline(run, "Rà soát")["due"] == "2023-03-27"


def test_an_event_is_given_for_its_own_obligation(run):
    (obligation,) = [o["id"] for o in run("tasks", "--json").json() if "kết thúc đợt" in o["quote"]]
    assert run("anchor", obligation, "event", "2023-06-01").code == 0
    assert deadline(run, "kết thúc đợt")["last_day"] == "2023-06-06"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("D1", "effect", "2023-03-09"), 1),
        (("D9", "receipt", "2023-03-09"), 1),
        (("D1", "receipt"), 2),
        (("D1", "receipt", "30/02/2023"), 2),
        (("D1", "arrival", "2023-03-09"), 2),
    ],
)
def test_what_cannot_be_given_says_why(run, words, code):
    done = run("anchor", *words)
    assert done.code == code
    assert done.err.strip() and "Traceback" not in done.err


def test_a_day_of_issue_that_a_person_corrects_moves_what_counts_from_it(run):
    assert deadline(run, "Gửi kế hoạch")["due"] == "2023-03-20"
    run("correct", "D1", "issued_on", "2023-03-15", "--why", "scan")
    assert deadline(run, "Gửi kế hoạch")["due"] == "2023-03-30"
    assert late(run, "2023-04-10")["Gửi kế h"] == 11


def test_a_corrected_day_is_not_counted_anew(run):
    (obligation,) = [o["id"] for o in run("tasks", "--json").json() if "Gửi kế hoạch" in o["quote"]]
    run("correct", obligation, "due", "2023-04-01", "--why", "gia hạn")
    run("correct", "D1", "issued_on", "2023-03-15", "--why", "scan")
    assert deadline(run, "Gửi kế hoạch")["due"] == "2023-04-01"
    assert late(run, "2023-04-10")["Gửi kế h"] == 9


def test_a_period_of_one_day_is_one_day(run, tmp_path):
    body = ["Sở Khoa học Kỹ thuật đề nghị Ủy ban nhân dân các huyện:", "1. Báo cáo mực nước về Sở hằng ngày."]
    Letter(number="9/SKHKT-VP", body=body).write(tmp_path / "daily" / "b.txt")
    assert run("ingest", tmp_path / "daily", "--workers", 0).code == 0
    out = run("occurrences", "--as-of", "2023-03-07", "--until", "2023-03-08", "--dispatch", "9/SKHKT-VP").out
    assert "08/03/2023" in out
    assert "08/03/2023–" not in out


def test_recurring_duties_are_laid_out_with_their_periods(run):
    rows = run("occurrences", "--as-of", "2023-03-06", "--until", "2023-12-31", "--json").json()
    assert [row["due"] for row in rows] == ["2023-03-31", "2023-06-30", "2023-09-30", "2023-12-31"]
    assert all(row["by_policy"] for row in rows)
    assert (rows[1]["period_start"], rows[1]["period_end"]) == ("2023-04-01", "2023-06-30")
    table = run("occurrences", "--as-of", "2023-03-06")
    assert "theo quy ước" in table.out
    assert run("occurrences", "--as-of", "2023-03-06", "--csv").out.count("\n") == 5
    assert [one["due"] for one in deadline(run, "Định kỳ")["occurrences"]]


def test_the_office_says_how_it_counts(run, tmp_path):
    (tmp_path / "congvan.toml").write_text(
        '[deadlines]\nbefore = "lenient"\n[calendar]\ndays_off = ["2023-03-20"]\n[occurrences]\nmonths_ahead = 3\n'
    )
    assert late(run, "2023-12-20").get("Báo cáo ") is None
    assert late(run, "2023-12-21")["Báo cáo "] == 1
    assert late(run, "2023-12-20", "--policy", "strict")["Báo cáo "] == 1
    assert deadline(run, "Gửi kế hoạch")["due"] == "2023-03-21"
    assert late(run, "2023-03-31")["Gửi kế h"] == 10
    assert len(run("occurrences", "--as-of", "2023-03-06", "--json").json()) == 1
    held = run("config", "--json").json()
    assert held["deadlines.before"] == "lenient" and held["file"].endswith("congvan.toml")


def test_settings_that_cannot_be_meant_stop_the_command_and_are_named(run, tmp_path):
    (tmp_path / "congvan.toml").write_text("[deadlines]\nbefor = 'strict'\n")
    done = run("overdue")
    assert done.code == 1
    assert "deadlines.befor" in done.err and "congvan.toml" in done.err


def test_without_settings_the_defaults_are_shown(run):
    assert run("config", "--json").json()["file"] is None
    assert "strict" in run("config").out
