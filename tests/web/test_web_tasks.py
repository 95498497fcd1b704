"""The list of tasks: it finds what the command line finds, page by page and as files; nothing hostile gets through."""

import csv
import io
import json
import re
import time
from html import unescape

import pytest
from openpyxl import load_workbook
from visiting import Visitor

from pipeline.cli import run
from pipeline.followup.settings import Settings
from pipeline.register import open_register
from pipeline.web import taskfiles
from pipeline.web.app import create_app

DAY = "2027-01-31"  # all samples are issued by then
HOSTILE = (
    "' OR 1=1 --", '"; DROP TABLE duties; --', "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)", "*", '"', "NEAR(", "a" * 5000, "\u202e\x00", "%00", "../../etc/passwd", "{{7*7}}", "-1",
    "9" * 40, "١٢", "0000-00-00", "=1+1",
)  # fmt: skip
PARAMETERS = (
    "text", "body", "role", "issuer", "type", "dispatch", "duty", "issued_from", "issued_to", "due_from", "due_to",
    "year", "state", "standing", "timeliness", "window", "kind", "checkable", "unnamed", "as_of", "policy", "sort",
    "after", "nothing",
)  # fmt: skip


def shown(page):
    """The duties that a page shows, in their order."""
    found = re.findall(r'href="/tasks/(T[^"?/]+)', page)
    return [unescape(id).replace("%40", "@") for id in dict.fromkeys(found)]


def leaf(visitor, query):
    """All duties of a list, page after page."""
    address, out = f"/tasks?as_of={DAY}&{query}", []
    while address:
        answer = visitor.get(address)
        assert answer.status_code == 200, answer.text
        out += shown(answer.text)
        after = re.search(r'rel="next" href="([^"]+)"', answer.text)
        address = after and unescape(after[1])
    return out


def told(capsys, *arguments):
    """What a command prints as JSON."""
    capsys.readouterr()
    assert run([*arguments, "--as-of", DAY, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.fixture
def obligation_of(book):
    with open_register(book) as register:
        return {f"T{row['id']}": f"O{row['obligation_id']}" for row in register.rows("SELECT * FROM duties")}


SAME = [
    ("", ()),
    ("text=bao+cao", ("--text", "bao cao")),
    ("text=b%C3%A1o+c%C3%A1o", ("--text", "báo cáo")),
    ("text=don+doc", ("--text", "don doc")),
    ("text=khong+co+tu+nay", ("--text", "khong co tu nay")),
    ("body=so", ("--body", "so")),
    ("body=so+y+te&role=lead", ("--body", "so y te", "--role", "lead")),
    ("body=so&role=coordinating", ("--body", "so", "--role", "coordinating")),
    ("issuer=uy+ban+nhan+dan", ("--issuer", "uy ban nhan dan")),
    ("type=c%C3%B4ng+v%C4%83n", ("--type", "công văn")),
    ("type=cong+van&checkable=true", ("--type", "cong van", "--duties")),
    ("checkable=false", ("--urgings",)),
    ("unnamed=true", ("--no-lead",)),
    ("year=2026", ("--year", "2026")),
    ("issued_from=01/01/2026&issued_to=2026-03-31", ("--issued-from", "01/01/2026", "--issued-to", "2026-03-31")),
    ("due_from=2026-01-01&due_to=2026-12-31", ("--due-from", "2026-01-01", "--due-to", "2026-12-31")),
    ("dispatch=D1", ("--dispatch", "D1")),
    ("text=bao+cao&checkable=true&year=2026", ("--text", "bao cao", "--duties", "--year", "2026")),
]


@pytest.mark.parametrize(("query", "arguments"), SAME, ids=[query or "all" for query, _ in SAME])
def test_filters_find_what_the_command_line_finds(reader, book, capsys, obligation_of, query, arguments):
    found = {obligation_of[id.partition("@")[0]] for id in leaf(reader, query)}
    known = told(capsys, "tasks", "--register", str(book), *arguments)
    owed = {row["id"] for row in known if row["kind"] == "task" and row["state"] != "closed"}
    assert found == owed & set(obligation_of.values())


@pytest.mark.parametrize("policy", ["strict", "lenient"])
def test_what_is_late_is_what_the_command_says(reader, book, capsys, policy):
    known = {row["duty"] for row in told(capsys, "overdue", "--register", str(book), "--policy", policy)}
    assert known
    assert set(leaf(reader, f"window=late&policy={policy}")) == known
    assert set(leaf(reader, f"state=overdue&policy={policy}")) == known


def test_each_order_shows_every_task_once(reader):
    everything = leaf(reader, "")
    assert len(everything) > 50
    for order in ("last_day", "-last_day", "days_late", "body", "-issued_on", "confidence", "id"):
        found = leaf(reader, f"sort={order}")
        assert len(found) == len(set(found))
        assert set(found) == set(everything)


def test_counts_beside_the_list_are_those_of_the_lists_they_lead_to(reader):
    page = reader.get(f"/tasks?as_of={DAY}").text
    links = re.findall(r'<li><a href="([^"]+)"><span>([^<]*)</span> <span class="count">(\d+)</span>', page)
    assert {re.search(r"[?&](\w+)=[^&]*$", unescape(link))[1] for link, _, _ in links} >= {
        "body", "issuer", "type", "year", "state", "window", "checkable",
    }  # fmt: skip
    for link, _, count in links[::4]:
        if "body=" not in link and "issuer=" not in link:  # filters of names take words of longer names too
            answer = reader.get(unescape(link)).text
            assert re.search(r'id="count">([\d\u202f]+)', answer)[1] == count, link


def test_what_is_filtered_can_be_taken_away(reader):
    page = reader.get(f"/tasks?as_of={DAY}&text=bao+cao&window=late").text
    chips = [unescape(link) for link in re.findall(r'<li><span class="dim">.*?<a href="([^"]+)"', page)]
    assert len(chips) == 2
    assert "window=late" in chips[0]
    assert "text" not in chips[0]
    assert "text=bao" in chips[1]
    assert all(f"as_of={DAY}" in chip for chip in chips)


def test_the_index_is_brought_up_to_date_before_anybody_asks(book, tmp_path):
    """After an update of the program this takes long: nobody is to wait for it before the first list."""
    with open_register(book, "write") as register:
        register.connection.execute("UPDATE duty_times_state SET counted_by = 'another program'")
        register.connection.execute("DELETE FROM duty_times")
    with Visitor(create_app(book, tmp_path / "none.db", Settings())), open_register(book) as register:
        for _ in range(100):
            if register.rows("SELECT 1 FROM duty_times LIMIT 1"):
                break
            time.sleep(0.05)
        else:
            pytest.fail("nothing was laid out")


def test_words_found_are_marked_whatever_their_accents(reader):
    page = reader.get("/tasks?text=bao+cao").text
    assert {words.lower() for words in re.findall(r"<mark>(.*?)</mark>", page)} >= {"báo", "cáo"}


def test_an_empty_list_says_what_to_do(reader):
    page = reader.get("/tasks?text=khongcogi&window=late").text
    assert "Không có việc nào khớp" in page
    assert len(re.findall(r"Bỏ điều kiện", page)) >= 2
    assert "/search?q=khongcogi" in page


# ------------------------------------------------------------------------------------------------ files


def read_csv(answer):
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


@pytest.mark.parametrize("query", ["", "window=late", "text=bao+cao&sort=-last_day", "checkable=false", "text=khongco"])
def test_files_hold_what_is_shown_on_all_pages_in_its_order(reader, query):
    on_pages = leaf(reader, query)
    answer = reader.get(f"/tasks.csv?as_of={DAY}&{query}")
    assert [row["Mã"] for row in read_csv(answer)] == on_pages
    book = load_workbook(io.BytesIO(reader.get(f"/tasks.xlsx?as_of={DAY}&{query}").content))
    cells = [str(row[1]) for row in book.active.iter_rows(values_only=True) if re.match(r"T\d+", str(row[1]))]
    assert cells == on_pages


def test_a_calendar_of_what_is_shown(reader):
    from icalendar import Calendar

    answer = reader.get(f"/tasks.ics?as_of={DAY}&window=late&year=2026")
    assert answer.headers["content-type"].startswith("text/calendar")
    entries = {
        str(part["uid"]).partition("-")[2].partition("@")[0]
        for part in Calendar.from_ical(answer.content).walk("VTODO")
    }
    late = {id.partition("@")[0] for id in leaf(reader, "window=late&year=2026")}
    assert late
    assert {entry.partition("-")[0] for entry in entries} == late


def test_text_in_files_is_no_formula(reader, book):
    with open_register(book, "write") as register, register.transaction() as connection:
        connection.execute("UPDATE obligations SET quote = '=HYPERLINK(\"http://x\")' WHERE id = 1")
    answer = reader.get(f"/tasks.csv?as_of={DAY}")
    assert "'=HYPERLINK" in answer.text
    sheet = load_workbook(io.BytesIO(reader.get(f"/tasks.xlsx?as_of={DAY}").content)).active
    cells = [cell for row in sheet.iter_rows() for cell in row if str(cell.value).startswith("=HYPERLINK")]
    assert cells
    assert {cell.data_type for cell in cells} == {"s"}


def test_a_number_left_open_is_written_in_files_as_on_papers(reader, book):
    with open_register(book, "write") as register, register.transaction() as connection:
        row = register.one("SELECT letter_id AS id FROM current_obligations WHERE kind = 'task' LIMIT 1")
        connection.execute("UPDATE dispatches SET number = NULL, symbol = 'KH-UBND' WHERE id = ?", (row["id"],))
    found = read_csv(reader.get(f"/tasks.csv?as_of={DAY}&dispatch=D{row['id']}"))
    (column,) = (name for name in found[0] if "Số, ký hiệu" in name)
    assert {line[column] for line in found} == {"…/KH-UBND"}


def test_a_list_too_long_for_a_file_is_refused_whole(reader, monkeypatch):
    monkeypatch.setattr(taskfiles, "MOST", dict.fromkeys(taskfiles.FORMS, 10))
    for form in taskfiles.FORMS:
        answer = reader.get(f"/tasks.{form}?as_of={DAY}")
        assert answer.status_code == 422
        assert "10" in answer.text


def test_files_leave_nothing_behind(reader, monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert reader.get(f"/tasks.xlsx?as_of={DAY}").status_code == 200
    assert reader.get(f"/tasks.csv?as_of={DAY}").status_code == 200
    assert not [path for path in tmp_path.iterdir() if path.suffix in (".csv", ".xlsx")]


# ------------------------------------------------------------------------------------------------ hostile


@pytest.mark.parametrize("name", PARAMETERS)
def test_nothing_hostile_gets_through_a_parameter(reader, book, name):
    before = counted(book)
    for value in HOSTILE:
        for path in ("/tasks", "/tasks.csv", "/scoreboard") if value in HOSTILE[:4] else ("/tasks",):
            answer = reader.get(path, params={name: value})
            assert answer.status_code in (200, 404, 422), (path, value)
            if path != "/tasks.csv":
                assert_harmless(answer.text)
    assert counted(book) == before


@pytest.mark.parametrize("value", HOSTILE)
def test_nothing_hostile_gets_through_search_or_an_address(reader, value):
    assert_harmless(reader.get("/search", params={"q": value}).text)
    for path in ("/tasks/{}", "/tasks/T1@{}", "/tasks/views/{}"):
        address = path.format(value.replace("/", "%2f").replace("\x00", "%00").replace("?", "%3f")[:500])
        answer = reader.get(address, follow_redirects=True)
        assert answer.status_code in (404, 422), answer.text
        assert_harmless(answer.text)


def assert_harmless(page):
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert 'href="javascript' not in page


def counted(book):
    with open_register(book) as register:
        return register.one("SELECT (SELECT count(*) FROM duties) AS d, (SELECT count(*) FROM obligations) AS o")


def test_hostile_words_of_a_document_are_words(reader, book):
    bad = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    with open_register(book, "write") as register, register.transaction() as connection:
        connection.execute("UPDATE obligations SET quote = ?", (bad,))
        connection.execute("UPDATE dispatches SET number = ?, issuer = ?, subject = ?, type = ?", (bad,) * 4)
        connection.execute("UPDATE bodies SET name = ?, canonical_id = NULL", (bad,))
        connection.execute("UPDATE deadlines SET quote = ?", (bad,))
    for path in ("/tasks?text=alert", "/tasks", "/tasks/T1", "/search?q=alert", "/scoreboard"):
        answer = reader.get(path)
        assert answer.status_code == 200, path
        assert_harmless(answer.text)


# ------------------------------------------------------------------------------------------------ search, scoreboard


def test_search_finds_dispatches_and_obligations_without_accents(reader):
    page = reader.get("/search?q=bao+cao").text
    assert "văn bản" in page
    assert "nhiệm vụ" in page
    assert "<mark>báo</mark>" in page.lower()


def test_search_without_words_and_without_finds_says_so(reader):
    assert "Không tìm thấy" in reader.get("/search?q=khongcotunay").text
    assert "ít nhất một từ" in reader.get("/search?q=%2A%2A").text
    assert reader.get("/search").status_code == 200


def test_the_scoreboard_is_that_of_the_command_with_its_formula(reader, book, capsys):
    known = told(capsys, "scoreboard", "--register", str(book))
    page = reader.get(f"/scoreboard?as_of={DAY}").text
    rows = re.findall(r"<tr[^>]*><th scope=\"row\">.*?</tr>", page, re.S)
    found = [
        [
            re.sub(r"[^\d]", "", cell)
            for cell in re.findall(r'<td class="amount[^>]*>(?:<a [^>]*>)?([\d\u202f]+)', row)[:7]
        ]
        for row in rows
    ]
    names = ("total", "done_on_time", "done_late", "open_in_time", "overdue", "no_deadline", "suspended")
    assert sorted(found[1:]) == sorted([str(row[name]) for name in names] for row in known[:-1])
    assert found[0] == [str(known[-1][name]) for name in names]
    assert "% xong = đã hoàn thành" in page
    assert re.search(r">\d+,\d\d%<", page) and not re.search(r">\d+\.\d\d%<", page)
    assert re.search(r">\d+\.\d\d%<", reader.get(f"/scoreboard?as_of={DAY}&lang=en").text)


def test_figures_of_the_scoreboard_lead_to_their_lists(reader):
    page = reader.get(f"/scoreboard?as_of={DAY}").text
    link, count = re.search(r'<a href="([^"]*state=overdue[^"]*)">([\d\u202f]+)</a>', page).groups()
    assert f'id="count">{count} ' in reader.get(unescape(link)).text


def test_all_figures_of_the_first_page_lead_to_lists_of_so_many(reader):
    page = reader.get(f"/?as_of={DAY}").text
    for link, count in re.findall(r'<a href="([^"]*/tasks[^"]*)">\s*<span class="figure">([\d\u202f]+)', page):
        assert f'id="count">{count} ' in reader.get(unescape(link)).text


def test_pages_are_light(reader):
    for path in ("/tasks", f"/tasks?as_of={DAY}&window=late", "/tasks/T1", "/scoreboard", "/search?q=bao+cao"):
        assert len(reader.get(path).content) < 200_000


def test_without_a_register_pages_say_what_to_do(tmp_path):
    visitor = Visitor(create_app(tmp_path / "none.db", tmp_path / "nobody.db", Settings()))
    for path in ("/tasks", "/tasks.csv", "/tasks/T1", "/scoreboard", "/search?q=a"):
        answer = visitor.get(path)
        assert answer.status_code == 503
        assert "congvan ingest" in answer.text
