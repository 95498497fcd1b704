"""`congvan extract`: one JSON object a line and file, in order, and no database."""

import json
import os
import subprocess

import pytest
from letters import NEWS, Letter, pdf_of
from running import CONGVAN, ROOT

import extractors.dispatch


def test_rows_come_in_the_order_of_the_files_under_the_names_given(run, tmp_path):
    names = [f"{n}.{ending}" for n, ending in enumerate(("txt", "html", "docx", "pdf"))]
    paths = [Letter(number=f"{n + 10}/SKHKT-VP").write(tmp_path / name) for n, name in enumerate(names)]
    done = run("extract", *paths)
    assert done.code == 0
    rows = done.json_lines()
    assert [row["source"] for row in rows] == [str(p) for p in paths]
    assert all(row["is_dispatch"] for row in rows)
    assert [row["document"]["number"] for row in rows] == ["10/SKHKT-VP", "11/SKHKT-VP", "12/SKHKT-VP", "13/SKHKT-VP"]


def test_a_row_has_the_shape_of_the_gold(run, tmp_path):
    (row,) = run("extract", "--workers", 0, Letter().write(tmp_path / "a.txt")).json_lines()
    assert set(row) >= {"source", "is_dispatch", "document", "obligations", "medium"}
    assert set(row["document"]) == {
        "type", "number", "symbol", "issued_on", "place", "issuer", "subject", "addressees", "recipients", "signer",
        "urgency", "secrecy", "citations",
    }  # fmt: skip
    assert row["document"]["issued_on"] == "2023-03-05"
    deadlines = [d for o in row["obligations"] for d in o["deadlines"]]
    assert {d["due"] for d in deadlines} == {"2023-03-20", "2023-06-30"}


def test_options_that_other_commands_take_do_no_harm(run, tmp_path):
    path = Letter().write(tmp_path / "a.txt")
    assert run("extract", "--workers", 0, path, "--json", "--register", tmp_path / "r.db").code == 0
    assert not (tmp_path / "r.db").exists()


def test_accents_are_written_as_they_are(run, tmp_path):
    assert "rà soát danh mục thiết bị" in run("extract", "--workers", 0, Letter().write(tmp_path / "a.txt")).out


def test_no_field_comes_from_the_name_of_the_file(run, tmp_path):
    a = Letter().write(tmp_path / "a.txt")
    b = Letter().write(tmp_path / "99_QD-BTC ngay 01-02-2020 Bo Tai chinh.txt")
    first, second = run("extract", "--workers", 0, a, b).json_lines()
    assert first | {"source": ""} == second | {"source": ""}


def test_what_cannot_be_read_or_is_refused_is_an_error_row_and_exit_code_1(run, tmp_path):
    (tmp_path / "news.txt").write_text(NEWS)
    (tmp_path / "empty.pdf").write_bytes(b"")
    (tmp_path / "locked.pdf").write_bytes(pdf_of(["x"], password="khoa"))
    good = Letter().write(tmp_path / "good.txt")
    done = run(
        "extract",
        "--workers",
        0,
        tmp_path / "news.txt",
        tmp_path / "empty.pdf",
        tmp_path / "locked.pdf",
        tmp_path / "no",
        good,
    )
    assert done.code == 1
    rows = done.json_lines()
    assert [row["is_dispatch"] for row in rows] == [False, None, None, None, True]
    codes = [row["error"]["code"] for row in rows[:4]]
    assert codes[0].startswith("not_dispatch")
    assert codes[1:] == ["empty_file", "encrypted_file", "nothing_there"]
    for row in rows[:4]:
        assert set(row) == {"source", "is_dispatch", "error"}
        assert row["error"]["message"] != row["error"]["code"]
    assert f"Không có {tmp_path / 'no'}" in rows[3]["error"]["message"]


def test_messages_of_error_rows_speak_the_language_asked_for(run, tmp_path):
    (row,) = run("extract", "--workers", 0, "--lang", "en", tmp_path / "no").json_lines()
    assert "There is no" in row["error"]["message"]


def test_a_fault_of_the_program_is_that_files_error_without_its_words(run, tmp_path, monkeypatch):
    def broken(document, mentions):
        if "MƯỜI" in document.text:
            raise KeyError(document.text)
        return extract(document, mentions)

    extract = extractors.dispatch.extract_dispatch
    monkeypatch.setattr(extractors.dispatch, "extract_dispatch", broken)
    bad = Letter(subject="việc số MƯỜI").write(tmp_path / "bad.txt")
    done = run("extract", "--workers", 0, bad, Letter().write(tmp_path / "good.txt"))
    rows = done.json_lines()
    assert rows[0]["error"]["code"] == "internal"
    assert "KeyError" in rows[0]["error"]["message"] and "MƯỜI" not in done.out
    assert rows[1]["is_dispatch"]


def test_a_document_with_a_secrecy_mark_shows_nothing_of_itself(run, tmp_path):
    path = Letter(stamp="MẬT", subject="việc khongaiduocbiet").write(tmp_path / "a.txt")
    done = run("extract", "--workers", 0, path)
    assert done.code == 1
    assert json.loads(done.out)["error"]["code"] == "secrecy"
    assert "khongaiduocbiet" not in done.out + done.err


@pytest.mark.parametrize("words", ["thực hiện công tác bảo mật", "bảo vệ bí mật nhà nước", "tuyệt đối giữ bí mật"])
def test_a_dispatch_that_speaks_of_secrets_is_read(run, tmp_path, words):
    assert run("extract", "--workers", 0, Letter(subject=words).write(tmp_path / "a.txt")).code == 0


def test_a_name_that_is_no_utf8_is_shown_with_escapes(tmp_path):
    path = os.fsencode(tmp_path) + b"/v\xe3n.txt"
    os.rename(Letter().write(tmp_path / "a.txt"), path)
    done = subprocess.run([*CONGVAN, "extract", "--workers", "0", path], capture_output=True, cwd=ROOT, check=True)
    row = json.loads(done.stdout.decode("utf-8"))
    assert row["is_dispatch"] and row["source"] == os.fsdecode(path)


def test_the_bodies_that_a_text_speaks_of_are_told_with_the_first_place(run, tmp_path):
    body = ["Theo ý kiến của Bộ TN&MT, Sở đề nghị các huyện gửi số liệu trước ngày 20/5/2023.", "Bộ Y tế, Bộ TNMT."]
    path = Letter(body=body).write(tmp_path / "a.txt")
    (row,) = run("extract", "--mentions", "--workers", 0, path).json_lines()
    told = {m["id"]: m for m in row["mentions"]}
    assert {id: m["count"] for id, m in told.items()} == {"BTNMT": 2, "BYT": 1}
    assert told["BTNMT"]["name"] == "Bộ Tài nguyên và Môi trường"
    start, end = told["BTNMT"]["span"]
    assert path.read_text("utf-8")[start:end] == "Bộ TN&MT"
    (plain,) = run("extract", "--workers", 0, path).json_lines()
    assert plain == {key: value for key, value in row.items() if key != "mentions"}
