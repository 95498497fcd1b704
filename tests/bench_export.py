"""How long the tables of a register take, and how much memory: `make bench`, or `python tests/bench_export.py`.

Registers are made up in which 5,000 and 50,000 duties are late; each command is a process of its own, from its start to
its end. At most ten seconds of processor time for 50,000 rows in Excel and CSV, and memory that does not grow with the
rows: at most a fifth more than for 5,000.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

SMALL, LARGE = 5_000, 50_000
MOST_SECONDS, MOST_GROWTH = 10.0, 1.2
TABLES = ("overdue.xlsx", "overdue.csv", "handling.xlsx", "handling.csv", "arrivals.xlsx", "arrivals.csv",
    "summary.xlsx", "dataset")  # fmt: skip
_CHILD = """
import resource, sys
from pipeline.cli import run
code = run(sys.argv[1:])
used = resource.getrusage(resource.RUSAGE_SELF)
print(code, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
"""

_BUILD = "import sys; from overdue_register import build; build(sys.argv[1], int(sys.argv[2]))"


def measured(table: str, register: Path, folder: Path) -> tuple[float, float]:
    """Seconds of the processor and megabytes at most that a command takes."""
    from overdue_register import AS_OF

    name = table.partition(".")[0]
    words = ["export", name, "--register", str(register), "--to", str(folder / f"made-{table}"), "--force"]
    words += [] if name == "dataset" else ["--as-of", AS_OF.isoformat()]
    done = subprocess.run([sys.executable, "-c", _CHILD, *words], check=True, capture_output=True, text=True, cwd=ROOT)
    code, seconds, megabytes = map(float, done.stdout.split()[-3:])
    assert code == 0, done.stderr
    return seconds, megabytes


def main() -> int:
    from overdue_register import ON_A_LETTER

    is_good = True
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        for size in (SMALL, LARGE):
            # by a process of its own: what a parent took counts for its children too
            path = str(folder / f"{size}.db")
            subprocess.run([sys.executable, "-c", _BUILD, path, str(size)], check=True, cwd=ROOT / "tests")
        print(f"{'':14}  {LARGE} late duties ({LARGE // ON_A_LETTER} letters); in brackets memory at {SMALL}")
        for table in TABLES:
            (_, small), (seconds, large) = (measured(table, folder / f"{n}.db", folder) for n in (SMALL, LARGE))
            kept = seconds <= MOST_SECONDS and large <= MOST_GROWTH * small
            is_good = is_good and kept
            missed = "" if kept else f"  MISSED: at most {MOST_SECONDS:.0f} s, {MOST_GROWTH} times the memory"
            print(f"{table:14}  {seconds:5.1f} s  {large:5.0f} MB ({small:.0f}){missed}")
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
