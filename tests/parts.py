"""All tests in parts, as many at once as there are cores: `make test`.

What a part says is shown when it has ended, what failed once more at the end. Exit code 0 if all passed.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

ROOT = Path(__file__).parent.parent
TESTS = ROOT / "tests"
LONG = ["tests/ingest", "tests/reading", "tests/extractors"]
MOST = 25 * 60  # seconds for a part; the longest takes a quarter of it
LAST_WORDS = 10  # seconds in which it says where it stands
SUMMARY = 20  # last lines of a part that failed, said once more at the end


def main(asked: list[str]) -> int:
    """Run every part, each with what else was asked for."""
    failed = {}
    with ThreadPoolExecutor(os.cpu_count()) as at_once:
        running = {at_once.submit(run, part, asked): " ".join(part) for part in parts()}
        for done in as_completed(running):
            code, said = done.result()
            print(f"── {running[done]}", said, sep="\n", flush=True)
            if code:
                failed[running[done]] = said.splitlines()[-SUMMARY:]
    for part, summary in failed.items():
        print(f"── failed: {part}", *summary, sep="\n", flush=True)
    print(f"{len(failed)} parts failed" if failed else "all parts passed")
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
    """Exit code and words of one run. One that does not end is made to say where it stands, and ended."""
    command = [sys.executable, "-m", "pytest", "-q", *asked, *part]
    with tempfile.NamedTemporaryFile() as said:  # a pipe is waited for as long as any process of a test holds it
        running = subprocess.Popen(command, cwd=ROOT, stdout=said, stderr=subprocess.STDOUT)
        try:
            code = running.wait(MOST)
        except subprocess.TimeoutExpired:
            running.send_signal(signal.SIGABRT)
            time.sleep(LAST_WORDS)
            running.kill()
            code = running.wait()
        return code, Path(said.name).read_text("utf-8", errors="replace")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
