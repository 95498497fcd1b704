"""Reading on a real Dask cluster of several processes: the same rows as on one machine, whatever dies."""

import os
import signal
import threading
import time
import zipfile

import pytest
from letters import Letter
from register_papers import dump

from pipeline.cli import run as run_command
from pipeline.errors import NoWorkers
from pipeline.ingest import ingest
from pipeline.register import open_register
from pipeline.scaling.cluster import NoScheduler, OtherProgram, cluster_of, run_guarded
from pipeline.version import fingerprinted_version
from pipeline.workers import executor_of

distributed = pytest.importorskip("distributed")
NOW = "2026-03-02T08:00:00+07:00"
FILES = 48


@pytest.fixture(scope="module")
def cluster():
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0", host="127.0.0.1"
    ) as cluster:
        yield cluster


@pytest.fixture
def inbox(tmp_path):
    """Letters, an archive of two, a broken file, an empty one."""
    folder = tmp_path / "inbox"
    for n in range(FILES):
        Letter(number=f"{n + 1}/SKHKT-VP", subject=f"việc thứ {n + 1}").write(folder / f"{n:02}.txt")
    with zipfile.ZipFile(folder / "hai.zip", "w") as archive:
        for n in (1, 2):
            archive.writestr(f"{n}.txt", Letter(number=f"9{n}/SKHKT-VP", subject=f"trong gói {n}").text())
    (folder / "hong.pdf").write_bytes(b"%PDF-1.4 nothing")
    (folder / "trong.txt").write_bytes(b"")
    return [str(path) for path in sorted(folder.iterdir())]


def rows_of(path, files, pool):
    with open_register(path, "create") as register, pool as readers:
        options = {"workers": readers.count, "version": fingerprinted_version(), "clock": lambda: NOW}
        seen = list(ingest(register, files, readers.executor, **options))
        rows = [row for row in dump(register) if '"_sqlite_migrations"' not in row]  # these bear the time of making it
        return rows, [(one.path, one.status, one.code) for one in seen]


@pytest.fixture
def local(inbox, tmp_path):
    return rows_of(tmp_path / "local.db", inbox, executor_of(1, len(inbox), 60))


@pytest.mark.parametrize("shared", [False, True])
def test_the_rows_are_those_of_one_machine(cluster, inbox, local, tmp_path, shared):
    far = rows_of(tmp_path / "far.db", inbox, cluster_of(cluster.scheduler_address, 60, shared=shared))
    assert far[1] == local[1]
    assert far[0] == local[0]


def test_a_worker_that_dies_costs_a_retry_and_not_the_run(cluster, inbox, local, tmp_path):
    with distributed.Client(cluster.scheduler_address, set_as_default=False) as client:
        killed = client.run(os.getpid)
        victim = next(iter(killed.values()))
        done = threading.Event()

        def kill_when_it_works():
            while not done.is_set():
                if client.processing() and any(client.processing().values()):
                    os.kill(victim, signal.SIGKILL)
                    return
                time.sleep(0.01)

        killer = threading.Thread(target=kill_when_it_works)
        killer.start()
        try:
            far = rows_of(tmp_path / "far.db", inbox, cluster_of(cluster.scheduler_address, 60))
        finally:
            done.set()
            killer.join()
        assert victim not in client.run(os.getpid).values()
    assert far == local


def test_another_program_is_not_trusted_with_a_file(cluster, inbox, tmp_path, monkeypatch):
    monkeypatch.setattr("pipeline.scaling.cluster.fingerprinted_version", lambda: "0.0-other")
    with (
        open_register(tmp_path / "far.db", "create") as register,
        cluster_of(cluster.scheduler_address, 60) as readers,
        pytest.raises(OtherProgram) as refused,
    ):
        list(ingest(register, inbox, readers.executor, workers=2, version="x", clock=lambda: NOW))
    assert refused.value.details["ours"] == "0.0-other"


def test_nobody_at_the_address(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("pipeline.scaling.cluster._CONNECT_SECONDS", 0.5)
    with pytest.raises(NoScheduler), cluster_of("tcp://127.0.0.1:9", 60):
        pass
    Letter().write(tmp_path / "inbox" / "1.txt")
    assert run_command(["ingest", str(tmp_path / "inbox"), "--scheduler", "tcp://127.0.0.1:9"]) == 1
    assert "dask scheduler" in capsys.readouterr().err


@pytest.mark.parametrize("saved", [1, 3, 20])
def test_a_cluster_that_goes_away_ends_the_run_and_keeps_what_was_saved(inbox, tmp_path, monkeypatch, saved):
    monkeypatch.setattr("pipeline.ingest.TOGETHER", 1)
    monkeypatch.setattr("pipeline.scaling.cluster._PULSE_SECONDS", 0.5)
    cluster = distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=True, dashboard_address=":0", host="127.0.0.1"
    )
    with open_register(tmp_path / "far.db", "create") as register:
        with pytest.raises(NoWorkers), cluster_of(cluster.scheduler_address, 60) as readers:
            options = {"workers": 1, "version": fingerprinted_version(), "clock": lambda: NOW}
            for n, _ in enumerate(ingest(register, inbox, readers.executor, **options), 1):
                if n == saved:
                    cluster.close()
        assert register.connection.execute("SELECT count(*) FROM dispatches").fetchone()[0] >= saved
        assert not register.connection.execute("SELECT count(*) FROM failures").fetchone()[0]


def test_a_task_on_a_worker_runs_in_a_process_of_its_own():
    assert run_guarded(60, fingerprinted_version(), os.getpid) != os.getpid()
