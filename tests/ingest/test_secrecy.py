"""A document with a secrecy mark leaves nothing behind: not in the register, a log, a report or a temporary folder."""

import os
import pickle
import sqlite3
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from letters import Letter

import extractors.dispatch
from extractors.text import fold
from pipeline.register import failures, open_register
from pipeline.worker import read_file

ROOT = Path(__file__).parent.parent.parent
MARKS = ("MẬT", "TỐI MẬT", "TUYỆT MẬT")
ENDINGS = ("pdf", "docx", "txt", "html")
# words that stand nowhere else, one plain and one with accents, in every line that a reader could keep
WORDS = ("zuvoxarid", "quỷnhđẵmvượk")


def secret(mark):
    first, second = WORDS
    return Letter(
        number="77/SKHKT-VP",
        stamp=mark,
        subject=f"kiểm kê kho {first} và {second}",
        addressee=f"Ủy ban nhân dân huyện {first.title()}",
        body=[
            f"Sở Khoa học Kỹ thuật đề nghị Ủy ban nhân dân huyện {second.title()}:",
            f"1. Kiểm kê kho {first}, báo cáo Sở trước ngày 20/3/2023.",
            f"2. Chuyển kho {second} về tỉnh trong quý II/2023.",
        ],
    )


def spellings():
    """The words as bytes in every spelling and encoding that a program might have written."""
    forms = set()
    for word in WORDS:
        for form in (word, word.upper(), word.title(), fold(word), fold(word).upper()):
            forms |= {form, unicodedata.normalize("NFD", form), unicodedata.normalize("NFC", form)}
    escaped = {form.encode("ascii", "backslashreplace") for form in forms}
    return escaped | {form.encode(code) for form in forms for code in ("utf-8", "utf-16-le", "utf-16-be")}


def traces(folder):
    """Files below a folder that hold one of the words, in content or name."""
    found = []
    for path in Path(folder).rglob("*"):
        name = os.fsencode(path.name)
        content = path.read_bytes() if path.is_file() else b""
        found += [(path, word) for word in spellings() if word in content or word in name]
    return found


@pytest.fixture
def places(tmp_path):
    """Where a run may write: its folder, home, temporary folder; and the inbox, which holds the secrets."""
    made = {name: tmp_path / "world" / name for name in ("work", "home", "tmp")}
    for path in made.values():
        path.mkdir(parents=True)
    return made | {"world": tmp_path / "world", "inbox": tmp_path / "inbox"}


def congvan(places, *args):
    env = {
        "HOME": str(places["home"]),
        "TMPDIR": str(places["tmp"]),
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-m", "pipeline.cli", *map(str, args)],
        cwd=places["work"], env=env, capture_output=True, timeout=120,
    )  # fmt: skip
    (places["world"] / "log").write_bytes(done.stdout + done.stderr)
    return done


@pytest.mark.parametrize("ending", ENDINGS)
def test_nothing_of_a_secret_document_is_kept(places, ending):
    for n, mark in enumerate(MARKS):
        secret(mark).write(places["inbox"] / f"{WORDS[0]}-{n}.{ending}")
    Letter().write(places["inbox"] / "thuong.txt")
    done = congvan(places, "ingest", places["inbox"], "--register", "outputs/register.db")
    assert done.returncode == 0, done.stderr.decode()
    assert not traces(places["world"])
    with open_register(places["work"] / "outputs" / "register.db") as register:
        assert [row["code"] for row in failures(register)] == ["secrecy"] * 3
        # while the register is open its WAL and shared memory are there as well
        assert not traces(places["world"])


@pytest.fixture
def ingest(places, run):
    """An ingest in this process into the test's own register, which lies where nothing may be found."""
    return lambda: run("ingest", places["inbox"], "--register", places["work"] / "r.db", "--workers", 0, "--json")


def test_what_lists_refused_files_tells_nothing_of_a_secret_one(places, ingest, run):
    secret("TỐI MẬT").write(places["inbox"] / f"{WORDS[0]}.txt")
    assert not [w for w in spellings() if w in (ingest().err).encode()]
    for line in (["failures"], ["failures", "--json"], ["issues"], ["review"], ["search", WORDS[0]], ["dispatches"]):
        done = run(*line, "--register", places["work"] / "r.db")
        if line[0] != "search":
            assert not [w for w in spellings() if w in (done.out + done.err).encode()], line
        else:
            assert "(không có)" in done.out


def test_a_document_that_became_secret_is_erased_as_it_is_refused(places, ingest):
    path = secret("").write(places["inbox"] / "a.txt")
    ingest()
    assert traces(places["world"])
    secret("MẬT").write(path)
    ingest()
    with open_register(places["work"] / "r.db") as register:
        assert [row["code"] for row in failures(register)] == ["secrecy"]


def test_nothing_of_a_secret_document_leaves_the_reading_process(places):
    path = secret("MẬT").write(places["inbox"] / "a.docx")
    sent = pickle.dumps(read_file(str(path)))
    assert b"secrecy" in sent
    assert not [word for word in spellings() if word in sent]


@pytest.mark.parametrize("again", ["ingest", "reextract"])
def test_a_stamp_that_an_earlier_version_missed_takes_every_word_out(places, ingest, run, monkeypatch, again):
    register = places["work"] / "r.db"
    secret("MẬT").write(places["inbox"] / "a.txt")
    Letter().write(places["inbox"] / "thuong.txt")
    with monkeypatch.context() as earlier:
        earlier.setattr(extractors.dispatch, "find_secrecy", lambda document: None)
        assert ingest().json()["read"] == 2
    run("search", WORDS[0], "--register", register)
    assert traces(places["world"])
    with sqlite3.connect(register) as connection:
        connection.executescript("UPDATE files SET version = 'old'; UPDATE dispatches SET version = 'old'")
    if again == "ingest":
        os.utime(places["inbox"] / "a.txt", (1, 1))
        ingest()
    else:
        assert run("reextract", "--register", register, "--workers", 0).code == 0
    assert not traces(places["world"])
    assert len(run("dispatches", "--register", register, "--json").json()) == 1


def test_a_secret_document_is_not_read_again_while_it_does_not_change(places, ingest):
    secret("MẬT").write(places["inbox"] / "a.txt")
    ingest()
    assert ingest().json()["unchanged"] == 1
    with open_register(places["work"] / "r.db") as register:
        assert len(failures(register)) == 1


@pytest.mark.parametrize(
    "words",
    [
        "tăng cường công tác bảo mật thông tin",
        "phổ biến Luật Bảo vệ bí mật nhà nước",
        "quản lý tài liệu có dấu MẬT",
        "tuyệt đối giữ bí mật nguồn tin",
    ],
)
def test_a_dispatch_that_only_speaks_of_secrets_is_read(places, ingest, words):
    letter = Letter(
        subject=words, body=[f"Sở đề nghị Ủy ban nhân dân các huyện {words}, báo cáo trước ngày 20/3/2023."]
    )
    letter.write(places["inbox"] / "a.docx")
    assert ingest().json()["read"] == 1
