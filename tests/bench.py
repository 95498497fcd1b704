"""Speed, measured on whole processes: `make bench`, or `python tests/bench.py [--rounds N]`.

Two questions, each answered by runs that alternate, one process at a time, with start-up shown apart:

- What does the complete `congvan extract` of PDF files cost, beside pdfplumber's bare `extract_text()` of the same
  files? At most half a page for a page.
- What does `congvan ingest` of a folder cost that has not changed since the first time? Under 3 % of the first run.

Documents come from ../shared where it is there, else from corpus/samples (too few to judge by).
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import pypdfium2

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
SAMPLES = ROOT / "corpus/samples"
CONGVAN = [sys.executable, "-m", "pipeline.cli"]
PLUMBER = """
import sys, pdfplumber
for path in sys.argv[1:]:
    with pdfplumber.open(path) as pdf:
        for page in pdf.pages:
            page.extract_text()
"""
HALF, THREE_PERCENT = 0.5, 0.03


def main() -> int:
    """Run both measurements; 1 if a bound is broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as scratch:
        return int(not all([extraction(rounds, Path(scratch)), reading_again(rounds, Path(scratch))]))


def extraction(rounds: int, scratch: Path) -> bool:
    """`congvan extract` against pdfplumber, page for page."""
    files = text_pdfs()
    pages = sum(len(pypdfium2.PdfDocument(file)) for file in files)
    empty = scratch / "empty.txt"
    empty.touch()
    extract = [*CONGVAN, "extract", "--workers", "0"]
    plumber = [sys.executable, "-c", PLUMBER]
    times = alternate(
        rounds,
        {
            "congvan extract": [*extract, *files],
            "  start-up": [*extract, empty],
            "pdfplumber extract_text": [*plumber, *files],
            "  start-up ": plumber,
        },
    )
    print(f"\nExtraction: {len(files)} PDF files, {pages} pages, {rounds} rounds, medians, one process")
    for name, seconds in times.items():
        print(f"  {name:26}{seconds:8.2f} s" + (f"{1000 * seconds / pages:9.1f} ms a page" if name[0] != " " else ""))
    ours, theirs = times["congvan extract"], times["pdfplumber extract_text"]
    bare = (ours - times["  start-up"]) / (theirs - times["  start-up "])
    return judge("ratio, whole process", ours / theirs, HALF, f"without start-up {bare:.3f}")


def reading_again(rounds: int, scratch: Path) -> bool:
    """`congvan ingest` of a folder for the first time and again."""
    folder, nothing = scratch / "inbox", scratch / "nothing"
    nothing.mkdir()
    copy_documents(folder)
    times: dict[str, list[float]] = {"first run": [], "again": [], "  start-up": []}
    for n in range(rounds):
        ingest = [*CONGVAN, "ingest", "--lenient", "--workers", "0", "--register", scratch / f"{n}.db"]
        times["first run"].append(seconds_of([*ingest, folder]))
        times["again"].append(seconds_of([*ingest, folder]))
        times["  start-up"].append(seconds_of([*ingest, nothing]))
    middle = {name: median(values) for name, values in times.items()}
    print(f"\nReading again: {len(list(folder.iterdir()))} files, {rounds} rounds, medians, one process")
    for name, seconds in middle.items():
        print(f"  {name:26}{seconds:8.2f} s")
    bare = (middle["again"] - middle["  start-up"]) / (middle["first run"] - middle["  start-up"])
    whole = middle["again"] / middle["first run"]
    return judge("share of the first run", bare, THREE_PERCENT, f"without start-up; whole process {whole:.4f}")


def judge(name: str, value: float, bound: float, remark: str) -> bool:
    """Print a figure beside its bound; whether it keeps it."""
    print(f"  {name:26}{value:8.4f}   bound {bound}: {'kept' if value <= bound else 'BROKEN'} ({remark})")
    return value <= bound


def text_pdfs() -> list[Path]:
    """The PDF files with text of the gold, else of the samples."""
    gold = SHARED / "gold/dev"
    if not gold.is_dir():
        return sorted(SAMPLES.glob("*.pdf"))
    rows = [json.loads(path.read_text("utf-8")) for path in sorted(gold.glob("*.json"))]
    sources = [row["source"] for row in rows if row.get("medium") == "text" and row["source"].endswith(".pdf")]
    return [gold / "docs" / source for source in sources]


def copy_documents(folder: Path) -> None:
    """Everything that there is to read, in one folder."""
    folder.mkdir()
    places = [SHARED / "gold/dev/docs", SHARED / "corpus/raw", SHARED / "corpus/text", SHARED / "seeds"]
    for place in [place for place in places if place.is_dir()] or [SAMPLES]:
        for file in [file for file in place.iterdir() if file.is_file()]:
            shutil.copyfile(file, folder / file.name)


def alternate(rounds: int, commands: dict[str, Sequence[str | Path]]) -> dict[str, float]:
    """The median seconds of each command; every round runs each once."""
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            times[name].append(seconds_of(command))
    return {name: median(values) for name, values in times.items()}


def seconds_of(command: Sequence[str | Path]) -> float:
    """How long a process takes from start to end."""
    start = time.perf_counter()
    run = subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    seconds = time.perf_counter() - start
    if run.returncode not in (0, 1):
        sys.exit(f"{command[:4]} failed:\n{run.stderr}")
    return seconds


if __name__ == "__main__":
    sys.exit(main())
