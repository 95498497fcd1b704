"""Uploading: what becomes of files of every kind, who sees what, what is kept and what is not."""

import json
import re
import sqlite3
from dataclasses import replace

import pytest
from sending import SECRET_WORDS, UNFINISHED, ended, eventually, letter, rows, secret_letter, send, traces, zipped
from visiting import Visitor

from pipeline.followup.settings import Settings
from pipeline.register import open_register
from pipeline.web.app import create_app
from pipeline.web.upload_files import safe_name


@pytest.fixture
def app(book, accounts):
    made = create_app(book, accounts, Settings())
    yield made
    made.state.site.uploads.stop()


@pytest.fixture
def clerk(app):
    return Visitor(app).sign_in("clerk")


@pytest.fixture
def folder(book):
    return book.parent / "uploads"


def query(book, sql, *values):
    with open_register(book) as register:
        return register.rows(sql, values)


def test_each_file_comes_to_its_own_end(clerk, book):
    answer = send(
        clerk,
        ("cv 1.txt", letter(1)),
        ("hỏng.pdf", b"%PDF-1.4\n%broken"),
        ("rỗng.docx", b""),
        ("tin.txt", b"Hom nay troi dep."),
    )
    assert answer.status_code == 303
    address = answer.headers["location"]
    found = ended(clerk, address)
    assert [name for name, _, _ in found] == ["cv 1.txt", "hỏng.pdf", "rỗng.docx", "tin.txt"]
    states = [state for _, state, _ in found]
    assert states[0] in ("đã xong", "cần kiểm tra")
    assert states[1:] == ["không đọc được", "không đọc được", "bị từ chối"]
    assert "1/SKHKT-VP" in found[0][2]
    assert all(len(result) > 20 for _, _, result in found[1:])
    kept = query(
        book, "SELECT d.number FROM dispatches d JOIN file_paths p USING (file_id) WHERE p.path LIKE '%cv 1.txt'"
    )
    assert [row["number"] for row in kept] == ["1/SKHKT-VP"]
    assert "Người clerk (clerk)" in clerk.get(address).text
    assert address in clerk.get("/uploads").text


def test_the_original_lies_in_the_inbox_for_its_owner_alone(clerk, folder):
    address = send(clerk, ("cv.txt", letter(2))).headers["location"]
    ended(clerk, address)
    (kept,) = folder.glob("????-??-??/cv.txt")
    assert kept.read_bytes() == letter(2)
    assert kept.stat().st_mode & 0o777 == 0o600
    assert kept.parent.stat().st_mode & 0o777 == 0o700


def test_the_same_file_twice_is_one_dispatch_and_both_copies_stay(clerk, book, folder):
    address = send(clerk, ("cv.txt", letter(3)), ("cv.txt", letter(3))).headers["location"]
    found = ended(clerk, address)
    assert [name for name, _, _ in found] == ["cv.txt", "cv.txt"]
    assert sum("đã có trong sổ" in result for _, _, result in found) == 1
    assert len(query(book, "SELECT 1 FROM dispatches WHERE number = '3/SKHKT-VP'")) == 1
    assert sorted(path.name for path in folder.glob("*/cv*")) == ["cv (2).txt", "cv.txt"]


def test_the_day_of_arrival_is_entered_in_the_name_of_who_uploaded(clerk, book):
    address = send(clerk, ("cv.txt", letter(4)), received_on="2023-03-06").headers["location"]
    ended(clerk, address)
    (entry,) = query(
        book,
        "SELECT day, made_by FROM arrivals WHERE dispatch_id = (SELECT id FROM dispatches WHERE number = '4/SKHKT-VP')",
    )
    assert entry == {"day": "2023-03-06", "made_by": "Người clerk (clerk)"}
    assert "06/03/2023" in clerk.get(address).text


def test_what_was_in_the_register_before_is_told_to_have_no_number_of_arrival(clerk, book):
    ended(clerk, send(clerk, ("cv.txt", letter(7))).headers["location"])
    address = send(clerk, ("cv.txt", letter(7)), ("moi.txt", letter(8)), received_on="2023-03-06").headers["location"]
    (_, _, known), (_, _, new) = ended(clerk, address)
    assert "đã có trong sổ từ trước" in known and "Chưa có số đến" in known
    assert "số đến 1 năm 2023, ngày đến 06/03/2023" in new
    (row,) = query(book, "SELECT id FROM dispatches WHERE number = '7/SKHKT-VP'")
    assert f'/documents/D{row["id"]}#arrival"' in clerk.get(address).text


@pytest.mark.parametrize("day", ["2999-01-01", "31/02/2024", "'; --"])
def test_a_day_that_cannot_be_takes_nothing_in(clerk, folder, day):
    assert send(clerk, ("cv.txt", letter(5)), received_on=day).status_code == 422
    assert not [path for path in folder.rglob("*") if path.is_file()]


def test_no_file_is_told_as_such(clerk):
    answer = send(clerk, ("", b""))
    assert answer.status_code == 422
    assert "Chưa chọn tệp" in answer.text


@pytest.mark.parametrize(
    "name",
    [
        "../../../etc/cron.d/x.txt",
        "..\\..\\boot.txt",
        "/etc/passwd",
        "a\x00b.txt",
        "q\"uote's.txt",
        "<img src=x onerror=alert(1)>.txt",
        "..",
        ".hidden",
        "~$lock.docx",
        "x" * 400 + ".txt",
        "ệ" * 200 + ".pdf",
        "\u202etxt.exe",
        "a\r\nb.txt",
    ],
)
def test_a_name_is_a_name_within_the_folder_and_nothing_else(clerk, folder, name):
    parts = (("csrf", (None, clerk.token("/uploads"))), ("files", (name, letter(6))))
    address = clerk.post("/uploads", files=parts).headers["location"]
    ended(clerk, address)
    page = clerk.get(address).text
    assert "<img" not in page
    assert "\u202e" not in page
    day = [path for path in folder.iterdir() if path.name != ".records"]
    assert [path.name.count("-") for path in day] == [2]
    (kept,) = day[0].iterdir()
    assert kept.read_bytes() == letter(6)
    assert not kept.name.startswith((".", "~"))
    assert len(kept.name.encode()) < 200


def test_names_keep_what_is_harmless():
    assert safe_name("Công văn số 12 (bản 2).pdf") == "Công văn số 12 (bản 2).pdf"
    assert safe_name("Co\u0302ng va\u0306n.pdf") == "Công văn.pdf"


def test_a_name_that_is_code_is_shown_as_words_wherever_it_stands(clerk):
    hostile = "<script>window.hit=1<'\"&.txt"
    address = send(clerk, (hostile, b"no dispatch at all")).headers["location"]
    ended(clerk, address)
    for page in (address, "/uploads", "/uploads/failures?status=refused"):
        assert "<script>window" not in clerk.get(page).text


def test_archives_tell_what_became_of_each_file_within(clerk):
    data = zipped(cv__txt=letter(7), hong__pdf=b"%PDF-1.4\n%broken", tin__txt=b"Hom nay troi dep.")
    ((name, state, result),) = ended(clerk, send(clerk, ("gói.zip", data)).headers["location"])
    assert (name, state) == ("gói.zip", "không đọc được")
    assert "7/SKHKT-VP" in result
    assert "hong.pdf: không đọc được" in result
    assert "tin.txt: bị từ chối" in result


def test_bombs_and_files_of_two_kinds_end_as_any_other(clerk, app, folder):
    """What is dangerous to read is read by a process that may die of it; the server goes on."""
    bomb = zipped(**{f"b{n}__txt": b"\0" * 50_000_000 for n in range(8)})
    polyglot = b"%PDF-1.4\n" + zipped(cv__txt=letter(8))
    found = ended(
        clerk, send(clerk, ("bom.zip", bomb), ("hai.pdf", polyglot), ("cv.txt", letter(9))).headers["location"]
    )
    assert found[0][1] in ("không đọc được", "bị từ chối")
    assert found[1][1] in ("không đọc được", "bị từ chối", "đã xong", "cần kiểm tra")
    assert "9/SKHKT-VP" in found[2][2]


# ------------------------------------------------------------------------------------------------ secrecy


def test_of_a_secret_document_nothing_is_left_and_only_its_sender_sees_its_name(clerk, app, book, folder, accounts):
    name = f"{SECRET_WORDS[0]}.docx"
    address = send(clerk, (name, secret_letter().docx()), ("cv.txt", letter(10))).headers["location"]
    found = ended(clerk, address)
    assert found[0][:2] == (name, "bị từ chối")
    assert "đã bị xóa" in found[0][2]
    assert "10/SKHKT-VP" in found[1][2]
    assert traces(folder, book.parent, accounts.parent) == []
    assert [path.name for path in folder.glob("*/*") if path.suffix == ".docx"] == []
    others = Visitor(app).sign_in("admin")
    for page in (address, f"{address}/events", "/uploads", "/uploads/failures?status=refused"):
        assert SECRET_WORDS[0] not in others.get(page).text
    assert "không ghi tên" in others.get("/uploads/failures?status=refused").text


def test_an_archive_with_a_secret_document_is_erased_too(clerk, book, folder, accounts):
    data = zipped(**{f"{SECRET_WORDS[0]}__txt": secret_letter().text().encode(), "cv__txt": letter(11)})
    ((_, _, result),) = ended(clerk, send(clerk, ("gói.zip", data)).headers["location"])
    assert "11/SKHKT-VP" in result
    assert "đã bị xóa" in result
    assert not list(folder.glob("*/*.zip"))
    assert traces(folder, book.parent, accounts.parent) == []


# ------------------------------------------------------------------------------------------------ who, and how


def test_a_form_that_is_not_ours_writes_nothing(clerk, folder):
    files = [("files", ("cv.txt", letter(12)))]
    assert clerk.post("/uploads", files=files).status_code == 403
    assert clerk.post("/uploads", files=[("csrf", (None, "0" * 64)), *files]).status_code == 403
    token = clerk.token("/uploads")
    late = [*files, ("csrf", (None, token))]
    assert clerk.post("/uploads", files=late).status_code == 403
    elsewhere = {"sec-fetch-site": "cross-site"}
    assert clerk.post("/uploads", files=[("csrf", (None, token)), *files], headers=elsewhere).status_code == 403
    assert not folder.exists() or not [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("role", ["viewer", "compliance"])
def test_who_does_not_correct_does_not_upload(app, folder, role):
    visitor = Visitor(app).sign_in(role)
    parts = [("csrf", (None, visitor.token("/account"))), ("files", ("cv.txt", letter(13)))]
    assert visitor.post("/uploads", files=parts).status_code == 403
    assert visitor.get("/uploads").status_code == 403
    failures = visitor.get("/uploads/failures")
    assert failures.status_code == 200
    assert "Đọc lại" not in failures.text
    assert not folder.exists()


def test_two_clerks_at_once_each_have_a_page_of_their_own(app, book):
    first, second = Visitor(app).sign_in("clerk"), Visitor(app).sign_in("admin")
    addresses = [send(who, *[(f"{n}.txt", letter(n)) for n in some]).headers["location"] for who, some in
                 ((first, (21, 22, 23)), (second, (31, 32, 33)))]  # fmt: skip
    for who, address, numbers in zip((first, second), addresses, ((21, 22, 23), (31, 32, 33)), strict=True):
        found = ended(who, address)
        assert [f"{n}/SKHKT-VP" in result for n, (_, _, result) in zip(numbers, found, strict=True)] == [True] * 3
    assert "Người admin" in first.get(addresses[1]).text


def test_an_upload_that_is_not_there_is_said_so(clerk):
    for path in ("/uploads/x", "/uploads/20260101-000000000000", "/uploads/..%2f..%2faccounts/events"):
        assert clerk.get(path).status_code == 404


def test_the_stream_tells_each_row_and_the_end(clerk):
    address = send(clerk, ("cv.txt", letter(14)), ("hỏng <b>.pdf", b"%PDF-1.4\n")).headers["location"]
    with clerk.stream("GET", f"{address}/events") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        told = "".join(stream.iter_text())
    events = re.findall(r"event: (\w+)", told)
    assert events[-1] == "over"
    assert {"file", "summary", "over"} == set(events)
    last = dict(re.findall(r"id: (\d)\r?\nevent: file\r?\ndata: (.*)", told))
    assert "14/SKHKT-VP" in last["1"]
    assert "không đọc được" in last["2"]
    assert "<b>" not in last["2"]
    assert "Xong cả 2 tệp" in told
    assert rows("".join(last.values()))[1][1] == "không đọc được"


# ------------------------------------------------------------------------------------------------ failures


def test_what_failed_is_listed_with_what_to_do_and_read_again_on_demand(clerk, folder):
    address = send(clerk, ("mai sau.txt", b"%PDF-1.4\n%broken")).headers["location"]
    ended(clerk, address)
    page = clerk.get("/uploads/failures").text
    assert "mai sau.txt" in page
    number = re.search(r'name="id" value="(\d+)"><button[^>]*>Đọc lại<span class="hidden"> [^<]*mai sau.txt', page)[1]
    (path,) = folder.glob("*/mai sau.txt")
    path.write_bytes(letter(15))
    again = clerk.submit("/uploads/failures", page="/uploads/failures", id=number)
    assert again.status_code == 303
    ((name, _, result),) = ended(clerk, again.headers["location"])
    assert name == "mai sau.txt"
    assert "15/SKHKT-VP" in result
    assert "mai sau.txt" not in clerk.get("/uploads/failures").text


def test_a_failure_that_is_not_there_or_gone_is_said_so(clerk, folder):
    for id_ in ("999999", "x", "-1", "1 OR 1=1"):
        assert clerk.submit("/uploads/failures", page="/uploads/failures", id=id_).status_code == 404
    ended(clerk, send(clerk, ("gone.pdf", b"%PDF-1.4\n")).headers["location"])
    (path,) = folder.glob("*/gone.pdf")
    path.unlink()
    page = clerk.get("/uploads/failures").text
    number = re.search(r'value="(\d+)"><button[^>]*>Đọc lại<span class="hidden"> [^<]*gone.pdf', page)[1]
    answer = clerk.submit("/uploads/failures", page="/uploads/failures", id=number)
    assert answer.status_code == 422
    assert "gone.pdf" in answer.text


def test_readers_without_accounts_see_failures_and_no_upload(reader):
    assert reader.get("/uploads/failures").status_code == 200
    assert reader.get("/uploads").status_code == 403
    assert "/uploads" not in reader.get("/").text.replace("/uploads/failures", "")


def test_numbers_in_the_address_do_no_harm(clerk):
    for page in ("0", "-1", "99999999999999999999", "x", "2"):
        assert clerk.get(f"/uploads/failures?page={page}&status=%27").status_code == 200


# ------------------------------------------------------------------------------------------------ a register that waits


def test_a_file_that_is_done_while_its_page_is_made_is_shown_with_its_dispatch_or_as_waiting(clerk, monkeypatch):
    from pipeline.web import uploads

    address = send(clerk, ("cv.txt", letter(17))).headers["location"]
    ended(clerk, address)
    batch = clerk.app.state.site.uploads.find(address.rpartition("/")[2])
    done, really = batch.items[0], uploads._numbers

    def meanwhile(*given):
        found = really(*given)
        batch.items[0] = done
        return found

    batch.items[0] = replace(done, state="waiting", dispatch=None)
    monkeypatch.setattr(uploads, "_numbers", meanwhile)
    [(_, state, result)] = rows(clerk.get(address).text)
    assert (state in UNFINISHED) == (result == "")
    assert "17/SKHKT-VP" in ended(clerk, address)[0][2]


def test_while_somebody_else_writes_the_file_waits_and_is_not_lost(clerk, book, monkeypatch):
    from pipeline.web import upload_queue

    monkeypatch.setattr(upload_queue, "_PAUSES", (0.2,))
    monkeypatch.setattr("pipeline.register.connection.BUSY_SECONDS", 0.2)
    monkeypatch.setattr(upload_queue, "open_register", lambda path, mode: open_register(path, mode, busy_seconds=0.2))
    blocking = sqlite3.connect(book, isolation_level=None)
    blocking.execute("BEGIN IMMEDIATE")
    address = send(clerk, ("cv.txt", letter(16))).headers["location"]
    uploads = clerk.app.state.site.uploads
    eventually(lambda: uploads.trouble is not None)
    assert "Tạm dừng" in clerk.get(address).text
    blocking.execute("ROLLBACK")
    blocking.close()
    assert "16/SKHKT-VP" in ended(clerk, address)[0][2]
    eventually(lambda: uploads.trouble is None)


def test_the_setting_names_the_folder(book, accounts, tmp_path):
    app = create_app(book, accounts, Settings(uploads=tmp_path / "kho"))
    clerk = Visitor(app).sign_in("clerk")
    ended(clerk, send(clerk, ("cv.txt", letter(17))).headers["location"])
    app.state.site.uploads.stop()
    assert len(list((tmp_path / "kho").glob("*/cv.txt"))) == 1
    records = [json.loads(path.read_bytes()) for path in (tmp_path / "kho").glob(".records/*.json")]
    assert [record["account"] for record in records] == ["clerk"]
