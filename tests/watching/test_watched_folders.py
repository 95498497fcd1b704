"""Files that appear in a folder: handed on when they are fully written, and none of them lost."""

import os
import signal
import subprocess
import threading
import time

import pytest
from letters import Letter
from running import CONGVAN

from pipeline.errors import RegisterMissing
from pipeline.register import dispatches, open_register
from pipeline.watching.folder import batches, is_being_written, is_document

LONG = 30


class Watch(threading.Thread):
    """What `batches` hands on, gathered while the test does other things."""

    def __init__(self, folder, **options):
        super().__init__(daemon=True)
        self.stop = threading.Event()
        self.found = []
        self._watched = batches([str(folder)], self.stop, **{"quiet": 0.4} | options)

    def run(self):
        for batch in self._watched:
            self.found.append(batch)

    def names(self):
        return [os.path.basename(path) for batch in self.found for path in batch]

    def until(self, condition):
        until(lambda: condition(self.names()), lambda: self.names())


def until(condition, told=lambda: ""):
    end = time.monotonic() + LONG
    while not condition():
        assert time.monotonic() < end, told()
        time.sleep(0.05)


@pytest.fixture
def watched(tmp_path):
    started = []

    def start(**options):
        watch = Watch(tmp_path / "inbox", **options)
        started.append(watch)
        watch.start()
        return watch

    (tmp_path / "inbox").mkdir()
    yield start
    for watch in started:
        watch.stop.set()
        watch.join(LONG)
        assert not watch.is_alive()


@pytest.mark.parametrize("polling", [False, True])
def test_what_is_there_and_what_comes(tmp_path, watched, polling):
    inbox = tmp_path / "inbox"
    (inbox / "1.txt").write_text("một")
    watch = watched(polling=polling)
    watch.until(lambda names: names == ["1.txt"])
    (inbox / "2.txt").write_text("hai")
    (inbox / "phòng").mkdir()
    time.sleep(0.6)
    (inbox / "phòng" / "3.txt").write_text("ba")
    watch.until(lambda names: sorted(names) == ["1.txt", "2.txt", "3.txt"])
    time.sleep(0.01)
    (inbox / "1.txt").write_text("một, sửa")
    watch.until(lambda names: names.count("1.txt") == 2)


def test_a_file_that_is_still_being_written_is_waited_for(tmp_path, watched):
    watch = watched()
    with (tmp_path / "inbox" / "lon.txt").open("w") as file:
        file.write("nửa đầu")
        file.flush()
        time.sleep(1.5)  # longer than a file must be quiet; only that it is open tells
        assert watch.names() == []
        file.write(" nửa sau")
    watch.until(lambda names: names == ["lon.txt"])


def test_a_file_that_grows_in_steps_is_handed_on_once(tmp_path, watched):
    watch = watched(quiet=0.8)
    for _ in range(6):
        with (tmp_path / "inbox" / "dan.txt").open("a") as file:
            file.write("thêm ")
        time.sleep(0.2)
    watch.until(lambda names: names)
    time.sleep(1.2)
    assert watch.names() == ["dan.txt"]


def test_renamed_into_place_and_taken_away_again(tmp_path, watched):
    inbox = tmp_path / "inbox"
    watch = watched()
    (inbox / "den.pdf.part").write_text("x")
    (inbox / ".an.txt").write_text("x")
    (inbox / "mat.txt").write_text("x")
    (inbox / "mat.txt").unlink()
    time.sleep(0.8)
    assert watch.names() == []
    (inbox / "den.pdf.part").rename(inbox / "den.pdf")
    watch.until(lambda names: names == ["den.pdf"])


def test_what_the_system_did_not_tell_is_found_by_going_through_the_folders(tmp_path, watched, monkeypatch):
    monkeypatch.setattr("pipeline.watching.folder.is_document", lambda path, roots: False)  # every event is lost
    watch = watched(rescan=0.5)
    (tmp_path / "inbox" / "1.txt").write_text("một")
    watch.until(lambda names: "1.txt" in names)


def test_hidden_folders_hold_no_documents(tmp_path):
    assert is_document(str(tmp_path / "a.pdf"), [str(tmp_path)])
    assert not is_document(str(tmp_path / ".git" / "a.pdf"), [str(tmp_path)])
    assert not is_document(str(tmp_path / "~$a.docx"), [str(tmp_path)])


def test_nobody_writes_in_a_closed_file(tmp_path):
    path = tmp_path / "a.txt"
    with path.open("w"):
        assert is_being_written(str(path))
    assert not is_being_written(str(path))


def start(inbox, register, *options):
    return subprocess.Popen(
        [*CONGVAN, "watch", str(inbox), "--register", str(register), "--workers", "1", *options],
        stderr=subprocess.PIPE,
        text=True,
    )


def known(register):
    try:
        with open_register(register) as opened:
            return [row["number"] for row in dispatches(opened)]
    except RegisterMissing:
        return []


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_the_command_reads_what_comes_survives_a_restart_and_stops_cleanly(tmp_path, how):
    inbox, register = tmp_path / "inbox", tmp_path / "register.db"
    Letter(number="1/SKHKT-VP").write(inbox / "1.txt")
    running = start(inbox, register)
    until(lambda: len(known(register)) == 1)
    Letter(number="2/SKHKT-VP", subject="việc thứ hai").write(inbox / "2.txt")
    until(lambda: len(known(register)) == 2)
    os.kill(running.pid, signal.SIGKILL)
    running.communicate(timeout=LONG)
    Letter(number="3/SKHKT-VP", subject="việc thứ ba").write(inbox / "3.txt")
    (inbox / "hong.pdf").write_bytes(b"%PDF-1.4 nothing")
    running = start(inbox, register)
    until(lambda: len(known(register)) == 3)
    running.send_signal(how)
    _, said = running.communicate(timeout=LONG)
    assert running.returncode == 0
    assert "3.txt" in said and "1.txt" not in said
    assert "hong.pdf" in said


def test_no_such_folder(tmp_path, run):
    assert run("watch", str(tmp_path / "nowhere")).code == 1
