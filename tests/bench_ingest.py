"""Large runs: what writing costs beside reading, reading again, memory and cost as the register grows.

Run alone (`python tests/bench_ingest.py [--files N]`) or as a row of `make bench`: 20,000 small text dispatches.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
import tempfile
from pathlib import Path

from bench_timing import CONGVAN, HEAD, ROOT, Figure
from letters import Letter

FILES, SMALL = 20_000, 5_000
WRITING, AGAIN, MEMORY, SLOPE = 1.5, 0.01, 1.2, 0.1
_MEASURED = """
import json, resource, subprocess, sys
def spent(): u = resource.getrusage(resource.RUSAGE_CHILDREN); return u.ru_utime + u.ru_stime
run = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
print(json.dumps({"cpu": spent(), "peak": peak, "code": run.returncode, "err": run.stderr[-2000:]}))
"""
_PLACES = ("Lâm Bình", "Hòa Mạc", "Vĩnh Lạc", "Đông Thái", "Tân Hưng", "Yên Phú", "Cẩm Đông", "Phước Lộc")
_WORK = ("trồng cây ven đường", "kiểm kê thiết bị", "nạo vét kênh mương", "tiêm phòng gia súc", "sửa chữa trường học")


def large_runs(rounds: int, scratch: Path, files: int = FILES) -> list[Figure]:
    """Ingest against extraction alone, the same folder again, memory against a small folder."""
    del rounds  # the runs are long enough to need no repeating
    inbox, small = scratch / "inbox", scratch / "small"
    make_letters(inbox, files)
    make_letters(small, min(SMALL, files // 4))
    few = len(list(small.iterdir()))
    named = sorted(inbox.iterdir())[:FILES]  # as many as a command line holds
    alone = measured(["extract", "--mentions", *named])["cpu"] * files / len(named)
    first = measured(["ingest", "--lenient", "--register", scratch / "large.db", inbox])
    again = measured(["ingest", "--lenient", "--register", scratch / "large.db", inbox])
    little = measured(["ingest", "--lenient", "--register", scratch / "small.db", small])
    growth = math.log(first["cpu"] / little["cpu"]) / math.log(files / few)
    each = f"{1000 * first['cpu'] / files:.1f} ms a dispatch"
    return [
        Figure(
            f"ingest of {files:,} small dispatches",
            f"{first['cpu']:.0f} s",
            f"extract alone {alone:.0f} s",
            first["cpu"] / alone,
            WRITING,
            each,
        ),
        Figure(
            "the same, unchanged", f"{again['cpu']:.1f} s", "first run", again["cpu"] / first["cpu"], AGAIN, "whole"
        ),
        Figure(
            "memory of that ingest",
            f"{first['peak']:.0f} MB",
            f"at {few:,} files {little['peak']:.0f} MB",
            first["peak"] / little["peak"],
            MEMORY,
            "one process",
        ),
        Figure(
            "growth of cost a dispatch",
            f"slope {growth - 1:.3f}",
            f"{few:,} to {files:,}",
            growth - 1,
            SLOPE,
            "log-log",
        ),
    ]


def measured(arguments: list[str | Path]) -> dict[str, float]:
    """Processor seconds and megabytes of one command that does all its work in one process."""
    command = [*CONGVAN, *map(str, arguments), "--workers", "0"]
    run = subprocess.run(
        [sys.executable, "-c", _MEASURED, *command], capture_output=True, text=True, check=True, cwd=ROOT
    )
    found: dict[str, float] = json.loads(run.stdout)
    if found["code"] not in (0, 1):
        sys.exit(str(found["err"]))
    return found


def make_letters(folder: Path, count: int) -> None:
    """So many letters of invented bodies, each with another number, day, place and work."""
    folder.mkdir(parents=True)
    for n in range(count):
        place, work = _PLACES[n % len(_PLACES)], _WORK[n // len(_PLACES) % len(_WORK)]
        letter = Letter(
            number=f"{n % 9000 + 1}/SKHKT-VP",
            subject=f"đôn đốc {work} năm {2020 + n // 9000}, đợt {n % 97 + 1}",
            addressee=f"Ủy ban nhân dân xã {place}",
            day=n % 27 + 1,
            month=n // 27 % 12 + 1,
            year=2020 + n // 9000,
            body=[
                f"Để {work} kịp thời vụ, Sở Khoa học Kỹ thuật đề nghị Ủy ban nhân dân xã {place}:",
                f"1. Rà soát việc {work} tại {n % 7 + 2} thôn, gửi Sở trước ngày {n % 27 + 1}/12/{2020 + n // 9000}.",
                f"2. Hoàn thành {work} trong quý II/{2021 + n // 9000}.",
                "Sở Khoa học Kỹ thuật trân trọng cảm ơn./.",
            ],
        )
        (folder / f"{n:06}.txt").write_text(letter.text(), encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=FILES)
    with tempfile.TemporaryDirectory() as folder:
        print(HEAD, *(figure.row() for figure in large_runs(1, Path(folder), parser.parse_args().files)), sep="\n")
