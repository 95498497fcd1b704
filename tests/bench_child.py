"""One process that is measured: `python tests/bench_child.py KIND`, with the files to warm up on and those to measure
on stdin.

Prints the processor seconds until it was warm, and those that each file took. KIND is what is done with a file:
`extract` is all that `congvan extract` does; `pdfium`, `plumber` and `spacy` are the bare yardsticks.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

Work = Callable[[str], object]


@contextmanager
def extract() -> Iterator[Work]:
    """The complete extract of a file, as `congvan extract --workers 0` makes it."""
    import pdfplumber.table  # noqa: F401  # what only some files need is a part of starting up too

    import pipeline.reading.pdfstamps  # noqa: F401
    from pipeline.commands.extract import extract_row
    from pipeline.workers import executor_of

    with executor_of(0, 1, 60) as pool:
        yield lambda path: json.dumps(pool.executor.submit(extract_row, path).result(), ensure_ascii=False)


@contextmanager
def pdfium() -> Iterator[Work]:
    """The text of all pages through PDFium."""
    import pypdfium2

    def work(path: str) -> None:
        pdf = pypdfium2.PdfDocument(path)
        for page in pdf:
            page.get_textpage().get_text_range()
        pdf.close()

    yield work


@contextmanager
def plumber() -> Iterator[Work]:
    """The text of all pages through pdfplumber."""
    import pdfplumber

    def work(path: str) -> None:
        with pdfplumber.open(path) as pdf:
            for page in pdf.pages:
                page.extract_text()

    yield work


@contextmanager
def spacy() -> Iterator[Work]:
    """The words of a text through spaCy's tokeniser for all languages."""
    import spacy

    tokenizer = spacy.blank("xx").tokenizer
    yield lambda path: tokenizer(Path(path).read_text("utf-8", "replace"))


KINDS = {"extract": extract, "pdfium": pdfium, "plumber": plumber, "spacy": spacy}


def main() -> None:
    """Warm up, measure, print."""
    asked = json.load(sys.stdin)
    with KINDS[sys.argv[1]]() as work:
        for path in asked["warm"]:
            work(path)
        start = time.process_time()
        seconds = []
        for path in asked["files"]:
            before = time.process_time()
            work(path)
            seconds.append(time.process_time() - before)
    json.dump({"start": start, "seconds": seconds}, sys.stdout)


if __name__ == "__main__":
    main()
