"""What a clerk, a researcher and a lawyer ask of a filled register, and how people correct it."""

import csv
import io
import json
import resource
import sqlite3
import subprocess
import sys

import pytest
from letters import NEWS, Letter
from running import ROOT, process

FIRST = Letter(number="101/SKHKT-VP", day=5)
SECOND = Letter(
    number="202/SKHKT-TTra",
    day=6,
    subject="tăng cường đôn đốc nộp báo cáo thanh tra",
    addressee="Sở Giáo dục tỉnh Trường Giang",
    body=[
        "Sở Khoa học Kỹ thuật đề nghị Sở Giáo dục tỉnh Trường Giang:",
        "1. Nộp báo cáo thanh tra trước ngày 10/4/2023.",
        "2. Cử một cán bộ làm đầu mối, gửi danh sách trước ngày 25/12/2099.",
        "3. Định kỳ hàng quý gửi số liệu về Sở.",
    ],
)


@pytest.fixture
def register(run, tmp_path):
    """Two dispatches, a news article and an empty file."""
    FIRST.write(tmp_path / "inbox" / "a.txt")
    SECOND.write(tmp_path / "inbox" / "b.txt")
    (tmp_path / "inbox" / "c.txt").write_text(NEWS)
    (tmp_path / "inbox" / "d.pdf").write_bytes(b"")
    assert run("ingest", tmp_path / "inbox", "--workers", 0).code == 1
    return tmp_path / "register.db"


def numbered(run, number):
    """The id of a dispatch."""
    return next(row["id"] for row in run("dispatches", "--json").json() if row["number"] == number)


def task(run, words):
    """The one obligation with these words."""
    (row,) = [row for row in run("tasks", "--json").json() if words in row["quote"]]
    return row


pytestmark = pytest.mark.usefixtures("register")


def test_overdue_puts_printed_days_first_and_periods_apart(run):
    rows = run("overdue", "--as-of", "2023-07-10", "--json").json()
    assert [(row["section"], row["days_late"]) for row in rows] == [
        ("dated", 113), ("dated", 92), ("period", 10), ("recurring", 101), ("recurring", 10),
    ]  # fmt: skip
    assert rows[0]["deadline"]["quote"] == "trước ngày 20/3/2023"
    assert "thanh tra" in rows[1]["quote"] and "kiểm kê" in rows[2]["quote"]


def test_overdue_by_table_shows_day_words_and_how_days_are_counted(run):
    done = run("overdue", "--as-of", "10/7/2023")
    assert done.code == 0
    assert done.out.index("Có ngày ghi trong văn bản: 2") < done.out.index("Chỉ có khoảng thời gian")
    for shown in ("20/03/2023", "“trước ngày", "113", "101/SKHKT-VP", "quá hạn từ chính ngày D (strict)"):
        assert shown in done.out


def test_before_a_day_is_late_on_that_day_or_the_day_after_as_the_office_counts(run):
    late = {
        policy: [row["days_late"] for row in run("overdue", "--as-of", day, "--policy", policy, "--json").json()]
        for policy, day in (("strict", "2023-03-20"), ("lenient", "2023-03-20"))
    }
    assert late == {"strict": [1], "lenient": []}
    assert run("overdue", "--as-of", "2023-03-21", "--policy", "lenient", "--json").json()[0]["days_late"] == 1


def test_every_list_that_depends_on_the_counting_says_how_days_are_counted(run, monkeypatch):
    monkeypatch.setenv("CONGVAN_POLICY", "lenient")
    for line in (["overdue"], ["tasks"]):
        for form in ([], ["--json"], ["--csv"]):
            done = run(*line, *form)
            assert "(lenient)" in done.out + done.err, (line, form)
            if form:
                assert "(lenient)" not in done.out


def test_tasks_can_be_asked_for_by_body_issuer_type_dates_words_and_state(run):
    def count(*options):
        return len(run("tasks", *options, "--json").json())

    assert count() == 5
    assert count("--body", "so giao duc") == 3
    assert count("--issuer", "khoa hoc ky thuat") == 5
    assert count("--type", "chỉ thị") == 0
    assert count("--issued-from", "06/3/2023") == 3
    assert count("--issued-to", "2023-03-05") == 2
    assert count("--due-from", "2023-04-01", "--due-to", "30/4/2023") == 1
    assert count("--text", "can bo lam dau moi") == 1
    assert count("--state", "overdue", "--as-of", "2023-07-10") == 4
    assert count("--limit", "2") == 2
    assert count("--dispatch", numbered(run, "101/SKHKT-VP")) == 2


def test_tasks_as_csv_have_iso_dates_and_the_words_of_the_deadline(run):
    rows = list(csv.DictReader(io.StringIO(run("tasks", "--csv").out)))
    first = next(row for row in rows if "Rà soát" in row["quote"])
    assert (first["due"], first["deadline_quotes"]) == ("2023-03-20", "trước ngày 20/3/2023")
    assert first["number"] == "101/SKHKT-VP"


@pytest.mark.parametrize("words", ["đôn đốc", "don doc", "đôn đốc", "DON DOC"])
def test_search_finds_with_and_without_accents(run, words):
    done = run("search", words, "--json")
    assert done.json()[0]["number"] == "202/SKHKT-TTra"


def test_show_takes_ids_and_printed_numbers_and_tells_where_things_were_found(run):
    number = numbered(run, "101/SKHKT-VP")
    by_id, by_number = run("show", number), run("show", "101/SKHKT-VP")
    assert by_id.out == by_number.out
    for shown in ("rà soát danh mục thiết bị", "05/03/2023", "Lý Hoài Thương", "Kính gửi", "20/03/2023", "a.txt"):
        assert shown in by_id.out
    found = run("show", number, "--json").json()["found"]
    assert found["number"]["rule"] and found["number"]["span"]


def test_show_an_obligation_shows_it_alone_with_its_deadlines(run):
    one = task(run, "Rà soát")
    done = run("show", one["id"])
    assert "trước ngày 20/3/2023" in done.out and one["deadlines"][0]["id"] in done.out
    assert task(run, "kiểm kê")["id"] not in done.out
    assert "Trong văn bản: …" in done.out
    assert run("show", one["id"], "--json").json()["id"] == one["id"]


def test_every_finding_tells_its_line_and_the_words_around_it(run, tmp_path):
    text = (tmp_path / "inbox" / "a.txt").read_text()
    one = run("show", task(run, "Rà soát")["id"], "--json").json()
    assert one["quote"] in " ".join(text.splitlines()[one["line"] - 1].split())
    around = f"{one['before']} {one['quote']} {one['after']}"
    assert around in " ".join(text.split())
    assert len(one["before"]) > 40 and len(one["after"]) > 40
    shown = run("show", "101/SKHKT-VP").out
    assert f"dòng {one['line']} ·" in shown
    found = run("show", "101/SKHKT-VP", "--json").json()["found"]
    assert {"line", "before", "after"} <= set(found["subject"]) and "line" in found["addressees"][0]


def test_every_id_that_is_printed_can_be_shown(run, tmp_path):
    (tmp_path / "inbox" / "e.txt").write_text(SECOND.text() + "Bản in lại.\n")
    run("ingest", tmp_path / "inbox", "--workers", 0)
    run("correct", task(run, "Rà soát")["id"], "quote", "Rà soát lại", "--by", "Lan")
    ids = {
        row["id"]
        for name in ("tasks", "dispatches", "issues", "review", "history")
        for row in run(name, "--json").json()
    }
    ids |= {d["id"] for row in run("tasks", "--json").json() for d in row["deadlines"]}
    assert {i[0] for i in ids} >= set("DOLMC")
    for one in ids:
        assert run("show", one).code == 0, one


def test_lists_of_one_dispatch_take_the_number_on_the_letter(run):
    for name in ("tasks", "overdue"):
        rows = run(name, "--dispatch", "202/skhkt-ttra", "--json").json()
        assert rows and {row["number"] for row in rows} == {"202/SKHKT-TTra"}
    assert run("issues", "202/SKHKT-TTra", "--json").code == 0
    assert run("tasks", "--dispatch", "999/XX").code == 1


def test_a_dispatch_is_corrected_confirmed_and_removed_by_the_number_on_the_letter(run):
    number = "202/skhkt-TTra"
    mine = numbered(run, "202/SKHKT-TTra")
    assert f"Đã sửa {mine}:" in run("correct", number, "subject", "nộp báo cáo", "--by", "Lan").err
    assert run("confirm", number, "issuer").code == 0
    assert mine in run("add", number, "Cử người dự họp").err
    assert [row["target"] for row in run("history", number, "--json").json()] == [mine, mine]
    assert run("remove", number).code == 0
    assert run("undo", mine).code == 0
    assert run("correct", "9/XX", "subject", "x").code == 1


def test_a_body_is_found_by_its_code_in_any_case(run, register):
    with sqlite3.connect(register) as connection:
        connection.execute(
            "UPDATE bodies SET canonical_id = 'SKHKT' WHERE id = (SELECT issuer_id FROM dispatches LIMIT 1)"
        )
    rows = run("tasks", "--issuer", "skhkt", "--json").json()
    assert rows and rows == run("tasks", "--issuer", "SKHKT", "--json").json()


@pytest.mark.parametrize("table", ["obligations", "deadlines"])
def test_lists_mark_what_is_doubtful_until_somebody_confirms_it(run, register, table):
    late = ["--as-of", "2023-07-10", "--dispatch", "101/SKHKT-VP"]
    run("confirm", numbered(run, "101/SKHKT-VP"))
    assert "%" not in run("overdue", *late).out + run("tasks", *late).out
    run("undo", "C1")
    with sqlite3.connect(register) as connection:
        connection.execute(f"UPDATE {table} SET confidence = 0.57")
    assert "57%" in run("overdue", *late).out
    assert "57%" in run("tasks", *late).out
    run("confirm", numbered(run, "101/SKHKT-VP"))
    assert "57%" not in run("overdue", *late).out + run("tasks", *late).out


def test_a_list_cut_short_says_how_many_there_are(run):
    everything = run("review", "--json", "--below", "100")
    total = len(everything.json())
    assert total > 2 and "--limit" not in everything.err
    cut = run("review", "--below", "100", "--limit", "2")
    assert f": {total}" in cut.out.splitlines()[0]
    assert f"2 trong số {total}" in cut.err
    assert "2 trong số 5" in run("tasks", "--limit", "2").err
    late = len(run("tasks", "--state", "overdue", "--as-of", "2023-07-10", "--json").json())
    assert f"1 trong số {late}" in run("tasks", "--state", "overdue", "--as-of", "2023-07-10", "--limit", "1").err


@pytest.mark.parametrize("asked", ["D99", "O99", "M99", "C99", "999/XX-YY"])
def test_what_the_register_lacks_is_told_with_the_way_to_find_it(run, asked):
    done = run("show", asked)
    assert done.code == 1
    assert asked in done.err and "congvan dispatches" in done.err


def test_failures_keep_refused_and_failed_apart_each_with_its_reason(run):
    done = run("failures")
    assert done.out.index("Không đọc được: 1") < done.out.index("Tệp rỗng") < done.out.index("Bị từ chối")
    assert "c.txt" in done.out and "d.pdf" in done.out
    assert [row["code"] for row in run("failures", "--failed", "--json").json()] == ["empty_file"]
    (refused,) = run("failures", "--refused", "--json").json()
    assert refused["code"].startswith("not_dispatch") and len(refused["reason"]) > 20


def test_a_correction_wins_is_kept_in_history_and_can_be_taken_back(run):
    number = numbered(run, "101/SKHKT-VP")
    before = run("show", number, "--json").json()["document"]["subject"]
    done = run("correct", number, "subject", "rà soát thiết bị", "--by", "Chị Hạnh", "--why", "in nhầm")
    assert done.code == 0 and "congvan undo C1" in done.err
    assert run("show", number, "--json").json()["document"]["subject"] == "rà soát thiết bị"
    (row,) = run("history", number, "--json").json()
    assert (row["made_by"], row["old"], row["new"], row["why"]) == ("Chị Hạnh", before, "rà soát thiết bị", "in nhầm")
    assert "Chị Hạnh" in run("show", number).out
    assert run("undo", "C1").code == 0
    assert run("show", number, "--json").json()["document"]["subject"] == before


def test_the_deadline_of_an_obligation_is_corrected_through_it(run):
    one = task(run, "Rà soát")
    assert run("correct", one["id"], "due", "08/4/2023").code == 0
    assert task(run, "Rà soát")["due"] == "2023-04-08"
    assert run("correct", one["id"].lower(), "lead", "Phòng Kế hoạch; Văn phòng Sở").code == 0
    assert task(run, "Rà soát")["lead"] == ["Phòng Kế hoạch", "Văn phòng Sở"]


def explained(run, limit, *more):
    """The row of one limit, explained."""
    row = run("show", limit, "--json", *more).json()
    (found,) = [d for d in row["deadlines"] if d["id"] == limit]
    return found


def test_the_reason_of_a_day_that_a_person_set_names_the_person_and_the_day_that_holds(run):
    (limit,) = (d["id"] for d in task(run, "Rà soát")["deadlines"])
    read = explained(run, limit)
    run("correct", limit, "due", "2023-05-10", "--by", "Chị Hạnh")
    found = explained(run, limit)
    assert (found["due"], found["last_day"]) == ("2023-05-10", "2023-05-09")
    assert found["why"].startswith("Chị Hạnh sửa hạn thành 10/5/2023 (ngày ")
    assert "văn bản ghi “trước ngày 20/3/2023” → hết ngày 09/5/2023, vì hạn vẫn là “trước ngày”" in found["why"]
    assert explained(run, limit, "--lang", "en")["why"].startswith("Chị Hạnh set the day to 10/5/2023 (on ")
    run("correct", limit, "boundary", "on_or_before", "--by", "Anh Phúc")
    found = explained(run, limit)
    assert found["last_day"] == "2023-05-10" and "→ tính cả ngày 10/5/2023; Giới hạn do Anh Phúc sửa" in found["why"]
    run("confirm", limit)
    assert explained(run, limit)["why"] == found["why"]
    run("correct", limit, "due", "--empty", "--by", "Chị Hạnh")
    found = explained(run, limit)
    assert found["last_day"] is None and "Chị Hạnh bỏ ngày hạn" in found["why"]
    for made in ("C4", "C3", "C2", "C1"):
        assert run("undo", made).code == 0
    assert explained(run, limit) == read


def test_a_day_that_a_person_set_holds_where_the_document_has_a_length_counted(run, tmp_path):
    body = ["Sở Khoa học Kỹ thuật đề nghị Ủy ban nhân dân các huyện:", "1. Gửi kế hoạch trong 15 ngày kể từ ngày ký."]
    Letter(number="303/SKHKT-VP", day=7, body=body).write(tmp_path / "inbox" / "f.txt")
    run("ingest", tmp_path / "inbox", "--workers", 0)
    (limit,) = (d["id"] for d in task(run, "Gửi kế hoạch")["deadlines"])
    assert explained(run, limit)["last_day"] == "2023-03-22"
    run("correct", limit, "due", "2023-04-03", "--by", "Chị Hạnh")
    found = explained(run, limit)
    assert (found["due"], found["last_day"]) == ("2023-04-03", "2023-04-03")
    assert "Chị Hạnh" in found["why"] and "→ tính cả ngày 03/4/2023" in found["why"]


def test_who_corrects_is_the_login_name_unless_said(run, monkeypatch):
    monkeypatch.setenv("LOGNAME", "vanthu")
    number = numbered(run, "101/SKHKT-VP")
    run("correct", number, "subject", "x")
    assert run("history", "--json").json()[0]["made_by"] == "vanthu"


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        (["D1", "colour", "red"], 1, "signer_name"),
        (["D1", "colour", "red"], 1, "ở D1"),
        (["O1", "colour", "red"], 1, "ở O1"),
        (["O1", "due", "31/02/2023"], 2, "31/02/2023"),
        (["D1", "issued_on", "hôm qua"], 2, "hôm qua"),
        (["O1", "modality", "maybe"], 1, "requested"),
        (["X1", "subject", "x"], 1, "O12"),
        (["D77", "subject", "x"], 1, "D77"),
        (["D1", "subject"], 2, "--empty"),
    ],
)
def test_a_correction_that_cannot_be_says_what_can(run, line, code, said):
    done = run("correct", *line)
    assert done.code == code
    assert said in done.err
    assert run("history", "--json").json() == []


def test_an_obligation_without_or_with_several_deadlines_says_how_to_go_on(run):
    bare = next(row for row in run("tasks", "--json").json() if not any(d["due"] for d in row["deadlines"]))
    if not bare["deadlines"]:
        done = run("correct", bare["id"], "due", "2023-04-08")
        assert done.code == 1 and f"congvan add {bare['id']}" in done.err
    one = task(run, "Rà soát")
    assert run("add", one["id"], "trước ngày 01/5/2023", "--due", "01/5/2023", "--boundary", "before").code == 0
    done = run("correct", one["id"], "due", "2023-04-08")
    assert done.code == 1
    assert all(d["id"] in done.err for d in task(run, "Rà soát")["deadlines"])


def test_what_the_program_missed_can_be_added(run):
    number = numbered(run, "101/SKHKT-VP")
    done = run("add", number, "Gửi kèm danh sách cán bộ.", "--lead", "Các trường", "--modality", "requested")
    assert done.code == 0
    added = task(run, "danh sách cán bộ")
    assert added["lead"] == ["Các trường"] and added["id"] in done.err


def test_confirming_takes_a_finding_off_the_review_list(run):
    rows = run("review", "--below", "100", "--json").json()
    assert rows == sorted(rows, key=lambda row: row["confidence"])
    first = next(row for row in rows if row["what"] == "obligation")
    assert run("confirm", first["id"]).code == 0
    assert first["id"] not in [row["id"] for row in run("review", "--below", "100", "--json").json()]


def test_a_wrong_ingest_is_removed_and_can_be_brought_back(run):
    number = numbered(run, "101/SKHKT-VP")
    assert run("remove", number, "--why", "nạp nhầm").code == 0
    assert len(run("tasks", "--json").json()) == 3
    assert run("undo", number).code == 0
    assert len(run("tasks", "--json").json()) == 5


def test_a_removed_dispatch_stays_out_when_its_folder_is_ingested_again(run, tmp_path):
    run("remove", numbered(run, "101/SKHKT-VP"))
    (tmp_path / "inbox" / "a.txt").touch()
    done = run("ingest", tmp_path / "inbox", "--workers", 0, "--json")
    assert done.json()["removed"] == 1
    assert len(run("dispatches", "--json").json()) == 1


def test_the_same_letter_in_another_format_is_proposed_and_a_person_decides(run, tmp_path):
    FIRST.write(tmp_path / "inbox" / "a.docx")
    run("ingest", tmp_path / "inbox", "--workers", 0)
    proposal = run("review", "--json").json()[0]
    assert proposal["what"] == "merge"
    assert len(run("tasks", "--text", "các trường", "--json").json()) == 1
    assert run("confirm", proposal["id"], "--reject").code == 0
    assert len(run("tasks", "--text", "các trường", "--json").json()) == 2
    assert run("confirm", proposal["id"]).code == 0
    assert len(run("tasks", "--text", "các trường", "--json").json()) == 1
    assert "D1" in run("show", "101/SKHKT-VP").out


def test_reject_is_for_merge_proposals_only(run):
    done = run("confirm", "O1", "--reject")
    assert done.code == 2 and "congvan remove O1" in done.err


def test_extracting_anew_keeps_corrections_and_ids(run, register):
    one = task(run, "Rà soát")
    run("correct", one["id"], "lead", "Văn phòng Sở")
    with sqlite3.connect(register) as connection:
        connection.execute("UPDATE dispatches SET version = 'old'")
        connection.execute("UPDATE files SET version = 'old'")
    done = run("reextract", "--workers", 0)
    assert done.code == 0 and "2 văn bản" in done.err
    assert task(run, "Rà soát")["id"] == one["id"]
    assert task(run, "Rà soát")["lead"] == ["Văn phòng Sở"]
    assert "không có gì để làm" in run("reextract").err
    assert run("reextract", "--all", "--workers", 0).code == 0


def test_a_backup_can_be_restored(run, register, tmp_path):
    done = run("backup", tmp_path / "copy.db")
    assert done.code == 0 and done.out.strip() == str(tmp_path / "copy.db")
    assert run("backup", tmp_path / "copy.db").code == 1
    assert run("backup", tmp_path / "copy.db", "--overwrite").code == 0
    run("remove", "D1")
    done = run("restore", tmp_path / "copy.db")
    assert done.code == 0 and "được giữ lại" in done.err
    assert len(run("dispatches", "--json").json()) == 2
    (tmp_path / "no.db").write_text("x" * 5000)
    assert run("restore", tmp_path / "no.db").code == 1
    assert len(run("dispatches", "--json").json()) == 2


@pytest.mark.parametrize("line", [["import"], ["restore"], ["verify", "--against"]])
def test_a_file_that_is_not_there_is_told_as_such(run, tmp_path, line):
    done = run(*line, tmp_path / "khongco.xlsx")
    assert done.code == 1
    assert f"Không có {tmp_path / 'khongco.xlsx'}. Kiểm tra lại đường dẫn." in done.err


def test_a_backup_without_a_name_lies_beside_the_register(run, register):
    made = run("backup").out.strip()
    assert made.startswith(str(register.parent / "register-")) and made.endswith(".db")


def test_issues_are_told_in_words_and_worked_off(run, tmp_path):
    Letter(number="   /SKHKT-VP", day=9, subject="việc không số").write(tmp_path / "inbox" / "e.txt")
    run("ingest", tmp_path / "inbox", "--workers", 0)
    row = next(row for row in run("issues", "--json").json() if row["code"] == "number.blank")
    assert row["message"] == "Phần số để trống."
    assert run("confirm", row["id"]).code == 0
    assert row["id"] not in [r["id"] for r in run("issues", "--json").json()]
    assert row["id"] in [r["id"] for r in run("issues", "--all", "--json").json()]


def test_every_list_speaks_english_too(run):
    for name in ("tasks", "overdue", "dispatches", "issues", "review", "failures", "history"):
        vietnamese, english = run(name), run(name, "--lang", "en")
        assert vietnamese.code == english.code == 0
        assert vietnamese.out != english.out


def test_a_table_keeps_to_the_width_of_the_page(run, monkeypatch):
    for columns in ("80", "100"):
        monkeypatch.setenv("COLUMNS", columns)
        for line in (["overdue", "--as-of", "2023-07-10"], ["dispatches"], ["review"], ["show", "101/SKHKT-VP"]):
            lines = run(*line).out.splitlines()
            assert max(len(s) for s in lines if "strict" not in s) <= int(columns), line


def test_a_query_loads_no_heavy_library(register):
    code = (
        "import sys, pipeline.cli; pipeline.cli.run(['tasks', '--json']);"
        "heavy = {'spacy', 'pypdfium2', 'docx', 'lxml', 'pandas', 'rich'};"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stderr.splitlines()[-1] == "[]"
    assert len(json.loads(done.stdout)) == 5


def test_a_query_answers_at_once(register):
    def spent():
        return sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])

    seconds = []
    for _ in range(3):
        start = spent()
        assert process("overdue", "--json", CONGVAN_REGISTER=str(register)).code == 0
        seconds.append(spent() - start)
    assert min(seconds) < 1.2  # of processor time; 0.3 s where modules are compiled


MINISTRY = Letter(
    number="303/SKHKT-VP",
    day=7,
    subject="tổng hợp số liệu",
    body=[
        "Theo đề nghị của Bộ TT&TT, Sở Khoa học Kỹ thuật đề nghị Ủy ban nhân dân các huyện:",
        "1. Gửi số liệu trước ngày 20/5/2023 để báo cáo Bộ Thông tin và Truyền thông.",
    ],
)


def test_dispatches_that_speak_of_a_body_are_found_by_any_of_its_names(run, tmp_path):
    MINISTRY.write(tmp_path / "inbox" / "e.txt")
    run("ingest", tmp_path / "inbox", "--workers", 0)
    for name in ("Bộ TT&TT", "Bộ Thông tin và Truyền thông", "BTTTT"):
        (row,) = run("dispatches", "--mentions", name, "--json").json()
        assert (row["number"], row["times"]) == ("303/SKHKT-VP", 2)
    assert run("dispatches", "--mentions", "Bộ Y tế", "--json").json() == []
    assert "Bộ Thông tin và Truyền thông (2)" in " ".join(run("show", row["id"]).out.split())


def test_lists_never_load_spacy():
    code = (
        "import sys; from pipeline.cli import run\n"
        "run(['dispatches', '--mentions', 'Bộ TT&TT']); run(['--help']); sys.exit('spacy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True).returncode == 0
