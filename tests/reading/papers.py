"""Papers made for the tests of the readers: little PDF, DOCX and text files with invented words."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from extractors.model import Document
from pipeline.reading import read_document_bytes

FONT, BOLD, SIZE = "Times-Roman", "Times-Bold", 13
HEIGHT = A4[1]


class Paper:
    """A PDF drawn line by line; `y` is measured from the top of the page."""

    def __init__(self, **options: object) -> None:
        self.out = io.BytesIO()
        self.canvas = Canvas(self.out, pagesize=A4, invariant=1, **options)

    def text(self, x: float, y: float, words: str, size: float = SIZE, bold: bool = False) -> Paper:
        self.canvas.setFont(BOLD if bold else FONT, size)
        self.canvas.drawString(x, HEIGHT - y, words)
        return self

    def centred(self, x: float, y: float, words: str, size: float = SIZE, bold: bool = False) -> Paper:
        self.canvas.setFont(BOLD if bold else FONT, size)
        self.canvas.drawCentredString(x, HEIGHT - y, words)
        return self

    def widget(self, x: float, y: float, words: str, width: float = 60, height: float = 16) -> Paper:
        """Words that stand only in the appearance of a widget, as a digital signature prints them."""
        self.canvas.acroForm.textfield(
            value=words, x=x, y=HEIGHT - y - 3, width=width, height=height, fontName=FONT, fontSize=12, borderWidth=0,
            forceBorder=False, fillColor=None, borderColor=None, name=f"field{x}{y}",
        )  # fmt: skip
        return self

    def rules(self, xs: Iterable[float], ys: Iterable[float]) -> Paper:
        xs, ys = list(xs), list(ys)
        for x in xs:
            self.canvas.line(x, HEIGHT - ys[0], x, HEIGHT - ys[-1])
        for y in ys:
            self.canvas.line(xs[0], HEIGHT - y, xs[-1], HEIGHT - y)
        return self

    def body(self, y: float = 250, lines: int = 12, left: float = 85, right: float = 540, first: int = 0) -> Paper:
        """A justified paragraph; `first` says where in an endless text it begins."""
        words = [
            "The",
            "district",
            "offices",
            "shall",
            "send",
            "their",
            "yearly",
            "figures",
            "of",
            "wells",
            "and",
            "pumps",
            "to",
            "the",
            "bureau",
            "of",
            "waters",
            "now",
        ]
        for n in range(lines):
            at = first + n
            row = [words[(at * 5 + at // 19 + k * (1 + at % 7)) % len(words)] for k in range(11)]
            widths = [self.canvas.stringWidth(w, FONT, SIZE) for w in row]
            gap = (right - left - sum(widths)) / (len(row) - 1)
            x = left
            for word, width in zip(row, widths, strict=True):
                self.text(x, y + 16 * n, word)
                x += width + gap
        return self

    def page(self) -> Paper:
        self.canvas.showPage()
        return self

    def bytes(self) -> bytes:
        self.canvas.save()
        return self.out.getvalue()


def letterhead(paper: Paper, symbol: str = "/NB-TV") -> Paper:
    """A letterhead in two columns; number and day are left blank."""
    paper.centred(170, 60, "PEOPLE OF NORTHVALE").centred(170, 76, "BUREAU OF WATERS", bold=True)
    paper.centred(420, 60, "COMMONWEALTH OF THE SEVEN RIVERS", bold=True)
    paper.centred(420, 76, "Water - Wood - Wind", bold=True)
    paper.text(120, 105, "No:").text(178, 105, symbol)
    paper.text(320, 105, "Northvale, day").text(430, 105, "of month 11 of 2024")
    return paper


def read(data: bytes) -> Document:
    return read_document_bytes(data)


def lines(document: Document) -> list[str]:
    return [document.text[line.start : line.end] for line in document.lines]


def columns(document: Document) -> list[tuple[int | None, str]]:
    return [(line.column, document.text[line.start : line.end]) for line in document.lines]


def cells(document: Document, table: int = 0) -> list[list[str]]:
    rows = document.tables[table].rows
    return [[document.text[cell.start : cell.end].replace("\n", " ") for cell in row] for row in rows]


def docx_bytes(fill: Callable[[object], None]) -> bytes:
    import docx

    paper, out = docx.Document(), io.BytesIO()
    fill(paper)
    paper.save(out)
    return out.getvalue()


def docx_of(body: str, **parts: str) -> bytes:
    """A DOCX whose body is the given XML; `parts` replace other parts, "__" standing for "/" in their names."""
    base = docx_bytes(lambda paper: None)
    out = io.BytesIO()
    names = "".join(f' xmlns:{p}="{u}"' for p, u in NAMES.items())
    with zipfile.ZipFile(io.BytesIO(base)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            content = old.read(item)
            if item.filename == "word/document.xml":
                content = f"<w:document{names}><w:body>{body}</w:body></w:document>".encode()
            if item.filename == "word/numbering.xml" and "numbering" in parts:
                content = f"<w:numbering{names}>{parts['numbering']}</w:numbering>".encode()
            new.writestr(item.filename, content)
    return out.getvalue()


NAMES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
}


def par(text: str, properties: str = "") -> str:
    return f'<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'
