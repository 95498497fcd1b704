"""Words recognised on a picture: Tesseract in a program of its own, the picture in memory in, words and boxes out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from statistics import median

import numpy as np
from numpy.typing import NDArray

from extractors.mending import parted
from pipeline.errors import ProgramFailed, ProgramMissing
from pipeline.reading.answering import AnsweringProgram
from pipeline.reading.layout import Word
from pipeline.reading.programs import packages_of, run_program

Picture = NDArray[np.uint8]

PROGRAM = "tesseract"
LANGUAGE = "vie"
DPI = 200
POINTS = 72.0  # an inch
AUTOMATIC, BLOCK, LINE, SPARSE = 3, 6, 7, 11
_SECONDS = 60.0
_MAX_OUTPUT = 16_000_000
_DIGITS = "0123456789"
_COLUMNS = 12
_WORD = "5"
_SURE = 0.99
_PLAIN = 0.7
_ETH = {0xD0: 0x110, 0xF0: 0x111}  # eth looks like the d with a stroke, which is meant
_FEW_LETTERS = 2
_TALL = 1.6
_SAME_INK = 0.5
_MOST_WORDS = 4000


def recognise(grey: Picture, psm: int = AUTOMATIC, dpi: int = DPI, digits: bool = False) -> list[Word]:
    """The words on a grey picture with boxes in pixels, in Tesseract's own order, and how sure it is of each.

    `psm` is Tesseract's mode: a page, one block, one line, sparse text. Raises ProgramMissing where Tesseract or its
    Vietnamese data are not installed, ProgramTimedOut and ProgramFailed.
    """
    height, width = grey.shape
    if not height or not width:
        return []
    asked = "\t".join(map(str, (width, height, psm, dpi, _DIGITS if digits else "")))
    table = _recogniser().ask(asked, np.ascontiguousarray(grey).tobytes(), _SECONDS, _MAX_OUTPUT)
    try:
        return _read_once(list(_words(table.decode("utf-8", "replace"))))
    except ValueError as error:  # no figures where figures should stand
        raise ProgramFailed(program=PROGRAM, exit=0) from error


@cache
def _recogniser() -> AnsweringProgram:
    """The program that recognises pictures. Raises what `_data` raises."""
    return AnsweringProgram(PROGRAM, Path(__file__).with_name("recogniser.py"), str(_data()), LANGUAGE)


def _data() -> Path:
    """The folder of Tesseract's Vietnamese data. Raises ProgramMissing where they or Tesseract are not installed."""
    said = run_program([PROGRAM, "--list-langs"], timeout=_SECONDS, max_output=_MAX_OUTPUT)
    listed = (said.stdout.decode("utf-8", "replace") + said.complaint).partition("\n")[0]
    named = listed.split('"')[1::2]  # older versions do not say it
    for folder in (*map(Path, named), *_usual_folders()):
        if (folder / f"{LANGUAGE}.traineddata").exists():
            return folder
    raise ProgramMissing(program=f"{PROGRAM} ({LANGUAGE})", packages=packages_of(PROGRAM))


def _usual_folders() -> Iterator[Path]:
    share = Path("/usr/share")
    yield from sorted(share.glob("tesseract-ocr/*/tessdata"), reverse=True)
    yield share / "tessdata"


def _words(tsv: str) -> Iterator[Word]:
    lines: dict[tuple[str, ...], list[Word]] = {}
    for order, row in enumerate(tsv.split("\n")):
        cells = row.split("\t")
        if len(cells) != _COLUMNS or cells[0] != _WORD or not cells[11].strip():
            continue
        left, top, width, height = map(int, cells[6:10])
        confidence = min(_SURE, max(0.0, float(cells[10]) / 100))
        said = cells[11].strip().translate(_ETH)
        word = Word(said, left, top, left + width, top + height, order=order, confidence=confidence)
        lines.setdefault(tuple(cells[1:5]), []).append(word)
    for line in lines.values():
        if not _speck(line):
            yield from (part for word in _level(line) for part in _parted(word))


def _read_once(words: list[Word]) -> list[Word]:
    """The words without the less sure of each two that were read from the same ink, as slanted lines sometimes are."""
    if len(words) > _MOST_WORDS:
        return words
    boxes = np.array([word[1:5] for word in words], dtype=np.float32).reshape(-1, 4)
    x0, top, x1, bottom = (boxes[:, n, None] for n in range(4))
    wide = np.minimum(x1, x1.T) - np.maximum(x0, x0.T)
    high = np.minimum(bottom, bottom.T) - np.maximum(top, top.T)
    area = (x1 - x0) * (bottom - top)
    same = np.triu((wide > 0) & (high > 0) & (wide * high > _SAME_INK * np.minimum(area, area.T)), 1)
    worth = [word.confidence * len(word.text) for word in words]
    worse = {int(a if worth[a] < worth[b] else b) for a, b in np.argwhere(same)}
    return [word for n, word in enumerate(words) if n not in worse]


def _speck(line: Sequence[Word]) -> bool:
    """Whether what was taken for a line is dirt or a stroke of a pen: hardly a letter, and that not sure."""
    text = "".join(word.text for word in line)
    letters = sum(c.isalpha() for c in text)
    return letters <= _FEW_LETTERS and not any(c.isdigit() for c in text) and all(w.confidence < _PLAIN for w in line)


def _parted(word: Word) -> Iterator[Word]:
    """Two words that were run together apart, each with its share of the box."""
    parts = parted(word.text)
    at, letter = word.x0, (word.x1 - word.x0) / max(1, len(word.text))
    for part in parts:
        yield word._replace(text=part, x0=at, x1=at + letter * len(part))
        at += letter * len(part)


def _level(line: Sequence[Word]) -> Iterator[Word]:
    """The words of a line, a box that reaches into the lines around it (a stroke through the word) cut to the line."""
    height = median(word.bottom - word.top for word in line)
    top, bottom = median(word.top for word in line), median(word.bottom for word in line)
    for word in line:
        if len(line) > 2 and word.bottom - word.top > _TALL * height:
            word = word._replace(top=top, bottom=bottom)
        yield word
