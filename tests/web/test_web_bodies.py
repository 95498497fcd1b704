"""Bodies: found by any name, shown with what binds them, with calendars that only those may read who should."""

import datetime as dt
import re
import shutil

import pytest
from chain_letters import Letter
from visiting import Visitor

from pipeline.followup import browsing
from pipeline.followup.settings import Settings
from pipeline.register import TaskFilter, open_register
from pipeline.web.accounts import Accounts
from pipeline.web.app import create_app
from pipeline.web.body_names import found_by

TO_MINISTRIES = Letter(
    "12/UBND-TH",
    "ngày 05 tháng 01 năm 2026",
    "rà soát kho lưu trữ hồ sơ",
    (
        "Ủy ban nhân dân tỉnh giao:",
        "1. Bộ Tài chính rà soát, lập danh mục hồ sơ lưu kho, báo cáo trước ngày 20/01/2026.",
        "2. Bộ Tài chính báo cáo kết quả sắp xếp kho trước ngày 30/3/2026.",
        "3. Tổ Giữ kho Đồi Chè kiểm kê giá để hồ sơ trước ngày 15/02/2026.",
    ),
    "Bộ Tài chính; Tổ Giữ kho Đồi Chè",
)


@pytest.fixture(scope="module")
def read_book(tmp_path_factory, read_letters):
    return read_letters(tmp_path_factory.mktemp("bodies"), [Letter(), TO_MINISTRIES])


@pytest.fixture
def book(read_book, tmp_path):
    """A register of two letters, one to a ministry."""
    path = tmp_path / "outputs" / "register.db"
    path.parent.mkdir()
    for suffix in ("", "-wal"):
        if (source := read_book.with_name(read_book.name + suffix)).exists():
            shutil.copy(source, path.with_name(path.name + suffix))
    return path


def busiest(path, identified=True):
    """The body with most duties."""
    with open_register(path) as register:
        row = register.one(
            "SELECT b.id, b.canonical_id, b.name, count(*) AS n FROM duties y JOIN bodies b ON b.id = y.body_id"
            f" WHERE b.canonical_id IS {'NOT' if identified else ''} NULL GROUP BY b.id ORDER BY n DESC, b.id LIMIT 1"
        )
    return row


def feed_address(visitor, body):
    """Make a secret address as the page offers it; the path with the key."""
    answer = visitor.submit("/bodies/feed", page=f"/bodies/{body}", body=body, change="make")
    assert answer.status_code == 200
    found = re.search(r"http://localhost:8000(/bodies/\S+?calendar\.ics\?key=[\w-]+)", answer.text)
    assert found, answer.text
    return found[1]


@pytest.mark.parametrize("words", ["Bộ Tài chính", "bo tai chinh", "BTC", "tai CHINH bo"])
def test_a_body_is_found_by_any_name(words, reader):
    assert 'href="/bodies/BTC"' in reader.get("/bodies", params={"q": words}).text


def test_a_former_name_leads_to_the_body_and_its_successor(reader):
    page = reader.get("/bodies", params={"q": "bo ke hoach va dau tu"}).text
    assert 'href="/bodies/BKHDT"' in page
    body = reader.get("/bodies/BKHDT").text
    assert 'href="/bodies/BTC"' in body and "28/02/2025" in body
    assert 'href="/bodies/BKHDT"' in reader.get("/bodies/BTC").text


def test_a_name_that_means_one_body_leads_to_its_own_address(reader):
    answer = reader.get("/bodies/B%E1%BB%99%20T%C3%A0i%20ch%C3%ADnh")
    assert answer.status_code == 303 and answer.headers["location"] == "/bodies/BTC"
    assert reader.get("/bodies/Kh%C3%B4ng%20c%C3%B3").status_code == 404
    assert reader.get("/bodies/n999999").status_code == 404


def test_all_bodies_are_leafed_through_once(book):
    with open_register(book) as register:
        every = {row["id"] for row in register.rows("SELECT id FROM bodies")}
        seen, after = [], ""
        while after is not None:
            rows, after = found_by(register, "", after=after, limit=7)
            seen += [row["id"] for row in rows]
    assert set(seen) == every and len(seen) == len(every)


def test_what_binds_a_body_and_its_figures_are_those_of_the_lists(book, reader):
    row = busiest(book)
    page = reader.get(f"/bodies/{row['canonical_id']}", params={"as_of": "2026-01-31"}).text
    with open_register(book) as register:
        for state in ("overdue", "upcoming", "no_day"):
            wanted = TaskFilter(body=row["canonical_id"], role="lead", state=state)
            found = browsing.browse(register, wanted, Settings(), as_of=dt.date(2026, 1, 31), limit=10)
            assert f'state={state}"><span class="figure">{found.total}</span>' in page
            for one in found.rows:
                assert f'/tasks/{one["duty"]}"' in page
    assert "đã hoàn thành / (đã hoàn thành + quá hạn)" in page


def test_a_printed_name_that_is_no_known_body_says_so(book, reader):
    row = busiest(book, identified=False)
    page = reader.get(f"/bodies/n{row['id']}")
    assert page.status_code == 200 and "chưa xác định" in page.text


def test_the_calendar_of_a_body_is_open_where_nobody_has_an_account(book, reader):
    row = busiest(book)
    answer = reader.get(f"/bodies/{row['canonical_id']}/calendar.ics")
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/calendar")
    assert answer.content.startswith(b"BEGIN:VCALENDAR")


def test_calendar_programs_read_by_a_secret_that_can_be_taken_back(book, app, accounts, signed_in):
    body = busiest(book)["canonical_id"]
    viewer, program = signed_in("viewer"), Visitor(app)
    assert program.get(f"/bodies/{body}/calendar.ics").status_code == 403
    first = feed_address(viewer, body)
    assert program.get(first).status_code == 200
    assert program.get("/bodies/BTC/calendar.ics?" + first.partition("?")[2]).status_code == 200
    second = feed_address(viewer, body)
    assert program.get(first).status_code == 403
    assert program.get(second).status_code == 200
    key = second.partition("key=")[2]
    assert key.encode() not in accounts.read_bytes()
    viewer.submit("/bodies/feed", page=f"/bodies/{body}", body=body, change="end")
    assert program.get(second).status_code == 403


def test_a_secret_reads_calendars_and_nothing_else_and_ends_with_the_account(book, app, accounts, signed_in):
    body = busiest(book)["canonical_id"]
    address = feed_address(signed_in("clerk"), body)
    query = address.partition("?")[2]
    program = Visitor(app)
    for path in ("/", f"/bodies/{body}", "/review", "/tasks"):
        assert program.get(f"{path}?{query}").status_code == 303
    Accounts(accounts).disable("clerk", by="admin", now="2026-01-31T08:30:00+07:00")
    assert program.get(address).status_code == 403
    Accounts(accounts).enable("clerk", by="admin", now="2026-01-31T08:30:00+07:00")
    assert program.get(address).status_code == 200
    Accounts(accounts).remove("clerk", by="admin", now="2026-01-31T08:30:00+07:00")
    assert program.get(address).status_code == 403


def test_a_server_for_other_machines_gives_no_calendar_without_accounts(book, tmp_path):
    public = Visitor(create_app(book, tmp_path / "nobody.db", Settings(), is_public=True))
    assert public.get("/bodies/BTC/calendar.ics").status_code == 403
    assert public.get("/bodies/BTC/calendar.ics?key=").status_code == 403


def test_a_form_of_another_site_makes_no_secret(signed_in, book):
    visitor = signed_in("viewer")
    body = busiest(book)["canonical_id"]
    answer = visitor.post("/bodies/feed", data={"csrf": "0" * 64, "body": body, "change": "make"})
    assert answer.status_code == 403


def test_hostile_names_stay_words(book, open_app):
    with open_register(book, "write") as register, register.transaction() as connection:
        connection.execute(
            "INSERT INTO bodies (name, name_key) VALUES (?, 'aaa xss')", ('<img src=x onerror="alert(1)">',)
        )
        number = register.one("SELECT max(id) AS id FROM bodies")["id"]
    visitor = Visitor(open_app)
    for path in ("/bodies", "/bodies?q=xss", f"/bodies/n{number}", "/bodies?q=<script>alert(1)</script>"):
        page = visitor.get(path)
        assert page.status_code == 200
        assert "<img src=x" not in page.text and "<script>alert" not in page.text
    for q in ("%", "' OR 1=1 --", "\x00", "a" * 5000, "(((", "*"):
        assert visitor.get("/bodies", params={"q": q}).status_code == 200


def test_in_a_browser(server, book, browse):
    body = busiest(book)["canonical_id"]
    for width, height in ((1366, 768), (390, 844)):
        window = browse(server, width=width, height=height).sign_in("viewer")
        for path in ("/bodies", f"/bodies/{body}", "/bodies/BKHDT"):
            window.go(path)
            assert window.faults() == []
            assert not window.is_too_wide()
    window.go("/bodies")
    window.page.fill("#q", "bo tai chinh")
    window.page.press("#q", "Enter")
    window.page.locator('main a[href="/bodies/BTC"]').focus()
    window.page.keyboard.press("Enter")
    window.page.wait_for_url("**/bodies/BTC")
    window.page.locator('button[value="make"]').focus()
    window.page.keyboard.press("Enter")
    window.page.wait_for_selector("#address")
    assert window.faults() == []
    assert "/bodies/BTC/calendar.ics?key=" in window.page.input_value("#address")
