"""The command line: help, wrong usage, exit codes, speed of starting, output that nobody reads to its end."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from running import CONGVAN, ROOT, process


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (["khong_co"], "Không có lệnh “khong_co”"),
        (["tasks", "--khong-co"], "Không có tùy chọn --khong-co"),
        (["tasks", "--as-of", "31/02/2023"], "“31/02/2023” không phải là một ngày"),
        (["tasks", "--limit", "0"], "“0” không phải là một số từ 1 trở lên"),
        (["tasks", "--state", "late"], "Chọn một trong: overdue, upcoming"),
        (["tasks", "--as-of"], "--as-of"),
        (["show"], "Thiếu VĂN_BẢN"),
        (["show", "D1", "D2"], "Thừa: D2"),
        (["correct", "D1", "subject"], "--empty"),
        (["--lang", "de", "tasks"], "Chọn một trong: vi, en"),
    ],
)
def test_a_command_that_is_not_written_right_says_what_is_wrong_and_ends_with_2(run, line, said):
    done = run(*line)
    assert done.code == 2
    assert said in done.err
    assert "--help" in done.err
    assert not done.out


def test_a_lone_wrong_option_is_told_what_was_meant(run):
    assert "--register" in run("tasks", "--registr", "x").err


def test_help_speaks_the_language_asked_for_wherever_the_option_stands(run):
    assert "Cách dùng: congvan" in run("--help").out
    assert "Usage: congvan overdue" in run("overdue", "--help", "--lang=en").out
    assert "Usage: congvan overdue" in run("--lang", "en", "overdue", "--help").out


def test_the_environment_can_ask_for_english(run, monkeypatch):
    monkeypatch.setenv("CONGVAN_LANG", "en")
    assert "There is no command" in run("khong_co").err


def test_no_register_yet_says_what_to_do(run, tmp_path):
    for line in (["tasks"], ["overdue"], ["show", "D1"], ["failures"], ["review"], ["backup"], ["reextract"]):
        done = run(*line)
        assert done.code == 1, line
        assert str(tmp_path / "register.db") in done.err
        assert "congvan ingest" in done.err


def test_a_fault_of_the_program_is_told_without_its_words(run, monkeypatch):
    import pipeline.register

    def broken(*_):
        raise ValueError("words of a document")

    monkeypatch.setattr(pipeline.register, "open_register", broken)
    done = run("tasks")
    assert done.code == 1
    assert "ValueError" in done.err and "test_usage.py" in done.err
    assert "words of a document" not in done.err


def test_starting_imports_no_heavy_library():
    code = (
        "import sys, pipeline.cli; pipeline.cli.run(['--help']);"
        "heavy = {'spacy', 'pypdfium2', 'pdfplumber', 'docx', 'lxml', 'pandas', 'sqlite_utils', 'rich', 'extractors'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_help_is_there_at_once():
    best = min(_seconds("--help") for _ in range(3))
    assert best < 0.6  # 0.15 s on an idle machine


def _seconds(*args):
    start = time.perf_counter()
    assert process(*args).code == 0
    return time.perf_counter() - start


def test_a_reader_that_stops_early_is_no_error_worth_a_word():
    writer = subprocess.Popen(
        [*CONGVAN, "extract", *["/nowhere"] * 3000, "--workers", "0"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip
    assert writer.stdout.readline().startswith('{"source": "/nowhere"')
    writer.stdout.close()
    assert writer.stderr.read() == ""
    assert writer.wait(60) == 141


def test_version_tells_which_extractors_read(run):
    assert run("--version").out.startswith("congvan 0.1.0-")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_where_there_is_no_room_for_the_answer_that_is_said():
    command = [*CONGVAN, "evaluate", "--help"]
    with open("/dev/full", "wb") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, cwd=ROOT, env=os.environ)
    assert done.returncode == 1
    assert "đã đầy" in done.stderr
    assert "Traceback" not in done.stderr and "Exception" not in done.stderr


def test_who_has_read_enough_of_a_table_has_made_nothing_fail(tmp_path):
    made = [*CONGVAN, "config"]
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(made, stdout=writer, stderr=subprocess.PIPE, text=True, cwd=ROOT, env=os.environ)
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, "")
