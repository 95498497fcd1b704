"""All tests in parts, as many at once as there are cores: `make test`.

What a part says is shown when it has ended. Exit code 0 if all passed.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

ROOT = Path(__file__).parent.parent
TESTS = ROOT / "tests"
LONG = ["tests/ingest", "tests/reading", "tests/extractors"]


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
    pages = named(TESTS.glob("web/test_*.py"))
    folders = named(path for path in TESTS.iterdir() if any(path.glob("test_*.py")))
    short = [name for name in folders if name not in (*LONG, "tests/web")]
    alone = named(TESTS.glob("test_*.py"))
    return [*(pages[n::3] for n in range(3)), alone, *([name] for name in LONG + short), ["extractors", "pipeline"]]


def named(paths: Iterable[Path]) -> list[str]:
    """Paths as pytest is given them."""
    return sorted(path.relative_to(ROOT).as_posix() for path in paths)


def run(part: list[str], asked: list[str]) -> tuple[int, str]:
    """Exit code and words of one run."""
    command = [sys.executable, "-m", "pytest", "-q", *asked, *part]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8")
    return done.returncode, done.stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
