"""Words recognised on a picture: Tesseract as a program of its own, the picture by a pipe in, words and boxes out."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import ProgramFailed, ProgramMissing
from pipeline.reading.layout import Word
from pipeline.reading.programs import packages_of, run_program

Picture = NDArray[np.uint8]

LANGUAGE = "vie"
DPI = 200
AUTOMATIC, BLOCK, LINE, SPARSE = 3, 6, 7, 11
_SECONDS = 60.0
_MAX_OUTPUT = 16_000_000
_COLUMNS = 12
_WORD = "5"
_SURE = 0.99


def recognise(grey: Picture, psm: int = AUTOMATIC, dpi: int = DPI, digits: bool = False) -> list[Word]:
    """The words on a grey picture with boxes in pixels, in Tesseract's own order, and how sure it is of each.

    `psm` is Tesseract's mode: a page, one block, one line, sparse text. Raises ProgramMissing where Tesseract or its
    Vietnamese data are not installed, ProgramTimedOut and ProgramFailed.
    """
    height, width = grey.shape
    if not height or not width:
        return []
    args = ["tesseract", "stdin", "stdout", "-l", LANGUAGE, "--psm", str(psm), "--dpi", str(dpi)]
    # pages are black on white here: trying every line the other way round as well costs a tenth of the time
    args += ["-c", "tessedit_do_invert=0"]
    if digits:
        args += ["-c", "tessedit_char_whitelist=0123456789"]
    header = b"P5 %d %d 255\n" % (width, height)
    try:
        output = run_program([*args, "tsv"], header + grey.tobytes(), _SECONDS, _MAX_OUTPUT)
    except ProgramFailed as error:
        if f"{LANGUAGE}.traineddata" in error.complaint:
            raise ProgramMissing(program=f"tesseract ({LANGUAGE})", packages=packages_of("tesseract")) from error
        raise
    return list(_words(output.stdout.decode("utf-8", "replace")))


def _words(tsv: str) -> Iterator[Word]:
    lines = tsv.split("\n")
    if not lines[0].startswith("level"):
        raise ProgramFailed(program="tesseract", exit=0)
    for order, line in enumerate(lines[1:]):
        cells = line.split("\t")
        if len(cells) != _COLUMNS or cells[0] != _WORD or not cells[11].strip():
            continue
        left, top, width, height = map(int, cells[6:10])
        confidence = min(_SURE, max(0.0, float(cells[10]) / 100))
        yield Word(cells[11].strip(), left, top, left + width, top + height, order=order, confidence=confidence)
