"""What compliance staff type: what binds whom, what is due, what became of it, and whether the log is whole."""

import csv
import io
import sqlite3

import pytest
from letters import Letter

BODY = [
    "Sở Khoa học Kỹ thuật đề nghị Ủy ban nhân dân các huyện:",
    "1. Gửi kế hoạch trồng cây về Sở trước ngày 20/4/2023.",
    "2. Định kỳ hằng quý gửi số liệu về Sở.",
    "3. Cử một cán bộ làm đầu mối.",
]


@pytest.fixture(autouse=True)
def letters(run, tmp_path, monkeypatch):
    """One dispatch of 05/3/2023 with a dated, a recurring and an undated duty."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CONGVAN_SETTINGS", raising=False)
    Letter(body=BODY).write(tmp_path / "inbox" / "a.txt")
    assert run("ingest", tmp_path / "inbox", "--workers", 0).code == 0


def duty(run, words, as_of="2023-07-10"):
    rows = run("agenda", "huyện", "--as-of", as_of, "--closed", "--json").json()
    return [row for row in rows if row["role"] == "lead" and words in row["quote"]]


def test_what_is_done_leaves_the_lists_and_an_undo_brings_it_back(run):
    (late,) = [row for row in run("overdue", "--as-of", "2023-05-01", "--json").json() if "kế hoạch" in row["quote"]]
    done = run("done", late["duty"], "--on", "19/4/2023", "--proof", "12/BC-UBND", "--why", "đã gửi")
    assert done.code == 0 and "congvan undo E1" in done.err and "19/04/2023" in done.err
    assert not [row for row in run("overdue", "--as-of", "2023-05-01", "--json").json() if "kế hoạch" in row["quote"]]
    assert [row["timeliness"] for row in duty(run, "kế hoạch")] == ["on_time"]
    assert [row["timeliness"] for row in duty(run, "kế hoạch", "2023-04-18")] == ["soon"]
    (row,) = run("history", late["duty"], "--json").json()
    assert (row["action"], row["day"], row["proof"], row["why"]) == ("accepted", "2023-04-19", "12/BC-UBND", "đã gửi")
    assert "hoàn thành" in run("history").out
    assert run("undo", "E1").code == 0
    assert [row["timeliness"] for row in duty(run, "kế hoạch", "2023-04-20")] == ["late"]


def test_an_extension_shows_both_days(run):
    (one,) = duty(run, "kế hoạch")
    assert run("extend", one["duty"], "31/5/2023", "--on", "2023-04-10", "--body", "huyện").code == 0
    out = run("due", "--as-of", "2023-05-28").out
    assert "31/05/2023" in out and "20/04/2023" in out
    assert "kế hoạch" not in run("overdue", "--as-of", "2023-05-31").out


def test_what_is_due_is_as_far_ahead_as_asked_or_as_the_office_says(run, tmp_path):
    def count(*more):
        return len(run("due", "--as-of", "2023-04-10", "--json", *more).json())

    assert (count(), count("--within", "9d"), count("--within", "100")) == (0, 1, 2)
    (row,) = run("due", "--as-of", "2023-04-16", "--json").json()
    assert (row["days_left"], row["within"]) == (3, 3)
    out = run("due", "--as-of", "2023-04-16").out
    assert "Còn không quá 3 ngày: 1" in out and "Còn không quá 7 ngày: 0" in out
    (tmp_path / "congvan.toml").write_text("[deadlines]\nsoon = [10]\n")
    assert count() == 1


def test_the_scoreboard_counts_and_says_how(run):
    (one,) = duty(run, "kế hoạch")
    run("done", one["duty"], "--on", "2023-05-01")
    *_, everything = run("scoreboard", "--as-of", "2023-07-10", "--json").json()
    wanted = {"total": 5, "done_on_time": 0, "done_late": 1, "open_in_time": 1, "overdue": 2, "no_deadline": 1,
              "suspended": 0, "done_of_due": 33.33, "overdue_of_due": 66.67, "on_time_of_due": 0.0}  # fmt: skip
    assert {key: everything[key] for key in wanted} == wanted
    done = run("scoreboard", "--as-of", "2023-07-10")
    assert "đã hoàn thành / (đã hoàn thành + quá hạn)" in done.out and "33,33%" in done.out


def test_each_list_is_a_table_json_and_csv_for_any_day(run):
    for line in (["agenda", "huyện"], ["overdue"], ["due", "--within", "999"], ["scoreboard"], ["waiting"]):
        counts = []
        for form in ("--json", "--csv"):
            done = run(*line, "--as-of", "2023-07-10", form)
            assert done.code == 0
            counts.append(len(done.json() if form == "--json" else list(csv.DictReader(io.StringIO(done.out)))))
        assert counts[0] == counts[1] > 0, line
        assert run(*line, "--as-of", "2023-07-10").code == 0
        assert run(*line, "--as-of", "2023-03-04", "--json").json() in (
            [],
            run("scoreboard", "--as-of", "2023-03-04", "--json").json(),
        )


def test_an_office_has_its_own_agenda(run, tmp_path):
    assert run("agenda").code == 2
    (tmp_path / "congvan.toml").write_text('[register]\nagency = "Ủy ban nhân dân các huyện"\n')
    done = run("agenda", "--as-of", "2023-07-10")
    assert done.code == 0
    assert "Chủ trì: 5" in done.out
    assert run("agenda", "--role", "informed", "--json").json() == []
    assert "2 trong số 5" in run("agenda", "--role", "lead", "--as-of", "2023-07-10", "--limit", "2").err


@pytest.mark.parametrize("name", ["tasks", "overdue", "due", "occurrences", "scoreboard", "waiting"])
def test_a_list_says_when_the_register_has_no_such_body(run, name):
    for form in ("--table", "--json"):
        done = run(name, "--body", "Sở Xyz", form)
        assert done.code == 0
        assert "không có cơ quan nào tên là “Sở Xyz”" in done.err and "congvan scoreboard" in done.err
    known = run(name, "--body", "các huyện", "--as-of", "2023-03-06", "--text", "không việc nào")
    assert known.code == 0 and "không có cơ quan nào" not in known.err


@pytest.mark.parametrize("name", ["arrivals", "handling", "overdue", "summary", "calendar", "charts"])
def test_nothing_is_exported_for_a_body_that_nobody_knows(run, tmp_path, name):
    done = run("export", name, "--body", "Sở Xyz")
    assert done.code == 1 and done.out == ""
    assert "không có cơ quan nào tên là “Sở Xyz”" in done.err
    assert not (tmp_path / "outputs").exists()
    assert run("export", name, "--body", "các huyện").code == 0


def test_who_the_members_of_a_group_are_is_for_a_person_to_say(run):
    rows = run("waiting", "--for", "group", "--as-of", "2023-04-10", "--json").json()
    assert {row["waits_for"] for row in rows} == {"group"}
    assert [row["duty"] for row in rows] == ["T2", "T1", "T3"]
    (one,) = [row for row in rows if "kế hoạch" in row["quote"]]
    assert run("reassign", one["duty"], "Phòng Một Cửa").code == 1
    assert run("reassign", one["duty"], "Bộ Y tế", "--on", "2023-04-01").code == 0
    assert run("agenda", "Bộ Y tế", "--as-of", "2023-04-10", "--json").json()[0]["duty"] == one["duty"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("done", "T99"), 1, "T99"),
        (("done", "D1"), 1, "T1"),
        (("done", "T2"), 1, "T2@2023Q1"),
        (("done", "T2@2019Q1"), 1, "T2@2023Q1"),
        (("done", "T1", "--on", "30/02/2023"), 2, "30/02/2023"),
        (("done", "T1", "--on", "2023-03-04"), 1, "05/03/2023"),
        (("done", "T1", "--on", "2099-01-01"), 1, "01/01/2099"),
        (("done", "T1", "--seen", "4"), 1, "4"),
        (("extend", "T1", "2023-04-01"), 1, "19/04/2023"),
        (("extend", "T3", "2023-04-01"), 1, "T3"),
        (("mark", "T1", "lost"), 2, "confirmed"),
        (("mark", "T1", "returned"), 1, "chưa thực hiện"),
        (("mark", "T1", "reported", "--asked-for", "2023-04-01"), 2, "reminded"),
        (("agenda", "Cục Không Ai Biết"), 1, "Cục Không Ai Biết"),
        (("verify", "--head", "x"), 2, "x"),
        (("due", "--within", "soon"), 2, "soon"),
        (("undo", "E9"), 1, "E9"),
    ],
)
def test_what_makes_no_sense_says_why_and_writes_nothing(run, tmp_path, words, code, said):
    content = list(sqlite3.connect(tmp_path / "register.db").iterdump())
    done = run(*words)
    assert done.code == code
    assert said in done.err and "Traceback" not in done.err
    assert list(sqlite3.connect(tmp_path / "register.db").iterdump()) == content


def test_a_closed_duty_says_since_when_and_how_to_open_it(run):
    run("withdraw", "T1", "--on", "2023-04-01")
    done = run("done", "T1", "--on", "2023-04-02")
    assert done.code == 1
    assert "01/04/2023" in done.err and "rút, hủy" in done.err and "congvan undo" in done.err


def test_a_suspended_duty_rests_until_it_is_taken_up(run):
    run("suspend", "T1", "--on", "2023-04-01")
    assert [row["timeliness"] for row in duty(run, "kế hoạch")] == ["none"]
    run("mark", "T1", "confirmed", "--on", "2023-06-01")
    assert [row["timeliness"] for row in duty(run, "kế hoạch")] == ["late"]


def test_the_log_is_verified_against_itself_a_head_and_a_backup(run, tmp_path):
    run("mark", "T1", "confirmed")
    first = run("verify")
    assert first.code == 0 and first.out.startswith("1:")
    backup = tmp_path / "kept.db"
    run("backup", backup)
    run("done", "T1")
    kept = backup.read_bytes()
    for more in ([], ["--head", first.out.strip()], ["--against", backup]):
        assert run("verify", *more).code == 0
    assert backup.read_bytes() == kept
    assert run("verify", "--against", tmp_path / "none.db").code == 1
    with sqlite3.connect(tmp_path / "register.db") as connection:
        for trigger in ("changed", "deleted"):
            connection.execute(f"DROP TRIGGER duty_events_are_not_{trigger}")
        connection.execute("UPDATE duty_events SET day = '2023-04-01' WHERE id = 1")
    done = run("verify")
    assert done.code == 1 and "E1" in done.err
    assert run("verify", "--json").json()["breaks"] == [{"problem": "altered", "event": "E1"}]
    with sqlite3.connect(tmp_path / "register.db") as connection:
        connection.execute("DELETE FROM duty_events")
        connection.execute("DELETE FROM duty_events_head")
    assert run("verify").code == 0
    assert run("verify", "--head", first.out.strip()).code == 1
    assert "E1" in run("verify", "--against", backup).err


def test_a_log_that_was_cut_takes_no_more_events(run, tmp_path):
    run("mark", "T1", "confirmed")
    with sqlite3.connect(tmp_path / "register.db") as connection:
        connection.execute("DROP TRIGGER duty_events_are_not_deleted")
        connection.execute("DELETE FROM duty_events")
    done = run("done", "T1")
    assert done.code == 1 and "congvan verify" in done.err


def test_tasks_know_what_is_over(run):
    run("done", "T1", "--on", "2023-04-01")
    rows = {row["quote"]: row["state"] for row in run("tasks", "--as-of", "2023-07-10", "--json").json()}
    assert sorted(rows.values()) == ["closed", "no_day", "overdue"]
    assert len(run("tasks", "--state", "closed", "--as-of", "2023-07-10", "--json").json()) == 1


def test_a_link_that_is_right_tells_what_it_entered(run, tmp_path):
    from chain_letters import RELATED
    from chain_letters import Letter as Asked

    for n, letter in enumerate((Asked(to="Ủy ban nhân dân huyện Đồi Chè"), RELATED["reports_on"])):
        body = tuple(part.replace("Ủy ban nhân dân các huyện", "Ủy ban nhân dân huyện Đồi Chè") for part in letter.body)
        letter.body = body
        (tmp_path / "inbox" / f"k{n}.txt").write_text(letter.text())
    run("ingest", tmp_path / "inbox", "--workers", 0)
    done = run("confirm", "K1")
    assert done.code == 0
    assert "đã báo cáo" in done.err and "congvan undo E1" in done.err


def test_what_comes_in_is_numbered_at_ingest_or_later(run, tmp_path):
    for n in (7, 8):
        Letter(number=f"{n}/SKHKT-VP", day=n, subject=f"việc thứ {n}").write(tmp_path / "inbox" / f"{n}.txt")
    assert run("ingest", tmp_path / "inbox", "--workers", 0, "--received", "09/3/2023").code == 0
    rows = run("dispatches", "--json").json()
    arrivals = [run("show", row["id"], "--json").json()["arrival"] for row in sorted(rows, key=lambda row: row["id"])]
    again = run("ingest", tmp_path / "inbox", "--workers", 0, "--received", "10/3/2023")
    assert "3 tệp" in again.err and "congvan receive D3 10/03/2023" in again.err
    assert arrivals == [
        None, {"day": "2023-03-09", "year": 2023, "number": 1}, {"day": "2023-03-09", "year": 2023, "number": 2},
    ]  # fmt: skip
    assert "số đến 3 năm 2023" in run("receive", "D1", "2023-03-10").err
    assert "số đến 3 năm 2023, ngày đến 10/03/2023" in run("show", "D1").out
    assert run("receive", "D2", "2023-03-10", "--number", "3").code == 1
    assert run("ingest", tmp_path / "inbox", "--received", "2099-01-01").code == 2
    assert run("receive", "D1", "--empty").code == 0
    assert run("show", "D1", "--json").json()["arrival"] is None


def test_an_obligation_shows_who_owes_it_and_how_it_stands(run):
    run("done", "T1", "--on", "2023-04-01")
    shown = run("show", "T1", "--json").json()
    (one,) = shown["duties"]
    assert (one["duty"], one["state"], one["timeliness"]) == ("T1", "done", "on_time")
    out = run("show", "O1").out
    assert "Việc của từng cơ quan: 1" in out and "hoàn thành" in out


def test_what_was_entered_of_what_is_read_no_more_waits_for_a_person(run, tmp_path):
    run("mark", "T3", "confirmed")
    with sqlite3.connect(tmp_path / "register.db") as connection:
        connection.execute("UPDATE obligations SET status = 'unmatched', is_found = 0 WHERE id = 3")
    assert [row["duty"] for row in run("waiting", "--for", "lost", "--json").json()] == ["T3"]
    done = run("waiting")
    assert done.code == 0 and "T3" in done.out
