"""How figures are taken and shown: processes that alternate, medians, ratios beside their bounds."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
CHILD = [sys.executable, str(ROOT / "tests/bench_child.py")]
CONGVAN = [sys.executable, "-m", "pipeline.cli"]
ONE_THREAD = os.environ | {"OMP_THREAD_LIMIT": "1"}


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table: ours and the yardstick in words, and the figure that is held against a bound."""

    what: str
    ours: str
    yardstick: str
    value: float
    bound: float
    remark: str = ""
    at_least: bool = False

    @property
    def kept(self) -> bool:
        """Whether the figure keeps its bound."""
        return self.value >= self.bound if self.at_least else self.value <= self.bound

    def row(self) -> str:
        """The figure as a row of a Markdown table."""
        sign = "≥" if self.at_least else "≤"
        verdict = "kept" if self.kept else "**missed**"
        return (
            f"| {self.what} | {self.ours} | {self.yardstick} | {self.value:.2f} | {sign} {self.bound:g} | {verdict} "
            f"| {self.remark} |"
        )


HEAD = "| what | ours | yardstick | figure | aim | | |\n|---|---|---|---|---|---|---|"


@dataclass(frozen=True, slots=True)
class Run:
    """What one process took, in processor seconds: until it was warm, and file by file."""

    start: float
    seconds: dict[Path, float]

    def of(self, files: Sequence[Path]) -> float:
        """What these files took."""
        return sum(self.seconds[file] for file in files)


def measured(kind: str, files: Sequence[Path], warm: Sequence[Path]) -> Run:
    """A run of `bench_child`."""
    asked = json.dumps({"warm": list(map(str, warm)), "files": list(map(str, files))})
    run = subprocess.run([*CHILD, kind], input=asked, stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT)
    found = json.loads(run.stdout)
    return Run(found["start"], dict(zip(files, found["seconds"], strict=True)))


def middle(runs: Sequence[Run], files: Sequence[Path]) -> float:
    """The median over some runs of what these files took."""
    return median(run.of(files) for run in runs)


def start_of(runs: Sequence[Run]) -> str:
    """How long it takes to get warm, in words."""
    return f"{median(run.start for run in runs):.2f} s"


def seconds_of(command: Sequence[str | Path]) -> tuple[float, float]:
    """How long a process takes from start to end, by the clock and by processor time."""
    before, start = _spent(), time.perf_counter()
    run = subprocess.run(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=ONE_THREAD
    )
    clock = time.perf_counter() - start
    if run.returncode not in (0, 1):
        sys.exit(f"{command[:4]} failed:\n{run.stderr}")
    return clock, _spent() - before


def _spent() -> float:
    """Processor seconds of all processes started that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
