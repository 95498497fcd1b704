"""PDF files with text: the complete extract beside PDFium's and pdfplumber's bare text; a file of a thousand pages."""

from __future__ import annotations

import math
import random
from pathlib import Path
from statistics import median

import pypdfium2
from bench_files import WARM, WARM_PDF, WARM_WORDS, made_pdfs, pages_of, real_pdfs, sampled
from bench_timing import Figure, Run, measured, middle, start_of

PAGES = 550
SAMPLE = 100
SIX_TIMES, TENTH, QUARTER, FIFTH, HALF = 6.0, 10.0, 4.0, 5.0, 2.0
LONG, LINEAR = (125, 250, 500, 1000), 1.1


def text_pages(rounds: int, scratch: Path) -> list[Figure]:
    """Beside PDFium on all pages, beside pdfplumber on a part of them."""
    real = real_pdfs()
    made = made_pdfs(scratch, PAGES - sum(map(pages_of, real)))
    files = [*real, *made]
    random.Random(3).shuffle(files)
    part = [*real, *sampled(made, SAMPLE)]
    runs: dict[str, list[Run]] = {"extract": [], "pdfium": [], "plumber": []}
    for _ in range(rounds):
        runs["pdfium"].append(measured("pdfium", files, [WARM_PDF]))
        runs["extract"].append(measured("extract", files, WARM_WORDS))
        runs["plumber"].append(measured("plumber", part, [WARM_PDF]))
    started = ", ".join(f"{name} {start_of(found)}" for name, found in runs.items())
    print(f"Start-up: {started}")
    free = [file for file in part if not real.get(file)]
    only = [file for file in free if file in real]
    return [
        _times(runs, files, real, "text PDFs, complete extract", "pdfium", SIX_TIMES),
        _times(runs, list(real), real, "the same, real pages alone", "pdfium", SIX_TIMES),
        _faster(runs, free, real, "pages without ruled tables", TENTH),
        _faster(runs, only, real, "the same, real pages alone", FIFTH),
        _faster(runs, part, real, "all pages", QUARTER),
        _faster(runs, list(real), real, "the same, real pages alone", HALF),
    ]


def _times(
    runs: dict[str, list[Run]], files: list[Path], real: dict[Path, bool], what: str, other: str, bound: float
) -> Figure:
    """How many times the yardstick's time ours takes."""
    ours, theirs = middle(runs["extract"], files), middle(runs[other], files)
    pages = sum(map(pages_of, files))
    return Figure(
        what, _a_page(ours, pages), f"PDFium {_a_page(theirs, pages)}", ours / theirs, bound, _pages(files, real)
    )


def _faster(runs: dict[str, list[Run]], files: list[Path], real: dict[Path, bool], what: str, bound: float) -> Figure:
    """How many times faster than pdfplumber ours is."""
    ours, theirs = middle(runs["extract"], files), middle(runs["plumber"], files)
    pages = sum(map(pages_of, files))
    plumber = f"pdfplumber {_a_page(theirs, pages)}"
    return Figure(what, _a_page(ours, pages), plumber, theirs / ours, bound, _pages(files, real), at_least=True)


def _a_page(seconds: float, pages: int) -> str:
    return f"{1000 * seconds / pages:.1f} ms a page"


def _pages(files: list[Path], real: dict[Path, bool]) -> str:
    known = sum(pages_of(file) for file in files if file in real)
    return f"{known} real pages, {sum(map(pages_of, files)) - known} made"


def long_file(rounds: int, scratch: Path) -> list[Figure]:
    """How the time of one file grows with its pages: the slope on logarithmic scales."""
    pages = made_pdfs(scratch, LONG[-1])
    files = [_bound(pages, count, scratch / f"{count}.pdf") for count in LONG]
    times = alone(files, rounds)
    return [Figure(
        "one PDF of 1,000 pages", _a_page(times[-1], LONG[-1]), f"one of 125: {_a_page(times[0], LONG[0])}",
        slope(LONG, times), LINEAR, f"slope; {times[-1]:.1f} s in all",
    )]  # fmt: skip


def alone(files: list[Path], rounds: int) -> list[float]:
    """What each file takes in a process of its own, which remembers nothing of the others."""
    return [median(measured("extract", [file], WARM).seconds[file] for _ in range(rounds)) for file in files]


def _bound(parts: list[Path], pages: int, file: Path) -> Path:
    """So many pages of some files as one file."""
    whole = pypdfium2.PdfDocument.new()
    for part in parts:
        pdf = pypdfium2.PdfDocument(part)
        whole.import_pages(pdf, list(range(min(len(pdf), pages - len(whole)))))
        if len(whole) == pages:
            break
    whole.save(file)
    return file


def slope(sizes: tuple[int, ...], times: list[float]) -> float:
    """The slope of times over sizes on logarithmic scales, fitted by least squares: 1 is linear."""
    xs, ys = [math.log(size) for size in sizes], [math.log(time) for time in times]
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / sum((a - x) ** 2 for a in xs)
