"""Outside programs are bounded in time, memory and output, and nothing of them or of the user gets through."""

import shutil
import time

import pytest

from pipeline.errors import ProgramFailed, ProgramMissing, ProgramTimedOut
from pipeline.reading.programs import available, run_program


def shell(script, **bounds):
    return run_program(["sh", "-c", script], **bounds)


def test_input_goes_in_and_output_comes_out():
    output = shell("cat; echo said aside >&2", stdin=b"\0\xff" * 100_000)
    assert (output.stdout, output.complaint) == (b"\0\xff" * 100_000, "said aside\n")


def test_the_end_is_noticed_at_once():
    start = time.monotonic()
    for _ in range(5):
        shell("exit 0")
    assert time.monotonic() - start < 2


def gone(pid):
    """Whether a process ends within some seconds."""
    for _ in range(200):
        try:
            with open(f"/proc/{pid}/stat") as file:
                if file.read().rpartition(") ")[2][0] == "Z":
                    return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.05)
    return False


def test_a_program_out_of_time_is_ended_with_all_that_it_started(tmp_path):
    start = time.monotonic()
    with pytest.raises(ProgramTimedOut):
        shell(f"sleep 60 & echo $! > {tmp_path}/started; sleep 60", timeout=1)
    assert time.monotonic() - start < 20
    assert gone((tmp_path / "started").read_text().strip())


def test_what_a_program_left_running_ends_with_it(tmp_path):
    shell(f"sleep 60 & echo $! > {tmp_path}/left")
    assert gone((tmp_path / "left").read_text().strip())


def test_endless_output_is_cut_off():
    with pytest.raises(ProgramFailed):
        shell("cat /dev/zero", max_output=1_000_000)


def test_a_file_that_grows_without_end_is_cut_off(tmp_path):
    with pytest.raises(ProgramFailed):
        shell(f"exec cat /dev/zero > {tmp_path}/big", max_output=1_000_000)
    assert (tmp_path / "big").stat().st_size <= 1_000_000


def test_memory_is_bounded_and_no_dump_is_left():
    assert shell("sleep 0.5; ulimit -v; ulimit -c", memory=50 * 2**20).stdout == b"51200\n0\n"


def test_a_failure_tells_its_exit_code_and_keeps_its_complaint_out_of_what_is_stored():
    with pytest.raises(ProgramFailed) as raised:
        shell("echo a word of the document >&2; exit 3")
    assert raised.value.details == {"program": "sh", "exit": 3}
    assert "document" in raised.value.complaint
    assert "document" not in str(raised.value)
    with pytest.raises(ProgramFailed) as raised:
        shell("kill -9 $$")
    assert raised.value.details["exit"] == -9


def test_a_missing_program_is_named_with_what_to_install(monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ProgramMissing) as raised:
        run_program(["tesseract", "-"])
    assert raised.value.details == {"program": "tesseract", "packages": "tesseract-ocr tesseract-ocr-vie"}
    assert not available("tesseract") and not available("tesseract (vie)")


def test_nothing_of_the_users_settings_is_handed_on(monkeypatch):
    monkeypatch.setenv("CONGVAN_SECRET", "x")
    monkeypatch.setenv("LC_ALL", "tr_TR.UTF-8")
    names = {line.partition(b"=")[0].decode() for line in run_program([shutil.which("env")]).stdout.splitlines()}
    assert names - {"PWD", "OLDPWD", "SHLVL", "_"} <= {
        "PATH",
        "TESSDATA_PREFIX",
        "LANG",
        "OMP_THREAD_LIMIT",
        "HOME",
        "TMPDIR",
    }
