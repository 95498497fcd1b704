"""A sample as a scan: the paper printed, signed and stamped, then seen through a scanner that is not quite clean.

Chance comes from a seeded generator: the same source gives the same picture, as far as the drawing libraries agree.
"""

from __future__ import annotations

import io
import random
import time
from dataclasses import dataclass, field

import cv2
import numpy as np
import pypdfium2
from numpy.typing import NDArray
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from making import ink
from making.pdf import LEFT_CENTRE, RIGHT_CENTRE, Paper, register_fonts
from making.sources import Source

DPI = 200
Picture = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on a page (from 0) that something is put on by hand: "number", "signature" or "stamp"."""

    kind: str
    page: int
    x: float
    y: float
    width: float = 0.0
    text: str = ""


@dataclass
class Printed(Paper):
    """A paper as it leaves the printer: what stands in braces is a gap, to be filled in by hand."""

    canvas: Canvas
    spots: list[Spot] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(self.canvas)

    def stamp(self, text: str, x: float, width: float, font: str, size: float) -> None:
        """A gap instead of a signature's widget."""
        self.spot("number", x, width, text)

    def spot(self, kind: str, x: float, width: float = 0.0, text: str = "") -> None:
        """Remember the present height of this page."""
        self.spots.append(Spot(kind, self.canvas.getPageNumber() - 1, x, self.y, width, text))

    def letterhead(self, source: Source) -> None:
        """The head; the stamps belong under its left column, in a space that is left for them."""
        super().letterhead(source)
        if "urgency" in source or "secrecy" in source:
            self.y -= 22
            self.spot("stamp", LEFT_CENTRE - 34)

    def end(self, source: Source) -> None:
        """The end; signature and seal belong above the signer's name."""
        super().end(source)
        self.spot("signature", RIGHT_CENTRE)


def make_scanned_pdf(source: Source) -> bytes:
    """The scan as a PDF of JPEG pictures, in colour."""
    first, *others = [Image.fromarray(page) for page in pictures(source)]
    out, day = io.BytesIO(), time.struct_time((*source["dated"].timetuple()[:3], 8, 0, 0, 0, 1, 0))
    dates = {"creationDate": day, "modDate": day}
    first.save(out, "PDF", save_all=True, append_images=others, resolution=DPI, quality=32, **dates)
    return out.getvalue()


def make_tiff(source: Source) -> bytes:
    """The scan as a TIFF of several pages in black and white, as fax and copying machines make it."""
    pages = [cv2.cvtColor(page, cv2.COLOR_RGB2GRAY) for page in pictures(source)]
    first, *others = [Image.fromarray(page > 165) for page in pages]
    out = io.BytesIO()
    first.save(out, "TIFF", save_all=True, append_images=others, compression="group4", dpi=(DPI, DPI))
    return out.getvalue()


def pictures(source: Source) -> list[Picture]:
    """The pages as RGB pictures of 200 dpi; `scan` in the source says how each lies on the glass."""
    printed, spots = _printed(source)
    inked = _inked(source, spots, len(printed))
    chance = np.random.default_rng(source["scan"]["seed"])
    turns = source["scan"].get("turned", [0] * len(printed))
    pages = zip(printed, inked, source["scan"]["skew"], turns, strict=True)
    return [_scanned(_pressed(paper, over, chance), skew, turn, chance) for paper, over, skew, turn in pages]


def _printed(source: Source) -> tuple[list[Picture], list[Spot]]:
    register_fonts()
    out = io.BytesIO()
    paper = Printed(Canvas(out, pagesize=A4, invariant=1))
    paper.write(source)
    paper.canvas.save()
    return _rendered(out.getvalue()), paper.spots


def _inked(source: Source, spots: list[Spot], pages: int) -> list[Picture | None]:
    """What is put on each page by hand, on white; None for pages without any."""
    hand = random.Random(source["scan"]["seed"])
    out, inked = io.BytesIO(), {spot.page for spot in spots}
    canvas = Canvas(out, pagesize=A4, invariant=1)
    for page in range(pages):
        for spot in (spot for spot in spots if spot.page == page):
            _put(canvas, spot, source, hand)
        canvas.showPage()
    canvas.save()
    return [picture if n in inked else None for n, picture in enumerate(_rendered(out.getvalue()))]


def _put(canvas: Canvas, spot: Spot, source: Source, hand: random.Random) -> None:
    if spot.kind == "number":
        ink.number_by_hand(canvas, spot.text, spot.x, spot.y, spot.width, hand)
    elif spot.kind == "signature":
        ink.signature(canvas, spot.x + 8, spot.y + 36, hand)
        words = source["seal"]
        ink.seal(canvas, words["ring"], words["inside"], spot.x - 48, spot.y + 42, hand.uniform(-9, 9))
    else:
        if word := source.get("urgency"):
            ink.arrow_stamp(canvas, word, spot.x, spot.y + 12, 7)
        if word := source.get("secrecy"):
            ink.boxed_stamp(canvas, word, spot.x, spot.y + 8, 4)


def _rendered(pdf: bytes) -> list[Picture]:
    return [np.asarray(page.render(scale=DPI / 72).to_pil().convert("RGB")) for page in pypdfium2.PdfDocument(pdf)]


def _pressed(paper: Picture, over: Picture | None, chance: np.random.Generator) -> Picture:
    """Ink over print: where a stamp was pressed unevenly the ink is thin, and print shows through all of it."""
    if over is None:
        return paper
    rough = cv2.GaussianBlur(chance.random(over.shape[:2]).astype(np.float32), (0, 0), 2.2)
    cover = np.clip((rough - 0.38) * 9, 0.35, 1)[..., None]
    return (paper * (1 - (1 - over / 255) * cover)).astype(np.uint8)


def _scanned(page: Picture, skew: float, turn: int, chance: np.random.Generator) -> Picture:
    """The page turned by quarters (degrees anticlockwise) and a little askew, unsharp, shaded and speckled."""
    page = np.ascontiguousarray(np.rot90(page, turn // 90))
    height, width = page.shape[:2]
    turned = cv2.getRotationMatrix2D((width / 2, height / 2), skew, 1)
    page = cv2.warpAffine(page, turned, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255))
    light = 1 - 0.10 * np.exp(-np.arange(width) / 45)[None, :, None]  # the shadow along the bound edge
    seen = cv2.GaussianBlur(page, (0, 0), 0.75).astype(np.float32) * light * 0.98
    seen += chance.normal(0, 3.5, (height, width, 1))
    return _specks(np.clip(seen, 0, 255).astype(np.uint8), chance)


def _specks(page: Picture, chance: np.random.Generator) -> Picture:
    """Dust: a few dark dots anywhere, more of them in the upper left corner, where papers are stapled."""
    height, width = page.shape[:2]
    spread = [(chance.integers(width), chance.integers(height)) for _ in range(22)]
    corner = [(chance.integers(60, 200), chance.integers(60, 200)) for _ in range(8)]
    for x, y in spread + corner:
        cv2.circle(page, (int(x), int(y)), int(chance.integers(1, 3)), (70, 70, 75), -1, cv2.LINE_AA)
    return page
