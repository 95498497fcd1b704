"""Scans: the complete extract beside bare Tesseract (a process a page, one thread) on their pages, rendered before."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import pypdfium2
from bench_files import of_gold
from bench_timing import CONGVAN, ONE_THREAD, Figure, seconds_of

TESSERACT = ["tesseract", "stdin", "stdout", "-l", "vie", "tsv"]
DPI = 200
CLEAN = 90.0
WITHIN = 1.10


def scans(rounds: int, scratch: Path) -> list[Figure]:
    """All scans, and those that are clean: those that Tesseract itself recognises with a mean confidence of at least
    90 %, weighted by letters."""
    files = of_gold("scan")
    if not files or not shutil.which("tesseract"):
        print("Scans are not measured, for want of scans or of Tesseract")
        return []
    pages = {file: rendered(file, scratch) for file in files}
    clean = [file for file in files if confidence(pages[file]) >= CLEAN]
    groups = {"clean": clean, "others": [file for file in files if file not in clean]}
    ours: dict[str, list[float]] = {name: [] for name in groups}
    theirs: dict[str, list[float]] = {name: [] for name in groups}
    start: list[float] = []
    empty = scratch / "empty.txt"
    empty.touch()
    for _ in range(rounds):
        start.append(_extracted([empty]))
        for name, group in groups.items():
            theirs[name].append(sum(bare_seconds(page) for file in group for page in pages[file]))
            ours[name].append(_extracted(group) - start[-1] if group else 0.0)
    print(f"Start-up: extract {median(start):.2f} s")
    counts = {name: sum(len(pages[file]) for file in group) for name, group in groups.items()}
    everything = [list(map(sum, zip(*side.values(), strict=True))) for side in (ours, theirs)]
    return [
        _figure("scans, complete extract", *everything, sum(counts.values())),
        *(_figure(f"the same, {name}", ours[name], theirs[name], counts[name]) for name in groups if groups[name]),
    ]


def _figure(what: str, ours: Sequence[float], theirs: Sequence[float], pages: int) -> Figure:
    own, bare = median(ours), median(theirs)
    shown = (f"{seconds / pages:.2f} s a page" for seconds in (own, bare))
    return Figure(what, next(shown), f"Tesseract {next(shown)}", own / bare, WITHIN, f"{pages} pages")


def _extracted(files: Sequence[Path]) -> float:
    """The processor seconds of a whole run."""
    return seconds_of([*CONGVAN, "extract", "--workers", "0", *files])[1]


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
        with page.open("rb") as picture:
            said = subprocess.run(TESSERACT, stdin=picture, capture_output=True, check=True, env=ONE_THREAD).stdout
        for row in said.decode().split("\n")[1:]:
            cells = row.split("\t")
            if len(cells) == 12 and cells[0] == "5":
                total += float(cells[10]) * len(cells[11])
                letters += len(cells[11])
    return total / letters if letters else 0.0


def bare_seconds(page: Path) -> float:
    """The processor seconds that Tesseract takes for one page."""
    return seconds_of(["tesseract", page, "stdout", "-l", "vie", "tsv"])[1]
