"""A sample as a PDF with text: portrait pages in the form of the decree, then a landscape table as its appendix."""

from __future__ import annotations

import io
import math
import re

from font_source_serif_pro import font_files_ttf
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFObjectReference, PDFString
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from making.grid import Grid
from making.sources import MOTTO, PARTY, Source, is_party, paragraphs

REGULAR, BOLD = FONTS = "SourceSerifPro", "SourceSerifProBold"
# The italic faces of the family lack Vietnamese letters: what is to be italic is sheared.
LEAN = math.tan(math.radians(12))

LEFT, RIGHT, TOP, BOTTOM, LEADING, SIZE = 85.0, 545.0, 785.0, 60.0, 19.0, 13.0
LEFT_CENTRE, RIGHT_CENTRE = 180.0, 420.0
LIST_WIDTH = 230.0


def register_fonts() -> None:
    """Both faces under their names, for every canvas."""
    for name in FONTS:
        pdfmetrics.registerFont(TTFont(name, font_files_ttf[name]))


def make_pdf(source: Source) -> bytes:
    """The paper as a PDF with text; what stands in braces in a signature widget's appearance."""
    register_fonts()
    out = io.BytesIO()
    paper = Paper(Canvas(out, pagesize=A4, invariant=1, pageCompression=0))
    paper.write(source)
    paper.canvas.save()
    return out.getvalue()


class Paper:
    """A canvas that knows how far down the page it has come."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas, self.y, self.stamps = canvas, TOP, 0

    def write(self, source: Source) -> None:
        """All pages, from the letterhead to the appendix."""
        self.letterhead(source)
        self.addressees(source.get("addressees", []))
        for kind, text in paragraphs(source["body"]):
            if kind == "centred":
                self.centred(text)
            else:
                self.paragraph(text, BOLD if kind == "heading" else REGULAR)
        self.end(source)
        self.canvas.showPage()
        if "appendix" in source:
            self.appendix(source["appendix"])

    def line(
        self, text: str, x: float, font: str = REGULAR, size: float = SIZE, centred: bool = False, italic: bool = False
    ) -> None:
        """One line at the present height; `{...}` in it becomes a stamp."""
        parts = re.split(r"\{(.*?)\}", text)
        if centred:
            x -= pdfmetrics.stringWidth("".join(parts), font, size) / 2
        for n, part in enumerate(parts):
            width = pdfmetrics.stringWidth(part, font, size)
            if n % 2:
                self.stamp(part, x, width, font, size)
            elif part:
                self.words(part, x, font, size, italic)
            x += width

    def words(self, text: str, x: float, font: str, size: float, italic: bool) -> None:
        """Text at the present height, leaning where it is to be italic."""
        self.canvas.saveState()
        self.canvas.transform(1, 0, LEAN if italic else 0, 1, x, self.y)
        self.canvas.setFont(font, size)
        self.canvas.drawString(0, 0, text)
        self.canvas.restoreState()

    def stamp(self, text: str, x: float, width: float, font: str, size: float) -> None:
        """Text in the appearance of a signature field, as the stamping of an outgoing number leaves it."""
        self.stamps += 1
        name, canvas, height = f"stamp{self.stamps}", self.canvas, size * 1.3
        canvas.beginForm(name, 0, 0, width, height)
        canvas.setFont(font, size)
        canvas.drawString(0, size * 0.3, text)
        canvas.endForm()
        bottom = self.y - size * 0.3
        appearance = PDFObjectReference(canvas._doc.getXObjectName(name))
        canvas._addAnnotation(
            PDFDictionary(
                {
                    "Type": PDFName("Annot"),
                    "Subtype": PDFName("Widget"),
                    "FT": PDFName("Sig"),
                    "T": PDFString(f"Signature{self.stamps}"),
                    "F": 4,
                    "Rect": PDFArray([x, bottom, x + width, bottom + height]),
                    "AP": PDFDictionary({"N": appearance}),
                }
            )
        )

    def column(self, lines: list[tuple[str, str]], centre: float, leading: float = 16.0) -> float:
        """Centred lines (text, font) from the present height down; gives the height reached, stays where it was."""
        top = self.y
        for text, font in lines:
            self.line(text, centre, font, 12.5, centred=True)
            self.y -= leading
        reached, self.y = self.y, top
        return reached

    def rule(self, centre: float, y: float, width: float) -> None:
        """A thin line, as it stands below the issuer, the motto and a title."""
        self.canvas.setLineWidth(0.6)
        self.canvas.line(centre - width / 2, y, centre + width / 2, y)

    def letterhead(self, source: Source) -> None:
        """Both columns of the head, then the title (boxes 1 to 5 of the decree's sketch)."""
        party = is_party(source)
        issuer = [(text, REGULAR) for text in source.get("parent", [])] + [(text, BOLD) for text in source["issuer"]]
        left = self.column(issuer + [("*", REGULAR)] * party, LEFT_CENTRE)
        motto = (PARTY,) if party else MOTTO
        right = self.column([(text, BOLD) for text in motto], RIGHT_CENTRE)
        if not party:
            self.rule(LEFT_CENTRE, left + 9, 60)
        self.rule(RIGHT_CENTRE, right + 9, pdfmetrics.stringWidth(motto[-1], BOLD, 12.5))
        self.y = min(left, right) - (0 if party else 10)
        self.line(source["number"], LEFT_CENTRE, centred=True)
        self.line(source["place_date"], RIGHT_CENTRE, centred=True, italic=True)
        self.y -= 20
        self.y = self.column([(text, REGULAR) for text in source.get("about", [])], LEFT_CENTRE) - 10
        if title := source.get("title"):
            centre = (LEFT + RIGHT) / 2
            self.y = self.column([(text, BOLD) for text in title], centre, 20)
            self.rule(centre, self.y + 12, 110)
            self.y -= 12

    def addressees(self, entries: list[str]) -> None:
        """Kính gửi, one body a line."""
        if not entries:
            return
        self.y -= 6
        self.line("Kính gửi:", 180)
        for entry in entries:
            self.y -= LEADING
            self.line(f"- {entry}", 195)
        self.y -= LEADING + 8

    def centred(self, text: str) -> None:
        """A line in bold in the middle, as it stands before the articles of a decision."""
        self.break_page(LEADING)
        self.line(text, (LEFT + RIGHT) / 2, BOLD, centred=True)
        self.y -= LEADING + 5

    def paragraph(self, text: str, font: str) -> None:
        """A wrapped paragraph with its first line set in, even on both sides."""
        lines = wrapped(text, font, SIZE, RIGHT - LEFT, 28)
        for n, line in enumerate(lines):
            self.break_page(LEADING)
            self.even_line(line, LEFT if n else LEFT + 28, font, is_last=n == len(lines) - 1)
            self.y -= LEADING
        self.y -= 5

    def even_line(self, text: str, x: float, font: str, is_last: bool) -> None:
        """One line that reaches the right margin, unless it is a paragraph's last."""
        words = text.split(" ")
        room = RIGHT - x - pdfmetrics.stringWidth(text, font, SIZE)
        gap = 0.0 if is_last else room / max(1, len(words) - 1)
        for word in words:
            self.line(f"{word} ", x, font)
            x += pdfmetrics.stringWidth(f"{word} ", font, SIZE) + gap

    def break_page(self, room: float) -> None:
        """A new page, its number in the middle of the top margin, where the room does not suffice."""
        if self.y - room >= BOTTOM:
            return
        self.canvas.showPage()
        self.y = TOP + 25
        self.line(str(self.canvas.getPageNumber()), (LEFT + RIGHT) / 2, centred=True)
        self.y = TOP

    def end(self, source: Source) -> None:
        """Nơi nhận on the left, the signature on the right, level with each other."""
        self.break_page(160)
        self.y -= 10
        top = self.y
        # A Party paper underlines the words; a state paper has them in bold italics.
        party = is_party(source)
        self.line("Nơi nhận:", LEFT, REGULAR if party else BOLD, 12, italic=not party)
        if party:
            self.rule(LEFT + pdfmetrics.stringWidth("Nơi nhận", REGULAR, 12) / 2, self.y - 2, 50)
        for line in [part for entry in source["recipients"] for part in wrapped(f"- {entry}", REGULAR, 11, LIST_WIDTH)]:
            self.y -= 14
            self.line(line, LEFT, size=11)
        self.y = top
        self.y = self.column([(text, BOLD) for text in source["signature"]], RIGHT_CENTRE) - 60
        self.line(source["signer"], RIGHT_CENTRE, BOLD, centred=True)

    def appendix(self, appendix: Source) -> None:
        """Phụ lục: its title and a ruled table on landscape pages, the table's head again on each."""
        width, height = landscape(A4)
        self.canvas.setPageSize((width, height))
        self.y = height - 60
        for text in appendix["title"]:
            self.line(text, width / 2, BOLD, centred=True)
            self.y -= 17
        self.line(appendix["note"], width / 2, REGULAR, 12, centred=True, italic=True)
        ((_, rows),) = paragraphs(appendix["table"])
        grid = Grid(rows, appendix["widths"], lambda text, width: wrapped(text, REGULAR, 11, width))
        parts = grid.pages(first=self.y - 15 - 50, later=height - 60 - 50)
        for n, part in enumerate(parts):
            if n:
                self.canvas.showPage()
            self.grid(grid, part, top=height - 60 if n else self.y - 15)
        self.canvas.showPage()

    def grid(self, grid: Grid, part: range, top: float) -> None:
        """The head and some rows of a table, its lines and its texts in the middle of their cells."""
        left = (self.canvas._pagesize[0] - sum(grid.widths)) / 2
        self.canvas.setLineWidth(0.7)
        for box in grid.boxes(part):
            self.canvas.rect(left + box.x, top - box.bottom, box.width, box.bottom - box.top)
            self.y = top - (box.top + box.bottom) / 2 + len(box.lines) * grid.leading / 2 + 3
            for text in box.lines:
                self.y -= grid.leading
                font = BOLD if box.is_head else REGULAR
                at = left + box.x + (box.width / 2 if box.centred else grid.pad)
                self.line(text, at, font, 11, centred=box.centred)


def wrapped(text: str, font: str, size: float, width: float, first: float = 0.0) -> list[str]:
    """The lines of a text in a column of some width; the first one is `first` shorter."""
    lines: list[str] = []
    words = text.split(" ")
    while words:
        n = len(words)
        while n > 1 and pdfmetrics.stringWidth(" ".join(words[:n]), font, size) > width - (0 if lines else first):
            n -= 1
        lines.append(" ".join(words[:n]))
        words = words[n:]
    return lines
