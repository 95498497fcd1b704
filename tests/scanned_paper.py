"""Documents as a scan gives them: words with a place and a confidence each."""

import unicodedata

from extractors.model import Box, Document, Line, ScannedWord

PITCH = 16.0
TALL = 10.0
TAIL = 2.8
ACCENT = 2.8
LETTER = 6.0


def scan(*rows, page: int = 1) -> Document:
    """A document of recognised lines. A row is a text, or (text, x), (text, x, column), (text, x, column, row number).

    `word@0.3` is a word of that confidence, `word@0.9^1.5` one half again as tall as print; `~~~` is a wide gap.
    """
    text, lines, words = "", [], []
    for n, row in enumerate(rows):
        said, x, column, at, *_ = (*((row,) if isinstance(row, str) else row), *(None,) * 4)
        top = PITCH * (n if at is None else at) + 40
        line, placed = _line(unicodedata.normalize("NFC", said), x or 80.0, top, len(text))
        words += placed
        box = Box(placed[0].box.x0, min(w.box.top for w in placed), placed[-1].box.x1, top + TALL)
        lines.append(Line(len(text), len(text) + len(line), page, box, column))
        text += line + "\n"
    return Document(text, tuple(lines), "0" * 64, pages=page, medium="scan", format="pdf", words=tuple(words))


def _line(said: str, x: float, top: float, start: int) -> tuple[str, list[ScannedWord]]:
    parts: list[str] = []
    words: list[ScannedWord] = []
    at = start
    for token in said.split(" "):
        if token == "~~~":
            x += 80
            continue
        word, _, marks = token.partition("@")
        confidence, _, taller = marks.partition("^")
        width, height = LETTER * len(word), TALL * float(taller or 1)
        tail = TAIL if set(word) & set("gpqyjQ,;()") or "\u0323" in unicodedata.normalize("NFD", word) else 0.0
        accent = ACCENT if any(_stands_out(c) for c in word) else 0.0
        box = Box(x, top + TALL - height - accent, x + width, top + TALL + tail)
        words.append(ScannedWord(at, at + len(word), box, float(confidence or 0.96)))
        parts.append(word)
        at += len(word) + 1
        x += width + LETTER / 2
    return " ".join(parts), words


def _stands_out(letter: str) -> bool:
    """Whether accents of a letter rise above capitals: one on a capital, two on a small letter."""
    above = unicodedata.normalize("NFD", letter)[1:].replace("\u0323", "").replace("\u031b", "")
    return len(above) > letter.islower()
