"""Text alone: the complete extract beside spaCy's tokeniser; a text of five megabytes; the search for limits."""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median

from bench_files import WARM, texts
from bench_pages import LINEAR, alone, slope
from bench_timing import Figure, Run, measured, middle, start_of

TWICE = 2.0
MEGABYTES = (1, 2, 5)
CHARS, ONE_SECOND = 1_000_000, 1.0


def text_alone(rounds: int, scratch: Path) -> list[Figure]:
    """The complete extract of texts beside spaCy's tokeniser for all languages on the same."""
    found = texts()
    files = [_written(scratch / f"{number:03}.txt", text) for number, text in enumerate(found)]
    runs: dict[str, list[Run]] = {"spacy": [], "extract": []}
    for _ in range(rounds):
        for kind in runs:
            runs[kind].append(measured(kind, files, WARM[:1] if kind == "spacy" else WARM))
    print(f"Start-up: extract {start_of(runs['extract'])}, spaCy {start_of(runs['spacy'])}")
    ours, theirs = middle(runs["extract"], files), middle(runs["spacy"], files)
    chars = sum(map(len, found)) / 1e6
    remark = f"{len(files)} texts, {chars:.1f} million characters"
    rates = (f"{chars / seconds:.2f} M characters/s" for seconds in (ours, theirs))
    return [
        Figure("text alone, complete extract", next(rates), f"spaCy `xx` {next(rates)}", ours / theirs, TWICE, remark)
    ]


def long_text(rounds: int, scratch: Path) -> list[Figure]:
    """How the time of one text grows with its length: the slope on logarithmic scales."""
    whole = "\n".join(texts())
    files = []
    for size in MEGABYTES:
        data = (whole * (1 + size * 1_000_000 // len(whole.encode()))).encode()[: size * 1_000_000]
        files.append(_written(scratch / f"{size}mb.txt", data.decode("utf-8", "ignore")))
    times = alone(files, rounds)
    ours, least = (f"{seconds / size:.2f} s a megabyte" for seconds, size in ((times[-1], 5), (times[0], 1)))
    return [
        Figure(
            "one text of 5 MB",
            ours,
            f"one of 1 MB: {least}",
            slope(MEGABYTES, times),
            LINEAR,
            f"slope; {times[-1]:.1f} s in all",
        )
    ]


def limits_found(rounds: int, scratch: Path) -> list[Figure]:
    """The search for time limits (`find_limits`), without what it remembers of strings it has seen."""
    from extractors.deadlines import find_limits

    text = "\n".join(texts())
    lines = [line for line in (text * (CHARS // len(text) + 1))[:CHARS].split("\n") if line.strip()]
    strings = {"lines": lines, "paragraphs": ["\n".join(lines[i : i + 8]) for i in range(0, len(lines), 8)]}
    figures = []
    for name, found in strings.items():
        find_limits.__wrapped__(" ".join(found[:50]), "2023-05-05")  # the lexicon is read and compiled
        seconds = []
        for _ in range(rounds):
            start = time.process_time()
            count = sum(len(find_limits.__wrapped__(one, "2023-05-05")) for one in found)
            seconds.append(time.process_time() - start)
        figures.append(
            Figure(
                f"limits in a million characters, {name}",
                f"{median(seconds):.2f} s",
                "",
                median(seconds),
                ONE_SECOND,
                f"{len(found)} strings, {count} limits",
            )
        )
    return figures


def _written(file: Path, text: str) -> Path:
    file.write_text(text, "utf-8")
    return file
