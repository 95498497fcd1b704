"""Commands as a user runs them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
CONGVAN = [sys.executable, "-m", "pipeline.cli"]


def heed_the_keyboard() -> None:
    """Of a process to be: an interruption ends it, though a shell that started the tests in the background said no."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@dataclass
class Done:
    """The end of a command: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        return json.loads(self.out)

    def json_lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


class Run:
    """`run("tasks", "--json")` in this process; the register is the test's own."""

    def __init__(self, capsys: Any) -> None:
        self._capsys = capsys

    def __call__(self, *args: object) -> Done:
        from pipeline.cli import run

        self._capsys.readouterr()
        code = run([str(a) for a in args])
        out, err = self._capsys.readouterr()
        return Done(code, out, err)


def process(*args: object, **env: str) -> Done:
    """The same in a process of its own."""
    done = subprocess.run(
        [*CONGVAN, *map(str, args)], capture_output=True, text=True, cwd=ROOT, env=os.environ | env, timeout=120
    )
    return Done(done.returncode, done.stdout, done.stderr)
