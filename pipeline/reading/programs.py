"""Outside programs (Tesseract, LibreOffice, antiword): the one door through which they are run.

A program gets its input and gives its output in memory, never by way of a file; it knows nothing of the user's settings
and cannot print into the user's window. Time, memory and output are bounded, and at its end, whatever that was,
all the processes that it started are gone with it.
"""

from __future__ import annotations

import os
import select
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from pipeline import scratch
from pipeline.errors import ProgramFailed, ProgramMissing, ProgramTimedOut, ScratchFull

MEMORY_BYTES = 2 * 1024**3
OUTPUT_BYTES = 64 * 1024**2
COMPLAINT_CHARS = 2000
PACKAGES = {
    "tesseract": "tesseract-ocr tesseract-ocr-vie",
    "soffice": "libreoffice-writer-nogui",
    "antiword": "antiword",
}
# limits for the program that then takes the shell's place: so they hold before it starts another one, and setting them
# costs no copy of this process's memory
_BOUNDED = 'ulimit -c 0; ulimit -f "$1"; ulimit -v "$2"; shift 2; exec "$@"'
_HANDED_ON = ("PATH", "TESSDATA_PREFIX")


@dataclass(frozen=True, slots=True)
class Output:
    """What a program printed. Its complaint (standard error) may quote the document: it is for deciding, not for
    storing or showing."""

    stdout: bytes
    complaint: str


def available(program: str) -> bool:
    """Whether the program is installed; of "tesseract (vie)", a program and its data, whether the program is."""
    return bool(program) and shutil.which(program.split()[0]) is not None


def packages_of(program: str) -> str:
    """What to install, as Debian and Ubuntu call it; the program's own name where that is not known."""
    return PACKAGES.get(program, program)


def run_program(
    args: Sequence[str],
    stdin: bytes = b"",
    timeout: float = 60,
    max_output: int = OUTPUT_BYTES,
    memory: int = MEMORY_BYTES,
    folder: Path | None = None,
) -> Output:
    """Run a program to its end; `args[0]` is looked up in PATH, no shell looks at the arguments.

    `timeout` in seconds; `max_output` bounds in bytes what is printed, and each file that is written; `memory` bounds
    in bytes the address space of each of its processes; it works in `folder` and leaves scratch files there, else
    where this process has its own. Raises ProgramMissing, ProgramTimedOut, ScratchFull, and ProgramFailed (details:
    program, exit: its exit code, or minus the signal that ended it; attribute: complaint, as in `Output`).
    """
    program = os.path.basename(args[0])
    path = shutil.which(args[0])
    if path is None:
        raise ProgramMissing(program=program, packages=packages_of(program))
    with ExitStack() as stack:
        given, out, complaint = (stack.enter_context(in_memory(name)) for name in ("given", "out", "complaint"))
        given.write(stdin)
        given.seek(0)
        try:
            process = subprocess.Popen(
                bounded([path, *args[1:]], max_output, memory),
                stdin=given,
                stdout=out,
                stderr=complaint,
                env=environment(folder),
                cwd=folder or tempfile.gettempdir(),
                process_group=0,
            )
        except OSError as error:
            raise ProgramFailed(program=program, exit=error.errno) from error
        try:
            ended = _ended_within(process, timeout)
        finally:
            end(process)
        if not ended:
            raise ProgramTimedOut(program=program, seconds=round(timeout))
        said = _content(complaint, COMPLAINT_CHARS).decode("utf-8", "replace")
        if process.returncode and scratch.is_full():
            raise ScratchFull(path=scratch.place())
        if process.returncode:
            raise ProgramFailed.saying(said, program=program, exit=process.returncode)
        return Output(_content(out, max_output), said)


def bounded(args: Sequence[str], max_output: int, memory: int) -> list[str]:
    """The command that runs another one within bounds of memory, and of the files it may write, in bytes."""
    return ["/bin/sh", "-c", _BOUNDED, "sh", str(max_output // 512), str(memory // 1024), *args]


def in_memory(name: str) -> FileIO:
    """A file without a place on any disk."""
    return FileIO(os.memfd_create(name, os.MFD_CLOEXEC), "r+")


def environment(folder: Path | None = None) -> dict[str, str]:
    """Nothing of the user's; scratch files and settings go into the folder, or where the caller's own go."""
    scratch = str(folder or tempfile.gettempdir())
    handed_on = {name: os.environ[name] for name in _HANDED_ON if name in os.environ}
    # with more threads than one, Tesseract is several times slower where every core has its own process
    return handed_on | {"LANG": "C.UTF-8", "OMP_THREAD_LIMIT": "1", "HOME": scratch, "TMPDIR": scratch}


def _ended_within(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Whether the program ends by itself in time; its end is noticed at once, not by looking now and then."""
    handle = os.pidfd_open(process.pid)
    try:
        poll = select.poll()
        poll.register(handle, select.POLLIN)
        return bool(poll.poll(1000 * seconds))
    finally:
        os.close(handle)


def end(process: subprocess.Popen[bytes]) -> None:
    """The end of the program and of what it started. Its number is its own until it has been waited for."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _content(file: FileIO, limit: int) -> bytes:
    """The first `limit` bytes of what was written."""
    file.seek(0)
    return file.read(limit)
