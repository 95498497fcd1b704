"""A table of 50,000 rows as Excel: time, and memory beside one of 500: `make bench`, or `python tests/bench_export.py`.

At most ten seconds of processor time, and at most eight megabytes more than the small table takes. Each is written by a
process of its own. Links are measured apart: Excel's format keeps them until the end, about a kilobyte each.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

MOST_SECONDS, MOST_MEGABYTES = 10.0, 8.0
SIZES = (500, 50_000)
KINDS = ("text", "serial", "text", "text", "day", "text", "text", "day", "text", "text")


def write(count: int, linked: bool, folder: str) -> None:
    """Write a table of that many rows; print the seconds of processor time and the megabytes it took."""
    from pipeline.export.excel import write_workbook
    from pipeline.export.sheet import Column, Link, Sheet
    from pipeline.followup.settings import Office

    def rows():
        words = "Báo cáo kết quả trồng cây ven đường liên xã theo kế hoạch đã được duyệt, gửi về Sở trước khi họp"
        for n in range(count):
            name = f"{n}/SNNMT-TL"
            day = date(2026, 1, 1) + timedelta(days=n % 300)
            path = Path(folder) / f"{n}.pdf"
            yield (
                "Sở Mây",
                n,
                Link(name, str(path)) if linked else name,
                words,
                day,
                words[:40],
                "Sở Gió",
                day,
                None,
                "",
            )

    columns = [Column(f"Cột {n}", kind, 15) for n, kind in enumerate(KINDS)]
    start = time.process_time()
    made = Path(folder) / "b.xlsx"
    write_workbook([Sheet("b", "BẢNG", columns, rows())], made, office=Office(), today=date(2026, 1, 31))
    print(time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def measured(count: int, linked: bool) -> tuple[float, float]:
    with tempfile.TemporaryDirectory() as folder:
        words = [sys.executable, __file__, str(count), str(int(linked)), folder]
        done = subprocess.run(words, check=True, capture_output=True, text=True)
    seconds, megabytes = map(float, done.stdout.split())
    return seconds, megabytes


def main() -> int:
    (_, small), (seconds, large) = (measured(count, False) for count in SIZES)
    linked_seconds, linked = measured(SIZES[1], True)
    print(f"Excel, {SIZES[1]} rows: {seconds:.1f} s, {large:.0f} MB ({SIZES[0]} rows: {small:.0f} MB)")
    print(f"  with a link a row: {linked_seconds:.1f} s, {linked:.0f} MB")
    is_good = seconds <= MOST_SECONDS and large - small <= MOST_MEGABYTES
    print("  " + ("within bounds" if is_good else f"MISSED: at most {MOST_SECONDS} s, {MOST_MEGABYTES} MB more"))
    return 0 if is_good else 1


if __name__ == "__main__":
    if len(sys.argv) == 4:
        write(int(sys.argv[1]), sys.argv[2] == "1", sys.argv[3])
    else:
        sys.exit(main())
