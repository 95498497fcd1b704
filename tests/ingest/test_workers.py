"""Worker processes that can die or hang one by one."""

import os
import pickle
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from multiprocessing.connection import Connection

import pytest
from running import ROOT

import pipeline.workers
from pipeline.errors import CrashedWorker, NoScratch, NoWorkers, TimedOut
from pipeline.guard import MEMORY_BYTES
from pipeline.reading.progress import beat
from pipeline.workers import Workers, executor_of


def die(_):
    os.kill(os.getpid(), signal.SIGSEGV)


def sleep(seconds):
    time.sleep(seconds)
    return os.getpid()


def pages(count, seconds):
    """A reader that says after each page that it goes on."""
    for _ in range(count):
        time.sleep(seconds)
        beat()
    return count


def limits():
    return resource.getrlimit(resource.RLIMIT_CORE)[0], resource.getrlimit(resource.RLIMIT_AS)[0]


def fail():
    raise ValueError("nothing of it")


def pid_gone(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().split(") ")[1][0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def test_a_crash_and_a_time_out_cost_only_their_own_task():
    with Workers(2, timeout=3) as workers:
        tasks = [workers.submit(fn, arg) for fn, arg in ((sleep, 0), (die, 0), (sleep, 60), (sleep, 0), (sleep, 0.1))]
        outcomes = [task.exception() or "done" for task in tasks]
    assert [type(o) for o in outcomes] == [str, CrashedWorker, TimedOut, str, str]


def test_a_worker_that_took_too_long_is_killed_not_left_behind():
    with Workers(1, timeout=5) as workers:
        pid = workers.submit(sleep, 0).result()
        workers._timeout = 0.2
        with pytest.raises(TimedOut):
            workers.submit(sleep, 30).result()
        assert pid_gone(pid)


def test_a_long_file_has_its_time_anew_with_each_page_but_not_for_ever(monkeypatch):
    with Workers(1, timeout=3) as workers:
        assert workers.submit(pages, 4, 1.2).result() == 4
        with pytest.raises(TimedOut, match="3"):
            workers.submit(sleep, 60).result()
    monkeypatch.setattr(pipeline.workers, "WHOLE_FILE", 2)
    with Workers(1, timeout=3) as workers, pytest.raises(TimedOut, match="6"):
        workers.submit(pages, 50, 1.2).result()


def test_what_a_task_leaves_in_its_scratch_folder_is_gone_before_the_next(tmp_path):
    with Workers(1, timeout=20) as workers:
        left = workers.submit(tempfile.mkstemp).result()[1]
        assert workers.submit(os.path.exists, left).result() is False
        assert workers.submit(tempfile.gettempdir).result() == os.path.dirname(left)
    assert not os.path.exists(os.path.dirname(left))


def test_a_worker_leaves_no_memory_dump_and_cannot_eat_the_machine():
    with Workers(1, timeout=10) as workers:
        assert workers.submit(limits).result() == (0, MEMORY_BYTES)


def test_what_the_task_raises_comes_back():
    with Workers(1, timeout=10) as workers, pytest.raises(ValueError, match="nothing of it"):
        workers.submit(fail).result()


def test_workers_end_with_the_run_also_when_it_is_broken_off():
    pids = []
    with pytest.raises(KeyboardInterrupt), executor_of(2, 9, 60) as pool:
        pids.append(pool.executor.submit(sleep, 0).result())
        pool.executor.submit(sleep, 50)
        raise KeyboardInterrupt
    assert all(pid_gone(pid) for pid in pids)


def test_breaking_off_closes_no_pipe_under_the_thread_that_waits_on_it(monkeypatch):
    closed_by = []
    close = Connection.close
    monkeypatch.setattr(Connection, "close", lambda pipe: (closed_by.append(threading.get_ident()), close(pipe)))
    workers = Workers(1, timeout=60)
    workers.submit(sleep, 0).result()
    task = workers.submit(sleep, 50)
    while not task.running():
        time.sleep(0.01)
    closed_by.clear()
    workers.shutdown(wait=False)
    with pytest.raises(CrashedWorker):
        task.result()
    assert closed_by and threading.get_ident() not in closed_by


def stillborn(pipe, folder):
    os._exit(3)


def test_workers_that_do_not_come_up_are_told_from_files_that_kill_them(monkeypatch):
    monkeypatch.setattr(pipeline.workers, "guard", stillborn)
    with Workers(1, timeout=10) as workers, pytest.raises(NoWorkers):
        workers.submit(sleep, 0).result()


def test_workers_need_nothing_of_the_program_that_starts_them():
    code = "import os\nfrom pipeline.workers import Workers\nprint(Workers(1, 10).submit(os.getpid).result() > 0)\n"
    done = subprocess.run([sys.executable, "-"], input=code, capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert done.stdout == "True\n", done.stderr


def test_what_a_worker_prints_goes_nowhere():
    code = (
        "import os\nfrom pipeline.workers import Workers\n"
        "for f in (1, 2): print(Workers(1, 9).submit(os.write, f, b'mat').result())"
    )
    done = subprocess.run([sys.executable, "-"], input=code, capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "3\n3\n", "")


def test_no_worker_process_where_none_is_wanted():
    with executor_of(0, 9, 60) as pool:
        assert pool.executor.submit(os.getpid).result() == os.getpid()


def test_an_error_comes_back_from_another_process_with_its_details():
    error = pickle.loads(pickle.dumps(NoScratch(path="/nowhere", problem="full")))
    assert (type(error), error.details) == (NoScratch, {"path": "/nowhere", "problem": "full"})
