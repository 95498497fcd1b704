"""Word files from before 2007 come in with the programs that there are, and again once a better one is installed."""

import json
import os
import shutil
import signal
import subprocess
import time

import pytest
from running import CONGVAN, ROOT, heed_the_keyboard, process

DOC = next((ROOT / "corpus" / "samples").glob("*.doc"))
MARK = "87654.3219"  # seconds that nobody else sleeps
NEEDS_BOTH = pytest.mark.skipif(
    not (shutil.which("soffice") and shutil.which("antiword")), reason="LibreOffice Writer or antiword is not installed"
)


class Office:
    """An inbox with a Word file, a register, a folder for temporary files, and the programs that can be found."""

    def __init__(self, folder):
        self.inbox, self.tools, self.temporary = folder / "in", folder / "bin", folder / "t"
        for made in (self.inbox, self.tools, self.temporary):
            made.mkdir()
        shutil.copy(DOC, self.inbox / "letter.doc")
        self.env = {"TMPDIR": str(self.temporary), "CONGVAN_LANG": "en", "CONGVAN_REGISTER": str(folder / "r.db")}

    def has(self, program, body=None):
        """From now on the program is there, or a script that stands for it."""
        place = self.tools / program
        place.unlink(missing_ok=True)
        if body is None:
            place.symlink_to(shutil.which(program))
        else:
            place.write_text(f"#!/bin/sh\n{body}\n")
            place.chmod(0o755)

    def ingest(self, *args, path=None):
        """One run; its figures."""
        done = process("ingest", self.inbox, "--json", "--lenient", *args, **self.env, PATH=path or str(self.tools))
        assert done.code == 0, done.err
        return json.loads(done.out)

    def rows(self, *args):
        return json.loads(process(*args, "--json", **self.env).out)


@pytest.fixture
def office(tmp_path_factory):
    return Office(tmp_path_factory.mktemp("o"))


@NEEDS_BOTH
def test_a_word_file_waits_for_a_program_that_reads_it(office):
    assert office.ingest("--workers", "1")["failed"] == 1
    row = office.rows("failures", "--failed")[0]
    assert row["code"] == "program_missing" and "apt-get install libreoffice-writer-nogui" in row["reason"]
    assert office.ingest("--workers", "1", path=os.environ["PATH"])["read"] == 1
    assert not office.rows("failures", "--failed")
    assert not list(office.temporary.iterdir())


@NEEDS_BOTH
def test_a_word_file_that_antiword_read_is_read_anew_by_libreoffice(office):
    office.has("antiword")
    assert office.ingest("--workers", "1")["read"] == 1
    assert "text.by_antiword" in {issue["code"] for issue in office.rows("issues")}
    assert office.ingest("--workers", "1")["unchanged"] == 1
    assert office.ingest("--workers", "1", path=os.environ["PATH"])["read"] == 1
    assert "text.by_antiword" not in {issue["code"] for issue in office.rows("issues")}


def sleepers():
    """The processes of a program that hangs."""
    out = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/cmdline", "rb") as file:
                out += [name] if MARK.encode() in file.read().split(b"\0") else []
        except OSError:
            pass
    return out


def test_a_libreoffice_that_hangs_is_ended_with_its_folder_when_the_run_is_killed(office):
    sleep = shutil.which("sleep")
    office.has("soffice", f"{sleep} {MARK} & {sleep} {MARK}")
    env = os.environ | office.env | {"PATH": str(office.tools)}
    command = [*CONGVAN, "ingest", str(office.inbox), "--workers", "1"]
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    run = subprocess.Popen(command, cwd=ROOT, env=env, preexec_fn=heed_the_keyboard, **silent)
    try:
        end = time.monotonic() + 60
        while len(sleepers()) < 2 and time.monotonic() < end:
            time.sleep(0.05)
        assert len(sleepers()) == 2 and list(office.temporary.rglob("paper.doc"))
        run.send_signal(signal.SIGINT)
        run.wait(30)
        end = time.monotonic() + 20
        while sleepers() and time.monotonic() < end:
            time.sleep(0.05)
        assert not sleepers() and not list(office.temporary.rglob("*"))
    finally:
        run.kill()
