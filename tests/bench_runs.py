"""Whole runs: two processes against one, commands that answer at once, a folder that has not changed."""

from __future__ import annotations

import json
import random
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import pypdfium2
from bench_files import SAMPLES, SHARED, WARM, made_pdfs
from bench_timing import CONGVAN, Figure, seconds_of
from bench_workers import counted, extracted, warmed

from pipeline.workers import Pool, executor_of

PAGES, COUNTED, BOTH = 300, 5_000_000, 4
TWO, HELP, QUERY, UNCHANGED = 1.85, 0.25, 0.6, 0.01
FEW_CHARS = 100


def two_processes(rounds: int, scratch: Path) -> list[Figure]:
    """How much more two worker processes do than one in the same time, warm, by turns; and what two processes can do
    on this machine that only count, since other work on its cores takes from two more than from one."""
    files = made_pdfs(scratch, PAGES)
    random.Random(3).shuffle(files)  # the last file keeps one of two waiting: it is to be no longer than others
    seen: dict[int, list[_Shift]] = {1: [], 2: []}
    for _ in range(max(3, rounds)):
        for count in (1, 2):
            with executor_of(count, len(files), 60) as pool:  # new ones, which remember nothing of the last round
                list(pool.executor.map(warmed, [list(map(str, WARM))] * count))
                seen[count].append(_shift(pool, files))
    alone, both = ([shift.clock for shift in seen[count]] for count in (1, 2))
    ideal = [shift.at_best for shift in seen[2]]
    at_most = median(shift.counting for shift in seen[1]) / median(shift.counting for shift in seen[2])
    what, remark = "two processes against one", f"{PAGES} pages"
    spent = median(shift.at_best for shift in seen[1])
    return [
        Figure(
            f"{what}, by the clock",
            f"{median(both):.1f} s",
            f"one: {median(alone):.1f} s; two that only count: {at_most:.2f}",
            median(alone) / median(both),
            TWO,
            remark,
            at_least=True,
        ),
        Figure(
            f"{what}, in processor time",
            f"{median(ideal):.1f} s",
            f"one: {spent:.1f} s",
            spent / median(ideal),
            TWO,
            f"{remark}; of the busier one, or half of all with the process that hands out",
            at_least=True,
        ),
    ]


@dataclass(frozen=True, slots=True)
class _Shift:
    """A run over all files: seconds by the clock, and of processor time of each worker and of the one who hands out;
    seconds by the clock that the same workers need for counting."""

    clock: float
    workers: Sequence[float]
    own: float
    counting: float

    @property
    def at_best(self) -> float:
        """How long it takes where each worker has a core of its own and nobody else does."""
        count = len(self.workers)
        return max(*self.workers, (sum(self.workers) + self.own) / count) if count > 1 else self.workers[0]


def _shift(pool: Pool, files: Sequence[Path]) -> _Shift:
    before = dict(pool.executor.map(warmed, [[]] * pool.count))
    after: dict[int, float] = {}
    clock, own = time.perf_counter(), time.process_time()
    for pid, spent, row in pool.executor.map(extracted, map(str, files)):
        json.dumps(row, ensure_ascii=False)
        after[pid] = spent
    clock, own = time.perf_counter() - clock, time.process_time() - own
    start = time.perf_counter()
    list(pool.executor.map(counted, [COUNTED] * BOTH))
    return _Shift(clock, [spent - before[pid] for pid, spent in after.items()], own, time.perf_counter() - start)


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
