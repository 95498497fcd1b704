"""The page on which researchers ask with SQL: its questions, its answers as files, and what it never does."""

import csv
import io
import json
import re
import sqlite3
import subprocess
import sys
import threading
import time
from html import unescape
from urllib.parse import urlencode

import pytest
from visiting import Visitor

from pipeline.followup.settings import Settings
from pipeline.register import open_register
from pipeline.web import research_running
from pipeline.web.app import create_app
from pipeline.web.research_questions import parameters_in, questions
from pipeline.web.research_schema import tables
from pipeline.web.research_worker import MOST_ROWS

ENDLESS = "WITH RECURSIVE c(x) AS (VALUES(1) UNION ALL SELECT x+1 FROM c) "
HOSTILE = "<script>alert(1)</script>"


def ask(visitor, sql, form=None, **parameters):
    given = {"sql": sql, **{f"p_{name}": value for name, value in parameters.items()}}
    return visitor.get(f"/research.{form}" if form else "/research", params=given)


def problem(answer):
    found = re.search(r'role="alert">([^<]*)', answer.text)
    return unescape(found[1]) if found else None


def cells(answer):
    return [
        [unescape(re.sub(r"<[^>]*>", "", cell)) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)]
        for row in re.findall(r"<tr>(<td.*?)</tr>", answer.text, re.DOTALL)
    ]


# ------------------------------------------------------------------------------------------ questions


def test_all_questions_are_offered_with_what_they_count(reader):
    page = unescape(reader.get("/research").text)
    assert len(questions()) >= 12
    for question in questions().values():
        assert f"question={question.id}" in page
        assert question.title["vi"] in page
        assert question.told["vi"] in page
        assert question.title["en"] and question.told["en"]


@pytest.mark.parametrize("name", sorted(questions()))
def test_each_question_is_answered(reader, name):
    answer = reader.get("/research", params={"question": name})
    assert answer.status_code == 200
    assert problem(answer) is None
    assert 'id="answer"' in answer.text
    assert len(answer.content) < 200_000
    for parameter in parameters_in(questions()[name].sql):
        assert f'name="p_{parameter}"' in answer.text


def rows_of(reader, name, **parameters):
    given = {"question": name, **{f"p_{key}": value for key, value in parameters.items()}}
    return reader.get("/research.json", params=given).json()["rows"]


def test_what_is_overdue_is_what_the_scoreboard_counts(reader, book):
    from datetime import date

    from pipeline.followup.quickly import scoreboard
    from pipeline.register import TaskFilter

    day = date(2030, 1, 1)
    with open_register(book) as register:
        _, everything = scoreboard(register, TaskFilter(), Settings(), as_of=day)
    rows = rows_of(reader, "overdue-by-body", as_of="01/01/2030")
    assert everything.overdue > 0
    assert sum(row["Quá hạn"] for row in rows) == everything.overdue


def test_questions_count_what_the_register_holds(reader, book):
    with open_register(book) as register:
        duties = register.rows("SELECT letter_id, count(*) AS n FROM current_duties GROUP BY 1 ORDER BY n DESC")
        nobody = register.one("SELECT count(*) AS n FROM current_duties WHERE sort = 'nobody'")["n"]
        dispatches = register.one("SELECT count(*) AS n FROM current_dispatches")["n"]
    most = rows_of(reader, "most-duties", most="3")
    assert [row["Số việc"] for row in most] == [row["n"] for row in duties[:3]]
    assert len(rows_of(reader, "without-lead")) == nobody
    assert sum(row["Văn bản"] for row in rows_of(reader, "by-year")) == dispatches


def test_words_are_found_without_their_accents(reader):
    with_accents = rows_of(reader, "words", words="báo cáo")
    assert with_accents
    assert with_accents == rows_of(reader, "words", words="bao cao")
    assert rows_of(reader, "words", words='"đôn đốc"') == rows_of(reader, "words", words='"don doc"')


def test_duties_done_late_are_counted_by_the_quarter_in_which_they_were_done(reader, book):
    with open_register(book, "write") as register:
        duty = register.one(
            "SELECT y.id, min(l.due) AS due FROM current_duties y JOIN current_deadlines l"
            " ON l.obligation_id = y.obligation_id AND l.kind = 'date' GROUP BY y.id HAVING count(*) = 1"
        )
        from pipeline.followup.recording import Entry, enter_event

        done = f"{int(duty['due'][:4]) + 1}-02-10"
        entry = Entry("accepted", f"T{duty['id']}", day=done)
        enter_event(register, entry, Settings(), who="An", now="2040-01-01T08:00:00+07:00", why="xong")
    row = next(row for row in rows_of(reader, "late-by-quarter") if row["Quý"] == f"{done[:4]} quý 1")
    assert (row["Hoàn thành"], row["Trong đó trễ"]) == (1, 1)
    assert row["Trễ trung bình (ngày)"] > 30


def test_the_ids_in_an_answer_lead_to_their_pages(reader):
    page = reader.get("/research", params={"question": "most-duties"}).text
    assert re.search(r'<a href="/documents/D\d+">D\d+</a>', page)


def test_a_question_that_is_none_is_not_found(reader):
    assert reader.get("/research?question=nothing").status_code == 404
    assert reader.get("/research.pdf?question=words").status_code == 404


# ------------------------------------------------------------------------------------------ one's own SQL


def test_parameters_get_fields_and_are_bound_as_text(reader):
    page = ask(reader, "SELECT :a || '-' || typeof(:b) AS x", a="'; DROP TABLE bodies; --", b="7")
    assert cells(page) == [["'; DROP TABLE bodies; ---text"]]
    assert 'name="p_a"' in page.text and 'name="p_b"' in page.text
    assert cells(ask(reader, "SELECT '[' || :missing || ']'")) == [["[]"]]


def test_the_link_on_the_page_gives_the_same_answer(reader):
    page = ask(reader, "SELECT name FROM bodies WHERE name LIKE :like ORDER BY 1", like="B%")
    link = unescape(re.search(r'id="link" value="([^"]*)"', page.text)[1])
    assert link.startswith("http://localhost:8000/research?sql=")
    assert cells(reader.get(link)) == cells(page) != []


def test_a_kept_link_asks_about_the_day_on_which_it_is_opened(reader):
    page = reader.get("/research?question=overdue-by-body").text
    link = unescape(re.search(r'id="link" value="([^"]*)"', page)[1])
    assert link.endswith("/research?question=overdue-by-body")
    page = reader.get("/research?question=overdue-by-body&p_as_of=1/2/2030").text
    assert "p_as_of=2030-02-01" in unescape(re.search(r'id="link" value="([^"]*)"', page)[1])


def test_the_tables_stand_beside_with_what_they_mean(reader, book):
    page = unescape(reader.get("/research").text)
    with open_register(book) as register:
        found = {table.name: table for table in tables(register)}
    assert {"task_list", "current_dispatches", "duty_times", "search_folded"} <= found.keys()
    assert "search_exact_data" not in found
    assert dict(found["current_dispatches"].columns)["issued_on"]
    for name in ("task_list", "bodies", "links"):
        assert found[name].told in page


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("SELECT isuer FROM dispatches", "issuer"),
        ("SELECT * FROM task_lst", "task_list"),
        ("SELCT 1", "SELCT"),
        ("SELECT 1; SELECT 2", "Mỗi lần chỉ một câu lệnh"),
        ("-- nothing", "SELECT"),
        ("SELECT nothing(1)", "nothing"),
        ("SELECT id FROM bodies a JOIN bodies b ON a.id = b.id", "id"),
        ("SELECT hex(printf('%9000000d', 1))", "substr"),
        ("SELECT json_extract('{', '$.a')", "malformed JSON"),
    ],
)
def test_a_wrong_statement_is_told_what_is_wrong(reader, sql, words):
    answer = ask(reader, sql)
    assert answer.status_code == 422
    assert words in problem(answer)
    assert "<textarea" in answer.text


def test_a_long_answer_is_shown_in_part_and_says_so(reader):
    page = ask(reader, ENDLESS + "SELECT x FROM c")
    assert len(cells(page)) == 200
    assert "Chỉ hiện 200 dòng đầu" in page.text


def test_a_huge_answer_is_no_huge_page(reader):
    page = ask(reader, ENDLESS + "SELECT " + ", ".join(f"printf('%9000d', x) AS a{n}" for n in range(50)) + " FROM c")
    assert page.status_code == 200
    assert len(page.content) < 200_000


def test_a_link_from_another_site_shows_the_statement_and_runs_nothing(reader):
    for path in ("/research?sql=SELECT+42+AS+x", "/research?question=words"):
        page = reader.get(path, headers={"sec-fetch-site": "cross-site"})
        assert page.status_code == 200
        assert 'id="answer"' not in page.text
        assert "chưa chạy" in page.text
    assert reader.get("/research.csv?sql=SELECT+1", headers={"sec-fetch-site": "cross-site"}).status_code == 403


# ------------------------------------------------------------------------------------------ files

SHEET = "SELECT '=1+1' AS \"=cmd()\", 'Bộ Y tế' AS b, 5 AS c, NULL AS d, '2026-11-22' AS e, x'00ff' AS f, 1 AS b"


def test_csv_of_an_answer_runs_no_formula(reader):
    answer = ask(reader, SHEET, "csv")
    assert "attachment" in answer.headers["content-disposition"]
    head, row = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert head == ["'=cmd()", "b", "c", "d", "e", "f", "b 2"]
    assert row == ["'=1+1", "Bộ Y tế", "5", "", "2026-11-22", "<2 bytes>", "1"]


def test_json_of_an_answer_is_whole(reader):
    found = ask(reader, ENDLESS + "SELECT x, :a AS a FROM c LIMIT 1000", "json", a="ă").json()
    assert found["columns"] == ["x", "a"]
    assert len(found["rows"]) == 1000
    assert found["rows"][-1] == {"x": 1000, "a": "ă"}
    assert found["is_cut"] is False
    assert found["parameters"] == {"a": "ă"}


def test_excel_of_an_answer_has_numbers_days_and_no_formula(reader):
    from datetime import datetime

    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(io.BytesIO(ask(reader, SHEET, "xlsx").content))
    values = [[cell for cell in row if cell.value is not None] for row in book.active.iter_rows()]
    row = next(row for row in values if row and row[0].value == "=1+1")
    assert row[0].data_type == "s"
    assert [cell.value for cell in row[1:4]] == ["Bộ Y tế", 5, datetime(2026, 11, 22)]


def test_a_file_has_so_many_rows_and_says_that_there_are_more(reader):
    found = ask(reader, ENDLESS + "SELECT x FROM c", "json").json()
    assert len(found["rows"]) == MOST_ROWS
    assert found["is_cut"] is True


def test_a_wrong_statement_gives_no_file(reader):
    answer = ask(reader, "SELECT nothing", "csv")
    assert answer.status_code == 422
    assert "attachment" not in answer.headers.get("content-disposition", "")
    assert problem(answer)


def test_no_file_is_left_behind(reader, tmp_path, monkeypatch):
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = set(tmp_path.iterdir())
    for form in (None, "csv", "json", "xlsx"):
        ask(reader, "SELECT 1", form)
        ask(reader, "SELECT nothing", form)
    assert set(tmp_path.iterdir()) == before


# ------------------------------------------------------------------------------------------ what it never does

WRITES = [
    "INSERT INTO bodies (name, name_key) VALUES ('x', 'x')",
    "UPDATE dispatches SET number = 'x'",
    "DELETE FROM duty_events",
    "DROP TABLE bodies",
    "CREATE TABLE x (a)",
    "CREATE TEMP TABLE x (a)",
    "CREATE VIEW x AS SELECT 1",
    "CREATE TRIGGER x AFTER INSERT ON bodies BEGIN SELECT 1; END",
    "CREATE VIRTUAL TABLE temp.v USING fts5vocab(main, search_exact, row)",
    "ALTER TABLE bodies ADD COLUMN x",
    "INSERT INTO search_exact (search_exact) VALUES ('rebuild')",
    "INSERT INTO search_exact_data VALUES (1, 1)",
    "DELETE FROM search_folded",
    "WITH x AS (SELECT 1) INSERT INTO bodies (name, name_key) SELECT 'x', 'x'",
    "REPLACE INTO bodies (id, name, name_key) VALUES (1, 'x', 'x')",
    "BEGIN IMMEDIATE",
    "SAVEPOINT x",
    "VACUUM",
    "REINDEX",
    "ANALYZE",
    "PRAGMA query_only = OFF",
    "PRAGMA writable_schema = ON",
    "PRAGMA user_version = 7",
    "PRAGMA journal_mode = DELETE",
    "PRAGMA wal_checkpoint(TRUNCATE)",
    "SELECT * FROM pragma_journal_mode('DELETE')",
]


def held(book):
    with sqlite3.connect(f"file:{book}?mode=ro", uri=True) as db:
        return list(db.iterdump())


def test_nothing_can_be_written(reader, book):
    reader.get("/research")
    before = held(book)
    for sql in WRITES:
        assert problem(ask(reader, sql)), sql
    assert held(book) == before


ELSEWHERE = [
    "ATTACH '{accounts}' AS a",
    "ATTACH 'file:{accounts}?mode=ro' AS a",
    "ATTACH 'file:{accounts}?mode=ro&vfs=unix-none' AS a",
    "ATTACH ':memory:' AS a",
    "DETACH main",
    "VACUUM INTO '{accounts}.copy'",
    "SELECT readfile('{accounts}')",
    "SELECT writefile('{accounts}.copy', 'x')",
    "SELECT edit('x')",
    "SELECT load_extension('{accounts}')",
    "SELECT fts3_tokenizer('simple')",
    "SELECT fts5(1)",
    "SELECT sqlite_attach('{accounts}', 'a', '')",
    "SELECT * FROM fsdir('/')",
    "SELECT * FROM a.people",
    "SELECT * FROM people",
    "SELECT * FROM pragma_database_list",
    "SELECT file FROM pragma_database_list()",
    "PRAGMA database_list",
    "PRAGMA temp_store_directory = '/tmp'",
    "PRAGMA data_store_directory",
    "SELECT * FROM dbstat",
    "SELECT * FROM sqlite_stmt",
    "SELECT * FROM sqlite_dbpage",
    "SELECT * FROM sqlite_temp_master",
    "SELECT * FROM _sqlite_migrations",
    "SELECT sqlite_compileoption_get(1)",
    "SELECT zeroblob(1000000000)",
    "SELECT randomblob(1000000000)",
]


@pytest.mark.parametrize("sql", ELSEWHERE)
def test_nothing_but_the_register_can_be_reached(app, accounts, sql):
    visitor = Visitor(app).sign_in("viewer")
    before = set(accounts.parent.rglob("*"))
    for answer in (ask(visitor, sql.format(accounts=accounts)), ask(visitor, sql.format(accounts=accounts), "json")):
        assert answer.status_code == 422
        assert problem(answer)
        assert "argon2" not in answer.text
    assert {path for path in accounts.parent.rglob("*") if not path.name.endswith(("-shm", "-wal"))} <= before


@pytest.mark.parametrize("name", ["question", "sql", "p_as_of", "p_policy", "p_months_back", "lang", "edit", "p_x"])
def test_no_parameter_is_a_way_for_sql(reader, book, name):
    reader.get("/research")
    before = held(book)
    for value in ("1'; DELETE FROM bodies; --", '1" UNION SELECT password FROM people --', "1) OR 1=1", "%00", "';"):
        given = {"question": "overdue-by-body", name: value}
        answer = reader.get("/research", params=given)
        assert answer.status_code in (200, 404)
        assert not re.search(r"sqlite3|Traceback|OperationalError", answer.text)
    assert held(book) == before


@pytest.mark.parametrize("hostile", [HOSTILE, '"><img src=x onerror=alert(1)>', "javascript:alert(1)", "{{ 7*7 }}"])
def test_values_names_and_statements_are_shown_as_text(reader, hostile):
    quoted = hostile.replace("'", "''").replace('"', '""')
    page = ask(reader, f"SELECT :v AS \"{quoted}\", '{quoted}' AS b, '[x](' || :v || ')' AS c", v=hostile)
    assert page.status_code == 200
    assert hostile in [cell for row in cells(page) for cell in row]
    body = page.text.replace(unescape(hostile), "", 0)
    assert HOSTILE not in body
    assert "<img src=x" not in body
    assert 'href="javascript:' not in body
    wrong = ask(reader, f'SELECT "{quoted}x"."{quoted}" FROM "{quoted}"')
    assert HOSTILE not in wrong.text and "<img src=x" not in wrong.text


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT count(*) FROM c",
        "SELECT max(x) FROM c",
        "SELECT group_concat(hex(x)) FROM c",
        "SELECT x, printf('%1000000d', x) AS y FROM c ORDER BY y",
        "SELECT json_group_array(x) FROM c",
        "SELECT DISTINCT hex(x) FROM c ORDER BY 1",
        "SELECT a.x FROM c a, c b WHERE a.x + b.x < 0",
    ],
)
def test_what_never_ends_is_ended_with_bounded_memory(reader, sql):
    import resource

    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    start = time.monotonic()
    answer = ask(reader, ENDLESS + sql)
    assert answer.status_code == 422
    assert problem(answer)
    assert time.monotonic() - start < 30
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss <= max(before, 600 * 1024)


def test_what_hears_no_clock_is_ended_from_outside(reader, monkeypatch):
    monkeypatch.setattr(research_running, "_GRACE", {"page": 1.0})
    start = time.monotonic()
    answer = ask(reader, "SELECT instr(hex(printf('%7000000d', 1)), hex(printf('%3999999d1', 1)))")
    assert answer.status_code == 422
    assert "quá 5 giây" in problem(answer)
    assert time.monotonic() - start < 20


def test_fifty_at_once_are_answered_or_told_to_wait_and_others_are_not_held_up(app, open_app):
    reader = Visitor(open_app)
    reader.get("/research")
    answers, slow = [], ENDLESS + "SELECT count(*) FROM c WHERE x < 0"

    def one():
        answers.append(ask(Visitor(open_app), slow))

    threads = [threading.Thread(target=one) for _ in range(50)]
    for thread in threads:
        thread.start()
    time.sleep(1)
    start = time.monotonic()
    assert reader.get("/documents").status_code == 200
    assert time.monotonic() - start < 5
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} <= {422, 429, 503}
    assert all(problem(answer) for answer in answers)
    assert sum(answer.status_code == 429 for answer in answers) >= 40
    assert not research_running._asked
    assert cells(ask(reader, "SELECT 1")) == [["1"]]


def test_a_question_ends_when_its_asker_leaves(open_server):
    import httpx

    slow = urlencode({"sql": ENDLESS + "SELECT count(*) FROM c"})
    httpx.get(f"{open_server.address}/research?sql=SELECT+1")
    for _ in range(8):  # more than one person may ask at once: each has left before the next comes
        with pytest.raises(httpx.ReadTimeout):
            httpx.get(f"{open_server.address}/research?{slow}", timeout=0.5)
    start = time.monotonic()
    answer = httpx.get(f"{open_server.address}/research?sql=SELECT+7+AS+x", timeout=30)
    assert answer.status_code == 200
    assert ">7<" in answer.text
    assert time.monotonic() - start < 4.5


# ------------------------------------------------------------------------------------------ who


@pytest.mark.parametrize("role", ["viewer", "clerk", "compliance", "admin"])
def test_every_role_may_ask(signed_in, role):
    assert cells(ask(signed_in(role), "SELECT 6 * 7 AS x")) == [["42"]]


def test_strangers_may_not(visitor):
    for path in ("/research?sql=SELECT+42", "/research.json?sql=SELECT+42"):
        answer = visitor.get(path)
        assert answer.status_code == 303
        assert "/sign-in" in answer.headers["location"]


def test_a_register_that_is_not_there_is_a_page_that_says_so(tmp_path):
    visitor = Visitor(create_app(tmp_path / "none.db", tmp_path / "nobody.db", Settings()))
    assert visitor.get("/research?sql=SELECT+1").status_code == 503


def test_the_worker_holds_nothing_but_its_task(book, tmp_path):
    """It is started with nothing of the server's environment, and fails without a task."""
    done = subprocess.run(
        [sys.executable, "-m", "pipeline.web.research_worker"], input="", capture_output=True, text=True
    )
    assert done.returncode
    task = {
        "register": str(book), "sql": "SELECT count(*) AS n FROM bodies", "parameters": {}, "seconds": 5,
        "form": "json", "path": str(tmp_path / "out.json"), "day": "2026-11-22",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "pipeline.web.research_worker"], input=json.dumps(task), capture_output=True, text=True
    )
    assert json.loads(done.stdout)["rows"] == 1
    assert json.loads((tmp_path / "out.json").read_text("utf-8"))["rows"][0]["n"] > 0
