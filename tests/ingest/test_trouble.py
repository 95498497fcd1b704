"""Programs that are missing, hang or crash, disks that are full, processes that are killed: a row that says so, nothing
lost, and nothing left behind."""

import fcntl
import io
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time

import pypdfium2
import pytest
from letters import Letter
from running import CONGVAN, ROOT, heed_the_keyboard, process

import pipeline.workers
from pipeline.cli import run
from pipeline.errors import NoScratch
from pipeline.messages import error_text
from pipeline.scratch import PREFIX, remove_leftovers, run_folder

NEEDS_TESSERACT = pytest.mark.skipif(not shutil.which("tesseract"), reason="Tesseract is not installed")
IN_ITS_OWN_PLACE = ["unshare", "--map-root-user", "--mount"]
MARK = "98765.4321"  # seconds that nobody else sleeps
HANG = f"sleep {MARK} & sleep {MARK}"


def scanned(pdf):
    """The pages of a PDF as pictures, in a PDF."""
    pages = [page.render(scale=200 / 72).to_pil().convert("L") for page in pypdfium2.PdfDocument(pdf)]
    out = io.BytesIO()
    pages[0].save(out, "PDF", resolution=200, save_all=True, append_images=pages[1:])
    return out.getvalue()


@pytest.fixture(scope="module")
def scan():
    return scanned(Letter().pdf())


class Office:
    """An inbox with a scan and a text, a register, a folder for temporary files, and the programs there are."""

    def __init__(self, folder, scan):
        self.inbox, self.register, self.tools = folder / "in", folder / "r.db", folder / "bin"
        self.temporary = folder / "t"
        for made in (self.inbox, self.tools, self.temporary):
            made.mkdir()
        (self.inbox / "scan.pdf").write_bytes(scan)
        Letter(number="7/SKHKT-VP", day=9, subject="mở lớp tập huấn").write(self.inbox / "text.txt")
        self.env = {"TMPDIR": str(self.temporary), "CONGVAN_LANG": "en", "CONGVAN_REGISTER": str(self.register)}

    def tesseract(self, body):
        """Have a script of our own stand for Tesseract; the path to find it by."""
        script = self.tools / "tesseract"
        script.write_text(f"#!/bin/sh\n{body}\n")
        script.chmod(script.stat().st_mode | stat.S_IXUSR)
        return f"{self.tools}:{os.environ['PATH']}"

    def ingest(self, path, *args):
        """One run; its figures."""
        done = process("ingest", self.inbox, "--json", "--lenient", *args, **self.env, PATH=path)
        assert done.code == 0, done.err
        return json.loads(done.out)

    def start(self, path, *args):
        """A run that is under way, in a process group of its own."""
        env = os.environ | self.env | {"PATH": path}
        command = [*CONGVAN, "ingest", str(self.inbox), *args]
        return subprocess.Popen(
            command,
            cwd=ROOT,
            env=env,
            start_new_session=True,
            preexec_fn=heed_the_keyboard,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )

    def failures(self):
        """The files that failed: name -> row."""
        rows = json.loads(process("failures", "--failed", "--json", **self.env).out)
        return {os.path.basename(row["path"]): row for row in rows}

    def left(self):
        """What stands in the folder for temporary files."""
        return [str(p.relative_to(self.temporary)) for p in self.temporary.rglob("*")]


@pytest.fixture
def office(tmp_path_factory, scan):
    return Office(tmp_path_factory.mktemp("o"), scan)


def running_with(argument):
    """The processes that were started with an argument."""
    out = []
    for name in os.listdir("/proc"):
        try:
            with open(f"/proc/{name}/cmdline", "rb") as file:
                out += [name] if argument.encode() in file.read().split(b"\0") else []
        except OSError:
            pass
    return out


def sleepers():
    """The processes of a program that hangs."""
    return running_with(MARK)


def recognisers(data):
    """The processes that recognise pictures by the data in a folder."""
    return running_with(str(data)) + running_with(f"{data}/")


def wait_until(true, seconds=60):
    """Wait for what happens in other processes; whether it did."""
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.02)
    return true()


# ---------------------------------------------------------------- Tesseract


@NEEDS_TESSERACT
def test_without_tesseract_a_scan_fails_and_is_read_by_itself_once_it_is_installed(office):
    assert (office.ingest("", "--workers", "1")["read"], list(office.failures())) == (1, ["scan.pdf"])
    row = office.failures()["scan.pdf"]
    assert row["code"] == "program_missing"
    assert "apt-get install tesseract-ocr tesseract-ocr-vie" in row["reason"]
    again = office.ingest("")
    assert (again["unchanged"], again["failed"]) == (2, 0)
    after = office.ingest(os.environ["PATH"])
    assert (after["read"], after["unchanged"], after["dispatches"]) == (1, 1, 2)
    assert not office.failures()


@NEEDS_TESSERACT
def test_a_page_that_lacked_tesseract_is_read_once_it_is_installed(office):
    joined, out = pypdfium2.PdfDocument(Letter(number="8/SKHKT-VP").pdf()), io.BytesIO()
    joined.import_pages(pypdfium2.PdfDocument(scanned(Letter(body=["Phụ lục: giếng khoan Suối Trầm."]).pdf())))
    joined.save(out)
    (office.inbox / "scan.pdf").write_bytes(out.getvalue())
    assert office.ingest("")["read"] == 2
    assert not office.failures()

    def unread():
        return [r for r in process("issues", "--json", **office.env).json() if r["code"] == "page.not_recognised"]

    assert len(unread()) == 1
    assert office.ingest("")["unchanged"] == 2
    after = office.ingest(os.environ["PATH"])
    assert (after["read"], after["unchanged"], after["dispatches"]) == (1, 1, 2)
    assert not unread()
    assert process("search", "Suối Trầm", "--json", **office.env).json()
    assert office.ingest(os.environ["PATH"])["unchanged"] == 2


@NEEDS_TESSERACT
@pytest.mark.parametrize("body", ["exit 1", "kill -SEGV $$"], ids=["exits", "crashes"])
def test_a_tesseract_that_gives_up_costs_its_file_a_row_until_it_works(office, body):
    figures = office.ingest(office.tesseract(body), "--workers", "1")
    assert (figures["read"], figures["failed"]) == (1, 1)
    assert office.failures()["scan.pdf"]["code"] == "program_failed"
    assert not office.left()
    assert office.ingest(os.environ["PATH"])["read"] == 1


@NEEDS_TESSERACT
def test_data_of_tesseract_that_are_broken_cost_a_file_a_row_until_they_are_whole(office):
    (office.tools / "vie.traineddata").write_bytes(os.urandom(3000))
    office.env["TESSDATA_PREFIX"] = str(office.tools)
    assert office.ingest(os.environ["PATH"], "--workers", "1")["failed"] == 1
    assert office.failures()["scan.pdf"]["code"] == "program_failed"
    assert not office.left()
    del office.env["TESSDATA_PREFIX"]
    assert office.ingest(os.environ["PATH"])["read"] == 1


@NEEDS_TESSERACT
def test_a_recognition_that_hangs_is_ended(office):
    os.mkfifo(office.tools / "vie.traineddata")  # nobody writes into it: whoever reads it waits for ever
    office.env["TESSDATA_PREFIX"] = str(office.tools)
    figures = office.ingest(os.environ["PATH"], "--timeout", "10", "--workers", "1")
    assert (figures["read"], figures["failed"]) == (1, 1)
    assert office.failures()["scan.pdf"]["code"] == "timed_out"
    assert not recognisers(office.tools)
    assert not office.left()


def test_a_tesseract_that_hangs_is_ended_with_all_that_it_started(office):
    figures = office.ingest(office.tesseract(HANG), "--timeout", "10", "--workers", "1")
    assert (figures["read"], figures["failed"]) == (1, 1)
    assert office.failures()["scan.pdf"]["code"] == "timed_out"
    assert not sleepers()
    assert not office.left()


def test_a_worker_that_is_killed_takes_with_it_what_it_started_and_wrote(office):
    murder = office.tesseract(f"echo words > $TMPDIR/words; mkdir $TMPDIR/deep; {HANG} & kill -9 $PPID; sleep {MARK}")
    figures = office.ingest(murder, "--workers", "1")
    assert (figures["read"], figures["failed"]) == (1, 1)
    assert office.failures()["scan.pdf"]["code"] == "crashed"
    assert not sleepers()
    assert not office.left()


# ---------------------------------------------------------------- the run itself


@NEEDS_TESSERACT
def test_a_run_that_is_killed_leaves_no_process_and_the_next_one_removes_its_folder(office):
    run = office.start(office.tesseract(f"echo words > $TMPDIR/words; {HANG}"), "--workers", "2")
    assert wait_until(lambda: len(sleepers()) == 2)
    assert any(name.endswith("words") for name in office.left())
    run.kill()
    run.communicate()
    assert wait_until(lambda: not sleepers())
    assert wait_until(lambda: not any("worker" in name for name in office.left()))
    office.ingest(os.environ["PATH"])
    assert not office.left()
    assert not office.failures()


def test_a_run_that_is_broken_off_leaves_nothing(office):
    run = office.start(office.tesseract(f"echo words > $TMPDIR/words; {HANG}"), "--workers", "2")
    assert wait_until(lambda: len(sleepers()) == 2)
    os.killpg(run.pid, signal.SIGINT)
    said = run.communicate(timeout=30)[1].decode()
    assert (run.returncode, "run the command again" in said) == (130, True)
    assert not sleepers()
    assert not office.left()


def test_leftovers_of_dead_runs_are_removed_and_nothing_else(tmp_path):
    alive, dead, other = (tmp_path / name for name in (f"{PREFIX}alive", f"{PREFIX}dead", "somebody-elses"))
    for folder in (alive, dead, other):
        (folder / "worker-1").mkdir(parents=True)
        (folder / "worker-1" / "page.txt").touch()
    link, file = tmp_path / f"{PREFIX}link", tmp_path / f"{PREFIX}notes.txt"
    link.symlink_to(other)
    file.touch()
    handle = os.open(alive, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    remove_leftovers(tmp_path)
    os.close(handle)
    assert sorted(tmp_path.iterdir()) == sorted([alive, other, link, file])
    assert (other / "worker-1" / "page.txt").exists()


def test_scratch_folders_are_readable_by_their_user_alone(office):
    seen = office.tools / "seen"
    office.ingest(office.tesseract(f'stat -c %a "$TMPDIR" "$TMPDIR/.." > {seen}; exit 1'), "--workers", "1")
    assert seen.read_text().split() == ["700", "700"]


# ---------------------------------------------------------------- disks


def on_small_disk(office, steps):
    """Shell steps with a disk of one megabyte mounted on `office.temporary`; skips where nobody may mount."""
    probe = [*IN_ITS_OWN_PLACE, "mount", "-t", "tmpfs", "none", str(office.temporary)]
    if subprocess.run(probe, capture_output=True).returncode:
        pytest.skip("a small disk cannot be mounted here")
    mount = f"mount -t tmpfs -o size=1m none {office.temporary} && cd {ROOT}"
    congvan = f"{sys.executable} -m pipeline.cli"
    script = "\n".join([mount, *(step.replace("congvan", congvan) for step in steps)])
    env = os.environ | office.env
    return subprocess.run([*IN_ITS_OWN_PLACE, "sh", "-c", script], env=env, capture_output=True, text=True)


def test_a_register_on_a_full_disk_stays_whole_and_the_next_run_reads_the_rest(office, tmp_path):
    for n in range(2, 60):
        Letter(number=f"{n}/SKHKT-VP", subject=f"việc thứ {n}", body=[f"{n}. Nộp báo cáo."] * 40).write(
            office.inbox / f"{n:02}.txt"
        )
    (office.inbox / "scan.pdf").unlink()
    register = office.temporary / "r.db"
    office.env |= {"CONGVAN_REGISTER": str(register), "TMPDIR": str(tmp_path)}
    done = on_small_disk(
        office,
        [
            f"head -c 300000 /dev/zero > {office.temporary}/filler",
            f"congvan ingest {office.inbox} --workers 1; echo $?",
            "congvan dispatches --json | grep -c '\"id\"'",
            f"rm {office.temporary}/filler; mount -o remount,size=50m {office.temporary}",
            f"congvan ingest {office.inbox} --workers 1 >&2; echo $?",
            "congvan dispatches --json | grep -c '\"id\"'",
            f"cp {register} {office.register}",
        ],
    )
    first, held, second, whole = map(int, done.stdout.split()[-4:])
    assert first == 1 and "disk is full" in done.stderr, done
    assert held < whole == 59
    assert second == 0


def test_no_place_for_scratch_folders_is_an_error_that_says_where(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with pytest.raises(NoScratch) as raised:
        run_folder.__wrapped__()
    assert str(tmp_path) in error_text(raised.value)


def test_without_scratch_folders_a_run_ends_and_blames_no_file(office, monkeypatch, capsys):
    def none():
        raise NoScratch(path="/full", problem="No space left on device")

    monkeypatch.setattr(pipeline.workers, "run_folder", none)
    assert run(["ingest", str(office.inbox), "--register", str(office.register), "--workers", "1"]) == 1
    assert "/full" in capsys.readouterr().err
    assert not office.failures()


def test_a_scratch_disk_that_is_full_costs_the_file_a_row_that_says_so(office):
    office.env["PATH"] = office.tesseract("cat /dev/zero > $TMPDIR/words; exit 1")
    done = on_small_disk(
        office, [f"congvan ingest {office.inbox} --workers 1; find {office.temporary} -type f | wc -l"]
    )
    assert done.stdout.split()[-1] == "0", done
    row = office.failures()["scan.pdf"]
    assert row["code"] == "scratch_full"
    assert str(office.temporary) in row["reason"]
