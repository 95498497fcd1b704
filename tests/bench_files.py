"""What is measured on: real documents where they are there (../shared), samples, and pages made of their texts."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from unicodedata import normalize

import pypdfium2
from bench_timing import ROOT
from font_source_serif_pro import font_files_ttf
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

SHARED = ROOT.parent / "shared"
SAMPLES = ROOT / "corpus/samples"
WARM_PDF = SAMPLES / "chi-thi-an-toan-ho-chua.pdf"
WARM = [*sorted(SAMPLES.glob("*.txt")), *sorted(SAMPLES.glob("*.docx")), WARM_PDF]
# Patterns are compiled where they are first asked for: that is starting up, and no page's.
WARM_WORDS = [*WARM, *sorted((SHARED / "corpus/raw").glob("*.docx"))]  # of which none is measured
LOOK = """
import json, sys
from pathlib import Path
import pipeline.reading.scanned as scanned
from pipeline.errors import UnreadableFile
from pipeline.reading import read_document
class Pictured(BaseException):
    "A page that would be recognised."
def seen(*page):
    raise Pictured
scanned.picture_of = seen
found = {}
for path in sys.argv[1:]:
    try:
        found[path] = bool(read_document(Path(path)).tables)
    except (UnreadableFile, Pictured):
        pass
print(json.dumps(found))
"""
_FONTS = ("SourceSerifPro", "SourceSerifProBold", "SourceSerifProSemibold")
_MARGIN, _SIZE, _LEADING = 57.0, 13.0, 17.0
_LONG, _SHORT = 12_000, 60
_SENTENCES = re.compile(r"(?<=[.;:!?]) +")


def of_gold(medium: str) -> list[Path]:
    """The PDF files of the gold with text, or the scans, else those of the samples."""
    gold = SHARED / "gold/dev"
    gold = gold if gold.is_dir() else ROOT / "corpus/gold"
    rows = [json.loads(path.read_text("utf-8")) for path in sorted(gold.glob("*.json"))]
    sources = [row["source"] for row in rows if row.get("medium") == medium and row["source"].endswith(".pdf")]
    return [path for source in sources for path in (gold / "docs" / source, ROOT / source) if path.is_file()]


def real_pdfs() -> dict[Path, bool]:
    """The PDF files in which nothing is recognised on pictures, and whether rules on some page make a table."""
    raw = SHARED / "corpus/raw"
    return not_recognised([*of_gold("text"), *(sorted(raw.glob("*.pdf")) if raw.is_dir() else ())])


def not_recognised(files: Sequence[Path]) -> dict[Path, bool]:
    """Those of the PDF files in which nothing is recognised, and whether they hold tables."""
    # without its program nothing can be recognised: what would need it is left out at once
    run = subprocess.run(
        [sys.executable, "-c", LOOK, *files],
        cwd=ROOT,
        env=os.environ | {"PATH": ""},
        stdout=subprocess.PIPE,
        check=True,
    )
    return {Path(path): ruled for path, ruled in json.loads(run.stdout).items()}


def pages_of(file: Path) -> int:
    """How many pages a PDF has."""
    return len(pypdfium2.PdfDocument(file))


def texts() -> list[str]:
    """Texts of dispatches: those collected, else 200 put together of the sentences of the samples."""
    folder = SHARED / "corpus/text"
    if folder.is_dir():
        return [path.read_text("utf-8", "replace") for path in sorted(folder.glob("*.txt"))]
    chance = random.Random(5)
    sys.path.insert(0, str(ROOT))
    from pipeline.reading import read_document

    samples = [read_document(path).text for path in WARM]
    sentences = [one for text in samples for line in text.split("\n") for one in _SENTENCES.split(line) if one.strip()]
    heads = [text.split("\n")[:12] for text in samples]
    return ["\n".join([*chance.choice(heads), *chance.sample(sentences, len(sentences))]) for _ in range(200)]


def made_pdfs(folder: Path, pages: int) -> list[Path]:
    """PDF files of about so many pages in all, made of texts."""
    files: list[Path] = []
    order = texts()
    random.Random(7).shuffle(order)
    order.sort(key=lambda text: max(len(text), _LONG))  # dispatches have a few pages; long texts come last
    for number, text in enumerate(order):
        if pages <= 0:
            break
        files.append(made_pdf(folder / f"made-{number:03}.pdf", text))
        pages -= pages_of(files[-1])
    known = not_recognised(files)  # texts in other languages, or in fonts of the past, would be recognised
    return [file for file in files if file in known]


def made_pdf(file: Path, text: str) -> Path:
    """A text as offices print it: A4, justified lines, each word drawn by itself in a subset of an embedded font."""
    _register_fonts()
    canvas = Canvas(str(file), pagesize=A4)
    y = A4[1] - _MARGIN
    for line in filter(None, map(str.strip, normalize("NFC", text).split("\n"))):
        font = _FONTS[1 if line.isupper() else 2 if len(line) < _SHORT else 0]
        for row in _rows(line, font):
            if y < _MARGIN:
                canvas.showPage()
                canvas.setFont(_FONTS[0], _SIZE)
                canvas.drawCentredString(A4[0] / 2, A4[1] - _MARGIN / 2, str(canvas.getPageNumber()))
                y = A4[1] - _MARGIN
            canvas.setFont(font, _SIZE)
            for x, word in row:
                canvas.drawString(x, y, word)
            y -= _LEADING
        y -= _SIZE / 4
    canvas.save()
    return file


@cache
def _register_fonts() -> None:
    for name in _FONTS:
        pdfmetrics.registerFont(TTFont(name, str(font_files_ttf[name])))


def _rows(line: str, font: str) -> Iterator[list[tuple[float, str]]]:
    """The words of a paragraph with their places, row by row: all but the last reach from margin to margin."""
    space, room = stringWidth(" ", font, _SIZE), A4[0] - 2.25 * _MARGIN
    row: list[tuple[str, float]] = []
    for word in line.split():
        width = stringWidth(word, font, _SIZE)
        if row and sum(wide + space for _, wide in row) + width > room:
            yield _placed(row, (room - sum(wide for _, wide in row)) / max(1, len(row) - 1))
            row = []
        row.append((word, width))
    yield _placed(row, space)


def _placed(row: Sequence[tuple[str, float]], gap: float) -> list[tuple[float, str]]:
    x, out = 1.5 * _MARGIN, []
    for word, width in row:
        out.append((x, word))
        x += width + gap
    return out


def sampled(files: Sequence[Path], pages: int) -> list[Path]:
    """Some of the files, evenly over all, with about so many pages."""
    step = max(1, round(sum(map(pages_of, files)) / pages)) if files else 1
    return list(files[::step])
