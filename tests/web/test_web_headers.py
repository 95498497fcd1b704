"""What browsers may do with pages, which names the server answers to, how much it takes, what it says of faults."""

import re

import pytest
from visiting import PASSWORD, Visitor

from pipeline.followup.settings import Settings
from pipeline.register import open_register
from pipeline.web.app import create_app
from pipeline.web.asking import FORM_BYTES


@pytest.mark.parametrize("path", ["/", "/nothing", "/static/app.css", "/static/nothing", "/people"])
def test_every_answer_forbids_scripts_and_frames_of_others(reader, path):
    headers = reader.get(path).headers
    policy = dict(part.strip().partition(" ")[::2] for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_pages_are_kept_by_no_browser_and_static_files_are(reader):
    page = reader.get("/")
    assert page.headers["cache-control"] == "no-store"
    style = page.text.split('rel="stylesheet" href="')[1].split('"')[0]
    assert "immutable" in reader.get(style).headers["cache-control"]


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "192.0.2.1", "[2001:db8::1]:8000", ""])
def test_a_name_that_is_not_ours_learns_nothing(reader, host):
    answer = reader.get("/", headers={"host": host})
    assert answer.status_code == 421
    assert "congvan" not in answer.text


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8000", "[::1]:8000", "LOCALHOST:1"])
def test_names_of_this_machine_are_ours(reader, host):
    assert reader.get("/", headers={"host": host}).status_code == 200


def test_a_server_for_other_machines_answers_to_its_names_and_addresses(book, accounts):
    public = Visitor(create_app(book, accounts, Settings(), hosts=["so.example.vn"], is_public=True))
    for host, status in (("so.example.vn", 303), ("192.0.2.1:80", 303), ("evil.example", 421)):
        assert public.get("/", headers={"host": host}).status_code == status


def test_a_form_that_is_too_long_is_refused_however_it_comes(visitor):
    csrf = visitor.token()
    body = f"csrf={csrf}&name=clerk&password={PASSWORD}&more=".encode() + b"x" * FORM_BYTES
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert visitor.post("/sign-in", content=body, headers=form).status_code == 413

    def pieces():
        yield body[:200]
        for _ in range(FORM_BYTES // 1000 + 1):
            yield b"x" * 1000

    answer = visitor.post("/sign-in", content=pieces(), headers=form)
    assert "content-length" not in answer.request.headers
    assert answer.status_code == 413
    assert "<h1>" in answer.text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nothing", 404), ("POST", "/", 405), ("DELETE", "/people", 405), ("GET", "/static/../app.py", 404)],
)
def test_faults_are_pages_that_say_what_to_do(reader, method, path, status):
    answer = reader.request(method, path)
    assert answer.status_code == status
    assert 'lang="vi"' in answer.text
    assert "<h1>" in answer.text


@pytest.mark.parametrize("path", ["/static/..%2fapp.py", "/static/%2e%2e/app.py", "/static//etc/passwd", "/static/"])
def test_nothing_outside_of_the_folder_is_served(reader, path):
    assert reader.get(path).status_code == 404


def test_a_fault_of_the_program_shows_and_logs_no_words(reader, open_app, monkeypatch, capsys):
    def broken():
        raise ValueError("words of a secret document")

    monkeypatch.setattr(open_app.state.site.book, "reading", broken)
    answer = reader.get("/")
    assert answer.status_code == 500
    assert "ValueError" not in answer.text
    logged = capsys.readouterr().err
    assert "ValueError" in logged
    assert "secret" not in answer.text + logged
    assert "content-security-policy" in answer.headers


def test_a_register_that_is_gone_is_a_page_that_says_so(reader, book):
    assert reader.get("/").status_code == 200
    book.rename(book.with_name("gone.db"))
    answer = reader.get("/")
    assert answer.status_code == 503
    assert "congvan ingest" in answer.text


def late(reader):
    """The first figure of the first page."""
    return int(re.search(r'class="figure">(\d+)<', reader.get("/?as_of=2027-01-01").text)[1])


def test_another_register_in_its_place_is_read_at_once(reader, book, tmp_path):
    assert late(reader) > 0
    open_register(tmp_path / "new.db", "create").close()
    for old in book.parent.glob("register.db*"):
        old.unlink()
    (tmp_path / "new.db").rename(book)
    assert late(reader) == 0


def test_the_language_is_asked_for_and_remembered(reader):
    assert '<html lang="vi">' in reader.get("/").text
    switched = reader.get("/?lang=en")
    assert '<html lang="en">' in switched.text
    assert "Overdue" in switched.text
    assert '<html lang="en">' in reader.get("/").text
    assert '<html lang="vi">' in reader.get("/?lang=vi").text
    assert '<html lang="vi">' in reader.get("/?lang=%3Cscript%3E").text


def test_what_the_address_holds_is_shown_as_text(reader):
    hostile = reader.get("/?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&as_of=%3Cb%3E")
    assert "<script>alert" not in hostile.text
    assert "<b>" not in hostile.text
