"""Outside programs that stay: started once, they answer one question after another, each within its time.

For programs whose start costs as much as a small answer. What holds of `run_program` holds of them: bounded in memory,
time and output, nothing of the user's settings, nothing printed, gone with all that they started at their end.
"""

from __future__ import annotations

import atexit
import os
import select
import subprocess
import sys
import time
from pathlib import Path

from pipeline.errors import ProgramFailed, ProgramTimedOut
from pipeline.reading.programs import MEMORY_BYTES, bounded, end, environment, in_memory

LENGTH_BYTES = 8
_CHUNK = 1 << 20


class AnsweringProgram:
    """A Python script that is asked by a line on its standard input and finds what that speaks of in the file whose
    descriptor is its first argument. Each answer is its length (`LENGTH_BYTES`, big-endian) and itself.

    It is started when it is first asked, and again when it was ended, also by itself.
    """

    def __init__(self, name: str, script: Path, *args: str, memory: int = MEMORY_BYTES) -> None:
        self._name, self._command, self._memory = name, (str(script), args), memory
        self._given = in_memory(name)
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = os.getpid()
        atexit.register(self.end)

    def ask(self, line: str, given: bytes, seconds: float, max_output: int) -> bytes:
        """The answer. Raises ProgramTimedOut, and ProgramFailed where the program ends or says too much."""
        process = self._running()
        self._given.seek(0)
        self._given.write(given)
        try:
            return self._answer(process, line, time.monotonic() + seconds, max_output)
        except TimeoutError as error:
            self.end()
            raise ProgramTimedOut(program=self._name, seconds=round(seconds)) from error
        except OSError as error:
            self.end()
            raise ProgramFailed(program=self._name, exit=process.returncode) from error

    def end(self) -> None:
        """End the program, unless it is that of a process from which this one was forked."""
        process, self._process = self._process, None
        if process is not None and self._owner == os.getpid():
            end(process)
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._owner != os.getpid():
            self._process, self._owner, self._given = None, os.getpid(), in_memory(self._name)
        if self._process is not None and self._process.poll() is not None:
            self.end()
        if self._process is None:
            self._process = self._started()
        return self._process

    def _started(self) -> subprocess.Popen[bytes]:
        place, (script, args) = self._given.fileno(), self._command
        try:
            return subprocess.Popen(
                bounded([sys.executable, "-I", script, str(place), *args], _CHUNK, self._memory),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # what a library complains of may quote the document
                env=environment(),
                pass_fds=(place,),
                process_group=0,
            )
        except OSError as error:
            raise ProgramFailed(program=self._name, exit=error.errno) from error

    def _answer(self, process: subprocess.Popen[bytes], line: str, until: float, max_output: int) -> bytes:
        """Raises TimeoutError, and OSError where the program is gone or says too much."""
        assert process.stdin is not None and process.stdout is not None
        os.write(process.stdin.fileno(), line.encode() + b"\n")
        length = int.from_bytes(_read(process.stdout.fileno(), LENGTH_BYTES, until), "big")
        if length > max_output:
            raise OSError("too long an answer")
        return _read(process.stdout.fileno(), length, until)


def _read(handle: int, length: int, until: float) -> bytes:
    """So many bytes of a pipe. Raises TimeoutError, and OSError where it ends before."""
    poll = select.poll()
    poll.register(handle, select.POLLIN)
    out = bytearray()
    while len(out) < length:
        if not poll.poll(max(0.0, 1000 * (until - time.monotonic()))):
            raise TimeoutError
        piece = os.read(handle, min(_CHUNK, length - len(out)))
        if not piece:
            raise OSError("the program has ended")
        out += piece
    return bytes(out)
