"""The main path over many files: what is new, unchanged, moved, crashed; what a clerk is told at the end."""

import json
import os
import shutil
import signal
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from letters import NEWS, Letter

import pipeline.ingest
import pipeline.worker
from pipeline.cli import run
from pipeline.errors import NoWorkers
from pipeline.ingest import ingest
from pipeline.register import dispatches, failures, open_register
from pipeline.workers import Workers


@pytest.fixture
def inbox(tmp_path, monkeypatch):
    monkeypatch.setenv("CONGVAN_REGISTER", str(tmp_path / "register.db"))
    for n in (1, 2, 3):
        Letter(number=f"{n}/SKHKT-VP", subject=f"việc thứ {n}").write(tmp_path / "inbox" / f"{n}.txt")
    return tmp_path / "inbox"


def summary(capsys, *args, code=0):
    capsys.readouterr()
    assert run(["ingest", *map(str, args), "--json", "--workers", "0"]) == code
    return json.loads(capsys.readouterr().out)


def test_a_second_run_reads_nothing_again(inbox, capsys, monkeypatch):
    first = summary(capsys, inbox)
    assert (first["read"], first["unchanged"], first["dispatches"]) == (3, 0, 3)
    monkeypatch.setattr(pipeline.worker, "read_bytes", None)
    second = summary(capsys, inbox)
    assert (second["read"], second["unchanged"], second["dispatches"]) == (0, 3, 3)


def test_a_changed_file_is_read_again_and_a_moved_one_is_known_by_its_bytes(inbox, capsys):
    summary(capsys, inbox)
    Letter(number="1/SKHKT-VP", subject="việc thứ nhất, bản mới").write(inbox / "1.txt")
    (inbox / "2.txt").rename(inbox / "hai.txt")
    shutil.copy(inbox / "3.txt", inbox / "ba.txt")
    again = summary(capsys, inbox)
    assert (again["read"], again["same"], again["unchanged"]) == (3, 2, 1)


def test_the_same_folder_gives_the_same_register_whatever_worker_is_done_first(inbox, tmp_path, capsys):
    for name, workers in (("one", "0"), ("two", "2")):
        run(["ingest", str(inbox), "--register", str(tmp_path / name), "--workers", workers])
    with open_register(tmp_path / "one") as one, open_register(tmp_path / "two") as two:
        assert dispatches(one) == dispatches(two)


def test_a_slow_file_holds_up_no_other_and_is_still_saved_in_its_place(inbox, tmp_path, monkeypatch):
    for n in range(4, 25):
        Letter(number=f"{n}/SKHKT-VP", subject=f"việc thứ {n}").write(inbox / f"{n}.txt")
    files = sorted(str(path) for path in inbox.iterdir())
    others_read, reading = threading.Event(), []

    def read(path, wanted):
        if path == files[0]:
            assert others_read.wait(20)
        else:
            reading.append(path)
            if len(reading) == 20:
                others_read.set()
        return pipeline.worker.read_file(path, wanted)

    monkeypatch.setattr(pipeline.ingest, "read_file", read)
    with open_register(tmp_path / "slow.db", "create") as register, ThreadPoolExecutor(2) as pool:
        seen = list(ingest(register, files, pool, workers=2, version="1", clock=lambda: "2026-01-01T00:00:00+07:00"))
    assert [(one.path, one.status) for one in seen] == [(path, "read") for path in files]


def test_a_folder_that_cannot_be_opened_is_told_and_the_rest_is_read(inbox, capsys, monkeypatch):
    (inbox / "đóng").mkdir()

    def scandir(path, real=os.scandir):
        if str(path).endswith("đóng"):
            raise PermissionError
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert run(["ingest", str(inbox), "--workers", "0"]) == 1
    assert "đóng" in capsys.readouterr().err
    assert run(["ingest", str(inbox), "--workers", "0", "--lenient"]) == 0


def read_endlessly(path, wanted):
    if path.endswith("2.txt"):
        time.sleep(60)
    return pipeline.worker.read_file(path, wanted)


def test_a_file_that_takes_too_long_is_a_failure_and_the_others_are_read(inbox, tmp_path, monkeypatch):
    monkeypatch.setattr(pipeline.ingest, "read_file", read_endlessly)
    files = sorted(str(path) for path in inbox.iterdir())
    with open_register(tmp_path / "slow.db", "create") as register, Workers(1, timeout=12) as pool:
        seen = list(ingest(register, files, pool, workers=1, version="1", clock=lambda: "2026-01-01T00:00:00+07:00"))
        assert [one.status for one in seen] == ["read", "failed", "read"]
        assert [(row["code"], row["path"]) for row in failures(register)] == [("timed_out", files[1])]


def test_refused_files_are_no_failure_and_failed_ones_are(inbox, capsys):
    (inbox / "news.txt").write_text(NEWS)
    assert summary(capsys, inbox)["refused"] == 1
    (inbox / "empty.txt").write_bytes(b"")
    assert summary(capsys, inbox, code=1)["failed"] == 1
    assert summary(capsys, inbox, code=1)["unchanged_failed"] == 1
    assert summary(capsys, inbox, "--lenient")["unchanged_failed"] == 1


def test_failures_are_told_as_they_happen_with_file_and_reason(inbox, capsys):
    (inbox / "empty.txt").write_bytes(b"")
    capsys.readouterr()
    run(["ingest", str(inbox), "--workers", "0"])
    out, err = capsys.readouterr()
    assert "empty.txt" in err and "Tệp rỗng" in err
    assert "3 tệp đọc được" in out and "congvan failures" in out and "quá hạn từ chính ngày D" in out


def test_paths_that_are_not_there_are_told(inbox, capsys, tmp_path):
    assert run(["ingest", str(tmp_path / "nowhere")]) == 1
    assert "nowhere" in capsys.readouterr().err
    assert not (tmp_path / "register.db").exists()
    assert run(["ingest", str(inbox), str(tmp_path / "nowhere"), "--workers", "0"]) == 1
    out, err = capsys.readouterr()
    assert "nowhere" in err and "3 tệp đọc được" in out


def test_an_empty_inbox_of_a_fresh_clone_says_so_and_reads_the_samples(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Letter().write(tmp_path / "corpus" / "samples" / "a.txt")
    (tmp_path / "corpus" / "inbox").mkdir()
    (tmp_path / "corpus" / "inbox" / ".gitkeep").touch()
    for args in ([], ["corpus/inbox"], ["./corpus/inbox/"]):
        capsys.readouterr()
        assert run(["ingest", *args, "--register", f"r{len(args)}.db", "--workers", "0"]) == 0
        out, err = capsys.readouterr()
        assert "chưa có văn bản nào" in err
        assert "1 tệp đọc được" in out or "không đổi" in out


def test_another_empty_folder_stays_an_empty_folder(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Letter().write(tmp_path / "corpus" / "samples" / "a.txt")
    (tmp_path / "hop").mkdir()
    assert summary(capsys, "hop", "--register", "r.db")["files"] == 0


def crash(path, wanted):
    """A reader that dies on one file, as a fault in a library would."""
    if path.endswith("2.txt"):
        os.kill(os.getpid(), signal.SIGKILL)
    return read_file(path, wanted)


read_file = pipeline.worker.read_file


def test_a_reader_that_dies_costs_its_own_file_only_and_is_tried_once_more(inbox, tmp_path, monkeypatch):
    monkeypatch.setattr(pipeline.ingest, "read_file", crash)
    files = sorted(map(str, inbox.iterdir()))
    with open_register(tmp_path / "register.db", "create") as register, Workers(2, timeout=30) as workers:
        seen = list(ingest(register, files, workers, workers=2, version="v", clock=lambda: "2026-01-01T00:00:00+07:00"))
        assert [(os.path.basename(s.path), s.status) for s in seen] == [
            ("1.txt", "read"), ("3.txt", "read"), ("2.txt", "failed"),
        ]  # fmt: skip
        assert [row["code"] for row in failures(register)] == ["crashed"]


def crash_once(path, wanted):
    """A reader that dies of what passes, such as another one's hunger for memory."""
    tried = f"{path}.tried"
    if path.endswith("2.txt") and not os.path.exists(tried):
        open(tried, "x").close()
        os.kill(os.getpid(), signal.SIGKILL)
    return read_file(path, wanted)


def test_a_file_whose_reader_died_by_chance_is_read_in_the_end(inbox, tmp_path, monkeypatch):
    monkeypatch.setattr(pipeline.ingest, "read_file", crash_once)
    files = sorted(map(str, inbox.iterdir()))
    with open_register(tmp_path / "register.db", "create") as register, Workers(2, timeout=30) as workers:
        seen = list(ingest(register, files, workers, workers=2, version="v", clock=lambda: "2026-01-01T00:00:00+07:00"))
        assert [(os.path.basename(s.path), s.status) for s in seen][-1] == ("2.txt", "read")
        assert len(dispatches(register)) == 3
        assert failures(register) == []


def test_a_document_that_the_register_cannot_hold_does_not_stop_the_others(inbox, capsys, monkeypatch):
    save = pipeline.ingest.save_dispatch

    def broken(register, path, *args, **kwargs):
        if path.endswith("2.txt"):
            raise TypeError("words of the document")
        return save(register, path, *args, **kwargs)

    monkeypatch.setattr(pipeline.ingest, "save_dispatch", broken)
    done = summary(capsys, inbox, code=1)
    assert (done["read"], done["failed"]) == (2, 1)


def test_a_document_that_fails_half_way_into_the_register_leaves_nothing_there(inbox, capsys, monkeypatch):
    save = pipeline.ingest.save_dispatch

    def broken(register, path, *args, **kwargs):
        saved = save(register, path, *args, **kwargs)
        if path.endswith("2.txt"):
            raise TypeError("words of the document")
        return saved

    monkeypatch.setattr(pipeline.ingest, "save_dispatch", broken)
    summary(capsys, inbox, code=1)
    with open_register(Path(os.environ["CONGVAN_REGISTER"])) as register:
        assert [row["number"] for row in dispatches(register)] == ["1/SKHKT-VP", "3/SKHKT-VP"]
        assert [(row["status"], row["code"]) for row in failures(register)] == [("failed", "internal")]
        assert register.rows("PRAGMA foreign_key_check") == []


def test_what_was_read_is_saved_while_a_slow_file_is_read(inbox, tmp_path, monkeypatch):
    files, saved, waited = sorted(map(str, inbox.iterdir())), threading.Event(), []

    def read(path, wanted):
        if path == files[2]:
            waited.append(saved.wait(20))
        return pipeline.worker.read_file(path, wanted)

    monkeypatch.setattr(pipeline.ingest, "read_file", read)
    with open_register(tmp_path / "slow.db", "create") as register, ThreadPoolExecutor(2) as pool:
        for one in ingest(register, files, pool, workers=2, version="1", clock=lambda: "2026-01-01T00:00:00+07:00"):
            if one.path == files[1]:
                with open_register(register.path) as other:
                    assert len(dispatches(other)) == 2
                saved.set()
    assert waited == [True]


def test_what_was_read_is_saved_where_the_readers_fail(inbox, tmp_path):
    files = sorted(map(str, inbox.iterdir()))

    class Failing(Workers):
        def submit(self, fn, /, *args, **kwargs):
            future = super().submit(fn, *args, **kwargs) if args[0] != files[2] else Future()
            if args[0] == files[2]:
                future.set_exception(NoWorkers())
            return future

    with open_register(tmp_path / "register.db", "create") as register:
        with Failing(1, timeout=30) as workers, pytest.raises(NoWorkers):
            list(ingest(register, files, workers, workers=1, version="v", clock=lambda: "2026-01-01T00:00:00+07:00"))
        assert [row["number"] for row in dispatches(register)] == ["1/SKHKT-VP", "2/SKHKT-VP"]


def test_a_run_stopped_from_the_keyboard_keeps_what_it_read_and_goes_on_next_time(inbox, capsys, monkeypatch):
    save = pipeline.ingest.save_dispatch

    def stopped(register, path, *args, **kwargs):
        if path.endswith("2.txt"):
            raise KeyboardInterrupt
        return save(register, path, *args, **kwargs)

    with monkeypatch.context() as keyboard:
        keyboard.setattr(pipeline.ingest, "save_dispatch", stopped)
        assert run(["ingest", str(inbox), "--workers", "1"]) == 130
    assert "Đã dừng" in capsys.readouterr().err
    again = summary(capsys, inbox)
    assert (again["read"], again["unchanged"], again["dispatches"]) == (2, 1, 3)


def test_at_most_a_bounded_number_of_files_is_under_way(inbox, tmp_path):
    waiting = []

    class Counting(Workers):
        def submit(self, fn, /, *args, **kwargs):
            future = super().submit(fn, *args, **kwargs)
            waiting.append(future)
            return future

    for n in range(4, 120):
        shutil.copy(inbox / "1.txt", inbox / f"{n}.txt")
    files = sorted(map(str, inbox.iterdir()))
    with open_register(tmp_path / "register.db", "create") as register, Counting(1, timeout=30) as workers:
        run_ = ingest(register, files, workers, workers=1, version="v", clock=lambda: "2026-01-01T00:00:00+07:00")
        for done, _ in enumerate(run_, 1):
            assert len(waiting) - done <= pipeline.ingest.WINDOW + pipeline.ingest.TOGETHER


def test_a_register_in_the_folder_is_no_document(inbox, capsys):
    for _ in range(2):
        assert summary(capsys, inbox, "--register", inbox / "register.db")["files"] == 3


def test_names_that_are_no_utf8_are_read_too(inbox, capsys):
    os.rename(os.fsencode(inbox / "1.txt"), os.fsencode(inbox) + b"/c\xf4ng v\xe3n.txt")
    assert summary(capsys, inbox)["read"] == 3
    assert summary(capsys, inbox)["unchanged"] == 3
