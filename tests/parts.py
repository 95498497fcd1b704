"""All tests in parts, as many at once as there are cores: `make test`.

What a part says is shown when it has ended. Exit code 0 if all passed.
"""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

ROOT = Path(__file__).parent.parent
TESTS = ROOT / "tests"
FIRST = ["reading", "web/test_web_[a-d]*.py", "web/test_web_[e-r]*.py", "web/test_web_[s-z]*.py", "ingest", "register"]


def main(asked: list[str]) -> int:
    """Run every part, each with what else was asked for."""
    failed = []
    with ThreadPoolExecutor(os.cpu_count()) as at_once:
        running = {at_once.submit(run, part, asked): part for part in parts()}
        for done in as_completed(running):
            code, said = done.result()
            print(f"── {' '.join(running[done])}", said, sep="\n", flush=True)
            if code:
                failed.append(running[done][0])
    print(f"failed: {', '.join(failed)}" if failed else "all parts passed")
    return 1 if failed else 0


def parts() -> list[list[str]]:
    """Paths for a run of pytest each, what takes longest first."""
    found = [sorted(path.relative_to(ROOT).as_posix() for path in TESTS.glob(pattern)) for pattern in FIRST]
    taken = {path for part in found for path in part}
    for path in sorted(TESTS.iterdir()):
        name = path.relative_to(ROOT).as_posix()
        if any(path.glob("test_*.py")) and name not in taken and name != "tests/web":
            found.append([name])
    alone = sorted(path.relative_to(ROOT).as_posix() for path in TESTS.glob("test_*.py"))
    return [*found, alone, ["extractors", "pipeline"]]


def run(part: list[str], asked: list[str]) -> tuple[int, str]:
    """Exit code and words of one run."""
    command = [sys.executable, "-m", "pytest", "-q", *asked, *part]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8")
    return done.returncode, done.stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
