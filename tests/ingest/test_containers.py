"""Archives and mails in the register: each file in them is a file of its own, and is read once."""
# ruff: noqa: F401, F811 (a fixture of another module)

import json
import os
import signal
import sqlite3
import zipfile
from pathlib import Path

import pytest
from letters import Letter
from parcels import mail, zip_of
from test_secrecy import WORDS, congvan, places, secret, spellings, traces

import extractors.dispatch
import pipeline.ingest
import pipeline.reading.holding
import pipeline.worker
from pipeline.ingest import ingest
from pipeline.register import backup, check, dispatches, failures, open_register, outdated, restore, review, show
from pipeline.workers import Workers

ONE, TWO, THREE = (Letter(number=f"{n}/SKHKT-VP", subject=f"việc thứ {n}") for n in (1, 2, 3))
NOW = "2026-01-01T00:00:00+07:00"


@pytest.fixture
def inbox(tmp_path):
    (tmp_path / "hop").mkdir()
    return tmp_path / "hop"


@pytest.fixture
def entered(inbox, tmp_path, run):
    """`entered()` ingests the inbox and gives the summary."""
    return lambda *more: run("ingest", inbox, "--workers", 0, "--lenient", "--json", *more).json()


@pytest.fixture
def read_now(monkeypatch):
    """The members that are read, one by one."""
    names = []
    read = pipeline.worker.read_member

    def noted(path, member, *rest):
        names.append(member)
        return read(path, member, *rest)

    monkeypatch.setattr(pipeline.ingest, "read_member", noted)
    return names


def current_paths(register):
    rows = register.rows("SELECT path FROM file_paths WHERE is_current AND member IS NOT NULL ORDER BY id")
    return [row["path"].partition("hop/")[2] for row in rows]


def failed(register):
    return {row["path"].partition("hop/")[2]: row["code"] for row in failures(register)}


@pytest.fixture
def register(tmp_path):
    return tmp_path / "register.db"


# ------------------------------------------------------------------ what becomes of what lies inside


def test_each_attachment_is_a_file_of_its_own_that_knows_where_it_came_from(inbox, entered, register, run):
    attachments = ("Công văn 1.docx", ONE.docx()), ("so-2.txt", TWO.text().encode())
    (inbox / "thu.eml").write_bytes(mail(*attachments))
    done = entered()
    assert (done["files"], done["read"], done["refused"], done["dispatches"]) == (4, 3, 1, 2)
    path = f"{inbox}/thu.eml/::/Công văn 1.docx"
    with open_register(register) as opened:
        shown = show(opened, path)
        (file,) = shown["files"]
        assert (shown["document"]["number"], file["paths"], file["received_on"]) == ("1/SKHKT-VP", [path], "2025-01-17")
        row = opened.one("SELECT * FROM file_paths WHERE path = ?", (path,))
        container = opened.one("SELECT * FROM files WHERE id = ?", (row["container_id"],))
        assert row["member"] == "Công văn 1.docx"
        assert (container["format"], container["status"]) == ("eml", "read")
        assert opened.one("SELECT size FROM files WHERE id = ?", (row["file_id"],))["size"] == len(ONE.docx())
        assert failed(opened) == {"thu.eml/::/body": "not_dispatch.mail"}
        assert check(opened) == []
    assert "17/01/2025" in run("show", path).out
    assert "thu.eml/::/body" in run("failures").out


def test_that_a_mail_itself_is_no_dispatch_is_a_row_and_no_news(inbox, run):
    (inbox / "thu.eml").write_bytes(mail(("1.docx", ONE.docx()), ("rong.txt", b"")))
    err = run("ingest", inbox, "--workers", 0).err
    assert "rong.txt" in err and "body" not in err
    assert "thư điện tử" in run("failures").out


def test_a_dispatch_that_is_the_text_of_a_mail_is_read(inbox, entered, register):
    (inbox / "thu.eml").write_bytes(mail(text=ONE.text()))
    assert entered()["dispatches"] == 1
    with open_register(register) as opened:
        assert current_paths(opened) == ["thu.eml/::/body"]


def test_mails_in_archives_and_archives_in_mails_are_read(inbox, entered, register):
    inner = mail(("hai.zip", zip_of(("thu muc/2.pdf", TWO.pdf()))), text=" ")
    (inbox / "a.zip").write_bytes(zip_of(("1.txt", ONE.text().encode()), ("goc.eml", inner)))
    assert entered()["dispatches"] == 2
    with open_register(register) as opened:
        assert current_paths(opened) == ["a.zip/::/1.txt", "a.zip/::/goc.eml/::/hai.zip/::/thu muc/2.pdf"]


def test_the_same_attachment_in_two_mails_is_one_dispatch_with_two_files(inbox, entered, register):
    paper = ONE.docx()  # once: it holds the time at which it was made
    for name in ("a.eml", "b.eml"):
        (inbox / name).write_bytes(mail(("1.docx", paper), text=f"gửi {name}"))
    (inbox / "c.docx").write_bytes(paper)
    done = entered()
    assert (done["dispatches"], done["same"]) == (1, 2)
    with open_register(register) as opened:
        (file,) = show(opened, "1/SKHKT-VP")["files"]
        assert sorted(p.partition("hop/")[2] for p in file["paths"]) == ["a.eml/::/1.docx", "b.eml/::/1.docx", "c.docx"]


def test_what_is_wrong_with_one_member_is_its_row_and_the_others_are_read(inbox, entered, register, run):
    link = zipfile.ZipInfo("lien-ket.txt")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    deep = zip_of(("a.zip", zip_of(("a.zip", zip_of(("1.txt", b"x"))))))
    members = [
        ("../ra-ngoai.txt", b"x"), (link, b"1.txt"), ("cat.pdf", ONE.pdf()[:500]), ("rong.txt", b""),
        ("nen.rar", b"Rar!\x1a\x07\x01\x00" + bytes(50)), ("sau.zip", deep), ("thu.zip", b"PK\x03\x04xx"),
        ("winmail.dat", b"\x78\x9f\x3e\x22" + bytes(50)), ("2.txt", TWO.text().encode()),
    ]  # fmt: skip
    (inbox / "a.zip").write_bytes(zip_of(*members))
    assert entered()["dispatches"] == 1
    with open_register(register) as opened:
        assert failed(opened) == {
            "a.zip/::/__/ra-ngoai.txt": "unsafe_member",
            "a.zip/::/lien-ket.txt": "unsafe_member",
            "a.zip/::/cat.pdf": "damaged_file",
            "a.zip/::/rong.txt": "empty_file",
            "a.zip/::/nen.rar": "unopened_archive",
            "a.zip/::/sau.zip/::/a.zip/::/a.zip": "too_deep",
            "a.zip/::/thu.zip": "damaged_file",
            "a.zip/::/winmail.dat": "outlook_mail",
        }
    words = " ".join(run("failures").out.split())
    for told in ("nén lại thành ZIP", "lưu thư thành .eml", "quá 3 lớp", "a.zip/::/nen.rar"):
        assert told in words
    assert run("ingest", inbox, "--workers", 0).code == 1


@pytest.mark.parametrize("data", [zip_of(), zip_of((".DS_Store", b"x")), mail(text="  ")])
def test_a_container_without_anything_to_read_is_told(inbox, entered, register, run, data):
    (inbox / "rong").write_bytes(data)
    assert entered()["failed"] == 1
    with open_register(register) as opened:
        assert failed(opened) == {"rong": "nothing_inside"}
    assert "không có văn bản nào" in run("failures").out
    assert entered()["unchanged_failed"] == 1


def test_what_is_passed_over_is_counted_not_failed(inbox, entered):
    (inbox / "a.zip").write_bytes(zip_of(("1.txt", ONE.text().encode()), ("__MACOSX/._1.txt", b"x"), (".x", b"x")))
    done = entered()
    assert (done["ignored"], done["failed"], done["read"]) == (2, 0, 2)


# ------------------------------------------------------------------ the second time


def test_a_container_that_did_not_change_is_not_opened_again(inbox, entered, monkeypatch):
    (inbox / "a.zip").write_bytes(zip_of(("1.txt", ONE.text().encode()), ("2.txt", TWO.text().encode()), ("x", b"x y")))
    assert entered()["read"] == 3
    for module in (pipeline.worker, pipeline.reading.holding):
        monkeypatch.setattr(module, "read_bytes", None)
    done = entered()
    assert (done["files"], done["unchanged"], done["read"], done["refused"]) == (4, 4, 0, 0)


def test_a_moved_container_is_opened_and_nothing_in_it_read_again(inbox, entered, register, read_now):
    (inbox / "a.zip").write_bytes(zip_of(("1.txt", ONE.text().encode()), ("2.txt", TWO.text().encode())))
    entered()
    (inbox / "a.zip").rename(inbox / "b.zip")
    read_now.clear()
    assert entered()["same"] == 2
    assert read_now == []
    with open_register(register) as opened:
        assert f"{inbox}/b.zip/::/1.txt" in show(opened, "1/SKHKT-VP")["files"][0]["paths"]
    assert entered()["unchanged"] == 3


def test_of_a_changed_container_only_what_is_new_is_read_and_what_is_gone_stands_there_no_more(
    inbox, entered, register, read_now
):
    path = inbox / "a.zip"
    path.write_bytes(zip_of(("1.txt", ONE.text().encode()), ("2.txt", TWO.text().encode()), ("hong.pdf", b"%PDF-1 x")))
    assert entered()["failed"] == 1
    read_now.clear()
    path.write_bytes(zip_of(("1.txt", ONE.text().encode()), ("3.txt", THREE.text().encode())))
    entered()
    assert read_now == ["3.txt"]
    with open_register(register) as opened:
        assert current_paths(opened) == ["a.zip/::/1.txt", "a.zip/::/3.txt"]
        assert len(dispatches(opened)) == 3
        assert failed(opened) == {}


def test_a_member_whose_bytes_changed_is_read_again(inbox, entered, register):
    path = inbox / "a.zip"
    path.write_bytes(zip_of(("1.txt", ONE.text().encode())))
    entered()
    path.write_bytes(zip_of(("1.txt", TWO.text().encode())))
    entered()
    with open_register(register) as opened:
        assert show(opened, f"{path}/::/1.txt")["document"]["number"] == "2/SKHKT-VP"


def crash(path, member, *rest):
    """A reader that dies on one member."""
    if member == "2.txt":
        os.kill(os.getpid(), signal.SIGKILL)
    return read_member(path, member, *rest)


read_member = pipeline.worker.read_member


def test_a_member_that_kills_its_reader_costs_itself_only_and_alone_is_tried_again(
    inbox, entered, register, monkeypatch, read_now
):
    letters = [(f"{n}.txt", one.text().encode()) for n, one in enumerate((ONE, TWO, THREE), 1)]
    (inbox / "a.zip").write_bytes(zip_of(*letters))
    with monkeypatch.context() as deadly:
        deadly.setattr(pipeline.ingest, "read_member", crash)
        with open_register(register, "create") as opened, Workers(2, timeout=30) as workers:
            files = [str(inbox / "a.zip")]
            seen = list(ingest(opened, files, workers, workers=2, version="v", clock=lambda: NOW))
            assert [(os.path.basename(s.path), s.status) for s in seen] == [
                ("a.zip", "read"), ("1.txt", "read"), ("3.txt", "read"), ("2.txt", "failed"),
            ]  # fmt: skip
            assert failed(opened) == {"a.zip/::/2.txt": "crashed"}
    assert entered()["dispatches"] == 3
    assert read_now == ["2.txt"]
    with open_register(register) as opened:
        assert failed(opened) == {}


def test_a_run_cut_short_within_a_container_opens_it_again(inbox, entered, monkeypatch, run, read_now):
    letters = [(f"{n}.txt", one.text().encode()) for n, one in enumerate((ONE, TWO, THREE), 1)]
    (inbox / "a.zip").write_bytes(zip_of(*letters))
    save = pipeline.ingest.save_dispatch

    def stopped(register, path, *args, **kwargs):
        if path.endswith("2.txt"):
            raise KeyboardInterrupt
        return save(register, path, *args, **kwargs)

    with monkeypatch.context() as keyboard:
        keyboard.setattr(pipeline.ingest, "save_dispatch", stopped)
        assert run("ingest", inbox, "--workers", 0).code == 130
    read_now.clear()
    assert entered()["dispatches"] == 3
    assert read_now == ["2.txt", "3.txt"]


def test_another_version_looks_again_at_what_was_refused_and_at_nothing_else(inbox, register, read_now):
    (inbox / "thu.eml").write_bytes(mail(("1.txt", ONE.text().encode())))
    files = [str(inbox / "thu.eml")]
    with open_register(register, "create") as opened:
        executor = pipeline.workers.Inline()
        for version in ("1", "1", "2", "2"):
            list(ingest(opened, files, executor, workers=1, version=version, clock=lambda: NOW))
        assert read_now == ["body", "1.txt", "body"]
        assert [row["paths"] for row in outdated(opened, "2")] == [[f"{files[0]}/::/1.txt"]]


def test_the_path_of_a_member_names_its_container(inbox, register, run):
    (inbox / "a.zip").write_bytes(zip_of(("1.txt", ONE.text().encode()), ("2.txt", TWO.text().encode())))
    assert run("ingest", f"{inbox}/a.zip/::/2.txt", "--workers", 0).code == 0
    with open_register(register) as opened:
        assert len(dispatches(opened)) == 2
    assert run("ingest", f"{inbox}/b.zip/::/2.txt", "--workers", 0).code == 1


def test_a_file_in_a_folder_of_the_separators_name_is_a_file(inbox, entered, register):
    (inbox / "::").mkdir()
    (inbox / "::" / "1.txt").write_text(ONE.text())
    assert entered()["read"] == 1
    with open_register(register) as opened:
        assert show(opened, f"{inbox}/::/1.txt")["document"]["number"] == "1/SKHKT-VP"
        assert opened.rows("SELECT * FROM file_paths WHERE member IS NOT NULL") == []


def test_the_register_with_containers_is_backed_up_and_extracted_anew(inbox, entered, register, run, tmp_path):
    (inbox / "thu.eml").write_bytes(mail(("1.txt", ONE.text().encode())))
    entered()
    with open_register(register) as opened:
        before = list(opened.connection.execute("SELECT * FROM file_paths"))
    assert run("reextract", "--all", "--workers", 0).code == 0
    backup(register, tmp_path / "copy.db")
    restore(tmp_path / "copy.db", register, now=NOW)
    with open_register(register) as opened:
        assert [tuple(row) for row in opened.connection.execute("SELECT * FROM file_paths")] == [*map(tuple, before)]
        assert check(opened) == []


def test_the_day_of_the_mail_is_proposed_where_a_letter_bears_none(inbox, entered, register):
    text = ONE.text().replace("ngày 05 tháng 03 năm 2023", "ngày    tháng    năm 2025")
    (inbox / "thu.eml").write_bytes(mail(("1.txt", text.encode()), ("2.txt", TWO.text().encode())))
    entered()
    with open_register(register) as opened:
        (row,) = [row for row in review(opened) if row["what"] == "inferred"]
        assert (row["value"], row["rule"], row["why"]) == ("2025-01-17", "inferred.mail_date", "thu.eml: 2025-01-17")
        assert show(opened, row["dispatch"])["document"]["number"] == "1/SKHKT-VP"


# ------------------------------------------------------------------ secrecy


def hidden(ending):
    """A secret document within a mail within an archive, under names that tell what it is about."""
    letter = secret("MẬT")
    content = {"txt": letter.text().encode(), "docx": letter.docx(), "pdf": letter.pdf()}[ending]
    thu = mail((f"{WORDS[0]}.{ending}", content), text=" ")
    return zip_of((f"{WORDS[1]}/{WORDS[0]}.eml", thu), ("1.txt", ONE.text().encode()))


@pytest.mark.parametrize("ending", ["txt", "docx", "pdf"])
def test_nothing_of_a_secret_member_is_kept_not_even_its_name(places, ending):
    places["inbox"].mkdir()
    (places["inbox"] / "a.zip").write_bytes(hidden(ending))
    for _ in range(2):
        done = congvan(places, "ingest", places["inbox"], "--register", "outputs/register.db")
        assert done.returncode == 0, done.stderr.decode()
        assert not traces(places["world"])
    assert congvan(places, "extract", places["inbox"] / "a.zip").returncode == 1
    assert not traces(places["world"])
    with open_register(places["work"] / "outputs" / "register.db") as register:
        (row,) = failures(register)
        inode = (places["inbox"] / "a.zip").stat().st_ino
        assert (row["code"], row["path"], row["details"]) == ("secrecy", f"{places['inbox']}/a.zip", {"inode": inode})
        assert [d["number"] for d in dispatches(register)] == ["1/SKHKT-VP"]
        assert not traces(places["world"])


@pytest.mark.parametrize("again", ["ingest", "reextract"])
def test_a_stamp_on_a_member_that_an_earlier_version_missed_takes_every_word_out(
    places,
    run,
    monkeypatch,
    again,
):
    register = places["work"] / "r.db"
    places["inbox"].mkdir()
    (places["inbox"] / "a.zip").write_bytes(hidden("txt"))
    line = ("ingest", places["inbox"], "--register", register, "--workers", 0, "--json")
    with monkeypatch.context() as earlier:
        earlier.setattr(extractors.dispatch, "find_secrecy", lambda document: None)
        assert run(*line).json()["dispatches"] == 2
    assert traces(places["world"])
    with sqlite3.connect(register) as connection:
        connection.executescript("UPDATE files SET version = 'old'; UPDATE dispatches SET version = 'old'")
    if again == "ingest":
        (places["inbox"] / "a.zip").touch()
        done = run(*line)
    else:
        done = run("reextract", "--register", register, "--workers", 0)
        assert done.code == 0
    assert not [word for word in spellings() if word in (done.out + done.err).encode()]
    assert "a.zip/…" in done.err
    assert not traces(places["world"])
    with open_register(register) as opened:
        assert [row["path"] for row in failures(opened)] == [f"{places['inbox']}/a.zip"]
        assert len(dispatches(opened)) == 1


# ------------------------------------------------------------------ congvan extract


def test_extract_prints_a_row_for_each_member_with_its_origin(inbox, run):
    (inbox / "thu.eml").write_bytes(mail(("1.txt", ONE.text().encode()), ("2.docx", TWO.docx())))
    done = run("extract", inbox / "thu.eml", "--workers", 0)
    body, first, second = done.json_lines()
    assert done.code == 0  # that the mail itself is no dispatch is no error
    assert body["is_dispatch"] is False and body["source"] == f"{inbox}/thu.eml/::/body"
    assert [r["document"]["number"] for r in (first, second)] == ["1/SKHKT-VP", "2/SKHKT-VP"]
    assert first["origin"] == {"container": f"{inbox}/thu.eml", "member": "1.txt", "received_on": "2025-01-17"}


def test_extract_reads_the_one_member_that_is_asked_for(inbox, run):
    inner = zip_of(("2.txt", TWO.text().encode()), ("3.txt", THREE.text().encode()))
    (inbox / "a.zip").write_bytes(zip_of(("1.txt", ONE.text().encode()), ("b.zip", inner)))
    (row,) = run("extract", f"{inbox}/a.zip/::/b.zip/::/3.txt", "--workers", 0).json_lines()
    assert row["document"]["number"] == "3/SKHKT-VP"
    rows = run("extract", f"{inbox}/a.zip/::/b.zip", inbox / "a.zip", "--workers", 2).json_lines()
    assert [row["document"]["number"][0] for row in rows] == list("23123")
    (row,) = run("extract", f"{inbox}/a.zip/::/4.txt", "--workers", 0).json_lines()
    assert row["error"]["code"] == "nothing_there"


def test_extract_tells_what_is_wrong_with_a_container_or_a_member(inbox, run):
    (inbox / "a.zip").write_bytes(zip_of(("../a.txt", b"x"), ("1.txt", ONE.text().encode())))
    (inbox / "b.zip").write_bytes(zip_of())
    done = run("extract", inbox / "a.zip", inbox / "b.zip", "--workers", 0)
    assert done.code == 1
    assert [row.get("error", {}).get("code") for row in done.json_lines()] == ["unsafe_member", None, "nothing_inside"]
    assert all(row["error"]["message"] for row in done.json_lines() if "error" in row)


def test_nothing_is_unpacked_onto_the_disk(places):
    places["inbox"].mkdir()
    (places["inbox"] / "a.zip").write_bytes(zip_of((f"{WORDS[0]}.pdf", secret("").pdf())))
    rows = congvan(places, "extract", places["inbox"] / "a.zip").stdout
    assert json.loads(rows)["is_dispatch"]
    (places["world"] / "log").unlink()
    assert [p for p in Path(places["world"]).rglob("*") if p.is_file() and p.name != "log"] == []
    assert not traces(places["world"])
