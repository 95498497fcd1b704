"""Speed, measured on whole processes: `make bench`, or `python tests/bench.py [--rounds N] [--scan-rounds N]`.

Four questions, the first three answered by runs that alternate, one process at a time, with start-up shown apart:

- What does the complete `congvan extract` cost of PDF files with text on every page, beside pdfplumber's bare
  `extract_text()` of the same files? At most half a page for a page, and a fifth where no tables are ruled.
- What does it cost of scans, beside bare Tesseract (`tesseract stdin stdout -l vie tsv`, one process a page) on their
  pages, rendered beforehand? At most 1.25 times as much, and 1.10 times of clean ones: those that Tesseract itself
  recognises with a mean confidence of at least 90 %, weighted by letters.
- What does `congvan ingest` of a folder cost that has not changed since the first time? Under 3 % of the first run.

- What does it cost to look for limits in a million characters of dispatches, line by line and by paragraphs,
  in one process that has read its lexicon? Under a second of processor time.

Modules are compiled before, as an installation does. Documents come from ../shared where it is there, else from
corpus/samples (too few to judge by).
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
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
EXTRACT = [*CONGVAN, "extract", "--workers", "0"]
PLUMBER = """
import sys, pdfplumber
for path in sys.argv[1:]:
    with pdfplumber.open(path) as pdf:
        for page in pdf.pages:
            page.extract_text()
"""
LOOK = """
import json, sys
from pathlib import Path
import pipeline.reading.scanned as scanned
from pipeline.errors import UnreadableFile
from pipeline.reading import read_document
class Pictured(BaseException):
    "A page that would be recognised."
def seen(*page):
    raise Pictured
scanned.picture_of = seen
found = {}
for path in sys.argv[1:]:
    try:
        found[path] = bool(read_document(Path(path)).tables)
    except (UnreadableFile, Pictured):
        pass
print(json.dumps(found))
"""
TESSERACT = ["tesseract", "stdin", "stdout", "-l", "vie", "tsv"]
ONE_THREAD = os.environ | {"OMP_THREAD_LIMIT": "1"}
DPI = 200
CLEAN = 90.0
FEW_CHARS = 100
HALF, FIFTH, THREE_PERCENT = 0.5, 0.2, 0.03
SCAN, CLEAN_SCAN = 1.25, 1.10
SCANNED_CHARS, ONE_SECOND = 1_000_000, 1.0


def main() -> int:
    """Run all measurements; 1 if a bound is broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--scan-rounds", type=int, default=1)
    chosen = parser.parse_args()
    for package in ("extractors", "pipeline"):
        compileall.compile_dir(ROOT / package, quiet=1)
    with tempfile.TemporaryDirectory() as scratch:
        kept = [
            extraction(chosen.rounds, Path(scratch)),
            recognition(chosen.scan_rounds, Path(scratch)),
            reading_again(chosen.rounds, Path(scratch)),
            limits_found(chosen.rounds),
        ]
    return int(not all(kept))


# ---------------------------------------------------------------- text


def extraction(rounds: int, scratch: Path) -> bool:
    """`congvan extract` against pdfplumber, page for page."""
    raw = SHARED / "corpus/raw"
    candidates = [*of_gold("text"), *(sorted(raw.glob("*.pdf")) if raw.is_dir() else ())]
    ruled = with_tables(candidates)
    files = [file for file in candidates if str(file) in ruled]
    return all(
        [
            against_plumber("PDF files with text", files, HALF, rounds, scratch),
            against_plumber("no ruled tables", [f for f in files if not ruled[str(f)]], FIFTH, rounds, scratch),
        ]
    )


def against_plumber(name: str, files: list[Path], bound: float, rounds: int, scratch: Path) -> bool:
    """The cost of some files beside that of pdfplumber."""
    if not files:
        return True
    pages = sum(map(pages_of, files))
    empty = scratch / "empty.txt"
    empty.touch()
    plumber = [sys.executable, "-c", PLUMBER]
    times = alternate(
        rounds,
        {
            "congvan extract": [*EXTRACT, *files],
            "  start-up": [*EXTRACT, empty],
            "pdfplumber extract_text": [*plumber, *files],
            "  start-up ": plumber,
        },
    )
    print(f"\nExtraction: {name}: {len(files)} files, {pages} pages, {rounds} rounds, medians, one process")
    show(times, pages)
    ours, theirs = times["congvan extract"], times["pdfplumber extract_text"]
    bare = (ours - times["  start-up"]) / (theirs - times["  start-up "])
    return judge("ratio, whole process", ours / theirs, bound, f"without start-up {bare:.3f}")


def with_tables(files: Sequence[Path]) -> dict[str, bool]:
    """The files in which nothing is recognised on pictures, and whether rules on some page make a table."""
    run = subprocess.run(
        [sys.executable, "-c", LOOK, *files],
        cwd=ROOT,
        env=os.environ | {"PATH": ""},
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(run.stdout)


# ---------------------------------------------------------------- scans


def recognition(rounds: int, scratch: Path) -> bool:
    """`congvan extract` against bare Tesseract, page for page, for clean scans and for the others."""
    files = of_gold("scan")
    if not files or not shutil.which("tesseract"):
        print("\nRecognition: not measured, for want of scans or of Tesseract")
        return True
    pages = {file: rendered(file, scratch) for file in files}
    clean = [file for file in files if confidence(pages[file]) >= CLEAN]
    groups = {"clean": clean, "others": [file for file in files if file not in clean]}
    ours: dict[str, list[float]] = {name: [] for name in groups}
    theirs: dict[str, list[float]] = {name: [] for name in groups}
    for _ in range(rounds):
        for name, group in groups.items():
            if group:
                theirs[name].append(sum(bare_seconds(page) for file in group for page in pages[file]))
                ours[name].append(seconds_of([*EXTRACT, *group]))
    count = sum(map(len, pages.values()))
    print(f"\nRecognition: {len(files)} scans, {count} pages, {rounds} round(s), medians, one process")
    kept = True
    for name, group in groups.items():
        if group:
            own, bare = median(ours[name]), median(theirs[name])
            show({f"congvan extract, {name}": own, f"tesseract, {name}": bare}, sum(len(pages[f]) for f in group))
            bound = CLEAN_SCAN if name == "clean" else SCAN
            kept &= judge(f"ratio, {name}", own / bare, bound, f"{len(group)} files")
    whole = sum(median(v) for v in ours.values() if v) / sum(median(v) for v in theirs.values() if v)
    return judge("ratio, all", whole, SCAN, f"clean: {', '.join(file.stem for file in clean)}") and kept


def rendered(file: Path, scratch: Path) -> list[Path]:
    """The pages of a PDF as grey pictures."""
    out = []
    for number, page in enumerate(pypdfium2.PdfDocument(file)):
        path = scratch / f"{file.stem}-{number}.pgm"
        page.render(scale=DPI / 72).to_pil().convert("L").save(path)
        out.append(path)
    return out


def confidence(pages: Sequence[Path]) -> float:
    """How sure Tesseract is of its words on these pages, in percent, weighted by letters."""
    total = letters = 0.0
    for page in pages:
        for row in bare(page).split("\n")[1:]:
            cells = row.split("\t")
            if len(cells) == 12 and cells[0] == "5":
                total += float(cells[10]) * len(cells[11])
                letters += len(cells[11])
    return total / letters if letters else 0.0


def bare(page: Path) -> str:
    """What Tesseract says of one page."""
    with page.open("rb") as picture:
        run = subprocess.run(TESSERACT, stdin=picture, capture_output=True, check=True, env=ONE_THREAD)
    return run.stdout.decode()


def bare_seconds(page: Path) -> float:
    """How long it takes to say it."""
    start = time.perf_counter()
    bare(page)
    return time.perf_counter() - start


# ---------------------------------------------------------------- again


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


# ---------------------------------------------------------------- limits


def limits_found(rounds: int) -> bool:
    """The search for time limits (`find_limits`), without what it remembers of strings it has seen."""
    from extractors.deadlines import find_limits

    lines = dispatch_lines()
    strings = {"lines": lines, "paragraphs": ["\n".join(lines[i : i + 8]) for i in range(0, len(lines), 8)]}
    print(f"\nLimits: {sum(map(len, lines))} characters, {rounds} rounds, medians, one process")
    kept = True
    for name, texts in strings.items():
        find_limits.__wrapped__(" ".join(texts[:50]), "2023-05-05")  # the lexicon is read and compiled
        seconds = []
        for _ in range(rounds):
            start = time.process_time()
            count = sum(len(find_limits.__wrapped__(text, "2023-05-05")) for text in texts)
            seconds.append(time.process_time() - start)
        kept &= judge(f"seconds, {name}", median(seconds), ONE_SECOND, f"{len(texts)} strings, {count} limits")
    return kept


def dispatch_lines() -> list[str]:
    """The printed lines of a million characters of dispatches, repeated where there are fewer."""
    places = [place for place in (SHARED / "corpus/text",) if place.is_dir()] or [SAMPLES]
    texts = [file.read_text("utf-8", "replace") for place in places for file in sorted(place.glob("*.txt"))]
    text = "\n".join(texts)
    text = (text * (SCANNED_CHARS // len(text) + 1))[:SCANNED_CHARS]
    return [line for line in text.split("\n") if line.strip()]


def judge(name: str, value: float, bound: float, remark: str) -> bool:
    """Print a figure beside its bound; whether it keeps it."""
    print(f"  {name:26}{value:8.4f}   bound {bound}: {'kept' if value <= bound else 'BROKEN'} ({remark})")
    return value <= bound


def show(times: dict[str, float], pages: int) -> None:
    """Seconds, and milliseconds a page of all but starting up."""
    for name, seconds in times.items():
        print(f"  {name:26}{seconds:8.2f} s" + (f"{1000 * seconds / pages:9.1f} ms a page" if name[0] != " " else ""))


def of_gold(medium: str) -> list[Path]:
    """The PDF files of the gold with text, or the scans, else those of the samples."""
    gold = SHARED / "gold/dev"
    gold = gold if gold.is_dir() else ROOT / "corpus/gold"
    rows = [json.loads(path.read_text("utf-8")) for path in sorted(gold.glob("*.json"))]
    sources = [row["source"] for row in rows if row.get("medium") == medium and row["source"].endswith(".pdf")]
    return [path for source in sources for path in (gold / "docs" / source, ROOT / source) if path.is_file()]


def pages_of(file: Path) -> int:
    """How many pages a PDF has."""
    return len(pypdfium2.PdfDocument(file))


def has_text(file: Path) -> bool:
    """Whether a file can be read without outside programs, which would make a first run last for an hour."""
    if file.suffix == ".pdf":
        try:
            return pypdfium2.PdfDocument(file)[0].get_textpage().count_chars() >= FEW_CHARS
        except pypdfium2.PdfiumError:
            return True
    return file.suffix in (".docx", ".html", ".txt", ".md")


def copy_documents(folder: Path) -> None:
    """Everything with text that there is to read, in one folder."""
    folder.mkdir()
    places = [SHARED / "gold/dev/docs", SHARED / "corpus/raw", SHARED / "corpus/text", SHARED / "seeds"]
    for place in [place for place in places if place.is_dir()] or [SAMPLES]:
        for file in [file for file in place.iterdir() if file.is_file() and has_text(file)]:
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
