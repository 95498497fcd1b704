"""Speed: `make bench`, or `python tests/bench.py [--only ROW ...] [--rounds N] [--page-rounds N] [--scan-rounds N]`.

Prints a Markdown table of what reading and extracting cost beside yardsticks that do the least that can be done: the
bare text of PDFium and of pdfplumber, bare Tesseract, spaCy's tokeniser. Ours and the yardstick take turns, round by
round, one process each, which are first warmed up on the samples: starting up is shown apart. Figures are medians, in
processor time unless it says otherwise, so that they hold on a machine that has other things to do.

Modules are compiled before, as an installation does. Documents come from ../shared where it is there; what lacks of 520
pages is made of texts, which the table tells apart. `tests/bench_queries.py` measures a large register.
"""

from __future__ import annotations

import argparse
import compileall
import sys
import tempfile
from pathlib import Path

from bench_ingest import large_runs
from bench_pages import long_file, text_pages
from bench_runs import answers, reading_again, two_processes
from bench_scans import scans
from bench_texts import limits_found, long_text, text_alone
from bench_timing import HEAD, ROOT, Figure

ROWS = {
    "pages": text_pages,
    "long-pdf": long_file,
    "scans": scans,
    "text": text_alone,
    "long-text": long_text,
    "limits": limits_found,
    "two": two_processes,
    "answers": answers,
    "again": reading_again,
    "ingest": large_runs,
}


def main() -> int:
    """Run what was asked for and print the table; 1 if a bound is broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=ROWS, default=list(ROWS), metavar="ROW", help=", ".join(ROWS))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--page-rounds", type=int, default=7)  # the same page takes a tenth more or less each time
    parser.add_argument("--scan-rounds", type=int, default=1)
    chosen = parser.parse_args()
    for package in ("extractors", "pipeline"):
        compileall.compile_dir(ROOT / package, quiet=1)
    rounds = {"pages": chosen.page_rounds, "scans": chosen.scan_rounds}
    figures: list[Figure] = []
    for name in chosen.only:
        print(f"\n{name}", flush=True)
        with tempfile.TemporaryDirectory() as scratch:
            found = ROWS[name](rounds.get(name, chosen.rounds), Path(scratch))
        print("\n".join(figure.row() for figure in found), flush=True)
        figures += found
    print(f"\n{HEAD}\n" + "\n".join(figure.row() for figure in figures))
    return int(not all(figure.kept for figure in figures))


if __name__ == "__main__":
    sys.exit(main())
