"""The program that recognises pictures, one after the other, with one engine: a process of its own, asked by `ocr`.

    python recogniser.py DESCRIPTOR DATA LANGUAGE

Each line of standard input asks for one picture, whose grey pixels stand in the file DESCRIPTOR: its width and height,
Tesseract's mode, dots an inch, and the letters it may hold ("" for all), with a tab between. The answer is a table as
the program `tesseract` prints it (TSV), without its head.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from typing import Any

_DIE_WITH_PARENT = 1  # prctl(2)
_LENGTH_BYTES = 8  # as `answering` expects; nothing else of this package is needed here, which spares a second


def main(place: int, data: str, language: str) -> None:
    """Answer until nobody asks any more."""
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
    import tesserocr

    with tesserocr.PyTessBaseAPI(path=data, lang=language) as engine:
        # pages are black on white here: trying every line the other way round as well costs a tenth of the time
        engine.SetVariable("tessedit_do_invert", "0")
        for line in sys.stdin:
            answer = _recognised(engine, place, line.rstrip("\n").split("\t")).encode()
            sys.stdout.buffer.write(len(answer).to_bytes(_LENGTH_BYTES, "big") + answer)
            sys.stdout.buffer.flush()


def _recognised(engine: Any, place: int, asked: list[str]) -> str:
    width, height, mode, dpi = map(int, asked[:4])
    engine.ClearAdaptiveClassifier()  # what other pages said must not change the reading of this one
    engine.SetVariable("tessedit_char_whitelist", asked[4])
    engine.SetPageSegMode(mode)
    engine.SetImageBytes(os.pread(place, width * height, 0), width, height, 1, width)
    engine.SetSourceResolution(dpi)
    table: str = engine.GetTSVText(0)
    engine.Clear()
    return table


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3])
