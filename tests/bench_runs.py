"""Whole runs: two processes against one, commands that answer at once, a folder that has not changed."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import pypdfium2
from bench_files import SAMPLES, SHARED, WARM, made_pdfs
from bench_timing import CONGVAN, Figure, seconds_of

PAGES = 300
TWO, HELP, QUERY, UNCHANGED = 1.85, 0.25, 0.6, 0.01
FEW_CHARS = 100


def two_processes(rounds: int, scratch: Path) -> list[Figure]:
    """How much more two worker processes do than one in the same time, without start-up: a run over two small files."""
    files = made_pdfs(scratch, PAGES)
    small = [*WARM[:1], *WARM[:1]]
    clock: dict[tuple[int, bool], list[float]] = {(count, whole): [] for count in (1, 2) for whole in (True, False)}
    for _ in range(rounds):
        for (count, whole), seen in clock.items():
            work = [*small, *files] if whole else small
            seen.append(seconds_of([*CONGVAN, "extract", "--workers", str(count), *work])[0])
    one, two = (median(clock[count, True]) - median(clock[count, False]) for count in (1, 2))
    print(f"Start-up: one process {median(clock[1, False]):.2f} s, two {median(clock[2, False]):.2f} s by the clock")
    return [
        Figure(
            "two processes against one",
            f"{two:.1f} s",
            f"one: {one:.1f} s",
            one / two,
            TWO,
            f"{PAGES} pages, by the clock",
            at_least=True,
        )
    ]


def answers(rounds: int, scratch: Path) -> list[Figure]:
    """`congvan --help` and a query, in processor seconds of whole processes."""
    register = scratch / "register.db"
    seconds_of([*CONGVAN, "ingest", "--lenient", "--workers", "0", "--register", register, SAMPLES])
    return [
        _answer("`congvan --help`", ["--help"], HELP, rounds),
        _answer("a query (`congvan search`)", ["search", "--register", register, "an toan"], QUERY, rounds),
        _answer("a query (`congvan overdue`)", ["overdue", "--register", register], QUERY, rounds),
    ]


def _answer(what: str, command: Sequence[str | Path], bound: float, rounds: int) -> Figure:
    seen = [seconds_of([*CONGVAN, *command]) for _ in range(2 * rounds + 1)]
    clock, spent = (median(times) for times in zip(*seen, strict=True))
    return Figure(what, f"{spent:.2f} s", "", spent, bound, f"{clock:.2f} s by the clock")


def reading_again(rounds: int, scratch: Path) -> list[Figure]:
    """`congvan ingest` of a folder for the first time and again; start-up apart."""
    folder, nothing = scratch / "inbox", scratch / "nothing"
    nothing.mkdir()
    copy_documents(folder)
    times: dict[str, list[float]] = {"first": [], "again": [], "start": []}
    for n in range(rounds):
        ingest = [*CONGVAN, "ingest", "--lenient", "--workers", "0", "--register", scratch / f"{n}.db"]
        for name, place in (("first", folder), ("again", folder), ("start", nothing)):
            times[name].append(seconds_of([*ingest, place])[1])
    first, again, start = (median(found) for found in times.values())
    print(f"Start-up: ingest {start:.2f} s")
    count = len(list(folder.iterdir()))
    share = (again - start) / (first - start)
    whole = f"{count} files; whole process {again / first:.4f}"
    return [
        Figure(
            "ingest of an unchanged folder",
            f"{again - start:.2f} s",
            f"first run {first - start:.1f} s",
            share,
            UNCHANGED,
            whole,
        )
    ]


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
